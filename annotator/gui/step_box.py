"""How far a large undo or redo is, over a window that waits for it but stays alive."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Slot
from PySide6.QtWidgets import QProgressBar, QProgressDialog, QWidget

from annotator.gui.stepping import LargeStep
from annotator.gui.writer import Step
from annotator.translation import tr


class StepBox(QProgressDialog):
    """Tells how far it is, and can give it up."""

    def __init__(self, step: LargeStep, parent: QWidget) -> None:
        undoing = step.step is Step.UNDO
        text = tr("Taking back a large change") if undoing else tr("Making a large change again")
        super().__init__(text, tr("Cancel"), 0, 0, parent)
        self._text = text
        self.setObjectName("dialog.stepping")
        self.setWindowTitle(tr("Undo") if undoing else tr("Redo"))
        self.setAutoClose(False)
        self.setAutoReset(False)
        # Its own setValue would let the window go on with whatever waits, in the middle of ours.
        self._bar = QProgressBar(self)
        self._bar.setAccessibleName(text)
        self.setBar(self._bar)
        self.canceled.connect(step.cancel)
        step.progressed.connect(self._show_progress)
        step.done.connect(self._end)
        step.failed.connect(self._end)
        self.open()

    @Slot(int, int)
    def _show_progress(self, made: int, of: int) -> None:
        self._bar.setRange(0, of)
        self._bar.setValue(made)
        numbers = QLocale()
        told = tr("{made} of {of} changes", made=numbers.toString(made), of=numbers.toString(of))
        self.setLabelText(f"{self._text}\n{told}")

    @Slot(object)
    def _end(self, _answer: object) -> None:
        self.canceled.disconnect()
        self.close()
        self.deleteLater()
