"""The panels of all labels, each built once: before it is wanted, while the window rests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from annotator.gui.details.guideline_view import GuidelineView
from annotator.gui.details.span_panel import SpanPanel
from annotator.gui.parts import Themed, dress
from annotator.scheme import Label

if TYPE_CHECKING:
    from annotator.gui.actions import Actions
    from annotator.gui.workspace import Workspace

AHEAD_MILLISECONDS: Final = 60
"""Between two parts that are built before anybody has selected a label of theirs."""

_BUILT: Final = object()


class SpanPanels(QObject):
    """Builds and keeps a panel and a guideline for each label; they have no place and are hidden.

    To build all of it, and to bring it into sight, would take longer than a frame at once.
    """

    def __init__(
        self,
        shown: Themed,
        body: QWidget,
        workspace: Workspace,
        actions: Actions,
        connect: Callable[[SpanPanel], None],
    ) -> None:
        super().__init__(body)
        self._shown = shown
        self._body = body
        self._workspace = workspace
        self._actions = actions
        self._connect = connect
        self._panels: dict[str, SpanPanel] = {}
        self._guidelines: dict[str, GuidelineView] = {}
        self._begun: dict[str, Iterator[None]] = {}
        self._ahead = QTimer(self, interval=AHEAD_MILLISECONDS)
        self._ahead.timeout.connect(self._build_ahead)
        self._ahead.start()

    def panel(self, item: Label) -> SpanPanel:
        """Return the panel of a label, built now where it is not yet."""
        while self.build_part(item):
            pass
        return self._panels[item.name]

    def build_part(self, item: Label) -> bool:
        """Build a part that a label has not got yet; say whether there was one."""
        if item.name in self._guidelines:
            return False
        steps = self._begun.setdefault(item.name, self._build(item))
        if next(steps, _BUILT) is _BUILT:
            del self._begun[item.name]
        return True

    def _build(self, item: Label) -> Iterator[None]:
        panel = SpanPanel(self._workspace, self._actions, item, self._shown.theme)
        self._put_away(panel, panel.seldom)
        self._panels[item.name] = panel
        yield from panel.build()
        self._connect(panel)
        for widget in (panel, panel.seldom):
            dress(widget, self._shown.theme)
        yield
        guideline = GuidelineView(self._workspace.scheme, item, self._shown.theme)
        self._put_away(guideline)
        dress(guideline, self._shown.theme)
        self._guidelines[item.name] = guideline

    def parts_of(self, panel: SpanPanel | None) -> list[QWidget]:
        """Return the panel itself, which stands above the note, and what stands below."""
        if panel is None:
            return []
        return [panel, panel.seldom, self._guidelines[panel.label.name]]

    def forget(self) -> None:
        """Let go of all: there is another scheme."""
        for panel in self._panels.values():
            for widget in (panel, panel.seldom):
                widget.deleteLater()
        for guideline in self._guidelines.values():
            guideline.deleteLater()
        self._begun.clear()
        self._panels.clear()
        self._guidelines.clear()
        self._ahead.start()

    def refresh_keys(self) -> None:
        """Show the keys that the slots have now."""
        for panel in self._panels.values():
            panel.refresh_keys()

    def _put_away(self, *widgets: QWidget) -> None:
        for widget in widgets:
            widget.setParent(self._body)
            # While the dock is out of sight, a new child would come into sight with it.
            widget.hide()

    def _build_ahead(self) -> None:
        """Build one more part: the first label of its kind is then marked as fast as any."""
        open_ = self._workspace.is_open
        labels = self._workspace.scheme.active_labels if open_ else ()
        if not any(self.build_part(item) for item in labels):
            self._ahead.stop()
