"""The guideline of a label beside the span: definition, rule, right and wrong examples."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from annotator.gui.icons import icon
from annotator.gui.parts import Themed, dress, label, px, set_icon, set_type
from annotator.gui.theme import Theme
from annotator.scheme import Example, Label, Scheme
from annotator.translation import tr


class Sign(Themed, QLabel):
    """A small icon in a text."""

    def __init__(self, theme: Theme, name: str, tone: str, spoken: str) -> None:
        super().__init__()
        self.theme = theme
        self._name, self._tone = name, tone
        self.setAccessibleName(spoken)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        side = px(14)
        self.setPixmap(icon(self._name, getattr(theme, self._tone), side).pixmap(side, side))


def in_paragraphs(text: str) -> str:
    """Return a text without its line ends; its paragraphs stay apart."""
    parts = [" ".join(part.split()) for part in text.split("\n\n")]
    return "\n\n".join(filter(None, parts))


def paragraph(text: str, tone: str = "ink", weight: int = 400, size: float = 12) -> QLabel:
    """Return a text of the scheme, wrapped, as it is; its paragraphs stay apart."""
    made = label(in_paragraphs(text), size, weight, tone)
    made.setWordWrap(True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    made.setMinimumWidth(1)
    return made


class GuidelineView(Themed, QWidget):
    """A heading that unfolds; what is below it is made when it is first looked at."""

    def __init__(self, scheme: Scheme, item: Label, theme: Theme, *, inset: int = 16) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName("panel.guideline")
        self._scheme = scheme
        self._label = item
        self._body: QWidget | None = None
        self.button = QToolButton()
        self.button.setObjectName("button.guideline")
        self.button.setText(tr("Guideline"))
        self.button.setAccessibleName(tr("Guideline of {label}", label=item.name))
        self.button.setAutoRaise(True)
        self.button.setCheckable(False)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        set_type(self.button, 11, 600, "muted")
        set_icon(self.button, "chevron-right", "muted", 12)
        self.button.clicked.connect(self.toggle)
        self._column = QVBoxLayout(self)
        # The button's own edge lies outside, so that its words stand over the others.
        self._column.setContentsMargins(inset - 6, 0, inset, 8)
        self._column.setSpacing(4)
        self._column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(self._with_inset(paragraph(item.definition, "muted")))

    def _with_inset(self, widget: QWidget) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(6, 0, 0, 0)
        column.addWidget(widget)
        return holder

    @property
    def unfolded(self) -> bool:
        """Whether rule and examples are in sight."""
        return self._body is not None and not self._body.isHidden()

    def toggle(self) -> None:
        """Unfold the rule and its examples, or fold them."""
        if self._body is None:
            self._body = self._build_body()
            self._column.addWidget(self._body)
            dress(self._body, self.theme)
        else:
            self._body.setVisible(self._body.isHidden())
        set_icon(self.button, "chevron-down" if self.unfolded else "chevron-right", "muted", 12)
        dress(self.button, self.theme)

    def _build_body(self) -> QWidget:
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(6, 4, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        if self._label.guideline:
            grid.addWidget(paragraph(self._label.guideline), grid.rowCount(), 0, 1, 2)
        for example in self._label.examples:
            self._add_example(grid, example)
        for rule in self._scheme.rules:
            if self._label.name in rule.labels:
                heading = paragraph(rule.title, "ink", 600)
                heading.setContentsMargins(0, 8, 0, 0)
                grid.addWidget(heading, grid.rowCount(), 0, 1, 2)
                grid.addWidget(paragraph(rule.text), grid.rowCount(), 0, 1, 2)
                for example in rule.examples:
                    self._add_example(grid, example)
        return body

    def _add_example(self, grid: QGridLayout, example: Example) -> None:
        row = grid.rowCount()
        name, tone = ("check", "muted") if example.right else ("close", "error")
        spoken = tr("right") if example.right else tr("wrong")
        sign = Sign(self.theme, name, tone, spoken)
        grid.addWidget(sign, row, 0, Qt.AlignmentFlag.AlignTop)
        text = QWidget()
        column = QVBoxLayout(text)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(paragraph(example.text))
        if example.why:
            column.addWidget(paragraph(example.why, "muted"))
        grid.addWidget(text, row, 1)

    def sizeHint(self) -> QSize:
        return QSize(px(160), super().sizeHint().height())
