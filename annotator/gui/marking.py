"""From keys to edits: what the actions of the article view do.

With words selected a label key marks them; with a span selected it changes the span's label, or
removes the span when it has that label already; with neither it arms the label until Esc. Space
walks the likely stretches of the article (names, reporting verbs, what is said); marking one goes
on to the next, so that reading and marking are one movement.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent

from annotator import editing
from annotator.errors import UserError
from annotator.gui.modes import Jumping, Linking, Mode, Prompt
from annotator.model import Edit, Entity, Fragment, Span, new_id
from annotator.spans import normalise
from annotator.translation import tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.actions import Actions
    from annotator.gui.text_view import ArticleView
    from annotator.gui.workspace import Workspace
    from annotator.scheme import RelationLabel
    from annotator.settings import Settings


class Marking(QObject):
    """The hand of the annotator in the article view."""

    prompt_changed = Signal(object)
    """A Prompt while a mode is on or a label is armed, else None."""
    entity_wanted = Signal(object, str)
    """Ids of spans that want an entity, and the relation that is to end there (or "")."""
    note_wanted = Signal()
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
        self._settings = settings
        self._mode: Mode | None = None
        self._armed = ""
        self._stepping = False
        self._last: tuple[str, str, str | None] | None = None
        self._hits: tuple[Fragment, ...] = ()
        self._connect(actions)
        view.installEventFilter(self)
        view.viewport().installEventFilter(self)
        view.span_clicked.connect(self._on_click)
        view.fragment_added.connect(self._on_fragment)
        workspace.article_opened.connect(self._reset)
        workspace.project_closed.connect(self._reset)

    def _connect(self, actions: Actions) -> None:
        for name, call in {
            "span.delete": self.delete,
            "span.next": lambda: self.walk(1),
            "span.previous": lambda: self.walk(-1),
            "span.here": self.select_here,
            "span.start.back": lambda: self.move_end("start", -1, "token"),
            "span.start.forward": lambda: self.move_end("start", 1, "token"),
            "span.end.forward": lambda: self.move_end("end", 1, "token"),
            "span.end.back": lambda: self.move_end("end", -1, "token"),
            "span.start.back.character": lambda: self.move_end("start", -1, "character"),
            "span.start.forward.character": lambda: self.move_end("start", 1, "character"),
            "span.end.forward.character": lambda: self.move_end("end", 1, "character"),
            "span.end.back.character": lambda: self.move_end("end", -1, "character"),
            "fragment.add": self.add_fragment,
            "fragment.remove": self.remove_fragment,
            "relation.remove": self.unlink,
            "entity.attach": self.attach,
            "entity.new": self.attach_new,
            "occurrences": self.show_occurrences,
            "repeat": self.repeat,
            "repeat.skip": self.skip,
            "hint": self.jump,
            "expand": self.expand,
            "shrink": self.shrink,
            "phrase.next": lambda: self.step(1),
            "phrase.previous": lambda: self.step(-1),
            "unsure": self.toggle_unsure,
            "note": self.note_wanted.emit,
            "undo": self._workspace.undo,
            "redo": self._workspace.redo,
        }.items():
            actions.on(name, call)
        for digit in range(1, 10):
            actions.on(f"attribute.{digit}", lambda digit=digit: self.turn_attribute(digit))

    # -- selecting ---------------------------------------------------------------------------

    def chosen(self) -> tuple[Fragment, ...]:
        """Return what is selected in the text, cleaned, with the fragments set aside before."""
        selection = self._view.selection()
        stretches = [*self._view.pending, *([] if selection is None else [selection])]
        cleaned = (
            self._workspace.structure.clean(
                stretch.start, stretch.end, snap=self._settings.snap, trim=self._settings.trim
            )
            for stretch in stretches
        )
        return normalise(tuple(fragment for fragment in cleaned if fragment is not None))

    def expand(self) -> None:
        """Grow the selection by structure; from a selected span, start with its words."""
        self._reshape_selection(self._workspace.structure.expand)

    def shrink(self) -> None:
        """Shrink the selection by structure, towards the caret."""
        caret = self._view.anchor()
        self._reshape_selection(lambda now: self._workspace.structure.shrink(now, within=caret))

    def _reshape_selection(self, change: Callable[[Fragment], Fragment]) -> None:
        selection = self._view.selection()
        spans = self._selected()
        if selection is None and len(spans) == 1:
            self._view.select(Fragment(spans[0].start, spans[0].end))
            return
        if selection is None:
            selection = Fragment(self._view.caret(), self._view.caret())
        self._view.select(change(selection))

    def step(self, direction: int) -> None:
        """Select the next likely stretch that is not marked yet, or the one before."""
        structure = self._workspace.structure
        annotated = self._workspace.desk.annotated
        selection = self._view.selection()
        here = (
            (selection.start, -selection.end)
            if selection is not None
            else (self._view.caret(), -len(annotated.article.text) - 1)
        )
        number = structure.paragraph_number(self._view.caret())
        numbers = range(number, len(structure.paragraphs) if direction > 0 else -1, direction)
        for index in numbers:
            paragraph = structure.paragraphs[index]
            phrases = [phrase.fragment for phrase in structure.phrases(paragraph)]
            for fragment in phrases if direction > 0 else reversed(phrases):
                order = (fragment.start, -fragment.end)
                ahead = order > here if direction > 0 else order < here
                if ahead and not self._is_marked(fragment):
                    self._stepping = True
                    self._view.select(fragment)
                    self._view.reveal(fragment)
                    return
        self._workspace.note(tr("No more likely words in this direction."))

    def _is_marked(self, fragment: Fragment) -> bool:
        desk = self._workspace.desk
        near = desk.annotated.spans_in(desk.layer.id, fragment.start, fragment.end)
        return any(fragment in span.fragments for span in near)

    def walk(self, direction: int) -> None:
        """Select the next span in reading order, or the one before."""
        desk = self._workspace.desk
        spans = desk.annotated.spans_of(desk.layer.id)
        if not spans:
            self._workspace.note(tr("No labels in this article yet."))
            return
        selected = self._selected()
        if selected:
            index = spans.index(selected[0]) + direction
        else:
            caret = self._view.caret()
            before = sum(1 for span in spans if span.start < caret)
            index = before if direction > 0 else before - 1
        self._select_span(spans[index % len(spans)])

    def select_here(self) -> None:
        """Mark the selection with the armed label, else select the span under the caret.

        Again: the next one of several spans there.
        """
        if self._armed and self.chosen():
            self.label(self._armed)
            return
        here = self._view.spans_at(self._view.caret())
        own = self._workspace.layer.id
        spans = self._workspace.desk.annotated.spans
        here = [key for key in here if key in spans and spans[key].layer_id == own]
        if not here:
            self._workspace.note(tr("No label here."))
            return
        current = self._workspace.selected[:1]
        index = here.index(current[0]) + 1 if current and current[0] in here else 0
        self._workspace.select((here[index % len(here)],))

    def _select_span(self, span: Span) -> None:
        self._view.set_caret(span.end)
        self._workspace.select((span.id,))
        self._view.reveal(Fragment(span.start, span.end))

    def _selected(self) -> list[Span]:
        desk = self._workspace.desk
        spans = (desk.annotated.spans.get(key) for key in self._workspace.selected)
        return [span for span in spans if span is not None and span.layer_id == desk.layer.id]

    def _needed(self) -> tuple[str, ...]:
        """Return the selected spans, or say that some are needed."""
        spans = self._selected()
        if not spans:
            self._workspace.note(
                tr("Select a label first: Tab walks them, Enter takes the one at the caret.")
            )
        return tuple(span.id for span in spans)

    # -- labels ------------------------------------------------------------------------------

    def label(self, name: str) -> None:
        """Mark the selection, change or remove the selected spans, or arm the label."""
        fragments = self.chosen()
        spans = self._selected()
        if fragments:
            self._mark(fragments, name)
        elif self._view.selection() is not None:
            self._workspace.note(tr("Only blanks are selected; select the words to be marked."))
        elif spans and all(span.label == name for span in spans):
            self.delete()
        elif spans:
            ids = tuple(span.id for span in spans)
            self._do(lambda: editing.relabel(self._workspace.desk, ids, name))
        else:
            self.arm("" if self._armed == name else name)

    def label_likely(self, name: str) -> None:
        """Mark the likeliest stretch for a label at the caret."""
        label = self._workspace.scheme.label(name)
        kind = "name" if label is None or not label.phrase else label.phrase
        fragment = self._workspace.structure.phrase_at(self._view.caret(), kind)
        if fragment is None:
            self._workspace.note(tr("Nothing here looks like a {label}.", label=name))
            return
        self._mark((fragment,), name)

    def arm(self, name: str) -> None:
        """Arm a label: every selection is marked with it until Esc; "" disarms."""
        self._armed = name
        self._say_prompt()

    def _mark(self, fragments: tuple[Fragment, ...], name: str) -> None:
        stepping, self._stepping = self._stepping, False
        made = self._do(
            lambda: editing.mark(self._workspace.desk, fragments, name, fill=self._settings.fill)
        )
        if made is None:
            return
        span = editing.made(made)[0]
        self._last = (name, " ".join(span.text), span.entity_id)
        self._view.set_pending(())
        self._view.set_caret(span.start if stepping else span.end)
        self._workspace.select((span.id,))
        self._ask_required(span)
        if stepping:
            self._view.select(span.fragments[0])
            self.step(1)
            if not self._stepping:
                self._view.set_caret(span.end)

    def _ask_required(self, span: Span) -> None:
        """Say in passing which attributes still need a value."""
        label = self._workspace.scheme.label(span.label)
        if label is None:
            return
        for number, attribute in enumerate(label.numbered_attributes, start=1):
            empty = attribute.default is None and attribute.name not in span.attributes
            if attribute.required and empty:
                self._workspace.note(
                    tr("{attribute} is needed: press {digit}.", attribute=attribute.name,
                       digit=number)
                )  # fmt: skip
                return

    def delete(self) -> None:
        """Delete the selected spans with their relations."""
        ids = self._needed()
        if ids:
            self._do(lambda: editing.delete(self._workspace.desk, ids))
            self._workspace.select(())

    # -- the ends and pieces of a span ---------------------------------------------------------

    def move_end(self, which: str, by: int, unit: str) -> None:
        """Move an end of the text selection, or else of the selected span."""
        selection = self._view.selection()
        if selection is not None:
            self._view.select(self._moved(selection, which, by, unit))
            return
        ids = self._needed()
        if ids:
            self._do(
                lambda: editing.move_end(self._workspace.desk, ids[0], which, by, unit)
            )  # fmt: skip

    def _moved(self, now: Fragment, which: str, by: int, unit: str) -> Fragment:
        structure = self._workspace.structure
        position = now.start if which == "start" else now.end
        if unit == "character":
            move = structure.grapheme_after if by > 0 else structure.grapheme_before
            position = move(position)
        elif by > 0:
            token = structure.next_token(position)
            position = position if token is None else token.end if which == "end" else token.start
        else:
            token = structure.previous_token(position)
            position = position if token is None else token.start if which == "start" else token.end
        moved = Fragment(position, now.end) if which == "start" else Fragment(now.start, position)
        return moved if moved.start < moved.end else now

    def add_fragment(self) -> None:
        """Add the selection to the selected span, or set it aside for the next label key."""
        fragments = self.chosen()
        if not fragments:
            self._workspace.note(tr("Select the words to be added first."))
            return
        spans = self._selected()
        if len(spans) == 1:
            for fragment in fragments:
                self._do(
                    lambda fragment=fragment: editing.add_fragment(
                        self._workspace.desk, spans[0].id, fragment
                    )
                )
            self._view.set_pending(())
            self._view.set_caret(fragments[-1].end)
        else:
            self._view.set_pending(fragments)
            self._view.set_caret(fragments[-1].end)
            self._workspace.note(tr("Set aside; select the other part and press a label key."))

    def remove_fragment(self) -> None:
        """Remove the fragment at the caret from the selected span."""
        ids = self._needed()
        if not ids:
            return
        span = self._workspace.desk.annotated.spans[ids[0]]
        caret = self._view.caret()
        near = min(span.fragments, key=lambda part: _distance(part, caret))
        self._do(lambda: editing.remove_fragment(self._workspace.desk, span.id, near))

    # -- what a span carries -------------------------------------------------------------------

    def turn_attribute(self, number: int) -> None:
        """Give the attribute with this digit its next value."""
        ids = self._needed()
        if not ids:
            return
        span = self._workspace.desk.annotated.spans[ids[0]]
        label = self._workspace.scheme.label(span.label)
        attributes = () if label is None else label.numbered_attributes
        if number > len(attributes):
            self._workspace.note(
                tr_n(
                    len(attributes),
                    "This label has {n} attribute.",
                    "This label has {n} attributes.",
                )
            )
            return
        attribute = attributes[number - 1]
        if attribute.kind == "text":
            self.attribute_wanted.emit(attribute.name)
            return
        values: list[str | bool | None] = (
            [False, True] if attribute.kind == "boolean" else list(attribute.values)
        )
        if attribute.default is None:
            values.insert(0, None)
        now = span.attributes.get(attribute.name, attribute.default)
        following = values[(values.index(now) + 1) % len(values)] if now in values else values[0]
        self._do(
            lambda: editing.set_attribute(self._workspace.desk, ids, attribute.name, following)
        )

    def toggle_unsure(self) -> None:
        """Flag the selected spans as unsure, or take the flag back."""
        ids = self._needed()
        if ids:
            span = self._workspace.desk.annotated.spans[ids[0]]
            self._do(lambda: editing.set_unsure(self._workspace.desk, ids, not span.unsure))

    def attach(self) -> None:
        """Offer the people and places that the selected spans can stand for."""
        ids = self._needed()
        if ids:
            self.entity_wanted.emit(ids, "")

    def attach_new(self) -> None:
        """Make an entity named as the selected span's words, and attach it."""
        spans = self._selected()
        if not self._needed():
            return
        label = self._workspace.scheme.label(spans[0].label)
        if label is None or label.entity is None:
            self._workspace.note(tr("{label} stands for no person or place.", label=spans[0].label))
            return
        entity = Entity(id=new_id(), kind=label.entity, name=" ".join(spans[0].text))
        ids = tuple(span.id for span in spans)
        self._do(lambda: editing.attach(self._workspace.desk, ids, entity))

    # -- relations -----------------------------------------------------------------------------

    def link(self, name: str) -> None:
        """Fill the slot *name* of the selected spans: at once where only one target is legal."""
        relation = self._workspace.scheme.relation(name)
        if relation is None:
            return
        sources = [span for span in self._selected() if span.label == relation.source]
        if not sources:
            self._workspace.note(
                tr("Select a {label} first, then link it.", label=relation.source)
            )
            return
        ids = tuple(span.id for span in sources)
        targets = editing.legal_targets(self._workspace.desk, ids, name)
        without_words = self._without_words(relation, ids)
        if not targets and without_words is not None:
            without_words()
        elif not targets:
            self._workspace.note(tr("There is nothing to link it to yet."))
        elif len(targets) == 1:
            self._relate(ids, name, targets[0], add=False)
        else:
            title = tr(
                "Link the {source} to its {slot}",
                source=relation.source,
                slot=relation.prompt or name,
            )
            self._workspace.linking = name
            self._enter(
                Linking(
                    self._view,
                    name,
                    sources,
                    targets,
                    lambda target, add: self._relate(ids, name, target, add=add),
                    without_words,
                    self._leave,
                    title,
                )
            )

    def _without_words(
        self, relation: RelationLabel, ids: tuple[str, ...]
    ) -> Callable[[], None] | None:
        if relation.target_entity is None:
            return None
        return lambda: self.entity_wanted.emit(ids, relation.name)

    def _relate(self, ids: tuple[str, ...], name: str, target: Span, *, add: bool) -> None:
        self._do(
            lambda: editing.relate(self._workspace.desk, ids, name, target=target.id, add=add)
        )

    def unlink(self) -> None:
        """Remove the relations that begin at the selected spans."""
        ids = self._needed()
        annotated = self._workspace.desk.annotated
        ties = tuple(tie.id for key in ids for tie in annotated.relations_from(key))
        if ids and not ties:
            self._workspace.note(tr("Nothing is linked here."))
        elif ties:
            self._do(lambda: editing.unrelate(self._workspace.desk, ties))

    # -- again and everywhere --------------------------------------------------------------------

    def show_occurrences(self) -> None:
        """Show every equal string, here and in the project."""
        ids = self._needed()
        if ids:
            self.occurrences_wanted.emit(ids[0])

    def set_hits(self, hits: tuple[Fragment, ...]) -> None:
        """Tell what the search has found; ``repeat`` works on these."""
        self._hits = hits

    def repeat(self) -> None:
        """Do the last marking again on the next search hit, and go on to the one after."""
        if self._last is None:
            self._workspace.note(tr("Mark something first; this key repeats it."))
            return
        label, _words, entity_id = self._last
        hit = self._hit(skip_selected=False)
        if hit is None:
            self._workspace.note(tr("No more hits."))
            return
        made = self._do(
            lambda: editing.mark(
                self._workspace.desk, (hit,), label, entity_id=entity_id, fill=self._settings.fill
            )
        )
        if made is not None:
            self._workspace.select((editing.made(made)[0].id,))
            self._view.set_caret(hit.end)
            self.skip()

    def skip(self) -> None:
        """Go to the next search hit without marking this one."""
        hit = self._hit(skip_selected=True)
        if hit is None:
            self._workspace.note(tr("No more hits."))
            return
        self._view.select(hit)
        self._view.reveal(hit)

    def _hit(self, *, skip_selected: bool) -> Fragment | None:
        hits = self._hits
        if not hits and self._last is not None:
            hits = tuple(self._workspace.structure.occurrences(self._last[1]))
        selection = self._view.selection()
        if selection in hits and not skip_selected:
            return selection
        position = self._view.caret() if selection is None else selection.end
        return next(
            (hit for hit in hits if hit.start >= position and not self._is_marked(hit)), None
        )

    # -- modes -----------------------------------------------------------------------------------

    def jump(self) -> None:
        """Put a hint on every word in sight."""
        self._enter(Jumping(self._view, self._leave))

    def escape(self) -> None:
        """Leave a mode, disarm, drop the selection, deselect: one thing at a time."""
        if self._mode is not None:
            self._leave()
        elif self._armed:
            self.arm("")
        elif self._view.selection() is not None or self._view.pending:
            self._stepping = False
            self._view.set_pending(())
            self._view.set_caret(self._view.caret())
        else:
            self._workspace.select(())

    def _enter(self, mode: Mode) -> None:
        if self._mode is not None:
            self._mode.leave()
        self._mode = mode
        self._view.key_sink = mode.key
        self._view.setFocus()
        self._say_prompt()

    def _leave(self) -> None:
        if self._mode is None:
            return
        mode, self._mode = self._mode, None
        mode.leave()
        self._view.key_sink = None
        self._workspace.linking = None
        self._say_prompt()

    def _reset(self) -> None:
        self._leave()
        self._stepping = False
        self._hits = ()
        self._view.set_pending(())

    def _say_prompt(self) -> None:
        if self._mode is not None:
            self.prompt_changed.emit(self._mode.prompt)
        elif self._armed:
            keys = (("Enter", tr("mark the selection")), ("Esc", tr("stop")))
            title = tr("{label} until Esc", label=self._armed)
            self.prompt_changed.emit(Prompt("armed", title, keys, self._armed))
        else:
            self.prompt_changed.emit(None)

    # -- events ----------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc in the view, and the end of a mouse selection while a label is armed."""
        if (
            watched is self._view
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Escape
            and self._workspace.annotated is not None
        ):
            self.escape()
            return True
        if (
            self._armed
            and isinstance(event, QMouseEvent)
            and event.type() == QEvent.Type.MouseButtonRelease
            and event.button() == Qt.MouseButton.LeftButton
            and watched is self._view.viewport()
            and self._view.selection() is not None
        ):
            self.label(self._armed)
        return False

    def _on_click(self, span_id: str, modifiers: Qt.KeyboardModifier) -> None:
        if isinstance(self._mode, Linking) and self._mode.pick_id(span_id):
            return
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            now = self._workspace.selected
            others = tuple(key for key in now if key != span_id)
            self._workspace.select(others if span_id in now else (*now, span_id))
        else:
            self._workspace.select((span_id,))

    def _on_fragment(self, fragment: Fragment) -> None:
        self._view.select(fragment)
        self.add_fragment()

    def _do(self, make: Callable[[], Edit]) -> Edit | None:
        """Perform what *make* returns; where it makes no sense, say why."""
        try:
            edit = make()
        except UserError as error:
            self._workspace.note(str(error))
            return None
        return edit if self._workspace.perform(edit) else None


def _distance(part: Fragment, position: int) -> int:
    return max(part.start - position, position - part.end, 0)
