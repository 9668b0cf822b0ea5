"""Speed and memory of import and export, end to end, against the standard library alone."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from annotator import exchange
from annotator.annotated import Annotated
from annotator.exchange import Plan
from annotator.formats import Writing, jsonl
from annotator.model import Change, edit
from annotator.project import Project
from annotator.store.engines import CACHE_KIBIBYTES
from tests.bench.test_bench_store import SCHEME, article, layer, span

pytestmark = [pytest.mark.bench, pytest.mark.timeout(2400)]

Record = Callable[..., None]

FEW, ARTICLES = 1_000, 10_000
ROUNDS = 3
TABLES = (
    "CREATE TABLE articles (id TEXT PRIMARY KEY, title TEXT, text TEXT, sha256 TEXT UNIQUE)",
    (
        "CREATE TABLE spans (id TEXT PRIMARY KEY, article_id TEXT, layer_id TEXT, label TEXT,"
        " fragments TEXT, text TEXT, attributes TEXT, entity_id TEXT, unsure INTEGER, note TEXT)"
    ),
    "CREATE INDEX by_layer ON spans (layer_id)",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA synchronous = EXTRA",
)
COLUMNS = ("fragments", "text", "attributes")


def corpus(articles: int) -> Iterator[Annotated]:
    for number in range(articles):
        home = article(number, 400)
        own = layer(home)
        marked = [span(home, at * 7) for at in range(50)]
        yield Annotated(home, layers={own.id: own}, spans={one.id: one for one in marked})


def written(path: Path, articles: int) -> Path:
    jsonl.write(corpus(articles), path, Writing(scheme=SCHEME))
    return path


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Mapping[int, Path]:
    """Return projects with few and with many articles, which nobody changes."""
    folder = tmp_path_factory.mktemp("full")
    paths = {count: folder / f"full{count}.annotator" for count in (FEW, ARTICLES)}
    for count, path in paths.items():
        with (
            Project.create(path, SCHEME, author="ada") as project,
            project.large_edit(edit("import", ())) as made,
        ):
            for item in corpus(count):
                made.add([Change(None, record) for record in item.records()], {})
    return paths


def bare_import(source: Path, target: Path) -> None:
    """Read lines and insert what is in them, a hundred lines at a time."""
    connection = sqlite3.connect(target, isolation_level=None)
    for statement in TABLES:
        connection.execute(statement)
    connection.execute("BEGIN IMMEDIATE")
    with source.open("rb") as file:
        for line in file:
            value = json.loads(line)
            home = tuple(value[key] for key in ("id", "title", "text", "sha256"))
            connection.execute("INSERT INTO articles VALUES (?,?,?,?)", home)
            for own in value["layers"]:
                rows = [
                    (
                        *(one["id"], value["id"], own["id"], one["label"]),
                        *(json.dumps(one[key]) for key in COLUMNS),
                        *(one["entity"], one["unsure"], one["note"]),
                    )
                    for one in own["spans"]
                ]
                connection.executemany("INSERT INTO spans VALUES (?,?,?,?,?,?,?,?,?,?)", rows)
    connection.execute("COMMIT")
    connection.close()


def bare_export(source: str, target: Path) -> None:
    """Select rows, and write them as lines of the same shape."""
    connection = sqlite3.connect(source)
    keys = ("id", "label", *COLUMNS, "entity_id", "unsure", "note")
    spans = f"SELECT {', '.join(keys)} FROM spans WHERE layer_id = ? ORDER BY start, stop DESC"
    layers = "SELECT id, author, kind, state FROM layers WHERE article_id = ?"
    articles = "SELECT a.id, title, text FROM articles AS a JOIN texts USING (sha256) ORDER BY a.id"
    with target.open("w", encoding="utf-8") as file:
        for id_, title, text in connection.execute(articles):
            value = {"id": id_, "title": title, "text": text, "layers": []}
            for own in connection.execute(layers, (id_,)).fetchall():
                marked = [
                    dict(zip(keys, row, strict=True))
                    | {key: json.loads(row[at]) for at, key in enumerate(COLUMNS, 2)}
                    for row in connection.execute(spans, own[:1])
                ]
                value["layers"].append({"id": own[0], "author": own[1], "spans": marked})
            file.write(json.dumps(value) + "\n")
    connection.close()


def seconds(action: Callable[[], object]) -> float:
    """Return the time of the processor: what else a shared machine does is no part of it."""
    begin = time.process_time()
    action()
    return time.process_time() - begin


def fastest(action: Callable[[], object]) -> float:
    """Return the shortest of several times: what others do to the caches is no part of it."""
    return min(seconds(action) for _ in range(ROUNDS))


def dumped(source: Path, target: Path) -> float:
    """Write the objects in the lines of a file; return the time that only this takes."""
    took = 0.0
    with source.open("rb") as file, target.open("w") as out:
        for line in file:
            value = json.loads(line)
            begin = time.process_time()
            out.write(json.dumps(value) + "\n")
            took += time.process_time() - begin
    return took


def test_importing_a_file_of_10000_articles(tmp_path: Path, record: Record) -> None:
    path = written(tmp_path / "in.jsonl", ARTICLES)
    with Project.create(tmp_path / "p.annotator", SCHEME, author="ada") as project:
        bare = seconds(lambda: bare_import(path, tmp_path / "bare.db"))
        ours = seconds(lambda: exchange.bring_in(project, [path]))
        assert project.stats().spans == ARTICLES * 50
        note = f"{ours:.1f} s / {bare:.1f} s"
        record("import 10,000 x 50 from JSONL / json.loads + INSERT", ours / bare, 4, note)
        undone = seconds(project.undo)
        note = f"{undone:.1f} s / {bare:.1f} s"
        record("undo of an import of 10,000 x 50 / the bare import", undone / bare, None, note)


def test_exporting_10000_articles(full: Mapping[int, Path], tmp_path: Path, record: Record) -> None:
    with Project.open(full[ARTICLES], author="ada") as project:
        target, plan = tmp_path / "out.jsonl", Plan(card=False)
        survey = exchange.survey(project, plan)
        ours = fastest(lambda: exchange.take_out(project, target, plan, survey=survey))
        counted = fastest(lambda: exchange.survey(project, plan))
        bare = seconds(lambda: bare_export(project.location, tmp_path / "bare.jsonl"))
        dumps = min(dumped(target, tmp_path / "dumps.jsonl") for _ in range(ROUNDS))
    row = "export 10,000 x 50 to JSONL"
    note = f"{ours:.1f} s / {dumps:.1f} s"
    record(f"{row} / json.dumps of the same objects", ours / dumps, 3, note)
    note = f"{ours:.1f} s / {bare:.1f} s"
    record(f"{row} / SELECT + json.dumps", ours / bare, None, note)
    note = f"{ours + counted:.1f} s / {dumps:.1f} s"
    record(f"{row}, with the survey before it", (ours + counted) / dumps, 3, note)


_MEMORY = """
import sys
from pathlib import Path
from annotator import exchange
from annotator.exchange import Options, Plan
from annotator.project import Project
from tests.bench.test_bench_exchange import SCHEME
verb, form, project, file = sys.argv[1:]
with Project.open(project, author="ada") as opened:
    if verb == "import":
        exchange.bring_in(opened, [Path(file)], Options(form=form))
    elif verb == "undo":
        opened.undo()
    else:
        exchange.take_out(opened, Path(file), Plan(form=form, card=False))
