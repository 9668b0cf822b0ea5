"""Everywhere in the project that the words of a span stand, and what is marked there.

Articles are read a few at a time, so that the window stays awake.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from annotator.editing import Desk
from annotator.gui.details.desks import desks_of
from annotator.model import Fragment, Span

if TYPE_CHECKING:
    from annotator.gui.workspace import Workspace

AT_ONCE = 20
"""Articles that are read in one go."""
AROUND = 60
"""Characters of context on either side."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place where the words stand."""

    key: str
    article_id: str
    fragment: Fragment
    context: str
    words: tuple[int, int]
    """Where in the context the words are, from and to."""
    spans: tuple[Span, ...]
    """The author's spans over exactly these words."""


@dataclass(slots=True)
class EqualWords:
    """The places found so far, article by article, the open one first."""

    workspace: Workspace
    span: Span
    desks: dict[str, Desk] = field(default_factory=dict)
    places: dict[str, list[Place]] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    _found: dict[str, list[Fragment]] = field(default_factory=dict)

    def search(self) -> None:
        """Find the articles; :meth:`read_some` reads them."""
        workspace = self.workspace
        workspace.flush()
        self._found = workspace.project.find_text(self.span.text[0])
        here = workspace.desk.annotated.article.id
        self.waiting = sorted(self._found, key=lambda key: (key != here, key))
        self.desks.clear()
        self.places.clear()

    def read_some(self) -> list[str]:
        """Read the next few articles; return the ids of those in which the words stand alone."""
        part, self.waiting = self.waiting[:AT_ONCE], self.waiting[AT_ONCE:]
        added = []
        for desk in desks_of(self.workspace, part):
            article = desk.annotated.article
            found = [
                self._place(desk, fragment)
                for fragment in self._found[article.id]
                if stands_alone(article.text, fragment)
            ]
            if found:
                self.desks[article.id] = desk
                self.places[article.id] = found
                added.append(article.id)
        return added

    def all_places(self) -> Iterator[Place]:
        """Yield every place found so far."""
        for found in self.places.values():
            yield from found

    def _place(self, desk: Desk, fragment: Fragment) -> Place:
        article = desk.annotated.article
        start, end = max(0, fragment.start - AROUND), fragment.end + AROUND
        before = one_line(article.text[start : fragment.start])
        words = one_line(article.text[fragment.start : fragment.end])
        after = one_line(article.text[fragment.end : end])
        near = desk.annotated.spans_in(desk.layer.id, *fragment)
        return Place(
            key=f"{article.id}/{fragment.start}",
            article_id=article.id,
            fragment=fragment,
            context=before + words + after,
            words=(len(before), len(before) + len(words)),
            spans=tuple(span for span in near if span.fragments == (fragment,)),
        )


def stands_alone(text: str, fragment: Fragment) -> bool:
    """Say whether the words are no part of longer words: "Oslo" in "Oslo's", not in "Osloer"."""
    start, end = fragment
    return not (
        (start > 0 and _is_joined(text[start - 1], text[start]))
        or (end < len(text) and _is_joined(text[end - 1], text[end]))
    )


_SPACELESS = "\u0e00"
"""From here on there are scripts that do not put blanks between words: Thai, Chinese, Japanese."""


def _is_joined(one: str, other: str) -> bool:
    return one.isalnum() and other.isalnum() and min(one, other) < _SPACELESS


def one_line(text: str) -> str:
    """Return *text* with every run of blanks as one; a blank at an end stays."""
    joined = " ".join(text.split())
    head = " " if text[:1].isspace() and joined else ""
    tail = " " if text[-1:].isspace() else ""
    return head + joined + tail
