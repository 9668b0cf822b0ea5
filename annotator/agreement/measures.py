"""What the panel of agreement can show: the names of figures, and how they come from sums."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from annotator.agreement import coding
from annotator.agreement.sums import (
    ByTable,
    Coincident,
    Formula,
    Paired,
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


ALL: Final = "all"
"""Name of the figure over all labels, relations or entities."""


class Measure(StrEnum):
    """What can be asked for."""

    F1 = "f1"
    GAMMA = "gamma"
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


USUAL: Final = (
    Measure.F1,
    Measure.ALPHA,
    Measure.PERCENT,
    Measure.CONLL,
    Measure.LEA,
    Measure.BLANC,
)
"""What is measured unless something else is asked for; gamma takes its time."""

FORMULAS: Final = MappingProxyType[str, tuple[Measure, Formula]](
    {
        "F1 strict": (Measure.F1, Paired(2, share)),
        "F1 overlap": (Measure.F1, Paired(2, share)),
        "F1": (Measure.F1, Paired(2, share)),
        "F1 given the spans": (Measure.F1, Paired(2, share)),
        "F1 by entity": (Measure.F1, Paired(2, share)),
        "gamma": (Measure.GAMMA, Paired(4, gamma_of("gamma"))),
        "gamma of pieces": (Measure.GAMMA, Paired(4, gamma_of("gamma"))),
        "gamma_cat": (Measure.GAMMA, Paired(4, gamma_of("gamma_cat"))),
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
    }
)
"""The figures by their names: what they are asked for by, and how they come from sums."""

MATCHED: Final = ", matched"
"""End of the names of figures of entities that count only places that both have marked."""
