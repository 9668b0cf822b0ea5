"""Published inputs come out with their published values."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import astuple
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.agreement import clusters, coding, gamma, unitizing
from annotator.agreement.gamma import Unit
from annotator.agreement.matching import Scenario, counted, specific_agreement
from annotator.agreement.measures import FORMULAS
from annotator.agreement.sums import Tally
from annotator.model import Fragment, Span
from annotator.review.aligning import align_spans

CASES: Final[dict[str, dict[str, Any]]] = {
    case["id"]: case
    for case in json.loads(
        Path(__file__).with_name("data").joinpath("cases.json").read_text("utf-8")
    )
}


def ids(start: str) -> list[str]:
    return [name for name in CASES if name.startswith(start)]


def expected(name: str) -> tuple[dict[str, Any], Any]:
    """Return what a case expects, and a comparison with its tolerance."""
    case = CASES[name]
    tolerance = case["tolerance"]
    return case["expected"], partial(pytest.approx, abs=tolerance, rel=0)


def columns(rows: Sequence[Sequence[Any]]) -> list[list[Hashable]]:
    return [[value for value in unit if value is not None] for unit in zip(*rows, strict=True)]


def test_alpha_with_values_missing() -> None:
    values, near = expected("kalpha_missing_3x15")
    table = coding.coincidences(columns(CASES["kalpha_missing_3x15"]["input"]["coders_x_units"]))
    assert coding.alpha(table) == near(values["nominal"])
    assert coding.alpha(table, coding.interval) == near(values["interval"])


def test_alpha_of_two_annotators_and_two_values() -> None:
    values, near = expected("kalpha_dichotomy")
    units = CASES["kalpha_dichotomy"]["input"]["units"]
    table = coding.coincidences(units)
    assert coding.percent(units) == near(values["percent"])
    assert coding.disagreement(table) == (near(values["Do"]), near(values["De"]))
    assert coding.alpha(table) == near(values["alpha"])


def contingency(name: str) -> dict[tuple[Hashable, Hashable], float]:
    cells = CASES[name]["input"]["contingency"]
    return {(cell["coder1"], cell["coder2"]): cell["count"] for cell in cells}


def units_of(table: Mapping[tuple[Hashable, Hashable], float]) -> list[tuple[Hashable, Hashable]]:
    return [pair for pair, count in table.items() for _ in range(int(count))]


def test_pi_kappa_and_s_of_two_labels() -> None:
    values, near = expected("artstein_poesio_2008_ex1")
    table = contingency("artstein_poesio_2008_ex1")
    assert coding.percent(units_of(table)) == near(values["Ao"])
    assert coding.bennett_s(table) == near(values["S"])
    assert coding.scott_pi(table) == near(values["pi"])
    assert coding.fleiss_kappa(units_of(table)) == near(values["pi"])
    assert coding.cohen_kappa(table) == near(values["kappa"])


def test_weighted_measures_of_three_labels() -> None:
    name = "artstein_poesio_2008_ex2_weighted"
    values, near = expected(name)
    table = contingency(name)

    def weighted(one: Hashable, other: Hashable) -> float:
        if one == other:
            return 0.0
        return 0.5 if "Chck" in (one, other) else 1.0

    together = coding.coincidences(units_of(table))
    assert coding.bennett_s(table) == near(values["S"])
    assert coding.scott_pi(table) == near(values["pi"])
    assert coding.cohen_kappa(table) == near(values["kappa"])
    assert coding.alpha(together) == near(values["alpha_nominal"])
    assert coding.alpha(together, weighted) == near(values["alpha_weighted"])
    assert coding.cohen_kappa(table, weighted) == near(values["kappa_weighted"])


def test_labels_of_positions() -> None:
    values, near = expected("krippendorff_1995_A_positions")
    given_ = CASES["krippendorff_1995_A_positions"]["input"]
    pairs = list(zip(given_["coder1"], given_["coder2"], strict=True))
    assert coding.cohen_kappa(Counter(pairs)) == near(values["kappa"])
    assert coding.scott_pi(Counter(pairs)) == near(values["pi"])
    assert coding.alpha(coding.coincidences(pairs)) == near(values["alpha"])


def test_where_nothing_varies_measures_are_undefined() -> None:
    given_ = CASES["krippendorff_1995_D_degenerate"]["input"]
    pairs = list(zip(given_["coder1"], given_["coder2"], strict=True))
    assert coding.cohen_kappa(Counter(pairs)) is None
    assert coding.scott_pi(Counter(pairs)) is None
    assert coding.fleiss_kappa(pairs) is None
    assert coding.alpha(coding.coincidences(pairs)) is None
    assert coding.bennett_s(Counter(pairs)) is None


def test_stretches_with_free_borders() -> None:
    values, _ = expected("ualpha_2004_p254")
    given_ = CASES["ualpha_2004_p254"]["input"]
    layers: list[dict[str, list[Fragment]]] = [{}, {}]
    for unit in given_["units"]:
        where = Fragment(unit["begin"], unit["begin"] + unit["length"])
        layers[unit["coder"]].setdefault(unit["cat"], []).append(where)
    begin = given_["continuum"]["begin"]
    text = Fragment(begin, begin + given_["continuum"]["length"])
    found = unitizing.labelled(layers, text)
    close = partial(pytest.approx, abs=1e-4)
    for name in "ck":
        assert found[name].observed == close(values[f"Do_{name}"])
        assert found[name].expected == close(values[f"De_{name}"])
    assert found["c"].alpha == pytest.approx(values["alpha_c"], abs=1e-4)
    assert found["k"].alpha == pytest.approx(values["alpha_k"], abs=1e-4)
    together = unitizing.alpha(list(found.values()))
    assert together == pytest.approx(values["alpha_total"], abs=5e-4)


def continuum(name: str) -> list[list[Unit]]:
    layers: dict[str, list[Unit]] = {}
    for who, start, end, label in CASES[name]["input"]["units"]:
        layers.setdefault(who, []).append(Unit(start, end, label))
    return list(layers.values())


@pytest.mark.parametrize("name", ids("gamma"))
def test_the_disorder_of_gamma(name: str) -> None:
    values, near = expected(name)
    layers = continuum(name)
    for one, other, position, label, both in values["pairs"]:
        first, second = layers[0][one], layers[1][other]
        assert gamma.positional(first, second) == near(position)
        assert float(first.label != second.label) == label
        assert gamma.dissimilarity(first, second, gamma.Weights()) == near(both)
    assert gamma.best_alignment(layers).disorder == near(values["disorder"])


@pytest.mark.parametrize(
    ("name", "published"),
    [
        ("gamma_01_two_annotators_simple", 0.8836),
        ("gamma_02_unequal_counts", 0.5668),
        ("gamma_03_identical_perfect", 1.0),
    ],
)
def test_gamma_is_repeatable_and_near_what_another_program_drew(
    name: str, published: float
) -> None:
    layers = continuum(name)
    found = gamma.gamma(layers, seed=1, samples=200)
    assert found == gamma.gamma(layers, seed=1, samples=200)
    assert found.gamma == pytest.approx(published, abs=0.15)


def test_gamma_of_labels_alone_does_not_mind_borders() -> None:
    layers = continuum("gamma_01_two_annotators_simple")
    found = gamma.gamma(layers, seed=1)
    assert found.gamma_cat == 1.0
    assert found.gamma is not None
    assert found.gamma < 1.0
    other = [layers[0], [Unit(u.start, u.end, "b") for u in layers[1]]]
    worse = gamma.gamma(other, seed=1).gamma_cat
    assert worse is not None
    assert worse < 0.5


def test_gamma_of_one_label_says_nothing_about_labels() -> None:
    layers = [[Unit(1, 5, "a"), Unit(9, 14, "a")], [Unit(1, 6, "a"), Unit(9, 14, "a")]]
    assert gamma.gamma(layers, seed=1).gamma_cat is None


def span(number: int, said: Sequence[Any], layer: str, at: int) -> Span:
    label, start, end = said
    where = Fragment(at + start, at + end)
    return Span(
        id=f"{layer}{number}",
        article_id="a",
        layer_id=layer,
        label=label,
        fragments=(where,),
        text=("x" * (end - start),),
    )


@pytest.mark.parametrize("scenario", list(Scenario))
def test_counts_of_spans_in_the_four_scenarios(scenario: Scenario) -> None:
    values, near = expected("semeval2013_9_1_table")
    first, second = [], []
    for number, row in enumerate(CASES["semeval2013_9_1_table"]["input"]["rows"]):
        if row["gold"] is not None:
            first.append(span(number, row["gold"], "A", 1000 * number))
        if row["pred"] is not None:
            second.append(span(number, row["pred"], "B", 1000 * number))
    pairs = [
        (one[0] if one else None, other[0] if other else None)
        for one, other in align_spans([first, second])
    ]
    counts, wanted = counted(pairs, scenario), values[scenario.value]
    assert (counts.correct, counts.incorrect, counts.partial, counts.missing, counts.spurious) == (
        wanted["cor"],
        wanted["inc"],
        wanted["par"],
        wanted["mis"],
        wanted["spu"],
    )
    assert counts.precision == near(wanted["p"])
    assert counts.recall == near(wanted["r"])
    assert counts.f1 == near(wanted["f1"])


Scores = clusters.Ratios | clusters.Links


def clusters_of(notation: str) -> list[frozenset[Hashable]]:
    return [frozenset(group) for group in re.findall(r"\{(\w+)\}", notation)]


SCORES: Final[dict[str, Callable[[clusters.Clusters, clusters.Clusters], Scores]]] = {
    "muc": clusters.muc,
    "b3": clusters.b_cubed,
    "ceafm": clusters.ceaf_m,
    "ceafe": clusters.ceaf_e,
    "lea": clusters.lea,
    "blanc": clusters.blanc,
}


@pytest.mark.parametrize(
    ("name", "measure"),
    [(name, measure) for name in ids("coref") for measure in CASES[name]["expected"]],
)
def test_clusters_of_the_official_scorer(name: str, measure: str) -> None:
    values, near = expected(name)
    key = clusters_of(CASES[name]["input"]["key"])
    response = clusters_of(CASES[name]["input"]["response"])
    found = SCORES[measure](key, response)
    recall, precision, f1 = values[measure]
    assert (found.recall, found.precision) == (near(recall), near(precision))
    assert found.f1 == near(f1)
    # Who is the first of two annotators makes no difference.
    assert SCORES[measure](response, key).f1 == near(f1)


def of_the_panel(figure: str, numbers: Mapping[Any, float]) -> float | None:
    """Return what the panel makes of the sums of one article."""
    tally = Tally()
    for key, number in numbers.items():
        tally.add(0, key, number)
    formula = FORMULAS[figure][1]
    keys = formula.keys(tally)
    return formula.figure(keys)(tally.columns(keys, 1)[0])


NAMES: Final = {"muc": "MUC", "b3": "B3", "ceafe": "CEAF-e", "lea": "LEA", "blanc": "BLANC"}


@pytest.mark.parametrize("name", ids("coref"))
def test_the_panel_says_of_clusters_what_the_official_scorer_says(name: str) -> None:
    values, near = expected(name)
    key, response = (clusters_of(CASES[name]["input"][side]) for side in ("key", "response"))
    for measure, figure in NAMES.items():
        if measure in values:
            sums = astuple(SCORES[measure](key, response))
            found = of_the_panel(figure, {(("a", "b"), at): n for at, n in enumerate(sums)})
            assert found == near(values[measure][2])
    if {"muc", "b3", "ceafe"} <= values.keys():
        sums = tuple(
            number
            for measure in ("muc", "b3", "ceafe")
            for number in astuple(SCORES[measure](key, response))
        )
        found = of_the_panel("CoNLL", {(("a", "b"), at): n for at, n in enumerate(sums)})
        assert found == near(sum(values[one][2] for one in ("muc", "b3", "ceafe")) / 3)


def test_the_panel_says_of_values_what_was_published() -> None:
    values, near = expected("kalpha_missing_3x15")
    units = columns(CASES["kalpha_missing_3x15"]["input"]["coders_x_units"])
    assert of_the_panel("alpha", coding.coincidences(units)) == near(values["nominal"])
    values, near = expected("artstein_poesio_2008_ex1")
    table = contingency("artstein_poesio_2008_ex1")
    of_a_pair = {(("a", "b"), pair): count for pair, count in table.items()}
    assert of_the_panel("kappa", of_a_pair) == near(values["kappa"])
    assert of_the_panel("pi", of_a_pair) == near(values["pi"])
    values, near = expected("set_valued_masi")
    sets = [[frozenset(own) for own in unit] for unit in CASES["set_valued_masi"]["input"]["units"]]
    wanted = values["passonneau_nltk_form_1-J*M"]["alpha"]
    assert of_the_panel("alpha", coding.coincidences(sets)) == near(wanted)


def test_the_conll_score_is_the_mean_of_three() -> None:
    case = CASES["coref_TC-A-2"]
    key, response = (clusters_of(case["input"][side]) for side in ("key", "response"))
    wanted = sum(case["expected"][name][2] for name in ("muc", "b3", "ceafe")) / 3
    assert clusters.conll(key, response) == pytest.approx(wanted, abs=1e-4)


def test_alpha_of_sets_is_that_of_one_minus_j_times_m() -> None:
    values, near = expected("set_valued_masi")
    units = [
        [frozenset(value) for value in unit] for unit in CASES["set_valued_masi"]["input"]["units"]
    ]
    table = coding.coincidences(units)
    ours = values["passonneau_nltk_form_1-J*M"]["alpha"]
    assert coding.alpha(table, coding.masi) == near(ours)
    assert coding.percent(units) == near(values["percent"])
    for form, distance in (("dkpro_form_(1-J)(1-M)", product), ("set_distance_dkpro", thirds)):
        observed, chance = coding.disagreement(table, distance)
        assert (observed, chance) == (near(values[form]["Do"]), near(values[form]["De"]))
        assert coding.alpha(table, distance) == near(values[form]["alpha"])


def product(one: Hashable, other: Hashable) -> float:
    """The other distance that is called MASI."""
    assert isinstance(one, frozenset)
    assert isinstance(other, frozenset)
    together = one | other
    return (1 - len(one & other) / len(together)) * thirds(one, other) if together else 0.0


def thirds(one: Hashable, other: Hashable) -> float:
    """The distance of sets of another program: by containment alone, in thirds."""
    assert isinstance(one, frozenset)
    assert isinstance(other, frozenset)
    if one == other:
        return 0.0
    if one <= other or other <= one:
        return 1 / 3
    return 2 / 3 if one & other else 1.0


@given(
    first=st.lists(st.sampled_from("abcdef"), max_size=8),
    second=st.lists(st.sampled_from("abcdef"), max_size=8),
)
def test_f1_is_the_positive_specific_agreement_and_symmetric(
    first: list[str], second: list[str]
) -> None:
    def layer(name: str, letters: list[str]) -> list[Span]:
        return [
            span(number, ("Label", 20 * ord(letter), 20 * ord(letter) + 5), name, 0)
            for number, letter in enumerate(letters)
        ]

    both = sum((Counter(first) & Counter(second)).values())
    only = len(first) + len(second) - 2 * both
    wanted = 2 * both / (2 * both + only) if both + only else None
    a, b = layer("A", first), layer("B", second)
    assert specific_agreement(first, second) == wanted
    for one, other in ((a, b), (b, a)):
        groups = align_spans([one, other])
        pairs = [
            (x[n] if n < len(x) else None, y[n] if n < len(y) else None)
            for x, y in groups
            for n in range(max(len(x), len(y)))
        ]
        assert counted(pairs, Scenario.STRICT).f1 == pytest.approx(wanted, abs=1e-12)


@given(st.lists(st.lists(st.sampled_from("abc"), min_size=2, max_size=4), max_size=10))
def test_alpha_does_not_mind_who_gave_which_value(units: list[list[str]]) -> None:
    turned = [list(reversed(unit)) for unit in reversed(units)]
    first, second = (coding.alpha(coding.coincidences(one)) for one in (units, turned))
    assert first == pytest.approx(second)
    for unit in units:
        assert coding.percent([unit]) == pytest.approx(
            sum(a == b for a, b in combinations(unit, 2)) / (len(unit) * (len(unit) - 1) / 2)
        )
