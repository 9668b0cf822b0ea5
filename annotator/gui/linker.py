"""Tying spans to what they belong to: a key names the slot, the second span fills it.

Where one target is legal it is taken at once; otherwise the view waits, and every legal target
carries a hint.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from annotator import editing
from annotator.gui.details.intents import do
from annotator.gui.modes import Linking
from annotator.model import Span
from annotator.scheme import RelationLabel
from annotator.translation import tr

if TYPE_CHECKING:
    from annotator.gui.article.text_view import ArticleView
    from annotator.gui.modes import Modes
    from annotator.gui.walking import Walking
    from annotator.gui.workspace import Workspace


class Linker(QObject):
    """Fills and empties the slots of the selected spans."""

    entity_wanted = Signal(object, str)
    """Ids of spans and the relation that is to end at an entity without words."""

    def __init__(
        self,
        workspace: Workspace,
        view: ArticleView,
        walking: Walking,
        modes: Modes,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._view = view
        self._walking = walking
        self._modes = modes
        modes.changed.connect(self._on_mode)

    def _on_mode(self) -> None:
        if not isinstance(self._modes.current, Linking):
            self._workspace.linking = None

    def link(self, name: str) -> None:
        """Fill the slot of the relation *name*: at once where only one target is legal.

        Where somebody without words is legal too, the one span in sight is not the only target:
        Enter takes it, which makes two keys, and / is still in reach. Filling at once would guess
        who speaks, and would have to be undone for every other source.
        """
        relation = self._workspace.desk.relation(name)
        sources = [span for span in self._walking.selected() if span.label == relation.source]
        if not sources:
            self._link_back(relation)
            return
        ids = tuple(span.id for span in sources)
        targets = editing.legal_targets(self._workspace.desk, ids, relation.name)
        without_words = self._without_words(relation, ids)
        if len(targets) > 1 or (targets and without_words is not None):
            self._wait_for_target(relation, sources, targets, without_words)
        elif targets:
            self._relate(ids, relation, targets[0], add=False)
        elif without_words is not None:
            without_words()
        else:
            self._workspace.note(tr("There is nothing to link it to yet."))

    def _link_back(self, relation: RelationLabel) -> None:
        """With the target selected, ask for the span whose slot it is to fill."""
        spans = [span for span in self._walking.selected() if span.label in relation.targets]
        target = spans[0] if len(spans) == 1 else None
        sources: list[Span] = []
        if target is not None:
            sources = editing.legal_sources(self._workspace.desk, target.id, relation.name)
        if target is None or not sources:
            self._workspace.note(tr("Select a {label} first, then link it.", label=relation.source))
            return
        slot = relation.prompt or relation.name
        title = tr("Choose the {source} with this {slot}", source=relation.source, slot=slot)

        def fill(source: Span, add: bool) -> None:
            self._relate((source.id,), relation, target, add=add)

        self._modes.enter(
            Linking(self._view, [target], sources, fill, None, self._modes.leave, title)
        )

    def _wait_for_target(
        self,
        relation: RelationLabel,
        sources: list[Span],
        targets: list[Span],
        without_words: Callable[[], None] | None,
    ) -> None:
        ids = tuple(span.id for span in sources)
        slot = relation.prompt or relation.name
        title = tr("Link the {source} to its {slot}", source=relation.source, slot=slot)

        def fill(target: Span, add: bool) -> None:
            self._relate(ids, relation, target, add=add)

        leave = self._modes.leave
        mode = Linking(self._view, sources, targets, fill, without_words, leave, title)
        self._modes.enter(mode)
        self._workspace.linking = relation.name

    def _without_words(
        self, relation: RelationLabel, ids: tuple[str, ...]
    ) -> Callable[[], None] | None:
        if relation.target_entity is None:
            return None
        return lambda: self.entity_wanted.emit(ids, relation.name)

    def _relate(
        self, ids: tuple[str, ...], relation: RelationLabel, target: Span, *, add: bool
    ) -> None:
        desk = self._workspace.desk
        do(
            self._workspace,
            lambda: editing.relate(desk, ids, relation.name, target=target.id, add=add),
        )

    def unlink(self) -> None:
        """Remove the relations that begin at the selected spans."""
        ids = self._walking.needed()
        annotated = self._workspace.desk.annotated
        ties = tuple(tie.id for key in ids for tie in annotated.relations_from(key))
        if ids and not ties:
            self._workspace.note(tr("Nothing is linked here."))
        elif ties:
            do(self._workspace, lambda: editing.unrelate(self._workspace.desk, ties))
