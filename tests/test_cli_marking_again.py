"""Somebody is asked on the command line to mark articles again, and both rounds are compared."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from annotator import cli
from annotator.model import Change, LayerState, Verdict, edit, new_id
from annotator.project import Project, ReviewQuery
from annotator.review.rounds import first_of, second_of
from tests.gui.review_seat import Layered, make

TEXT = "Ada Byron said it rains in Oslo."
MARKS = (("Speaker", "Ada Byron"), ("Claim", "it rains"), ("Location", "Oslo"))
NAMES = ("a1", "a2", "a3", "a4")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project of which ada has handed in all, and ben half."""
    articles: list[Layered] = [
        (name, TEXT, {"ada": MARKS} | ({"ben": MARKS[:2]} if name in NAMES[:2] else {}))
        for name in NAMES
    ]
    return make(tmp_path / "p.annotator", articles)


def told(capsys: pytest.CaptureFixture[str], project: Path, *options: str) -> dict[str, Any]:
    capsys.readouterr()
    assert cli.main(["again", str(project), "--json", *options]) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def ask(project: Path) -> None:
    assert cli.main(["again", str(project), "--who", "ada", "--share", "100"]) == 0


def hand_in(project: Path | str, name: str, labels: int) -> None:
    """Mark again in an article, as ada, so many of the labels marked first, and hand it in."""
    with Project.open(project, author="ada") as opened:
        item = opened.annotated(name)
        first, second = first_of(item, "ada"), second_of(item, "ada")
        assert first is not None
        assert second is not None
        again = [
            replace(span, id=new_id(), layer_id=second.id)
            for span in item.spans_of(first.id)[:labels]
        ]
        done = Change(second, replace(second, state=LayerState.SUBMITTED))
        opened.perform(edit("submit", [*(Change(None, one) for one in again), done]))


def test_a_share_is_asked_for_as_one_step_that_undo_takes_back(
    capsys: pytest.CaptureFixture[str], project: Path
) -> None:
    with Project.open(project, author="ada") as opened:
        before = list(opened.each_annotated())
    dry = told(capsys, project, "--who", "ada", "--share", "50", "--dry-run")
    assert (len(dry["asked"]), dry["refused"], dry["revision"]) == (2, [], None)
    done = told(capsys, project, "--who", "ada", "--share", "50")
    assert done["asked"] == dry["asked"]
    with Project.open(project, author="ada") as opened:
        drawn = [one.article.id for one in opened.each_annotated() if first_of(one, "ada")]
        assert drawn == [one["article_id"] for one in done["asked"]]
        newest, *_ = opened.history()
        assert (newest.revision, newest.edit.action) == (done["revision"], "second round")
        (batch,) = opened.reviewing.batches()
        assert (batch.id, batch.cases) == (done["batch"], 2)
    with Project.open(project, author=newest.edit.author) as opened:
        opened.undo()
        assert list(opened.each_annotated()) == before
        assert opened.reviewing.batches() == []


def test_what_cannot_be_marked_again_is_said_with_the_reason(
    capsys: pytest.CaptureFixture[str], project: Path
) -> None:
    ask(project)
    capsys.readouterr()
    ask(project)
    said = capsys.readouterr().out
    assert "ada is to mark 0 articles again." in said
    assert "Refused, 4: It is not handed in." not in said
    assert "Refused, 4: There is a second round already." in said
    assert cli.main(["again", str(project), "--who", "nobody"]) == cli.REFUSED


def test_both_rounds_are_compared_for_each_person(
    capsys: pytest.CaptureFixture[str], project: Path
) -> None:
    assert told(capsys, project)["people"] == []
    ask(project)
    hand_in(project, "a1", 3)
    hand_in(project, "a2", 1)
    (ada,) = told(capsys, project)["people"]
    assert (ada["person"], ada["given"], ada["used"]) == ("ada", 4, 2)
    strict = next(one for one in ada["figures"] if one["measure"] == "F1 strict")
    assert (strict["value"], strict["used"]) == (pytest.approx(8 / 10), 10)
    assert cli.main(["again", str(project)]) == 0
    said = capsys.readouterr().out
    assert "ada: both rounds handed in, 2 of 4 articles." in said
    assert "F1, same borders: 0.800 (no interval: fewer than 10 articles), n = 10" in said


def agreement(
    capsys: pytest.CaptureFixture[str], project: Path, *options: str
) -> tuple[list[str], dict[str, float]]:
    capsys.readouterr()
    assert cli.main(["agreement", str(project), "--json", *options]) == 0
    found = json.loads(capsys.readouterr().out)
    figures = {f"{one['name']} {one['measure']}": one["value"] for one in found["figures"]}
    return found["annotators"], figures


def test_agreement_compares_the_rounds_where_both_are_named_and_else_uses_the_first(
    capsys: pytest.CaptureFixture[str], project: Path
) -> None:
    before = agreement(capsys, project)
    ask(project)
    hand_in(project, "a1", 1)
    assert agreement(capsys, project) == before
    people, figures = agreement(capsys, project, "--layers", "ada,ada (first round)")
    assert people == ["ada", "ada (first round)"]
    assert figures["all F1 strict"] == pytest.approx(2 / 4)


