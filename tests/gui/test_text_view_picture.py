"""What the article view draws: lanes, tints, states, hints; and that words stay where they are."""

import itertools
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from annotator.gui import theme
from annotator.gui.article.article_look import Sizes
from annotator.gui.article.article_painter import LabelInk
from annotator.gui.article.line_parts import LaidLine
from annotator.gui.article.text_view import ArticleView, Hint
from annotator.model import Change, Fragment, Layer, LayerKind, Relation, Span, Zone
from tests.gui.views import Shown, look, plain, show, span
from tests.notation import LAYER, annotated

QUAY = (
    "“[The quay is sinking|Claim#c],” [the mayor|Speaker#s] [told|Cue#q] the council, "
    "“[faster than we admit|Claim#c].”"
)


def test_inner_spans_stand_above_outer_ones(qtbot: QtBot) -> None:
    shown = show(qtbot, "[[[Oslo|Location#l] said|Speaker#s] so|Claim#c]")
    assert [shown.pieces(key)[0].lane for key in ("l", "s", "c")] == [0, 1, 2]


def test_fragments_of_one_span_share_a_lane_and_are_joined(qtbot: QtBot) -> None:
    shown = show(qtbot, QUAY)
    (piece,) = shown.pieces("c")
    assert len(piece.bars) == 2
    assert piece.gaps == ((piece.bars[0].right, piece.bars[1].left),)
    assert [bar.left_tick and bar.right_tick for bar in piece.bars] == [True, True]
    assert piece.lane == 1


def test_crossing_spans_and_equal_ones_all_have_their_bar(qtbot: QtBot) -> None:
    article = annotated("one two three four")
    for key, words, label in (
        ("a", "one two three", "Claim"),
        ("b", "three four", "Claim"),
        ("x", "two", "Speaker"),
        ("y", "two", "Location"),
    ):
        article.spans[key] = span(article, words, label, key)
    shown = show(qtbot, article)
    lanes = {key: shown.pieces(key)[0].lane for key in "abxy"}
    assert lanes["y"] == 0
    assert lanes["x"] == 1
    assert lanes["a"] != lanes["b"]


def test_a_span_over_two_paragraphs_goes_on_without_ticks(qtbot: QtBot) -> None:
    shown = show(qtbot, "He said [it sinks\nand it falls|Claim#c] today")
    first, second = shown.pieces("c")
    assert (first.bars[0].left_tick, first.bars[0].right_tick) == (True, False)
    assert (second.bars[0].left_tick, second.bars[0].right_tick) == (False, True)
    assert (first.caption, second.caption) == ("Claim", "... Claim")
    assert (first.chip, second.chip) == (True, False)


def test_what_finds_no_lane_is_counted_in_the_margin(qtbot: QtBot) -> None:
    article = annotated("word here")
    for number in range(11):
        article.spans[f"n{number}"] = span(article, "word", "Claim", f"n{number}")
    shown = show(qtbot, article)
    line = shown.layout.laid(shown.view.document().begin()).lines[0]
    assert (line.lanes, line.hidden) == (8, 3)


def test_a_chip_near_the_right_edge_shifts_left(qtbot: QtBot) -> None:
    shown = show(qtbot, "x " * 400)
    line_end = shown.layout.laid(shown.view.document().begin()).lines[0].end
    article = shown.article
    last = Fragment(line_end - 2, line_end - 1)
    made = span(article, "x", "Location", "edge")
    shown.perform(Change(None, replace(made, fragments=(last,))))
    (piece,) = shown.pieces("edge")
    assert piece.caption_left < piece.left
    assert piece.caption_left + piece.caption_width <= shown.layout.column_width


def test_the_chip_counts_relations_of_one_kind(qtbot: QtBot) -> None:
    notation = "[A|Claim#a] [B|Claim#b] [Ada|Speaker#s] [said|Cue#q]"
    shown = show(qtbot, notation, "#a>attributed_to>#s", "#b>attributed_to>#s", "#a>cued_by>#q")
    captions = {key: shown.pieces(key)[0].caption for key in "absq"}
    assert captions == {"a": "Claim", "b": "Claim", "s": "Speaker  2", "q": "Cue"}
    tie = shown.article.relations_from("b")[0]
    shown.perform(Change(tie, None))
    assert shown.pieces("s")[0].caption == "Speaker"


