"""The head of the inspector: what is selected, its words, and a flag for doubts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from annotator.gui import fonts
from annotator.gui.controls import IconButton
from annotator.gui.details.intents import Places, colour_of, words
from annotator.gui.parts import Chip, Hairline, Themed, dress, label, px, set_icon
from annotator.gui.theme import Theme
from annotator.model import Span
from annotator.translation import tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.actions import Actions
    from annotator.gui.workspace import Workspace

MOST_WORDS = 400
"""Characters of a span that are shown; the article has all of them."""


class Covered(Themed, QLabel):
    """The words of the span, in the face of the article."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName("text.covered")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setMinimumWidth(1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.setFont(fonts.serif(px(14)))


class SpanHead(Themed, QWidget):
    """Label, place and words of the selected spans; without any, how to come to some."""

    unsure_turned = Signal(bool)
    menu_wanted = Signal()

    def __init__(self, workspace: Workspace, actions: Actions, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._workspace = workspace
        self._actions = actions
        self._places = Places()
        self.covered = Covered(theme)
        self.empty = label(tone="muted")
        self.empty.setObjectName("text.nothing_selected")
        self.empty.setWordWrap(True)
        self.empty.setMinimumWidth(1)
        inset = QVBoxLayout()
        inset.setContentsMargins(0, 0, 8, 0)
        inset.addWidget(self.covered)
        inset.addWidget(self.empty)
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(16, 8, 8, 14)
        column.setSpacing(6)
        column.addLayout(self._build_row())
        column.addLayout(inset)
        self._edge = Hairline(theme)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.setSpacing(0)
        around.addWidget(head)
        around.addWidget(self._edge)

    def _build_row(self) -> QHBoxLayout:
        self.chip = Chip(self.theme)
        self.chip.setObjectName("chip.label")
        self.where = label(size=13, tone="muted")
        self.where.setObjectName("text.where")
        self.flag = IconButton("flag", tr("Unsure"), key=self._actions.key("unsure"))
        self.flag.setObjectName("button.unsure")
        self.flag.setCheckable(True)
        self.flag.clicked.connect(self.unsure_turned)
        self.more = IconButton("more", tr("More"))
        self.more.setObjectName("button.more")
        self.more.clicked.connect(self.menu_wanted)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.chip)
        row.addWidget(self.where, 1)
        row.addWidget(self.flag)
        row.addWidget(self.more)
        return row

    def show_spans(self, spans: list[Span], name: str | None) -> None:
        """Show *spans*, whose label is *name* where they share one."""
        some = bool(spans)
        article_open = self._workspace.annotated is not None
        self.chip.setVisible(name is not None)
        for widget in (self.where, self.flag, self.more, self.covered):
            widget.setVisible(some)
        self.empty.setVisible(not some)
        self._edge.setVisible(some or article_open)
        if article_open:
            self.empty.setText(
                tr("Select words and press a label key, or press Tab to go to the first label.")
            )
        else:
            self.empty.setText(tr("No article is open."))
        if name is not None:
            self.chip.show_label(name, colour_of(self._workspace.scheme, name))
        if some:
            self.where.setText(self._where(spans, name))
            text = words(spans[0])
            if len(text) > MOST_WORDS:
                text = f"{text[:MOST_WORDS].rstrip()} …"
            self.covered.setText(text)

    def _where(self, spans: list[Span], name: str | None) -> str:
        if len(spans) > 1 and name is None:
            return tr_n(len(spans), "{n} label selected", "{n} labels selected")
        if len(spans) > 1:
            return tr_n(len(spans), "{n} selected", "{n} selected")
        parts = []
        if len(spans[0].fragments) > 1:
            parts.append(tr_n(len(spans[0].fragments), "{n} fragment", "{n} fragments"))
        article = self._workspace.desk.annotated.article
        parts.append(self._places.paragraph(article, spans[0].start) or tr("Headline"))
        return ", ".join(parts)

    def show_unsure(self, on: bool) -> None:
        """Show whether the spans are flagged."""
        show_flag(self.flag, on, self.theme)

    def refresh_keys(self) -> None:
        """Show the key that flags now."""
        self.flag.describe(tr("Unsure"), self._actions.key("unsure"))

    @property
    def below_more(self) -> QPoint:
        """Where the menu of the three dots begins, on the screen."""
        return self.more.mapToGlobal(QPoint(0, self.more.height()))


def show_flag(button: IconButton, on: bool, theme: Theme) -> None:
    """Show a flag as raised or not."""
    button.setChecked(on)
    set_icon(button, "flag", "accent" if on else "muted")
    dress(button, theme)
