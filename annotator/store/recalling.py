"""Records that a damaged table lost, taken from the history, where all of that could be read."""

from __future__ import annotations

import sqlite3
from typing import Any, Final

from annotator.store.columns import from_json, unescape
from annotator.store.logged import from_log
from annotator.store.rows import inserted, sql

_KINDS: Final = ("article", "layer", "entity", "span", "relation", "verdict", "comment")


def recall(new: sqlite3.Connection) -> int:
    """Put the records that the history of *new* ends with, and its tables lack, into these.

    Returns how many there were. The history has to be whole.
    """
    hashes = [row[0] for row in new.execute("SELECT sha256 FROM texts")]
    count = 0
    for name in _KINDS:
        there = {row[0] for row in new.execute(f'SELECT id FROM "{_table(name)}"')}
        for id_, data in _last(new, name).items():
            if id_ in there or data is None or data.get("sha256") not in (None, *hashes):
                continue
            texts = _text(new, data.get("sha256"))
            record = from_log((name, None, data), texts).after
            assert record is not None
            number = new.execute("SELECT coalesce(max(number), 0) + 1 FROM articles").fetchone()[0]
            added = new.execute(sql(name, "sqlite").insert, inserted(record, number))
            count += added.rowcount
    return count


def _table(name: str) -> str:
    return "entities" if name == "entity" else f"{name}s"


def _last(new: sqlite3.Connection, name: str) -> dict[str, dict[str, Any] | None]:
    """Return the records of one kind as the history left them; None is a deleted one."""
    found: dict[str, dict[str, Any] | None] = {}
    edits = new.execute("SELECT revision, kind, target FROM edits ORDER BY revision").fetchall()
    for revision, kind, target in edits:
        back = kind == "undo"
        order = "DESC" if back else "ASC"
        bodies = f"SELECT body FROM changes WHERE revision = ? ORDER BY chunk {order}"
        for (body,) in new.execute(bodies, (target or revision,)):
            entries = from_json(body)
            for entry, *sides in reversed(entries) if back else entries:
                if entry == name:
                    before, after = reversed(sides) if back else sides
                    found[(before or after)["id"]] = after
    return found


def _text(new: sqlite3.Connection, sha256: str | None) -> dict[str, str]:
    rows = new.execute("SELECT sha256, text FROM texts WHERE sha256 = ?", (sha256,))
    return {found: unescape(text) for found, text in rows}