def test_suggestions_are_ghosts_and_others_have_their_own_lanes(qtbot: QtBot) -> None:
    article = annotated("[The mayor|Speaker#s] said [it sinks|Claim#c]")
    article.layers["robot"] = Layer(
        id="robot", article_id="article", author="robot", kind=LayerKind.SUGGESTER
    )
    article.layers["noor"] = Layer(id="noor", article_id="article", author="noor")
    article.spans["g"] = span(article, "said", "Cue", "g", "robot")
    article.spans["n"] = span(article, "said", "Cue", "n", "noor")
    shown = show(qtbot, article, others=("robot", "noor"))
    (ghost,), (other,) = shown.pieces("g"), shown.pieces("n")
    assert (ghost.rank.ghost, ghost.lane, ghost.caption) == (True, 0, "Cue")
    assert (other.rank.ghost, other.lane, other.caption) == (False, 1, "N Cue")


def test_layers_that_are_not_asked_for_are_not_shown(qtbot: QtBot) -> None:
    article = annotated("[The mayor|Speaker#s] said")
    article.spans["n"] = span(article, "said", "Cue", "n", "noor")
    assert show(qtbot, article).pieces("n") == []


def test_selecting_moves_nothing_and_makes_the_chip_solid(qtbot: QtBot) -> None:
    shown = show(qtbot, QUAY + "\nNext.", "#c>attributed_to>#s", "#c>cued_by>#q")
    heights, point = shown.layout.full_height, shown.chip_point("c")
    base = shown.view.look.colours("Claim").base
    assert shown.colour(point) != base
    shown.view.set_selected(["c"])
    assert shown.colour(point) == base
    assert shown.layout.full_height == heights


def test_the_tint_is_stronger_when_hovered_and_strongest_when_selected(qtbot: QtBot) -> None:
    shown = show(qtbot, "[Oslo|Location#l] is far")
    point = shown.point(0) + QPoint(0, 11)
    plain_tint = shown.colour(point)
    shown.view.state.hovered = "l"
    hovered = shown.colour(point)
    shown.view.set_selected(["l"])
    selected = shown.colour(point)
    colours = shown.view.look.colours("Location")
    assert (plain_tint, selected) == (colours.tint, colours.strong_tint)
    contrasts = [theme.contrast(c, colours.base) for c in (plain_tint, hovered, selected)]
    assert contrasts == sorted(contrasts, reverse=True)
    assert len(set(contrasts)) == 3


def test_relations_run_under_the_words_and_cross_none(qtbot: QtBot) -> None:
    shown = show(qtbot, QUAY, "#c>attributed_to>#s", "#c>cued_by>#q")
    without, words = shown.picture(), _words_of(shown)
    shown.view.state.related = "c"
    assert shown.picture() != without
    assert _words_of(shown) == words


@pytest.mark.parametrize("density", ["captions", "compact"])
def test_hints_cover_no_letter_of_the_article(qtbot: QtBot, density: str) -> None:
    text = "Bright [gypsy|Speaker#s] quays jump by " * 12
    shown = show(qtbot, text.replace("#s", ""), with_look=look(density=density))
    before = _words_of(shown)
    words = shown.view.words_in_sight()
    shown.view.show_hints([Hint("WM", word) for word in words])
    assert _words_of(shown) == before


def _words_of(shown: Shown) -> list[bytes]:
    """Return the pixels of the rows in which words stand, line by line."""
    picture = shown.picture()
    found = []
    block = shown.view.document().begin()
    while block.isValid():
        laid = shown.layout.laid(block)
        for line in laid.lines:
            top = shown.layout.top(laid.number) + line.text_top
            rows = picture.copy(0, round(top) + 2, picture.width(), round(line.text_height) - 2)
            found.append(bytes(rows.constBits()))
        block = block.next()
    return found


def test_dimming_leaves_the_targets_in_full_ink(qtbot: QtBot) -> None:
    shown = show(qtbot, "[Oslo|Location#l] and [Bergen|Location#b]")
    oslo, bergen = shown.chip_point("l"), shown.chip_point("b")
    before = shown.picture()
    shown.view.set_dimmed(frozenset({"b"}))
    after = shown.picture()
    assert after.pixelColor(bergen) == before.pixelColor(bergen)
    assert after.pixelColor(oslo) != before.pixelColor(oslo)
    shown.view.set_dimmed(None)
    assert shown.picture() == before


