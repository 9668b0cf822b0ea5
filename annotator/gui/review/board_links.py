"""The links of an article as triples: source, link, target, by reader; one key takes one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from annotator.gui.details.intents import colour_of, do, title, words
from annotator.gui.page_keys import PageKeys
from annotator.gui.parts import Themed, key_text
from annotator.gui.review.key_button import KeyButton
from annotator.gui.review.permission import Permission
from annotator.gui.rows import Row, RowModel, Rows
from annotator.gui.theme import Theme
from annotator.model import Edit, now
from annotator.review import settling
from annotator.review.blinding import shown_names
from annotator.review.cases import About, Case, Choice, Review, Standing
from annotator.review.verdicts import Decision, Reason, Signature, reasons
from annotator.translation import tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.actions import Actions
    from annotator.gui.workspace import Workspace


class LinkModel(RowModel):
    """A heading for each source with its case, and under it a row for each thing that is said."""

    def __init__(self, workspace: Workspace, key_of: Callable[[int], str], parent: QWidget) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._key_of = key_of
        self._review: Review | None = None
        self._rows: dict[str, tuple[Case, int]] = {}

    def show_review(self, found: Review | None) -> None:
        """Show the links of an article under review, those that are open first."""
        self._review = found
        self._rows = {}
        cases = [] if found is None else [c for c in found.cases if c.about == About.RELATION]
        cases.sort(key=lambda case: (case.standing != Standing.OPEN, case.place.start, case.key))
        keys: list[str] = []
        for case in cases:
            keys.append(f"\0{case.key}")
            self._rows[keys[-1]] = (case, -1)
            for at in range(len(case.choices)):
                key = f"{case.key}/{at}"
                self._rows[key] = (case, at)
                keys.append(key)
        self.show_keys(keys)

    @property
    def cases(self) -> list[Case]:
        """The links, each once."""
        return [case for case, at in self._rows.values() if at < 0]

    def case(self, key: str | None) -> tuple[Case, int] | None:
        """Return the case of a row and which of its choices the row shows; -1 for the heading."""
        return self._rows.get(key or "")

    def row(self, key: str) -> Row | None:
        if self._review is None or key not in self._rows:
            return None
        case, at = self._rows[key]
        annotated = self._review.annotated
        if at < 0:
            tie = next((r for c in case.choices if (r := c.relation) is not None), None)
            source = None if tie is None else annotated.spans.get(tie.source)
            name = "" if source is None else words(source)
            return Row(text=name, right=self._standing(case), heading=True, foreign=True)
        return self._choice_row(case, case.choices[at], at)

    def _choice_row(self, case: Case, choice: Choice, at: int) -> Row:
        assert self._review is not None
        annotated, scheme = self._review.annotated, self._workspace.scheme
        names = shown_names(self._review)
        who = ", ".join(names.get(key, "") for key in choice.layer_ids)
        tie = choice.relation
        assert tie is not None
        target = annotated.spans.get(tie.target or "")
        entity = self._workspace.entities.get(tie.target_entity or "")
        end = words(target) if target is not None else "" if entity is None else entity.name
        relation = scheme.relation(tie.label)
        slot = title(tie.label if relation is None else relation.prompt or relation.name)
        text = f"{slot} → {end}"
        ties = [one.relation for one in case.choices if one.relation is not None]
        differs = (0, 0)
        if len({one.label for one in ties}) > 1:
            differs = (0, len(slot))
        if len({(one.target, one.target_entity) for one in ties}) > 1:
            differs = (0 if differs[1] else len(slot) + 3, len(text))
        colour = None if target is None else colour_of(scheme, target.label)
        return Row(
            text=text,
            right=who,
            colour=colour,
            icon="person" if colour is None else "",
            key=self._key_of(at + 1) if at < 9 else "",
            strong=differs if differs[1] else None,
        )

    def _standing(self, case: Case) -> str:
        if case.held:
            return tr("hidden until its ends are decided again")
        if case.standing == Standing.DECIDED:
            out = case.decision == Decision.REJECTED
            return tr("left out") if out else tr("decided")
        return {
            Standing.AGREED: tr("agreed"),
            Standing.WAITING: tr("goes with its ends"),
        }.get(case.standing, tr("open"))


class LinkBoard(Themed, QWidget):
    """The triples; a digit takes what one reader says, X leaves the link out."""

    left = Signal()

    def __init__(
        self, workspace: Workspace, commands: Actions, theme: Theme, permission: Permission
    ) -> None:
        super().__init__()
        self.theme = theme
        self._permission = permission
        self.setObjectName("board.links")
        self._workspace = workspace
        self._review: Review | None = None
        self.model = LinkModel(workspace, lambda n: commands.key(f"links.take.{n}"), self)
        empty = tr("Nobody has handed in a link in this article.")
        self.rows = Rows(theme, self.model, empty=empty, fills_page=True)
        self.rows.setObjectName("list.triples")
        self.rows.setAccessibleName(tr("Links by reader"))
        self.rows.left.connect(self.left)
        self.rows.chosen.connect(lambda _key: self.take())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.rows)
        self._keys = keys = PageKeys(commands, self.rows, "links")
        for n in range(1, 10):
            keys.on(f"take.{n}", partial(self.take, n))
        keys.on("reject", self.leave_out)
        take = KeyButton(theme, tr("Take this one"), "Return", "button.take_link")
        take.clicked.connect(lambda _on=False: self.take())
        out = keys.button(theme, tr("Leave out"), "reject", "button.leave_out_link")
        self.buttons = (take, out)
        """For the bar of the board."""
        for button in self.buttons:
            button.hide()

    def show_review(self, found: Review | None) -> None:
        """Show the links of an article under review."""
        key = self.rows.current_key
        self._review = found
        self.model.show_review(found)
        if key is not None:
            self.rows.go_to(key)
        if not self.rows.currentIndex().isValid() and len(self.model.keys) > 1:
            self.rows.setCurrentIndex(self.model.index(1))
        for button in self.buttons:
            button.setEnabled(bool(self.model.keys))

    @property
    def told(self) -> str:
        """How many links there are, and what the keys do."""
        if not self.model.cases:
            return ""
        unsettled = sum(case.standing == Standing.OPEN for case in self.model.cases)
        return tr_n(
            unsettled,
            "{n} link is open. A number takes what stands there, {key} leaves the link out.",
            "{n} links are open. A number takes what stands there, {key} leaves the link out.",
            key=key_text(self._keys.key("reject")),
        )

    def take(self, number: int | None = None) -> None:
        """Take the choice with this number in the case at hand, or the one that is at hand."""
        at = self.model.case(self.rows.current_key)
        found = self._review
        if at is None or found is None:
            return
        case, row = at
        wanted = row + 1 if number is None else number
        if not 1 <= wanted <= len(case.choices):
            return
        self._settle(found, case, lambda signed: settling.take(found, case, wanted, signed))

    def leave_out(self) -> None:
        """Leave the link at hand out of gold."""
        at = self.model.case(self.rows.current_key)
        found = self._review
        if at is None or found is None:
            return
        known = reasons(self._workspace.scheme)
        why = Reason.SPEAKER if Reason.SPEAKER in known else ""
        case = at[0]
        self._settle(found, case, lambda signed: settling.reject(found, case, why, signed))

    def _settle(self, found: Review, case: Case, make: Callable[[Signature], Edit]) -> None:
        """Perform a decision on a link where that is allowed, and go on."""
        if not self._permission.is_granted(found, case):
            return
        project = self._workspace.project
        signed = Signature(project.author, now(), project.revision)
        if do(self._workspace, lambda: self._permission.noted(make(signed), found, signed)):
            self._go_on(case)

    def _go_on(self, settled: Case) -> None:
        """Go to the next link that is open."""
        keys = self.model.keys
        start = next((n for n, key in enumerate(keys) if key == f"\0{settled.key}"), 0)
        for key in (*keys[start + 1 :], *keys[:start]):
            at = self.model.case(key)
            if at is not None and at[1] == 0 and at[0].standing == Standing.OPEN:
                self.rows.go_to(key)
                break
        self.rows.setFocus(Qt.FocusReason.OtherFocusReason)
