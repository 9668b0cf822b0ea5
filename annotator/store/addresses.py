"""Addresses of projects on a server: what one may say, and how that server is reached.

An address may come from a stranger: in a letter, a shared file, a link. It may therefore name the
host, the port, the database and the person, and nothing else; libpq would take some forty more
settings from it (https://www.postgresql.org/docs/current/libpq-connect.html), with which it could
leave out TLS, run options on the server or read other files. A server on another machine has to
prove by its certificate that it is the one that is named.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from annotator.errors import UserError

_FORM: Final = "postgresql://person@host/name"
_REDIRECTING: Final = ("PGHOST", "PGHOSTADDR", "PGSERVICE")
"""Variables by which the person sends connections without a host elsewhere."""


@dataclass(frozen=True, slots=True)
class Address:
    """A server, and a database on it."""

    url: URL
    """The person and the database; host and port stand beside it, where nothing splits them."""
    host: str
    """Name, number or folder of the socket; empty for the usual one of this machine."""
    port: str

    @property
    def settings(self) -> dict[str, str]:
        """What libpq is told of where the server is and how it is to be reached."""
        found = {"host": self.host, "port": self.port}
        settings = {name: value for name, value in found.items() if value}
        return settings if self.is_local else settings | _proving()

    @property
    def is_local(self) -> bool:
        """Whether what is sent there stays on this machine."""
        if not self.host:
            return not any(os.environ.get(name) for name in _REDIRECTING)
        if self.host.startswith(("/", "@")) or self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False


def read(text: str) -> Address:
    """Return what *text* names. Raises UserError where it says more than an address may."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:
        # Without what was typed: a password may be in it.
        raise UserError(f"This is not an address of a project. It looks like {_FORM}.") from error
    refused = sorted(set(url.query) - {"host", "port"})
    if refused:
        raise UserError(
            f"The address sets {', '.join(refused)}, which an address of a project may not: it "
            f"names host, port, database and person only. Leave that out. It looks like {_FORM}."
        )
    host = _one("host", url.host, url.query.get("host"))
    port = _one("port", None if url.port is None else str(url.port), url.query.get("port"))
    if port and not (port.isascii() and port.isdecimal()):
        raise UserError(f"{port} is not the number of a port. An address looks like {_FORM}.")
    bare = URL.create(
        "postgresql+psycopg",
        username=url.username,
        password=url.password,
        database=url.database,
    )
    return Address(bare, host, port)


def _one(name: str, *given: str | tuple[str, ...] | None) -> str:
    """Return the one value that was given, if any."""
    found = [value for value in given if value]
    if len(found) > 1 or any(isinstance(value, tuple) or "," in value for value in found):
        raise UserError(f"The address names more than one {name}. It looks like {_FORM}.")
    return str(found[0]) if found else ""


def _proving() -> dict[str, str]:
    """Return how a server on another machine proves who it is.

    By the certificate that the person was given for it, where libpq looks for that, else by those
    that the system trusts.
    """
    proving = {"sslmode": "verify-full", "gssencmode": "disable"}
    place = Path(os.environ.get("APPDATA", "")) if os.name == "nt" else Path.home()
    own = place / ("postgresql" if os.name == "nt" else ".postgresql") / "root.crt"
    if not os.environ.get("PGSSLROOTCERT") and not own.exists():
        proving["sslrootcert"] = "system"
    return proving
