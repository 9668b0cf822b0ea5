"""A reviewer at the real window for tests: three people's layers over an article of the test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtWidgets import QApplication

from annotator import schemes
from annotator.annotated import Annotated
from annotator.gui.app import Program
from annotator.gui.article.text_view import ArticleView
from annotator.gui.review.place import ReviewPlace
from annotator.gui.review.sitting import Sitting
from annotator.model import (
    Article,
    Change,
    Entity,
    Fragment,
    Layer,
    LayerState,
    Relation,
    Span,
    edit,
    text_hash,
)
from annotator.project import Project
from annotator.review.cases import Case, Standing
from annotator.review.gold import gold_of
from tests.gui.conftest import Answers, see, until
from tests.gui.hand import Hand

Marks = Sequence[tuple[str, str]]
"""Label and words; pieces are apart by ``…``, a number after ``#`` says which occurrence."""

Layered = tuple[str, str, dict[str, Marks]]
"""Id and text of an article, and for each author what is marked."""

Place = TypeVar("Place", bound=Path | str)
"""A file, or the address of a database."""

TEXT = (
    "Marta Ilves said on Tuesday that the quay was safe.\n\n"
    "The mayor, Håkon Lunde, promised that divers would look at the wall since the autumn.\n\n"
    "Jonas Berg doubts it. The quay should be closed, he told reporters in Bergen."
)


def fragments_of(text: str, words: str) -> tuple[Fragment, ...]:
    """Return where *words* stand in *text*."""
    words, _, nth = words.partition("#")
    found, at = [], 0
    for piece in words.split(" … "):
        for _ in range(int(nth or 0) + 1):
            at = text.index(piece, at) + 1
        found.append(Fragment(at - 1, at - 1 + len(piece)))
        at += len(piece) - 1
    return tuple(found)


def layer_of(
    article: Article, author: str, marks: Marks, *, state: str = LayerState.SUBMITTED
) -> tuple[Layer, list[Span]]:
    """Return what somebody handed in of an article."""
    layer = Layer(id=f"{article.id}-{author}", article_id=article.id, author=author, state=state)
    spans = []
    for at, (label, words) in enumerate(marks):
        where = fragments_of(article.text, words)
        spans.append(
            Span(
                id=f"{layer.id}-{at:03}",
                article_id=article.id,
                layer_id=layer.id,
                label=label,
                fragments=where,
                text=tuple(article.text[start:end] for start, end in where),
            )
        )
    return layer, spans


def make(
    location: Place,
    articles: Sequence[Layered],
    changed: dict[str, dict[str, object]] | None = None,
    relations: Sequence[tuple[str, str, str]] = (),
    entities: Sequence[Entity] = (),
    layers: Mapping[str, Mapping[str, Any]] | None = None,
) -> Place:
    """Make a project: id, text, and for each author the marks.

    *changed* are fields of spans by their ids, *layers* what is noted in layers by their authors.
    """
    project = Project.create(location, schemes.load("news-default"), author="lead")
    if entities:
        project.perform(edit("import", [Change(None, one) for one in entities]))
    for name, text, marked in articles:
        article = Article(
            id=name, title=name.title(), text=text, sha256=text_hash(text), language="en"
        )
        changes: list[Change] = [Change(None, article)]
        for author, marks in marked.items():
            layer, spans = layer_of(article, author, marks)
            layer = replace(layer, extra=(layers or {}).get(author, {}))
            changes.append(Change(None, layer))
            for span in spans:
                fields = (changed or {}).get(span.id, {})
                changes.append(Change(None, replace(span, **fields)))  # type: ignore[arg-type]
        for label, source, target in relations:
            if source.startswith(f"{name}-"):
                tie = Relation(
                    id=f"tie-{source}-{target}",
                    article_id=name,
                    layer_id=source.rpartition("-")[0],
                    label=label,
                    source=source,
                    target=target,
                )
                changes.append(Change(None, tie))
        project.perform(edit("import", changes))
    project.close()
    return location


class Reviewer(Hand):
    """Somebody before the place Review."""

    @property
    def here(self) -> ReviewPlace:
        """The place, as it is seen once it shows what has happened."""
        if not self.workspace.afterwards.is_over:
            see()
        return self.window.bench.review

    @property
    def sitting(self) -> Sitting:
        """The cases."""
        return self.here.sitting

    @property
    def view(self) -> ArticleView:
        """The article under review."""
        return self.here.page.view

    @property
    def case(self) -> Case:
        """The case at hand."""
        case = self.sitting.case
        assert case is not None
        return case

    @property
    def open(self) -> list[str]:
        """The words of all open cases, in the order of the queue."""
        return self._in(Standing.OPEN)

    @property
    def decided(self) -> list[str]:
        """The words of all decided cases."""
        return self._in(Standing.DECIDED)

    def _in(self, standing: Standing) -> list[str]:
        rows = [row for rows in self.sitting.articles.values() for row in rows]
        return [row.words for row in rows if row.standing == standing]

    def stored_article(self, article: str = "quay") -> Annotated:
        """Return an article as it is on the disk."""
        self.workspace.flush()
        return self.workspace.project.annotated(article)

    @property
    def gold(self) -> list[tuple[str, str]]:
        """Label and words of the gold spans of the article called ``quay``."""
        return self.gold_in("quay")

    def gold_in(self, article: str) -> list[tuple[str, str]]:
        """Label and words of the gold spans of an article, as they are on the disk."""
        stored = self.stored_article(article)
        spans = stored.spans_of(gold_of(stored).layer.id)
        return [(span.label, " … ".join(span.text)) for span in spans]

    def go_to(self, words: str) -> None:
        """Bring the case on these words to hand, with the key for the next case."""
        for _ in range(200):
            if self.case.words == words:
                return
            self.press("j")
        raise AssertionError(f"no case on {words}")

    def go_to_decided(self, words: str) -> None:
        """Bring a case that is decided to hand, as a click in the queue does."""
        rows = [row for rows in self.sitting.articles.values() for row in rows]
        row = next(r for r in rows if r.words == words and r.standing == Standing.DECIDED)
        self.sitting.go(row.article_id, row.key)

    @property
    def answers(self) -> Answers:
        """What is answered to the questions of the window."""
        assert isinstance(self.window.ask, Answers)
        return self.window.ask


def sit_down(
    program: Program, location: Path | str, article: str, *, into_text: bool = True
) -> Reviewer:
    """Open a project, and go to Review with the key."""
    assert program.window.projects.open(str(location), "rita")
    QApplication.processEvents()
    program.window.open_article(article)
    QApplication.processEvents()
    reviewer = Reviewer(program)
    reviewer.press("Ctrl+2")
    until(lambda: not (reviewer.sitting.gathering or reviewer.sitting.looking))
    reviewer.view.scrolling.smooth = False
    assert not into_text or QApplication.focusWidget() is reviewer.view
    return reviewer
