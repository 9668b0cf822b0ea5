"""What the verbs write: foreign text made harmless, JSON for machines, progress for people."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from annotator.exchange import Progress, Step

_UNPRINTABLE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Controls of terminals, of line ends and of the direction of writing."""


def plain(text: str) -> str:
    """Return *text* in one line that no terminal takes for orders: controls become ``\\uXXXX``."""
    return _UNPRINTABLE.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def say(text: str = "", *, err: bool = False) -> None:
    """Write one line, to standard error with *err*."""
    click.echo(plain(text), err=err)


def say_json(value: Any) -> None:
    """Write *value* as one JSON document, which a terminal can show safely too."""
    document = json.dumps(value, ensure_ascii=False, indent=2)
    click.echo("\n".join(plain(line) for line in document.split("\n")))


@contextmanager
def progress(title: str) -> Iterator[Progress]:
    """Yield a function to call with each step; it draws only on a terminal."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)

        def advance(step: Step) -> None:
            what = f"{title} {escape(plain(step.what)[:60])}"
            bar.update(task, completed=step.done, total=step.total, description=what)

        yield advance
