"""Tokens by name, and labels moved to their edges."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.formats.tokens import Misfits, Tokens, sentences, snapped, tokeniser, tokens_of
from annotator.model import Fragment, Relation
from annotator.text import Structure
from tests.formats.articles import add_span, any_article, characters, small
from tests.formats.round_trip import SCRIPTS

NEWS = "“We don't know,” the US-led team said."


def cut(name: str, text: str, language: str | None = "en") -> list[str]:
    return tokeniser(name)(text, language).words()


def test_words_are_those_that_the_program_walks_by() -> None:
    assert cut("words", NEWS) == (
        ["“", "We", "don't", "know", ",", "”", "the", "US", "-", "led", "team", "said", "."]
    )


def test_white_space_parts_tokens_where_asked() -> None:
    assert cut("whitespace", "A  b.\n\u00a0c\u2028d") == ["A", "b.", "c", "d"]


def test_characters_are_whole_graphemes() -> None:
    assert cut("characters", "e\u0301 👩‍👩‍👧\r\n部") == ["e\u0301", "👩‍👩‍👧", "部"]


def test_spacy_cuts_by_the_rules_of_a_language_or_of_each_article() -> None:
    assert cut("spacy:en", NEWS)[2:4] == ["do", "n't"]
    assert cut("spacy", "z.B. morgen", "de") == ["z.B.", "morgen"]
    assert cut("spacy", "z.B. morgen", "klingon") == cut("spacy:xx", "z.B. morgen")


@pytest.mark.parametrize("name", ["word", "spacy:klingon", "spacy:../evil", "spacy:qqq"])
def test_a_tokeniser_that_is_not_there_is_refused_by_name(name: str) -> None:
    with pytest.raises(UserError, match=r"tokeniser|language"):
        tokeniser(name)


texts = st.lists(st.sampled_from(SCRIPTS) | st.text(characters, max_size=12), max_size=4).map(
    "".join
)


@given(texts)
def test_remembered_words_are_what_the_structure_of_the_text_says(text: str) -> None:
    tokenise = tokeniser("words")
    tokenise(text[::-1], None)
    found = tokenise(text, None)
    assert list(zip(found.starts, found.ends, strict=True)) == list(
        Structure(text).tokens(Fragment(0, len(text)))
    )


@given(texts, st.sampled_from(["words", "whitespace", "characters", "spacy:en"]))
def test_tokens_stand_in_order_and_cover_all_that_is_not_blank(text: str, name: str) -> None:
    found = tokeniser(name)(text, "en")
    pairs = list(zip(found.starts, found.ends, strict=True))
    edges = [edge for pair in pairs for edge in pair]
    assert edges == sorted(edges)
    assert all(word.strip() for word in found.words())
    gaps = zip([0, *found.ends], [*found.starts, len(text)], strict=True)
    assert not any(char.isalnum() for a, b in gaps for char in text[a:b])


def test_a_span_inside_words_grows_to_their_edges() -> None:
    item = small()
    add_span(item, "s4", "Speaker", "art", "slo")
    result = snapped(item, tokens_of(item.article, tokeniser("words")))
    assert result.spans["s4"].text == ("Marta", "Oslo")
    assert {key: result.spans[key] for key in ("s1", "s2", "s3")} == {
        key: item.spans[key] for key in ("s1", "s2", "s3")
    }


def test_fragments_that_meet_at_one_token_become_one() -> None:
    item = small()
    add_span(item, "s4", "Speaker", "Ma", "ta Il")
    result = snapped(item, tokens_of(item.article, tokeniser("words")))
    assert result.spans["s4"].text == ("Marta Ilves",)


def test_a_span_without_a_token_goes_with_its_relations() -> None:
    item = small()
    add_span(item, "s4", "Cue", "\n\n")
    tie = Relation(
        id="r2", article_id="ferry-1", layer_id="l1", label="cued_by", source="s1", target="s4"
    )
    item.relations["r2"] = tie
    result = snapped(item, tokens_of(item.article, tokeniser("words")))
    assert "s4" not in result.spans
    assert result.relations.keys() == {"r1"}


def test_what_tokens_do_not_fit_is_counted_and_told() -> None:
    item = small()
    add_span(item, "s4", "Cue", "\n\n")
    add_span(item, "s5", "Speaker", "art")
    misfits = Misfits(tokeniser("words"))
    for _ in range(2):
        misfits.snap(item)
    assert [(loss.feature, loss.count) for loss in misfits.losses] == [
        ("token_edges", 2),
        ("no_tokens", 2),
    ]
    assert misfits.losses[0].sentence.startswith("2 spans do not begin and end at a token")


@given(any_article())
def test_spans_moved_to_tokens_stay_there(item: Annotated) -> None:
    tokens = tokens_of(item.article, tokeniser("words"))
    once = snapped(item, tokens)
    assert snapped(once, tokens) is once
    for key, span in once.spans.items():
        old = item.spans[key]
        for fragment in old.fragments:
            touched = tokens.touching(fragment)
            assert not touched or any(
                now.start <= tokens.starts[touched[0]] and tokens.ends[touched[-1]] <= now.end
                for now in span.fragments
            )


def test_sentences_are_not_cut_inside_a_span() -> None:
    item = small()
    text = "It rained. She said: “We go. We stay.” Nobody moved."
    item.article = replace(item.article, text=text)
    item.spans.clear()
    tokens: Tokens = tokeniser("words")(text, "en")

    def found() -> list[str]:
        parts = sentences(tokens, item.spans.values(), "en")
        return [text[slice(*tokens.hull(part))] for part in parts]

    assert found() == ["It rained.", "She said: “We go.", "We stay.”", "Nobody moved."]
    add_span(item, "s1", "Claim", "We go. We stay.")
    assert found() == ["It rained.", "She said: “We go. We stay.”", "Nobody moved."]
