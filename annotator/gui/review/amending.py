"""What a reviewer draws up anew: other ends, another label, a link, whom it stands for, what is
missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QTimer

from annotator import editing
from annotator.gui.details.entity_picker import Answer, EntityPicker
from annotator.gui.modes import Jumping, Linking
from annotator.gui.parts import px
from annotator.gui.review.asking import Drawing, Drawn, label_keys
from annotator.gui.review.deciding import Deciding
from annotator.gui.review.review_reader import ReviewReader
from annotator.gui.review.sitting import Sitting
from annotator.model import Span
from annotator.review import settling
from annotator.review.cases import About, Case, Review
from annotator.review.gold import sources
from annotator.review.settlement import gold_desk
from annotator.translation import tr

if TYPE_CHECKING:
    from annotator.gui.main_window import MainWindow


class Amending(QObject):
    """Corrects the case at hand in place, and marks what everybody missed."""

    def __init__(
        self, window: MainWindow, sitting: Sitting, reader: ReviewReader, deciding: Deciding
    ) -> None:
        super().__init__(reader)
        self._window = window
        self._workspace = window.workspace
        self._sitting = sitting
        self._view = reader.view
        self._deciding = deciding
        self.modes = deciding.modes
        self._picker: EntityPicker | None = None
        doers: dict[str, Callable[[], object]] = {
            "correct": self.correct,
            "label": self.change_label,
            "relation": self.correct_relation,
            "identity": self.correct_identity,
            "missing": self.mark_missing,
        }
        for name, (which, by, unit) in _ENDS.items():
            doers[name] = partial(self._draw_end, which, by, unit)
        for name, doer in doers.items():
            window.commands.on(f"review.{name}", doer)

    # -- correcting in place -------------------------------------------------------------------

    def correct(self) -> None:
        """Let words and values be corrected in the article."""
        self._draw(tr("Correct in place"), label_saves=False)

    def change_label(self) -> None:
        """Take another label for the words."""
        self._draw(tr("Which label?"), label_saves=True)

    def _draw_end(self, which: str, by: int, unit: str) -> None:
        """Move an end: correcting begins with that."""
        drawing = self._draw(tr("Correct in place"), label_saves=False)
        if drawing is not None:
            drawing.move(which, by, unit)

    def _draw(self, heading: str, *, label_saves: bool) -> Drawing | None:
        found, case = self._deciding.at_hand()
        if found is None or case is None:
            return None
        if case.about == About.RELATION:
            self.correct_relation()
            return None
        span = self._base(found, case)
        if span is None:
            self._workspace.note(tr("There is no label here to be corrected."))
            return None
        return self._enter_drawing(found, span, heading, self._correct, label_saves=label_saves)

    def _enter_drawing(
        self,
        found: Review,
        span: Span | None,
        heading: str,
        save: Callable[[Drawn], object],
        *,
        label_saves: bool,
    ) -> Drawing:
        commands = self._window.commands
        ends = {
            key: where for name, where in _ENDS.items() for key in commands.keys(f"review.{name}")
        }
        drawing = Drawing(
            self._view,
            gold_desk(found, self._workspace.structure),
            span,
            heading=heading,
            keys=label_keys(found.scheme, commands.key),
            ends=ends,
            save=save,
            leave=self.modes.leave,
            label_saves=label_saves,
            say=self._workspace.note,
        )
        drawing.changed = self._deciding.prompted.emit
        self.modes.enter(drawing)
        return drawing

    def _base(self, found: Review, case: Case) -> Span | None:
        """Return what a correction begins with: what gold has, else what most have."""
        ids = {record.id for record in case.records}
        for span in found.annotated.spans_of(found.gold.layer.id):
            if ids & sources(span) and not case.again:
                return span
        most = max(case.choices, key=lambda choice: len(choice.variants), default=None)
        return None if most is None or not most.spans else most.spans[0]

    def _correct(self, drawn: Drawn) -> None:
        found, case = self._deciding.at_hand()
        if found is None or case is None:
            return
        base = self._base(found, case)
        number = _number_of(case, base)
        structure = self._workspace.structure
        self._deciding.decide(
            lambda review, case, signed: settling.correct(
                review, case, drawn.edit, signed, structure=structure, number=number
            )
        )

    # -- what everybody missed -----------------------------------------------------------------

    def mark_missing(self) -> None:
        """Mark a label that nobody has, on the words selected or picked by their letters."""
        found = self._deciding.article()
        if found is None:
            return
        if self._view.selection() is None:
            self.modes.enter(Jumping(self._view, self._jumped))
            return
        self._enter_drawing(
            found, None, tr("Missing label"), partial(self._mark, found), label_saves=True
        )

    def _jumped(self) -> None:
        self.modes.leave()
        # Later: the words are selected once this key was dealt with.
        QTimer.singleShot(0, self, self._after_jump)

    def _after_jump(self) -> None:
        if self._view.selection() is not None and self.modes.current is None:
            self.mark_missing()

    def _mark(self, _found: Review, drawn: Drawn) -> None:
        found = self._sitting.found
        if found is None:
            return
        structure = self._workspace.structure
        self._deciding.perform(
            lambda: settling.mark_missing(found, drawn.fragments, drawn.label, structure=structure)
        )

    # -- relations and identity ----------------------------------------------------------------

    def correct_relation(self) -> None:
        """Fill the slot of the gold label at hand with another gold label."""
        found, case = self._deciding.at_hand()
        if found is None or case is None:
            return
        sources_ = self._gold_sources(found, case)
        relations = [] if not sources_ else found.scheme.relations_from(sources_[0].label)
        if case.about == About.RELATION:
            relations = [one for one in relations if one.name == case.label] or relations
        if not sources_ or not relations:
            self._workspace.note(tr("Decide on the labels first; links are made between them."))
            return
        relation = relations[0]
        desk = gold_desk(found, self._workspace.structure)
        ids = tuple(span.id for span in sources_)
        targets = editing.legal_targets(desk, ids, relation.name)
        nobody: Callable[[], None] | None = None
        if relation.target_entity is not None:
            nobody = partial(self._ask_entity, sources_[0], relation.name)
        if not targets and nobody is None:
            self._workspace.note(tr("There is nothing to link it to yet."))
            return
        slot = relation.prompt or relation.name
        heading = tr("Link the {source} to its {slot}", source=relation.source, slot=slot)

        def fill(target: Span, add: bool) -> None:
            self._settle(
                lambda desk, keys: editing.relate(
                    desk, keys, relation.name, target=target.id, add=add
                )
            )

        leave = self.modes.leave
        self.modes.enter(Linking(self._view, sources_, targets, fill, nobody, leave, heading))

    def _gold_sources(self, found: Review, case: Case) -> Sequence[Span]:
        wanted = {record.id for record in case.records}
        for variant in case.variants:
            if variant.relation is not None:
                wanted.add(variant.relation.source)
        gold = found.annotated.spans_of(found.gold.layer.id)
        return [span for span in gold if wanted & sources(span)][:1]

    def correct_identity(self) -> None:
        """Say who or where is meant by the gold label at hand."""
        found, case = self._deciding.at_hand()
        if found is None or case is None:
            return
        base = self._base(found, case)
        label = None if base is None else found.scheme.label(base.label)
        if base is None or label is None or label.entity is None:
            self._workspace.note(tr("This label stands for nobody and no place."))
            return
        self._ask_entity(base, "")

    def _ask_entity(self, span: Span, relation: str) -> None:
        """Offer all persons and places at the words, to be found by typing."""
        if self._picker is None:
            self._picker = EntityPicker(
                self._workspace, self._window.theme, self._view, self._settle
            )
            self._picker.done.connect(self._window.focus_text)
        self._picker.set_theme(self._window.theme)
        width = px(320)
        corner = QPoint(max(0, self._view.width() - width - 8), px(44))
        self._picker.open((span.id,), relation, self._view.mapToGlobal(corner), width)

    def _settle(self, answer: Answer) -> None:
        """Decide on the case at hand: as it is in gold, or as most have it, but for *answer*."""
        found, case = self._deciding.at_hand()
        if found is None or case is None:
            return
        number = None if case.about == About.RELATION else _number_of(case, self._base(found, case))
        structure = self._workspace.structure
        self._deciding.decide(
            lambda review, case, signed: settling.correct(
                review,
                case,
                lambda desk, key: answer(desk, (key,)),
                signed,
                structure=structure,
                number=number,
            )
        )


def _number_of(case: Case, span: Span | None) -> int | None:
    """Return the number of the choice in which *span* is a reader's; None for one of gold."""
    if span is None:
        return None
    return next((n for n, choice in enumerate(case.choices, 1) if span in choice.spans), None)


_ENDS = {
    "start.back": ("start", -1, "token"),
    "end.forward": ("end", 1, "token"),
    "start.forward": ("start", 1, "token"),
    "end.back": ("end", -1, "token"),
    "start.back.character": ("start", -1, "character"),
    "end.forward.character": ("end", 1, "character"),
    "start.forward.character": ("start", 1, "character"),
    "end.back.character": ("end", -1, "character"),
}
"""What the keys for ends move: which end, which way, by what."""
