"""Which articles, whose labels and which labels an export takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.exchange.agreeing import agreed, is_handed_in
from annotator.exchange.parts import with_layers, without_spans
from annotator.model import Layer, LayerKind, LayerState
from annotator.translation import later


class Choice(StrEnum):
    """Which of the readings of an article are taken."""

    EVERYTHING = later("everything")
    """Every layer as it is."""
    ONE = later("one person")
    """The layer of the one author that :attr:`Selection.authors` names."""
    GOLD = later("gold")
    """The adjudicated layer; articles without one are left out."""
    AGREED = later("agreed")
    """What all who have handed the article in say alike (see :mod:`.agreeing`)."""
    GOLD_ELSE_AGREED = later("gold else agreed")


class ChoiceNeeded(UserError):
    """An article has several readings, the format holds one: somebody has to choose whose."""

    def __init__(self, title: str, authors: tuple[str, ...]) -> None:
        self.authors = authors
        """Whose labels there are in the articles concerned, by name."""
        names = ", ".join(authors)
        super().__init__(
            f"{title} holds one reading of an article, and some articles have several: {names}. "
            f"Choose whose labels to take: one of them, gold, agreed, or gold else agreed."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What of a project an export takes; by default all of it."""

    choice: Choice = Choice.EVERYTHING
    authors: tuple[str, ...] = ()
    """With ``EVERYTHING`` only the layers of these, where there are any; with ``ONE`` the one."""
    approved: bool = False
    """Whether only layers that a reviewer has approved count; articles without one are left out."""
    labels: tuple[str, ...] | None = None
    """Only spans with these labels, by their names in the project; None takes all. Relations go
    where an end of them goes."""
    articles: tuple[str, ...] | None = None
    """Ids of the only articles to take; None takes all."""
