"""Hostile amounts, and places where nothing may be written, at the command line.

The numbers are those of the list of hostile inputs that the project keeps.
"""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from annotator import formats
from annotator.cli import main
from annotator.exchange import limits
from annotator.formats.imported import LONGEST
from annotator.project import Project
from tests.formats.articles import small
from tests.formats.hostile import labelled, refused, texts
from tests.formats.round_trip import WRITING

# ----------------------------------------------------------------------- 25: too much of everything

REPEATED = (
    *("<!---->", "<?a?>", "<!DOCTYPE a>", "<a>", '{"a":1,', "[", '"', "\\", " ", "\n", "#"),
    *("T1\tA 0 1;", "0 1;", "E1\tA:T1 ", "a,", "a\t", "a;", "---\n", "-DOCSTART-\n"),
)
"""What a file may consist of that made some way to recognise formats look again and again."""


@pytest.mark.hostile(25)
@pytest.mark.timeout(20)
@pytest.mark.parametrize("part", REPEATED)
@pytest.mark.parametrize("before", ["", "{", "<?xml version='1.0'?>"])
def test_what_a_file_is_gets_found_out_at_once_however_it_repeats_itself(
    part: str, before: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.dat"
    path.write_text(before + part * (100_000 // len(part)) + "x", encoding="utf-8")
    formats.recognise(path)


@pytest.mark.hostile(25)
@pytest.mark.timeout(120)
def test_a_line_of_fifty_megabytes_is_refused_with_the_limit(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = "The ferry sails late, she said. "
    text = words * (50_000_000 // len(words))
    (tmp_path / "a.txt").write_text(text)
    row = {"id": "a", "text": text}
    (tmp_path / "b.jsonl").write_text(json.dumps(row))
    (tmp_path / "c.jsonl").write_text(json.dumps({**row, "label": [[0, 3, "Claim"]]}))
    for name in ("a.txt", "b.jsonl", "c.jsonl"):
        said = refused(project, tmp_path / name, capsys)
        assert "more than 20,000,000 characters" in said


@pytest.mark.hostile(25)
def test_a_line_of_a_few_megabytes_comes_in_whole(project: Path, tmp_path: Path) -> None:
    text = "The ferry sails late, she said. " * 100_000
    assert len(text) < LONGEST
    (tmp_path / "a.txt").write_text(text)
    assert main(["import", str(project), str(tmp_path / "a.txt")]) == 0
    assert texts(project) == [text]


@pytest.mark.hostile(25)
def test_an_article_of_more_labels_than_can_be_shown_is_left_out_and_told(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    count = limits.MOST_LABELS + 1
    path = tmp_path / "a.jsonl"
    with path.open("w") as file:
        labels = ", ".join(f'[{n}, {n + 1}, "Claim"]' for n in range(count))
        file.write(f'{{"id": 1, "text": "{"x" * count}", "label": [{labels}]}}\n')
    said = refused(project, path, capsys, "--format", "doccano")
    assert f"has {count:,} labels, more than 300,000" in said


@pytest.mark.hostile(25)
def test_names_of_a_megabyte_are_left_out_and_told_and_the_article_comes_in(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "The quay is closed, she said."
    path = tmp_path / "a.jsonl"
    item = labelled(text, 12, "closed", "L" * 1_000_000)
    item.spans |= {"s9": labelled(text, 24, "said").spans["s0"]}
    formats.writer("doccano").write([item], path, WRITING)
    assert main(["import", str(project), str(path), "--format", "doccano"]) == 1
    said = capsys.readouterr()
    assert "a name of 1,000,000 characters, more than 500; it was left out 1 time" in said.err
    assert len(said.out + said.err) < 2_000
    with Project.open(project, author="ada") as opened:
        (back,) = opened.each_annotated()
        assert [(span.label, span.text) for span in back.spans.values()] == [("Claim", ("said",))]
        assert [label.name for label in opened.scheme.labels] == ["Label", "Claim"]


# --------------------------------------------------------------------- 30: where nothing is written


@pytest.mark.hostile(30)
@pytest.mark.parametrize("form", ["jsonl", "brat", "articles-xlsx", "geojson"])
@pytest.mark.parametrize("wrong", ["project", "link to it", "null", "full", "folder", "socket"])
def test_an_export_is_refused_where_a_project_a_device_or_other_files_are(
    form: str, wrong: str, project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    formats.writer("jsonl").write([small()], tmp_path / "in.jsonl", WRITING)
    assert main(["import", str(project), str(tmp_path / "in.jsonl")]) == 0
    before = texts(project)
    target = _wrong_target(wrong, project, tmp_path)
    if not target.exists():
        pytest.skip("There is no such device on this system.")
    names = sorted(tmp_path.iterdir())
    capsys.readouterr()
    assert main(["export", str(project), str(target), "--format", form]) == 3
    assert str(target) in capsys.readouterr().err
    assert texts(project) == before
    assert sorted(tmp_path.iterdir()) == names
    if wrong == "folder":
        assert [path.name for path in target.iterdir()] == ["notes.txt"]


def _wrong_target(wrong: str, project: Path, folder: Path) -> Path:
    target = folder / "target"
    if wrong == "link to it":
        target.symlink_to(project)
    elif wrong == "folder":
        target.mkdir()
        (target / "notes.txt").write_text("mine")
    elif wrong == "socket":
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(str(target))
    else:
        return project if wrong == "project" else Path("/dev", wrong)
    return target
