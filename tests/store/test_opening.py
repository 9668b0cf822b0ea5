"""What lies at a location is recognised before it is written; one program writes at a time."""

import contextlib
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from annotator.errors import StorageError, UserError
from annotator.project import NewerProject, NotAProject, OlderProject, Project, ProjectInUse
from tests.store.making import SCHEME, add, article, layer, lose_machine, span


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "wire texts.annotator"
    with Project.create(path, SCHEME, author="ada") as made:
        made.perform(add(article(), layer(), action="import"))
    return path


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_project_opens_as_it_was_closed(store_url: str, begun: Project) -> None:
    begun.perform(add(span()))
    before = begun.annotated("a1")
    begun.close()
    with Project.open(store_url, author="bob") as again:
        assert again.annotated("a1") == before
        assert again.scheme == SCHEME
        assert again.authors() == ["ada"]


def test_the_title_is_given_or_the_name_of_the_file(path: Path, tmp_path: Path) -> None:
    with Project.open(path, author="ada") as project:
        assert project.title == "wire texts"
    with Project.create(tmp_path / "x.annotator", SCHEME, title="Wärme") as project:
        assert project.title == "Wärme"


def test_a_place_that_is_taken_is_not_overwritten(store_url: str, begun: Project) -> None:
    with pytest.raises(UserError, match="already"):
        Project.create(store_url, SCHEME)
    assert begun.count() == 1


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="no such file"):
        Project.create(tmp_path / "nowhere" / "p.annotator", SCHEME)
    with pytest.raises(UserError, match="no such file"):
        Project.open(tmp_path / "nothing.annotator", author="ada")


