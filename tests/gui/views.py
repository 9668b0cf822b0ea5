"""Article views for tests: shown, with the focus, and asked about in words."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from annotator.annotated import Annotated
from annotator.gui import theme
from annotator.gui.article.line_parts import Piece
from annotator.gui.article.text_layout import ArticleLayout
from annotator.gui.article.text_view import ArticleView, Look
from annotator.model import (
    Article,
    Change,
    Edit,
    Fragment,
    Layer,
    Span,
    edit,
    text_hash,
)
from annotator.text import Structure
from tests.notation import LAYER, annotated, news_scheme


def look(name: str = "light", text_px: int = 17, density: str = "captions") -> Look:
    """Return the usual look."""
    return Look(theme.load(name), news_scheme(), text_px, density)


def plain(text: str) -> Annotated:
    """Return an article with *text* as it is, whatever its characters."""
    article = Article(id="article", title="", text=text, sha256=text_hash("x"))
    layer = Layer(id=LAYER, article_id="article", author="ada")
    return Annotated(article, layers={LAYER: layer})


@dataclass
class Shown:
    """A view that shows an article."""

    view: ArticleView
    article: Annotated

    @property
    def layout(self) -> ArticleLayout:
        """The layout of the view."""
        assert self.view.article_layout is not None
        return self.view.article_layout

    @property
    def text(self) -> str:
        """The stored text."""
        return self.article.article.text

    def press(
        self, *keys: Qt.Key, shift: bool = False, ctrl: bool = False, alt: bool = False
    ) -> None:
        """Press keys on the view."""
        modifiers = Qt.KeyboardModifier.NoModifier
        for held, modifier in (
            (shift, Qt.KeyboardModifier.ShiftModifier),
            (ctrl, Qt.KeyboardModifier.ControlModifier),
            (alt, Qt.KeyboardModifier.AltModifier),
        ):
            if held:
                modifiers |= modifier
        for key in keys:
            QTest.keyClick(self.view, key, modifiers)

    def selected_text(self) -> str:
        """Return the stored words that are selected."""
        chosen = self.view.selection()
        return "" if chosen is None else self.text[chosen.start : chosen.end]

    def point(self, position: int) -> QPoint:
        """Return the pixel of the viewport at a stored position."""
        assert self.view.content is not None
        place = self.layout.place(self.view.content.map.to_shown(position))
        scrolled = self.view.verticalScrollBar().value()
        return QPoint(round(place.left()) + 1, round(place.center().y()) - scrolled)

    def point_of(self, words: str, nth: int = 0) -> QPoint:
        """Return a pixel inside the first letter of *words*."""
        at = -1
        for _ in range(nth + 1):
            at = self.text.index(words, at + 1)
        return self.point(at) + QPoint(1, 0)

    def pieces(self, span_id: str | None = None) -> list[Piece]:
        """Return the pieces of a span, or of all, from top to bottom."""
        found: list[Piece] = []
        block = self.view.document().begin()
        while block.isValid():
            for line in self.layout.laid(block).lines:
                found += [p for p in line.pieces if span_id in (None, p.span.id)]
            block = block.next()
        return found

    def chip_point(self, span_id: str) -> QPoint:
        """Return a pixel on the chip of a span."""
        block = self.view.document().begin()
        while block.isValid():
            laid = self.layout.laid(block)
            for line in laid.lines:
                for piece in line.pieces:
                    if piece.span.id == span_id and piece.chip:
                        y = self.layout.top(laid.number) + self.layout.lane_y(line, piece.lane)
                        x = self.layout.column_left + piece.caption_left + 3
                        y -= self.view.verticalScrollBar().value()
                        return QPoint(round(x), round(y) + 8)
            block = block.next()
        raise AssertionError(span_id)

    def picture(self) -> QImage:
        """Return what the view shows."""
        return self.view.viewport().grab().toImage()

    def colour(self, point: QPoint) -> QColor:
        """Return the colour of a pixel."""
        return self.picture().pixelColor(point)

    def perform(self, *changes: Change) -> Edit:
        """Apply changes to the article and show them."""
        made = edit("mark", changes)
        self.article.apply(made)
        self.view.refresh(made)
        return made

    def in_article(self, point: QPoint) -> QPointF:
        """Return a pixel of the viewport in coordinates of the article."""
        return QPointF(point.x(), point.y() + self.view.verticalScrollBar().value())


def show(
    qtbot: QtBot,
    notation: str | Annotated,
    *relations: str,
    width: int = 900,
    height: int = 600,
    others: tuple[str, ...] = (),
    with_look: Look | None = None,
) -> Shown:
    """Show an article and give the view the focus."""
    article = annotated(notation, *relations) if isinstance(notation, str) else notation
    view = ArticleView(with_look or look())
    qtbot.addWidget(view)
    view.scrolling.smooth = False
    view.resize(width, height)
    view.show_article(article, Structure(article.article.text, "en"), LAYER, others)
    view.show()
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    return Shown(view, article)


def span(article: Annotated, words: str, label: str, span_id: str, layer_id: str = LAYER) -> Span:
    """Return a new span over the first *words* of an article."""
    start = article.article.text.index(words)
    fragment = Fragment(start, start + len(words))
    return Span(
        id=span_id,
        article_id=article.article.id,
        layer_id=layer_id,
        label=label,
        fragments=(fragment,),
        text=(words,),
    )
