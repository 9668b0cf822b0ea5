"""Quotation marks in or out: some corpora include the marks around direct speech, ours do not."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.model import Fragment, Span
from annotator.scheme import Scheme
from annotator.spans import covered, normalise
from annotator.text import Structure

_BETWEEN: Final = frozenset(" \t\u00a0\u202f.,;:!?…")
"""What may stand between the end of a fragment and the mark that closes its quotation."""


def quoting_labels(scheme: Scheme) -> frozenset[str]:
    """Return the labels whose spans can be direct speech, as *scheme* says by its rules.

    Raises UserError where there are none: nothing could be expanded.
    """
    found = {
        label.name
        for label in scheme.labels
        if any(item.auto == "quotation_form" for item in label.attributes)
    }
    if not found:
        raise UserError(
            "No label of the scheme says whether its words are quoted (by an attribute with the "
            "rule quotation_form), so no span can grow over quotation marks. Export with the marks "
            "outside."
        )
    return frozenset(found)


def with_marks(item: Annotated, labels: frozenset[str]) -> Annotated:
    """Return *item* with the fragments of *labels* grown over the marks directly around them.

    A fragment grows where it fills a closed quotation, but for stops, commas and blanks beside the
    marks, which it then holds too. What fills only a part of a quotation stays as it is.
    """
    structure = Structure(item.article.text, item.article.language)
    result = item.copy()
    for key, span in item.spans.items():
        if span.label in labels:
            result.spans[key] = _grown(structure, span)
    return result


def _grown(structure: Structure, span: Span) -> Span:
    fragments = normalise(_around(structure, fragment) for fragment in span.fragments)
    if fragments == span.fragments:
        return span
    return replace(span, fragments=fragments, text=covered(structure.text, fragments))


def _around(structure: Structure, fragment: Fragment) -> Fragment:
    text = structure.text
    for quotation in reversed(structure.quotations(fragment)):
        inner = quotation.inner
        fills = inner.start <= fragment.start and fragment.end <= inner.end
        beside = text[inner.start : fragment.start] + text[fragment.end : inner.end]
        if quotation.closed and fills and _BETWEEN.issuperset(beside):
            return quotation.outer
    return fragment
