"""The workspace: an edit is on the screen at once, durable soon, and never lost."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from annotator import editing, resources
from annotator.errors import StorageError
from annotator.gui.stepping import LargeStep
from annotator.gui.workspace import Workspace
from annotator.model import (
    Article,
    Change,
    Edit,
    Fragment,
    Layer,
    Span,
    edit,
    new_id,
    text_hash,
)
from annotator.project import SMALL, Project
from annotator.scheme import Scheme, from_toml
from tests.gui.crowd import crowd

TEXT = "Marta Ilves said the pier is closed.\n\nTallinn agreed."


def scheme() -> Scheme:
    return from_toml(resources.text("schemes/news-default.toml"))


def an_article(text: str, title: str = "Pier") -> Article:
    return Article(id=new_id(), title=title, text=text, sha256=text_hash(text), language="en")


def an_import(*articles: Article) -> Edit:
    return edit("import", [Change(None, article) for article in articles])


@pytest.fixture
def project(store_url: str) -> Iterator[Project]:
    opened = Project.create(store_url, scheme(), author="ada")
    yield opened
    opened.close()


@pytest.fixture
def workspace(qapp: object, project: Project) -> Iterator[Workspace]:
    opened = Workspace()
    yield opened
    opened.close()


def opened(workspace: Workspace, project: Project) -> Article:
    """Import an article into *project*, and open both."""
    article = an_article(TEXT)
    project.perform(an_import(article))
    workspace.open_project(project)
    workspace.open_article(article.id)
    return article


def mark(workspace: Workspace, words: str, label: str) -> Span:
    start = workspace.desk.annotated.article.text.index(words)
    fragment = Fragment(start, start + len(words))
    made = editing.mark(workspace.desk, (fragment,), label)
    assert workspace.perform(made)
    return editing.made(made)[0]


def test_a_label_is_on_the_screen_at_once_and_durable_after_the_writer_was_waited_for(
    qtbot: QtBot, workspace: Workspace, project: Project
) -> None:
    article = opened(workspace, project)
    span = mark(workspace, "Marta Ilves", "Speaker")
    assert workspace.desk.annotated.spans[span.id] == span
    assert workspace.flush()
    assert workspace.project.annotated(article.id).spans[span.id] == span
    qtbot.waitUntil(lambda: workspace.state == "saved")


def test_undo_goes_on_into_what_was_done_before_the_project_was_opened(
    qtbot: QtBot, workspace: Workspace, project: Project
) -> None:
    article = opened(workspace, project)
    mark(workspace, "Marta Ilves", "Speaker")
    before = workspace.steps_to_undo
    location = project.location
    if not location.startswith("postgresql"):
        workspace.close()
        project = Project.open(location, author="ada")
        workspace.open_project(project)
        workspace.open_article(article.id)
    mark(workspace, "Tallinn", "Location")
    assert workspace.steps_to_undo == before + 1
    workspace.undo()
    workspace.undo()
    assert workspace.desk.annotated.spans == {}
    assert workspace.steps_to_redo == 2
    workspace.redo()
    assert [span.text for span in workspace.desk.annotated.spans.values()] == [("Marta Ilves",)]
    assert workspace.flush()
    assert workspace.project.annotated(article.id).spans == workspace.desk.annotated.spans


def test_undo_opens_the_article_that_it_changes(
    qtbot: QtBot, workspace: Workspace, project: Project
) -> None:
    first, second = an_article(TEXT), an_article("Narva waits.", "Narva")
    project.perform(an_import(first, second))
    workspace.open_project(project)
    workspace.open_article(first.id)
    mark(workspace, "Tallinn", "Location")
    workspace.open_article(second.id)
    places: list[Fragment] = []
    workspace.placed.connect(places.append)
    workspace.undo()
    assert workspace.desk.annotated.article.id == first.id
    assert workspace.desk.annotated.spans == {}
    start = TEXT.index("Tallinn")
    assert places == [Fragment(start, start + 7)]


def test_what_contradicts_the_store_is_kept_as_a_draft_and_the_stored_state_is_shown(
    qtbot: QtBot, workspace: Workspace, project: Project
) -> None:
    opened(workspace, project)
    span = mark(workspace, "Tallinn", "Location")
    workspace.flush()
    gone = editing.delete(workspace.desk, (span.id,))
    workspace.change(lambda stored: stored.perform(gone))
    reasons: list[str] = []
    workspace.failed.connect(reasons.append)
    noted = editing.set_note(workspace.desk, (span.id,), "which one?")
    assert workspace.perform(noted)
    qtbot.waitUntil(lambda: bool(reasons))
    assert "changed elsewhere" in reasons[0]
    assert workspace.desk.annotated.spans == {}
    workspace.flush()
    assert [draft.edit.id for draft in workspace.project.drafts()] == [noted.id]


def test_an_undo_of_what_the_store_refused_takes_back_nothing_else(
    qtbot: QtBot, workspace: Workspace, project: Project
) -> None:
    opened(workspace, project)
    mark(workspace, "Marta Ilves", "Speaker")
    span = mark(workspace, "Tallinn", "Location")
    workspace.flush()
    steps = workspace.steps_to_undo
    gone = editing.delete(workspace.desk, (span.id,))
    workspace.change(lambda stored: stored.perform(replace(gone, author="bob")))
    reasons: list[str] = []
    workspace.failed.connect(reasons.append)
    assert workspace.perform(editing.set_note(workspace.desk, (span.id,), "which one?"))
    workspace.undo()
    qtbot.waitUntil(lambda: len(reasons) == 2)
    assert "Something else was done in the meantime" in reasons[1]
    assert [one.text for one in workspace.desk.annotated.spans.values()] == [("Marta Ilves",)]
    assert workspace.steps_to_undo == steps
    assert workspace.state == "saved"


class FullDisk:
    """A project whose disk is full until somebody makes room."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self.is_full = True

    def perform(self, wanted: Edit) -> object:
        if self.is_full:
            raise StorageError("The disk is full. Please make room.")
        return self._project.perform(wanted)

    def __getattr__(self, name: str) -> object:
        return getattr(self._project, name)


