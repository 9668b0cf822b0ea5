"""The look of Qt's own widgets: Fusion with our radii, frames, tabs and focus ring.

Colours come from the palette and the theme; what is here is shape. The focus ring is drawn by one
:class:`QFocusFrame` (see :mod:`annotator.gui.focus_ring`), because it stands a pixel outside the
widget it belongs to.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import (
    QFrame,
    QProxyStyle,
    QStyle,
    QStyleHintReturn,
    QStyleOption,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QStyleOptionComplex,
    QStyleOptionFrame,
    QStyleOptionHeader,
    QStyleOptionMenuItem,
    QStyleOptionSlider,
    QStyleOptionSpinBox,
    QStyleOptionTab,
    QTableView,
    QWidget,
)

from annotator.gui.parts import px, round_pen, scale, type_font
from annotator.gui.spin_shape import STEPS, paint_spin_box, place_in_spin_box
from annotator.gui.theme import Theme, mix

RADIUS = 6
PE = QStyle.PrimitiveElement
CE = QStyle.ControlElement
PM = QStyle.PixelMetric
State = QStyle.StateFlag
_ETCHED = QStyle.StyleHint.SH_EtchDisabledText
_BUTTON_ICONS = QStyle.StyleHint.SH_DialogButtonBox_ButtonsHaveIcons


class Style(QProxyStyle):
    """Fusion, in our shapes."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("Fusion")
        self.theme = theme

    # -- measures ----------------------------------------------------------------------------

    def pixelMetric(
        self,
        metric: QStyle.PixelMetric,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> int:
        if metric == PM.PM_FocusFrameHMargin and isinstance(widget, QTableView):
            return 7  # a pixel more is the margin of its cells, and that of its heads
        fixed = _METRICS.get(metric)
        if fixed is not None:
            return fixed
        if metric in (PM.PM_SmallIconSize, PM.PM_ButtonIconSize):
            return px(16)
        if metric in (PM.PM_IndicatorWidth, PM.PM_IndicatorHeight):
            return px(16)
        if metric == PM.PM_MenuButtonIndicator:
            return px(14)
        return super().pixelMetric(metric, option, widget)

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returnData: QStyleHintReturn | None = None,
    ) -> int:
        if hint == QStyle.StyleHint.SH_FocusFrame_AboveWidget:
            return 1
        if hint in (_ETCHED, _BUTTON_ICONS):
            return 0
        if hint == QStyle.StyleHint.SH_ToolTip_WakeUpDelay:
            return 500
        return super().styleHint(hint, option, widget, returnData)

    def sizeFromContents(
        self,
        kind: QStyle.ContentsType,
        option: QStyleOption,
        size: QSize,
        widget: QWidget | None = None,
    ) -> QSize:
        found = super().sizeFromContents(kind, option, size, widget)  # type: ignore[arg-type]
        if kind == QStyle.ContentsType.CT_PushButton:
            return QSize(found.width() + 8, max(32, px(20) + 10))
        if kind == QStyle.ContentsType.CT_ComboBox:
            # The arrow grows with the text, and nothing of the words lies under it.
            return QSize(found.width() + 4 + px(_ARROW) - _ARROW, max(28, px(20) + 8))
        if kind == QStyle.ContentsType.CT_SpinBox:
            return QSize(found.width() + px(12), max(28, px(20) + 8))
        if kind == QStyle.ContentsType.CT_LineEdit:
            return QSize(found.width(), max(28, px(20) + 8))
        if kind == QStyle.ContentsType.CT_MenuBarItem:
            return QSize(found.width() + 4, max(28, px(20) + 8))
        if kind == QStyle.ContentsType.CT_TabBarTab:
            return QSize(found.width() + 4, max(36, px(20) + 16))
        return found

    def subElementRect(
        self, element: QStyle.SubElement, option: QStyleOption, widget: QWidget | None = None
    ) -> QRect:
        rect = super().subElementRect(element, option, widget)  # type: ignore[arg-type]
        if element == QStyle.SubElement.SE_LineEditContents:
            framed = isinstance(option, QStyleOptionFrame) and option.lineWidth > 0
            return rect.adjusted(5, 0, -5, 0) if framed else rect
        return rect

    def subControlRect(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        part: QStyle.SubControl,
        widget: QWidget | None = None,
    ) -> QRect:
        rect = super().subControlRect(control, option, part, widget)  # type: ignore[arg-type]
        edit = QStyle.SubControl.SC_ComboBoxEditField
        if control == QStyle.ComplexControl.CC_ComboBox and part == edit:
            return _beside_arrow(rect.adjusted(5, 0, 0, 0), option)
        if control == QStyle.ComplexControl.CC_SpinBox and isinstance(option, QStyleOptionSpinBox):
            return place_in_spin_box(option, part) or rect
        return rect

    # -- shapes ------------------------------------------------------------------------------

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        if element in _BARE:
            return
        draw = _PRIMITIVES.get(element)
        if draw is None:
            super().drawPrimitive(element, option, painter, widget)
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        draw(self.theme, option, painter, widget)
        painter.restore()

    def drawControl(
        self,
        element: QStyle.ControlElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        if element == CE.CE_FocusFrame:
            _focus_ring(self.theme, option.rect, painter)
        elif element == CE.CE_TabBarTabShape and isinstance(option, QStyleOptionTab):
            _tab(self.theme, option, painter)
        elif element == CE.CE_TabBarTabLabel and isinstance(option, QStyleOptionTab):
            _tab_text(self.theme, option, painter)
        elif element in (CE.CE_ToolBar, CE.CE_MenuBarEmptyArea):
            painter.fillRect(option.rect, self.theme.window)
        elif element == CE.CE_MenuBarItem and isinstance(option, QStyleOptionMenuItem):
            _menu_title(self.theme, option, painter)
        elif element == CE.CE_HeaderSection:
            _header(self.theme, option.rect, painter)
        elif element == CE.CE_HeaderLabel and isinstance(option, QStyleOptionHeader):
            _header_text(self.theme, option, painter)
        elif element == CE.CE_HeaderEmptyArea:
            _header(self.theme, option.rect, painter)
        elif element == CE.CE_ComboBoxLabel and isinstance(option, QStyleOptionComboBox):
            edit = QStyle.SubControl.SC_ComboBoxEditField
            room = self.subControlRect(QStyle.ComplexControl.CC_ComboBox, option, edit, widget)
            words = painter.fontMetrics().elidedText(
                option.currentText, Qt.TextElideMode.ElideRight, room.width() - 2
            )
            option.currentText = words
            super().drawControl(element, option, painter, widget)
        elif element == CE.CE_ShapedFrame and isinstance(option, QStyleOptionFrame):
            _shaped_frame(self.theme, option, painter)
        else:
            _prepare(self.theme, element, option)
            super().drawControl(element, option, painter, widget)

    def drawComplexControl(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        if control == QStyle.ComplexControl.CC_ScrollBar and isinstance(option, QStyleOptionSlider):
            slider = self.subControlRect(
                control, option, QStyle.SubControl.SC_ScrollBarSlider, widget
            )
            _scroll_bar(self.theme, option, slider, painter)
        elif control == QStyle.ComplexControl.CC_ComboBox and isinstance(
            option, QStyleOptionComboBox
        ):
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            _combo(self.theme, option, painter)
            painter.restore()
        elif control == QStyle.ComplexControl.CC_SpinBox and isinstance(
            option, QStyleOptionSpinBox
        ):
            arrows = [self.subControlRect(control, option, part, widget) for part in STEPS]
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            paint_spin_box(self.theme, option, arrows, RADIUS, painter)
            painter.restore()
        else:
            super().drawComplexControl(control, option, painter, widget)


def _prepare(theme: Theme, element: QStyle.ControlElement, option: QStyleOption) -> None:
    """Change in *option* what Fusion would draw otherwise than the rest of the window."""
    if element == CE.CE_ItemViewItem:
        palette = QPalette(option.palette)
        palette.setColor(QPalette.ColorRole.HighlightedText, theme.ink)
        option.palette = palette
    elif (
        element == CE.CE_PushButtonLabel
        and isinstance(option, QStyleOptionButton)
        and option.text
        and not option.icon.isNull()
    ):
        option.text = f" {option.text}"  # Qt leaves 4 px between the two


_METRICS = {
    PM.PM_FocusFrameHMargin: 3,
    PM.PM_FocusFrameVMargin: 3,
    PM.PM_DefaultFrameWidth: 1,
    PM.PM_ScrollBarExtent: 12,
    PM.PM_DockWidgetSeparatorExtent: 4,
    PM.PM_ToolBarFrameWidth: 0,
    PM.PM_ToolBarItemMargin: 0,
    PM.PM_ToolBarItemSpacing: 0,
    PM.PM_ToolBarHandleExtent: 0,
    PM.PM_MenuBarPanelWidth: 0,
    PM.PM_MenuBarHMargin: 8,
    PM.PM_MenuBarVMargin: 0,
    PM.PM_TabBarBaseOverlap: 0,
    PM.PM_ButtonShiftHorizontal: 0,
    PM.PM_ButtonShiftVertical: 0,
}


def _box(option: QStyleOption) -> QRectF:
    return QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5)


def _line_edit(
    theme: Theme, option: QStyleOption, painter: QPainter, widget: QWidget | None
) -> None:
    if isinstance(option, QStyleOptionFrame) and option.lineWidth == 0:
        return
    wrong = widget is not None and bool(widget.property("wrong"))
    painter.setPen(QPen(theme.error if wrong else theme.frame, 1))
    painter.setBrush(theme.raised)
    painter.drawRoundedRect(_box(option), RADIUS, RADIUS)


def _frame(theme: Theme, option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    painter.setPen(QPen(theme.frame, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(_box(option), RADIUS, RADIUS)


def _push_button(
    theme: Theme, option: QStyleOption, painter: QPainter, widget: QWidget | None
) -> None:
    ground, frame = theme.raised, theme.frame
    if isinstance(option, QStyleOptionButton):
        default = QStyleOptionButton.ButtonFeature.DefaultButton
        if default in option.features:
            frame = theme.accent
    pressed = bool(option.state & State.State_Sunken or option.state & State.State_On)
    if widget is not None and widget.property("primary"):
        if not option.state & State.State_Enabled:
            painter.setOpacity(0.4)
        frame = ground = mix(theme.ink, theme.accent, 0.15) if pressed else theme.accent
    elif pressed:
        ground = mix(theme.ink, theme.hovered_row, 0.06)
    elif option.state & State.State_MouseOver and option.state & State.State_Enabled:
        ground = theme.hovered_row
    painter.setPen(QPen(frame, 1))
    painter.setBrush(ground)
    painter.drawRoundedRect(_box(option), RADIUS, RADIUS)


def _tool_button(
    theme: Theme, option: QStyleOption, painter: QPainter, widget: QWidget | None
) -> None:
    state = option.state
    if not state & State.State_Enabled:
        return
    ground: QColor | None = None
    if state & State.State_Sunken:
        ground = mix(theme.ink, theme.hovered_row, 0.06)
    elif state & State.State_On:
        ground = theme.accent_tint
    elif state & State.State_MouseOver:
        ground = theme.hovered_row
    if ground is None and state & State.State_AutoRaise:
        return
    raised = not state & State.State_AutoRaise
    painter.setPen(QPen(theme.frame, 1) if raised else Qt.PenStyle.NoPen)
    if theme.high_contrast and ground is not None:
        painter.setPen(QPen(theme.accent, 2 if state & State.State_On else 1))
        ground = theme.page
    painter.setBrush(ground or theme.raised)
    painter.drawRoundedRect(_box(option), RADIUS, RADIUS)


def _check_box(
    theme: Theme, option: QStyleOption, painter: QPainter, widget: QWidget | None
) -> None:
    state = option.state
    box = _box(option).adjusted(0.5, 0.5, -0.5, -0.5)
    on = bool(state & State.State_On)
    some = bool(state & State.State_NoChange)
    if not state & State.State_Enabled:
        painter.setOpacity(0.4)
    painter.setPen(QPen(theme.accent if on or some else theme.mark, 1.5))
    painter.setBrush(theme.accent if on or some else theme.raised)
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(round_pen(theme.on_accent, 2))
    if on:
        centre, unit = box.center(), box.width() / 2
        painter.drawPolyline(
            [
                centre + QPointF(-0.5, 0.05) * unit,
                centre + QPointF(-0.1, 0.45) * unit,
                centre + QPointF(0.55, -0.4) * unit,
            ]
        )
    elif some:
        painter.drawLine(
            QPointF(box.left() + 4, box.center().y()), QPointF(box.right() - 4, box.center().y())
        )


def _separator(
    theme: Theme, option: QStyleOption, painter: QPainter, widget: QWidget | None
) -> None:
    """The edge of a dock: a hairline on the side of the dock, page on the side of the page."""
    rect: QRect = option.rect
    painter.fillRect(rect, theme.page)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(theme.hairline)
    window = widget.window() if widget is not None else None
    if rect.width() > rect.height():
        painter.drawLine(rect.topLeft(), rect.topRight())
    elif window is not None and rect.center().x() > window.width() // 2:
        painter.drawLine(rect.topRight(), rect.bottomRight())
    else:
        painter.drawLine(rect.topLeft(), rect.bottomLeft())


def _tip(theme: Theme, option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    painter.fillRect(option.rect, theme.raised)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(theme.frame)
    painter.drawRect(option.rect.adjusted(0, 0, -1, -1))


def _tab_base(
    theme: Theme, option: QStyleOption, painter: QPainter, widget: QWidget | None
) -> None:
    rect: QRect = option.rect
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(theme.hairline)
    painter.drawLine(rect.bottomLeft(), rect.bottomRight())


def _row(theme: Theme, option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    state = option.state
    ground: QColor | None = None
    if state & State.State_Selected:
        ground = theme.selected_row if state & State.State_Active else theme.hovered_row
    elif state & State.State_MouseOver:
        ground = theme.hovered_row
    if ground is None:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.fillRect(option.rect, ground)
    if theme.high_contrast and state & State.State_Selected:
        painter.setPen(QPen(theme.accent, 2))
        painter.drawRect(option.rect.adjusted(1, 1, -1, -1))


def _chevron(theme: Theme, centre: QPointF, painter: QPainter) -> None:
    """Draw the mark of what opens downwards, as large as the text is."""
    grown = scale()
    painter.setPen(round_pen(theme.muted, 1.5 * grown))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    corners = (QPointF(-3.5, -2), QPointF(0, 1.5), QPointF(3.5, -2))
    painter.drawPolyline(QPolygonF([centre + corner * grown for corner in corners]))


def _arrow_down(
    theme: Theme, option: QStyleOption, painter: QPainter, _widget: QWidget | None
) -> None:
    rect: QRect = option.rect
    _chevron(theme, QPointF(rect.center()), painter)


_PRIMITIVES = {
    PE.PE_PanelLineEdit: _line_edit,
    PE.PE_FrameLineEdit: _frame,
    PE.PE_PanelButtonCommand: _push_button,
    PE.PE_PanelButtonTool: _tool_button,
    PE.PE_IndicatorCheckBox: _check_box,
    PE.PE_IndicatorItemViewItemCheck: _check_box,
    PE.PE_IndicatorDockWidgetResizeHandle: _separator,
    PE.PE_PanelTipLabel: _tip,
    PE.PE_FrameTabBarBase: _tab_base,
    PE.PE_PanelItemViewItem: _row,
    PE.PE_IndicatorArrowDown: _arrow_down,
}

_BARE = frozenset(
    {
        PE.PE_FrameFocusRect,
        PE.PE_PanelItemViewRow,
        PE.PE_FrameStatusBarItem,
        PE.PE_PanelStatusBar,
        PE.PE_PanelMenuBar,
    }
)
"""What is not drawn at all: the focus frame and the rows' own delegates do it."""


def _focus_ring(theme: Theme, rect: QRect, painter: QPainter) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(QPen(theme.accent, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), RADIUS + 2, RADIUS + 2)
    painter.restore()


def _tab(theme: Theme, option: QStyleOptionTab, painter: QPainter) -> None:
    rect: QRect = option.rect
    if option.state & State.State_Selected:
        painter.fillRect(QRect(rect.left(), rect.bottom() - 1, rect.width(), 2), theme.accent)


def _tab_text(theme: Theme, option: QStyleOptionTab, painter: QPainter) -> None:
    chosen = bool(option.state & State.State_Selected)
    painter.save()
    painter.setFont(type_font(13, 600 if chosen else 500))
    painter.setPen(theme.ink if chosen else theme.muted)
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextShowMnemonic
    painter.drawText(option.rect, flags, option.text)
    painter.restore()


def _header(theme: Theme, rect: QRect, painter: QPainter) -> None:
    painter.fillRect(rect, theme.raised)
    painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.hairline)


def _header_text(theme: Theme, option: QStyleOptionHeader, painter: QPainter) -> None:
    painter.save()
    painter.setFont(type_font(12))
    painter.setPen(theme.muted)
    asked = option.textAlignment & (Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignHCenter)
    side = asked or Qt.AlignmentFlag.AlignLeft
    place = option.rect.adjusted(6, 0, -6, 0)
    painter.drawText(place, side | Qt.AlignmentFlag.AlignVCenter, option.text)
    painter.restore()


def _shaped_frame(theme: Theme, option: QStyleOptionFrame, painter: QPainter) -> None:
    if option.frameShape == QFrame.Shape.NoFrame or option.lineWidth == 0:
        return
    rect: QRect = option.rect
    painter.save()
    if option.frameShape in (QFrame.Shape.HLine, QFrame.Shape.VLine):
        across = option.frameShape == QFrame.Shape.HLine
        middle = rect.center()
        line = QRect(rect.left(), middle.y(), rect.width(), 1)
        painter.fillRect(line if across else QRect(middle.x(), rect.top(), 1, rect.height()),
                         theme.hairline)  # fmt: skip
    else:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QPen(theme.frame, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(_box(option), 2, 2)
    painter.restore()


def _menu_title(theme: Theme, option: QStyleOptionMenuItem, painter: QPainter) -> None:
    state = option.state
    rect: QRect = option.rect
    painter.save()
    painter.fillRect(rect, theme.window)
    if state & (State.State_Selected | State.State_Sunken):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QPen(theme.accent, 1) if theme.high_contrast else Qt.PenStyle.NoPen)
        painter.setBrush(theme.hovered_row)
        painter.drawRoundedRect(QRectF(rect).adjusted(1, 2, -1, -2), RADIUS, RADIUS)
    painter.setPen(theme.ink)
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextShowMnemonic
    painter.drawText(rect, flags, option.text)
    painter.restore()


def _scroll_bar(theme: Theme, option: QStyleOptionSlider, slider: QRect, painter: QPainter) -> None:
    if option.maximum <= option.minimum:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(Qt.PenStyle.NoPen)
    state = option.state
    hovered = bool(state & State.State_MouseOver) or theme.high_contrast
    painter.setBrush(theme.mark if hovered else theme.frame)
    handle = QRectF(slider).adjusted(3, 1, -3, -1)
    if option.orientation == Qt.Orientation.Horizontal:
        handle = QRectF(slider).adjusted(1, 3, -1, -3)
    painter.drawRoundedRect(handle, 3, 3)
    painter.restore()


_ARROW = 22
"""Room for the arrow of a list of options, at 100 %."""


def _beside_arrow(words: QRect, option: QStyleOption) -> QRect:
    """Return the place for the words of a list of options, without what its arrow takes."""
    whole: QRect = option.rect
    if option.direction == Qt.LayoutDirection.RightToLeft:
        words.setLeft(max(words.left(), whole.left() + px(_ARROW)))
    else:
        words.setRight(min(words.right(), whole.right() - px(_ARROW)))
    return words


def _combo(theme: Theme, option: QStyleOptionComboBox, painter: QPainter) -> None:
    state = option.state
    hovered = state & State.State_MouseOver and state & State.State_Enabled
    if not state & State.State_Enabled:
        painter.setOpacity(0.4)
    painter.setPen(QPen(theme.frame, 1))
    painter.setBrush(theme.hovered_row if hovered else theme.raised)
    painter.drawRoundedRect(_box(option), RADIUS, RADIUS)
    rect: QRect = option.rect
    inset = px(13)
    centre = QPointF(rect.right() - inset, rect.center().y() + 1)
    if option.direction == Qt.LayoutDirection.RightToLeft:
        centre.setX(rect.left() + inset)
    _chevron(theme, centre, painter)
