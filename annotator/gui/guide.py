"""A short guided start on the sample: six steps, each a sentence and a key, dismissed for good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from annotator.gui.controls import IconButton, WordButton
from annotator.gui.parts import KeyCap, Themed, dress, label, px
from annotator.translation import tr

if TYPE_CHECKING:
    from annotator.gui.main_window import MainWindow


@dataclass(frozen=True, slots=True)
class Step:
    """What to try next."""

    title: str
    text: str
    action_id: str = ""


def steps() -> tuple[Step, ...]:
    """Return the steps of the guided start."""
    return (
        Step(
            tr("This is a marked article"),
            tr(
                "Labels stand under the words: who speaks, where, and what is said. "
                "Go from label to label."
            ),
            "span.next",
        ),
        Step(
            tr("Find likely words"),
            tr("One key selects the next words that may want a label."),
            "phrase.next",
        ),
        Step(
            tr("Mark them"),
            tr("With words selected, the letter of a label marks them. The bar below shows them."),
            "label",
        ),
        Step(
            tr("Say who said it"),
            tr("With a claim selected, this key offers its speakers; Enter takes the likeliest."),
            "relation",
        ),
        Step(
            tr("Take it back"),
            tr("Every step can be undone, also after a restart. Everything is saved by itself."),
            "undo",
        ),
        Step(
            tr("Find everything else"),
            tr("Commands, people, articles and words are one key away."),
            "palette",
        ),
    )


class Guide(Themed, QWidget):
    """A card at the lower edge of the article."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.setObjectName("panel.guide")
        self.setAccessibleName(tr("Guided start"))
        self.theme = window.theme
        self._window = window
        self._steps = steps()
        self._at = 0
        self._build()
        self.hide()
        window.installEventFilter(self)
        window.workspace.project_closed.connect(self.hide)

    def _build(self) -> None:
        self.title = label(size=15, weight=600)
        self.title.setObjectName("text.guide_title")
        self.text = label(size=13, tone="muted")
        self.text.setObjectName("text.guide")
        self.text.setWordWrap(True)
        self.cap = KeyCap(self.theme, "", self)
        self.count = label(size=12, tone="muted")
        close = IconButton("close", tr("Close the guided start"))
        close.setObjectName("button.guide_close")
        close.clicked.connect(self.leave)
        self.never = WordButton(tr("Do not show again"), tone="muted", size=12)
        self.never.setObjectName("button.guide_never")
        self.never.clicked.connect(self.dismiss)
        self.back = QPushButton(tr("Back"))
        self.back.setObjectName("button.guide_back")
        self.back.clicked.connect(lambda: self.go(-1))
        self.next = QPushButton(tr("Next"))
        self.next.setObjectName("button.guide_next")
        self.next.clicked.connect(lambda: self.go(1))
        self.setFocusProxy(self.next)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title)
        head.addWidget(self.cap)
        head.addStretch(1)
        head.addWidget(close)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.count)
        foot.addWidget(self.never)
        foot.addStretch(1)
        foot.addWidget(self.back)
        foot.addWidget(self.next)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 12, 12, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.text)
        column.addLayout(foot)

    def begin(self) -> None:
        """Start with the first step."""
        self._at = 0
        dress(self, self._window.theme)
        self.show()
        self.raise_()
        self._show_step()

    @property
    def at(self) -> int:
        """Number of the step shown, from 0."""
        return self._at

    def go(self, by: int) -> None:
        """Go to the next step, or back; after the last one the guide ends for good."""
        if self._at + by >= len(self._steps):
            self.dismiss()
            return
        self._at = max(self._at + by, 0)
        self._show_step()

    def leave(self) -> None:
        """Close the guide; it comes again at the next start of the sample."""
        self.hide()
        self._window.focus_text()

    def dismiss(self) -> None:
        """Close the guide for good; the help menu still has it."""
        self._window.settings.dismiss("guide")
        try:
            self._window.settings.save()
        except OSError as error:
            reason = tr("The settings could not be saved: {reason}", reason=error)
            self._window.workspace.note(reason)
        self.leave()

    def _show_step(self) -> None:
        step = self._steps[self._at]
        self.title.setText(step.title)
        self.text.setText(step.text)
        self.cap.set_key(self._key(step.action_id))
        self.count.setText(tr("{number} of {total}", number=self._at + 1, total=len(self._steps)))
        self.back.setEnabled(self._at > 0)
        self.next.setText(tr("Done") if self._at + 1 == len(self._steps) else tr("Next"))
        self._place()

    def _key(self, action_id: str) -> str:
        commands, scheme = self._window.commands, self._window.workspace.scheme
        if action_id == "label" and scheme.active_labels:
            action_id = f"label.{scheme.active_labels[0].name}"
        elif action_id == "relation" and scheme.relations:
            action_id = f"relation.{scheme.relations[0].name}"
        return commands.key(action_id)

    def _place(self) -> None:
        pages = self._window.pages
        width = min(px(440), pages.width() - 32)
        self.setFixedWidth(max(width, 200))
        self.adjustSize()
        corner = pages.mapTo(self._window, pages.rect().bottomLeft())
        left = corner.x() + (pages.width() - self.width()) // 2
        self.move(left, corner.y() - self.height() - 16)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the lower edge when the window changes its size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setPen(QPen(self.theme.accent, 1))
            painter.setBrush(self.theme.raised)
            box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(box, 8, 8)
        finally:
            painter.end()
