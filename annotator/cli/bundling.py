"""Verbs about work that goes by mail: bundle make, open, return and take."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from annotator.cli import output
from annotator.cli.opening import TAKE_OVER, count, open_project

if TYPE_CHECKING:
    from annotator.exchange import Bundled, Taken
    from annotator.model import JsonObject

_JSON: Final = click.option("--json", "as_json", is_flag=True, help="Write JSON.")
_FILE: Final = click.Path(path_type=Path)


@click.group(short_help="Send work by mail, and take in what comes back.")
def bundle() -> None:
    """Send work by mail, without a server.

    A work order holds articles, the scheme and one person's own labels. The person opens it as a
    project, works, and sends back a result, which is taken in where the work order came from.
    """


@bundle.command(short_help="Write a work order for a person.")
@click.argument("project")
@click.argument("out", type=_FILE)
@click.option("--for", "person", required=True, metavar="NAME", help="Whose work it is to be.")
@click.option(
    "--article", "article_ids", multiple=True, metavar="ID", help="Only this article; repeatable."
)
@_JSON
def make(project: str, out: Path, person: str, article_ids: tuple[str, ...], as_json: bool) -> None:
    """Write a work order: articles, scheme, guidelines, and no labels but the person's own."""
    from annotator import exchange

    with open_project(project) as opened:
        made = exchange.make_order(opened, out, person, article_ids or None)
    _say_bundled(made, out, as_json)


@bundle.command("open", short_help="Make the project of a work order.")
@click.argument("file", type=_FILE)
@click.argument("project")
def open_(file: Path, project: str) -> None:
    """Make PROJECT of the work order in FILE."""
    from annotator import exchange

    if "://" not in project and not Path(project).suffix:
        project += ".annotator"
    with exchange.open_order(file, project) as made:
        articles = count(made.count(), "article")
        output.say(f"Made {made.location} with {articles}, in the name of {made.author}.")


@bundle.command("return", short_help="Write the result of a work order.")
@click.argument("project")
@click.argument("out", type=_FILE)
@_JSON
def return_(project: str, out: Path, as_json: bool) -> None:
    """Write what was done in the PROJECT of a work order, for the sender."""
    from annotator import exchange

    with open_project(project) as opened:
        made = exchange.make_result(opened, out)
    _say_bundled(made, out, as_json)


def _say_bundled(made: Bundled, out: Path, as_json: bool) -> None:
    manifest = made.manifest
    if as_json:
        output.say_json({"file": str(out), **asdict(made)})
        return
    spans = sum(one.spans for one in manifest.after.values())
    output.say(
        f"The {manifest.kind} for “{manifest.title}”, {manifest.person}: "
        f"{count(len(manifest.articles), 'article')}, {count(spans, 'label')}, "
        f"{count(manifest.edits, 'edit')}. Written to {out}."
    )
    for kind, number in sorted(made.left_out.items()):
        output.say(f"Left out, because it is not the person’s own: {kind} ({number}).")
    for title in made.removed:
        output.say(f"Left out, because the article was removed: “{title}”.")


@bundle.command(short_help="Take a result in.")
@click.argument("project")
@click.argument("file", type=_FILE)
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@TAKE_OVER
@_JSON
def take(project: str, file: Path, dry_run: bool, as_json: bool) -> int:
    """Take the result in FILE in, as one step of undo.

    What does not fit what is here by now is listed and left out; the exit code is then 1.
    """
    from annotator import exchange

    with open_project(project, writing=not dry_run) as opened:
        taken = exchange.take(opened, file, dry_run=dry_run)
    return tell_taken(taken, dry_run, as_json)


def tell_taken(taken: Taken, dry_run: bool, as_json: bool) -> int:
    """Write what came of a result, and return the exit code."""
    if as_json:
        output.say_json(_as_json(taken))
        return 1 if taken.conflicts else 0
    for one in taken.conflicts:
        where = f" in “{one.article}”" if one.article else ""
        output.say(f"Left out{where}: {one.what}. {one.reason}", err=True)
    for article_id, (there, here) in sorted(taken.counts.items()):
        output.say(
            f"{article_id}: {count(there.spans, 'label')} and {count(there.relations, 'relation')} "
            f"there, {count(here.spans, 'label')} and {count(here.relations, 'relation')} here."
        )
    for verb, counts in (
        ("New", taken.made),
        ("Changed", taken.changed),
        ("Removed", taken.removed),
    ):
        for kind, number in sorted(counts.items()):
            output.say(f"{verb}: {kind} ({number})")
    if taken.known:
        output.say(f"{count(taken.known, 'record')} known already.")
    if dry_run:
        output.say("Nothing was changed: this was a dry run.")
    elif taken.saved:
        output.say(f"The result of {taken.manifest.person} was taken in.")
    else:
        output.say("There was nothing to take in.")
    return 1 if taken.conflicts else 0


def _as_json(taken: Taken) -> JsonObject:
    counts = {
        key: {"there": asdict(there), "here": asdict(here)}
        for key, (there, here) in taken.counts.items()
    }
    return {
        "person": taken.manifest.person,
        "saved": taken.saved,
        "made": dict(taken.made),
        "changed": dict(taken.changed),
        "removed": dict(taken.removed),
        "known": taken.known,
        "conflicts": [asdict(one) for one in taken.conflicts],
        "counts": counts,
    }


VERBS: Final = (bundle,)
