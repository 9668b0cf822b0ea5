"""Exports by plan: whole or not at all, with their losses told, split, and with a card."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from annotator import exchange, schemes
from annotator.annotated import Annotated
from annotator.cli import main
from annotator.exchange import Choice, ChoiceNeeded, Plan, Selection, Split
from annotator.formats import jsonl
from annotator.formats.replacing import ExportError
from annotator.formats.tags import SCHEMES
from annotator.model import Change, LayerKind, LayerState, edit
from annotator.project import Project
from tests.exchange.stopping import assert_each_stop
from tests.formats.articles import small
from tests.formats.round_trip import WRITING, with_id
from tests.notation import annotated

pytestmark = pytest.mark.usefixtures("_flat")


def several(count: int) -> list[Annotated]:
    """Return articles with a claim and a speaker each, none like another."""
    return [
        annotated(
            f"[Ada {n}|Speaker#s{n}] said [{' '.join(f'w{n}x{i}' for i in range(30))}|Claim#c{n}].",
            f"#c{n}>attributed_to>#s{n}",
            article_id=f"article-{n:02}",
            layer_id=f"layer-{n:02}",
        )
        for n in range(count)
    ]


def filled(project: Project, folder: Path, items: Sequence[Annotated]) -> Project:
    path = folder / "in.jsonl"
    ties = [
        replace(item, relations={f"{item.article.id}/{k}": replace(t, id=f"{item.article.id}/{k}")
                                 for k, t in item.relations.items()})
        for item in items
    ]  # fmt: skip
    jsonl.write(ties, path, WRITING)
    assert exchange.bring_in(project, [path]).complete
    return project


def read_twice() -> Annotated:
    """Return the small article with a second reading by bob."""
    item = small()
    item.layers["l2"] = replace(item.layers["l1"], id="l2", author="bob")
    item.spans["t1"] = replace(item.spans["s3"], id="t1", layer_id="l2", entity_id=None)
    return item


def test_several_readings_are_refused_by_a_format_for_one_until_somebody_chooses(
    project: Project, tmp_path: Path
) -> None:
    filled(project, tmp_path, [read_twice()])
    out = tmp_path / "out.flat"
    with pytest.raises(ChoiceNeeded, match=r"ada, bob.*gold, agreed") as needed:
        exchange.take_out(project, out, Plan(form="flat"))
    assert needed.value.authors == ("ada", "bob")
    assert not out.exists()
    bobs = Plan(form="flat", selection=Selection(choice=Choice.ONE, authors=("bob",)))
    exchange.take_out(project, out, bobs)
    assert json.loads(out.read_bytes())["spans"] == [[59, 63, "Location", "Oslo"]]


def test_an_opened_article_is_no_second_reading(project: Project, tmp_path: Path) -> None:
    item = read_twice()
    del item.spans["t1"]
    filled(project, tmp_path, [item])
    exchange.take_out(project, tmp_path / "out.flat", Plan(form="flat"))
    assert len(json.loads((tmp_path / "out.flat").read_bytes())["spans"]) == 4


def test_losses_are_counted_in_what_is_taken_and_stand_in_the_card(
    project: Project, tmp_path: Path
) -> None:
    filled(project, tmp_path, [small()])
    every = exchange.survey(project, Plan(form="flat"))
    assert {loss.feature: loss.count for loss in every.losses} == {
        "discontinuous": 1, "notes": 1, "relations": 1, "entities": 2,
    }  # fmt: skip
    claims = Plan(form="flat", selection=Selection(labels=("Claim",)))
    done = exchange.take_out(project, tmp_path / "out.flat", claims)
    assert {loss.feature for loss in done.survey.losses} == {"discontinuous"}
    assert done.card == tmp_path / "out.flat.card.md"
    card = done.card.read_text(encoding="utf-8")
    assert "1 span in several fragments becomes a span for each" in card
    assert "notes" not in card
    assert f"| Revision | {project.revision} |" in card


def test_the_card_has_the_same_bytes_for_the_same_state(project: Project, tmp_path: Path) -> None:
    filled(project, tmp_path, several(6))
    cards = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        plan = Plan(split=Split((50, 25, 25)))
        exchange.take_out(project, tmp_path / name / "out", plan)
        cards.append((tmp_path / name / "out" / "README.md").read_bytes())
    assert cards[0] == cards[1]


def test_foreign_words_cannot_make_markup_of_a_card(project: Project, tmp_path: Path) -> None:
    item = small()
    item.spans["s3"] = replace(item.spans["s3"], label="<img src=x>|# [a](b)\n| `c`")
    filled(project, tmp_path, [item])
    done = exchange.take_out(project, tmp_path / "out.jsonl")
    assert done.card is not None
    card = done.card.read_text(encoding="utf-8")
    assert "<img" not in card
    assert r"&lt;img src=x&gt;\|\# \[a\](b) \| \`c\`" in card


def test_a_split_is_a_folder_of_parts_that_make_up_the_whole(
    project: Project, tmp_path: Path
) -> None:
    filled(project, tmp_path, several(20))
    done = exchange.take_out(project, tmp_path / "out", Plan(split=Split()))
    names = sorted(path.name for path in (tmp_path / "out").iterdir() if path.suffix)
    assert names == ["README.md", "dev.jsonl", "test.jsonl", "train.jsonl"]
    lines = [path.read_bytes().splitlines() for path in done.files]
    assert [len(part) for part in lines] == [16, 2, 2]
    ids = {json.loads(line)["id"] for part in lines for line in part}
    assert ids == {f"article-{n:02}" for n in range(20)}
    card = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert "80/10/10 by article, seed 1" in card
    assert "| train | 16 | 80.0 % | 32 |" in card


def test_two_projects_with_the_same_articles_are_split_alike(
    store_url: str, tmp_path: Path
) -> None:
    found = []
    for name, items in (("a", several(12)), ("b", several(12)[::-1])):
        with Project.create(
            tmp_path / f"{name}.annotator", schemes.load("news-default"), author="ada"
        ) as one:
            other = [with_id(item, f"{name}{n}") for n, item in enumerate(items)]
            filled(one, tmp_path, other)
            exchange.take_out(one, tmp_path / name, Plan(split=Split(seed=7), renumber=True))
        part = (tmp_path / name / "test.jsonl").read_bytes().splitlines()
        found.append({json.loads(line)["text"] for line in part})
    assert found[0] == found[1]


def test_stopping_at_any_article_leaves_everything_as_it_was(
    project: Project, tmp_path: Path
) -> None:
    filled(project, tmp_path, several(3))
    out = tmp_path / "place" / "out.jsonl"
    out.parent.mkdir()
    out.write_bytes(b"old")

    def check() -> None:
        assert [path.name for path in out.parent.iterdir()] == ["out.jsonl"]
        assert out.read_bytes() == b"old"

    assert_each_stop(lambda until: exchange.take_out(project, out, progress=until), check)
    assert out.read_bytes() != b"old"


def test_a_change_while_it_is_written_gives_the_newer_state(
    project: Project, tmp_path: Path
) -> None:
    filled(project, tmp_path, several(3))
    surveyed = exchange.survey(project, Plan())
    layer = next(iter(project.annotated("article-00").layers.values()))
    changed = replace(layer, note="seen")
    project.perform(edit("note", [Change(layer, changed)]))
    done = exchange.take_out(project, tmp_path / "out.jsonl", Plan(), survey=surveyed)
    assert done.survey.revision == project.revision
    assert b'"note": "seen"' in (tmp_path / "out.jsonl").read_bytes()


@pytest.mark.parametrize("wrong", ["p.annotator", "no/such/folder/out", "folder"])
def test_what_must_not_be_replaced_is_refused(project: Project, tmp_path: Path, wrong: str) -> None:
    filled(project, tmp_path, [small()])
    (tmp_path / "folder").mkdir()
    (tmp_path / "p.annotator").write_bytes(b"SQLite format 3\0")
    with pytest.raises(ExportError):
        exchange.take_out(project, tmp_path / wrong)


def test_only_approved_takes_what_a_reviewer_stands_behind(
    project: Project, tmp_path: Path
) -> None:
    one, two = several(2)
    one.layers["layer-00"] = replace(one.layers["layer-00"], state=LayerState.APPROVED)
    two.layers["layer-01"] = replace(two.layers["layer-01"], state=LayerState.SUBMITTED)
    filled(project, tmp_path, [one, two])
    found = exchange.survey(project, Plan(selection=Selection(approved=True)))
    assert found.article_ids == {"": ("article-00",)}
    assert (found.left_out, found.reason) == (1, "No layer of them is approved.")


def test_a_preview_is_what_the_export_begins_with(project: Project, tmp_path: Path) -> None:
    filled(project, tmp_path, several(12))
    plan = Plan(form="flat", split=Split())
    shown = exchange.preview(project, plan, exchange.survey(project, plan))
    assert shown.name == "train.flat"
    exchange.take_out(project, tmp_path / "out", plan)
    whole = (tmp_path / "out" / "train.flat").read_text(encoding="utf-8").splitlines()
    assert list(shown.lines) == [line[:400] for line in whole[:3]]


def test_gold_and_agreement_stand_in_the_card(project: Project, tmp_path: Path) -> None:
    item = read_twice()
    item.layers["g"] = replace(item.layers["l1"], id="g", author="eve", kind=LayerKind.GOLD)
    filled(project, tmp_path, [item])
    plan = Plan(form="flat", selection=Selection(choice=Choice.GOLD))
    done = exchange.take_out(project, tmp_path / "out.flat", plan)
    assert done.card is not None
    card = done.card.read_text(encoding="utf-8")
    assert "| Labels from | gold |" in card
    # Of the three spans of ada and the one of bob, one is the same: 2 · 1 / (3 + 1).
    assert "| same label on exactly the same words | 0.500 |" in card


CHILD = """
import os, resource, signal, sys
from pathlib import Path
from annotator import exchange
from annotator.errors import UserError
from annotator.project import Project

