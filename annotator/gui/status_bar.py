"""The line at the bottom: whether all is saved, steps to undo, who works, the scheme, text size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStatusBar, QToolButton

from annotator.gui.actions import Actions
from annotator.gui.bar_shapes import paint_bar
from annotator.gui.controls import WordButton
from annotator.gui.icons import icon
from annotator.gui.parts import (
    Avatar,
    Elided,
    Themed,
    key_text,
    label,
    plain,
    px,
    set_icon,
    set_type,
)
from annotator.gui.theme import Theme
from annotator.translation import tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.workspace import Workspace
    from annotator.model import Edit

NOTE_MILLISECONDS = 6000


class StatusBar(Themed, QStatusBar):
    """What a person must be able to see at any time."""

    asked_retry = Signal()
    asked_copy = Signal()

    def __init__(self, workspace: Workspace, actions: Actions, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName("bar.status")
        self.setAccessibleName(tr("Status"))
        self.setSizeGripEnabled(False)
        self._workspace = workspace
        self._actions = actions
        self._reason = ""
        self._offered = ""
        """Id of the action of the button beside the line."""
        self._build()
        self._clear = QTimer(self, singleShot=True, interval=NOTE_MILLISECONDS)
        self._clear.timeout.connect(lambda: self.say(""))
        workspace.saving.connect(self._show_saving)
        workspace.noted.connect(self.say)
        workspace.offered.connect(self._offer)
        workspace.changed.connect(self._on_changed)
        workspace.article_opened.connect(self._show_steps)
        workspace.project_opened.connect(lambda: self.say(""))
        workspace.project_opened.connect(self.refresh)
        workspace.scheme_changed.connect(self.refresh)

    def _build(self) -> None:
        self._saved_icon = QLabel()
        self.saved = Elided("", 12)
        self.saved.setObjectName("text.saved")
        self.retry = WordButton(tr("Try again"), size=12)
        self.retry.setObjectName("button.retry")
        self.retry.clicked.connect(self.asked_retry)
        self.copy = WordButton(tr("Save a copy"), size=12)
        self.copy.setObjectName("button.save_copy")
        self.copy.clicked.connect(self.asked_copy)
        self.steps = QToolButton()
        self.steps.setObjectName("button.steps")
        self.steps.setAutoRaise(True)
        self.steps.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        set_type(self.steps, 12, 400, "muted")
        set_icon(self.steps, "undo", "muted", 14)
        self.steps.clicked.connect(lambda: self._actions.run("history"))
        self.note = Elided("", 12)
        self.note.setObjectName("text.note")
        self.note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.more = WordButton(size=12)
        self.more.setObjectName("button.more")
        self.more.clicked.connect(lambda: self._actions.run(self._offered))
        self.more.hide()
        self.avatar = Avatar(self.theme, "")
        self.author = QToolButton()
        self.author.setObjectName("button.author")
        self.author.setAutoRaise(True)
        set_type(self.author, 12, 400, "muted")
        self.author.clicked.connect(lambda: self._actions.run("author"))
        self.scheme = label(size=12, tone="muted")
        self.scheme.setObjectName("text.scheme")
        self.zoom = QToolButton()
        self.zoom.setObjectName("button.zoom")
        self.zoom.setAutoRaise(True)
        set_type(self.zoom, 12, 400, "muted")
        self.zoom.clicked.connect(lambda: self._actions.run("view.normal"))
        for left in (self._saved_icon, self.saved, self.retry, self.copy, self.steps):
            self.addWidget(left)
        self.addWidget(self.more)
        self.addWidget(self.note, 1)
        for right in (self.avatar, self.author, self.scheme, self.zoom):
            self.addPermanentWidget(right)
        self.setContentsMargins(12, 0, 12, 0)
        self._show_saving("saved")

    def refresh(self) -> None:
        """Show whose labels these are, and under which scheme."""
        self._show_steps()
        if not self._workspace.is_open:
            return
        name = self._workspace.project.author
        self.avatar.show_name(name)
        self.author.setText(tr("Working as {name}", name=name).replace("&", "&&"))
        self.author.setAccessibleName(self.author.text())
        scheme = self._workspace.scheme
        self.scheme.setText(
            tr("{scheme}, version {number}", scheme=scheme.title, number=scheme.version)
        )
        self._fit()

    def say(self, text: str) -> None:
        """Show a line for a while."""
        self.more.hide()
        self.note.setText(text)
        if text:
            self._clear.start()

    def _offer(self, action_id: str) -> None:
        """Show a button beside the line that carries out an action."""
        self._offered = action_id
        text, key = self._actions[action_id].text(), key_text(self._actions.key(action_id))
        self.more.setText(tr("Show the list"))
        self.more.setAccessibleName(text)
        self.more.setToolTip(plain(f"{text} ({key})" if key else text))
        self.more.show()

    def show_zoom(self, text_size: int) -> None:
        """Show the text size in per cent."""
        self.zoom.setText(f"{text_size} %")
        self.zoom.setAccessibleName(tr("Text size {size} %", size=text_size))

    def show_reason(self, reason: str) -> None:
        """Say why something is not saved, for as long as that holds."""
        self._reason = reason
        if self._workspace.state == "failed":
            self._show_saving("failed")

    def _fit(self) -> None:
        """Leave away what there is no room for: the scheme first, then the name.

        What could not be saved needs the room of both.
        """
        is_open, width = self._workspace.is_open, self.width()
        failed = is_open and self._workspace.state == "failed"
        self.scheme.setVisible(is_open and width >= px(1600 if failed else 1100))
        self.author.setVisible(is_open and width >= px(1100 if failed else 800))
        self.avatar.setVisible(is_open)
        self.steps.setVisible(is_open)
        self.saved.setVisible(is_open)
        self._saved_icon.setVisible(is_open)

    def _on_changed(self, _edit: Edit) -> None:
        self._workspace.afterwards.show(self, self._show_steps)

    def _show_steps(self) -> None:
        text = tr_n(self._workspace.steps_to_undo, "{n} step to undo", "{n} steps to undo")
        if text != self.steps.text():
            self.steps.setText(text)
            self.steps.setAccessibleName(text)

    def _show_saving(self, state: str) -> None:
        failed = state == "failed"
        if self.retry.isVisible() and state == "saved":
            self.say("")  # what the disk said holds no longer
        hint = ""
        if failed:
            text = tr("Not saved: {reason}", reason=self._reason or tr("the disk refuses"))
            hint = text
        elif self._workspace.read_only:
            state, text = "read-only", tr("For reading only")
            hint = tr("The file or its folder cannot be written, so nothing can be changed.")
            if self._workspace.lacks_room:
                text = tr("For reading only: the disk is full")
                hint = tr("Nothing can be changed until there is room on the disk. Then try again.")
        else:
            text = tr("Saving") if state == "saving" else tr("Saved")
        self.saved.setText(text)
        self.saved.setToolTip(plain(hint))
        tone = "error" if failed else "muted"
        self.saved.setProperty("tone", tone)
        palette = QPalette(self.saved.palette())
        palette.setColor(QPalette.ColorRole.WindowText, getattr(self.theme, tone))
        self.saved.setPalette(palette)
        name = {"failed": "error", "saving": "clock", "read-only": "eye"}.get(state, "check")
        side = px(14)
        colour = self.theme.error if failed else self.theme.muted
        self._saved_icon.setPixmap(icon(name, colour, side).pixmap(side, side))
        # What is wrong gets all the room that its buttons and the names at the right leave.
        grown = QSizePolicy.Policy.Expanding if failed else QSizePolicy.Policy.Preferred
        self.saved.setSizePolicy(grown, QSizePolicy.Policy.Preferred)
        self.note.setVisible(not failed)
        self.more.setVisible(not failed and not self.more.isHidden())
        can_try = failed or self._workspace.lacks_room
        self.saved.setMinimumWidth(0 if can_try else self.saved.sizeHint().width())
        self.retry.setVisible(can_try)
        self.copy.setVisible(failed)
        self._fit()

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._show_saving(self._workspace.state if self._workspace.is_open else "saved")
        self.setFixedHeight(max(28, px(16) + 12))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), max(28, px(16) + 12))

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_bar(self, self.theme.window, self.theme.hairline)
