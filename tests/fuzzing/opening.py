"""What is fuzzed of projects: files with any bytes, and whole files with any rows.

Bytes at random seldom leave a file that SQLite takes for whole. Rows do: an input is a JSON array
of ``[table, column, number of the row, value]``, which are put into a small project past all of its
constraints, as damage that SQLite cannot see would.
"""

from __future__ import annotations

import io
import json
import re
import sqlite3
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Any, Final

from annotator import exchange, recovery
from annotator.cli import main as run_verb
from annotator.errors import UserError
from annotator.model import Comment, Relation, Verdict
from annotator.project import ArticleQuery, Project, Scope
from tests.store.making import SCHEME, add, article, entity, layer, relation, span

Target = Callable[[bytes], None]
AUTHOR: Final = "ada"


def with_bytes(folder: Path) -> tuple[Target, Iterator[bytes]]:
    """Return what opens a file with any bytes, and a project to begin with."""
    path = folder / "fuzzed.annotator"
    project = small(folder)

    def opened(data: bytes) -> None:
        for beside in folder.glob("fuzzed.annotator*"):
            beside.unlink()
        path.write_bytes(data)
        read_in_all_ways(path, data)

    return opened, iter([project])


def with_rows(folder: Path) -> tuple[Target, Iterator[bytes]]:
    """Return what opens a project with some rows that no Annotator wrote."""
    path = folder / "fuzzed.annotator"
    whole = Loosened(small(folder), folder)

    def opened(data: bytes) -> None:
        try:
            changes = json.loads(data)
        except (ValueError, RecursionError):
            return
        for beside in folder.glob("fuzzed.annotator*"):
            beside.unlink()
        whole.write(path, changes if isinstance(changes, list) else [])
        read_in_all_ways(path, data)

    return opened, whole.seeds()


TARGETS: Final[dict[str, Callable[[Path], tuple[Target, Iterator[bytes]]]]] = {
    "project": with_bytes,
    "rows": with_rows,
}


def small(folder: Path) -> bytes:
    """Return the bytes of a project with one record of each kind at least, and a history."""
    path = folder / "small.annotator"
    with Project.create(path, SCHEME, author=AUTHOR) as made:
        verdict = Verdict(
            id="v1", article_id="a1", layer_id="l1", record_id="s1", revision=1,
            decision="accept", reason="", author="bo", time="2024-03-01T00:00:00Z",
        )  # fmt: skip
        remark = Comment(
            id="c1", article_id="a1", layer_id="l1", record_id="s1", text="Really?", author="bo",
            time="2024-03-01T00:00:00Z",
        )  # fmt: skip
        made.perform(add(article(), article("a2", "Nothing."), action="import"))
        claim = span("s2", (16, 38), label="Claim", attributes={"form": "indirect"})
        speaker = span("s1", (0, 10), entity_id="e1")
        made.perform(add(layer(), entity(latitude=59.4, longitude=28.2), speaker, claim))
        made.perform(add(relation("r1", "attributed_to", "s2", "s1")))
        made.perform(add(layer("l2", author="bo"), span("s3", (0, 3), layer_id="l2")))
        ending = Relation(
            id="r2", article_id="a1", layer_id="l1", label="attributed_to", source="s2",
            target=None, target_entity="e1",
        )  # fmt: skip
        made.perform(add(verdict, remark, ending))
        made.perform(add(span("s4", (11, 15), label="Cue")))
        made.undo()
        made.save_draft(add(span("s5", (0, 3))), "full")
    return path.read_bytes()


class Loosened:
    """A project whose tables take any value, until it is written."""

    def __init__(self, project: bytes, folder: Path) -> None:
        path = folder / "loosened.annotator"
        path.write_bytes(project)
        with closing(sqlite3.connect(path, isolation_level=None)) as base:
            base.execute("PRAGMA writable_schema = ON")
            self._tables = dict(
                base.execute(
                    "SELECT name, sql FROM sqlite_schema WHERE sql LIKE 'CREATE TABLE%STRICT%'"
                )
            )
            self._columns = {
                table: [row[1] for row in base.execute(f"PRAGMA table_info({table})")]
                for table in self._tables
            }
            for table, sql in self._tables.items():
                # A column of the kind TEXT would make texts of numbers.
                loose = re.sub(r",?\s*STRICT\b|(?<!IS) NOT NULL", "", sql)
                loose = loose.replace(" TEXT", " BLOB")
                base.execute("UPDATE sqlite_schema SET sql = ? WHERE name = ?", (loose, table))
        self._bytes = path.read_bytes()

    def seeds(self) -> Iterator[bytes]:
        """Yield a change of each column, and tables without rows."""
        each = [[table, name, 0, 7] for table, names in self._columns.items() for name in names]
        values = (7, "x", None, "[[1, 2], 3]", {"bytes": "ff"})
        for number, one in enumerate(each):
            yield json.dumps([[*one[:3], values[number % len(values)]]]).encode()
        yield json.dumps([[table] for table in self._columns]).encode()

    def write(self, path: Path, changes: list[Any]) -> None:
        """Write the project with *changes* to *path*."""
        path.write_bytes(self._bytes)
        with closing(sqlite3.connect(path, isolation_level=None)) as made:
            made.execute("PRAGMA ignore_check_constraints = ON")
            made.execute("BEGIN")
            for change in changes[:20]:
                with suppress(sqlite3.Error, OverflowError, UnicodeError, ValueError):
                    self._make(made, change)
            made.execute("PRAGMA writable_schema = ON")
            for table, sql in self._tables.items():
                made.execute("UPDATE sqlite_schema SET sql = ? WHERE name = ?", (sql, table))
            made.execute("COMMIT")

    def _make(self, made: sqlite3.Connection, change: Any) -> None:
        match change:
            case [str(table)] if table in self._columns:
                made.execute(f"DELETE FROM {table}")
            case [str(table), str(column), int(number), value] if column in self._columns.get(
                table, ()
            ):
                row = made.execute(f"SELECT * FROM {table} LIMIT 1 OFFSET ?", (number,)).fetchone()
                if row is None:
                    return
                same = " AND ".join(f"{name} IS ?" for name in self._columns[table])
                made.execute(
                    f"UPDATE {table} SET {column} = ? WHERE {same}", (_stored(value), *row)
                )


