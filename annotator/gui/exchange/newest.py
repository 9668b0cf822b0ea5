"""Questions about a project that are answered away from the window, the newest one only."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from annotator.gui.jobs import Job

if TYPE_CHECKING:
    from annotator.exchange import Progress, Step
    from annotator.project import Project

Tell = Callable[[object], None]
Question = Callable[["Project", "Progress", Tell], Any]
"""Takes the project, what it tells its progress to, and what it hands parts of the answer to.

Both of these stop it where nobody waits for the answer any more.
"""


class Newest(QObject):
    """Answers one question after the other; one that is asked meanwhile ends the one before."""

    told = Signal(object)
    """A part of the answer."""
    done = Signal(object)
    failed = Signal(str)
    progressed = Signal(int, int, str)
    _told = Signal(int, object)

    def __init__(self, project: Project, parent: QObject) -> None:
        super().__init__(parent)
        self._project = project.reader()
        self._job: Job | None = None
        self._next: Question | None = None
        self._number = 0
        self._closed = self._gone = False
        self._told.connect(self._pass_on)

    @property
    def is_busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._job is not None

    def ask(self, question: Question) -> None:
        """Have *question* answered, in place of all that were asked before."""
        if self._closed:
            return
        self._next = question
        self._number += 1
        if self._job is None:
            self._begin()
        else:
            self._job.cancel()

    def drop(self) -> None:
        """Want no answer to what was asked before."""
        self._next = None
        self._number += 1
        if self._job is not None:
            self._job.cancel()

    def close(self) -> None:
        """Let go of the project, as soon as what is under way has noticed."""
        self._closed = True
        self.drop()
        if self._job is None:
            self._let_go()

    def end(self) -> None:
        """Let go of the project, and wait until that is so."""
        self.close()
        if self._job is not None:
            self._job.wait()
            self._let_go()

    def _let_go(self) -> None:
        self._job = None
        if not self._gone:
            self._gone = True
            self._project.close()
            self.deleteLater()

    def _begin(self) -> None:
        question, self._next = self._next, None
        if question is None:
            return
        number = self._number
        job = Job(lambda: self._answer(question, job, number), parent=self)
        job.done.connect(lambda answer: self._end(number, self.done, answer))
        job.failed.connect(lambda reason: self._end(number, self.failed, reason))
        job.cancelled.connect(lambda: self._end(-1, self.failed, ""))
        job.progressed.connect(self._progress)
        self._job = job
        job.start()

    def _answer(self, question: Question, job: Job, number: int) -> Any:
        def advance(step: Step) -> None:
            job.progress(step.done, step.total or 0, step.what)

        def tell(part: object) -> None:
            job.check()
            self._told.emit(number, part)

        return question(self._project, advance, tell)

    def _progress(self, count: int, total: int, what: str) -> None:
        if self._next is None and not self._closed:
            self.progressed.emit(count, total, what)

    def _pass_on(self, number: int, part: object) -> None:
        if number == self._number:
            self.told.emit(part)

    def _end(self, number: int, answer: Any, value: object) -> None:
        if self._job is not None:
            self._job.wait()
            self._job.deleteLater()
            self._job = None
        if self._closed:
            self._let_go()
        elif self._next is not None:
            self._begin()
        elif number == self._number:
            answer.emit(value)
