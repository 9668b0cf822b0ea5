"""Taking articles with labels over into a project, whatever ids they come with.

A record keeps its id where that is free. Where it is not, it gets a new one and remembers under
:data:`~annotator.formats.jsonl.EXTERNAL_ID` what files call it, so that the same file again finds
it, and an export writes it as it came.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from annotator.annotated import Annotated
from annotator.editing import carried
from annotator.exchange.free_ids import FreeIds, same_id
from annotator.exchange.growth import Stranger, Strangers
from annotator.exchange.known_entities import KnownEntities
from annotator.exchange.parts import relayered, with_layers
from annotator.exchange.renaming import (
    Part,
    Translation,
    by_name,
    extra_like,
    name_of,
    named,
    with_name,
)
from annotator.formats.imported import ImportedArticle
from annotator.model import (
    Article,
    Change,
    Entity,
    Layer,
    LayerKind,
    LayerState,
    Record,
    Relation,
    Span,
    edit,
)
from annotator.project import Original, Project

_PARTS: Final = {
    "span": "spans",
    "relation": "relations",
    "comment": "comments",
    "verdict": "verdicts",
}
_TABLES: Final = {"layer": "layers", **_PARTS}


@dataclass(slots=True)
class Report:
    """What became of the files that were to be imported."""

    articles: list[str] = field(default_factory=list)
    """Ids of the articles that are new."""
    known: int = 0
    """Articles that were there already."""
    present: list[str] = field(default_factory=list, compare=False)
    """Their ids."""
    layers: int = 0
    spans: int = 0
    relations: int = 0
    entities: int = 0
    differing: list[str] = field(default_factory=list)
    """Sentences about what was there already with other contents, and was left as it is."""
    failed: list[str] = field(default_factory=list)
    """Sentences about what could not be taken in, with file, place and reason."""
    notes: list[str] = field(default_factory=list)
    added: list[Stranger] = field(default_factory=list)
    """What the scheme did not know, and knows from now on."""
    left_out: list[Stranger] = field(default_factory=list)
    """What the scheme does not know, and was not taken in."""

    @property
    def complete(self) -> bool:
        """Whether all was taken in, or was there already."""
        return not self.failed and not self.differing


class Adoption:
    """Collects the changes that bring articles with labels into a project."""

    def __init__(
        self, project: Project, report: Report, *, overwrite: bool, saving: bool = True
    ) -> None:
        self.changes: list[Change] = []
        self.originals: dict[str, Original] = {}
        """The files that new texts were read from, by SHA-256 of the text."""
        self.strangers = Strangers(project.scheme)
        """What the scheme does not know in the layers that were taken over."""
        self._project = project
        self._report = report
        self._overwrite = overwrite
        self._saving = saving
        self._ids = FreeIds(project)
        self._met: set[str] = set()
        """Articles of the project that articles of the file were found to be, or have made."""
        self._pending: dict[str, _Pending] = {}
        """Articles with what the import makes of them, by id, as far as the project has it not."""
        self._texts: dict[str, list[str]] = {}
        """Ids of the articles in :attr:`_pending`, by SHA-256 of the text."""
        self._filled: set[str] = set()
        """Layers that an earlier file of the import was found to be, or has made."""
        self._filling: set[str] = set()
        """The same for the file at hand."""
        self._called: dict[str, str] = {}
        """What documents of the import are called, by the articles of the project that they are."""
        self._lossless = self._last = self._documents = False
        self._former = project.former_texts()
        """Ids of the articles that were corrected, by SHA-256 of the texts that they had."""
        self._entities = KnownEntities(
            project.entities(), self._ids, report.differing, overwrite=overwrite
        )

    def begin_file(self, *, lossless: bool, last: bool = False, documents: bool = False) -> None:
        """Begin another file: its ids are its own, and its texts may be those of files before.

        What is not *lossless* says nothing by being silent about an article. Where files are
        *documents* their ids tell them apart: two of one import that are called differently are
        two articles though they have one text, and those of one name are readings of one.
        """
        self._lossless, self._last, self._documents = lossless, last, documents
        self._met.clear()
        self._filled |= self._filling
        self._filling.clear()
        self._entities.begin_file()

    def hand_over(self) -> tuple[list[Change], dict[str, Original]]:
        """Return what is to be saved now, with the originals of its texts, and forget it.

        Where it is really saved, the project is asked about it from then on; otherwise as much is
        kept as is needed to tell what the rest of the files would come to.
        """
        changes, originals = self.changes, self.originals
        self._count(changes)
        self.changes, self.originals = [], {}
        if self._saving and changes:
            self._ids.saved()
            self._pending.clear()
            self._texts.clear()
        return changes, originals

    def take_text(self, item: ImportedArticle) -> None:
        """Take over an article without labels, unless its text is here already."""
        sha256 = item.sha256
        here = self._texts.get(sha256) or self._former.get(sha256)
        if here is None and not self._ids.empty:
            here = self._project.articles_with_texts([sha256]).get(sha256)
        if here:
            self._report.known += 1
            self._report.present.append(here[0])
            return
        article = item.new_article()
        self.changes.append(Change(None, article))
        self.originals[sha256] = Original(item.original, item.encoding)
        self._remember(Annotated(article), ())

    def take(self, items: Sequence[Annotated]) -> None:
        """Take over articles with their labels: some at a time, for one look at the project."""
        here = self._present(items)
        taken = {
            kind: self._ids.taken(kind, [id_ for item in items for id_ in getattr(item, table)])
            for kind, table in _TABLES.items()
        }
        taken["article"] = self._ids.taken("article", [item.article.id for item in items])
        for item in items:
            self._take_article(item, here.get(item.article.id), taken)

    def _take_article(
        self, incoming: Annotated, present: Annotated | None, taken: Mapping[str, set[str]]
    ) -> None:
        if present is None:
            article = named(
                incoming.article, self._ids.numbered(incoming.article.id, taken["article"])
            )
            self._met.add(article.id)
            self._call(article.id, incoming.article.id)
            self.changes.append(Change(None, article))
            present = Annotated(article)
        else:
            self._report.known += 1
            self._report.present.append(present.article.id)
            if incoming.article.sha256 != present.article.sha256:
                incoming = self._brought_up(incoming, present.article)
            self._take_facts(incoming.article, present.article)
        entities = self._entities_of(incoming)
        first = len(self.changes)
        for layer in incoming.layers.values():
            self._take_layer(incoming, layer, present, entities, taken)
        self._remember(present, self.changes[first:])
        if entities:
            used = {span.entity_id for span in incoming.spans.values()}
            used |= {relation.target_entity for relation in incoming.relations.values()}
            self.changes += self._entities.made(
                entities[key] for key in incoming.entities.keys() - used
            )

    def _entities_of(self, incoming: Annotated) -> dict[str, str]:
        """Return the ids that the entities of an article have here, by those in the file."""
        found = {}
        for key, entity in incoming.entities.items():
            found[key], change = self._entities.find(entity)
            if change is not None:
                self.changes.append(change)
        return found

    def _brought_up(self, incoming: Annotated, present: Article) -> Annotated:
        """Return *incoming*, of another version of the text, as it is with the project's."""
        moved, lost = carried(incoming, present.text)
        for span in lost:
            author = incoming.layers[span.layer_id].author
            self._report.differing.append(
                f"“{' … '.join(span.text)}”, marked {span.label} by {author} in “{present.title}”, "
                "has no place in the project’s version of the text, and was left out."
            )
        # What the file says of title and zones is about the other version of the text.
        moved.article = replace(moved.article, title=present.title, zones=present.zones)
        return moved

    def _remember(self, present: Annotated, changes: Sequence[Change]) -> None:
        """Keep what an article is going to be, for later files about the same text."""
        article = present.article
        if self._last and self._lossless:
            return  # Here an article stands once in a file.
        if article.id not in self._pending:
            self._texts.setdefault(article.sha256, []).append(article.id)
            self._pending[article.id] = _Pending(present)
        self._pending[article.id].changes += changes

    def _count(self, changes: Iterable[Change]) -> None:
        """Add what is new to the report."""
        new = [change.after for change in changes if change.before is None]
        kinds = Counter(map(type, new))
        report = self._report
        report.articles += [record.id for record in new if isinstance(record, Article)]
        report.layers += kinds[Layer]
        report.spans += kinds[Span]
        report.relations += kinds[Relation]
        report.entities += kinds[Entity]

    def _present(self, items: Sequence[Annotated]) -> dict[str, Annotated]:
        """Return what the project has of *items*, known by id or by text, by the id in the file."""
        texts = {item.article.id: item.article.sha256 for item in items}
        versions = {item.article.id: item.article.former_texts for item in items}
        hashes = [*texts.values(), *(key for former in versions.values() for key in former)]
        same = {} if self._ids.empty else self._project.articles_with_texts(hashes)
        wanted: dict[str, str] = {}
        for id_, sha256 in texts.items():
            own = [*same.get(sha256, ()), *self._texts.get(sha256, ())]
            # Corrected here, or corrected where the file comes from: it is the same article.
            own = own or [*self._former.get(sha256, ())]
            own = own or [one for key in versions[id_] for one in same.get(key, ())]
            # Two articles of a file never become one, even where their texts are the same.
            others = [
                one
                for one in own
                if one not in self._met and one not in texts and not self._is_other(one, id_)
            ]
            free = [id_] if id_ in own else others[:1]
            for one in free:
                wanted[id_] = one
                self._call(one, id_)
            self._met.update(free)
        pending = self._pending
        there = {one: pending[one].now() for one in wanted.values() if one in pending}
        missing = set(wanted.values()) - there.keys()
        if missing:
            there |= {one.article.id: one for one in self._project.each_annotated(missing)}
        return {id_: there[own] for id_, own in wanted.items()}

    def _call(self, article_id: str, name: str) -> None:
        """Note what the document is called that an article of the project is."""
        if self._documents:
            self._called.setdefault(article_id, name)

    def _is_other(self, article_id: str, name: str) -> bool:
        """Tell whether an article is known to be a document of the import with another name."""
        return self._documents and self._called.get(article_id, name) != name

    def _take_facts(self, incoming: Article, present: Article) -> None:
        new = replace(incoming, id=present.id, extra=extra_like(present, incoming))
        if not self._lossless:
            new = _filled(new, present) if self._overwrite else present
        if new == present:
            return
        if self._overwrite:
            self.changes.append(Change(present, new))
        else:
            self._report.differing.append(
                f"What is known of “{present.title}” differs from the file (title, source, date, "
                "zones or the like); the project’s is kept."
            )

    def _take_layer(
        self,
        incoming: Annotated,
        layer: Layer,
        present: Annotated,
        entities: dict[str, str],
        taken: Mapping[str, set[str]],
    ) -> None:
        named = by_name(present.layers.values())
        names = _Names(present.article.id, incoming.article.id, entities, taken)
        same = named.get(name_of(layer))
        if same is not None and not self._lossless and same.author != layer.author:
            # Such a file does not say whose labels it has: it came in as somebody else's before.
            own_layer = replace(layer, id=f"{layer.id}@{layer.author}")
            incoming, layer = self._renamed(incoming, layer, own_layer, names), own_layer
        base, number = layer, 1
        while (own := named.get(name_of(layer))) is not None and own.id in self._filled:
            # Another file of this import about the same text has a layer of this name. Unless it
            # says the same, this is another reading, and goes by another name each time.
            if self._overwrite or not self._changes(
                incoming, layer, present, own, names, trial=True
            ):
                break
            number += 1
            author = f"{base.author or base.kind} {number}"
            other = replace(base, id=f"{base.id}~{number}", author=author)
            incoming, layer = self._renamed(incoming, layer, other, names), other
        made = self._changes(incoming, layer, present, own, names)
        if self._accept(present.article, layer, own, made) and made:
            self.strangers.notice(with_layers(incoming, [layer.id]))

    def _renamed(self, incoming: Annotated, old: Layer, new: Layer, names: _Names) -> Annotated:
        """Return *incoming* with the layer *new* for *old*; whether its id is free is asked now."""
        names.taken["layer"].update(self._ids.taken("layer", [new.id]))
        return relayered(incoming, old, new)

    def _changes(
        self,
        incoming: Annotated,
        layer: Layer,
        present: Annotated,
        own: Layer | None,
        names: _Names,
        *,
        trial: bool = False,
    ) -> list[Change]:
        """Return what makes the layer *own* of the project that of the file.

        On a *trial* no ids are set aside for it.
        """
        free = same_id if trial else self._ids.free
        layer_id = free("layer", layer.id, names.taken["layer"]) if own is None else own.id
        moved = replace(layer, id=layer_id, article_id=names.article)
        if not self._lossless:
            moved = _from_elsewhere(moved, own)
        changes = [_change(own, with_name(moved, layer))]
        ids: dict[str, dict[str, str]] = {}
        pairs: list[tuple[str, Part | None, Part | None]] = []
        for kind, table in _PARTS.items():
            here = [x for x in getattr(present, table).values() if x.layer_id == layer_id]
            known = by_name(here) if own is not None else {}
            ids[kind] = {}
            for part in getattr(incoming, table).values():
                if part.layer_id == layer.id:
                    same = known.pop(name_of(part), None)
                    id_ = free(kind, part.id, names.taken[kind]) if same is None else same.id
                    ids[kind][part.id] = id_
                    pairs.append((kind, part, same))
            pairs += [(kind, None, gone) for gone in known.values()]
        others = {**names.entities, names.stated: names.article, layer.id: layer_id}
        move = Translation(names.article, layer_id, ids, names.entities, others)
        for kind, new, old in pairs:
            changes.append(_change(old, None if new is None else move.of(kind, new)))
        if not trial:
            self._filling.add(layer_id)
        return [change for change in changes if change is not None]

    def _accept(
        self, article: Article, layer: Layer, own: Layer | None, changes: list[Change]
    ) -> bool:
        if own is not None and changes and not self._overwrite:
            self._report.differing.append(
                f"The labels of {layer.author or 'an import'} in “{article.title}” differ from the "
                "file; the project’s are kept."
            )
            return False
        used = [c.after.entity_id for c in changes if isinstance(c.after, Span)]
        used += [c.after.target_entity for c in changes if isinstance(c.after, Relation)]
        self.changes += self._entities.made({id_ for id_ in used if id_ is not None})
        self.changes += changes
        return True


