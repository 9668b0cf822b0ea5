"""The checks a machine makes on the whole tree: style, types, directions of imports."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def _run(*command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        pytest.fail(f"{' '.join(command)}\n{done.stdout}{done.stderr}", pytrace=False)


def test_ruff_finds_nothing() -> None:
    _run("ruff", "check", ".")


def test_every_file_is_formatted() -> None:
    _run("ruff", "format", "--check", ".")


@pytest.mark.slow
def test_mypy_finds_nothing_in_strict_mode() -> None:
    _run("mypy")


def _import_contracts(folder: Path) -> subprocess.CompletedProcess[str]:
    program = "import sys; from importlinter.cli import lint_imports_command as run; run()"
    return subprocess.run(
        [sys.executable, "-c", program, "--config", str(ROOT / "pyproject.toml"), "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )


def test_imports_point_downwards_only() -> None:
    done = _import_contracts(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("errors.py", "import annotator.resources", "Imports point downwards only"),
        ("store/__init__.py", "import annotator.project", "Imports point downwards only"),
        ("store/__init__.py", "import annotator.formats", "Imports point downwards only"),
        ("cli.py", "import annotator.gui", "Imports point downwards only"),
        ("cli.py", "import annotator.store", "Only project and recovery open the store"),
        ("cli.py", "import PySide6.QtCore", "PySide6 is known in gui only"),
        ("project.py", "import sqlalchemy", "SQL is known in store only"),
        ("notes.py", "", "Imports point downwards only"),
    ],
)
def test_an_import_that_points_up_is_refused(
    tmp_path: Path, module: str, line: str, contract: str
) -> None:
    rooms = ("cli", "project", "errors", "resources", "environment", "system_packages", "__main__")
    for name in rooms:
        file = tmp_path / "annotator" / f"{name}.py"
        file.parent.mkdir(exist_ok=True)
        file.touch()
    for name in (".", "gui", "store", "formats"):
        file = tmp_path / "annotator" / name / "__init__.py"
        file.parent.mkdir(exist_ok=True)
        file.touch()
    before = _import_contracts(tmp_path)
    assert before.returncode == 0, before.stdout + before.stderr
    (tmp_path / "annotator" / module).write_text(f"{line}\n", encoding="utf-8")
    done = _import_contracts(tmp_path)
    assert done.returncode != 0
    assert f"{contract}" in done.stdout
    assert "BROKEN" in done.stdout or "Could not" in done.stdout


def test_the_top_of_the_checkout_holds_what_the_layout_names_and_nothing_else() -> None:
    done = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )  # fmt: skip
    top = {name.split("/")[0] for name in done.stdout.splitlines()}
    assert {name for name in top if not name.startswith(".")} == {
        "CHANGELOG.md",
        "LICENSE",
        "README.md",
        "annotator",
        "pyproject.toml",
        "resources",
        "tests",
    }
