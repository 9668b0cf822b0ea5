"""The rows of the tables of agreement on labels and values, and which cases each cell opens."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from math import floor
from typing import TYPE_CHECKING, Final

from annotator.agreement.cases import Only, Question
from annotator.agreement.findings import EXACT, OVERLAP
from annotator.agreement.matching import Counts, Scenario
from annotator.agreement.measures import ALL, CHARACTERS, SPLIT, About
from annotator.agreement.panel import NO_VARIATION, Figure, Panel
from annotator.gui.insights.reading import MINIMA
from annotator.gui.insights.sheet import Cell, Column
from annotator.gui.insights.words import (
    amount,
    between,
    day_in_words,
    day_of,
    exact,
    figure,
    reason_in_words,
    scenario_in_words,
)
from annotator.review.gold import AUTHOR
from annotator.translation import number, tr

if TYPE_CHECKING:
    from annotator.gui.insights.reading import Agreement
    from annotator.scheme import Scheme

Rows = list[list[Cell]]
Table = tuple[list[Column], Rows]
OUTCOMES: Final = ("correct", "incorrect", "partial", "missing", "spurious")


def figures_of(panel: Panel, about: About, measure: str) -> dict[str, Figure]:
    """Return the figures of one measure by what they are about."""
    return {one.name: one for one in panel.figures if one.about is about and one.measure == measure}


def value_cell(found: Figure | None, opens: object = None, *, weight: int = 400) -> Cell:
    """Return a figure with how many things it is about, and why there may be none."""
    if found is None:
        return Cell(text="–", right=True, muted=True)
    counts = tr("{used} of {found} used", used=number(found.used), found=number(found.found))
    words = [counts]
    if found.interval is not None:
        words.append(tr("95 %: {interval}", interval=between(found.interval)))
    if found.reason:
        words.append(reason_of(found))
    undefined = found.value is None
    return Cell(
        text=tr("undefined") if undefined else figure(found.value),
        right=True,
        weight=weight,
        muted=undefined,
        hint=". ".join(word.rstrip(".") for word in words),
        opens=opens,
    )


def reason_of(found: Figure) -> str:
    """Say why there is no figure, or no interval."""
    if found.measure == SPLIT:
        return tr("Undefined, because nobody has two labels that two people both marked.")
    if found.about is About.ENTITIES and found.reason == NO_VARIATION:
        return tr("Undefined, because no two labels stand for the same.")
    return reason_in_words(found.reason)


def used_cell(found: Figure | None, opens: object = None) -> Cell:
    """Return how many things a figure could use, of all there are; it opens those by default."""
    if found is None:
        return Cell()
    words = tr("{used} of {found}", used=number(found.used), found=number(found.found))
    every = Question(found.about, found.name, only=Only.EVERY)
    return Cell(text=words, right=True, muted=True, opens=opens or every)


def axis_of(figures: Sequence[Figure | None]) -> tuple[float, float]:
    """Return the range in which figures and their intervals are drawn."""
    lows = [
        one.interval.low if one.interval is not None else one.value
        for one in figures
        if one is not None and one.value is not None
    ]
    return (floor(min([*lows, 0.5]) * 4) / 4, 1.0)


def interval_cell(found: Figure | None, axis: tuple[float, float]) -> Cell:
    """Return a figure with its interval, drawn."""
    if found is None or found.value is None:
        return Cell()
    low, high = found.interval or (found.value, found.value)
    said = value_cell(found)
    return Cell(interval=(low, found.value, high), axis=axis, hint=said.hint)


def axis_row(columns: int, axis: tuple[float, float]) -> list[Cell]:
    """Return the last row of a table, with the ticks under its last column."""
    return [*(Cell() for _ in range(columns - 1)), Cell(axis=axis)]


# -- labels and links -----------------------------------------------------------------------


def matrix(agreement: Agreement, *, gold: bool = False) -> Table:
    """Return the annotators beside each other: exact F1 below, overlap F1 above the diagonal.

    With *gold* it stands beside them, as the last one.
    """
    names, findings = agreement.panel.annotators, agreement.findings
    if gold:
        findings = agreement.golden
        names = tuple(sorted(agreement.beside_gold, key=lambda name: (name == AUTHOR, name)))
    columns = [Column("", width=64, stretch=True)]
    columns += [Column(_who(name), width=64, stretch=True, centred=True) for name in names]
    rows: Rows = []
    for row, one in enumerate(names):
        cells = [Cell(text=_who(one), muted=True)]
        for column, other in enumerate(names):
            if row == column:
                cells.append(Cell(text="–", centred=True, muted=True))
                continue
            overlap = column > row
            value = findings.of_pair(one, other, OVERLAP if overlap else EXACT)
            said = tr("some characters in common") if overlap else tr("the same borders")
            pair = tuple(sorted((one, other)))
            cells.append(
                Cell(
                    text=figure(value),
                    share=value or 0.0,
                    hint=tr("{one} and {other}: {what}", one=one, other=other, what=said),
                    opens=Question(About.LABELS, authors=pair, overlap=overlap),
                )
            )
        rows.append(cells)
    return columns, rows


def _who(name: str) -> str:
    return tr("Gold") if name == AUTHOR else name


def by_label(agreement: Agreement, scheme: Scheme, *, whole: bool) -> Table:
    """Return a row for each label and link; *whole* adds how frequent they are."""
    panel = agreement.panel
    exact = figures_of(panel, About.LABELS, EXACT)
    ties = figures_of(panel, About.RELATIONS, "F1")
    axis = axis_of([*exact.values(), *ties.values()])
    columns = [Column(tr("Label or link"), width=110, stretch=True)]
    if whole:
        columns += [
            Column(tr("Share"), right=True, minor=True),
            Column(tr("Used"), right=True),
        ]
    columns += [
        Column(tr("Pairs"), right=True, minor=whole),
        Column(tr("Overlap"), right=True),
        *([Column(tr("By characters"), right=True, minor=True)] if whole else []),
        Column(tr("Exact"), right=True),
        Column(tr("F1 with 95 % interval"), width=170),
    ]
    rows = _rows_of_labels(agreement, scheme, axis, whole=whole)
    for name, found in ties.items():
        if name != ALL:
            rows.append(_row_of_link(name, found, axis, whole=whole))
    rows.append(axis_row(len(columns), axis))
    return columns, rows


def _rows_of_labels(
    agreement: Agreement, scheme: Scheme, axis: tuple[float, float], *, whole: bool
) -> Rows:
    panel = agreement.panel
    exact = figures_of(panel, About.LABELS, EXACT)
    overlap = figures_of(panel, About.LABELS, OVERLAP)
    shared = figures_of(panel, About.LABELS, CHARACTERS)
    total = max((one.found for one in exact.values()), default=0)
    order = [label.name for label in scheme.labels]
    rows: Rows = []
    for name in sorted(exact, key=lambda key: (key == ALL, _place(order, key), key)):
        if name == ALL and not whole:
            continue
        found = exact[name]
        known = scheme.label(name)
        row = [
            Cell(
                text=tr("All labels") if name == ALL else name,
                colour="" if name == ALL else ("grey" if known is None else known.colour),
                opens=Question(About.LABELS, name),
            )
        ]
        if whole:
            share = found.found / total if total and name != ALL else None
            every = Question(About.LABELS, name, only=Only.EVERY)
            row += [
                Cell(text=_percent(share), right=True, muted=True, opens=every),
                used_cell(found),
            ]
        pairs = Question(About.LABELS, name, only=Only.PAIRS)
        row += [
            Cell(text=number(agreement.findings.pairs(name)), right=True, muted=True, opens=pairs),
            value_cell(overlap.get(name), Question(About.LABELS, name, overlap=True)),
            *([value_cell(shared.get(name), Question(About.LABELS, name))] if whole else []),
            value_cell(found, Question(About.LABELS, name), weight=600),
            interval_cell(found, axis),
        ]
        rows.append(row)
    return rows


def _row_of_link(name: str, found: Figure, axis: tuple[float, float], *, whole: bool) -> list[Cell]:
    question = Question(About.RELATIONS, name)
    row = [Cell(text=name.replace("_", " "), icon="link", opens=question)]
    if whole:
        row += [Cell(), used_cell(found)]
    return [
        *row,
        Cell(text="" if whole else number(found.used), right=True, muted=True),
        value_cell(found, question, weight=600),
        *([Cell()] if whole else []),
        Cell(),
        interval_cell(found, axis),
    ]


def _place(order: Sequence[str], name: str) -> int:
    return order.index(name) if name in order else len(order)


def _percent(share: float | None) -> str:
    return "" if share is None else tr("{n} %", n=round(100 * share))


def counts_of(panel: Panel, pair: tuple[str, ...]) -> dict[str, Counts]:
    """Return the outcomes of a pair of annotators by scenario; of all pairs for none."""
    found: dict[str, Counts] = {}
    for one in panel.pairs:
        if not pair or pair == (one.first, one.second):
            for scenario, counts in one.counts.items():
                found[scenario] = found.get(scenario, Counts()) + counts
    return found


def outcomes(panel: Panel, pair: tuple[str, ...]) -> Table:
    """Return what became of the labels of the first beside those of the second."""
    heads = (
        tr("COR right"),
        tr("INC wrong"),
        tr("PAR partly"),
        tr("MIS first only"),
        tr("SPU second only"),
    )
    columns = [Column(tr("What has to be right"), width=150, stretch=True)]
    # Names of the field, known by their three letters.
    columns += [Column(h, right=True, minor=True, short=h.partition(" ")[0]) for h in heads]
    columns += [
        Column(tr("Precision"), right=True, minor=True),
        Column(tr("Recall"), right=True, minor=True),
        Column("F1", right=True),
    ]
    counts = counts_of(panel, pair)
    rows: Rows = []
    for scenario in Scenario:
        own = counts.get(scenario.value, Counts())
        counted = [number(getattr(own, name)) for name in OUTCOMES]
        said = ", ".join(f"{head}: {n}" for head, n in zip(heads, counted, strict=True))
        row = [Cell(text=scenario_in_words(scenario), hint=said)]

        def asked(*names: str, scenario: str = scenario.value) -> Question:
            return Question(About.LABELS, authors=pair, scenario=scenario, outcomes=names)

        for name in OUTCOMES:
            count: int = getattr(own, name)
            opens = asked(name) if count else None
            row.append(Cell(text=number(count), right=True, muted=not count, opens=opens))
        _right, *wrong, missing, spurious = OUTCOMES
        row += [
            Cell(text=figure(own.precision), right=True, opens=asked(*wrong, spurious)),
            Cell(text=figure(own.recall), right=True, opens=asked(*wrong, missing)),
            Cell(text=figure(own.f1), right=True, weight=600, opens=asked(*OUTCOMES[1:])),
        ]
        rows.append(row)
    return columns, rows


# -- attributes -----------------------------------------------------------------------------


def attributes(agreement: Agreement, minimum: float) -> Table:
    """Return a row for each attribute, and one for which link it is: alpha, and plain agreement.

    *minimum* is one of :data:`~annotator.gui.insights.reading.MINIMA`.
    """
    panel = agreement.panel
    alphas = [one for one in panel.figures if one.measure == "alpha"]
    percents = {(o.about, o.name): o for o in panel.figures if o.measure == "percent"}
    known = [one for one in alphas if one.value is not None]
    lowest = min([one.interval.low if one.interval else one.value or 0 for one in known] or [0.0])
    axis = (min(floor(lowest * 4) / 4, 0.0), 1.0)
    columns = [
        Column(tr("Label and attribute"), width=150, stretch=True),
        Column(tr("Used"), right=True),
        Column(tr("Same value"), right=True, minor=True),
        Column(tr("Alpha"), right=True),
        Column(tr("Below {minimum}", minimum=exact(minimum)), right=True, minor=True),
        Column(tr("Alpha with 95 % interval"), width=180),
    ]
    rows: Rows = []
    for found in alphas:
        of_links = found.about is About.RELATIONS
        question = Question(found.about, found.name, only=Only.LABEL if of_links else None)
        shares = agreement.failing.get((found.about, found.name))
        failing = None if shares is None else shares[MINIMA.index(minimum)]
        name = tr("Which link") if of_links else attribute_in_words(found.name)
        rows.append(
            [
                Cell(text=name, icon="link" if of_links else "", opens=question),
                used_cell(found),
                value_cell(percents.get((found.about, found.name)), question),
                value_cell(found, question, weight=600),
                Cell(
                    text=_percent(failing) or "–",
                    right=True,
                    muted=not failing,
                    hint=tr("How likely alpha is below the minimum"),
                    opens=question,
                ),
                interval_cell(found, axis),
            ]
        )
    if rows:
        rows.append(axis_row(len(columns), axis))
    return columns, rows


def attribute_in_words(name: str) -> str:
    """Return ``Claim.claim_type`` as people read it."""
    label, _, attribute = name.rpartition(".")
    return f"{label}: {attribute.replace('_', ' ')}"


def confusion(agreement: Agreement, name: str) -> Table:
    """Return how often two people gave two values to the same label."""
    found = agreement.findings.confusion(name)
    values = sorted({value for pair in found for value in pair}, key=value_in_words)
    most = max(found.values(), default=1) or 1
    columns = [Column("", width=96, stretch=True)]
    columns += [Column(value_in_words(v), width=72, stretch=True, centred=True) for v in values]
    rows: Rows = []
    for row, one in enumerate(values):
        cells = [Cell(text=value_in_words(one), muted=True)]
        for other in values[: row + 1]:
            count = found.get((one, other), found.get((other, one), 0.0))
            question = Question(About.ATTRIBUTES, name, values=(one, other))
            cells.append(
                Cell(
                    text=amount(count),
                    share=count / most,
                    weight=600 if one == other else 400,
                    opens=question if count else None,
                )
            )
        rows.append(cells)
    return columns, rows


def value_in_words(value: Hashable) -> str:
    """Return a value of an attribute as people read it."""
    if value is None:
        return tr("not set")
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, frozenset):
        return ", ".join(sorted(map(str, value))) or tr("none")
    return str(value)


def periods(agreement: Agreement) -> Table:
    """Return exact and overlap F1 by the week in which articles were handed in."""
    columns = [
        Column(tr("Week of"), width=130, stretch=True),
        Column(tr("Articles"), right=True),
        Column(tr("Overlap"), right=True),
        Column(tr("Exact"), right=True),
    ]
    rows: Rows = []
    for one in agreement.periods:
        ids = frozenset(one.articles)
        day = day_of(one.name)
        rows.append(
            [
                Cell(text=one.name if day is None else day_in_words(day)),
                Cell(text=number(len(one.articles)), right=True, muted=True),
                Cell(
                    text=figure(one.overlap),
                    right=True,
                    opens=Question(About.LABELS, overlap=True, articles=ids),
                ),
                Cell(
                    text=figure(one.exact),
                    right=True,
                    weight=600,
                    opens=Question(About.LABELS, articles=ids),
                ),
            ]
        )
    return columns, rows


def reasons(panel: Panel, *measures: str) -> str:
    """Say which figures of some measures there are none of, and why."""
    found: dict[str, list[str]] = {}
    for one in panel.figures:
        if one.reason and one.value is None and one.measure in measures:
            names = found.setdefault(reason_of(one), [])
            name = attribute_in_words(one.name) if one.about is About.ATTRIBUTES else one.name
            if one.measure == "alpha" and one.about is About.RELATIONS:
                name = tr("Which link")
            if one.about is About.ENTITIES:
                name = one.measure if one.name == ALL else f"{one.measure}, {one.name}"
            if name not in names:
                names.append(name)
    said = [f"{why.rstrip('.')} ({'; '.join(names)})." for why, names in found.items()]
    return " ".join(said)


def nothing_to_compare() -> str:
    """Say why there are no figures, and what would bring them."""
    return tr(
        "No two people have handed in the same article yet. Figures come here once they have."
    )
