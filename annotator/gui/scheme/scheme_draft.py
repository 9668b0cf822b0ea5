"""The scheme while it is being edited: what changes, what is called what by now, what is gone.

Labels and kinds of entities are told apart by tokens that stay, so that links and rules follow a
name while it is being typed, and so that what is renamed is known in the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from annotator.editing import Renames
from annotator.review.verdicts import reasons
from annotator.scheme import EntityKind, Guideline, Label, RelationLabel, Scheme

Item = Scheme | Label | RelationLabel | EntityKind | Guideline
HEAD = "scheme"
"""Token of the scheme's own title and description."""


@dataclass(slots=True)
class Entry:
    """One thing in the scheme; it names labels and kinds by their tokens."""

    token: str
    section: str
    item: Item
    origin: str | None = None
    """Its name in the project's scheme; None for what is new."""
    attributes: tuple[str | None, ...] = ()
    """The names of its attributes in the project's scheme, in their present order; of the scheme
    as a whole, those of its reasons to reject."""


@dataclass(slots=True)
class SchemeDraft:
    """A scheme in work, beginning as *base*, the scheme of the project."""

    base: Scheme
    head: Entry = field(init=False)
    entries: dict[str, Entry] = field(init=False)
    """In order within their sections, by token."""
    _made: int = 0

    def __post_init__(self) -> None:
        self.take(self.base)

    # -- beginning ---------------------------------------------------------------------------

    def take(self, scheme: Scheme) -> None:
        """Put *scheme* in the place of what there was; what has an old name is the old thing."""
        self.entries = {}
        known = reasons(self.base)
        origins = tuple(name if name in known else None for name in reasons(scheme))
        self.head = Entry(HEAD, HEAD, scheme, self.base.title, origins)
        kinds = {kind.name: self._add_old(kind).token for kind in scheme.entities}
        labels = {}
        for label in scheme.labels:
            entity = None if label.entity is None else kinds.get(label.entity)
            labels[label.name] = self._add_old(replace(label, entity=entity), label.name).token
        for relation in scheme.relations:
            tied = replace(
                relation,
                source=labels[relation.source],
                targets=tuple(labels[name] for name in relation.targets),
                target_entity=kinds.get(relation.target_entity or ""),
            )
            self._add_old(tied)
        for rule in scheme.rules:
            about = tuple(labels[name] for name in rule.labels if name in labels)
            self._add(replace(rule, labels=about))

    def _add_old(self, item: Label | RelationLabel | EntityKind, name: str = "") -> Entry:
        entry = self._add(item)
        known = _old(self.base, item)
        if known is not None:
            entry.origin = known.name
        if isinstance(item, Label | EntityKind) and isinstance(known, Label | EntityKind):
            entry.attributes = tuple(
                None if known.attribute(attribute.name) is None else attribute.name
                for attribute in item.attributes
            )
        return entry

    def _add(self, item: Item) -> Entry:
        self._made += 1
        section = section_of(item)
        entry = Entry(f"{section}:{self._made}", section, item)
        if isinstance(item, Label | EntityKind):
            entry.attributes = (None,) * len(item.attributes)
        self.entries[entry.token] = entry
        return entry

    # -- reading -----------------------------------------------------------------------------

    def section(self, name: str) -> list[Entry]:
        """Return the entries of a section: ``label``, ``relation``, ``entity`` or ``rule``."""
        return [entry for entry in self.entries.values() if entry.section == name]

    def entry(self, token: str) -> Entry | None:
        """Return the entry with this token, or None where it is gone."""
        return self.head if token == HEAD else self.entries.get(token)

    def names(self, section: str) -> dict[str, str]:
        """Return the names of the labels or kinds there are, by token."""
        return {entry.token: name_of(entry.item) for entry in self.section(section)}

    def labels(self) -> list[tuple[str, Label]]:
        """Return the labels with their tokens, in order."""
        return [(entry.token, cast("Label", entry.item)) for entry in self.section("label")]

    @property
    def scheme(self) -> Scheme:
        """The scheme as it is by now, with names where the entries have tokens."""
        head = cast("Scheme", self.head.item)
        labels, kinds = self.names("label"), self.names("entity")
        return replace(
            head,
            version=self.base.version,
            labels=tuple(
                replace(label, entity=kinds.get(label.entity or "")) for _, label in self.labels()
            ),
            relations=tuple(
                _named_ends(cast("RelationLabel", entry.item), labels, kinds)
                for entry in self.section("relation")
            ),
            entities=tuple(cast("EntityKind", e.item) for e in self.section("entity")),
            rules=tuple(
                replace(rule, labels=tuple(labels[token] for token in rule.labels))
                for rule in (cast("Guideline", e.item) for e in self.section("rule"))
            ),
        )

    @property
    def changed(self) -> bool:
        """Whether anything differs from the scheme of the project."""
        return self.scheme != self.base or self.renames != Renames()

    @property
    def renames(self) -> Renames:
        """What the things of the project's scheme are called now; the empty name for none."""
        return Renames(
            labels=self._renamed("label", (item.name for item in self.base.labels)),
            relations=self._renamed("relation", (item.name for item in self.base.relations)),
            kinds=self._renamed("entity", (item.name for item in self.base.entities)),
            attributes=self._renamed_attributes("label"),
            kind_attributes=self._renamed_attributes("entity"),
        )

    @property
    def reworded(self) -> dict[str, str]:
        """What reasons of the project's scheme are called now, as far as that is another name."""
        now = zip(self.head.attributes, reasons(cast("Scheme", self.head.item)), strict=True)
        return {old: new for old, new in now if old is not None and old != new}

    def _renamed(self, section: str, old: Iterable[str]) -> dict[str, str]:
        now = {e.origin: name_of(e.item) for e in self.section(section) if e.origin is not None}
        return {name: now.get(name, "") for name in old if now.get(name, "") != name}

    def _renamed_attributes(self, section: str) -> dict[str, dict[str, str]]:
        found = {}
        for entry in self.section(section):
            item = cast("Label | EntityKind", entry.item)
            before = _old(self.base, item, entry.origin)
            if not isinstance(before, Label | EntityKind):
                continue
            pairs = zip(entry.attributes, item.attributes, strict=True)
            now = {origin: attribute.name for origin, attribute in pairs if origin is not None}
            names = {a.name: now.get(a.name, "") for a in before.attributes}
            turned = {old: new for old, new in names.items() if old != new}
            if turned:
                found[before.name] = turned
        return found

    # -- changing ----------------------------------------------------------------------------

    def put(self, token: str, item: Item, attributes: tuple[str | None, ...] = ()) -> None:
        """Put *item* in the place of what stood there; its attributes came from *attributes*."""
        entry = self.entry(token)
        assert entry is not None
        if isinstance(item, Label):
            self._follow_attributes(entry, item, attributes)
        entry.item, entry.attributes = item, attributes

    def _follow_attributes(
        self, entry: Entry, item: Label, attributes: tuple[str | None, ...]
    ) -> None:
        """Let links that are not needed for some values follow an attribute's new name."""
        old = cast("Label", entry.item)
        if attributes != entry.attributes or len(old.attributes) != len(item.attributes):
            return
        pairs = zip(old.attributes, item.attributes, strict=True)
        turned = {a.name: b.name for a, b in pairs if a.name != b.name}
        for other in self.section("relation"):
            relation = cast("RelationLabel", other.item)
            if turned and relation.source == entry.token and relation.unless:
                unless = {turned.get(key, key): kept for key, kept in relation.unless.items()}
                other.item = replace(relation, unless=unless)

    def add(self, section: str, after: str = "", name: str = "") -> str:
        """Add something new called *name* after the entry *after*; return its token."""
        entry = self._add(self._new(section, name))
        order = [other.token for other in self.section(section)]
        if after in order:
            order.remove(entry.token)
            order.insert(order.index(after) + 1, entry.token)
            self._reorder(order)
        return entry.token

    def _new(self, section: str, name: str) -> Item:
        match section:
            case "label":
                return Label(name=name, colour=self._free_colour())
            case "relation":
                first = self.section("label")[0].token
                return RelationLabel(name=name, source=first, targets=(first,))
            case "entity":
                return EntityKind(name=name)
        return Guideline(title=name, text="")

    def _free_colour(self) -> str:
        used = {label.colour for _, label in self.labels()}
        return next((name for name in COLOURS if name not in used), COLOURS[0])

    def move(self, token: str, by: int) -> bool:
        """Move an entry up (-1) or down (1) in its section; return whether there was room."""
        order = [other.token for other in self.section(self.entries[token].section)]
        at = order.index(token)
        if not 0 <= at + by < len(order):
            return False
        order[at], order[at + by] = order[at + by], order[at]
        self._reorder(order)
        return True

    def _reorder(self, order: list[str]) -> None:
        others = {key: entry for key, entry in self.entries.items() if key not in order}
        self.entries = others | {key: self.entries[key] for key in order}

    def remove(self, token: str) -> None:
        """Take an entry out, with the links that begin there or lead nowhere without it."""
        gone = self.entries.pop(token)
        for entry in list(self.entries.values()):
            item = entry.item
            if isinstance(item, Label) and item.entity == token:
                entry.item = replace(item, entity=None)
            elif isinstance(item, RelationLabel):
                self._loosen(entry, item, token)
            elif isinstance(item, Guideline) and gone.section == "label":
                about = tuple(label for label in item.labels if label != token)
                entry.item = replace(item, labels=about)

    def _loosen(self, entry: Entry, item: RelationLabel, token: str) -> None:
        targets = tuple(end for end in item.targets if end != token)
        kind = None if item.target_entity == token else item.target_entity
        leads_nowhere = not targets and kind is None and (item.targets or item.target_entity)
        if item.source == token or leads_nowhere:
            del self.entries[entry.token]
        else:
            entry.item = replace(item, targets=targets, target_entity=kind)


