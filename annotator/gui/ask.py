"""The one door for messages, questions and file dialogs; tests put their own in its place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from annotator.translation import tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog, QMessageBox, QWidget


class Ask(QObject):
    """Asks the person. Every text is shown as it is, never as mark-up."""

    def tell(self, parent: QWidget | None, text: str, detail: str = "") -> None:
        """Say something that needs no decision."""
        from PySide6.QtWidgets import QMessageBox

        self._box(parent, QMessageBox.Icon.Information, text, detail).exec()

    def warn(self, parent: QWidget | None, text: str, detail: str = "") -> None:
        """Say that something did not work, and what was kept."""
        from PySide6.QtWidgets import QMessageBox

        self._box(parent, QMessageBox.Icon.Warning, text, detail).exec()

    def offer(self, parent: QWidget | None, text: str, more: str, detail: str = "") -> bool:
        """Say that something did not work; return whether the person wants *more* of it."""
        from PySide6.QtWidgets import QMessageBox

        box = self._box(parent, QMessageBox.Icon.Warning, text, detail)
        wanted = box.addButton(more.replace("&", "&&"), QMessageBox.ButtonRole.ActionRole)
        box.setDefaultButton(box.addButton(tr("Close"), QMessageBox.ButtonRole.RejectRole))
        box.exec()
        return box.clickedButton() is wanted

    def choose(
        self, parent: QWidget | None, text: str, choices: Sequence[str], detail: str = ""
    ) -> int | None:
        """Ask for one of *choices*; None when the person wants none of them."""
        from PySide6.QtWidgets import QMessageBox

        box = self._box(parent, QMessageBox.Icon.Question, text, detail)
        box.setStandardButtons(QMessageBox.StandardButton.Cancel)
        buttons = [
            box.addButton(choice.replace("&", "&&"), QMessageBox.ButtonRole.AcceptRole)
            for choice in choices
        ]
        box.setDefaultButton(buttons[0])
        box.exec()
        clicked = box.clickedButton()
        return next((n for n, button in enumerate(buttons) if button is clicked), None)

    def line(self, parent: QWidget | None, title: str, prompt: str, text: str = "") -> str | None:
        """Ask for a line of text; None when the person cancels."""
        from PySide6.QtWidgets import QInputDialog

        dialog = QInputDialog(parent)
        dialog.setObjectName("dialog.line")
        dialog.setWindowTitle(title)
        dialog.setLabelText(prompt)
        dialog.setTextValue(text)
        _be_plain(dialog)
        given = dialog.exec()
        dialog.deleteLater()
        return dialog.textValue() if given else None

    def open_files(
        self, parent: QWidget | None, title: str, kinds: str, folder: str = ""
    ) -> list[Path]:
        """Ask for files to read; *kinds* is a filter such as ``Text (*.txt)``."""
        from PySide6.QtWidgets import QFileDialog

        names, _ = QFileDialog.getOpenFileNames(parent, title, folder, kinds)
        return [Path(name) for name in names]

    def open_folder(self, parent: QWidget | None, title: str, folder: str = "") -> Path | None:
        """Ask for a folder to read."""
        from PySide6.QtWidgets import QFileDialog

        name = QFileDialog.getExistingDirectory(parent, title, folder)
        return Path(name) if name else None

    def save_file(
        self, parent: QWidget | None, title: str, kinds: str, name: str = ""
    ) -> Path | None:
        """Ask where to write a file; the dialog asks before one is replaced."""
        from PySide6.QtWidgets import QFileDialog

        chosen, _ = QFileDialog.getSaveFileName(parent, title, name, kinds)
        return Path(chosen) if chosen else None

    def colour(self, parent: QWidget | None, title: str, colour: str) -> str | None:
        """Ask for a colour, beginning with *colour*; as ``#rrggbb``."""
        from PySide6.QtGui import QColor
        from PySide6.QtWidgets import QColorDialog

        chosen = QColorDialog.getColor(QColor(colour), parent, title)
        return chosen.name() if chosen.isValid() else None

    def _box(
        self, parent: QWidget | None, icon: QMessageBox.Icon, text: str, detail: str
    ) -> QMessageBox:
        from PySide6.QtWidgets import QApplication, QMessageBox

        from annotator.gui.icons import pixmap
        from annotator.gui.parts import px
        from annotator.gui.style import Style

        box = QMessageBox(parent)
        box.setObjectName("dialog.message")
        box.setWindowTitle(tr("Annotator"))
        box.setIcon(icon)
        style = QApplication.style()
        if isinstance(style, Style):  # a mark of our family, in the colours of the theme
            name, tone = {
                QMessageBox.Icon.Information: ("info", style.theme.accent),
                QMessageBox.Icon.Warning: ("warning", style.theme.warning),
                QMessageBox.Icon.Question: ("help", style.theme.accent),
            }[icon]
            box.setIconPixmap(pixmap(name, tone, px(32)))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(text)
        box.setInformativeText(detail)
        _be_plain(box)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        return box


def _be_plain(dialog: QDialog) -> None:
    """Let nothing in a dialog of Qt's own be mark-up, nor lead anywhere."""
    from PySide6.QtWidgets import QLabel

    for label in dialog.findChildren(QLabel):
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setOpenExternalLinks(False)
