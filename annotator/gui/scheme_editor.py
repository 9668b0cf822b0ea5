<<<<<<< HEAD
"""The scheme editor: labels, colours, keys, attributes, relations, entities, guidelines.

Everything is changed in a draft; saving makes one edit of it, with what it means for the labels
that exist, so that one undo brings all of it back.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QPalette, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
=======
"""The scheme of the project, to be changed in the window: one undoable edit when it is saved."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
>>>>>>> lead
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

<<<<<<< HEAD
from annotator import editing, schemes
from annotator.errors import UserError
from annotator.gui.ask import Ask
from annotator.gui.controls import Flow, IconButton, WordButton
from annotator.gui.new_project import shipped_schemes
from annotator.gui.parts import Themed, dress, label, px, set_icon
from annotator.gui.scheme_change import edit_of, losing, losses
from annotator.gui.scheme_draft import HEAD, SchemeDraft, name_of
from annotator.gui.scheme_faults import Fault, faults, taken_keys
from annotator.gui.scheme_forms import Form, Setting, form_for
from annotator.gui.scheme_list import SchemeList, rows
from annotator.gui.scheme_preview import SchemePreview
from annotator.gui.theme import Theme
from annotator.scheme import Label, to_toml
from annotator.translation import reason, tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.actions import Actions
    from annotator.gui.workspace import Workspace
    from annotator.gui.writer import Work
    from annotator.model import Edit

LARGE = 500
"""Changes from which an edit is saved away from the window."""
PAUSE_MILLISECONDS = 150
"""Pause in typing after which the losses are counted again."""


