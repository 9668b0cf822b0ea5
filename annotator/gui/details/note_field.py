"""A field for a note: grows with it, Enter keeps it, Esc takes it back; both leave."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy

from annotator.gui.parts import KeyCap, px
from annotator.gui.text_box import TextBox
from annotator.gui.theme import Theme

MOST_LINES = 6


class NoteField(TextBox):
    """One line high while it is empty; Shift+Enter begins another line."""

    written = Signal(str)
    """The note, when it is done and has changed."""
    left = Signal()

    def __init__(self, theme: Theme, hint: str, key: str = "") -> None:
        super().__init__(theme, hint=hint)
        self._shown = ""
        self.setAccessibleName(hint)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.cap = KeyCap(theme, key, self)
        self.textChanged.connect(self._arrange)

    def show_text(self, text: str) -> None:
        """Show the note as it is stored; what is being typed stays."""
        if self.hasFocus() and self.toPlainText() != self._shown:
            return
        self._shown = text
        if text != self.toPlainText():
            self.setPlainText(text)

    def set_key(self, key: str) -> None:
        """Show the key that comes here."""
        self.cap.set_key(key)
        self._arrange()

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.cap.theme = theme
        self._arrange()

    def sizeHint(self) -> QSize:
        lines = min(max(self.document().size().height(), 1), MOST_LINES)
        height = round(self.fontMetrics().lineSpacing() * lines)
        return QSize(px(160), max(32, height + 16))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(80), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        size = self.cap.sizeHint()
        self.cap.setVisible(bool(self.cap.text) and not self.toPlainText() and not self.hasFocus())
        top = (max(32, self.fontMetrics().lineSpacing() + 16) - size.height()) // 2
        self.cap.setGeometry(self.width() - size.width() - 8, top, size.width(), size.height())
        grown = self.document().size().height() > MOST_LINES
        bar = (
            Qt.ScrollBarPolicy.ScrollBarAsNeeded if grown else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )
        self.setVerticalScrollBarPolicy(bar)
        self.updateGeometry()

    def keep(self) -> None:
        """Hand over what is typed, if it has changed."""
        text = self.toPlainText().strip()
        if text != self._shown:
            self._shown = text
            self.written.emit(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shifted = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not shifted:
            self.keep()
            self.left.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.setPlainText(self._shown)
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._arrange()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.keep()
        self._arrange()
