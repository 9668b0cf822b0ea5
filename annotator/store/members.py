"""Members of a project on a server: logins that may label in it, each in one name.

A file has no members: who has the file can read and change all of it. On a server the owner of the
tables lets others in, and :mod:`annotator.store.row_rules` says what they see.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, text

from annotator.errors import UserError
from annotator.model import LayerKind
from annotator.store import row_rules, schema
from annotator.store.store import Store

OLDEST_SERVER: Final = (14,)
"""Functions whose bodies are read when they are made."""


@dataclass(frozen=True, slots=True)
class Member:
    """A login, and in whose name it works."""

    login: str
    author: str
    blind: int = 0
    """Articles that are given to this person to label without seeing what others mark."""
    beyond: str = ""
    """Why the server keeps nothing from this login, if so."""


def member_of(connection: Connection) -> str:
    """Return in whose name this login has to work; "" where it is no member's."""
    there = connection.execute(text("SELECT to_regprocedure('annotator.member()') IS NOT NULL"))
    if not there.scalar_one():
        return ""
    return connection.execute(text("SELECT annotator.member()")).scalar_one() or ""


def members(store: Store) -> list[Member]:
    """Return the members of a project by login. Raises UserError where there can be none."""
    with _owning(store) as connection:
        if not _has_members(connection):
            return []
        rows = connection.execute(_MEMBERS).all()
        return [
            Member(login, author, blind, _beyond(connection, login))
            for login, author, blind in rows
        ]


def add(store: Store, login: str, author: str, *, dry_run: bool = False) -> Member:
    """Let *login* work on a project in the name *author*, and see what members may see.

    Raises UserError where it cannot be let in, or where nothing would be hidden from it.
    """
    with _owning(store) as connection:
        version = connection.dialect.server_version_info or (0,)
        if version < OLDEST_SERVER:
            raise UserError(
                f"The server of {store.location} is PostgreSQL {version[0]}; members need "
                f"{OLDEST_SERVER[0]} or newer."
            )
        quoted = _found(connection, login)
        for statement in row_rules.statements():
            connection.exec_driver_sql(statement)
        taken = connection.execute(_TAKEN, {"author": author, "login": login}).scalar()
        if taken is not None:
            raise UserError(
                f"{taken} works as {author} already. Give each person a name of their own: "
                f"--add {login} --name NAME."
            )
        for statement in row_rules.grants(quoted):
            connection.exec_driver_sql(statement)
        beyond = _beyond(connection, login)
        if beyond:
            raise UserError(
                f"The login {login} cannot be a member, because nothing could be hidden from it: "
                f"{beyond}. Make a plain login for this person: {_how_to_make(login + '_')}."
            )
        connection.execute(_PUT, {"login": login, "author": author})
        made = Member(login, author, connection.execute(_BLIND, {"author": author}).scalar_one())
        _end(connection, dry_run=dry_run)
    return made


def remove(store: Store, login: str, *, dry_run: bool = False) -> Member:
    """Take all rights on a project from *login*; what the person made stays.

    Raises UserError where it is no member.
    """
    with _owning(store) as connection:
        row = None
        if _has_members(connection):
            row = connection.execute(_DROP, {"login": login}).first()
        if row is None:
            raise UserError(
                f"{login} is no member of {store.location}. Without --remove all members are "
                "listed."
            )
        # A login that is gone from the server has no rights either.
        quoted = connection.execute(_LOGIN, {"login": login}).scalar()
        if quoted is not None:
            for statement in row_rules.revocations(quoted):
                connection.exec_driver_sql(statement)
        _end(connection, dry_run=dry_run)
    return Member(login, row[0])


def _end(connection: Connection, *, dry_run: bool) -> None:
    transaction = connection.get_transaction()
    if dry_run and transaction is not None:
        transaction.rollback()


@contextmanager
def _owning(store: Store) -> Iterator[Connection]:
    """Begin to write as the owner of the tables. Raises UserError where that is somebody else."""
    if store.path is not None:
        raise UserError(
            f"{store.location} is a file, and a file has no members: whoever has it can read and "
            "change everything in it. Members are for projects on a PostgreSQL server."
        )
    with store.writing() as connection:
        owner, is_owner, me = connection.execute(_OWNER).one()
        if not is_owner:
            raise UserError(
                f"The members of {store.location} are seen to by its owner. You are connected as "
                f"{me}; connect as {owner}."
            )
        # What a superuser makes here is the owner's as well.
        connection.execute(text("SELECT set_config('role', :owner, true)"), {"owner": owner})
        yield connection


