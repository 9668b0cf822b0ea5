"""Says who or where is meant: type to narrow down, Enter takes the first, or makes a new one.

While nothing is typed, 1 to 9 take the ones used last.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from annotator import editing
from annotator.editing import Desk
from annotator.gui.controls import Field
from annotator.gui.details.intents import do, entity_icon, entity_line, words
from annotator.gui.parts import Themed, dress, label, px
from annotator.gui.rows import Row, RowModel, Rows
from annotator.gui.theme import Theme
from annotator.model import Edit, Entity, name_key, new_id
from annotator.scheme import NIL_REASON, Label
from annotator.translation import tr

if TYPE_CHECKING:
    from annotator.gui.workspace import Workspace

MOST = 60
"""Entities offered at once; typing finds the others."""
RECENT = 9
Answer = Callable[[Desk, Sequence[str]], Edit]
"""What was chosen, as the edit that says it of spans."""
# No id of an entity has such a beginning.
_NEW = "\0new"
_NONE = "\0none"
_NIL = "\0nil:"


class PickerModel(RowModel):
    """Ids of entities best first, then what else can be said."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self.new_name = ""
        self.digits: dict[str, str] = {}
        """The digit that takes an entity, by its id."""

    def row(self, key: str) -> Row | None:
        if key == _NEW:
            return Row(text=tr("New: {name}", name=self.new_name), icon="plus", tone="accent")
        if key == _NONE:
            return Row(text=tr("Nobody and nothing: take it back"), icon="unlink")
        if key.startswith(_NIL):
            reason = key.removeprefix(_NIL)
            return Row(text=tr("Stays open: {reason}", reason=reason), icon="minus")
        entity = self._workspace.entities.get(key)
        if entity is None:
            return None
        scheme = self._workspace.scheme
        return Row(
            text=entity_line(entity, scheme),
            icon=entity_icon(scheme, entity.kind),
            key=self.digits.get(key, ""),
        )


