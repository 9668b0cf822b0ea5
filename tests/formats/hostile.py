"""What tests with hostile inputs share."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.annotated import Annotated
from annotator.cli import main
from annotator.project import Project
from tests.formats.test_hostile_inputs import marked


def texts(project: Path) -> list[str]:
    """Return the texts of the articles in a project."""
    with Project.open(project, author="ada") as opened:
        return [item.article.text for item in opened.each_annotated()]


def refused(project: Path, path: Path, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    """Import a file of which nothing may come in, and return what is said."""
    assert main(["import", str(project), str(path), *more]) == 1
    said = capsys.readouterr().err
    assert str(path) in said
    assert "Traceback" not in said
    assert texts(project) == []
    return said


def labelled(text: str, start: int, word: str, label: str = "Claim") -> Annotated:
    """Return an article with one label, on *word*, which stands first at *start*."""
    item = marked(text, word, label=label)
    assert item.spans["s0"].fragments[0].start == start
    return item
