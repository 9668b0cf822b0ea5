"""Whether Qt's system libraries and a font are there, and how a Debian gets them.

PySide6's wheels bring Qt itself but not what Qt asks of the system: OpenGL, X11 and font
libraries. Only a bare Linux lacks them. Standard library only: this runs before any set-up.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

# What libQt6Gui, the offscreen platform and their libraries ask for.
_OFFSCREEN = (
    "libegl1",
    "libgl1",
    "libdbus-1-3",
    "libfontconfig1",
    "libfreetype6",
    "libglib2.0-0",
    "libx11-6",
    "libxkbcommon0",
)
# What the X11 platform asks for besides.
_WINDOW = (
    "libx11-xcb1",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-randr0",
    "libxcb-render-util0",
    "libxcb-shape0",
    "libxcb-xkb1",
    "libxkbcommon-x11-0",
)
# Only where there is no font at all: a serif and a sans for most scripts.
_FONTS = ("fonts-noto-core",)

# Runs in `.venv`: importing and starting Qt is the one test that cannot be wrong.
_PROBE = """
import ctypes, json, os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
found = {"qt": None, "window": None, "fonts": 0}
try:
    from PySide6 import QtCore, QtGui, QtWidgets
    plugins = QtCore.QLibraryInfo.path(QtCore.QLibraryInfo.LibraryPath.PluginsPath)
    # Qt aborts the process on a platform that does not load; the loader only says why.
    ctypes.CDLL(os.path.join(plugins, "platforms", "libqoffscreen.so"))
except (ImportError, OSError) as error:
    found["qt"] = str(error)
else:
    application = QtGui.QGuiApplication([])
    found["fonts"] = len(QtGui.QFontDatabase.families())
    try:
        ctypes.CDLL(os.path.join(plugins, "platforms", "libqxcb.so"))
    except OSError as error:
        found["window"] = str(error)
print(json.dumps(found))
sys.stdout.flush()
os._exit(0)
"""


class MissingPackages(Exception):
    """Qt cannot start on this system; the message says what is missing and what installs it."""


def provide_qt(python: str, *, window: bool) -> None:
    """Have everything that Qt needs of the system, installing it on Debian where that is allowed.

    `python` is the interpreter that has PySide6. Raises MissingPackages when Qt does not load.
    """
    if not sys.platform.startswith("linux"):
        return
    reason, packages = _lacking(probe(python), window=window)
    if not packages:
        return
    install(packages, why=reason)
    reason, packages = _lacking(probe(python), window=window)
    if packages and packages != _FONTS:
        raise MissingPackages(f"The system packages did not help: {reason}.")


def probe(python: str) -> dict[str, object]:
    """Start Qt once in a child and return what it says is missing: "qt", "window", "fonts"."""
    quiet = {**os.environ, "QT_LOGGING_RULES": "*=false"}
    done = subprocess.run(
        [python, "-c", _PROBE], capture_output=True, text=True, env=quiet, check=False
    )
    try:
        found = json.loads(done.stdout.strip().splitlines()[-1])
    except (IndexError, ValueError):
        lines = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        return {"qt": lines[-1], "window": None, "fonts": 0}
    return dict(found)


def _lacking(found: dict[str, object], *, window: bool) -> tuple[str, tuple[str, ...]]:
    """Return why Qt cannot work, in the loader's words, and the packages that mend it."""
    if found["qt"]:
        return f"Qt does not start here ({found['qt']})", (
            *_OFFSCREEN,
            *(_WINDOW if window else ()),
        )
    if window and found["window"]:
        return f"Qt cannot open windows here ({found['window']})", (*_OFFSCREEN, *_WINDOW)
    if not found["fonts"]:
        return "this system has no font at all", _FONTS
    return "", ()


def install(packages: Sequence[str], *, why: str) -> None:
    """Install Debian packages as root or through a sudo that asks nothing.

    Raises MissingPackages with the exact line to type where that is not possible.
    """
    line = f"apt-get install -y --no-install-recommends {' '.join(packages)}"
    reason = f"{why[:1].upper()}{why[1:]}"
    if shutil.which("apt-get") is None:
        raise MissingPackages(
            f"{reason}. Install it with this system's package manager and run "
            f"the same command again. On Debian the packages are: {' '.join(packages)}."
        )
    permitted = _permission()
    if permitted is None:
        raise MissingPackages(f"{reason}. This line mends it:\n\n    sudo {line}\n")
    sys.stderr.write(f"Setting up: {why}; installing system packages\n")
    sys.stderr.flush()
    quiet = [*permitted, "env", "DEBIAN_FRONTEND=noninteractive"]
    if _apt([*quiet, *line.split(), "-qq"]):
        return
    # A fresh machine has no package lists, an old one has stale ones.
    if _apt([*quiet, "apt-get", "update", "-qq"]) and _apt([*quiet, *line.split(), "-qq"]):
        return
    raise MissingPackages(f"{reason}, and this line failed:\n\n    sudo {line}\n")


def _permission() -> list[str] | None:
    """Return what to write before a command to run it as root; None where it is not allowed."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    asked = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n"] if asked.returncode == 0 else None


def _apt(command: Sequence[str]) -> bool:
    """Run apt with what it prints kept back, unless it fails."""
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        sys.stderr.write(done.stderr)
    return done.returncode == 0