(highest,) = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(int(highest.split()[1]) / 1024)
"""


def peak(*arguments: object) -> float:
    """Return the most memory that a verb has taken, in MB, interpreter and all."""
    command = [sys.executable, "-c", _MEMORY, *map(str, arguments)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return float(done.stdout)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux")
@pytest.mark.parametrize("form", ["jsonl", "prodigy"])
def test_memory_grows_by_no_more_than_the_cache_of_the_database_from_1000_to_10000(
    form: str, full: Mapping[int, Path], tmp_path: Path, record: Record
) -> None:
    peaks: dict[str, list[float]] = {"export": [], "import": [], "undo": []}
    for articles, project in full.items():
        file = tmp_path / f"{articles}.jsonl"
        peaks["export"].append(peak("export", form, project, file))
        empty = tmp_path / f"empty{articles}.annotator"
        Project.create(empty, SCHEME, author="ada").close()
        peaks["import"].append(peak("import", form, empty, file))
        peaks["undo"].append(peak("undo", form, empty, file))
    for verb, (few, many) in peaks.items():
        note = f"{few:.0f} MB, {many:.0f} MB"
        growth = (many - few) * 1024 / CACHE_KIBIBYTES
        what = f"{verb} of {form}" if verb != "undo" else f"undo of the import of {form}"
        record(f"{what}: memory 1,000 to 10,000 / cache", growth, 1.0, note)
        assert growth < 1.25, note
