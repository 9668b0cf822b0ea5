"""The assignment problem: rows to columns, each used once, at the least total cost.

Ours instead of SciPy's: what is asked for here are a few rows at a time, and SciPy with NumPy would
be more than half of what the program weighs.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf


def assigned(costs: Sequence[Sequence[float]]) -> list[int]:
    """Return the column of each row, at the least sum of *costs*; no more rows than columns.

    The Hungarian method in the form of Jonker and Volgenant (1987): one row after another is put
    in along the shortest augmenting path, with potentials kept up. Time grows with rows² x columns.
    Among equal sums the lower columns win, so that the same costs always give the same answer.
    """
    if not costs:
        return []
    width = len(costs[0])
    solving = _Solving(costs, width)
    for row in range(len(costs)):
        solving.put_in(row)
    found = [0] * len(costs)
    for column, row in enumerate(solving.row_of[:width]):
        if row >= 0:
            found[row] = column
    return found


class _Solving:
    """Potentials of rows and columns, and which row each column has; one more column is free."""

    def __init__(self, costs: Sequence[Sequence[float]], width: int) -> None:
        self._costs = costs
        self._width = width
        self._rows = [0.0] * len(costs)
        self._columns = [0.0] * (width + 1)
        self.row_of = [-1] * (width + 1)

    def put_in(self, row: int) -> None:
        """Give *row* a column; rows that have one may get another."""
        self.row_of[self._width] = row
        least = [inf] * self._width
        came = [self._width] * self._width
        used = [False] * (self._width + 1)
        at = self._width
        while self.row_of[at] != -1:
            used[at] = True
            step, nearest = self._reach(at, least, came, used)
            self._shift(step, least, used)
            at = nearest
        while at != self._width:
            before = came[at]
            self.row_of[at] = self.row_of[before]
            at = before

    def _reach(
        self, at: int, least: list[float], came: list[int], used: list[bool]
    ) -> tuple[float, int]:
        row = self.row_of[at]
        costs, own, columns = self._costs[row], self._rows[row], self._columns
        step, nearest = inf, -1
        for column in range(self._width):
            if used[column]:
                continue
            reduced = costs[column] - own - columns[column]
            if reduced < least[column]:
                least[column], came[column] = reduced, at
            if least[column] < step:
                step, nearest = least[column], column
        return step, nearest

    def _shift(self, step: float, least: list[float], used: list[bool]) -> None:
        for column in range(self._width):
            if used[column]:
                self._rows[self.row_of[column]] += step
                self._columns[column] -= step
            else:
                least[column] -= step
        self._rows[self.row_of[self._width]] += step
        self._columns[self._width] -= step
