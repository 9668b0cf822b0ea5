"""One phrase everywhere: where it stands, who labelled it as what, and the case that it is in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from annotator.model import Fragment
from annotator.review.cases import About, Case, Review, Standing


@dataclass(frozen=True, slots=True)
class Said:
    """A label at a place, and the layers that have it there."""

    label: str
    layer_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One place with the words, or of the person or place, and what readers say there."""

    article_id: str
    fragment: Fragment
    said: tuple[Said, ...] = ()
    """Nothing where nobody has labelled it."""
    case: Case | None = None
    """What a reviewer decides on; None where nobody has labelled it."""

    @property
    def key(self) -> str:
        """What the place is known by in a list."""
        case = "" if self.case is None else self.case.key
        return f"{self.article_id}/{self.fragment.start}/{case}"

    @property
    def is_open(self) -> bool:
        """Whether somebody has to decide."""
        return self.case is not None and self.case.standing == Standing.OPEN


def of_words(review: Review, fragments: Iterable[Fragment]) -> list[Occurrence]:
    """Return the places at *fragments*, each with the cases of labels on exactly these words."""
    cases: dict[Fragment, list[Case]] = defaultdict(list)
    for case in _span_cases(review):
        for fragment in dict.fromkeys(
            span.fragments[0]
            for variant in case.variants
            for span in variant.spans
            if len(span.fragments) == 1
        ):
            cases[fragment].append(case)
    found = []
    for fragment in fragments:
        here = cases.get(fragment, [])
        if not here:
            found.append(Occurrence(review.article_id, fragment))
        for case in here:
            said = _said(case, fragment)
            found.append(Occurrence(review.article_id, fragment, said, case))
    return found


def of_entity(review: Review, entity_ids: Iterable[str]) -> list[Occurrence]:
    """Return the places that some reader lets stand for one of these persons or places."""
    wanted = set(entity_ids)
    found = []
    for case in _span_cases(review):
        spans = [span for variant in case.variants for span in variant.spans]
        own = next((span for span in spans if span.entity_id in wanted), None)
        if own is not None:
            fragment = own.fragments[0]
            found.append(Occurrence(review.article_id, fragment, _said(case, None), case))
    return found


def _span_cases(review: Review) -> Iterable[Case]:
    return (case for case in review.cases if case.about == About.SPAN)


def _said(case: Case, fragment: Fragment | None) -> tuple[Said, ...]:
    """Return which layers say what at a place, in a case; at *fragment* exactly, where given."""
    found: dict[str, list[str]] = {}
    for variant in case.variants:
        for span in variant.spans:
            if fragment is None or span.fragments == (fragment,):
                layers = found.setdefault(span.label, [])
                if variant.layer_id not in layers:
                    layers.append(variant.layer_id)
    return tuple(Said(label, tuple(layers)) for label, layers in found.items())
