"""Rows of choices in the import dialog: what the scheme does not know, and what columns hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from annotator.formats import FIELDS, Column
from annotator.gui.controls import WordButton
from annotator.gui.exchange.pairs import Choice
from annotator.gui.parts import Elided, Themed, dress, label, px, set_type
from annotator.gui.theme import Theme
from annotator.translation import later, number, shown, tr

if TYPE_CHECKING:
    from annotator.exchange import Names, Stranger
    from annotator.scheme import Scheme

_KINDS: Final = {
    "label": later("Label"),
    "relation": later("Link"),
    "attribute": later("Attribute"),
    "value": later("Value"),
}
_FIELDS: Final = {
    "id": later("Id"),
    "title": later("Title"),
    "text": later("Text of the article"),
    "language": later("Language"),
    "source": later("Source"),
    "url": later("Web address"),
    "published": later("Day of publication"),
}
_ADD, _LEAVE, _TO = "add", "leave", "to "
_FIRST: Final = 8
"""Rows that are shown until somebody wants to see all."""
_MOST: Final = 200
"""Rows that are shown at most; what has none follows what is chosen for all."""


class Table(Themed, QWidget):
    """Rows of words and choices under a heading."""

    changed = Signal()

    def __init__(self, theme: Theme, object_name: str, heading: str) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName(object_name)
        self.setAccessibleName(heading)
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(12)
        self.grid.setVerticalSpacing(6)
        self.note = label(size=12, tone="muted")
        self.note.setWordWrap(True)
        self.note.hide()
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(0, 8, 0, 0)
        self.rows.setSpacing(8)
        self.rows.addWidget(label(heading, 12, 600, "muted"))
        self.rows.addLayout(self.grid)
        self.rows.addWidget(self.note)
        self.hide()

    def clear(self) -> None:
        """Take all rows away."""
        while (item := self.grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()

    def put(self, row: int, column: int, widget: QWidget) -> None:
        """Put a widget into a row."""
        self.grid.addWidget(widget, row, column, Qt.AlignmentFlag.AlignVCenter)


class StrangerTable(Table):
    """What the scheme does not know: each is added, becomes something known, or stays out."""

    def __init__(self, theme: Theme, scheme: Scheme) -> None:
        super().__init__(theme, "table.strangers", tr("What the scheme does not know"))
        self._scheme = scheme
        self._strangers: tuple[Stranger, ...] = ()
        self.choices: dict[Stranger, Choice] = {}
        self._values: list[QLabel] = []
        self.all = Choice()
        self.more = WordButton()
        self.more.setObjectName("button.all_strangers")
        self.more.clicked.connect(self._show_rest)
        self._rest: list[QWidget] = []
        self.grid.setColumnStretch(1, 1)
        self.rows.insertWidget(2, self.more, 0, Qt.AlignmentFlag.AlignLeft)

    def show_strangers(self, strangers: Sequence[Stranger]) -> None:
        """Show rows for *strangers*; what was chosen before stays as long as they are the same."""
        if tuple(strangers) == self._strangers:
            return
        self._strangers = tuple(strangers)
        self.clear()
        self.choices.clear()
        self._values.clear()
        self._rest.clear()
        self.setVisible(bool(strangers))
        if not strangers:
            return
        self.all = self._choice(
            "choice.all_strangers",
            tr("All of them"),
            [(_ADD, tr("Add to the scheme")), (_LEAVE, tr("Leave out"))],
        )
        self.all.activated.connect(self._choose_all)
        self.put(0, 0, label(tr("All of them"), weight=600))
        self.put(0, 3, self.all)
        for row, stranger in enumerate(strangers[:_MOST], start=1):
            self._add(row, stranger)
        more = len(strangers) - _MOST
        self.note.setText(tr("and {n} more", n=number(max(more, 0))))
        self.note.setVisible(more > 0)
        self.more.setText(tr("Show all {n}", n=number(min(len(strangers), _MOST))))
        self.more.setVisible(bool(self._rest))
        dress(self, self.theme)
        self._show_values()

    def _show_rest(self) -> None:
        for widget in self._rest:
            widget.show()
        self._rest[2].setFocus()
        self._rest.clear()
        self.more.hide()

    def _add(self, row: int, stranger: Stranger) -> None:
        name = Elided(stranger.name)
        name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        kind = label(shown(_KINDS[stranger.kind]), 12, tone="muted")
        count = label(f"{number(stranger.count)} ×", 12, tone="muted")
        fate = self._fate(stranger)
        self.put(row, 0, kind)
        self.grid.addWidget(name, row, 1)
        self.put(row, 2, count)
        self.put(row, 3, fate)
        if row > _FIRST:
            for widget in (kind, name, fate, count):
                widget.hide()
                self._rest.append(widget)

    def _fate(self, stranger: Stranger) -> QWidget:
        """Return where it is said what becomes of *stranger*."""
        if stranger.kind == "value":
            said = label(size=12, tone="muted")
            self._values.append(said)
            return said
        options = [(_ADD, tr("Add to the scheme"))]
        options += [
            (f"{_TO}{one}", tr("Becomes {name}", name=one)) for one in self._known(stranger)
        ]
        options.append((_LEAVE, tr("Leave out")))
        spoken = tr("What becomes of {name}", name=stranger.name)
        choice = self._choice(f"choice.{stranger.kind}.{stranger.name}", spoken, options)
        choice.activated.connect(self._on_choice)
        self.choices[stranger] = choice
        return choice

    def _choice(self, name: str, spoken: str, options: list[tuple[str, str]]) -> Choice:
        choice = Choice()
        choice.setObjectName(name)
        choice.setAccessibleName(spoken)
        choice.offer(options)
        choice.setFixedWidth(px(190))
        set_type(choice)
        return choice

    def _known(self, stranger: Stranger) -> list[str]:
        """Return what *stranger* could be instead."""
        if stranger.kind == "label":
            return [one.name for one in self._scheme.active_labels]
        if stranger.kind == "relation":
            return [one.name for one in self._scheme.relations]
        owner = self._scheme.label(stranger.name.rpartition(".")[0])
        return [] if owner is None else [one.name for one in owner.attributes]

    def _choose_all(self) -> None:
        for choice in self.choices.values():
            choice.choose(self.all.key)
        self._on_choice()

    def _on_choice(self) -> None:
        self._show_values()
        self.changed.emit()

    def _show_values(self) -> None:
        for said in self._values:
            said.setText(tr("is added") if self.adds else tr("is left out"))

    @property
    def adds(self) -> bool:
        """Whether the scheme grows by what nothing else was said about."""
        if not self.choices:
            return self.all.key != _LEAVE
        return any(choice.key == _ADD for choice in self.choices.values())

    def names(self) -> Names:
        """Return what becomes of the names that the scheme does not know."""
        from annotator.exchange import Names

        labels: dict[str, str] = {}
        relations: dict[str, str] = {}
        attributes: dict[str, dict[str, str]] = {}
        for stranger, choice in self.choices.items():
            if choice.key == _ADD or (choice.key == _LEAVE and not self.adds):
                continue
            new = choice.key.removeprefix(_TO) if choice.key.startswith(_TO) else ""
            if stranger.kind == "label":
                labels[stranger.name] = new
            elif stranger.kind == "relation":
                relations[stranger.name] = new
            else:
                owner, _, name = stranger.name.rpartition(".")
                attributes.setdefault(owner, {})[name] = new
        return Names(labels=labels, relations=relations, label_attributes=attributes)


class ColumnTable(Table):
    """The columns of a table, with the beginning of what stands in them, and what they hold."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "table.columns", tr("What the columns hold"))
        self._columns: tuple[Column, ...] = ()
        self.choices: dict[str, Choice] = {}
        self.grid.setColumnStretch(1, 1)

    def show_columns(self, columns: Sequence[Column]) -> None:
        """Show rows for *columns*; what was chosen before stays as long as they are the same."""
        if tuple(columns) == self._columns:
            return
        self._columns = tuple(columns)
        self.clear()
        self.choices.clear()
        self.setVisible(bool(columns))
        options = [("", tr("A fact of its own")), *((one, shown(_FIELDS[one])) for one in FIELDS)]
        for row, column in enumerate(columns):
            samples = Elided("  ·  ".join(column.samples))
            samples.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            set_type(samples, 12, 400, "muted")
            name = Elided(column.name, weight=600)
            name.setFixedWidth(px(120))
            choice = Choice()
            choice.setObjectName(f"choice.column.{column.name}")
            choice.setAccessibleName(tr("What the column {name} holds", name=column.name))
            choice.offer(options)
            choice.choose(column.field)
            choice.setFixedWidth(px(190))
            choice.activated.connect(self.changed)
            self.choices[column.name] = choice
            self.put(row, 0, name)
            self.grid.addWidget(samples, row, 1)
            self.put(row, 2, choice)
        dress(self, self.theme)

    def fields(self) -> dict[str, str]:
        """Return our field by the name of the column.

        A column that would be taken for a field, and is to be a fact of its own, has none.
        """
        proposed = {column.name: column.field for column in self._columns}
        return {
            name: choice.key
            for name, choice in self.choices.items()
            if choice.key or proposed[name]
        }
