"""Title, source, date, language and zones of the article: all of it can be corrected, undoably."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from annotator import editing
from annotator.errors import UserError
from annotator.gui.dialogs import closing
from annotator.gui.parts import label, px, row_height
from annotator.gui.theme import Theme
from annotator.model import Article, Edit, Fragment
from annotator.translation import reason, tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.workspace import Workspace


def zone_names() -> dict[str, str]:
    """Return the zones in the order of a page, with what people call them."""
    return {
        "headline": tr("Headline"),
        "subhead": tr("Sub-headline"),
        "byline": tr("Byline"),
        "dateline": tr("Dateline"),
        "lead": tr("Lead"),
        "body": tr("Body"),
        "section_heading": tr("Section heading"),
        "caption": tr("Caption"),
        "boilerplate": tr("Boilerplate"),
    }


class ArticleDetails(QDialog):
    """What is known about the open article."""

    def __init__(self, workspace: Workspace, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("dialog.article_details")
        self.setWindowTitle(tr("Title, source, date and zones"))
        self._workspace = workspace
        self._theme = theme
        self._fields: dict[str, QLineEdit] = {}
        self._build()
        self._fill()
        self.resize(min(px(680), parent.width() - 40), min(px(640), parent.height() - 40))

    @property
    def _article(self) -> Article:
        return self._workspace.desk.annotated.article

    def _build(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        for name, title in (
            ("title", tr("Title")),
            ("source", tr("Source")),
            ("published", tr("Day of publication")),
            ("language", tr("Language")),
            ("url", tr("Address")),
        ):
            field = QLineEdit()
            field.setObjectName(f"field.{name}")
            field.setAccessibleName(title)
            field.editingFinished.connect(lambda name=name: self._correct(name))
            self._fields[name] = field
            form.addRow(title, field)
        self._fields["published"].setPlaceholderText(tr("year-month-day"))
        self._fields["language"].setPlaceholderText(tr("such as en or de"))
        self._facts = label(size=12, tone="muted")
        self._wrong = label(size=12, tone="error")
        self._wrong.setObjectName("text.details_error")
        self._wrong.setWordWrap(True)
        self._build_zones()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        column.addLayout(form)
        column.addWidget(self._facts)
        column.addWidget(self._wrong)
        self._wrong.hide()
        column.addWidget(label(tr("Zones, paragraph by paragraph"), 11, 600, "muted"))
        column.addWidget(self.zones, 1)
        column.addWidget(self.selected)
        column.addWidget(closing(self))

    def _build_zones(self) -> None:
        self.zones = QTableWidget(0, 2)
        self.zones.setObjectName("table.zones")
        self.zones.setAccessibleName(tr("Zones, paragraph by paragraph"))
        self.zones.horizontalHeader().hide()
        self.zones.verticalHeader().hide()
        self.zones.setShowGrid(False)
        self.zones.setWordWrap(False)
        self.zones.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.zones.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.zones.verticalHeader().setDefaultSectionSize(row_height(36))
        header = self.zones.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.selected = QPushButton(tr("The words selected in the article are the dateline"))
        self.selected.setObjectName("button.zone_of_selection")
        self.selected.setAutoDefault(False)
        self.selected.clicked.connect(self._mark_dateline)

    def _fill(self) -> None:
        article = self._article
        for name, field in self._fields.items():
            field.setText(str(getattr(article, name) or ""))
        words = len(article.text.split())
        corrected = len(article.former_texts)
        told = tr_n(corrected, "Corrected {n} time.", "Corrected {n} times.")
        kept = tr("The text stands as it came in.")
        self._facts.setText(tr("{words} words.", words=words) + f" {told if corrected else kept}")
        paragraphs = [
            part
            for part in self._workspace.structure.paragraphs
            if article.text[part.start : part.end].strip()
        ]
        self.zones.setRowCount(len(paragraphs))
        for row, paragraph in enumerate(paragraphs):
            text = " ".join(article.text[paragraph.start : paragraph.end].split())
            item = QTableWidgetItem(text[:200])
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            self.zones.setItem(row, 0, item)
            self.zones.setCellWidget(row, 1, self._zone_box(row, paragraph))

    def _zone_box(self, row: int, paragraph: Fragment) -> QComboBox:
        box = QComboBox()
        box.setObjectName(f"field.zone.{row + 1}")
        box.setAccessibleName(tr("Zone of paragraph {n}", n=row + 1))
        box.addItem(tr("Not said"), None)
        for zone, name in zone_names().items():
            if zone != "dateline":
                box.addItem(name, zone)
        box.setCurrentIndex(max(box.findData(zone_at(self._article, paragraph)), 0))
        box.activated.connect(
            lambda _index, box=box, paragraph=paragraph: self._set_zone(
                paragraph, box.currentData()
            )
        )
        return box

    # -- correcting --------------------------------------------------------------------------

    def _correct(self, name: str) -> None:
        text = self._fields[name].text().strip()
        if text == str(getattr(self._article, name) or ""):
            return
        value = text if text or name == "title" else None
        self._perform(lambda: editing.set_metadata(self._article, **{name: value}))

    def _set_zone(self, paragraph: Fragment, zone: str | None) -> None:
        self._perform(lambda: editing.set_zone(self._article, paragraph, zone))

    def _mark_dateline(self) -> None:
        window = self.parent()
        view = getattr(window, "view", None)
        selection = None if view is None else view.selection()
        if selection is None:
            self._say(tr("Select the words of the dateline in the article first."))
            return
        self._perform(lambda: editing.set_zone(self._article, selection, "dateline"))

    def _say(self, wrong: str) -> None:
        self._wrong.setText(wrong)
        self._wrong.setVisible(bool(wrong))

    def _perform(self, make: Callable[[], Edit]) -> None:
        try:
            edit = make()
        except editing.NothingToDo:
            return
        except UserError as error:
            self._say(reason(error))
            return
        self._say("")
        self._workspace.perform(edit)


def zone_at(article: Article, paragraph: Fragment) -> str | None:
    """Return the zone that covers most of *paragraph*, datelines apart."""
    best, most = None, 0
    for zone in article.zones:
        shared = min(zone.end, paragraph.end) - max(zone.start, paragraph.start)
        if zone.zone != "dateline" and shared > most:
            best, most = zone.zone, shared
    return best
