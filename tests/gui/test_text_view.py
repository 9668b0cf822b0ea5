"""The article view by keyboard: caret, selection, what a screen reader and the clipboard get."""

import gc
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QAccessible,
    QAction,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QTextBlock,
)
from pytestqt.qtbot import QtBot

from annotator.gui.article import text_layout
from annotator.gui.article.line_parts import LaidBlock, lay_lanes
from annotator.gui.article.text_layout import ArticleLayout
from annotator.gui.article.text_view import ArticleView, Hint
from annotator.model import Fragment
from annotator.text import Structure
from tests.gui.views import Shown, look, plain, show
from tests.notation import LAYER, annotated

MAYOR = (
    "[The quay is sinking|Claim#c], [the mayor|Speaker#s] [told|Cue#q] the council. "
    "Nobody answered her.\n\nNext paragraph here."
)


def _caret_at(shown: Shown, words: str) -> None:
    shown.view.set_caret(shown.text.index(words))


def test_arrow_keys_move_by_whole_characters_as_they_are_read(qtbot: QtBot) -> None:
    shown = show(qtbot, plain("a👩‍👩‍👧e\u0301z"))
    steps = []
    for _ in range(4):
        shown.press(Qt.Key.Key_Right)
        steps.append(shown.view.caret())
    assert steps == [1, 6, 8, 9]
    shown.press(Qt.Key.Key_Left, Qt.Key.Key_Left)
    assert shown.view.caret() == 6


def test_ctrl_and_arrow_move_by_token(qtbot: QtBot) -> None:
    shown = show(qtbot, MAYOR)
    shown.press(Qt.Key.Key_Right, Qt.Key.Key_Right, ctrl=True)
    assert shown.text[shown.view.caret() :].startswith("is sinking")
    shown.press(Qt.Key.Key_Left, ctrl=True)
    assert shown.text[shown.view.caret() :].startswith("quay")


def test_alt_and_arrow_move_by_sentence(qtbot: QtBot) -> None:
    shown = show(qtbot, MAYOR)
    shown.press(Qt.Key.Key_Right, alt=True)
    assert shown.text[shown.view.caret() :].startswith("Nobody")
    shown.press(Qt.Key.Key_Right, alt=True)
    assert shown.text[shown.view.caret() :].startswith("Next")


def test_ctrl_and_down_move_to_the_next_paragraph_with_words(qtbot: QtBot) -> None:
    shown = show(qtbot, MAYOR)
    shown.press(Qt.Key.Key_Down, ctrl=True)
    assert shown.text[shown.view.caret() :] == "Next paragraph here."
    shown.press(Qt.Key.Key_Up, ctrl=True)
    assert shown.view.caret() == 0


def test_shift_extends_the_selection(qtbot: QtBot) -> None:
    shown = show(qtbot, MAYOR)
    _caret_at(shown, "the mayor")
    shown.press(Qt.Key.Key_Right, Qt.Key.Key_Right, ctrl=True, shift=True)
    assert shown.selected_text() == "the mayor "
    shown.press(Qt.Key.Key_Left, shift=True)
    assert shown.selected_text() == "the mayor"


def test_an_arrow_without_shift_leaves_the_selection_at_its_end(qtbot: QtBot) -> None:
    shown = show(qtbot, MAYOR)
    start = shown.text.index("the mayor")
    shown.view.select(Fragment(start, start + 9))
    shown.press(Qt.Key.Key_Left)
    assert (shown.view.caret(), shown.view.selection()) == (start, None)


def test_home_and_end_go_to_the_ends_of_the_line(qtbot: QtBot) -> None:
    shown = show(qtbot, "word " * 60)
    shown.view.set_caret(150)
    shown.press(Qt.Key.Key_Home)
    start = shown.view.caret()
    shown.press(Qt.Key.Key_End)
    end = shown.view.caret()
    places = [shown.layout.place(position).top() for position in (start, 150, end)]
    assert start < 150 < end
    assert places[0] == places[1] == places[2]


def test_up_and_down_keep_the_place_in_the_line(qtbot: QtBot) -> None:
    shown = show(qtbot, ("word " * 30 + "\n") * 4)
    shown.view.set_caret(20)
    x = shown.layout.place(20).left()
    shown.press(Qt.Key.Key_Down, Qt.Key.Key_Down)
    place = shown.layout.place(shown.view.caret())
    assert abs(place.left() - x) < 12
    assert place.top() > shown.layout.place(20).top() + 40


