"""What the panel of agreement can show: the names of figures, and how they come from sums."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from annotator.agreement import coding
from annotator.agreement.sums import (
    ByTable,
    Coincident,
    Formula,
    Paired,
    beyond_chance,
    conll_f1,
    gamma_of,
    links_f1,
    ratios_f1,
    share,
)


class About(StrEnum):
    """What a figure is about."""

    LABELS = "labels"
    ATTRIBUTES = "attributes"
    RELATIONS = "relations"
    ENTITIES = "entities"


@dataclass(frozen=True, slots=True)
class Numbers:
    """What one article adds to one figure."""

    about: About
    name: str
    figure: str
    sums: tuple[tuple[Hashable, float], ...]
    used: int
    found: int


ALL: Final = "all"
"""Name of the figure over all labels, relations or entities."""


class Measure(StrEnum):
    """What can be asked for."""

    F1 = "f1"
    GAMMA = "gamma"
    ALPHA_U = "alpha-u"
    ALPHA = "alpha"
    PERCENT = "percent"
    KAPPA = "kappa"
    PI = "pi"
    MUC = "muc"
    B3 = "b3"
    CEAF = "ceaf-e"
    CONLL = "conll"
    LEA = "lea"
    BLANC = "blanc"
    IDENTITY = "identity"


USUAL: Final = (
    Measure.F1,
    Measure.ALPHA,
    Measure.PERCENT,
    Measure.CONLL,
    Measure.LEA,
    Measure.BLANC,
    Measure.IDENTITY,
)
"""What is measured unless something else is asked for; gamma takes its time."""

CHARACTERS: Final = "F1 characters"
GIVEN: Final = "F1 given the spans"
BY_ENTITY: Final = "F1 by entity"
GIVEN_BY_ENTITY: Final = "F1 given the spans, by entity"
GAMMA_K: Final = "gamma_k"
ALPHA_U: Final = "alpha_U"
SINGLE: Final = "singletons"
SPLIT: Final = "split or merged"

FORMULAS: Final = MappingProxyType[str, tuple[Measure, Formula]](
    {
        "F1 strict": (Measure.F1, Paired(2, share)),
        "F1 overlap": (Measure.F1, Paired(2, share)),
        CHARACTERS: (Measure.F1, Paired(2, share)),
        "F1": (Measure.F1, Paired(2, share)),
        BY_ENTITY: (Measure.F1, Paired(2, share)),
        GIVEN: (Measure.F1, Paired(2, share)),
        GIVEN_BY_ENTITY: (Measure.F1, Paired(2, share)),
        "gamma": (Measure.GAMMA, Paired(4, gamma_of("gamma"))),
        "gamma of pieces": (Measure.GAMMA, Paired(4, gamma_of("gamma"))),
        "gamma_cat": (Measure.GAMMA, Paired(4, gamma_of("gamma_cat"))),
        GAMMA_K: (Measure.GAMMA, Paired(2, beyond_chance)),
        ALPHA_U: (Measure.ALPHA_U, Paired(2, beyond_chance)),
        "alpha": (Measure.ALPHA, Coincident()),
        "percent": (Measure.PERCENT, Paired(2, share)),
        "kappa": (Measure.KAPPA, ByTable(coding.cohen_kappa)),
        "pi": (Measure.PI, ByTable(coding.scott_pi)),
        "MUC": (Measure.MUC, Paired(4, ratios_f1)),
        "B3": (Measure.B3, Paired(4, ratios_f1)),
        "CEAF-e": (Measure.CEAF, Paired(4, ratios_f1)),
        "CoNLL": (Measure.CONLL, Paired(12, conll_f1)),
        "LEA": (Measure.LEA, Paired(4, ratios_f1)),
        "BLANC": (Measure.BLANC, Paired(6, links_f1)),
        SINGLE: (Measure.IDENTITY, Paired(2, share)),
        SPLIT: (Measure.IDENTITY, Paired(2, share)),
    }
)
"""The figures by their names: what they are asked for by, and how they come from sums.

``F1 characters`` counts two labels that lie over each other by the share of their characters that
both have (Jaccard). The last two are plain shares of entities, no agreement: how many have one
label only, and how many another annotator takes for several.
"""

MATCHED: Final = ", matched"
"""End of the names of figures of entities that count only places that both have marked."""
