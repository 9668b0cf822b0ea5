"""Verbs about files: import, export, and the formats that there are."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import click

from annotator.cli import output
from annotator.cli.opening import TAKE_OVER, count, open_project, tell
from annotator.errors import UserError

if TYPE_CHECKING:
    from annotator.exchange import Look, Plan, Selection, Survey
    from annotator.formats import Format

_JSON: Final = click.option("--json", "as_json", is_flag=True, help="Write JSON.")
_MAP: Final = click.option(
    "--map",
    "names",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="New names: a TOML file with [labels], [relations] and [attributes], old = 'new'; an "
    "empty new name leaves out.",
)
_DRY_RUN: Final = click.option(
    "--dry-run", is_flag=True, help="Say what would happen, and change nothing."
)


# --------------------------------------------------------------------------------------- importing


@click.command("import", short_help="Import articles, with labels where they have any.")
@click.argument("project")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--format", "form", metavar="NAME", help="Of all the files; else each tells its own.")
@click.option(
    "--offsets",
    type=click.Choice(["auto", "codepoint", "utf16", "byte"]),
    default="auto",
    show_default=True,
    help="What the offsets in the files count.",
)
@click.option(
    "--anchor",
    is_flag=True,
    help="Labels that are not where their offsets say go where their words stand, if once.",
)
@click.option("--layer", default="", metavar="NAME", help="Whose labels they become.")
@_MAP
@click.option(
    "--columns",
    metavar="FIELD=COLUMN,…",
    default="",
    help="For tables: which columns hold text, title, published …",
)
@click.option(
    "--unknown",
    type=click.Choice(["add", "leave-out"]),
    default="add",
    show_default=True,
    help="Labels that the scheme does not know are added to it, or left out.",
)
@click.option("--encoding", default=None, help="Of files that do not say and are not UTF-8.")
@click.option("--language", default=None, help="Of articles that do not say (en, de …).")
@click.option(
    "--overwrite", is_flag=True, help="Where the project differs, make it as the files are."
)
@_DRY_RUN
@TAKE_OVER
@_JSON
def import_(
    project: str,
    paths: tuple[Path, ...],
    form: str | None,
    offsets: str,
    anchor: bool,
    layer: str,
    names: Path | None,
    columns: str,
    unknown: Literal["add", "leave-out"],
    encoding: str | None,
    language: str | None,
    overwrite: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Import articles, and labels in any format that "annotator formats" lists.

    Folders are searched. What is there already is not imported again. A file that cannot be read
    is reported and stops no other; the exit code is then 1. All of it is one step of undo.
    """
    from annotator import exchange
    from annotator.cli.bundling import tell_taken
    from annotator.formats.bundle import is_result

    if len(paths) == 1 and is_result(paths[0]):
        with open_project(project, writing=not dry_run) as opened:
            return tell_taken(exchange.take(opened, paths[0], dry_run=dry_run), dry_run, as_json)
    options = exchange.Options(
        form=form,
        offsets=offsets,
        anchoring=anchor,
        layer=layer,
        names=exchange.Names.load(names) if names is not None else exchange.Names(),
        columns=_columns(columns),
        unknown=unknown,
        encoding=encoding,
        language=language,
        overwrite=overwrite,
    )
    exchange.refuse_missing_columns(paths, options)
    with open_project(project, writing=not dry_run) as opened:
        if dry_run and not as_json:
            with output.progress("Looking") as advance:
                _say_look(exchange.look(opened, paths, options, progress=advance))
        with output.progress("Importing") as advance:
            report = exchange.bring_in(opened, paths, options, progress=advance, dry_run=dry_run)
    code = tell(report, as_json, dry_run=dry_run)
    if dry_run and not as_json:
        output.say("Nothing was changed: this was a dry run.")
    return code


def _columns(text: str) -> dict[str, str]:
    """Return our field by the name of the column, from ``text=body,title=headline``."""
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        field, equals, column = pair.partition("=")
        if not equals or not field.strip() or not column.strip():
            raise click.BadParameter(f"{pair!r} is not FIELD=COLUMN.", param_hint="--columns")
        found[column.strip()] = field.strip()
    return found


