"""A span as a row, as it stands in the log, and back.

What :mod:`annotator.store.rows` and :mod:`annotator.store.logged` do for every record in a loop
over names is written out here, because there are a hundred spans for every other record, and half
a million of them pass through for a large export.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from functools import lru_cache, partial
from typing import Any, Final

from annotator.model import Fragment, Span
from annotator.packed import PackedSpan
from annotator.store.columns import (
    escape,
    flat_json,
    fragments_of,
    object_of,
    string_json,
    strings_json,
    strings_of,
    to_json,
    unescape,
)


def object_out(value: str) -> Any:
    """Return the object that a column holds.

    A copy, so that no record has a part of another; what it holds is never changed.
    """
    return {} if value == "{}" else dict(_object(value))


@lru_cache(maxsize=1024)
def _object(value: str) -> Any:
    """Return it as it is kept here: most spans have the attributes of many others."""
    return object_of(value)


def strings_out(value: str) -> Any:
    """Return the strings that a column holds."""
    if "\\" in value or value[:2] != '["' or value[-2:] != '"]':
        return strings_of(value)
    return tuple(unescape(value[2:-2]).split('","'))


def fragments_in(value: tuple[Fragment, ...]) -> str:
    """Return fragments as a column holds them."""
    if len(value) == 1:
        return f"[[{value[0][0]},{value[0][1]}]]"
    return to_json(value)


def fragments_out(value: str) -> Any:
    """Return the fragments that a column holds."""
    if value.count(",") == 1 and value[:2] == "[[" and value[-2:] == "]]":
        start, end = value[2:-2].split(",")
        return (_fragment((int(start), int(end))),)
    return fragments_of(value)


_fragment: Final = partial(tuple.__new__, Fragment)


def span_row(span: Span) -> tuple[Any, ...]:
    """Return the columns of a span."""
    return (
        span.id,
        span.article_id,
        span.layer_id,
        span.label,
        fragments_in(span.fragments),
        strings_json(span.text),
        flat_json(span.attributes),
        span.entity_id,
        int(span.unsure),
        escape(span.note) if span.note else "",
        flat_json(span.extra),
    )


(
    _set_id,
    _set_article_id,
    _set_layer_id,
    _set_label,
    _set_fragments,
    _set_text,
    _set_attributes,
    _set_entity_id,
    _set_unsure,
    _set_note,
    _set_extra,
) = (Span.__dict__[spec.name].__set__ for spec in fields(Span))


def span_of_row(row: Sequence[Any]) -> Span:
    """Return the span of a row: the way back from :func:`span_row`.

    Its slots are filled as its own ``__init__`` fills them, in half the time: that one looks each
    of them up by name.
    """
    span = object.__new__(Span)
    _set_id(span, row[0])
    _set_article_id(span, row[1])
    _set_layer_id(span, row[2])
    _set_label(span, row[3])
    _set_fragments(span, fragments_out(row[4]))
    _set_text(span, strings_out(row[5]))
    _set_attributes(span, object_out(row[6]))
    _set_entity_id(span, row[7])
    _set_unsure(span, bool(row[8]))
    _set_note(span, unescape(row[9]))
    _set_extra(span, object_out(row[10]))
    return span


PACKED: Final = (
    "start, -stop, label, id, layer_id, fragments, text, attributes, entity_id, unsure, note, extra"
)
"""SQL of the columns of a :data:`PackedSpan`."""


def unpacked(article_id: str, row: PackedSpan) -> Span:
    """Return the span of an article that *row* holds."""
    return span_of_row((row[3], article_id, row[4], row[2], *row[5:]))


def span_entry(span: Span) -> dict[str, Any]:
    """Return a span as it stands in the log."""
    entry: dict[str, Any] = {
        "id": span.id,
        "article_id": span.article_id,
        "layer_id": span.layer_id,
        "label": span.label,
        "fragments": span.fragments,
        "text": span.text,
    }
    if span.attributes:
        entry["attributes"] = span.attributes
    if span.entity_id is not None:
        entry["entity_id"] = span.entity_id
    if span.unsure:
        entry["unsure"] = True
    if span.note:
        entry["note"] = span.note
    if span.extra:
        entry["extra"] = span.extra
    return entry


_shared_json: Final = lru_cache(maxsize=1024)(string_json)
"""The same for what many spans in a row have in common."""


def created_span(
    id_: str,
    article_id: str,
    layer_id: str,
    label: str,
    fragments: str,
    text: str,
    attributes: str,
    entity_id: str | None,
    unsure: int,
    note: str,
    extra: str,
) -> str:
    """Return a change that makes the span with these columns, as the log holds it, in JSON."""
    entry = (
        f'["span",null,{{"id":{string_json(id_)},"article_id":{_shared_json(article_id)},'
        f'"layer_id":{_shared_json(layer_id)},"label":{_shared_json(label)},'
        f'"fragments":{fragments},"text":{text}'
    )
    if attributes != "{}":
        entry += f',"attributes":{attributes}'
    if entity_id is not None:
        entry += f',"entity_id":{string_json(entity_id)}'
    if unsure:
        entry += ',"unsure":true'
    if note:
        entry += f',"note":{string_json(unescape(note))}'
    if extra != "{}":
        entry += f',"extra":{extra}'
    return entry + "}]"


def span_of_entry(data: Mapping[str, Any]) -> Span:
    """Return the span that :func:`span_entry` wrote, its slots filled as above."""
    span = object.__new__(Span)
    _set_id(span, data["id"])
    _set_article_id(span, data["article_id"])
    _set_layer_id(span, data["layer_id"])
    _set_label(span, data["label"])
    _set_fragments(span, tuple(map(_fragment, data["fragments"])))
    _set_text(span, tuple(data["text"]))
    _set_attributes(span, data.get("attributes", {}))
    _set_entity_id(span, data.get("entity_id"))
    _set_unsure(span, data.get("unsure", False))
    _set_note(span, data.get("note", ""))
    _set_extra(span, data.get("extra", {}))
    return span
