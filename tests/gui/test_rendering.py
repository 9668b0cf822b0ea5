"""Articles in files: the same bytes each time, whole lines on every page, text that stays text."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMarginsF, QRectF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPdfWriter
from pytestqt.qtbot import QtBot

from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.gui import theme
from annotator.gui.article.rendering import _pages, _whole_page, print_article, render
from annotator.model import Zone
from tests.gui.views import look, show
from tests.notation import LAYER, annotated, news_scheme

WORDS = "[The mayor|Speaker#s] said [the quay is sinking|Claim#c]. "


def _article(paragraphs: int) -> Annotated:
    article = annotated("\n".join([WORDS] + ["Paragraph of words. " * 12] * paragraphs))
    zones = (Zone("headline", 0, 10),)
    article.article = replace(article.article, source="Coast Desk", zones=zones)
    return article


def _render(article: Annotated, target: Path, name: str = "light") -> bytes:
    render(article, (LAYER,), news_scheme(), theme.load(name), target)
    return target.read_bytes()


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_a_picture_is_the_same_each_time(qtbot: QtBot, tmp_path: Path, suffix: str) -> None:
    first = _render(_article(3), tmp_path / f"a{suffix}")
    assert _render(_article(3), tmp_path / f"b{suffix}") == first
    assert _render(_article(4), tmp_path / f"c{suffix}") != first


def test_a_png_shows_the_page_and_the_labels(qtbot: QtBot, tmp_path: Path) -> None:
    target = tmp_path / "a.png"
    _render(_article(2), target, "dark")
    image = QImage(str(target))
    assert image.width() == 1800
    assert image.pixelColor(2, 2) == theme.load("dark").page
    claim = look("dark").colours("Claim").base
    assert any(
        image.pixelColor(x, y) == claim
        for y in range(0, 400, 2)
        for x in range(0, image.width(), 4)
    )


def test_an_svg_keeps_the_words_as_text(qtbot: QtBot, tmp_path: Path) -> None:
    text = _render(_article(1), tmp_path / "a.svg").decode()
    assert "The mayor" in text
    assert ">Speaker</text>" in text
    assert re.search(r'font-family="[^"]+, serif"', text)


def test_a_pdf_has_as_many_pages_as_it_needs_and_keeps_text(qtbot: QtBot, tmp_path: Path) -> None:
    short = _render(_article(2), tmp_path / "short.pdf")
    long = _render(_article(60), tmp_path / "long.pdf")
    assert short.startswith(b"%PDF")
    assert short.count(b"/Type /Page\n") == 1
    assert long.count(b"/Type /Page\n") > 3
    assert b"/ToUnicode" in long
    assert b"/Subtype /Image" not in long


def _numbered(*, label: bool) -> Annotated:
    """Return a long article of one paragraph, or of a caption, in which no word stands twice."""
    words = " ".join(f"{letter}{number}" for letter in "abcdefghij" for number in range(200))
    article = annotated(f"[The mayor|Speaker#s] said. [{words}|Claim#c]" if label else words)
    zone = Zone("caption" if label else "body", 0, len(article.article.text))
    article.article = replace(article.article, zones=(zone,))
    return article


@pytest.mark.parametrize("label", [False, True], ids=["plain", "labelled caption"])
def test_every_word_stands_on_one_page_of_a_pdf_only(
    label: bool, qtbot: QtBot, tmp_path: Path
) -> None:
    from pypdf import PdfReader

    _render(_numbered(label=label), tmp_path / "a.pdf")
    pages = [
        set(re.findall(r"\b[a-j]\d+\b", page.extract_text()))
        for page in PdfReader(tmp_path / "a.pdf").pages
    ]
    assert len(pages) > 2
    assert len(set.union(*pages)) == 2_000
    assert sum(map(len, pages)) == 2_000


def test_printing_uses_the_paper_of_the_printer(qtbot: QtBot, tmp_path: Path) -> None:
    target = tmp_path / "printed.pdf"
    writer = QPdfWriter(str(target))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A6))
    print_article(writer, _article(12), (LAYER,), look())
    del writer
    small = target.read_bytes().count(b"/Type /Page\n")
    assert small >= 2


@given(
    st.lists(st.integers(1, 400), min_size=1, max_size=60),
    st.integers(30, 900),
)
def test_no_line_is_cut_by_the_end_of_a_page(heights: list[int], page: int) -> None:
    lines, y = [], 38.0
    for height in heights:
        lines.append((y, y + height))
        y += height
    pages = _pages(lines, page)
    for top, bottom in lines:
        assert sum(begin <= top and bottom <= end for begin, end in pages) == 1
    for begin, end in pages:
        held = [line for line in lines if begin <= line[0] and line[1] <= end]
        assert end - begin <= page or len(held) == 1


def test_the_picture_is_what_the_window_shows(qtbot: QtBot, tmp_path: Path) -> None:
    article = _article(2)
    target = tmp_path / "a.png"
    render(article, (LAYER,), news_scheme(), theme.load("light"), target, scale=1.0)
    shown = show(qtbot, article, width=900 + 40, height=900)
    width = 900 + 40 - shown.view.viewport().width()
    shown.view.resize(900 + width, 900)
    shown.view.clearFocus()
    window = shown.view.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    file = QImage(str(target)).convertToFormat(QImage.Format.Format_RGB32)
    assert window.width() == file.width()
    area = QRectF(0, 0, 900, 250).toRect()
    different = sum(
        window.pixel(x, y) != file.pixel(x, y)
        for y in range(area.height())
        for x in range(area.width())
    )
    # The window puts chips down as pictures; an edge of a letter may come out a shade lighter.
    assert different <= 10


def test_an_unknown_kind_of_file_is_refused_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"article\.gif cannot be written: .*\.pdf, \.png or \.svg"):
        _render(_article(1), tmp_path / "article.gif")


def test_a_place_that_cannot_be_written_is_named(qtbot: QtBot, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="nowhere"):
        _render(_article(1), tmp_path / "nowhere" / "a.png")


def test_an_article_too_long_for_a_picture_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="PDF"):
        _render(_article(300), tmp_path / "a.png")
    assert not list(tmp_path.iterdir())


def test_the_ground_of_a_page_reaches_under_its_margins(qtbot: QtBot, tmp_path: Path) -> None:
    writer = QPdfWriter(str(tmp_path / "a.pdf"))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(20, 10, 20, 10), QPageLayout.Unit.Millimeter)
    writer.setResolution(254)
    ground = _whole_page(writer, 2.0)
    assert (ground.left(), ground.top()) == (-100, -50), "ten dots a millimetre, two a pixel"
    assert (round(ground.width()), round(ground.height())) == (1050, 1485)
