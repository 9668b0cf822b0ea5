"""A verb of the command line in which the program itself is wrong, through the real entry point."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from annotator.__main__ import main
from annotator.cli.crashing import CRASHED

ROOT = Path(__file__).parents[1]

WORDS = "the mayor told the council"
DYING = f"""
import os, sys, resource
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
from annotator import samples
from annotator.__main__ import main
def fail(*_, **__):
    if sys.argv[1] == "abort":
        os.abort()
    raise ValueError({WORDS!r})
samples.create = fail
raise SystemExit(main(["new", "x.annotator", "--sample"]))
"""

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs the limits of processes")


def run(home: Path, how: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", DYING, how],
        cwd=home.parent,
        env={**os.environ, "ANNOTATOR_HOME": str(home), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_verb_that_goes_wrong_says_so_and_writes_a_report_without_a_word_of_any_article(
    tmp_path: Path,
) -> None:
    done = run(tmp_path / "home", "error")
    assert done.returncode == CRASHED
    assert "Traceback" not in done.stderr
    assert "What was saved before is safe." in done.stderr
    (report,) = (tmp_path / "home").glob("crash-*.txt")
    assert str(report) in done.stderr
    text = report.read_text("utf-8")
    assert "builtins.ValueError" in text
    assert WORDS not in text


@pytest.mark.fault(48)
def test_the_verb_after_a_native_crash_tells_of_it_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    assert run(home, "abort").returncode < 0
    monkeypatch.setenv("ANNOTATOR_HOME", str(home))
    assert main(["formats"]) == 0
    said = capsys.readouterr().err
    (report,) = home.glob("crash-*.txt")
    assert str(report) in said
    assert "Aborted" in report.read_text("utf-8")
    assert main(["formats"]) == 0
    assert "report" not in capsys.readouterr().err