def test_the_caret_stays_in_sight_wherever_it_goes(qtbot: QtBot) -> None:
    shown = show(
        qtbot, "\n".join(f"[Paragraph|Claim#p{n}] {n} " + "word " * (n % 90) for n in range(400))
    )
    for key, ctrl in (
        (Qt.Key.Key_End, True),
        (Qt.Key.Key_PageUp, False),
        (Qt.Key.Key_Up, False),
        (Qt.Key.Key_Home, True),
        (Qt.Key.Key_PageDown, False),
        (Qt.Key.Key_PageDown, False),
        (Qt.Key.Key_Down, False),
    ):
        shown.press(key, ctrl=ctrl)
        point = shown.point(shown.view.caret())
        assert shown.view.viewport().rect().contains(point), key
    assert shown.view.caret() > 0


def test_a_page_down_moves_on_by_about_a_page(qtbot: QtBot) -> None:
    shown = show(qtbot, "\n".join("word " * 40 for _ in range(100)))
    before = shown.layout.place(0).top()
    shown.press(Qt.Key.Key_PageDown)
    moved = shown.layout.place(shown.view.caret()).top() - before
    assert 0.7 * shown.view.viewport().height() < moved <= shown.view.viewport().height()


def test_a_cut_in_a_long_paragraph_is_not_felt(qtbot: QtBot) -> None:
    text = "x" * 9000
    shown = show(qtbot, plain(text))
    shown.view.set_caret(3999)
    shown.press(Qt.Key.Key_Right, Qt.Key.Key_Right)
    assert shown.view.caret() == 4001
    shown.press(Qt.Key.Key_Left)
    assert shown.view.caret() == 4000


@pytest.mark.parametrize(
    "odd", ["a\xa0b", "a\u2028b", "a\rb", "a\u2029b", "a\x00b", "😀", "x" * 4100]
)
def test_copying_gives_the_stored_text(qtbot: QtBot, odd: str) -> None:
    shown = show(qtbot, plain(f"begin {odd} end"))
    shown.view.selectAll()
    shown.press(Qt.Key.Key_C, ctrl=True)
    data = QGuiApplication.clipboard().mimeData()
    assert data.text() == f"begin {odd} end"
    assert data.formats() == ["text/plain"]


def test_a_key_sink_sees_keys_before_shortcuts(qtbot: QtBot) -> None:
    shown = show(qtbot, MAYOR)
    seen: list[int] = []
    fired: list[bool] = []

    def sink(event: QKeyEvent) -> bool:
        seen.append(event.key())
        return event.key() == Qt.Key.Key_S

    action = QAction(shown.view)
    action.setShortcuts([QKeySequence("S"), QKeySequence("Ctrl+G")])
    action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    action.triggered.connect(lambda: fired.append(True))
    shown.view.addAction(action)
    shown.view.key_sink = sink
    shown.press(Qt.Key.Key_S)
    assert (seen, fired) == ([Qt.Key.Key_S], [])
    shown.press(Qt.Key.Key_G, ctrl=True)
    assert fired == [True]
    shown.view.key_sink = None
    shown.press(Qt.Key.Key_S)
    assert fired == [True, True]


def test_a_key_that_the_sink_took_moves_no_caret(qtbot: QtBot) -> None:
    shown = show(qtbot, MAYOR)
    shown.view.key_sink = lambda event: True
    shown.press(Qt.Key.Key_Right)
    assert shown.view.caret() == 0


def test_spans_at_a_place_come_innermost_first(qtbot: QtBot) -> None:
    shown = show(qtbot, "[[[Oslo|Location#l] said|Speaker#s] so|Claim#c]")
    assert shown.view.spans_at(1) == ["l", "s", "c"]
    assert shown.view.spans_at(6) == ["s", "c"]


def test_words_in_sight_are_those_that_can_be_seen(qtbot: QtBot) -> None:
    shown = show(qtbot, "\n".join(f"start{n} middle end{n}." for n in range(200)))
    words = [shown.text[w.start : w.end] for w in shown.view.words_in_sight()]
    assert words[:3] == ["start0", "middle", "end0"]
    assert "start199" not in words
    shown.press(Qt.Key.Key_End, ctrl=True)
    words = [shown.text[w.start : w.end] for w in shown.view.words_in_sight()]
    assert words[-1] == "end199"
    assert "start0" not in words


