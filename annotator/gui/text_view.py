"""The article on the screen: words with labels under them, a caret, and what people do there.

A read-only ``QTextEdit`` with a layout of its own. It turns keys and mouse into code points of the
stored text and into ids of spans; it changes nothing. The picture is drawn by
:mod:`annotator.gui.article_painter`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPaintEvent,
    QPainter,
    QPalette,
    QResizeEvent,
    QTextCursor,
    QTextDocument,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from annotator.gui import caret as caret_motion
from annotator.gui.article_content import ArticleContent
from annotator.gui.article_look import Look, Sizes
from annotator.gui.article_meta import meta_line
from annotator.gui.article_painter import ArticlePainter
from annotator.gui.mouse_selection import MouseSelection
from annotator.gui.text_layout import ArticleLayout
from annotator.gui.view_state import Hint, ViewState
from annotator.gui.span_finder import SpanFinder
from annotator.model import Annotated, Edit, Fragment, Relation, Span
from annotator.text import Structure
