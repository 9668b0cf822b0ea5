"""What the fuzzer found in opening projects: rows that SQLite takes and no Annotator wrote."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.cli import main
from annotator.project import Project
from annotator.store.faults import Damaged
from tests.fuzzing.opening import Loosened, small

OBJECT = json.dumps({"a": [1]})
VERBS = (["check"], ["labels"], ["labels", "--json"], ["stats"], ["review"], ["agreement"])


@pytest.fixture
def whole(tmp_path: Path) -> Loosened:
    return Loosened(small(tmp_path), tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        ["project", "min_reader", 0, None],
        ["project", "min_reader", 0, "x"],
        ["project"],
        ["scheme"],
        ["entities", "name", 0, {"bytes": "ff"}],
        ["entities", "aliases", 0, 7],
        ["entities", "attributes", 0, "[[1, 2], 3]"],
        ["entities", "id", 0, "other"],
        ["spans", "fragments", 0, "[[true, null]]"],
        ["spans", "text", 0, OBJECT],
        ["drafts", "body", 0, OBJECT],
        ["changes", "body", 1, OBJECT],
        ["articles", "id", 0, {"bytes": "ff"}],
        ["layers", "author", 0, None],
        ["relations", "label", 0, {"bytes": "ff"}],
        ["spans", "layer_id", 0, "other"],
    ],
    ids=lambda change: "-".join(map(str, change[:2])),
)
def test_no_verb_falls_over_rows_that_no_annotator_wrote(
    change: list[Any], whole: Loosened, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "strange.annotator"
    whole.write(path, [change])
    codes = [main([verb[0], str(path), *verb[1:]]) for verb in VERBS]
    said = capsys.readouterr().err
    assert set(codes) <= {0, 1, 3}
    assert "Traceback" not in said
    if 3 in codes:
        assert str(path) in said


def test_an_entity_that_is_gone_is_the_fault_of_the_file_and_not_ours(
    whole: Loosened, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "strange.annotator"
    whole.write(path, [["entities", "id", 0, "other"]])
    assert main(["labels", str(path)]) == 3
    assert "refers to one of entities that is gone" in capsys.readouterr().err


def test_an_export_does_not_fall_over_a_relation_that_ends_nowhere(
    whole: Loosened, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "strange.annotator"
    whole.write(path, [["relations", "target", 0, None]])
    assert main(["export", str(path), str(tmp_path / "out"), "--format", "tei"]) == 3
    assert f"The project {path} is damaged" in capsys.readouterr().err


def test_a_mistake_of_ours_is_not_blamed_on_a_whole_project(
    whole: Loosened, tmp_path: Path
) -> None:
    path = tmp_path / "whole.annotator"
    whole.write(path, [])
    with pytest.raises(KeyError), Project.open(path, author="ada", read_only=True):
        raise KeyError("ours")
    whole.write(path, [["spans", "label", 0, 7]])
    with pytest.raises(Damaged), Project.open(path, author="ada", read_only=True):
        raise KeyError("theirs")
