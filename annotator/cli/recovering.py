"""Verbs for bad days: go back to a backup, save what can be read of a damaged project."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from annotator.cli import output
from annotator.cli.opening import TAKE_OVER, taking_over
from annotator.errors import UserError

if TYPE_CHECKING:
    from annotator.recovery import Contents

_JSON: Final = click.option("--json", "as_json", is_flag=True, help="Write JSON.")


@click.command(short_help="Go back to a backup, or list the backups there are.")
@click.argument("project")
@click.argument("kept", metavar="[BACKUP]", required=False, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would be gone.")
@TAKE_OVER
@_JSON
def restore(project: str, kept: Path | None, dry_run: bool, as_json: bool) -> None:
    """Put BACKUP in the place of PROJECT; without BACKUP, list what there is to go back to.

    The project as it is now is kept beside it under another name.
    """
    from annotator import recovery

    if kept is None:
        _list_backups(project, as_json)
        return
    told = recovery.difference(project, kept)
    with taking_over() as take_over:
        aside = None if dry_run else recovery.restore(project, kept, take_over=take_over)
    if as_json:
        output.say_json(
            {
                "backup": _contents(told.backup),
                "present": None if told.present is None else _contents(told.present),
                "edits_lost": told.later_count if told.present else None,
                "restored": not dry_run,
                "kept_as": None if aside is None else str(aside),
            }
        )
        return
    if told.present is None:
        output.say("The project as it is now cannot be read.")
    else:
        output.say(f"Saved since the backup: {told.later_count} edits.")
        for saved in told.later[:20]:
            edit = saved.edit
            output.say(f"  {edit.time[:16]}  {edit.author}  {edit.action} {edit.detail}".rstrip())
    if not dry_run:
        output.say(f"{project} is as it was on {told.backup.saved[:16] or 'its first day'}.")
    if aside is not None:
        output.say(f"What was there before: {aside}")


def _list_backups(project: str, as_json: bool) -> None:
    from annotator import recovery

    listed = []
    for path in recovery.backups_of(project):
        try:
            listed.append(_contents(recovery.contents(path)))
        except UserError as error:
            listed.append({"path": str(path), "error": str(error)})
    if as_json:
        output.say_json({"backups": listed})
        return
    if not listed:
        output.say(f"There is no backup of {project}. annotator backup makes one.")
    for item in listed:
        said = item.get("error") or "{saved}  {articles} articles, {spans} labels".format(**item)
        output.say(item["path"])
        output.say(f"  {said}")


def _contents(found: Contents) -> dict[str, Any]:
    return {
        "path": str(found.path),
        "title": found.title,
        "revision": found.revision,
        "saved": found.saved,
        **found.counts,
    }


@click.command(short_help="Save what can be read of a damaged project.")
@click.argument("damaged")
@click.argument("target", type=click.Path(path_type=Path))
@_JSON
def salvage(damaged: str, target: Path, as_json: bool) -> int:
    """Put what can be read of the project file DAMAGED into a new project TARGET.

    DAMAGED is not touched. Ends with 1 where something could not be read.
    """
    from annotator import recovery

    found = recovery.salvage(damaged, target)
    if as_json:
        output.say_json({**asdict(found), "target": str(found.target)})
    else:
        saved = ", ".join(
            f"{found.saved.get(name, 0)} {name}"
            for name in ("articles", "layers", "spans", "relations", "entities")
        )
        output.say(f"In {found.target} now: {saved}.")
        for name, count in found.gaps.items():
            output.say(f"In {count} places of the table {name} something could not be read.")
        if found.recalled:
            output.say(f"Taken from the history instead: {found.recalled} records.")
        if found.dropped:
            output.say(f"Left out, because what it stood on is lost: {found.dropped} records.")
        if not found.history:
            output.say("The history could not be read, so that nothing before this is undone.")
    return 1 if found.gaps or found.dropped else 0


VERBS: Final = (restore, salvage)
