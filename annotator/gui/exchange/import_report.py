"""What became of an import: a line for the status bar, and all of it for people to copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from annotator.gui.dialogs import PlainDialog
from annotator.gui.parts import dress, label, px
from annotator.gui.text_box import TextBox
from annotator.translation import number, tr, tr_n

if TYPE_CHECKING:
    from collections.abc import Iterable

    from annotator.exchange import Report, Stranger
    from annotator.gui.theme import Theme


def summary(report: Report) -> str:
    """Say in one line what became of an import."""
    parts = [tr_n(len(report.articles), "{n} article came in", "{n} articles came in")]
    if report.spans:
        parts.append(tr_n(report.spans, "{n} label", "{n} labels"))
    if report.known:
        parts.append(tr_n(report.known, "{n} was there already", "{n} were there already"))
    if report.failed:
        parts.append(tr_n(len(report.failed), "{n} could not be read", "{n} could not be read"))
    return ", ".join(parts) + "."


def wants_reading(report: Report) -> bool:
    """Tell whether a report says something that a person should see."""
    return not report.complete or bool(report.added or report.left_out)


def report_text(report: Report) -> str:
    """Return a whole report, to be read and copied."""
    blocks = [
        (tr("What was left out, and why:"), report.failed),
        (tr("What is in the project already and differs:"), report.differing),
        (tr("Added to the scheme:"), _named(report.added)),
        (tr("Not in the scheme, and left out:"), _named(report.left_out)),
        (tr("To be known:"), report.notes),
    ]
    return "\n\n".join("\n".join((heading, *lines)) for heading, lines in blocks if lines)


def _named(strangers: Iterable[Stranger]) -> list[str]:
    return [f"{one.name} ({number(one.count)})" for one in strangers]


class ImportReportDialog(PlainDialog):
    """What came in and what did not, and why."""

    def __init__(self, report: Report, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, "dialog.import_report", tr("Import articles"), parent)
        self.resize(min(px(640), parent.width() - 40), min(px(400), parent.height() - 40))
        self._head = summary(report)
        head = label(self._head, 15, 600)
        head.setWordWrap(True)
        self.text = TextBox(theme, report_text(report))
        self.text.setObjectName("text.import_report")
        self.text.setAccessibleName(tr("What became of the import"))
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        undo = label(tr("Undo takes the whole import back."), 12, tone="muted")
        undo.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        column.addWidget(head)
        column.addWidget(self.text, 1)
        column.addWidget(undo)
        column.addLayout(self.buttons)
        self.buttons.addStretch(1)
        self.button(tr("Copy"), "button.copy_report", self.copy)
        self.button(tr("Close"), "button.close", self.accept, default=True).setFocus()
        dress(self, theme)

    def copy(self) -> None:
        """Put all of it into the clipboard."""
        QGuiApplication.clipboard().setText(f"{self._head}\n\n{self.text.toPlainText()}\n")
