"""The cases that a reviewer has ticked, one by one, for something that is done with all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from PySide6.QtCore import QObject, Signal

from annotator.gui.review.waiting import Waiting

Place = tuple[str, str]
"""Id of an article, and the key of a case in it."""


def place_of(row: Waiting) -> Place:
    """Return which case a row is."""
    return (row.article_id, row.key)


class Ticks(QObject):
    """Which cases are ticked; those that are gone by now do not count."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._places: dict[Place, None] = {}

    def __bool__(self) -> bool:
        return bool(self._places)

    def __contains__(self, place: Place) -> bool:
        return place in self._places

    def turn(self, place: Place) -> None:
        """Tick a case, or take its tick away."""
        if place in self._places:
            del self._places[place]
        else:
            self._places[place] = None
        self.changed.emit()

    def add(self, places: Iterable[Place]) -> None:
        """Tick all of *places*."""
        self._places |= dict.fromkeys(places)
        self.changed.emit()

    def clear(self) -> None:
        """Take all ticks away."""
        if self._places:
            self._places.clear()
            self.changed.emit()

    def rows(self, articles: Mapping[str, Collection[Waiting]]) -> list[Waiting]:
        """Return the ticked cases that are there, of all that wait in *articles*."""
        wanted = {article_id for article_id, _ in self._places}
        rows = (row for key in articles if key in wanted for row in articles[key])
        return [row for row in rows if place_of(row) in self._places]

    def among(self, articles: Mapping[str, Collection[Waiting]]) -> list[Place]:
        """Return which these are."""
        return [place_of(row) for row in self.rows(articles)]
