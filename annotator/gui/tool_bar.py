"""The bar at the top: the project, the places, the search, undo and redo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget

from annotator.gui.actions import Actions
from annotator.gui.bar_shapes import paint_bar
from annotator.gui.controls import IconButton, Segment
from annotator.gui.icons import icon
from annotator.gui.parts import (
    Themed,
    key_cap_size,
    key_text,
    paint_key_cap,
    paint_row,
    plain,
    px,
    type_font,
)
from annotator.gui.review.count_button import CountButton
from annotator.gui.theme import Theme
from annotator.translation import number, tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.workspace import Workspace
    from annotator.model import Edit


class ProjectButton(Themed, QAbstractButton):
    """The name of the project; pressing it shows what else can be opened."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName("button.project")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_title(self, title: str) -> None:
        """Show the name of the project."""
        self.setText(title)
        self.setAccessibleName(tr("Project {title}", title=title))
        self.setToolTip(plain(title))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        width = QFontMetrics(type_font(13, 600)).horizontalAdvance(self.text())
        return QSize(min(width, px(240)) + 32 + px(12), max(32, px(20) + 8))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            paint_row(painter, self.rect(), self.theme, current=False, hovered=self.underMouse())
            painter.setFont(type_font(13, 600))
            painter.setPen(self.theme.ink)
            room = self.width() - 24 - px(12)
            elide = Qt.TextElideMode.ElideRight
            text = painter.fontMetrics().elidedText(self.text(), elide, room)
            place = QRect(8, 0, room, self.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
            side = px(14)
            left = 8 + painter.fontMetrics().horizontalAdvance(text) + 8
            mark = icon("chevron-down", self.theme.ink, side)
            mark.paint(painter, QRect(left, (self.height() - side) // 2, side, side))
        finally:
            painter.end()


class SearchButton(Themed, QAbstractButton):
    """Looks like the field it opens; an icon alone where there is no room."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._key = ""
        self.setObjectName("button.search")
        self.setAccessibleName(tr("Search or run a command"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setText(tr("Search or run a command"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_key(self, key: str) -> None:
        """Show the key that opens the search."""
        self._key = key_text(key)
        tip = self.text()
        self.setToolTip(plain(f"{tip} ({self._key})" if self._key else tip))
        self.update()

    def sizeHint(self) -> QSize:
        text = QFontMetrics(type_font(13)).horizontalAdvance(self.text())
        cap = key_cap_size(self._key).width() if self._key else 0
        return QSize(max(text + cap + px(16) + 44, 272), max(32, px(20) + 10))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.theme
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            small = self.width() < self.sizeHint().width()
            ground = theme.hovered_row if self.underMouse() else theme.raised
            painter.setPen(Qt.PenStyle.NoPen if small else QPen(theme.frame, 1))
            if not small or self.underMouse():
                painter.setBrush(ground)
                box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
                painter.drawRoundedRect(box, 6, 6)
            side = px(16)
            left = (self.width() - side) // 2 if small else 10
            mark = icon("search", theme.muted, side)
            mark.paint(painter, QRect(left, (self.height() - side) // 2, side, side))
            if small:
                return
            painter.setFont(type_font(13))
            painter.setPen(theme.muted)
            place = QRect(left + side + 8, 0, self.width(), self.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, self.text())
            if self._key:
                cap = key_cap_size(self._key)
                top = (self.height() - cap.height()) / 2
                right = self.width() - cap.width() - 7
                paint_key_cap(
                    painter, QRectF(right, top, cap.width(), cap.height()), self._key, theme
                )
        finally:
            painter.end()


class ToolBar(Themed, QWidget):
    """Project left, places in the middle, search and undo right; two rows where it is narrow."""

    height_changed = Signal()
    project_menu_wanted = Signal(object)
    """A QMenu to be filled with what can be opened."""

    def __init__(self, workspace: Workspace, actions: Actions, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName("bar.tools")
        self.setAccessibleName(tr("Tools"))
        self._workspace = workspace
        self._actions = actions
        self._cases = 0
        self.project = ProjectButton(theme)
        self.places = Segment(
            theme,
            (
                ("annotate", tr("Annotate")),
                ("review", tr("Review")),
                ("insights", tr("Insights")),
            ),
            places=True,
        )
        self.places.setObjectName("switch.places")
        self.places.setAccessibleName(tr("Parts of the program"))
        self.search = SearchButton(theme)
        self.undo = IconButton("undo", tr("Undo"), tone="ink", key=actions.key("undo"))
        self.undo.setObjectName("button.undo")
        self.redo = IconButton("redo", tr("Redo"), tone="ink", key=actions.key("redo"))
        self.redo.setObjectName("button.redo")
        self.feedback = CountButton(theme, "inbox", tr("Decisions on my labels"))
        self.feedback.setObjectName("button.feedback")
        self.feedback.hide()
        for widget in (self.project, self.places, self.search, self.undo, self.redo):
            widget.setParent(self)
        self.feedback.setParent(self)
        self._connect()

    def _connect(self) -> None:
        actions = self._actions
        self.project.clicked.connect(self._show_projects)
        self.search.clicked.connect(lambda: actions.run("palette"))
        self.feedback.clicked.connect(lambda: actions.run("place.inbox"))
        self.undo.clicked.connect(lambda: actions.run("undo"))
        self.redo.clicked.connect(lambda: actions.run("redo"))
        self.places.chosen.connect(lambda key: actions.run(f"place.{key}"))
        self._workspace.project_opened.connect(self.refresh)
        self._workspace.changed.connect(self._on_changed)
        self._workspace.article_opened.connect(self.show_steps)
        actions.keys_changed.connect(self.refresh)

    def refresh(self) -> None:
        """Show the project and the keys."""
        if self._workspace.is_open:
            self.project.show_title(self._workspace.project.title)
        self.search.set_key(self._actions.key("palette"))
        self.undo.describe(tr("Undo"), self._actions.key("undo"))
        self.redo.describe(tr("Redo"), self._actions.key("redo"))
        self.show_steps()
        self.arrange()

    def show_cases(self, count: int) -> None:
        """Show how many cases wait for a decision, as soon as there is time."""
        self._cases = count
        self._workspace.afterwards.show(self, self._show_cases)

    def _show_cases(self) -> None:
        count = self._cases
        before = self.places.sizeHint()
        self.places.button("review").set_count(number(count) if count else "")
        if self.places.sizeHint() != before:
            self.arrange()

    def show_feedback(self, count: int) -> None:
        """Show how many decisions on the person's labels wait to be looked at."""
        text = tr_n(count, "{n} decision on my labels", "{n} decisions on my labels")
        self.feedback.show_count(count, text, self._actions.key("place.inbox"))
        self.arrange()

    def _on_changed(self, _edit: Edit) -> None:
        self._workspace.afterwards.show(self, self.show_steps)

    def show_steps(self) -> None:
        """Let undo and redo be pressed where there is something to take back."""
        can_undo = self._workspace.is_open and self._workspace.steps_to_undo > 0
        can_redo = self._workspace.is_open and self._workspace.steps_to_redo > 0
        self.undo.setEnabled(can_undo)
        self.redo.setEnabled(can_redo)

    def _show_projects(self) -> None:
        menu = QMenu(self)
        self.project_menu_wanted.emit(menu)
        menu.exec(self.project.mapToGlobal(self.project.rect().bottomLeft()))
        menu.deleteLater()

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def arrange(self) -> None:
        """Give every part its place; the places go to a second row where one is too narrow."""
        width, edge, gap = self.width(), 8, 8
        row = max(48, self.search.sizeHint().height() + 16)
        buttons = self.undo.sizeHint().width() * 2 + gap
        if not self.feedback.isHidden():
            buttons += self.feedback.sizeHint().width()
        search = self.search.sizeHint().width()
        places = self.places.sizeHint()
        project = self.project.sizeHint().width()
        middle = (width - places.width()) // 2
        wide = width - buttons - search - 2 * gap - edge * 2 > middle + places.width() + gap
        small = self.search.sizeHint().height()
        if width < px(1100) or not wide:
            search = small
        right = width - edge - buttons - gap - search
        two_rows = edge + project + gap + places.width() + gap > right
        if not two_rows:
            middle = min(max(middle, edge + project + gap), right - gap - places.width())
        x = width - edge
        ends = (self.redo, self.undo)
        for widget in ends if self.feedback.isHidden() else (*ends, self.feedback):
            size = widget.sizeHint()
            x -= size.width()
            widget.setGeometry(QRect(x, (row - size.height()) // 2, size.width(), size.height()))
        self.search.setGeometry(QRect(right, (row - small) // 2, search, small))
        size = self.project.sizeHint()
        project = min(size.width(), max(right - edge - gap, px(40)))
        self.project.setGeometry(QRect(edge, (row - size.height()) // 2, project, size.height()))
        top = row - 4 if two_rows else (row - places.height()) // 2
        left = edge + 4 if two_rows else middle
        self.places.setGeometry(QRect(left, top, places.width(), places.height()))
        height = row + places.height() + 4 if two_rows else row
        if height != self.minimumHeight() or height != self.maximumHeight():
            self.setFixedHeight(height)
            self.height_changed.emit()

    def minimumSizeHint(self) -> QSize:
        return QSize(px(300), 48)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_bar(self, self.theme.window, self.theme.hairline, below=True)
