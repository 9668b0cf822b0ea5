"""The one serial writer of a project: edits go in, "saved" comes out, in order.

The screen never waits for it. What the disk refuses stays at the head of the queue and is tried
again; what contradicts the store is handed back, so that the window can show the newest state.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, Qt, Signal

from annotator.errors import NotAllowed, Refused, UserError
from annotator.model import new_id
from annotator.translation import tr

if TYPE_CHECKING:
    from annotator.model import Edit
    from annotator.project import Project, Turn


class Step(Enum):
    """What is to be done with an edit."""

    PERFORM = "perform"
    UNDO = "undo"
    REDO = "redo"


class Saving(Protocol):
    """Saves an edit in its own way, because others may have changed what it is about."""

    def save(self, project: Project) -> int:
        """Save it, and return the revision; 0 where nothing is left to be done."""

    def told(self) -> str:
        """Say what was done, where that is not what was meant; else nothing."""


@dataclass(frozen=True, slots=True)
class Order:
    """One step for the writer; for undo and redo the edit is the one taken back or made again."""

    step: Step
    edit: Edit
    id: str = field(default_factory=new_id)
    """Of the undo or redo itself: tried again, it is taken once."""
    saving: Saving | None = None
    """For what is performed otherwise than as it stands."""

    def turn(self, kept: str, number: int) -> Turn:
        """Return what to keep of it where it could not be saved, as one of several, in order."""
        from annotator.project import Turn

        if self.step is Step.PERFORM:
            return Turn(kept=kept, number=number)
        return Turn(self.step.value, self.id, kept, number)


class Work(QObject):
    """A longer change of the project, in its turn on the writer's thread: imports, merges.

    Its answer is told by the event loop of who ordered it, never sooner: work that ends at once
    does not end before somebody listens.
    """

    done = Signal(object)
    """What the work returned; its edit is durable."""
    failed = Signal(str)
    """Why nothing of it was saved."""

    _returned = Signal(object)
    _raised = Signal(str)

    def __init__(self, change: Callable[[Project], Any]) -> None:
        super().__init__()
        self.change = change
        later = Qt.ConnectionType.QueuedConnection
        self._returned.connect(self.done, later)
        self._raised.connect(self.failed, later)

    def run(self, project: Project) -> Callable[[], None]:
        """Make the change; what is returned sends the answer on its way."""
        try:
            return partial(self._returned.emit, self.change(project))
        except UserError as error:
            return partial(self._raised.emit, str(error))

    def give_up(self) -> None:
        """Say that an error of ours ended it; what it was is told by itself."""
        self._raised.emit(tr("Something went wrong in the program."))


class Writer(QObject):
    """Commits orders one after the other on its own thread."""

    saved = Signal(int)
    """All orders up to here are durable; carries the newest revision."""
    refused = Signal(object, str)
    """An order that contradicts the store, or that it does not allow, and why; nothing of it was
    saved."""
    altered = Signal(str)
    """An order was saved otherwise than it was meant; says what was done."""
    stuck = Signal(str)
    """The disk refuses; the orders wait. Carries the reason."""

    RETRY_SECONDS = 5.0

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._orders: deque[Order | Work] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._stuck = False
        self._is_left = False
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def put(self, order: Order | Work) -> None:
        """Queue an order; returns at once."""
        with self._changed:
            self._orders.append(order)
            self._changed.notify_all()

    def retry(self) -> None:
        """Try again now what the disk refused."""
        with self._changed:
            self._stuck = False
            self._changed.notify_all()

    def waiting(self) -> list[Order]:
        """Return the orders that are not durable yet, oldest first."""
        with self._changed:
            return [order for order in self._orders if isinstance(order, Order)]

    @property
    def is_idle(self) -> bool:
        """Whether everything is durable and nothing is under way."""
        with self._changed:
            return not self._orders

    def wait_idle(self, seconds: float | None = None) -> bool:
        """Wait until everything is durable, or the disk refuses; return whether it is durable."""
        with self._changed:
            self._changed.wait_for(
                lambda: not self._orders or self._stuck or self._closing, seconds
            )
            return not self._orders

    def close(self, seconds: float | None = None) -> list[Order]:
        """Finish what can be saved, stop, and return what could not be saved.

        With *seconds* no longer than that is waited; an order that the disk is still busy with is
        among those returned, and may be saved all the same (:attr:`has_ended` is False then).
        """
        until = None if seconds is None else time.monotonic() + seconds
        self.wait_idle(seconds)
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(None if until is None else max(0.0, until - time.monotonic()))
        with self._changed:
            self._is_left = not self.has_ended
        return self.waiting()

    @property
    def has_ended(self) -> bool:
        """Whether its thread is gone, and with it every hold on the project."""
        return not self._thread.is_alive()

    def _run(self) -> None:
        ended = False
        try:
            self._serve()
            ended = True
        finally:
            if not ended:
                self._go_on()

    def _go_on(self) -> None:
        """Serve on another thread where an error of ours ended this one.

        Edits wait and are tried again; longer work is given up, because it would fail again.
        """
        with self._changed:
            head = self._orders[0] if self._orders else None
            if isinstance(head, Work):
                self._orders.popleft()
                head.give_up()
            else:
                self._tell_stuck(tr("Something went wrong in the program."))
            if not self._closing:
                self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def _serve(self) -> None:
        while (order := self._next()) is not None:
            if isinstance(order, Work):
                self._do_work(order)
            else:
                self._commit(order)

    def _do_work(self, work: Work) -> None:
        self._finish(work.run(self._project), partial(self.saved.emit, 0))

    def _commit(self, order: Order) -> None:
        told = ""
        try:
            answer = partial(self.saved.emit, self._carry_out(order))
            told = "" if order.saving is None else order.saving.told()
        except (Refused, NotAllowed) as error:
            answer = partial(self.refused.emit, order, str(error))
        except UserError as error:
            with self._changed:
                self._tell_stuck(str(error))
                self._changed.notify_all()
            return
        self._finish(answer, *([partial(self.altered.emit, told)] if told else []))

    def _next(self) -> Order | Work | None:
        with self._changed:
            self._changed.wait_for(lambda: self._closing or self._orders)
            while self._stuck and not self._closing:
                self._changed.wait(self.RETRY_SECONDS)
                self._stuck = False
            return None if self._closing else self._orders[0]

    def _carry_out(self, order: Order) -> int:
        match order.step:
            case Step.PERFORM if order.saving is not None:
                return order.saving.save(self._project)
            case Step.PERFORM:
                return self._project.perform(order.edit).revision
            case Step.UNDO:
                saved = self._project.undo(order.id, of=order.edit.id)
            case Step.REDO:
                saved = self._project.redo(order.id, of=order.edit.id)
        return 0 if saved is None else saved.revision

    def _finish(self, *answers: Callable[[], object]) -> None:
        """Take the order off the queue; who waits for that finds the answer already on its way."""
        with self._changed:
            self._orders.popleft()
            if not self._is_left:
                for answer in answers:
                    answer()
            self._changed.notify_all()

    def _tell_stuck(self, reason: str) -> None:
        self._stuck = True
        if not self._is_left:
            # Else nobody listens any more, and what Qt knows of this is gone.
            self.stuck.emit(reason)
