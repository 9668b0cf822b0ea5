"""The hand of the reviewer: what the keys of the review do."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from annotator.errors import UserError
from annotator.gui.modes import Modes
from annotator.gui.review.asking import Question
from annotator.gui.review.batch_preview import BatchPreview
from annotator.gui.review.batching import decide_together
from annotator.gui.review.review_reader import ReviewReader
from annotator.gui.review.sitting import Sitting
from annotator.gui.review.verdict_bar import Offer
from annotator.model import Edit, Fragment, now
from annotator.review import merging, settling
from annotator.review.answering import usual_answer
from annotator.review.blinding import is_blind, unblind
from annotator.review.cases import Case, Review, Standing
from annotator.review.conflicts import Kind
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
        self._permission = window.bench.permission
        self._connect()
        reader.picked.connect(self._pick)
        self._workspace.article_opened.connect(self.modes.leave)

    def _connect(self) -> None:
        doers: dict[str, Callable[[], object]] = {
            "next": lambda: self.step(1),
            "previous": lambda: self.step(-1),
            "next_kind": lambda: self.step(1, kind=True),
            "accept": self.accept,
            "reject": self.ask_reason,
            "skip": lambda: self.decide(settling.skip),
            "escalate": lambda: self.decide(settling.escalate),
            "comment": self.comment_wanted.emit,
            "guideline": self.guideline_wanted.emit,
            "checked": self.check,
            "finish": self.finish,
            "names": self.toggle_names,
            "differences": self.toggle_differences,
            "undo": self._workspace.undo,
            "unanimous": self.accept_unanimous,
        }
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

    def accept(self) -> None:
        """Take what most have; where nobody has a majority, say which keys choose."""
        found, case = self.at_hand()
        if found is None or case is None:
            return
        if case.kind != Kind.COMMENT and usual_answer(found, case) is None:
            self._workspace.note(self._keys_to_choose(found, case))
        else:
            self.decide(settling.accept)

    def _keys_to_choose(self, found: Review, case: Case) -> str:
        names, key = self._sitting.naming.names(found), self._window.commands.key
        offered = [
            tr(
                "{key} for {people}",
                key=key(f"review.take.{number}"),
                people=", ".join(names[one] for one in choice.layer_ids),
            )
            for number, choice in enumerate(case.choices[:9], start=1)
        ]
        return tr(
            "No variant has a majority. Press {keys} or {last}.",
            keys=", ".join(offered[:-1]),
            last=offered[-1],
        )

    def take(self, at: int) -> None:
        """Take the variant with this number, from 1."""
        self.decide(lambda review, case, signed: settling.take(review, case, at, signed))

    def ask_reason(self) -> None:
        """Ask why the case at hand is rejected."""
        found, case = self.at_hand()
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
        self.decide(lambda review, case, signed: settling.reject(review, case, why, signed, words))

    def decide(self, make: Decision, *, stay: bool = False) -> bool:
        """Perform what *make* returns for the case at hand, and go on."""
        found, case = self.at_hand()
        if found is None or case is None:
            return False
        try:
            signed = self._signed()
            edit = self._permission.noted(make(found, case, signed), found, signed)
        except UserError as error:
            self._workspace.note(reason(error))
            return False
        decided = self._sitting.decide(edit, stay=stay)
        if decided and not self._sitting.count(Standing.OPEN):
            self._say_all_decided()
        return decided

    def at_hand(self) -> tuple[Review | None, Case | None]:
        found, case = self._sitting.found, self._sitting.case
        if self._sitting.looking:
            self._workspace.note(tr("The readers are still being compared. Wait a moment."))
        elif case is None:
            self._workspace.note(tr("No case is open. J goes to the next one."))
        elif found is None or not self._permission.is_granted(found, case):
            return None, None
        return found, case

    def article(self) -> Review | None:
        """Return the open article, to be decided on as a whole; say why where that cannot be."""
        found = self._sitting.found
        if self._sitting.looking:
            self._workspace.note(tr("The readers are still being compared. Wait a moment."))
        elif found is None or not found.layers:
            self._workspace.note(tr("There is nothing to review in this article yet."))
        elif self._permission.is_granted(found):
            return found
        return None

    def _signed(self) -> Signature:
        project = self._workspace.project
        return Signature(project.author, now(), project.revision)

    def _say_all_decided(self) -> None:
        finish = self._window.commands.key("review.finish")
        self._workspace.note(
            tr("All conflicts are decided. {key} finishes the article.", key=finish)
        )

    # -- the article -------------------------------------------------------------------------

    def perform(self, make: Callable[[], Edit]) -> bool:
        """Perform what *make* returns, and stay at the case; where it makes no sense, say why."""
        try:
            edit = make()
        except UserError as error:
            self._workspace.note(reason(error))
            return False
        found = self._sitting.found
        if found is not None:
            edit = self._permission.noted(edit, found, self._signed())
        return self._sitting.decide(edit, stay=True)

    def check(self) -> None:
        """Note that nothing is missing in the paragraph at hand, or in the next one unchecked."""
        found = self.article()
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
        if self.perform(lambda: settling.check(found, stretch)):
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
        found = self.article()
        if found is None:
            return
        if found.gold.is_frozen:
            if self.perform(lambda: settling.reopen(found)):
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
        if self.perform(lambda: settling.finish(found)):
            self._insists = ""
            self._workspace.note(tr("Finished as gold version {n}.", n=version))
            self._sitting.step(1)

    def accept_unanimous(self) -> None:
        """Accept what all readers of the article say alike, after a look at what that is."""
        found = self.article()
        if found is None:
            return

        def make(share: float, _why: str) -> merging.Preview:
            made = merging.batch("unanimous", self._signed(), share=share)
            return merging.unanimous(found, made)

        if not make(0, "").done:
            self._workspace.note(tr("There is nothing undecided here on which all agree."))
            return
        self._workspace.flush()
        since = self._workspace.project.revision
        title = tr("Accept what all agree on")
        dialog = BatchPreview(self._window.theme, title, make, self._window)
        decide_together(
            dialog,
            self._workspace,
            self._permission,
            since=since,
            perform=lambda edit, saving: self._sitting.decide(edit, saving, stay=True),
        )

    # -- what is shown -------------------------------------------------------------------------

    def toggle_names(self) -> None:
        """Show the names of the readers, or letters in their place.

        In a review that is planned blind, showing them is an edit, so that it stands in the log.
        """
        found = self._sitting.found
        if found is not None and is_blind(found.annotated):
            if self.perform(lambda: unblind(found, self._signed())):
                self._sitting.naming.hidden = False
                self._sitting.rename()
            return
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
