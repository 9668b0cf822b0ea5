"""An open project: articles come in once, drafts are kept, nothing is heavy before it is needed."""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from annotator.errors import StorageError
from annotator.model import Zone, text_hash
from annotator.project import Project
from tests.store.making import SCHEME, add, article, layer, span


@dataclass(frozen=True)
class Read:
    """An article as a reader of files hands it over."""

    text: str
    title: str = "A title"
    language: str | None = "en"
    source: str | None = None
    url: str | None = None
    published: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    zones: tuple[Zone, ...] = ()
    encoding: str = "latin-1"

    @property
    def sha256(self) -> str:
        return text_hash(self.text)

    @property
    def original(self) -> bytes:
        return self.text.encode(self.encoding)


@pytest.fixture
def project(store_url: str) -> Any:
    with Project.create(store_url, SCHEME, author="ada") as made:
        yield made


def test_articles_come_in_as_one_edit_with_their_original_bytes(project: Project) -> None:
    zones = (Zone("headline", 0, 5),)
    report = project.add_articles([Read("Größe", zones=zones, metadata={"x": [1]}), Read("b")])
    assert [one.text for one in report.added] == ["Größe", "b"]
    found = project.annotated(report.added[0].id).article
    assert found == report.added[0]
    assert (found.zones, found.metadata) == (zones, {"x": [1]})
    assert project.original(found.id) == "Größe".encode("latin-1")
    assert project.steps_to_undo == 1
    project.undo()
    assert project.count() == 0
    project.redo()
    assert project.original(found.id) == "Größe".encode("latin-1")


def test_a_text_that_is_there_already_is_left_out_and_named(project: Project) -> None:
    first = project.add_articles([Read("one"), Read("two"), Read("one", title="Again")])
    assert [d.title for d in first.duplicates] == ["Again"]
    assert first.duplicates[0].article_id == first.added[0].id
    second = project.add_articles([Read("two"), Read("three")])
    assert [one.text for one in second.added] == ["three"]
    third = project.add_articles([Read("one")])
    assert (third.added, third.saved) == ((), None)
    assert project.count() == 3
    assert project.steps_to_undo == 2


def test_an_article_without_original_bytes_answers_with_its_text(project: Project) -> None:
    project.perform(add(article("a1", "Größe")))
    assert project.original("a1") == "Größe".encode()
    with pytest.raises(KeyError):
        project.original("nowhere")


def test_drafts_are_kept_until_they_are_dropped(project: Project) -> None:
    one, two = add(span("s1", note="\x00\ud800")), add(span("s2"))
    project.save_draft(one, "the disk was full")
    project.save_draft(one, "the disk was full")
    project.save_draft(two, "changed elsewhere")
    drafts = project.drafts()
    assert [(d.edit.changes, d.reason, d.author) for d in drafts] == [
        (one.changes, "the disk was full", "ada"),
        (two.changes, "changed elsewhere", "ada"),
    ]
    project.drop_draft(one.id)
    assert [d.id for d in project.drafts()] == [two.id]


def test_a_draft_finds_a_place_where_the_project_refuses(tmp_path: Path) -> None:
    path = tmp_path / "p.annotator"
    with Project.create(path, SCHEME, author="ada") as project:
        project.perform(add(article(), layer()))
        assert project.drafts() == []
        path.rename(tmp_path / "away")
        mark = add(span(note="\x00\ud800"))
        with pytest.raises(StorageError) as refused:
            project.perform(mark)
        project.save_draft(mark, str(refused.value))
        (tmp_path / "away").rename(path)
    with Project.open(path, author="ada") as project:
        (draft,) = project.drafts()
        assert draft.edit.changes == mark.changes
        project.perform(draft.edit)
        project.drop_draft(draft.id)
        assert project.drafts() == []
        assert set(project.annotated("a1").spans) == {"s1"}


def test_opening_and_working_loads_neither_migrations_nor_the_orm(tmp_path: Path) -> None:
    script = (
        "import sys; from annotator.project import Project; from tests.store.making import *;"
        "p = Project.create(sys.argv[1], SCHEME, author='ada'); p.perform(add(article(), layer()));"
        "p.undo(); p.summaries(); p.close();"
        "print([m for m in ('alembic', 'sqlalchemy.orm', 'psycopg', 'PySide6', 'trafilatura')"
        " if m in sys.modules])"
    )
    said = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "p.annotator")],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    assert said.stdout == "[]\n"
