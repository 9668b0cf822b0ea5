"""How long a key takes in the whole window, from its press to the painted picture.

The window has everything in it that a person has open: list, details, bars. Beside it stands the
bare widget with the same article, as large as the window. What counts is the time that the thread
of the window works: what else a shared machine does is no part of it.
"""

from __future__ import annotations

import gc
import re
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot

from annotator import schemes
from annotator.annotated import Annotated
from annotator.model import (
    Article,
    Change,
    Fragment,
    Layer,
    LayerState,
    Span,
    edit,
    text_hash,
)
from annotator.project import Project
from annotator.review.cases import Standing
from tests.bench.test_bench_review import large
from tests.bench.test_bench_view import corpus
from tests.gui.conftest import Start, settle
from tests.gui.hand import Hand, begin
from tests.gui.review_seat import Reviewer, sit_down
from tests.watchdog import FRAME, KNOWN_WORK, known_work

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]

Record = Callable[..., None]
Note = Callable[..., None]

ROUNDS = 24
"""Rounds of events after a key in which all that follows is shown."""
OPENED = 0.1
"""Seconds until another article is there with its case."""
DECISIONS = 25
"""Decisions of each kind in one run."""
PARAGRAPHS = 24
NEWS = {
    "de": (
        "Marta Ilves sagte am Dienstag in Bergen, dass die Kaimauer keinen Zoll nachgeben werde. "
        "Håkon Lunde versprach vor dem Rat der Stadt, dass Taucher die Fundamente ansehen würden. "
        "Jonas Berg bezweifelt in einem Bericht, dass der alte Fähranleger noch zehn Jahre halte. "
        "Die Reederei teilte den Fahrgästen mit, dass ihre Schiffe weiter wie bisher führen"
    ),
    "ar": (
        "مارتا إيلفس قالت يوم الثلاثاء في بيرغن إن جدار الرصيف لن يتحرك من مكانه أبدا. "
        "هوكون لونده وعد أمام مجلس المدينة بأن الغواصين سيفحصون أسس الجدار قبل نهاية الصيف. "
        "يوناس بيرغ شكك في تقرير جديد في أن رصيف العبارات القديم سيصمد عشر سنوات أخرى. "
        "شركة الملاحة أبلغت الركاب اليوم أن سفنها ستواصل رحلاتها كما كانت من قبل"
    ),
}
"""News from Bergen, whose last sentence is still open."""
LETTERS, SPANS = 1_000_000, 10_000


def stored(location: Path, people: tuple[str, ...], letters: int, spans: int) -> Path:
    """Make a project with one article, which each of *people* has labelled almost alike."""
    item = corpus(letters, spans)
    article = replace(
        item.article, id="quay", title="Quay", language="en", sha256=text_hash(item.article.text)
    )
    changes = [Change(None, article)]
    for number, author in enumerate(people):
        state = LayerState.SUBMITTED if len(people) > 1 else LayerState.IN_PROGRESS
        layer = Layer(id=f"layer-{author}", article_id="quay", author=author, state=state)
        changes.append(Change(None, layer))
        for at, span in enumerate(item.spans.values()):
            if (at + number) % 5:
                key = f"{author}-{span.id}"
                changes.append(
                    Change(None, replace(span, id=key, article_id="quay", layer_id=layer.id))
                )
    with Project.create(location, schemes.load("news-default"), author="lead") as project:
        project.perform(edit("import", changes))
    return location


@dataclass
class Times:
    """How long an action took each time, what came after it, and a known piece of work between."""

    actions: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    """The longest that a key would have had to wait for what came after each."""
    known: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """Seconds of the middle action."""
        return statistics.median(self.actions)

    @property
    def slowness(self) -> float:
        """How much slower the machine was than the one on which the ceilings were set."""
        return max(statistics.median(self.known) / KNOWN_WORK, 1.0)


def times(action: Callable[[int], object], rounds: int, ready: Callable[[], object]) -> Times:
    """Do an action so often; what makes *ready* for the next does not count."""
    found = Times()
    for number in range(rounds):
        begun = time.thread_time()
        action(number)
        QApplication.processEvents()
        found.actions.append(time.thread_time() - begun)
        ready()
        found.known.append(_known())
    return found


