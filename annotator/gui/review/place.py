"""Review as a place of the window: its docks, its page, its bar, and how they work together."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QWidget

from annotator.gui.parts import dress
from annotator.gui.review.amending import Amending
from annotator.gui.review.asking import Drawing, Question
from annotator.gui.review.case_pane import CasePane
from annotator.gui.review.deciding import Deciding
from annotator.gui.review.queue_panel import QueuePanel
from annotator.gui.review.returning import Returning
from annotator.gui.review.review_reader import ReviewReader
from annotator.gui.review.sitting import Sitting
from annotator.gui.review.verdict_bar import Offer, VerdictBar
from annotator.gui.review.wording import is_yes_or_no, take_words
from annotator.gui.side_panels import SidePanels, Sides
from annotator.gui.theme import Theme
from annotator.review.answering import gold_records, usual_answer
from annotator.review.cases import About, Case, Review
from annotator.review.conflicts import Kind
from annotator.translation import tr

if TYPE_CHECKING:
    from annotator.gui.main_window import MainWindow

SIDES = Sides("queue", "case", width=360, least=336, prefix="review ")


class ReviewPlace(QObject):
    """The parts of Review, put together; shown with their page only."""

    counted = Signal(int)
    """How many cases wait for a decision."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        workspace, theme = window.workspace, window.theme
        self.shown = False
        self._steps = False
        """Whether there was another case to go to when the hints were shown."""
        self.sitting = Sitting(workspace, self)
        self.queue = QueuePanel(workspace, self.sitting, theme, window.settings, window.ask)
        self.page = ReviewReader(window, self.sitting)
        self.case = CasePane(workspace, self.sitting, theme, window.commands.key)
        self.bar = VerdictBar(theme)
        window.pages.addWidget(self.page)
        self._bottom = window.bench.add_bar(
            "toolbar.review", self.bar, Qt.ToolBarArea.BottomToolBarArea
        )
        self.panels = SidePanels(window, self.queue, self.case, SIDES)
        self.deciding = Deciding(window, self.sitting, self.page)
        self.returning = Returning(window, self.sitting)
        self.amending = Amending(window, self.sitting, self.page, self.deciding)
        self._connect()
        self.show(False)
        for part in (self.queue, self.page, self.case, self.bar):
            dress(part, theme)
        self.set_theme(theme)

    def _connect(self) -> None:
        window, commands = self._window, self._window.commands
        for tree in (self.queue.tree, self.queue.strip, self.case):
            commands.attach_review(tree)
        self.queue.left.connect(window.focus_text)
        self.queue.return_wanted.connect(self.returning.send_back)
        self.case.left.connect(window.focus_text)
        self.case.chosen.connect(self.deciding.take)
        self.sitting.counted.connect(self.counted)
        self.sitting.counted.connect(lambda _count: self._on_counted())
        self.deciding.comment_wanted.connect(self._comment)
        self.deciding.guideline_wanted.connect(self._flag_guideline)
        self.case.comments.left.connect(window.focus_text)
        self.sitting.moved.connect(self._later)
        self.deciding.prompted.connect(self._later)
        commands.keys_changed.connect(self.show_offers)
        commands.on("review.help", lambda: commands.run("keys"))
        window.workspace.scheme_changed.connect(self._on_scheme)

    # -- the project ---------------------------------------------------------------------------

    def begin(self) -> None:
        """Look for what waits, where that was not done yet."""
        self.sitting.begin()
        self.queue.refresh()
        self.page.refresh()
        self.case.refresh()
        self.show_offers()

    def _comment(self) -> None:
        self._window.workspace.afterwards.now(self.case)
        self.panels.open_right()
        self.case.comments.write()

    def _flag_guideline(self) -> None:
        """Begin a comment on the case that is about the passage of the guideline."""
        self._window.workspace.afterwards.now(self.case)
        passages = self.case.comments.passages()
        if not passages:
            self._window.workspace.note(tr("The guideline says nothing about this label yet."))
            return
        self.panels.open_right()
        self.case.comments.quote(passages[0])
        self.case.comments.write()

    def _on_scheme(self) -> None:
        if self._window.workspace.is_open and self.sitting.is_on:
            self.page.set_theme(self._window.theme)
            # The open article too: it has the reasons and the rules of the scheme before.
            self.sitting.rename()

    # -- what is shown -------------------------------------------------------------------------

    def show(self, shown: bool) -> None:
        """Show docks and bar, or take them away with the page."""
        self.shown = shown
        self._bottom.setVisible(shown)
        self.panels.show_docks(shown)

    def set_theme(self, theme: Theme) -> None:
        """Show everything in *theme* and at the present text size."""
        from PySide6.QtGui import QPalette

        for part, colour in ((self.queue, theme.side), (self.page, theme.page)):
            palette = theme.qt_palette()
            palette.setColor(QPalette.ColorRole.Window, colour)
            part.setPalette(palette)
            part.setAutoFillBackground(True)
        self.panels.arrange()

    def _later(self) -> None:
        self._window.workspace.afterwards.show(self.bar, self.show_offers)

    def show_offers(self) -> None:
        """Show in the bar what the keys do now."""
        mode = self.deciding.modes.current
        if isinstance(mode, Question | Drawing):
            self.bar.show_offers((), mode.offers, (), question=mode.prompt.title)
        elif mode is not None:
            self.bar.show_offers((), (), mode.prompt.keys, question=mode.prompt.title)
        else:
            self._show_usual()

    def _show_usual(self) -> None:
        key, run = self._window.commands.key, self._window.commands.run
        found, case = self.sitting.found, self.sitting.case
        first: list[Offer] = []
        others: list[Offer] = []
        if found is not None and case is not None:
            first = self._takes(found, case)
            usual = [] if first and first[0].name == "button.review.accept" else _usual(found, case)
            for name, text in (
                *usual,
                ("correct", tr("Correct")),
                ("reject", _reject_words(case)),
                ("skip", tr("Skip")),
            ):
                action = f"review.{name}"
                others.append(
                    Offer(key(action), text, partial(run, action), name=f"button.{action}")
                )
        hints = [(key(f"review.{name}"), text) for name, text in self._hints()]
        self.bar.show_offers(first, others, hints)

    def _hints(self) -> Iterator[tuple[str, str]]:
        """Yield the other actions that do something now, with what the bar says of them."""
        found = self.sitting.found
        if found is not None and found.layers:
            if self.sitting.case is None:
                done = found.gold.is_frozen
                yield "finish", tr("open gold again") if done else tr("finish the article")
            if not found.gold.is_frozen:
                yield "missing", tr("mark missing")
                if found.gold.unchecked(self.deciding.paragraphs()):
                    yield "checked", tr("checked, nothing missing")
        self._steps = self.sitting.following(1) is not None
        if self._steps:
            yield "previous", tr("back")
            yield "next", tr("next")

    def _on_counted(self) -> None:
        """Say that one can go on, or that one cannot any more."""
        found, case = self.sitting.found, self.sitting.case
        if case is not None and (found is None or found.case(case.key) is not case):
            return  # there is another case in a moment
        if (self.sitting.following(1) is not None) != self._steps:
            self.show_offers()

    def _takes(self, found: Review, case: Case) -> list[Offer]:
        key, run = self._window.commands.key, self._window.commands.run
        if case.kind == Kind.COMMENT or is_yes_or_no(case) or case.about == About.ARTICLE:
            accept = "review.accept"
            words = tr("Mark as resolved") if case.kind == Kind.COMMENT else tr("Accept")
            return [Offer(key(accept), words, partial(run, accept), True, f"button.{accept}")]
        names = self.sitting.naming.names(found)
        offers = []
        for number, choice in enumerate(case.choices[:9], start=1):
            people = tuple(names[variant.layer_id] for variant in choice.variants)
            action = f"review.take.{number}"
            offers.append(
                Offer(
                    key(action),
                    take_words(people),
                    partial(run, action),
                    True,
                    f"button.{action}",
                )
            )
        return offers

    # -- moving between the parts --------------------------------------------------------------

    def next_pane(self, by: int) -> None:
        """Bring the focus to the next part of the place, or the one before."""
        panes: list[QWidget] = [] if self.panels.left_folds else [self.queue.tree]
        panes.append(self.page.view)
        if self.case.isVisible():
            panes.append(self.case)
        if self.bar.buttons:
            panes.append(self.bar)
        focus = QApplication.focusWidget()
        here = next(
            (
                at
                for at, pane in enumerate(panes)
                if focus is not None and (pane is focus or pane.isAncestorOf(focus))
            ),
            0,
        )
        target = panes[(here + by) % len(panes)]
        if target is self.case:
            self.case.focus_first()
            return
        if target is self.bar:
            target = self.bar.buttons[0]
        target.setFocus(Qt.FocusReason.TabFocusReason)


def _usual(found: Review, case: Case) -> list[tuple[str, str]]:
    """Return what A does where there are several variants, unless nobody can say."""
    number = usual_answer(found, case)
    if number is None:
        return []
    return [("accept", tr("Keep gold") if gold_records(found, case) else tr("Take the majority"))]


def _reject_words(case: Case) -> str:
    count = len([one for one in case.variants if one.records])
    if count < 2:
        return tr("Reject")
    return tr("Reject both") if count == 2 else tr("Reject all")
