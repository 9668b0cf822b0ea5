"""Which structure of a CAS is what: told by type system, by features, or by names in use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from annotator.formats import uima
from annotator.formats.uima import Cas, FeatureStructure, Ref

PLACE: Final = frozenset({"sofa", "begin", "end"})
ENDS: Final = ("Governor", "Dependent")
"""Features of a relation layer: where its arcs begin and end."""

_STRUCTURE: Final = frozenset(
    {"Token", "Sentence", "Paragraph", "Heading", "Div", "Document", "DocumentAnnotation"}
    | {"DocumentMetaData", "MetaDataStringField", "TagsetDescription", "TagDescription"}
)
"""Short names of types that describe the text, not what somebody marked in it."""
_OWN: Final = frozenset({uima.ARTICLE, uima.LAYER, uima.ENTITY, uima.ENTITY_RELATION})
_BASIC: Final = frozenset({uima.BASIC_SPAN, uima.BASIC_RELATION})


class Kinds:
    """Tells the structures of one view apart."""

    def __init__(self, cas: Cas, structures: Sequence[FeatureStructure]) -> None:
        self._cas = cas
        firsts = (cas.get(item.features.get("first")) for item in structures)
        nexts = (item for item in structures if isinstance(item.features.get("next"), Ref))
        self._chained = frozenset(item.type for item in (*firsts, *nexts) if item is not None)
        self._linked = frozenset(
            item.id
            for item in structures
            if not item.is_annotation and isinstance(item.features.get("target"), Ref)
        )
        self._arcs = frozenset(
            item.type
            for item in structures
            if any(isinstance(item.features.get(name), Ref) for name in ENDS)
            or all(cas.types.feature(item.type, name) for name in ENDS)
        )
        self._ends = self._found_ends(structures)

    def _found_ends(self, structures: Sequence[FeatureStructure]) -> frozenset[int]:
        """Return the ids of the structures that a relation or a link begins or ends at."""
        found: set[int] = set()
        for item in structures:
            values: list[Any] = [item.features.get(name) for name in (*ENDS, "target", "source")]
            if item.short_name not in _STRUCTURE:
                values += [value for name, value in item.features.items() if name not in PLACE]
            found.update(value.id for value in values if isinstance(value, Ref))
        return frozenset(found)

    def is_document(self, item: FeatureStructure) -> bool:
        """Tell whether a structure is about the text as a whole."""
        named = item.short_name in ("DocumentAnnotation", "DocumentMetaData")
        return named or self._cas.types.is_a(item.type, uima.DOCUMENT_ANNOTATION)

    def is_basic(self, item: FeatureStructure) -> bool:
        """Tell whether a structure is of a layer whose feature ``label`` says what it is."""
        return item.type in _BASIC

    def is_chained(self, item: FeatureStructure) -> bool:
        """Tell whether a structure is a link of a chain."""
        return item.type in self._chained

    def is_slot(self, item: FeatureStructure) -> bool:
        """Tell whether a structure is no annotation and leads to one: a link of a feature."""
        return item.id in self._linked

    def is_relation(self, item: FeatureStructure) -> bool:
        """Tell whether a structure is an arc between two others."""
        return item.type in self._arcs

    def is_span(self, item: FeatureStructure) -> bool:
        """Tell whether a structure is something that somebody marked."""
        if not item.is_annotation or self.is_relation(item) or self.is_document(item):
            return False
        if item.type == uima.FRAGMENT:
            return False
        custom = item.type.startswith(uima.CUSTOM)
        return custom or item.short_name not in _STRUCTURE or item.id in self._ends

    def is_lost(self, item: FeatureStructure) -> bool:
        """Tell whether a structure says something that has no place among labels."""
        if item.is_annotation or item.type in _OWN or uima.is_array(item.type):
            return False
        if "head" in item.features or "first" in item.features:
            return False
        return item.short_name not in _STRUCTURE and not item.short_name.startswith("Empty")

    def label(self, item: FeatureStructure) -> str:
        """Return the label that a structure stands for."""
        named = item.features.get("label")
        if self.is_basic(item) and isinstance(named, str) and named:
            return named
        if self.is_chained(item):
            return item.short_name.removesuffix("Link") or item.short_name
        return item.short_name

    def is_reference(self, value: Any) -> bool:
        """Tell whether a value leads to other structures, not to plain values."""
        if not isinstance(value, (tuple, Ref)):
            return False
        elements = self._cas.elements(value)
        return not elements or any(isinstance(one, Ref) for one in elements)
