"""What became of a batch, case by case: noted in the log with the batch, and read from there.

What others changed after the preview was made is left out of it first (:mod:`.renewing`), so that
the list says what was done, and not what was meant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from annotator.model import Change, Comment, Edit, Fragment, Layer, Span, Verdict
from annotator.review.merging import Item, Preview

RESULT: Final = "annotator:result"
"""Key in ``extra`` of a record of a batch, in the log: what was done, what was refused and why."""
_BEARERS: Final = (Verdict, Layer, Comment, Span)
WORDS: Final = 160
"""Characters of a case that are noted."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a batch did and what it refused, as it was when it was done."""

    done: int
    refused: int
    reasons: tuple[tuple[str, int], ...]
    """Why things were refused and how often, in English and marked for translation."""
    items: tuple[Item, ...]
    """What was refused, then what was done. Earlier versions noted the first 300 of each."""


def edit_with_result(preview: Preview) -> Edit:
    """Return the edit of *preview*, in which one record notes what becomes of every case.

    The record is written with the note and at once without it again: so the note is in the log,
    from where :func:`result_of` reads it, and in no article. NothingToDo where nothing changes.
    """
    made = preview.edit()
    at = _bearer(made.changes)
    if at is None:
        return made
    change = made.changes[at]
    record = change.record
    assert isinstance(record, _BEARERS)
    noted = replace(record, extra={**record.extra, RESULT: _noted(preview)})
    pair = (Change(change.before, noted), Change(noted, change.after))
    return replace(made, changes=(*made.changes[:at], *pair, *made.changes[at + 1 :]))


def _bearer(changes: Sequence[Change]) -> int | None:
    """Return which change bears the note: the first of a record that changes once."""
    often = Counter(one.record.id for one in changes)
    for at, change in enumerate(changes):
        if isinstance(change.record, _BEARERS) and often[change.record.id] == 1:
            return at
    return None


def _noted(preview: Preview) -> dict[str, Any]:
    why = Counter(item.reason for item in preview.refused)
    return {
        "batch": preview.batch.id,
        "done": len(preview.done),
        "refused": len(preview.refused),
        "reasons": dict(why.most_common()),
        "cases": [_noted_item(item) for item in (*preview.refused, *preview.done)],
    }


def _noted_item(item: Item) -> dict[str, Any]:
    noted = {
        "article": item.article_id,
        "case": item.key,
        "label": item.label,
        "words": item.words[:WORDS],
        "place": [item.place.start, item.place.end],
        "reason": item.reason,
        "audited": item.audited,
        "whom": item.whom,
    }
    return {name: value for name, value in noted.items() if value}


def result_of(batch_id: str, changes: Iterable[Change]) -> Result | None:
    """Return what became of a batch, whose edit has these *changes*; None where that is not noted.

    It is read no further than to the note. Batches of earlier versions have none.
    """
    for change in changes:
        noted = getattr(change.after, "extra", {}).get(RESULT)
        if isinstance(noted, Mapping) and noted.get("batch") == batch_id:
            return Result(
                int(noted["done"]),
                int(noted["refused"]),
                tuple((str(why), int(n)) for why, n in noted["reasons"].items()),
                tuple(map(_item, noted["cases"])),
            )
    return None


def _item(noted: Mapping[str, Any]) -> Item:
    start, end = noted["place"]
    return Item(
        str(noted["article"]),
        str(noted.get("case", "")),
        str(noted.get("label", "")),
        str(noted.get("words", "")),
        Fragment(start, end),
        str(noted.get("reason", "")),
        bool(noted.get("audited")),
        str(noted.get("whom", "")),
    )
