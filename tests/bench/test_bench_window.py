"""How long a key takes in the whole window, from its press to the painted picture.

The window has everything in it that a person has open: list, details, bars. Beside it stands the
bare widget with the same article, as large as the window. What counts is the time that the thread
of the window works: what else a shared machine does is no part of it.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot

from annotator import schemes
from annotator.annotated import Annotated
from annotator.model import Change, Layer, LayerState, edit, text_hash
from annotator.project import Project
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
        key = QKeySequence.fromString(keys[number % len(keys)])[0]
        window = QGuiApplication.focusWindow()
        assert window is not None
        painted.at = None
        begun = time.thread_time()
        QTest.keyPress(window, key.key(), key.keyboardModifiers())
        marks = [painted.at or time.thread_time(), time.thread_time()]
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


@pytest.mark.usefixtures("steady")
def test_the_keys_of_review(
    app: Start,
    tmp_path: Path,
    frame: Callable[[str], float],
    noted: Note,
) -> None:
    place = stored(tmp_path / "review.annotator", ("noor", "jonas"), 100_000, 1_000)
    rita: Reviewer = sit_down(app(), place, "quay")
    bare = frame(text_of(rita.workspace.annotated))
    rita.window.activateWindow()
    QApplication.processEvents()
    before = len(rita.decided)
    noted("accept", struck(rita, "1", 40), bare)

    def ask() -> None:
        rita.press("x")

    ask()
    noted("reject", struck(rita, "3", 40, ask), bare)
    rita.press("Esc")
    assert len(rita.decided) == before + 80
    noted("undo of a decision", struck(rita, "z", 40), bare)
    assert len(rita.decided) == before + 40
    settle(rita.program)
