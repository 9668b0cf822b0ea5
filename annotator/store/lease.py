"""Who has a project file open for writing: one program at a time.

Locks of the operating system are silently missing on some network folders, so the file itself says
who writes. A lease whose program has ended, or that came along with a copy of the file, is stale
and is cleared away. Several programs may write to a server at once; it needs no lease.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from annotator.errors import StorageError
from annotator.model import new_id, now
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


def take(connection: Connection, location: str, author: str, file: Identity) -> str:
    """Take the lease and return its token. Raises ProjectInUse while another program has it."""
    table = schema.leases
    place = f"{file[0]}:{file[1]}"
    for row in connection.execute(select(table)).all():
        if row.file != place or _has_ended(row.host, row.pid, row.started):
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
            "started": _start_of(os.getpid()) or "",
            "author": author,
            "time": now(),
            "file": place,
        },
    )
    return token


def give_back(connection: Connection, token: str) -> None:
    """End a lease."""
    connection.execute(schema.leases.delete().where(schema.leases.c.token == token))


def break_all(connection: Connection) -> None:
    """End everybody's leases: for a holder on another machine that is known to be gone."""
    connection.execute(schema.leases.delete())


def _has_ended(host: str, pid: int, started: str) -> bool:
    """Return whether the program is known to be gone; elsewhere nobody can know."""
    if host != socket.gethostname():
        return False
    if not _runs(pid):
        return True
    # A new program may have been given the number of the old one.
    present = _start_of(pid)
    return bool(started) and present is not None and present != started


def _runs(pid: int) -> bool:
    if sys.platform == "win32":
        return _runs_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _runs_on_windows(pid: int) -> bool:
    import ctypes

    # os.kill would end the process there. 0x1000: query limited information; 259: still active.
    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]
    handle = kernel.OpenProcess(0x1000, False, pid)
    if not handle:
        return False
    code = ctypes.c_ulong()
    kernel.GetExitCodeProcess(handle, ctypes.byref(code))
    kernel.CloseHandle(handle)
    return code.value == 259


def _start_of(pid: int) -> str | None:
    """Return when a process began, in ticks since the start of the machine; None if unknown."""
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
        # The name in brackets may hold blanks; field 22 (proc(5)) is the 20th after it.
        return fields.rpartition(")")[2].split()[19]
    return None
