"""A line that says what is being computed, or that what is shown is stale."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from annotator.gui.parts import ProgressLine, label, px, set_type
from annotator.gui.theme import Theme
from annotator.translation import number, tr


class WorkLine(QWidget):
    """How far a computation is, with a button that begins or ends it."""

    wanted = Signal()
    cancelled = Signal()

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.setObjectName(f"work.{name}")
        self._line = ProgressLine(theme)
        self._line.setFixedWidth(px(160))
        self.words = label(size=12, tone="muted")
        self.words.setWordWrap(True)
        # It takes the room that is left: a page of figures does not scroll sideways.
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.button = QPushButton()
        self.button.setObjectName(f"button.compute_{name}")
        set_type(self.button, 13, 500)
        self.button.clicked.connect(self._press)
        self._works = False
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.button)
        row.addWidget(self._line)
        row.addWidget(self.words, 1)
        self.rest("", tr("Compute"))

    @property
    def works(self) -> bool:
        """Whether something is being computed."""
        return self._works

    def work(self) -> None:
        """Say that a computation has begun."""
        self._works = True
        self._line.set_share(0.0)
        self._line.show()
        self.words.setText(tr("Computing"))
        self.button.setText(tr("Cancel"))
        self.button.setAccessibleName(tr("Cancel the computation"))

    def advance(self, done: int, total: int) -> None:
        """Say how far it is."""
        self._line.set_share(done / total if total else 0.0)
        if done < total:
            words = tr("{done} of {total} articles", done=number(done), total=number(total))
        else:
            words = tr("Drawing articles for the intervals")
        self.words.setText(words)

    def rest(self, words: str, action: str) -> None:
        """Say *words*, and offer *action*; hide the button where that is empty."""
        self._works = False
        self._line.hide()
        self.words.setText(words)
        self.button.setText(action)
        self.button.setAccessibleName(action or tr("Compute"))
        self.button.setVisible(bool(action))

    def _press(self) -> None:
        if self._works:
            self.cancelled.emit()
        else:
            self.wanted.emit()
