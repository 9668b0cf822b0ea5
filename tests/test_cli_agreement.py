"""How far people agree, asked on the command line of a project into which their files came."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from annotator import cli
from annotator.model import Change, LayerState, edit
from annotator.project import Project

TEXT = "Ada Byron said that the ferry was late. Ben Olsen denied that on Monday.\n"

Line = tuple[str, int, int]
"""A label with its first character and its end, as brat writes them."""

ADA: Sequence[Line] = (("Speaker", 0, 9), ("Cue", 10, 14), ("Claim", 20, 38), ("Speaker", 40, 49))
BEN: Sequence[Line] = (("Speaker", 0, 9), ("Cue", 10, 14), ("Claim", 15, 38))


def write(folder: Path, name: str, own: dict[str, Sequence[Line]]) -> None:
    """Write a text and the labels of annotators beside it, as attribution corpora have them."""
    folder.joinpath(f"{name}.txt").write_text(TEXT.replace("Monday", f"Day {name}"), "utf-8")
    text = folder.joinpath(f"{name}.txt").read_text("utf-8")
    for author, lines in own.items():
        written = [
            f"T{number}\t{label} {start} {end}\t{text[start:end]}\n"
            for number, (label, start, end) in enumerate(lines, start=1)
        ]
        folder.joinpath(f"{name}_{author}.ann").write_text("".join(written), "utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return an empty project."""
    path = tmp_path / "p.annotator"
    assert cli.main(["new", str(path), "--scheme", "quotations"]) == 0
    return path


def filled(project: Path, articles: int, **own: Sequence[Line]) -> Path:
    """Return the project with *articles* that the annotators *own* have all read."""
    folder = project.parent / "brat"
    folder.mkdir()
    for number in range(articles):
        write(folder, f"a{number:02}", own)
    assert cli.main(["import", str(project), str(folder)]) == 0
    return project


def asked(capsys: pytest.CaptureFixture[str], project: Path, *options: str) -> dict[str, Any]:
    """Return what the verb answers as JSON, for layers in any state."""
    capsys.readouterr()
    arguments = ["agreement", str(project), "--unfinished", "--json", *options]
    assert cli.main(arguments) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def figure(answer: dict[str, Any], name: str, measure: str) -> dict[str, Any]:
    (found,) = (
        one for one in answer["figures"] if (one["name"], one["measure"]) == (name, measure)
    )
    return dict(found)


