"""Labels out: the format with what it is for, the choices, and what comes of them, beforehand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from annotator import formats
from annotator.errors import UserError
from annotator.gui.ask import Ask
from annotator.gui.controls import WordButton
from annotator.gui.exchange.destination import Destination
from annotator.gui.exchange.export_form import ExportForm, Stock
from annotator.gui.exchange.format_list import format_entries
from annotator.gui.exchange.newest import Newest
from annotator.gui.exchange.outlook import Outlook, Place, outlook, stock
from annotator.gui.exchange.panels import FixedText, Remark, RemarkPanel
from annotator.gui.exchange.sided_dialog import SidedDialog
from annotator.gui.parts import dress, label, set_icon
from annotator.settings import Settings
from annotator.translation import number, reason, shown, tr, tr_n

if TYPE_CHECKING:
    from annotator.exchange import Plan, Preview, Survey
    from annotator.formats import Format
    from annotator.gui.theme import Theme
    from annotator.gui.workspace import Workspace

PAUSE_MILLISECONDS: Final = 150
"""Pause in choosing and typing after which the project is looked at."""

LINES: Final = 5
"""First lines that are shown."""

_ICONS: Final = {
    "titles": "document",
    "facts": "info",
    "zones": "list",
    "authors": "people",
    "layer_facts": "person",
    "empty_layers": "person",
    "discontinuous": "split",
    "overlaps": "merge",
    "attributes": "tag",
    "entities": "person",
    "entity_facts": "person",
    "idle_entities": "person",
    "unsure": "flag",
    "notes": "note",
    "relations": "link",
    "entity_relations": "link",
    "relation_attributes": "tag",
    "verdicts": "check",
    "comments": "note",
}


class ExportDialog(SidedDialog):
    """Asks for everything an export needs, and shows what it will be."""

    wanted = Signal(object, object)
    """An Outlook that is to be carried out, and the path it goes to."""

    def __init__(
        self, workspace: Workspace, settings: Settings, ask: Ask, theme: Theme, parent: QWidget
    ) -> None:
        names = ("dialog.export", tr("Export labels"))
        super().__init__(theme, names, ("list.formats", tr("Formats")), parent)
        self._workspace = workspace
        self._settings = settings
        self._ask = ask
        self._forms = {form.name: form for form in formats.all_formats()}
        self._outlook: Outlook | None = None
        self._plan: Plan | None = None
        self._stocked = False
        self.questions = Newest(workspace.project, parent)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MILLISECONDS)
        self._pause.timeout.connect(self._look)
        self._build()
        self._connect()
        dress(self, theme)
        self.entries.show_entries(format_entries(tuple(self._forms.values())))
        if not self.entries.choose(settings.export.get("format", "")):
            self.entries.choose("jsonl")
        self.entries.setFocus()

    # -- building --------------------------------------------------------------------------------

    def _build(self) -> None:
        kept = self._settings.export
        self.form = ExportForm(self.theme, Stock())
        self.place = Destination(self._ask, self._workspace.project.title, kept.get("folder", ""))
        self.form.add_place(self.place)
        caption, self.preview_name = self.caption(tr("First lines"))
        self.preview_name.setObjectName("text.preview_name")
        self.preview = FixedText(self.theme, "text.preview", tr("First lines"), LINES)
        self.losses = RemarkPanel(self.theme, "panel.losses", tr("What this format cannot carry"))
        self.lossless = label(size=12, tone="muted")
        self.lossless.setObjectName("text.lossless")
        self.lossless.setWordWrap(True)
        self.left_out = label()
        self.left_out.setObjectName("text.left_out")
        self.left_out.setWordWrap(True)
        self.left_out.hide()
        self.unseen = label()
        self.unseen.setObjectName("text.unseen")
        self.unseen.setWordWrap(True)
        self.unseen.hide()
        self.beside = label(size=12, tone="muted")
        self.beside.setObjectName("text.beside")
        self.beside.setWordWrap(True)
        self._possible = QWidget()
        column = QVBoxLayout(self._possible)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.form)
        column.addLayout(caption)
        column.addWidget(self.preview)
        column.addSpacing(8)
        for widget in (self.unseen, self.left_out, self.losses, self.lossless, self.beside):
            column.addWidget(widget)
        self.page.addWidget(self._possible)
        self.page.addWidget(self._build_missing())
        self.page.addStretch(1)
        self.copy = WordButton(tr("Copy as command"), size=13)
        self.copy.setObjectName("button.copy_command")
        self.copy.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        set_icon(self.copy, "keyboard", "accent")
        self.copy.clicked.connect(self.copy_command)
        self.foot_left.addWidget(self.copy)
        self.add_buttons(tr("Cancel"), tr("Export…"), "button.export")

    def _build_missing(self) -> QWidget:
        """Return what stands in place of the choices while a library is missing."""
        self.missing = QWidget()
        self._lack = label()
        self._lack.setWordWrap(True)
        self.install = FixedText(self.theme, "text.install", tr("Install it with"), 1)
        copy = QPushButton(tr("Copy"))
        copy.setObjectName("button.copy_install")
        copy.setAutoDefault(False)
        copy.clicked.connect(
            lambda: QGuiApplication.clipboard().setText(self.install.toPlainText())
        )
        column = QVBoxLayout(self.missing)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._lack)
        column.addWidget(self.install)
        column.addWidget(copy, 0, Qt.AlignmentFlag.AlignLeft)
        self.missing.hide()
        return self.missing

    def _connect(self) -> None:
        self.entries.chosen.connect(self._on_format)
        self.form.changed.connect(self._on_choice)
        self.form.map_wanted.connect(self._ask_map)
        self.place.changed.connect(self._look_soon)
        self.questions.told.connect(self._on_told)
        self.questions.done.connect(self._on_done)
        self.questions.failed.connect(self._on_failed)
        self.questions.progressed.connect(self._on_progress)
        self.finished.connect(lambda _code: self.questions.close())

    def begin(self, listed: list[str]) -> None:
        """Find out what there is to choose from; *listed* are the articles of the list."""
        annotated = self._workspace.annotated
        self._workspace.flush()
        self.questions.ask(stock(listed, "" if annotated is None else annotated.article.id))

    @property
    def outlook(self) -> Outlook | None:
        """What would be exported; None while that is not known, or cannot be."""
        return self._outlook

    # -- choosing --------------------------------------------------------------------------------

    @property
    def chosen_form(self) -> Format:
        """The format that is chosen."""
        return self._forms[self.entries.current]

    def _on_format(self) -> None:
        form = self.chosen_form
        self.heading.setText(form.title)
        purpose = shown(form.purpose)
        self.subtitle.setText(purpose[:1].upper() + purpose[1:])
        need = formats.need_of(form)
        lacks = need is not None and not need.is_met
        self._possible.setVisible(not lacks)
        self.missing.setVisible(lacks)
        self.copy.setEnabled(not lacks)
        if need is not None and lacks:
            self._lack.setText(
                tr(
                    "{format} needs the library {library}, which is not installed. Install it "
                    "with this line, and open this dialog again:",
                    format=form.title,
                    library=need.module,
                )
            )
            self.install.show_text(formats.install_line(need))
        self.form.show_form(form)
        self._on_choice()

    def _on_choice(self) -> None:
        self.place.follow(self.chosen_form, split=bool(self.form.split.key))
        self._look_soon()

    def _look_soon(self) -> None:
        """Look at the project again, once the choices rest."""
        self._outlook = self._plan = None
        self.act_button.setEnabled(False)
        if self._stocked:
            self.questions.drop()
            self._pause.start()

    def _ask_map(self) -> None:
        kinds = tr("Maps ({pattern})", pattern="*.toml")
        found = self._ask.open_files(self, tr("Names for labels"), kinds, str(self.place.folder))
        self.form.take_names(found[0] if found else None)

    # -- looking ---------------------------------------------------------------------------------

    def _look(self) -> None:
        if self.missing.isVisibleTo(self) or self.is_working:
            return
        try:
            self._plan = self.form.plan(self.chosen_form)
        except UserError as error:
            self._on_failed(reason(error))
            return
        self.form.complaint.say("")
        self._name_button(None)
        self.questions.ask(outlook(self._plan, self.place.path, LINES))

    def _on_told(self, part: object) -> None:
        if isinstance(part, Place):
            replaced = tr("This is there already and will be replaced.") if part.replaces else ""
            self.place.say(part.refused or replaced, wrong=bool(part.refused))
        else:
            self._show_preview(part)  # type: ignore[arg-type]

    def _show_preview(self, preview: Preview) -> None:
        self._preview_file = preview.name
        binary = tr("This format is not text, so there are no lines to show.")
        empty = tr("There is nothing to write.")
        if preview.is_withheld:
            empty = tr("The first lines are hidden until you hand in your own labels.")
        text = "\n".join(preview.lines) or empty
        self.preview.show_text(text if preview.is_text else binary)
        self.preview_name.setText(preview.name)

    def _on_done(self, answer: object) -> None:
        self.progress.hide()
        if isinstance(answer, Stock):
            self._stocked = True
            self.form.offer(answer)
            self.form.restore(self._settings.export)
            self._on_choice()
        elif isinstance(answer, Outlook):
            self._outlook = answer
            self._show_survey(answer)

    def _show_survey(self, answer: Outlook) -> None:
        survey = answer.survey
        self._name_button(survey)
        self.unseen.setText(_unseen_in_words(answer.unseen))
        self.unseen.setVisible(answer.unseen > 0)
        first = next(iter(survey.parts), "")
        count = survey.parts[first].articles if first else survey.tally.articles
        name = self._preview_file if first else self.place.path.name
        articles = tr_n(count, "{n} article", "{n} articles")
        self.preview_name.setText(f"{name}, {articles}")
        remarks = [
            Remark(
                _sentence(loss.sentence),
                shown(loss.fate.value),
                _ICONS.get(loss.feature, "warning"),
            )
            for loss in survey.losses
        ]
        self.losses.say(remarks)
        whole = tr_n(
            survey.tally.articles,
            "This format carries everything in this {n} article.",
            "This format carries everything in these {n} articles.",
        )
        self.lossless.setText(whole)
        self.lossless.setVisible(not remarks and survey.tally.articles > 0)
        left = tr_n(survey.left_out, "{n} article is left out.", "{n} articles are left out.")
        self.left_out.setText(f"{left} {survey.reason}")
        self.left_out.setVisible(survey.left_out > 0)
        card = tr("A data card is written beside the export.")
        listed = tr("The same list is written beside the export, with a data card.")
        kept = tr("Nothing changes in your project.")
        self.beside.setText(f"{listed if remarks else card} {kept}")

    def _name_button(self, survey: Survey | None) -> None:
        text = tr("Export…")
        if survey is not None:
            count = survey.tally.articles
            text = tr_n(count, "Export {n} article…", "Export {n} articles…")
        self.act_button.setText(text)
        refused = bool(self.place.field.property("wrong"))
        self.act_button.setEnabled(survey is not None and survey.tally.articles > 0 and not refused)

    def _on_failed(self, why: str) -> None:
        self.progress.hide()
        self.form.complaint.say(why)
        self.preview.show_text("")
        self.preview_name.setText("")
        self.losses.say(())
        self.lossless.hide()
        self.left_out.hide()
        self.unseen.hide()
        self.beside.setText("")

    def _on_progress(self, count: int, total: int, what: str) -> None:
        self.progress.show()
        self.progress.show_step(tr("Counting"), count, total, what)

    # -- exporting -------------------------------------------------------------------------------

    def accept_choices(self) -> None:
        if self._outlook is not None and self.act_button.isEnabled():
            self._settings.export = {
                **self.form.keep(),
                "format": self.chosen_form.name,
                "folder": str(self.place.folder),
            }
            self.form.complaint.say("")
            self.work(True, (self.copy,))
            self.progress.show_step(tr("Writing"), 0, self._outlook.survey.tally.articles, "")
            self.wanted.emit(self._outlook, self.place.path)

    def show_step(self, count: int, total: int, what: str) -> None:
        """Show how far the writing is."""
        self.progress.show_step(tr("Writing"), count, total, what)

    def stopped(self, why: str) -> None:
        """Go on with the choices: nothing was written, because of *why*."""
        self.work(False, (self.copy,))
        self.form.complaint.say(why)
        self.act_button.setFocus()
        self._look_soon()

    def copy_command(self) -> None:
        """Put the line for a terminal that makes the same export into the clipboard."""
        from annotator.exchange.command_line import command

        try:
            plan = self._plan or self.form.plan(self.chosen_form)
        except UserError as error:
            self._on_failed(reason(error))
            return
        target: Path = self.place.path
        line = command(self._workspace.project.location, target, plan, self.form.names_file)
        QGuiApplication.clipboard().setText(line)
        self.copy.setText(tr("Copied"))
        QTimer.singleShot(1500, self.copy, lambda: self.copy.setText(tr("Copy as command")))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def losses_in_words(survey: Survey) -> str:
    """Return what an export has left out or changed, short enough for one line."""
    if not survey.losses:
        return ""
    first = ", ".join(loss.sentence for loss in survey.losses[:2])
    more = len(survey.losses) - 2
    if more > 0:
        return tr("Not carried: {losses} and {n} more.", losses=first, n=number(more))
    return tr("Not carried: {losses}.", losses=first)


def _unseen_in_words(articles: int) -> str:
    """Say that the file will hold what who exports must not see yet: it is whole all the same.

    A file that lacks labels without anybody having asked for that does more harm than one that
    tells: it is read when the project is long forgotten.
    """
    return tr_n(
        articles,
        "In {n} article that you label blind, the file holds what others have marked as well. Do "
        "not look at it before you have handed in your own labels, or choose only your own.",
        "In {n} articles that you label blind, the file holds what others have marked as well. Do "
        "not look at it before you have handed in your own labels, or choose only your own.",
    )
