"""Work orders and results: what goes out of a project as a bundle.

A work order that was opened is a project of its own; its first edit says where it comes from (see
:class:`Origin`). The result holds what the person did in it since: the edits of their own layers
and of entities, with everything else left out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Self
from uuid import NAMESPACE_URL, uuid5

from annotator import scheme as schemes
from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.exchange.data_card import guideline
from annotator.exchange.drawing import refuse_missing
from annotator.exchange.parts import with_layers
from annotator.formats import bundle
from annotator.formats.bundle import Manifest, Tally
from annotator.model import (
    Article,
    Change,
    Comment,
    Edit,
    Entity,
    Layer,
    LayerKind,
    Record,
    Relation,
    Span,
    edit,
    type_name,
)
from annotator.project import Project, SavedEdit
from annotator.scheme import Scheme

BEGUN: Final = "work order"
"""Name of the action that begins the project of a work order."""

_ATTEMPTS: Final = 3


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the project of a work order comes from."""

    project: str
    title: str
    person: str
    base: int

    @classmethod
    def of(cls, project: Project) -> Self | None:
        """Return where *project* comes from; None where it is no work order."""
        first = project.history(limit=1, before=2)
        if not first or first[0].edit.action != BEGUN:
            return None
        stated = json.loads(first[0].edit.detail)
        return cls(stated["project"], stated["title"], stated["for"], stated["base"])

    @property
    def detail(self) -> str:
        """How the history keeps it."""
        stated = {
            "project": self.project,
            "title": self.title,
            "for": self.person,
            "base": self.base,
        }
        return json.dumps(stated, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Bundled:
    """What a bundle that was written holds."""

    manifest: Manifest
    left_out: dict[str, int]
    """Changes that a result does not carry, by type of record."""
    removed: tuple[str, ...] = ()
    """Titles of articles that were removed from the work order, so that nothing of them is said."""


# -------------------------------------------------------------------------------- the work order


def make_order(
    project: Project, target: Path, person: str, article_ids: Iterable[str] | None = None
) -> Bundled:
    """Write a work order for *person*: articles, the scheme, and nobody's labels but theirs.

    Raises UserError where there are no such articles, or where it cannot be written.
    """
    if not person.strip():
        raise UserError("A work order is for somebody: give the name of the person.")
    wanted = None if article_ids is None else list(article_ids)
    refuse_missing(project, wanted or ())
    for _ in range(_ATTEMPTS):
        base = project.revision
        lines, articles, before = _records(project, person, wanted)
        if project.revision == base:
            break
    else:
        raise UserError("The project is being changed all the time. Please try again.")
    if not articles:
        raise UserError("There are no articles to be sent.")
    manifest = Manifest(
        kind=bundle.ORDER,
        project=project.id,
        title=project.title,
        person=person,
        base=base,
        scheme=project.scheme.reference,
        articles=articles,
        before=before,
        after=before,
    )
    members = {
        bundle.SCHEME: [project.scheme_record.toml.encode("utf-8")],
        bundle.GUIDELINES: [_guidelines(project.scheme).encode("utf-8")],
        bundle.RECORDS: lines,
    }
    bundle.pack(target, manifest, members)
    return Bundled(manifest, {})


def _records(
    project: Project, person: str, wanted: list[str] | None
) -> tuple[list[bytes], dict[str, str], dict[str, Tally]]:
    entities = project.entities()
    lines = [bundle.record_line(entities[key]) for key in sorted(entities)]
    articles: dict[str, str] = {}
    before: dict[str, Tally] = {}
    for item in project.each_annotated(wanted):
        layer = item.layer_of(person)
        own = with_layers(item, [] if layer is None else [layer.id])
        articles[item.article.id] = item.article.sha256
        before[item.article.id] = tally_of(own, layer)
        lines += [bundle.record_line(one) for one in own.records() if not isinstance(one, Entity)]
    return lines, articles, before


def tally_of(item: Annotated, layer: Layer | None) -> Tally:
    """Return what *layer* comes to in an article."""
    if layer is None:
        return bundle.tally(None, ())
    tables = (item.spans, item.relations, item.comments)
    parts = (part for table in tables for part in table.values() if part.layer_id == layer.id)
    return bundle.tally(layer, parts)


def _guidelines(scheme: Scheme) -> str:
    lines = [f"# {scheme.title or scheme.id}", ""]
    if scheme.description:
        lines += [scheme.description, ""]
    for label in scheme.labels:
        if label.enabled:
            lines += guideline(label, {})
    return "\n".join(lines) + "\n"


def open_order(path: Path, location: Path | str) -> Project:
    """Make the project of the work order at *path*, and return it, open, in that person's name.

    Raises UserError where the file is none, or where something lies at *location* already.
    """
    found = bundle.opened(path)
    manifest = found.manifest
    if manifest.kind != bundle.ORDER:
        raise UserError(
            f"{path} is a result by {manifest.person}, not a work order. Take it in where the work "
            f"order came from: “{manifest.title}”."
        )
    items = bundle.annotateds(found)
    try:
        scheme = schemes.from_toml(found.members[bundle.SCHEME].decode("utf-8"))
    except UnicodeDecodeError as error:
        raise UserError(f"{path} is refused: its scheme is not UTF-8.") from error
    entities = {key: one for item in items for key, one in item.entities.items()}
    records: list[Record] = [*entities.values()]
    for item in items:
        records += [one for one in item.records() if not isinstance(one, Entity)]
    origin = Origin(manifest.project, manifest.title, manifest.person, manifest.base)
    begun = edit(BEGUN, [Change(None, record) for record in records], detail=origin.detail)
    title = f"{manifest.title} – {manifest.person}"
    project = Project.create(location, scheme, title=title, author=manifest.person)
    with ExitStack() as if_it_fails:
        if_it_fails.callback(project.close)
        # In nobody's name: it is not for the person to undo.
        project.perform(replace(begun, author=BEGUN))
        if_it_fails.pop_all()
    return project


# ------------------------------------------------------------------------------------ the result


def make_result(project: Project, target: Path) -> Bundled:
    """Write what was done in the project of a work order since it was opened.

    Raises UserError where *project* is no such project, or where a text was corrected in it.
    """
    origin = Origin.of(project)
    if origin is None:
        raise UserError(
            "This project was not opened from a work order, so there is nobody to send a result to."
        )
    first = project.saved_edit(1).edit
    result = _Result(origin, list(filter(None, (change.after for change in first.changes))))
    for saved in project.edits_since(1):
        result.add(saved)
    gone = result.check_articles()
    items = list(project.each_annotated(set(result.articles) - gone.keys()))
    after = {item.article.id: result.tally(item) for item in items}
    edits = result.edits(gone.keys())
    manifest = Manifest(
        kind=bundle.RESULT,
        project=origin.project,
        title=origin.title,
        person=origin.person,
        base=origin.base,
        scheme=project.scheme.reference,
        articles={key: one.sha256 for key, one in result.articles.items() if key not in gone},
        before={key: one for key, one in result.before.items() if key not in gone},
        after=after,
        edits=len(edits),
    )
    bundle.pack(target, manifest, {bundle.EVENTS: [bundle.edit_line(one) for one in edits]})
    return Bundled(manifest, dict(result.left_out), tuple(gone.values()))


class _Result:
    """Collects what the person did in their layers."""

    def __init__(self, origin: Origin, begun: Iterable[Record]) -> None:
        self.articles: dict[str, Article] = {}
        self.left_out: Counter[str] = Counter()
        self.before: dict[str, Tally] = {}
        self._origin = origin
        self._edits: list[Edit] = []
        self._texts: dict[str, Article | None] = {}
        """Articles that were changed, as they are now."""
        self._layers: dict[str, str] = {}
        """Ids of the person's layers, and what they are called in the result."""
        items: dict[str, Annotated] = {}
        for record in begun:
            match record:
                case Article():
                    self.articles[record.id] = record
                    items[record.id] = Annotated(record)
                case Layer():
                    self._layers[record.id] = record.id
                    items[record.article_id].layers[record.id] = record
                case Span():
                    items[record.article_id].spans[record.id] = record
                case Relation():
                    items[record.article_id].relations[record.id] = record
                case Comment():
                    items[record.article_id].comments[record.id] = record
        for key, item in items.items():
            self.before[key] = tally_of(item, next(iter(item.layers.values()), None))

    def add(self, saved: SavedEdit) -> None:
        """Take over what belongs to the person's work in a saved edit."""
        for change in saved.edit.changes:
            record = change.record
            if isinstance(record, Article) and record.id in self.articles:
                after = change.after
                self._texts[record.id] = after if isinstance(after, Article) else None
            if isinstance(record, Layer) and self._is_own(record):
                canonical = f"{self._origin.project}/{record.article_id}/{self._origin.person}"
                name = str(uuid5(NAMESPACE_URL, f"annotator:{canonical}"))
                self._layers.setdefault(record.id, name)
        kept = [change for change in saved.edit.changes if self._belongs(change.record)]
        if kept:
            moved = (Change(self._moved(one.before), self._moved(one.after)) for one in kept)
            made = replace(saved.edit, changes=tuple(moved), author=self._origin.person)
            # An undo that was saved has an id of its own; so has what is sent of it.
            self._edits.append(made)

    def _is_own(self, layer: Layer) -> bool:
        own = layer.author == self._origin.person and layer.kind == LayerKind.PERSON
        return own and layer.article_id in self.articles

    def _belongs(self, record: Record) -> bool:
        own = False
        match record:
            case Entity():
                own = True
            case Layer():
                own = record.id in self._layers
            case Span() | Relation():
                own = record.layer_id in self._layers
            case Comment():
                own = record.layer_id in self._layers and record.author == self._origin.person
        if not own:
            self.left_out[type_name(record)] += 1
        return own

    def _moved(self, record: Record | None) -> Record | None:
        """Return *record* in the layer that both copies of a work order would call the same."""
        match record:
            case Layer():
                return replace(record, id=self._layers[record.id])
            case Span() | Relation() | Comment():
                return replace(record, layer_id=self._layers[record.layer_id])
        return record

    def check_articles(self) -> dict[str, str]:
        """Return the titles of the articles that were removed, by id.

        Raises UserError where a text was corrected.
        """
        gone: dict[str, str] = {}
        for key, now in self._texts.items():
            sent = self.articles[key]
            if now is None:
                gone[key] = sent.title
            elif now.sha256 != sent.sha256:
                raise UserError(
                    f"The text of “{sent.title}” was corrected here. A result is about the texts "
                    "as they were sent: undo the correction, and tell the sender about the typo."
                )
        return gone

    def edits(self, gone: Iterable[str]) -> list[Edit]:
        """Return what was done, without what was done in articles that are gone."""
        away = set(gone)
        kept = []
        for one in self._edits:
            changes = tuple(c for c in one.changes if c.record.article_id not in away)
            if changes:
                kept.append(replace(one, changes=changes))
        return kept

    def tally(self, item: Annotated) -> Tally:
        """Return what the person's layer comes to now."""
        layer = item.layer_of(self._origin.person)
        if layer is None:
            return bundle.tally(None, ())
        tables: Iterator[Any] = iter((item.spans, item.relations, item.comments))
        own = (part for table in tables for part in table.values())
        parts = [part for part in own if part.layer_id == layer.id]
        moved = self._moved(layer)
        assert isinstance(moved, Layer)
        return bundle.tally(moved, (self._moved(part) for part in parts))  # type: ignore[misc]