def test_a_project_that_could_not_be_made_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(connection: object) -> None:
        raise StorageError("The disk is full.")

    monkeypatch.setattr("annotator.store.schema.create_tables", fail)
    with pytest.raises(StorageError):
        Project.create(tmp_path / "p.annotator", SCHEME)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b"Just a text. " * 100, "is not an Annotator project"),
        (b"SQLite format 3\x00" + b"\x00" * 2000, "is not an Annotator project"),
    ],
)
def test_foreign_files_are_refused_untouched(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "p.annotator"
    path.write_bytes(content)
    with pytest.raises(NotAProject, match=why):
        Project.open(path, author="ada")
    assert path.read_bytes() == content


def test_a_folder_is_no_project(tmp_path: Path) -> None:
    with pytest.raises(NotAProject, match="is a folder"):
        Project.open(tmp_path, author="ada")


@pytest.mark.hostile(20)
def test_a_database_of_another_program_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "p.annotator"
    other = sqlite3.connect(path)
    other.execute("PRAGMA journal_mode = WAL")
    other.execute("CREATE TABLE project (id)")
    other.commit()
    other.close()
    before = digest(path)
    with pytest.raises(NotAProject, match="another program"):
        Project.open(path, author="ada")
    assert digest(path) == before


def test_a_database_without_a_project_is_named(postgres_url: str) -> None:
    with pytest.raises(NotAProject, match="no Annotator project"):
        Project.open(postgres_url, author="ada")


def test_other_peoples_tables_on_a_server_are_left_alone(postgres_url: str) -> None:
    import psycopg

    address = postgres_url.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(address) as other:
        other.execute("CREATE TABLE project (x int)")
        other.execute("INSERT INTO project VALUES (7)")
    with Project.create(postgres_url, SCHEME, author="ada") as project:
        project.perform(add(article()))
    with psycopg.connect(address) as other:
        assert other.execute("SELECT x FROM public.project").fetchall() == [(7,)]


def test_a_password_is_not_shown(postgres_url: str) -> None:
    with_password = postgres_url.replace("postgres@", "postgres:secret@")
    with Project.create(with_password, SCHEME, author="ada") as project:
        assert "secret" not in project.location
        reader = project.reader()
        assert reader.count() == 0
        reader.close()


@pytest.mark.parametrize(
    ("version", "min_reader", "error"), [(99, 99, NewerProject), (0, 0, OlderProject)]
)
@pytest.mark.fault(33)
@pytest.mark.hostile(20)
def test_another_version_is_refused_untouched(
    path: Path, version: int, min_reader: int, error: type[UserError]
) -> None:
    _set_version(path, version, min_reader)
    before = digest(path)
    for read_only in (False, True):
        with pytest.raises(error):
            Project.open(path, author="ada", read_only=read_only)
    assert digest(path) == before


def _set_version(path: Path, version: int, min_reader: int) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
        connection.execute("UPDATE project SET min_reader = ?", (min_reader,))
    connection.close()


@pytest.mark.fault(33)
def test_a_newer_project_is_read_where_it_allows_that(path: Path) -> None:
    _set_version(path, 99, 1)
    with pytest.raises(NewerProject):
        Project.open(path, author="ada")
    with Project.open(path, author="ada", read_only=True) as project:
        assert project.count() == 1
        with pytest.raises(StorageError, match="reading only"):
            project.perform(add(span()))


@pytest.mark.parametrize(
    "part",
    [
        "CREATE TRIGGER t AFTER INSERT ON spans BEGIN DELETE FROM spans; END",
        "CREATE VIEW v AS SELECT 1",
        "CREATE TABLE sideline (x)",
        "DROP TABLE comments; CREATE VIEW comments AS SELECT * FROM verdicts",
        "CREATE INDEX i ON spans (abs(start))",
        "CREATE INDEX i ON spans (label) WHERE length(label) > 3",
        "CREATE VIRTUAL TABLE fulltext_evil USING fts5(x)",
        "ALTER TABLE spans ADD COLUMN evil TEXT GENERATED ALWAYS AS (upper(label)) VIRTUAL",
        "ALTER TABLE spans ADD COLUMN evil TEXT AS (upper(label))",
        "ALTER TABLE spans ADD COLUMN evil TEXT REFERENCES layers (id) ON DELETE/**/CASCADE",
        "DROP TABLE leases; CREATE TABLE leases (token TEXT PRIMARY KEY ON CONFLICT IGNORE)",
    ],
)
@pytest.mark.hostile(18)
def test_a_file_with_foreign_parts_is_only_read(path: Path, part: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.executescript(part)
    connection.close()
    with pytest.raises(StorageError, match="no project has"):
        Project.open(path, author="ada")
    before = digest(path)
    with Project.open(path, author="ada", read_only=True) as project:
        assert project.count() == 1
        assert "foreign-part" in {item.code for item in project.check()}
    assert digest(path) == before


def test_reading_leaves_the_file_as_it_is(path: Path) -> None:
    before = digest(path)
    with Project.open(path, author="ada", read_only=True) as project:
        project.summaries()
        project.check()
        project.search("harbour")
    assert digest(path) == before


def test_a_link_to_a_project_opens_it(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.annotator"
    link.symlink_to(path)
    with Project.open(link, author="ada") as project:
        project.perform(add(span()))
    assert link.is_symlink()
    with Project.open(path, author="ada") as project:
        assert set(project.annotated("a1").spans) == {"s1"}


# One program writes at a time

HOLD = """
import sys
from annotator.project import Project
project = Project.open(sys.argv[1], author="bob")
print("open", flush=True)
sys.stdin.readline()
"""


def hold(path: Path) -> subprocess.Popen[str]:
    """Start another program that has the project open for writing."""
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "open\n"
    return child


@pytest.mark.fault(24, 25)
def test_a_second_program_is_told_who_writes_and_may_read(path: Path) -> None:
    with hold(path) as child:
        with pytest.raises(ProjectInUse, match=rf"by bob on .* \(process {child.pid}\)"):
            Project.open(path, author="ada")
        with Project.open(path, author="ada", read_only=True) as reading:
            assert reading.count() == 1
        child.kill()
        child.communicate()
    with Project.open(path, author="ada") as project:
        project.perform(add(span()))


@pytest.mark.fault(27)
def test_a_copy_made_while_the_project_is_open_is_whole_and_free(path: Path) -> None:
    copy = path.with_name("copy.annotator")
    with hold(path) as child:
        shutil.copy(path, copy)
        with Project.open(copy, author="ada") as project:
            project.perform(add(span()))
            assert project.check() == []
            assert list(project.annotated("a1").spans) == [span().id]
        child.kill()
        child.communicate()


@pytest.mark.fault(25)
def test_the_right_to_write_can_be_taken_from_a_lost_machine(path: Path) -> None:
    Project.open(path, author="bob").close()
    lose_machine(path)
    with pytest.raises(ProjectInUse, match="on elsewhere since 2026-01-01"):
        Project.open(path, author="ada")
    with Project.open(path, author="ada", take_over=True) as project:
        project.perform(add(span()))


def test_closing_gives_the_right_to_write_back(path: Path) -> None:
    with hold(path) as child:
        child.communicate("\n")
        assert child.returncode == 0
    # The child did not close it; its lease went stale with it.
    with Project.open(path, author="ada") as project:
        with project._store.reading() as connection:
            held = connection.exec_driver_sql("SELECT pid FROM leases").scalars().all()
        assert held == [os.getpid()]
    with sqlite3.connect(path) as bare:
        assert bare.execute("SELECT count(*) FROM leases").fetchone() == (0,)
    bare.close()


# What the world does to an open file


@pytest.mark.fault(26)
def test_a_file_replaced_while_open_is_not_written(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copy(path, other)
    with Project.open(path, author="ada") as project:
        other.replace(path)
        before = digest(path)
        with pytest.raises(StorageError, match="Another file was put in the place"):
            project.perform(add(span()))
    assert digest(path) == before


@pytest.mark.fault(26)
def test_a_file_moved_away_while_open_is_noticed(path: Path) -> None:
    with Project.open(path, author="ada") as project:
        path.rename(path.with_name("elsewhere.annotator"))
        with pytest.raises(StorageError, match="no longer there"):
            project.perform(add(span()))
        path.with_name("elsewhere.annotator").rename(path)
        project.perform(add(span()))


@pytest.mark.fault(29)
def test_a_file_locked_by_another_program_is_told_and_works_again_later(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.store.engines.BUSY_SECONDS", 0.05)
    with Project.open(path, author="ada") as project:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        mark = add(span())
        with pytest.raises(StorageError, match="another program is using it"):
            project.perform(mark)
        other.execute("ROLLBACK")
        other.close()
        project.perform(mark)
        assert set(project.annotated("a1").spans) == {"s1"}


@pytest.mark.fault(11)
def test_a_full_disk_is_told_and_nothing_of_the_edit_is_saved(path: Path) -> None:
    with Project.open(path, author="ada") as project:
        assert project._store.writer is not None
        with project._store.writer.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        many = add(*(span(f"s{n}", (0, 10)) for n in range(500)))
        with pytest.raises(StorageError, match="the disk is full"):
            project.perform(many)
        assert project.annotated("a1").spans == {}
        with project._store.writer.connect() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
        project.perform(many)
        assert project.check() == []


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="needs another account to be")
@pytest.mark.parametrize("what", ["file", "folder"])
@pytest.mark.fault(18, 20)
def test_what_may_not_be_written_opens_for_reading(what: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "p.annotator"
        Project.create(path, SCHEME, author="ada").close()
        folder.chmod(0o755 if what == "folder" else 0o777)
        path.chmod(0o666 if what == "folder" else 0o444)
        script = (
            "import os, sys; from annotator.project import Project; os.setuid(65534);"
            "p = Project.open(sys.argv[1], author=''); print(p.read_only, p.count()); p.close()"
        )
        said = subprocess.run(
            [sys.executable, "-c", script, str(path)],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
        assert said.stdout == "True 0\n"


@pytest.mark.fault(30)
@pytest.mark.hostile(19)
def test_damaged_bytes_are_told_and_never_crash(path: Path) -> None:
    import random

    whole = path.read_bytes()
    chance = random.Random(7)
    read = 0
    for _ in range(60):
        broken = bytearray(whole)
        for _ in range(chance.randint(1, 30)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        path.write_bytes(broken)
        # Whatever else is raised fails the test.
        with (
            contextlib.suppress(UserError),
            Project.open(path, author="ada", read_only=True) as project,
        ):
            project.check()
            project.annotated("a1")
            read += 1
    assert 0 < read < 60, "some of the damage is told, some does no harm"


@pytest.mark.fault(30)
def test_a_cut_file_is_told(path: Path) -> None:
    whole = path.read_bytes()
    for length in (17, 100, 4096, len(whole) // 2):
        path.write_bytes(whole[:length])
        assert _complaints(path)


def _complaints(path: Path) -> list[str]:
    try:
        with Project.open(path, author="ada", read_only=True) as project:
            return [item.message for item in project.check()]
    except UserError as error:
        return [str(error)]


@pytest.mark.fault(23)
def test_two_windows_of_one_program_may_share_a_project(path: Path) -> None:
    with Project.open(path, author="ada") as one, Project.open(path, author="bob") as two:
        one.perform(add(span("s1")))
        two.perform(add(span("s2", (11, 15))))
        assert set(one.annotated("a1").spans) == {"s1", "s2"}


def test_another_thread_reads_while_one_writes(store_url: str, begun: Project) -> None:
    import threading

    reader = begun.reader()
    counted: list[int] = []

    def read() -> None:
        counted.extend(len(reader.annotated("a1").spans) for _ in range(40))

    thread = threading.Thread(target=read)
    thread.start()
    for number in range(40):
        begun.perform(add(span(f"s{number}", (number, number + 1))))
    thread.join()
    assert counted == sorted(counted)
    assert len(reader.annotated("a1").spans) == 40
    with pytest.raises(StorageError, match="reading only"):
        reader.perform(add(span()))
    reader.close()
