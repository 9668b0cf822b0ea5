"""The one door for messages, questions and file dialogs; tests put their own in its place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog, QInputDialog, QLineEdit, QMessageBox, QWidget

from annotator.translation import tr


class Ask(QObject):
    """Asks the person. Every text is shown as it is, never as mark-up."""

    def tell(self, parent: QWidget | None, text: str, detail: str = "") -> None:
        """Say something that needs no decision."""
        self._box(parent, QMessageBox.Icon.Information, text, detail).exec()

    def warn(self, parent: QWidget | None, text: str, detail: str = "") -> None:
        """Say that something did not work, and what was kept."""
        self._box(parent, QMessageBox.Icon.Warning, text, detail).exec()

    def choose(
        self, parent: QWidget | None, text: str, choices: Sequence[str], detail: str = ""
    ) -> int | None:
        """Ask for one of *choices*; None when the person wants none of them."""
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
        answer, given = QInputDialog.getText(
            parent,
            title,
            prompt,
            QLineEdit.EchoMode.Normal,
            text,
        )
        return answer if given else None

    def open_files(
        self, parent: QWidget | None, title: str, kinds: str, folder: str = ""
    ) -> list[Path]:
        """Ask for files to read; *kinds* is a filter such as ``Text (*.txt)``."""
        names, _ = QFileDialog.getOpenFileNames(parent, title, folder, kinds)
        return [Path(name) for name in names]

    def open_folder(self, parent: QWidget | None, title: str, folder: str = "") -> Path | None:
        """Ask for a folder to read."""
        name = QFileDialog.getExistingDirectory(parent, title, folder)
        return Path(name) if name else None

    def save_file(
        self, parent: QWidget | None, title: str, kinds: str, name: str = ""
    ) -> Path | None:
        """Ask where to write a file; the dialog asks before one is replaced."""
        chosen, _ = QFileDialog.getSaveFileName(parent, title, name, kinds)
        return Path(chosen) if chosen else None

    def _box(
        self, parent: QWidget | None, icon: QMessageBox.Icon, text: str, detail: str
    ) -> QMessageBox:
        box = QMessageBox(parent)
        box.setObjectName("dialog.message")
        box.setWindowTitle(tr("Annotator"))
        box.setIcon(icon)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(text)
        box.setInformativeText(detail)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        return box