def _stored(value: Any) -> Any:
    match value:
        case {"bytes": str(digits)}:
            return bytes.fromhex(digits)
        case dict() | list():
            return json.dumps(value)
    return value


# ------------------------------------------------------------------------------------ reading it


def read_in_all_ways(path: Path, data: bytes) -> None:
    """Read what lies at *path* as the window and the verbs do: one way an input."""
    ways = (_as_the_window, _in_review, _by_verbs, _in_files, _in_recovery)
    with suppress(UserError), redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        ways[zlib.crc32(data) % len(ways)](path)


def _as_the_window(path: Path) -> None:
    with Project.open(path, author=AUTHOR, read_only=True) as found:
        questions: tuple[Callable[[], object], ...] = (
            lambda: found.scheme,
            lambda: found.title,
            found.authors,
            lambda: [found.annotated(one.id) for one in found.summaries()],
            lambda: found.summaries(ArticleQuery(text="title", state="to do", label="Claim")),
            lambda: found.summaries(ArticleQuery(sort="unsure", author="bo")),
            found.progress,
            found.entities,
            found.recent_entities,
            found.idle_entities,
            lambda: found.entity_spans("e1"),
            lambda: found.entity_relations("e1"),
            lambda: found.spans_with_label("Claim"),
            lambda: found.relations_with_label("attributed_to"),
            lambda: found.search("harbour"),
            lambda: found.find_text("harbour"),
            lambda: [found.saved_edit(one.revision) for one in found.history()],
            lambda: found.edits_since(0),
            found.undo_step,
            found.redo_step,
            lambda: found.steps_to_undo,
            found.drafts,
            lambda: found.original("a1"),
            found.former_texts,
        )
        _ask_all(questions)


def _ask_all(questions: tuple[Callable[[], object], ...]) -> None:
    for ask in questions:
        # What is not there is no fault of the one who asks.
        with suppress(UserError):
            ask()


def _in_review(path: Path) -> None:
    scope = Scope()
    with Project.open(path, author=AUTHOR, read_only=True) as found:
        review = found.reviewing
        _ask_all(
            (
                review.rows,
                review.batches,
                review.audit_articles,
                lambda: review.assigned_articles("ada"),
                lambda: review.settled_articles("ada"),
                lambda: found.verdicts_on("ada"),
                lambda: found.comments_on("ada"),
                found.layers_of_people,
                lambda: found.figures(scope, "attributed_to", ["Speaker"]),
                lambda: found.claims_of(scope, "attributed_to", "e1"),
                lambda: found.mentions_of(scope, "e1"),
                lambda: found.spans_labelled(scope, "Claim"),
                lambda: found.read_by_several(scope),
            )
        )


def _by_verbs(path: Path) -> None:
    for verb in (["check"], ["labels"], ["labels", "--json"], ["stats"], ["agreement"], ["review"]):
        run_verb([verb[0], str(path), *verb[1:]])


def _in_files(path: Path) -> None:
    with Project.open(path, author=AUTHOR, read_only=True) as found:
        exchange.survey(found, exchange.Plan())
    with tempfile.TemporaryDirectory(dir=path.parent) as place:
        for form in ("jsonl", "spans-csv", "tei", "conll", "brat"):
            run_verb(["export", str(path), f"{place}/{form}", "--format", form])


def _in_recovery(path: Path) -> None:
    with suppress(UserError), tempfile.TemporaryDirectory(dir=path.parent) as place:
        recovery.salvage(path, Path(place) / "salvaged.annotator")
    with suppress(UserError):
        recovery.contents(path)
    with recovery.open_sound(path, author=AUTHOR) as found:
        found.perform(add(span("s9", (0, 3))))
        found.undo()
        found.undo()
        found.redo()
        found.check()
