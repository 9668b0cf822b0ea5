"""Set-up of a checkout: from a bare Python to one that has everything, once and safely.

`python3 annotator` and `python3 tests` call `enter` before anything else is imported. It makes
`.venv` beside the package, installs the pinned and hashed requirements, sees to Qt's system
libraries and then continues the same command inside `.venv`. A second run only compares a stamp.

Standard library only, and syntax that an old Python can read far enough to be told so.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from annotator.system_packages import MissingPackages, install, provide_qt

OLDEST_PYTHON = (3, 11)
_NEWER_PYTHONS = ("python3.14", "python3.13", "python3.12", "python3.11")
_STAMP = "annotator-setup.json"
_LOCK = "annotator-setup.lock"


class SetUpError(Exception):
    """Set-up cannot go on; the message says in plain words why and what to do."""


def enter(program: Path, requirements: str, *, qt: bool, window: bool) -> None:
    """Continue this command in the checkout's `.venv`, made or completed first where needed.

    `program` is the folder that was started: `annotator` or `tests` in the checkout.

    Returns when this process already has what it needs: it runs in the finished `.venv`, in a
    virtual environment of the person's own that has the dependencies, or from an installed copy.
    Otherwise the process is replaced and nothing returns. `requirements` is "run" or "test";
    `qt` says that Qt must load, `window` that it must also be able to open windows on a screen.
    """
    root = program.parent
    if not (root / ".requirements").is_dir() or _in_foreign_environment(root):
        return
    try:
        _need_new_enough_python(program)
        place = Environment(root, requirements)
        complete = place.is_ready()
        if not complete:
            place.prepare()
        if qt and not place.qt_is_known_to_load(window):
            place.see_to_qt(window)
        if not (complete and place.is_current()):
            _continue_in(place.python, program)
    except (SetUpError, MissingPackages) as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(1) from None
    except OSError as error:
        sys.stderr.write(f"Setting up {root / '.venv'} failed: {error}.\n")
        raise SystemExit(1) from None


class Environment:
    """The `.venv` of one checkout, with a stamp that says what has been finished in it."""

    def __init__(self, root: Path, requirements: str) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.requirements = requirements
        scripts = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
        self.python = self.folder.joinpath(*scripts)

    def is_current(self) -> bool:
        """Tell whether this very process runs in `.venv`."""
        return Path(sys.prefix).resolve() == self.folder.resolve()

    def is_ready(self) -> bool:
        """Tell whether set-up was finished for these requirements, this place and this Python."""
        known = self._stamp().get(self.requirements)
        return self._was_finished() and known == self._digest(self.requirements)

    def qt_is_known_to_load(self, window: bool) -> bool:
        """Tell whether Qt has been seen to load here (and, with `window`, to open windows)."""
        loads = self._stamp().get("qt")
        return loads == "window" or (loads == "offscreen" and not window)

    def prepare(self) -> None:
        """Make or complete `.venv`; one process at a time, and safe to interrupt anywhere."""
        self.folder.mkdir(exist_ok=True)
        with _only_one(self.folder / _LOCK):
            if self.is_ready():
                return
            state = {"root": str(self.root)}
            if self._is_somebody_elses():
                state["keep"] = "always"
            elif not self._was_finished():
                self._clear()
            self._write_stamp(state)
            if not self.python.exists():
                self._make()
            self._install()
            state["python"] = os.path.realpath(self.python)
            for name in _included(self.requirements):
                state[name] = self._digest(name)
            self._write_stamp(state)

    def see_to_qt(self, window: bool) -> None:
        """Have Qt's system libraries and a font, or say which line installs them."""
        provide_qt(str(self.python), window=window)
        with _only_one(self.folder / _LOCK):
            loads = "window" if window else "offscreen"
            self._write_stamp({**self._stamp(), "qt": loads})

    def _is_somebody_elses(self) -> bool:
        """Tell whether `.venv` was made by the person or an editor: completed, never cleared."""
        if (self.folder / _STAMP).exists():
            return "keep" in self._stamp()
        return self.python.exists()

    def _was_finished(self) -> bool:
        """Tell whether a set-up reached its end here once and its Python still works."""
        stamp = self._stamp()
        return (
            stamp.get("root") == str(self.root)
            and stamp.get("python") == os.path.realpath(self.python)
            and self.python.exists()
        )

    def _clear(self) -> None:
        for found in self.folder.iterdir():
            if found.name == _LOCK:
                continue
            if found.is_dir() and not found.is_symlink():
                shutil.rmtree(found)
            else:
                found.unlink()

    def _make(self) -> None:
        if importlib.util.find_spec("ensurepip") is None:
            major, minor = sys.version_info[:2]
            install((f"python{major}.{minor}-venv",), why="Python's module venv is missing")
            importlib.invalidate_caches()
        _say("Setting up: making .venv")
        python = getattr(sys, "_base_executable", None) or sys.executable
        _run([python, "-m", "venv", str(self.folder)], "Python could not make .venv.")

    def _install(self) -> None:
        _say("Setting up: installing packages (once; about 150 MB)")
        command = [str(self.python), "-m", "pip", "install", "--disable-pip-version-check"]
        command += ["--no-input", "--no-deps", "--only-binary=:all:", "--require-hashes"]
        if not sys.stderr.isatty():
            command.append("-qq")
        command += ["-r", str(self._file(self.requirements))]
        _run(
            command,
            "The packages could not be installed. Look at the lines above: without a network, "
            "connect and run the same command again.",
        )
        # `.venv/bin/python -m annotator` then works from any folder.
        pattern = "Lib/site-packages" if os.name == "nt" else "lib/python*/site-packages"
        for site in self.folder.glob(pattern):
            (site / "annotator-checkout.pth").write_text(f"{self.root}\n", encoding="utf-8")

    def _file(self, name: str) -> Path:
        return self.root / ".requirements" / f"{name}.txt"

    def _digest(self, name: str) -> str:
        return hashlib.sha256(self._file(name).read_bytes()).hexdigest()

    def _stamp(self) -> dict[str, str]:
        try:
            known = json.loads((self.folder / _STAMP).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}

    def _write_stamp(self, stamp: dict[str, str]) -> None:
        unfinished = self.folder / f"{_STAMP}.new"
        unfinished.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
        unfinished.replace(self.folder / _STAMP)


