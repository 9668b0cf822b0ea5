"""What makes any test fail, whatever it looks at: things left behind, and warnings."""

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy

ROOT = Path(__file__).resolve().parents[1]

_BEGINNING = """
import threading, warnings, pathlib, os
from PySide6.QtCore import QLibraryInfo, QObject, QThread, qWarning
from PySide6.QtWidgets import QDialog, QMainWindow, QWidget
kept = []

def test_it(qapp, qtbot, tmp_path):
"""


def _run_test(folder: Path, body: str) -> str:
    file = folder / "test_it.py"
    file.write_text(_BEGINNING + "".join(f"    {line}\n" for line in body.splitlines()), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "-p", "tests.conftest",
         "-p", "no:cacheprovider", "--rootdir", str(folder), str(file)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("kept.append(QWidget()); kept[0].show()", "left behind: window <PySide6.QtWidgets.QW"),
        ("kept.append(QMainWindow())", "left behind: window <PySide6.QtWidgets.QMainWindow"),
        ("threading.Thread(target=threading.Event().wait, daemon=True).start()",
         "left behind: thread Thread-"),
        ("warnings.warn('an old way')", "UserWarning: an old way"),
        ("qWarning('a slot that is not there')", "a slot that is not there"),
        ("open(tmp_path / 'x', 'w')", "ResourceWarning"),
    ],
)  # fmt: skip
def test_what_a_test_leaves_behind_or_is_warned_of_fails_it(
    tmp_path: Path, body: str, told: str
) -> None:
    said = _run_test(tmp_path, body)
    assert told in said
    assert "1 failed" in said or "1 error" in said


@pytest.mark.parametrize(
    "body",
    [
        "qtbot.addWidget(QWidget()); QWidget().show()",
        "window = QMainWindow(); window.show(); window.close(); window.deleteLater()",
        "thread = threading.Thread(target=print); thread.start()",
        "assert pathlib.Path.home().parent.name.startswith('pytest-')",
        "assert os.environ['ANNOTATOR_HOME'].startswith(str(pathlib.Path.home()))",
    ],
)
def test_a_test_that_tidies_up_and_has_its_own_home_passes(tmp_path: Path, body: str) -> None:
    assert "1 passed" in _run_test(tmp_path, body)


def test_a_store_may_live_in_a_file_or_on_a_real_server(store_url: str) -> None:
    if "://" not in store_url:
        assert store_url.endswith(".annotator")
        assert not Path(store_url).exists()
        return
    engine = sqlalchemy.create_engine(store_url)
    with engine.connect() as connection:
        version = connection.execute(sqlalchemy.text("SELECT version()")).scalar_one()
    engine.dispose()
    assert version.startswith("PostgreSQL ")


@pytest.mark.parametrize("attempt", [1, 2])
def test_each_test_has_an_empty_database(postgres_url: str, attempt: int) -> None:
    engine = sqlalchemy.create_engine(postgres_url)
    assert not sqlalchemy.inspect(engine).get_table_names()
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text(f"CREATE TABLE attempt{attempt} (n integer)"))
    engine.dispose()
