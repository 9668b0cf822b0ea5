"""From keys to edits: what the actions of the article view do.

With words selected a label key marks them; with a span selected it changes the span's label, or
removes the span when it has that label already; with neither it arms the label until Esc. Marking
a likely stretch that Space has selected goes on to the next one, so that reading and marking are
one movement; Enter marks it as what it looks like.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent

from annotator import editing
from annotator.gui.describing import Describing
from annotator.gui.details.intents import do
from annotator.gui.linker import Linker
from annotator.gui.modes import Jumping, Linking, Modes, Prompt
from annotator.gui.walking import Walking
from annotator.model import Edit, Fragment, Span
from annotator.text import KINDS
from annotator.translation import tr

if TYPE_CHECKING:
    from annotator.gui.actions import Actions
    from annotator.gui.article.text_view import ArticleView
    from annotator.gui.workspace import Workspace
    from annotator.settings import Settings


class Marking(QObject):
    """The hand of the annotator in the article view."""

    prompt_changed = Signal(object)
    """A Prompt while a mode is on or a label is armed, else None."""
    entity_wanted = Signal(object, str)
    """Ids of spans that want an entity, and the relation that is to end there (or "")."""
    note_wanted = Signal()
    comment_wanted = Signal()
    attribute_wanted = Signal(str)
    """Name of a free-text attribute that is to be typed."""
    occurrences_wanted = Signal(str)
    """Id of the span whose equals are wanted."""

    def __init__(
        self,
        workspace: Workspace,
        view: ArticleView,
        actions: Actions,
        settings: Settings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._view = view
        self._actions = actions
        self._settings = settings
        self._walking = Walking(workspace, view, settings)
        self._modes = Modes(view, self)
        self._linker = Linker(workspace, view, self._walking, self._modes, self)
        self._describing = Describing(workspace, self._walking, self)
        self._armed = ""
        self._clicked: str | None = None
        self._last: Span | None = None
        self._hits: tuple[Fragment, ...] = ()
        self._connect()
        view.installEventFilter(self)
        view.viewport().installEventFilter(self)
        view.span_clicked.connect(self._on_click)
        view.fragment_added.connect(self._on_fragment)
        workspace.article_opened.connect(self._reset)
        actions.scheme_actions_changed.connect(self._connect_scheme)
        self._modes.changed.connect(self._say_prompt)
        self._linker.entity_wanted.connect(self.entity_wanted)
        self._describing.entity_wanted.connect(lambda ids: self.entity_wanted.emit(ids, ""))
        self._describing.attribute_wanted.connect(self.attribute_wanted)

    def _connect(self) -> None:
        walking, describing, actions = self._walking, self._describing, self._actions
        doers: dict[str, Callable[[], object]] = {
            "span.delete": self.delete,
            "span.next": lambda: walking.walk(1),
            "span.previous": lambda: walking.walk(-1),
            "span.here": self.enter,
            "fragment.add": self.add_fragment,
            "fragment.remove": self.remove_fragment,
            "relation.remove": self._linker.unlink,
            "entity.attach": describing.attach,
            "entity.new": describing.attach_new,
            "entity.likely": describing.attach_likely,
            "occurrences": self.show_occurrences,
            "alike.label": lambda: walking.alike(lambda span: span.label),
            "alike.entity": lambda: walking.alike(lambda span: span.entity_id),
            "select.sentence": walking.take_sentence,
            "select.paragraph": walking.take_paragraph,
            "copy": self._view.copy,
            "repeat": self.repeat,
            "repeat.skip": lambda: walking.go_to_hit(self._wanted_hits()),
            "hint": lambda: self._modes.enter(Jumping(self._view, self._modes.leave)),
            "expand": walking.expand,
            "shrink": walking.shrink,
            "phrase.next": lambda: walking.step(1),
            "phrase.previous": lambda: walking.step(-1),
            "unsure": describing.toggle_unsure,
            "note": self.note_wanted.emit,
            "comment": self.comment_wanted.emit,
            "undo": self._workspace.undo,
            "redo": self._workspace.redo,
        }
        for digit in range(1, 10):
            doers[f"attribute.{digit}"] = partial(describing.turn_attribute, digit)
            doers[f"attribute.{digit}.back"] = partial(describing.turn_attribute, digit, -1)
        for which, way, by in (
            ("start", "back", -1),
            ("start", "forward", 1),
            ("end", "back", -1),
            ("end", "forward", 1),
        ):
            for suffix, unit in (("", "token"), (".character", "character")):
                move = partial(self.move_end, which, by, unit)
                doers[f"span.{which}.{way}{suffix}"] = move
        for name, doer in doers.items():
            actions.on(name, doer)

    def _connect_scheme(self) -> None:
        if not self._workspace.is_open:
            return
        for label in self._workspace.scheme.active_labels:
            name = label.name
            self._actions.on(f"label.{name}", partial(self.label, name))
            self._actions.on(f"label.likely.{name}", partial(self.label_likely, name))
        for relation in self._workspace.scheme.relations:
            self._actions.on(f"relation.{relation.name}", partial(self._linker.link, relation.name))

    # -- labels --------------------------------------------------------------------------------

    def label(self, name: str) -> None:
        """Mark the selection, change or remove the selected spans, or arm the label."""
        fragments = self._walking.chosen()
        spans = self._walking.selected()
        if fragments:
            self._mark(fragments, name)
        elif self._view.selection() is not None:
            self._workspace.note(tr("Only blanks are selected; select the words to be marked."))
        elif spans and all(span.label == name for span in spans):
            self.delete()
        elif spans:
            ids = tuple(span.id for span in spans)
            do(self._workspace, lambda: editing.relabel(self._workspace.desk, ids, name))
        else:
            self.arm("" if self._armed == name else name)

    def label_likely(self, name: str) -> None:
        """Mark the likeliest stretch for a label at the caret."""
        label = self._workspace.scheme.label(name)
        caret = self._view.caret()
        for kind in KINDS:
            wanted = label is not None and kind in label.phrases
            fragment = self._workspace.structure.phrase_at(caret, kind) if wanted else None
            if fragment is not None:
                self._mark((fragment,), name)
                return
        self._workspace.note(tr("Nothing here looks like a {label}.", label=name))

    def enter(self) -> None:
        """Mark the selection as armed or as what it looks like, else select the span here."""
        candidate = self._walking.candidate
        proposed = None if candidate is None else self._walking.label_for(candidate.kind)
        name = self._armed or proposed
        fragments = self._walking.chosen()
        if name and fragments:
            self._mark(fragments, name)
        else:
            self._walking.select_here()

    def arm(self, name: str) -> None:
        """Arm a label: every selection is marked with it until Esc; "" disarms."""
        self._armed = name
        self._say_prompt()

    def _mark(self, fragments: tuple[Fragment, ...], name: str) -> None:
        candidate = self._walking.candidate
        made = do(
            self._workspace,
            lambda: editing.mark(self._workspace.desk, fragments, name, fill=self._settings.fill),
        )
        if made is None:
            return
        span = editing.made(made)[0]
        self._last = span
        self._view.set_pending(())
        self._workspace.select((span.id,))
        self._ask_required(span)
        if candidate is None or not self._walking.step(1):
            self._view.set_caret(span.end)

    def _ask_required(self, span: Span) -> None:
        """Say in passing which attribute still needs a value."""
        label = self._workspace.scheme.label(span.label)
        for number, attribute in enumerate(label.numbered_attributes if label else (), start=1):
            empty = attribute.default is None and attribute.name not in span.attributes
            if attribute.required and empty:
                name = attribute.name
                self._workspace.note(tr("{name} is needed: press {n}.", name=name, n=number))
                return

    def delete(self) -> None:
        """Delete the selected spans with their relations."""
        ids = self._walking.needed()
        if ids:
            do(self._workspace, lambda: editing.delete(self._workspace.desk, ids))
            self._workspace.select(())

    def repeat(self) -> None:
        """Do the last marking again on the next search hit, and go on to the one after."""
        last = self._last_now()
        if last is None:
            self._workspace.note(tr("Mark something first; this key repeats it."))
            return
        hits = self._wanted_hits()
        selection = self._view.selection()
        hit = selection if selection in hits else self._walking.next_hit(hits)
        if hit is None:
            self._workspace.note(tr("No more hits."))
            return
        made = do(self._workspace, lambda: self._mark_like(last, hit))
        if made is not None:
            self._view.set_caret(hit.end)
            self._workspace.select((editing.made(made)[0].id,))
            self._walking.go_to_hit(hits)

    def _last_now(self) -> Span | None:
        """The span marked last, as it is by now; as it was made where it is not here any more."""
        last = self._last
        return None if last is None else self._workspace.desk.annotated.spans.get(last.id, last)

    def _mark_like(self, last: Span, hit: Fragment) -> Edit:
        """Mark *hit* as *last* is; what has links gets those that are likely at its own place."""
        desk = self._workspace.desk
        if desk.scheme.relations_from(last.label):
            fill = self._settings.fill
            return editing.mark(desk, (hit,), last.label, entity_id=last.entity_id, fill=fill)
        return editing.mark_all([desk], last, {desk.annotated.article.id: (hit,)})

    def set_hits(self, hits: tuple[Fragment, ...]) -> None:
        """Tell what the search has found; ``repeat`` works on these."""
        self._hits = hits

    def _wanted_hits(self) -> tuple[Fragment, ...]:
        """The hits of the search, or else the other places with the words marked last."""
        if self._hits or self._last is None:
            return self._hits
        return tuple(self._workspace.structure.occurrences(self._last.text[0]))

    def show_occurrences(self) -> None:
        """Show every equal string, here and in the project."""
        ids = self._walking.needed()
        if ids:
            self.occurrences_wanted.emit(ids[0])
            candidate = self._walking.candidate
            if candidate is not None and self._walking.is_marked(candidate.fragment):
                self._walking.step(1)

    # -- the ends and pieces of a span -----------------------------------------------------------

    def move_end(self, which: str, by: int, unit: str) -> None:
        """Move an end of the text selection, or else of the selected span."""
        selection = self._view.selection()
        if selection is not None:
            self._walking.move_end(selection, which, by, unit)
        elif ids := self._walking.needed():
            do(
                self._workspace,
                lambda: editing.move_end(self._workspace.desk, ids[0], which, by, unit),
            )

    def add_fragment(self) -> None:
        """Add the selection to the selected span, or set it aside for the next label key."""
        fragments = self._walking.chosen()
        if not fragments:
            self._workspace.note(tr("Select the words to be added first."))
            return
        spans = self._walking.selected()
        if len(spans) == 1:
            for fragment in fragments:
                self._add_to(spans[0].id, fragment)
            self._view.set_pending(())
        else:
            self._view.set_pending(fragments)
            self._workspace.note(tr("Set aside; select the other part and press a label key."))
        self._view.set_caret(fragments[-1].end)

    def _add_to(self, span_id: str, fragment: Fragment) -> None:
        do(self._workspace, lambda: editing.add_fragment(self._workspace.desk, span_id, fragment))

    def remove_fragment(self) -> None:
        """Remove the fragment at the caret from the selected span."""
        spans = self._walking.selected()
        if not self._walking.needed():
            return
        caret = self._view.caret()
        near = min(
            spans[0].fragments, key=lambda part: max(part.start - caret, caret - part.end, 0)
        )
        do(
            self._workspace,
            lambda: editing.remove_fragment(self._workspace.desk, spans[0].id, near),
        )

    # -- modes -----------------------------------------------------------------------------------

    def escape(self) -> None:
        """Leave a mode, disarm, drop the selection, deselect: one thing at a time."""
        if self._modes.current is not None:
            self._modes.leave()
        elif self._armed:
            self.arm("")
        elif self._view.selection() is not None or self._view.pending:
            self._view.set_pending(())
            self._view.set_caret(self._view.caret())
        else:
            self._workspace.select(())

    def leave_mode(self) -> None:
        """Let the letters mean again what they usually do."""
        self._modes.leave()

    def _reset(self) -> None:
        self._modes.leave()
        self._hits = ()
        self._view.set_pending(())

    def _say_prompt(self) -> None:
        mode = self._modes.current
        if mode is not None:
            self.prompt_changed.emit(mode.prompt)
        elif self._armed:
            keys = (("Enter", tr("mark the selection")), ("Esc", tr("stop")))
            title = tr("{label} until Esc", label=self._armed)
            self.prompt_changed.emit(Prompt("armed", title, keys, self._armed))
        else:
            self.prompt_changed.emit(None)

    # -- events ----------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc in the view, and the mouse while a label is armed or a slot waits."""
        if self._workspace.annotated is None:
            return False
        if watched is self._view and event.type() == QEvent.Type.KeyPress:
            if (
                isinstance(event, QKeyEvent)
                and event.key() == Qt.Key.Key_Escape
                and not self._view.has_taken(event)
            ):
                self.escape()
                return True
        elif isinstance(event, QMouseEvent) and event.button() == Qt.MouseButton.LeftButton:
            if event.type() == QEvent.Type.MouseButtonPress:
                return self._pick_clicked(event)
            armed = self._armed and event.type() == QEvent.Type.MouseButtonRelease
            if armed and self._view.selection() is not None:
                self._mark_clicked()
        return False

    def _pick_clicked(self, event: QMouseEvent) -> bool:
        """While a slot waits: fill it with the target whose chip or words are clicked."""
        mode = self._modes.current
        if not isinstance(mode, Linking):
            return False
        here = self._view.pointer.spans_under(event.position().toPoint())
        return any(mode.pick_id(span_id) for span_id in here)

    def _mark_clicked(self) -> None:
        """Mark what the mouse selected; a third click takes back what the second one marked."""
        chosen = self._view.selection()
        sentence = self._view.pointer.unit == "sentence"
        last = self._workspace.desk.annotated.spans.get(self._clicked or "")
        if sentence and last is not None and chosen is not None:
            self._workspace.undo()
            self._view.select(chosen)
        steps = self._workspace.steps_to_undo
        self.label(self._armed)
        marked = self._workspace.steps_to_undo > steps
        token = self._view.pointer.unit == "token"
        self._clicked = self._workspace.selected[0] if marked and token else None

    def _on_click(self, span_id: str, modifiers: Qt.KeyboardModifier) -> None:
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            now = self._workspace.selected
            others = tuple(key for key in now if key != span_id)
            self._workspace.select(others if span_id in now else (*now, span_id))
        else:
            self._workspace.select((span_id,))

    def _on_fragment(self, fragment: Fragment) -> None:
        self._view.select(fragment)
        self.add_fragment()
