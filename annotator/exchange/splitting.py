"""Train, dev and test parts of an export, by article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from annotator.errors import UserError

PARTS: Final = ("train", "dev", "test")


@dataclass(frozen=True, slots=True)
class Split:
    """How many articles of a hundred go to each of :data:`PARTS`, and which of the many ways.

    The same articles, shares and seed give the same parts, in whatever order or under whatever ids
    a project keeps them.
    """

    shares: tuple[int, int, int] = (80, 10, 10)
    """Percentages of train, dev and test; a part with 0 is not made."""
    seed: int = 1

    def __post_init__(self) -> None:
        if min(self.shares) < 0 or sum(self.shares) != 100:
            shares = "/".join(map(str, self.shares))
            raise UserError(
                f"A split of {shares} is not possible: three percentages for train, dev and test "
                "have to make 100, such as 80/10/10, or 80/0/20 for no dev part."
            )

    @classmethod
    def parse(cls, text: str, seed: int = 1) -> Split:
        """Read shares such as ``80/10/10``. Raises UserError for anything else."""
        numbers = text.split("/")
        if len(numbers) != len(PARTS) or not all(n.strip().isascii() and n.strip().isdigit() for n in numbers):
            raise UserError(
                f"{text!r} is not a split. Write the percentages of train, dev and test, such as "
                "80/10/10."
            )
        train, dev, test = map(int, numbers)
        return cls((train, dev, test), seed)

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that are made."""
        return tuple(name for name, share in zip(PARTS, self.shares, strict=True) if share)


@dataclass(frozen=True, slots=True)
class Features:
    """What a split looks at in an article."""

    id: str
    key: str
    """SHA-256 of the text: the same in every project that has the article."""
    labels: Mapping[str, int]
    """How many spans and relations of each label it has."""
    sketch: tuple[int, ...]
    """See :func:`annotator.exchange.likeness.sketch`."""


def divided(found: Iterable[Features], split: Split) -> dict[str, str]:
    """Return the part that each article is in, by its id.

    Near-duplicates are in one part. Raises UserError where there are fewer kinds of articles than
    parts.
    """
    raise NotImplementedError
