"""Which cases the queue shows, and in which order: values that can be kept under a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from annotator.gui.review.queue_columns import Column, Sorting
from annotator.gui.review.waiting import Shelf, Waiting


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What the cases of a queue have in common; by default all open ones of the project."""

    shelf: Shelf = Shelf.OPEN
    group: str = ""
    """Kind of conflict, by the value of its Group."""
    label: str = ""
    person: str = ""
    """Somebody who has something there, as they may be called."""
    here: bool = False
    """Whether only the open article counts."""
    drawn: bool = False
    """Whether only what was drawn at random counts."""

    def fits(self, row: Waiting, here: str) -> bool:
        """Say whether a case belongs here, on whatever shelf; *here* is the open article."""
        return (
            (not self.group or row.group == self.group)
            and (not self.label or row.label == self.label)
            and (not self.person or self.person in row.people)
            and (not self.here or row.article_id == here)
            and (not self.drawn or row.drawn)
        )

    @property
    def is_narrow(self) -> bool:
        """Whether some cases are left out."""
        return bool(self.group or self.label or self.person or self.here or self.drawn)

    def to_json(self) -> dict[str, str]:
        """Return it as the settings keep it."""
        said = {"group": self.group, "label": self.label, "person": self.person}
        said |= {"shelf": self.shelf.value, "here": "yes" if self.here else ""}
        said["drawn"] = "yes" if self.drawn else ""
        return {key: value for key, value in said.items() if value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return the filter that was kept; what cannot be understood in it is left out."""
        shelves = [one for one in Shelf if one.value == data.get("shelf")]
        return cls(
            shelf=shelves[0] if shelves else Shelf.OPEN,
            group=str(data.get("group", "")),
            label=str(data.get("label", "")),
            person=str(data.get("person", "")),
            here=data.get("here") == "yes",
            drawn=data.get("drawn") == "yes",
        )


@dataclass(frozen=True, slots=True)
class KeptQueue:
    """A queue as it was saved: what it shows, and what comes first."""

    filter: QueueFilter = QueueFilter()
    sorting: Sorting | None = None
    """By which column the rows are sorted; None for the order of the articles."""
    order: str = "imported"
    """In which order the articles come, as the sitting names it."""

    def to_json(self) -> dict[str, str]:
        """Return it as the settings keep it."""
        said = self.filter.to_json()
        if self.sorting is not None:
            said |= {"sort": self.sorting.column.value, "down": "yes" if self.sorting.down else ""}
        said["order"] = self.order
        return {key: value for key, value in said.items() if value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return the queue that was kept; what cannot be understood in it is left out."""
        columns = [one for one in Column if one.value == data.get("sort")]
        sorting = Sorting(columns[0], data.get("down") == "yes") if columns else None
        order = data.get("order")
        return cls(
            QueueFilter.from_json(data), sorting, order if isinstance(order, str) else "imported"
        )
