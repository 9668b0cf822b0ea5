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
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from annotator import scheme as schemes
from annotator.editing import NothingToDo
from annotator.errors import UserError
from annotator.gui.controls import IconButton
from annotator.gui.dialogs import Complaint, PlainDialog
from annotator.gui.intents import kind_title
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
        return Row(text=kind_title(scheme.entities[int(number)]), icon="person")


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

    # -- building ----------------------------------------------------------------------------

    def _build(self) -> None:
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
        column.addWidget(self.foresight)
        column.addWidget(self.complaint)
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