how, file, out = sys.argv[1:]
steps = 0
def progress(step):
    global steps
    steps += step.stage == "writing"
    if how == "kill" and steps == 6:
        os.kill(os.getpid(), signal.SIGKILL)
if how == "full":
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
split = None if out.endswith(".jsonl") else exchange.Split((50, 25, 25))
plan = exchange.Plan(split=split)
try:
    with Project.open(file, author="ada", read_only=True) as project:
        exchange.take_out(project, Path(out), plan, progress=progress)
except UserError as error:
    sys.exit(str(error))
"""


@pytest.mark.skipif(os.name == "nt", reason="needs the limits and signals of POSIX")
@pytest.mark.parametrize("name", ["out.jsonl", "out"])
@pytest.mark.parametrize("how", ["kill", "full"])
def test_neither_a_kill_nor_a_full_disk_touches_what_was_there(
    file: Path, tmp_path: Path, how: str, name: str
) -> None:
    out = tmp_path / "place" / name
    out.parent.mkdir()
    with Project.open(file, author="ada") as project:
        old = Plan(selection=Selection(articles=("article-00", "article-01", "article-02")))
        split = None if name.endswith(".jsonl") else Split((50, 25, 25))
        exchange.take_out(project, out, replace(old, split=split))
    before = contents(out.parent)
    command = [sys.executable, "-c", CHILD, how, str(file), str(out)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == (-9 if how == "kill" else 1), done.stderr
    assert how == "kill" or "could not be written: File too large" in done.stderr
    assert contents(out.parent) == before
    with Project.open(file, author="ada") as project:
        assert project.check() == []


def contents(folder: Path) -> dict[str, bytes]:
    """Return what people see in a folder: drafts that a kill left behind are hidden."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.parts[-3:])
    }


