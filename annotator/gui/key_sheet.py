"""Every key on one sheet, searchable, and changed in place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QEvent,
    QObject,
    Qt,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from annotator.gui.actions import MENUS, Actions
from annotator.gui.controls import Field
from annotator.gui.dialogs import closing
from annotator.gui.headed_list import HeadedModel, HeadedRows, Measures
from annotator.gui.page_actions import PAGES
from annotator.gui.parts import (
    key_text,
    label,
    px,
)
from annotator.gui.pressed_keys import only_held, pressed_key
from annotator.gui.theme import Theme
from annotator.translation import shown, tr

MEASURES = Measures(row=32, heading=24, above=8, left=12, inset=(0, 4))


@dataclass(frozen=True, slots=True)
class Line:
    """An action with its keys, or the heading of a group."""

    text: str
    action_id: str = ""
    caps: tuple[str, ...] = ()

    @property
    def is_heading(self) -> bool:
        """Whether it only names the actions below it."""
        return not self.action_id

    @property
    def spoken(self) -> str:
        """What a screen reader says."""
        return ", ".join((self.text, *(key_text(key) for key in self.caps)))


class KeySheet(QDialog):
    """All actions with their keys; Enter on one waits for a new key."""

    def __init__(self, actions: Actions, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("dialog.keys")
        self.setWindowTitle(tr("All keys"))
        self.resize(min(px(640), parent.width() - 40), min(px(680), parent.height() - 40))
        self._actions = actions
        self._theme = theme
        self._waiting = ""
        self._wanted: tuple[str, ...] = ()
        self._build()
        self.refresh()

    def _build(self) -> None:
        self.field = Field(self._theme, tr("Find an action or a key"), icon_name="search")
        self.field.setObjectName("field.find_key")
        self.field.textChanged.connect(self.refresh)
        self.field.installEventFilter(self)
        self.model: HeadedModel[Line] = HeadedModel(self)
        self.list = QListView()
        self.list.setObjectName("list.keys")
        self.list.setAccessibleName(tr("Actions and their keys"))
        self.list.setModel(self.model)
        self.list.setItemDelegate(HeadedRows(self._theme, MEASURES, self.list))
        self.list.setFrameShape(QListView.Shape.NoFrame)
        self.list.viewport().setAutoFillBackground(False)
        self.list.setMouseTracking(True)
        self.list.installEventFilter(self)
        self.list.doubleClicked.connect(lambda _index: self._begin())
        self.message = label(size=13, tone="muted")
        self.message.setObjectName("text.keys")
        self.message.setWordWrap(True)
        self.change = self._button(tr("Change the key"), "button.change_key", self._begin)
        self.take = self._button(tr("Take it anyway"), "button.take_key", self._take)
        self.cancel = self._button(tr("Leave it"), "button.leave_key", self._end)
        self.reset = self._button(tr("As it was"), "button.reset_key", self._reset)
        self.reset_all = self._button(
            tr("All keys as they were"), "button.reset_keys", self._reset_all
        )
        row = QHBoxLayout()
        for button in (self.change, self.reset, self.take, self.cancel):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.reset_all)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        column.addWidget(self.field)
        column.addWidget(self.list, 1)
        column.addWidget(self.message)
        column.addLayout(row)
        column.addWidget(closing(self))
        self._end()

    def _button(self, text: str, name: str, press: Any) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAutoDefault(False)
        button.clicked.connect(press)
        return button

    # -- what is shown -----------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the actions that fit what is typed."""
        wanted = self.field.text().casefold().split()
        lines: list[Line] = []
        for menu, title in (*MENUS, *PAGES):
            group = []
            for spec in self._actions.specs:
                mine = spec.menu.split(".")[0] == menu
                mine = mine or (menu == "label" and spec.id.startswith("attribute."))
                # A page is built when it is wanted first; its keys can be changed before.
                there = spec.where == menu or self._actions.has_doer(spec.id)
                if not mine or not there:
                    continue
                text, keys = self._actions.text(spec.id), self._actions.keys(spec.id)
                words = f"{text} {' '.join(key_text(key) for key in keys)}".casefold()
                if all(word in words for word in wanted):
                    group.append(Line(text, spec.id, keys))
            if group:
                lines += [Line(shown(title).replace("&", "")), *group]
        chosen = self.chosen
        self.model.show_items(lines)
        for row, line in enumerate(lines):
            if line.action_id and (not chosen or line.action_id == chosen):
                self.list.setCurrentIndex(self.model.index(row))
                break
        else:
            if len(lines) > 1:
                self.list.setCurrentIndex(self.model.index(1))

    @property
    def chosen(self) -> str:
        """Id of the action in the current line."""
        row = self.list.currentIndex().row()
        return self.model.items[row].action_id if 0 <= row < len(self.model.items) else ""

    def change_key(self, action_id: str) -> None:
        """Wait for a new key of an action at once."""
        for row, line in enumerate(self.model.items):
            if line.action_id == action_id:
                self.list.setCurrentIndex(self.model.index(row))
                self._begin()
                return

    # -- changing ----------------------------------------------------------------------------

    def _begin(self) -> None:
        if not self.chosen:
            return
        self._waiting, self._wanted = self.chosen, ()
        name = self._actions.text(self._waiting)
        self._say(
            tr("Press the new key for “{name}”. Esc leaves it, Backspace takes its key away.",
               name=name)
        )  # fmt: skip
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _end(self) -> None:
        self._waiting, self._wanted = "", ()
        self._say(tr("Enter or a double click changes a key."))

    def _say(self, text: str, *, conflict: bool = False) -> None:
        self.message.setText(text)
        self.take.setVisible(conflict)
        self.cancel.setVisible(conflict)
        self.change.setVisible(not conflict)
        self.reset.setVisible(not conflict)

    def _press(self, event: QKeyEvent) -> None:
        if only_held(event):
            return
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self._end()
            return
        if key == Qt.Key.Key_Backspace and not event.modifiers():
            self._set(())
            return
        wanted = pressed_key(event)
        if not wanted:
            return
        others = self._actions.conflicts((wanted,), self._waiting)
        if others:
            self._wanted = (wanted,)
            names = ", ".join(f"“{self._actions.text(other)}”" for other in others)
            self._say(
                tr("{key} is the key of {names} already.", key=key_text(wanted), names=names),
                conflict=True,
            )
            self.take.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._set((wanted,))

    def _set(self, keys: tuple[str, ...] | None) -> None:
        action_id = self._waiting or self.chosen
        try:
            self._actions.rebind(action_id, keys)
        except OSError as error:
            self._say(tr("The settings could not be saved: {reason}", reason=error))
            return
        self._end()
        self.refresh()

    def _take(self) -> None:
        """Give the key to this action, and take it away from the others."""
        wanted = self._wanted
        for other in self._actions.conflicts(wanted, self._waiting):
            kept = [key for key in self._actions.keys(other) if key not in wanted]
            self._actions.rebind(other, kept)
        self._set(wanted)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _reset(self) -> None:
        if self.chosen:
            self._waiting = ""
            self._set(None)

    def _reset_all(self) -> None:
        self._actions.reset_keys()
        self._end()
        self.refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The new key, while one is waited for; Enter begins; down goes to the list."""
        if event.type() == QEvent.Type.ShortcutOverride and self._waiting:
            event.accept()
            return True
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if watched is self.list and self._waiting and not self._wanted:
            self._press(event)
            return True
        if watched is self.list and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_F2):
            self._begin()
            return True
        if watched is self.field and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return):
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return False
