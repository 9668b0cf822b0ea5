"""A project that another program writes, on this machine or on a lost one, on the command line."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from annotator.cli import main
from annotator.project import Project
from annotator.store import schema
from annotator.store import upgrade as upgrading
from tests.store.making import SCHEME, add, article, layer, lose_machine
from tests.store.test_opening import hold
from tests.store.test_upgrade import SECOND

HINT = "If that program is gone for good, --take-over writes all the same."


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "news.annotator"
    with Project.create(path, SCHEME, author="ada") as made:
        made.perform(add(article(), layer(), action="import"))
    return path


def verbs(path: Path) -> dict[str, list[str]]:
    """Return the verbs that write, each with what it needs."""
    text = path.with_name("new.txt")
    text.write_text("Ferry late\n\nThe ferry was late.\n", encoding="utf-8")
    kept = path.with_name("kept.annotator")
    if not kept.exists():
        with Project.open(path, author="ada", read_only=True) as project:
            project.backup(kept)
    return {
        "import": ["import", str(path), str(text)],
        "check": ["check", str(path), "--repair"],
        "correct": ["correct", str(path), "a1", str(text)],
        "review": ["review", str(path), "--merge", "unanimous"],
        "restore": ["restore", str(path), str(kept)],
    }


@pytest.mark.fault(25)
@pytest.mark.parametrize("verb", ["import", "check", "review", "restore"])
def test_a_verb_writes_a_project_of_a_lost_machine_once_it_is_told_to(
    path: Path, capsys: pytest.CaptureFixture[str], verb: str
) -> None:
    arguments = verbs(path)[verb]
    lose_machine(path)
    before = path.read_bytes()
    assert main(arguments) == 3
    said = capsys.readouterr().err
    assert "by bob on elsewhere since 2026-01-01" in said
    assert HINT in said
    assert path.read_bytes() == before
    assert main([*arguments, "--take-over"]) in (0, 1)
    assert "elsewhere" not in capsys.readouterr().err
    assert main(["check", str(path)]) == 0


@pytest.mark.fault(25, 34)
def test_an_older_project_of_a_lost_machine_is_upgraded_once_that_is_told(
    path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upgrading, "Target", lambda: SECOND)
    lose_machine(path)
    assert main(["upgrade", str(path)]) == 3
    assert HINT in capsys.readouterr().err
    assert main(["upgrade", str(path), "--take-over"]) == 0
    monkeypatch.setattr(schema, "SCHEMA_VERSION", 2)
    with Project.open(path, author="ada") as project:
        assert project.check() == []


@pytest.mark.fault(24)
@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_a_program_that_is_alive_on_this_machine_is_not_taken_over(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = verbs(path)["import"]
    with hold(path) as child:
        before = path.read_bytes()
        assert main([*arguments, "--take-over"]) == 3
        said = capsys.readouterr().err
        assert f"by bob on {socket.gethostname()}" in said
        assert f"(process {child.pid})" in said
        assert HINT not in said
        assert path.read_bytes() == before
        child.kill()
        child.communicate()
    assert main(arguments) == 0
