"""Fails a test in which the thread of the window worked longer at once than a frame lasts.

"Nothing in the ordinary tests depends on a clock", and yet nothing may hold the window up for more
than 16 ms. What counts here is therefore the *processor time of the thread of the window*, for one
event from its arrival to its end: a loaded machine, another test beside this one or a slow disk
takes none of it. How much work fits into 16 ms differs from machine to machine, and on one machine
with what its other cores do: a known piece of work, Python and paint, is done three times whenever
an event seems to have been too long, and the frame is stretched by as much as the slowest of them
is slower than on the machine on which the ceilings were set. It is never shortened.

An event counts with all that it sets off, except what a dialog of its own loop does meanwhile:
those events count one by one. Looking for garbage does not count: in a run of tests nearly all
that Python looks through is theirs, and in the program it waits until the window rests
(:mod:`annotator.gui.collecting`). Modules are loaded before the watch begins, because the first
use of each, once in a run of the program, would otherwise fall on whatever test comes first.
"""

from __future__ import annotations

import faulthandler
import gc
import importlib
import pkgutil
import re
import tempfile
import threading
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from PySide6.QtCore import QEvent, QObject, QThread
from PySide6.QtGui import QFont, QImage, QPainter
from PySide6.QtWidgets import QApplication

import annotator
from annotator.text.tokens import tokenise

FRAME: Final = 0.016
"""Seconds of one frame at 60 Hz."""
KNOWN_WORK: Final = 0.0022
"""Seconds that :func:`known_work` takes on the machine on which the ceilings were set."""
ALLOWANCES: Final = Path(__file__).parent / "data" / "slow.toml"
LOOK: Final = 0.003
"""Seconds between two looks at where the thread is."""
PASSING: Final = 0.000_005
"""Seconds that letting an event through costs on that machine: no part of the program."""
_ASIDE: Final = -1
"""The level of what a test does within an event: whatever arrives meanwhile counts by itself."""
_CALL: Final = re.compile(r'^  File "(.*)", line (\d+) in (.*)$', re.MULTILINE)
_PROGRAM: Final = f"{annotator.__path__[0]}/"


@dataclass(frozen=True, slots=True)
class Stall:
    """An event that took too long: what it was, how long, and where the time went."""

    what: str
    """The event, what it is about, and where Qt came into the program."""
    seconds: float
    allowed: float
    slowness: float
    """How much slower the machine was just then than the one of the ceilings."""
    stacks: tuple[str, ...]

    def __str__(self) -> str:
        took = f"{self.what} took {self.seconds * 1000:.0f} ms of {self.allowed * 1000:.0f}"
        return "\n".join([took, *self.stacks])


@dataclass(frozen=True, slots=True)
class Allowance:
    """What may take longer than a frame, how long, and why."""

    what: re.Pattern[str]
    seconds: float
    why: str

    @classmethod
    def of(cls, what: str, milliseconds: float, why: str) -> Self:
        """Return the allowance that an entry of the list means."""
        return cls(re.compile(what), milliseconds / 1000, why)


def allowances() -> tuple[Allowance, ...]:
    """Return what the list says, which is to grow shorter only; the first that fits holds."""
    found = tomllib.loads(ALLOWANCES.read_text("utf-8"))["allowed"]
    return tuple(Allowance.of(**one) for one in found)


@dataclass(slots=True)
class _Busy:
    """An event on its way: when it began, and what is not its own."""

    level: int
    arrived: float
    begun: float
    elsewhere: float = 0.0
    about: list[str] = field(default_factory=list)
    passed: int = 0
    """Events in it that were let through."""
    stacks: Counter[tuple[str, ...]] = field(default_factory=Counter)


class WatchedApplication(QApplication):
    """The application of the tests; it notes what takes too long while a watch is set."""

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self.watch: Watch | None = None

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        watch = self.watch
        if watch is None or not watch.begins():
            return super().notify(receiver, event)
        return self._judged(watch, receiver, event)

    def _judged(self, watch: Watch, receiver: QObject, event: QEvent) -> bool:
        # The receiver may be gone when the event is done, and its name with it.
        kind, name = event.type(), f"{type(receiver).__name__} {receiver.objectName()}".strip()
        watch.begin()
        try:
            return super().notify(receiver, event)
        finally:
            watch.end(lambda: f"{kind.name} of {name}")


