"""The scheme editor: labels, colours, keys, attributes, relations, entities, guidelines.

Everything is changed in a draft; saving makes one edit of it, with what it means for the labels
that exist, so that one undo brings all of it back.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QKeySequence,
    QPalette,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from annotator import editing, schemes
from annotator.errors import UserError
from annotator.formats.replacing import replacing
from annotator.gui.ask import Ask
from annotator.gui.controls import Flow, IconButton, WordButton
from annotator.gui.new_project import shipped_schemes
from annotator.gui.parts import Hairline, dress, plain, px, set_icon
from annotator.gui.scheme.scheme_change import edit_of, losing, losses
from annotator.gui.scheme.scheme_draft import HEAD, SchemeDraft, name_of
from annotator.gui.scheme.scheme_faults import Fault, faults, taken_keys
from annotator.gui.scheme.scheme_forms import Form, Setting, form_for
from annotator.gui.scheme.scheme_list import SchemeList, rows
from annotator.gui.scheme.scheme_losses import Losses
from annotator.gui.scheme.scheme_preview import SchemePreview
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

    # -- building ----------------------------------------------------------------------------

    def _build(self) -> None:
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
        body.addWidget(Hairline(self._theme, vertical=True))
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
        self.save.setToolTip(plain(tr("Save ({key})", key="Ctrl S")))

    # -- what is shown -----------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the draft as it is: rows, preview, faults, losses."""
        self.faults = faults(self.draft, self._taken)
        grave = self._grave()
        token = self.list.current
        self.list.model_rows.show_items(rows(self.draft, {fault.token for fault in grave}))
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

    def _grave(self) -> list[Fault]:
        """Return what stops saving, first what is wrong with the entry in work."""
        token = "" if self.form is None else self.form.entry.token
        grave = [fault for fault in self.faults if fault.grave]
        return sorted(grave, key=lambda fault: fault.token != token)

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
        form = form_for(self._setting(), entry)
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

    def _setting(self) -> Setting:
        given = self._workspace.project.reviewing.reasons_given()
        return Setting(self._theme, self._ask, self.draft, given)

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
        grave = self._grave()
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
        order = [row.token for row in self.list.model_rows.items if row.token]
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
            with replacing(path) as file:
                file.write(to_toml(scheme).encode())
        except UserError as error:
            self._ask.warn(self, tr("The scheme could not be saved."), reason(error))
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._side.setFixedWidth(min(px(256), self.width() * 3 // 10))

    def done(self, result: int) -> None:
        self._counting.stop()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.reject()
