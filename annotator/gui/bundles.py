"""Work that goes by mail, in the window: bundles are made, opened, looked at and taken in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from annotator.errors import UserError
from annotator.gui.dialogs import PlainDialog
from annotator.gui.parts import dress, label, px
from annotator.gui.theme import Theme
from annotator.translation import tr, tr_n

if TYPE_CHECKING:
    from collections.abc import Callable

    from annotator.exchange import Bundled, Taken
    from annotator.gui.main_window import MainWindow
    from annotator.gui.writer import Work
    from annotator.project import Project

PATTERN = "*.zip"


class Bundles(QObject):
    """Asks what is to be sent and what came back; the work is done in the writer's turn."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._workspace = window.workspace
        self._ask = window.ask
        self._work: Work | None = None

    @property
    def running(self) -> bool:
        """Whether a bundle is being made or taken in."""
        return self._work is not None

    # -- what goes out -----------------------------------------------------------------------

    def ask_make(self) -> None:
        """Ask what is to be sent to whom, and write the bundle."""
        from annotator.exchange import Origin

        if self.running:
            return
        origin = Origin.of(self._workspace.project)
        if origin is not None:
            choices = (
                tr("The result of this work order, for “{title}”", title=origin.title),
                tr("A work order for somebody"),
            )
            answer = self._ask.choose(self._window, tr("What is to be sent?"), choices)
            if answer == 0:
                self._make_result(origin.person)
            if answer != 1:
                return
        self._make_order()

    def _make_order(self) -> None:
        title = tr("Make a work order")
        person = self._ask.line(self._window, title, tr("Name of the person who is to do it:"))
        person = (person or "").strip()
        if not person:
            return
        found, ids = self._ask_articles()
        target = self._target(person) if found else None
        if target is None:
            return
        from annotator import exchange

        self._start(lambda project: exchange.make_order(project, target, person, ids), target)

    def _ask_articles(self) -> tuple[bool, list[str] | None]:
        """Ask for the articles; the first says whether there was an answer."""
        listed = list(self._window.articles.model.ids)
        here = self._workspace.annotated
        choices: list[tuple[str, list[str] | None]] = [(tr("All articles"), None)]
        if len(listed) < self._workspace.project.count():
            shown = tr_n(len(listed), "The {n} article in the list", "The {n} articles in the list")
            choices.append((shown, listed))
        if here is not None:
            choices.append((tr("This article only"), [here.article.id]))
        answer = self._ask.choose(
            self._window, tr("Which articles are to be sent?"), [text for text, _ in choices]
        )
        return answer is not None, None if answer is None else choices[answer][1]

    def _make_result(self, person: str) -> None:
        target = self._target(tr("{person}, result", person=person))
        if target is None:
            return
        from annotator import exchange

        self._start(lambda project: exchange.make_result(project, target), target)

    def _target(self, name: str) -> Path | None:
        kinds = tr("Bundles ({pattern})", pattern=PATTERN)
        proposed = f"{self._workspace.project.title} – {name}.zip".replace("/", "-")
        return self._ask.save_file(self._window, tr("Make a bundle"), kinds, proposed)

    def _start(self, make: Callable[[Project], Bundled], target: Path) -> None:
        self._work = self._workspace.change(make)
        self._work.done.connect(lambda bundled: self._on_made(bundled, target))
        self._work.failed.connect(self._on_failed)

    def _on_made(self, bundled: Bundled, target: Path) -> None:
        self._work = None
        told = [tr("Written to {path}", path=target)]
        if bundled.removed:
            told.append(tr("Without what was removed: {titles}", titles=", ".join(bundled.removed)))
        self._workspace.note(". ".join(told))

    def _on_failed(self, reason: str) -> None:
        self._work = None
        self._ask.warn(self._window, tr("The bundle was not made or taken in."), reason)

    # -- what comes in -----------------------------------------------------------------------

    def ask_take(self) -> None:
        """Ask for a bundle, and take it in or open it."""
        kinds = tr("Bundles ({pattern})", pattern=PATTERN)
        paths = self._ask.open_files(self._window, tr("Take in a bundle"), kinds)
        if paths:
            self.take(paths[0])

    def take(self, path: Path) -> None:
        """Open a work order as a project, or take in a result after a look at it."""
        from annotator.formats import bundle

        try:
            manifest = bundle.opened(path).manifest
        except UserError as error:
            self._ask.warn(self._window, tr("The bundle was not made or taken in."), str(error))
            return
        if manifest.kind == bundle.ORDER:
            self._window.projects.open_order(path, f"{manifest.title} – {manifest.person}")
        elif not self._workspace.is_open:
            self._ask.warn(
                self._window,
                tr("This is a result by {person}.", person=manifest.person),
                tr("Open the project “{title}” first.", title=manifest.title),
            )
        elif not self.running:
            self._look(path)

    def _look(self, path: Path) -> None:
        from annotator import exchange

        self._workspace.flush()
        self._work = self._workspace.change(
            lambda project: exchange.take(project, path, dry_run=True)
        )
        self._work.done.connect(lambda taken: self._on_looked(path, taken))
        self._work.failed.connect(self._on_failed)

    def _on_looked(self, path: Path, taken: Taken) -> None:
        from annotator import exchange

        self._work = None
        dialog = TakeBundle(taken, self._window.theme, self._window)
        dress(dialog, self._window.theme)
        wanted = bool(dialog.exec()) and taken.changes
        dialog.deleteLater()
        if wanted:
            self._work = self._workspace.change(lambda project: exchange.take(project, path))
            self._work.done.connect(self._on_taken)
            self._work.failed.connect(self._on_failed)

    def _on_taken(self, taken: Taken) -> None:
        self._work = None
        self._window.articles.refresh()
        person = taken.manifest.person
        self._workspace.note(
            tr("The result of {person} was taken in. Ctrl Z takes it back.", person=person)
        )