class Watch:
    """Looks at the thread that it is made on while it is set."""

    def __init__(self, allowed: tuple[Allowance, ...]) -> None:
        self.stalls: list[Stall] = []
        self._allowances = allowed
        self.slowness = slowness_now()
        self._thread = threading.get_ident()
        self._qt = QThread.currentThread()
        self._on_the_way: list[_Busy] = []
        self._collecting = 0.0
        gc.callbacks.append(self._look_aside)
        self._over = threading.Event()
        self._looking = threading.Thread(target=self._look, name="watchdog", daemon=True)
        self._looking.start()

    def close(self) -> None:
        """End the looking."""
        gc.callbacks.remove(self._look_aside)
        self._over.set()
        self._looking.join()

    def _look_aside(self, phase: str, _info: dict[str, int]) -> None:
        """Take the time in which Python looks for garbage from the event on its way."""
        if threading.get_ident() != self._thread:
            return
        now = time.thread_time()
        if phase == "start":
            self._collecting = now
        elif self._on_the_way:
            self._on_the_way[-1].elsewhere += now - self._collecting

    def begins(self) -> bool:
        """Tell whether what arrives now is no part of an event that is on its way already."""
        if threading.get_ident() != self._thread:
            return False
        if not self._on_the_way:
            return True
        busy = self._on_the_way[-1]
        busy.passed += 1
        return busy.level < self._qt.loopLevel()

    def begin(self) -> None:
        """Note that an event has arrived."""
        now = time.monotonic(), time.thread_time()
        self._on_the_way.append(_Busy(self._qt.loopLevel(), *now))

    def end(self, what: Callable[[], str]) -> None:
        """Note that it is done; *what* says what it was."""
        busy = self._on_the_way.pop()
        took = time.thread_time() - busy.begun
        if self._on_the_way:
            # The whole of it: what was taken off inside must not come off twice.
            self._on_the_way[-1].elsewhere += took
        took -= busy.elsewhere
        if took - busy.passed * PASSING * self.slowness > FRAME * self.slowness:
            self._judge(busy, what(), took)

    def _judge(self, busy: _Busy, what: str, took: float) -> None:
        """Note a stall, where the event took longer than is allowed to what it is about."""
        seen_stacks = busy.stacks.copy()  # the looking thread may be adding one just now
        entries = Counter(stack[0] for stack in seen_stacks.elements() if stack)
        entry = "".join(name for name, _ in entries.most_common(1))
        about = f"{', '.join([what, *busy.about])} in {entry}"
        slowness = max(self.slowness, *(_known() / KNOWN_WORK for _ in range(3)))
        took -= busy.passed * PASSING * slowness
        allowed = slowness * next(
            (one.seconds for one in self._allowances if one.what.search(about)), FRAME
        )
        if took > allowed:
            stacks = tuple(
                f"  {seen} x {' > '.join(stack)}" for stack, seen in seen_stacks.most_common(3)
            )
            self.stalls.append(Stall(about, took, allowed, slowness, stacks))

    @contextmanager
    def doing(self, what: str) -> Iterator[None]:
        """Count what is done meanwhile as one event, or as what the one on its way is about."""
        if not self.begins():
            self._on_the_way[-1].about.append(what)
            yield
            return
        self.begin()
        try:
            yield
        finally:
            self.end(lambda: what)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Count one by one what a test does meanwhile, in a timer of its own or in a dialog."""
        self._on_the_way.append(_Busy(_ASIDE, time.monotonic(), time.thread_time()))
        try:
            yield
        finally:
            busy = self._on_the_way.pop()
            if self._on_the_way:
                self._on_the_way[-1].elsewhere += time.thread_time() - busy.begun

    def _look(self) -> None:
        """Note where the thread is while an event takes long.

        The stack is written by C and holds nothing alive: a widget that ends with the last
        reference to it would end on this thread, and take Python down.
        """
        with tempfile.TemporaryFile() as file:
            while not self._over.wait(LOOK):
                busy = next(iter(self._on_the_way[-1:]), None)
                if busy is None or busy.level == _ASIDE:
                    continue
                if time.monotonic() - busy.arrived > FRAME / 2:
                    file.seek(0)
                    file.truncate()
                    faulthandler.dump_traceback(file, all_threads=True)
                    file.seek(0)
                    busy.stacks[_stack(file.read().decode(), self._thread)] += 1


def _stack(dump: str, thread: int) -> tuple[str, ...]:
    """Return the calls of the program since the event arrived, and what is called in the last."""
    _, _, mine = dump.partition(f"{thread:#018x} ")
    names: list[str] = []
    for path, line, name in _CALL.findall(mine.partition("\n\n")[0]):
        if name in ("_judged", "doing") and path.endswith("watchdog.py"):
            break
        if path.startswith(_PROGRAM) or not names:
            names.append(f"{path.removeprefix(_PROGRAM)}:{line} {name}")
    return tuple(reversed(names))


def known_work() -> None:
    """Do a known piece of work, half of it Python's and half the painter's."""
    words = [f"word {number}" for number in range(4000)]
    counts: dict[str, int] = {}
    for word in words:
        counts[word[:6]] = counts.get(word[:6], 0) + len(word)
    picture = QImage(400, 300, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(0)
    painter = QPainter(picture)
    try:
        font = QFont()
        font.setPixelSize(13)
        painter.setFont(font)
        for line in range(40):
            painter.drawText(4, 10 + 7 * line, "The quay is sinking, said the mayor of Veldhaven.")
    finally:
        painter.end()


def slowness_now() -> float:
    """Return how much slower this machine is now than the one of the ceilings; 1 at least."""
    return max(min(_known() for _ in range(5)) / KNOWN_WORK, 1.0)


def _known() -> float:
    begun = time.thread_time()
    known_work()
    return time.thread_time() - begun


def load_everything() -> None:
    """Load all modules of the program, but those that only the upgrade of a project loads."""
    for module in pkgutil.walk_packages(annotator.__path__, "annotator."):
        if not {"__main__", "migrations"} & set(module.name.split(".")):
            importlib.import_module(module.name)
    # What is loaded from elsewhere, or compiled, when it is of use first.
    importlib.import_module("rapidfuzz.fuzz")
    tokenise("A word.", 0, 7)
