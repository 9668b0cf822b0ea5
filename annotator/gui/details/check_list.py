"""What the scheme's rules find in the open article, as a list one can walk before submitting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from annotator.gui.details.intents import Places
from annotator.gui.parts import Themed, key_text
from annotator.gui.rows import Row, RowModel, Rows
from annotator.gui.theme import Theme
from annotator.model import Edit, Layer
from annotator.translation import shown, tr

if TYPE_CHECKING:
    from annotator.gui.actions import Actions
    from annotator.gui.workspace import Workspace
    from annotator.rules import Finding

PAUSE_MILLISECONDS = 250
"""Pause after a change until the article is checked again."""
AT_ONCE = 20
"""Labels that are checked without a look at what else there is to do: some milliseconds."""
_MANY = 2000
"""Spans from which on an article is only checked while somebody looks at the list."""


def sentence(finding: Finding) -> str:
    """Return what is wrong, in the person's language."""
    return shown(finding.template).format(**finding.values)


class CheckModel(RowModel):
    """The findings, by their place."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self._places = Places()
        self.findings: list[Finding] = []

    def show_findings(self, findings: list[Finding]) -> None:
        """Show these findings in place of others."""
        self.findings = findings
        self.show_keys([str(number) for number in range(len(findings))])

    def row(self, key: str) -> Row | None:
        annotated = self._workspace.annotated
        if annotated is None:
            return None
        finding = self.findings[int(key)]
        place = finding.place
        right = "" if place is None else self._places.paragraph(annotated.article, place.start)
        grave = finding.severity == "error"
        name, tone = ("error", "error") if grave else ("warning", "warning")
        return Row(text=sentence(finding), right=right, icon=name, tone=tone)


class CheckList(Themed, QWidget):
    """The findings; Enter goes to one, the action "check" walks them."""

    counted = Signal(int)
    found = Signal(object)
    """The ids of the records that something is wrong with."""
    left = Signal()

    def __init__(self, workspace: Workspace, actions: Actions, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setObjectName("page.check")
        self.setAccessibleName(tr("Things to correct"))
        self._workspace = workspace
        self._actions = actions
        self._stale = True
        self.model = CheckModel(workspace)
        self.rows = Rows(theme, self.model)
        self.rows.setObjectName("list.check")
        self.rows.setAccessibleName(tr("Things to correct"))
        self.rows.left.connect(self.left)
        self.rows.chosen.connect(self._choose)
        self.rows.clicked.connect(lambda index: self._show(index.row()))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.addWidget(self.rows)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MILLISECONDS)
        self._pause.timeout.connect(self._check_if_wanted)
        self._checking: Iterator[tuple[Finding, ...]] = iter(())
        self._found: list[Finding] = []
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(self._check_more)
        workspace.article_opened.connect(self._later)
        workspace.project_closed.connect(self._later)
        workspace.scheme_changed.connect(self._later)
        workspace.changed.connect(self._on_changed)
        self._say_empty()
        actions.keys_changed.connect(self._say_empty)

    def refresh(self) -> None:
        """Check the open article now."""
        self._begin()
        for part in self._checking:
            self._found += part
        self._show_found()

    def _begin(self) -> None:
        """Begin to check the article as it is now, from its first label."""
        from annotator import rules

        self._pause.stop()
        self._found = []
        self._checking = iter(())
        if self._workspace.annotated is not None:
            desk = self._workspace.desk
            self._checking = rules.checking(
                desk.annotated, desk.layer.id, desk.scheme, desk.structure
            )

    def _check_more(self) -> None:
        """Check some labels more, and leave the window to others before the next."""
        for _ in range(AT_ONCE):
            part = next(self._checking, None)
            if part is None:
                self._show_found()
                return
            self._found += part
        self._next.start()

    def _show_found(self) -> None:
        from annotator import rules

        self._next.stop()
        self._stale = False
        findings = rules.in_order(self._found)
        row = self.rows.currentIndex().row()
        self.model.show_findings(findings)
        if 0 <= row < len(findings):
            self.rows.setCurrentIndex(self.model.index(row))
        self._say_empty()
        self.counted.emit(len(findings))
        self.found.emit(frozenset(key for item in findings for key in item.record_ids[:1]))

    def step(self, by: int) -> None:
        """Go to the next finding (*by* 1), or the one before (-1)."""
        self.settle()
        count = len(self.model.findings)
        if not count:
            self._workspace.note(self.rows.empty)
            return
        row = self.rows.currentIndex().row()
        row = (0 if by > 0 else count - 1) if row < 0 else (row + by) % count
        self.rows.setCurrentIndex(self.model.index(row))
        self._show(row)
        self._workspace.note(
            tr("{n} of {count}: ", n=row + 1, count=count) + sentence(self.model.findings[row])
        )

    def settle(self) -> None:
        """Make sure that the list is about the article as it is now."""
        if self._stale or self._pause.isActive():
            self.refresh()

    @property
    def errors(self) -> int:
        """How many findings stand against submitting; warnings do not."""
        self.settle()
        return sum(item.severity == "error" for item in self.model.findings)

    # -- inside ------------------------------------------------------------------------------

    def _say_empty(self) -> None:
        key = key_text(self._actions.key("article.submit"))
        text = tr("Nothing to correct. {key} submits the article.", key=key)
        layer = None if self._workspace.annotated is None else self._workspace.layer
        if layer is None:
            text = tr("No article is open.")
        elif layer.state == "submitted":
            text = tr("Nothing to correct. The article is submitted.")
        self.rows.set_empty(text)

    def _later(self) -> None:
        self._stale = True
        self._next.stop()
        self._checking = iter(())
        self._pause.start()

    def _on_changed(self, edit: Edit) -> None:
        self._later()
        if any(isinstance(change.record, Layer) for change in edit.changes):
            self._say_empty()

    def _check_if_wanted(self) -> None:
        annotated = self._workspace.annotated
        if annotated is None or len(annotated.spans) <= _MANY or self.isVisible():
            self._begin()
            self._check_more()

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        self.settle()

    def _show(self, row: int) -> None:
        """Select what a finding is about, and bring its place to sight."""
        if not 0 <= row < len(self.model.findings):
            return
        finding = self.model.findings[row]
        annotated = self._workspace.desk.annotated
        spans = tuple(key for key in finding.record_ids[:1] if key in annotated.spans)
        if spans:
            self._workspace.select(spans)
        if finding.place is not None:
            self._workspace.placed.emit(finding.place)

    def _choose(self, key: str) -> None:
        self._show(int(key))
        self.left.emit()
