"""Verbs about a whole project: new, stats, check, backup, upgrade."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from annotator.cli import output
from annotator.cli.opening import TAKE_OVER, author, open_project, taking_over, tell
from annotator.errors import UserError

if TYPE_CHECKING:
    from annotator.project import Inconsistency, Project

_JSON: Final = click.option("--json", "as_json", is_flag=True, help="Write JSON.")


@click.command(short_help="Make a project, with articles or as the sample.")
@click.argument("project")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--scheme", default="", metavar="NAME|FILE", help="A shipped scheme or a TOML file.")
@click.option("--sample", is_flag=True, help="Make the sample project, already marked.")
@click.option("--title", default="", help="Name of the project; by default that of its file.")
@click.option("--encoding", default=None, help="Of files that do not say and are not UTF-8.")
@click.option("--language", default=None, help="Of articles that do not say (en, de …).")
@_JSON
def new(
    project: str,
    paths: tuple[Path, ...],
    scheme: str,
    sample: bool,
    title: str,
    encoding: str | None,
    language: str | None,
    as_json: bool,
) -> int:
    """Make a project, with the articles of PATHS (files and folders) in it."""
    from annotator import exchange

    if sample and scheme:
        raise click.UsageError("The sample has its own scheme: leave --scheme or --sample out.")
    if "://" not in project and not Path(project).suffix:
        project += ".annotator"
    with _made(project, scheme, sample, title) as made, output.progress("Importing") as advance:
        report = exchange.bring_in(
            made,
            paths,
            exchange.Options(encoding=encoding, language=language),
            progress=advance,
        )
        if not as_json:
            output.say(f"Made {made.location} with the scheme {made.scheme.reference}.")
    return tell(report, as_json) if paths or as_json else 0


def _made(location: str, scheme: str, sample: bool, title: str) -> Project:
    from annotator import samples, schemes
    from annotator.project import Project

    if sample:
        return samples.create(location, title=title) if title else samples.create(location)
    chosen = schemes.load(scheme or "news-default")
    return Project.create(location, chosen, title=title, author=author())


@click.command(short_help="Write figures of a project.")
@click.argument("project")
@_JSON
def stats(project: str, as_json: bool) -> None:
    """Write figures of a project: articles, labels by author, relations, entities, edits."""
    with open_project(project) as opened:
        figures = opened.stats()
        about = {
            "title": opened.title,
            "location": opened.location,
            "scheme": opened.scheme.reference,
        }
    if as_json:
        output.say_json(about | asdict(figures))
        return
    rows: list[tuple[str, object]] = [
        ("Project", about["title"]),
        ("Scheme", about["scheme"]),
        ("Articles", figures.articles),
        ("Characters", figures.characters),
        ("Layers", figures.layers),
        ("Spans", figures.spans),
        *((f"  {item.label}, {item.author}", item.spans) for item in figures.labels),
        ("Relations", figures.relations),
        *((f"  {name}", number) for name, number in figures.relation_labels.items()),
        ("Entities", figures.entities),
        *((f"  {name}", number) for name, number in figures.entity_kinds.items()),
        ("Edits", figures.edits),
        ("Revision", figures.revision),
    ]
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        output.say(f"{name:<{width}}  {value}")


@click.command(short_help="Look for what cannot be right, and repair it on request.")
@click.argument("project")
@click.option("--repair", is_flag=True, help="Mend what can be mended; can be undone.")
@TAKE_OVER
@_JSON
def check(project: str, repair: bool, as_json: bool) -> int:
    """Look for everything in a project that cannot be right, and say what it is.

    Nothing is changed without --repair. Ends with 1 where something is wrong, or still is.
    """
    with open_project(project, writing=repair) as opened:
        found = opened.check()
        repaired = _repair(opened, found) if repair else 0
        left = opened.check() if repaired else found
    wrong = [item for item in left if item.severity != "info"]
    if as_json:
        findings = [asdict(item) for item in left]
        output.say_json({"sound": not wrong, "repaired": repaired, "findings": findings})
        return 1 if wrong else 0
    for item in left:
        where = f" (article {item.article_id})" if item.article_id else ""
        mend = " It can be repaired with --repair." if item.repair and not repair else ""
        output.say(f"{item.severity}: {item.message}{where}{mend}")
    if repaired:
        output.say(f"{repaired} repaired; the undo of the window takes it back.")
    if not wrong:
        output.say("The project is sound.")
    return 1 if wrong else 0


def _repair(project: Project, found: list[Inconsistency]) -> int:
    """Mend what can be mended and return how many inconsistencies that was."""
    edit = project.repair(found)
    if edit is not None:
        project.perform(edit)
    if any(item.repair == "structure" for item in found):
        project.repair_structure()
    return sum(1 for item in found if item.repair)


@click.command(short_help="Copy a project and verify the copy.")
@click.argument("project")
@click.argument("target", required=False, type=click.Path(path_type=Path))
def backup(project: str, target: Path | None) -> None:
    """Copy a project to TARGET, or to the folder of backups, and verify the copy.

    The backup of a PostgreSQL project is an ordinary project file.
    """
    if target is not None and target.exists():
        raise UserError(f"{target} exists already. Choose another name for the backup.")
    with open_project(project) as opened:
        output.say(str(opened.backup(target)))


@click.command(short_help="Bring an older project up to date.")
@click.argument("project")
@TAKE_OVER
def upgrade(project: str) -> None:
    """Bring a project that an older version made up to date, after a verified backup."""
    from annotator.project import upgrade as upgrade_project

    with taking_over() as take_over:
        done = upgrade_project(project, take_over=take_over)
    if done.backup is None:
        output.say(f"The project is up to date (version {done.after}).")
    else:
        output.say(f"Upgraded from version {done.before} to {done.after}.")
        output.say(f"As it was before: {done.backup}")


VERBS: Final = (new, stats, check, backup, upgrade)