class EntityPicker(Themed, QFrame):
    """A pop-up with a line to type in and the entities that fit."""

    done = Signal()
    """It closed, whatever was chosen."""

    def __init__(
        self,
        workspace: Workspace,
        theme: Theme,
        parent: QWidget | None = None,
        answered: Callable[[Answer], object] | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.theme = theme
        self._answered = answered or self._perform
        self.setObjectName("popup.entity")
        self.setAccessibleName(tr("Who or where is meant"))
        self._workspace = workspace
        self._ids: tuple[str, ...] = ()
        self._relation = ""
        self._label: Label | None = None
        self._words = ""
        self._attached: str | None = None
        self._recent: list[str] = []
        self.model = PickerModel(workspace)
        self._build()

    def _build(self) -> None:
        self.title = label(size=11, weight=600, tone="muted")
        self.field = Field(self.theme, tr("Type a name"), icon_name="search")
        self.field.setObjectName("field.entity")
        self.field.textChanged.connect(self._refresh)
        self.field.installEventFilter(self)
        self.rows = Rows(self.theme, self.model)
        self.rows.setObjectName("list.entity_choices")
        self.rows.setAccessibleName(tr("Entities that fit"))
        self.rows.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.rows.clicked.connect(lambda index: self._choose(self.model.keys[index.row()]))
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 10, 1, 6)
        column.setSpacing(8)
        inset = QVBoxLayout()
        inset.setContentsMargins(11, 0, 11, 0)
        inset.setSpacing(6)
        inset.addWidget(self.title)
        inset.addWidget(self.field)
        column.addLayout(inset)
        column.addWidget(self.rows, 1)

    # -- opening -----------------------------------------------------------------------------

    def open(self, ids: Sequence[str], relation: str, place: QPoint, width: int) -> bool:
        """Ask what the spans *ids* stand for, or which entity *relation* leads to from them.

        Returns whether there is anything to ask; if not, the status bar says why.
        """
        spans = [span for key in ids if (span := self._workspace.desk.annotated.spans.get(key))]
        item = self._workspace.scheme.label(spans[0].label) if spans else None
        if item is None:
            return False
        spec = self._workspace.scheme.relation(relation) if relation else None
        kind = item.entity if spec is None else spec.target_entity
        if kind is None:
            text = tr("{label} stands for no person or place.", label=item.name)
            self._workspace.note(text)
            return False
        self._ids, self._relation = tuple(ids), relation
        self._label = replace(item, entity=kind)
        self._words = "" if relation else words(spans[0])
        shown = tr("Who is meant, without words here") if relation else self._words
        self.title.setText(self.title.fontMetrics().elidedText(shown, _ELIDE, width - 24))
        recent = self._workspace.project.recent_entities(kind, RECENT)
        self._recent = [entity.id for entity in recent if entity.id in self._workspace.entities]
        attached = [] if relation else [span.entity_id for span in spans if span.entity_id]
        self._attached = attached[0] if attached else None
        self.field.clear()
        self._refresh()
        dress(self, self.theme)
        self._show_at(place, width)
        return True

    def _show_at(self, place: QPoint, width: int) -> None:
        height = min(px(120) + self.rows.row_height * min(len(self.model.keys), 10), px(420))
        screen = self.screen().availableGeometry()
        place.setX(min(max(place.x(), screen.left()), screen.right() - width))
        place.setY(min(max(place.y(), screen.top()), screen.bottom() - height))
        self.setGeometry(place.x(), place.y(), width, height)
        self.show()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    # -- what is offered ---------------------------------------------------------------------

    def _refresh(self) -> None:
        assert self._label is not None
        query = self.field.text().strip()
        ranked = editing.rank_entities(
            self._words,
            self._label,
            self._workspace.entities.values(),
            recent=self._recent,
            query=query,
        )
        if not query:
            ranked.sort(key=lambda entity: entity.id != self._attached)
        ranked = ranked[:MOST]
        digits = {} if query else {key: str(n) for n, key in enumerate(self._recent, start=1)}
        self.model.digits = digits
        language = self._workspace.structure.language
        name = editing.new_name(self._label, (self._words,), language)
        self.model.new_name = query or name
        keys = [entity.id for entity in ranked]
        if self.model.new_name:
            keys.append(_NEW)
        if not query and not self._relation:
            kind = self._workspace.scheme.entity_kind(self._label.entity or "")
            keys += [f"{_NIL}{item}" for item in (kind.nil_reasons if kind is not None else ())]
            if self._attached is not None:
                keys.append(_NONE)
        self.model.show_keys(keys)
        if keys:
            first = 0 if query or self._is_known(ranked) else len(ranked)
            row = first if first < len(keys) else 0
            self.rows.setCurrentIndex(self.model.index(row))

    def _is_known(self, ranked: Sequence[Entity]) -> bool:
        """Say whether the first one shares a word with the span; otherwise a new one is likelier.

        Words without a capital ("the mayor") are no name of anybody new.
        """
        said = set(name_key(self._words).split())
        if not ranked:
            return False
        if ranked[0].id == self._attached:
            return True
        names = (ranked[0].name, *ranked[0].aliases)
        shared = any(said & set(name_key(name).split()) for name in names)
        return shared or self._words == self._words.lower()

    # -- choosing ----------------------------------------------------------------------------

    def _choose(self, key: str | None) -> None:
        if key is None:
            return
        self.hide()
        if key == _NEW:
            self._take(self._new())
        elif key == _NONE:
            self._take(None)
        elif key.startswith(_NIL):
            self._stay_open(key.removeprefix(_NIL))
        else:
            self._take(self._workspace.entities.get(key))
        self.close()

    def _new(self) -> Entity:
        assert self._label is not None
        kind = self._label.entity or ""
        return Entity(id=new_id(), kind=kind, name=self.model.new_name)

    def _take(self, entity: Entity | None) -> None:
        relation = self._relation

        def answer(desk: Desk, ids: Sequence[str]) -> Edit:
            if relation and entity is not None:
                return editing.relate(desk, ids, relation, target_entity=entity)
            return editing.attach(desk, ids, entity)

        self._answered(answer)

    def _stay_open(self, reason: str) -> None:
        self._answered(lambda desk, ids: editing.set_attribute(desk, ids, NIL_REASON, reason))

    def _perform(self, answer: Answer) -> None:
        do(self._workspace, lambda: answer(self._workspace.desk, self._ids))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and Down move in the list, Enter takes, a digit takes a recent one."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        key, text = event.key(), event.text()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.rows.keyPressEvent(event)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            new = event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self.model.new_name
            self._choose(_NEW if new else self.rows.current_key)
        elif key == Qt.Key.Key_Escape:
            self.close()
        elif text.isdecimal() and text in self.model.digits.values():
            self._choose(next(k for k, digit in self.model.digits.items() if digit == text))
        else:
            return False
        return True

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.done.emit()

    def sizeHint(self) -> QSize:
        return QSize(px(300), px(320))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.fillRect(self.rect(), self.theme.raised)
            painter.setPen(QPen(self.theme.frame, 1))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        finally:
            painter.end()


_ELIDE = Qt.TextElideMode.ElideRight
