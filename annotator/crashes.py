"""When the program itself is wrong: reports in files, which quote no article.

A report holds types and places of errors, never their messages: these could quote an article. What
a person adds to it stands below. What ends the program at once, such as a fault in a library, is
written by :mod:`faulthandler` into a file of this program's own, which the next start finds.
"""

from __future__ import annotations

import faulthandler
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from annotator import __version__, processes

KEPT: Final = 20
"""Reports that are kept; the oldest go."""

_MARK: Final = re.compile(r"[0-9a-f]+-\d+-\d*")


@dataclass(frozen=True, slots=True)
class Crash:
    """An error that nobody had reckoned with."""

    report: Path | None
    """The report; None where the disk refuses it."""
    words: str
    """What the error says of itself, which may quote an article."""
    again: bool = False
    """Whether it was met before at the same place, and has its report."""


class Crashes:
    """The reports in one folder, for as long as this program runs as *kind*."""

    def __init__(self, folder: Path, kind: str) -> None:
        self._folder = folder
        self._ended = f"ended-{kind}-"
        self._file: IO[str] | None = None
        self._met: dict[tuple[str, ...], Path | None] = {}

    def begin(self) -> None:
        """Let what ends the program at once be written down, where nobody else has it."""
        if faulthandler.is_enabled():
            return
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            path = self._folder / f"{self._ended}{processes.own_mark()}.txt"
            self._file = path.open("w", encoding="utf-8")
            faulthandler.enable(self._file)

    def end(self) -> None:
        """The program ends in order: nothing has to be told at the next start."""
        if self._file is not None:
            faulthandler.disable()
            self._file.close()
            with suppress(OSError):
                Path(self._file.name).unlink(missing_ok=True)
            self._file = None

    def earlier(self) -> list[Path]:
        """Return reports of such programs that ended by a fault; each is returned once."""
        found = []
        for path in sorted(self._folder.glob(f"{self._ended}*.txt")):
            mark = path.stem.removeprefix(self._ended)
            if not _MARK.fullmatch(mark) or not processes.is_past(mark):
                continue
            with suppress(OSError):
                said = path.read_text("utf-8", errors="replace")
                # Nothing was written where the program was killed from outside.
                report = self._write(said.splitlines()) if said else None
                path.unlink()
                found += [] if report is None else [report]
        return found

    def met(self, error: BaseException) -> Crash:
        """Write a report of *error*, once for each place it comes from."""
        import traceback

        lines = _places(error)
        words = "".join(traceback.format_exception_only(error)).strip()
        key = tuple(lines)
        if key in self._met:
            return Crash(self._met[key], words, again=True)
        self._met[key] = self._write(lines)
        return Crash(self._met[key], words)

    def _write(self, lines: list[str]) -> Path | None:
        import platform
        from datetime import UTC, datetime

        now = datetime.now(UTC)
        head = [
            f"Annotator {__version__}, Python {platform.python_version()}, {platform.platform()}",
            now.isoformat(timespec="seconds"),
        ]
        text = "\n".join([*head, *lines]) + "\n"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            path = self._folder / f"crash-{now:%Y%m%d-%H%M%S-%f}.txt"
            path.write_text(text, encoding="utf-8")
            self._clear()
        except OSError:
            return None
        return path

    def _clear(self) -> None:
        for path in sorted(self._folder.glob("crash-*.txt"))[:-KEPT]:
            path.unlink(missing_ok=True)


def add(report: Path, words: str) -> None:
    """Add to a report what the person wants to be in it. Raises OSError."""
    with report.open("a", encoding="utf-8", errors="backslashreplace") as file:
        file.write(f"\nAdded by the person:\n{words}\n")


def _places(error: BaseException) -> list[str]:
    import traceback

    lines: list[str] = []
    seen: set[int] = set()
    now: BaseException | None = error
    while now is not None and id(now) not in seen:
        seen.add(id(now))
        lines.append(f"{type(now).__module__}.{type(now).__qualname__}")
        frames = traceback.extract_tb(now.__traceback__)
        lines += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
        now = now.__cause__ or now.__context__
    return lines
