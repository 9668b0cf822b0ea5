"""The docks left and right: folded where the window is narrow, opened over the page by their keys.

1280 px and wider both stand beside the page; below that the left one is a strip of dots, which
opens over the page under the mouse too; below 960 px the right one is out of sight. What a person
folds stays folded, and a dock dragged to the other side stays there. Every place of the window
has a pair of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QFrame,
    QLayout,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from annotator.gui.article_rows import STRIP
from annotator.gui.dock_handle import DockHandle, DropPlace
from annotator.gui.hover_opening import HoverOpening
from annotator.gui.parts import Themed, px, scale

FOLD_LEFT = 1280
FOLD_RIGHT = 960
"""Widths of the window under which a dock folds, at a text size of 100 %."""


def fold_factor() -> float:
    """Return how much earlier docks fold at a larger text size: half as fast as the text grows."""
    return 1 + (scale() - 1) / 2


class Dock(QDockWidget):
    """A dock without a title: what it shows says what it is."""

    def __init__(self, name: str, title: str, parent: QMainWindow) -> None:
        super().__init__(title, parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setTitleBarWidget(QWidget())
        self.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetClosable)


class Overlay(QFrame):
    """A panel over the page, until Esc or until the focus goes elsewhere."""

    def __init__(self, window: QMainWindow, name: str) -> None:
        super().__init__(window)
        self.setObjectName(name)
        self.setAutoFillBackground(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def open(self, panel: QWidget, place: QRect) -> None:
        """Show *panel* at *place* of the window."""
        self._column.addWidget(panel)
        panel.show()
        self.setGeometry(place)
        self.show()
        self.raise_()

    def release(self) -> None:
        """Give the panel back."""
        item = self._column.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.setParent(None)
        self.hide()


class FoldingPanel(Themed, QWidget):
    """What stands in the left dock: a list that folds to a strip."""

    strip: QWidget

    def _stack_up(self, top: QLayout, rows: QWidget, foot: QWidget) -> None:
        """Put the list between what is above and below it, and the strip behind it all."""
        self._full = QWidget()
        column = QVBoxLayout(self._full)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(rows, 1)
        column.addWidget(foot)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._full)
        self._stack.addWidget(self.strip)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)

    def set_folded(self, folded: bool) -> None:
        """Show the strip in place of the list, or the list."""
        self._stack.setCurrentWidget(self.strip if folded else self._full)
        low, high = (STRIP, STRIP) if folded else (min(px(224), 320), max(400, px(400)))
        self.setMinimumWidth(low)
        self.setMaximumWidth(high)

    def focus_first(self) -> None:
        """Put the keyboard where one begins in the list."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Sides:
    """The names of a pair of docks, and how wide the right one is, in pixels at 100 %."""

    left: str
    right: str
    width: int
    least: int
    prefix: str = ""
    """Of the names under which the settings keep how the docks stand."""


