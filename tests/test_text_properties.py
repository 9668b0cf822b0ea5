"""What holds for the structure of any text whatever."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.model import Fragment
from annotator.text import Structure, occurrences
from annotator.text.stretches import STRETCH, is_blank
from annotator.text.tokens import grapheme_edges
from annotator.text.zones import ZONES, find_zones

PIECES = """
    Ada said that Syria’s U.S. “we go” "no" ‘it’s here,’ „ja“ « » ( ) [Bashar] MOSCOW, /TASS/.
    — - , . … e\u0301 👩\u200d👩\u200d👧 🇩🇪 क्षि 中国人。 עברית https://a.b/c. 100,000 workers' '90s
    l’Iran \u0301 \u200d \ufe0f\u20e3 \u0600 "
"""
WORDS = st.sampled_from([*PIECES.split(), "\n", "\n\n", "\xa0", "\t", "\u200b", "\x00"])
TEXTS = st.one_of(
    st.lists(WORDS, max_size=60).map(" ".join),
    st.lists(WORDS, max_size=60).map("".join),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
).map(lambda text: text.replace("\r", "\n"))


@st.composite
def texts_and_selections(draw: st.DrawFn) -> tuple[str, int, int]:
    text = draw(TEXTS)
    place = st.integers(0, len(text))
    return text, draw(place), draw(place)


def cuts_no_grapheme(text: str, fragment: Fragment) -> bool:
    edges = set(grapheme_edges(text, 0, len(text)))
    return fragment.start in edges and fragment.end in edges


@given(TEXTS)
def test_paragraphs_are_the_lines_of_the_text(text: str) -> None:
    paragraphs = Structure(text).paragraphs

    assert "\n".join(text[start:end] for start, end in paragraphs) == text


@given(TEXTS)
def test_tokens_are_in_order_apart_and_leave_only_blanks_between_them(text: str) -> None:
    tokens = Structure(text).tokens(Fragment(0, len(text)))

    position = 0
    for start, end in tokens:
        assert position <= start < end
        assert all(map(is_blank, text[position:start]))
        position = end
    assert all(map(is_blank, text[position:]))


@given(TEXTS)
def test_no_token_cuts_a_grapheme(text: str) -> None:
    for token in Structure(text).tokens(Fragment(0, len(text))):
        assert cuts_no_grapheme(text, token)


@given(TEXTS)
def test_walking_by_token_meets_every_token_both_ways(text: str) -> None:
    structure = Structure(text)
    tokens = list(structure.tokens(Fragment(0, len(text))))

    forward, at = [], -1
    while (token := structure.next_token(at)) is not None:
        forward.append(token)
        at = token.start
    backward, at = [], len(text) + 1
    while (token := structure.previous_token(at)) is not None:
        backward.append(token)
        at = token.start

    assert forward == tokens
    assert backward[::-1] == tokens


@given(TEXTS)
def test_walking_by_grapheme_meets_every_edge_both_ways(text: str) -> None:
    structure = Structure(text)
    edges = [0]
    while edges[-1] < len(text):
        edges.append(structure.grapheme_after(edges[-1]))
    back = [len(text)]
    while back[-1] > 0:
        back.append(structure.grapheme_before(back[-1]))

    assert edges == list(grapheme_edges(text, 0, len(text)))
    assert back[::-1] == edges


@given(TEXTS)
def test_every_token_lies_in_one_sentence_of_its_own_paragraph(text: str) -> None:
    structure = Structure(text)
    everything = Fragment(0, len(text))
    sentences = structure.sentences(everything)

    covered = [token for s in sentences for token in structure.tokens(s)]
    assert covered == list(structure.tokens(everything))
    for sentence in sentences:
        paragraph = structure.paragraph_at(sentence.start)
        assert paragraph.start <= sentence.start < sentence.end <= paragraph.end
        assert structure.sentence_at(sentence.start) == sentence


@given(TEXTS)
def test_walking_by_sentence_meets_every_sentence_both_ways(text: str) -> None:
    structure = Structure(text)
    forward, at = [], -1
    while (sentence := structure.next_sentence(at)) is not None:
        forward.append(sentence)
        at = sentence.start
    backward, at = [], len(text)
    while (sentence := structure.previous_sentence(at)) is not None:
        backward.append(sentence)
        at = sentence.start

    assert tuple(forward) == structure.sentences(Fragment(0, len(text)))
    assert backward[::-1] == forward


@given(TEXTS)
def test_quotations_nest_and_stay_in_their_paragraph(text: str) -> None:
    structure = Structure(text)
    found = structure.quotations(Fragment(0, len(text)))

    for quotation in found:
        paragraph = structure.paragraph_at(quotation.outer.start)
        assert paragraph.start <= quotation.outer.start < quotation.inner.start
        assert quotation.inner.start <= quotation.inner.end <= quotation.outer.end <= paragraph.end
        assert quotation.closed == (quotation.inner.end < quotation.outer.end)
    for one in found:
        for other in found:
            apart = one.outer.end <= other.outer.start or other.outer.end <= one.outer.start
            inside = one.inner.start <= other.outer.start and other.outer.end <= one.inner.end
            around = other.inner.start <= one.outer.start and one.outer.end <= other.inner.end
            assert one is other or apart or inside or around


@given(texts_and_selections(), st.booleans(), st.booleans())
def test_cleaning_twice_is_cleaning_once(
    selected: tuple[str, int, int], snap: bool, trim: bool
) -> None:
    text, start, end = selected
    structure = Structure(text)
    once = structure.clean(start, end, snap=snap, trim=trim)

    if once is None:
        assert all(map(is_blank, text[min(start, end) : max(start, end)]))
    else:
        assert once == structure.clean(*once, snap=snap, trim=trim)
        assert once.start < once.end
        assert not all(map(is_blank, text[structure.grapheme_before(once.end) : once.end]))
        assert cuts_no_grapheme(text, once)


@given(texts_and_selections())
def test_a_cleaned_selection_with_snapping_is_whole_tokens(selected: tuple[str, int, int]) -> None:
    text, start, end = selected
    structure = Structure(text)
    found = structure.clean(start, end)

    if found is not None:
        tokens = structure.tokens(found)
        assert found == Fragment(tokens[0].start, tokens[-1].end)


@given(texts_and_selections())
def test_expanding_grows_until_everything_is_selected(selected: tuple[str, int, int]) -> None:
    text, start, end = selected
    structure = Structure(text)
    fragment = Fragment(min(start, end), max(start, end))
    for _ in range(60):
        larger = structure.expand(fragment)
        if larger == fragment:
            break
        assert larger.start <= fragment.start <= fragment.end <= larger.end
        fragment = larger
    tokens = structure.tokens(Fragment(0, len(text)))
    if tokens:
        assert fragment.start <= tokens[0].start
        assert fragment.end >= tokens[-1].end


@given(texts_and_selections())
def test_shrinking_takes_expanding_back(selected: tuple[str, int, int]) -> None:
    text, position, _ = selected
    structure = Structure(text)
    step = structure.expand(Fragment(position, position))
    while (larger := structure.expand(step)) != step:
        assert structure.shrink(larger, within=position) == step
        step = larger


@given(TEXTS)
def test_likely_phrases_are_whole_tokens_of_one_sentence(text: str) -> None:
    structure = Structure(text, "en")
    for sentence in structure.sentences(Fragment(0, len(text))):
        for phrase in structure.phrases(sentence):
            for fragment in phrase.fragments:
                tokens = structure.tokens(fragment)
                assert sentence.start <= fragment.start < fragment.end <= sentence.end
                assert fragment == Fragment(tokens[0].start, tokens[-1].end)


@given(TEXTS, st.data())
def test_occurrences_are_equal_strings_on_whole_tokens(text: str, data: st.DataObject) -> None:
    structure = Structure(text)
    tokens = structure.tokens(Fragment(0, len(text)))
    if not tokens:
        return
    token = data.draw(st.sampled_from(tokens))
    needle = text[token.start : token.end]
    starts = {start for start, _ in tokens}
    found = occurrences(text, needle)

    assert all(text[start:end] == needle for start, end in found)
    assert {start for start, _ in found} <= starts
    if needle.isalpha():
        assert token in found


@given(TEXTS)
def test_zones_tell_every_paragraph_with_words_and_never_overlap(text: str) -> None:
    zones = find_zones(text)
    blocks = [zone for zone in zones if zone.zone != "dateline"]
    lines = [
        line for line in Structure(text).paragraphs if not all(map(is_blank, text[slice(*line)]))
    ]

    assert [Fragment(zone.start, zone.end) for zone in blocks] == lines
    for zone in zones:
        assert zone.zone in ZONES
        around = [b for b in blocks if b.start <= zone.start and zone.end <= b.end]
        assert len(around) == 1
        assert zone.start < zone.end


@given(st.lists(WORDS, min_size=3, max_size=12), st.integers(0, 3 * STRETCH))
@settings(max_examples=30, deadline=None)
def test_a_long_paragraph_reads_like_the_same_words_in_short_ones(
    words: list[str], position: int
) -> None:
    phrase = "".join(word for word in words if "\n" not in word) + "x y"
    text = phrase * (3 * STRETCH // len(phrase) + 2)
    structure = Structure(text)
    tokens = structure.tokens(Fragment(0, len(text)))

    assert "".join(text[s:e] for s, e in tokens) == "".join(
        text[s:e] for s, e in _tokens_at_once(text)
    )
    token = structure.token_at(position)
    assert token is None or token in tokens


def _tokens_at_once(text: str) -> list[Fragment]:
    from annotator.text.tokens import tokenise

    return list(tokenise(text, 0, len(text)).fragments(0, len(text)))
