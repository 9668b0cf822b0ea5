"""What can go wrong: the world's faults, told in plain words; everything else is ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annotator.model import Change, Record


class UserError(Exception):
    """The world's fault. The message names file, place and reason, and says what to do."""


class Refused(UserError):
    """What the project holds by now contradicts what was to be done. Nothing was changed."""


class OutOfTurn(Refused):
    """Undo or redo would take another edit than the one that was meant."""

    def __init__(self) -> None:
        super().__init__(
            "Something else was done in the meantime, so this step was not taken. The newest "
            "state is shown; please look at it and try again."
        )


class ConflictError(Refused):
    """A *before* is no longer true: somebody else changed the same record. Nothing was saved."""

    def __init__(self, present: Record | None, change: Change) -> None:
        self.present = present
        self.change = change
        super().__init__(
            "This was changed elsewhere in the meantime, so the change was not made. "
            "The newest state is shown; please look at it and try again."
        )


class StorageError(UserError):
    """The disk or the server refuses. Nothing of the edit was saved; it can be tried again."""


class NotAllowed(StorageError):
    """The server refuses this login what others may do; trying again changes nothing."""


class NoRoom(StorageError):
    """The disk is full."""
