"""What the larger dialogs share: rows of a form, a sentence for what is wrong, buttons below."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from annotator.gui.parts import Themed, label, px, set_type
from annotator.gui.text_box import TextBox
from annotator.gui.theme import Theme
from annotator.translation import tr


class Form(QFormLayout):
    """Names at the left, fields at the right, each with its accessible name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setContentsMargins(0, 0, 0, 0)
        self.setHorizontalSpacing(16)
        self.setVerticalSpacing(8)
        self.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)

    def add(self, name: str, field: QWidget, object_name: str) -> None:
        """Add a field under its name."""
        field.setObjectName(object_name)
        field.setAccessibleName(name)
        heading = label(name, tone="muted")
        heading.setContentsMargins(0, 6, 0, 0)
        heading.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        heading.setBuddy(field)
        self.addRow(heading, field)


def line(text: str = "", hint: str = "") -> QLineEdit:
    """Return a line to type in."""
    made = QLineEdit(text)
    made.setPlaceholderText(hint)
    made.setTextMargins(4, 0, 4, 0)
    set_type(made)
    return made


def lines(theme: Theme, text: str = "", hint: str = "", rows: int = 3) -> TextBox:
    """Return a field for several lines."""
    made = TextBox(theme, text, hint)
    made.setFixedHeight(px(17) * rows + 16)
    return made


def typed_lines(field: QPlainTextEdit) -> list[str]:
    """Return the lines of a field that are not empty, trimmed."""
    return [text.strip() for text in field.toPlainText().splitlines() if text.strip()]


def closing(dialog: QDialog) -> QDialogButtonBox:
    """Return the row with the one button of a dialog in which there is nothing to confirm."""
    row = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    row.button(QDialogButtonBox.StandardButton.Close).setText(tr("Close"))
    row.rejected.connect(dialog.reject)
    return row


class Complaint(QLabel):
    """A sentence in the colour of errors under what it is about; nothing while all is well."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setMinimumWidth(px(220))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        set_type(self, 12, 400, "error")
        self.hide()

    def say(self, text: str, field: QWidget | None = None) -> None:
        """Show *text* and mark *field*, or take both back."""
        self.setText(f"! {text}" if text else "")
        self.setVisible(bool(text))
        if field is not None:
            field.setProperty("wrong", bool(text))
            field.update()


class PlainDialog(Themed, QDialog):
    """A dialog in the colours of the theme, with its buttons in a row."""

    def __init__(self, theme: Theme, name: str, title: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)

    def button(
        self, text: str, name: str, act: Callable[[], object], *, default: bool = False
    ) -> QPushButton:
        """Add a button to the row."""
        made = QPushButton(text.replace("&", "&&"))
        made.setObjectName(name)
        made.setAutoDefault(False)
        made.clicked.connect(act)
        set_type(made, 13, 500)
        self.buttons.addWidget(made)
        # A dialog hears of its default button only from one that is in it by then.
        made.setDefault(default)
        return made
