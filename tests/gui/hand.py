"""A person at the real window for tests: keys, mouse, and what they see of an article of theirs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator import schemes
from annotator.gui.app import Program
from annotator.model import Article, Change, Fragment, Relation, Span, edit, text_hash
from annotator.project import Project
from annotator.scheme import Scheme
from tests.gui.conftest import see, settle
from tests.gui.seat import Seat

QUAY = (
    "Marta Ilves said on Tuesday that the quay was safe.\n\n"
    "“The wall,” she said, “will not move an inch.” The mayor, Håkon Lunde, promised that divers "
    "would look. “We start in Bergen,” Lunde said.\n\n"
    "Jonas Berg doubts it. The quay should be closed, he told reporters in Bergen."
)
FERRY = "Bergen gets a new ferry.\n\nThe quay in Bergen was too small, Marta Ilves said."


@dataclass
class Hand(Seat):
    """The window with two articles, nothing marked yet."""

    @property
    def text(self) -> str:
        """The text of the open article."""
        return self.workspace.desk.annotated.article.text

    # -- doing ---------------------------------------------------------------------------------

    def press(self, *names: str) -> None:
        """Press keys, one after the other, where the focus is: ``s``, ``A``, ``Ctrl+F``."""
        for name in names:
            self.come_back()
            window = QGuiApplication.focusWindow()
            assert window is not None, name
            if len(name) == 1:
                shift = name.isupper()
                held = _HELD["Shift"] if shift else Qt.KeyboardModifier.NoModifier
                cast("Any", QTest).keyClick(window, name, held)
            else:
                sequence = QKeySequence.fromString(name, QKeySequence.SequenceFormat.PortableText)
                key = cast("Any", sequence)[0]
                QTest.keyClick(window, key.key(), key.keyboardModifiers())
            see()

    def come_back(self) -> None:
        """Do what a desktop does after a dialog has closed: the window is active again."""
        if QGuiApplication.focusWindow() is None:
            self.window.activateWindow()
            QApplication.processEvents()

    def type(self, words: str) -> None:
        """Type words where the focus is."""
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClicks(focus, words)
        see()

    def place(self, words: str, nth: int = 0) -> Fragment:
        """Return where *words* stand in the text."""
        at = -1
        for _ in range(nth + 1):
            at = self.text.index(words, at + 1)
        return Fragment(at, at + len(words))

    def go(self, words: str, nth: int = 0, by: int = 0) -> None:
        """Bring the caret before *words*, with keys alone; *by* characters further."""
        self.view.set_caret(self.place(words, nth).start + by)
        assert self.view.selection() is None

    def choose(self, words: str, nth: int = 0) -> None:
        """Select *words* with Shift and the arrow."""
        self.go(words, nth)
        self.press(*["Shift+Right"] * len(words))

    def mark(self, words: str, label: str, nth: int = 0) -> Span:
        """Select *words* and press the key of *label*; return the span."""
        self.choose(words, nth)
        self.press(_KEYS[label])
        (key,) = self.workspace.selected
        return self.workspace.desk.annotated.spans[key]

    def select(self, *spans: Span) -> None:
        """Select spans, as Tab and clicks with Ctrl do."""
        self.view.set_caret(self.view.caret())
        self.workspace.select(tuple(span.id for span in spans))
        see()

    def point(self, words: str, nth: int = 0, by: int = 1) -> QPoint:
        """Return a pixel of the viewport inside *words*."""
        layout, content = self.view.article_layout, self.view.content
        assert layout is not None
        assert content is not None
        spot = layout.place(content.map.to_shown(self.place(words, nth).start + by))
        scrolled = self.view.verticalScrollBar().value()
        return QPoint(round(spot.left()) + 1, round(spot.center().y()) - scrolled)

    def chip(self, span: Span) -> QPoint:
        """Return a pixel of the viewport on the chip of a span."""
        layout = self.view.article_layout
        assert layout is not None
        block = self.view.document().begin()
        while block.isValid():
            laid = layout.laid(block)
            for line in laid.lines:
                for piece in line.pieces:
                    if piece.span.id == span.id and piece.chip:
                        y = layout.top(laid.number) + layout.lane_y(line, piece.lane)
                        x = layout.column_left + piece.caption_left + 3
                        return QPoint(
                            round(x), round(y - self.view.verticalScrollBar().value()) + 8
                        )
            block = block.next()
        raise AssertionError(span)

    def drag(self, start: QPoint, end: QPoint, held: str = "") -> None:
        """Select from one pixel to another with the mouse."""
        port, left = self.view.viewport(), Qt.MouseButton.LeftButton
        modifiers = _HELD[held]
        QTest.mousePress(port, left, modifiers, start)
        QTest.mouseMove(port, end)
        QTest.mouseRelease(port, left, modifiers, end)
        see()

    def click(self, point: QPoint, held: str = "", times: int = 1) -> None:
        """Click in the article once, twice, three times."""
        port, left = self.view.viewport(), Qt.MouseButton.LeftButton
        if times > 1:
            QTest.mouseClick(port, left, _HELD[held], point)
            QTest.mouseDClick(port, left, _HELD[held], point)
            QTest.mouseRelease(port, left, _HELD[held], point)
        if times != 2:
            QTest.mouseClick(port, left, _HELD[held], point)
        see()

    def save(self) -> None:
        """Wait until everything is durable."""
        settle(self.program)

    # -- seeing --------------------------------------------------------------------------------

    @property
    def chosen(self) -> str:
        """The words that are selected in the text."""
        selection = self.view.selection()
        return "" if selection is None else self.text[selection.start : selection.end]

    @property
    def said(self) -> str:
        """What the status bar says."""
        return self.window.status.note.text()

    @property
    def spans(self) -> list[Span]:
        """The spans of the open article, in reading order."""
        return self.workspace.desk.annotated.spans_of(self.workspace.layer.id)

    @property
    def marked(self) -> list[tuple[str, str]]:
        """Label and words of the spans, in reading order; a gap is ``…``."""
        return [(span.label, " … ".join(span.text)) for span in self.spans]

    @property
    def selected(self) -> list[str]:
        """The words of the selected spans."""
        spans = self.workspace.desk.annotated.spans
        return [" … ".join(spans[key].text) for key in self.workspace.selected]

    @property
    def one(self) -> Span:
        """The one selected span, as it is now."""
        (key,) = self.workspace.selected
        return self.workspace.desk.annotated.spans[key]

    @property
    def ties(self) -> list[Relation]:
        """The relations of the open article."""
        return self.workspace.desk.annotated.relations_of(self.workspace.layer.id)

    def tied(self, span: Span, label: str = "attributed_to") -> list[str]:
        """Return the words, or the names, that a relation leads to from *span*."""
        annotated, known = self.workspace.desk.annotated, self.workspace.entities
        return [
            " … ".join(annotated.spans[tie.target].text)
            if tie.target is not None
            else known[tie.target_entity or ""].name
            for tie in annotated.relations_from(span.id, label)
        ]

    def now(self, span: Span) -> Span:
        """Return a span as it is by now."""
        return self.workspace.desk.annotated.spans[span.id]

    def hint(self, span: Span) -> str:
        """Return the letters that pick *span* now."""
        return next(h.text.lower() for h in self.view.state.hints if h.span_id == span.id)

    def stored(self, article: str = "quay") -> list[tuple[str, str]]:
        """Label and words of the author's spans in an article, as they are on the disk."""
        self.workspace.flush()
        project = self.workspace.project
        annotated = project.annotated(article)
        layer = annotated.layer_of(project.author)
        spans = [] if layer is None else annotated.spans_of(layer.id)
        return [(span.label, " … ".join(span.text)) for span in spans]


_KEYS = {"Speaker": "s", "Location": "l", "Claim": "c", "Cue": "q"}
_HELD = {
    "": Qt.KeyboardModifier.NoModifier,
    "Shift": Qt.KeyboardModifier.ShiftModifier,
    "Ctrl": Qt.KeyboardModifier.ControlModifier,
}


def make_project(location: Path, scheme: Scheme | None = None) -> Path:
    """Make a project with the two articles, and nothing marked."""
    project = Project.create(location, scheme or schemes.load("news-default"), author="lead")
    for name, text in (("quay", QUAY), ("ferry", FERRY)):
        article = Article(
            id=name, title=name.title(), text=text, sha256=text_hash(text), language="en"
        )
        project.perform(edit("import", [Change(None, article)]))
    project.close()
    return location


def begin(program: Program, location: Path, article: str = "quay") -> Hand:
    """Open the project of :func:`make_project` at an article, with the keyboard in the text."""
    assert program.window.projects.open(str(location), "ada")
    QApplication.processEvents()
    program.window.open_article(article)
    QApplication.processEvents()
    hand = Hand(program)
    hand.view.scrolling.smooth = False
    assert QApplication.focusWidget() is hand.view
    return hand