def _included(requirements: str) -> tuple[str, ...]:
    """Return the requirement files that this one fulfils: the tests' holds all of the run's."""
    return ("run", "test") if requirements == "test" else ("run",)


def _in_foreign_environment(root: Path) -> bool:
    """Tell whether this is a virtual environment of the person's own, with the dependencies."""
    if sys.prefix == sys.base_prefix or Path(sys.prefix).resolve() == (root / ".venv").resolve():
        return False
    return all(importlib.util.find_spec(name) for name in ("PySide6", "sqlalchemy", "pydantic"))


def _need_new_enough_python(program: Path) -> None:
    """Continue with a newer Python where there is one; otherwise say which is needed."""
    if sys.version_info >= OLDEST_PYTHON:
        return
    for name in _NEWER_PYTHONS:
        found = shutil.which(name)
        if found and _is_new_enough(found):
            _continue_in(Path(found), program)
    wanted = ".".join(str(number) for number in OLDEST_PYTHON)
    raise SetUpError(
        f"Annotator needs Python {wanted} or newer, and this is {sys.version.split()[0]}. "
        f"Install a newer one and run the same command with it."
    )


def _is_new_enough(python: str) -> bool:
    """Tell whether a Python found on the path starts (a version switch may refuse) and will do."""
    question = f"import sys; sys.exit(sys.version_info < {OLDEST_PYTHON})"
    asked = subprocess.run([python, "-c", question], capture_output=True, check=False)
    return asked.returncode == 0


def _continue_in(python: Path, program: Path) -> None:
    """Replace this process by the same command under another Python."""
    command = [str(python), str(program), *sys.argv[1:]]
    # Would make that Python take another's libraries for its own, and come back here for ever.
    os.environ.pop("PYTHONHOME", None)
    if os.name == "nt":  # Windows' exec returns to the shell before the program has ended.
        raise SystemExit(subprocess.run(command, check=False).returncode)
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(python, command)  # noqa: S606 - no shell is what is wanted


@contextlib.contextmanager
def _only_one(lock: Path) -> Iterator[None]:
    """Hold the set-up lock; a second start waits here and then finds everything done.

    The system lets go of the lock when its holder dies, so none is ever stale.
    """
    with lock.open("a+b") as held:
        if os.name == "nt":
            _lock_on_windows(held.fileno())
        else:
            import fcntl

            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _lock_on_windows(file: int) -> None:
    import msvcrt

    while True:
        try:
            # Gives up after ten seconds of waiting; a set-up takes longer.
            msvcrt.locking(file, msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            continue
        return


def _run(command: Sequence[str], failure: str) -> None:
    """Run a step with its output on stderr: stdout belongs to the command's own answer."""
    surroundings = {name: value for name, value in os.environ.items() if name not in _MISLEADING}
    done = subprocess.run(
        command, stdout=2, stdin=subprocess.DEVNULL, env=surroundings, check=False
    )
    if done.returncode != 0:
        raise SetUpError(failure)


# Settings of other Pythons, and of pip for other places, that would lead an install elsewhere.
_MISLEADING = frozenset(
    ("PYTHONHOME", "PYTHONPATH", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV")
)


def _say(message: str) -> None:
    sys.stderr.write(f"{message}\n")
    sys.stderr.flush()
