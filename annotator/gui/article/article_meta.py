"""The line above an article, and what a screen reader says about the place of the caret."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QDate, QLocale, Qt

from annotator.annotated import Annotated
from annotator.model import Article, Span
from annotator.translation import tr, tr_n

_COUNTED: Final = 100_000
"""Letters whose words are counted; from longer texts their number is taken as a sample."""
_SPOKEN: Final = 80
"""Letters of a span that are read out."""


def meta_line(article: Article) -> str:
    """Return source, day and length of an article, as far as they are known."""
    parts = [article.source or "", _day(article.published), _words(article.text)]
    return "  ·  ".join(part for part in parts if part)


def _day(published: str | None) -> str:
    day = QDate.fromString(published or "", Qt.DateFormat.ISODate)
    if not day.isValid():
        return published or ""
    return QLocale().toString(day, tr("d MMMM yyyy"))


def _words(text: str) -> str:
    count = len(text[:_COUNTED].split())
    if len(text) > _COUNTED:
        count = int(round(count * len(text) / _COUNTED, -3))
    return tr_n(count, "{n} word", "{n} words") if count else ""


def spoken_span(annotated: Annotated, span: Span, selected: bool) -> str:
    """Return what a screen reader says of a span: label, state, words, ties, entity."""
    words = " ".join(" ".join(span.text).split())
    parts = [span.label]
    if selected:
        parts.append(tr("selected"))
    if span.unsure:
        parts.append(tr("unsure"))
    parts.append(words if len(words) <= _SPOKEN else words[:_SPOKEN] + "…")
    for tie in annotated.relations_from(span.id):
        target = annotated.spans.get(tie.target or "")
        entity = annotated.entities.get(tie.target_entity or "")
        name = tie.label.replace("_", " ")
        if target is not None:
            parts.append(f"{name} {' '.join(target.text)}")
        elif entity is not None:
            parts.append(f"{name} {entity.name}")
    if (known := annotated.entities.get(span.entity_id or "")) is not None:
        parts.append(tr("stands for {name}", name=known.name))
    if span.note:
        parts.append(tr("note: {note}", note=span.note))
    return ", ".join(parts)


def spoken_place(
    annotated: Annotated, spans: Iterable[Span], selected: frozenset[str], number: int | None
) -> str:
    """Return what a screen reader says of the place of the caret, innermost span first."""
    found = [spoken_span(annotated, span, span.id in selected) for span in spans]
    if number is not None:
        found.append(tr("paragraph {number}", number=number))
    return ". ".join(found)
