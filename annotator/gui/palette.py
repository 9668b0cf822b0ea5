"""The palette: commands, people and places, articles, and words in the articles, by typing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QEvent,
    QObject,
    QRect,
    QRectF,
    Qt,
    QTimer,
)
from PySide6.QtGui import (
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QRegion,
)
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QVBoxLayout,
    QWidget,
)

from annotator.gui.headed_list import HeadedModel, HeadedRows, Measures
from annotator.gui.icons import icon, pixmap
from annotator.gui.label_bar import KeyHint
from annotator.gui.parts import (
    Themed,
    dress,
    key_parts,
    label,
    px,
    set_type,
    type_font,
)
from annotator.gui.theme import Theme
from annotator.translation import tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.main_window import MainWindow

SEARCH_MILLISECONDS = 120
COMMANDS, ENTITIES, ARTICLES, HITS = 8, 5, 5, 8
"""How many of each are shown at most while something is typed."""


MEASURES = Measures(row=36, heading=16, above=4, left=20, inset=(8, 8))


@dataclass(frozen=True, slots=True)
class Entry:
    """A row: something to run, or a heading."""

    text: str
    icon: str = ""
    second: str = ""
    key: str = ""
    action_id: str = ""
    run: Callable[[], object] | None = None

    @property
    def is_heading(self) -> bool:
        """Whether this row only names those below it."""
        return self.run is None

    @property
    def caps(self) -> list[str]:
        """Keys that stand at the right, a cap for each."""
        return key_parts(self.key)

    @property
    def spoken(self) -> str:
        """What a screen reader says."""
        return ", ".join(part for part in (self.text, self.second, self.key) if part)


def matches(text: str, words: list[str]) -> list[tuple[int, int]] | None:
    """Return where *words* stand in *text*, or None where one of them does not."""
    folded = text.casefold()
    if len(folded) != len(text):
        folded = text.lower() if len(text.lower()) == len(text) else text
    found = []
    for word in words:
        start = folded.find(word)
        if start < 0:
            return None
        found.append((start, start + len(word)))
    return sorted(found)


def rank(text: str, words: list[str]) -> tuple[int, int, str]:
    """Sort key: what begins with what was typed first, then what has it at a word's start."""
    places = matches(text, words) or []
    first = places[0][0] if places else 0
    inside = any(start > 0 and text[start - 1].isalnum() for start, _ in places)
    return (int(inside), first, text.casefold())


