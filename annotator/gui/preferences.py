"""The preferences: each with a sentence that says what it does. They hold at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from annotator.gui.dialogs import closing
from annotator.gui.parts import dress, label, px
from annotator.gui.welcome import theme_in_words
from annotator.settings import TEXT_SIZES, THEMES
from annotator.translation import LANGUAGES, tr

if TYPE_CHECKING:
    from annotator.gui.main_window import MainWindow


class Preferences(QDialog):
    """What a person can set."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.setObjectName("dialog.preferences")
        self.setWindowTitle(tr("Preferences"))
        self._window = window
        self._settings = window.settings
        self._form = QFormLayout()
        self._form.setHorizontalSpacing(24)
        self._form.setVerticalSpacing(4)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self._build()
        self.resize(min(px(600), window.width() - 40), min(px(640), window.height() - 40))

    def _build(self) -> None:
        page = QWidget()
        page.setLayout(self._form)
        self._form.setContentsMargins(24, 24, 24, 8)
        self._build_person()
        self._build_look()
        self._build_marking()
        area = QScrollArea()
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(24, 8, 24, 16)
        foot.addWidget(closing(self))
        column.addLayout(foot)

    def _build_person(self) -> None:
        self.author = QLineEdit(self._settings.author)
        self.author.setMinimumWidth(px(220))
        self.author.editingFinished.connect(self._set_author)
        self._row(
            "author",
            tr("Name"),
            self.author,
            tr("Stands at your labels in projects that you open from now on."),
        )
        self.language = self._choice(list(LANGUAGES.items()), self._settings.language)
        self.language.activated.connect(self._set_language)
        self._row(
            "language", tr("Language"), self.language, tr("Of menus and messages, not of articles.")
        )
        self.reopen = self._tick(tr("Begin with the last project"), self._settings.reopen)
        self.reopen.toggled.connect(lambda on: self._set("reopen", on))
        self._row("reopen", "", self.reopen, tr("Otherwise the welcome page comes first."))

    def _build_look(self) -> None:
        names = [(name, theme_in_words(name)) for name in THEMES]
        self.theme = self._choice(names, self._settings.theme)
        self.theme.activated.connect(self._set_theme)
        self._row("theme", tr("Theme"), self.theme, tr("Colours of the window and the article."))
        sizes = [(str(size), f"{size} %") for size in TEXT_SIZES]
        self.text_size = self._choice(sizes, str(self._settings.text_size))
        self.text_size.activated.connect(self._set_text_size)
        self._row("text_size", tr("Text size"), self.text_size, tr("Of everything in the window."))
        densities = [("captions", tr("With captions")), ("compact", tr("Bars only"))]
        self.density = self._choice(densities, self._settings.density)
        self.density.activated.connect(self._set_density)
        self._row(
            "density",
            tr("Labels"),
            self.density,
            tr("Bars only leaves more room for reading; captions come for the selected label."),
        )

    def _build_marking(self) -> None:
        self.snap = self._tick(tr("Grow selections to whole words"), self._settings.snap)
        self.snap.toggled.connect(lambda on: self._set("snap", on))
        self._row("snap", "", self.snap, tr("So that no label begins in the middle of a word."))
        self.trim = self._tick(tr("Leave out punctuation at the end"), self._settings.trim)
        self.trim.toggled.connect(lambda on: self._set("trim", on))
        self._row(
            "trim", "", self.trim, tr("And quotation marks that have no partner in the selection.")
        )
        self.fill = self._tick(tr("Fill in what is likely"), self._settings.fill)
        self.fill.toggled.connect(lambda on: self._set("fill", on))
        self._row(
            "fill", "", self.fill, tr("Speaker and cue of a new claim, and who a known name is.")
        )
        keys = QPushButton(tr("Change keys"))
        keys.clicked.connect(lambda: self._window.commands.run("keys"))
        keys.setAutoDefault(False)
        self._row("keys", tr("Keys"), keys, tr("Every action can have the key that suits you."))

    # -- rows --------------------------------------------------------------------------------

    def _row(self, name: str, title: str, field: QWidget, sentence: str) -> None:
        field.setObjectName(f"preference.{name}")
        if title:
            field.setAccessibleName(title)
        field.setAccessibleDescription(sentence)
        said = label(sentence, 12, tone="muted")
        said.setWordWrap(True)
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 12)
        column.setSpacing(4)
        column.addWidget(field, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(said)
        self._form.addRow(label(title, 13), box)

    def _choice(self, options: list[tuple[str, str]], current: str) -> QComboBox:
        box = QComboBox()
        for key, text in options:
            box.addItem(text, key)
        box.setCurrentIndex(max(box.findData(current), 0))
        box.setMinimumWidth(px(220))
        return box

    def _tick(self, text: str, on: bool) -> QCheckBox:
        box = QCheckBox(text)
        box.setChecked(on)
        return box

    # -- what they do ------------------------------------------------------------------------

    def _set(self, name: str, value: object) -> None:
        setattr(self._settings, name, value)
        self._save()

    def _save(self) -> None:
        try:
            self._settings.save()
        except OSError as error:
            text = tr("The settings could not be saved: {reason}", reason=error)
            self._window.ask.warn(self, text)

    def _set_author(self) -> None:
        name = self.author.text().strip()
        if name:
            self._set("author", name)

    def _set_language(self) -> None:
        language = str(self.language.currentData())
        if language != self._settings.language:
            window = self._window
            self.accept()
            window.language_wanted.emit(language)

    def _set_theme(self) -> None:
        self._window.theme_wanted.emit(str(self.theme.currentData()))
        self._after_look()

    def _set_text_size(self) -> None:
        self._window.text_size_wanted.emit(int(self.text_size.currentData()))
        self._after_look()

    def _after_look(self) -> None:
        dress(self, self._window.theme)
        self._save()

    def _set_density(self) -> None:
        self._settings.density = str(self.density.currentData())
        if self._window.has_bench:
            self._window.article_page.set_look()
        self._save()
