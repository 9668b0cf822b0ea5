"""What of an article is more than the program is made for: said, and left out.

The window lays out what is in sight, however long the article is; but memory and the lists beside
the article grow with what is in it, and a name goes into every list, menu and legend.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Final, TypeVar

from annotator.annotated import Annotated
from annotator.exchange.parts import drop_remarks, with_spans
from annotator.formats import Problem
from annotator.formats.imported import LONGEST, TOO_LONG
from annotator.model import Relation, Span

MOST_LABELS: Final = 300_000
"""Spans in one article, of all layers; three times what the speed of the window is proved with."""
LONGEST_NAME: Final = 500
"""Characters of the name of a label, a relation or an attribute."""
_SHOWN: Final = 40


def within(item: Annotated) -> Iterator[Annotated | Problem]:
    """Yield what is too much in an article, and the article without it, unless it is that itself.

    A name that is too long is told once, with how many labels or relations go for it.
    """
    id_ = item.article.id
    if len(item.article.text) > LONGEST:
        yield Problem(0, id_, TOO_LONG)
    elif len(item.spans) > MOST_LABELS:
        yield Problem(
            0,
            id_,
            f"The article has {len(item.spans):,} labels, more than {MOST_LABELS:,}; it was left "
            "out. Split it, or import fewer kinds of labels.",
        )
    else:
        long = _long_names(item)
        for (kind, name), count in sorted(long.items()):
            yield Problem(
                0,
                id_,
                f"The {kind} “{name[:_SHOWN]}…” has a name of {len(name):,} characters, more than "
                f"{LONGEST_NAME}; it was left out {count:,} times.",
            )
        yield _without(item, long) if long else item


def _is_long(name: str) -> bool:
    return len(name) > LONGEST_NAME


def _long_names(item: Annotated) -> Counter[tuple[str, str]]:
    """Return how often each name that is too long occurs, by what it names."""
    found = Counter(("label", one.label) for one in item.spans.values() if _is_long(one.label))
    found.update(("link", one.label) for one in item.relations.values() if _is_long(one.label))
    parts: Iterable[Span | Relation] = chain(item.spans.values(), item.relations.values())
    for part in parts:
        found.update(("attribute", name) for name in part.attributes if _is_long(name))
    return found


def _without(item: Annotated, long: Counter[tuple[str, str]]) -> Annotated:
    """Return *item* without what has one of the names *long*."""
    kept = with_spans(item, lambda span: ("label", span.label) not in long)
    result = kept.copy()
    result.relations = {
        key: tie for key, tie in kept.relations.items() if ("link", tie.label) not in long
    }
    drop_remarks(result, kept.relations.keys() - result.relations.keys())
    names = {name for kind, name in long if kind == "attribute"}
    if names:
        result.spans = {key: _less(one, names) for key, one in result.spans.items()}
        result.relations = {key: _less(one, names) for key, one in result.relations.items()}
    return result


_Part = TypeVar("_Part", Span, Relation)


def _less(part: _Part, names: set[str]) -> _Part:
    """Return a span or a relation without the attributes called *names*."""
    if names.isdisjoint(part.attributes):
        return part
    values = {name: value for name, value in part.attributes.items() if name not in names}
    return replace(part, attributes=values)