class TakeBundle(PlainDialog):
    """What a result would change, and what it would not, before it is taken in."""

    def __init__(self, taken: Taken, theme: Theme, parent: QWidget) -> None:
        title = tr("The result of {person}", person=taken.manifest.person)
        super().__init__(theme, "dialog.take_bundle", title, parent)
        head = label(in_words(taken), 15, 600)
        head.setObjectName("text.take")
        head.setWordWrap(True)
        self.conflicts = QPlainTextEdit("\n\n".join(conflicts(taken)))
        self.conflicts.setObjectName("text.conflicts")
        self.conflicts.setAccessibleName(tr("What is left out, and why"))
        self.conflicts.setReadOnly(True)
        self.conflicts.setTabChangesFocus(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        column.addWidget(head)
        if taken.conflicts:
            column.addWidget(label(tr("What is left out, and why:"), 13, tone="muted"))
            column.addWidget(self.conflicts, 1)
        else:
            self.conflicts.setParent(self)
            self.conflicts.hide()
        column.addLayout(self.buttons)
        self.buttons.addStretch(1)
        if taken.changes:
            self.button(tr("Cancel"), "button.cancel", self.reject)
            self.button(tr("Take in"), "button.take", self.accept, default=True)
        else:
            self.button(tr("Close"), "button.close", self.reject, default=True)
        self.resize(min(px(640), parent.width() - 40), self.sizeHint().height())


def in_words(taken: Taken) -> str:
    """Say in some sentences what a result changes."""
    made, changed = taken.made.total(), taken.changed.total()
    removed, left_out = taken.removed.total(), len(taken.conflicts)
    parts = []
    if made:
        parts.append(tr_n(made, "{n} record is new.", "{n} records are new."))
    if changed:
        parts.append(tr_n(changed, "{n} record changes.", "{n} records change."))
    if removed:
        parts.append(tr_n(removed, "{n} record goes.", "{n} records go."))
    if left_out:
        parts.append(
            tr_n(left_out, "{n} change does not fit and is left out.",
                 "{n} changes do not fit and are left out.")
        )  # fmt: skip
    if not taken.changes:
        parts.insert(0, tr("Nothing of it is new here."))
    return " ".join(parts)


def conflicts(taken: Taken) -> list[str]:
    """Return a paragraph for each change that is left out."""
    found = []
    for one in taken.conflicts:
        where = f"{one.article}: " if one.article else ""
        found.append(f"{where}{one.what}. {one.reason}")
    return found
