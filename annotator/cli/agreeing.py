"""The verb that says how far people agree."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import click

from annotator.cli import output
from annotator.cli.opening import count, open_project
from annotator.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from annotator.agreement.findings import Findings
    from annotator.agreement.panel import Figure, Panel
    from annotator.project import Project

_MEASURES: Final = (
    "f1",
    "alpha",
    "percent",
    "kappa",
    "pi",
    "gamma",
    "muc",
    "b3",
    "ceaf-e",
    "conll",
    "lea",
    "blanc",
    "identity",
    "alpha-u",
)


@click.command(short_help="Say how far people agree who read the same articles.")
@click.argument("project")
@click.option("--layers", metavar="NAME,…", help="Only these annotators; else all.")
@click.option("--labels", metavar="NAME,…", help="Only spans with these labels.")
@click.option(
    "--measure",
    "measures",
    type=click.Choice(_MEASURES),
    multiple=True,
    help="Only this; repeatable. Without it: f1, alpha, percent, conll, lea, blanc, identity.",
)
@click.option("--unfinished", is_flag=True, help="Also layers that somebody is still at.")
@click.option(
    "--minimum",
    type=click.FloatRange(0, 1),
    help="Also say how likely alpha is below this, such as 0.667.",
)
@click.option("--seed", default=1, show_default=True, help="Of what is drawn at random.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def agreement(
    project: str,
    layers: str | None,
    labels: str | None,
    measures: tuple[str, ...],
    unfinished: bool,
    minimum: float | None,
    seed: int,
    as_json: bool,
) -> None:
    """Say how far people agree: by label, attribute, relation and entity.

    1 is full agreement. F1 is the mean over pairs of people, from the sums of all articles; strict
    asks for the same borders, overlap for one shared character. Alpha and gamma are 0 for chance.
    Intervals hold the true value in 95 of 100 cases; they come from drawing articles 2000 times.
    What a layer that is not handed in lacks is not counted as a difference. Articles whose layers
    were made with different texts or schemes are left out, and named with --json. Gold is compared
    where it is named: --layers ada,gold. What somebody labels blind is hidden in the window only:
    this verb counts it, whoever asks.
    """
    from annotator.agreement.measures import USUAL, Measure
    from annotator.agreement.panel import Gathering

    with open_project(project) as opened:
        authors, names = _names(layers), _names(labels)
        _refuse_unknown(opened, authors, names)
        gathering = Gathering(
            opened.scheme,
            authors=authors,
            labels=names,
            measures=[Measure(name) for name in measures] or USUAL,
            unfinished=unfinished,
            seed=seed,
        )
        for item in opened.each_annotated():
            gathering.add(item)
    panel = gathering.panel()
    failing = {} if minimum is None else _failing(panel, gathering.findings(), minimum)
    if as_json:
        output.say_json(_plain(panel, seed, failing))
    elif panel.articles:
        _say(panel)
        for (_, name), share in failing.items():
            output.say()
            likely = "cannot be told" if share is None else f"{100 * share:.1f} %"
            output.say(f"Alpha of {name} below {minimum}: {likely}")
    else:
        _say_nothing(panel)


def _failing(
    panel: Panel, findings: Findings, minimum: float
) -> dict[tuple[str, str], float | None]:
    """Return how likely each alpha is below *minimum*, by what it is about and its name."""
    found: dict[tuple[str, str], float | None] = {}
    for figure in panel.figures:
        if figure.measure == "alpha":
            shares = findings.failing(figure.about, figure.name, figure.measure, [minimum])
            found[figure.about, figure.name] = None if shares is None else shares[0]
    return found


def _names(text: str | None) -> list[str]:
    return [name for part in (text or "").split(",") if (name := part.strip())]


def _refuse_unknown(project: Project, authors: Sequence[str], labels: Sequence[str]) -> None:
    known = set(project.authors())
    strangers = [name for name in authors if name not in known]
    if strangers:
        raise UserError(
            f"{_listed(strangers)} has marked nothing in {project.location}. "
            f"There are: {_listed(sorted(known)) or 'no layers at all'}."
        )
    if len(set(authors)) == 1:
        raise UserError("Agreement takes two: name at least two annotators with --layers.")
    marked = {label.name for label in project.scheme.labels}
    strangers = [name for name in labels if name not in marked]
    if strangers:
        raise UserError(
            f"The scheme has no label {_listed(strangers)}. "
            f"There are: {_listed(sorted(marked)) or 'none'}."
        )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _plain(
    panel: Panel, seed: int, failing: Mapping[tuple[str, str], float | None]
) -> dict[str, Any]:
    found = asdict(panel) | {"seed": seed}
    for figure in found["figures"]:
        interval = figure["interval"]
        figure["interval"] = None if interval is None else list(interval)
        key = (figure["about"], figure["name"])
        if figure["measure"] == "alpha" and key in failing:
            figure["below_minimum"] = failing[key]
    for pair, own in zip(panel.pairs, found["pairs"], strict=True):
        for scenario, counts in pair.counts.items():
            own["counts"][scenario]["f1"] = counts.f1
    return found


def _say_nothing(panel: Panel) -> None:
    output.say("There is nothing to compare yet: no article has been read and handed in by two.")
    _say_left_out(panel)


def _say(panel: Panel) -> None:
    output.say(
        f"{count(panel.articles, 'article')} read by two or more of: {_listed(panel.annotators)}."
    )
    _say_left_out(panel)
    widths = _widths(panel.figures)
    about = ""
    for figure in panel.figures:
        if figure.about != about:
            about = figure.about
            output.say()
            output.say(_row((about.capitalize(), "Measure", "Value", "95 %", "Used"), widths))
        output.say(_row(_cells(figure), widths))
    for reason in sorted({figure.reason for figure in panel.figures} - {""}):
        who = [figure for figure in panel.figures if figure.reason == reason]
        output.say()
        output.say(f"{reason.capitalize()} ({count(len(who), 'figure')}).")


def _say_left_out(panel: Panel) -> None:
    if panel.alone:
        output.say(f"{count(panel.alone, 'article')} read by one only: nothing to compare.")
    if panel.unfinished:
        output.say(
            f"{count(panel.unfinished, 'layer')} not handed in yet: left out; "
            "--unfinished takes them too."
        )
    for ids, what in ((panel.other_text, "texts"), (panel.other_scheme, "versions of the scheme")):
        if ids:
            output.say(f"{count(len(ids), 'article')} left out: made with different {what}.")


def _cells(figure: Figure) -> tuple[str, ...]:
    value = "undefined" if figure.value is None else f"{figure.value:.3f}"
    interval = "-"
    if figure.interval is not None:
        interval = f"{figure.interval.low:.3f} to {figure.interval.high:.3f}"
    used = f"{figure.used} of {figure.found}"
    return (f"  {figure.name}", figure.measure, value, interval, used)


def _widths(figures: Sequence[Figure]) -> list[int]:
    heading = ("Attributes", "Measure", "undefined", "0.000 to 0.000", "Used")
    rows = [heading, *(_cells(figure) for figure in figures)]
    return [max(len(output.plain(row[at])) for row in rows) for at in range(len(heading))]


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    plain = [output.plain(cell).ljust(width) for cell, width in zip(cells, widths, strict=True)]
    return "  ".join(plain).rstrip()


VERBS: Final = (agreement,)
