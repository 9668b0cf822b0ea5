"""Edits that could not be saved: kept in the project, or beside it where the project refuses."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from sqlalchemy import select

from annotator.errors import StorageError
from annotator.model import Edit, edit_from_json, edit_to_json
from annotator.store import schema
from annotator.store.columns import from_json, to_json
from annotator.store.faults import decoding
from annotator.store.places import project_folder, write_durably
from annotator.store.store import Store
from annotator.store.values import Draft
from annotator.store.writing import insert_into


def save(store: Store, project_id: str, edit: Edit, reason: str) -> str:
    """Keep *edit* with the reason why it was not saved, and return the draft's id."""
    try:
        with store.writing() as connection:
            insert = insert_into(connection, schema.drafts).on_conflict_do_nothing()
            connection.execute(
                insert,
                {
                    "id": edit.id,
                    "author": edit.author,
                    "time": edit.time,
                    "reason": reason,
                    "body": to_json(edit_to_json(edit)),
                },
            )
    except StorageError:
        return save_beside(project_id, edit, reason)
    return edit.id


def save_beside(project_id: str, edit: Edit, reason: str) -> str:
    """Keep *edit* in a file of its own, with the reason; return the draft's id."""
    # JSON in ASCII: a file holds no lone surrogate either.
    text = json.dumps({"reason": reason, "edit": edit_to_json(edit)})
    write_durably(_folder(project_id) / f"{edit.id}.json", text.encode("ascii"))
    return edit.id


def _folder(project_id: str) -> Path:
    return project_folder("drafts", project_id)


def saved(store: Store, project_id: str) -> list[Draft]:
    """Return all drafts, oldest first."""
    found: dict[str, Draft] = {}
    with store.reading() as connection:
        for row in connection.execute(select(schema.drafts)):
            with decoding(f"A draft of {row.author}"):
                edit = edit_from_json(from_json(row.body))
            found[row.id] = Draft(row.id, edit, row.reason, row.author, row.time)
    for path in sorted(_folder(project_id).glob("*.json")):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            data = json.loads(path.read_bytes())
            edit = edit_from_json(data["edit"])
            found[edit.id] = Draft(edit.id, edit, data["reason"], edit.author, edit.time)
    return sorted(found.values(), key=lambda draft: (draft.time, draft.id))


def drop(store: Store, project_id: str, draft_id: str) -> None:
    """Forget a draft."""
    for path in _folder(project_id).glob("*.json"):
        if path.stem == draft_id:
            path.unlink(missing_ok=True)
    table = schema.drafts
    with store.reading() as connection:
        kept = connection.execute(select(table.c.id).where(table.c.id == draft_id)).first()
    if kept is not None:
        with store.writing() as connection:
            connection.execute(table.delete().where(table.c.id == draft_id))
