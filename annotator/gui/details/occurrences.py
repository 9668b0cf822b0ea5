"""All occurrences of a span's words, to be marked, changed or deleted in one step."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from annotator import editing
from annotator.editing import Desk
from annotator.errors import UserError
from annotator.gui.controls import FilterButton, Flow
from annotator.gui.details.equal_words import EqualWords, Place
from annotator.gui.details.intents import colour_of, words
from annotator.gui.dialogs import Complaint, PlainDialog
from annotator.gui.parts import Chip, Elided, dress, label, px
from annotator.gui.rows import Row, RowModel, Rows
from annotator.gui.theme import Theme
from annotator.model import Edit, Fragment, Span
from annotator.translation import number, reason, tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.workspace import Workspace

_ARTICLE = "\0"
"""Beginning of the key of a row that heads an article."""


class PlaceModel(RowModel):
    """Places grouped by article, each with a tick box; the article's own turns all of its."""

    def __init__(self, equal: EqualWords) -> None:
        super().__init__()
        self._equal = equal
        self.ticked: set[str] = set()
        self._places: dict[str, Place] = {}

    def add(self, article_ids: Iterable[str]) -> None:
        """Show the places of further articles; those that can be marked are ticked."""
        keys = list(self.keys)
        for article_id in article_ids:
            found = self._equal.places[article_id]
            keys.append(f"{_ARTICLE}{article_id}")
            for place in found:
                keys.append(place.key)
                self._places[place.key] = place
                self.ticked.add(place.key)
        self.show_keys(keys)

    def row(self, key: str) -> Row | None:
        if key.startswith(_ARTICLE):
            return self._heading(key.removeprefix(_ARTICLE))
        place = self._places[key]
        names = ", ".join(dict.fromkeys(span.label for span in place.spans))
        first = place.spans[0].label if place.spans else None
        scheme = self._equal.workspace.scheme
        return Row(
            text=place.context,
            right=names or tr("not marked"),
            colour=None if first is None else colour_of(scheme, first),
            strong=place.words,
            checked=key in self.ticked,
        )

    def _heading(self, article_id: str) -> Row:
        keys = [place.key for place in self._equal.places[article_id]]
        on = sum(key in self.ticked for key in keys)
        title = self._equal.desks[article_id].annotated.article.title
        return Row(
            text=title or tr("Without a title"),
            right=tr("{n} of {total}", n=number(on), total=number(len(keys))),
            checked=on == len(keys),
            heading=True,
            foreign=True,
        )

    def turn(self, key: str) -> None:
        """Tick a place or a whole article, or take the tick back."""
        if key.startswith(_ARTICLE):
            keys = {place.key for place in self._equal.places[key.removeprefix(_ARTICLE)]}
            self.ticked = self.ticked - keys if keys <= self.ticked else self.ticked | keys
        else:
            self.ticked ^= {key}
        self.dataChanged.emit(self.index(0), self.index(len(self.keys) - 1))

    def tick_only(self, wanted: Callable[[Place], bool]) -> None:
        """Tick exactly the places for which *wanted* is true."""
        self.ticked = {key for key, place in self._places.items() if wanted(place)}
        if self.keys:
            self.dataChanged.emit(self.index(0), self.index(len(self.keys) - 1))

    def chosen(self) -> list[Place]:
        """Return the ticked places in their order."""
        return [self._places[key] for key in self.keys if key in self.ticked]


