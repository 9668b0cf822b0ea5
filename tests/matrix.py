"""Which test shows which row of the matrix of faults and hostile inputs, and whether it passed.

The file they are written to has a part for each kind of run; a run replaces its own part only.
"""

from __future__ import annotations

import datetime as dt
import platform
import re
import sqlite3
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import pytest

KINDS: Final = {"fault": "Faults", "hostile": "Hostile inputs"}
ROWS: Final = Path(__file__).parent / "data" / "matrix.toml"
PARTS: Final = ("faults", "speed")
"""The parts of the file, in their order, each between `<!-- NAME -->` and `<!-- /NAME -->`."""

_HEAD: Final = (
    "# What the program stands, and how fast it is\n\n"
    "Written by test runs, not by hand; a run replaces its own part only.\n"
)
_NOT_YET: Final = "Not run yet."


def put_part(target: Path, name: str, lines: Iterable[str]) -> None:
    """Write *lines* as the part *name* of the file, and leave its other parts as they are."""
    before = target.read_text("utf-8") if target.exists() else ""
    parts = {part: _part_of(before, part) for part in PARTS}
    parts[name] = "\n".join(lines).strip()
    text = _HEAD + "".join(
        f"\n<!-- {part} -->\n{body}\n<!-- /{part} -->\n" for part, body in parts.items()
    )
    target.write_text(text, encoding="utf-8")


def _part_of(text: str, name: str) -> str:
    found = re.search(f"^<!-- {name} -->\n(.*?)\n<!-- /{name} -->$", text, re.DOTALL | re.MULTILINE)
    return found[1] if found else _NOT_YET


def where_and_when() -> str:
    """Return the day and the kind of machine, and nothing that names one."""
    return (
        f"{dt.datetime.now(dt.UTC).date().isoformat()}, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


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
                    tests[report.nodeid] = _outcome(report)

    def pytest_sessionfinish(self) -> None:
        """Write the part of the file."""
        known = rows()
        lines = ["`python3 tests -n auto -m 'fault or hostile' --matrix FILE` writes this part:"]
        lines += [f"{where_and_when()}.", ""]
        for kind, heading in KINDS.items():
            lines += [f"## {heading}", "", "| row | what | result | tests |"]
            lines += ["| --- | --- | --- | --- |"]
            for number, title in known[kind].items():
                found = self._found.get((kind, int(number)), {})
                why = known["none"].get(f"{kind} {number}")
                lines.append(f"| {number} | {title} | {_result(found, why)} | {_named(found)} |")
            lines.append("")
        put_part(self._target, "faults", lines)


def _outcome(report: pytest.TestReport) -> str:
    """Return what became of a test; a skipped one says why."""
    if report.skipped and isinstance(report.longrepr, tuple):
        return f"not run here: {str(report.longrepr[2]).removeprefix('Skipped: ')}"
    return report.outcome


def _result(found: dict[str, str], why: str | None) -> str:
    if why is not None and not found:
        return f"does not arise: {why}"
    states = set(found.values())
    if "failed" in states:
        return "failed"
    spared = sorted(state for state in states if state.startswith("not run here"))
    if "passed" in states:
        return "; ".join(["passed", *spared])
    return "; ".join(spared) or "not run"


def _named(found: Iterable[str]) -> str:
    names = sorted({name.partition("[")[0].rpartition("::")[2] for name in found})
    return "<br>".join(f"`{name}`" for name in names)
