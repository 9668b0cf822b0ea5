"""Which programs are at work: who wrote something, and whether that one has ended."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import zlib
from pathlib import Path


def is_running(pid: int) -> bool:
    """Tell whether this machine has a process with this number."""
    if sys.platform == "win32":
        return _is_running_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _is_running_on_windows(pid: int) -> bool:
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


def start_of(pid: int) -> str | None:
    """Return when a process began, in ticks since the start of the machine; None if unknown."""
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
        # The name in brackets may hold blanks; field 22 (proc(5)) is the 20th after it.
        return fields.rpartition(")")[2].split()[19]
    return None


def has_ended(host: str, pid: int, started: str) -> bool:
    """Tell whether the program is known to be gone; elsewhere nobody can know."""
    if host != socket.gethostname():
        return False
    if not is_running(pid):
        return True
    # A new program may have been given the number of the old one.
    present = start_of(pid)
    return bool(started) and present is not None and present != started


def own_mark() -> str:
    """Return what names this program among all, of letters, digits and hyphens."""
    return f"{_machine()}-{os.getpid()}-{start_of(os.getpid()) or ''}"


def is_past(mark: str) -> bool:
    """Tell whether the program with this :func:`own_mark` is known to be gone."""
    machine, pid, started = mark.split("-")
    return machine == _machine() and has_ended(socket.gethostname(), int(pid), started)


def _machine() -> str:
    return f"{zlib.crc32(socket.gethostname().encode()):08x}"
