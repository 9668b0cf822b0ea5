"""The readers of a large article laid over each other, away from the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from annotator.gui.jobs import Job
from annotator.model import Article, Entity, Relation, SchemeVersion, Span
from annotator.review.cases import review, signature_of, still_holds

if TYPE_CHECKING:
    from annotator.annotated import Annotated
    from annotator.gui.review.naming import Naming
    from annotator.model import Edit
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


def laid_at_once(
    annotated: Annotated,
    scheme: Scheme,
    naming: Naming,
    previous: Review | None,
    edit: Edit | None = None,
) -> Review | None:
    """Return the review of an article where nothing, or little, is to be aligned; else None.

    With the one *edit* since the *previous* review, what it does not touch is not compared.
    """
    ids = naming.lanes(annotated)
    if previous is not None and edit is None and still_holds(previous, annotated, ids, scheme):
        return previous
    if previous is not None and edit is not None and _leaves(edit, ids, previous):
        known = previous.signature
        return review(annotated, scheme, layer_ids=ids, previous=previous, signature=known)
    found = signature_of(annotated, ids, scheme)
    if previous is not None and previous.signature == found:
        known = previous.signature  # the same values, and compared in no time
        return review(annotated, scheme, layer_ids=ids, previous=previous, signature=known)
    records: list[Span | Relation] = [*annotated.spans.values(), *annotated.relations.values()]
    if sum(record.layer_id in ids for record in records) > LITTLE:
        return None
    return review(annotated, scheme, layer_ids=ids, signature=found)


def _leaves(edit: Edit, ids: list[str], previous: Review) -> bool:
    """Say whether an edit changes nothing that the alignment depends on: decisions do not."""
    if tuple(ids) != previous.alignment.layer_ids:
        return False
    records = [change.record for change in edit.changes]
    if any(isinstance(one, Article | Entity | SchemeVersion) for one in records):
        return False
    return not any(isinstance(one, Span | Relation) and one.layer_id in ids for one in records)
