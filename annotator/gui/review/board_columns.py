"""A column of the board: a person or place, and the labels that stand for it as cards."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHBoxLayout, QVBoxLayout, QWidget

from annotator.gui.article_details import zone_at, zone_names
from annotator.gui.details.intents import Places
from annotator.gui.parts import Elided, KeyCap, Themed, label, px
from annotator.gui.rows import KEY, Index, Row, RowModel, Rows
from annotator.gui.theme import Theme
from annotator.model import Article
from annotator.review.board import Card, Cluster
from annotator.translation import number, tr

CARD_TYPE = "application/x-annotator-cards"
"""Keys of cards that are dragged, one a line."""


class CardModel(RowModel):
    """The cards of one cluster."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._cards: dict[str, Card] = {}
        self._article: Article | None = None
        self._colours: dict[str, str] = {}
        self._says: dict[str, str] = {}
        self._places = Places()
        self.ticked: set[str] = set()

    def show_cards(
        self,
        cards: tuple[Card, ...],
        article: Article,
        colours: dict[str, str],
        says: dict[str, str],
        ticked: set[str],
    ) -> None:
        """Show *cards*; *says* holds what readers say who do not agree, by the keys of cards."""
        self._cards = {card.key: card for card in cards}
        self._article, self._colours, self._says, self.ticked = article, colours, says, ticked
        self.show_keys(list(self._cards))

    def row(self, key: str) -> Row | None:
        card = self._cards.get(key)
        if card is None or self._article is None:
            return None
        second = self._says.get(key) or ("" if card.in_gold else tr("not decided yet"))
        if card.case.again:
            second = "; ".join(filter(None, (tr("to be decided again"), self._says.get(key))))
        where = self._places.paragraph(self._article, card.place.start)
        zone = "" if where else zone_at(self._article, card.place) or ""
        return Row(
            text=card.words,
            second=second,
            right=where or zone_names().get(zone, ""),
            colour=self._colours.get(card.label, "grey"),
            checked=key in self.ticked,
        )

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def mimeTypes(self) -> list[str]:
        return [CARD_TYPE]

    def mimeData(self, indexes: object) -> QMimeData:
        keys = [index.data(KEY) for index in indexes]  # type: ignore[attr-defined]
        if self.ticked & set(keys):
            keys = sorted(self.ticked | set(keys))
        data = QMimeData()
        data.setData(CARD_TYPE, "\n".join(keys).encode())
        return data


class CardRows(Rows):
    """The cards; left and right go to the columns beside."""

    stepped = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Right else -1)
        else:
            super().keyPressEvent(event)


class DropPlace(Themed, QWidget):
    """Where cards can be dropped."""

    dropped = Signal(list)
    """Keys of cards."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._under = False
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(CARD_TYPE):
            event.acceptProposedAction()
            self._show_under(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._show_under(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._show_under(False)
        if event.mimeData().hasFormat(CARD_TYPE):
            event.acceptProposedAction()
            keys = bytes(event.mimeData().data(CARD_TYPE).data()).decode().splitlines()
            self.dropped.emit(keys)

    def _show_under(self, under: bool) -> None:
        self._under = under
        self.update()

    @property
    def _is_here(self) -> bool:
        """Whether the keyboard or a drag is there."""
        return self._under

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            frame = self.theme.accent if self._is_here else self.theme.hairline
            painter.setPen(QPen(frame, 1))
            painter.setBrush(self.theme.accent_tint if self._under else self.theme.side)
            box = QRectF(QRect(0, 0, self.width(), self.height()))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        finally:
            painter.end()


class NewColumn(DropPlace):
    """Cards that are dropped here become a person or place of their own."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.setObjectName("column.new")
        self.setFixedWidth(px(160))
        said = label(tr("Drop cards here for a new one"), 12, tone="muted")
        said.setWordWrap(True)
        said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAccessibleName(said.text())
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.addWidget(said)


class Column(DropPlace):
    """Heading, number key, cards; cards that are dropped on it are to stand for its entity.

    The heading is dragged with all of its cards, to be merged with another column.
    """

    def __init__(self, theme: Theme, cluster: Cluster, name: str, key: str) -> None:
        super().__init__(theme)
        self.cluster = cluster
        self.name = name
        self._pressed: QPoint | None = None
        self.setFixedWidth(px(232))
        self.setAccessibleName(f"{name}, {number(len(cluster.cards))}")
        self.model = CardModel(self)
        self.rows = CardRows(theme, self.model, lines=2)
        self.rows.setAccessibleName(name)
        self.rows.setObjectName("list.cards")
        self.rows.setDragEnabled(True)
        self.rows.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        head = QHBoxLayout()
        head.setContentsMargins(12, 10, 12, 8)
        head.setSpacing(8)
        cap = KeyCap(theme, key, self)
        cap.setVisible(bool(key))
        head.addWidget(cap)
        head.addWidget(Elided(name, 13, 600), 1)
        head.addWidget(label(number(len(cluster.cards)), 12, tone="muted"))
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.rows, 1)

    @property
    def _is_here(self) -> bool:
        return self._under or self.rows.hasFocus()

    def all_cards(self) -> QMimeData:
        """Return what is dragged with the heading."""
        data = QMimeData()
        keys = [card.key for card in self.cluster.cards]
        data.setData(CARD_TYPE, "\n".join(keys).encode())
        return data

    def mousePressEvent(self, event: QMouseEvent) -> None:
        left = event.button() == Qt.MouseButton.LeftButton
        self._pressed = event.position().toPoint() if left else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        here = event.position().toPoint()
        far = QApplication.startDragDistance()
        if self._pressed is not None and (here - self._pressed).manhattanLength() >= far:
            self._pressed = None
            drag = QDrag(self)
            drag.setMimeData(self.all_cards())
            drag.exec(Qt.DropAction.MoveAction)