def _say_look(look: Look) -> None:
    for file in look.files:
        if file.refused:
            continue
        unit = f", offsets in {_UNITS[file.unit]}" if file.unit else ""
        whose = f", by {', '.join(file.authors)}" if file.authors else ""
        output.say(
            f"{file.path}: {file.form}, {count(file.articles, 'article')}, "
            f"{count(file.spans, 'span')}, {count(file.relations, 'relation')}{whose}{unit}"
        )
    for label, number in (*look.labels.items(), *look.relations.items()):
        output.say(f"  {label}: {number}")


_UNITS: Final = {"codepoint": "characters", "utf16": "UTF-16 units", "byte": "bytes"}


# --------------------------------------------------------------------------------------- exporting

_WHOSE: Final = ("gold", "agreed", "gold-else-agreed")


@click.command(short_help="Export articles with their labels.")
@click.argument("project")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--format", "form", default="jsonl", show_default=True, help="See annotator formats.")
@click.option(
    "--layer",
    metavar="NAME|gold|agreed|gold-else-agreed",
    help="Whose labels: one reading of each article; articles without it are left out.",
)
@click.option("--only", type=click.Choice(["approved"]), help="Only what a reviewer has approved.")
@click.option("--labels", metavar="NAME,…", help="Only spans with these labels.")
@_MAP
@click.option("--split", metavar="80/10/10", help="Train, dev and test parts, by article.")
@click.option("--seed", default=1, show_default=True, help="Which of the many ways to split.")
@click.option(
    "--tokenizer",
    "tokens",
    default="",
    metavar="NAME",
    help="For formats with tokens: words, whitespace, characters, spacy, spacy:de …; unless you "
    "say, spacy for spaCy and words for the others.",
)
@click.option(
    "--tags",
    type=click.Choice(["IOB2", "IOB1", "BILOU", "BIOES"], case_sensitive=False),
    default="IOB2",
    show_default=True,
    help="For columns of tags: how they tell where a label begins and ends.",
)
@click.option(
    "--quotes",
    type=click.Choice(["inside", "outside"]),
    default="outside",
    show_default=True,
    help="Quotation marks directly around direct claims: inside the label or not.",
)
@click.option("--raw-cells", is_flag=True, help="Leave cells that a spreadsheet would run.")
@click.option("--no-card", is_flag=True, help="Write no data card beside the files.")
@click.option(
    "--renumber",
    is_flag=True,
    help="Number ids by their order in the article (A1, L1, S1, R1, E1 …), so that the same labels "
    "give the same bytes in any project.",
)
@click.option(
    "--author", "authors", multiple=True, metavar="NAME", help="Only this author's; repeatable."
)
@click.option(
    "--article", "article_ids", multiple=True, metavar="ID", help="Only this article; repeatable."
)
@_DRY_RUN
def export(
    project: str,
    out: Path,
    form: str,
    layer: str | None,
    only: str | None,
    labels: str | None,
    names: Path | None,
    split: str | None,
    seed: int,
    tokens: str,
    tags: str,
    quotes: Literal["inside", "outside"],
    raw_cells: bool,
    no_card: bool,
    renumber: bool,
    authors: tuple[str, ...],
    article_ids: tuple[str, ...],
    dry_run: bool,
) -> None:
    """Export articles with their labels to OUT; "-" is the standard output.

    OUT is a file; with --split, and for formats of many files, a folder. The same state of the
    project gives the same bytes. What the format cannot carry is said first. OUT is replaced whole
    or not at all, and a pipe gets nothing before all of it is there.
    """
    from annotator import exchange

    plan = exchange.Plan(
        form=form,
        selection=_selection(layer, authors, only == "approved", labels, article_ids),
        names=exchange.Names.load(names) if names is not None else exchange.Names(),
        quotes=quotes,
        split=exchange.Split.parse(split, seed) if split is not None else None,
        tokens=tokens,
        tags=tags,
        raw_cells=raw_cells,
        renumber=renumber,
        card=not no_card and out != Path("-"),
    )
    if dry_run:
        _say_export(project, plan)
    elif out == Path("-"):
        _to_standard_output(project, plan)
    else:
        _take_out(project, out, plan)


def _selection(
    layer: str | None,
    authors: tuple[str, ...],
    approved: bool,
    labels: str | None,
    article_ids: tuple[str, ...],
) -> Selection:
    from annotator.exchange import Choice, Selection

    if layer is not None and authors:
        raise click.UsageError("Choose with --layer or with --author, not with both.")
    choice = Choice.EVERYTHING
    if layer in _WHOSE:
        choice = Choice(layer.replace("-", " "))
    elif layer is not None:
        choice, authors = Choice.ONE, (layer,)
    wanted = None
    if labels is not None:
        wanted = tuple(filter(None, (name.strip() for name in labels.split(","))))
    return Selection(
        choice=choice,
        authors=authors,
        approved=approved,
        labels=wanted,
        articles=article_ids or None,
    )