def test_marking_and_undoing_change_only_what_they_touch(qtbot: QtBot) -> None:
    shown = show(qtbot, "\n".join(f"Paragraph {n} with words" for n in range(8)))
    before = shown.picture()
    made = shown.perform(Change(None, span(shown.article, "Paragraph 3", "Claim", "new")))
    assert [piece.caption for piece in shown.pieces()] == ["Claim"]
    assert shown.picture() != before
    undo = made.inverse
    shown.article.apply(undo)
    shown.view.refresh(undo)
    assert shown.pieces() == []
    assert shown.picture() == before


def test_an_edit_above_keeps_the_words_in_sight_where_they_are(qtbot: QtBot) -> None:
    shown = show(qtbot, "\n".join(f"Paragraph {n} with words" for n in range(200)))
    shown.view.verticalScrollBar().setValue(1500)
    qtbot.wait(1)
    first = shown.view.in_sight().start
    y = shown.point(first + 20).y()
    shown.perform(Change(None, span(shown.article, "Paragraph 3", "Claim", "new")))
    assert shown.point(first + 20).y() == y


def test_scrolling_up_over_unseen_paragraphs_keeps_words_in_place(qtbot: QtBot) -> None:
    body = "\n".join(f"[Paragraph|Claim#p{n}] {n} " + "words " * (n % 70) for n in range(300))
    shown = show(qtbot, body)
    shown.press(Qt.Key.Key_End, ctrl=True)
    qtbot.wait(1)
    bar = shown.view.verticalScrollBar()
    for _ in range(12):
        first = shown.view.in_sight().start
        y = shown.point(first).y()
        bar.setValue(bar.value() - 90)
        qtbot.wait(1)
        assert abs(shown.point(first).y() - (y + 90)) <= 1


def test_the_unsure_and_noted_have_marks_in_the_margin(qtbot: QtBot) -> None:
    shown = show(qtbot, "[Oslo|Location#l] is far")
    right = int(shown.layout.column_left + shown.layout.column_width)
    margin = (right + 1, 0, shown.view.viewport().width() - right - 1, 120)
    empty = shown.picture().copy(*margin)
    before = shown.article.spans["l"]
    unsure = replace(before, unsure=True)
    shown.perform(Change(before, unsure))
    flagged = shown.picture().copy(*margin)
    noted = replace(before, note="which one?")
    shown.perform(Change(unsure, noted))
    bubble = shown.picture().copy(*margin)
    shown.perform(Change(noted, before))
    shown.view.set_warned(["l"])
    warned = shown.picture().copy(*margin)
    pictures = [empty, flagged, bubble, warned]
    assert all(a != b for a, b in itertools.combinations(pictures, 2))


@pytest.mark.parametrize("name", theme.NAMES)
def test_words_in_quiet_zones_can_be_read_on_every_tint(qtbot: QtBot, name: str) -> None:
    chosen = look(name)
    sizes = Sizes(chosen)
    for style in sizes.styles.values():
        for label in chosen.theme.palette:
            tint = chosen.theme.label(label).tint
            assert theme.contrast(style.colour, tint) >= theme.READABLE


@pytest.mark.parametrize("name", theme.NAMES)
def test_every_chip_can_be_read(qtbot: QtBot, name: str) -> None:
    view = ArticleView(look(name))
    qtbot.addWidget(view)
    for label in ("Speaker", "Location", "Claim", "Cue"):
        ink: LabelInk = view._artist.ink(label)
        assert theme.contrast(ink.base, ink.tint) >= theme.READABLE
        assert theme.contrast(ink.on_base, ink.base) >= theme.READABLE
        assert theme.contrast(view.look.theme.ink, ink.strong_tint) >= theme.READABLE


def test_zones_are_set_apart(qtbot: QtBot) -> None:
    article = plain("Headline here\nCaption here\nBody here")
    zones = (Zone("headline", 0, 13), Zone("caption", 14, 26), Zone("body", 27, 36))
    article.article = replace(article.article, zones=zones)
    shown = show(qtbot, article)
    heights = [shown.layout.place(at).height() for at in (2, 16, 30)]
    assert heights[0] > heights[2] > heights[1]


