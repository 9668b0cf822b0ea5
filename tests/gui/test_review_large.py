"""A large article under review: aligned away from the window, readable meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from annotator.annotated import Annotated
from annotator.gui.review import laying
from annotator.model import Change, edit
from annotator.project import Project
from annotator.review import cases
from annotator.review.aligning import Alignment, align
from annotator.review.cases import Standing
from tests.gui.conftest import Start, until
from tests.gui.review_seat import TEXT, Layered, Marks, Reviewer, make, sit_down

MARKS: Marks = (("Speaker", "Marta Ilves"), ("Claim", "the quay was safe"))
ARTICLES: list[Layered] = [
    ("quay", TEXT, {"noor": MARKS, "jonas": (("Claim", "the quay"), *MARKS[:1])}),
    ("ferry", TEXT, {"noor": MARKS, "jonas": MARKS[:1]}),
]


class Aligner:
    """Aligns as ever, notes on which thread, and waits there until it may go on."""

    def __init__(self) -> None:
        self.threads: list[str] = []
        self.may_go_on = threading.Event()

    def __call__(self, annotated: Annotated, ids: Sequence[str], scheme: Any) -> Alignment:
        self.threads.append(threading.current_thread().name)
        if threading.current_thread() is not threading.main_thread():
            assert self.may_go_on.wait(30)
        return align(annotated, ids, scheme)


@pytest.fixture
def aligner(monkeypatch: pytest.MonkeyPatch) -> Iterator[Aligner]:
    """Return what aligns; every article counts as a large one."""
    made = Aligner()
    monkeypatch.setattr(cases, "align", made)
    monkeypatch.setattr(laying, "LITTLE", 0)
    yield made
    made.may_go_on.set()


def test_a_large_article_is_read_while_its_readers_are_compared(
    app: Start, tmp_path: Path, aligner: Aligner
) -> None:
    program = app()
    location = make(tmp_path / "large.annotator", ARTICLES)
    assert program.window.projects.open(str(location), "rita")
    program.window.open_article("quay")
    QApplication.processEvents()
    rita = Reviewer(program)
    rita.press("Ctrl+2")
    assert rita.view.isVisible()
    assert "Marta Ilves said" in rita.view.toPlainText()
    assert rita.here.case.heading.text() == "Comparing the readers …"
    rita.press("a")
    assert "still being compared" in rita.said
    aligner.may_go_on.set()
    until(lambda: not (rita.sitting.looking or rita.sitting.gathering))
    assert rita.case.words == "the quay"
    assert set(aligner.threads) == {"job"}


def test_the_next_case_is_there_at_once_though_all_articles_are_large(
    app: Start, tmp_path: Path, aligner: Aligner
) -> None:
    aligner.may_go_on.set()
    rita = sit_down(app(), make(tmp_path / "large.annotator", ARTICLES), "quay")
    rita.save()
    until(lambda: not rita.sitting.looking)
    rita.press("1")
    assert rita.workspace.desk.annotated.article.id == "ferry"
    assert rita.case.words == "the quay was safe"
    rita.press("a", "z", "z")
    assert rita.workspace.desk.annotated.article.id == "quay"
    assert rita.case.words == "the quay"
    assert "MainThread" not in aligner.threads


def test_an_article_that_is_still_compared_finds_its_place_among_the_others_afterwards(
    app: Start, tmp_path: Path, aligner: Aligner
) -> None:
    program = app()
    alike: Layered = ("alike", TEXT, {"noor": MARKS, "jonas": MARKS})
    location = make(tmp_path / "large.annotator", [alike, *ARTICLES])
    assert program.window.projects.open(str(location), "rita")
    program.window.open_article("quay")
    QApplication.processEvents()
    rita = Reviewer(program)
    rita.press("Ctrl+2")
    rita.sitting.order_by("apart")
    aligner.may_go_on.set()
    until(lambda: not (rita.sitting.looking or rita.sitting.gathering))
    assert list(rita.sitting.articles) == ["quay", "ferry", "alike"]


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the ids of the articles that the thread of the window reads, as they come."""
    found: list[str] = []
    read = Project.annotated

    def noting(project: Project, article_id: str) -> Annotated:
        if threading.current_thread() is threading.main_thread():
            found.append(article_id)
        return read(project, article_id)

    monkeypatch.setattr(Project, "annotated", noting)
    return found


def rest(rita: Reviewer) -> None:
    """Wait until everything is saved, and what is near was read beforehand."""
    rita.save()
    until(lambda: not (rita.sitting.looking or rita.sitting.reading))


def test_the_next_article_was_read_before_and_the_window_reads_nothing(
    app: Start, tmp_path: Path, reads: list[str]
) -> None:
    rita = sit_down(app(), make(tmp_path / "near.annotator", ARTICLES), "quay")
    rest(rita)
    reads.clear()
    rita.press("1")
    assert rita.workspace.desk.annotated.article.id == "ferry"
    assert rita.case.words == "the quay was safe"
    rest(rita)
    rita.go_to_decided("the quay")
    assert rita.workspace.desk.annotated.article.id == "quay"
    assert rita.case.words == "the quay"
    assert rita.case.standing == Standing.DECIDED
    assert reads == []


def test_what_was_written_meanwhile_is_seen_though_the_article_was_read_before(
    app: Start, tmp_path: Path
) -> None:
    rita = sit_down(app(), make(tmp_path / "near.annotator", ARTICLES), "quay")
    rest(rita)
    ferry = rita.stored_article("ferry")
    claim = next(span for span in ferry.spans.values() if span.label == "Claim")
    away = edit("delete", [Change(claim, None)])
    work = rita.workspace.look(lambda project: project.perform(away))
    with_answer: list[object] = []
    work.done.connect(with_answer.append)
    until(lambda: bool(with_answer))
    rita.window.open_article("ferry")
    assert claim.id not in rita.workspace.desk.annotated.spans


def test_letters_for_names_are_given_away_from_the_window_too(
    app: Start, tmp_path: Path, aligner: Aligner
) -> None:
    aligner.may_go_on.set()
    rita = sit_down(app(), make(tmp_path / "large.annotator", ARTICLES), "quay")
    key = rita.case.key
    rita.press("h")
    until(lambda: not (rita.sitting.looking or rita.sitting.gathering))
    assert rita.case.key == key
    assert set(aligner.threads) == {"job"}
