"""The dialog for a new project: its name, its scheme, and the articles it begins with."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from annotator import resources
from annotator.gui.ask import Ask
from annotator.gui.parts import Elided, label, px
from annotator.translation import tr, tr_n


class NewProject(QDialog):
    """Asks what a new project is to be."""

    def __init__(
        self, ask: Ask, folder: str, articles: list[Path], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("dialog.new_project")
        self.setWindowTitle(tr("New project"))
        self._ask = ask
        self.articles = list(articles)
        self._folder = Path(folder)
        self._chosen: Path | None = None
        self._build()
        self._refresh()

    def _build(self) -> None:
        self.name = QLineEdit(self._proposed_name())
        self.name.setObjectName("field.title")
        self.name.setAccessibleName(tr("Name of the project"))
        self.name.selectAll()
        self.name.textChanged.connect(self._refresh)
        self.scheme = QComboBox()
        self.scheme.setObjectName("field.scheme")
        self.scheme.setAccessibleName(tr("Scheme"))
        for name, title in shipped_schemes():
            self.scheme.addItem(title, name)
        self.scheme.setCurrentIndex(max(self.scheme.findData("news-default"), 0))
        self._place = Elided("", 13)
        place = QPushButton(tr("Change"))
        place.setObjectName("button.change_place")
        place.clicked.connect(self._ask_place)
        self._from = Elided("", 13)
        folder = QPushButton(tr("Folder"))
        folder.setObjectName("button.from_folder")
        folder.clicked.connect(self._ask_folder)
        files = QPushButton(tr("Files"))
        files.setObjectName("button.from_files")
        files.clicked.connect(self._ask_files)
        form = QFormLayout()
        form.setSpacing(12)
        form.addRow(tr("Name"), self.name)
        form.addRow(tr("Scheme"), self.scheme)
        form.addRow(tr("File"), _row(self._place, place))
        form.addRow(tr("Articles"), _row(self._from, folder, files))
        self._wrong = label(size=12, tone="error")
        self._wrong.setWordWrap(True)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._make = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self._make.setText(tr("Make the project"))
        self._make.setObjectName("button.make")
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(tr("Cancel"))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        column.addLayout(form)
        column.addWidget(self._wrong)
        column.addWidget(buttons)
        self.setMinimumWidth(px(520))

    def _proposed_name(self) -> str:
        if len(self.articles) == 1:
            return self.articles[0].stem
        return tr("My articles")

    @property
    def title(self) -> str:
        """The name of the project."""
        return self.name.text().strip()

    @property
    def scheme_name(self) -> str:
        """The name of the shipped scheme it begins with."""
        return str(self.scheme.currentData())

    @property
    def location(self) -> Path:
        """Where the project's file will be."""
        if self._chosen is not None:
            return self._chosen
        safe = "".join(c if c.isalnum() or c in " -_." else "-" for c in self.title).strip(" .")
        return self._folder / f"{safe or tr('project')}.annotator"

    def _refresh(self) -> None:
        self._place.setText(str(self.location))
        count = len(self.articles)
        if count == 0:
            self._from.setText(tr("None yet"))
        elif count == 1:
            self._from.setText(self.articles[0].name)
        else:
            self._from.setText(tr_n(count, "{n} file", "{n} files"))
        wrong = ""
        if not self.title:
            wrong = tr("The project needs a name.")
        elif self.location.exists():
            wrong = tr("There is a file called {name} already. Choose another name or place.",
                       name=self.location.name)  # fmt: skip
        self._wrong.setText(wrong)
        self._make.setEnabled(not wrong)

    def _ask_place(self) -> None:
        kinds = tr("Projects ({pattern})", pattern="*.annotator")
        path = self._ask.save_file(self, tr("Where the project is kept"), kinds, str(self.location))
        if path is not None:
            self._chosen = path if path.suffix == ".annotator" else Path(f"{path}.annotator")
            self._refresh()

    def _ask_folder(self) -> None:
        path = self._ask.open_folder(self, tr("Folder with articles"))
        if path is not None:
            self.articles = [path]
            self._refresh()

    def _ask_files(self) -> None:
        kinds = tr("Articles ({pattern})", pattern="*.txt *.md *.markdown *.html *.htm")
        paths = self._ask.open_files(self, tr("Articles"), kinds)
        if paths:
            self.articles = paths
            self._refresh()


def _row(text: QWidget, *buttons: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(text, 1, Qt.AlignmentFlag.AlignVCenter)
    for button in buttons:
        row.addWidget(button)
    return row


def shipped_schemes() -> list[tuple[str, str]]:
    """Return the names and titles of the schemes that ship, the default one first."""
    import tomllib

    found = []
    for name in resources.names("schemes", ".toml"):
        title = tomllib.loads(resources.text(name)).get("title", name)
        found.append((Path(name).stem, str(title)))
    return sorted(found, key=lambda item: (item[0] != "news-default", item[1]))
