"""The hand of the reviewer: what the keys of the review do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from annotator import editing
from annotator.errors import UserError
from annotator.gui.modes import Jumping, Linking, Modes
from annotator.gui.review.asking import Drawing, Drawn, Question, label_keys
from annotator.gui.review.review_reader import ReviewReader
from annotator.gui.review.sitting import Sitting
from annotator.gui.review.verdict_bar import Offer
from annotator.model import Edit, Entity, Fragment, Span, now
from annotator.review import settling
from annotator.review.cases import About, Case, Review, Standing
from annotator.review.gold import sources
from annotator.review.settlement import gold_desk
from annotator.review.verdicts import Reason, Signature, reason_shown, reasons
from annotator.translation import reason, tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.main_window import MainWindow

Decision = Callable[[Review, Case, Signature], Edit]


class Deciding(QObject):
    """Carries out the actions of the review on the case at hand."""

    prompted = Signal()
    """The keys answer a question now, or no longer."""
    comment_wanted = Signal()
    guideline_wanted = Signal()

    def __init__(self, window: MainWindow, sitting: Sitting, reader: ReviewReader) -> None:
        super().__init__(reader)
        self._window = window
        self._workspace = window.workspace
        self._sitting = sitting
        self._reader = reader
        self._view = reader.view
        self.modes = Modes(self._view, self)
        self.modes.changed.connect(self.prompted)
        self._insists = ""
        """Id of the article that is to be finished though something is unchecked."""
        self._connect()
        reader.picked.connect(self._pick)
        self._workspace.article_opened.connect(self.modes.leave)

    def _connect(self) -> None:
        doers: dict[str, Callable[[], object]] = {
            "next": lambda: self.step(1),
            "previous": lambda: self.step(-1),
            "next_kind": lambda: self.step(1, kind=True),
            "accept": lambda: self._decide(settling.accept),
            "reject": self.ask_reason,
            "correct": self.correct,
            "label": self.change_label,
            "relation": self.correct_relation,
            "identity": self.correct_identity,
            "missing": self.mark_missing,
            "skip": lambda: self._decide(settling.skip),
            "escalate": lambda: self._decide(settling.escalate),
            "comment": self.comment_wanted.emit,
            "guideline": self.guideline_wanted.emit,
            "checked": self.check,
            "finish": self.finish,
            "names": self.toggle_names,
            "differences": self.toggle_differences,
            "undo": self._workspace.undo,
        }
        for name, (which, by, unit) in _ENDS.items():
            doers[name] = partial(self._draw_end, which, by, unit)
        for digit in range(1, 10):
            doers[f"take.{digit}"] = partial(self.take, digit)
        for name, doer in doers.items():
            self._window.commands.on(f"review.{name}", doer)

    # -- moving --------------------------------------------------------------------------------

    def step(self, by: int, *, kind: bool = False) -> None:
        """Go to another open case."""
        if not self._sitting.step(by, kind=kind):
            self._workspace.note(tr("No other open case."))

    def _pick(self, key: str) -> None:
        found = self._sitting.found
        if found is not None:
            self._sitting.go(found.article_id, key)

    # -- deciding ------------------------------------------------------------------------------

    def take(self, number: int) -> None:
        """Take the variant with this number."""
        self._decide(lambda review, case, signed: settling.take(review, case, number, signed))

    def ask_reason(self) -> None:
        """Ask why the case at hand is rejected."""
        found, case = self._at_hand()
        if found is None or case is None:
            return
        offers = [
            Offer(
                str(digit), reason_shown(name), partial(self._reject, name), name=f"reason.{digit}"
            )
            for digit, name in enumerate(reasons(found.scheme)[:9], start=1)
        ]
        offers.append(Offer("Return", tr("Without a reason"), partial(self._reject, "")))
        offers.append(Offer("Esc", tr("Cancel"), self.modes.leave))
        self.modes.enter(Question(tr("Reject: why?"), offers, self.modes.leave))

    def _reject(self, why: str) -> None:
        words = ""
        if why == Reason.OTHER:
            said = self._window.ask.line(
                self._window, tr("Reject"), tr("Why is it not right? The annotator reads this.")
            )
            if said is None:
                return
            words = said.strip()
        self._decide(lambda review, case, signed: settling.reject(review, case, why, signed, words))

    def _decide(self, make: Decision, *, stay: bool = False) -> bool:
        """Perform what *make* returns for the case at hand, and go on."""
        found, case = self._at_hand()
        if found is None or case is None:
            return False
        try:
            edit = make(found, case, self._signed())
        except UserError as error:
            self._workspace.note(reason(error))
            return False
        decided = self._sitting.decide(edit, stay=stay)
        if decided and not self._sitting.count(Standing.OPEN):
            self._say_all_decided()
        return decided

    def _at_hand(self) -> tuple[Review | None, Case | None]:
        found, case = self._sitting.found, self._sitting.case
        if case is None:
            self._workspace.note(tr("No case is open. J goes to the next one."))
        return found, case

    def _signed(self) -> Signature:
        project = self._workspace.project
        return Signature(project.author, now(), project.revision)

    def _say_all_decided(self) -> None:
        finish = self._window.commands.key("review.finish")
        self._workspace.note(
            tr("All conflicts are decided. {key} finishes the article.", key=finish)
        )

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
        found, case = self._at_hand()
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
        drawing.changed = self.prompted.emit
        self.modes.enter(drawing)
        return drawing

    def _base(self, found: Review, case: Case) -> Span | None:
        """Return what a correction begins with: what gold has, else what most have."""
        ids = {record.id for record in case.records}
        for span in found.annotated.spans_of(found.gold.layer.id):
            if ids & sources(span):
                return span
        most = max(case.choices, key=lambda choice: len(choice.variants), default=None)
        return None if most is None or not most.spans else most.spans[0]

    def _correct(self, drawn: Drawn) -> None:
        found, case = self._at_hand()
        if found is None or case is None:
            return
        base = self._base(found, case)
        ids = {record.id for record in case.records}
        number = None
        if base is not None and base.id in ids:
            numbers = [n for n, choice in enumerate(case.choices, 1) if base in choice.spans]
            number = numbers[0] if numbers else None
        structure = self._workspace.structure
        self._decide(
            lambda review, case, signed: settling.correct(
                review, case, drawn.edit, signed, structure=structure, number=number
            )
        )

    # -- what everybody missed -----------------------------------------------------------------

    def mark_missing(self) -> None:
        """Mark a label that nobody has, on the words selected or picked by their letters."""
        found = self._sitting.found
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
        self._perform(
            lambda: settling.mark_missing(found, drawn.fragments, drawn.label, structure=structure)
        )

    def _perform(self, make: Callable[[], Edit]) -> bool:
        try:
            edit = make()
        except UserError as error:
            self._workspace.note(reason(error))
            return False
        return self._sitting.decide(edit, stay=True)

    def check(self) -> None:
        """Note that nothing is missing in the paragraph at hand, or in the next one unchecked."""
        found = self._sitting.found
        if found is None:
            return
        paragraphs = self.paragraphs()
        left = found.gold.unchecked(paragraphs)
        if not left:
            self._workspace.note(tr("All of the article is checked."))
            return
        case = self._sitting.case
        here = 0 if case is None else case.place.start
        at = next((one for one in left if one.start <= here < one.end), None)
        stretch = at or next((one for one in left if one.start >= here), left[0])
        if self._perform(lambda: settling.check(found, stretch)):
            self._view.reveal(stretch)
            self._workspace.note(
                tr_n(
                    len(left) - 1,
                    "Checked. {n} paragraph is left.",
                    "Checked. {n} paragraphs are left.",
                )
            )

    def paragraphs(self) -> list[Fragment]:
        """Return the stretches that are checked one by one: the paragraphs with words."""
        text = self._workspace.structure.text
        return [
            one for one in self._workspace.structure.paragraphs if text[one.start : one.end].strip()
        ]

    # -- the whole article ---------------------------------------------------------------------

    def finish(self) -> None:
        """Freeze gold of the article and go on; what is not checked yet is said first."""
        found = self._sitting.found
        if found is None:
            return
        if found.gold.is_frozen:
            if self._perform(lambda: settling.reopen(found)):
                self._workspace.note(tr("Gold is open again, as its next version."))
            return
        opened, unchecked = settling.blockers(found, self.paragraphs())
        if not opened and unchecked and self._insists != found.article_id:
            self._insists = found.article_id
            self._workspace.note(
                tr_n(
                    unchecked,
                    "{n} paragraph is not checked yet. Press again to finish all the same.",
                    "{n} paragraphs are not checked yet. Press again to finish all the same.",
                )
            )
            return
        version = found.gold.version
        if self._perform(lambda: settling.finish(found)):
            self._insists = ""
            self._workspace.note(tr("Finished as gold version {n}.", n=version))
            self._sitting.step(1)

    # -- what is shown -------------------------------------------------------------------------

    def toggle_names(self) -> None:
        """Show the names of the readers, or letters in their place."""
        self._sitting.naming.hidden = not self._sitting.naming.hidden
        self._sitting.rename()

    def toggle_differences(self) -> None:
        """Hide what all agree on, or show it again."""
        reader = self._reader
        reader.differences_only = not reader.differences_only
        reader.refresh()
        self._workspace.note(
            tr("Only differences are shown.")
            if reader.differences_only
            else tr("Everything is shown.")
        )

    # -- relations and identity ----------------------------------------------------------------

    def correct_relation(self) -> None:
        """Fill the slot of the gold label at hand with another gold label."""
        found, case = self._at_hand()
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
        if not targets:
            self._workspace.note(tr("There is nothing to link it to yet."))
            return
        slot = relation.prompt or relation.name
        heading = tr("Link the {source} to its {slot}", source=relation.source, slot=slot)

        def fill(target: Span, add: bool) -> None:
            self._perform(
                lambda: editing.relate(desk, ids, relation.name, target=target.id, add=add)
            )

        leave = self.modes.leave
        self.modes.enter(Linking(self._view, sources_, targets, fill, None, leave, heading))

    def _gold_sources(self, found: Review, case: Case) -> Sequence[Span]:
        wanted = {record.id for record in case.records}
        for variant in case.variants:
            if variant.relation is not None:
                wanted.add(variant.relation.source)
        gold = found.annotated.spans_of(found.gold.layer.id)
        return [span for span in gold if wanted & sources(span)][:1]

    def correct_identity(self) -> None:
        """Say who or where is meant by the gold label at hand."""
        found, case = self._at_hand()
        if found is None or case is None:
            return
        base = self._base(found, case)
        label = None if base is None else found.scheme.label(base.label)
        if base is None or label is None or label.entity is None:
            self._workspace.note(tr("This label stands for nobody and no place."))
            return
        known = editing.rank_entities(base.text, label, self._workspace.entities.values())
        offers = [
            Offer(str(digit), one.name, partial(self._mean, one), name=f"entity.{digit}")
            for digit, one in enumerate(known[:9], start=1)
        ]
        offers.append(Offer("Esc", tr("Cancel"), self.modes.leave))
        self.modes.enter(Question(tr("Who or where is meant?"), offers, self.modes.leave))

    def _mean(self, entity: Entity) -> None:
        structure = self._workspace.structure
        self._decide(
            lambda review, case, signed: settling.correct(
                review,
                case,
                lambda desk, key: editing.attach(desk, (key,), entity),
                signed,
                structure=structure,
            )
        )


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
