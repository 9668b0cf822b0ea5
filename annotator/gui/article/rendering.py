"""Articles with their labels on paper and in files, drawn by the painter of the window."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QIODevice,
    QMarginsF,
    QPointF,
    QRect,
    QRectF,
    QSize,
    QSizeF,
)
from PySide6.QtGui import (
    QFontMetricsF,
    QGuiApplication,
    QImage,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextDocument,
)

from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.gui import fonts
from annotator.gui.article.article_content import ArticleContent
from annotator.gui.article.article_look import CAPTIONS, Look, Sizes
from annotator.gui.article.article_meta import meta_line
from annotator.gui.article.article_painter import ArticlePainter
from annotator.gui.article.text_layout import ArticleLayout
from annotator.gui.article.view_state import ViewState
from annotator.gui.theme import Theme
from annotator.scheme import Scheme
from annotator.translation import tr

WIDTH: Final = 900
"""Pixels in which an article is set for files; a page of paper shows them in its width."""
_TALLEST: Final = 32_000
"""Rows of the largest picture that Qt can paint."""
_MARGIN_MM: Final = 10.0
_FOOTER_PX: Final = 28.0


class _SetArticle:
    """A whole article, laid out for one width, without a window."""

    def __init__(
        self, annotated: Annotated, layer_ids: Sequence[str], look: Look, width: int
    ) -> None:
        own = layer_ids[0] if layer_ids else ""
        content = ArticleContent(annotated, own, tuple(layer_ids[1:]))
        content.index.sort_in()
        sizes = Sizes(look)
        meta = meta_line(content.article)
        self.painter = ArticlePainter(sizes, ViewState(), meta, paged=True)
        self.document = QTextDocument()
        self.document.setUndoRedoEnabled(False)
        self.document.setDocumentMargin(0)
        self.document.setDefaultFont(sizes.body.font)
        self.document.setPlainText(content.map.shown)
        self.document.setPageSize(QSizeF(width, -1))
        self.layout = ArticleLayout(self.document, content, sizes, self.painter.paint)
        self.document.setDocumentLayout(self.layout)
        self.look, self.width = look, float(width)
        self.lines = list(self._lay_out())
        self.height = self.layout.full_height

    def _lay_out(self) -> Iterator[tuple[float, float]]:
        """Lay everything out; yield top and bottom of each line."""
        block, y = self.document.begin(), float(self.layout.header)
        while block.isValid():
            laid = self.layout.laid(block)
            for number, line in enumerate(laid.lines):
                bottom = line.y + line.height
                last = number == len(laid.lines) - 1
                yield y + line.y, y + (laid.height if last else bottom)
            y += laid.height
            block = block.next()

    def paint(self, painter: QPainter, clip: QRectF) -> None:
        """Draw a stretch of the article on its page colour."""
        painter.fillRect(clip, self.look.theme.page)
        self.painter.paint(painter, self.layout, clip)


def render(
    annotated: Annotated,
    layer_ids: Sequence[str],
    scheme: Scheme,
    theme: Theme,
    target: Path,
    *,
    width: int = WIDTH,
    text_px: int = 17,
    scale: float = 2.0,
    density: str = CAPTIONS,
) -> None:
    """Write an article as it looks to *target*: ``.pdf``, ``.png`` or ``.svg``.

    The first of *layer_ids* is shown as one's own, the others as others'. *width* is in pixels,
    *scale* the pixels of a PNG for each. Raises UserError where that cannot be.
    """
    writers: dict[str, Callable[[_SetArticle], bytes]] = {
        ".pdf": _pdf,
        ".png": lambda article: _png(article, scale),
        ".svg": _svg,
    }
    write = writers.get(target.suffix.lower())
    if write is None:
        raise UserError(
            tr(
                "{name} cannot be written: pictures of articles end in .pdf, .png or .svg.",
                name=target.name,
            )
        )
    application = _application()
    article = _SetArticle(annotated, layer_ids, Look(theme, scheme, text_px, density), width)
    data = write(article)
    del article, application
    part = target.with_name(f".{target.name}.part")
    try:
        part.write_bytes(data)
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UserError(
            tr("{path} cannot be written: {reason}.", path=target, reason=error.strerror)
        ) from error


def print_article(
    printer: QPagedPaintDevice,
    annotated: Annotated,
    layer_ids: Sequence[str],
    look: Look,
    *,
    width: int = WIDTH,
) -> None:
    """Print an article on as many pages as it needs; lines are never cut."""
    _paint_pages(printer, _SetArticle(annotated, layer_ids, look, width))


def _application() -> QGuiApplication:
    """Return the application, or one without a screen: fonts and pictures need it."""
    running = QGuiApplication.instance()
    if isinstance(running, QGuiApplication):
        return running
    screens = ("DISPLAY", "WAYLAND_DISPLAY")
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in screens):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return QGuiApplication(["annotator"])


def _png(article: _SetArticle, scale: float) -> bytes:
    size = QSize(round(article.width * scale), round(article.height * scale))
    if size.height() > _TALLEST:
        raise UserError(tr("The article is too long for one picture. Please write a PDF instead."))
    image = QImage(size, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    try:
        painter.scale(scale, scale)
        article.paint(painter, QRectF(0, 0, article.width, article.height))
    finally:
        painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(data.data())


def _svg(article: _SetArticle) -> bytes:
    from PySide6.QtSvg import QSvgGenerator

    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    size = QSize(round(article.width), round(article.height))
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(96)
    generator.setSize(size)
    generator.setViewBox(QRect(0, 0, size.width(), size.height()))
    generator.setTitle(article.layout.content.article.title)
    painter = QPainter(generator)
    try:
        article.paint(painter, QRectF(0, 0, article.width, article.height))
    finally:
        painter.end()
    # Viewers that lack the face still know whether it has serifs.
    text = bytes(data.data()).decode("utf-8")
    for families, generic in ((fonts.SERIF, "serif"), (fonts.SANS, "sans-serif")):
        for family in families:
            text = text.replace(f'font-family="{family}"', f'font-family="{family}, {generic}"')
    return text.encode("utf-8")


def _pdf(article: _SetArticle) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(article.layout.content.article.title)
    writer.setCreator("Annotator")
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    writer.setPageMargins(margins, QPageLayout.Unit.Millimeter)
    writer.setResolution(600)
    _paint_pages(writer, article)
    return bytes(data.data())


def _paint_pages(device: QPagedPaintDevice, article: _SetArticle) -> None:
    painter = QPainter(device)
    try:
        scale = device.width() / article.width
        height = device.height() / scale
        pages = _pages(article.lines, height - _FOOTER_PX)
        for number, (top, bottom) in enumerate(pages, 1):
            if number > 1:
                device.newPage()
            painter.save()
            painter.scale(scale, scale)
            painter.fillRect(_whole_page(device, scale), article.look.theme.page)
            painter.translate(0, -top)
            clip = QRectF(0, top, article.width, bottom - top)
            painter.setClipRect(clip)
            article.paint(painter, clip)
            painter.restore()
            painter.save()
            painter.scale(scale, scale)
            _paint_footer(painter, article, f"{number} / {len(pages)}", height)
            painter.restore()
    finally:
        painter.end()


def _whole_page(device: QPagedPaintDevice, scale: float) -> QRectF:
    """Return the page with its margins, as seen from inside them: dark paper has no white rim."""
    layout, dots = device.pageLayout(), device.logicalDpiX()
    paper, inner = layout.fullRectPixels(dots), layout.paintRectPixels(dots)
    place = QRectF(paper).translated(-inner.left(), -inner.top())
    return QRectF(place.topLeft() / scale, place.size() / scale)


def _pages(lines: Sequence[tuple[float, float]], height: float) -> list[tuple[float, float]]:
    """Return top and bottom of each page: as many whole lines as it holds, at least one."""
    pages: list[tuple[float, float]] = []
    top, bottom = 0.0, 0.0
    for line_top, line_bottom in lines:
        if line_bottom - top > height and bottom > top:
            pages.append((top, bottom))
            top = line_top
        bottom = line_bottom
    return [*pages, (top, max(bottom, top + 1))]


def _paint_footer(painter: QPainter, article: _SetArticle, text: str, height: float) -> None:
    sizes = article.painter.sizes
    painter.setFont(sizes.small_font)
    painter.setPen(article.look.theme.muted)
    width = QFontMetricsF(sizes.small_font).horizontalAdvance(text)
    painter.drawText(QPointF((article.width - width) / 2, height - 8), text)
