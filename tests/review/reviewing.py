"""Articles under review for tests: handed in by several, and the steps of a reviewer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from annotator.annotated import Annotated
from annotator.model import Edit, LayerState
from annotator.review.cases import Case, Review, review
from annotator.review.verdicts import Signature
from annotator.scheme import Scheme
from tests.notation import news_scheme
from tests.review.test_aligning import together

SIGNED = Signature("rita", "2026-11-22T10:00:00.000+00:00", 7)
LATER = Signature("rita", "2026-11-22T11:00:00.000+00:00", 8)


def handed_in(*notations: str, ties: Sequence[Sequence[str]] = ()) -> Annotated:
    """Return an article that one annotator for each notation has handed in."""
    return submitted(together(*notations, ties=ties))


def submitted(item: Annotated) -> Annotated:
    """Hand in all layers of *item*."""
    for key, layer in item.layers.items():
        item.layers[key] = replace(layer, state=LayerState.SUBMITTED)
    return item


class Reviewer:
    """Somebody who reviews an article, one edit after the other, and can take them back."""

    def __init__(self, item: Annotated, scheme: Scheme | None = None) -> None:
        self.item = item
        self.scheme = scheme or news_scheme()
        self.review: Review = review(item, self.scheme)
        self.done: list[Edit] = []

    def perform(self, edit: Edit) -> Edit:
        self.item.apply(edit)
        self.done.append(edit)
        self.look()
        return edit

    def undo(self) -> None:
        self.item.apply(self.done.pop().inverse)
        self.look()

    def look(self) -> None:
        self.review = review(self.item, self.scheme, previous=self.review)

    def settle(self, way: Callable[..., Edit], words: str, *arguments: Any, **named: Any) -> Edit:
        """Perform what *way* makes of the case about *words*."""
        return self.perform(way(self.review, self.case(words), *arguments, **named))

    def case(self, words: str) -> Case:
        (found,) = [case for case in self.review.cases if case.words == words]
        return found

    @property
    def gold(self) -> list[str]:
        """The spans in gold as "Label: words"."""
        spans = self.item.spans_of(self.review.gold.layer.id)
        return [f"{span.label}: {' … '.join(span.text)}" for span in spans]

    @property
    def gold_ties(self) -> list[str]:
        """The relations in gold as "words > relation > words"."""
        found = []
        for tie in self.item.relations_of(self.review.gold.layer.id):
            ends = [tie.source, tie.target]
            said = [" … ".join(self.item.spans[end].text) for end in ends if end is not None]
            found.append(
                f" > {tie.label} > ".join(
                    [*said, *([f"@{tie.target_entity}"] if tie.target_entity else [])]
                )
            )
        return found


def contents(item: Annotated) -> tuple[Any, ...]:
    """Return all records of an article, to compare it with what it was."""
    return (
        item.layers,
        item.spans,
        item.relations,
        item.verdicts,
        item.comments,
    )
