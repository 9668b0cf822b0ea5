"""The signs beside the text: where the cases of an article are, and what became of them."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence

from annotator.gui.review.wording import group_icon
from annotator.review.case import exchanged
from annotator.review.cases import About, Case, Standing, group_of

Sign = tuple[int, str, bool]
"""A position in the text, the icon, and whether it is of the case at hand."""


class Signs:
    """The signs of one article; after a decision only those that it changed are looked at."""

    def __init__(self) -> None:
        self._cases: Sequence[Case] = ()
        self._signs: list[Sign] = []
        """Those of all cases as if none were at hand, in order."""

    def follow(self, cases: Sequence[Case], at_hand: Case | None) -> tuple[Sign, ...]:
        """Return the signs of *cases* in order, one of which may be *at_hand*."""
        gone, made = exchanged(self._cases, cases)
        if len(gone) == len(self._cases):
            self._signs, gone, made = sorted(filter(None, map(_sign, cases))), [], []
        self._cases = cases
        for case in gone:
            _take_out(self._signs, case)
        for case in made:
            sign = _sign(case)
            if sign is not None:
                insort(self._signs, sign)
        shown = list(self._signs)
        if at_hand is not None and at_hand.about is not About.ARTICLE:
            _take_out(shown, at_hand)
            insort(shown, (at_hand.place.start, group_icon(group_of(at_hand)), True))
        return tuple(shown)


def _take_out(signs: list[Sign], case: Case) -> None:
    sign = _sign(case)
    if sign is not None:
        del signs[bisect_left(signs, sign)]


def _sign(case: Case) -> Sign | None:
    """Return where the sign of a case that is not at hand stands beside the text, and which."""
    if case.about is About.ARTICLE:
        return None
    if case.standing is Standing.OPEN:
        return (case.place.start, group_icon(group_of(case)), False)
    if case.standing is Standing.DECIDED and not case.agrees:
        return (case.place.start, "check", False)
    return None
