"""The verb that has somebody mark articles a second time, and says how alike both rounds are."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import click

from annotator.cli import output
from annotator.cli.opening import TAKE_OVER, count, open_project

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotator.agreement.panel import Figure
    from annotator.agreement.stability import Stability
    from annotator.project import Project
    from annotator.review.merging import Item, Preview


@click.command(short_help="Have somebody mark articles again, and say how stable labels are.")
@click.argument("project")
@click.option("--who", metavar="NAME", help="Who marks articles again; else only figures are told.")
@click.option(
    "--article", "article_ids", multiple=True, metavar="ID", help="Only this article; repeatable."
)
@click.option(
    "--share",
    type=click.FloatRange(0, 100),
    default=5.0,
    show_default=True,
    help="Percent of the articles that can be marked again.",
)
@click.option("--seed", default=1, show_default=True, help="Of what is drawn at random.")
@click.option("--dry-run", is_flag=True, help="Only say which articles it would be.")
@TAKE_OVER
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def again(
    project: str,
    who: str | None,
    article_ids: tuple[str, ...],
    share: float,
    seed: int,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Have somebody mark a random share of their own articles a second time, unseen.

    What was handed in becomes the first round, with its labels, verdicts and gold as they are: it
    stays what is reviewed and compared with other people. Its author gets a blind layer that is not
    started. One undo takes it back. Without --who: how alike the two rounds of each person are.
    """
    with open_project(project, writing=who is not None and not dry_run) as opened:
        if who is None:
            _tell_figures(opened, seed, as_json)
            return
        preview = _previewed(opened, who, article_ids, share / 100, seed)
        saved = None
        if not dry_run and preview.changes:
            from annotator.review.result import edit_with_result

            saved = opened.perform(edit_with_result(preview))
    revision = None if saved is None else saved.revision
    if as_json:
        output.say_json(_plain(preview, who, seed, revision))
    else:
        _say(preview, who, dry_run=dry_run)


def _previewed(
    project: Project, who: str, article_ids: Sequence[str], share: float, seed: int
) -> Preview:
    from annotator import exchange
    from annotator.model import now
    from annotator.review.marking_again import MARKED_AGAIN, marked_again
    from annotator.review.merging import batch
    from annotator.review.verdicts import Signature

    exchange.refuse_missing(project, article_ids)
    exchange.refuse_strangers(project, (who,))
    own = {layer.article_id for layer in project.layers_of_people() if layer.author == who}
    wanted = sorted(own & set(article_ids) if article_ids else own)
    signed = Signature(project.author, now(), project.revision)
    made = batch(MARKED_AGAIN, signed, share=share, seed=seed)
    return marked_again(project.each_annotated(wanted), made, who)


def _plain(preview: Preview, who: str, seed: int, revision: int | None) -> dict[str, Any]:
    def listed(items: Sequence[Item]) -> list[dict[str, str]]:
        return [
            {"article_id": item.article_id, "title": item.words}
            | ({"reason": item.reason} if item.reason else {})
            for item in items
        ]

    return {
        "person": who,
        "batch": preview.batch.id if revision is not None else None,
        "revision": revision,
        "share": preview.batch.share,
        "seed": seed,
        "asked": listed(preview.done),
        "refused": listed(preview.refused),
    }


def _say(preview: Preview, who: str, *, dry_run: bool) -> None:
    done = count(len(preview.done), "article")
    verb = "would mark" if dry_run else "is to mark"
    output.say(f"{who} {verb} {done} again.")
    for item in preview.done:
        output.say(f"  {item.words or item.article_id}")
    for reason, number in Counter(item.reason for item in preview.refused).most_common():
        output.say(f"Refused, {number}: {reason}")
    if preview.done and not dry_run:
        output.say(f"Batch {preview.batch.id}. Undo takes all of it back in one step.")


# ------------------------------------------------------------------------------------- figures


def _tell_figures(project: Project, seed: int, as_json: bool) -> None:
    from annotator.agreement.stability import stability

    articles = project.each_annotated(project.reviewing.second_rounds())
    found = stability(articles, project.scheme, seed=seed)
    if as_json:
        people = [asdict(one) | {"first": one.first} for one in found]
        output.say_json({"seed": seed, "people": people})
        return
    if not found:
        output.say("Nobody was asked to mark an article again yet; --who NAME does so.")
    for one in found:
        _say_person(one)


_WORDS: Final = {
    "F1 strict": "F1, same borders",
    "F1 overlap": "F1, overlapping",
    "alpha": "alpha",
}


def _say_person(one: Stability) -> None:
    output.say(f"{one.person}: both rounds handed in, {one.used} of {count(one.given, 'article')}.")
    for figure in one.figures:
        name = "" if figure.name == "all" else f" of {figure.name}"
        output.say(f"  {_WORDS[figure.measure]}{name}: {_value(figure)}")


def _value(figure: Figure) -> str:
    if figure.value is None:
        return figure.reason
    said = f"{figure.value:.3f}"
    if figure.interval is not None:
        said += f" ({figure.interval.low:.3f} to {figure.interval.high:.3f})"
    elif figure.reason:
        said += f" ({figure.reason})"
    return f"{said}, n = {figure.used}"


VERBS: Final = (again,)
