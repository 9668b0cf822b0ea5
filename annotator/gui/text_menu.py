"""The menu at the words: what can be done with the label, the selection or the place there.

The mouse asks for what lies under it, the keyboard (Menu, or Shift F10) for what is selected or
stands at the caret.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QMenu

from annotator.gui import span_menu
from annotator.gui.details.intents import words
from annotator.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from annotator.gui.actions import Actions
    from annotator.gui.article.text_view import ArticleView
    from annotator.gui.marking import Marking
    from annotator.gui.workspace import Workspace

_WORDS: Final = 48
"""Characters of a label's words that stand in a menu."""


class TextMenu(QObject):
    """Shows the menu of the article view, one at a time."""

    def __init__(
        self,
        workspace: Workspace,
        actions: Actions,
        view: ArticleView,
        marking: Marking,
        open_entity: Callable[[str], object],
    ) -> None:
        super().__init__(view)
        self._workspace = workspace
        self._actions = actions
        self._view = view
        self._marking = marking
        self._open_entity = open_entity
        self._menu: QMenu | None = None
        actions.on("text.menu", self.open_at_caret)
        view.installEventFilter(self)
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what asks for a menu, by mouse or by the key that the desktop has for it."""
        if event.type() != QEvent.Type.ContextMenu or not isinstance(event, QContextMenuEvent):
            return False
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.open_at_caret()
        elif watched is self._view.viewport():
            self.open_at(event.pos())
        else:
            return False
        event.accept()
        return True

    def open_at(self, point: QPoint) -> None:
        """Show the menu for what lies under a pixel of the viewport."""
        if self._is_open() or self._workspace.annotated is None:
            return
        self._begin()
        here = self._own(self._view.pointer.spans_under(point))
        place = self._view.pointer.position_at(point)
        chosen = self._view.selection()
        if chosen is not None and chosen.start <= place < chosen.end:
            here = []
        else:
            self._view.set_caret(place, scroll=False)
            chosen = None
            self._take(here)
        self._show(self._build(here, selected=chosen is not None), point)

    def open_at_caret(self) -> None:
        """Show the menu for the selection, the selected labels, or what stands at the caret."""
        if self._is_open() or self._workspace.annotated is None:
            return
        self._begin()
        selected = self._view.selection() is not None
        here: list[str] = []
        if not selected:
            here = list(self._workspace.selected)
            if not here:
                here = self._own(self._view.spans_at(self._view.caret()))
                self._take(here)
        self._view.scrolling.keep_in_sight(self._view.textCursor().position())
        caret = self._view.scrolling.caret_rect(self._view.textCursor().position())
        self._show(self._build(here, selected=selected), caret.bottomLeft())

    def _is_open(self) -> bool:
        return self._menu is not None

    def _begin(self) -> None:
        self._marking.leave_mode()
        self._view.setFocus(Qt.FocusReason.PopupFocusReason)

    def _own(self, ids: list[str]) -> list[str]:
        """Return those of *ids* that are labels of one's own."""
        desk = self._workspace.desk
        spans = desk.annotated.spans
        return [key for key in ids if spans[key].layer_id == desk.layer.id]

    def _take(self, here: list[str]) -> None:
        """Select the innermost of the labels *here*, unless one of them is selected already."""
        if not set(here) & set(self._workspace.selected):
            self._workspace.select(tuple(here[:1]))

    def _build(self, here: list[str], *, selected: bool) -> QMenu:
        menu = QMenu(self._view)
        if selected:
            menu.setObjectName("menu.selection")
            menu.setAccessibleName(tr("Selected words"))
            self._fill_for_selection(menu)
        elif here:
            menu.setObjectName("menu.span")
            menu.setAccessibleName(tr("Selected label"))
            span_menu.fill(menu, self._workspace, self._actions, self._open_entity)
            self._add_others(menu, here)
        else:
            menu.setObjectName("menu.text")
            menu.setAccessibleName(tr("Text"))
            for action_id in ("copy", "select.sentence", "select.paragraph"):
                menu.addAction(self._actions[action_id])
            menu.addSeparator()
            menu.addAction(self._actions["find"])
        return menu

    def _fill_for_selection(self, menu: QMenu) -> None:
        for label in self._workspace.scheme.active_labels:
            menu.addAction(self._actions[f"label.{label.name}"])
        menu.addSeparator()
        menu.addAction(self._actions["fragment.add"])
        menu.addSeparator()
        for action_id in ("copy", "find"):
            menu.addAction(self._actions[action_id])

    def _add_others(self, menu: QMenu, here: list[str]) -> None:
        """Offer the other labels on the same words, which the mouse cannot tell apart."""
        spans = self._workspace.desk.annotated.spans
        others = [spans[key] for key in here if key not in self._workspace.selected]
        if not others:
            return
        menu.addSeparator()
        deeper = menu.addMenu(tr("Select here"))
        deeper.setObjectName("menu.span.here")
        deeper.setAccessibleName(deeper.title())
        for span in others:
            shown = words(span)
            shown = shown if len(shown) <= _WORDS else f"{shown[: _WORDS - 1].rstrip()}…"
            text = tr("{label}: {words}", label=span.label, words=shown)
            action = deeper.addAction(span_menu.menu_text(text))
            action.triggered.connect(partial(self._select, span.id))

    def _select(self, span_id: str, _checked: bool = False) -> None:
        self._workspace.select((span_id,))

    def _show(self, menu: QMenu, point: QPoint) -> None:
        self._menu = menu
        menu.aboutToHide.connect(self._forget)
        menu.popup(self._view.viewport().mapToGlobal(point))

    def _forget(self) -> None:
        menu, self._menu = self._menu, None
        if menu is not None:
            # What was chosen in it is carried out only after it has gone.
            menu.deleteLater()
