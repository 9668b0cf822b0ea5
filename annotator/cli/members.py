"""The verb that says who works in a project on a server, and in whose name."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Final

import click

from annotator.cli import output
from annotator.cli.opening import count, open_project

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotator.project import Member


@click.command(short_help="List, add or remove who works in a project on a server.")
@click.argument("project")
@click.option("--add", "added", metavar="LOGIN", help="Let a login of the server work in it.")
@click.option("--name", metavar="NAME", help="With --add: the author; by default the login.")
@click.option("--remove", "removed", metavar="LOGIN", help="Take all rights from a login.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def members(
    project: str,
    added: str | None,
    name: str | None,
    removed: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """List the members of a PROJECT on a PostgreSQL server, let one in, or take one out.

    A member connects with a LOGIN of its own, makes labels in one NAME, and the server shows it
    nothing of what others marked in an article that it is to label blind, until it has handed in:
    whatever program it connects with. Only the owner of the project can say who is a member.
    """
    if added is not None and removed is not None:
        raise click.UsageError("--add and --remove are two steps.")
    if name is not None and added is None:
        raise click.UsageError("--name goes with --add.")
    if dry_run and added is None and removed is None:
        raise click.UsageError("--dry-run goes with --add or --remove.")
    with open_project(project, writing=True) as opened:
        if added is not None:
            one = opened.add_member(added, (name or added).strip() or added, dry_run=dry_run)
            _tell(one, "added", as_json, dry_run)
        elif removed is not None:
            _tell(opened.remove_member(removed, dry_run=dry_run), "removed", as_json, dry_run)
        else:
            _list(opened.members(), as_json)


def _tell(one: Member, what: str, as_json: bool, dry_run: bool) -> None:
    if as_json:
        output.say_json({what: asdict(one), "done": not dry_run})
        return
    begin = "Would be" if dry_run else "Is"
    if what == "removed":
        output.say(f"{begin} no longer let in: {one.login} ({one.author}). Labels stay.")
        return
    output.say(f"{begin} let in: {one.login}, who labels as {one.author}. {_blind(one)}")


def _blind(one: Member) -> str:
    return f"{count(one.blind, 'article')} to label blind." if one.blind else "None is given blind."


def _list(found: Sequence[Member], as_json: bool) -> None:
    if as_json:
        output.say_json([asdict(one) for one in found])
        return
    for one in found:
        output.say(f"{one.login}  {one.author}  {_blind(one)}")
        if one.beyond:
            output.say(f"  Nothing is hidden from {one.login}: {one.beyond}.", err=True)
    if not found:
        output.say("No members: only the owner of the project gets in.")


VERBS: Final = (members,)
