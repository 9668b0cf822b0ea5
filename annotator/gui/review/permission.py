"""Whether somebody may decide here: who has labelled an article should not review it.

One permission serves the whole window: the reader, the board, phrase review and what is done in
bulk.

Whoever works alone plays all parts, and is asked once for a project; the decisions say then that
they are on own labels. Where a plan gives the review to somebody else, it holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotator.review.blinding import (
    BLIND,
    HELD,
    LEFT,
    ONCE_MORE,
    SECOND,
    Objection,
    knowingly,
    objection,
)
from annotator.translation import tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.main_window import MainWindow
    from annotator.model import Edit
    from annotator.review.cases import Case, Review
    from annotator.review.merging import Preview
    from annotator.review.verdicts import Signature


class Permission:
    """Asks before one decides on one's own labels, and refuses where a plan says otherwise."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._workspace = window.workspace
        self._knowing: set[tuple[str, str]] = set()
        """Projects, and who said there to review the own labels."""
        self._alone: set[tuple[str, str]] = set()
        """Projects, and who said there to look a second time at the own decisions."""

    def is_granted(self, found: Review, case: Case | None = None) -> bool:
        """Say whether the author of the project may decide; if not, why stands on the screen."""
        why = objection(found, self._workspace.project.author, case)
        if why is None or (not why.named and self._who in self._knowing):
            return True
        if why.kind == SECOND and self._is_alone:
            return self._who in self._alone or self._asks_alone()
        if why.named:
            self._workspace.note(_refusal(why))
            return False
        return self._asks(tr("You have labelled this article yourself. Review your own labels?"))

    def allows(self, preview: Preview) -> bool:
        """Say whether what a batch comes to may be done; what a plan forbids it refuses itself."""
        if not preview.own or self._who in self._knowing:
            return True
        return self._asks(
            tr_n(
                len(preview.own),
                "You have labelled {n} of these articles yourself. Review your own labels?",
                "You have labelled {n} of these articles yourself. Review your own labels?",
            )
        )

    def _asks(self, text: str) -> bool:
        detail = tr(
            "Better somebody else reviews them: one hardly sees one’s own mistakes. If you go on, "
            "the history says that you did, and you are not asked again while the project is open."
        )
        return self._agrees(text, tr("Review my own labels"), detail, self._knowing)

    @property
    def _is_alone(self) -> bool:
        """Whether nobody else reviews in the project, so that a second review has nobody."""
        self._workspace.flush()
        project = self._workspace.project
        return not project.reviewing.others_review(project.author)

    def _asks_alone(self) -> bool:
        text = tr(
            "A second reviewer is to look at what you have decided, and nobody else reviews in "
            "this project. Look at it again yourself?"
        )
        detail = tr(
            "“Give out work” in the menu Tools names somebody else. If you go on, the case is "
            "settled and counts in no rate, for it does not tell how well two people agree. You "
            "are not asked again while the project is open."
        )
        return self._agrees(text, tr("Look at it again myself"), detail, self._alone)

    def _agrees(self, text: str, choice: str, detail: str, said: set[tuple[str, str]]) -> bool:
        """Ask whether somebody goes on knowingly, and remember who said so."""
        agreed = self._window.ask.choose(self._window, text, [choice], detail) == 0
        if agreed:
            said.add(self._who)
        return agreed

    def noted(self, decision: Edit, found: Review, signed: Signature) -> Edit:
        """Return *decision*, with a note where it is the first on own labels in an article."""
        own = objection(found, signed.author) is not None and self._who in self._knowing
        return knowingly(decision, found, signed) if own else decision

    @property
    def _who(self) -> tuple[str, str]:
        project = self._workspace.project
        return (project.location, project.author)


def _refusal(why: Objection) -> str:
    if why.kind == LEFT:
        return tr("You have left this case to somebody else: {name} decides.", name=why.named)
    if why.kind == ONCE_MORE:
        return tr("{name} decides on this case once more, alone.", name=why.named)
    if why.kind == HELD:
        return tr("An end of it is to be decided once more first.")
    if why.kind == SECOND:
        return tr("You have decided on it yourself: somebody else looks at it a second time.")
    if why.kind == BLIND:
        return tr("You are to label it yourself first, without seeing what others mark in it.")
    return tr(
        "You have labelled this article yourself: {name} reviews it. “Give out work” in the menu "
        "Tools changes that.",
        name=why.named,
    )
