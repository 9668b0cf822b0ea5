"""Opening the project that a verb is about, and reporting what an import did."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

import click

from annotator.cli import output
from annotator.errors import UserError

if TYPE_CHECKING:
    from annotator.exchange import Report
    from annotator.project import Project


def author() -> str:
    """Return in whose name verbs work: the name set in the window, else that of the login."""
    from annotator.settings import Settings

    return Settings.load().author


_TAKING_OVER: Final = "annotator.take_over"


def _note(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    context.meta[_TAKING_OVER] = wanted


TAKE_OVER: Final = click.option(
    "--take-over",
    is_flag=True,
    expose_value=False,
    callback=_note,
    help="Write though a program on another machine, which is gone, has the project open.",
)
"""For every verb that writes a project; :func:`taking_over` tells what was wanted."""


@contextmanager
def taking_over() -> Iterator[bool]:
    """Yield whether the right to write is to be taken from a program on another machine.

    Where such a program is what is in the way, the message says how.
    """
    from annotator.project import ProjectInUse

    try:
        yield bool(click.get_current_context().meta.get(_TAKING_OVER))
    except ProjectInUse as error:
        if error.holder.host == socket.gethostname():
            raise
        raise UserError(
            f"{error} If that program is gone for good, --take-over writes all the same."
        ) from error


def open_project(location: str, *, writing: bool = False) -> Project:
    """Open a project; for reading it may be open in a window at the same time."""
    from annotator.project import Project

    with taking_over() as take_over:
        return Project.open(
            location, author=author(), read_only=not writing, take_over=take_over and writing
        )


def tell(report: Report, as_json: bool, *, dry_run: bool = False) -> int:
    """Write what an import did, or on a *dry_run* would do; return the exit code."""
    if as_json:
        output.say_json({**asdict(report), "complete": report.complete})
        return 0 if report.complete else 1
    for sentence in (*report.failed, *report.differing):
        output.say(sentence, err=True)
    for note in report.notes:
        output.say(note)
    for verb, strangers in (("Added to the scheme", report.added), ("Left out", report.left_out)):
        for one in strangers:
            output.say(f"{verb}: the {one.kind} {one.name} ({one.count})")
    new = len(report.articles)
    done = "would be imported" if dry_run else "imported"
    output.say(f"{count(new, 'article')} {done}{_known(report.known)}.")
    if report.layers:
        output.say(
            f"{count(report.layers, 'layer')} with {count(report.spans, 'span')}, "
            f"{count(report.relations, 'relation')} and "
            f"{count(report.entities, 'new entity', 'new entities')}."
        )
    if report.failed:
        output.say(f"Not taken in, for the reasons given: {len(report.failed)}.")
    return 0 if report.complete else 1


def _known(number: int) -> str:
    """Return what is said of articles whose texts the project, or another file, has."""
    if not number:
        return ""
    return f"; {number} {'has' if number == 1 else 'have'} a text that is there already"


def count(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun."""
    return f"{number} {one if number == 1 else many or one + 's'}"