def _known() -> float:
    begun = time.thread_time()
    known_work()
    return time.thread_time() - begun


class Painted(QObject):
    """Notes when the picture is there: what is shown afterwards begins then."""

    def __init__(self, afterwards: QObject) -> None:
        super().__init__(afterwards)
        self.at: float | None = None
        afterwards.installEventFilter(self)

    def forget(self) -> None:
        """Wait for the next picture."""
        self.at = None

    def since(self) -> float:
        """Return when the picture was there; now, where nothing follows it."""
        return time.thread_time() if self.at is None else self.at

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note the first turn after the paint."""
        if self.at is None:
            self.at = time.thread_time()
        return False


def struck(
    hand: Hand, keys: Sequence[str], rounds: int, ready: Callable[[], object] = lambda: None
) -> Times:
    """Press *keys* in turns: from the key to the picture, and how long the next would have waited.

    The window looks for keys between two rounds of events, so the longest round is what counts.
    """
    found, painted = Times(), Painted(hand.workspace.afterwards)
    for number in range(rounds):
        key = cast("Any", QKeySequence.fromString(keys[number % len(keys)]))[0]
        window = QGuiApplication.focusWindow()
        assert window is not None
        painted.forget()
        begun = time.thread_time()
        QTest.keyPress(window, key.key(), key.keyboardModifiers())
        marks = [painted.since(), time.thread_time()]
        found.actions.append(marks[0] - begun)
        QTest.keyRelease(window, key.key(), key.keyboardModifiers())
        marks.append(time.thread_time())
        for _ in range(ROUNDS):
            QApplication.processEvents()
            marks.append(time.thread_time())
        found.waits.append(max(end - begin for begin, end in pairwise(marks)))
        hand.save()
        ready()
        found.known.append(_known())
    painted.deleteLater()
    return found


@pytest.fixture
def frame(qtbot: QtBot) -> Callable[[str], float]:
    """Return how long the bare widget takes to paint one frame of a text."""

    def painted(text: str) -> float:
        widget = QPlainTextEdit()
        qtbot.addWidget(widget)
        widget.resize(1440, 900)
        widget.setPlainText(text)
        widget.show()
        QApplication.processEvents()
        return times(lambda _: widget.viewport().repaint(), 60, lambda: None).median

    return painted


@pytest.fixture
def steady() -> Iterator[None]:
    """Keep what pytest has made out of the garbage that is looked for."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture
def noted(record: Record) -> Note:
    """Return what puts a key into the table: against the bare frame, and against 16 ms.

    The latter are of the machine on which the ceilings were set.
    """

    def note(name: str, found: Times, bare: float) -> None:
        words = f"{found.median * 1000:.2f} ms / {bare * 1000:.2f} ms"
        record(f"{name}: key to painted in the whole window", found.median / bare, None, words)
        for what, seconds in (("to painted", found.actions), ("what follows", found.waits)):
            middle = statistics.median(seconds)
            late = sorted(seconds)[int(0.95 * len(seconds))]
            words = f"{middle * 1000:.1f} ms here, {found.slowness:.1f} times as slow"
            row = f"{name}, {what}: in the whole window, of 16 ms"
            share = middle / found.slowness / FRAME
            record(row, share, 1.0, f"{words}; p95 {late * 1000:.1f} ms")

    return note


def text_of(item: Annotated | None) -> str:
    assert item is not None
    return item.article.text


