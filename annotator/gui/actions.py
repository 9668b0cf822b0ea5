"""The actions of one window: the table brought to life, with the person's own keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from annotator.gui.action_table import ACTIONS, MENUS, ActionSpec
from annotator.gui.page_actions import PAGE_ACTIONS, PAGES
from annotator.gui.parts import key_text, plain
from annotator.settings import Settings
from annotator.translation import shown, tr

if TYPE_CHECKING:
    from annotator.scheme import Scheme

__all__ = ["ACTIONS", "MENUS", "ActionSpec", "Actions"]


class Actions(QObject):
    """All actions of a window, by id. An action without a doer cannot be chosen."""

    keys_changed = Signal()
    """A person gave an action other keys."""
    scheme_actions_changed = Signal()

    def __init__(self, parent: QWidget, settings: Settings) -> None:
        super().__init__(parent)
        self._window = parent
        self._settings = settings
        self._specs: dict[str, ActionSpec] = {}
        self._actions: dict[str, QAction] = {}
        self._texts: dict[str, str] = {}
        self._doers: dict[str, Callable[[], object]] = {}
        self._focused: dict[str, list[QWidget]] = {"text": [], "review": []}
        self._focused |= {page: [] for page, _ in PAGES}
        """Widgets in which the keys hold of actions that need the focus there."""
        self._dynamic: list[str] = []
        self._label_menu: QMenu | None = None
        for spec in (*ACTIONS, *PAGE_ACTIONS):
            self._add(spec, _table_text(spec))

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    def __contains__(self, action_id: str) -> bool:
        return action_id in self._actions

    @property
    def specs(self) -> tuple[ActionSpec, ...]:
        """The actions there are, those of the scheme included, in order of the table."""
        return tuple(self._specs.values())

    def text(self, action_id: str) -> str:
        """What the action is called, in the person's language."""
        return self._texts[action_id]

    def keys(self, action_id: str) -> tuple[str, ...]:
        """The keys that an action has now."""
        own = self._settings.keys.get(action_id)
        return self._specs[action_id].keys if own is None else tuple(own)

    def key(self, action_id: str) -> str:
        """The first key of an action, as key caps take it; empty for none."""
        keys = self.keys(action_id) if action_id in self._specs else ()
        return keys[0] if keys else ""

    def has_doer(self, action_id: str) -> bool:
        """Whether somebody carries the action out."""
        return action_id in self._doers

    # -- carrying out ------------------------------------------------------------------------

    def on(self, action_id: str, doer: Callable[[], object]) -> None:
        """Have *doer* called when the action is chosen, in the place of an earlier one."""
        self._doers[action_id] = doer
        action = self._actions.get(action_id)
        if action is not None:
            action.setVisible(True)

    def run(self, action_id: str) -> None:
        """Do what choosing the action does, if it can be chosen now."""
        self._actions[action_id].trigger()

    def enable(self, action_id: str, on: bool, why: str = "") -> None:
        """Let the action be chosen, or not; *why* not stands in its tool tip."""
        action = self._actions[action_id]
        action.setEnabled(on)
        action.setToolTip(self._tip(action_id) if on or not why else plain(why))
        action.setStatusTip("" if on else why)

    def _do(self, action_id: str) -> None:
        doer = self._doers.get(action_id)
        if doer is not None:
            doer()

    # -- the scheme --------------------------------------------------------------------------

    def set_scheme(self, scheme: Scheme | None) -> None:
        """Have the actions of the labels and relations of *scheme*, in place of earlier ones."""
        for action_id in self._dynamic:
            action = self._actions.pop(action_id)
            for widget in self._focused["text"]:
                widget.removeAction(action)
            action.deleteLater()
            del self._specs[action_id], self._texts[action_id]
        self._dynamic.clear()
        for spec, text in scheme_specs(scheme) if scheme is not None else ():
            self._dynamic.append(spec.id)
            self._add(spec, text)
        self._fill_label_menu()
        self.scheme_actions_changed.emit()

    # -- keys --------------------------------------------------------------------------------

    def rebind(self, action_id: str, keys: Sequence[str] | None) -> None:
        """Give an action other keys, for good; None brings back those of the table.

        Raises OSError where the settings cannot be saved.
        """
        if keys is None or tuple(keys) == self._specs[action_id].keys:
            self._settings.keys.pop(action_id, None)
        else:
            self._settings.keys[action_id] = list(keys)
        self._set_keys(action_id)
        self._settings.save()
        self.keys_changed.emit()

    def reset_keys(self) -> None:
        """Give every action the keys of the table again."""
        self._settings.keys.clear()
        for action_id in self._actions:
            self._set_keys(action_id)
        self._settings.save()
        self.keys_changed.emit()

    def conflicts(self, keys: Iterable[str], except_id: str = "") -> list[str]:
        """Return the ids of the actions that have one of *keys* already."""
        wanted = {QKeySequence(key).toString() for key in keys}
        own = self._specs.get(except_id)
        return [
            action_id
            for action_id, spec in self._specs.items()
            if action_id != except_id
            and (own is None or hold_together(own, spec))
            and wanted & {QKeySequence(key).toString() for key in self.keys(action_id)}
        ]

    # -- where they stand --------------------------------------------------------------------

    def attach_text(self, view: QWidget) -> None:
        """Let the keys of the text actions work in *view* while it has the focus."""
        self._attach(view, "text")

    def attach_review(self, widget: QWidget) -> None:
        """Let the keys of the review work in *widget* while it has the focus."""
        self._attach(widget, "review")

    def attach_page(self, widget: QWidget, page: str) -> None:
        """Let the keys of a page work in *widget*, and in what stands in it, with the focus."""
        self._attach(widget, page)

    def _attach(self, widget: QWidget, where: str) -> None:
        self._focused[where].append(widget)
        widget.addActions([self._actions[s.id] for s in self.specs if s.where == where])

    def show_place(self, place: str) -> None:
        """Let only those actions be chosen that make sense in *place*."""
        for spec in self.specs:
            if spec.where == "annotate":
                self.enable(spec.id, place == "annotate", tr("This is done in Annotate."))
            elif spec.where == "review":
                self.enable(spec.id, place == "review", tr("This is done in Review."))

    def build_menus(self, bar: QMenuBar) -> None:
        """Fill the menu bar from the table."""
        for name, title in MENUS:
            menu = bar.addMenu(shown(title))
            menu.setObjectName(f"menu.{name}")
            menu.setToolTipsVisible(False)
            if name == "label":
                self._label_menu = menu
                self._fill_label_menu()
            else:
                self._fill(menu, [s for s in self.specs if s.menu.split(".")[0] == name])

    def _fill_label_menu(self) -> None:
        if self._label_menu is not None:
            self._label_menu.clear()
            dynamic = [self._specs[action_id] for action_id in self._dynamic]
            fixed = [s for s in ACTIONS if s.menu.startswith("label.")]
            self._fill(self._label_menu, [*dynamic, *fixed])

    def _fill(self, menu: QMenu, specs: list[ActionSpec]) -> None:
        group = ""
        for spec in specs:
            if group and spec.menu != group:
                menu.addSeparator()
            group = spec.menu
            menu.addAction(self._actions[spec.id])

    # -- inside ------------------------------------------------------------------------------

    def _add(self, spec: ActionSpec, text: str) -> None:
        self._specs[spec.id] = spec
        self._texts[spec.id] = text
        action = QAction(text.replace("&", "&&"), self)
        action.setObjectName(f"action.{spec.id}")
        action.setIconVisibleInMenu(False)
        action.setShortcutVisibleInContextMenu(True)
        action.setMenuRole(_ROLES.get(spec.id, QAction.MenuRole.NoRole))
        action.setCheckable(spec.checkable)
        action.triggered.connect(lambda _checked=False, key=spec.id: self._do(key))
        action.setVisible(spec.id in self._doers)
        self._actions[spec.id] = action
        if spec.where in self._focused:
            action.setShortcutContext(
                Qt.ShortcutContext.WidgetShortcut
                if spec.where in ("text", "review")
                else Qt.ShortcutContext.WidgetWithChildrenShortcut
            )
            for widget in self._focused[spec.where]:
                widget.addAction(action)
        else:
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            self._window.addAction(action)
        self._set_keys(spec.id)

    def _set_keys(self, action_id: str) -> None:
        action = self._actions[action_id]
        action.setShortcuts([QKeySequence(key) for key in self.keys(action_id)])
        action.setToolTip(self._tip(action_id))

    def _tip(self, action_id: str) -> str:
        key = self.key(action_id)
        text = self._texts[action_id]
        return plain(f"{text} ({key_text(key)})" if key else text)


