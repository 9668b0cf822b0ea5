"""Every fault and hostile input that the program must stand is shown by a test."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.matrix import KINDS, rows

ROOT = Path(__file__).resolve().parents[1]


def named(kind: str) -> set[int]:
    """Return the numbers that the markers of one kind name in all tests."""
    found: set[int] = set()
    for path in (ROOT / "tests").rglob("*.py"):
        for numbers in re.findall(rf"mark\.{kind}\(([0-9, ]+)\)", path.read_text("utf-8")):
            found.update(int(number) for number in numbers.split(","))
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_every_row_has_a_test_or_does_not_arise(kind: str) -> None:
    known = rows()
    spared = {int(row.split()[1]) for row in known["none"] if row.startswith(kind)}
    assert {int(number) for number in known[kind]} - spared == named(kind)


def test_the_tables_say_what_became_of_each_row(tmp_path: Path) -> None:
    (tmp_path / "test_rows.py").write_text(
        "import pytest\n"
        "@pytest.mark.fault(1, 2)\ndef test_stands(): pass\n"
        "@pytest.mark.fault(2)\ndef test_falls(): assert False\n"
    )
    target = tmp_path / "out.md"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "-p",
         "tests.conftest", "-p", "no:cacheprovider", "--rootdir", str(tmp_path),
         "--matrix", str(target), str(tmp_path / "test_rows.py")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "1 failed, 1 passed" in done.stdout, done.stdout + done.stderr
    table = target.read_text("utf-8").splitlines()
    assert "| 1 | Killed at a random moment while labelling | passed | `test_stands` |" in table
    assert any(line.startswith("| 2 |") and "| failed |" in line for line in table)
    assert any(line.startswith("| 3 |") and "| not run |" in line for line in table)