class EntryRows(HeadedRows):
    """Paints an icon before each row, and what matched in the accent's colour."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(theme, MEASURES, parent)
        self.words: list[str] = []

    def paint_item(self, painter: QPainter, rect: QRect, item: Entry, *, current: bool) -> None:
        side = px(16)
        mark = icon(item.icon or "arrow-right", self.theme.muted, side)
        middle = rect.center().y()
        mark.paint(painter, QRect(rect.left() + 20, middle - side // 2, side, side))
        right = self.paint_caps(painter, rect, rect.right() - 20, item.caps)
        self._paint_text(painter, rect, item, right)

    def _paint_text(self, painter: QPainter, rect: QRect, entry: Entry, right: int) -> None:
        left = rect.left() + 20 + px(16) + 12
        middle = Qt.AlignmentFlag.AlignVCenter
        plain_font, bold = type_font(13), type_font(13, 600)
        text = " ".join(entry.text.split())
        for piece, hit in _pieces(text, self.words):
            font = bold if hit else plain_font
            painter.setFont(font)
            painter.setPen(self.theme.accent if hit else self.theme.ink)
            room = right - left - 8
            if room <= 0:
                return
            shown = QFontMetrics(font).elidedText(piece, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRect(left, rect.top(), room, rect.height()), middle, shown)
            left += QFontMetrics(font).horizontalAdvance(shown)
        if entry.second:
            painter.setFont(plain_font)
            painter.setPen(self.theme.muted)
            left += 8
            room = right - left - 8
            shown = QFontMetrics(plain_font).elidedText(
                entry.second, Qt.TextElideMode.ElideRight, max(room, 0)
            )
            painter.drawText(QRect(left, rect.top(), max(room, 0), rect.height()), middle, shown)


def _pieces(text: str, words: list[str]) -> Iterator[tuple[str, bool]]:
    """Cut *text* into what matched and what did not."""
    at = 0
    for start, end in matches(text, words) or []:
        if start < at:
            continue
        if start > at:
            yield text[at:start], False
        yield text[start:end], True
        at = end
    if at < len(text):
        yield text[at:], False


class Palette(Themed, QDialog):
    """A field and what it finds; the rest of the window waits."""

    def __init__(self, window: MainWindow, text: str = "") -> None:
        super().__init__(window, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("dialog.palette")
        self.setAccessibleName(tr("Search or run a command"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.theme = window.theme
        self._window = window
        self._build()
        self._pause = QTimer(self, singleShot=True, interval=SEARCH_MILLISECONDS)
        self._pause.timeout.connect(lambda: self.refresh(deep=True))
        self.field.textChanged.connect(self._on_typed)
        self.field.setText(text)
        self.refresh(deep=bool(text))

    def _build(self) -> None:
        self._mark = label()
        self.field = QLineEdit()
        self.field.setObjectName("field.palette")
        self.field.setAccessibleName(tr("Search or run a command"))
        self.field.setPlaceholderText(tr("Search or run a command"))
        self.field.setFrame(False)
        self.field.setProperty("own_ring", True)
        set_type(self.field, 15)
        self.field.installEventFilter(self)
        self.count = label(size=12, tone="muted")
        self.count.setObjectName("text.palette_count")
        head = QHBoxLayout()
        head.setContentsMargins(20, 12, 20, 12)
        head.setSpacing(12)
        head.addWidget(self._mark)
        head.addWidget(self.field, 1)
        head.addWidget(self.count)
        self.model: HeadedModel[Entry] = HeadedModel(self)
        self.list = QListView()
        self.list.setObjectName("list.palette")
        self.list.setAccessibleName(tr("What was found"))
        self.list.setModel(self.model)
        self.rows = EntryRows(self.theme, self.list)
        self.list.setItemDelegate(self.rows)
        self.list.setFrameShape(QListView.Shape.NoFrame)
        self.list.setMouseTracking(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.viewport().setAutoFillBackground(False)
        self.list.clicked.connect(lambda _index: self._run(stay=False))
        self.empty = label(tone="muted")
        self.empty.setObjectName("text.palette_empty")
        self.empty.setWordWrap(True)
        self.empty.setContentsMargins(20, 16, 20, 16)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(13, 7, 13, 19)
        column.setSpacing(0)
        column.addLayout(head)
        column.addSpacing(1)
        column.addWidget(self.list, 1)
        column.addWidget(self.empty, 1)
        self._foot = self._build_foot()
        column.addWidget(self._foot)
        dress(self, self.theme)
        self._mark.setPixmap(pixmap("search", self.theme.muted, px(18)))

    def _build_foot(self) -> QWidget:
        foot = QWidget()
        row = QHBoxLayout(foot)
        row.setContentsMargins(20, 9, 20, 9)
        row.setSpacing(0)
        row.addWidget(KeyHint(self.theme, "Up", ""))
        row.setSpacing(4)
        row.addWidget(KeyHint(self.theme, "Down", tr("move")))
        row.addSpacing(16)
        for key, text in (
            ("Return", tr("run")),
            ("Ctrl+Return", tr("run and stay")),
        ):
            row.addWidget(KeyHint(self.theme, key, text))
            row.addSpacing(16)
        row.addStretch(1)
        row.addWidget(KeyHint(self.theme, "F2", tr("change this key")))
        return foot

    def open_over(self, window: QWidget) -> None:
        """Show the palette over the middle of *window*."""
        width = min(px(640), window.width() - 32)
        height = min(px(470), window.height() - 96)
        self.resize(width + 26, height + 26)
        place = window.mapToGlobal(window.rect().topLeft())
        left = place.x() + (window.width() - self.width()) // 2
        self.move(left, place.y() + 80)
        if QGuiApplication.platformName() == "xcb":
            # Where nothing blends windows, the see-through rim of the shadow would be black.
            shape = QPainterPath()
            shape.addRoundedRect(self._box(), 8, 8)
            self.setMask(QRegion(shape.toFillPolygon().toPolygon()))
        self.show()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def _box(self) -> QRectF:
        """Return the palette without the rim in which its shadow falls."""
        return QRectF(self.rect()).adjusted(13, 7, -13, -19)

    # -- what is found -----------------------------------------------------------------------

    def _on_typed(self) -> None:
        self.refresh(deep=False)
        self._pause.start()

    def refresh(self, *, deep: bool) -> None:
        """Show what fits what is typed; *deep* looks into the articles too."""
        text = self.field.text().strip()
        words = text.casefold().split()
        self.rows.words = words
        entries = [*self._section(tr("Commands"), self._commands(words))]
        if words and self._window.workspace.is_open:
            entries += self._section(tr("People and places"), self._entities(words))
            if deep:
                entries += self._section(tr("Articles"), self._articles(text))
                if len(text) > 1:
                    entries += self._section(tr("In the articles"), self._hits(text))
        self.model.show_items(entries)
        found = [entry for entry in entries if not entry.is_heading]
        self.count.setText(tr_n(len(found), "{n} result", "{n} results"))
        self.list.setVisible(bool(found))
        self.empty.setVisible(not found)
        self.empty.setText(
            tr("Nothing called “{text}”. Enter searches the articles for it.", text=text)
        )
        self._choose_first()

    def _section(self, title: str, entries: list[Entry]) -> list[Entry]:
        return [Entry(title), *entries] if entries else []

    def _commands(self, words: list[str]) -> list[Entry]:
        commands = self._window.commands
        found = []
        for spec in commands.specs:
            text = commands.text(spec.id)
            if not spec.palette or not commands.has_doer(spec.id):
                continue
            if not commands[spec.id].isEnabled() or matches(text, words) is None:
                continue
            found.append(
                Entry(
                    text,
                    spec.icon,
                    key=commands.key(spec.id),
                    action_id=spec.id,
                    run=partial(commands.run, spec.id),
                )
            )
        if words:
            found.sort(key=lambda entry: rank(entry.text, words))
            return found[:COMMANDS]
        return found

    def _entities(self, words: list[str]) -> list[Entry]:
        workspace = self._window.workspace
        found = []
        for entity in workspace.entities.values():
            names = (entity.name, *entity.aliases)
            name = next((item for item in names if matches(item, words) is not None), None)
            if name is not None:
                found.append((rank(name, words), name, entity))
        found.sort(key=lambda item: item[0])
        counts = workspace.project.entity_counts() if found else {}
        entries = []
        for _rank, name, entity in found[:ENTITIES]:
            mentions = tr_n(counts.get(entity.id, 0), "{n} mention", "{n} mentions")
            role = str(entity.attributes.get("role") or "")
            called = entity.name if name != entity.name else ""
            second = ", ".join(part for part in (called, role, mentions) if part)
            symbol = "place" if entity.latitude is not None or entity.kind == "place" else "person"
            go = partial(self._go_to_entity, entity.id)
            entries.append(Entry(name, symbol, second, run=go))
        return entries

    def _go_to_entity(self, entity_id: str) -> None:
        spans = self._window.workspace.project.entity_spans_seen(entity_id)
        if not spans:
            self._window.workspace.note(tr("No label stands for it yet."))
            return
        span = spans[0]
        self._window.open_article(span.article_id, span.fragments[0])

    def _articles(self, text: str) -> list[Entry]:
        from annotator.project import ArticleQuery

        project = self._window.workspace.project
        entries = []
        for summary in project.summaries(ArticleQuery(text=text), 0, ARTICLES):
            go = partial(self._window.open_article, summary.id)
            entries.append(Entry(summary.title, "document", summary.source or "", run=go))
        return entries

    def _hits(self, text: str) -> list[Entry]:
        entries = []
        for hit in self._window.workspace.project.search(text, HITS):
            go = partial(self._window.open_article, hit.article_id, hit.fragment)
            entries.append(Entry(hit.snippet, "document", hit.title, run=go))
        return entries

    # -- keys --------------------------------------------------------------------------------

    def _choose_first(self) -> None:
        for row, entry in enumerate(self.model.items):
            if not entry.is_heading:
                self.list.setCurrentIndex(self.model.index(row))
                self.list.scrollToTop()
                return

    def _move(self, by: int) -> None:
        row = self.list.currentIndex().row()
        count = len(self.model.items)
        for _ in range(count):
            row = (row + by) % count
            if not self.model.items[row].is_heading:
                self.list.setCurrentIndex(self.model.index(row))
                if row == 1:
                    self.list.scrollToTop()
                return

    @property
    def chosen(self) -> Entry | None:
        """The entry that Enter runs."""
        row = self.list.currentIndex().row()
        return self.model.items[row] if 0 <= row < len(self.model.items) else None

    def _run(self, *, stay: bool) -> None:
        if self._pause.isActive():
            self._pause.stop()
            self.refresh(deep=True)
        entry = self.chosen
        if entry is None or entry.run is None:
            return
        if not stay:
            self.close()
        entry.run()
        if stay:
            self.refresh(deep=True)

    def _change_key(self) -> None:
        from annotator.gui.window_commands import show_keys

        entry = self.chosen
        if entry is not None and entry.action_id:
            self.close()
            show_keys(self._window, entry.action_id)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys that move and run, while the field has the focus."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        match event.key():
            case Qt.Key.Key_Down:
                self._move(1)
            case Qt.Key.Key_Up:
                self._move(-1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                stay = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
                self._run(stay=stay)
            case Qt.Key.Key_F2:
                self._change_key()
            case Qt.Key.Key_Escape:
                self.close()
            case _:
                return False
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.theme
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            box = self._box()
            if not self.mask().isEmpty():
                painter.fillRect(self.rect(), theme.frame)
            shadow = theme.ink if not theme.dark else theme.page
            painter.setPen(Qt.PenStyle.NoPen)
            for step in range(12, 0, -1):
                colour = type(shadow)(shadow)
                colour.setAlphaF(0.012)
                painter.setBrush(colour)
                grown = box.adjusted(-step, -step / 2, step, step * 1.5)
                painter.drawRoundedRect(grown, 8 + step, 8 + step)
            painter.setPen(QPen(theme.frame, 1))
            painter.setBrush(theme.raised)
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
            painter.setPen(theme.hairline)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            top = self.list.geometry().top() - 1
            if self.empty.isVisible():
                top = self.empty.geometry().top()
            for line in (top, self._foot.geometry().top()):
                painter.drawLine(14, line, self.width() - 15, line)
        finally:
            painter.end()
