"""An open project: articles come in once, drafts are kept, nothing is heavy before it is needed."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from annotator import exchange
from annotator.cli import main
from annotator.errors import StorageError
from annotator.exchange import Report
from annotator.project import Project
from annotator.settings import data_folder
from tests.store.making import SCHEME, add, article, layer, span


@pytest.fixture
def project(store_url: str) -> Any:
    with Project.create(store_url, SCHEME, author="ada") as made:
        yield made


def written(folder: Path, **texts: str) -> list[Path]:
    """Return text files that were written in Latin-1."""
    paths = [folder / f"{name}.txt" for name in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        path.write_text(text, encoding="latin-1")
    return paths


def bring_in(project: Project, paths: list[Path]) -> Report:
    return exchange.bring_in(project, paths, exchange.Options(encoding="latin-1"))


def test_articles_come_in_as_one_edit_with_their_original_bytes(
    project: Project, tmp_path: Path
) -> None:
    paths = written(tmp_path, one="Größe\n\nÜber alles.", two="Second\n\nMore.")
    report = bring_in(project, paths)
    found = project.annotated(report.articles[0]).article
    assert (found.title, found.text) == ("Größe", "Größe\n\nÜber alles.")
    assert project.original(found.id) == paths[0].read_bytes()
    assert project.steps_to_undo == 1
    project.undo()
    assert project.count() == 0
    project.redo()
    assert project.original(found.id) == paths[0].read_bytes()


def test_a_text_that_is_there_already_is_left_out_and_named(
    project: Project, tmp_path: Path
) -> None:
    first = bring_in(project, written(tmp_path, a="One.", b="Two.", again="One."))
    assert (len(first.articles), first.present) == (2, [first.articles[0]])
    second = bring_in(project, written(tmp_path, c="Two.", d="Three."))
    assert (len(second.articles), second.present) == (1, [first.articles[1]])
    third = bring_in(project, written(tmp_path, e="One."))
    assert (third.articles, third.present) == ([], [first.articles[0]])
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


@pytest.mark.parametrize("beside", [False, True])
def test_a_draft_that_cannot_be_read_is_told_and_hides_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], beside: bool
) -> None:
    path = tmp_path / "p.annotator"
    lost, whole = add(span("s1")), add(span("s2"))
    with Project.create(path, SCHEME, author="ada") as project:
        project.perform(add(article(), layer()))
        for edit in (lost, whole):
            project.save_draft(edit, "the disk was full", beside=beside)
        if beside:
            (file,) = data_folder().rglob(f"{lost.id}.json")
            file.write_bytes(file.read_bytes()[:-9])
    if not beside:
        with closing(sqlite3.connect(path)) as raw, raw:
            raw.execute("UPDATE drafts SET body = '[1' WHERE id = ?", [lost.id])
    with Project.open(path, author="ada") as project:
        assert [draft.id for draft in project.drafts()] == [whole.id]
    assert main(["check", str(path)]) == 1
    said = capsys.readouterr().out
    assert "cannot be read now" in said
    assert (f"{lost.id}.json" if beside else "ada") in said
    assert main(["check", str(path), "--repair"]) == 0
    (kept,) = data_folder().rglob("*.unreadable")
    assert kept.stat().st_size
    assert main(["check", str(path)]) == 0
    with Project.open(path, author="ada") as project:
        assert [draft.id for draft in project.drafts()] == [whole.id]


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
