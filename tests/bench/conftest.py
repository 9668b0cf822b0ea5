"""Collects what benches measured, also from parallel workers, and prints it as one table."""

from collections.abc import Callable

import pytest

from tests.bench.ratios import Ratio, table

Record = Callable[..., None]


@pytest.fixture
def record(request: pytest.FixtureRequest) -> Record:
    """Return ``record(row, ratio, ceiling, note="")``, which puts a row into the table."""

    def note_down(row: str, ratio: float, ceiling: float | None, note: str = "") -> None:
        request.node.user_properties.append(("ratio", (row, ratio, ceiling, note)))

    return note_down


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table after the run."""
    measured = [
        Ratio(*value)
        for report in terminalreporter.getreports("passed")
        if report.when == "call"
        for name, value in report.user_properties
        if name == "ratio"
    ]
    if measured:
        terminalreporter.section("speed, as ratios to bare baselines of this run")
        for line in table(measured):
            terminalreporter.write_line(line)
