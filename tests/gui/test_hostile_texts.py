"""Markup in titles, names and comments is shown as it is; no request comes of it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QTextEdit, QWidget

from annotator import editing, schemes
from annotator.gui.app import Program
from annotator.gui.ask import Ask
from annotator.model import Article, Change, Fragment, edit, text_hash
from annotator.project import Project
from annotator.scheme import Scheme
from tests.gui.conftest import Start, settle, until

LINK = '<b>x</b><a href="file:///etc/passwd">y</a>'
TEXT = "Marta Ilves said that the quay was safe."


@pytest.fixture
def server() -> Iterator[socket.socket]:
    """Yield a server that nobody is to call."""
    with socket.create_server(("127.0.0.1", 0)) as made:
        made.settimeout(0.2)
        yield made


def calls(server: socket.socket) -> int:
    """Return how many came to the server."""
    count = 0
    while True:
        try:
            connection, _ = server.accept()
        except TimeoutError:
            return count
        connection.close()
        count += 1


def _renamed(name: str) -> str:
    return LINK if name == "Speaker" else name


def hostile_scheme() -> Scheme:
    scheme = schemes.load("news-default")
    first = replace(scheme.labels[0], name=LINK)
    relations = tuple(
        replace(
            relation,
            source=_renamed(relation.source),
            targets=tuple(map(_renamed, relation.targets)),
        )
        for relation in scheme.relations
    )
    return replace(scheme, labels=(first, *scheme.labels[1:]), relations=relations)


@pytest.fixture
def program(app: Start, tmp_path: Path, server: socket.socket) -> Program:
    """Return the window with an article whose title and label are markup."""
    image = f'<img src="http://127.0.0.1:{server.getsockname()[1]}/x">'
    path = tmp_path / "news.annotator"
    with Project.create(path, hostile_scheme(), title=image, author="ada") as project:
        made = Article(id="a", title=image, text=TEXT, sha256=text_hash(TEXT), source=image)
        project.perform(edit("import", [Change(None, made)]))
    started = app(author="ada")
    started.window.projects.open(str(path))
    until(lambda: started.workspace.annotated is not None)
    workspace = started.workspace
    assert workspace.perform(editing.mark(workspace.desk, [Fragment(0, 11)], LINK))
    settle(started)
    return started


def reads_markup(tip: str) -> bool:
    """Whether a tool tip holds foreign markup that is not escaped."""
    return "<img" in tip or "<a " in tip or "<b>x" in tip


def is_markup(widget: QWidget) -> bool:
    """Whether a widget would read what it shows as markup."""
    if isinstance(widget, QLabel) and "<" in widget.text():
        return widget.textFormat() != Qt.TextFormat.PlainText or widget.openExternalLinks()
    if isinstance(widget, QTextEdit) and widget.acceptRichText():
        return not widget.isReadOnly()
    return reads_markup(widget.toolTip())


def walk(program: Program) -> list[QWidget]:
    """Go through the places of the window, and return every widget that was made."""
    window = program.window
    for action in ("place.annotate", "place.review", "place.insights", "place.annotate"):
        window.commands.run(action)
        for _ in range(20):
            QApplication.processEvents()
    spans = program.workspace.desk.annotated.spans
    program.workspace.select(tuple(spans))
    QApplication.processEvents()
    return window.findChildren(QWidget)


@pytest.mark.hostile(1)
@pytest.mark.hostile(2)
def test_markup_in_titles_and_labels_is_shown_as_it_is(
    program: Program, server: socket.socket
) -> None:
    widgets = walk(program)
    assert [
        (type(widget).__name__, widget.objectName()) for widget in widgets if is_markup(widget)
    ] == []
    assert "<img src=" in program.window.windowTitle()
    model = program.window.articles.model
    shown = str(model.index(0, 0).data(Qt.ItemDataRole.DisplayRole))
    assert shown.startswith("<img src=")
    tip = str(model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole) or "")
    assert not reads_markup(tip)
    assert calls(server) == 0


class Dialogs:
    """Looks at each dialog that opens, and closes it."""

    def __init__(self) -> None:
        self.read: list[str] = []
        self.markup: list[str] = []

    def look(self, dialog: QDialog) -> int:
        """Show a dialog in the place of its own loop."""
        dialog.show()
        QApplication.processEvents()
        for widget in [dialog, *dialog.findChildren(QWidget)]:
            if is_markup(widget):
                self.markup.append(f"{type(widget).__name__} {widget.objectName()}")
            for asked in ("text", "toPlainText", "windowTitle"):
                words = getattr(widget, asked, "")
                found = words() if callable(words) else words
                self.read += [found] if isinstance(found, str) else []
        dialog.grab()
        dialog.reject()
        return 0


@pytest.fixture
def dialogs(monkeypatch: pytest.MonkeyPatch) -> Dialogs:
    seen = Dialogs()

    def run(dialog: QDialog) -> int:
        return seen.look(dialog)

    monkeypatch.setattr(QDialog, "exec", run)
    return seen


@pytest.mark.hostile(1)
@pytest.mark.parametrize("how", ["tell", "warn", "offer", "choose", "line"])
def test_markup_in_a_message_box_is_shown_as_it_is(
    program: Program, dialogs: Dialogs, server: socket.socket, how: str
) -> None:
    image = f'<img src="http://127.0.0.1:{server.getsockname()[1]}/x">'
    ask = Ask()
    extra: dict[str, list[Any]] = {"offer": [image], "choose": [[image]], "line": [image]}
    more = extra.get(how, [])
    getattr(ask, how)(program.window, f"{image} is damaged.", *more, image)
    assert dialogs.markup == []
    assert any(image in words for words in dialogs.read)
    assert calls(server) == 0


@pytest.mark.hostile(1)
@pytest.mark.hostile(2)
@pytest.mark.parametrize("action", ["article.details", "scheme.edit"])
def test_markup_in_a_dialog_of_the_window_is_shown_as_it_is(
    program: Program, dialogs: Dialogs, server: socket.socket, action: str
) -> None:
    program.window.commands.run(action)
    QApplication.processEvents()
    assert dialogs.read
    assert dialogs.markup == []
    assert any("<img src=" in words or LINK in words for words in dialogs.read)
    assert calls(server) == 0
