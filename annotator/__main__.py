"""The way in: the window, or a verb for the command line.

`python3 annotator`, `python -m annotator` and the installed `annotator` mean the same; the first
two also set a fresh checkout up.
"""

from __future__ import annotations

import os
import sys

if __package__ in (None, ""):
    # A folder that is run stands first on the path, where our text.py could pass for another's.
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120

from collections.abc import Sequence
from pathlib import Path

VERBS = (
    "new",
    "import",
    "export",
    "formats",
    "labels",
    "stats",
    "agreement",
    "review",
    "again",
    "check",
    "backup",
    "restore",
    "salvage",
    "upgrade",
    "render",
    "correct",
    "bundle",
    "members",
)
_ASKS = ("-h", "--help", "--version")
_PROJECT_BEGINNINGS = ("postgresql:", "postgresql+", "postgres:")
_PLATFORMS_WITH_A_SCREEN = ("xcb", "wayland", "wayland-egl")


def main(argv: Sequence[str] | None = None) -> int:
    """Run a verb or open the window, and return the exit code.

    `argv` are the arguments after the program's name; by default those of this process.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    if opens_window(arguments):
        if not has_screen():
            sys.stderr.write(f"{_no_screen()}\n")
            return 2
        import gc

        # What a start makes stays; walking it in search of garbage took a tenth of the start.
        gc.disable()
        from annotator.gui.app import run

        return run(arguments)
    from annotator.cli import main as run_verb

    return run_verb(arguments)


def opens_window(arguments: Sequence[str]) -> bool:
    """Tell whether these arguments ask for the window: none, a project or an option of it."""
    if not arguments:
        return True
    first = arguments[0]
    if first in VERBS or first in _ASKS:
        return False
    return (
        first.startswith("-")
        or first.endswith(".annotator")
        or first.startswith(_PROJECT_BEGINNINGS)
    )


def has_screen() -> bool:
    """Tell whether a window could be opened: only a Linux or BSD may be without a screen."""
    platform = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0]
    if platform and platform not in _PLATFORMS_WITH_A_SCREEN:
        return True
    if sys.platform in ("win32", "cygwin", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _wants_x11() -> bool:
    """Tell whether Qt would open its windows through X11, whose libraries it must then find."""
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    return platform.startswith("xcb") or not (platform or os.environ.get("WAYLAND_DISPLAY"))


def _no_screen() -> str:
    verbs = ", ".join(VERBS[:-1])
    return (
        "There is no screen to open a window on; these verbs need none: "
        f"{verbs} and {VERBS[-1]} (for example: annotator stats PROJECT)."
    )


def _start() -> int:
    """Run from a checkout: be told of a missing screen at once, then set up, then go on."""
    arguments = sys.argv[1:]
    window = opens_window(arguments)
    if not window or has_screen():
        from annotator.environment import enter

        qt = window or arguments[0] == "render"
        enter(Path(__file__).resolve().parent, "run", qt=qt, window=window and _wants_x11())
    return main(arguments)


if __name__ == "__main__":
    sys.exit(_start())
