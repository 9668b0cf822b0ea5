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
from typing import Any, Final

from annotator.annotated import Annotated
from annotator.editing.correcting import Carrying
from annotator.errors import UserError
from annotator.exchange.bundling import tally_of
from annotator.formats import bundle
from annotator.formats.bundle import Bundle, Manifest, Tally
from annotator.formats.contradictions import misplaced
from annotator.model import (
    Change,
    Comment,
    Edit,
    Entity,
    Layer,
    LayerKind,
    LayerState,
    Record,
    Relation,
    Span,
    edit,
    type_name,
)
from annotator.project import Project

TAKEN: Final = "take result"
"""Name of the action of an edit that takes a result in; its detail is the person's name."""

Key = tuple[str, str]
"""Type of a record and its id."""

Part = Span | Relation | Comment


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
    edits = _checked(project, found)
    return _Taking(project, found, edits).run(dry_run=dry_run)


# -------------------------------------------------------------------- what is refused as a whole


class _Refused(UserError):
    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} is refused: {reason} Nothing was taken in.")


def _checked(project: Project, found: Bundle) -> list[Edit]:
    """Return the edits of a result that can belong to *project*, and to one person alone."""
    manifest, path = found.manifest, found.path
    if manifest.kind != bundle.RESULT:
        raise _Refused(path, "it is a work order. Open it as a project of its own.")
    if manifest.project != project.id:
        raise _Refused(path, f"it belongs to another project, “{manifest.title}”.")
    if manifest.base > project.revision:
        raise _Refused(
            path,
            f"its work order shows state {manifest.base:,} of this project, which is here at "
            f"{project.revision:,}: this is an older copy.",
        )
    edits = found.edits()
    if len(edits) != manifest.edits or len({one.id for one in edits}) != len(edits):
        raise _Refused(path, "it does not hold the edits that it names.")
    last: dict[Key, Record | None] = {}
    for one in edits:
        if one.author != manifest.person:
            raise _Refused(path, f"it is the work of {manifest.person}, but {one.author} is in it.")
        for change in one.changes:
            key = (type_name(change.record), change.record.id)
            if last.setdefault(key, change.before) != change.before:
                raise _Refused(path, f"its edits contradict each other about {key[1]!r}.")
            last[key] = change.after
            for record in (change.before, change.after):
                _check_record(manifest, path, record)
    return edits


def _check_record(manifest: Manifest, path: Path, record: Record | None) -> None:
    """Raise _Refused for a record that the result of one person cannot be about."""
    if record is None or isinstance(record, Entity):
        return
    if not isinstance(record, Layer | Span | Relation | Comment):
        raise _Refused(path, f"it changes what is not the person’s own ({type_name(record)}).")
    if record.article_id not in manifest.articles:
        raise _Refused(
            path, f"it is about an article that it does not name, {record.article_id!r}."
        )
    match record:
        case Layer():
            if (record.author, record.kind) != (manifest.person, LayerKind.PERSON):
                raise _Refused(path, f"it holds labels of {record.author}, who is somebody else.")
            if record.state not in LayerState.ALL:
                raise _Refused(path, f"{record.state!r} is no state of an article.")
        case Comment() if record.author != manifest.person:
            raise _Refused(path, f"it holds remarks of {record.author}, who is somebody else.")
        case Relation() if (record.target is None) == (record.target_entity is None):
            raise _Refused(path, f"the relation {record.id!r} has no end, or two.")


# ---------------------------------------------------------------------------------- one by one


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
        while self._drop_loose_ends():
            pass
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
            raise _Refused(
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
        if isinstance(record, Layer):
            return replace(record, id=self._layers.get(record.article_id, record.id))
        if isinstance(record, Span | Relation | Comment):
            own = self._layers.get(record.article_id, record.layer_id)
            moved = replace(record, layer_id=own)
            return self._carried(moved) if isinstance(moved, Span) else moved
        return record

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

    # -- what refers to each other ------------------------------------------------------------

    def _drop_loose_ends(self) -> bool:
        """Leave out what would refer to nothing, and tell whether there was any."""
        dropped = []
        for key, way in self._accepted.items():
            record = way[-1].after
            reason = self._loose_end(record) if record is not None else self._held(key)
            if reason:
                dropped.append((key, reason))
        for key, reason in dropped:
            record = self._accepted.pop(key)[-1].record
            self._note(record, reason)
        return bool(dropped)

    def _loose_end(self, record: Record) -> str:
        """Return what is missing that *record* refers to."""
        match record:
            case Span():
                if self._then("layer", record.layer_id, record.article_id) is None:
                    return "The layer it belongs to is not here."
                if record.entity_id and self._then("entity", record.entity_id) is None:
                    return "Who or where is meant is not here."
            case Relation():
                if self._then("layer", record.layer_id, record.article_id) is None:
                    return "The layer it belongs to is not here."
                for end in filter(None, (record.source, record.target)):
                    span = self._then("span", end, record.article_id)
                    if not isinstance(span, Span) or span.layer_id != record.layer_id:
                        return "The label at one of its ends is not here."
                if record.target_entity and self._then("entity", record.target_entity) is None:
                    return "Who or where it leads to is not here."
            case Comment() if self._then("layer", record.layer_id, record.article_id) is None:
                return "The layer it belongs to is not here."
        return ""

    def _held(self, key: Key) -> str:
        """Return why a span cannot go: something that stays hangs on it."""
        kind, id_ = key
        record = self._accepted[key][0].before
        if kind == "layer" and isinstance(record, Layer):
            item = self._items[record.article_id]
            tables: Iterable[dict[str, Any]] = (item.spans, item.relations)
            inside = (part for table in tables for part in table.values())
            if any(self._stays(part) for part in inside if part.layer_id == id_):
                return "There are labels in it here."
        if kind == "entity" and record is not None:
            used: list[Span | Relation] = [*self._project.entity_spans(id_)]
            if any(self._stays(part) for part in (*used, *self._project.entity_relations(id_))):
                return "It is used here."
        if kind == "span" and isinstance(record, Span):
            ties = self._items[record.article_id].ties(id_)
            if any(self._stays(tie) for tie in ties):
                return "It is linked here meanwhile."
        return ""

    def _stays(self, record: Record) -> bool:
        return self._then(type_name(record), record.id, record.article_id) is not None

    def _then(self, kind: str, id_: str, article_id: str | None = None) -> Record | None:
        """Return the record that is going to be there under *id_*."""
        way = self._accepted.get((kind, id_))
        if way is not None:
            return way[-1].after
        if article_id is None:
            return self._entities.get(id_)
        tables = {"layer": "layers", "span": "spans", "relation": "relations"}
        found: Record | None = getattr(self._items[article_id], tables[kind]).get(id_)
        return found

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
                raise _Refused(self._found.path, "it does not say what its layers come to.")
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
                raise _Refused(
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