def test_a_full_disk_stops_nobody_and_what_waited_is_saved_when_there_is_room(
    qtbot: QtBot, workspace: Workspace, project: Project
) -> None:
    article = an_article(TEXT)
    project.perform(an_import(article))
    full = FullDisk(project)
    workspace.open_project(full)  # type: ignore[arg-type]
    workspace.open_article(article.id)
    reasons: list[str] = []
    workspace.failed.connect(reasons.append)
    span = mark(workspace, "Tallinn", "Location")
    qtbot.waitUntil(lambda: workspace.state == "failed")
    assert reasons[0] == "The disk is full. Please make room."
    second = mark(workspace, "Marta Ilves", "Speaker")
    full.is_full = False
    workspace.retry()
    qtbot.waitUntil(lambda: workspace.state == "saved")
    assert set(workspace.project.annotated(article.id).spans) == {span.id, second.id}


def test_what_could_not_be_saved_before_closing_is_offered_the_next_time(
    qtbot: QtBot, workspace: Workspace, tmp_path: Path
) -> None:
    location = tmp_path / "harbour.annotator"
    project = Project.create(location, scheme(), author="ada")
    article = an_article(TEXT)
    project.perform(an_import(article))
    full = FullDisk(project)
    workspace.open_project(full)  # type: ignore[arg-type]
    workspace.open_article(article.id)
    span = mark(workspace, "Tallinn", "Location")
    qtbot.waitUntil(lambda: workspace.state == "failed")
    workspace.close()
    again = Project.open(location, author="ada")
    assert workspace.open_project(again) == 1
    workspace.open_article(article.id)
    assert workspace.desk.annotated.spans == {}
    work = workspace.take_up_drafts()
    with qtbot.waitSignal(work.done) as result:
        pass
    assert result.args == [(1, 0)]
    qtbot.waitUntil(lambda: span.id in workspace.desk.annotated.spans)
    assert workspace.project.drafts() == []


def test_the_layer_exists_from_the_first_label_on(
    qtbot: QtBot, workspace: Workspace, project: Project
) -> None:
    opened(workspace, project)
    assert workspace.desk.annotated.layers == {}
    mark(workspace, "Tallinn", "Location")
    layer = workspace.layer
    assert isinstance(layer, Layer)
    assert workspace.desk.annotated.layers == {layer.id: layer}
    workspace.undo()
    assert workspace.desk.annotated.layers == {}


def test_who_listens_after_the_work_has_ended_is_told_all_the_same(
    workspace: Workspace, project: Project, qtbot: QtBot
) -> None:
    workspace.open_project(project)
    work = workspace.change(lambda stored: stored.title)
    assert workspace.flush()
    with qtbot.waitSignal(work.done):
        pass


def test_a_large_step_of_an_earlier_time_is_taken_in_the_writers_turn(
    qtbot: QtBot, workspace: Workspace, project: Project
) -> None:
    article, _, added = crowd("ada", SMALL, "Speaker")
    project.perform(added)
    workspace.open_project(project)
    workspace.open_article(article.id)
    begun: list[LargeStep] = []
    workspace.stepping.connect(begun.append)
    for step in ("undo", "redo"):
        getattr(workspace, step)()
        with qtbot.waitSignal(begun[-1].done):
            getattr(workspace, step)()  # in vain: one is under way
        assert workspace.annotated is not None
        gone = step == "undo"
        qtbot.waitUntil(lambda gone=gone: workspace.annotated.gone is gone)  # type: ignore[misc]
        assert len(workspace.annotated.spans) == (0 if gone else SMALL)
        assert workspace.project.count() == (0 if gone else 1)
        assert (workspace.steps_to_undo, workspace.steps_to_redo) == ((0, 1) if gone else (1, 0))
    assert len(begun) == 2
