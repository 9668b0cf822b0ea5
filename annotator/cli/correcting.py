"""The verb that corrects the text of an article: correct."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from annotator.cli import output
from annotator.cli.opening import TAKE_OVER, count, open_project
from annotator.errors import UserError

if TYPE_CHECKING:
    from annotator.editing import Correction, Touched
    from annotator.model import JsonObject


@click.command(short_help="Correct the text of an article; the labels stay.")
@click.argument("project")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--article", "article_id", required=True, metavar="ID", help="The article.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Instead of reading FILE, write the text as it is to this file, to be corrected there.",
)
@click.option("--encoding", default=None, help="Of FILE, where it does not say and is not UTF-8.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@TAKE_OVER
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def correct(
    project: str,
    file: Path | None,
    article_id: str,
    out: Path | None,
    encoding: str | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Make the text in FILE the text of an article, as a new version of it.

    Everybody's labels are carried over. Those whose words are changed are listed, and those whose
    words are gone; the exit code is then 1. It is one step of undo.
    """
    if (file is None) == (out is None):
        raise click.UsageError("Name the FILE with the corrected text, or --out to get the text.")
    from annotator import editing
    from annotator.formats.replacing import replacing

    with open_project(project, writing=not (dry_run or out)) as opened:
        annotated = opened.annotated(article_id)
        if out is not None:
            with replacing(out) as target:
                target.write(annotated.article.text.encode("utf-8"))
            output.say(f"The text of “{annotated.article.title}” was written to {out}.")
            return 0
        assert file is not None
        correction = editing.correct_text(annotated, _text(file, encoding, annotated.article.text))
        if not dry_run:
            opened.perform(correction.edit)
    if as_json:
        output.say_json(_as_json(correction, dry_run))
    else:
        _tell(correction, dry_run)
    return 1 if correction.lost or correction.zones else 0


def _text(file: Path, encoding: str | None, present: str) -> str:
    """Return the text in a file; editors end it with a line feed that may not be meant."""
    from annotator.formats import decoding
    from annotator.formats.imported import load

    try:
        text = decoding.decode(load(file), asked=encoding).text
    except decoding.BinaryFileError as error:
        raise UserError(f"{file}: {error}") from error
    ended = text.endswith("\n") and not present.endswith("\n")
    return text[:-1] if ended else text


def _tell(correction: Correction, dry_run: bool) -> None:
    for item in correction.touched:
        assert item.after is not None
        unsure = " (unsure)" if item.after.unsure and not item.before.unsure else ""
        output.say(f"{_described(item)} -> “{' … '.join(item.after.text)}”{unsure}")
    for item in correction.lost:
        output.say(f"{_described(item)} is gone: its words are no longer there.", err=True)
    for zone in correction.zones:
        output.say(f"The zone {zone.zone} is gone: its words are no longer there.", err=True)
    relations = f" and {count(len(correction.relations), 'relation')}"
    output.say(
        f"{count(len(correction.touched), 'label')} with other words, "
        f"{count(len(correction.lost), 'label')}{relations if correction.relations else ''} gone."
    )
    output.say("Nothing was changed: this was a dry run." if dry_run else "Corrected.")


def _described(item: Touched) -> str:
    return f"{item.author}: {item.before.label} “{' … '.join(item.before.text)}”"


def _as_json(correction: Correction, dry_run: bool) -> JsonObject:
    from annotator.model import record_to_json

    return {
        "article": correction.edit.article_id,
        "saved": not dry_run,
        "touched": [
            {
                "author": item.author,
                "before": record_to_json(item.before),
                "after": None if item.after is None else record_to_json(item.after),
            }
            for item in correction.spans
        ],
        "relations": [record_to_json(tie) for tie in correction.relations],
        "zones": [list(zone) for zone in correction.zones],
    }


VERBS: Final = (correct,)
