"""Agreement on which spans stand for the same entity: coreference measures.

A cluster is the set of the spans that stand for one entity; spans are anything hashable that is
equal for two annotators who mean the same place. *Key* and *response* are the clusters of two
annotators; F1 does not change when they are exchanged. Counts of several articles can be added up.

Sources: Vilain et al. (1995) for MUC, Bagga and Baldwin (1998) for B³, Luo (2005) for CEAF,
Recasens and Hovy (2011) with Luo et al. (2014) for BLANC, Moosavi and Strube (2016) for LEA, and
Pradhan et al. (2014), "Scoring Coreference Partitions of Predicted Mentions", for all but LEA when
the spans differ.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import comb

from annotator.review.assignment import assigned

Cluster = frozenset[Hashable]
Clusters = Sequence[Cluster]


@dataclass(frozen=True, slots=True)
class Ratios:
    """Recall and precision as numerators and denominators, which add up over articles."""

    recalled: float = 0.0
    to_recall: float = 0.0
    right: float = 0.0
    given: float = 0.0

    def __add__(self, other: Ratios) -> Ratios:
        return Ratios(
            self.recalled + other.recalled,
            self.to_recall + other.to_recall,
            self.right + other.right,
            self.given + other.given,
        )

    @property
    def recall(self) -> float:
        """The share of the key that the response has; 0 where the key is empty."""
        return self.recalled / self.to_recall if self.to_recall else 0.0

    @property
    def precision(self) -> float:
        """The share of the response that the key has; 0 where the response is empty."""
        return self.right / self.given if self.given else 0.0

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both; None where both are empty."""
        if not self.to_recall and not self.given:
            return None
        return _f1(self.recall, self.precision)


def _f1(recall: float, precision: float) -> float:
    return 2 * recall * precision / (recall + precision) if recall + precision else 0.0


def muc(key: Clusters, response: Clusters) -> Ratios:
    """Return MUC: the links that keep clusters together. One giant cluster scores high: beware."""
    return Ratios(*_muc_half(key, response), *_muc_half(response, key))


def _muc_half(own: Clusters, others: Clusters) -> tuple[float, float]:
    home = _homes(others)
    kept = sum(len(c) - len({home.get(span, span) for span in c}) for c in own)
    return (kept, sum(len(cluster) - 1 for cluster in own))


def _homes(clusters: Clusters) -> dict[Hashable, tuple[str, int]]:
    return {span: ("cluster", number) for number, own in enumerate(clusters) for span in own}


def b_cubed(key: Clusters, response: Clusters) -> Ratios:
    """Return B³: for each span the share of its cluster that is with it in the other, as a mean."""
    return Ratios(*_b_cubed_half(key, response), *_b_cubed_half(response, key))


def _b_cubed_half(own: Clusters, others: Clusters) -> tuple[float, float]:
    home = _homes(others)
    total = 0.0
    for cluster in own:
        met = Counter(home[span] for span in cluster if span in home)
        total += sum(count * count for count in met.values()) / len(cluster)
    return (total, sum(map(len, own)))


def ceaf_e(key: Clusters, response: Clusters) -> Ratios:
    """Return CEAF-e: clusters paired one to one, their likeness by φ4 = 2|K∩R| / (|K|+|R|)."""
    best = _paired(key, response, by_size=True)
    return Ratios(best, len(key), best, len(response))


def ceaf_m(key: Clusters, response: Clusters) -> Ratios:
    """Return CEAF-m: clusters paired one to one, by the number φ3 = |K∩R| of common spans."""
    best = _paired(key, response, by_size=False)
    return Ratios(best, sum(map(len, key)), best, sum(map(len, response)))


def _paired(key: Clusters, response: Clusters, *, by_size: bool) -> float:
    rows, columns = sorted((key, response), key=len)
    if not rows:
        return 0.0
    likeness = [
        [len(a & b) * (2 / (len(a) + len(b)) if by_size else 1.0) for b in columns] for a in rows
    ]
    places = assigned([[-value for value in row] for row in likeness])
    return sum(row[column] for row, column in zip(likeness, places, strict=True))