@dataclass(slots=True)
class _Pending:
    """An article, and what the import changes in it: put together only where somebody asks."""

    present: Annotated
    changes: list[Change] = field(default_factory=list)

    def now(self) -> Annotated:
        """Return the article as it becomes."""
        if self.changes:
            self.present.apply(edit("import", self.changes))
            self.changes = []
        return self.present


@dataclass(frozen=True, slots=True)
class _Names:
    """What an article, its entities and the ids that are not free are called in the project."""

    article: str
    stated: str
    """What the file calls the article."""
    entities: Mapping[str, str]
    taken: Mapping[str, set[str]]


def _change(before: Record | None, after: Record | None) -> Change | None:
    return None if before == after else Change(before, after)


def _from_elsewhere(layer: Layer, own: Layer | None) -> Layer:
    """Return *layer* of another program's file with a status, of which such files know nothing.

    One that is here as *own* keeps what it has. What comes in was finished where it was made, so
    that it counts as handed in: agreement and review look at nothing else.
    """
    if own is not None:
        return replace(layer, state=own.state, unsure=own.unsure, note=layer.note or own.note)
    made = layer.kind in (LayerKind.PERSON, LayerKind.IMPORT)
    if made and layer.state == LayerState.IN_PROGRESS:
        return replace(layer, state=LayerState.SUBMITTED)
    return layer


def _filled(incoming: Article, present: Article) -> Article:
    """Return *incoming* with what *present* has where the file is silent."""
    return replace(
        present,
        title=incoming.title or present.title,
        language=incoming.language or present.language,
        source=incoming.source or present.source,
        url=incoming.url or present.url,
        published=incoming.published or present.published,
        zones=incoming.zones or present.zones,
        metadata={**present.metadata, **incoming.metadata},
    )
