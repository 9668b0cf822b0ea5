"""Labels, attributes and relations: a scheme is data, kept as TOML in the project.

A scheme says which labels there are, which attributes a span or an entity can carry, which
relations may tie spans to each other or to entities, and what must hold before an article can be
submitted. Guideline texts travel with it, so that they stand beside the span being marked.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from annotator.errors import UserError
from annotator.model import SCHEME_ID, SchemeVersion
from annotator.text import KINDS


class SchemeError(UserError):
    """A scheme that cannot be used; the message names the entry and the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A right or wrong way to apply a label, as the guideline shows it."""

    text: str
    """The sentence; the part to be marked stands in [square brackets]."""
    right: bool = True
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """A property of a span or an entity: one of ``values``, a truth value, or free text."""

    name: str
    kind: str = "choice"
    """``choice`` (closed list), ``boolean`` or ``text``."""
    values: tuple[str, ...] = ()
    default: str | bool | None = None
    """Holds where nothing is set; None means that a value has to be chosen, or may stay empty."""
    auto: str | None = None
    """Name of the rule that fills it (see :data:`AUTO_RULES`); a person may overrule it."""
    required: bool = False
    definition: str = ""
    guideline: str = ""

    def allows(self, value: object) -> bool:
        """Say whether *value* is one that this attribute can have."""
        if self.kind == "boolean":
            return isinstance(value, bool)
        return isinstance(value, str) and (self.kind == "text" or value in self.values)


NIL_REASON: Final = "nil_reason"
"""Name of the attribute that says why a span stays without an entity, on purpose."""

AUTO_RULES: Final = ("mention_form", "quotation_form", "source_status", "place_form")
"""Rules that fill attributes; ``editing`` implements them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A name for stretches of text: what it means, how it looks, what it may carry."""

    name: str
    key: str = ""
    """One character that marks with this label while the text has the focus."""
    colour: str = "grey"
    """Name of a palette colour of the themes, or ``#RRGGBB``."""
    definition: str = ""
    guideline: str = ""
    examples: tuple[Example, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    entity: str | None = None
    """Kind of entity that its spans can stand for."""
    max_fragments: int | None = None
    """1 for contiguous labels, None for any number."""
    may_cross: bool = True
    """Whether two spans of this label may overlap without one containing the other."""
    enabled: bool = True
    phrases: tuple[str, ...] = ()
    """Kinds of stretches that are proposed for it, of :data:`annotator.text.KINDS`."""

    def attribute(self, name: str) -> Attribute | None:
        """Return the attribute called *name*, or None."""
        return next((item for item in self.attributes if item.name == name), None)

    @property
    def numbered_attributes(self) -> tuple[Attribute, ...]:
        """The attributes in the order of their digit keys: those that a person fills first."""
        return tuple(sorted(self.attributes, key=lambda item: item.auto is not None))


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationLabel:
    """A kind of tie between spans, or from a span to an entity without words."""

    name: str
    source: str
    """Label of the spans that it begins at."""
    targets: tuple[str, ...] = ()
    """Labels of the spans that it may end at."""
    target_entity: str | None = None
    """Kind of entity that it may end at instead."""
    key: str = ""
    prompt: str = ""
    """Name of the slot in the inspector, such as ``Speaker``."""
    min: int = 0
    max: int | None = None
    """How many a source may have; None is any number."""
    target_min: int = 0
    """How many a target must have at least (a cue without a claim is idle)."""
    unless: Mapping[str, tuple[str, ...]] | None = None
    """``min`` does not hold where an attribute of the source has one of these values."""
    inside: bool = False
    """The source must lie inside the target, and there may be no circle."""
    definition: str = ""
    guideline: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityKind:
    """A kind of thing in the world: actors, places, groups of equal claims."""

    name: str
    title: str = ""
    """Plural for lists, such as ``People``."""
    attributes: tuple[Attribute, ...] = ()
    coordinates: bool = False
    nil_reasons: tuple[str, ...] = ()
    """Reasons for a span of this kind to stay without an entity, on purpose."""
    definition: str = ""

    def attribute(self, name: str) -> Attribute | None:
        """Return the attribute called *name*, or None."""
        return next((item for item in self.attributes if item.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """All that may be marked in a project, and its rules."""

    id: str
    """Stable name of the scheme, such as ``news-default``."""
    title: str
    version: int = 1
    description: str = ""
    labels: tuple[Label, ...] = ()
    relations: tuple[RelationLabel, ...] = ()
    entities: tuple[EntityKind, ...] = ()
    rules: tuple[Guideline, ...] = ()
    reasons: tuple[str, ...] = ()
    """Why a reviewer may reject a label, in the order of their digit keys; without any, the usual
    ones (see :mod:`annotator.review.verdicts`)."""

    @property
    def reference(self) -> str:
        """Id and version, ``news-default/1``, as it stands in exports."""
        return f"{self.id}/{self.version}"

    @property
    def active_labels(self) -> tuple[Label, ...]:
        """The labels that are switched on."""
        return tuple(label for label in self.labels if label.enabled)

    def label(self, name: str) -> Label | None:
        """Return the label called *name*, or None."""
        return next((label for label in self.labels if label.name == name), None)

    def relation(self, name: str) -> RelationLabel | None:
        """Return the relation called *name*, or None."""
        return next((item for item in self.relations if item.name == name), None)

    def relations_from(self, label: str) -> tuple[RelationLabel, ...]:
        """Return the relations that spans with *label* may begin."""
        return tuple(item for item in self.relations if item.source == label)

    def attributes_of(self, label: Label) -> tuple[Attribute, ...]:
        """Return the attributes of the spans of *label*: its own, and why there is no entity."""
        kind = None if label.entity is None else self.entity_kind(label.entity)
        if kind is None or not kind.nil_reasons or label.attribute(NIL_REASON) is not None:
            return label.attributes
        return (*label.attributes, Attribute(name=NIL_REASON, values=kind.nil_reasons))

    def attribute(self, label: Label, name: str) -> Attribute | None:
        """Return the attribute called *name* that the spans of *label* can have, or None."""
        return next((item for item in self.attributes_of(label) if item.name == name), None)

    def entity_kind(self, name: str) -> EntityKind | None:
        """Return the kind of entity called *name*, or None."""
        return next((kind for kind in self.entities if kind.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guideline:
    """A rule for an edge case, shown beside the labels it is about."""

    title: str
    text: str
    labels: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()


def from_toml(source: str) -> Scheme:
    """Read a scheme. Raises SchemeError that names the entry and says what is wrong with it."""
    try:
        data = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise SchemeError(f"The scheme is not valid TOML: {error}.") from error
    scheme = Scheme(
        **_known(Scheme, data, "the scheme", skip=("labels", "relations", "entities", "rules")),
        labels=tuple(_label(item) for item in _tables(data, "labels")),
        relations=tuple(_relation(item) for item in _tables(data, "relations")),
        entities=tuple(_entity_kind(item) for item in _tables(data, "entities")),
        rules=tuple(_guideline(item) for item in _tables(data, "rules")),
    )
    problems = inconsistencies(scheme)
    if problems:
        raise SchemeError("The scheme contradicts itself: " + " ".join(problems))
    return scheme


def to_toml(scheme: Scheme) -> str:
    """Write *scheme* so that :func:`from_toml` reads an equal one; defaults are left out."""
    import tomli_w

    plain = _plain(scheme)
    # Readers may turn CR LF into LF in a text of several lines, but not where they are escaped.
    return tomli_w.dumps(plain, multiline_strings=not _holds_returns(plain))


def _holds_returns(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_holds_returns(item) for item in value.values())
    if isinstance(value, list):
        return any(_holds_returns(item) for item in value)
    return isinstance(value, str) and "\r" in value


def to_record(scheme: Scheme) -> SchemeVersion:
    """Return the record under which a project keeps *scheme*."""
    return SchemeVersion(id=SCHEME_ID, number=scheme.version, toml=to_toml(scheme))


def from_record(record: SchemeVersion) -> Scheme:
    """Return the scheme that a project keeps as *record*."""
    return from_toml(record.toml)


def next_version(scheme: Scheme) -> Scheme:
    """Return *scheme* as the version after it, for an edit of the scheme."""
    return replace(scheme, version=scheme.version + 1)


def inconsistencies(scheme: Scheme) -> list[str]:
    """Return sentences that say where *scheme* contradicts itself; none for a usable scheme."""
    found: list[str] = []
    names = [label.name for label in scheme.labels]
    keys = [item.key.lower() for item in scheme.active_labels if item.key]
    kinds = {kind.name for kind in scheme.entities}
    found += [f"Two labels are called {name!r}." for name in _twice(names)]
    found += [f"Two labels share the key {key!r}." for key in _twice(keys)]
    found += [
        f"Two relations are called {name!r}." for name in _twice([r.name for r in scheme.relations])
    ]
    for label in scheme.labels:
        if not label.name.strip():
            found.append("A label has no name.")
        if label.entity is not None and label.entity not in kinds:
            found.append(f"Label {label.name!r} stands for {label.entity!r}, which is not defined.")
        found += [
            f"Label {label.name!r} asks for the unknown kind of phrase {kind!r}."
            for kind in label.phrases
            if kind not in KINDS
        ]
        found += [f"Label {label.name!r}: {text}" for text in _attribute_faults(label.attributes)]
    for kind in scheme.entities:
        found += [f"Entity {kind.name!r}: {text}" for text in _attribute_faults(kind.attributes)]
    for relation in scheme.relations:
        ends = (relation.source, *relation.targets)
        found += [
            f"Relation {relation.name!r} names the label {end!r}, which is not defined."
            for end in ends
            if end not in names
        ]
        if not relation.targets and relation.target_entity is None:
            found.append(f"Relation {relation.name!r} leads nowhere: it has no targets.")
        if relation.max is not None and relation.max < max(relation.min, 1):
            found.append(f"Relation {relation.name!r} has a smaller max than min.")
        if relation.target_entity is not None and relation.target_entity not in kinds:
            found.append(
                f"Relation {relation.name!r} names the entity {relation.target_entity!r}, "
                "which is not defined."
            )
    return found


def _attribute_faults(attributes: tuple[Attribute, ...]) -> list[str]:
    found = [f"two attributes are called {n!r}." for n in _twice([a.name for a in attributes])]
    for item in attributes:
        if item.kind not in ("choice", "boolean", "text"):
            found.append(f"attribute {item.name!r} has the unknown kind {item.kind!r}.")
        if item.kind == "choice" and not item.values:
            found.append(f"attribute {item.name!r} has no values to choose from.")
        if item.kind == "choice" and item.default not in (None, *item.values):
            found.append(f"attribute {item.name!r} has a default outside its values.")
        if item.auto is not None and item.auto not in AUTO_RULES:
            found.append(f"attribute {item.name!r} names the unknown rule {item.auto!r}.")
    return found


def _twice(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})


def _tables(data: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise SchemeError(f"{key!r} in the scheme must be a list of tables ([[{key}]]).")
    return value


def _known(
    cls: type, data: Mapping[str, Any], where: str, skip: tuple[str, ...] = ()
) -> dict[str, Any]:
    kinds = {spec.name: str(spec.type) for spec in fields(cls)}
    for key in data:
        if key not in kinds:
            raise SchemeError(f"Unknown entry {key!r} in {where}.")
    values = {key: value for key, value in data.items() if key not in skip}
    for key, value in values.items():
        if not _is_of_kind(value, kinds[key]):
            raise SchemeError(f"{key!r} in {where} cannot be {value!r}.")
    required = {s.name for s in fields(cls) if s.name in ("id", "title", "name", "source", "text")}
    for key in sorted(required - set(data)):
        if cls in (EntityKind,) and key == "title":
            continue
        raise SchemeError(f"There is no {key!r} in {where}.")
    return {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}


def _is_of_kind(value: object, kind: str) -> bool:
    """Say whether a value as TOML gives it is what a field of this type takes."""
    for part in kind.split(" | "):
        match part:
            case "str" | "None":
                fits = isinstance(value, str) and part == "str"
            case "bool":
                fits = isinstance(value, bool)
            case "int":
                fits = isinstance(value, int) and not isinstance(value, bool)
            case "tuple[str, ...]":
                fits = isinstance(value, list) and all(isinstance(item, str) for item in value)
            case _:
                fits = isinstance(value, dict) and all(
                    _is_of_kind(item, "tuple[str, ...]") for item in value.values()
                )
        if fits:
            return True
    return False


def _named(data: Mapping[str, Any], kind: str) -> str:
    return f"{kind} {data.get('name', data.get('title', '?'))!r}"


def _label(data: Mapping[str, Any]) -> Label:
    where = _named(data, "label")
    return Label(
        **_known(Label, data, where, skip=("attributes", "examples")),
        attributes=tuple(_attribute(item, where) for item in _tables(data, "attributes")),
        examples=tuple(_example(item, where) for item in _tables(data, "examples")),
    )


def _attribute(data: Mapping[str, Any], where: str) -> Attribute:
    return Attribute(**_known(Attribute, data, f"attribute {data.get('name', '?')!r} of {where}"))


def _example(data: Mapping[str, Any], where: str) -> Example:
    return Example(**_known(Example, data, f"an example of {where}"))


def _relation(data: Mapping[str, Any]) -> RelationLabel:
    values = _known(RelationLabel, data, _named(data, "relation"))
    unless = values.get("unless")
    if unless is not None:
        values["unless"] = {key: tuple(items) for key, items in unless.items()}
    return RelationLabel(**values)


def _entity_kind(data: Mapping[str, Any]) -> EntityKind:
    where = _named(data, "entity")
    return EntityKind(
        **_known(EntityKind, data, where, skip=("attributes",)),
        attributes=tuple(_attribute(item, where) for item in _tables(data, "attributes")),
    )


def _guideline(data: Mapping[str, Any]) -> Guideline:
    where = _named(data, "rule")
    return Guideline(
        **_known(Guideline, data, where, skip=("examples",)),
        examples=tuple(_example(item, where) for item in _tables(data, "examples")),
    )


def _plain(value: Any) -> Any:
    """Return dataclasses as dicts without the fields that hold their default."""
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if hasattr(value, "__dataclass_fields__"):
        return {
            spec.name: _plain(getattr(value, spec.name))
            for spec in fields(value)
            if getattr(value, spec.name) not in (None, spec.default)
        }
    return value
