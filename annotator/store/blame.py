"""Whose fault an exception is: the file's, where its rows are not what an Annotator writes.

A damaged or foreign file can hold anything in any row, and what meets it there may be any line of
the program. So it is the exception that makes us look: where the file is found to be at fault, it
is told as damage; where nothing is found, the exception was ours and stays what it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Column, Connection, Integer, LargeBinary, Table
from sqlalchemy.exc import DBAPIError, InvalidRequestError, StatementError

from annotator.errors import UserError
from annotator.store import schema
from annotator.store.columns import (
    Flag,
    Fragments,
    Object,
    Real,
    Strings,
    Zones,
    fragments_of,
    object_of,
    strings_of,
    zones_of,
)
from annotator.store.faults import Damaged, reason

SUSPECTED: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    InvalidRequestError,
    LookupError,
    RecursionError,
    StatementError,
    TypeError,
    ValueError,
)
"""What code raises that meets a value which cannot be there."""

_DECODED: Final[Mapping[Any, Callable[[str], object]]] = {
    Object: object_of,
    Strings: strings_of,
    Fragments: fragments_of,
    Zones: zones_of,
}


@contextmanager
def blaming(connection: Connection, location: str) -> Iterator[None]:
    """Raise Damaged instead of what the block raises, where the project is at fault."""
    try:
        yield
    except SUSPECTED as error:
        if is_suspected(error):
            accuse(connection, location, error)
        raise


def is_suspected(error: BaseException) -> bool:
    """Return whether *error* may come of a value that cannot be there."""
    return isinstance(error, SUSPECTED) and not isinstance(error, (UserError, DBAPIError))


def accuse(connection: Connection, location: str, error: BaseException) -> None:
    """Raise Damaged where the project holds what may have caused *error*."""
    found = blemish(connection)
    if found:
        raise Damaged(
            f"The project {location} is damaged: {found}. Make a copy of it, then go back to a "
            "backup, or save what can be read: annotator salvage PROJECT TARGET."
        ) from error


def blemish(connection: Connection) -> str:
    """Return something that no project holds, as the second half of a sentence, or nothing.

    Takes as long as reading the whole project once.
    """
    try:
        found = _by_sqlite(connection) if connection.dialect.name == "sqlite" else ""
        return found or _missing(connection) or _strange(connection)
    except DBAPIError as error:
        return reason(error)


def _by_sqlite(connection: Connection) -> str:
    said = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if said != "ok":
        return str(said)
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    return (
        "" if broken is None else f"a row of {broken[0]} refers to one of {broken[2]} that is gone"
    )


def _missing(connection: Connection) -> str:
    for table in (schema.project, schema.scheme):
        count = connection.exec_driver_sql(f"SELECT count(*) FROM {table.name}").scalar()
        if count != 1:
            return f"its table {table.name} has {count} rows instead of one"
    return ""


def _strange(connection: Connection) -> str:
    """Return which value in the tables is not of its column's kind, or nothing."""
    for table in schema.metadata.sorted_tables:
        names = ", ".join(f'"{column.name}"' for column in table.c)
        for row in connection.exec_driver_sql(f"SELECT {names} FROM {table.name}"):
            for column, value in zip(table.c, row, strict=True):
                if not _fits(column, value):
                    return f"{_named(table, row)} has in {column.name!r} what cannot be there"
    return ""


def _named(table: Table, row: Any) -> str:
    return f"a row of {table.name} ({str(row[0])[:40]})"


def _fits(column: Column[Any], value: Any) -> bool:
    if value is None:
        return bool(column.nullable)
    decode = _DECODED.get(type(column.type))
    if decode is not None:
        try:
            decode(value)
        except (ValueError, TypeError):
            return False
        return True
    return isinstance(value, _kinds(column))


def _kinds(column: Column[Any]) -> tuple[type, ...]:
    if isinstance(column.type, (Integer, Flag)):
        return (int,)
    if isinstance(column.type, LargeBinary):
        return (bytes, memoryview)
    return (int, float) if column.type is Real else (str,)
