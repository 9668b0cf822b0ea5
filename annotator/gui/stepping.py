"""Undo and redo: the steps at hand, those that wait in the project, and those too large to show.

What was done since the project was opened is taken back from memory. Older steps are fetched one
by one; one that is larger than what the window takes in at a glance, such as an import, is left to
the writer, who takes it back piece by piece.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from annotator.errors import UserError
from annotator.gui.writer import Step, Work
from annotator.translation import tr

if TYPE_CHECKING:
    from annotator.model import Edit
    from annotator.project import Project, SavedEdit


class LargeStep(Work):
    """An undo or redo in the writer's turn; its answer is the edit that was saved, bare."""

    progressed = Signal(int, int)
    """How many changes are made, of how many."""

    def __init__(self, step: Step) -> None:
        super().__init__(self._take)
        self.step = step
        self._stop = threading.Event()

    def cancel(self) -> None:
        """Give it up before the next piece: nothing is changed then."""
        self._stop.set()

    def _take(self, project: Project) -> SavedEdit | None:
        take = project.undo if self.step is Step.UNDO else project.redo
        return take(watch=self._watch)

    def _watch(self, made: int, of: int) -> None:
        if self._stop.is_set():
            raise UserError(tr("Cancelled. Nothing was changed."))
        self.progressed.emit(made, of)


class Steps:
    """The two stacks of an author: edits to take back, and edits to make again."""

    def __init__(self) -> None:
        self._at_hand: dict[Step, list[Edit]] = {Step.UNDO: [], Step.REDO: []}
        self._stored = {Step.UNDO: 0, Step.REDO: 0}

    def read(self, project: Project) -> None:
        """Begin with what the project has."""
        for edits in self._at_hand.values():
            edits.clear()
        self._stored[Step.UNDO] = project.steps_to_undo
        self._stored[Step.REDO] = project.steps_to_redo

    def count(self, step: Step) -> int:
        """Return how often the step can be taken."""
        return self._stored[step] + len(self._at_hand[step])

    def has_at_hand(self, step: Step) -> bool:
        """Tell whether the project need not be asked."""
        return bool(self._at_hand[step])

    def add(self, edit: Edit) -> None:
        """Take note of an edit that was performed: what was taken back before is past."""
        self._at_hand[Step.UNDO].append(edit)
        self._at_hand[Step.REDO].clear()
        self._stored[Step.REDO] = 0

    def next(self, step: Step, project: Project) -> Edit | LargeStep | None:
        """Return the edit that is next, or a large step in its place; None where there is none.

        The project is asked where none is at hand: everything has to be saved by then.
        """
        edits = self._at_hand[step]
        if not edits and self._stored[step]:
            from annotator.project import SMALL

            undoing = step is Step.UNDO
            if (project.undo_size if undoing else project.redo_size) > SMALL:
                return LargeStep(step)
            fetched = project.undo_step() if undoing else project.redo_step()
            if fetched is not None:
                self._stored[step] -= 1
                edits.append(fetched)
        return edits[-1] if edits else None

    def move(self, step: Step) -> None:
        """Put the edit that :meth:`next` returned on the other stack: it was taken."""
        other = Step.REDO if step is Step.UNDO else Step.UNDO
        self._at_hand[other].append(self._at_hand[step].pop())
