"""An import or an export that is stopped, killed or finds no room leaves everything as it was."""

from __future__ import annotations

import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from annotator import exchange, schemes
from annotator.annotated import Annotated
from annotator.cli import main
from annotator.errors import UserError
from annotator.exchange import Cancelled, Plan, Step
from annotator.formats import Writing, jsonl
from annotator.model import Article, Fragment, Layer, Span, text_hash
from annotator.project import Project
from tests.small_disk import SmallDisk

ROOT = Path(__file__).parents[1]
MANY = 200
"""Articles of a corpus that is saved in several pieces."""
pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL and limits of processes")


def corpus(path: Path, articles: int, spans: int = 20) -> Path:
    jsonl.write(each(articles, spans), path, Writing(scheme=schemes.load("blank")))
    return path


def each(articles: int, spans: int) -> Iterator[Annotated]:
    for number in range(articles):
        text = f"Report {number}: " + "the harbour council said the quay is sinking. " * spans
        home = Article(id=f"a{number:05}", title=f"{number}", text=text, sha256=text_hash(text))
        layer = Layer(id=f"l{number}", article_id=home.id, author="ada")
        item = Annotated(home, layers={layer.id: layer})
        for at in range(spans):
            start = 20 + at * 46
            place = Fragment(start, start + 7)
            item.spans[f"s{number}-{at}"] = Span(
                id=f"s{number}-{at}",
                article_id=home.id,
                layer_id=layer.id,
                label="Speaker",
                fragments=(place,),
                text=(text[place.start : place.end],),
            )
        yield item


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an empty project, a corpus, and a project that holds the corpus."""
    folder = tmp_path_factory.mktemp("faults")
    corpus(folder / "corpus.jsonl", MANY)
    for name, paths in (("empty", []), ("full", [folder / "corpus.jsonl"])):
        with Project.create(folder / f"{name}.annotator", schemes.load("news-default")) as project:
            exchange.bring_in(project, paths, exchange.Options(author="ada"))
    return folder


@pytest.fixture
def empty(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made / "empty.annotator", tmp_path / "p.annotator"))


@pytest.fixture
def full(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made / "full.annotator", tmp_path / "p.annotator"))


@contextmanager
def running(*arguments: object, limit: int | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """Run the command line in a process of its own; *limit* is the largest file it may write."""

    with started([sys.executable, "-m", "annotator", *arguments], limit=limit) as process:
        yield process


@contextmanager
def started(command: list[object], limit: int | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program as ada, with the largest file that it may write."""

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    with subprocess.Popen(
        [str(part) for part in command],
        cwd=ROOT,
        env={**os.environ, "LOGNAME": "ada"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=limited,  # noqa: PLW1509
    ) as process:
        yield process


def killed(begun: Callable[[], bool], delay: float, *arguments: object) -> bool:
    """Kill the command some seconds after it has *begun* to write; tell whether it still ran."""
    return killed_program(begun, delay, [sys.executable, "-m", "annotator", *arguments])


def killed_program(begun: Callable[[], bool], delay: float, command: list[object]) -> bool:
    """Kill a program some seconds after it has *begun* to write; tell whether it still ran."""
    with started(command) as process:
        while not begun() and not ended_within(process, 0.002):
            pass
        try:
            process.communicate(timeout=delay)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate()
    return process.returncode == -signal.SIGKILL


def ended_within(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait a little without taking the processor from the program; tell whether it has ended."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def is_whole_or_absent(project: Path) -> int:
    """Check the project, and return how many articles it has."""
    assert main(["check", str(project)]) == 0
    with Project.open(project, author="ada") as opened:
        figures = opened.stats()
        assert (figures.articles, figures.spans) in ((0, 0), (MANY, MANY * 20))
        assert opened.revision == (1 if figures.articles else 0)
    return figures.articles


def check_killed_import(made: Path, project: Path, delay: float) -> bool:
    journal = project.with_name(project.name + "-journal")
    hit = killed(journal.exists, delay, "import", project, made / "corpus.jsonl")
    is_whole_or_absent(project)
    with Project.open(project, author="ada") as opened:
        exchange.bring_in(opened, [made / "corpus.jsonl"])
    assert is_whole_or_absent(project) == MANY
    return hit


def check_killed_export(made: Path, project: Path, delay: float) -> bool:
    target = project.with_name("o.jsonl")
    target.write_bytes(b"old\n")
    folder = project.parent
    hit = killed(lambda: any(folder.glob(".o.jsonl.*")), delay, "export", project, target)
    new = whole_export(made)
    assert target.read_bytes() in (b"old\n", new)
    assert hit or target.read_bytes() == new
    assert is_whole_or_absent(project) == MANY
    check_next_export(made, project)
    return hit


def whole_export(made: Path) -> bytes:
    """Return what an export of the full project writes."""
    return (made / "corpus.jsonl").read_bytes().replace(b'"blank/1"', b'"news-default/1"')


def check_next_export(made: Path, project: Path) -> None:
    """Export once more: the file is whole, and nothing of killed exports lies about."""
    target = project.with_name("o.jsonl")
    with Project.open(project, author="ada") as opened:
        exchange.take_out(opened, target, Plan(card=False))
    assert target.read_bytes() == whole_export(made)
    left = {path.name for path in project.parent.iterdir()}
    assert left <= {"o.jsonl", "o.jsonl.card.md", project.name}


def check_killed_undo(project: Path, delay: float) -> bool:
    """Kill the undo of the whole import, and the redo after it."""
    journal, hit = project.with_name(project.name + "-journal"), False
    for step, then in (("undo", 0), ("redo", MANY)):
        hit |= killed_program(journal.exists, delay, [sys.executable, "-c", _STEP, project, step])
        assert main(["check", str(project)]) == 0
        with Project.open(project, author="ada") as opened:
            assert opened.stats().spans in (0, MANY * 20)
            if opened.count() != then:
                getattr(opened, step)()
            assert opened.count() == then
            assert opened.check() == []
    return hit


_STEP = """
import sys
from annotator.project import Project
with Project.open(sys.argv[1], author="ada") as project:
    getattr(project, sys.argv[2])()
"""


@pytest.mark.parametrize("delay", [0.0, 0.1, 0.3])
@pytest.mark.fault(35)
def test_a_killed_import_is_whole_or_absent_and_can_be_made_again(
    made: Path, empty: Path, delay: float
) -> None:
    assert check_killed_import(made, empty, delay) or delay


@pytest.mark.parametrize("delay", [0.0, 0.05])
def test_a_killed_export_leaves_the_old_file_or_the_whole_new_one(
    made: Path, full: Path, delay: float
) -> None:
    assert check_killed_export(made, full, delay) or delay


def test_a_killed_undo_of_an_import_is_whole_or_absent_and_can_be_done_again(full: Path) -> None:
    check_killed_undo(full, 0.02)


@pytest.mark.faults
@pytest.mark.fault(35)
@pytest.mark.timeout(7200)
def test_a_hundred_killed_imports_exports_and_undos(made: Path, tmp_path: Path) -> None:
    hits = {"imports": 0, "exports": 0, "undos": 0}
    for seed in range(100):
        chance = random.Random(seed)
        (tmp_path / str(seed)).mkdir()
        project = Path(shutil.copy(made / "empty.annotator", tmp_path / str(seed)))
        hits["imports"] += check_killed_import(made, project, chance.uniform(0, 1.0))
        hits["exports"] += check_killed_export(made, project, chance.uniform(0, 0.3))
        hits["undos"] += check_killed_undo(project, chance.uniform(0, 0.3))
        shutil.rmtree(tmp_path / str(seed))
    print(f"killed in the middle, out of 100 each: {hits}; nothing lost, nothing half")
    assert min(hits.values()) > 20


_COUNTED = """
import itertools, os, signal, sys
from annotator.cli import main
number = int(sys.argv[1])
counted = itertools.count(1)
def die(*_):
    if next(counted) == number:
        os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[2] == "statement":
    from sqlalchemy import Engine, event
    event.listen(Engine, "before_cursor_execute", die)
    event.listen(Engine, "commit", die)
else:
    ways = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod"}
    def watch(name, arguments):
        if name in ways and sys.argv[3] in str(arguments):
            die()
    sys.addaudithook(watch)
raise SystemExit(main(sys.argv[4:]))
"""


def killed_at(number: int, what: str, where: Path, *arguments: object) -> bool:
    """Run the command line until it kills itself at a step; tell whether it came that far."""
    command = [sys.executable, "-c", _COUNTED, number, what, where, *arguments]
    with started(command) as process:
        process.communicate()
    assert process.returncode in (0, -signal.SIGKILL)
    return process.returncode != 0


def check_import_killed_at_statements(made: Path, empty: Path, each: int) -> None:
    whole = empty.read_bytes()
    for number in count(1, each):
        empty.write_bytes(whole)
        empty.with_name(f"{empty.name}-journal").unlink(missing_ok=True)
        if not killed_at(number, "statement", empty, "import", empty, made / "corpus.jsonl"):
            break
        is_whole_or_absent(empty)
    assert is_whole_or_absent(empty) == MANY
    assert number > each


def test_an_import_killed_at_a_statement_is_whole_or_absent(made: Path, empty: Path) -> None:
    check_import_killed_at_statements(made, empty, 35)


@pytest.mark.faults
@pytest.mark.timeout(3600)
def test_an_import_killed_at_any_statement_is_whole_or_absent(made: Path, empty: Path) -> None:
    check_import_killed_at_statements(made, empty, 3)


def check_export_killed_at_files(full: Path, form: str, each: int) -> None:
    target = full.with_name("target")
    fresh = full.with_name("fresh")
    command = ["export", full, target, "--format", form]
    assert main(["export", str(full), str(fresh), "--format", form, "--no-card"]) == 0
    assert main([*map(str, command), "--labels", "Cue"]) == 0
    old, new = contents(target), contents(fresh)
    assert old != new
    for number in count(1, each):
        if not killed_at(number, "file", full.parent, *command):
            break
        assert without_card(contents(target)) in (without_card(old), new)
    assert without_card(contents(target)) == new
    assert not [path for path in full.parent.iterdir() if path.name.endswith(".part")]
    assert number > each


def contents(target: Path) -> dict[str, bytes]:
    """Return what is in a file, or in the files of a folder."""
    if target.is_file():
        return {"": target.read_bytes()}
    return {path.name: path.read_bytes() for path in target.iterdir() if path.is_file()}


def without_card(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in files.items() if name != "README.md"}


@pytest.mark.parametrize(("form", "each"), [("jsonl", 4), ("brat", 900)])
def test_an_export_killed_at_a_step_of_the_file_system_leaves_old_or_new(
    full: Path, form: str, each: int
) -> None:
    check_export_killed_at_files(full, form, each)


@pytest.mark.faults
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("form", "each"), [("jsonl", 1), ("brat", 150)])
def test_an_export_killed_at_any_step_of_the_file_system_leaves_old_or_new(
    full: Path, form: str, each: int
) -> None:
    check_export_killed_at_files(full, form, each)


@pytest.mark.parametrize("limit", [400_000, 1_000_000])
@pytest.mark.fault(15)
def test_an_import_that_finds_no_room_changes_nothing_and_says_why(
    made: Path, empty: Path, limit: int
) -> None:
    with running("import", empty, made / "corpus.jsonl", limit=limit) as process:
        _, said = process.communicate()
    assert process.returncode != 0
    assert "room" in said.decode() or "full" in said.decode(), said
    assert "Traceback" not in said.decode()
    assert is_whole_or_absent(empty) == 0


@pytest.mark.fault(14)
def test_an_export_that_finds_no_room_leaves_the_old_file(made: Path, full: Path) -> None:
    target = full.with_name("o.jsonl")
    target.write_bytes(b"old\n")
    with running("export", full, target, limit=500_000) as process:
        _, said = process.communicate()
    assert process.returncode != 0
    assert "could not be written" in said.decode()
    assert "Traceback" not in said.decode()
    assert sorted(path.name for path in full.parent.iterdir()) == ["o.jsonl", "p.annotator"]
    assert target.read_bytes() == b"old\n"


@pytest.mark.fault(14, 15)
def test_a_full_disk_stops_an_import_and_an_export_without_a_trace(
    made: Path, small_disk: SmallDisk
) -> None:
    disk = small_disk(1200 * 1024)
    project = Path(shutil.copy(made / "empty.annotator", disk))
    with running("import", project, made / "corpus.jsonl") as process:
        _, said = process.communicate()
    assert process.returncode != 0
    told = said.decode()
    assert "the disk is full" in told
    wanted, free = re.findall(r"([\d.]+) MB", told)
    assert f"The files have {wanted} MB, and {free} MB are free there" in told
    assert float(wanted) == round((made / "corpus.jsonl").stat().st_size / 1024**2, 1)
    assert 0 < float(free) < 1.2
    assert is_whole_or_absent(project) == 0
    (disk / "fill").write_bytes(bytes(600 * 1024))
    with running("export", made / "full.annotator", disk / "o.jsonl") as process:
        process.communicate()
    assert process.returncode != 0
    assert sorted(path.name for path in disk.iterdir()) == ["empty.annotator", "fill"]


# ------------------------------------------------------------------------------------- stopping


def stopped_at(number: int) -> Callable[[Step], None]:
    steps = count()

    def progress(step: Step) -> None:
        if next(steps) == number:
            raise Cancelled("stopped")

    return progress


def steps_of(action: Callable[[exchange.Progress], object]) -> int:
    steps: list[Step] = []
    action(steps.append)
    return len(steps)


@pytest.mark.fault(35)
def test_an_import_can_be_stopped_at_every_step(tmp_path: Path) -> None:
    path = corpus(tmp_path / "in.jsonl", 12, 4)
    text = tmp_path / "plain.txt"
    text.write_text("Only a text.", encoding="utf-8")
    with Project.create(tmp_path / "p.annotator", schemes.load("blank"), author="ada") as project:

        def bring_in(progress: exchange.Progress) -> object:
            return exchange.bring_in(project, [path, text], progress=progress)

        for number in range(2 + 2 * 2 + 12):
            with pytest.raises(Cancelled):
                bring_in(stopped_at(number))
            assert (project.revision, project.count(), project.steps_to_undo) == (0, 0, 0)
        assert steps_of(bring_in) == 2 + 2 * 2 + 12
        assert project.check() == []


@pytest.mark.fault(35)
def test_a_large_import_can_be_stopped_when_pieces_of_it_were_saved(
    made: Path, empty: Path
) -> None:
    with Project.open(empty, author="ada") as project:
        seen: list[int] = []

        def progress(step: Step) -> None:
            seen.append(project.count())
            if seen[-1] and step.stage == "saving":
                raise Cancelled("stopped")

        with pytest.raises(Cancelled):
            exchange.bring_in(project, [made / "corpus.jsonl"], progress=progress)
        assert seen[-1] > 0
    assert is_whole_or_absent(empty) == 0


def test_an_export_can_be_stopped_at_every_step(tmp_path: Path) -> None:
    path = corpus(tmp_path / "in.jsonl", 5, 2)
    target = tmp_path / "out.jsonl"
    target.write_bytes(b"old\n")
    with Project.create(tmp_path / "p.annotator", schemes.load("blank"), author="ada") as project:
        exchange.bring_in(project, [path])

        def take_out(progress: exchange.Progress) -> object:
            return exchange.take_out(project, target, Plan(card=False), progress=progress)

        for number in range(1 + 5 + 1):
            with pytest.raises(Cancelled):
                take_out(stopped_at(number))
            assert target.read_bytes() == b"old\n"
        assert {item.name for item in tmp_path.iterdir()} == {
            "in.jsonl",
            "out.jsonl",
            "p.annotator",
        }
        assert steps_of(take_out) == 1 + 5 + 1


# ------------------------------------------------------------------------------ breaking off


def broken(path: Path, articles: int) -> Path:
    """Write a file that ends in the middle of a character, which ends the reading of columns."""
    lines = "".join(f"w{n}\tO\n" for n in range(articles)).encode()
    path.write_bytes(lines + b"\xff\xfe broken \xff")
    return path


def test_a_small_file_that_breaks_off_stops_no_other(
    empty: Path, tmp_path: Path, made: Path
) -> None:
    bad = broken(tmp_path / "bad.conll", 10)
    with Project.open(empty, author="ada") as project:
        report = exchange.bring_in(
            project, [bad, made / "corpus.jsonl"], exchange.Options(encoding="utf-8")
        )
    assert len(report.failed) == 1
    assert is_whole_or_absent(empty) == MANY


class BreaksOff:
    """A format of which a file breaks off after some articles."""

    def read(self, path: Path, reading: object) -> Iterator[Annotated]:
        yield from each(300, 20)
        raise UserError(f"{path} ends in the middle of an article.")


@pytest.mark.fault(35)
def test_a_large_file_that_breaks_off_gives_the_whole_import_up(
    empty: Path, tmp_path: Path, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = tmp_path / "bad.jsonl"
    shutil.copy(made / "corpus.jsonl", bad)
    with bad.open("r+b") as file:
        file.truncate(17 * 1024**2)
    monkeypatch.setattr(jsonl, "read", BreaksOff().read)
    with Project.open(empty, author="ada") as project:
        with pytest.raises(UserError, match="whole import was given up") as raised:
            exchange.bring_in(project, [made / "corpus.jsonl", bad])
        assert str(bad) in str(raised.value)
        assert project.count() == 0
    assert is_whole_or_absent(empty) == 0
