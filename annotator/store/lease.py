"""Who has a project file open for writing: one program at a time.

Locks of the operating system are silently missing on some network folders, so the file itself says
who writes. A lease whose program has ended, or that came along with a copy of the file, is stale
and is cleared away. Several programs may write to a server at once; it needs no lease.
"""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass

from sqlalchemy import Connection, select

from annotator.errors import StorageError
from annotator.model import new_id, now
from annotator.processes import has_ended, start_of
from annotator.store import schema
from annotator.store.store import Identity


@dataclass(frozen=True, slots=True)
class Holder:
    """The program that has a project open for writing."""

    host: str
    pid: int
    author: str
    time: str


class ProjectInUse(StorageError):
    """Another program has the project open for writing; it can be opened for reading only."""

    def __init__(self, location: str, holder: Holder) -> None:
        self.holder = holder
        who = f" by {holder.author}" if holder.author else ""
        super().__init__(
            f"{location} is open for writing{who} on {holder.host} since {holder.time} "
            f"(process {holder.pid}). Close it there, or open it here for reading only."
        )


def take(
    connection: Connection, location: str, author: str, file: Identity, *, take_over: bool = False
) -> str:
    """Take the lease and return its token. Raises ProjectInUse while another program has it.

    *take_over* ends the leases of programs on other machines, of which nobody here can know
    whether they have ended. Of one on this machine it is known.
    """
    table = schema.leases
    place = f"{file[0]}:{file[1]}"
    for row in connection.execute(select(table)).all():
        lost = take_over and row.host != socket.gethostname()
        if lost or row.file != place or has_ended(row.host, row.pid, row.started):
            connection.execute(table.delete().where(table.c.token == row.token))
        elif (row.host, row.pid) != (socket.gethostname(), os.getpid()):
            raise ProjectInUse(location, Holder(row.host, row.pid, row.author, row.time))
    token = new_id()
    connection.execute(
        table.insert(),
        {
            "token": token,
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "started": start_of(os.getpid()) or "",
            "author": author,
            "time": now(),
            "file": place,
        },
    )
    return token


def give_back(connection: Connection, token: str) -> None:
    """End a lease."""
    connection.execute(schema.leases.delete().where(schema.leases.c.token == token))