class Occurrences(PlainDialog):
    """Shows every place with the words of a span; one step, one undo."""

    def __init__(
        self, workspace: Workspace, theme: Theme, span: Span, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, "dialog.occurrences", tr("All occurrences"), parent)
        self._workspace = workspace
        self._span = span
        self.equal = EqualWords(workspace, span)
        self.model = PlaceModel(self.equal)
        self.model.setParent(self)
        self._build()
        self._reader = QTimer(self, interval=0)
        self._reader.timeout.connect(self._read_some)
        dress(self, theme)
        self.resize(px(680), px(560))
        self.equal.search()
        self._read_some()
        if self.equal.waiting:
            self._reader.start()
        self.rows.setFocus()

    def _build(self) -> None:
        self.chip = Chip(self.theme)
        self.chip.show_label(self._span.label, colour_of(self._workspace.scheme, self._span.label))
        heading = Elided(words(self._span), 15, 600)
        heading.setObjectName("text.words")
        self.counts = label(size=12, tone="muted")
        self.counts.setObjectName("text.occurrence_counts")
        self.rows = Rows(self.theme, self.model)
        self.rows.setObjectName("list.occurrences")
        self.rows.setAccessibleName(tr("Places with these words"))
        self.rows.ticked.connect(self._turn)
        # Two clicks are two ticks; only Enter is for the button.
        self.rows.doubleClicked.disconnect()
        self.rows.chosen.connect(lambda _key: self.mark.click())
        self.rows.left.connect(self.reject)
        self.complaint = Complaint("error.occurrences")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 16, 0, 16)
        column.setSpacing(10)
        for item in (self.chip, heading, self.counts, self._build_ticks(), self.complaint):
            holder = QVBoxLayout()
            holder.setContentsMargins(16, 0, 16, 0)
            holder.addWidget(item)
            column.addLayout(holder)
        column.addWidget(self.rows, 1)
        column.addLayout(self._build_buttons())

    def _build_ticks(self) -> QWidget:
        holder = QWidget()
        flow = Flow(holder, gap=2)
        self.ticks: dict[str, FilterButton] = {}
        for name, text, wanted in (
            ("all", tr("Tick all"), lambda place: True),
            ("here", tr("Only in this article"), self._is_here),
            ("unmarked", tr("Only what is not marked"), lambda place: not place.spans),
            ("marked", tr("Only what is marked so"), self._has_label),
            ("none", tr("None"), lambda place: False),
        ):
            button = FilterButton(self.theme, text)
            button.setCheckable(False)
            button.setObjectName(f"button.tick_{name}")
            button.clicked.connect(lambda _=False, wanted=wanted: self._tick_only(wanted))
            self.ticks[name] = button
            flow.addWidget(button)
        return holder

    def _build_buttons(self) -> QVBoxLayout:
        self.buttons.setContentsMargins(16, 0, 16, 0)
        self.buttons.addStretch(1)
        self.button(tr("Close"), "button.close", self.reject)
        self.delete = self.button("", "button.delete_ticked", self.delete_ticked)
        self.change = self.button("", "button.change_ticked", self._ask_label)
        self.mark = self.button("", "button.mark_ticked", self.mark_ticked, default=True)
        holder = QVBoxLayout()
        holder.addLayout(self.buttons)
        return holder

    # -- reading -----------------------------------------------------------------------------

    def _read_some(self) -> None:
        row = self.rows.currentIndex().row()
        self.model.add(self.equal.read_some())
        if self.model.keys:
            self.rows.setCurrentIndex(self.model.index(max(row, 0)))
        if not self.equal.waiting:
            self._reader.stop()
        self._say()

    def read_all(self) -> None:
        """Read what is still waiting, at once."""
        while self.equal.waiting:
            self._read_some()

    def _say(self) -> None:
        places = list(self.equal.all_places())
        chosen = self.model.chosen()
        articles = tr_n(len(self.equal.places), "{n} article", "{n} articles")
        text = tr_n(len(places), "{n} place", "{n} places")
        if self.equal.waiting:
            text = tr("{places} in {articles}, reading on", places=text, articles=articles)
        else:
            text = tr("{places} in {articles}", places=text, articles=articles)
        ticked = tr_n(len(chosen), "{n} ticked", "{n} ticked")
        self.counts.setText(f"{text}, {ticked}")
        new = [place for place in chosen if not self._has_label(place)]
        spans = self._marked(chosen)
        name = self._span.label
        self._name(self.mark, tr("Mark {n} as {label}", n=number(len(new)), label=name), bool(new))
        changed = tr_n(len(spans), "Change {n} label", "Change {n} labels")
        self._name(self.change, changed, bool(spans))
        deleted = tr_n(len(spans), "Remove {n} label", "Remove {n} labels")
        self._name(self.delete, deleted, bool(spans))

    def _name(self, button: QWidget, text: str, on: bool) -> None:
        button.setProperty("text", text.replace("&", "&&"))
        button.setAccessibleName(text)
        button.setEnabled(on and not self.equal.waiting)

    # -- ticking -----------------------------------------------------------------------------

    def _turn(self, key: str) -> None:
        self.model.turn(key)
        self._say()

    def _tick_only(self, wanted: Callable[[Place], bool]) -> None:
        self.model.tick_only(wanted)
        self._say()

    def _is_here(self, place: Place) -> bool:
        return place.article_id == self._span.article_id

    def _has_label(self, place: Place) -> bool:
        return any(span.label == self._span.label for span in place.spans)

    def _marked(self, places: Iterable[Place]) -> list[Span]:
        """Return the spans with the label of this one at ticked places."""
        return [span for place in places for span in place.spans if span.label == self._span.label]

    # -- edits -------------------------------------------------------------------------------

    def mark_ticked(self) -> None:
        """Mark the ticked places as the span is marked."""
        by_article: dict[str, list[Fragment]] = {}
        for place in self.model.chosen():
            by_article.setdefault(place.article_id, []).append(place.fragment)
        count = sum(not self._has_label(place) for place in self.model.chosen())
        told = tr_n(count, "{n} more is marked.", "{n} more are marked.")
        self._perform(lambda: editing.mark_all(self._desks(), self._span, by_article), told)

    def delete_ticked(self) -> None:
        """Take the label away from the ticked places."""
        spans = self._marked(self.model.chosen())
        told = tr_n(len(spans), "{n} label is removed.", "{n} labels are removed.")
        self._perform(lambda: editing.delete_all(self._desks(), spans), told)

    def relabel_ticked(self, name: str) -> None:
        """Give the spans at the ticked places another label."""
        spans = self._marked(self.model.chosen())
        told = tr_n(
            len(spans), "{n} label is {label} now.", "{n} labels are {label} now.", label=name
        )
        self._perform(lambda: editing.relabel_all(self._desks(), spans, name), told)

    def _desks(self) -> list[Desk]:
        wanted = {place.article_id for place in self.model.chosen()}
        return [desk for key, desk in self.equal.desks.items() if key in wanted]

    def _ask_label(self) -> None:
        menu = self.label_menu()
        menu.exec(self.change.mapToGlobal(self.change.rect().bottomLeft()))
        menu.deleteLater()

    def label_menu(self) -> QMenu:
        """Make the menu of the labels that the ticked places can get."""
        menu = QMenu(self)
        menu.setObjectName("menu.change_ticked")
        for item in self._workspace.scheme.active_labels:
            if item.name != self._span.label:
                action = menu.addAction(item.name.replace("&", "&&"))
                action.triggered.connect(lambda _=False, name=item.name: self.relabel_ticked(name))
        return menu

    def _perform(self, make: Callable[[], Edit], told: str) -> None:
        self._reader.stop()
        try:
            edit = make()
        except UserError as error:
            self.complaint.say(reason(error))
            return
        if self._workspace.perform(edit):
            self._workspace.note(told)
            self.accept()
