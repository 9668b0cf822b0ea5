"""Speed of the article view against a bare QPlainTextEdit with the same text, both on the screen.

An action is measured until its picture is painted: the bare widget paints one screen of words, ours
the words with their labels. What counts is the time that the thread of the window works: what else
a shared machine does is no part of it.
"""

from __future__ import annotations

import gc
import itertools
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from annotator.annotated import Annotated
from annotator.gui.article.text_view import ArticleView
from annotator.model import (
    Article,
    Change,
    Fragment,
    Layer,
    Span,
    edit,
)
from annotator.text import Structure
from tests.gui.views import look
from tests.notation import LAYER

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1200)]

Record = Callable[..., None]

WORDS = [
    "the",
    "mayor",
    "said",
    "harbour",
    "quay",
    "is",
    "sinking",
    "faster",
    "council",
    "pay",
    "a",
]
LABELS = ("Speaker", "Claim", "Cue", "Location")
SIZES = (
    (5_000, 100, 1.5),
    (100_000, 10_000, 2.0),
    (1_000_000, 10_000, 1.5),
    (10_000_000, 100_000, 1.5),
)


def corpus(letters: int, count: int) -> Annotated:
    """Return an article of so many letters with so many spans, evenly spread."""
    chance = random.Random(letters)
    paragraphs: list[str] = []
    length = 0
    while length < letters:
        paragraphs.append(" ".join(chance.choices(WORDS, k=chance.randint(30, 90))) + ".")
        length += len(paragraphs[-1]) + 1
    text = "\n".join(paragraphs)
    article = Article(id="article", title="", text=text, sha256="", source="Bench")
    spans: dict[str, Span] = {}
    for number in range(count):
        start = number * len(text) // count
        end = min(len(text), start + chance.randint(4, 40))
        spans[f"s{number:06}"] = _span(f"s{number:06}", chance.choice(LABELS), text, start, end)
    layer = Layer(id=LAYER, article_id="article", author="ada")
    return Annotated(article, layers={LAYER: layer}, spans=spans)


def _span(key: str, label: str, text: str, start: int, end: int) -> Span:
    return Span(
        id=key,
        article_id="article",
        layer_id=LAYER,
        label=label,
        fragments=(Fragment(start, end),),
        text=(text[start:end],),
    )


