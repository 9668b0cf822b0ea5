"""Logins of their own on a real server, as people of a team have."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg
from psycopg import sql


def stranger(url: str) -> psycopg.Connection[tuple[object, ...]]:
    """Connect as a program that is not ours does."""
    return psycopg.connect(url.replace("+psycopg", ""))


@contextmanager
def logins(url: str, *people: str) -> Iterator[dict[str, str]]:
    """Make a login for each person, yield their addresses; the first may make a project."""
    with closing(stranger(url)) as server:
        database = server.info.dbname
    names = {who: f"{who}-{database[-8:]}" for who in people}
    _do(url, *(f"CREATE ROLE {{}} LOGIN PASSWORD '{name}'" for name in names), roles=names)
    _do(url, f"GRANT CREATE ON DATABASE {database} TO {{}}", roles={"": names[people[0]]})
    try:
        yield {who: url.replace("postgres@", f"{name}@") for who, name in names.items()}
    finally:
        _do(url, *["DROP OWNED BY {} CASCADE"] * len(names), roles=names)
        _do(url, *["DROP ROLE {}"] * len(names), roles=names)


def _do(url: str, *commands: str, roles: dict[str, str]) -> None:
    with closing(stranger(url)) as server, server:
        for command, role in zip(commands, roles.values(), strict=True):
            server.execute(sql.SQL(command).format(sql.Identifier(role)))
