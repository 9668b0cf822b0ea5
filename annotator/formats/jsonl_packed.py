"""Lines of Annotator JSON Lines from spans as a project keeps them, without making records.

What a project keeps is JSON for the greater part, so that a span like nearly all of them, on one
fragment and with nothing unknown, is put together from it; any other becomes a record first. Both
ways give the same letters: :mod:`annotator.formats.jsonl` rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from json.encoder import encode_basestring as quoted
from typing import Any, Final

from annotator.formats import json_text
from annotator.formats.contradictions import of_article, of_relations, of_span
from annotator.formats.jsonl import (
    EXTERNAL_ID,
    Names,
    Outer,
    Place,
    WrittenSpans,
    attributes_json,
    external_names,
    layer_json,
    line,
    refuse,
    span_json,
)
from annotator.model import Layer
from annotator.packed import Packed, PackedSpan

_MOST: Final = 1024
"""Different attributes that are kept, and extras: most spans have those of many others."""

_NAMED: Final = {EXTERNAL_ID}
"""What stands in the extra of a span of which nothing is unknown but that files have a name for."""


class PackedLines:
    """The lines of one file."""

    def __init__(self, scheme: str) -> None:
        self._scheme = scheme
        self._names = Names()
        self._attributes: dict[str, str] = {"{}": "{}"}
        self._extras: dict[str, Mapping[str, Any]] = {"{}": {}}

    def line(self, packed: Packed) -> bytes:
        """Return the line of an article. Raises ExportError for labels that contradict it."""
        item = packed.annotated
        refuse(item.article, of_article(item.article))
        if item.relations:
            homes = {row[3]: layer for layer, rows in packed.rows.items() for row in rows}
            refuse(item.article, of_relations(item, homes))
        text = line(item, self._scheme, self._names, partial(self._layer, packed))
        return json_text.line_of(text)

    def _layer(self, packed: Packed, layer: Layer, outer: Outer) -> str:
        rows = packed.rows[layer.id]
        rows.sort()
        if all(row[11] == "{}" for row in rows):
            names = {row[3]: row[3] for row in rows}
        else:
            names = external_names((row[3], self._extra(packed, row)) for row in rows)
            rows.sort(key=lambda row: (row[0], row[1], row[2], names[row[3]]))
        written = self._spans(packed, rows, names, outer)
        places = _places(rows, names) if packed.annotated.relations else {}
        return layer_json(packed.annotated, layer, outer, WrittenSpans(names, places, written))

    def _spans(
        self, packed: Packed, rows: Sequence[PackedSpan], names: dict[str, str], outer: Outer
    ) -> list[str]:
        """Return the JSON of spans: what :func:`jsonl.span_json` returns, put together at once."""
        text, entities = packed.annotated.article.text, packed.annotated.entities
        length, written = len(text), []
        for row in rows:
            (
                start,
                less,
                label,
                id_,
                _,
                fragments,
                words,
                attributes,
                entity,
                unsure,
                note,
                extra,
            ) = row
            end = -less
            if (
                not 0 <= start < end <= length
                or fragments != f"[[{start},{end}]]"
                or words != f"[{quoted(text[start:end])}]"
                or note
                or (extra != "{}" and self._extra(packed, row).keys() != _NAMED)
                or (entity is not None and entity not in entities)
            ):
                written.append(_span(packed, row, names, outer))
                continue
            own = self._attributes.get(attributes) or self._said(packed, row)
            actor = "null" if entity is None else quoted(outer[entity])
            written.append(
                f'{{"id": {quoted(names[id_])}, "label": {quoted(label)},'
                f' "fragments": [[{start}, {end}]], "text": {words}, "attributes": {own},'
                f' "entity": {actor}, "unsure": {"true" if unsure else "false"}, "note": ""}}'
            )
        return written

    def _said(self, packed: Packed, row: PackedSpan) -> str:
        """Return the JSON of the attributes of a span, and keep it for the next ones."""
        if len(self._attributes) >= _MOST:
            self._attributes.clear()
        text = attributes_json(packed.unpacked(row).attributes)
        self._attributes[row[7]] = text
        return text

    def _extra(self, packed: Packed, row: PackedSpan) -> Mapping[str, Any]:
        """Return the extra of a span, and keep it: the names of one file come again in others."""
        known = self._extras.get(row[11])
        if known is None:
            if len(self._extras) >= _MOST:
                self._extras.clear()
            known = self._extras[row[11]] = packed.unpacked(row).extra
        return known


def _span(packed: Packed, row: PackedSpan, names: dict[str, str], outer: Outer) -> str:
    span = packed.unpacked(row)
    refuse(packed.annotated.article, of_span(packed.annotated, span))
    return span_json(span, names, outer)


def _places(rows: Sequence[PackedSpan], names: dict[str, str]) -> dict[str, Place]:
    return {row[3]: (row[0], row[1], row[2], names[row[3]]) for row in rows}
