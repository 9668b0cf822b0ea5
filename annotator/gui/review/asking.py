"""Moments of the review in which keys answer a question: which reason, which words, which label."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from annotator.editing import Desk, NothingToDo
from annotator.editing.attributes import settle
from annotator.editing.draft import Draft
from annotator.editing.marking import change_label, checked_fragments, next_stop
from annotator.gui.article.caret import motion_of
from annotator.gui.describing import next_value
from annotator.gui.details.intents import title, value_text
from annotator.gui.modes import Prompt
from annotator.gui.pressed_keys import only_held, pressed_key
from annotator.gui.review.verdict_bar import Offer
from annotator.model import Edit, Fragment, Span
from annotator.spans import covered
from annotator.translation import reason, tr

if TYPE_CHECKING:
    from annotator.gui.article.text_view import ArticleView
    from annotator.scheme import Scheme

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Question:
    """Offers with keys; one of them is pressed, or Esc."""

    def __init__(self, title: str, offers: Sequence[Offer], leave: Callable[[], None]) -> None:
        self.prompt = Prompt("asking", title)
        self._leave = leave
        self.offers = tuple(replace(one, do=partial(self._choose, one)) for one in offers)
        self._chosen = {offer.key: offer for offer in offers}

    def key(self, event: QKeyEvent) -> bool:
        """Take the offer with this key; other keys do nothing meanwhile."""
        name = pressed_key(event)
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        elif event.key() in _ENTER and "Return" in self._chosen:
            self._choose(self._chosen["Return"])
        elif name in self._chosen:
            self._choose(self._chosen[name])
        return True

    def _choose(self, offer: Offer) -> None:
        self._leave()
        offer.do()

    def leave(self) -> None:
        """Nothing is shown in the article."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A label as a reviewer has drawn it up: what is to stand in gold."""

    fragments: tuple[Fragment, ...]
    label: str
    attributes: Mapping[str, Any]

    def edit(self, desk: Desk, span_id: str) -> Edit:
        """Return the edit that lets a gold span say this."""
        draft = Draft(desk)
        (span,) = desk.spans((span_id,))
        where = checked_fragments(draft, desk.label(self.label), self.fragments)
        if self.label != span.label:
            change_label(draft, span, self.label)
        span = draft.span(span_id) or span
        values = span.attributes if self.label != span.label else self.attributes
        changed = replace(
            span, fragments=where, text=covered(draft.text, where), attributes=dict(values)
        )
        if changed == desk.annotated.spans[span_id]:
            raise NothingToDo("Nothing was changed.")
        draft.put(changed)
        settle(draft)
        return draft.edit("correct", detail=self.label, place=where[0])


class Drawing:
    """Words are chosen in the article, and a label for them: the selection is what will be marked.

    Enter keeps it, unless a label key is enough. Ends move by the keys of the review, and the caret
    keys with Shift work as ever.
    """

    def __init__(
        self,
        view: ArticleView,
        desk: Desk,
        span: Span | None,
        *,
        heading: str,
        keys: Mapping[str, str],
        ends: Mapping[str, tuple[str, int, str]],
        save: Callable[[Drawn], object],
        leave: Callable[[], None],
        label_saves: bool,
        say: Callable[[str], None],
    ) -> None:
        self._view = view
        self._desk = desk
        self._keys = keys
        self._ends = ends
        self._save = save
        self._leave = leave
        self._label_saves = label_saves
        self._say = say
        self.prompt = Prompt("drawing", heading)
        self.label = "" if span is None else span.label
        self._attributes: dict[str, Any] = {} if span is None else dict(span.attributes)
        self._others: tuple[Fragment, ...] = ()
        if span is not None:
            *others, last = span.fragments
            self._others = tuple(others)
            view.set_pending(others)
            view.select(last)
        self.changed: Callable[[], None] = lambda: None

    @property
    def offers(self) -> tuple[Offer, ...]:
        """The labels with their keys, and what ends this."""
        labels = [
            Offer(key, name, partial(self._take_label, name), name=f"button.label.{name}")
            for key, name in self._keys.items()
        ]
        if not self._label_saves:
            labels.insert(0, Offer("Return", tr("Keep this"), self._keep, framed=True))
        return (*labels, Offer("Esc", tr("Cancel"), self._leave))

    def key(self, event: QKeyEvent) -> bool:
        """Draw with the keys; what moves the caret is left to the article."""
        name = pressed_key(event)
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        elif event.key() in _ENTER:
            self._keep()
        elif name in self._ends:
            self.move(*self._ends[name])
        elif name in self._keys:
            self._take_label(self._keys[name])
        elif name.isdigit():
            self._turn(int(name))
        else:
            return motion_of(event) is None and not only_held(event)
        return True

    def _take_label(self, name: str) -> None:
        self.label = name
        if self._label_saves:
            self._keep()
        else:
            self._say(tr("{label} from now on. Enter keeps it.", label=name))
            self.changed()

    def move(self, which: str, by: int, unit: str) -> None:
        selection = self._view.selection()
        if selection is None:
            return
        start, end = selection
        try:
            position = start if which == "start" else end
            stop = next_stop(self._desk, position, which, by, unit)
        except NothingToDo as error:
            self._say(reason(error))
            return
        moved = Fragment(stop, end) if which == "start" else Fragment(start, stop)
        if moved.start < moved.end:
            self._view.select(moved)

    def _turn(self, digit: int) -> None:
        """Give an attribute its next value."""
        label = self._desk.scheme.label(self.label)
        numbered = () if label is None else label.numbered_attributes
        if not 1 <= digit <= len(numbered):
            return
        attribute = numbered[digit - 1]
        if attribute.kind == "text":
            self._say(tr("{name} is written in Annotate.", name=title(attribute.name)))
            return
        now = self._attributes.get(attribute.name, attribute.default)
        value = next_value(attribute, now, 1)
        if value is None:
            self._attributes.pop(attribute.name, None)
        else:
            self._attributes[attribute.name] = value
        said = value_text(value) or tr("not set")
        self._say(tr("{name}: {value}. Enter keeps it.", name=title(attribute.name), value=said))

    def _keep(self) -> None:
        selection = self._view.selection()
        if selection is None and not self._others:
            self._say(tr("Select the words first."))
            return
        if not self.label:
            self._say(tr("Press the key of a label."))
            return
        chosen = None
        if selection is not None:
            chosen = self._desk.structure.clean(selection.start, selection.end, snap=False)
        fragments = self._others if chosen is None else (*self._others, chosen)
        self._leave()
        self._save(Drawn(fragments, self.label, self._attributes))

    def leave(self) -> None:
        """Take the selection away."""
        self._view.set_pending(())
        self._view.set_caret(self._view.caret(), scroll=False)


def label_keys(scheme: Scheme, key_of: Callable[[str], str]) -> dict[str, str]:
    """Return the labels in use by their keys, as *key_of* gives them for an action."""
    found = {key_of(f"label.{label.name}"): label.name for label in scheme.active_labels}
    return {key: name for key, name in found.items() if key}