def test_two_annotators_of_imported_files_are_compared_by_label(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = asked(capsys, filled(project, 2, ada=ADA, ben=BEN))
    assert (answer["annotators"], answer["articles"]) == (["ada", "ben"], 2)
    strict = {
        name: figure(answer, name, "F1 strict")["value"] for name in ("Cue", "Claim", "Speaker")
    }
    assert strict == {"Cue": 1.0, "Claim": 0.0, "Speaker": pytest.approx(2 / 3)}
    assert figure(answer, "Claim", "F1 overlap")["value"] == 1.0
    assert figure(answer, "all", "F1 strict")["value"] == pytest.approx(4 / 7)
    assert figure(answer, "all", "F1 overlap")["value"] == pytest.approx(6 / 7)
    (pair,) = answer["pairs"]
    assert (pair["first"], pair["second"], pair["articles"]) == ("ada", "ben", 2)
    assert pair["counts"]["strict"] == {
        "correct": 4,
        "incorrect": 2,
        "partial": 0,
        "missing": 2,
        "spurious": 0,
        "f1": pytest.approx(4 / 7),
    }
    assert pair["counts"]["partial"]["partial"] == 2


def test_ten_articles_have_an_interval_and_nine_say_why_not(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled(project, 9, ada=ADA, ben=BEN)
    few = figure(asked(capsys, project), "all", "F1 strict")
    assert (few["interval"], few["reason"]) == (None, "no interval: fewer than 10 articles")
    folder = project.parent / "more"
    folder.mkdir()
    write(folder, "b", {"ada": ADA, "ben": ADA})
    assert cli.main(["import", str(project), str(folder)]) == 0
    enough = figure(asked(capsys, project), "all", "F1 strict")
    low, high = enough["interval"]
    assert low < enough["value"] < high


def test_the_same_project_and_seed_give_the_same_answer(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled(project, 10, ada=ADA, ben=BEN, eve=ADA)
    options = ("--measure", "gamma", "--measure", "f1")
    first, again = (asked(capsys, project, *options) for _ in range(2))
    assert first == again
    assert figure(first, "all", "gamma")["value"] < 1.0
    assert figure(first, "all", "gamma_cat")["value"] == 1.0
    assert {one["measure"] for one in first["figures"]} == {
        "F1 strict",
        "F1 overlap",
        "F1 characters",
        "gamma",
        "gamma of pieces",
        "gamma_cat",
        "gamma_k",
    }


def test_the_names_of_annotators_make_no_difference(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    second = other / "q.annotator"
    assert cli.main(["new", str(second), "--scheme", "quotations"]) == 0
    filled(project, 3, ada=ADA, ben=BEN, eve=BEN[:2])
    filled(second, 3, eve=ADA, ada=BEN, ben=BEN[:2])
    options = ("--measure", "gamma", "--measure", "f1", "--measure", "alpha")
    one, two = (asked(capsys, path, *options)["figures"] for path in (project, second))
    for left, right in zip(one, two, strict=True):
        assert left.pop("value") == pytest.approx(right.pop("value"), abs=1e-12)
        assert left == right


def test_only_the_annotators_and_labels_asked_for_count(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled(project, 1, ada=ADA, ben=BEN, eve=())
    everybody = figure(asked(capsys, project), "Speaker", "F1 strict")
    assert everybody["value"] == pytest.approx((2 / 3 + 0 + 0) / 3)
    two = asked(capsys, project, "--layers", "ada, ben", "--labels", "Speaker")
    assert {one["name"] for one in two["figures"] if one["about"] == "labels"} == {"all", "Speaker"}
    assert figure(two, "all", "F1 strict")["value"] == pytest.approx(2 / 3)


def test_a_table_for_people_says_what_is_missing(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled(project, 2, ada=ADA, ben=BEN)
    folder = project.parent / "one"
    folder.mkdir()
    write(folder, "alone", {"ada": ADA})
    assert cli.main(["import", str(project), str(folder)]) == 0
    capsys.readouterr()
    assert cli.main(["agreement", str(project), "--unfinished"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == [
        "2 articles read by two or more of: ada, ben.",
        "1 article read by one only: nothing to compare.",
    ]
    claim = next(line for line in lines if line.split()[:3] == ["Claim", "F1", "overlap"])
    assert claim.split()[3:] == ["1.000", "-", "4", "of", "4"]
    assert lines[-1].startswith("No interval: fewer than 10 articles (")


def test_layers_that_are_not_handed_in_are_left_out_and_told_of(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled(project, 1, ada=ADA, ben=BEN)
    with Project.open(project, author="ada") as opened:
        layers = [one for item in opened.each_annotated() for one in item.layers.values()]
        begun = [Change(one, replace(one, state=LayerState.IN_PROGRESS)) for one in layers]
        opened.perform(edit("state", begun))
    capsys.readouterr()
    assert cli.main(["agreement", str(project)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "There is nothing to compare yet: no article has been read and handed in by two.",
        "2 layers not handed in yet: left out; --unfinished takes them too.",
    ]


def test_an_empty_project_has_nothing_to_compare(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = asked(capsys, project)
    assert (answer["articles"], answer["figures"], answer["pairs"]) == (0, [], [])
    assert cli.main(["agreement", str(project)]) == 0
    assert capsys.readouterr().out.startswith("There is nothing to compare yet")


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (["--layers", "ada,zoe"], 3, "zoe has marked nothing in"),
        (["--layers", "ada"], 3, "Agreement takes two"),
        (["--labels", "Cue,Nonsense"], 3, "The scheme has no label Nonsense."),
        (["--measure", "luck"], 2, "'luck' is not one of"),
    ],
)
def test_what_cannot_be_compared_is_said_in_one_line(
    project: Path,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    code: int,
    message: str,
) -> None:
    filled(project, 1, ada=ADA, ben=BEN)
    capsys.readouterr()
    assert cli.main(["agreement", str(project), *options]) == code
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err.count("\n") == 1
    assert message in written.err


def test_attributes_relations_and_entities_of_the_sample_are_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "sample.annotator"
    assert cli.main(["new", str(path), "--sample"]) == 0
    capsys.readouterr()
    measures = ("alpha", "percent", "kappa", "pi", "f1", "muc", "b3", "ceaf-e", "conll", "lea")
    options = [option for name in measures for option in ("--measure", name)]
    assert cli.main(["agreement", str(path), "--json", *options]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert {one["about"] for one in answer["figures"]} == {
        "labels",
        "attributes",
        "relations",
        "entities",
    }
    form = {
        name: figure(answer, "Claim.hedged", name) for name in ("alpha", "percent", "kappa", "pi")
    }
    assert all(one["used"] <= one["found"] for one in answer["figures"])
    assert form["percent"]["value"] == pytest.approx(39 / 41)
    assert 0 < form["alpha"]["value"] < form["percent"]["value"]
    # Of two annotators, alpha is pi with a correction for small numbers.
    pi, number = form["pi"]["value"], 2 * form["pi"]["used"]
    assert form["alpha"]["value"] == pytest.approx(1 - (1 - pi) * (number - 1) / number)
    assert "below_minimum" not in form["alpha"]
    assert cli.main(["agreement", str(path), "--json", "--minimum", "0.667"]) == 0
    asked_for = json.loads(capsys.readouterr().out)
    # The sample has too few articles to tell.
    assert figure(asked_for, "Claim.hedged", "alpha")["below_minimum"] is None
    nothing = figure(answer, "Location.nil_reason", "alpha")
    assert (nothing["value"], nothing["reason"]) == (None, "undefined: there is no variation")
    conll = figure(answer, "all", "CoNLL")["value"]
    parts = [figure(answer, "all", name)["value"] for name in ("MUC", "B3", "CEAF-e")]
    assert conll == pytest.approx(sum(parts) / 3)
    given = figure(answer, "all", "F1 given the spans")
    assert given["used"] < given["found"]
    assert given["value"] >= figure(answer, "all", "F1")["value"]