@pytest.mark.usefixtures("steady")
def test_the_keys_of_annotating(
    app: Start,
    tmp_path: Path,
    frame: Callable[[str], float],
    noted: Note,
) -> None:
    place = stored(tmp_path / "large.annotator", ("ada",), LETTERS, SPANS)
    hand = begin(app(fill=False), place)
    bare = frame(text_of(hand.workspace.annotated))
    hand.window.activateWindow()
    hand.view.set_caret(LETTERS // 2)
    QApplication.processEvents()

    def choose() -> None:
        hand.save()
        hand.press("Esc", *["Shift+Right"] * 9)

    choose()
    before = len(hand.spans)
    noted("mark", struck(hand, "s", 60, choose), bare)
    assert len(hand.spans) == before + 60
    hand.press("Esc")
    noted("undo", struck(hand, ["Ctrl+Z"], 40), bare)
    assert len(hand.spans) == before + 20
    hand.press("Esc", "Tab")
    noted("relabel", struck(hand, "sclq", 40), bare)
    assert len(hand.spans) == before + 20
    settle(hand.program)


def read_by_three(location: Path, language: str) -> Path:
    """Make a project with two news articles, in each of which three people differ everywhere."""
    text = "\n\n".join(f"{NEWS[language]} ({number})." for number in range(1, PARAGRAPHS + 1))
    with Project.create(location, schemes.load("news-default"), author="lead") as project:
        for name in ("quay", "ferry"):
            article = Article(
                id=name, title=name.title(), text=text, sha256=text_hash(text), language=language
            )
            changes: list[Change] = [Change(None, article)]
            for reader, author in enumerate(("noor", "jonas", "mia")):
                layer = Layer(
                    id=f"{name}-{author}",
                    article_id=name,
                    author=author,
                    state=LayerState.SUBMITTED,
                )
                spans = marked(article, layer, reader)
                changes.append(Change(None, layer))
                changes += [Change(None, span) for span in spans]
            project.perform(edit("import", changes))
    return location


def marked(article: Article, layer: Layer, reader: int) -> Iterator[Span]:
    """Mark some words of every sentence; each reader ends somewhere else."""
    for number, sentence in enumerate(re.finditer(r"[^.\n(]+\.", article.text)):
        words = [match.span() for match in re.finditer(r"[^\W\d_]+", sentence.group())]
        if len(words) < 9:
            continue
        for label, first, last in (("Speaker", 0, 1), ("Claim", 3, 5 + reader)):
            start = sentence.start() + words[first][0]
            end = sentence.start() + words[last][1]
            yield Span(
                id=f"{layer.id}-{number:03}-{label}",
                article_id=article.id,
                layer_id=layer.id,
                label=label,
                fragments=(Fragment(start, end),),
                text=(article.text[start:end],),
            )


def two_readers(location: Path) -> Path:
    return stored(location, ("noor", "jonas"), 100_000, 1_000)


REVIEWED: dict[str, tuple[Callable[[Path], Path], str, str]] = {
    "2 x 1000 in 100 kB": (two_readers, "quay", ""),
    "5 x 2000 in 1 MB": (lambda location: large(location, "a", "b"), "a", "b"),
    "a German article": (lambda location: read_by_three(location, "de"), "quay", "ferry"),
    "an Arabic article": (lambda location: read_by_three(location, "ar"), "quay", "ferry"),
}
"""What is reviewed: how it is made, the article, and another one."""


@pytest.mark.usefixtures("steady")
@pytest.mark.parametrize("name", REVIEWED)
def test_the_keys_of_review(
    app: Start,
    tmp_path: Path,
    frame: Callable[[str], float],
    noted: Note,
    record: Record,
    name: str,
) -> None:
    make, here, other = REVIEWED[name]
    rita: Reviewer = sit_down(app(), make(tmp_path / "review.annotator"), here)
    bare = frame(text_of(rita.workspace.annotated))
    rita.window.activateWindow()
    QApplication.processEvents()
    if other:
        opened = times(lambda n: go_to_first(rita, (other, here)[n % 2]), 10, rita.save)
        words = f"{opened.median * 1000:.0f} ms here, {opened.slowness:.1f} times as slow"
        share = opened.median / opened.slowness / OPENED
        record(f"open {name} in review, of 100 ms", share, 1.0, words)
    before = len(rita.decided)
    noted(f"accept in {name}", struck(rita, "1", DECISIONS), bare)
    assert len(rita.decided) == before + DECISIONS
    noted(f"next case in {name}", struck(rita, "j", DECISIONS), bare)

    def ask() -> None:
        rita.press("x")

    ask()
    noted(f"reject in {name}", struck(rita, "3", DECISIONS, ask), bare)
    rita.press("Esc")
    assert len(rita.decided) == before + 2 * DECISIONS
    noted(f"undo of a decision in {name}", struck(rita, "z", DECISIONS), bare)
    assert len(rita.decided) == before + DECISIONS
    settle(rita.program)


def go_to_first(rita: Reviewer, article: str) -> None:
    """Go to the first open case of an article."""
    rows = rita.sitting.articles[article]
    rita.sitting.go(article, next(row.key for row in rows if row.standing == Standing.OPEN))
