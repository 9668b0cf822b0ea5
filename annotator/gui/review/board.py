"""The adjudication board: who or where is meant, as clusters of cards; and the links as triples."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from annotator.gui.controls import Flow, Segment
from annotator.gui.details.intents import do, entity_icon
from annotator.gui.page_keys import PageKeys
from annotator.gui.pane import Pane
from annotator.gui.parts import dress, label, px
from annotator.gui.review.board_columns import Column, NewColumn
from annotator.gui.review.board_links import LinkBoard
from annotator.gui.review.key_bar import KeyBar
from annotator.gui.review.key_button import KeyButton
from annotator.gui.review.permission import Permission
from annotator.model import Entity, new_id, now
from annotator.review.blinding import lanes, shown_names
from annotator.review.board import Card, Cluster, cards, clusters, move
from annotator.review.cases import Review, review
from annotator.review.sight import hidden_layers
from annotator.review.verdicts import Signature
from annotator.translation import tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.main_window import MainWindow

GOLD = "gold"


class Board(Pane):
    """Two views of the open article under review; every move is one undoable edit."""

    def __init__(self, window: MainWindow, permission: Permission) -> None:
        super().__init__(window.theme, "page.board", tr("Adjudication board"))
        self._workspace = workspace = window.workspace
        self._ask = window.ask
        self._commands = window.commands
        self._permission = permission
        self._review: Review | None = None
        self._cards: dict[str, Card] = {}
        self._whose: str | None = None
        self._picked: set[str] = set()
        self.columns: list[Column] = []
        self._lanes: Segment | None = None
        self._build()
        workspace.changed.connect(self._on_changed)
        workspace.article_opened.connect(self._on_changed)

    # -- building ----------------------------------------------------------------------------

    def _build(self) -> None:
        self.tabs = Segment(
            self.theme,
            (("entities", tr("People and places")), ("links", tr("Links"))),
            places=False,
        )
        self.tabs.setAccessibleName(tr("What is adjudicated"))
        self.tabs.choose("entities")
        self.tabs.chosen.connect(self.show_tab)
        whose = QWidget()
        self._lane_row = QHBoxLayout(whose)
        self._lane_row.setContentsMargins(0, 0, 0, 0)
        top = QWidget()
        flow = Flow(top, gap=12)
        flow.setContentsMargins(16, 14, 16, 8)
        for part in (label(tr("Adjudication board"), 15, 600), self.tabs, whose):
            flow.addWidget(part)
        self.told = label(size=12, tone="muted")
        self.told.setObjectName("text.board")
        self.told.setContentsMargins(16, 0, 16, 8)
        self.told.setWordWrap(True)
        self._holder = QWidget()
        self._row = QHBoxLayout(self._holder)
        self._row.setContentsMargins(16, 8, 16, 8)
        self._row.setSpacing(12)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(self._holder)
        for widget in (self._scroll.viewport(), self._holder):
            widget.setAutoFillBackground(False)
        self.links = LinkBoard(self._workspace, self._commands, self.theme, self._permission)
        self.links.left.connect(self.left)
        self.empty = label(_nothing_words(), 15, tone="muted")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setContentsMargins(48, 48, 48, 48)
        self._pages = QStackedWidget()
        for page in (self._scroll, self.links, self.empty):
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(top)
        column.addWidget(self.told)
        column.addWidget(self._pages, 1)
        column.addWidget(self._build_bar())

    def _build_bar(self) -> QWidget:
        self._keys = keys = PageKeys(self._commands, self._scroll, "board")
        self.new = keys.button(self.theme, tr("Into a new one"), "split", "button.split")
        keys.on("split", self.split)
        join = tr("Join with the next column")
        self.merge = keys.button(self.theme, join, "join", "button.join")
        keys.on("join", self.join)
        self.none = keys.button(self.theme, tr("Stands for nobody"), "nobody", "button.nobody")
        keys.on("nobody", partial(self.move_to, None))
        for n in range(1, 10):
            keys.on(f"to.{n}", partial(self._to_number, n))
        self._commands.keys_changed.connect(self._on_changed)
        leave = KeyButton(self.theme, tr("Back to the article"), "Esc", "button.back")
        leave.clicked.connect(self.left)
        own = (self.new, self.merge, self.none, *self.links.buttons)
        return KeyBar(self.theme, (*own, leave))

    # -- what is shown -----------------------------------------------------------------------

    def refresh(self) -> None:
        """Lay the readers of the open article over each other anew."""
        self._look()
        self._focus()

    def show_tab(self, name: str) -> None:
        """Show the clusters or the links."""
        self.tabs.choose(name)
        for button in (self.new, self.merge, self.none):
            button.setVisible(name == "entities")
        for button in self.links.buttons:
            button.setVisible(name == "links")
        if self._lanes is not None:
            self._lanes.setVisible(name == "entities")
        self._say()
        self._focus()

    def _on_changed(self, *_: object) -> None:
        if self.isVisible():
            self._look()
            self._focus()

    def _look(self) -> None:
        annotated = self._workspace.annotated
        key = self._current_key()
        kept = annotated is not None and bool(hidden_layers(annotated, self._author))
        self.empty.setText(_kept_words() if kept else _nothing_words())
        if annotated is None or kept:
            self._review = None
        else:
            self._review = review(annotated, self._workspace.scheme, previous=self._review)
        found = [] if self._review is None else cards(self._review)
        self._cards = {card.key: card for card in found}
        self._picked &= set(self._cards)
        self._show_lanes()
        self._show_columns(clusters(found, self._whose))
        self.links.show_review(self._review)
        self._say()
        self._enable()
        for column in self.columns:
            column.rows.go_to(key or "")

    @property
    def _author(self) -> str:
        return self._workspace.project.author

    def _show_lanes(self) -> None:
        found = self._review
        names = {} if found is None else shown_names(found)
        ids = [] if found is None else [layer.id for layer in lanes(found)]
        if self._whose not in ids:
            self._whose = None
        if self._lanes is not None:
            self._lanes.hide()
            self._lanes.deleteLater()
        options = ((GOLD, tr("Gold")), *((key, names[key]) for key in ids))
        self._lanes = Segment(self.theme, options, places=False)
        self._lanes.setAccessibleName(tr("Whose clusters"))
        self._lanes.choose(self._whose or GOLD)
        self._lanes.chosen.connect(self.show_lane)
        self._lane_row.addWidget(self._lanes)
        self._lanes.setVisible(self.tabs.current == "entities")
        dress(self._lanes, self.theme)

    def show_lane(self, key: str) -> None:
        """Show the clusters of gold, or those of one reader to compare."""
        self._whose = None if key == GOLD else key
        self._look()
        self._focus()

    def _show_columns(self, found: list[Cluster]) -> None:
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.columns = []
        assert self._review is not None or not found
        colours = {one.name: one.colour for one in self._workspace.scheme.labels}
        for at, cluster in enumerate(found):
            key = self._keys.key(f"to.{at + 1}") if at < 9 and self._whose is None else ""
            name = self._name(cluster.entity_id, cluster.kind)
            column = Column(self.theme, cluster, name, key)
            assert self._review is not None
            column.model.show_cards(
                cluster.cards, self._review.annotated.article, colours, self._says(), self._picked
            )
            column.dropped.connect(partial(self._drop, cluster.entity_id))
            column.rows.ticked.connect(self._pick)
            column.rows.left.connect(self.left)
            column.rows.stepped.connect(partial(self._step, at))
            self._row.addWidget(column)
            self.columns.append(column)
            dress(column, self.theme)
        if self._whose is None and found:
            self.place_for_new = NewColumn(self.theme)
            self.place_for_new.dropped.connect(self._drop_new)
            self._row.addWidget(self.place_for_new)
            dress(self.place_for_new, self.theme)
        self._row.addStretch(1)

    def _name(self, entity_id: str | None, kind: str = "") -> str:
        if entity_id is None:
            nothing = {"person": tr("Nobody"), "place": tr("Nowhere"), "group": tr("In no group")}
            return nothing[entity_icon(self._workspace.scheme, kind)]
        entity = self._workspace.entities.get(entity_id)
        return tr("Not in the project any more") if entity is None else entity.name

    def _says(self) -> dict[str, str]:
        """Return for each card on which readers differ who says something else."""
        if self._review is None:
            return {}
        names = shown_names(self._review)
        return {
            key: "; ".join(
                f"{names[layer]}: {self._name(e, card.kind)}"
                for layer, e in card.by_layer
                if e != card.entity_id
            )
            for key, card in self._cards.items()
            if card.differs
        }

    def _say(self) -> None:
        self._pages.setCurrentWidget(self._page())
        self.told.setText(self._told())

    def _page(self) -> QWidget:
        if self.tabs.current == "links":
            return self.links
        return self._scroll if self.columns else self.empty

    def _told(self) -> str:
        if self.tabs.current == "links":
            return self.links.told
        if not self.columns:
            return ""
        shown = [card for column in self.columns for card in column.cluster.cards]
        again = sum(bool(card.case.again) for card in shown)
        hidden = tr_n(
            again,
            "{n} is to be decided again: what was decided first is hidden until then.",
            "{n} are to be decided again: what was decided first is hidden until then.",
        )
        return f"{self._counted(shown)} {hidden if again else ''}".rstrip()

    def _counted(self, shown: list[Card]) -> str:
        """Say how many labels there are, and on how many readers differ."""
        differing = sum(card.differs for card in shown)
        labels = tr_n(len(shown), "{n} label", "{n} labels")
        if not differing:
            return tr(
                "{labels}. Readers agree on all. Drag a card or a heading, or press the "
                "number of a column.",
                labels=labels,
            )
        return tr_n(
            differing,
            "{labels}. Readers differ on {n}. Drag a card or a heading, or press the number of a "
            "column.",
            "{labels}. Readers differ on {n}. Drag a card or a heading, or press the number of a "
            "column.",
            labels=labels,
        )

    def _enable(self) -> None:
        able = self._whose is None and bool(self.columns)
        for button in (self.new, self.merge, self.none):
            button.setEnabled(able)

    # -- the card at hand --------------------------------------------------------------------

    def _focused(self) -> Column | None:
        return next((column for column in self.columns if column.rows.hasFocus()), None)

    def _current_key(self) -> str | None:
        column = self._focused()
        return None if column is None else column.rows.current_key

    def _focus(self) -> None:
        if self.tabs.current == "links":
            self.links.rows.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        current = [c for c in self.columns if c.rows.currentIndex().isValid()]
        for column in current or self.columns[:1]:
            self._enter(column)
            return
        self.empty.setFocus(Qt.FocusReason.OtherFocusReason)

    def _enter(self, column: Column) -> None:
        if not column.rows.currentIndex().isValid() and column.model.keys:
            column.rows.setCurrentIndex(column.model.index(0))
        column.rows.setFocus(Qt.FocusReason.OtherFocusReason)
        self._scroll.ensureWidgetVisible(column, px(16), 0)

    def _step(self, at: int, by: int) -> None:
        if 0 <= at + by < len(self.columns):
            row = self.columns[at].rows.currentIndex().row()
            column = self.columns[at + by]
            last = len(column.model.keys) - 1
            column.rows.setCurrentIndex(column.model.index(min(max(row, 0), last)))
            self._enter(column)

    def _pick(self, key: str) -> None:
        self._picked ^= {key}
        for column in self.columns:
            column.rows.viewport().update()

    def _chosen(self) -> list[Card]:
        """Return the ticked cards, or the one that the keyboard is on."""
        key = self._current_key()
        keys = self._picked or ({key} if key is not None else set())
        return [card for card in self._cards.values() if card.key in keys]

    # -- moves -------------------------------------------------------------------------------

    def _to_number(self, number: int) -> None:
        if self._whose is None and number <= len(self.columns):
            self.move_to(self.columns[number - 1].cluster.entity_id)

    def move_to(self, entity_id: str | None, _on: bool = False) -> None:
        """Let the chosen cards stand for an entity, or for nobody."""
        self._move(self._chosen(), self._workspace.entities.get(entity_id or ""))

    def _drop(self, entity_id: str | None, keys: list[str]) -> None:
        dropped = [self._cards[key] for key in keys if key in self._cards]
        if self._whose is None:
            self._move(dropped, self._workspace.entities.get(entity_id or ""))

    def _drop_new(self, keys: list[str]) -> None:
        self._split([self._cards[key] for key in keys if key in self._cards])

    def split(self) -> None:
        """Take the chosen cards out into a person or place of their own."""
        self._split(self._chosen())

    def _split(self, chosen: list[Card]) -> None:
        found = self._review
        if found is None or not chosen or self._whose is not None:
            return
        if not self._may_move(found, chosen):
            return
        name = self._ask.line(self, tr("A new one"), tr("Name"), chosen[0].words)
        if name and name.strip():
            self._move(chosen, Entity(id=new_id(), kind=chosen[0].kind, name=name.strip()))

    def _may_move(self, found: Review, chosen: list[Card]) -> bool:
        """Say whether these cards may be decided on; if not, why stands on the screen."""
        return all(self._permission.is_granted(found, card.case) for card in chosen)

    def join(self) -> None:
        """Let all cards of the next column stand for what this column stands for."""
        column = self._focused()
        if column is None or self._whose is not None:
            return
        at = self.columns.index(column)
        following = [c for c in self.columns[at + 1 :] if c.cluster.kind == column.cluster.kind]
        if not following or column.cluster.entity_id is None:
            self._workspace.note(tr("There is no column to join with."))
            return
        entity = self._workspace.entities.get(column.cluster.entity_id)
        self._move(list(following[0].cluster.cards), entity)

    def _move(self, chosen: list[Card], entity: Entity | None) -> None:
        found = self._review
        if found is None or not chosen or not self._may_move(found, chosen):
            return
        project = self._workspace.project
        signed = Signature(project.author, now(), project.revision)
        structure = self._workspace.structure
        made = do(
            self._workspace,
            lambda: self._permission.noted(
                move(found, chosen, entity, signed, structure), found, signed
            ),
        )
        if made is not None:
            self._picked.clear()
            self._look()
            self._workspace.note(tr_n(len(chosen), "{n} label is moved.", "{n} labels are moved."))


def _nothing_words() -> str:
    nothing = tr("Nothing here stands for a person or place that somebody has handed in.")
    return f"{nothing} {tr('Submit the article, or open another one.')}"


def _kept_words() -> str:
    first = tr("Hand in your own labels first")
    return f"{first}. {tr('You label this article without seeing what others mark in it.')}"
