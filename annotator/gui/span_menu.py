"""What can be done with the selected labels, as a menu: at the words, and in the details.

Every entry is an action of the table with its key; only what depends on the labels at hand is
made here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from annotator import editing
from annotator.gui.details.intents import do
from annotator.translation import tr

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from annotator.gui.actions import Actions
    from annotator.gui.workspace import Workspace
    from annotator.model import Span


def menu_text(text: str, key: str = "") -> str:
    """Return what a menu shows of *text*, as it is, with *key* at the right."""
    escaped = text.replace("&", "&&").replace("\t", " ")
    native = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    return f"{escaped}\t{native}" if native else escaped


def fill(
    menu: QMenu,
    workspace: Workspace,
    actions: Actions,
    open_entity: Callable[[str], object],
) -> None:
    """Fill *menu* for the selected spans; *open_entity* shows the dialog of an entity."""
    here = workspace.desk.annotated
    spans = [here.spans[key] for key in workspace.selected if key in here.spans]
    _add_labels(menu, workspace, actions, spans)
    menu.addAction(actions["span.delete"])
    menu.addSeparator()
    _add_entity(menu, workspace, actions, spans, open_entity)
    scheme = workspace.scheme
    names = {span.label for span in spans}
    for relation in scheme.relations:
        if relation.source in names or names & set(relation.targets):
            menu.addAction(actions[f"relation.{relation.name}"])
    if any(here.relations_from(span.id) for span in spans):
        menu.addAction(actions["relation.remove"])
    menu.addSeparator()
    menu.addAction(actions["note"])
    if len(spans) == 1:
        menu.addAction(actions["comment"])
    unsure = menu.addAction(menu_text(actions.text("unsure"), actions.key("unsure")))
    unsure.setCheckable(True)
    unsure.setChecked(bool(spans) and spans[0].unsure)
    unsure.triggered.connect(lambda: actions.run("unsure"))
    if any(len(span.fragments) > 1 for span in spans):
        menu.addAction(actions["fragment.remove"])
    menu.addSeparator()
    menu.addAction(actions["alike.label"])
    if any(span.entity_id is not None for span in spans):
        menu.addAction(actions["alike.entity"])
    if len(spans) == 1:
        menu.addAction(actions["occurrences"])


def _add_labels(menu: QMenu, workspace: Workspace, actions: Actions, spans: Sequence[Span]) -> None:
    labels = menu.addMenu(tr("Change the label to"))
    labels.setObjectName("menu.span.label")
    labels.setAccessibleName(labels.title())
    one = QActionGroup(labels)
    for item in workspace.scheme.active_labels:
        action_id = f"label.{item.name}"
        action = labels.addAction(menu_text(item.name, actions.key(action_id)))
        # The key of the label that a span has removes it; nobody asks that of this menu.
        same = all(span.label == item.name for span in spans)
        action.setCheckable(True)
        one.addAction(action)
        action.setChecked(same)
        action.setEnabled(not same)
        action.triggered.connect(partial(_relabel, workspace, item.name))


def _relabel(workspace: Workspace, name: str, _checked: bool = False) -> None:
    ids = workspace.selected
    do(workspace, lambda: editing.relabel(workspace.desk, ids, name))


def _add_entity(
    menu: QMenu,
    workspace: Workspace,
    actions: Actions,
    spans: Sequence[Span],
    open_entity: Callable[[str], object],
) -> None:
    known = (workspace.scheme.label(span.label) for span in spans)
    if any(label is not None and label.entity is not None for label in known):
        menu.addAction(actions["entity.attach"])
    attached = {span.entity_id for span in spans if span.entity_id is not None}
    entity = workspace.entities.get(attached.pop()) if len(attached) == 1 else None
    if entity is not None:
        action: QAction = menu.addAction(menu_text(tr("Change {name}", name=entity.name)))
        action.triggered.connect(lambda: open_entity(entity.id))
