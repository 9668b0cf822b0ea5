"""Changes of records in the words of people: what was added, removed and changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from annotator.gui.insights.sheet import Cell, Column
from annotator.gui.insights.words import state_in_words
from annotator.gui.review.wording import decision_title
from annotator.model import (
    Article,
    Change,
    Comment,
    Entity,
    Fragment,
    Layer,
    Record,
    Relation,
    SchemeVersion,
    Span,
    Verdict,
)
from annotator.scheme import Scheme
from annotator.translation import later, shown, tr

MOST = 500
"""Changes that are listed."""


def place_of(record: Record) -> tuple[str, Fragment | None] | None:
    """Return where a record is, as far as it is in an article."""
    if isinstance(record, Span):
        return record.article_id, Fragment(record.start, record.end)
    return None if record.article_id is None else (record.article_id, None)


def in_words(record: Record, spans: Mapping[str, Span]) -> tuple[str, str]:
    """Return what a record is, and its own words."""
    match record:
        case Span():
            return record.label, " … ".join(record.text)
        case Relation():
            source, target = spans.get(record.source), spans.get(record.target or "")
            ends = [" … ".join(one.text) for one in (source, target) if one is not None]
            return record.label.replace("_", " "), " → ".join(ends)
        case Layer():
            return tr("Reading"), f"{record.author}, {state_in_words(record.state)}"
        case Entity():
            return tr("Person or place"), record.name
        case Article():
            return tr("Article"), record.title
        case Verdict():
            judged = spans.get(record.record_id)
            said = [" … ".join(judged.text)] if judged is not None else []
            return tr("Verdict"), ": ".join([decision_title(record.decision), *said])
        case Comment():
            return tr("Remark"), record.text
        case SchemeVersion():
            return tr("Scheme"), str(record.number)


def differences(before: Record, after: Record) -> str:
    """Say what of a record became something else."""
    found: list[str] = []
    if isinstance(before, Span) and isinstance(after, Span):
        found = _of_spans(before, after)
    for name, words in _NAMED.items():
        one, other = getattr(before, name, None), getattr(after, name, None)
        if one != other:
            said = state_in_words if name == "state" else str
            found.append(_became(shown(words), said(one or ""), said(other or "")))
    if isinstance(before, Article) and isinstance(after, Article) and before.text != after.text:
        found.append(tr("text"))
    one, other = (getattr(record, "attributes", {}) for record in (before, after))
    found += _values(one, other)
    return ", ".join(found) or tr("details")


_NAMED = {
    "label": later("label"),
    "state": later("state"),
    "note": later("note"),
    "title": later("title"),
    "name": later("name"),
}


def _of_spans(before: Span, after: Span) -> list[str]:
    found = []
    one, other = " … ".join(before.text), " … ".join(after.text)
    if before.fragments != after.fragments or one != other:
        found.append(_became(tr("words"), one, other))
    if before.entity_id != after.entity_id:
        found.append(tr("who or where is meant"))
    if before.unsure != after.unsure:
        found.append(tr("unsure") if after.unsure else tr("no longer unsure"))
    return found


def _became(what: str, before: str, after: str) -> str:
    return tr("{what}: {before} → {after}", what=what, before=before or "–", after=after or "–")


def _values(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return [
        _became(name.replace("_", " "), _value(before.get(name)), _value(after.get(name)))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def change_rows(
    changes: Sequence[Change], spans: Mapping[str, Span], scheme: Scheme
) -> tuple[list[Column], list[list[Cell]]]:
    """Return the table of changes."""
    columns = [
        Column(tr("What happened"), width=110),
        Column(tr("What"), width=150),
        Column(tr("Words"), width=200, stretch=True),
        Column(tr("Difference"), width=200, stretch=True),
    ]
    rows = []
    for change in changes[:MOST]:
        record = change.record
        what, words = in_words(record, spans)
        known = scheme.label(record.label) if isinstance(record, Span) else None
        happened, said = tr("Changed"), ""
        if change.before is None:
            happened = tr("Added")
        elif change.after is None:
            happened = tr("Removed")
        else:
            said = differences(change.before, change.after)
        opens = None if change.after is None else place_of(record)
        rows.append(
            [
                Cell(text=happened, muted=True, opens=opens),
                Cell(
                    text=what,
                    colour="" if known is None else known.colour,
                    icon="link" if isinstance(record, Relation) else "",
                    opens=opens,
                ),
                Cell(text=words, opens=opens, hint=words),
                Cell(text=said, opens=opens, hint=said),
            ]
        )
    return columns, rows
