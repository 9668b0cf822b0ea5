"""The common analysis structure (CAS) of Apache UIMA, as far as texts with labels need it.

A CAS is a text with *feature structures*: typed records with named features, whose values are
strings, numbers, truth values, other structures, or several of one of these. A structure with
``begin`` and ``end`` is an annotation; offsets are UTF-16 units. XMI, JSON CAS and WebAnno TSV are
three ways of writing one down; what the structures mean to us is told in
:mod:`annotator.formats.uima_reading` and :mod:`annotator.formats.uima_writing`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

TOP: Final = "uima.cas.TOP"
ANNOTATION: Final = "uima.tcas.Annotation"
DOCUMENT_ANNOTATION: Final = "uima.tcas.DocumentAnnotation"
SOFA: Final = "uima.cas.Sofa"
INITIAL_VIEW: Final = "_InitialView"

STRING: Final = "uima.cas.String"
BOOLEAN: Final = "uima.cas.Boolean"
INTEGER: Final = "uima.cas.Integer"
LONG: Final = "uima.cas.Long"
DOUBLE: Final = "uima.cas.Double"
STRING_ARRAY: Final = "uima.cas.StringArray"
FS_ARRAY: Final = "uima.cas.FSArray"

_DKPRO: Final = "de.tudarmstadt.ukp.dkpro.core.api"
TOKEN: Final = f"{_DKPRO}.segmentation.type.Token"
SENTENCE: Final = f"{_DKPRO}.segmentation.type.Sentence"
DIV: Final = f"{_DKPRO}.segmentation.type.Div"
META_DATA: Final = f"{_DKPRO}.metadata.type.DocumentMetaData"
DEPENDENCY: Final = f"{_DKPRO}.syntax.type.dependency.Dependency"

BASIC_SPAN: Final = "custom.Span"
"""INCEpTION's layer for spans of any kind: its feature ``label`` says which."""
BASIC_RELATION: Final = "custom.Relation"
CUSTOM: Final = "webanno.custom."
"""Package of the layers that people make in INCEpTION."""
FRAGMENT: Final = "webanno.custom.Fragment"
"""Our layer for the second and later fragments of discontinuous spans."""
ARTICLE: Final = "annotator.Article"
LAYER: Final = "annotator.Layer"
ENTITY: Final = "annotator.Entity"
ENTITY_RELATION: Final = "annotator.EntityRelation"

NUMBERS: Final[Mapping[str, type[int] | type[float]]] = {
    "uima.cas.Byte": int,
    "uima.cas.Short": int,
    INTEGER: int,
    LONG: int,
    "uima.cas.Float": float,
    DOUBLE: float,
}
PRIMITIVES: Final = frozenset({STRING, BOOLEAN, *NUMBERS})
ARRAYS: Final[Mapping[str, str]] = {
    STRING_ARRAY: STRING,
    "uima.cas.BooleanArray": BOOLEAN,
    "uima.cas.ByteArray": "uima.cas.Byte",
    "uima.cas.ShortArray": "uima.cas.Short",
    "uima.cas.IntegerArray": INTEGER,
    "uima.cas.LongArray": LONG,
    "uima.cas.FloatArray": "uima.cas.Float",
    "uima.cas.DoubleArray": DOUBLE,
    "uima.cas.StringList": STRING,
    "uima.cas.IntegerList": INTEGER,
    "uima.cas.FloatList": "uima.cas.Float",
    FS_ARRAY: TOP,
    "uima.cas.FSList": TOP,
}
"""Type of the elements by the type of the array or list."""


@dataclass(frozen=True, slots=True)
class Ref:
    """A feature's value that is another structure, by its id."""

    id: int


@dataclass(slots=True)
class FeatureStructure:
    """A typed record of a CAS; ``line`` says where in its file it stands, from 1."""

    id: int
    type: str
    features: dict[str, Any] = field(default_factory=dict)
    line: int = 0

    @property
    def short_name(self) -> str:
        """The name of the type without its package."""
        return self.type.rpartition(".")[2]

    @property
    def place(self) -> str:
        """What messages call it."""
        return f"{self.short_name} {self.id}"

    @property
    def is_annotation(self) -> bool:
        """Whether it claims to stand somewhere in the text."""
        return isinstance(self.features.get("begin"), int) and "end" in self.features


