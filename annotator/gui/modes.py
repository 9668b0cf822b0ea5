"""Modes of the article view in which letters do something else than usual.

A mode sees every key first, says in a :class:`Prompt` what the keys do now, and ends with Esc.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from annotator.gui.article.text_view import Hint
from annotator.gui.hints import Hints
from annotator.model import Fragment, Span
from annotator.translation import tr

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from annotator.gui.article.text_view import ArticleView


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the label bar says while a mode is on: its name, and what the keys do."""

    kind: str
    """``armed``, ``linking``, ``jumping``."""
    title: str
    keys: tuple[tuple[str, str], ...] = ()
    label: str = ""


class Mode(Protocol):
    """A mode of the article view."""

    prompt: Prompt

    def key(self, event: QKeyEvent) -> bool:
        """Take a key; False hands it on."""

    def leave(self) -> None:
        """Take away what the mode shows."""


class Modes(QObject):
    """The mode that an article view is in; there is one at a time, or none."""

    changed = Signal()

    def __init__(self, view: ArticleView, parent: QObject) -> None:
        super().__init__(parent)
        self._view = view
        self._current: Mode | None = None

    @property
    def current(self) -> Mode | None:
        """The mode that sees every key now."""
        return self._current

    def enter(self, mode: Mode) -> None:
        """Be in *mode*, and not in another one any more."""
        self.leave()
        self._current = mode
        self._view.key_sink = mode.key
        self._view.setFocus()
        self.changed.emit()

    def leave(self) -> None:
        """Be in no mode."""
        if self._current is None:
            return
        mode, self._current = self._current, None
        mode.leave()
        self._view.key_sink = None
        self.changed.emit()


class Linking:
    """Waiting for the target of a relation: every legal target carries a hint."""

    def __init__(
        self,
        view: ArticleView,
        sources: Sequence[Span],
        targets: Sequence[Span],
        fill: Callable[[Span, bool], None],
        without_words: Callable[[], None] | None,
        end: Callable[[], None],
        title: str,
    ) -> None:
        self._view = view
        self._targets = list(targets)
        self._fill = fill
        self._without_words = without_words
        self._end = end
        self._hints = Hints.over(self._targets)
        keys = [("A – Z", tr("pick"))]
        if targets:
            keys.append(("Enter", " ".join(targets[0].text)[:32]))
            keys.append(("Shift", tr("add one more")))
        if without_words is not None:
            keys.append(("/", tr("person without words")))
        keys.append(("Esc", tr("cancel")))
        self.prompt = Prompt("linking", title, tuple(keys))
        shown = [
            Hint(hint.upper(), span.fragments[0], span.id, primary=index == 0)
            for index, (hint, span) in enumerate(self._hints.targets.items())
        ]
        view.show_hints(shown)
        view.set_dimmed(frozenset(span.id for span in (*sources, *targets)))

    def key(self, event: QKeyEvent) -> bool:
        """Pick by hint, take the likeliest with Enter, name an entity with a slash."""
        key, text = event.key(), event.text()
        if key == Qt.Key.Key_Escape:
            self._end()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._targets:
            self.pick(self._targets[0], add=False)
        elif key == Qt.Key.Key_Backspace:
            self._hints.back()
            self._view.filter_hints(self._hints.typed.upper())
        elif text == "/" and self._without_words is not None:
            self._end()
            # Later: what opens must not be given this key to type.
            QTimer.singleShot(0, self._view, self._without_words)
        elif text.isalpha():
            target = self._hints.type(text)
            if target is not None:
                self.pick(target, add=text.isupper())
            else:
                self._view.filter_hints(self._hints.typed.upper())
        return True

    def pick(self, target: Span, *, add: bool) -> None:
        """Fill the slot with *target*, or add it to what is there."""
        self._end()
        self._fill(target, add)

    def pick_id(self, span_id: str) -> bool:
        """Fill the slot with a span that was clicked; False when it is no legal target."""
        target = next((span for span in self._targets if span.id == span_id), None)
        if target is not None:
            self.pick(target, add=False)
        return target is not None

    def leave(self) -> None:
        """Take the hints away."""
        self._view.clear_hints()
        self._view.set_dimmed(None)


class Jumping:
    """Every word in sight carries a hint; typing it goes there, with Shift it selects to there."""

    def __init__(self, view: ArticleView, end: Callable[[], None]) -> None:
        self._view = view
        self._end = end
        caret = view.caret()
        words = sorted(view.words_in_sight(), key=lambda word: abs(word.start - caret))
        self._hints = Hints.over(words)
        self.prompt = Prompt(
            "jumping",
            tr("Jump to a word"),
            (
                ("A – Z", tr("go there")),
                ("Shift", tr("select to there")),
                ("Esc", tr("cancel")),
            ),
        )
        view.show_hints([Hint(hint, word, None) for hint, word in self._hints.targets.items()])

    def key(self, event: QKeyEvent) -> bool:
        """Type a hint."""
        key, text = event.key(), event.text()
        if key == Qt.Key.Key_Escape:
            self._end()
        elif key == Qt.Key.Key_Backspace:
            self._hints.back()
            self._view.filter_hints(self._hints.typed)
        elif text.isalpha():
            word = self._hints.type(text)
            if word is not None:
                self._end()
                self._go(word, extend=text.isupper())
            else:
                self._view.filter_hints(self._hints.typed)
        return True

    def _go(self, word: Fragment, *, extend: bool) -> None:
        if not extend:
            self._view.select(word)
            return
        chosen = self._view.selection()
        anchor = self._view.anchor() if chosen is None else chosen.start
        if word.start >= anchor:
            self._view.select(Fragment(anchor, word.end))
        else:
            end = self._view.anchor() if chosen is None else chosen.end
            self._view.select(Fragment(word.start, end))

    def leave(self) -> None:
        """Take the hints away."""
        self._view.clear_hints()
