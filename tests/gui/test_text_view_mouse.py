"""The article view by mouse: caret, words, sentences, spans, files."""

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from annotator.model import Fragment
from tests.gui.views import Shown, show

TEXT = (
    "“[The quay is sinking|Claim#c],” [the mayor|Speaker#s] told the council. "
    "Nobody answered her.\nNext paragraph here."
)
LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def _drag(shown: Shown, start: QPoint, end: QPoint, held: Qt.KeyboardModifier = NONE) -> None:
    viewport = shown.view.viewport()
    QTest.mousePress(viewport, LEFT, held, start)
    QTest.mouseMove(viewport, (start + end) / 2)
    QTest.mouseMove(viewport, end)
    QTest.mouseRelease(viewport, LEFT, held, end)


def test_a_click_puts_the_caret_there(qtbot: QtBot) -> None:
    shown = show(qtbot, TEXT)
    QTest.mouseClick(shown.view.viewport(), LEFT, NONE, shown.point_of("council"))
    assert shown.text[shown.view.caret() :].startswith("council")


def test_dragging_selects(qtbot: QtBot) -> None:
    shown = show(qtbot, TEXT)
    _drag(shown, shown.point_of("mayor"), shown.point_of(" the council"))
    assert shown.selected_text() == "mayor told"


def test_a_double_click_selects_a_token(qtbot: QtBot) -> None:
    shown = show(qtbot, TEXT)
    QTest.mouseDClick(shown.view.viewport(), LEFT, NONE, shown.point_of("nking"))
    assert shown.selected_text() == "sinking"


def test_a_third_click_selects_the_sentence_cleaned(qtbot: QtBot) -> None:
    shown = show(qtbot, TEXT)
    point = shown.point_of("answered")
    QTest.mouseDClick(shown.view.viewport(), LEFT, NONE, point)
    QTest.mouseClick(shown.view.viewport(), LEFT, NONE, point)
    assert shown.selected_text() == "Nobody answered her"


def test_dragging_after_a_double_click_takes_whole_tokens(qtbot: QtBot) -> None:
    shown = show(qtbot, TEXT)
    viewport = shown.view.viewport()
    QTest.mousePress(viewport, LEFT, NONE, shown.point_of("ayor"))
    QTest.mouseRelease(viewport, LEFT, NONE, shown.point_of("ayor"))
    QTest.mouseDClick(viewport, LEFT, NONE, shown.point_of("ayor"))
    QTest.mousePress(viewport, LEFT, NONE, shown.point_of("answered"))
    QTest.mouseRelease(viewport, LEFT, NONE, shown.point_of("answered"))
    QTest.mouseDClick(viewport, LEFT, NONE, shown.point_of("ayor"))
    assert shown.selected_text() == "mayor"


def test_shift_and_click_extend_to_there(qtbot: QtBot) -> None:
    shown = show(qtbot, TEXT)
    shown.view.set_caret(shown.text.index("told"))
    QTest.mouseClick(shown.view.viewport(), LEFT, SHIFT, shown.point_of(". Nobody"))
    assert shown.selected_text() == "told the council"


def test_selecting_with_ctrl_adds_a_fragment(qtbot: QtBot) -> None:
    shown = show(qtbot, TEXT)
    added: list[Fragment] = []
    shown.view.fragment_added.connect(added.append)
    _drag(shown, shown.point_of("told"), shown.point_of(" the council"), CTRL)
    start = shown.text.index("told")
    assert added == [Fragment(start, start + 4)]


def test_a_click_on_a_chip_names_its_span(qtbot: QtBot) -> None:
    shown = show(qtbot, TEXT)
    clicked: list[tuple[str, object]] = []
    shown.view.span_clicked.connect(lambda *args: clicked.append(args))
    shown.view.set_caret(50)
    QTest.mouseClick(shown.view.viewport(), LEFT, CTRL, shown.chip_point("s"))
    assert clicked == [("s", CTRL)]
    assert shown.view.caret() == 50


def test_pointing_at_words_or_chips_hovers_the_innermost_span(qtbot: QtBot) -> None:
    shown = show(qtbot, "[[Oslo|Location#l] is far|Claim#c] away and says so")
    hovered: list[object] = []
    shown.view.span_hovered.connect(hovered.append)
    for point in (
        shown.point_of("Oslo"),
        shown.point_of("far"),
        shown.point_of("away"),
        shown.chip_point("c"),
    ):
        QTest.mouseMove(shown.view.viewport(), point)
    assert hovered == ["l", "c", None, "c"]


def test_relations_appear_after_a_moment_of_pointing(qtbot: QtBot) -> None:
    shown = show(qtbot, TEXT, "#c>attributed_to>#s")
    QTest.mouseMove(shown.view.viewport(), shown.chip_point("c"))
    assert shown.view.state.related is None
    qtbot.waitUntil(lambda: shown.view.state.related == "c")


def test_holding_the_mouse_below_the_edge_scrolls_on(qtbot: QtBot) -> None:
    shown = show(qtbot, "\n".join("word " * 40 for _ in range(60)))
    viewport = shown.view.viewport()
    below = QPoint(300, viewport.height() + 40)
    QTest.mousePress(viewport, LEFT, NONE, QPoint(300, 100))
    QTest.mouseMove(viewport, below)
    qtbot.waitUntil(lambda: shown.view.verticalScrollBar().value() > 100)
    QTest.mouseRelease(viewport, LEFT, NONE, below)
    chosen = shown.view.selection()
    assert chosen is not None
    assert shown.layout.place(chosen.end).top() > viewport.height()


def test_dropped_files_are_named(qtbot: QtBot) -> None:
    shown = show(qtbot, TEXT)
    dropped: list[list[str]] = []
    shown.view.files_dropped.connect(dropped.append)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/tmp/a.txt"), QUrl("https://example.org/x")])
    copy = Qt.DropAction.CopyAction
    entered = QDragEnterEvent(QPoint(50, 50), copy, data, LEFT, NONE)
    QGuiApplication.sendEvent(shown.view.viewport(), entered)
    assert entered.isAccepted()
    event = QDropEvent(QPointF(50, 50), copy, data, LEFT, NONE)
    QGuiApplication.sendEvent(shown.view.viewport(), event)
    assert dropped == [["/tmp/a.txt"]]


def test_ctrl_and_wheel_ask_for_another_text_size(qtbot: QtBot) -> None:
    shown = show(qtbot, TEXT)
    wanted: list[int] = []
    shown.view.zoom_wanted.connect(wanted.append)
    for turn in (120, -120):
        event = QWheelEvent(
            QPointF(50, 50),
            QPointF(50, 50),
            QPoint(0, 0),
            QPoint(0, turn),
            Qt.MouseButton.NoButton,
            CTRL,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QGuiApplication.sendEvent(shown.view.viewport(), event)
    assert wanted == [1, -1]
    assert shown.view.look.text_px == 17
