"""The decisions on the person's own labels, in memory: what the inbox shows and the bar counts."""

from __future__ import annotations

from collections import OrderedDict
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from annotator.errors import UserError
from annotator.gui.exchange.newest import Newest
from annotator.model import Comment, Edit, Layer, LayerKind, Record, Verdict
from annotator.review.feedback import Feedback, State, feedback, verdicts_on_missed
from annotator.review.rounds import SECOND_ROUND, is_first, reviewed_layer
from annotator.review.sight import keeps_back

if TYPE_CHECKING:
    from annotator.annotated import Annotated
    from annotator.gui.exchange.newest import Tell
    from annotator.gui.workspace import Workspace
    from annotator.project import Project

KEPT: Final = 24
"""Articles that are kept in memory for the rows in sight."""


class InboxItems(QObject):
    """Follows verdicts and comments on the labels of who works."""

    changed = Signal()

    def __init__(self, workspace: Workspace, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._verdicts: dict[str, Verdict] = {}
        self._remarks: dict[str, Comment] = {}
        self._layers: set[str] = set()
        self._kept: set[str] = set()
        """Articles that are labelled blind: what became of the own labels tells what others say."""
        self._articles: OrderedDict[str, Annotated] = OrderedDict()
        self._missed: dict[str, list[Verdict]] = {}
        """What is in gold and was not marked, by article."""
        self._author = ""
        self._newest: Newest | None = None
        self.found: tuple[Feedback, ...] = ()
        """The decisions that are told, newest first."""
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self.read)
        workspace.project_opened.connect(self._later.start)
        workspace.project_closed.connect(self._forget)
        workspace.changed.connect(self._follow)
        if workspace.is_open:
            # The first project of a window is open before there is anything to show it.
            self._later.start()

    @property
    def open(self) -> int:
        """How many decisions wait to be looked at."""
        return sum(item.state == State.OPEN for item in self.found)

    def read(self) -> None:
        """Read the project anew."""
        if not self._workspace.is_open:
            return
        self._workspace.flush()
        project = self._workspace.project
        if project.author != self._author:
            self._author, self._missed = project.author, {}
        self._verdicts = {one.id: one for one in project.verdicts_on(project.author)}
        self._remarks = {one.id: one for one in project.comments_on(project.author)}
        self._layers = {one.layer_id for one in self._verdicts.values()}
        self._kept = set(project.sight.kept)
        self._articles.clear()
        self._work_out()
        if self._newest is None:
            self._newest = Newest(project, self)
            self._newest.told.connect(self._take_missed)
            self._newest.done.connect(self._keep_missed)
        self._newest.ask(partial(_read_missed, project.author))

    def _take_missed(self, found: tuple[str, list[Verdict]]) -> None:
        article_id, verdicts = found
        if self._missed.get(article_id) != verdicts:
            self._missed[article_id] = verdicts
            self._work_out()

    def _keep_missed(self, article_ids: list[str]) -> None:
        """Forget articles in which nothing counts as missed any more."""
        kept = {key: own for key, own in self._missed.items() if key in article_ids}
        if kept != self._missed:
            self._missed = kept
            self._work_out()

    def _forget(self) -> None:
        self._later.stop()
        if self._newest is not None:
            self._newest.end()
            self._newest = None
        self._verdicts, self._remarks, self._missed = {}, {}, {}
        self._layers.clear()
        self._kept.clear()
        self._articles.clear()
        self._work_out()

    def _work_out(self) -> None:
        unmarked = chain.from_iterable(self._missed.values())
        told = [
            one
            for one in chain(self._verdicts.values(), unmarked)
            if one.article_id not in self._kept
        ]
        self.found = feedback(told, self._remarks.values())
        self.changed.emit()

    def _follow(self, edit: Edit) -> None:
        """Take over an edit that need not be saved yet."""
        for article_id in edit.articles:
            self._articles.pop(article_id, None)
        author = self._workspace.project.author
        touched = False
        for change in edit.changes:
            record = change.record
            if isinstance(record, Layer):
                if is_first(record) or SECOND_ROUND in record.extra:
                    # What is told of the first round hangs on whether the second is handed in.
                    self._later.start()
                if record.author == author and record.kind == LayerKind.PERSON:
                    self._layers.add(record.id)
                    touched |= self._follow_own(record.article_id, change.after)
            elif isinstance(record, Verdict | Comment) and self._is_mine(record):
                touched = True
                table = self._verdicts if isinstance(record, Verdict) else self._remarks
                if change.after is None:
                    table.pop(record.id, None)
                else:
                    table[record.id] = record  # type: ignore[assignment]
        if self._look_for_missed(edit) or touched:
            self._work_out()

    def _follow_own(self, article_id: str, own: Record | None) -> bool:
        """Say whether the own layer of an article has come to hide it, or does not any more."""
        was, hides = article_id in self._kept, isinstance(own, Layer) and keeps_back(own)
        (self._kept.add if hides else self._kept.discard)(article_id)
        return was != hides

    def _look_for_missed(self, edit: Edit) -> bool:
        """Look anew at the open article, where an edit may have frozen or reopened its gold."""
        here = self._workspace.annotated
        layers = any(isinstance(change.record, Layer) for change in edit.changes)
        if here is None or here.article.id not in edit.articles or not layers:
            return False
        verdicts = verdicts_on_missed(here, self._workspace.project.author)
        if self._missed.get(here.article.id, []) == verdicts:
            return False
        self._missed[here.article.id] = verdicts
        return True

    def _is_mine(self, record: Verdict | Comment) -> bool:
        here = self._workspace.annotated
        layer = None if here is None else here.layers.get(record.layer_id)
        if layer is None:
            known = any(one.layer_id == record.layer_id for one in chain(*self._missed.values()))
            return known or record.layer_id in self._layers
        assert here is not None
        reviewed = reviewed_layer(here, self._workspace.project.author)
        return reviewed is not None and layer.id == reviewed.id

    def annotated(self, article_id: str) -> Annotated | None:
        """Return an article with its labels; None where it is gone from the project."""
        here = self._workspace.annotated
        if here is not None and here.article.id == article_id:
            return here
        found = self._articles.get(article_id)
        if found is None:
            self._workspace.flush()
            try:
                found = self._workspace.project.annotated(article_id)
            except UserError:
                return None
            found.entities = self._workspace.entities
            self._articles[article_id] = found
            while len(self._articles) > KEPT:
                self._articles.popitem(last=False)
        return found


def _read_missed(author: str, project: Project, _progress: object, tell: Tell) -> list[str]:
    """Tell what *author* has not marked, article by article; return the ids of these."""
    ids = project.reviewing.settled_articles(author)
    for annotated in project.each_annotated(ids):
        tell((annotated.article.id, verdicts_on_missed(annotated, author)))
    return ids