def lea(key: Clusters, response: Clusters) -> Ratios:
    """Return LEA: the share of the links of each entity that is kept, weighted by its size.

    A cluster of one span has one link, to itself, which is kept where it is alone there too.
    """
    return Ratios(*_lea_half(key, response), *_lea_half(response, key))


def _lea_half(own: Clusters, others: Clusters) -> tuple[float, float]:
    home = _homes(others)
    total = 0.0
    for cluster in own:
        if len(cluster) == 1:
            total += cluster in others
            continue
        met = Counter(home[span] for span in cluster if span in home)
        kept = sum(comb(count, 2) for count in met.values())
        total += len(cluster) * kept / comb(len(cluster), 2)
    return (total, sum(map(len, own)))


@dataclass(frozen=True, slots=True)
class Links:
    """BLANC: pairs of spans in one cluster, and in two, as counts that add up over articles."""

    both: int = 0
    key: int = 0
    response: int = 0
    both_apart: int = 0
    key_apart: int = 0
    response_apart: int = 0

    def __add__(self, other: Links) -> Links:
        return Links(
            self.both + other.both,
            self.key + other.key,
            self.response + other.response,
            self.both_apart + other.both_apart,
            self.key_apart + other.key_apart,
            self.response_apart + other.response_apart,
        )

    @property
    def recall(self) -> float:
        """Mean of the shares of the key's links within clusters and between them."""
        return self._mean(self.both, self.key, self.response, self.both_apart, self.key_apart)

    @property
    def precision(self) -> float:
        """Mean of the shares of the response's links within clusters and between them."""
        return self._mean(self.both, self.response, self.key, self.both_apart, self.response_apart)

    @property
    def f1(self) -> float | None:
        """Mean of F1 within clusters and between them; None where there is not one pair of spans.

        Where neither has a link of one of the two sorts, the other sort counts alone.
        """
        halves = []
        if self.key or self.response:
            halves.append(2 * self.both / (self.key + self.response))
        if self.key_apart or self.response_apart:
            halves.append(2 * self.both_apart / (self.key_apart + self.response_apart))
        return sum(halves) / len(halves) if halves else None

    def _mean(self, both: int, own: int, other: int, both_apart: int, own_apart: int) -> float:
        halves = []
        if own or other:
            halves.append(both / own if own else 0.0)
        if self.key_apart or self.response_apart:
            halves.append(both_apart / own_apart if own_apart else 0.0)
        return sum(halves) / len(halves) if halves else 0.0


def blanc(key: Clusters, response: Clusters) -> Links:
    """Return the links of BLANC, in which two spans that are not of one entity count as well."""
    home, other_home = _homes(key), _homes(response)
    common = [span for span in home if span in other_home]
    here = Counter((home[span], other_home[span]) for span in common)
    both = sum(comb(count, 2) for count in here.values())
    in_key = sum(comb(n, 2) for n in Counter(home[span] for span in common).values())
    in_response = sum(comb(n, 2) for n in Counter(other_home[span] for span in common).values())
    linked, other_linked = (sum(comb(len(c), 2) for c in own) for own in (key, response))
    return Links(
        both=both,
        key=linked,
        response=other_linked,
        both_apart=comb(len(common), 2) - in_key - in_response + both,
        key_apart=comb(len(home), 2) - linked,
        response_apart=comb(len(other_home), 2) - other_linked,
    )


def conll(key: Clusters, response: Clusters) -> float | None:
    """Return the CoNLL score: the mean of the F1 of MUC, B³ and CEAF-e."""
    return mean_of([ratios.f1 for ratios in (f(key, response) for f in (muc, b_cubed, ceaf_e))])


def mean_of(values: Sequence[float | None]) -> float | None:
    """Return the mean of the values that are there; None where there is none."""
    there = [value for value in values if value is not None]
    return sum(there) / len(there) if there else None
