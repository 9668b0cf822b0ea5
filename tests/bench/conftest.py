"""Collects what benches measured, also from parallel workers: as lines, as JSON, as a table.

A row over its ceiling fails its test, after it has been noted.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.bench.ratios import Ratio, markdown, table
from tests.gui.conftest import answers, app
from tests.matrix import put_part

__all__ = ["answers", "app", "record"]

Record = Callable[..., None]


@pytest.fixture(autouse=True)
def apart() -> Iterator[None]:
    """Let what the tests before have left be no part of what Python looks through for garbage."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture
def record(request: pytest.FixtureRequest) -> Iterator[Record]:
    """Return ``record(row, ratio, ceiling, note="")``, which puts a row into the table."""
    over: list[str] = []

    def note_down(row: str, ratio: float, ceiling: float | None, note: str = "") -> None:
        measured = Ratio(row, ratio, ceiling, note)
        request.node.user_properties.append(("ratio", (row, ratio, ceiling, note)))
        if measured.verdict == "over":
            over.append(f"{row}: {ratio:.2f}, more than {ceiling} ({note})")

    yield note_down
    if over:
        pytest.fail("\n".join(over), pytrace=False)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the table after the run, and write it where it is wanted."""
    measured = [
        Ratio(*value)
        for outcome in ("passed", "failed")
        for report in terminalreporter.getreports(outcome)
        if report.when == "call"
        for name, value in report.user_properties
        if name == "ratio"
    ]
    if not measured:
        return
    terminalreporter.section("speed, as ratios to bare baselines of this run")
    for line in table(measured):
        terminalreporter.write_line(line)
    if config.getoption("--bench-json"):
        rows = [ratio.as_json() for ratio in measured]
        Path(config.getoption("--bench-json")).write_text(
            json.dumps(rows, indent=1) + "\n", encoding="utf-8"
        )
    if config.getoption("--bench-table"):
        put_part(Path(config.getoption("--bench-table")), "speed", markdown(measured))
