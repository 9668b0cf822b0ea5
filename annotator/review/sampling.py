"""Samples of labels for review: drawn at random, so that error rates of them are unbiased.

What is drawn is noted on the gold layers of its articles, with the seed and with how many labels
there are of each kind. Queues that put the likely mistakes first are another thing: rates never
come from them. A second review, and articles whose gold is known given out again, tell how well
reviewers and annotators agree with what was settled; decisions that somebody makes once more
without seeing them, how well one agrees with oneself.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from annotator.annotated import Annotated
from annotator.model import Change, Fragment, Layer, LayerState, Span, Verdict, new_id
from annotator.review.assigning import (
    ASSIGNED,
    is_drawn,
    share_reviewed,
    stratified,
)
from annotator.review.cases import About, Case, Review, Standing
from annotator.review.controls import CONTROL, is_control
from annotator.review.gold import gold_of, sources
from annotator.review.merging import FROZEN, Batch, Item, Preview
from annotator.review.rounds import person_of
from annotator.review.verdicts import (
    AGAIN,
    AUDIT,
    BATCH,
    FOLLOWED,
    Decision,
    said_in_gold,
)
from annotator.translation import later

SAMPLE: Final = "annotator:sample"
"""Key in ``extra`` of a gold layer: the labels that were drawn there, by what they are of."""
RETEST: Final = "retest"
"""The rule of a batch of decisions that somebody makes once more without seeing them."""

DUE: Final = later("It is to be looked at already.")
LOOKED_AGAIN: Final = later("It was looked at again already.")
NO_GOLD: Final = later("Its gold is not finished.")
HAS_READ: Final = later("This person has read the article.")


@dataclass(frozen=True, slots=True)
class _Label:
    """A label of a reader that can be drawn."""

    review: Review
    case: Case
    span: Span
    author: str

    @property
    def stratum(self) -> str:
        """Annotator, label and source: what errors are likely to depend on."""
        return "\t".join((self.author, self.span.label, self.review.annotated.article.source or ""))


def drawn_cases(layer: Layer) -> frozenset[str]:
    """Return the keys of the cases in which something was drawn."""
    noted = layer.extra.get(SAMPLE)
    keys = noted.get("cases") if isinstance(noted, Mapping) else None
    return frozenset(keys) if isinstance(keys, list | tuple) else frozenset()


def sampled(reviews: Iterable[Review], batch: Batch, share: float | None) -> Preview:
    """Draw a *share* of the labels of each annotator, label and source for review.

    Without a share, so many of each annotator as their verdicts so far ask for. It takes the place
    of what was drawn in these articles before. Articles whose gold is frozen are left out, and so
    are labels of controls: what is made where gold is known has a rate of its own.
    """
    every = list(reviews)
    frozen = [one for one in every if one.gold.is_frozen]
    labels = [label for one in every if not one.gold.is_frozen for label in _labels(one)]
    chosen = _drawn(labels, share, batch.seed)
    by_article: dict[str, list[_Label]] = defaultdict(list)
    for label in chosen:
        by_article[label.review.article_id].append(label)
    sizes: dict[str, Counter[str]] = defaultdict(Counter)
    for label in labels:
        sizes[label.review.article_id][label.stratum] += 1
    changes = []
    for one in every:
        if one.article_id in sizes:
            noted = _noted(batch, share, by_article[one.article_id], sizes[one.article_id])
            layer = one.gold.layer
            after = replace(layer, extra={**layer.extra, SAMPLE: noted})
            changes.append(Change(one.annotated.layers.get(layer.id), after))
    done = [
        Item(
            label.review.article_id,
            label.span.id,
            label.span.label,
            " … ".join(label.span.text),
            Fragment(label.span.start, label.span.end),
        )
        for label in chosen
    ]
    return Preview(
        batch,
        tuple(done),
        tuple(_about_article(one.annotated, FROZEN) for one in frozen),
        tuple(changes) if done else (),
    )


def _labels(review: Review) -> Iterator[_Label]:
    for case in review.cases:
        if case.about == About.SPAN:
            for variant in case.variants:
                if is_control(review.annotated.layers[variant.layer_id]):
                    continue
                author = person_of(review.annotated.layers[variant.layer_id])
                for span in variant.spans:
                    yield _Label(review, case, span, author)


def _drawn(labels: Sequence[_Label], share: float | None, seed: int) -> list[_Label]:
    if share is not None:
        shares = dict.fromkeys({label.author for label in labels}, share)
    else:
        shares = _shares_needed(labels)
    return [
        label
        for author, own_share in sorted(shares.items())
        for label in stratified(
            [label for label in labels if label.author == author],
            own_share,
            seed,
            key=lambda label: label.span.id,
            stratum=lambda label: label.stratum,
        )
    ]


def _shares_needed(labels: Sequence[_Label]) -> dict[str, float]:
    """Return the share to review of each annotator: all of a beginner's, less as they are right."""
    judged: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for label in labels:
        own = {one.record_id: one.decision for one in label.case.verdicts}.get(label.span.id)
        judged[label.author] += own is not None
        right[label.author] += own == Decision.ACCEPTED
    authors = {label.author for label in labels}
    return {author: share_reviewed(judged[author], right[author]) for author in authors}


