"""The first page: open the sample, begin a project, go on with one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from annotator import __version__
from annotator.gui.actions import Actions
from annotator.gui.controls import WordButton
from annotator.gui.icons import pixmap
from annotator.gui.parts import (
    KeyCap,
    Themed,
    key_cap_size,
    key_text,
    label,
    paint_key_cap,
    paint_row,
    plain,
    px,
    set_icon,
    type_font,
)
from annotator.gui.projects import shown_location, today
from annotator.gui.theme import Theme, mix
from annotator.settings import RecentProject, Settings
from annotator.translation import tr

if TYPE_CHECKING:
    from PySide6.QtGui import QFont


class StartCard(Themed, QAbstractButton):
    """One way to begin."""

    def __init__(self, theme: Theme, icon_name: str, title: str, text: str, key: str) -> None:
        super().__init__()
        self.theme = theme
        self._icon = icon_name
        self._second = text
        self._key = key_text(key)
        self.setText(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(px(320), max(64, px(38) + 26))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(240), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.theme
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            ground = theme.hovered_row if self.underMouse() else theme.page
            painter.setPen(QPen(theme.frame, 1))
            painter.setBrush(mix(theme.ink, ground, 0.05) if self.isDown() else ground)
            box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(box, 8, 8)
            side = px(20)
            tone = theme.accent if self.hasFocus() else theme.muted
            painter.drawPixmap(17, (self.height() - side) // 2, pixmap(self._icon, tone, side))
            left = 17 + side + 17
            right = self.width() - 16
            if self._key:
                cap = key_cap_size(self._key)
                top = (self.height() - cap.height()) / 2
                right -= cap.width()
                place = QRectF(right, top, cap.width(), cap.height())
                paint_key_cap(painter, place, self._key, theme)
                right -= 12
            self._paint_words(painter, left, right)
        finally:
            painter.end()

    def _paint_words(self, painter: QPainter, left: int, right: int) -> None:
        top = (self.height() - px(38)) // 2
        elide = Qt.TextElideMode.ElideRight
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(type_font(13, 600))
        painter.setPen(self.theme.ink)
        painter.drawText(QRect(left, top, right - left, px(20)), middle, self.text())
        painter.setFont(type_font(12))
        painter.setPen(self.theme.muted)
        text = painter.fontMetrics().elidedText(self._second, elide, right - left)
        painter.drawText(QRect(left, top + px(20), right - left, px(18)), middle, text)


class RecentButton(Themed, QAbstractButton):
    """A project that was open before."""

    def __init__(self, theme: Theme, project: RecentProject) -> None:
        super().__init__()
        self.theme = theme
        self.project = project
        self.setText(project.title)
        self.setAccessibleName(project.title)
        self.setAccessibleDescription(where(project.location))
        self.setToolTip(plain(shown_location(project.location)))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(px(260), max(56, px(38) + 18))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(200), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, project = self.theme, self.project
        painter = QPainter(self)
        try:
            ground = self.rect().adjusted(-2, 2, 2, -2)
            paint_row(painter, ground, theme, current=False, hovered=self.underMouse())
            side = px(18)
            mark = pixmap("document", theme.muted, side)
            painter.drawPixmap(4, (self.height() - side) // 2, mark)
            top = (self.height() - px(38)) // 2
            progress = tr("{done} of {total}", done=project.done, total=project.total)
            day = day_in_words(project.opened)
            wide = self._line(painter, progress, day, top)
            left, elide = 4 + side + 10, Qt.TextElideMode.ElideRight
            room = self.width() - left - wide - 16
            for text, size, weight, colour, line in (
                (project.title, 13, 500, theme.ink, 0),
                (where(project.location), 12, 400, theme.muted, 1),
            ):
                painter.setFont(type_font(size, weight))
                painter.setPen(colour)
                shown = painter.fontMetrics().elidedText(text, elide, room)
                place = QRect(left, top + line * px(20), room, px(18))
                painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, shown)
        finally:
            painter.end()

    def _line(self, painter: QPainter, progress: str, day: str, top: int) -> int:
        """Draw progress and day at the right; return how wide they are."""
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        widest = 0
        for text, size, colour, line in (
            (progress, 13, self.theme.ink, 0),
            (day, 12, self.theme.muted, 1),
        ):
            painter.setFont(type_font(size))
            painter.setPen(colour)
            place = QRect(0, top + line * px(20), self.width() - 4, px(18))
            painter.drawText(place, flags, text)
            widest = max(widest, painter.fontMetrics().horizontalAdvance(text))
        return widest


class SampleSentence(Themed, QWidget):
    """One marked sentence: what this program is about, at a glance."""

    SPANS = (
        ("claim", 1, 20, 0),
        ("cue", 23, 27, 0),
        ("location", 41, 50, 0),
        ("speaker", 28, 50, 1),
    )

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._text = "“The quay is sinking,” said the mayor of Veldhaven."
        self.setAccessibleName(tr("A sentence with its labels"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _font(self) -> QFont:
        from annotator.gui import fonts

        return fonts.serif(px(18))

    def sizeHint(self) -> QSize:
        width = QFontMetrics(self._font()).horizontalAdvance(self._text)
        return QSize(width + 4, px(30) + 2 * px(19) + 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            font = self._font()
            metrics = QFontMetrics(font)
            line = px(28)
            names = {"claim": "Claim", "cue": "Cue", "location": "Location", "speaker": "Speaker"}
            for colour, start, end, lane in self.SPANS:
                left = metrics.horizontalAdvance(self._text[:start])
                right = metrics.horizontalAdvance(self._text[:end])
                colours = self.theme.label(colour)
                if lane == 0:
                    painter.setPen(Qt.PenStyle.NoPen)
                    painter.setBrush(colours.tint)
                    painter.drawRoundedRect(QRectF(left, 0, right - left, line), 2, 2)
                top = line + 4 + lane * px(19)
                painter.setPen(QPen(colours.base, 2))
                painter.drawLine(left + 1, top, right - 1, top)
                painter.drawLine(left + 1, top - 3, left + 1, top)
                painter.drawLine(right - 1, top - 3, right - 1, top)
                painter.setFont(type_font(10.5, 600))
                chip = QFontMetrics(type_font(10.5, 600)).horizontalAdvance(names[colour]) + 8
                box = QRectF(left + 0, top + 1, chip, px(13))
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(colours.tint)
                painter.drawRoundedRect(box, 3, 3)
                painter.setPen(colours.base)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, names[colour])
            painter.setFont(font)
            painter.setPen(self.theme.ink)
            place = QRectF(0, 0, self.width(), line)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, self._text)
        finally:
            painter.end()


class Welcome(Themed, QScrollArea):
    """What to begin with."""

    asked_recent = Signal(str)
    """Location of a project to open."""

    def __init__(self, settings: Settings, actions: Actions, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName("page.welcome")
        self.setAccessibleName(tr("Welcome"))
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._settings = settings
        self._actions = actions
        self.cards: dict[str, StartCard] = {}
        self.recent: list[RecentButton] = []
        self._build()
        self.refresh()

    def _build(self) -> None:
        page = QWidget()
        self._heading = label(tr("Annotator"), 32, 600)
        under = label(tr("Mark who said what about where, and have it checked."), 15, tone="muted")
        start = QVBoxLayout()
        start.setSpacing(8)
        start.addWidget(label(tr("Start"), 11, 600, "muted"))
        start.addSpacing(4)
        for action_id, icon_name, title, text, key in self._cards():
            card = StartCard(self.theme, icon_name, title, text, key)
            card.setObjectName(f"card.{action_id}")
            card.clicked.connect(lambda _=False, key=action_id: self._actions.run(key))
            self.cards[action_id] = card
            start.addWidget(card)
        start.addStretch(1)
        self._recent_box = QWidget()
        self._recent_column = QVBoxLayout(self._recent_box)
        self._recent_column.setContentsMargins(0, 0, 0, 0)
        self._recent_column.setSpacing(0)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(80)
        self._start = QWidget()
        self._start.setLayout(start)
        start.setContentsMargins(0, 0, 0, 0)
        self._columns.addWidget(self._start, 14)
        self._columns.addWidget(self._recent_box, 10)
        self._columns.addStretch(0)
        middle = QVBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._heading)
        middle.addSpacing(6)
        middle.addWidget(under)
        middle.addSpacing(32)
        middle.addWidget(SampleSentence(self.theme))
        middle.addSpacing(32)
        middle.addLayout(self._columns)
        middle.addSpacing(28)
        middle.addLayout(self._build_hints())
        sides = QHBoxLayout()
        holder = QWidget()
        holder.setLayout(middle)
        holder.setMaximumWidth(1040)
        sides.addStretch(1)
        sides.addWidget(holder, 40)
        sides.addStretch(1)
        column = QVBoxLayout(page)
        column.setContentsMargins(32, 24, 32, 12)
        column.addStretch(2)
        column.addLayout(sides)
        column.addStretch(3)
        column.addLayout(self._build_foot())
        self.setWidget(page)
        self._page = page

    def _cards(self) -> tuple[tuple[str, str, str, str, str], ...]:
        key = self._actions.key
        return (
            (
                "file.sample",
                "book",
                tr("Open the sample"),
                tr("Three short articles, labelled by two people, ready to try."),
                "Return",
            ),
            (
                "file.new",
                "folder",
                tr("New project"),
                tr("From text, Markdown or saved pages. Your files stay as they are."),
                key("file.new"),
            ),
            (
                "file.open",
                "folder-open",
                tr("Open a project"),
                tr("A file that ends in .annotator"),
                key("file.open"),
            ),
            (
                "file.join",
                "people",
                tr("Join a team"),
                tr("With the address of a database."),
                key("file.join"),
            ),
        )

    def _build_hints(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._drop_icon = QLabel()
        row.addWidget(self._drop_icon)
        row.addSpacing(4)
        drop = label(
            tr("Drop files or a folder anywhere in this window to bring articles in"), 13, 400,
            "muted",
        )  # fmt: skip
        drop.setWordWrap(True)
        row.addWidget(drop, 1)
        keys = WordButton(tr("Every key on one sheet"), tone="muted")
        keys.setObjectName("button.keys")
        keys.clicked.connect(lambda: self._actions.run("keys"))
        row.addWidget(keys)
        cap = KeyCap(self.theme, self._actions.key("keys"), self)
        cap.show()
        row.addWidget(cap)
        return row

    def _build_foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(label(tr("Version {version}", version=__version__), 12, tone="muted"))
        row.addStretch(1)
        self.theme_button = WordButton("", tone="muted", size=12)
        self.theme_button.setObjectName("button.theme")
        self.theme_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        set_icon(self.theme_button, "sun")
        self.theme_button.clicked.connect(lambda: self._actions.run("view.theme"))
        row.addWidget(self.theme_button)
        return row

    def refresh(self) -> None:
        """Show the recent projects and the theme that holds."""
        while self._recent_column.count():
            item = self._recent_column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        self.recent = []
        self._recent_column.addWidget(label(tr("Recent projects"), 11, 600, "muted"))
        self._recent_column.addSpacing(12)
        for project in self._settings.recent[:6]:
            button = RecentButton(self.theme, project)
            button.setObjectName(f"recent.{len(self.recent) + 1}")
            button.clicked.connect(
                lambda _=False, place=project.location: self.asked_recent.emit(place)
            )
            self.recent.append(button)
            self._recent_column.addWidget(button)
        self._recent_column.addStretch(1)
        self._recent_box.setVisible(bool(self.recent))
        self._columns.setStretch(2, 0 if self.recent else 10)
        self.theme_button.setText(theme_in_words(self._settings.theme))
        from annotator.gui.parts import dress

        dress(self._recent_box, self.theme)

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        palette = theme.qt_palette()
        palette.setColor(QPalette.ColorRole.Window, theme.page)
        self.setPalette(palette)
        self._page.setPalette(palette)
        self._page.setAutoFillBackground(True)
        side = px(16)
        self._drop_icon.setPixmap(pixmap("import", theme.muted, side))
        self.theme_button.setText(theme_in_words(self._settings.theme))

    def showEvent(self, event: QEvent) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        self.cards["file.sample"].setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= px(960)
        side, below = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._columns.setDirection(side if wide else below)
        self._columns.setSpacing(80 if wide else 24)


def theme_in_words(theme: str) -> str:
    """Say which theme holds."""
    return {
        "system": tr("Theme follows the system"),
        "light": tr("Light theme"),
        "dark": tr("Dark theme"),
        "high-contrast-light": tr("High contrast, light"),
        "high-contrast-dark": tr("High contrast, dark"),
    }[theme]


def where(location: str) -> str:
    """Return a location as a person knows it: below their own folder, or a server."""
    if "://" in location:
        return tr("Team server")
    path = Path(location)
    try:
        return str(path.relative_to(Path.home()))
    except ValueError:
        return str(path)


def day_in_words(day: str) -> str:
    """Return an ISO day as today, a weekday of the last week, or a date."""
    from PySide6.QtCore import QDate, QLocale

    try:
        then = date.fromisoformat(day)
    except ValueError:
        return ""
    age = (today() - then).days
    if age == 0:
        return tr("today")
    if age == 1:
        return tr("yesterday")
    locale = QLocale()
    if 0 < age < 7:
        return locale.dayName(then.isoweekday())
    return locale.toString(QDate(then.year, then.month, then.day), tr("d MMMM yyyy"))
