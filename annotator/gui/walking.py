"""Going through the article: what is selected in the text, and which span is selected.

Space walks the likely stretches (names, reporting verbs, what is said), Tab the spans, a hint
jumps to a word, the search its hits. Nothing here changes the project.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotator import editing
from annotator.errors import UserError
from annotator.model import Fragment, Span
from annotator.spans import normalise, overlap
from annotator.text import Kind, Phrase
from annotator.translation import reason, tr, tr_n

if TYPE_CHECKING:
    from collections.abc import Callable

    from annotator.gui.article.text_view import ArticleView
    from annotator.gui.workspace import Workspace
    from annotator.settings import Settings
    from annotator.text import Structure


class Walking:
    """Caret and selections of one article view."""

    def __init__(self, workspace: Workspace, view: ArticleView, settings: Settings) -> None:
        self._workspace = workspace
        self._view = view
        self._settings = settings
        self._candidate: Phrase | None = None
        self._trail: list[Fragment] = []
        view.caret_moved.connect(self._forget)

    def _forget(self) -> None:
        """Let a proposal go when something else is selected, with its further pieces."""
        phrase = self._candidate
        if phrase is None or self.candidate is not None:
            return
        self._candidate = None
        if phrase.more and self._view.pending == phrase.more:
            self._view.set_pending(())

    @property
    def structure(self) -> Structure:
        """The structure of the open article."""
        return self._workspace.structure

    @property
    def candidate(self) -> Phrase | None:
        """The likely stretch that :meth:`step` selected, while the selection comes from it.

        Somebody may have moved one of its ends, or grown it.
        """
        phrase, selection = self._candidate, self._view.selection()
        if phrase is None or selection is None:
            return None
        start, end = phrase.fragment
        shares = selection.start == start or selection.end == end
        grown = selection.start <= start and selection.end >= end
        return phrase if shares or grown else None

    def selected(self) -> list[Span]:
        """Return the selected spans of the own layer."""
        desk = self._workspace.desk
        spans = (desk.annotated.spans.get(key) for key in self._workspace.selected)
        return [span for span in spans if span is not None and span.layer_id == desk.layer.id]

    def needed(self) -> tuple[str, ...]:
        """Return the ids of the selected spans of the own layer, or say that some are needed."""
        spans = self.selected()
        if not spans:
            self._workspace.note(
                tr("Select a label first: Tab walks them, Enter takes the one at the caret.")
            )
        return tuple(span.id for span in spans)

    def chosen(self) -> tuple[Fragment, ...]:
        """Return what is selected in the text, cleaned, with the fragments set aside before."""
        stretches = list(self._view.pending)
        selection = self._view.selection()
        if selection is not None:
            cleaned = self.structure.clean(
                selection.start, selection.end, snap=self._settings.snap, trim=self._settings.trim
            )
            if cleaned is not None:
                stretches.append(cleaned)
        return normalise(stretches)

    def expand(self) -> None:
        """Grow the selection by structure; from a selected span, start with its words."""
        selection = self._view.selection()
        spans = self.selected()
        if selection is None and len(spans) == 1:
            self._view.select(Fragment(spans[0].start, spans[0].end))
            return
        caret = self._view.caret()
        now = selection or Fragment(caret, caret)
        grown = self.structure.expand(now)
        if grown == now:
            return
        if not self._trail or self._trail[-1] != now:
            self._trail = [now]
        self._trail.append(grown)
        self._view.select(grown)

    def shrink(self) -> None:
        """Go back to what was selected before it grew, else shrink it by structure."""
        selection = self._view.selection()
        if selection is None:
            return
        if len(self._trail) > 1 and self._trail[-1] == selection:
            self._trail.pop()
            before = self._trail[-1]
            if before.start < before.end:
                self._view.select(before)
            else:
                self._view.set_caret(before.start)
            return
        self._view.select(self.structure.shrink(selection, within=self._view.anchor()))

    def move_end(self, now: Fragment, which: str, by: int, unit: str) -> None:
        """Move one end of the text selection *now* by a token or a character."""
        position = now.start if which == "start" else now.end
        try:
            position = editing.next_stop(self._workspace.desk, position, which, by, unit)
        except UserError as error:
            self._workspace.note(reason(error))
            return
        moved = Fragment(position, now.end) if which == "start" else Fragment(now.start, position)
        if moved.start < moved.end:
            self._view.select(moved)

    def take(self, stretch: Fragment | None) -> None:
        """Select *stretch* without blanks and stops at its ends."""
        cleaned = None if stretch is None else self.structure.clean(*stretch)
        if cleaned is None:
            self._workspace.note(tr("There are no words here."))
        else:
            self._view.select(cleaned)

    def take_sentence(self) -> None:
        """Select the sentence at the caret."""
        self.take(self.structure.sentence_at(self._view.caret()))

    def take_paragraph(self) -> None:
        """Select the paragraph at the caret."""
        self.take(self.structure.paragraph_at(self._view.caret()))

    def alike(self, trait: Callable[[Span], object]) -> None:
        """Select every span of the own layer that has a trait in common with the selected ones."""
        if not self.needed():
            return
        desk = self._workspace.desk
        wanted = {trait(span) for span in self.selected()} - {None}
        found = [s.id for s in desk.annotated.spans_of(desk.layer.id) if trait(s) in wanted]
        if not found:
            self._workspace.note(tr("Nobody and nothing is attached here."))
            return
        self._workspace.select(tuple(found))
        count = len(found)
        self._workspace.note(tr_n(count, "{n} label is selected.", "{n} labels are selected."))

    def step(self, direction: int) -> bool:
        """Select the next likely stretch that is not marked yet, or the one before."""
        phrase = self._following(direction)
        self._candidate = phrase
        if phrase is None:
            self._workspace.note(tr("No more likely words in this direction."))
            return False
        self._view.set_pending(phrase.more)
        self._view.select(phrase.fragment)
        self._view.reveal(phrase.fragment)
        return True

    def _following(self, direction: int) -> Phrase | None:
        structure = self.structure
        here = self._position(direction)
        paragraphs = structure.paragraphs
        number = structure.paragraph_number(self._view.caret())
        for index in range(number, len(paragraphs) if direction > 0 else -1, direction):
            phrases = self._proposed(paragraphs[index])
            for phrase in phrases if direction > 0 else reversed(phrases):
                order = _order(phrase.fragment)
                ahead = order > here if direction > 0 else order < here
                if ahead and not self.is_marked(phrase.fragment):
                    return phrase
        return None

    def _proposed(self, paragraph: Fragment) -> list[Phrase]:
        """Return the stretches that labels of the scheme ask for, each extent once.

        A bare name gives way to what says more about its words: a speaker, somebody with a title,
        a place. What the publisher's page says around the article is left out, and so are
        photographers and agencies.
        """
        if "boilerplate" in self._zones_at(paragraph.start):
            return []
        best: dict[Fragment, Phrase] = {}
        phrases = self.structure.phrases(paragraph)
        told = [p.fragment for p in phrases if p.kind in ("speaker", "person", "place")]
        for phrase in phrases:
            if self.label_for(phrase.kind) is None:
                continue
            bare = phrase.kind == "name"
            if bare and (overlap((phrase.fragment,), told) or self._is_credit(phrase.fragment)):
                continue
            best.setdefault(phrase.fragment, phrase)
        return sorted(best.values(), key=lambda phrase: _order(phrase.fragment))

    def _zones_at(self, position: int) -> set[str]:
        zones = self._workspace.desk.annotated.article.zones
        return {zone.zone for zone in zones if zone.start <= position < zone.end}

    def _is_credit(self, name: Fragment) -> bool:
        """Tell whether a name is set apart by strokes or a sign, as in "Ada Lind/Nordpress"."""
        if not self._zones_at(name.start) & {"caption", "dateline"}:
            return False
        text = self._workspace.desk.annotated.article.text
        before = text[max(0, name.start - 2) : name.start].strip()
        return before[-1:] in ("/", "©") or text[name.end : name.end + 1] == "/"

    def _position(self, direction: int) -> tuple[int, int]:
        """Where stepping goes on: after the selection, or at the caret."""
        selection = self._view.selection()
        if selection is not None:
            return _order(selection)
        length = len(self._workspace.desk.annotated.article.text)
        caret = self._view.caret()
        return (caret, -length - 1) if direction > 0 else (caret, 0)

    def label_for(self, kind: Kind) -> str | None:
        """Return the label that stretches of a kind are proposed for."""
        labels = self._workspace.scheme.active_labels
        return next((label.name for label in labels if kind in label.phrases), None)

    def is_marked(self, fragment: Fragment) -> bool:
        """Whether exactly these words are part of a span of the own layer."""
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
        selected = self.selected()
        if selected:
            index = spans.index(selected[0]) + direction
        else:
            before = sum(1 for span in spans if span.start < self._view.caret())
            index = before if direction > 0 else before - 1
        span = spans[index % len(spans)]
        self._view.set_caret(span.end)
        self._workspace.select((span.id,))
        self._view.reveal(Fragment(span.start, span.end))

    def select_here(self) -> None:
        """Select the span under the caret; again: the next one of several there."""
        desk = self._workspace.desk
        here = [
            key
            for key in self._view.spans_at(self._view.caret())
            if desk.annotated.spans[key].layer_id == desk.layer.id
        ]
        if not here:
            self._workspace.note(tr("No label here."))
            return
        current = self._workspace.selected[:1]
        index = here.index(current[0]) + 1 if current and current[0] in here else 0
        self._workspace.select((here[index % len(here)],))

    def go_to_hit(self, hits: tuple[Fragment, ...]) -> None:
        """Select the next hit that is not marked yet."""
        hit = self.next_hit(hits)
        if hit is None:
            self._workspace.note(tr("No more hits."))
            return
        self._view.select(hit)
        self._view.reveal(hit)

    def next_hit(self, hits: tuple[Fragment, ...]) -> Fragment | None:
        """Return the first hit after the selection or the caret that is not marked yet."""
        selection = self._view.selection()
        position = self._view.caret() if selection is None else selection.end
        ahead = (hit for hit in hits if hit.start >= position and not self.is_marked(hit))
        return next(ahead, None)


def _order(fragment: Fragment) -> tuple[int, int]:
    return (fragment.start, -fragment.end)