@pytest.mark.parametrize("px", [10, 17, 40])
def test_the_column_grows_with_the_text_and_leaves_room_beside_it(qtbot: QtBot, px: int) -> None:
    for width in (360, 680, 900, 2000):
        left, column = Sizes(look(text_px=px)).margins(width)
        assert 0 < column <= 656 * px / 17 + 1
        assert left >= 16
        assert left + column <= width - 15
    assert Sizes(look()).margins(680) == (80.0, 560.0)
    assert Sizes(look()).margins(840) == (112.0, 656.0)


SCRIPTS = (
    "emoji 👩‍👩‍👧‍👦 and 🇳🇴 here",
    "e\u0301te\u0301 n\u0303",
    "وقال رئيس البلدية إن الميناء القديم سيغلق",
    "ראש העיר אמר 12 כי Veldhaven ייסגר",
    "he said שלום עולם to the council",
    "मेयर इल्से मार्टेन ने कहा कि",
    "市长说，旧港口将于四月关闭渡轮服务",
    "tab\tand\xa0space zero\u200bwidth",
    "CR\rhere \u2029 and \u2028 and \ufdd0\ufdd1 \x00 \ufffc",
)
any_text = st.lists(
    st.one_of(st.sampled_from(SCRIPTS), st.text(max_size=20), st.just("\n")), max_size=8
).map(" ".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(any_text, st.integers(240, 900))
@example("emoji 👩‍👩‍👧‍👦 and 🇳🇴 here été ñ KÐ 00KÆ  ", 240)
def test_every_place_is_hit_where_it_is_drawn(qtbot: QtBot, text: str, width: int) -> None:
    shown = show(qtbot, plain(text), width=width)
    layout, content = shown.layout, shown.view.content
    assert content is not None
    cursor = shown.view.textCursor()
    cursor.setPosition(0)
    while True:
        position = cursor.position()
        place = layout.place(position)
        hit = layout.hitTest(place.center(), Qt.HitTestAccuracy.FuzzyHit)
        found = layout.place(hit)
        assert found.top() == place.top()
        # Where directions meet, one x belongs to two places; there is no telling which is meant.
        if not _is_mixed(shown.view.document().findBlock(position).text()):
            assert round(found.left()) == round(place.left())
        if not cursor.movePosition(cursor.MoveOperation.NextCharacter):
            break
    shown.view.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(any_text, st.data())
def test_any_spans_over_any_text_can_be_drawn(qtbot: QtBot, text: str, data: st.DataObject) -> None:
    article = plain(text)
    for number in range(data.draw(st.integers(0, 8)) if text else 0):
        made = data.draw(spans_over(text, f"s{number}"))
        article.spans[made.id] = made
    shown = show(qtbot, article, width=500)
    shown.picture()
    for key, drawn in article.spans.items():
        visible = any(not text[f.start : f.end].isspace() for f in drawn.fragments)
        if visible and not any(line.hidden for line in _lines(shown)):
            assert shown.pieces(key)
    for piece in shown.pieces():
        assert 0 <= piece.left <= piece.right
        assert piece.caption_left >= 0
    shown.view.close()


def spans_over(text: str, key: str) -> st.SearchStrategy[Span]:
    """Return any span over *text*, in up to three pieces."""

    def made(cuts: list[int]) -> Span:
        ends = sorted(cuts)[: len(cuts) // 2 * 2]
        places = tuple(Fragment(a, b) for a, b in zip(ends[::2], ends[1::2], strict=True))
        words = tuple(text[start:end] for start, end in places)
        return Span(
            id=key,
            article_id="article",
            layer_id=LAYER,
            label="Claim",
            fragments=places,
            text=words,
        )

    cut = st.integers(0, len(text))
    return st.lists(cut, min_size=2, max_size=6, unique=True).map(made)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(any_text.filter(bool), st.data())
def test_lanes_after_a_change_are_those_packed_anew(
    qtbot: QtBot, text: str, data: st.DataObject
) -> None:
    shown = show(qtbot, plain(text), width=300)
    shown.picture()
    spans = shown.article.spans
    for _ in range(data.draw(st.integers(1, 6))):
        key = data.draw(st.sampled_from(["s0", "s1", "s2", "s3"]))
        before, after = spans.get(key), data.draw(st.none() | spans_over(text, key))
        if before is not after:
            shown.perform(Change(before, after))
    after_changes = _packed(shown)
    shown.view.refresh()
    assert after_changes == _packed(shown)
    shown.view.close()


def _packed(shown: Shown) -> list[tuple[object, ...]]:
    """Return all that is known of the lines and of what lies on them."""
    return [
        (
            *(line.start, line.end, line.y, line.height, line.lane_tops, line.hidden),
            *((one.span.id, one.bars, one.gaps, one.caption_left, one.lane) for one in line.pieces),
        )
        for line in _lines(shown)
    ]


def _is_mixed(text: str) -> bool:
    kinds = {unicodedata.bidirectional(letter) for letter in text}
    return bool(kinds & {"R", "AL", "RLE", "RLO", "RLI"}) and bool(kinds - {"R", "AL", "WS"})


def _lines(shown: Shown) -> list[LaidLine]:
    found: list[LaidLine] = []
    block = shown.view.document().begin()
    while block.isValid():
        found += shown.layout.laid(block).lines
        block = block.next()
    return found


def test_a_long_paragraph_without_a_space_can_be_walked(qtbot: QtBot) -> None:
    shown = show(qtbot, plain("x" * 1_000_000))
    shown.press(Qt.Key.Key_End, ctrl=True)
    assert shown.view.caret() == 1_000_000
    assert shown.view.viewport().rect().contains(shown.point(1_000_000))
    assert len(shown.layout.blocks) < 40
    assert shown.layout.hitTest(QPointF(0, 0), Qt.HitTestAccuracy.FuzzyHit) == 0


def test_right_to_left_words_have_their_chip_at_their_start(qtbot: QtBot) -> None:
    shown = show(qtbot, "[ראש העיר|Speaker#s] אמר [כי הנמל ייסגר|Claim#c]")
    (speaker,), (claim,) = shown.pieces("s"), shown.pieces("c")
    assert speaker.left > claim.right
    assert speaker.caption_left + speaker.caption_width == speaker.right
    assert speaker.bars[0].left_tick
    assert speaker.bars[0].right_tick


def test_a_relation_to_another_line_names_its_other_end(qtbot: QtBot) -> None:
    notation = "[Ada Lovelace|Speaker#s] spoke.\n\n[It rains|Claim#c] in the valley."
    shown = show(qtbot, notation, "#c>attributed_to>#s")
    shown.view.set_selected(["c"])
    with_name = shown.picture()
    shown.article.spans["s"] = replace(shown.article.spans["s"], text=("Somebody else",))
    shown.view.viewport().update()
    assert shown.picture() != with_name


def test_all_relations_can_be_shown_at_once(qtbot: QtBot) -> None:
    notation = "[Ada|Speaker#s] said [it rains|Claim#c]."
    shown = show(qtbot, notation, "#c>attributed_to>#s")
    without = shown.picture()
    chosen = look()
    shown.view.set_look(type(chosen)(chosen.theme, chosen.scheme, show_all_relations=True))
    assert shown.picture() != without
    assert isinstance(shown.article.relations_from("c")[0], Relation)


def _ink_beside(shown: Shown) -> tuple[bool, bool]:
    """Say whether something stands left of the column, and right of it, in its first line."""
    picture, layout = shown.picture(), shown.layout
    left, right = round(layout.column_left), round(layout.column_left + layout.column_width)
    top = layout.header + 2
    rows = range(top, top + 30)

    def inked(columns: range) -> bool:
        return any(
            picture.pixelColor(x, y) != shown.view.look.theme.page for x in columns for y in rows
        )

    return inked(range(2, left - 4)), inked(range(right + 4, picture.width() - 2))


def test_the_number_of_a_paragraph_stands_where_its_lines_begin(qtbot: QtBot) -> None:
    assert _ink_beside(show(qtbot, "The quay is sinking.")) == (True, False)
    assert _ink_beside(show(qtbot, "الرصيف يغرق، قالت رئيسة البلدية.")) == (False, True)


def test_what_is_remarked_stands_where_lines_end(qtbot: QtBot) -> None:
    english = show(qtbot, "[The quay is sinking|Claim#c].")
    english.view.set_warned(["c"])
    arabic = show(qtbot, "[الرصيف يغرق|Claim#c]، قالت رئيسة البلدية.")
    arabic.view.set_warned(["c"])
    assert (_ink_beside(english), _ink_beside(arabic)) == ((True, True), (True, True))


def test_an_article_is_set_leftwards_only_where_its_letters_are(qtbot: QtBot) -> None:
    shown = show(qtbot, "قال Jonas Berg said that the quay of بيرغن is sinking.")
    assert not shown.layout.content.right_to_left
