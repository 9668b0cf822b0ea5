"""Fields with their names, two beside each other where there is room."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QWidget,
)

from annotator.gui.parts import label, px, set_type


class Pairs(QWidget):
    """A form of two columns that becomes one column where it is narrow."""

    def __init__(self) -> None:
        super().__init__()
        self._cells: list[tuple[QLabel, QWidget, bool]] = []
        self._hidden: set[QWidget] = set()
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)

    def add(self, name: str, field: QWidget, object_name: str, *, wide: bool = False) -> None:
        """Add a field under its name; a *wide* one has a row for itself."""
        field.setObjectName(object_name)
        field.setAccessibleName(name)
        heading = label(name, tone="muted")
        heading.setBuddy(field)
        heading.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        heading.setContentsMargins(0, 5, 0, 0)
        heading.setWordWrap(True)
        self._cells.append((heading, field, wide))
        self._arrange(self._columns or 2)

    def show_field(self, field: QWidget, on: bool) -> None:
        """Show a field with its name, or hide both."""
        if on != (field in self._hidden):
            return
        self._hidden ^= {field}
        for heading, widget, _ in self._cells:
            if widget is field:
                widget.setVisible(on)
                heading.setVisible(on)
        self._arrange(self._columns)

    def _arrange(self, columns: int) -> None:
        """Put what is shown into rows."""
        self._columns = columns
        while self._grid.takeAt(0) is not None:
            continue
        row = column = 0
        for heading, field, wide in self._cells:
            if field in self._hidden:
                # What leaves a layout is without a parent here: shown, it would be a window.
                for widget in (heading, field):
                    if widget.parent() is not self:
                        widget.setParent(self)
                        widget.hide()
                continue
            if column and (wide or column >= columns):
                row, column = row + 1, 0
            self._grid.addWidget(heading, row, 3 * column)
            span = 1 if columns == 1 or not wide else 4
            self._grid.addWidget(field, row, 3 * column + 1, 1, span)
            column += columns if wide else 1
            if column >= columns:
                row, column = row + 1, 0
        for at in range(5):
            self._grid.setColumnStretch(at, 1 if at in (1, 4) and (at == 1 or columns > 1) else 0)
            self._grid.setColumnMinimumWidth(at, 0)
        self._grid.setColumnMinimumWidth(0, px(92))
        if columns > 1:
            self._grid.setColumnMinimumWidth(2, px(8))
            self._grid.setColumnMinimumWidth(3, px(92))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        columns = 2 if self.width() >= px(600) else 1
        if columns != self._columns:
            self._arrange(columns)

    def minimumSizeHint(self) -> QSize:
        return QSize(px(200), super().minimumSizeHint().height())


class Tick(QWidget):
    """A tick box whose words go on in a second line where there is no room."""

    clicked = Signal()

    def __init__(self, object_name: str, text: str) -> None:
        super().__init__()
        self.box = QCheckBox()
        self.box.setObjectName(object_name)
        self.box.setAccessibleName(text)
        self.box.clicked.connect(self.clicked)
        words = label(text)
        words.setWordWrap(True)
        words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.box, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(words, 1)
        self.setFocusProxy(self.box)

    @property
    def is_on(self) -> bool:
        """Whether it is ticked."""
        return self.box.isChecked()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self.rect().contains(event.position().toPoint()):
            self.box.click()


class Choice(QComboBox):
    """A list to choose one thing from, told by its key."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        set_type(self)

    @property
    def key(self) -> str:
        """Key of what is chosen."""
        return str(self.currentData() or "")

    def choose(self, key: str) -> bool:
        """Choose what has the key, without telling anybody; say whether there is such a thing."""
        at = self.findData(key)
        if at < 0:
            return False
        before = self.blockSignals(True)
        self.setCurrentIndex(at)
        self.blockSignals(before)
        return True

    def offer(self, options: list[tuple[str, str]]) -> None:
        """Offer keys with their texts in place of others; what was chosen stays so if it can."""
        now = self.key
        before = self.blockSignals(True)
        self.clear()
        for key, text in options:
            self.addItem(text, key)
        self.blockSignals(before)
        self.choose(now)
