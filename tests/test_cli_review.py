"""What is to be decided is listed, and decided in bulk, on the command line of a real project."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from annotator import cli
from annotator.model import Change, LayerKind, LayerState, edit
from annotator.project import Project
from annotator.review import settling
from annotator.review.cases import review
from annotator.review.conflicts import Kind
from annotator.review.merging import batch, unanimous
from annotator.review.result import RESULT, edit_with_result
from annotator.review.sampling import sampled
from tests.review.reviewing import SIGNED, handed_in
from tests.store.making import add, article, layer, span

ADA = "[Ada Byron|Speaker] said [it rains|Claim] in [Oslo|Location]."
BEN = "[Ada Byron|Speaker] said [it|Claim] rains in [Oslo|Location]."
EVE = "[Ada Byron|Speaker] said [it|Claim] rains in Oslo."


def made(path: Path, *notations: str) -> Path:
    """Make a project with an article that one annotator for each notation has handed in."""
    assert cli.main(["new", str(path), "--scheme", "news-default"]) == 0
    item = handed_in(*(notations or (ADA, BEN, EVE)))
    with Project.open(path, author="rita") as project:
        project.perform(edit("import", [Change(None, record) for record in item.records()]))
    return path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return made(tmp_path / "p.annotator")


def asked(capsys: pytest.CaptureFixture[str], project: Path, *options: str) -> dict[str, Any]:
    capsys.readouterr()
    assert cli.main(["review", str(project), "--json", *options]) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def gold(project: Path) -> list[str]:
    """Return what the gold layers of a project hold."""
    with Project.open(project, author="rita", read_only=True) as opened:
        return [
            f"{span.label}: {span.text[0]}"
            for item in opened.each_annotated()
            for layer in item.layers.values()
            if layer.kind == LayerKind.GOLD
            for span in item.spans_of(layer.id)
        ]


def test_the_queue_lists_what_is_open_with_its_variants(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = asked(capsys, project)
    assert answer["counts"] == {"open": 2, "decided": 0, "agreed": 1, "waiting": 0}
    boundary, missing = answer["cases"]
    assert (boundary["kind"], boundary["words"]) == ("boundary", "it rains")
    assert [one["annotators"] for one in boundary["choices"]] == [
        ["annotator-0"],
        ["annotator-1", "annotator-2"],
    ]
    assert (missing["kind"], missing["without"]) == ("missing", ["annotator-2"])


def test_articles_are_listed_where_readers_differ_most_first(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "Ada Verner said that it rained."
    for name, places in (("alike", (0, 10)), ("apart", (0, 3))):
        with Project.open(project, author="rita") as opened:
            opened.perform(add(article(name, text), action="import"))
            for author, place in (("ada", (0, 10)), ("ben", places)):
                own = layer(f"{name}-{author}", name, author, state=LayerState.SUBMITTED)
                label = span(f"{own.id}-1", place, text=text, article_id=name, layer_id=own.id)
                opened.perform(add(own, label))
    listed = asked(capsys, project)["disagreement"]
    assert [one["article_id"] for one in listed] == ["article", "alike", "apart"]
    answer = asked(capsys, project, "--order", "apart")
    assert [(one["article_id"], one["share"]) for one in answer["disagreement"]] == [
        ("apart", 1.0),
        ("article", pytest.approx(2 / 3)),
        ("alike", 0.0),
    ]
    assert answer["cases"][0]["article_id"] == "apart"


def test_what_all_say_is_decided_in_one_step_that_is_undone_in_one(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = asked(capsys, project, "--merge", "unanimous", "--audit", "100")
    assert (answer["decided"], answer["refused"], answer["audited"]) == (1, 2, 1)
    assert answer["reasons"] == {"The readers differ.": 2}
    assert gold(project) == ["Speaker: Ada Byron"]
    with Project.open(project, author="") as opened:
        (batch,) = opened.reviewing.batches()
        assert (batch.id, batch.rule, batch.cases, batch.due) == (
            answer["batch"],
            "unanimous",
            1,
            1,
        )
    asked(capsys, project, "--merge", "majority")
    assert gold(project) == ["Speaker: Ada Byron", "Claim: it", "Location: Oslo"]
    assert asked(capsys, project)["counts"]["open"] == 1


def test_a_batch_is_listed_with_the_error_rate_of_its_audit(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked(capsys, project, "--merge", "majority", "--audit", "100")
    (before,) = asked(capsys, project)["batches"]
    assert (before["cases"], before["due"], before["error_rate"]) == (3, 3, None)
    with Project.open(project, author="rita") as opened:
        for decide in (settling.reject, None):
            found = review(opened.annotated("article"), opened.scheme)
            case = next(one for one in found.open_cases if one.kind == Kind.UNAUDITED)
            if decide is None:
                number = next(
                    at
                    for at, choice in enumerate(case.choices, start=1)
                    if len(choice.variants) > 1
                )
                opened.perform(settling.take(found, case, number, SIGNED))
            else:
                opened.perform(decide(found, case, "", SIGNED))
    (after,) = asked(capsys, project)["batches"]
    assert (after["due"], after["right"], after["wrong"]) == (1, 1, 1)
    assert after["error_rate"] == 0.5
    assert after["interval"] == pytest.approx([0.0945, 0.9055], abs=1e-3)
    assert cli.main(["review", str(project)]) == 0
    assert "1 to be audited, 50.0 % wrong (9.5 to 90.5 %) so far." in capsys.readouterr().out


def test_how_people_do_where_gold_is_known_is_listed_apart_from_the_batches(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked(capsys, project)["controls"] == []
    asked(capsys, project, "--merge", "layer:annotator-0")
    given = {"annotator:assigned": {"blind": True, "control": True}}
    with Project.open(project, author="rita") as opened:
        found = review(opened.annotated("article"), opened.scheme)
        opened.perform(settling.finish(found, anyway=True))
        for author in ("kim", "lea"):
            made = layer(f"c-{author}", "article", author, extra=given, state=LayerState.SUBMITTED)
            text = found.annotated.article.text
            label = span(f"s-{author}", (0, 9), text=text, article_id="article", layer_id=made.id)
            opened.perform(add(made, *([label] if author == "kim" else [])))
    answer = asked(capsys, project)
    kim, _lea, both = answer["controls"]
    assert (kim["author"], kim["given"], kim["used"]) == ("kim", 1, 1)
    assert (kim["right"], kim["number"]) == (1, 3)
    assert kim["interval"] == pytest.approx([0.0615, 0.7923], abs=1e-3)
    assert (both["author"], both["right"], both["number"]) == (None, 1, 6)
    assert [one["error_rate"] for one in answer["batches"]] == [None]
    assert cli.main(["review", str(project)]) == 0
    said = capsys.readouterr().out
    assert "kim: 1 of 1 article, 1 of 3 places and links as gold, 33.3 % (6.1 to 79.2 %)." in said
    assert "All: 2 of 2 articles, 1 of 6 places and links as gold" in said


def test_the_rate_of_a_sample_weighs_its_parts_as_in_the_window(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Project.open(project, author="rita") as opened:
        found = review(opened.annotated("article"), opened.scheme)
        opened.perform(sampled([found], batch("sample", SIGNED), 0.1).edit())
        found = review(opened.annotated("article"), opened.scheme)
        opened.perform(settling.take(found, found.open_cases[0], 1, SIGNED))
    (sample,) = asked(capsys, project)["batches"]
    assert sample["right"] + sample["wrong"] > 0
    assert sample["error_rate"] is None
    assert cli.main(["review", str(project)]) == 0
    assert "not all parts looked at yet" in capsys.readouterr().out


def test_what_became_of_a_batch_is_told_later_with_every_refusal_and_its_reason(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = asked(capsys, project, "--merge", "unanimous")
    told = asked(capsys, project, "--batch", made["batch"])
    assert (told["decided"], told["refused"]) == (1, 2)
    assert told["reasons"] == {"The readers differ.": 2}
    by_key = {item["key"]: item for item in made["items"]}
    assert {item["key"]: item for item in told["items"]} == by_key
    with Project.open(project, author="") as opened:
        kept = opened.annotated("article")
        assert not any(RESULT in one.extra for one in kept.verdicts.values())
        assert not any(RESULT in one.extra for one in kept.layers.values())
    assert cli.main(["review", str(project), "--batch", made["batch"]]) == 0
    said = capsys.readouterr().out
    assert "1 done, 2 refused." in said
    assert "Claim: it rains" in said
    assert "refused: The readers differ." in said


def test_the_list_of_a_large_batch_names_every_case(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Project.open(project, author="rita") as opened:
        found = unanimous(review(opened.annotated("article"), opened.scheme), batch("many", SIGNED))
        many = [replace(found.refused[0], key=f"case {at}") for at in range(1000)]
        opened.perform(edit_with_result(replace(found, refused=tuple(many))))
    told = asked(capsys, project, "--batch", found.batch.id)
    assert (told["decided"], told["refused"]) == (1, 1000)
    assert [item["key"] for item in told["items"][:-1]] == [item.key for item in many]
    assert cli.main(["review", str(project), "--batch", found.batch.id]) == 0
    said = capsys.readouterr().out
    assert said.count("Title), refused: The readers differ.") == 1000


def test_a_dry_run_says_the_same_and_changes_nothing(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dry = asked(capsys, project, "--merge", "majority", "--dry-run")
    assert (dry["revision"], gold(project)) == (None, [])
    real = asked(capsys, project, "--merge", "majority")
    assert real["revision"] is not None
    same = ("decided", "audited", "refused", "reasons", "items")
    assert {key: real[key] for key in same} == {key: dry[key] for key in same}


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        (("--at-least", "3"), ["Speaker: Ada Byron"]),
        (("--labels", "Claim"), ["Claim: it"]),
        (("--layers", "annotator-0,annotator-1"), ["Speaker: Ada Byron", "Location: Oslo"]),
    ],
)
def test_a_majority_keeps_to_its_threshold_labels_and_layers(
    project: Path, options: Sequence[str], wanted: list[str]
) -> None:
    assert cli.main(["review", str(project), "--merge", "majority", *options]) == 0
    assert gold(project) == wanted


def test_all_of_one_annotator_becomes_gold(project: Path) -> None:
    assert cli.main(["review", str(project), "--merge", "layer:annotator-0"]) == 0
    assert gold(project) == ["Speaker: Ada Byron", "Claim: it rains", "Location: Oslo"]


def test_people_read_what_is_decided_and_why_the_rest_stays_open(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert cli.main(["review", str(project)]) == 0
    listed = capsys.readouterr().out
    assert "1 article: 2 open, 0 decided, 1 agreed." in listed
    assert "Claim: it rains  Boundary." in listed
    assert cli.main(["review", str(project), "--merge", "unanimous", "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "1 case would be decided (unanimous)." in said
    assert "Left open, 2: The readers differ." in said


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (("--merge", "nothing"), 2, "takes unanimous, majority or layer:NAME"),
        (("--merge", "layer:nobody"), 3, "nobody"),
        (("--labels", "Verb"), 3, "no label or relation Verb"),
        (("--article", "x"), 3, "x"),
        (("--batch", "x"), 3, "no list of what became of a batch x"),
        (("--batch", "x", "--merge", "unanimous"), 2, "--batch tells of a batch that is done"),
    ],
)
def test_what_is_not_there_is_refused_by_name(
    project: Path,
    options: Sequence[str],
    code: int,
    message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["review", str(project), *options]) == code
    assert message in capsys.readouterr().err


def test_a_project_without_layers_has_nothing_to_review(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "q.annotator"
    assert cli.main(["new", str(path)]) == 0
    assert cli.main(["review", str(path)]) == 0
    assert "nothing to review" in capsys.readouterr().out
