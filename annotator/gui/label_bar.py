"""The bar of labels with their keys; while a mode is on, it says what the keys do now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QWidget

from annotator.gui.actions import Actions
from annotator.gui.bar_shapes import paint_bar
from annotator.gui.controls import Flow, LabelButton
from annotator.gui.icons import icon
from annotator.gui.parts import KeyCap, Themed, dress, label, px
from annotator.gui.theme import Theme
from annotator.translation import inside, tr

if TYPE_CHECKING:
    from annotator.gui.modes import Prompt
    from annotator.gui.workspace import Workspace


class KeyHint(Themed, QWidget):
    """A key and what it does."""

    def __init__(self, theme: Theme, key: str, text: str) -> None:
        super().__init__()
        self.theme = theme
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._cap = KeyCap(theme, "", self)
        row.addWidget(self._cap)
        self._what = label("", 12, tone="muted")
        row.addWidget(self._what)
        self.say(key, text)

    def say(self, key: str, text: str) -> None:
        """Show *key* and what it does; *text* may be empty."""
        self._cap.set_key(key)
        self._what.setText(text)
        self._what.setVisible(bool(text))


class LabelBar(Themed, QWidget):
    """The labels of the scheme, or the prompt of the mode that is on."""

    height_changed = Signal()

    def __init__(self, workspace: Workspace, actions: Actions, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName("bar.labels")
        self.setAccessibleName(tr("Labels"))
        self._workspace = workspace
        self._actions = actions
        self._prompt: Prompt | None = None
        self.buttons: dict[str, LabelButton] = {}
        self._spare: list[KeyHint] = []
        """Hints that were made so far; making them anew for every selection was seen."""
        self._hints: list[KeyHint] = []
        self._build()
        workspace.project_opened.connect(self.refresh)
        workspace.scheme_changed.connect(self.refresh)
        workspace.selection_changed.connect(self._show_hints)
        actions.keys_changed.connect(self.refresh)

    def _build(self) -> None:
        self._labels = QWidget()
        self._flow = Flow(self._labels)
        self._until = label(size=12, tone="muted")
        self._mark = QLabel()
        self._title = label(size=13, weight=500, tone="ink")
        self._title.setObjectName("text.prompt")
        self._mode = QWidget()
        mode = QHBoxLayout(self._mode)
        mode.setContentsMargins(0, 0, 0, 0)
        mode.setSpacing(8)
        mode.addWidget(self._mark)
        mode.addWidget(self._title)
        mode.addStretch(1)
        self._left = QStackedWidget()
        self._left.addWidget(self._labels)
        self._left.addWidget(self._mode)
        self._right = QWidget()
        self._right_row = QHBoxLayout(self._right)
        self._right_row.setContentsMargins(0, 0, 0, 0)
        self._right_row.setSpacing(24)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(24)
        row.addWidget(self._left, 1)
        row.addWidget(self._right)

    def refresh(self) -> None:
        """Show the labels of the scheme and their keys."""
        while self._flow.count():
            item = self._flow.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None and widget is not self._until:
                widget.hide()
                widget.deleteLater()
        self.buttons.clear()
        if not self._workspace.is_open:
            return
        for each in self._workspace.scheme.active_labels:
            key = self._actions.key(f"label.{each.name}")
            button = LabelButton(self.theme, each.name, each.colour, key)
            button.setObjectName(f"button.label.{each.name}")
            button.clicked.connect(
                lambda _=False, name=each.name: self._actions.run(f"label.{name}")
            )
            self.buttons[each.name] = button
            self._flow.addWidget(button)
        self._flow.addWidget(self._until)
        self._until.hide()
        self.show_prompt(self._prompt)

    def show_prompt(self, prompt: Prompt | None) -> None:
        """Say what the keys do in the mode that is on; None brings the labels back."""
        self._prompt = prompt
        armed = prompt.label if prompt is not None and prompt.kind == "armed" else ""
        for name, button in self.buttons.items():
            button.arm(name == armed)
        self._until.setVisible(bool(armed))
        self._until.setText(tr("until Esc"))
        in_mode = prompt is not None and not armed
        self._left.setCurrentIndex(1 if in_mode else 0)
        if prompt is not None and in_mode:
            self._title.setText(prompt.title)
            name = "link" if prompt.kind == "linking" else "keyboard"
            self._mark.setPixmap(icon(name, self.theme.accent, px(16)).pixmap(px(16), px(16)))
        self._show_hints()
        self.update()

    @property
    def prompt(self) -> Prompt | None:
        """What is said now."""
        return self._prompt

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        for button in self.buttons.values():
            button.set_theme(theme)
        for hint in self._spare:
            dress(hint, theme)
        self.show_prompt(self._prompt)
        self._set_height()

    # -- hints -------------------------------------------------------------------------------

    def _hint_texts(self) -> Sequence[tuple[str, str]]:
        if self._prompt is not None:
            return self._prompt.keys
        key = self._actions.key
        if not self._workspace.is_open or self._workspace.annotated is None:
            return ()
        if not self._workspace.selected:
            return (
                (key("phrase.next"), tr("next likely words")),
                (key("hint"), tr("jump to a word")),
                (key("expand"), tr("expand")),
                (key("span.next"), tr("next label")),
            )
        hints = []
        for relation in self._workspace.scheme.relations[:1]:
            spans = self._workspace.desk.annotated.spans
            if any(
                span_id in spans and spans[span_id].label == relation.source
                for span_id in self._workspace.selected
            ):
                prompt = inside(relation.prompt or relation.name)
                hints.append((key(f"relation.{relation.name}"), tr("link {what}", what=prompt)))
        hints += [
            (key("entity.attach"), tr("who or where")),
            (key("fragment.add"), tr("add fragment")),
            (f"{key('span.start.back')} {key('span.end.forward')}", tr("move ends")),
            (key("unsure"), tr("unsure")),
        ]
        return hints

    def _show_hints(self) -> None:
        texts = [(key, text) for key, text in self._hint_texts() if key.strip()]
        while len(self._spare) < len(texts):
            hint = KeyHint(self.theme, *texts[len(self._spare)])
            dress(hint, self.theme)
            self._spare.append(hint)
            self._right_row.addWidget(hint)
        for hint, (key, text) in zip(self._spare, texts, strict=False):
            hint.say(key, text)
        self._hints = self._spare[: len(texts)]
        for hint in self._spare[len(texts) :]:
            hint.hide()
        self._fit()

    def _fit(self) -> None:
        """Drop hints from the right until the labels have their room."""
        room = self.width() - 32 - 24
        left = self._mode if self._left.currentIndex() == 1 else self._labels
        room -= left.sizeHint().width()
        for hint in self._hints:
            room -= hint.sizeHint().width() + 24
            hint.setVisible(room >= 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        self._set_height()

    def _set_height(self) -> None:
        room = max(self.width() - 32, 1)
        rows = self._flow.heightForWidth(room) if self._flow.count() else px(32)
        height = max(48, rows + 16)
        if height != self.minimumHeight():
            self.setFixedHeight(height)
            self.height_changed.emit()

    def sizeHint(self) -> QSize:
        return QSize(400, max(48, self.minimumHeight()))

    def paintEvent(self, event: QPaintEvent) -> None:
        in_mode = self._left.currentIndex() == 1
        ground = self.theme.accent_tint if in_mode else self.theme.window
        edge = self.theme.accent if in_mode else self.theme.hairline
        paint_bar(self, ground, edge)
