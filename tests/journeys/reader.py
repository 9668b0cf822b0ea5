"""A person who reads an article in the program and marks it, with keys only.

Looks at what is on the screen, and presses the keys that its own hints and proposals ask for:
nothing here knows how the program decides, only what it shows.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.journeys.driven import Program

Place = tuple[int, int]


class Reader:
    """Somebody before the window of a :class:`Program`."""

    def __init__(self, program: Program, text: str = "") -> None:
        self.program = program
        self.text = text
        self._at = 0

    # -- articles --------------------------------------------------------------------------------

    def choose_file(self, path: Path) -> None:
        """Type the path of a file into the dialog for files."""
        self.program.until(focus="fileNameEdit")
        self.program.type(str(path))
        self.program.keys("Return")

    def command(self, name: str) -> None:
        """Run a command by typing its name into the palette."""
        self.program.keys("Ctrl+K")
        self.program.until(focus="field.palette")
        self.program.type(name)
        self.program.until(typed=name)
        self.program.keys("Return")

    # -- words -----------------------------------------------------------------------------------

    def place(self, *pieces: str) -> list[Place]:
        """Return where the next such words stand, reading on from the words marked last."""
        found = []
        start = self._at
        for words in pieces:
            begin = self.text.index(words, start)
            found.append((begin, begin + len(words)))
            start = begin + len(words)
        self._at = found[0][0]
        return found

    def select(self, place: Place) -> dict[str, Any]:
        """Select words: by Space while the program proposes them, else by the letters on them."""
        state = self.program.state()
        while _order(state["selected_at"]) < _order(place):
            before = state["selected_at"]
            self.program.keys("Space")
            state = self.program.state()
            if state["selected_at"] == before:
                break
        if state["selected_at"] != list(place):
            state = self.jump(place)
        assert state["selected_at"] == list(place), (self.text[slice(*place)], state)
        return state

    def jump(self, place: Place) -> dict[str, Any]:
        """Type the letters on the first word, and with Shift those on the last one."""
        self._type_hint(lambda start, end: start == place[0], shift=False)
        state = self.program.state()
        if state["selected_at"] != list(place):
            self._type_hint(lambda start, end: end == place[1], shift=True)
            state = self.program.state()
        return state

    def _type_hint(self, wanted: Any, *, shift: bool) -> None:
        self.program.keys("J")
        hints = self.program.state()["hints"]
        hint = next(name for name, start, end in hints if wanted(start, end))
        self.program.type(hint.upper() if shift else hint.lower())

    # -- labels ----------------------------------------------------------------------------------

    def mark(self, key: str, *pieces: str) -> None:
        """Mark the next such words; further pieces are added to the first with a key."""
        first, *others = self.place(*pieces)
        self.select(first)
        self.program.keys(key)
        for place in others:
            self.select(place)
            self.program.keys("+")

    def tag(self, *pieces: str) -> dict[str, Any]:
        """Select the label on the next such words."""
        return self.program.state()


def _order(place: Any) -> Place:
    return (-1, 0) if place is None else (place[0], -place[1])