def test_a_screen_reader_hears_the_spans_at_the_caret(qtbot: QtBot) -> None:
    shown = show(qtbot, MAYOR, "#c>attributed_to>#s")
    _caret_at(shown, "quay")
    shown.view.set_selected(["c"])
    described = shown.view.accessibleDescription()
    assert described == "Claim, selected, The quay is sinking, attributed to the mayor. paragraph 1"


def test_a_screen_reader_finds_letters_where_they_are_drawn(qtbot: QtBot) -> None:
    shown = show(qtbot, "\n".join(f"[Paragraph|Claim#p{n}] number {n}" for n in range(80)))
    shown.view.set_caret(shown.text.index("number 60"))
    text = QAccessible.queryAccessibleInterface(shown.view).textInterface()
    for words in ("number 60", "number 58"):
        at = shown.text.index(words)
        expected = shown.view.viewport().mapToGlobal(shown.point(at))
        assert text.characterRect(at).adjusted(-1, -1, 1, 1).contains(expected)


def test_revealing_brings_a_far_place_into_sight(qtbot: QtBot) -> None:
    shown = show(qtbot, "\n".join(f"[Paragraph|Claim#p{n}] number {n}" for n in range(300)))
    at = shown.text.index("number 250")
    shown.view.reveal(Fragment(at, at + 10))
    assert shown.view.viewport().rect().contains(shown.point(at))
    assert shown.view.caret() == 0


def test_other_text_sizes_and_widths_keep_the_words_in_sight(qtbot: QtBot) -> None:
    shown = show(qtbot, "\n".join(f"Paragraph {n} " + "word " * 60 for n in range(120)))
    shown.view.verticalScrollBar().setValue(4000)
    qtbot.wait(1)
    first = shown.view.in_sight().start
    paragraph = shown.text.count("\n", 0, first)
    shown.view.set_look(look(text_px=26))
    assert shown.text.count("\n", 0, shown.view.in_sight().start) in (paragraph, paragraph + 1)
    shown.view.resize(600, 600)
    assert shown.text.count("\n", 0, shown.view.in_sight().start) in (paragraph, paragraph + 1)


def test_hints_are_filtered_by_what_is_typed(qtbot: QtBot) -> None:
    shown = show(qtbot, MAYOR)
    words = shown.view.words_in_sight()
    hints = [Hint(text, word) for text, word in zip(("AS", "AD", "F"), words, strict=False)]
    without = shown.picture()
    shown.view.show_hints(hints)
    everything = shown.picture()
    shown.view.filter_hints("a")
    fewer = shown.picture()
    shown.view.clear_hints()
    assert everything not in (without, fewer)
    assert shown.picture() == without


def test_nothing_is_shown_without_an_article(qtbot: QtBot) -> None:
    shown = show(qtbot, MAYOR)
    shown.view.show_article(None, None, "")
    shown.press(Qt.Key.Key_Right, Qt.Key.Key_End)
    assert (shown.view.caret(), shown.view.selection(), shown.view.spans_at(0)) == (0, None, [])
    assert shown.view.words_in_sight() == []
    assert shown.view.accessibleDescription() == "No article is open."


def test_many_views_and_articles_come_and_go(qtbot: QtBot) -> None:
    article = annotated(MAYOR)
    structure = Structure(article.article.text)
    for _ in range(30):
        view = ArticleView(look())
        view.resize(500, 300)
        view.show()
        for _ in range(3):
            view.show_article(article, structure, LAYER)
            view.grab()
        view.close()
        view.deleteLater()
        del view
        gc.collect()
        QGuiApplication.processEvents()
    shown = show(qtbot, article)
    assert shown.pieces("c")


def test_many_labels_that_change_in_a_paragraph_are_packed_at_once(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = show(qtbot, MAYOR)
    packed: list[int] = []

    def counted(layout: ArticleLayout, block: QTextBlock, laid: LaidBlock, *lines: Any) -> None:
        packed.append(laid.number)
        lay_lanes(layout, block, laid, *lines)

    monkeypatch.setattr(text_layout, "lay_lanes", counted)
    shown.view.repack([Fragment(start, start + 2) for start in range(20)])
    assert packed == [0]