class SidePanels(QObject):
    """Both docks, and how they fold."""

    def __init__(
        self, window: QMainWindow, lists: FoldingPanel, pane: QWidget, sides: Sides
    ) -> None:
        super().__init__(window)
        self._window = window
        self._sides = sides
        self.list = lists
        self.pane = pane
        self.left = Dock(f"dock.{sides.left}", lists.accessibleName(), window)
        self.left.setWidget(lists)
        self.right = Dock(f"dock.{sides.right}", pane.accessibleName(), window)
        self.right.setWidget(pane)
        window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, self.left)
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.right)
        self._over_left = Overlay(window, f"overlay.{sides.left}")
        self._over_right = Overlay(window, f"overlay.{sides.right}")
        self._drop = DropPlace(window, lists.theme)
        for dock in (self.left, self.right):
            self._add_handle(dock)
        self._hover = HoverOpening(lists.strip, self._over_left)
        self._hover.wanted.connect(self._open_left_over)
        self._hover.unwanted.connect(self.close_overlays)
        self.left_folded_by_person = False
        self.right_hidden_by_person = False
        self._shown = True
        self._sized = False
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus)
        for overlay in (self._over_left, self._over_right):
            overlay.installEventFilter(self)

    # -- dragged with the mouse ----------------------------------------------------------------

    def _add_handle(self, dock: Dock) -> None:
        handle = DockHandle(dock, self.list.theme)
        handle.moved.connect(lambda spot: self._show_drop(dock, spot))
        handle.dropped.connect(lambda spot: self._take_drop(dock, spot))
        handle.cancelled.connect(self._drop.hide)

    def _is_across(self, dock: Dock, spot: QPoint) -> bool:
        """Say whether *spot* of the screen is in the half of the window where *dock* is not."""
        right_half = self._window.mapFromGlobal(spot).x() > self._window.width() // 2
        return right_half != self._is_right(dock)

    def _is_right(self, dock: Dock) -> bool:
        return self._window.dockWidgetArea(dock) == Qt.DockWidgetArea.RightDockWidgetArea

    def _show_drop(self, dock: Dock, spot: QPoint) -> None:
        if self._is_across(dock, spot):
            self._drop.show_at(
                self._beside(dock.geometry(), dock.width(), not self._is_right(dock))
            )
        else:
            self._drop.hide()

    def _take_drop(self, dock: Dock, spot: QPoint) -> None:
        self._drop.hide()
        if self._is_across(dock, spot):
            self.exchange()

    def _beside(self, height: QRect, width: int, right: bool) -> QRect:
        """Return a place of *width* at one edge of the window, as high as *height*."""
        place = QRect(height)
        place.setLeft(self._window.width() - width if right else 0)
        place.setWidth(width)
        return place

    # -- where things stand ------------------------------------------------------------------

    @property
    def left_folds(self) -> bool:
        """Whether the window is too narrow for the list of articles."""
        return self._window.width() < FOLD_LEFT * fold_factor()

    @property
    def right_folds(self) -> bool:
        """Whether the window is too narrow for the details."""
        return self._window.width() < FOLD_RIGHT * fold_factor()

    def show_docks(self, shown: bool) -> None:
        """Show the docks beside the page, or leave the page alone with the window."""
        self._shown = shown
        self.arrange()

    @property
    def exchanged(self) -> bool:
        """Whether the articles stand on the right and the details on the left."""
        return self._is_right(self.left)

    def exchange(self) -> None:
        """Put the articles where the details are, and the details where the articles were."""
        here, there = (self._window.dockWidgetArea(dock) for dock in (self.left, self.right))
        for dock, area in ((self.left, there), (self.right, here)):
            self._window.removeDockWidget(dock)
            self._window.addDockWidget(area, dock)
        self.arrange()

    def arrange(self) -> None:
        """Fold and unfold, as the width of the window and the person want it."""
        self.close_overlays()
        folded = self.left_folds or self.left_folded_by_person
        self.list.set_folded(folded)
        self.left.setMinimumWidth(STRIP if folded else min(px(224), 320))
        self.left.setMaximumWidth(STRIP if folded else max(400, px(400)))
        self.left.setVisible(self._shown)
        self.pane.setMinimumWidth(px(self._sides.least))
        self.right.setMaximumWidth(px(480))
        self.right.setVisible(
            self._shown and not self.right_folds and not self.right_hidden_by_person
        )
        if self._shown and not self._sized:
            self._sized = True
            self.set_default_widths()

    def set_default_widths(self) -> None:
        """Give the docks the widths they begin with."""
        right = px(self._sides.least if self.left_folds else self._sides.width)
        self._window.resizeDocks(
            [self.left, self.right], [px(272), right], Qt.Orientation.Horizontal
        )

    def take_layout_as_given(self) -> None:
        """Keep the widths that were restored from the last time."""
        self._sized = True

    def keep(self, kept: dict[str, str]) -> None:
        """Put into *kept* what a person chose, for :meth:`restore` at the next start."""
        before = self._sides.prefix
        kept[f"{before}sides"] = "exchanged" if self.exchanged else ""
        kept[f"{before}left"] = "folded" if self.left_folded_by_person else ""
        kept[f"{before}right"] = "hidden" if self.right_hidden_by_person else ""

    def restore(self, kept: Mapping[str, str]) -> None:
        """Stand as a person left the docks."""
        before = self._sides.prefix
        if (kept.get(f"{before}sides") == "exchanged") != self.exchanged:
            self.exchange()
        self.left_folded_by_person = kept.get(f"{before}left") == "folded"
        self.right_hidden_by_person = kept.get(f"{before}right") == "hidden"

    # -- keys --------------------------------------------------------------------------------

    def toggle_left(self) -> None:
        """Fold the list of articles, unfold it, or open it over the page."""
        if not self.left_folds:
            self.left_folded_by_person = not self.left_folded_by_person
            self.arrange()
            if not self.left_folded_by_person:
                self.set_default_widths()
        elif self._over_left.isVisible():
            self.close_overlays()
        else:
            self.open_left()

    def open_left(self) -> None:
        """Bring the list of articles to sight, and the focus to its search field."""
        if self.left_folds:
            self._open_left_over()
        elif self.left_folded_by_person:
            self.left_folded_by_person = False
            self.arrange()
        self.list.focus_first()

    def _open_left_over(self) -> None:
        if self._over_left.isVisible():
            return
        width = min(px(272), self._window.width() - STRIP)
        place = self._beside(self.left.geometry(), width, self._is_right(self.left))
        self.list.set_folded(False)
        self._over_left.open(self.list, place)

    def toggle_right(self) -> None:
        """Hide the details, show them, or open them over the page."""
        if not self.right_folds:
            self.right_hidden_by_person = not self.right_hidden_by_person
            self.arrange()
        elif self._over_right.isVisible():
            self.close_overlays()
        else:
            self.open_right()

    def open_right(self) -> None:
        """Bring the details to sight."""
        if not self.right_folds:
            if self.right_hidden_by_person:
                self.right_hidden_by_person = False
                self.arrange()
            return
        if self._over_right.isVisible():
            return
        width = min(px(self._sides.width), self._window.width() - STRIP)
        place = self._beside(self.left.geometry(), width, self._is_right(self.right))
        self._over_right.open(self.pane, place)
        self.pane.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_overlays(self) -> None:
        """Put panels that stand over the page back into their docks."""
        if self._over_left.isVisible():
            self._over_left.release()
            self.list.set_folded(True)
            self.left.setWidget(self.list)
            self.list.show()
        if self._over_right.isVisible():
            self._over_right.release()
            self.right.setWidget(self.pane)
            self.pane.show()

    # -- events ------------------------------------------------------------------------------

    def _on_focus(self, old: QWidget | None, new: QWidget | None) -> None:
        for overlay in (self._over_left, self._over_right):
            if not overlay.isVisible() or new is None:
                continue
            inside = overlay is new or overlay.isAncestorOf(new)
            if not inside and new.window() is self._window:
                self.close_overlays()
                return

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc closes a panel over the page."""
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            self.close_overlays()
            return True
        return False
