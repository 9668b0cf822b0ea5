"""Short letter hints on things in sight: typing a hint picks its thing, as in keyboard browsers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

LETTERS: Final = "asdfghjklqwertyuiopzxcvbnm"
"""Home row first."""

T = TypeVar("T")


def hint_labels(count: int, letters: str = LETTERS) -> list[str]:
    """Return *count* hints of one or two letters (three only where they do not suffice).

    No hint begins another one, so that the last letter picks at once. The first ones are the
    shortest.
    """
    length = 1
    while len(letters) ** length < count:
        length += 1
    if length == 1:
        return list(letters[:count])
    # Each prefix given up makes one hint shorter by len(letters) longer ones.
    shorter = _all(letters, length - 1)
    given_up = 0
    while len(shorter) - given_up + given_up * len(letters) < count:
        given_up += 1
    kept = shorter[: len(shorter) - given_up]
    longer = [prefix + letter for prefix in shorter[len(kept) :] for letter in letters]
    return (kept + longer)[:count]


def _all(letters: str, length: int) -> list[str]:
    words = [""]
    for _ in range(length):
        words = [word + letter for word in words for letter in letters]
    return words


@dataclass(slots=True)
class Hints(Generic[T]):
    """Targets with their hints, and what was typed so far."""

    targets: dict[str, T]
    typed: str = field(default="")

    @classmethod
    def over(cls, targets: Sequence[T]) -> Hints[T]:
        """Give each target a hint; the first ones get the shortest."""
        return cls(dict(zip(hint_labels(len(targets)), targets, strict=True)))

    def type(self, letter: str) -> T | None:
        """Take a letter; return the target once its hint is complete.

        A letter that continues no hint is ignored.
        """
        typed = self.typed + letter.lower()
        if typed in self.targets:
            return self.targets[typed]
        if any(hint.startswith(typed) for hint in self.targets):
            self.typed = typed
        return None

    def back(self) -> None:
        """Take back the last letter."""
        self.typed = self.typed[:-1]
