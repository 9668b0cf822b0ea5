"""An older project becomes one of this version after a backup, or stays what it was."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from annotator.errors import StorageError
from annotator.project import NewerProject, Project, upgrade
from annotator.store import upgrade as upgrading
from tests.store.making import SCHEME, add, entity, relation, span

HERE = Path(__file__).parent
SECOND = upgrading.Target(2, "0002", (upgrading.MIGRATIONS / "versions", HERE / "migrations"))
LOSING = upgrading.Target(
    2, "0002", (upgrading.MIGRATIONS / "versions", HERE / "losing_migrations")
)


@pytest.fixture
def old(store_url: str, begun: Project) -> str:
    """Return where a closed project of version 1 lies."""
    begun.perform(add(entity(), span("s1", entity_id="e1"), span("s2", (16, 38), label="Claim"),
                      relation("r", "attributed_to", "s2", "s1")))  # fmt: skip
    begun.close()
    return store_url


def test_a_project_of_this_version_needs_nothing(old: str) -> None:
    done = upgrade(old)
    assert (done.before, done.after, done.backup) == (1, 1, None)


@pytest.mark.fault(34)
def test_an_older_project_is_backed_up_and_keeps_everything(old: str) -> None:
    with Project.open(old, author="ada") as before:
        annotated, stats, edits = before.annotated("a1"), before.stats(), before.edits_since(0)
    done = upgrading.upgrade(old, SECOND)
    assert (done.before, done.after) == (1, 2)
    assert done.backup is not None
    with Project.open(done.backup, author="ada") as kept:
        assert (kept.annotated("a1"), kept.stats()) == (annotated, stats)
    with pytest.raises(NewerProject):
        Project.open(old, author="ada")
    with Project.open(old, author="ada", read_only=True) as after:
        assert after.annotated("a1") == annotated
        assert after.stats() == stats
        assert after.edits_since(0) == edits
        assert [hit.article_id for hit in after.search("harbour")] == ["a1"]
        with after._store.reading() as connection:
            asked = "SELECT mood, weight FROM articles, spans"
            assert connection.exec_driver_sql(asked).first() == ("calm", 7)
            broken = (
                after._store.path and connection.exec_driver_sql("PRAGMA foreign_key_check").first()
            )
            assert not broken


def test_a_step_that_loses_rows_is_not_done(old: str) -> None:
    with pytest.raises(StorageError, match="would lose rows of relations"):
        upgrading.upgrade(old, LOSING)
    with Project.open(old, author="ada") as project:
        assert set(project.annotated("a1").relations) == {"r"}


@pytest.mark.fault(33)
def test_a_newer_project_is_not_downgraded(tmp_path: Path) -> None:
    path = tmp_path / "p.annotator"
    Project.create(path, SCHEME).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 9")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(NewerProject, match="was not changed"):
        upgrade(path)
    assert path.read_bytes() == before


@pytest.mark.fault(32)
def test_an_upgrade_killed_at_a_statement_leaves_the_old_project(
    tmp_path: Path, old_file: Path
) -> None:
    check_killed(tmp_path, old_file, few=True)


@pytest.mark.faults
@pytest.mark.timeout(1800)
@pytest.mark.fault(32)
def test_an_upgrade_killed_at_any_statement_leaves_the_old_project(
    tmp_path: Path, old_file: Path
) -> None:
    check_killed(tmp_path, old_file)


def check_killed(tmp_path: Path, old_file: Path, *, few: bool = False) -> None:
    whole = _upgrade(_copied(old_file, tmp_path / "whole.annotator"), 0)
    assert whole.returncode == 0
    statements = int(whole.stdout)
    some = [statements // 2, *range(statements - 25, statements, 8), statements]
    for point in some if few else range(1, statements + 1):
        path = _copied(old_file, tmp_path / f"{point}.annotator")
        assert _upgrade(path, point).returncode == -signal.SIGKILL
        with Project.open(path, author="ada") as project:
            assert set(project.annotated("a1").spans) == {"s1", "s2"}
            assert project.check() == []
        assert _upgrade(path, 0).returncode == 0


@pytest.fixture
def old_file(tmp_path: Path) -> Path:
    from tests.store.making import article, layer

    path = tmp_path / "old.annotator"
    with Project.create(path, SCHEME, author="ada") as made:
        made.perform(add(article(), layer(), entity(), span("s1", entity_id="e1"),
                         span("s2", (16, 38), label="Claim"),
                         relation("r", "attributed_to", "s2", "s1")))  # fmt: skip
    return path


def _copied(path: Path, target: Path) -> Path:
    return Path(shutil.copy(path, target))


def _upgrade(path: Path, point: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(HERE / "upgrade_child.py"), str(path), str(point)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(HERE.parents[1])},
    )


def test_a_project_made_by_the_migrations_has_the_tables_of_a_new_one(tmp_path: Path) -> None:
    from annotator.store import engines

    def tables(path: Path) -> set[tuple[str, str]]:
        connection = sqlite3.connect(path)
        rows = connection.execute("SELECT name, sql FROM sqlite_schema").fetchall()
        connection.close()
        return set(rows)

    new, migrated = tmp_path / "new.annotator", tmp_path / "migrated.annotator"
    Project.create(new, SCHEME).close()
    migrated.touch()
    engine = engines.sqlite_engine(migrated, writing=True, references=False)
    with engine.begin() as connection:
        upgrading._run(connection, upgrading.Target())
    engine.dispose()
    assert tables(migrated) == tables(new)
