"""XML's alphabet: which characters it cannot hold, how many there are, what stands for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, Final

from annotator.annotated import Annotated
from annotator.formats.losses import Fate, Fates, Loss, announced
from annotator.translation import tr_n

NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""A character that XML 1.0 cannot hold (its section 2.2)."""


def announced_in_xml(
    articles: Iterable[Annotated],
    fates: Fates,
    counting: Callable[[Annotated], int] | None = None,
) -> list[Loss]:
    """Return the losses of *articles*, the characters that XML has not among them.

    *counting* returns their number in an article where not everything of it is in the XML.
    """
    count = 0

    def counted() -> Iterator[Annotated]:
        nonlocal count
        for item in articles:
            count += (counting or illegible)(item)
            yield item

    losses = announced(counted(), fates)
    if count:
        losses.append(Loss("characters", count, Fate.CHANGED, _characters(count)))
    return losses


def _characters(n: int) -> str:
    return tr_n(
        n,
        "{n} control character that XML cannot hold becomes �",
        "{n} control characters that XML cannot hold become �",
    )


def illegible(annotated: Annotated) -> int:
    """Return the number of characters in an article and its labels that XML cannot hold."""
    return sum(len(NOT_XML.findall(text)) for text in _texts(_parts(annotated)))


def legible(annotated: Annotated) -> Annotated:
    """Return *annotated* with U+FFFD for each character that XML cannot hold."""
    if not illegible(annotated):
        return annotated
    result = annotated.copy()
    result.article = _mended(result.article)
    for table in _tables(result):
        mended = _mended(table)
        table.clear()
        table.update(mended)
    return result


def _tables(annotated: Annotated) -> tuple[dict[str, Any], ...]:
    return (annotated.layers, annotated.spans, annotated.relations, annotated.entities)


def _parts(annotated: Annotated) -> Iterator[Any]:
    yield annotated.article
    for table in _tables(annotated):
        yield from table.values()


def _texts(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            yield from _texts((*value.keys(), *value.values()))
        elif isinstance(value, (list, tuple)):
            yield from _texts(value)
        elif hasattr(value, "__dataclass_fields__"):
            yield from _texts(
                getattr(value, one.name) for one in fields(value) if one.name != "extra"
            )


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return NOT_XML.sub("\ufffd", value)
    if isinstance(value, Mapping):
        return {_mended(key): _mended(item) for key, item in value.items()}
    if hasattr(value, "_make"):
        return value._make(map(_mended, value))
    if isinstance(value, (list, tuple)):
        return type(value)(map(_mended, value))
    if hasattr(value, "__dataclass_fields__"):
        return replace(
            value, **{one.name: _mended(getattr(value, one.name)) for one in fields(value)}
        )
    return value
