"""Taking a result in: what a person did elsewhere comes into the project, or is listed.

Every record of a result comes with all states that it went through since the work order, and the
history of the project knows the states that earlier results of the person brought. Where these go
on from what the result has, it is an older one, and there is nothing to do. Where the result goes
on from them, the project holds the state between, and becomes as the result says. Where it holds
something else, somebody changed it here, which is listed and left as it is. So the same result
twice, an older one after a newer one, and the results of several people in any order come to the
same labels.

Where a text was corrected since, labels are carried over to it as the correction itself did.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Final

from annotator.annotated import Annotated
from annotator.editing.correcting import Carrying
from annotator.exchange.bundling import tally_of
from annotator.exchange.loose_ends import LooseEnds
from annotator.exchange.refusing import Key, Refused, checked
from annotator.formats import bundle
from annotator.formats.bundle import Bundle, Manifest, Tally
from annotator.formats.contradictions import misplaced
from annotator.model import (
    Change,
    Comment,
    Edit,
    Entity,
    Layer,
    Record,
    Relation,
    Span,
    edit,
    type_name,
)
from annotator.project import Project
from annotator.review.rounds import is_first

TAKEN: Final = "take result"
"""Name of the action of an edit that takes a result in; its detail is the person's name."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A change that was left out, because it does not fit what is here."""

    article: str
    """Title of the article; empty for an entity."""
    what: str
    """The record, in words."""
    reason: str


@dataclass(slots=True)
class Taken:
    """What came of a result, or would come of it."""

    manifest: Manifest
    conflicts: list[Conflict] = field(default_factory=list)
    made: Counter[str] = field(default_factory=Counter)
    """New records by type."""
    changed: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    known: int = 0
    """Records that are here as the result has them, or as a later result had them."""
    counts: dict[str, tuple[Tally, Tally]] = field(default_factory=dict)
    """What the person's layer comes to there and here, by article, where it is not the same."""
    saved: bool = False

    @property
    def changes(self) -> int:
        """How many records change."""
        return self.made.total() + self.changed.total() + self.removed.total()


def take(project: Project, path: Path, *, dry_run: bool = False) -> Taken:
    """Take the result at *path* in, as one edit.

    Raises UserError, with nothing changed, for a file that is no result of this project or that
    contradicts itself. With *dry_run* nothing is changed either way.
    """
    found = bundle.opened(path)
    edits = checked(project, found)
    return _Taking(project, found, edits).run(dry_run=dry_run)


@dataclass(frozen=True, slots=True)
class _Chain:
    """A record with all its states, the first as it was in the work order."""

    states: tuple[Record | None, ...]

    @property
    def record(self) -> Record:
        """Any of the states, to tell what it is about."""
        return next(state for state in reversed(self.states) if state is not None)

    def from_state(self, present: Record | None) -> list[Change] | None:
        """Return the changes that lead from *present* to the last state; None for a stranger.

        The longest way is taken: what was made and removed again is told to the log as well, for
        an older result that comes later.
        """
        if present not in self.states:
            return None
        return _steps(self.states[self.states.index(present) :])


def _steps(states: Sequence[Record | None]) -> list[Change]:
    return [Change(one, other) for one, other in pairwise(states) if one != other]