# ------------------------------------------------------------------------------- the command line


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "p.annotator"
    with Project.create(path, schemes.load("news-default"), author="ada") as made:
        filled(made, tmp_path, [read_twice(), *several(11)])
    return path


def test_the_command_line_says_losses_before_and_how_to_choose(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.flat"
    assert main(["export", str(file), str(out), "--format", "flat"]) == 3
    assert "--layer gold-else-agreed" in capsys.readouterr().err
    options = ["--format", "flat", "--layer", "ada", "--labels", "Claim,Speaker"]
    assert main(["export", str(file), str(out), *options]) == 0
    said = capsys.readouterr()
    assert "1 span in several fragments becomes a span for each (changed)" in said.err
    assert "12 articles of revision 1 exported" in said.out


def test_the_command_line_splits_and_renames(file: Path, tmp_path: Path) -> None:
    names = tmp_path / "names.toml"
    names.write_text('[labels]\nClaim = "CLM"\nSpeaker = ""\nLocation = ""\n', encoding="utf-8")
    out = tmp_path / "out"
    options = ["--format", "flat", "--layer", "ada", "--map", str(names), "--split", "50/25/25"]
    assert main(["export", str(file), str(out), *options, "--seed", "3"]) == 0
    parts = [(out / f"{part}.flat").read_bytes().splitlines() for part in ("train", "dev", "test")]
    assert [len(part) for part in parts] == [6, 3, 3]
    labels = {span[2] for part in parts for line in part for span in json.loads(line)["spans"]}
    assert labels == {"CLM"}


def test_a_dry_run_of_an_export_writes_nothing(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(tmp_path.iterdir())
    options = ["--format", "flat", "--layer", "ada", "--dry-run"]
    assert main(["export", str(file), str(tmp_path / "out.flat"), *options]) == 0
    said = capsys.readouterr()
    assert "12 articles of revision 1" in said.out
    assert '{"flat": "article-00"' in said.out
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("options", "code", "reason"),
    [
        (["--labels", "Clam"], 3, "no label 'Clam'"),
        (["--layer", "eve"], 3, "Nobody called 'eve'"),
        (["--layer", "ada", "--author", "ada"], 2, "not with both"),
        (["--split", "80/20"], 3, "80/10/10"),
        (["--article", "nope"], 3, "no article 'nope'"),
        (["--format", "nope"], 3, "no format 'nope'"),
        (["--map", "nope.toml"], 3, "nope.toml"),
    ],
)
def test_the_command_line_refuses_in_plain_words(
    file: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    code: int,
    reason: str,
) -> None:
    assert main(["export", str(file), str(tmp_path / "out"), *options]) == code
    assert reason in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_formats_are_listed_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["formats", "--json"]) == 0
    listed = {one["name"]: one for one in json.loads(capsys.readouterr().out)}
    assert listed["jsonl"]["write"]
    assert not listed["text"]["write"]
    assert listed["flat"]["several_layers"] is False