@dataclass(frozen=True, slots=True)
class Feature:
    """What values a feature has: one of ``range``, or an array of ``element``."""

    range: str
    element: str = ""
    shared: bool = False
    """Whether an array is a structure of its own, which others may refer to as well."""


@dataclass(slots=True)
class Type:
    """A type of structures: its supertype, and the features that it adds."""

    name: str
    supertype: str = ANNOTATION
    features: dict[str, Feature] = field(default_factory=dict)


_BUILT_IN: Final[Mapping[str, str]] = {
    "uima.cas.AnnotationBase": TOP,
    ANNOTATION: "uima.cas.AnnotationBase",
    DOCUMENT_ANNOTATION: ANNOTATION,
}
_DEEPEST: Final = 100


class TypeSystem:
    """The types of a CAS by name, those that every CAS has included."""

    def __init__(self, types: Iterable[Type] = ()) -> None:
        self.types = {item.name: item for item in types}

    def ancestry(self, name: str) -> Iterator[str]:
        """Yield a type and its supertypes as far as they are known; a circle ends."""
        for _ in range(_DEEPEST):
            yield name
            known = self.types.get(name)
            above = known.supertype if known is not None else _BUILT_IN.get(name, "")
            if not above or above == name:
                return
            name = above

    def is_a(self, name: str, ancestor: str) -> bool:
        """Tell whether a type is *ancestor* or below it."""
        return ancestor in self.ancestry(name)

    def feature(self, name: str, feature: str) -> Feature | None:
        """Return a feature of a type or of one above it, or None where it is not declared."""
        for above in self.ancestry(name):
            known = self.types.get(above)
            if known is not None and feature in known.features:
                return known.features[feature]
        return None


@dataclass(slots=True)
class View:
    """A text of a CAS: most have one."""

    sofa: int
    name: str
    text: str | None
    line: int = 0


@dataclass(slots=True)
class Cas:
    """Texts with their feature structures, by id."""

    types: TypeSystem
    views: list[View] = field(default_factory=list)
    structures: dict[int, FeatureStructure] = field(default_factory=dict)

    def get(self, value: Any) -> FeatureStructure | None:
        """Return the structure that *value* refers to, or None where it refers to none."""
        return self.structures.get(value.id) if isinstance(value, Ref) else None

    def elements(self, value: Any) -> tuple[Any, ...]:
        """Return the values that *value* stands for: an array or list is followed to its members.

        A list that runs in a circle ends where it began.
        """
        if isinstance(value, tuple):
            return value
        found: list[Any] = []
        seen: set[int] = set()
        while (item := self.get(value)) is not None and item.id not in seen:
            seen.add(item.id)
            if "head" in item.features:
                found.append(item.features["head"])
                value = item.features.get("tail")
                continue
            if is_array(item.type):
                return tuple(item.features.get("elements", ()))
            if not item.short_name.startswith("Empty"):
                break
            return tuple(found)
        return tuple(found) if found else () if value is None else (value,)


def is_array(name: str) -> bool:
    """Tell whether structures of a type are arrays."""
    return name in ARRAYS or name.endswith("[]")


def primitive(text: str, range_: str) -> Any:
    """Return the value of *range_* that *text* says. Raises ValueError where it says none.

    Numbers that JSON has not (``NaN``, ``Infinity``) stay text.
    """
    if range_ == BOOLEAN:
        if text not in ("true", "false"):
            raise ValueError(f"{text!r} is neither true nor false")
        return text == "true"
    if range_ in NUMBERS:
        try:
            value = NUMBERS[range_](text)
        except ValueError as error:
            raise ValueError(f"{text!r} is not a number") from error
        return value if abs(value) < float("inf") else text
    return text


def written(value: Any) -> str:
    """Return a primitive value as XMI and TSV write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
