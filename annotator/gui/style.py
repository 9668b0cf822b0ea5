"""The look of Qt's own widgets: Fusion with our radii, frames, tabs and focus ring.

Colours come from the palette and the theme; what is here is shape. The focus ring is drawn by one
:class:`QFocusFrame` (see :mod:`annotator.gui.focus_ring`), because it stands a pixel outside the
widget it belongs to.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen
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

from annotator.gui import bar_shapes, field_shapes
from annotator.gui.field_shapes import ARROW, RADIUS, outline
from annotator.gui.parts import px
from annotator.gui.spin_shape import STEPS, paint_spin_box, place_in_spin_box
from annotator.gui.theme import Theme

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
            return QSize(found.width() + 4 + px(ARROW) - ARROW, max(28, px(20) + 8))
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
            return field_shapes.beside_arrow(rect.adjusted(5, 0, 0, 0), option)
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
            bar_shapes.tab(self.theme, option, painter)
        elif element == CE.CE_TabBarTabLabel and isinstance(option, QStyleOptionTab):
            bar_shapes.tab_text(self.theme, option, painter)
        elif element in (CE.CE_ToolBar, CE.CE_MenuBarEmptyArea):
            painter.fillRect(option.rect, self.theme.window)
        elif element == CE.CE_MenuBarItem and isinstance(option, QStyleOptionMenuItem):
            bar_shapes.menu_title(self.theme, option, painter)
        elif element == CE.CE_HeaderSection:
            bar_shapes.header(self.theme, option.rect, painter)
        elif element == CE.CE_HeaderLabel and isinstance(option, QStyleOptionHeader):
            bar_shapes.header_text(self.theme, option, painter)
        elif element == CE.CE_HeaderEmptyArea:
            bar_shapes.header(self.theme, option.rect, painter)
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
            bar_shapes.scroll_bar(self.theme, option, slider, painter)
        elif control == QStyle.ComplexControl.CC_ComboBox and isinstance(
            option, QStyleOptionComboBox
        ):
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            field_shapes.combo(self.theme, option, painter)
            painter.restore()
        elif control == QStyle.ComplexControl.CC_SpinBox and isinstance(
            option, QStyleOptionSpinBox
        ):
            arrows = [self.subControlRect(control, option, part, widget) for part in STEPS]
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            paint_spin_box(self.theme, option, arrows, painter)
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


def _tip(theme: Theme, option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    painter.fillRect(option.rect, theme.raised)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(theme.frame)
    painter.drawRect(option.rect.adjusted(0, 0, -1, -1))


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


_PRIMITIVES = {
    PE.PE_PanelLineEdit: field_shapes.line_edit,
    PE.PE_FrameLineEdit: field_shapes.frame,
    PE.PE_PanelButtonCommand: field_shapes.push_button,
    PE.PE_PanelButtonTool: field_shapes.tool_button,
    PE.PE_IndicatorCheckBox: field_shapes.check_box,
    PE.PE_IndicatorItemViewItemCheck: field_shapes.check_box,
    PE.PE_IndicatorDockWidgetResizeHandle: bar_shapes.separator,
    PE.PE_PanelTipLabel: _tip,
    PE.PE_FrameTabBarBase: bar_shapes.tab_base,
    PE.PE_PanelItemViewItem: _row,
    PE.PE_IndicatorArrowDown: field_shapes.arrow_down,
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
        painter.drawRoundedRect(outline(option), 2, 2)
    painter.restore()
