"""The open project in the window: what several widgets share, and the way every edit takes.

``perform`` applies an edit in memory, tells the views, and queues it for the writer; nobody waits
for the disk. Undo and redo take the same road with the inverse edit, but for what is too large for
that (:mod:`.stepping`). What the store refuses is kept as a draft, and the article is shown as it
is stored.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from annotator.errors import ConflictError, NotAllowed, Refused, UserError
from annotator.gui.afterwards import Afterwards
from annotator.gui.stepping import LargeStep, Steps
from annotator.gui.writer import Order, Step, Work, Writer
from annotator.translation import tr

if TYPE_CHECKING:
    from annotator.annotated import Annotated
    from annotator.editing import Desk
    from annotator.gui.writer import Saving
    from annotator.model import Article, Edit, Entity, Fragment, Layer, SchemeVersion
    from annotator.project import Project, SavedEdit
    from annotator.scheme import Scheme
    from annotator.text import Structure

SAVING_NOTICE_MILLISECONDS = 300


class Workspace(QObject):
    """One project, one article, one author; every widget of the window looks at this."""

    project_opened = Signal()
    project_closed = Signal()
    article_opened = Signal()
    """Another article, or the same one read again."""
    changed = Signal(object)
    """An Edit that was just applied in memory."""
    placed = Signal(object)
    """A Fragment of the open article that undo or redo has touched."""
    selection_changed = Signal()
    linking_changed = Signal()
    scheme_changed = Signal()
    stepping = Signal(object)
    """A LargeStep that was begun: the views follow when it is saved."""
    saving = Signal(str)
    """``saved``, ``saving`` or ``failed``."""
    failed = Signal(str)
    """Why something was not saved or not done, in plain words."""
    noted = Signal(str)
    """A line for the status bar."""
    offered = Signal(str)
    """Id of an action that tells more about the line that was noted last."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project: Project | None = None
        self._reader: Project | None = None
        self._writer: Writer | None = None
        self._works: set[Work] = set()
        self._steps = Steps()
        self._state = "saved"
        self._notice = QTimer(self, singleShot=True, interval=SAVING_NOTICE_MILLISECONDS)
        self._notice.timeout.connect(self._show_saving)
        self._scheme: Scheme | None = None
        self._desk: Desk | None = None
        self._linking: str | None = None
        self.entities: dict[str, Entity] = {}
        self.selected: tuple[str, ...] = ()
        self.afterwards = Afterwards(self)
        """Shows what only reports an edit or a selection, after what it reports is painted."""
        self.read_before: Callable[[str], Annotated | None] = lambda _article_id: None
        """Gives an article as it is stored where it was read beforehand, to be opened at once."""
        self.ask_again: Callable[[int, str], bool] = lambda _count, _reason: False
        """Told how many changes can neither be saved nor kept, and why; whether to try again."""

    # -- what is open ------------------------------------------------------------------------

    @property
    def project(self) -> Project:
        """The project for reading, on the thread of the window."""
        assert self._reader is not None
        return self._reader

    @property
    def is_open(self) -> bool:
        """Whether there is a project."""
        return self._reader is not None

    @property
    def read_only(self) -> bool:
        """Whether nothing in the project can be changed: the file or its folder refuses."""
        return self._project is not None and self._project.read_only

    @property
    def lacks_room(self) -> bool:
        """Whether that is so because the disk was full when the project was opened."""
        return self._project is not None and self._project.lacks_room

    @property
    def scheme(self) -> Scheme:
        """The scheme of the project."""
        assert self._scheme is not None
        return self._scheme

    @property
    def desk(self) -> Desk:
        """Article, own layer, scheme and structure: what the functions of ``editing`` take."""
        assert self._desk is not None
        return self._desk

    @property
    def annotated(self) -> Annotated | None:
        """The open article with its layers."""
        return None if self._desk is None else self._desk.annotated

    @property
    def layer(self) -> Layer:
        """The layer of the author in the open article; not stored before the first label."""
        return self.desk.layer

    @property
    def structure(self) -> Structure:
        """Tokens, sentences and quotations of the open article."""
        return self.desk.structure

    @property
    def linking(self) -> str | None:
        """Name of the relation whose slot waits for a target."""
        return self._linking

    @linking.setter
    def linking(self, relation: str | None) -> None:
        if relation != self._linking:
            self._linking = relation
            self.linking_changed.emit()

    @property
    def state(self) -> str:
        """``saved``, ``saving`` or ``failed``."""
        return self._state

    @property
    def steps_to_undo(self) -> int:
        """How many edits of this author can be taken back."""
        return self._steps.count(Step.UNDO)

    @property
    def steps_to_redo(self) -> int:
        """How many edits can be made again."""
        return self._steps.count(Step.REDO)

    # -- opening and closing -----------------------------------------------------------------

    def open_project(self, project: Project) -> int:
        """Work on *project* from now on; return how many drafts wait from a time before."""
        self.close()
        self._project = project
        self._reader = project.reader()
        self._scheme = self._reader.scheme
        self.entities = self._reader.entities()
        self._writer = Writer(project, self)
        self._writer.saved.connect(self._on_saved)
        self._writer.refused.connect(self._on_refused)
        self._writer.altered.connect(self._on_altered)
        self._writer.stuck.connect(self._on_stuck)
        self._steps.read(self.project)
        self._set_state("saved")
        self.project_opened.emit()
        return len(self._reader.drafts())

    def take_up_drafts(self) -> Work:
        """Make the edits again that could not be saved before; what still contradicts stays.

        The result of the work is how many were saved, and how many stay drafts.
        """
        return self.change(_perform_drafts)

    def discard_drafts(self) -> Work:
        """Forget them, because the person said so."""
        return self.change(_drop_drafts)

    def close(self, seconds: float | None = None) -> None:
        """Save what waits and let go of the project; what cannot be saved is kept as drafts.

        With *seconds*, what is not saved by then counts as what cannot be.
        """
        if self._writer is None or self._project is None or self._reader is None:
            return
        left = self._writer.close(seconds)
        reason = tr("The disk refused when the window closed.")
        hurried = seconds is not None and (bool(left) or not self._writer.has_ended)
        self._keep(self._project, left, reason, hurried)
        self._notice.stop()
        self._writer.deleteLater()
        self._writer = None
        self._reader.close()
        self._project.close(hurried=hurried)
        self._project = self._reader = self._desk = self._scheme = None
        self.entities = {}
        self.selected = ()
        self.afterwards.drop()
        self.project_closed.emit()

    def _keep(self, project: Project, left: list[Order], reason: str, hurried: bool) -> None:
        """Keep as drafts what could not be saved, or let the person decide that it is lost."""
        from annotator.model import now

        kept = now()
        lost, why = [(order, order.turn(kept, at)) for at, order in enumerate(left)], ""
        while lost and (not why or self.ask_again(len(lost), why)):
            waiting, lost = lost, []
            for order, turn in waiting:
                try:
                    project.save_draft(order.edit, reason, turn, beside=hurried)
                except UserError as error:
                    lost.append((order, turn))
                    why = str(error)

    def open_article(self, article_id: str, place: Fragment | None = None) -> None:
        """Show an article; *place* is where to look."""
        from annotator.editing import Desk

        self._settle(article_id)
        annotated = self.read_before(article_id)
        if annotated is None:
            annotated = self.project.annotated(article_id)
        annotated.entities = self.entities
        layer = annotated.layer_of(self.project.author) or self._new_layer(article_id)
        structure = self._structure_of(annotated.article)
        self._desk = Desk(annotated, layer, self.scheme, structure)
        kept = tuple(key for key in self.selected if key in annotated.spans)
        self.linking = None
        self.selected = kept
        self.article_opened.emit()
        self.selection_changed.emit()
        if place is not None:
            self.placed.emit(place)

    def reread(self) -> None:
        """Show the open article, the entities and the scheme as they are stored."""
        self.entities = self.project.entities()
        if self.project.scheme != self._scheme:
            self._scheme = self.project.scheme
            self.scheme_changed.emit()
        if self._desk is not None:
            self._show_again(self._desk.annotated)

    def work_as(self, author: str) -> None:
        """Go on as another author: own layers and undo steps are theirs from now on."""
        self.flush()
        assert self._project is not None
        self._project.author = author
        self.project.author = author
        self._steps.read(self.project)
        self.select(())
        self.project_opened.emit()
        if self._desk is not None:
            self.open_article(self._desk.annotated.article.id)

    # -- edits -------------------------------------------------------------------------------

    def perform(self, edit: Edit, saving: Saving | None = None) -> bool:
        """Apply *edit* now and save it soon; return whether it could be applied.

        With *saving* that is done so, and what comes of it is shown where it is something else.
        """
        if self._refuses() or not self._apply(edit):
            return False
        self._steps.add(edit)
        self._put(Order(Step.PERFORM, edit, saving=saving))
        self._tell(edit)
        return True

    def undo(self) -> None:
        """Take back the author's last edit, and go to its place."""
        self._take(Step.UNDO)

    def redo(self) -> None:
        """Make the edit again that was taken back last, and go to its place."""
        self._take(Step.REDO)

    def change(self, change: Callable[[Project], Any]) -> Work:
        """Have a longer change made in its turn, away from the window; see :class:`Work`.

        Afterwards the article, the entities and the undo steps are read again.
        """
        assert self._writer is not None
        work = Work(change)
        self._await(work)
        self._writer.put(work)
        return work

    def look(self, ask: Callable[[Project], Any]) -> Work:
        """Have something done in the writer's turn that changes nothing, such as a backup."""
        assert self._writer is not None
        work = Work(ask)
        self._works.add(work)
        for answer in (work.done, work.failed):
            answer.connect(lambda _answer: self._works.discard(work))
        self._writer.put(work)
        return work

    def select(self, span_ids: tuple[str, ...]) -> None:
        """Make these the selected spans."""
        if span_ids != self.selected:
            self.selected = span_ids
            self.selection_changed.emit()

    def note(self, message: str) -> None:
        """Show a line in the status bar."""
        self.noted.emit(message)

    def flush(self) -> bool:
        """Wait until everything is durable; return False when the disk refuses."""
        return self._writer is None or self._writer.wait_idle()

    def retry(self) -> None:
        """Try again to save what the disk refused."""
        if self._writer is not None:
            self._writer.retry()

    # -- inside ------------------------------------------------------------------------------

    def _new_layer(self, article_id: str) -> Layer:
        from annotator.model import Layer, LayerKind, new_id

        return Layer(
            id=new_id(),
            article_id=article_id,
            author=self.project.author,
            kind=LayerKind.PERSON,
        )

    def _take(self, step: Step) -> None:
        """Undo or redo; while a large step is under way, there is no other."""
        if self._refuses() or any(isinstance(work, LargeStep) for work in self._works):
            return
        if not self._steps.has_at_hand(step):
            self.flush()
        found = self._steps.next(step, self.project)
        if found is None:
            undoing = step is Step.UNDO
            self.noted.emit(tr("Nothing to undo.") if undoing else tr("Nothing to redo."))
        elif isinstance(found, LargeStep):
            self._begin(found)
        else:
            shown = found.inverse if step is Step.UNDO else found
            if self._apply(shown):
                self._steps.move(step)
                self._put(Order(step, found))
                self._show(shown)

    def _begin(self, step: LargeStep) -> None:
        assert self._writer is not None
        self._await(step)
        step.done.connect(self._on_stepped)
        step.failed.connect(self._on_step_failed)
        self.stepping.emit(step)
        self._writer.put(step)

    def _await(self, work: Work) -> None:
        """Read everything again when *work* is done."""
        self._works.add(work)
        work.done.connect(self._on_work_done)
        for answer in (work.done, work.failed):
            answer.connect(lambda _answer: self._works.discard(work))

    def _show_again(self, annotated: Annotated) -> None:
        """Show the open article as it is stored, or that it is not there any more."""
        from annotator.model import Change, Entity, edit

        if self.project.taken_ids("article", [annotated.article.id]):
            self.open_article(annotated.article.id)
        elif not annotated.gone:
            records = [one for one in annotated.records() if not isinstance(one, Entity)]
            gone = edit("remove", [Change(record, None) for record in reversed(records)])
            if self._apply(gone):
                self._tell(gone)
                self.selection_changed.emit()

    def _settle(self, article_id: str) -> None:
        """Wait for queued edits that concern an article which is about to be read."""
        if self._writer is None:
            return
        if any(article_id in order.edit.articles for order in self._writer.waiting()):
            self._writer.wait_idle()

    def _refuses(self) -> bool:
        """Say so where nothing can be changed."""
        if self.read_only:
            self.noted.emit(tr("This project is open for reading only. Nothing was changed."))
        return self.read_only

    def _apply(self, edit: Edit) -> bool:
        """Apply in memory, whole or not at all."""
        from annotator.model import Entity, SchemeVersion

        if self._desk is not None:
            try:
                self._desk.annotated.apply(edit)
            except ConflictError as error:
                self.failed.emit(str(error))
                self.flush()
                self.reread()
                return False
        for change in edit.changes:
            record = change.record
            if isinstance(record, Entity):
                if change.after is None:
                    self.entities.pop(record.id, None)
                else:
                    self.entities[record.id] = record
            elif isinstance(record, SchemeVersion) and change.after is not None:
                self._take_scheme(record)
        self._follow_layer()
        self.selected = self._still_there(self.selected)
        return True

    def _structure_of(self, article: Article) -> Structure:
        """Return the structure of an article, the one at hand where the text is the same."""
        from annotator.text import Structure

        if self._desk is not None and self.structure.text == article.text:
            return self.structure
        return Structure(article.text, article.language)

    def _tell(self, edit: Edit) -> None:
        """Tell the views what was applied.

        A corrected text is read as an article that opens, and so is one with another own layer.
        """
        from annotator.model import Article, Layer

        self.changed.emit(edit)
        here = None if self.annotated is None else self.annotated.article
        hands = [
            (change.before.author, change.after.author)
            for change in edit.changes
            if isinstance(change.before, Layer) and isinstance(change.after, Layer)
            if here is not None and change.record.article_id == here.id
        ]
        if any(before != after for before, after in hands):
            self.selected = ()
        texts = [
            (change.before.text, change.after.text)
            for change in edit.changes
            if isinstance(change.before, Article) and isinstance(change.after, Article)
            if here is not None and change.record.id == here.id
        ]
        if any(before != after for before, after in (*texts, *hands)):
            self.article_opened.emit()
            self.selection_changed.emit()

    def _take_scheme(self, record: SchemeVersion) -> None:
        from annotator import scheme as schemes
        from annotator.editing import Desk

        self._scheme = schemes.from_record(record)
        if self._desk is not None:
            desk = self._desk
            self._desk = Desk(desk.annotated, desk.layer, self._scheme, desk.structure)
        self.scheme_changed.emit()

    def _follow_layer(self) -> None:
        """Keep the desk's layer and structure in step with the records."""
        from annotator.editing import Desk

        if self._desk is None:
            return
        desk = self._desk
        layer = desk.annotated.layers.get(desk.layer.id)
        if layer is None or layer.author != desk.layer.author:
            layer = desk.annotated.layer_of(desk.layer.author)
        if layer is None:
            layer = self._new_layer(desk.annotated.article.id)
        structure = self._structure_of(desk.annotated.article)
        if layer != desk.layer or structure is not desk.structure:
            self._desk = Desk(desk.annotated, layer, desk.scheme, structure)

    def _still_there(self, span_ids: tuple[str, ...]) -> tuple[str, ...]:
        annotated = self.annotated
        if annotated is None:
            return ()
        return tuple(key for key in span_ids if key in annotated.spans)

    def _show(self, edit: Edit) -> None:
        """After undo or redo: tell the views, and go to where it happened."""
        from annotator.model import Article

        self._tell(edit)
        self.selection_changed.emit()
        here = self.annotated
        gone = here is not None and any(
            isinstance(change.record, Article)
            and change.after is None
            and change.record.id == here.article.id
            for change in edit.changes
        )
        if gone:
            return
        if edit.article_id is None or edit.article_id not in self._article_ids(edit):
            return
        if here is None or here.article.id != edit.article_id:
            self.open_article(edit.article_id, edit.place)
        elif edit.place is not None:
            self.placed.emit(edit.place)

    def _article_ids(self, edit: Edit) -> frozenset[str]:
        from annotator.model import Article

        removed = {
            change.record.id
            for change in edit.changes
            if isinstance(change.record, Article) and change.after is None
        }
        return edit.articles - removed

    def _put(self, order: Order) -> None:
        assert self._writer is not None
        self._writer.put(order)
        if self._state == "saved":
            self._state = "saving"
            self._notice.start()

    def _show_saving(self) -> None:
        if self._state == "saving":
            self.saving.emit("saving")

    def _set_state(self, state: str) -> None:
        self._state = state
        self._notice.stop()
        self.saving.emit(state)

    def _on_saved(self, _revision: int) -> None:
        if self._writer is not None and self._writer.is_idle:
            self._set_state("saved")

    def _on_work_done(self, _result: object) -> None:
        if self._writer is not None:
            self._read_again()

    def _on_altered(self, told: str) -> None:
        """Show what was saved in place of what was meant."""
        if self._writer is not None:
            self._read_again()
            self.noted.emit(told)

    def _on_stuck(self, reason: str) -> None:
        self._set_state("failed")
        self.failed.emit(reason)

    def _on_refused(self, order: Order, reason: str) -> None:
        if order.step is Step.PERFORM:
            self.change(lambda project: project.save_draft(order.edit, reason))
        self._read_again()
        self.failed.emit(reason)
        self._on_saved(0)

    def _on_stepped(self, saved: SavedEdit | None) -> None:
        """Go to where a large step happened."""
        if self._writer is None or saved is None or saved.edit.article_id is None:
            return
        if self.project.taken_ids("article", [saved.edit.article_id]):
            self.open_article(saved.edit.article_id, saved.edit.place)

    def _on_step_failed(self, reason: str) -> None:
        if self._writer is not None:
            self._read_again()
            self.failed.emit(reason)

    def _read_again(self) -> None:
        """Show everything as it is stored."""
        self.flush()
        self._steps.read(self.project)
        self.reread()


def _perform_drafts(project: Project) -> tuple[int, int]:
    saved = kept = 0
    for draft in project.drafts():
        try:
            project.bring_back(draft)
        except (Refused, NotAllowed):
            kept += 1
        else:
            project.drop_draft(draft.id)
            saved += 1
    return saved, kept


def _drop_drafts(project: Project) -> None:
    for draft in project.drafts():
        project.drop_draft(draft.id)
