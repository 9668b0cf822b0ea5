"""Forms in which articles and labels leave a project and come back, one module each.

A module that has what :class:`Format` names is a format. Nothing here is imported before it is
asked for: some formats need large libraries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, cast

from annotator.errors import UserError

if TYPE_CHECKING:
    from annotator.annotated import Annotated


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a file that cannot be taken over; the article that it is in is left out."""

    line: int
    """Counted from 1."""
    place: str
    """Path inside the line, such as ``layers[0].spans[3].fragments[1]``; may be empty."""
    reason: str

    def __str__(self) -> str:
        where = f"line {self.line}, {self.place}" if self.place else f"line {self.line}"
        return f"{where}: {self.reason}"


class Format(Protocol):
    """A form of articles with labels that can be read and written."""

    name: str
    """What it is called on the command line."""
    title: str
    """What people call it."""
    suffixes: tuple[str, ...]

    def read(self, path: Path) -> Iterator[Annotated | Problem]:
        """Yield the articles of a file, and what is wrong where one cannot be taken over."""

    def write(self, annotateds: Iterable[Annotated], target: Path, scheme: str) -> int:
        """Write articles in the order in which they come, and return their number."""


NAMES: Final = ("jsonl",)
"""The formats that there are, by name."""


def by_name(name: str) -> Format:
    """Return the format called *name*. Raises UserError for a name that none has."""
    if name not in NAMES:
        raise UserError(f"There is no format {name!r}. Choose one of: {', '.join(NAMES)}.")
    return cast("Format", import_module(f"annotator.formats.{name}"))


def for_path(path: Path) -> Format | None:
    """Return the labelled format that files with this suffix are in, or None."""
    suffix = path.suffix.lower()
    return next((item for item in map(by_name, NAMES) if suffix in item.suffixes), None)