def hold_together(one: ActionSpec, other: ActionSpec) -> bool:
    """Whether the keys of two actions can hold at the same time, so that they must differ."""
    places = {one.where, other.where}
    if places & {page for page, _ in PAGES}:
        return len(places) == 1 or "window" in places
    return "review" not in places or not places & {"text", "annotate"}


_ROLES = {
    "file.quit": QAction.MenuRole.QuitRole,
    "preferences": QAction.MenuRole.PreferencesRole,
    "about": QAction.MenuRole.AboutRole,
}


def _table_text(spec: ActionSpec) -> str:
    if spec.id.startswith("review.take."):
        return tr("Take variant {n}", n=spec.id.rpartition(".")[2])
    if spec.id.startswith("attribute."):
        _, digit, *back = spec.id.split(".")
        if back:
            return tr("Previous value of attribute {n}", n=digit)
        return tr("Next value of attribute {n}", n=digit)
    return shown(spec.text).replace("{n}", spec.id.rpartition(".")[2])


def scheme_specs(scheme: Scheme) -> list[tuple[ActionSpec, str]]:
    """Return the actions of the labels and relations of *scheme*, with their texts."""
    relations = [
        (
            ActionSpec(f"relation.{item.name}", "", _own_key(item.key), "label.1c", "link", "text"),
            tr("Link {source} to {target}", source=item.source, target=item.prompt or item.name),
        )
        for item in scheme.relations
    ]
    taken = {key for spec, _ in relations for key in spec.keys}
    labels: list[tuple[ActionSpec, str]] = []
    likely: list[tuple[ActionSpec, str]] = []
    for label in scheme.active_labels:
        keys = _own_key(label.key)
        labels.append(
            (
                ActionSpec(f"label.{label.name}", "", keys, "label.1a", "tag", "text"),
                tr("Mark as {label}", label=label.name),
            )
        )
        likely.append(
            (
                ActionSpec(
                    f"label.likely.{label.name}",
                    "",
                    tuple(_likely_key(key, taken) for key in keys),
                    "label.1b",
                    "tag",
                    "text",
                ),
                tr("Mark the likeliest {label}", label=label.name),
            )
        )
    return [*labels, *likely, *relations]


def _own_key(key: str) -> tuple[str, ...]:
    if not key:
        return ()
    return (key.upper() if len(key) == 1 else key,)


def _likely_key(key: str, taken: set[str]) -> str:
    """Shift and the label's key, or Alt where a relation has that already."""
    shifted = f"Shift+{key}"
    return f"Alt+{key}" if shifted in taken else shifted
