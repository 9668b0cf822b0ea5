"""The place for figures: how far the work is, and what has been marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from annotator.gui.parts import (
    Themed,
    dress,
    label,
    paint_bracket,
    px,
    row_height,
    type_font,
)
from annotator.gui.theme import Theme, mix
from annotator.model import LayerState
from annotator.translation import number, tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.workspace import Workspace

STATES = (
    (LayerState.APPROVED, 1.0),
    (LayerState.IN_REVIEW, 0.8),
    (LayerState.SUBMITTED, 0.6),
    (LayerState.RETURNED, 0.42),
    (LayerState.IN_PROGRESS, 0.28),
)


def state_in_words(state: str) -> str:
    """Say how far an article is."""
    return {
        LayerState.NOT_STARTED: tr("Not started"),
        LayerState.IN_PROGRESS: tr("In progress"),
        LayerState.SUBMITTED: tr("Submitted"),
        LayerState.IN_REVIEW: tr("In review"),
        LayerState.RETURNED: tr("Returned"),
        LayerState.APPROVED: tr("Approved"),
    }.get(state, state)


class Stages(Themed, QWidget):
    """One line for all articles, cut by how far they are, with its key above."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName("chart.progress")
        self._total = 0
        self._parts: list[tuple[str, int, float]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_progress(self, total: int, by_state: dict[str, int]) -> None:
        """Show *total* articles, cut by state."""
        self._total = total
        self._parts = [(s, by_state.get(s, 0), share) for s, share in STATES if by_state.get(s)]
        words = [f"{state_in_words(state)} {count}" for state, count, _ in self._parts]
        self.setAccessibleName(tr("How far the articles are"))
        self.setAccessibleDescription(", ".join(words))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(400, px(28) + 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.theme
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            waiting = self._total - sum(count for _, count, _ in self._parts)
            parts = [*self._parts, (LayerState.NOT_STARTED, waiting, 0.0)]
            x = 0
            for state, count, share in parts:
                if not count:
                    continue
                colour = mix(theme.accent, theme.page, share) if share else theme.hairline
                painter.setPen(theme.mark if not share else Qt.PenStyle.NoPen)
                painter.setBrush(colour)
                side = px(10)
                painter.drawRoundedRect(QRectF(x + 0.5, (px(20) - side) / 2, side, side), 2, 2)
                painter.setPen(theme.muted)
                painter.setFont(type_font(13))
                word = state_in_words(state)
                painter.drawText(QRect(x + side + 8, 0, px(300), px(20)), _LEFT, word)
                x += side + 8 + QFontMetrics(type_font(13)).horizontalAdvance(word) + 8
                painter.setPen(theme.ink)
                painter.setFont(type_font(13, 600))
                painter.drawText(QRect(x, 0, 200, px(20)), _LEFT, number(count))
                x += QFontMetrics(type_font(13, 600)).horizontalAdvance(number(count)) + 28
            self._paint_line(painter)
        finally:
            painter.end()

    def _paint_line(self, painter: QPainter) -> None:
        theme = self.theme
        top, thick = px(20) + 10, px(8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.hairline)
        painter.drawRoundedRect(QRectF(0, top, self.width(), thick), 4, 4)
        x = 0.0
        for _state, count, share in self._parts:
            width = self.width() * count / max(self._total, 1)
            painter.setBrush(mix(theme.accent, theme.page, share))
            painter.drawRoundedRect(QRectF(x, top, max(width - 1, 2), thick), 4, 4)
            x += width


_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


class Bars(Themed, QWidget):
    """A table of names, numbers and bars."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName(name)
        self._rows: list[tuple[str, int, str]] = []
        self._mark = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rows(self, rows: list[tuple[str, int, str]], *, brackets: bool = False) -> None:
        """Show rows of name, number and colour; *brackets* puts the label's mark before."""
        self._rows, self._mark = rows, brackets
        self.setAccessibleDescription(", ".join(f"{name} {count}" for name, count, _ in rows))
        self.updateGeometry()
        self.update()

    @property
    def rows(self) -> list[tuple[str, int, str]]:
        """What is shown."""
        return self._rows

    def sizeHint(self) -> QSize:
        return QSize(px(320), max(len(self._rows), 1) * row_height(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.theme
        height = row_height(28)
        most = max((count for _, count, _ in self._rows), default=1) or 1
        names = min(px(200), self.width() // 2)
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setFont(type_font(13))
            if not self._rows:
                painter.setPen(theme.muted)
                painter.drawText(QRect(0, 0, self.width(), height), _LEFT, tr("None yet"))
            for row, (name, count, colour) in enumerate(self._rows):
                top = row * height
                left = 0
                if self._mark:
                    paint_bracket(painter, 0, top + height / 2, theme.label(colour).base)
                    left = px(20)
                painter.setPen(theme.ink)
                text = painter.fontMetrics().elidedText(
                    name, Qt.TextElideMode.ElideRight, names - left - 8
                )
                painter.drawText(QRect(left, top, names - left, height), _LEFT, text)
                place = QRect(names, top, px(56), height)
                painter.drawText(place, _RIGHT, number(count))
                x = names + px(56) + 16
                width = max((self.width() - x - 8) * count / most, 2) if count else 0
                painter.setPen(Qt.PenStyle.NoPen)
                base = theme.label(colour).base if self._mark else theme.accent
                painter.setBrush(base)
                thick = px(8)
                bar = QRectF(x, top + (height - thick) / 2, width, thick)
                painter.drawRoundedRect(bar, 2, 2)
        finally:
            painter.end()


class Insights(Themed, QScrollArea):
    """Figures of the project."""

    def __init__(self, workspace: Workspace, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._workspace = workspace
        self.setObjectName("page.insights")
        self.setAccessibleName(tr("Insights"))
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidgetResizable(True)
        self._build()
        workspace.project_opened.connect(self._on_project)

    def _build(self) -> None:
        page = QWidget()
        self._head = label(size=15, weight=600)
        self._stages = Stages(self.theme)
        self._labels = Bars(self.theme, "chart.labels")
        self._labels.setAccessibleName(tr("Labels"))
        self._people = Bars(self.theme, "chart.people")
        self._people.setAccessibleName(tr("People"))
        self._entities = Bars(self.theme, "chart.entities")
        self._entities.setAccessibleName(tr("People and places named most"))
        self._links = Bars(self.theme, "chart.links")
        self._links.setAccessibleName(tr("Links"))
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(48)
        left, right = QVBoxLayout(), QVBoxLayout()
        for side in (left, right):
            side.setSpacing(0)  # else that of the columns
        self._block(left, tr("Labels"), tr("by all people"), self._labels)
        self._block(left, tr("Links"), tr("by all people"), self._links)
        self._block(right, tr("People"), tr("labels each has made"), self._people)
        self._block(right, tr("Named most"), tr("labels that stand for them"), self._entities)
        left.addStretch(1)
        right.addStretch(1)
        self._columns.addLayout(left, 1)
        self._columns.addLayout(right, 1)
        self._facts = label(size=12, tone="muted")
        self._facts.setWordWrap(True)
        column = QVBoxLayout(page)
        column.setContentsMargins(32, 24, 32, 24)
        column.setSpacing(12)
        column.addWidget(self._head)
        column.addWidget(self._stages)
        column.addSpacing(24)
        column.addLayout(self._columns)
        column.addStretch(1)
        column.addWidget(self._facts)
        self.setWidget(page)
        self._page = page

    def _block(self, column: QVBoxLayout, title: str, second: str, chart: QWidget) -> None:
        holder = QWidget()
        holder.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        head = QHBoxLayout(holder)
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(12)
        head.addWidget(label(title, 15, 600))
        head.addWidget(label(second, 12, tone="muted"))
        head.addStretch(1)
        column.addWidget(holder)
        column.addSpacing(8)
        column.addWidget(chart)
        column.addSpacing(36)

    def _on_project(self) -> None:
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Read the figures anew."""
        if not self._workspace.is_open:
            return
        self._workspace.flush()
        project = self._workspace.project
        stats, progress = project.stats(), project.progress()
        self._head.setText(tr_n(progress.total, "{n} article", "{n} articles"))
        self._stages.show_progress(progress.total, dict(progress.by_state))
        colours = {item.name: item.colour for item in self._workspace.scheme.labels}
        by_label: dict[str, int] = dict.fromkeys(colours, 0)
        by_author: dict[str, int] = {}
        for entry in stats.labels:
            by_label[entry.label] = by_label.get(entry.label, 0) + entry.spans
            by_author[entry.author] = by_author.get(entry.author, 0) + entry.spans
        self._labels.show_rows(
            [(name, count, colours.get(name, "grey")) for name, count in by_label.items()],
            brackets=True,
        )
        self._people.show_rows([(name, n, "blue") for name, n in _most(by_author)])
        self._links.show_rows(
            [(name.replace("_", " "), n, "blue") for name, n in _most(dict(stats.relation_labels))]
        )
        counts = project.entity_counts()
        names = self._workspace.entities
        named = {names[key].name: n for key, n in counts.items() if key in names}
        self._entities.show_rows([(name, n, "blue") for name, n in _most(named)[:12]])
        self._facts.setText(
            tr(
                "{characters} characters, {labels} labels, {links} links, {entities} people and "
                "places. Changes so far: {edits}.",
                characters=number(stats.characters),
                labels=number(stats.spans),
                links=number(stats.relations),
                entities=number(stats.entities),
                edits=number(stats.edits),
            )
        )
        dress(self, self.theme)

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        palette = theme.qt_palette()
        palette.setColor(QPalette.ColorRole.Window, theme.page)
        self.setPalette(palette)
        self._page.setPalette(palette)
        self._page.setAutoFillBackground(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= px(960)
        side, below = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._columns.setDirection(side if wide else below)


def _most(counts: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
