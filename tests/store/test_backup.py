"""Backups are whole, verified project files; those before them stay until they are."""

import os
from pathlib import Path

import pytest

from annotator.errors import StorageError, UserError
from annotator.project import Project
from annotator.store import backup
from tests.store.making import add, comment, entity, relation, span


@pytest.fixture
def worked_on(begun: Project) -> Project:
    begun.perform(add(entity(), span("s1", entity_id="e1", note="\x00\ud800 ß"),
                      span("s2", (16, 38), label="Claim"), comment("c", "s2", resolved=True),
                      relation("r", "attributed_to", "s2", "s1")))  # fmt: skip
    begun.perform(add(span("s3", (1, 2))))
    begun.undo()
    begun.save_draft(add(span("s9")), "no reason")
    return begun


def test_a_backup_is_a_project_file_with_everything(worked_on: Project, tmp_path: Path) -> None:
    path = worked_on.backup(tmp_path / "kept" / "copy.annotator")
    with Project.open(path, author="ada") as copy:
        assert copy.annotated("a1") == worked_on.annotated("a1")
        assert copy.stats() == worked_on.stats()
        assert copy.edits_since(0) == worked_on.edits_since(0)
        assert copy.drafts() == worked_on.drafts()
        assert (copy.id, copy.title, copy.scheme) == (
            worked_on.id, worked_on.title, worked_on.scheme)  # fmt: skip
        assert [hit.article_id for hit in copy.search("harbour")] == ["a1"]
        assert copy.check() == []
        copy.redo()
        copy.undo()
        copy.undo()
        assert copy.annotated("a1").spans == {}


def test_backups_lie_in_their_own_folder_newest_first(worked_on: Project) -> None:
    first = worked_on.backup()
    worked_on.perform(add(span("s4", (3, 4))))
    second = worked_on.backup()
    assert worked_on.backups() == [second, first]
    assert first.parent.name == worked_on.id
    assert [p.name for p in first.parent.iterdir() if p.suffix != ".annotator"] == [backup.ORIGIN]


def test_old_backups_go_but_one_of_each_day_stays(worked_on: Project) -> None:
    folder = worked_on.backup().parent
    for day in range(1, 21):
        for hour in (1, 2):
            (folder / f"x 2020-01-{day:02}T{hour:02}0000-000.annotator").write_bytes(b"old")
    worked_on.backup()
    days = [path.stem[-21:-11] for path in worked_on.backups()][2:]
    assert len(days) == len(set(days)) + 1
    assert set(days) >= {f"2020-01-{day:02}" for day in range(9, 21)}
    assert len(worked_on.backups()) <= backup.NEWEST_KEPT + backup.DAYS_KEPT


@pytest.mark.fault(13)
def test_a_backup_that_cannot_be_written_leaves_the_earlier_ones(
    worked_on: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    target = worked_on.backup(tmp_path / "copy.annotator")
    before = target.read_bytes()

    def fail(temporary: Path, counts: object = None) -> None:
        raise StorageError("The copy is damaged.")

    monkeypatch.setattr(backup, "verify", fail)
    with pytest.raises(StorageError):
        worked_on.backup(target)
    assert target.read_bytes() == before
    assert [p.name for p in tmp_path.glob(".*")] == []


@pytest.mark.fault(13)
def test_a_disk_without_room_for_the_backup_is_told(worked_on: Project, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    with pytest.raises(StorageError, match="cannot be written"):
        worked_on.backup(blocked / "copy.annotator")


def test_a_copy_that_lacks_rows_does_not_count(worked_on: Project, tmp_path: Path) -> None:
    path = worked_on.backup(tmp_path / "copy.annotator")
    with pytest.raises(StorageError, match="not complete"):
        backup.verify(path, {"articles": 2})


def test_the_project_itself_and_folders_are_no_target(worked_on: Project, tmp_path: Path) -> None:
    if worked_on._store.path is not None:
        with pytest.raises(UserError, match="the project itself"):
            worked_on.backup(worked_on._store.path)
    with pytest.raises(UserError, match="not a file"):
        worked_on.backup(tmp_path)


def test_a_project_id_with_a_path_in_it_stays_in_the_backup_folder(worked_on: Project) -> None:
    with worked_on._store.writing() as connection:
        connection.exec_driver_sql("UPDATE project SET id = '../../../tmp/evil'")
    path = worked_on.backup()
    assert path.parent.parent.name == "backups"


@pytest.mark.fault(5)
def test_what_a_killed_backup_left_is_cleared(worked_on: Project, tmp_path: Path) -> None:
    left = tmp_path / ".copy.annotator.123456.part"
    left.write_bytes(b"half")
    worked_on.backup(tmp_path / "copy.annotator")
    assert not left.exists()
    folder = worked_on.backup().parent
    old, young = folder / ".old.annotator.1.part", folder / ".young.annotator.2.part"
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    worked_on.backup()
    assert not old.exists()
    assert young.exists()
