"""Opening the project that a verb is about, and reporting what an import did."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from annotator.cli import output

if TYPE_CHECKING:
    from annotator.exchange import Report
    from annotator.project import Project


def author() -> str:
    """Return in whose name verbs work: the name set in the window, else that of the login."""
    from annotator.settings import Settings

    return Settings.load().author


def open_project(location: str, *, writing: bool = False) -> Project:
    """Open a project; for reading it may be open in a window at the same time."""
    from annotator.project import Project

    return Project.open(location, author=author(), read_only=not writing)


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