class _Taking:
    """One result on its way into a project."""

    def __init__(self, project: Project, found: Bundle, edits: list[Edit]) -> None:
        self._project = project
        self._found = found
        self._manifest = found.manifest
        self._edits = edits
        self._taken = Taken(found.manifest)
        self._scheme = project.scheme
        items = project.each_annotated(set(self._present(found.manifest.articles)))
        self._items = {item.article.id: item for item in items}
        self._entities = project.entities()
        self._carrying = {key: self._way(item) for key, item in self._items.items()}
        self._layers = self._own_layers()
        layers = (layer for item in self._items.values() for layer in item.layers.values())
        self._firsts = {layer.id for layer in layers if is_first(layer)}
        """What the person is to mark again: an older work order can still be about it."""
        self._earlier = self._states_taken()
        self._accepted: dict[Key, list[Change]] = {}
        self._taken_ids: set[Key] = set()
        self._lost: set[Key] = set()
        """Spans that have no place in a corrected text."""
        self._older: set[str] = set()
        """Articles of which a later result is here."""

    def run(self, *, dry_run: bool) -> Taken:
        """Decide about every record, and save what can be taken."""
        chains = self._chains()
        for kind in {key[0] for key in chains}:
            ids = [key[1] for key in chains if key[0] == kind]
            self._taken_ids |= {(kind, id_) for id_ in self._project.taken_ids(kind, ids)}
        for key, chain in chains.items():
            self._decide(key, chain)
        self._drop_loose_ends()
        self._count()
        order = [change for part in self._accepted.values() for change in part]
        made = edit(TAKEN, order, detail=self._manifest.person, article_id=self._only_article())
        self._compare(made)
        if order and not dry_run:
            self._project.perform(made)
            self._taken.saved = True
        return self._taken

    def _present(self, ids: Iterable[str]) -> set[str]:
        return self._project.taken_ids("article", ids)

    def _way(self, item: Annotated) -> list[Carrying]:
        """Return the way of labels to the text that is here: the corrections made since."""
        sent = self._manifest.articles[item.article.id]
        versions = [*item.article.former_texts, item.article.sha256]
        since = versions[versions.index(sent) :] if sent in versions else []
        texts = [text for key in since if (text := self._project.text(key)) is not None]
        if not since or len(texts) != len(since):
            raise Refused(
                self._found.path,
                f"“{item.article.title}” has another text here than the one it was sent with.",
            )
        return [Carrying(old, new) for old, new in pairwise(texts)]

    def _own_layers(self) -> dict[str, str]:
        """Return the ids of the person's layers here by article."""
        found = {}
        for key, item in self._items.items():
            layer = item.layer_of(self._manifest.person)
            if layer is not None:
                found[key] = layer.id
        return found

    def _states_taken(self) -> dict[Key, list[Record | None]]:
        """Return the states that earlier results of the person brought, in order, by record."""
        taken: set[int] = set()
        for saved in reversed(self._project.history(limit=None, action=TAKEN)):
            if saved.edit.detail != self._manifest.person:
                continue
            if saved.kind == "undo":
                taken.discard(saved.target or 0)
            else:
                taken.add(saved.target or saved.revision)
        found: dict[Key, list[Record | None]] = {}
        for revision in sorted(taken):
            for change in self._project.saved_edit(revision).edit.changes:
                states = found.setdefault((type_name(change.record), change.record.id), [])
                if not states or self._shape(states[-1]) != self._shape(change.before):
                    states[:] = [change.before]
                states.append(change.after)
        return found

    def _shape(self, record: Record | None) -> Record | None:
        """Return *record* as it is compared: where a text was corrected, places are not told."""
        if isinstance(record, Span) and self._carrying.get(record.article_id):
            return replace(record, fragments=(), text=(), unsure=False)
        return record

    def _chains(self) -> dict[Key, _Chain]:
        """Return the states of each record as they are here: its layer, and where its words are."""
        states: dict[Key, list[Record | None]] = {}
        for change in (change for one in self._edits for change in one.changes):
            before, after = self._here(change.before), self._here(change.after)
            record = after or before or change.record
            key = (type_name(record), record.id)
            states.setdefault(key, [before]).append(after)
        order = ("entity", "layer", "span", "relation", "comment")
        keys = sorted(states.keys() - self._lost, key=lambda key: (order.index(key[0]), key[1]))
        return {key: _Chain(tuple(states[key])) for key in keys if any(states[key])}

    def _here(self, record: Record | None) -> Record | None:
        """Return a record of the result with the ids and the places that it has here."""
        if self._is_of_first(record):
            return self._carried(record) if isinstance(record, Span) else record
        if isinstance(record, Layer):
            return replace(record, id=self._layers.get(record.article_id, record.id))
        if isinstance(record, Span | Relation | Comment):
            own = self._layers.get(record.article_id, record.layer_id)
            moved = replace(record, layer_id=own)
            return self._carried(moved) if isinstance(moved, Span) else moved
        return record

    def _is_of_first(self, record: Record | None) -> bool:
        """Say whether a record belongs to what the person marked first, and is to mark again."""
        key = record.id if isinstance(record, Layer) else getattr(record, "layer_id", None)
        return key in self._firsts

    def _carried(self, span: Span) -> Span | None:
        """Return *span* in the text that is here; None, with a note, where its words are gone."""
        now: Span | None = span
        for way in self._carrying.get(span.article_id, ()):
            now = None if now is None else way.span(now)
        if now is None:
            self._note(span, "Its words are gone in the corrected text.")
            self._lost.add(("span", span.id))
        return now

    def _decide(self, key: Key, chain: _Chain) -> None:
        record = chain.record
        article_id = record.article_id
        if article_id is not None and article_id not in self._items:
            self._note(record, "The article is not in this project any more.")
            return
        present = self._now(record)
        way = self._step_on(key, chain, present)
        if way == []:
            self._taken.known += 1
            return
        reason = self._objection(chain, present, way)
        if way is None or reason:
            self._note(record, reason)
        else:
            self._accepted[key] = way

    def _step_on(self, key: Key, chain: _Chain, present: Record | None) -> list[Change] | None:
        """Return the changes that bring *present* up to the result: none where it is there, or on.

        None where *present* is nothing that the result or an earlier one knows of.
        """
        states = chain.states
        earlier = self._earlier.get(key, [])
        known = [self._shape(state) for state in earlier]
        said = [self._shape(state) for state in states]
        if earlier and said == known[: len(said)]:
            if len(said) < len(known):
                self._older.add(chain.record.article_id or "")
            return []
        if earlier and known == said[: len(known)]:
            at = len(known) - 1
            if present == states[at]:
                return _steps(states[at:])
            return [] if present == states[-1] else None
        if present == states[-1] and (earlier or states.index(present) == len(states) - 1):
            return []
        return chain.from_state(present)

    def _objection(self, chain: _Chain, present: Record | None, way: list[Change] | None) -> str:
        """Return why a record cannot be taken over; empty where it can."""
        record, last = chain.record, chain.states[-1]
        key = (type_name(record), record.id)
        if self._is_of_first(record):
            return "It is marked a second time: the first round is kept as it is."
        if way is None and present is None:
            return "It was removed here."
        if way is None:
            return "It was changed here meanwhile."
        if isinstance(record, Entity) and last is None and chain.states[0] is not None:
            return "An entity is removed where all articles are, not by a result."
        if present is None and key in self._taken_ids:
            return "Something else has its id here."
        match last:
            case Span():
                if self._scheme.label(last.label) is None:
                    return f"The scheme here has no label {last.label}."
                text = self._items[last.article_id].article.text
                return next(misplaced(text, last), "")
            case Relation() if self._scheme.relation(last.label) is None:
                return f"The scheme here has no relation {last.label}."
            case Entity() if self._scheme.entity_kind(last.kind) is None:
                return f"The scheme here has no kind of entity {last.kind}."
        return ""

    def _now(self, record: Record) -> Record | None:
        """Return what the project holds of *record*."""
        if isinstance(record, Entity):
            return self._entities.get(record.id)
        return self._items[record.article_id or ""].get(record)

    def _drop_loose_ends(self) -> None:
        """Leave out what would refer to nothing, until all holds together."""
        ends = LooseEnds(self._project, self._items, self._entities, self._accepted)
        while found := ends.found():
            for key, reason in found:
                self._note(self._accepted.pop(key)[-1].record, reason)

    # -- the account --------------------------------------------------------------------------

    def _note(self, record: Record, reason: str) -> None:
        item = self._items.get(record.article_id or "")
        title = (record.article_id or "") if item is None else item.article.title
        conflict = Conflict(title, _in_words(record), reason)
        if conflict not in self._taken.conflicts:
            self._taken.conflicts.append(conflict)

    def _count(self) -> None:
        for (kind, _), way in self._accepted.items():
            if way[0].before == way[-1].after:
                self._taken.known += 1
            elif way[0].before is None:
                self._taken.made[kind] += 1
            elif way[-1].after is None:
                self._taken.removed[kind] += 1
            else:
                self._taken.changed[kind] += 1

    def _only_article(self) -> str | None:
        found = {c.record.article_id for way in self._accepted.values() for c in way}
        articles = found - {None}
        return next(iter(articles)) if len(articles) == 1 else None

    def _compare(self, made: Edit) -> None:
        """Compare what each layer comes to with what the result says that it came to there.

        Where the layer here was what the work order showed, and nothing was left out, it has to be
        the same to the letter. Raises UserError where it is not.
        """
        disputed = {conflict.article for conflict in self._taken.conflicts}
        changes: dict[str | None, list[Change]] = {}
        for change in made.changes:
            changes.setdefault(change.record.article_id, []).append(change)
        for key, item in self._items.items():
            stated = self._manifest.after.get(key)
            if stated is None:
                raise Refused(self._found.path, "it does not say what its layers come to.")
            before = self._here_tally(item)
            item.apply(edit("try", changes.get(key, ())))
            now = self._here_tally(item)
            if now == stated:
                continue
            untouched = before == self._manifest.before.get(key)
            older = key in self._older
            if (
                untouched
                and not older
                and item.article.title not in disputed
                and not self._carrying[key]
            ):
                raise Refused(
                    self._found.path,
                    f"the labels of {self._manifest.person} in “{item.article.title}” would not be "
                    "what they are there. Ask for a new result.",
                )
            if not older:
                self._taken.counts[key] = (stated, now)

    def _here_tally(self, item: Annotated) -> Tally:
        return tally_of(item, item.layer_of(self._manifest.person))


def _in_words(record: Record) -> str:
    match record:
        case Span():
            return f"{record.label} “{' … '.join(record.text)}”"
        case Relation():
            return f"the link {record.label}"
        case Layer():
            return f"how far the article is ({record.state})"
        case Comment():
            return f"the remark “{record.text}”"
        case Entity():
            return f"“{record.name}”"
    return type_name(record)
