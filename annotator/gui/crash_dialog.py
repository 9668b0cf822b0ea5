"""A crash report to read, and to add to: what was done, and what the error says of itself."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QVBoxLayout, QWidget

from annotator import crashes
from annotator.gui.dialogs import Complaint, PlainDialog, lines
from annotator.gui.parts import label, px, set_type
from annotator.gui.theme import Theme
from annotator.translation import tr


class CrashDialog(PlainDialog):
    """Shows all that a report says; nothing is added unless the person does so."""

    def __init__(self, report: Path, words: str, theme: Theme, parent: QWidget | None) -> None:
        super().__init__(theme, "dialog.crash", tr("What went wrong"), parent)
        self._report = report
        self._words = words
        told = tr("This is the whole report. It lies on this computer, and is sent nowhere.")
        where = label(f"{told}\n{report}", 12, tone="muted")
        where.setWordWrap(True)
        self.text = QPlainTextEdit(_read(report))
        self.text.setObjectName("text.report")
        self.text.setAccessibleName(tr("The report"))
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.note = lines(theme, hint=tr("What did you do just before? That helps."))
        self.note.setObjectName("field.crash")
        self.note.setAccessibleName(tr("What you did just before"))
        self.quoting = QCheckBox(tr("Add what the error says; it may quote an article"))
        self.quoting.setObjectName("field.quoting")
        self.quoting.setVisible(bool(words))
        set_type(self.quoting)
        self.complaint = Complaint("text.crash.complaint")
        self.buttons.addStretch(1)
        self.button(tr("Close"), "button.close", self.reject)
        self.button(tr("Add to the report"), "button.add", self.add, default=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        for widget in (where, self.text, self.note, self.quoting, self.complaint):
            column.addWidget(widget)
        column.addLayout(self.buttons)
        self.note.setFocus()
        self.resize(px(640), px(480))

    def add(self) -> None:
        """Add what was typed, and what the error says where that is wanted."""
        parts = [self.note.toPlainText().strip()]
        if self.quoting.isChecked():
            parts.append(self._words)
        words = "\n".join(part for part in parts if part)
        try:
            if words:
                crashes.add(self._report, words)
        except OSError as error:
            self.complaint.say(tr("The report cannot be written: {reason}", reason=error))
            return
        self.accept()


def _read(report: Path) -> str:
    try:
        return report.read_text("utf-8", errors="replace")
    except OSError as error:
        return str(error)