def _noted(
    batch: Batch, share: float | None, chosen: Sequence[_Label], sizes: Mapping[str, int]
) -> dict[str, Any]:
    return {
        "id": batch.id,
        "seed": batch.seed,
        "share": share,
        "author": batch.signed.author,
        "time": batch.signed.time,
        "cases": sorted({label.case.key for label in chosen}),
        "records": {label.span.id: label.stratum for label in chosen},
        "sizes": dict(sizes),
    }


def second_looks(review: Review, batch: Batch) -> Preview:
    """Have a random share of what was decided reviewed once more, which is done as an audit.

    Whoever has decided first does not decide then: it tells how well two reviewers agree.
    """
    wanted = [case for case in _decided(review) if is_drawn(case.key, batch.share, batch.seed)]
    return _looked_at_again(review, batch, wanted)


def own_again(review: Review, batch: Batch, person: str) -> Preview:
    """Have *person* decide once more on a random share of the own decisions about labels.

    These are decisions that were made one by one: what was decided in bulk was never looked at.
    Nobody sees what was decided until then: the cases are open as if they had never been looked
    at. Whether it comes to the same is counted as in an audit.
    """
    wanted = [
        case
        for case in _decided(review)
        if case.about == About.SPAN
        and {one.author for one in case.verdicts} == {person}
        and all(AUDIT in one.extra for one in case.verdicts if BATCH in one.extra)
        and is_drawn(f"{RETEST}/{case.key}", batch.share, batch.seed)
    ]
    return _looked_at_again(review, batch, wanted, person)


def _decided(review: Review) -> Iterator[Case]:
    for case in review.cases:
        if case.standing == Standing.DECIDED and _own_verdicts(case):
            yield case


def _own_verdicts(case: Case) -> list[Verdict]:
    return [one for one in case.verdicts if not one.extra.get(FOLLOWED)]


def _looked_at_again(
    review: Review, batch: Batch, cases: Iterable[Case], person: str = ""
) -> Preview:
    done: list[Item] = []
    refused: list[Item] = []
    changes: list[Change] = []
    for case in cases:
        own = _own_verdicts(case)
        why = FROZEN if review.gold.is_frozen else ""
        states = {one.extra.get(AUDIT) for one in own} - {None}
        if states:
            why = DUE if "due" in states else LOOKED_AGAIN
        due = not why and not person
        item = Item(case.article_id, case.key, case.label, case.words, case.place, why, due)
        (refused if why else done).append(item)
        if not why:
            noted = batch.noted(case.key, audited=True)
            if person:
                noted[AGAIN] = {"person": person, "seed": batch.seed, "gold": _gold(review, case)}
            changes += [Change(one, replace(one, extra={**one.extra, **noted})) for one in own]
    return Preview(batch, tuple(done), tuple(refused), tuple(changes))


def _gold(review: Review, case: Case) -> list[list[str]]:
    ids = {record.id for record in case.records}
    there = review.annotated.spans_of(review.gold.layer.id)
    return said_in_gold(span for span in there if ids & sources(span))


def controls(
    articles: Iterable[Annotated], batch: Batch, people: Sequence[str], share: float
) -> Preview:
    """Give a random share of the articles with finished gold to *people* who have not read them."""
    done: list[Item] = []
    refused: list[Item] = []
    changes: list[Change] = []
    for annotated in articles:
        article_id = annotated.article.id
        if not gold_of(annotated).is_frozen:
            refused.append(_about_article(annotated, NO_GOLD))
            continue
        if not is_drawn(f"control/{article_id}", share, batch.seed):
            continue
        for name in people:
            if annotated.layer_of(name) is not None:
                refused.append(_about_article(annotated, HAS_READ, name))
                continue
            noted = {"blind": True, "seed": batch.seed, CONTROL: True}
            made = Layer(
                id=new_id(),
                article_id=article_id,
                author=name,
                state=LayerState.NOT_STARTED,
                extra={ASSIGNED: noted},
            )
            changes.append(Change(None, made))
            done.append(_about_article(annotated, "", name))
    return Preview(batch, tuple(done), tuple(refused), tuple(changes))


def _about_article(annotated: Annotated, why: str, name: str = "") -> Item:
    article = annotated.article
    return Item(article.id, f"{article.id}/{name}", name, article.title, Fragment(0, 0), why)
