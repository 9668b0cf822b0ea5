"""Edits that could not be saved: kept in the project, or beside it where the project refuses."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from annotator.errors import StorageError
from annotator.model import Edit, edit_from_json, edit_to_json
from annotator.store import schema
from annotator.store.columns import from_json, to_json
from annotator.store.faults import Unreadable, decoding
from annotator.store.places import project_folder, write_durably
from annotator.store.store import Store
from annotator.store.values import Draft, Inconsistency, Turn
from annotator.store.writing import insert_into

_TURN: Final = "turn"
"""Key of what was to be done, beside the edit."""


def save(store: Store, project_id: str, edit: Edit, reason: str, turn: Turn) -> str:
    """Keep *edit*, what was to be done with it and why that was not, and return the draft's id."""
    key = turn.id or edit.id
    try:
        with store.writing() as connection:
            insert = insert_into(connection, schema.drafts).on_conflict_do_nothing()
            connection.execute(
                insert,
                {
                    "id": key,
                    "author": edit.author,
                    "time": edit.time,
                    "reason": reason,
                    "body": to_json(edit_to_json(edit) | {_TURN: asdict(turn)}),
                },
            )
    except StorageError:
        return save_beside(project_id, edit, reason, turn)
    return key


def save_beside(project_id: str, edit: Edit, reason: str, turn: Turn) -> str:
    """Keep *edit* in a file of its own, as :func:`save` does; return the draft's id.

    Raises StorageError where that is refused as well.
    """
    # JSON in ASCII: a file holds no lone surrogate either.
    text = json.dumps({"reason": reason, "edit": edit_to_json(edit), _TURN: asdict(turn)})
    folder, key = _folder(project_id), turn.id or edit.id
    try:
        write_durably(folder / f"{key}.json", text.encode("ascii"))
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise StorageError(
            f"What could not be saved cannot be kept in {folder} either: {why}. Make room there, "
            "or make the folder writable, then try again."
        ) from error
    return key


def _folder(project_id: str) -> Path:
    return project_folder("drafts", project_id)


def saved(store: Store, project_id: str) -> list[Draft]:
    """Return all drafts that can be read, oldest first."""
    found = {
        item.id: item for item in _each(store, project_id) if not isinstance(item, Inconsistency)
    }
    return sorted(found.values(), key=_place)


def _place(draft: Draft) -> tuple[str, int, str]:
    return (draft.turn.kept or draft.time, draft.turn.number, draft.id)


def unreadable(store: Store, project_id: str) -> list[Inconsistency]:
    """Return what has to be said of each draft that cannot be read."""
    return [item for item in _each(store, project_id) if isinstance(item, Inconsistency)]


def _each(store: Store, project_id: str) -> Iterator[Draft | Inconsistency]:
    with store.reading() as connection:
        rows = connection.execute(select(schema.drafts)).all()
    for row in rows:
        try:
            with decoding("what was kept"):
                data = from_json(row.body)
                edit, turn = edit_from_json(data), _turn(data)
        except Unreadable as error:
            yield _lost(row.id, f"A change that {row.author} made on {row.time}", str(error))
        else:
            yield Draft(row.id, edit, row.reason, row.author, row.time, turn)
    folder = _folder(project_id)
    try:
        paths = sorted(folder.glob("*.json"))
    except OSError as error:
        message = f"What could not be saved is kept in {folder}, which cannot be read"
        yield Inconsistency("draft", f"{message} ({error.strerror}).", "warning")
        return
    for path in paths:
        try:
            with decoding("what was kept"):
                data = json.loads(path.read_bytes())
                edit = edit_from_json(data["edit"])
                turn, reason = _turn(data), str(data["reason"])
                draft = Draft(turn.id or edit.id, edit, reason, edit.author, edit.time, turn)
        except (Unreadable, OSError) as error:
            yield _lost(path.stem, f"A change, kept in {path},", str(error))
        else:
            yield draft


def _turn(data: Mapping[str, Any]) -> Turn:
    """Return what was to be done; with a draft of an earlier version the edit itself was."""
    noted = data.get(_TURN, {})
    return Turn(**noted)


def _lost(draft_id: str, what: str, reason: str) -> Inconsistency:
    message = f"{what} could not be saved then, and cannot be read now ({reason.rstrip('.')})."
    return Inconsistency("draft", message, "warning", record_ids=(draft_id,), repair="structure")


def set_aside(store: Store, project_id: str) -> None:
    """Put what was kept and cannot be read into files ``ID.unreadable`` beside the project."""
    folder, table = _folder(project_id), schema.drafts
    for draft_id in (key for item in unreadable(store, project_id) for key in item.record_ids):
        kept = [path for path in folder.glob("*.json") if path.stem == draft_id]
        for path in kept:
            path.replace(path.with_suffix(".unreadable"))
        if kept:
            continue
        with store.writing() as connection:
            here = table.c.id == draft_id
            body = connection.execute(select(table.c.body).where(here)).scalar_one()
            name = hashlib.sha256(draft_id.encode("utf-8", "surrogateescape")).hexdigest()
            write_durably(folder / f"{name}.unreadable", body.encode("utf-8", "surrogateescape"))
            connection.execute(table.delete().where(here))


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
