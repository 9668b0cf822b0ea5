"""The readers of a large article laid over each other, away from the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from annotator.gui.jobs import Job
from annotator.review.cases import is_aligned

if TYPE_CHECKING:
    from annotator.annotated import Annotated
    from annotator.gui.review.naming import Naming
    from annotator.model import Relation, Span
    from annotator.review.cases import Review
    from annotator.scheme import Scheme

LITTLE: Final = 400
"""Labels and links of all readers together that are aligned faster than a frame is drawn."""


class Laying(QObject):
    """Aligns one article at a time; of several that are asked for meanwhile, the last."""

    laid = Signal(object)
    """The Review that was asked for last."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._job: Job | None = None
        self._next: tuple[Annotated, Scheme, Naming] | None = None
        self._wanted = False

    def ask(self, annotated: Annotated, scheme: Scheme, naming: Naming) -> None:
        """Have an article aligned as it is now."""
        self._next = (annotated.copy(), scheme, naming.copy())
        self._wanted = False
        self._begin()

    def drop(self) -> None:
        """Want nothing of what was asked."""
        self._next = None
        self._wanted = False

    def end(self) -> None:
        """Want nothing, and wait for what is under way."""
        self.drop()
        if self._job is not None:
            self._job.wait()

    def _begin(self) -> None:
        if self._job is not None or self._next is None:
            return
        annotated, scheme, naming = self._next
        self._next, self._wanted = None, True
        self._job = Job(naming.look, annotated, scheme, parent=self)
        self._job.done.connect(self._on_done)
        self._job.failed.connect(self._on_failed)
        self._job.start()

    def _on_done(self, found: Review) -> None:
        wanted = self._wanted
        self._let_go()
        if wanted:
            self.laid.emit(found)

    def _on_failed(self, _reason: str) -> None:
        self._let_go()

    def _let_go(self) -> None:
        if self._job is not None:
            self._job.wait()
            self._job.deleteLater()
            self._job = None
        self._begin()


def is_quick(annotated: Annotated, scheme: Scheme, naming: Naming, previous: Review | None) -> bool:
    """Say whether a review of an article is there at once: nothing, or little, is to be aligned."""
    ids = naming.lanes(annotated)
    records: list[Span | Relation] = [*annotated.spans.values(), *annotated.relations.values()]
    own = sum(record.layer_id in ids for record in records)
    return own <= LITTLE or is_aligned(annotated, scheme, ids, previous)
