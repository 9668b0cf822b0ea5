"""Which formats there are, those of strangers included, and which one a file is in."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from annotator import formats, schemes
from annotator.cli import main
from annotator.errors import UserError
from annotator.formats import Need
from annotator.project import Project
from tests.formats.strangers import installed

SHOUT = """
from annotator.annotated import Annotated
from annotator.formats import Group
from annotator.model import Article, text_hash

name = "shout"
title = "Shouted text"
purpose = "for those who cannot hear"
group = Group.TOOLS
suffixes = (".shout",)


def recognises(sample):
    return sample.text.startswith("SHOUT!")


def read(path, reading):
    text = path.read_text().removeprefix("SHOUT!").lower()
    yield Annotated(Article(id=path.stem, title=path.stem, text=text, sha256=text_hash(text)))


def write(articles, target, writing):
    texts = [item.article.text.upper() for item in articles]
    target.write_text("SHOUT!" + "".join(texts))
    return len(texts)


def cannot_carry(articles, writing):
    return []
"""


@pytest.fixture
def stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package that somebody else installed, with a format of its own."""
    with installed(tmp_path / "site", monkeypatch, "shouting", "shout", SHOUT) as site:
        yield site


@pytest.mark.usefixtures("stranger")
def test_a_strangers_format_reads_and_writes_from_the_command_line(tmp_path: Path) -> None:
    project = tmp_path / "p.annotator"
    Project.create(project, schemes.load("blank"), author="ada").close()
    loud = tmp_path / "Loud.txt"
    loud.write_text("SHOUT!THE FERRY IS LATE.")
    back = tmp_path / "back.shout"

    assert main(["import", str(project), str(loud)]) == 0
    assert main(["export", str(project), str(back), "--format", "shout"]) == 0
    assert back.read_text() == loud.read_text()


def test_a_strangers_broken_format_is_named(stranger: Path) -> None:
    (stranger / "shouting.py").write_text("name = 'shout'")
    with pytest.raises(UserError, match="package shouting has no title"):
        formats.all_formats()
    sys.modules.pop("shouting", None)
    (stranger / "shouting.py").write_text("import nothing_of_the_kind")
    with pytest.raises(UserError, match="shouting cannot be loaded"):
        formats.all_formats()


def test_every_format_says_what_it_is_and_names_differ() -> None:
    found = formats.all_formats()
    assert len({form.name for form in found}) == len(found)
    for form in found:
        assert form.title
        assert form.purpose
        assert all(suffix.startswith(".") for suffix in form.suffixes)
        assert formats.can_read(form) or formats.can_write(form)


def test_a_missing_library_is_named_with_the_line_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from annotator.formats import jsonl

    monkeypatch.setattr(jsonl, "needs", Need("no_such_library", "extra"), raising=False)
    with pytest.raises(UserError, match=r"pip install 'annotator-desktop\[extra\]'"):
        formats.writer("jsonl")


def test_an_unknown_name_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(UserError, match=r"no format 'yaml'.*jsonl"):
        formats.by_name("yaml")


def test_what_can_only_be_read_is_not_written() -> None:
    with pytest.raises(UserError, match="Plain text can be read, but not written"):
        formats.writer("text")


def test_the_readme_lists_every_format_with_what_it_is_for() -> None:
    """What the left side of a failure shows goes into README.md."""
    ours = [form for form in formats.in_order() if form.name in OURS]
    rows = [
        f"| `{form.name}` | {_tick(formats.can_read(form))} | {_tick(formats.can_write(form))} "
        f"| {form.title}: {form.purpose} |"
        for form in ours
    ]
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    listed = readme.split("## Formats")[1].split("\n## ")[0].splitlines()
    assert rows == [line for line in listed if line.startswith("| `")]


OURS = {import_module(f"annotator.formats.{name}").name for name in formats.NAMES}


def _tick(holds: bool) -> str:
    return "✓" if holds else ""


def test_formats_are_listed_by_what_they_are_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["formats"]) == 0
    lines = capsys.readouterr().out.splitlines()
    groups = [line for line in lines if not line.startswith(" ")]
    assert groups == [group.value for group in formats.Group if group.value in groups]
    rows = [line.split(maxsplit=2) for line in lines if line.startswith(" ")]
    assert ["jsonl", "read/write", "everything, one article a line"] in rows