def test_several_files_do_not_go_down_a_pipe(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", str(file), "-", "--split", "80/10/10"]) == 3
    assert "standard output" in capsys.readouterr().err


@pytest.mark.parametrize("tags", SCHEMES)
@pytest.mark.parametrize("form", ["conll", "conll2003"])
def test_tags_of_every_scheme_are_asked_for_by_name_and_read_again(
    file: Path, tmp_path: Path, form: str, tags: str
) -> None:
    out, again = tmp_path / "out.conll", tmp_path / "again.annotator"
    chosen = ["--layer", "ada", "--labels", "Claim,Speaker", "--article", "article-00"]
    options = ["--format", form, "--tags", tags.lower(), *chosen]
    assert main(["export", str(file), str(out), *options]) == 0
    last = {"IOB2": "I-", "IOB1": "I-", "BILOU": "L-", "BIOES": "E-"}[tags] + "Claim"
    assert sum(last in line for line in out.read_text("utf-8").splitlines()) == (
        29 if tags == "IOB2" else 30 if tags == "IOB1" else 1
    )
    Project.create(again, schemes.load("news-default"), author="ben").close()
    assert main(["import", str(again), str(out)]) == 0
    with Project.open(again, author="ben") as opened:
        (item,) = opened.each_annotated()
        assert sorted(span.label for span in item.spans.values()) == ["Claim", "Speaker"]