def test_the_queue_of_the_review_lists_each_person_once(project: Path) -> None:
    with Project.open(project, author="rita") as opened:
        before = opened.reviewing.rows(ReviewQuery(state=None))
    ask(project)
    hand_in(project, "a1", 1)
    with Project.open(project, author="rita") as opened:
        after = opened.reviewing.rows(ReviewQuery(state=None))
    assert [one.readers for one in after[:3]] == [
        ("ada (first round)", "ben"),
        ("ada (first round)", "ben"),
        ("ada (first round)",),
    ]
    assert [(one.article_id, one.labels) for one in after] == [
        (one.article_id, one.labels) for one in before
    ]


def test_an_export_of_one_reading_is_that_of_the_first_round(
    tmp_path: Path,
) -> None:
    project = make(tmp_path / "alone.annotator", [("a3", TEXT, {"ada": MARKS})])

    def written(name: str) -> bytes:
        target = tmp_path / name
        assert cli.main(["export", str(project), str(target), "--format", "conll2003"]) == 0
        return target.read_bytes()

    before = written("before.conll")
    ask(project)
    hand_in(project, "a3", 1)
    assert written("after.conll") == before


def test_a_work_order_takes_the_second_round_out_and_in(project: Path, tmp_path: Path) -> None:
    ask(project)
    order, home = tmp_path / "order.annotator-bundle", tmp_path / "home.annotator"
    result = tmp_path / "result.annotator-bundle"
    assert cli.main(["bundle", "make", str(project), str(order), "--for", "ada"]) == 0
    assert cli.main(["bundle", "open", str(order), str(home)]) == 0
    with Project.open(home, author="ada") as opened:
        item = opened.annotated("a1")
        assert item.spans == {}
        (layer,) = item.layers.values()
        opened.perform(edit("submit", [Change(layer, replace(layer, state=LayerState.SUBMITTED))]))
    assert cli.main(["bundle", "return", str(home), str(result)]) == 0
    assert cli.main(["bundle", "take", str(project), str(result)]) == 0
    with Project.open(project, author="rita") as opened:
        item = opened.annotated("a1")
        second = second_of(item, "ada")
        assert second is not None
        assert second.state == LayerState.SUBMITTED
        assert len(item.spans_of("a1-ada")) == len(MARKS)


def test_what_an_older_work_order_brings_does_not_come_into_the_second_round(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make(tmp_path / "late.annotator", [("a1", TEXT, {"ada": MARKS[:1]})])
    order, home = tmp_path / "order.annotator-bundle", tmp_path / "home.annotator"
    result = tmp_path / "result.annotator-bundle"
    assert cli.main(["bundle", "make", str(project), str(order), "--for", "ada"]) == 0
    assert cli.main(["bundle", "open", str(order), str(home)]) == 0
    ask(project)
    with Project.open(project, author="rita") as opened:
        before = opened.annotated("a1")
    with Project.open(home, author="ada") as opened:
        (known,) = opened.annotated("a1").spans.values()
        late = replace(known, id=new_id(), label="Location")
        opened.perform(edit("mark", [Change(None, late)]))
    assert cli.main(["bundle", "return", str(home), str(result)]) == 0
    capsys.readouterr()
    assert cli.main(["bundle", "take", str(project), str(result)]) == cli.FOUND
    assert "the first round is kept as it is" in capsys.readouterr().err
    with Project.open(project, author="rita") as opened:
        assert opened.annotated("a1") == before


def test_the_inbox_has_what_was_decided_on_the_first_round_once_the_second_is_handed_in(
    project: Path,
) -> None:
    verdict = Verdict(
        id="v1",
        article_id="a1",
        layer_id="a1-ada",
        record_id="a1-ada-000",
        decision="rejected",
        revision=1,
    )
    with Project.open(project, author="rita") as opened:
        opened.perform(edit("reject", [Change(None, verdict)]))
        assert opened.verdicts_on("ada") == [verdict]
    ask(project)
    with Project.open(project, author="ada") as opened:
        assert opened.verdicts_on("ada") == []
    hand_in(project, "a1", 1)
    with Project.open(project, author="ada") as opened:
        assert opened.verdicts_on("ada") == [verdict]


def test_a_server_answers_as_a_file_does(
    postgres_url: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    articles: list[Layered] = [(name, TEXT, {"ada": MARKS}) for name in NAMES]
    make(cast("Path", postgres_url), articles)
    asked = told(capsys, cast("Path", postgres_url), "--who", "ada", "--share", "50", "--seed", "4")
    there = [one["article_id"] for one in asked["asked"]]
    here = told(capsys, project, "--who", "ada", "--share", "50", "--seed", "4")
    assert there == [one["article_id"] for one in here["asked"]]
    hand_in(postgres_url, there[0], 1)
    with Project.open(postgres_url, author="ada") as opened:
        assert opened.reviewing.second_rounds() == there
        rows = opened.reviewing.rows(ReviewQuery(state=None))
        assert {one.readers for one in rows} == {("ada",), ("ada (first round)",)}
        assert opened.verdicts_on("ada") == []
        assert [layer.author for layer in opened.layers_of_people()] == ["ada"] * len(NAMES)
    (ada,) = told(capsys, cast("Path", postgres_url))["people"]
    assert (ada["given"], ada["used"]) == (2, 1)
