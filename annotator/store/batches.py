"""What was done in bulk in a project: batches with their audits, samples, and what was sent back.

A batch stands in the verdicts that it gave, in the log where it gave none, and a sample on the gold
layers of its articles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, String, cast, select

from annotator.model import LayerKind
from annotator.store import schema
from annotator.store.writing import chunks

BATCH: Final = "annotator:batch"
"""Key in ``extra`` of a verdict: the bulk decision that it belongs to."""
AUDIT: Final = "annotator:audit"
"""Key in ``extra`` of a verdict: how far its audit is."""
_AGAIN: Final = "annotator:again"
_RULE: Final = "annotator:rule"
_CASE: Final = "annotator:case"
_ALONE: Final = "alone"
_SAMPLE: Final = "annotator:sample"
_WITHOUT_VERDICTS: Final = (
    "phrase",
    "relabel all",
    "reassign",
    "send back",
    "controls",
    "second round",
)
"""Actions of batches that may decide on nothing, and are found in the log alone."""


@dataclass(frozen=True, slots=True)
class BatchRow:
    """What was decided in bulk by one action, and how its audit stands; numbers of cases."""

    id: str
    rule: str
    author: str
    time: str
    cases: int
    due: int
    right: int
    wrong: int
    alone: int = 0
    """Second reviews that the person who had decided first settled, for want of another."""
    strata: tuple[tuple[int, int, int], ...] = ()
    """Of a sample that was drawn from parts of the whole: their sizes, and how many labels of each
    were right and wrong. Without any, it was drawn from the whole."""


def notes(column: Any, key: str) -> ColumnElement[bool]:
    """Return whether an object, as it is kept, has *key*."""
    return cast(column, String).like(f'%"{key}"%')


def is_asked_again(extra: Any) -> ColumnElement[bool]:
    """Return whether somebody is still to decide once more without seeing a verdict."""
    return notes(extra, _AGAIN) & cast(extra, String).like('%"due"%')


def batched(connection: Connection) -> Iterable[Any]:
    """Return article, ``extra``, author, time and record of the verdicts of all batches."""
    table = schema.verdicts
    query = (
        select(table.c.article_id, table.c.extra, table.c.author, table.c.time, table.c.record_id)
        .where(notes(table.c.extra, BATCH))
        .order_by(table.c.time, table.c.id)
    )
    return connection.execute(query).all()


def standing_batches(connection: Connection) -> list[BatchRow]:
    """Return what was done in bulk and still stands, newest first."""
    heads: dict[str, tuple[str, str, str]] = {}
    states: dict[str, dict[str, str]] = {}
    for _, extra, author, time, record_id in batched(connection):
        key = str(extra.get(BATCH))
        heads.setdefault(key, (str(extra.get(_RULE, "")), author, time))
        own = states.setdefault(key, {})
        case_key = str(extra.get(_CASE, record_id))
        state = str(extra.get(AUDIT, ""))
        # One wrong label makes the case wrong.
        own[case_key] = "wrong" if "wrong" in (state, own.get(case_key)) else state
    found = []
    for key, own in states.items():
        tally = Counter(own.values())
        audits = (tally["due"], tally["right"], tally["wrong"], tally[_ALONE])
        found.append(BatchRow(key, *heads[key], len(own), *audits))
    found += _logged(connection, set(states))
    found += _samples(connection)
    return sorted(found, key=lambda row: (row.time, row.id), reverse=True)


def _logged(connection: Connection, known: set[str]) -> list[BatchRow]:
    """Return the batches that left no verdict, unless they were taken back or reverted."""
    table = schema.edits
    wanted = (*_WITHOUT_VERDICTS, "revert")
    done = table.c.action.in_(wanted) & (table.c.kind == "do")
    rows = connection.execute(select(table).where(done).order_by(table.c.revision)).all()
    last = {
        row.target: row.kind
        for row in connection.execute(
            select(table.c.target, table.c.kind)
            .where(table.c.target.in_([row.revision for row in rows]))
            .order_by(table.c.revision)
        )
    }
    standing = [row for row in rows if last.get(row.revision) != "undo"]
    reverted = {row.id.partition("/")[0] for row in standing if row.action == "revert"}
    return [
        BatchRow(row.id, row.action, row.author, row.time, _number_in(row.detail), 0, 0, 0)
        for row in standing
        if row.action != "revert" and row.id not in known | reverted
    ]


def _number_in(detail: str) -> int:
    """Return how many cases the detail of a batch tells, which is the last thing in it."""
    digits = detail.rpartition("(")[2].rstrip(")")
    return int(digits) if digits.isdecimal() else 0


def _samples(connection: Connection) -> list[BatchRow]:
    """Return the samples that were drawn for review, with what became of their labels."""
    layers, verdicts = schema.layers, schema.verdicts
    query = select(layers.c.extra).where(
        layers.c.kind == LayerKind.GOLD, notes(layers.c.extra, _SAMPLE)
    )
    drawn: dict[str, list[Any]] = {}
    for extra in connection.execute(query).scalars():
        noted = extra[_SAMPLE]
        drawn.setdefault(str(noted["id"]), []).append(noted)
    return [_sample(connection, key, own, verdicts) for key, own in drawn.items()]


def _sample(connection: Connection, key: str, drawn: list[Any], verdicts: Any) -> BatchRow:
    stratum_of: dict[str, str] = {}
    sizes: Counter[str] = Counter()
    for noted in drawn:
        stratum_of.update(noted["records"])
        sizes.update(noted["sizes"])
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for part in chunks(sorted(stratum_of)):
        query = select(verdicts.c.record_id, verdicts.c.decision)
        for record_id, decision in connection.execute(query.where(verdicts.c.record_id.in_(part))):
            if decision in ("accepted", "corrected", "rejected"):
                (right if decision == "accepted" else wrong)[stratum_of[record_id]] += 1
    strata = tuple((sizes[name], right[name], wrong[name]) for name in sorted(sizes))
    due = len(stratum_of) - right.total() - wrong.total()
    first = drawn[0]
    return BatchRow(
        key,
        "sample",
        str(first["author"]),
        str(first["time"]),
        len(stratum_of),
        due,
        right.total(),
        wrong.total(),
        strata=strata,
    )
