"""The columns of the queue: which there is room for, and the order that one of them gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from PySide6.QtGui import QFontMetrics

from annotator.gui.parts import px, type_font
from annotator.gui.review.waiting import Waiting
from annotator.model import name_key
from annotator.translation import tr

WIDE: Final = 340
"""Width from which a row has age and score too, at a text size of 100 %."""
EDGE: Final = 16
"""Free space at both ends of a row."""
GAP: Final = 12
"""Free space between two columns."""
ARROW: Final = 12
"""Side of the arrow that stands in the head of the column that the rows are sorted by."""


class Column(StrEnum):
    """What a case is known by in the queue; its kind is the group that it stands in."""

    WORDS = "words"
    LABEL = "label"
    SCORE = "score"
    AGE = "age"
    WHO = "who"

    @property
    def heading(self) -> str:
        """What stands above the column."""
        return {
            Column.WORDS: tr("Text"),
            Column.LABEL: tr("Label"),
            Column.SCORE: tr("Certainty"),
            Column.AGE: tr("Age"),
            Column.WHO: tr("Who"),
        }[self]


@dataclass(frozen=True, slots=True)
class _Backwards:
    """A value that comes before smaller ones."""

    value: Any

    def __lt__(self, other: _Backwards) -> bool:
        return bool(other.value < self.value)


@dataclass(frozen=True, slots=True)
class Sorting:
    """By which column the rows of a group are sorted, and which way."""

    column: Column
    down: bool = False
    """Whether the last comes first: the newest, the surest, Z."""

    def key(self, row: Waiting) -> tuple[bool, Any]:
        """Return what a row is sorted by; what is not known comes last either way."""
        value = _value(row, self.column)
        unknown = value in (None, "")
        return (unknown, None if unknown else _Backwards(value) if self.down else value)

    @property
    def words(self) -> str:
        """What comes first."""
        match self.column:
            case Column.AGE:
                return tr("newest first") if self.down else tr("oldest first")
            case Column.SCORE:
                return tr("surest first") if self.down else tr("least sure first")
            case _:
                return tr("Z to A") if self.down else tr("A to Z")


def turned(sorting: Sorting | None, column: Column) -> Sorting | None:
    """Return the order after one more press on a column: up, then down, then none."""
    if sorting is None or sorting.column != column:
        return Sorting(column)
    return None if sorting.down else replace(sorting, down=True)


def _value(row: Waiting, column: Column) -> Any:
    match column:
        case Column.WORDS:
            return name_key(row.words)
        case Column.LABEL:
            return name_key(row.label)
        case Column.SCORE:
            return row.score
        case Column.AGE:
            return row.since
        case Column.WHO:
            return row.initials


@dataclass(frozen=True, slots=True)
class Place:
    """Where a column stands in a row."""

    column: Column
    left: int
    width: int


def placed(width: int, sorting: Sorting | None, longest: str) -> Sequence[Place]:
    """Return the columns that a row of this *width* has, from left to right.

    Where it is too narrow for all, the one that the rows are sorted by stands in the place of who
    has something there. *longest* are the initials that need most room.
    """
    columns = [Column.WHO]
    if width >= px(WIDE):
        columns = [Column.WHO, Column.AGE, Column.SCORE]
    own = None if sorting is None or sorting.column == Column.WORDS else sorting.column
    if own is not None and own not in columns:
        columns = [own, *columns[1:]]
    found, right = [], width - EDGE
    for column in columns:
        needed = _width(column, sorting, longest)
        found.append(Place(column, right - needed, needed))
        right -= needed + GAP
    left = EDGE + px(12) + 10
    return (Place(Column.WORDS, left, max(right - left, 0)), *reversed(found))


def _width(column: Column, sorting: Sorting | None, longest: str) -> int:
    metrics = QFontMetrics(type_font(12))
    arrow = px(ARROW) + 2 if sorting is not None and sorting.column == column else 0
    head = metrics.horizontalAdvance(column.heading) + arrow
    match column:
        case Column.WHO:
            return max(head, metrics.horizontalAdvance(longest))
        case Column.AGE:
            return max(head, px(104))
        case Column.LABEL:
            return max(head, px(88))
        case _:
            return max(head, metrics.horizontalAdvance("100%"))
