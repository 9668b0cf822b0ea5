"""Correcting the text of the open article: what becomes of the labels is shown while one types."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut, QTextCursor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from annotator import editing
from annotator.editing.difference import hunks
from annotator.gui.article.display_map import DisplayMap
from annotator.gui.ask import Ask
from annotator.gui.dialogs import Complaint, PlainDialog
from annotator.gui.parts import label, px, row_height, set_type
from annotator.gui.text_box import TextBox
from annotator.gui.theme import Theme
from annotator.translation import reason, tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.workspace import Workspace

_PAUSE_MILLISECONDS: Final = 150
"""After the last key, before the list is made anew."""

_MOST_ROWS: Final = 500


class CorrectText(PlainDialog):
    """The text of an article to be typed in, and below it the labels whose words change."""

    def __init__(
        self, workspace: Workspace, ask: Ask, theme: Theme, caret: int, parent: QWidget
    ) -> None:
        super().__init__(theme, "dialog.correct_text", tr("Correct the text"), parent)
        self._workspace = workspace
        self._ask = ask
        self._before = workspace.desk.annotated.article.text
        self._map = DisplayMap(self._before)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MILLISECONDS)
        self._pause.timeout.connect(self._refresh)
        self._build()
        self._shown = self._raw()
        self._go(caret)
        self._refresh()
        self.box.textChanged.connect(self._pause.start)
        self.resize(min(px(900), parent.width() - 40), min(px(760), parent.height() - 40))

    def _build(self) -> None:
        self.box = TextBox(self.theme, self._map.shown)
        self.box.setObjectName("field.text")
        self.box.setAccessibleName(tr("Text of the article"))
        set_type(self.box, 15)
        self.summary = label(size=13, weight=600)
        self.summary.setObjectName("text.correction")
        self.summary.setWordWrap(True)
        self.wrong = Complaint("text.correction_error")
        self._build_rows()
        told = label(
            tr("The text before stays recorded. Labels keep their words; the list shows the rest."),
            12,
            tone="muted",
        )
        told.setWordWrap(True)
        self.buttons.addStretch(1)
        self.button(tr("Cancel"), "button.cancel", self.reject)
        self.save = self.button(tr("Save"), "button.save_text", self.accept)
        QShortcut(QKeySequence("Ctrl+Return"), self, self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        column.addWidget(told)
        column.addWidget(self.box, 3)
        column.addWidget(self.summary)
        column.addWidget(self.wrong)
        column.addWidget(self.rows, 1)
        column.addLayout(self.buttons)

    def _build_rows(self) -> None:
        self.rows = QTableWidget(0, 4)
        self.rows.setObjectName("table.correction")
        self.rows.setAccessibleName(tr("Labels whose words change"))
        self.rows.setHorizontalHeaderLabels(
            [tr("Who"), tr("Label"), tr("Words before"), tr("Words then")]
        )
        self.rows.verticalHeader().hide()
        self.rows.verticalHeader().setDefaultSectionSize(row_height(28))
        self.rows.setShowGrid(False)
        self.rows.setWordWrap(False)
        self.rows.setTabKeyNavigation(False)
        self.rows.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.rows.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        header = self.rows.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for section in (2, 3):
            header.setSectionResizeMode(section, QHeaderView.ResizeMode.Stretch)

    # -- the text ----------------------------------------------------------------------------

    def _raw(self) -> str:
        """Return what the field holds; its plain text would make blanks of all kinds one."""
        return self.box.document().toRawText().replace("\u2029", "\n")

    def _go(self, caret: int) -> None:
        cursor = QTextCursor(self.box.document())
        cursor.setPosition(self._map.to_shown(caret))
        self.box.setTextCursor(cursor)
        self.box.ensureCursorVisible()
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def text(self) -> str:
        """The text as it is corrected.

        Only what was typed comes from the field: it cannot hold every character of an article.
        """
        typed = self._raw()
        cuts = [cut + number for number, cut in enumerate(self._map.cuts)]
        parts: list[str] = []
        at = 0
        for hunk in hunks(self._shown, typed):
            start = hunk.old_start - bisect_left(cuts, hunk.old_start)
            parts += [self._before[at:start], typed[hunk.new_start : hunk.new_end]]
            at = hunk.old_end - bisect_left(cuts, hunk.old_end)
        return "".join([*parts, self._before[at:]])

    # -- what becomes of the labels ----------------------------------------------------------

    def _refresh(self) -> None:
        try:
            correction = editing.correct_text(self._workspace.desk.annotated, self.text)
        except editing.NothingToDo:
            self._show_rows(())
            self.summary.setText(tr("Nothing is changed yet."))
            self.wrong.say("")
        except editing.Impossible as error:
            self._show_rows(())
            self.summary.setText("")
            self.wrong.say(reason(error))
        else:
            self._show_rows(correction.spans)
            self.summary.setText(in_words(correction))
            self.wrong.say("")
        self.save.setEnabled(not self.wrong.text())

    def _show_rows(self, spans: tuple[editing.Touched, ...]) -> None:
        gone = [item for item in spans if item.after is None]
        ordered = [*gone, *(item for item in spans if item.after is not None)][:_MOST_ROWS]
        self.rows.setRowCount(len(ordered))
        for row, item in enumerate(ordered):
            for column, text in enumerate(cells(item)):
                cell = QTableWidgetItem(text)
                cell.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
                self.rows.setItem(row, column, cell)
        self.rows.setVisible(bool(ordered))

    # -- the end -----------------------------------------------------------------------------

    def accept(self) -> None:
        """Save the text, where it differs and can be one."""
        self._pause.stop()
        workspace = self._workspace
        if workspace.desk.annotated.article.text != self._before:
            self.wrong.say(tr("Somebody else has corrected this text meanwhile. Please reopen it."))
            return
        try:
            correction = editing.correct_text(workspace.desk.annotated, self.text)
        except editing.NothingToDo:
            super().reject()
            return
        except editing.Impossible:
            self._refresh()
            return
        if workspace.perform(correction.edit):
            super().accept()
            workspace.note(tr("Corrected. {what} Ctrl Z takes it back.", what=in_words(correction)))
            if correction.edit.place is not None:
                workspace.placed.emit(correction.edit.place)

    def reject(self) -> None:
        """Close; what was typed is not thrown away without a question."""
        if self.text != self._before:
            choices = (tr("Save"), tr("Throw away what was typed"))
            answer = self._ask.choose(self, tr("The corrected text is not saved yet."), choices)
            if answer == 0:
                self.accept()
            if answer != 1:
                return
        super().reject()


def in_words(correction: editing.Correction) -> str:
    """Say in a line what becomes of the labels."""
    touched, lost = len(correction.touched), len(correction.lost)
    parts = []
    if touched:
        parts.append(tr_n(touched, "{n} label gets other words.", "{n} labels get other words."))
    if lost:
        parts.append(
            tr_n(
                lost,
                "{n} label cannot be carried over, because its words are gone.",
                "{n} labels cannot be carried over, because their words are gone.",
            )
        )
    if correction.relations:
        n = len(correction.relations)
        parts.append(tr_n(n, "{n} link goes with it.", "{n} links go with them."))
    if correction.zones:
        n = len(correction.zones)
        parts.append(tr_n(n, "{n} zone is gone.", "{n} zones are gone."))
    return " ".join(parts) or tr("All labels keep their words.")


def cells(item: editing.Touched) -> tuple[str, str, str, str]:
    """Return author, label, words before and words then, each in one line."""
    before = " … ".join(item.before.text)
    if item.after is None:
        then = tr("gone")
    else:
        then = " … ".join(item.after.text)
        if item.after.unsure and not item.before.unsure:
            then = tr("{words} (unsure)", words=then)
    return item.author, item.before.label, _line(before), _line(then)


def _line(words: str) -> str:
    return " ".join(words[:400].split())
