"""What the history of a label, an article or a person is made of: edits, changes, the way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from annotator.editing.correcting import ACTION as CORRECTED
from annotator.editing.correcting import touched_by
from annotator.editing.restoring import (
    Restoring,
    Wanted,
    net_changes,
    of_article,
    of_label,
    of_records,
    restored,
)
from annotator.errors import UserError
from annotator.gui.insights.changes import MOST
from annotator.model import Article, Change, Comment, Edit, Entity, Record, Relation, Span, Verdict
from annotator.project import SavedEdit
from annotator.review.gold import sources
from annotator.review.verdicts import FOLLOWED
from annotator.translation import tr, tr_n

if TYPE_CHECKING:
    from annotator.project import Project
    from annotator.review.sight import Sight

PAGE = 200
"""Edits that are read at once; older ones come as somebody scrolls."""
MOST_READ = 2000
"""Changes of an edit that are read to find out whether it tells what somebody must not see yet."""


@dataclass(frozen=True, slots=True)
class About:
    """Whose history is shown: that of a label, an article, a person, or of everything."""

    article_id: str | None = None
    span_id: str | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What an edit changed, or what two points in time differ in."""

    changes: list[Change]
    spans: dict[str, Span]
    note: str = ""
    hidden: int = 0
    """How many changes are left out, for they tell what somebody is to decide again, unseen."""
    kept_back: bool = False
    """Whether some are left out that tell what others marked where one labels blind."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some edits of a history, newest first."""

    edits: list[SavedEdit]
    after: int | None
    """The revision that they come before; None where they are the newest."""
    rest: int | None
    """The revision before which older ones may be; None at the end."""
    hidden: frozenset[int] = frozenset()
    """Revisions of those that tell what somebody is to decide again, unseen."""
    masked: frozenset[int] = frozenset()
    """Revisions of those in several articles that tell what others marked unseen by who looks."""
    unsized: frozenset[int] = frozenset()
    """Revisions of those of which not even the size is told, for it counts what others marked."""
    kept_back: bool = False
    """Whether edits in one article were left out that tell so."""


def read_edits(
    project: Project, about: About, before: int | None, check: Callable[[], object]
) -> Part:
    """Return the edits of a history that come before a revision, or the newest ones.

    *check* is called now and then, and stops it where nobody waits for the answer any more.
    """
    found: list[SavedEdit] = []
    sight = project.sight
    kept_back = False
    rest = before
    wanted = None if about.span_id is None else _told_of(about.span_id)
    while True:
        read = project.history(PAGE, rest, about.article_id, None, about.author)
        for saved in read:
            if saved.edit.article_id in sight.kept and _tells_too_early(project, saved, sight):
                check()
                kept_back = True
                continue
            if wanted is None:
                found.append(saved)
                continue
            # It may take a while: a label is looked for in edit after edit.
            check()
            changes = project.saved_edit(saved.revision).edit.changes
            if any(wanted(one.record) for one in changes):
                found.append(saved)
        rest = read[-1].revision if len(read) == PAGE else None
        if rest is None or len(found) >= PAGE:
            hidden = _hidden(project, found, check)
            masked = _masked(project, found, sight, check)
            unsized = frozenset(
                one.revision
                for one in (found if sight.kept else ())
                if one.edit.author != sight.author and one.edit.article_id is None
            )
            return Part(found, before, rest, hidden, masked, unsized, kept_back)


def _tells_too_early(project: Project, saved: SavedEdit, sight: Sight) -> bool:
    """Say whether an edit of somebody else tells what others marked where one labels blind.

    An edit of one's own does where it tells what one marked first, and is to mark again.
    A correction of the text does not, although it moves their labels: its words are about the text.
    """
    own = saved.edit.author == sight.author
    if not (sight.firsts if own else sight.kept):
        return False
    if saved.size > MOST_READ:
        return saved.edit.action != "import"
    changes = project.saved_edit(saved.revision).edit.changes
    if any(isinstance(one.record, Article) for one in changes):
        return False
    hides = sight.hides_own if own else sight.hides
    return any(hides(one.record) for one in changes)


def _masked(
    project: Project, found: list[SavedEdit], sight: Sight, check: Callable[[], object]
) -> frozenset[int]:
    """Return the revisions of edits in several articles of which it is not said what they did."""
    revisions = []
    for saved in found if sight.kept else ():
        if saved.edit.article_id is None:
            check()
            if _tells_too_early(project, saved, sight):
                revisions.append(saved.revision)
    return frozenset(revisions)


def _hidden(
    project: Project, found: list[SavedEdit], check: Callable[[], object]
) -> frozenset[int]:
    """Return the revisions of decisions that somebody is to make again without seeing them."""
    records = project.reviewing.asked_again()
    revisions = []
    for saved in found if records else ():
        if saved.edit.action in _DECISIONS:
            check()
            changes = project.saved_edit(saved.revision).edit.changes
            if any(_tells(change, records) for change in changes):
                revisions.append(saved.revision)
    return frozenset(revisions)


_DECISIONS = ("take", "reject", "correct", "skip", "escalate", "reconsider", "attach")
"""Actions of decisions on single cases: the words and the size of their edits tell what it was."""


def _tells(change: Change, records: frozenset[str]) -> bool:
    """Say whether a change tells what was decided on one of *records*."""
    for record in (change.before, change.after):
        if isinstance(record, Verdict) and record.record_id in records:
            return True
        if isinstance(record, Span | Relation) and sources(record) & records:
            return True
    return False


