"""Files in: what was found, how it is read, what becomes of the labels, and what does not fit."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from annotator import formats
from annotator.gui.dialogs import Complaint
from annotator.gui.exchange.article_text import NOBODY, article_text
from annotator.gui.exchange.format_list import Entry
from annotator.gui.exchange.import_form import ImportForm
from annotator.gui.exchange.newest import Newest
from annotator.gui.exchange.panels import FixedText, Remark, RemarkPanel
from annotator.gui.exchange.prospect import Glance, Prospect, glance, prospect
from annotator.gui.exchange.sided_dialog import SidedDialog
from annotator.gui.exchange.tables import ColumnTable, StrangerTable
from annotator.gui.parts import dress
from annotator.translation import number, tr, tr_n

if TYPE_CHECKING:
    from annotator.exchange import Found, Look, Options
    from annotator.gui.theme import Theme
    from annotator.gui.workspace import Workspace

PAUSE_MILLISECONDS: Final = 150
_FILES: Final = 200
"""Files of a format that are listed; the others are counted."""
_PROBLEMS: Final = 12


class ImportDialog(SidedDialog):
    """Shows what files would bring, and asks what has to be said about them."""

    wanted = Signal(object)
    """The Options with which the files are to be imported."""

    def __init__(
        self, workspace: Workspace, paths: Sequence[Path], theme: Theme, parent: QWidget
    ) -> None:
        names = ("dialog.import", tr("Import articles"))
        super().__init__(theme, names, ("list.found", tr("What was found")), parent)
        self.paths = list(paths)
        self.prospect: Prospect | None = None
        self.looks = Newest(workspace.project, parent)
        self.glances = Newest(workspace.project, parent)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MILLISECONDS)
        self._pause.timeout.connect(self._look)
        self._build(workspace)
        self._connect()
        dress(self, theme)
        self._show_looking()
        self._look()

    # -- building --------------------------------------------------------------------------------

    def _build(self, workspace: Workspace) -> None:
        self.form = ImportForm()
        self.complaint = Complaint("error.import")
        self.columns = ColumnTable(self.theme)
        self.strangers = StrangerTable(self.theme, workspace.scheme)
        self.problems = RemarkPanel(self.theme, "panel.problems", tr("What does not fit"))
        caption, self.preview_name = self.caption(tr("First article"))
        self.preview = FixedText(self.theme, "text.article_preview", tr("First article"), 9)
        self.preview.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.preview.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        for widget in (self.form, self.complaint, self.columns, self.strangers):
            self.page.addWidget(widget)
        self.page.addLayout(caption)
        self.page.addWidget(self.preview)
        self.page.addSpacing(8)
        self.page.addWidget(self.problems)
        self.page.addStretch(1)
        self.add_buttons(tr("Cancel"), tr("Import"), "button.import")

    def _connect(self) -> None:
        self.form.changed.connect(self._look_soon)
        self.columns.changed.connect(self._look_soon)
        self.strangers.changed.connect(self._glance)
        self.entries.chosen.connect(self._glance)
        self.looks.done.connect(self._on_prospect)
        self.looks.failed.connect(self._on_failed)
        self.looks.progressed.connect(self._on_progress)
        self.glances.done.connect(self._on_glance)
        self.finished.connect(self._on_finished)

    def _on_finished(self) -> None:
        self.looks.close()
        self.glances.close()

    # -- looking ---------------------------------------------------------------------------------

    def options(self) -> Options:
        """Return how the files are to be imported."""
        table = self.strangers
        return self.form.options(self.columns.fields(), table.names(), add=table.adds)

    def _look_soon(self) -> None:
        self.prospect = None
        self.act_button.setEnabled(False)
        self.looks.drop()
        self._pause.start()

    def _look(self) -> None:
        """Look at the files with everything that was chosen but the names: they come later."""
        from annotator.exchange import Names

        options = self.form.options(self.columns.fields(), Names(), add=True)
        self.complaint.say("")
        self.looks.ask(prospect(self.paths, options))

    def _show_looking(self) -> None:
        self.heading.setText(tr("Looking at the files"))
        self.act_button.setEnabled(False)
        self.form.setEnabled(False)
        self.cancel_button.setFocus()

    def _on_progress(self, count: int, total: int, what: str) -> None:
        self.progress.show()
        self.progress.show_step(tr("Looking"), count, total, what)

    def _on_failed(self, why: str) -> None:
        self.progress.hide()
        self.form.setEnabled(True)
        self.complaint.say(why)

    def _on_prospect(self, found: Prospect) -> None:
        is_first = not self.form.isEnabled()
        self.prospect = found
        self.progress.hide()
        self.form.setEnabled(True)
        self.form.show_prospect(found)
        self.columns.show_columns(found.columns)
        self.strangers.show_strangers(found.look.strangers)
        self._show_counts(found.look)
        self._show_problems(found.look)
        before = self.entries.current
        self.entries.show_entries(_file_entries(found.look))
        if not (before and self.entries.choose(before)):
            self._choose_first()
        if is_first:
            self.entries.setFocus()

    def _choose_first(self) -> None:
        for entry in self.entries.entries.items:
            if not entry.is_heading:
                self.entries.choose(entry.key)
                return

    def _show_counts(self, look: Look) -> None:
        articles = sum(file.articles for file in look.files)
        spans = sum(file.spans for file in look.files)
        whole = tr_n(articles, "{n} article", "{n} articles")
        if spans:
            labels = tr_n(spans, "{n} label", "{n} labels")
            whole = tr("{articles} with {labels}", articles=whole, labels=labels)
        self.heading.setText(whole)
        files = tr_n(len(look.files), "in {n} file", "in {n} files")
        authors = sorted({name for file in look.files for name in file.authors})
        if authors and authors != [NOBODY]:
            names = ", ".join(authors[:6])
            files = tr("{files}, labels by {names}", files=files, names=names)
        self.subtitle.setText(files[:1].upper() + files[1:])
        self.act_button.setText(tr_n(articles, "Import {n} article", "Import {n} articles"))
        self.act_button.setEnabled(articles > 0)

    def _show_problems(self, look: Look) -> None:
        remarks = []
        total = 0
        for file in look.files:
            if file.refused:
                total += 1
                remarks.append(Remark(file.refused, icon="error"))
            total += file.problem_count
            remarks += [Remark(f"{file.path.name}, {one}") for one in file.problems]
        rest = total - min(len(remarks), _PROBLEMS)
        remarks = remarks[:_PROBLEMS]
        if rest > 0:
            more = tr("and {n} more; all of them are in the report", n=number(rest))
            remarks.append(Remark(more, icon="more"))
        self.problems.say(remarks)

    # -- the first article -----------------------------------------------------------------------

    def _glance(self) -> None:
        key = self.entries.current
        if key:
            self.glances.ask(glance(Path(key), self.options()))

    def _on_glance(self, found: Glance) -> None:
        self.preview_name.setText(found.path.name)
        nothing = tr("Nothing of this file can be shown.")
        self.preview.show_text(nothing if found.first is None else article_text(found.first))

    # -- importing -------------------------------------------------------------------------------

    def accept_choices(self) -> None:
        if self.prospect is not None and self.act_button.isEnabled():
            self.complaint.say("")
            self.glances.drop()
            self.work(True)
            self.progress.show_step(tr("Reading"), 0, 0, "")
            self.wanted.emit(self.options())

    def show_step(self, doing: str, count: int, total: int, what: str) -> None:
        """Show how far the import is."""
        self.progress.show_step(doing, count, total, what)

    def stopped(self, why: str) -> None:
        """Go on with the choices: nothing was changed, because of *why*."""
        self.work(False)
        self.complaint.say(why)
        self.act_button.setFocus()


def _file_entries(look: Look) -> list[Entry]:
    """Return the files by format, each with what is in it."""
    by_form: dict[str, list[Found]] = {}
    for file in look.files:
        by_form.setdefault(file.form, []).append(file)
    titles = {form.name: form.title for form in formats.all_formats()}
    found: list[Entry] = []
    for name, files in sorted(by_form.items(), key=lambda item: (not item[0], item[0])):
        title = titles.get(name, tr("In no format that can be read"))
        found.append(Entry(f"{title}, {number(len(files))}"))
        found += [_entry(file) for file in files[:_FILES]]
        if len(files) > _FILES:
            found.append(Entry(tr("and {n} more", n=number(len(files) - _FILES))))
    return found


def _entry(file: Found) -> Entry:
    if file.refused:
        said = tr("cannot be read")
    else:
        parts = [tr_n(file.articles, "{n} article", "{n} articles")]
        if file.spans:
            parts.append(tr_n(file.spans, "{n} label", "{n} labels"))
        if file.problem_count:
            parts.append(tr_n(file.problem_count, "{n} problem", "{n} problems"))
        said = ", ".join(parts)
    return Entry(file.path.name, str(file.path), said, wrong=bool(file.refused))