def _has_members(connection: Connection) -> bool:
    query = text("SELECT to_regclass('annotator.members') IS NOT NULL")
    return bool(connection.execute(query).scalar_one())


def _found(connection: Connection, login: str) -> str:
    """Return *login* quoted for SQL. Raises UserError where the server does not know it."""
    quoted = connection.execute(_LOGIN, {"login": login}).scalar()
    if quoted is None:
        raise UserError(
            f"The server knows no login {login}. Who runs it makes one with: {_how_to_make(login)}"
        )
    return str(quoted)


def _how_to_make(login: str) -> str:
    return f"createuser --pwprompt {login}"


def _beyond(connection: Connection, login: str) -> str:
    """Return why row security does not bind *login*, or what it could do beside; "" for nothing."""
    found = connection.execute(_MIGHT, {"login": login}).first()
    if found is None:
        return ""
    for has, why in zip(found, _MIGHTS, strict=True):
        if has:
            return why
    return ""


def _sql(query: str) -> Any:
    return text(query)


_OWNER: Final = _sql(
    "SELECT r.rolname, pg_has_role(current_user, r.oid, 'USAGE'), session_user::text"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " JOIN pg_roles r ON r.oid = c.relowner"
    f" WHERE n.nspname = '{schema.POSTGRES_SCHEMA}' AND c.relname = 'project'"
)
_LOGIN: Final = _sql(
    "SELECT quote_ident(rolname) FROM pg_roles WHERE rolname = :login AND rolcanlogin"
)
_TAKEN: Final = _sql(
    "SELECT login FROM annotator.members WHERE author = :author AND login <> :login"
)
_PUT: Final = _sql(
    "INSERT INTO annotator.members (login, author) VALUES (:login, :author)"
    " ON CONFLICT (login) DO UPDATE SET author = excluded.author"
)
_DROP: Final = _sql("DELETE FROM annotator.members WHERE login = :login RETURNING author")
_BLIND_OF: Final = (
    "(SELECT count(DISTINCT article_id) FROM annotator.layers l WHERE l.author = {}"
    f" AND l.kind = '{LayerKind.PERSON}' AND annotator.is_blind(l.extra))"
)
_BLIND: Final = _sql("SELECT " + _BLIND_OF.format(":author"))
_MEMBERS: Final = _sql(
    f"SELECT login, author, {_BLIND_OF.format('m.author')} FROM annotator.members m ORDER BY login"
)
_SERVER_ROLES: Final = (
    "pg_read_server_files",
    "pg_write_server_files",
    "pg_execute_server_program",
    "pg_read_all_stats",
)
_MIGHT: Final = _sql(
    "SELECT r.rolsuper, r.rolbypassrls, r.rolcreaterole, r.rolreplication,"
    " pg_has_role(r.oid, c.relowner, 'MEMBER'),"
    " EXISTS (SELECT 1 FROM pg_roles s WHERE s.rolname = ANY (ARRAY['"
    + "', '".join(_SERVER_ROLES)
    + "']) AND pg_has_role(r.oid, s.oid, 'MEMBER')),"
    " EXISTS (SELECT 1 FROM pg_class t WHERE t.relnamespace = n.oid AND t.relkind = 'r'"
    " AND has_table_privilege(r.oid, t.oid, 'TRUNCATE, REFERENCES, TRIGGER'))"
    " FROM pg_roles r, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    f" WHERE r.rolname = :login AND n.nspname = '{schema.POSTGRES_SCHEMA}'"
    " AND c.relname = 'project'"
)
_MIGHTS: Final = (
    "it is a superuser of the server",
    "it passes by row security (BYPASSRLS)",
    "it may make and change logins (CREATEROLE)",
    "it may copy everything the server writes (REPLICATION)",
    "it owns the project",
    "it may read files of the server, run programs there, or watch what others ask",
    "it has more rights on the tables of the project than a member",
)
