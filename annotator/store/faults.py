"""What databases say, in plain words: every failure of the world becomes a StorageError.

A sync that fails (SQLITE_IOERR_FSYNC) is told, and what it was about is not called saved; but the
project does not become one for reading only. A system may take pages that it could not write for
clean, and confirm the next sync all the same (https://wiki.postgresql.org/wiki/Fsync_Errors). Two
things follow from how SQLite commits with a rollback journal (https://sqlite.org/atomiccommit.html,
sections 3.7 to 3.12):

- Nothing that was called saved can be among those pages. A commit ends, and is told, only after
  the file, and before it the journal, was synced *with success*; so whatever was dirty in the file
  at a later sync belongs to the transaction under way, or to the rollback before it.
- What belongs to that transaction is written anew, to the last page, when it is tried again, and
  synced again: the rollback that is done in between writes back every page from the journal, which
  is not trusted before its own sync has succeeded.

So trying again is safe; where it fails for ever the edit stays in sight as not saved, and is kept
as a draft at the end. A test loses for good what a sync failed for (tests/store/test_faulty_disk).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from json import JSONDecodeError
from typing import Final

from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from annotator.errors import NoRoom, NotAllowed, StorageError
from annotator.store.row_rules import TAKEN_BACK


class LostConnection(StorageError):
    """The server went away; whether the last edit was saved has to be looked up."""


_SQLITE_REASONS: Final[tuple[tuple[str | tuple[str, ...], str], ...]] = (
    ("SQLITE_FULL", "the disk is full. Free some space, then try again"),
    ("SQLITE_READONLY", "it can only be read, not written. Check its permissions and its folder"),
    (
        "SQLITE_BUSY",
        "another program is using it. Close that program or wait a moment, then try again",
    ),
    ("SQLITE_LOCKED", "another part of this program is using it. Try again in a moment"),
    (
        "SQLITE_CORRUPT",
        "the file is damaged. Make a copy of it, then go back to a backup",
    ),
    ("SQLITE_NOTADB", "it is not an Annotator project"),
    (
        "SQLITE_CANTOPEN",
        "it cannot be opened. Check that the file and its folder exist and may be written",
    ),
    (
        # See above: the project stays open for writing.
        ("SQLITE_IOERR_FSYNC", "SQLITE_IOERR_DIR_FSYNC"),
        "the disk did not confirm that it keeps what was written. Check it, then try again",
    ),
    (
        "SQLITE_IOERR",
        # A quota and a limit on the size of files are told by SQLite as nothing else is.
        "the disk reports an error, or has no room for you. Check the disk, then try again",
    ),
    ("SQLITE_PERM", "access is denied. Check the permissions of the file"),
    ("SQLITE_AUTH", "access is denied. Check the permissions of the file"),
    ("SQLITE_TOOBIG", "a text is too long for the database"),
    ("SQLITE_NOMEM", "there is not enough memory. Close other programs, then try again"),
)

_POSTGRES_REASONS: Final = (
    ("53100", "the disk of the server is full"),
    ("53300", "the server has no free connection. Try again in a moment"),
    (
        TAKEN_BACK,
        "what was given out or handed in blind is not taken back. A reviewer can return it to you",
    ),
    ("42501", "you do not have the right to do this. Ask the owner of the project"),
    ("42P01", "its tables are gone, or you may not see them. Ask the owner of the project"),
    ("25006", "the server can only be read, not written"),
    ("40", "others are writing at the same moment. Try again"),
    ("55P03", "others are writing at the same moment. Try again"),
    ("28", "the server refuses this name and password"),
    ("3D000", "the server has no such database"),
    ("57", "the server is being stopped. Try again in a moment"),
    ("08", "the connection to the server is lost. Try again when it is back"),
)


_DENIED: Final = ("42501", "42P01", TAKEN_BACK)
"""SQLSTATE of what a login may not do; who may not look into a schema finds no table in it."""


class Damaged(StorageError):
    """The file does not hold what a project holds; a backup or a salvaged copy may."""


class Unreadable(Damaged):
    """A record that does not hold what a record holds."""


def reason(error: DBAPIError | sqlite3.Error) -> str:
    """Return why the database refused, as the second half of a sentence."""
    cause = error if isinstance(error, sqlite3.Error) else error.orig
    if isinstance(cause, sqlite3.Error):
        name = getattr(cause, "sqlite_errorname", "") or ""
        for prefix, words in _SQLITE_REASONS:
            if name.startswith(prefix):
                return words
    state = getattr(cause, "sqlstate", None) or ""
    for prefix, words in _POSTGRES_REASONS:
        if state.startswith(prefix):
            return words
    first_line = str(cause).strip().partition("\n")[0]
    if "SSL" in first_line or "certificate" in first_line:
        return (
            f"the server does not prove who it is ({first_line}). Ask who runs it for its "
            "certificate, and keep that where PostgreSQL looks for it (~/.postgresql/root.crt)"
        )
    return first_line or type(cause).__name__


@contextmanager
def told(location: str) -> Iterator[None]:
    """Turn what the database refuses into a StorageError that names *location* and the reason.

    Integrity errors pass: the commit knows what they are about. So does SQL that is wrong, which
    is our fault and not the world's.
    """
    try:
        yield
    except IntegrityError:
        raise
    except DBAPIError as error:
        if isinstance(error, ProgrammingError) and not _is_denied(error):
            raise
        message = f"The project {location} cannot be used: {reason(error)}."
        if error.connection_invalidated:
            raise LostConnection(message) from error
        raise fault_of(error.orig)(message) from error
    except sqlite3.DatabaseError as error:
        # From where a transaction begins: the driver is asked directly there.
        message = f"The project {location} cannot be used: {reason(error)}."
        raise fault_of(error)(message) from error
    except Unreadable as error:
        if location in str(error):
            raise
        raise Unreadable(f"{location}: {error}") from error
    except (UnicodeDecodeError, JSONDecodeError) as error:
        raise Unreadable(
            f"The project {location} is damaged: a text in it cannot be read. "
            "Make a copy of it, then go back to a backup."
        ) from error


@contextmanager
def decoding(what: str) -> Iterator[None]:
    """Raise Unreadable, which names *what*, where stored values do not make the record wanted."""
    try:
        yield
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Unreadable(
            f"{what} cannot be read, so the project is damaged ({error}). "
            "Make a copy of it, then go back to a backup."
        ) from error


def fault_of(cause: object) -> type[StorageError]:
    """Return what the error of a database comes to: damage, a full disk, or another refusal."""
    if getattr(cause, "sqlstate", None) in _DENIED:
        return NotAllowed
    if (getattr(cause, "sqlite_errorname", "") or "").startswith("SQLITE_FULL"):
        return NoRoom
    return Damaged if is_damage(cause) else StorageError


def is_damage(cause: object) -> bool:
    """Return whether SQLite says by *cause* that the file itself is at fault."""
    name = getattr(cause, "sqlite_errorname", "") or ""
    return name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB"))


def _is_denied(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in _DENIED