def _to_standard_output(project: str, plan: Plan) -> None:
    from annotator import formats

    if plan.split is not None or formats.is_folder(formats.writer(plan.form)):
        raise UserError(
            "Several files cannot go to the standard output. Give the name of a folder."
        )
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "export"
        _take_out(project, whole, plan, quiet=True)
        with whole.open("rb") as file:
            sys.stdout.buffer.writelines(file)


def _take_out(project: str, target: Path, plan: Plan, *, quiet: bool = False) -> None:
    from annotator import exchange

    with open_project(project) as opened:
        with output.progress("Counting") as advance:
            survey = _surveyed(opened, plan, advance)
        _say_losses(survey)
        with output.progress("Exporting") as advance:
            done = exchange.take_out(opened, target, plan, survey=survey, progress=advance)
    if not quiet:
        number, revision = count(done.articles, "article"), done.survey.revision
        output.say(f"{number} of revision {revision} exported to {target}.")
        if done.card is not None:
            output.say(f"The data card is {done.card}.")


def _surveyed(opened: Any, plan: Plan, advance: Any) -> Survey:
    from annotator import exchange

    try:
        return exchange.survey(opened, plan, progress=advance)
    except exchange.ChoiceNeeded as error:
        raise UserError(
            f"{error} On the command line: --layer NAME, --layer gold, --layer agreed or "
            "--layer gold-else-agreed."
        ) from error


def _say_losses(survey: Survey) -> None:
    """Say on standard error what will not be in the files."""
    if survey.left_out:
        number = count(survey.left_out, "article")
        output.say(f"Left out: {number}. {survey.reason}", err=True)
    if survey.losses:
        output.say("The format cannot carry:", err=True)
    for loss in survey.losses:
        output.say(f"  {loss.sentence} ({loss.fate.value})", err=True)


def _say_export(project: str, plan: Plan) -> None:
    from annotator import exchange

    with open_project(project) as opened:
        with output.progress("Counting") as advance:
            survey = _surveyed(opened, plan, advance)
        shown = exchange.preview(opened, plan, survey)
    _say_losses(survey)
    tally = survey.tally
    output.say(f"{count(tally.articles, 'article')} of revision {survey.revision}")
    for label, number in (*tally.spans.items(), *tally.relations.items()):
        output.say(f"  {label}: {number}")
    for name, part in survey.parts.items():
        output.say(f"{name}: {count(part.articles, 'article')}, {count(part.labels, 'span')}")
    if shown.lines:
        output.say(f"{shown.name}:")
    for line in shown.lines:
        output.say(f"  {line}")
    output.say("Nothing was written: this was a dry run.")


# ----------------------------------------------------------------------------------------- formats


@click.command(short_help="List the formats that can be read and written.")
@_JSON
def formats(as_json: bool) -> None:
    """List the formats that can be read and written, with what each is for."""
    from annotator.formats import in_order

    listed = [_described(form) for form in in_order()]
    if as_json:
        output.say_json(listed)
        return
    width = max(len(form["name"]) for form in listed)
    for group in dict.fromkeys(form["group"] for form in listed):
        output.say(group)
        for form in listed:
            if form["group"] == group:
                ways = "/".join(way for way in ("read", "write") if form[way])
                missing = "" if form["installed"] else f"; not installed: {form['needs']}"
                output.say(f"  {form['name']:<{width}}  {ways:<10}  {form['purpose']}{missing}")


def _described(form: Format) -> dict[str, Any]:
    from annotator import formats

    need = formats.need_of(form)
    return {
        "name": form.name,
        "title": form.title,
        "purpose": form.purpose,
        "group": str(form.group.value),
        "suffixes": list(form.suffixes),
        "read": formats.can_read(form),
        "write": formats.can_write(form),
        "folder": formats.is_folder(form),
        "several_layers": formats.holds_several_layers(form),
        "needs": None if need is None else f"annotator-desktop[{need.extra}]",
        "installed": need is None or need.is_met,
    }


VERBS: Final = (import_, export, formats)