COLOURS = (
    "speaker",
    "location",
    "claim",
    "cue",
    "violet",
    "orange",
    "indigo",
    "red",
    "amber",
    "blue",
)
"""Colours of the palette in the order in which they are offered; the accent's own comes last."""


def section_of(item: Item) -> str:
    """Return the section that *item* stands in."""
    match item:
        case Label():
            return "label"
        case RelationLabel():
            return "relation"
        case EntityKind():
            return "entity"
        case Guideline():
            return "rule"
    return HEAD


def name_of(item: Item) -> str:
    """Return what *item* is called."""
    return item.title if isinstance(item, Scheme | Guideline) else item.name


def _old(
    base: Scheme, item: Label | RelationLabel | EntityKind, name: str | None = ""
) -> Label | RelationLabel | EntityKind | None:
    """Return what *item* was in *base*, by *name* or by its own name where that is empty."""
    if name is None:
        return None
    wanted = name or item.name
    match item:
        case Label():
            return base.label(wanted)
        case RelationLabel():
            return base.relation(wanted)
        case EntityKind():
            return base.entity_kind(wanted)


def _named_ends(
    item: RelationLabel, labels: Mapping[str, str], kinds: Mapping[str, str]
) -> RelationLabel:
    return replace(
        item,
        source=labels.get(item.source, ""),
        targets=tuple(labels[token] for token in item.targets if token in labels),
        target_entity=kinds.get(item.target_entity or ""),
    )
