"""Where an export goes: a path that follows the format until somebody writes another one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from annotator.gui.ask import Ask
from annotator.gui.parts import label, set_type
from annotator.translation import tr

if TYPE_CHECKING:
    from annotator.formats import Format


class Destination(QWidget):
    """A field with a path, and a button that asks for one."""

    changed = Signal()

    def __init__(self, ask: Ask, title: str, folder: str) -> None:
        super().__init__()
        self._ask = ask
        self._name = _file_name(title)
        self._typed = ""
        self._folder = Path(folder) if folder and Path(folder).is_dir() else documents()
        self._form: Format | None = None
        self._is_folder = False
        self.field = QLineEdit()
        self.field.setObjectName("field.save_to")
        self.field.setAccessibleName(tr("Save to"))
        self.field.textEdited.connect(self._on_typed)
        set_type(self.field)
        self.choose = QPushButton(tr("Choose…"))
        self.choose.setObjectName("button.save_to")
        self.choose.setAccessibleName(tr("Choose where to save"))
        self.choose.clicked.connect(self._ask_path)
        set_type(self.choose, 13, 500)
        self.note = label(size=12, tone="muted")
        self.note.setObjectName("text.save_to")
        self.note.setWordWrap(True)
        self.note.hide()
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addWidget(self.choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.note)
        self.setFocusProxy(self.field)

    @property
    def path(self) -> Path:
        """Where the export goes."""
        return self._folder / Path(self.field.text().strip()).expanduser()

    @property
    def folder(self) -> Path:
        """The folder in which it lies."""
        return self.path.parent

    def follow(self, form: Format, *, split: bool) -> None:
        """Propose a path that suits a format; what somebody typed keeps its name."""
        from annotator import formats

        self._form, self._is_folder = form, split or formats.is_folder(form)
        name = self._typed or f"{self._name}-{form.name}"
        self._show(self._folder / (name if self._is_folder else f"{name}{form.suffixes[0]}"))

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Say something about the path."""
        self.note.setText(text)
        self.note.setVisible(bool(text))
        self.field.setProperty("wrong", wrong)
        self.field.update()

    def _show(self, path: Path) -> None:
        home = Path.home()
        near = path.is_relative_to(home) and path != home
        self.field.setText(str(Path("~") / path.relative_to(home)) if near else str(path))

    def _on_typed(self) -> None:
        path = self.path
        if self.field.text().strip():
            self._folder = path.parent
            self._typed = path.name if self._is_folder else path.stem
        self.changed.emit()

    def _ask_path(self) -> None:
        form = self._form
        if form is None:
            return
        if self._is_folder:
            chosen = self._ask.open_folder(self, tr("Export labels"), str(self._folder))
            if chosen is not None:
                self._folder = chosen
                self.follow(form, split=True)
        else:
            kinds = f"{form.title} (*{form.suffixes[0]})"
            chosen = self._ask.save_file(self, tr("Export labels"), kinds, str(self.path))
            if chosen is not None:
                self._folder, self._typed = chosen.parent, chosen.stem
                self._show(chosen)
        self.changed.emit()


def documents() -> Path:
    """Return the folder where people keep what they make."""
    place = QStandardPaths.StandardLocation.DocumentsLocation
    found = Path(QStandardPaths.writableLocation(place))
    return found if found.is_dir() else Path.home()


def _file_name(title: str) -> str:
    """Return a title as the beginning of a file name: small letters, no blanks."""
    words = "".join(c if c.isalnum() else " " for c in title.lower()).split()
    return "-".join(words)[:60] or "export"