def _goes_with(change: Change, gold: set[str]) -> bool:
    """Say whether a change is about a link that went with a label, and so tells of that."""
    record = change.record
    if isinstance(record, Relation):
        return record.source in gold or record.target in gold
    return isinstance(record, Verdict) and bool(record.extra.get(FOLLOWED))


def _wanted(about: About) -> Wanted:
    if about.span_id is not None:
        return of_label(about.span_id)
    if about.article_id is not None:
        return of_article(about.article_id)
    return lambda _record: True


def _told_of(span_id: str) -> Wanted:
    """Take a label with its links, what was decided on it, and what was said about it."""
    marked = of_label(span_id)
    return lambda record: (
        marked(record) or (isinstance(record, Verdict | Comment) and record.record_id == span_id)
    )


def _edits_between(project: Project, about: About, after: int, until: int | None) -> list[Edit]:
    """Return the edits after a revision up to another, oldest first, with their changes."""
    heads = project.history(None, None, about.article_id, None, about.author)
    revisions = [
        one.revision
        for one in heads
        if one.revision > after and (until is None or one.revision <= until)
    ]
    return [project.saved_edit(revision).edit for revision in reversed(revisions)]


def read_changes(project: Project, about: About, rows: list[SavedEdit]) -> Changes:
    """Return what the one edit of *rows* changed, or what lies between the two of them."""
    if len(rows) == 1:
        edit = project.saved_edit(rows[0].revision).edit
        wanted = _told_of(about.span_id) if about.span_id is not None else lambda _record: True
        return _shown(project, net_changes([edit], wanted), _touched_in_words(project, edit))
    older, newer = sorted(one.revision for one in rows)
    changes = net_changes(_edits_between(project, about, older, newer), _wanted(about))
    return _shown(project, changes)


def _shown(project: Project, changes: list[Change], note: str = "") -> Changes:
    """Return changes, but for those that tell what somebody is to decide again, unseen, or what
    others have marked where one labels blind.
    """
    records = project.reviewing.asked_again()
    sight = project.sight
    every, changes = changes, [one for one in changes if not sight.hides(one.record)]
    telling = [change for change in changes if records and _tells(change, records)]
    if telling:
        gold = {change.record.id for change in telling}
        telling += [one for one in changes if one not in telling and _goes_with(one, gold)]
    shown = [change for change in changes if change not in telling]
    kept_back = len(every) > len(changes)
    return Changes(shown, _spans(project, shown), note, len(changes) - len(shown), kept_back)


def _spans(project: Project, changes: list[Change]) -> dict[str, Span]:
    """Return the spans that are named in changes, those of their articles among them."""
    found: dict[str, Span] = {}
    articles = {one.record.article_id for one in changes[:MOST]} - {None}
    if len(articles) == 1:
        (article_id,) = articles
        assert article_id is not None
        if project.titles([article_id]):
            found.update(project.annotated(article_id).spans)
    found |= {one.record.id: one.record for one in changes if isinstance(one.record, Span)}
    return found


def _touched_in_words(project: Project, edit: Edit) -> str:
    """Say which labels a correction of the text touched."""
    if edit.action != CORRECTED or edit.article_id is None:
        return ""
    if not project.titles([edit.article_id]):
        return ""
    layers = project.annotated(edit.article_id).layers
    sight = project.sight
    touched = [
        one
        for one in touched_by(edit, {key: layer.author for key, layer in layers.items()})
        if not sight.hides(one.before)
    ]
    if not touched:
        return tr("The correction touched no label.")
    named = [
        tr(
            "{label} of {author}: “{words}”",
            label=one.before.label,
            author=one.author,
            words=" … ".join(one.before.text),
        )
        for one in touched
    ]
    counted = tr_n(
        len(touched), "The correction touched {n} label:", "The correction touched {n} labels:"
    )
    return f"{counted} {'; '.join(named)}"


def _is_other_text(change: Change) -> bool:
    before, after = change.before, change.after
    return isinstance(before, Article) and isinstance(after, Article) and before.text != after.text


def plan_restoring(project: Project, about: About, revision: int, detail: str) -> Restoring:
    """Return the edit that brings back the state after *revision*.

    What others have marked where one labels blind stays as it is. Raises UserError where the text
    was corrected there since: their labels would have to go back with it.
    """
    sight = project.sight
    everybody = About(article_id=about.article_id, span_id=about.span_id)
    edits = _edits_between(project, everybody, revision, None)
    wanted = _wanted(about)
    left = 0
    if about.author is not None:
        # What somebody else has changed since is theirs, and stays.
        others = {c.record.id for e in edits if e.author != about.author for c in e.changes}
        own = {c.record.id for e in edits if e.author == about.author for c in e.changes}
        wanted = of_records(own - others)
        left = len(own & others)
    changes = net_changes(edits, wanted)
    if any(_is_other_text(one) and one.record.id in sight.kept for one in changes):
        raise UserError(
            tr(
                "The text was corrected since then, and with it labels that you must not see yet. "
                "Hand in your own labels first, or correct the text by hand."
            )
        )
    changes = [one for one in changes if not sight.hides(one.record)]
    lost = {
        change.before.id: change.before
        for edit in (
            edits if about.article_id is None else _edits_between(project, About(), revision, None)
        )
        for change in edit.changes
        if isinstance(change.before, Entity)
    }
    here: dict[str, Record] = dict(project.entities())
    for article_id in {one.record.article_id for one in changes} - {None}:
        if article_id is not None and project.titles([article_id]):
            item = project.annotated(article_id)
            for table in (item.layers, item.spans, item.relations):
                here.update(table)
    found = restored(changes, here=here, lost=lost, detail=detail, article_id=about.article_id)
    return Restoring(found.edit, found.left + left)
