"""A person who reads an article in the program and marks it, with keys only.

Looks at what is on the screen, and presses the keys that its own hints and proposals ask for:
nothing here knows how the program decides, only what it shows.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.journeys.driven import Program

Place = tuple[int, int]

DIGITS = {
    "usage": "1",
    "claim_type": "1",
    "checkworthy": "2",
    "polarity": "3",
    "hedged": "4",
    "source_status": "6",
}
"""The keys that the details beside the article show for each attribute."""


class Reader:
    """Somebody before the window of a :class:`Program`."""

    def __init__(self, program: Program, text: str = "") -> None:
        self.program = program
        self.text = text
        self.known: set[str] = set()
        """Names of the entities made so far, as a person remembers them."""
        self._last: tuple[str, Place] = ("", (0, 0))

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

    def read_on_to(self, words: str) -> None:
        """Go on reading behind these words."""
        begin = self.text.index(words, self._last[1][0]) + len(words)
        self._last = ("", (begin, begin))

    def place(self, key: str, *pieces: str) -> list[Place]:
        """Return where the next such words stand, reading on from what was marked last."""
        found: list[Place] = []
        start = self._last[1][0]
        for words in pieces:
            begin = self.text.index(words, start)
            if (key, (begin, begin + len(words))) == self._last:
                begin = self.text.index(words, begin + 1)
            found.append((begin, begin + len(words)))
            start = begin + len(words)
        self._last = (key, found[0])
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

    def mark(self, key: str, *pieces: str, who: str = "", **values: str) -> None:
        """Mark the next such words with the key of a label, and say what else is to be said.

        Further pieces are added with a key; *who* is the entity, *values* are attributes.
        """
        first, *others = self.place(key, *pieces)
        self.select(first)
        self.program.keys(key)
        for place in others:
            self.select(place)
            self.program.keys("+")
        self.say(who, **values)

    def find(self, words: str) -> None:
        """Search for words, and come back to the text with them selected."""
        self.program.keys("Ctrl+F")
        self.program.until(focus="field.find")
        self.program.type(words)
        self.program.keys("Return", "Esc")
        self.program.until(focus="view.article", selection=words)

    def select_label(self, words: str) -> None:
        """Search for words, and walk back to the label on them."""
        self.find(words)
        self.program.keys("Esc", "Esc")
        for _ in range(9):
            self.program.keys("Shift+Tab")
            if self.program.state()["label"]["text"] == [words]:
                return
        raise AssertionError(f"there is no label on {words}")

    def say(self, who: str = "", **values: str) -> None:
        """Say what the selected label stands for, and give its attributes their values."""
        label = self.program.state()["label"]
        for name, value in values.items():
            self.turn(name, value)
        if who and label["entity"] != who:
            self.attach(who, " ".join(label["text"]))

    def turn(self, name: str, value: str) -> None:
        """Press the digit of an attribute until it has this value."""
        for _ in range(8):
            now = self.program.state()["label"]["attributes"].get(name)
            if now == value or (isinstance(now, bool) and str(now).lower() == value):
                return
            self.program.keys(DIGITS[name])
        raise AssertionError(f"{name} never becomes {value}")

    def attach(self, who: str, words: str) -> None:
        """Attach an entity: a known one by its name, or a new one."""
        if who in self.known:
            self.program.keys("E")
            self.name(who)
        elif who == words:
            self.program.keys("Shift+E")
        else:
            self.program.keys("E")
            self.name(who)
        self.known.add(who)
        assert self.program.until(focus="view.article")["label"]["entity"] == who

    def name(self, who: str) -> None:
        """Type a name into the list of entities; a new one is taken with Shift."""
        self.program.until(focus="field.entity")
        self.program.type(who)
        self.program.until(typed=who)
        self.program.keys("Return" if who in self.known else "Shift+Return")

    def note(self, text: str) -> None:
        """Write a note on the selected label."""
        self.program.keys("N")
        self.program.until(focus="field.note")
        self.program.type(text)
        self.program.keys("Return")
        self.program.until(focus="view.article")

    def describe(self, field: str, value: str) -> None:
        """Change what is known about the entity of the selected label, in its dialog."""
        self.program.keys("F6")
        self.tab_to("button.more")
        self.program.keys("Space", "Down", "Down", "Down", "Down", "Return")
        self.program.until(focus="field.name")
        self.tab_to(field)
        self.program.type(value)
        self.program.keys("Return")
        while self.program.until(windows=["window.main"])["focus"] != "view.article":
            self.program.keys("Esc")

    def tab_to(self, name: str) -> None:
        """Press Tab until something has the focus."""
        seen: list[str] = []
        while len(seen) < 40:
            seen.append(self.program.state()["focus"])
            if seen[-1] == name:
                return
            self.program.keys("Tab")
        raise AssertionError(f"Tab does not lead to {name}, but to {seen}")

    # -- links -----------------------------------------------------------------------------------

    def link(self, key: str, words: str) -> None:
        """Fill a slot of the selected label by the letters on what is to be linked."""
        self.program.keys(key)
        hints = self.program.state()["hints"]
        hint = next(name for name, start, end in hints if self.text[start:end] == words)
        self.program.type(hint.lower())


def _order(place: Any) -> Place:
    return (-1, 0) if place is None else (place[0], -place[1])