class Losses(Themed, QFrame):
    """What saving takes out of the project, said before."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.text = label(size=13)
        self.text.setObjectName("text.losses")
        self.text.setWordWrap(True)
        self.heading = label(tr("What saving takes out"), 12, 600)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 10, 24, 10)
        column.setSpacing(4)
        column.addWidget(self.heading)
        column.addWidget(self.text)
        self.setAutoFillBackground(True)
        self.hide()

    def say(self, sentences: list[str]) -> None:
        """Show *sentences*; without any there is nothing to see."""
        shown = [*sentences, tr("Undo brings all of it back.")] if sentences else []
        self.text.setText(" ".join(shown))
        self.setVisible(bool(sentences))

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        palette = theme.qt_palette()
        palette.setColor(QPalette.ColorRole.Window, theme.warning_ground)
        self.setPalette(palette)
        heading = theme.qt_palette()
        heading.setColor(QPalette.ColorRole.WindowText, theme.warning)
        self.heading.setPalette(heading)


class SchemeEditor(QDialog):
    """The editor."""

    def __init__(
        self, workspace: Workspace, actions: Actions, theme: Theme, ask: Ask, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName("dialog.scheme")
        self.setWindowTitle(tr("Scheme"))
        self._workspace = workspace
        self._ask = ask
        self._theme = theme
        self._taken = taken_keys(actions)
        workspace.flush()
        self.draft = SchemeDraft(workspace.project.scheme)
        self.form: Form | None = None
        self.faults: list[Fault] = []
        self._counted: object = losing(self.draft)
        self._work: Work | None = None
        self._counting = QTimer(self, singleShot=True, interval=PAUSE_MILLISECONDS)
        self._counting.timeout.connect(self._count)
        self._build()
        self._connect()
        self.refresh()
        labels = self.draft.section("label")
        self.list.choose(labels[0].token if labels else HEAD)
        self.resize(min(px(1040), parent.width() - 40), min(px(720), parent.height() - 40))
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
=======
from annotator import scheme as schemes
from annotator.editing import NothingToDo
from annotator.errors import UserError
from annotator.gui.controls import IconButton
from annotator.gui.dialogs import Complaint, PlainDialog
from annotator.gui.intents import entity_icon, kind_title
from annotator.gui.parts import dress, label, px
from annotator.gui.rows import Row, RowModel, Rows
from annotator.gui.scheme_changes import Draft, consequences
from annotator.gui.scheme_forms import KindForm, LabelForm, RelationForm, SchemeForm, TitleForm
from annotator.gui.theme import Theme
from annotator.scheme import EntityKind, Label, RelationLabel, Scheme
from annotator.translation import reason, tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.ask import Ask
    from annotator.gui.workspace import Workspace

PAUSE_MILLISECONDS = 300
"""Pause in typing after which it is found out what a change would take away."""
TITLE = "scheme"
_HEADINGS = ("labels", "relations", "kinds")


class PartModel(RowModel):
    """The parts of a scheme: ``label.0``, ``relation.2``, ``kind.1`` under their headings."""

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self.draft = draft
        self.renew()

    def renew(self) -> None:
        """Show the parts as they are now."""
        scheme = self.draft.scheme
        keys = [TITLE, "labels"]
        keys += [f"label.{n}" for n in range(len(scheme.labels))]
        keys.append("relations")
        keys += [f"relation.{n}" for n in range(len(scheme.relations))]
        keys.append("kinds")
        keys += [f"kind.{n}" for n in range(len(scheme.entities))]
        self.show_keys(keys)

    def row(self, key: str) -> Row | None:
        scheme = self.draft.scheme
        if key in _HEADINGS:
            names = {"labels": tr("Labels"), "relations": tr("Links"), "kinds": tr("Entities")}
            return Row(text=names[key], heading=True)
        if key == TITLE:
            return Row(text=scheme.title or tr("Without a name"), icon="book")
        part, _, number = key.partition(".")
        if part == "label":
            item = scheme.labels[int(number)]
            off = "" if item.enabled else tr("off")
            return Row(text=item.name, colour=item.colour, right=off, key=item.key)
        if part == "relation":
            tie = scheme.relations[int(number)]
            return Row(text=tie.name, icon="link", right=tie.source)
        kind = scheme.entities[int(number)]
        return Row(text=kind_title(kind), icon=entity_icon(scheme, kind.name))


class SchemeEditor(PlainDialog):
    """Parts at the left, the form of one at the right, and what saving would take away below."""

    def __init__(
        self, workspace: Workspace, theme: Theme, ask: Ask, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, "dialog.scheme", tr("Scheme of the project"), parent)
        self._workspace = workspace
        self._ask = ask
        self.draft = Draft.of(workspace.scheme)
        self.model = PartModel(self.draft)
        self.model.setParent(self)
        self.form: SchemeForm | None = None
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MILLISECONDS)
        self._pause.timeout.connect(self.foresee)
        self._build()
        dress(self, theme)
        self.resize(px(900), px(640))
        self.rows.setCurrentIndex(self.model.index(2 if self.draft.scheme.labels else 0))
        self.rows.setFocus()
>>>>>>> lead

    # -- building ----------------------------------------------------------------------------

    def _build(self) -> None:
<<<<<<< HEAD
        self.list = SchemeList(self._theme, self)
        self.preview = SchemePreview(self._theme)
        self._area = QScrollArea()
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.losses = Losses(self._theme)
        side = QVBoxLayout()
        side.setContentsMargins(0, 8, 0, 0)
        side.setSpacing(0)
        side.addWidget(self.list, 1)
        side.addLayout(self._build_list_buttons())
        self._side = QWidget()
        self._side.setLayout(side)
        self._side.setAutoFillBackground(True)
        page = QVBoxLayout()
        page.setSpacing(0)
        page.addWidget(self.preview)
        page.addWidget(self._area, 1)
        page.addWidget(self.losses)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self._side)
        body.addLayout(page, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(body, 1)
        column.addWidget(self._build_foot())

    def _build_list_buttons(self) -> QHBoxLayout:
        self.add = QPushButton(tr("Add"))
        self.add.setObjectName("button.add")
        self.add.setAutoDefault(False)
        menu = QMenu(self.add)
        menu.setObjectName("menu.add")
        for section, text in (
            ("label", tr("Label")),
            ("relation", tr("Link")),
            ("entity", tr("Kind of people, places or things")),
            ("rule", tr("Rule of the guideline")),
        ):
            action = menu.addAction(text)
            action.setObjectName(f"add.{section}")
            action.triggered.connect(lambda _=False, key=section: self.add_entry(key))
        self.add.setMenu(menu)
        self.up = IconButton("arrow-up", tr("Move up"), key="Alt+Up")
        self.up.setObjectName("button.up")
        self.down = IconButton("arrow-down", tr("Move down"), key="Alt+Down")
        self.down.setObjectName("button.down")
        self.remove = IconButton("trash", tr("Remove"), key="Delete")
        self.remove.setObjectName("button.remove")
        row = QHBoxLayout()
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(0)
        row.addWidget(self.add)
        row.addStretch(1)
        for button in (self.up, self.down, self.remove):
            row.addWidget(button)
        return row

    def _build_foot(self) -> QWidget:
        self.fault = WordButton("", tone="error")
        self.fault.setObjectName("button.first_fault")
        self.fault.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        set_icon(self.fault, "error", "error")
        self.fault.clicked.connect(self.go_to_fault)
        self.load = QPushButton(tr("Load"))
        self.load.setObjectName("button.load")
        menu = QMenu(self.load)
        menu.setObjectName("menu.load")
        for name, text in shipped_schemes():
            action = menu.addAction(text.replace("&", "&&"))
            action.setObjectName(f"load.{name}")
            action.triggered.connect(lambda _=False, key=name: self.load_scheme(key))
        menu.addSeparator()
        action = menu.addAction(tr("From a file"))
        action.setObjectName("load.file")
        action.triggered.connect(self._load_file)
        self.load.setMenu(menu)
        self.export = QPushButton(tr("Save as a file"))
        self.export.setObjectName("button.export")
        self.export.clicked.connect(self._save_file)
        self.cancel = QPushButton(tr("Cancel"))
        self.cancel.setObjectName("button.cancel")
        self.cancel.clicked.connect(self.reject)
        self.save = QPushButton(tr("Save"))
        self.save.setObjectName("button.save")
        self.save.clicked.connect(self.accept)
        self._foot = QWidget()
        self._foot.setAutoFillBackground(True)
        column = QVBoxLayout(self._foot)
        column.setContentsMargins(16, 8, 16, 12)
        column.setSpacing(4)
        column.addWidget(self.fault, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout()
        row.setSpacing(8)
        left = Flow(gap=8)
        for button in (self.load, self.export):
            left.addWidget(button)
        row.addLayout(left, 1)
        for button in (self.load, self.export, self.cancel, self.save):
            button.setAutoDefault(False)
        row.addWidget(self.cancel)
        row.addWidget(self.save)
        column.addLayout(row)
        return self._foot

    def _connect(self) -> None:
        self.list.chosen.connect(self._show_form)
        self.list.add_wanted.connect(self._add_like)
        self.list.remove_wanted.connect(self.remove_entry)
        self.list.move_wanted.connect(self._move)
        self.list.form_wanted.connect(self._focus_form)
        self.up.clicked.connect(lambda: self._move(-1))
        self.down.clicked.connect(lambda: self._move(1))
        self.remove.clicked.connect(self.remove_entry)
        saving = QShortcut(QKeySequence("Ctrl+S"), self)
        saving.activated.connect(self.accept)
        self.save.setToolTip(tr("Save ({key})", key="Ctrl S"))

    # -- what is shown -----------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the draft as it is: rows, preview, faults, losses."""
        self.faults = faults(self.draft, self._taken)
        grave = [fault for fault in self.faults if fault.grave]
        token = self.list.current
        self.list.model_rows.show_rows(rows(self.draft, {fault.token for fault in grave}))
        if token and self.list.current != token:
            self.list.choose(token)
        entry = self.draft.entry(self.list.current)
        item = None if entry is None else entry.item
        current = item.name if isinstance(item, Label) else ""
        self.preview.show_scheme(self.draft.scheme, current)
        if self.form is not None:
            mine = [fault for fault in self.faults if fault.token == self.form.entry.token]
            self.form.show_faults(mine)
        self._show_first(grave)
        self.save.setEnabled(not grave and self.draft.changed)
        self.export.setEnabled(not grave)
        if losing(self.draft) != self._counted:
            self._counting.start()

    def _show_first(self, grave: list[Fault]) -> None:
        self.fault.setVisible(bool(grave))
        if grave:
            entry = self.draft.entry(grave[0].token)
            name = "" if entry is None else name_of(entry.item)
            text = f"{name}: {grave[0].text}" if name else grave[0].text
            self.fault.setText(text.replace("&", "&&"))

    def _show_form(self, token: str) -> None:
        entry = self.draft.entry(token)
        if entry is None or (self.form is not None and self.form.entry is entry):
            return
        self._build_form(token)

    def _build_form(self, token: str, field: str = "") -> None:
        entry = self.draft.entry(token)
        if entry is None:
            return
        form = form_for(Setting(self._theme, self._ask, self.draft), entry)
        form.setObjectName("form.scheme")
        form.changed.connect(self._take)
        form.rebuild_wanted.connect(partial(self._build_form, token))
        old = self._area.takeWidget()
        self.form = form
        self._area.setWidget(form)
        if old is not None:
            old.hide()
            old.deleteLater()
        self._ground(form)
        dress(form, self._theme)
        for button in (self.up, self.down, self.remove):
            button.setEnabled(token != HEAD)
        self.refresh()
        wanted = form.field(field) if field else None
        if wanted is not None:
            wanted.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ground(self, form: QWidget) -> None:
        palette = self._theme.qt_palette()
        palette.setColor(QPalette.ColorRole.Window, self._theme.page)
        form.setPalette(palette)
        form.setAutoFillBackground(True)

    def _take(self) -> None:
        form = self.form
        assert form is not None
        self.draft.put(form.entry.token, form.item, form.origins)
        self.refresh()

    def _focus_form(self) -> None:
        if self.form is not None:
            self.form.first.setFocus(Qt.FocusReason.TabFocusReason)

    def go_to_fault(self) -> None:
        """Go to the field where the first thing is to be corrected."""
        grave = [fault for fault in self.faults if fault.grave]
        if not grave:
            return
        self.list.choose(grave[0].token)
        field = None if self.form is None else self.form.field(grave[0].field)
        if field is not None:
            field.setFocus(Qt.FocusReason.OtherFocusReason)
            self._area.ensureWidgetVisible(field)

    # -- adding, removing, moving ----------------------------------------------------------------

    def add_entry(self, section: str) -> None:
        """Add something new after the current entry, and go to its name."""
        name = {
            "label": tr("New label"),
            "relation": "new_link",
            "entity": "new_kind",
            "rule": tr("New rule"),
        }[section]
        if section == "relation" and not self.draft.section("label"):
            section, name = "label", tr("New label")
        used = {name_of(entry.item) for entry in self.draft.section(section)}
        number, wanted = 2, name
        while wanted in used:
            wanted, number = f"{name} {number}", number + 1
        token = self.draft.add(section, self.list.current, wanted)
        self.refresh()
        self.list.choose(token)
        self._focus_form()
        first = None if self.form is None else self.form.first
        if first is not None and hasattr(first, "selectAll"):
            first.selectAll()

    def _add_like(self) -> None:
        entry = self.draft.entry(self.list.current)
        self.add_entry("label" if entry is None or entry.token == HEAD else entry.section)

    def remove_entry(self) -> None:
        """Take the current entry out of the draft."""
        token = self.list.current
        if token not in self.draft.entries:
            return
        order = [row.token for row in self.list.model_rows.rows if row.token]
        at = order.index(token)
        self.draft.remove(token)
        self.form = None
        left = [key for key in (*order[at + 1 :], *reversed(order[:at])) if self.draft.entry(key)]
        self.refresh()
        self.list.choose(left[0])
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _move(self, by: int) -> None:
        token = self.list.current
        if token in self.draft.entries and self.draft.move(token, by):
            self.refresh()

    # -- other schemes -----------------------------------------------------------------------

    def load_scheme(self, name: str) -> None:
        """Put another scheme into the draft: one that ships, or the one in a file."""
        try:
            scheme = schemes.load(name)
        except UserError as error:
            self._ask.warn(self, tr("The scheme could not be loaded."), reason(error))
            return
        self.draft.take(scheme)
        self.form = None
        self.refresh()
        labels = self.draft.section("label")
        self.list.choose(labels[0].token if labels else HEAD)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _load_file(self) -> None:
        kinds = tr("Schemes ({pattern})", pattern="*.toml")
        paths = self._ask.open_files(self, tr("Load a scheme"), kinds)
        if paths:
            self.load_scheme(str(paths[0]))

    def _save_file(self) -> None:
        kinds = tr("Schemes ({pattern})", pattern="*.toml")
        scheme = self.draft.scheme
        title = tr("Save the scheme as a file")
        path = self._ask.save_file(self, title, kinds, f"{scheme.id}.toml")
        if path is None:
            return
        if path.suffix != ".toml":
            path = path.with_name(f"{path.name}.toml")
        try:
            path.write_text(to_toml(scheme), encoding="utf-8", newline="\n")
        except OSError as error:
            text = tr("The scheme could not be written to {path}.", path=path)
            self._ask.warn(self, text, str(error.strerror or error))
            return
        self._workspace.note(tr("Saved as {path}", path=path))

    # -- saving ------------------------------------------------------------------------------

    def _edit(self) -> Edit | None:
        """Return the edit that saving makes; None while there is nothing to save."""
        if any(fault.grave for fault in self.faults):
            return None
        self._workspace.flush()
        try:
            return edit_of(self.draft, self._workspace.project)
        except editing.NothingToDo:
            return None

    def _count(self) -> None:
        if any(fault.grave for fault in self.faults):
            return
        self._counting.stop()
        self._counted = losing(self.draft)
        edit = self._edit()
        self.losses.say([] if edit is None else losses(edit, self.draft.base))

    def accept(self) -> None:
        """Save, after saying what that takes out; one edit, one step to undo."""
        self.refresh()
        if not self.save.isEnabled():
            self.go_to_fault()
            return
        edit = self._edit()
        if edit is None:
            super().accept()
            return
        lost = losses(edit, self.draft.base)
        if lost and self._refused(lost):
            return
        if len(edit.changes) > LARGE:
            self._save_large(edit)
        elif self._workspace.perform(edit):
            self._workspace.note(tr("The scheme is saved. Ctrl Z takes the change back."))
        super().accept()

    def _refused(self, lost: list[str]) -> bool:
        text = " ".join([*lost, tr("Undo brings all of it back.")])
        answer = self._ask.choose(self, text, (tr("Save and take this out"),))
        return answer is None

    def _save_large(self, edit: Edit) -> None:
        workspace, ask, window = self._workspace, self._ask, self.parentWidget()
        count = len(edit.changes)
        work = workspace.change(lambda project: project.perform(edit))
        work.done.connect(
            lambda _saved: workspace.note(
                tr_n(
                    count,
                    "The scheme is saved, with {n} change. Ctrl Z takes it back.",
                    "The scheme is saved, with {n} changes. Ctrl Z takes them back.",
                )
            )
        )
        work.failed.connect(lambda why: ask.warn(window, tr("The scheme could not be saved."), why))
        self._work = work

    def reject(self) -> None:
        """Leave; changes that are not saved are asked about."""
        if self.draft.changed:
            answer = self._ask.choose(
                self, tr("Leave without saving the scheme?"), (tr("Throw the changes away"),)
            )
            if answer is None:
                return
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.reject()
=======
        self.rows = Rows(self.theme, self.model)
        self.rows.setObjectName("list.scheme")
        self.rows.setAccessibleName(tr("Parts of the scheme"))
        self.rows.selectionModel().currentChanged.connect(lambda _new, _old: self._show_part())
        self.rows.removed.connect(lambda _keys: self.remove())
        self.rows.chosen.connect(lambda _key: self._enter_form())
        self.rows.left.connect(self.reject)
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self.rows, 1)
        left.addLayout(self._build_tools())
        side = QWidget()
        side.setLayout(left)
        side.setFixedWidth(px(250))
        middle = QHBoxLayout()
        middle.setSpacing(8)
        middle.addWidget(side)
        middle.addWidget(self._area, 1)
        self.foresight = label(size=12, tone="warning")
        self.foresight.setObjectName("text.consequences")
        self.foresight.setWordWrap(True)
        self.complaint = Complaint("error.scheme")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 12, 16, 16)
        column.setSpacing(8)
        column.addLayout(middle, 1)
        for told in (self.foresight, self.complaint):
            told.setContentsMargins(8, 0, 0, 0)
            column.addWidget(told)
        column.addLayout(self._build_buttons())

    def _build_tools(self) -> QHBoxLayout:
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 4, 8, 0)
        bar.setSpacing(0)
        self._tools: dict[str, IconButton] = {}
        for icon_name, text, name, act in (
            ("plus", tr("Add"), "add", self._ask_part),
            ("trash", tr("Remove"), "remove", self.remove),
            ("arrow-up", tr("Further up"), "up", lambda: self.move_by(-1)),
            ("arrow-down", tr("Further down"), "down", lambda: self.move_by(1)),
        ):
            button = IconButton(icon_name, text)
            button.setObjectName(f"button.part_{name}")
            button.clicked.connect(act)
            self._tools[name] = button
            bar.addWidget(button)
        bar.addStretch(1)
        return bar

    def _build_buttons(self) -> QHBoxLayout:
        self.load_button = self.button(tr("Take another scheme"), "button.load", self._ask_load)
        self.button(tr("Save as a file"), "button.save_file", self.save_file)
        self.buttons.addStretch(1)
        self.button(tr("Cancel"), "button.cancel", self.reject)
        self.save_button = self.button(tr("Save"), "button.save", self.save, default=True)
        self.buttons.setContentsMargins(8, 0, 0, 0)
        return self.buttons

    # -- one part ----------------------------------------------------------------------------

    @property
    def part(self) -> tuple[str, int]:
        """The part at hand: its kind, and its number among them."""
        key = self.rows.current_key or TITLE
        part, _, number = key.partition(".")
        return part, int(number) if number else 0

    def go_to(self, key: str) -> None:
        """Show the form of a part, such as ``label.0``."""
        self.rows.go_to(key)

    def _show_part(self) -> None:
        part, number = self.part
        scheme = self.draft.scheme
        form: SchemeForm | None = None
        if part == TITLE:
            form = TitleForm(scheme, self.theme)
        elif part == "label":
            form = LabelForm(scheme.labels[number], scheme, self.theme)
        elif part == "relation":
            form = RelationForm(scheme.relations[number], scheme, self.theme)
        elif part == "kind":
            kind = scheme.entities[number]
            used = self._used(kind)
            form = KindForm(kind, used, self.theme, lambda: self._kind_stays(used))
        for button in ("remove", "up", "down"):
            self._tools[button].setEnabled(part in ("label", "relation", "kind"))
        self.form = form
        if form is not None:
            form.changed.connect(self._take)
            dress(form, self.theme)
            self._area.setWidget(form)

    def _enter_form(self) -> None:
        if self.form is not None:
            name = getattr(self.form, "name", None) or getattr(self.form, "title", None)
            if isinstance(name, QWidget):
                name.setFocus(Qt.FocusReason.TabFocusReason)

    def _take(self, value: object) -> None:
        _, number = self.part
        scheme = self.draft.scheme
        if isinstance(value, Label):
            self.draft.put_label(number, value)
        elif isinstance(value, RelationLabel):
            self.draft.put_relation(number, value)
        elif isinstance(value, EntityKind):
            self._put_kind(number, value)
        elif isinstance(value, Scheme):
            self.draft.scheme = replace(
                scheme, id=value.id, title=value.title, description=value.description
            )
        index = self.rows.currentIndex()
        self.model.dataChanged.emit(index, index)
        self._later()

    def _put_kind(self, number: int, after: EntityKind) -> None:
        scheme = self.draft.scheme
        before = scheme.entities[number].name
        kinds = list(scheme.entities)
        kinds[number] = after
        labels = tuple(
            replace(item, entity=after.name) if item.entity == before else item
            for item in scheme.labels
        )
        ties = tuple(
            replace(item, target_entity=after.name) if item.target_entity == before else item
            for item in scheme.relations
        )
        self.draft.scheme = replace(scheme, entities=tuple(kinds), labels=labels, relations=ties)

    def _used(self, kind: EntityKind) -> int:
        return sum(item.kind == kind.name for item in self._workspace.entities.values())

    def _kind_stays(self, used: int) -> str:
        return tr_n(
            used,
            "{n} entity is of this kind: it keeps its name.",
            "{n} entities are of this kind: it keeps its name.",
        )

    # -- adding, removing, ordering ----------------------------------------------------------

    def _ask_part(self) -> None:
        menu = QMenu(self)
        menu.setObjectName("menu.part")
        for text, act in (
            (tr("Label"), self.add_label),
            (tr("Link"), self.add_relation),
            (tr("Kind of entity"), self.add_kind),
        ):
            menu.addAction(text).triggered.connect(act)
        button = self._tools["add"]
        menu.exec(button.mapToGlobal(button.rect().topLeft()))
        menu.deleteLater()

    def add_label(self) -> None:
        """Add a label with a name, a key and a colour that are free."""
        scheme = self.draft.scheme
        taken = {item.key.upper() for item in scheme.labels}
        used = {item.colour for item in scheme.labels}
        free = [name for name in self.theme.palette if name not in used]
        keys = [key for key in "SLCQPOTVBGHKMUY" if key not in taken]
        made = Label(
            name=_free_name(tr("Label"), {item.name for item in scheme.labels}),
            key=keys[0] if keys else "",
            colour=free[0] if free else "grey",
        )
        self.draft.scheme = replace(scheme, labels=(*scheme.labels, made))
        self._renew(f"label.{len(scheme.labels)}")
        self._enter_form()

    def add_relation(self) -> None:
        """Add a relation between the first two labels."""
        scheme = self.draft.scheme
        if not scheme.labels:
            self.complaint.say(tr("A link needs a label to lead from. Add a label first."))
            return
        name = _free_name("relates_to", {item.name for item in scheme.relations})
        ends = [item.name for item in scheme.labels]
        made = RelationLabel(name=name, source=ends[0], targets=(ends[-1],))
        self.draft.scheme = replace(scheme, relations=(*scheme.relations, made))
        self._renew(f"relation.{len(scheme.relations)}")
        self._enter_form()

    def add_kind(self) -> None:
        """Add a kind of entity."""
        scheme = self.draft.scheme
        name = _free_name("kind", {item.name for item in scheme.entities})
        self.draft.scheme = replace(scheme, entities=(*scheme.entities, EntityKind(name=name)))
        self._renew(f"kind.{len(scheme.entities)}")
        self._enter_form()

    def remove(self) -> None:
        """Remove the part at hand; what that takes away is said below at once."""
        part, number = self.part
        scheme = self.draft.scheme
        if part == "label":
            self.draft.remove_label(number)
        elif part == "relation":
            self.draft.remove_relation(number)
        elif part == "kind":
            kind = scheme.entities[number]
            used = self._used(kind)
            if used:
                self._workspace.note(self._kind_stays(used))
                self.complaint.say(self._kind_stays(used))
                return
            self._drop_kind(kind)
        else:
            return
        count = {
            "label": len(self.draft.scheme.labels),
            "relation": len(self.draft.scheme.relations),
            "kind": len(self.draft.scheme.entities),
        }[part]
        self._renew(f"{part}.{min(number, count - 1)}" if count else TITLE)
        self.foresee()

    def _drop_kind(self, kind: EntityKind) -> None:
        scheme = self.draft.scheme
        self.draft.scheme = replace(
            scheme,
            entities=tuple(item for item in scheme.entities if item is not kind),
            labels=tuple(
                replace(item, entity=None) if item.entity == kind.name else item
                for item in scheme.labels
            ),
            relations=tuple(
                replace(item, target_entity=None) if item.target_entity == kind.name else item
                for item in scheme.relations
            ),
        )

    def move_by(self, by: int) -> None:
        """Move the part at hand up or down among its like."""
        part, number = self.part
        scheme = self.draft.scheme
        field = {"label": "labels", "relation": "relations", "kind": "entities"}.get(part)
        if field is None:
            return
        items = list(getattr(scheme, field))
        if 0 <= number + by < len(items):
            items.insert(number + by, items.pop(number))
            self.draft.scheme = _with_items(scheme, field, tuple(items))
            self._renew(f"{part}.{number + by}")

    def _renew(self, key: str) -> None:
        self.model.renew()
        self.rows.go_to(key)
        self._show_part()
        self._later()

    # -- what it comes to --------------------------------------------------------------------

    def _later(self) -> None:
        problems = schemes.inconsistencies(self.draft.scheme)
        self.complaint.say(" ".join(problems))
        self.save_button.setEnabled(not problems)
        self._pause.start()

    def foresee(self) -> None:
        """Say what saving would take away."""
        self._pause.stop()
        self._workspace.flush()
        try:
            text = consequences(self.draft.edit(self._workspace.project))
        except UserError:
            text = ""
        self.foresight.setText(text)
        self.foresight.setVisible(bool(text))

    def save(self) -> None:
        """Make this the scheme of the project, as one edit."""
        self._workspace.flush()
        try:
            edit = self.draft.edit(self._workspace.project)
        except NothingToDo:
            self.accept()
            return
        except UserError as error:
            self.complaint.say(reason(error))
            return
        if self._workspace.perform(edit):
            self._workspace.note(consequences(edit) or tr("The scheme is changed."))
            self.accept()

    # -- other schemes -----------------------------------------------------------------------

    def _ask_load(self) -> None:
        menu = self.load_menu()
        menu.exec(self.load_button.mapToGlobal(self.load_button.rect().topLeft()))
        menu.deleteLater()

    def load_menu(self) -> QMenu:
        """Make the menu of the schemes that ship, and of files."""
        from annotator import schemes as shipped

        menu = QMenu(self)
        menu.setObjectName("menu.schemes")
        for name in shipped.names():
            title = shipped.load(name).title
            action = menu.addAction(title.replace("&", "&&"))
            action.triggered.connect(lambda _=False, name=name: self.load(name))
        menu.addSeparator()
        menu.addAction(tr("From a file")).triggered.connect(self._load_file)
        return menu

    def _load_file(self) -> None:
        kinds = tr("Schemes (*.toml)")
        for path in self._ask.open_files(self, tr("Take a scheme from a file"), kinds)[:1]:
            self.load(str(path))

    def load(self, name: str) -> None:
        """Go on with the scheme that ships as *name*, or with the one in a file."""
        from annotator import schemes as shipped

        try:
            scheme = shipped.load(name)
        except UserError as error:
            self.complaint.say(reason(error))
            return
        self.draft.take(scheme)
        self._renew(TITLE)
        self.foresee()

    def save_file(self) -> None:
        """Write the scheme as it stands here to a TOML file."""
        from annotator.formats.replacing import replacing

        name = f"{self.draft.scheme.id or 'scheme'}.toml"
        target = self._ask.save_file(self, tr("Save the scheme"), tr("Schemes (*.toml)"), name)
        if target is None:
            return
        path = target if target.suffix else Path(f"{target}.toml")
        try:
            with replacing(path) as file:
                file.write(schemes.to_toml(self.draft.scheme).encode())
        except UserError as error:
            self.complaint.say(reason(error))
            return
        self._workspace.note(tr("Saved as {path}.", path=path))


def _with_items(scheme: Scheme, field: str, items: tuple[object, ...]) -> Scheme:
    return replace(scheme, **{field: items})  # type: ignore[arg-type]


def _free_name(name: str, taken: set[str]) -> str:
    number, made = 1, name
    while made in taken:
        number += 1
        made = f"{name} {number}"
    return made
>>>>>>> lead