class Pair:
    """The bare widget and ours, side by side in one window."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.window.resize(1800, 800)
        self.bare = QPlainTextEdit(self.window)
        self.bare.setReadOnly(True)
        self.bare.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.ours = ArticleView(look(), self.window)
        self.bare.setGeometry(0, 0, 900, 800)
        self.ours.setGeometry(900, 0, 900, 800)
        self.window.show()
        self.window.activateWindow()
        settle()

    def open(self, article: Annotated) -> None:
        """Show the same article in both."""
        self.bare.setPlainText(article.article.text)
        self.ours.show_article(article, Structure(article.article.text, "en"), LAYER)
        settle()
        # What is done when nothing else is to be done is done here.
        self.ours.content.index.sort_in()  # type: ignore[union-attr]
        settle()


def settle() -> None:
    """Let everything happen that waits."""
    for _ in range(5):
        QCoreApplication.processEvents()


@pytest.fixture
def pair(qtbot: QtBot) -> Iterator[Pair]:
    both = Pair(qtbot)
    # What pytest and Qt keep is no part of either side.
    gc.collect()
    gc.freeze()
    yield both
    gc.unfreeze()
    both.bare.clear()
    both.ours.show_article(None, None, "")


@pytest.mark.parametrize(("letters", "count", "ceiling"), SIZES)
def test_opening_an_article(
    pair: Pair, record: Record, letters: int, count: int, ceiling: float
) -> None:
    article = corpus(letters, count)
    structure = Structure(article.article.text, "en")

    def ours() -> None:
        pair.ours.show_article(article, structure, LAYER)
        pair.ours.viewport().repaint()

    def bare() -> None:
        pair.bare.setPlainText(article.article.text)
        pair.bare.viewport().repaint()

    rounds = 5 if letters > 1_000_000 else 25
    pairs = [(_times(ours, 1)[0], _times(bare, 1)[0]) for _ in range(rounds + 1)][1:]
    mine, theirs = (statistics.median(times) for times in zip(*pairs, strict=True))
    note = f"{mine * 1000:.2f} ms / {theirs * 1000:.2f} ms"
    row = f"open an article, {letters // 1000:,} kB x {count:,} spans"
    record(row, mine / theirs, ceiling, note)


def _times(action: Callable[[], object], rounds: int) -> list[float]:
    found = []
    for _ in range(rounds):
        begin = time.thread_time()
        action()
        found.append(time.thread_time() - begin)
        QCoreApplication.processEvents()
    return sorted(found)


def _at(times: list[float], share: float) -> float:
    return times[min(len(times) - 1, int(share * len(times)))]


def test_scrolling_by_a_page(pair: Pair, record: Record) -> None:
    pair.open(corpus(1_000_000, 10_000))

    def page(widget: QPlainTextEdit | QTextEdit) -> Callable[[], None]:
        bar = widget.verticalScrollBar()

        def step() -> None:
            bar.setValue(bar.value() + bar.pageStep())
            widget.viewport().repaint()

        return step

    bare, ours = _times(page(pair.bare), 100), _times(page(pair.ours), 100)
    for share, ceiling in ((0.5, 1.5), (0.99, 2.0)):
        mine, theirs = _at(ours, share), _at(bare, share)
        note = f"{mine * 1000:.2f} ms / {theirs * 1000:.2f} ms"
        record(f"one page of scrolling, p{round(share * 100)}", mine / theirs, ceiling, note)


@pytest.mark.parametrize(
    ("name", "there", "back", "shift"),
    [
        ("a letter", Qt.Key.Key_Right, Qt.Key.Key_Right, False),
        ("a line", Qt.Key.Key_Down, Qt.Key.Key_Up, False),
        ("a line, selecting", Qt.Key.Key_Down, Qt.Key.Key_Up, True),
    ],
)
def test_moving_the_caret(
    pair: Pair, record: Record, name: str, there: Qt.Key, back: Qt.Key, shift: bool
) -> None:
    """There and back, so that neither side scrolls: that has a row of its own."""
    pair.open(corpus(1_000_000, 10_000))
    modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier

    def pressing(widget: QPlainTextEdit | QTextEdit) -> Callable[[], None]:
        widget.setFocus()
        widget.moveCursor(QTextCursor.MoveOperation.Start)
        keys = itertools.cycle((there, there, there, back, back, back))

        def press() -> None:
            QTest.keyClick(widget, next(keys), modifier)
            widget.viewport().repaint()

        return press

    bare, ours = _times(pressing(pair.bare), 60), _times(pressing(pair.ours), 60)
    mine, theirs = statistics.median(ours), statistics.median(bare)
    note = f"{mine * 1000:.2f} ms / {theirs * 1000:.2f} ms"
    record(f"caret by {name}, to the painted screen", mine / theirs, 1.3, note)


def test_marking_a_span(pair: Pair, record: Record) -> None:
    article = corpus(1_000_000, 10_000)
    pair.open(article)
    pair.ours.set_caret(500_000)
    settle()
    start = pair.ours.in_sight().start
    numbers = iter(range(1000))

    def mark() -> None:
        number = next(numbers)
        at = start + 100 + 7 * number
        made = edit("mark", [Change(None, _span(f"n{number}", "Cue", "x", at, at + 11))])
        article.apply(made)
        pair.ours.refresh(made)
        pair.ours.set_selected([f"n{number}"])
        QCoreApplication.processEvents()

    def frame() -> None:
        pair.bare.viewport().update()
        QCoreApplication.processEvents()

    bare, ours = _times(frame, 60), _times(mark, 100)
    mine, theirs = statistics.median(ours), statistics.median(bare)
    note = f"{mine * 1000:.2f} ms / {theirs * 1000:.2f} ms"
    record("mark a span: key to painted, 1 MB x 10,000", mine / theirs, 1.5, note)
    record("mark a span: p99 as a share of a frame of 16 ms", _at(ours, 0.99) / 0.016, 1.0)


_MEMORY = """
import sys
from PySide6.QtWidgets import QApplication
application = QApplication([])
def pages():
    return int(open("/proc/self/statm").read().split()[1])
from tests.bench.test_bench_view import corpus, settle
from tests.gui.views import look
from tests.notation import LAYER
from annotator.gui.article.text_view import ArticleView
view = ArticleView(look()); view.resize(900, 800); view.show()
article = corpus(int(sys.argv[1]), int(sys.argv[2]))
small = corpus(5000, 100)
view.show_article(small, None, LAYER); settle()
before = pages()
view.show_article(article, None, LAYER); settle()
view.content.index.sort_in(); settle()
print((pages() - before) * 4096 / 2**20)
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux")
@pytest.mark.parametrize(
    ("letters", "count", "ceiling"), [(1_000_000, 10_000, 25), (10_000_000, 100_000, 80)]
)
def test_memory_of_the_view(record: Record, letters: int, count: int, ceiling: int) -> None:
    command = [sys.executable, "-c", _MEMORY, str(letters), str(count)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    used = float(done.stdout.split()[-1])
    row = f"memory of the view over its article, {letters // 1_000_000} MB x {count:,}"
    record(row, used / ceiling, 1.0, f"{used:.0f} MB of {ceiling} MB")
