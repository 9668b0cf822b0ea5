"""What the mouse does in an article: caret, selection, spans, dropped files, the wheel."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QMouseEvent,
    QTextCursor,
    QWheelEvent,
)

from annotator.gui.article.mouse_selection import MouseSelection, unit_at
from annotator.model import Fragment

if TYPE_CHECKING:
    from annotator.gui.article.text_view import ArticleView

HOVER: Final = 150
"""Milliseconds after which the relations of a hovered span appear."""
_CTRL: Final = Qt.KeyboardModifier.ControlModifier
_SHIFT: Final = Qt.KeyboardModifier.ShiftModifier


class ArticlePointer(QObject):
    """Takes the mouse's events of a view's viewport."""

    def __init__(self, view: ArticleView) -> None:
        super().__init__(view)
        self._view_ref = weakref.ref(view)
        self._drag = MouseSelection(self)
        self._drag.scroll_timer.timeout.connect(self._scroll_on)
        self._hover_timer = QTimer(self)
        self._hover_timer.setSingleShot(True)
        self._hover_timer.setInterval(HOVER)
        self._hover_timer.timeout.connect(self._relate)

    @property
    def _view(self) -> ArticleView:
        view = self._view_ref()
        assert view is not None
        return view

    @property
    def unit(self) -> str:
        """What the mouse selects now: ``character``, ``token`` or ``sentence``."""
        return self._drag.unit

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take mouse, wheel and drop; leave everything else to Qt."""
        kinds = QEvent.Type
        match event.type():
            case kinds.MouseButtonPress | kinds.MouseButtonDblClick:
                assert isinstance(event, QMouseEvent)
                return self._press(event, double=event.type() == kinds.MouseButtonDblClick)
            case kinds.MouseMove:
                assert isinstance(event, QMouseEvent)
                return self._move(event)
            case kinds.MouseButtonRelease:
                assert isinstance(event, QMouseEvent)
                return self._release(event)
            case kinds.Leave:
                self._hover(None)
            case kinds.Wheel:
                assert isinstance(event, QWheelEvent)
                return self._wheel(event)
            case kinds.DragEnter | kinds.DragMove | kinds.Drop:
                return self._drop(event)
        return False

    # Selecting

    def _press(self, event: QMouseEvent, *, double: bool) -> bool:
        view = self._view
        layout = view.article_layout
        if layout is None or event.button() != Qt.MouseButton.LeftButton:
            return event.button() != Qt.MouseButton.RightButton
        view.setFocus(Qt.FocusReason.MouseFocusReason)
        point = event.position().toPoint()
        piece = layout.piece_at(self._in_article(point))
        if piece is not None:
            view.span_clicked.emit(piece.span.id, event.modifiers())
            return True
        unit = self._drag.press(point, double=double, adds=bool(event.modifiers() & _CTRL))
        position = self.position_at(point)
        extend = bool(event.modifiers() & _SHIFT) and unit == "character"
        origin = unit_at(view.structure, position, unit)
        if extend:
            self._drag.begin_at(Fragment(view.anchor(), view.anchor()))
            view.set_caret(position, extend=True)
            return True
        self._drag.begin_at(origin)
        if origin.start < origin.end:
            view.select(origin)
        else:
            view.set_caret(position)
        return True

    def _move(self, event: QMouseEvent) -> bool:
        point = event.position().toPoint()
        if self._drag.active and event.buttons() & Qt.MouseButton.LeftButton:
            self._drag.point = point
            beyond = not self._view.viewport().rect().contains(point)
            if beyond and not self._drag.scroll_timer.isActive():
                self._drag.scroll_timer.start()
            elif not beyond:
                self._drag.scroll_timer.stop()
            self._reach(point)
        else:
            self._hover(next(iter(self.spans_under(point)), None))
        return True

    def _release(self, event: QMouseEvent) -> bool:
        if event.button() != Qt.MouseButton.LeftButton or not self._drag.active:
            return False
        self._drag.release()
        view = self._view
        chosen = view.selection()
        if chosen is not None:
            clipboard = QGuiApplication.clipboard()
            if clipboard.supportsSelection():
                data = view.createMimeDataFromSelection()
                clipboard.setMimeData(data, clipboard.Mode.Selection)
            if self._drag.adds:
                view.fragment_added.emit(chosen)
        return True

    def _reach(self, point: QPoint) -> None:
        view = self._view
        anchor, caret = self._drag.reach(self.position_at(point), view.structure)
        if (anchor, caret) == (view.anchor(), view.caret()) or view.content is None:
            return
        to_shown = view.content.map.to_shown
        cursor = view.textCursor()
        cursor.setPosition(to_shown(anchor))
        cursor.setPosition(to_shown(caret), QTextCursor.MoveMode.KeepAnchor)
        view.use_cursor(cursor, scroll=False)

    def _scroll_on(self) -> None:
        """Scroll while the mouse is held above or below, the faster the farther it is away."""
        view, point = self._view, self._drag.point
        height = view.viewport().height()
        beyond = point.y() if point.y() < 0 else max(0, point.y() - height)
        if beyond:
            bar = view.verticalScrollBar()
            bar.setValue(bar.value() + max(-60, min(60, beyond)))
            self._reach(QPoint(point.x(), min(max(point.y(), 0), height - 1)))

    def _in_article(self, point: QPoint) -> QPointF:
        return QPointF(point.x(), point.y() + self._view.verticalScrollBar().value())

    def position_at(self, point: QPoint) -> int:
        """Return the place in the text that is nearest to a pixel."""
        layout, content = self._view.article_layout, self._view.content
        if layout is None or content is None:
            return 0
        shown = layout.hitTest(self._in_article(point), Qt.HitTestAccuracy.FuzzyHit)
        return content.map.to_stored(shown)

    # Pointing

    def spans_under(self, point: QPoint) -> list[str]:
        """Return the spans at a pixel: that of the chip there, or those of the words."""
        layout, content = self._view.article_layout, self._view.content
        if layout is None or content is None:
            return []
        place = self._in_article(point)
        piece = layout.piece_at(place)
        if piece is not None:
            return [piece.span.id]
        shown = layout.hitTest(place, Qt.HitTestAccuracy.ExactHit)
        if shown < 0:
            return []
        position = content.map.to_stored(shown)
        return [
            span.id
            for span in content.spans_at(position)
            if any(start <= position < end for start, end in span.fragments)
        ]

    def _hover(self, span_id: str | None) -> None:
        view = self._view
        if span_id == view.state.hovered:
            return
        before = view.state.hovered
        had_relations = view.state.related is not None
        view.state.hovered, view.state.related = span_id, None
        if had_relations:
            view.viewport().update()
        else:
            view.update_span(before)
            view.update_span(span_id)
        self._hover_timer.stop()
        if span_id is not None:
            self._hover_timer.start()
        view.span_hovered.emit(span_id)

    def _relate(self) -> None:
        view = self._view
        view.state.related = view.state.hovered
        view.viewport().update()

    # Wheel and drop

    def _wheel(self, event: QWheelEvent) -> bool:
        if not event.modifiers() & _CTRL:
            return False
        steps = event.angleDelta().y()
        if steps:
            self._view.zoom_wanted.emit(1 if steps > 0 else -1)
        return True

    def _drop(self, event: QEvent) -> bool:
        assert isinstance(event, QDragEnterEvent | QDragMoveEvent | QDropEvent)
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if not files:
            event.ignore()
            return True
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop:
            self._view.files_dropped.emit(files)
        return True
