"""Correcting the text of an article in a project, by the command line, and importing afterwards."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from annotator import editing, exchange, schemes
from annotator.cli import main
from annotator.exchange import Plan, Selection
from annotator.formats import jsonl
from annotator.model import Edit
from annotator.project import Project
from annotator.settings import Settings
from tests.formats.articles import TEXT, small
from tests.formats.round_trip import WRITING
from tests.notation import shown, tied

BETTER = TEXT.replace("Ferry late", "Ferry too late").replace("Oslo’s 🚢 crews", "Oslo’s crew")
LABELS = ["Claim: The quay … will not move", "Speaker: Marta Ilves", "Location: Oslo"]


@pytest.fixture
def location(store_url: str, tmp_path: Path) -> str:
    """Return a project with one article, which came in from a file of ours."""
    jsonl.write([small()], tmp_path / "in.jsonl", WRITING)
    with Project.create(store_url, schemes.load("news-default"), author="lead") as project:
        assert exchange.bring_in(project, [tmp_path / "in.jsonl"]).complete
    return store_url


def opened(location: str) -> Project:
    return Project.open(location, author="lead")


def corrected(project: Project, text: str = BETTER) -> Edit:
    edit = editing.correct_text(project.annotated("ferry-1"), text).edit
    return project.perform(edit).edit


def test_a_correction_is_saved_whole_and_undone_whole(location: str) -> None:
    with opened(location) as project:
        before = project.annotated("ferry-1")
        corrected(project)
        now = project.annotated("ferry-1")
        assert now.article.text == BETTER
        assert sorted(shown(now)) == sorted(LABELS)
        assert tied(now) == tied(before)
        assert project.check() == []
        project.undo()
        assert project.annotated("ferry-1") == before
        project.redo()
        assert project.annotated("ferry-1") == now
        assert project.check() == []


def test_the_words_of_the_new_text_are_found_and_no_longer_those_of_the_old(location: str) -> None:
    with opened(location) as project:
        corrected(project, TEXT.replace("crews", "sailors"))
        assert [hit.article_id for hit in project.search("sailors")] == ["ferry-1"]
        assert project.search("crews") == []
        assert list(project.find_text("sailors heard")) == ["ferry-1"]
        project.undo()
        assert project.search("sailors") == []
        assert [hit.article_id for hit in project.search("crews")] == ["ferry-1"]


def test_the_version_before_stays_recorded_with_the_file_it_came_from(
    store_url: str, tmp_path: Path
) -> None:
    path = tmp_path / "ferry.txt"
    path.write_bytes("Größe der Fähre\r\n\r\nSie war groß, sagte er.\r\n".encode("latin-1"))
    with Project.create(store_url, schemes.load("blank"), author="lead") as project:
        options = exchange.Options(encoding="latin-1")
        (article_id,) = exchange.bring_in(project, [path], options).articles
        before = project.annotated(article_id).article
        edit = editing.correct_text(project.annotated(article_id), before.text + "Ja.\n").edit
        saved = project.perform(edit)
        assert project.original(article_id) == path.read_bytes()
        (change, *_) = project.saved_edit(saved.revision).edit.changes
        assert change.before == before
        (newest, *_) = project.history()
        assert newest.edit.action == "correct text"


def test_the_same_file_again_makes_no_duplicate(location: str, tmp_path: Path) -> None:
    story = tmp_path / "story.txt"
    story.write_text("Fery late\n\nIt was late.\n", encoding="utf-8")
    with opened(location) as project:
        (article_id,) = exchange.bring_in(project, [story]).articles
        text = project.annotated(article_id).article.text
        edit = editing.correct_text(
            project.annotated(article_id), text.replace("Fery", "Ferry")
        ).edit
        project.perform(edit)
        corrected(project)
        before = [project.annotated(id_) for id_ in (article_id, "ferry-1")]
        report = exchange.bring_in(project, [story, tmp_path / "in.jsonl"])
        assert (report.known, report.articles, report.complete) == (2, [], True)
        assert [project.annotated(id_) for id_ in (article_id, "ferry-1")] == before
        assert project.count() == 2


def test_labels_made_on_the_old_text_come_in_where_their_words_stand_now(
    location: str, tmp_path: Path
) -> None:
    other = small()
    layer = replace(other.layers["l1"], id="l2", author="bo")
    other.layers = {"l2": layer}
    other.spans = {key: replace(span, layer_id="l2") for key, span in other.spans.items()}
    other.relations = {key: replace(tie, layer_id="l2") for key, tie in other.relations.items()}
    jsonl.write([other], tmp_path / "bo.jsonl", WRITING)
    with opened(location) as project:
        corrected(project, BETTER.replace("“The quay,” ", ""))
        report = exchange.bring_in(project, [tmp_path / "bo.jsonl"])
        now = project.annotated("ferry-1")
        (own,) = [item for item in now.layers.values() if item.author == "bo"]
        words = sorted(" … ".join(span.text) for span in now.spans_of(own.id))
        assert words == ["Marta Ilves", "Oslo", "will not move"]
        assert report.differing == []
        assert project.check() == []


def test_a_label_of_the_old_text_that_has_no_place_any_more_is_named(
    location: str, tmp_path: Path
) -> None:
    with opened(location) as project:
        project.undo()
        text = small()
        text.layers, text.spans, text.relations = {}, {}, {}
        jsonl.write([text], tmp_path / "text.jsonl", WRITING)
        exchange.bring_in(project, [tmp_path / "text.jsonl"])
        corrected(project, TEXT.replace("Marta Ilves said, ", ""))
        report = exchange.bring_in(project, [tmp_path / "in.jsonl"])
        assert [sentence.split(" has no place")[0] for sentence in report.differing] == [
            "“Marta Ilves”, marked Speaker by ada in “Ferry late”,"
        ]
        assert len(project.annotated("ferry-1").spans) == 2


def test_a_file_with_the_corrected_text_is_known_where_the_text_is_still_the_old_one(
    location: str, tmp_path: Path
) -> None:
    with opened(location) as project:
        before = project.annotated("ferry-1")
        corrected(project)
        plan = Plan(selection=Selection(), card=False)
        exchange.take_out(project, tmp_path / "out.jsonl", plan)
        project.undo()
        report = exchange.bring_in(project, [tmp_path / "out.jsonl"])
        assert (report.known, report.articles) == (1, [])
        assert project.annotated("ferry-1") == before


# -------------------------------------------------------------------------- by the command line


def test_a_text_is_written_out_corrected_and_read_back(
    location: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "text.txt"
    assert main(["correct", location, "--article", "ferry-1", "--out", str(text)]) == 0
    assert text.read_bytes() == TEXT.encode()
    text.write_bytes((BETTER.replace("Ilves", "Ilvess") + "\n").encode())
    capsys.readouterr()
    assert main(["correct", location, str(text), "--article", "ferry-1", "--dry-run"]) == 0
    with opened(location) as project:
        assert project.annotated("ferry-1").article.text == TEXT
    dry = capsys.readouterr().out
    assert dry.splitlines() == [
        "ada: Speaker “Marta Ilves” -> “Marta Ilvess”",
        "1 label with other words, 0 labels gone.",
        "Nothing was changed: this was a dry run.",
    ]
    assert main(["correct", location, str(text), "--article", "ferry-1"]) == 0
    assert capsys.readouterr().out == dry.replace(
        "Nothing was changed: this was a dry run.", "Corrected."
    )
    with Project.open(location, author=Settings.load().author) as project:
        assert project.annotated("ferry-1").article.text == BETTER.replace("Ilves", "Ilvess")
        assert project.check() == []
        project.undo()
        assert project.annotated("ferry-1").article.text == TEXT


def test_what_could_not_be_carried_over_is_told_to_people_and_machines(
    location: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "text.txt"
    text.write_text(TEXT.replace("Marta Ilves said, ", ""), encoding="utf-8")
    verb = ["correct", location, str(text), "--article", "ferry-1"]
    assert main([*verb, "--dry-run"]) == 1
    told = capsys.readouterr()
    assert told.err == "ada: Speaker “Marta Ilves” is gone: its words are no longer there.\n"
    assert "0 labels with other words, 1 label and 1 relation gone." in told.out
    assert main([*verb, "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert [(item["author"], item["after"]) for item in found["touched"]] == [("ada", None)]
    assert [tie["label"] for tie in found["relations"]] == ["attributed_to"]
    assert found["saved"] is True


def test_what_is_no_text_is_refused(
    location: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "text.txt"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    assert main(["correct", location, str(picture), "--article", "ferry-1"]) == 3
    assert "is a PNG picture" in capsys.readouterr().err
    picture.write_text(TEXT, encoding="utf-8")
    assert main(["correct", location, str(picture), "--article", "ferry-1"]) == 3
    assert "The text is as it was." in capsys.readouterr().err
    assert main(["correct", location, str(picture), "--article", "nowhere"]) == 3
    assert main(["correct", location, "--article", "ferry-1"]) == 2
