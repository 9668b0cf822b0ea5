"""Which test shows which row of the matrix of faults and hostile inputs, and whether it passed."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import pytest

KINDS: Final = {"fault": "Faults", "hostile": "Hostile inputs"}
ROWS: Final = Path(__file__).parent / "data" / "matrix.toml"


def rows() -> dict[str, Any]:
    """Return the titles of the rows by kind and number, and why some have no test."""
    found: dict[str, Any] = tomllib.loads(ROWS.read_text("utf-8"))
    return found


def rows_of(item: pytest.Item) -> list[tuple[str, int]]:
    """Return kinds and numbers of the rows that a test says it shows."""
    return [
        (kind, int(number))
        for kind in KINDS
        for mark in item.iter_markers(kind)
        for number in mark.args
    ]


class Matrix:
    """Collects what became of the tests of each row, and writes the two tables."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._found: dict[tuple[str, int], dict[str, str]] = defaultdict(dict)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a result; a test that fails while it is set up or cleared away failed, too."""
        for name, value in report.user_properties:
            if name in KINDS and (report.when == "call" or not report.passed):
                tests = self._found[name, int(str(value))]
                if tests.get(report.nodeid) != "failed":
                    tests[report.nodeid] = report.outcome

    def pytest_sessionfinish(self) -> None:
        """Write the file."""
        known = rows()
        lines = ["# What the program stands", ""]
        lines += ["Written by `python3 tests -n auto --matrix FILE`; not by hand.", ""]
        for kind, heading in KINDS.items():
            lines += [
                f"## {heading}",
                "",
                "| row | what | result | tests |",
                "| --- | --- | --- | --- |",
            ]
            for number, title in known[kind].items():
                found = self._found.get((kind, int(number)), {})
                why = known["none"].get(f"{kind} {number}")
                lines.append(f"| {number} | {title} | {_result(found, why)} | {_named(found)} |")
            lines.append("")
        self._target.write_text("\n".join(lines), encoding="utf-8")


def _result(found: dict[str, str], why: str | None) -> str:
    if why is not None and not found:
        return f"does not arise: {why}"
    states = set(found.values())
    if "failed" in states:
        return "failed"
    return "passed" if "passed" in states else "not run"


def _named(found: Iterable[str]) -> str:
    names = sorted({name.partition("[")[0].rpartition("::")[2] for name in found})
    return "<br>".join(f"`{name}`" for name in names)
