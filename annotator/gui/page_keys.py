"""The keys of a page: its actions carried out, and its buttons with the keys they have now."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from annotator.gui.review.key_button import KeyButton
from annotator.gui.theme import Theme

if TYPE_CHECKING:
    from annotator.gui.actions import Actions


class PageKeys(QObject):
    """The actions of one page, which hold while *widget* or something in it has the focus."""

    def __init__(self, commands: Actions, widget: QWidget, page: str) -> None:
        super().__init__(widget)
        self._commands = commands
        self._page = page
        self._buttons: list[tuple[KeyButton, str]] = []
        commands.attach_page(widget, page)
        commands.keys_changed.connect(self._show_keys)

    def on(self, name: str, doer: Callable[[], object]) -> None:
        """Have *doer* called for an action of the page."""
        self._commands.on(f"{self._page}.{name}", doer)

    def button(self, theme: Theme, text: str, name: str, object_name: str) -> KeyButton:
        """Return a button that says *text*, shows the key of an action and carries it out."""
        action_id = f"{self._page}.{name}"
        made = KeyButton(theme, text, self._commands.key(action_id), object_name)
        made.clicked.connect(lambda: self._commands.run(action_id))
        self._buttons.append((made, action_id))
        return made

    def key(self, name: str) -> str:
        """Return the key that an action of the page has now."""
        return self._commands.key(f"{self._page}.{name}")

    def _show_keys(self) -> None:
        for button, action_id in self._buttons:
            button.set_key(self._commands.key(action_id))
