"""Every fault and hostile input that the program must stand is shown by a test."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.matrix import KINDS, put_part, rows

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
        "@pytest.mark.fault(4)\ndef test_rests(): pytest.skip('only root may mount')\n"
    )
    target = tmp_path / "out.md"
    put_part(target, "speed", ["| start | 1.0 |"])
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "-p",
         "tests.conftest", "-p", "no:cacheprovider", "--rootdir", str(tmp_path),
         "--matrix", str(target), str(tmp_path / "test_rows.py")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "1 failed, 1 passed, 1 skipped" in done.stdout, done.stdout + done.stderr
    table = target.read_text("utf-8").splitlines()
    assert "| 1 | Killed at a random moment while labelling | passed | `test_stands` |" in table
    assert any(line.startswith("| 2 |") and "| failed |" in line for line in table)
    assert any(line.startswith("| 3 |") and "| not run |" in line for line in table)
    spared = "not run here: only root may mount"
    assert f"| 4 | Killed in a bulk action | {spared} | `test_rests` |" in table
    assert "| start | 1.0 |" in table
    assert str(tmp_path) not in "\n".join(table)


def test_each_run_replaces_its_own_part_of_the_file_only(tmp_path: Path) -> None:
    target = tmp_path / "TRUST.md"
    put_part(target, "faults", ["all stood"])
    put_part(target, "speed", ["slow"])
    put_part(target, "speed", ["fast", "faster"])
    text = target.read_text("utf-8")
    assert "<!-- faults -->\nall stood\n<!-- /faults -->" in text
    assert "<!-- speed -->\nfast\nfaster\n<!-- /speed -->" in text
    assert "slow" not in text
