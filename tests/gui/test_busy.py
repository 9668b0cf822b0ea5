"""Another program keeps the project busy: the window goes on, says so, and saves when it can."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from annotator.gui.writer import Writer
from tests.gui.conftest import Start, until
from tests.gui.hand import Hand, begin, make_project


@pytest.fixture
def location(tmp_path: Path) -> Path:
    return make_project(tmp_path / "own.annotator")


@pytest.fixture
def other(location: Path) -> Iterator[sqlite3.Connection]:
    """Yield another program's connection to the project."""
    with closing(sqlite3.connect(location, isolation_level=None)) as made:
        yield made


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for the file does so for ten minutes."""
    monkeypatch.setattr("annotator.store.engines.BUSY_SECONDS", 600.0)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.store.engines.BUSY_SECONDS", 0.05)
    monkeypatch.setattr(Writer, "RETRY_SECONDS", 0.05)


@pytest.mark.fault(29)
@pytest.mark.timeout(60)
@pytest.mark.usefixtures("patient")
def test_the_window_goes_on_while_a_save_waits_for_another_program(
    app: Start, location: Path, other: sqlite3.Connection
) -> None:
    hand = begin(app(fill=False), location)
    other.execute("BEGIN IMMEDIATE")
    hand.mark("Marta Ilves", "Speaker")
    hand.mark("Håkon Lunde", "Speaker")
    hand.press("Ctrl+Z")
    hand.mark("Jonas Berg", "Speaker")
    hand.window.open_article("ferry")
    hand.mark("Bergen", "Location")
    assert hand.marked == [("Location", "Bergen")]
    assert hand.workspace.state != "failed"
    other.execute("ROLLBACK")
    hand.save()
    assert hand.stored() == [("Speaker", "Marta Ilves"), ("Speaker", "Jonas Berg")]
    assert hand.stored("ferry") == [("Location", "Bergen")]


@pytest.mark.fault(29)
@pytest.mark.parametrize("lock", ["IMMEDIATE", "EXCLUSIVE"])
@pytest.mark.usefixtures("impatient")
def test_a_save_that_waited_too_long_is_told_and_made_when_the_file_is_free(
    app: Start, location: Path, other: sqlite3.Connection, lock: str
) -> None:
    hand: Hand = begin(app(fill=False), location)
    other.execute(f"BEGIN {lock}")
    hand.mark("Marta Ilves", "Speaker")
    until(lambda: hand.workspace.state == "failed")
    said = hand.window.status.saved.text()
    assert said.startswith("Not saved: ")
    assert "another program is using it" in said
    hand.mark("Håkon Lunde", "Speaker")
    other.execute("ROLLBACK")
    hand.save()
    assert hand.stored() == [("Speaker", "Marta Ilves"), ("Speaker", "Håkon Lunde")]
