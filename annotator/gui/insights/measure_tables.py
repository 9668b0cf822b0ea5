"""The rows of the tables on links, on entities, of gamma, and on what was left out."""

from __future__ import annotations

from typing import Final

from annotator.agreement.cases import Only, Question
from annotator.agreement.measures import (
    ALL,
    ALPHA_U,
    BY_ENTITY,
    GAMMA_K,
    GIVEN,
    GIVEN_BY_ENTITY,
    MATCHED,
    SINGLE,
    SPLIT,
    About,
)
from annotator.agreement.panel import Figure, Panel
from annotator.gui.insights.agreement_tables import (
    Rows,
    Table,
    axis_of,
    axis_row,
    figures_of,
    interval_cell,
    used_cell,
    value_cell,
)
from annotator.gui.insights.sheet import Cell, Column
from annotator.translation import number, tr

ENTITY_MEASURES: Final = ("MUC", "B3", "CEAF-e", "CoNLL", "LEA", "BLANC")
_MEASURES: Final = {"B3": "B³"}


def relations(panel: Panel) -> Table:
    """Return the F1 of links: of all, and given that both have marked the ends."""
    every = figures_of(panel, About.RELATIONS, "F1")
    entity = figures_of(panel, About.RELATIONS, BY_ENTITY)
    given = figures_of(panel, About.RELATIONS, GIVEN)
    given_entity = figures_of(panel, About.RELATIONS, GIVEN_BY_ENTITY)
    axis = axis_of([*every.values(), *given.values()])
    columns = [
        Column(tr("Link"), width=110, stretch=True),
        Column(tr("Used"), right=True),
        Column(tr("All"), right=True),
        Column(tr("All, same person"), right=True, minor=True),
        Column(tr("Given labels"), right=True),
        Column(tr("Given, same person"), right=True, minor=True),
        Column(tr("F1 of all with 95 % interval"), width=190),
    ]
    rows: Rows = []
    for name, found in every.items():
        question = Question(About.RELATIONS, name)
        both = Question(About.RELATIONS, name, given_spans=True)
        rows.append(
            [
                Cell(
                    text=tr("All links") if name == ALL else name.replace("_", " "),
                    icon="" if name == ALL else "link",
                    opens=question,
                ),
                used_cell(found),
                value_cell(found, question, weight=600),
                value_cell(entity.get(name), question),
                value_cell(given.get(name), both),
                value_cell(given_entity.get(name), both),
                interval_cell(found, axis),
            ]
        )
    if rows:
        rows.append(axis_row(len(columns), axis))
    return columns, rows


def entities(panel: Panel) -> Table:
    """Return the measures of whether the same labels stand for the same person or place."""
    axis = (0.0, 1.0)
    columns = [
        Column(tr("Measure"), width=110, stretch=True),
        Column(tr("Used"), right=True),
        Column(tr("All labels"), right=True),
        Column(tr("Labels of both"), right=True, minor=True),
        Column(tr("All labels, with 95 % interval"), width=200),
    ]
    rows: Rows = []
    for name in _kinds(panel):
        for measure in ENTITY_MEASURES if name == ALL else ("CoNLL", "LEA"):
            found = figures_of(panel, About.ENTITIES, measure).get(name)
            matched = figures_of(panel, About.ENTITIES, measure + MATCHED).get(name)
            question = Question(About.ENTITIES, name)
            shown = _MEASURES.get(measure, measure)
            rows.append(
                [
                    Cell(text=shown, second="" if name == ALL else name, opens=question),
                    used_cell(found),
                    value_cell(found, question, weight=600),
                    value_cell(matched, question),
                    Cell() if found is None else interval_cell(found, axis),
                ]
            )
    if rows:
        rows.append(axis_row(len(columns), axis))
    return columns, rows


def _kinds(panel: Panel) -> list[str]:
    names = {one.name for one in panel.figures if one.about is About.ENTITIES}
    return sorted(names, key=lambda key: (key != ALL, key))


def identity(panel: Panel) -> Table:
    """Return how many entities have one label only, and how many another takes for several."""
    single = figures_of(panel, About.ENTITIES, SINGLE)
    split = figures_of(panel, About.ENTITIES, SPLIT)
    columns = [
        Column(tr("Who or where"), width=110, stretch=True),
        Column(tr("Entities"), right=True),
        Column(tr("With one label"), right=True),
        Column(tr("Compared"), right=True),
        Column(tr("Split or joined"), right=True),
    ]
    rows: Rows = []
    for name in _kinds(panel):
        alone = Question(About.ENTITIES, name, only=Only.SINGLE)
        torn = Question(About.ENTITIES, name, only=Only.SPLIT)
        counted = Question(About.ENTITIES, name, only=Only.EVERY)
        found = single.get(name)
        rows.append(
            [
                Cell(text=tr("All") if name == ALL else name, opens=counted),
                Cell(
                    text="–" if found is None else number(found.used),
                    right=True,
                    muted=True,
                    opens=counted,
                ),
                value_cell(found, alone),
                used_cell(split.get(name), torn),
                value_cell(split.get(name), torn, weight=600),
            ]
        )
    return columns, rows


def gammas(panel: Panel) -> Table:
    """Return gamma of labels and of their pieces, of what labels say alone, and by label."""
    said = {
        "gamma": tr("Gamma: where and what"),
        "gamma of pieces": tr("Gamma of pieces: broken labels by their pieces"),
        "gamma_cat": tr("Gamma cat: what, where both have something"),
        GAMMA_K: tr("Gamma k: what, where one has it"),
        ALPHA_U: tr("Alpha U of 2004: where, of labels that never overlap"),
    }
    figures = [one for one in panel.figures if one.measure in said]
    figures.sort(key=lambda one: list(said).index(one.measure))
    axis = axis_of([None, *figures])
    axis = (min(axis[0], 0.0), 1.0)
    columns = [
        Column(tr("Measure"), width=200, stretch=True),
        Column(tr("Label"), width=110),
        Column(tr("Used"), right=True),
        Column(tr("Value"), right=True),
        Column(tr("With 95 % interval"), width=180),
    ]
    rows: Rows = []
    for one in figures:
        question = _behind_gamma(one)
        rows.append(
            [
                Cell(text=said[one.measure], opens=question),
                Cell(text=tr("All") if one.name == ALL else one.name, opens=question),
                used_cell(one),
                value_cell(one, question, weight=600),
                interval_cell(one, axis),
            ]
        )
    if rows:
        rows.append(axis_row(len(columns), axis))
    return columns, rows


def _behind_gamma(one: Figure) -> Question:
    of_labels = one.measure in ("gamma_cat", GAMMA_K)
    return Question(About.LABELS, one.name, only=Only.LABEL if of_labels else None)


def left_out(panel: Panel) -> Table:
    """Return why articles that several people have read are not compared, and how many."""
    columns = [
        Column(tr("Left out"), width=200, stretch=True),
        Column(tr("Articles"), right=True),
    ]
    reasons = (
        (tr("Made with different texts of the article"), panel.other_text, Only.TEXT),
        (tr("Made with different versions of the scheme"), panel.other_scheme, Only.SCHEME),
    )
    rows = [
        [
            Cell(text=words, opens=Question(About.LABELS, only=only)),
            Cell(text=number(len(ids)), right=True, opens=Question(About.LABELS, only=only)),
        ]
        for words, ids, only in reasons
        if ids
    ]
    return columns, rows
