"""A reviewer for tests of the window: what somebody else decides about one's labels."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from annotator import editing
from annotator.model import Edit, LayerState, Span
from annotator.review.cases import Case, Review, review
from annotator.review.settling import correct, reject, take
from annotator.review.verdicts import Signature
from tests.gui.hand import Hand


def submit(hand: Hand) -> None:
    """Hand the open article in, as it is."""
    assert hand.workspace.perform(editing.set_state(hand.workspace.desk, LayerState.SUBMITTED))
    hand.save()


def work_as(hand: Hand, author: str) -> None:
    """Let somebody else sit down at the window."""
    hand.save()
    hand.workspace.work_as(author)
    QApplication.processEvents()


class Reviewer:
    """Somebody who decides, at a time that counts on with every decision."""

    def __init__(self, hand: Hand, name: str = "noor") -> None:
        self.hand = hand
        self.name = name
        self._minutes = 0

    def signed(self) -> Signature:
        """Return name and time of the next decision, each a minute later."""
        self._minutes += 1
        return Signature(self.name, f"2026-01-01T12:{self._minutes:02}:00.000+00:00")

    @property
    def found(self) -> Review:
        """The open article under review."""
        return review(self.hand.workspace.desk.annotated, self.hand.workspace.scheme)

    def case(self, span: Span) -> Case:
        """Return the case of a span."""
        return next(c for c in self.found.cases if span.id in {one.id for one in c.records})

    def _perform(self, made: Edit) -> None:
        assert self.hand.workspace.perform(made)
        QApplication.processEvents()

    def reject(self, span: Span, reason: str = "Not in the guideline", words: str = "") -> None:
        """Leave a span out."""
        self._perform(reject(self.found, self.case(span), reason, self.signed(), words=words))

    def accept(self, span: Span) -> None:
        """Take a span as it is."""
        self._perform(take(self.found, self.case(span), 1, self.signed()))

    def shorten(self, span: Span, reason: str = "Wrong borders", words: str = "") -> None:
        """Correct a span: its last word is one too many."""
        made = correct(
            self.found,
            self.case(span),
            lambda desk, key: editing.move_end(desk, key, "end", -1),
            self.signed(),
            structure=self.hand.workspace.structure,
            number=1,
            reason=reason,
            words=words,
        )
        self._perform(made)
