"""Phrase review: all places of a string, or of a person or place; decide once for the ticked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from annotator.gui.controls import Field, FilterButton, Flow, Segment
from annotator.gui.details.intents import words
from annotator.gui.page_keys import PageKeys
from annotator.gui.pane import Pane
from annotator.gui.parts import Hairline, dress, label
from annotator.gui.review.batch_preview import BatchPreview, Making
from annotator.gui.review.batching import decide_together
from annotator.gui.review.key_bar import KeyBar
from annotator.gui.review.key_button import KeyButton
from annotator.gui.review.permission import Permission
from annotator.gui.review.phrase_model import PhraseModel, PhrasePlaces
from annotator.gui.rows import Rows
from annotator.gui.theme import Theme
from annotator.model import Edit, Fragment, now
from annotator.review.labelling import label_all
from annotator.review.merging import Preview, batch, joined, these
from annotator.review.occurrences import Occurrence
from annotator.review.verdicts import Signature, reasons
from annotator.translation import number, tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.actions import Actions
    from annotator.gui.workspace import Workspace
    from annotator.gui.writer import Saving


class PhrasePage(Pane):
    """A field for the words, the places, and the two decisions below them."""

    place_wanted = Signal(str, str, object)
    """Ids of an article and of a label in it, and where that stands."""

    def __init__(
        self, workspace: Workspace, commands: Actions, theme: Theme, permission: Permission
    ) -> None:
        super().__init__(theme, "page.phrases", tr("Phrase review"))
        self._permission = permission
        self._commands = commands
        self._workspace = workspace
        self._decided_here = False
        self.found = PhrasePlaces(workspace)
        self._since = 0
        """The revision at which the places were looked for."""
        self.model = PhraseModel(self.found, self)
        self._build()
        self._reader = QTimer(self, interval=0)
        self._reader.timeout.connect(self._read_some)
        workspace.changed.connect(self._on_changed)
        workspace.project_closed.connect(self._forget)

    # -- building ----------------------------------------------------------------------------

    def _build(self) -> None:
        heading = label(tr("Phrase review"), 15, 600)
        self.field = Field(self.theme, tr("Words as they stand in the text"), icon_name="search")
        self.field.setObjectName("field.phrase")
        self.field.setAccessibleName(tr("Words, or the name of a person or place"))
        self.field.returnPressed.connect(self.search)
        self.kind = Segment(
            self.theme,
            (("words", tr("Words")), ("entity", tr("Person or place"))),
            places=False,
        )
        self.kind.setAccessibleName(tr("What to look for"))
        self.kind.choose("words")
        self.kind.chosen.connect(self._choose_kind)
        self.counts = label(size=12, tone="muted")
        self.counts.setObjectName("text.phrase_counts")
        self._ticks = QWidget()
        self._flow = Flow(self._ticks, gap=2)
        self.ticks: list[FilterButton] = []
        self.rows = Rows(self.theme, self.model, fills_page=True)
        self.rows.setObjectName("list.phrases")
        self.rows.setAccessibleName(tr("Places"))
        self.rows.ticked.connect(self._turn)
        self.rows.doubleClicked.disconnect()
        self.rows.chosen.connect(self._open)
        self.rows.left.connect(self.left)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addWidget(self.kind)
        top = QVBoxLayout()
        top.setContentsMargins(16, 14, 16, 8)
        top.setSpacing(8)
        for item in (heading, self.counts):
            top.addWidget(item)
        top.insertLayout(1, row)
        top.addWidget(self._ticks)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(Hairline(self.theme))
        column.addWidget(self.rows, 1)
        column.addWidget(self._build_bar())

    def _build_bar(self) -> QWidget:
        keys = PageKeys(self._commands, self.rows, "phrases")
        self.yes = keys.button(self.theme, "", "accept", "button.accept_ticked")
        keys.on("accept", self.accept)
        self.no = keys.button(self.theme, "", "reject", "button.leave_out_ticked")
        keys.on("reject", self.leave_out)
        self.label = keys.button(self.theme, "", "label", "button.label_ticked")
        keys.on("label", self.ask_label)
        show = tr("Show in the article")
        self.show_place = KeyButton(self.theme, show, "Return", "button.go_to_place")
        self.show_place.clicked.connect(lambda: self._open(self.rows.current_key or ""))
        back = KeyButton(self.theme, tr("Back to the article"), "Esc", "button.back")
        back.clicked.connect(self.left)
        return KeyBar(self.theme, (self.yes, self.no, self.label, self.show_place, back))

    # -- looking -----------------------------------------------------------------------------

    def refresh(self) -> None:
        """Begin with the words of the selected label, or with what was looked for before."""
        annotated = self._workspace.annotated
        selected = self._workspace.selected
        span = None
        if annotated is not None and len(selected) == 1:
            span = annotated.spans.get(selected[0])
        if span is not None and len(span.fragments) == 1:
            self.kind.choose("words")
            self.field.setText(words(span) if "\n" not in span.text[0] else span.text[0])
        self.search()
        if not self.model.keys:
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose_kind(self, kind: str) -> None:
        self.kind.choose(kind)
        self.search()

    def search(self) -> None:
        """Find all places anew."""
        self._workspace.flush()
        self._since = self._workspace.project.revision
        self._reader.stop()
        self.model.start()
        entity = self.kind.current == "entity"
        self.found.search(self.field.text().strip(), entity=entity)
        self._read_some()
        if self.found.waiting:
            self._reader.start()
        if self.model.keys:
            self.rows.setFocus(Qt.FocusReason.OtherFocusReason)

    def _read_some(self) -> None:
        row = self.rows.currentIndex().row()
        self.model.add(self.found.read_some())
        if self.model.keys:
            self.rows.setCurrentIndex(self.model.index(max(row, 0)))
        if not self.found.waiting:
            self._reader.stop()
        self._show_ticks()
        self._say()

    def read_all(self) -> None:
        """Read what is still waiting, at once."""
        while self.found.waiting:
            self._read_some()

    def _forget(self) -> None:
        self._reader.stop()
        self.found.waiting.clear()
        self.field.clear()
        self.model.start()

    def _on_changed(self, _edit: object) -> None:
        """What is shown is not true any more; it is read again when somebody looks."""
        if self.isVisible() and self.model.keys:
            QTimer.singleShot(0, self, self._again)

    def _again(self) -> None:
        kept = set(self.model.ticked)
        row = self.rows.currentIndex().row()
        self.search()
        self.read_all()
        if not self._decided_here:
            self.model.ticked &= kept
        self._decided_here = False
        if 0 <= row < len(self.model.keys):
            self.rows.setCurrentIndex(self.model.index(row))
        self._say()

    # -- ticking -----------------------------------------------------------------------------

    def _show_ticks(self) -> None:
        while (item := self._flow.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.ticks = []
        labels = dict.fromkeys(one.label for p in self.model.places for one in p.said)
        heading = label(tr("Tick"), tone="muted")
        heading.setContentsMargins(0, 0, 6, 0)
        self._flow.addWidget(heading)
        dress(heading, self.theme)
        wanted: list[tuple[str, Callable[[Occurrence], bool]]] = [
            (tr("What is open"), lambda place: place.is_open)
        ]
        wanted += [(name, partial(_has_label, name)) for name in labels]
        wanted += [
            (tr("Not labelled"), lambda place: place.case is None),
            (tr("All labelled"), lambda place: place.case is not None),
            (tr("None"), lambda _place: False),
        ]
        for text, test in wanted:
            able = [place for place in self.model.places if test(place)]
            button = FilterButton(self.theme, text)
            button.setCheckable(False)
            button.setObjectName("button.tick")
            if able:
                button.set_count(number(len(able)))
            button.clicked.connect(partial(self._tick_only, test))
            self._flow.addWidget(button)
            dress(button, self.theme)
            self.ticks.append(button)
        self._ticks.setVisible(bool(self.model.places))

    def _tick_only(self, wanted: Callable[[Occurrence], bool], _on: bool = False) -> None:
        self.model.tick_only(wanted)
        self._say()
        self.rows.setFocus(Qt.FocusReason.OtherFocusReason)

    def _turn(self, key: str) -> None:
        self.model.turn(key)
        self._say()

    def _say(self) -> None:
        places, ticked = self.model.places, len(self.model.chosen())
        judged = sum(place.case is not None for place in self.model.chosen())
        articles = tr_n(len(self.found.places), "{n} article", "{n} articles")
        text = tr_n(len(places), "{n} place", "{n} places")
        if places:
            text = tr("{places} in {articles}", places=text, articles=articles)
            chosen = tr_n(ticked, "{n} ticked", "{n} ticked")
            text = f"{text}, {chosen}"
        else:
            text = ""
        if kept := self.found.kept_back:
            left_out = tr_n(
                kept,
                "{n} article is left out: hand in your own labels there first.",
                "{n} articles are left out: hand in your own labels there first.",
            )
            text = f"{text}. {left_out}" if text else left_out
        self.rows.set_empty(self._nothing())
        self.counts.setText(text)
        self.counts.setVisible(bool(text))
        self.yes.say(tr("Accept {n}", n=number(judged)) if judged else tr("Accept"))
        self.no.say(tr("Leave out {n}", n=number(judged)) if judged else tr("Leave out"))
        self.label.say(tr("Label {n} as …", n=number(ticked)) if ticked else tr("Label as …"))
        self.show_place.setEnabled(bool(places))
        for button, count in ((self.yes, judged), (self.no, judged), (self.label, ticked)):
            button.setEnabled(count > 0 and not self.found.waiting)

    def _nothing(self) -> str:
        if self.found.waiting:
            return tr("Looking for the places")
        if self.field.text().strip():
            return tr("This stands nowhere. Look for other words, or for a person or place.")
        return tr("Type words and press Enter. All places where they stand come here.")

    # -- deciding ----------------------------------------------------------------------------

    def accept(self) -> None:
        """Accept the ticked places, after a look at what that does."""
        self._decide(tr("Accept"), ())

    def leave_out(self) -> None:
        """Leave the ticked places out of gold, for a reason."""
        self._decide(tr("Leave out"), reasons(self._workspace.scheme))

    def _decide(self, title: str, why: Sequence[str]) -> None:
        chosen = [place for place in self.model.chosen() if place.case is not None]
        if chosen and not self.found.waiting:
            self._look(title, partial(self._preview, chosen, bool(why)), why)

    def ask_label(self) -> None:
        """Ask as what the ticked places are to stand in gold."""
        if self.model.chosen() and not self.found.waiting:
            menu = self.label_menu()
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(self.label.mapToGlobal(self.label.rect().topLeft()))

    def label_menu(self) -> QMenu:
        """Make the menu of the labels that the ticked places can get."""
        menu = QMenu(self)
        menu.setObjectName("menu.label_ticked")
        for item in self._workspace.scheme.active_labels:
            action = menu.addAction(item.name.replace("&", "&&"))
            action.triggered.connect(lambda _=False, name=item.name: self.label_ticked(name))
        return menu

    def label_ticked(self, name: str) -> None:
        """Put a label into gold at every ticked place, after a look at what that does."""
        chosen = self.model.chosen()
        title = tr("Label as {label}", label=name)
        self._look(title, partial(self._labelling, chosen, name), ())

    def _labelling(self, chosen: list[Occurrence], name: str, share: float, _why: str) -> Preview:
        made = batch("phrase", self._signed(), share=share)
        places: dict[str, list[Fragment]] = {}
        for one in chosen:
            places.setdefault(one.article_id, []).append(one.fragment)
        return joined(
            label_all(self.found.reviews[article_id], made, own, name)
            for article_id, own in places.items()
        )

    def _look(self, title: str, make: Making, why: Sequence[str]) -> None:
        """Show what a decision does, and do it where that is wanted."""
        dialog = BatchPreview(self.theme, title, make, self, reasons=why)
        words = self.field.text().strip()
        decide_together(
            dialog,
            self._workspace,
            self._permission,
            since=self._since,
            detail=words,
            perform=self._perform,
        )
        self.rows.setFocus(Qt.FocusReason.OtherFocusReason)

    def _preview(
        self, chosen: list[Occurrence], rejecting: bool, share: float, why: str
    ) -> Preview:
        made = batch("phrase", self._signed(), share=share)
        keys: dict[str, set[str]] = {}
        for place in chosen:
            if place.case is not None:
                keys.setdefault(place.article_id, set()).add(place.case.key)
        return joined(
            these(self.found.reviews[article_id], made, own, reject=why if rejecting else None)
            for article_id, own in keys.items()
        )

    def _signed(self) -> Signature:
        project = self._workspace.project
        return Signature(project.author, now(), project.revision)

    def _perform(self, made: Edit, saving: Saving) -> bool:
        self._decided_here = True
        return self._workspace.perform(made, saving)

    # -- the place ---------------------------------------------------------------------------

    def _open(self, key: str) -> None:
        place = self.model.place(key)
        if place is None:
            return
        own = [] if place.case is None else place.case.records
        self.place_wanted.emit(place.article_id, own[0].id if own else "", place.fragment)


def _has_label(name: str, place: Occurrence) -> bool:
    return any(one.label == name for one in place.said)
