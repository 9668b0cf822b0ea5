"""Going back to a backup, and what can be saved of a damaged project."""

import hashlib
import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator import recovery, samples
from annotator.errors import UserError
from annotator.project import Project, ProjectInUse
from tests.store.making import SCHEME, add, article, layer, span

STRUCTURE = {"damaged", "unreadable", "revision", "counts", "scheme", "index", "history-empty"}
"""What is wrong with the file, by its code, and not with a record in it."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "wire.annotator"
    with Project.create(path, SCHEME, author="ada") as made:
        made.perform(add(article(), layer(), action="import"))
        made.perform(add(span("s1")))
    return path


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    path = tmp_path / "sample.annotator"
    with samples.create(path, title="Harbour news") as made:
        assert made.count() == 3
    return path


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def back_up(path: Path) -> Path:
    with Project.open(path, author="ada") as project:
        return project.backup()


def work_on(path: Path, span_id: str, at: tuple[int, int]) -> None:
    with Project.open(path, author="ada") as project:
        project.perform(add(span(span_id, at)))


def spans_in(path: Path) -> set[str]:
    with Project.open(path, author="ada", read_only=True) as project:
        return set(project.annotated("a1").spans)


# -- going back ----------------------------------------------------------------------------------


def test_what_a_backup_lacks_is_told_before(path: Path) -> None:
    kept = back_up(path)
    work_on(path, "s2", (11, 15))
    work_on(path, "s3", (1, 2))
    told = recovery.difference(path, kept)
    assert told.present is not None
    assert (told.present.counts["spans"], told.backup.counts["spans"]) == (3, 1)
    assert (told.later_count, len(told.later), told.forked) == (2, 2, False)
    assert [saved.edit.author for saved in told.later] == ["ada", "ada"]


def test_a_backup_that_went_on_by_itself_is_told(path: Path) -> None:
    kept = back_up(path)
    work_on(kept, "s4", (1, 2))
    assert recovery.difference(path, kept).forked


def test_a_backup_takes_the_place_of_the_project_which_is_kept(path: Path) -> None:
    kept = back_up(path)
    work_on(path, "s2", (11, 15))
    aside = recovery.restore(path, kept)
    assert spans_in(path) == {"s1"}
    assert aside is not None
    assert aside.parent == path.parent
    assert spans_in(aside) == {"s1", "s2"}
    work_on(path, "s5", (1, 2))
    assert spans_in(path) == {"s1", "s5"}
    assert recovery.restore(path, aside) is not None
    assert spans_in(path) == {"s1", "s2"}


def test_a_project_that_was_deleted_comes_back(path: Path) -> None:
    kept = back_up(path)
    path.unlink()
    assert recovery.backups_of(path) == [kept]
    assert recovery.restore(path, kept) is None
    assert spans_in(path) == {"s1"}


@pytest.mark.fault(28)
def test_the_journal_of_a_broken_project_does_not_change_what_takes_its_place(path: Path) -> None:
    kept = back_up(path)
    whole = digest(kept)
    path.write_bytes(b"SQLite format 3\x00" + bytes(5000))
    journal = path.with_name(f"{path.name}-journal")
    journal.write_bytes(bytes.fromhex("d9d505f920a163d7") + bytes(6000))
    assert recovery.restore(path, kept) is not None
    assert not journal.exists()
    assert spans_in(path) == {"s1"}
    assert digest(kept) == whole


def test_a_project_somebody_works_in_is_not_replaced(path: Path) -> None:
    kept = back_up(path)
    before = digest(path)
    with sqlite3.connect(path) as connection:
        connection.execute(
            "INSERT INTO leases VALUES ('t', 'elsewhere', 1, '2026-01-01', 'bob',"
            " strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now'), ?)",
            (f"{path.stat().st_dev}:{path.stat().st_ino}",),
        )
    connection.close()
    changed = digest(path)
    assert changed != before
    with pytest.raises(ProjectInUse, match="bob"):
        recovery.restore(path, kept)
    assert digest(path) == changed


def test_a_damaged_backup_is_refused_with_the_project_as_it_was(path: Path) -> None:
    kept = back_up(path)
    before = digest(path)
    raw = bytearray(kept.read_bytes())
    raw[8192:8400] = bytes(208)
    kept.write_bytes(raw)
    with pytest.raises(UserError):
        recovery.restore(path, kept)
    assert digest(path) == before
    assert [item.name for item in path.parent.iterdir()] == [path.name]


def test_a_project_on_a_server_is_not_replaced(path: Path) -> None:
    with pytest.raises(UserError, match="on a server"):
        recovery.restore("postgresql://x@localhost/y", back_up(path))


def test_a_backup_is_due_after_something_was_saved(path: Path) -> None:
    with Project.open(path, author="ada") as project:
        first = recovery.back_up_if_due(project)
        assert first is not None
        assert recovery.back_up_if_due(project) is None
        project.perform(add(span("s2", (11, 15))))
        assert recovery.back_up_if_due(project) is not None
        first.write_bytes(b"")
        assert recovery.back_up_if_due(project) is None
        for kept in project.backups():
            kept.write_bytes(b"")
        assert recovery.back_up_if_due(project) is not None


# -- what can be saved ---------------------------------------------------------------------------


def test_a_sound_project_comes_out_whole(sample: Path, tmp_path: Path) -> None:
    out = recovery.salvage(sample, tmp_path / "out.annotator")
    assert (out.gaps, out.dropped, out.history) == ({}, 0, True)
    with (
        Project.open(sample, author="annotator-1", read_only=True) as old,
        Project.open(out.target, author="annotator-1") as new,
    ):
        assert [new.annotated(i) for i in new.article_ids()] == [
            old.annotated(i) for i in old.article_ids()
        ]
        assert (new.id, new.title, new.scheme) == (old.id, old.title, old.scheme)
        assert new.history() == old.history()
        assert new.check() == []
        assert new.search("ferry")


def pages_of(path: Path, table: str) -> Iterator[int]:
    """Yield the numbers of the leaf pages of a table."""
    connection = sqlite3.connect(path)
    try:
        yield from (
            row[0] - 1
            for row in connection.execute(
                "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf'", (table,)
            )
        )
    except sqlite3.OperationalError:
        pytest.skip("this SQLite does not tell where its tables lie")
    finally:
        connection.close()


@pytest.mark.parametrize("table", ["spans", "relations", "layers", "entities", "changes"])
@pytest.mark.fault(30)
def test_one_broken_page_costs_what_was_in_it(sample: Path, tmp_path: Path, table: str) -> None:
    pages = list(pages_of(sample, table))
    raw = bytearray(sample.read_bytes())
    size = int.from_bytes(raw[16:18])
    at = pages[len(pages) // 2] * size
    raw[at : at + size] = b"\xff" * size
    sample.write_bytes(raw)
    before = digest(sample)
    out = recovery.salvage(sample, tmp_path / "out.annotator")
    assert digest(sample) == before
    assert table in out.gaps
    assert out.history == (table != "changes")
    with Project.open(out.target, author="annotator-1") as new:
        assert new.count() == 3
        assert [item for item in new.check() if item.severity == "error"] == []
        if len(pages) > 2:
            assert new.stats().spans > 200
        new.perform(add(article("new"), layer("newer", article_id="new")))


@pytest.mark.fault(30)
def test_whatever_bytes_are_broken_salvage_gives_a_sound_project_or_says_why(
    sample: Path, tmp_path: Path
) -> None:
    whole = sample.read_bytes()
    chance = random.Random(16)
    saved = 0
    for number in range(25):
        raw = bytearray(whole)
        for _ in range(chance.randint(1, 20)):
            raw[chance.randrange(100, len(raw))] = chance.randrange(256)
        sample.write_bytes(raw)
        target = tmp_path / f"out {number}.annotator"
        try:
            recovery.salvage(sample, target)
        except UserError:
            assert not target.exists()
            continue
        with Project.open(target, author="ada", read_only=True) as new:
            # A letter that became another stays: it is told by the check, and can be read.
            wrong = {item.code for item in new.check() if item.severity == "error"}
            assert not wrong & STRUCTURE
            for article_id in new.article_ids():
                assert new.annotated(article_id).article.text
            saved += 1
    assert saved > 10


@pytest.mark.fault(30)
@pytest.mark.parametrize("table", ["articles", "layers", "spans", "relations", "entities"])
def test_what_a_table_lost_comes_from_the_history(sample: Path, tmp_path: Path, table: str) -> None:
    def content(path: Path) -> list[object]:
        with Project.open(path, author="ada", read_only=True) as project:
            return [project.annotated(id_) for id_ in sorted(project.article_ids())]

    whole = content(sample)
    for page in pages_of(sample, table):
        raw = bytearray(sample.read_bytes())
        raw[page * 4096 : (page + 1) * 4096] = b"\xff" * 4096
        sample.write_bytes(raw)
        break
    out = recovery.salvage(sample, tmp_path / "out.annotator")
    assert out.recalled > 0
    assert content(out.target) == whole
    with Project.open(out.target, author="ada") as project:
        assert [item for item in project.check() if item.severity == "error"] == []


@pytest.mark.fault(30)
def test_a_row_that_names_what_is_not_there_does_not_keep_the_rest(
    sample: Path, tmp_path: Path
) -> None:
    with sqlite3.connect(sample) as connection:
        connection.execute(
            "UPDATE relations SET article_id = 'another'"
            " WHERE rowid IN (SELECT min(rowid) FROM relations)"
        )
    connection.close()
    out = recovery.salvage(sample, tmp_path / "out.annotator")
    assert out.dropped == 1
    with Project.open(out.target, author="ada") as new:
        assert new.count() == 3
        assert [item for item in new.check() if item.severity == "error"] == []


@pytest.mark.parametrize("content", [b"", b"no database at all", b"SQLite format 3\x00" * 300])
def test_where_nothing_can_be_read_nothing_is_made(tmp_path: Path, content: bytes) -> None:
    path, target = tmp_path / "x.annotator", tmp_path / "out.annotator"
    path.write_bytes(content)
    with pytest.raises(UserError, match="Nothing of a project"):
        recovery.salvage(path, target)
    assert [item.name for item in tmp_path.iterdir()] == [path.name]


def test_damage_is_told_from_other_trouble(sample: Path) -> None:
    raw = bytearray(sample.read_bytes())
    for page in pages_of(sample, "layers"):
        raw[page * 4096 : (page + 1) * 4096] = b"\xff" * 4096
    sample.write_bytes(raw)
    with (
        Project.open(sample, author="ada", read_only=True) as project,
        pytest.raises(recovery.Damaged, match="Make a copy of it, then go back to a backup"),
    ):
        project.annotated("harbour-1-quay")
