"""A corrected text: every label keeps its words, or is in the list."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.annotated import Annotated
from annotator.editing import Impossible, NothingToDo, carried, correct_text, touched_by
from annotator.editing.difference import Hunk, hunks
from annotator.model import FORMER_TEXTS, ZONE_EXTRAS, Fragment, Layer, Span, Zone, text_hash
from annotator.spans import covered
from tests.notation import annotated, shown, tied


def after(article: Annotated, text: str) -> Annotated:
    """Return a copy of *article* with its text corrected."""
    result = article.copy()
    result.apply(correct_text(article, text).edit)
    return result


def corrected(notation: str, text: str) -> list[str]:
    """Return the labels, as words, that *notation* has once its text is *text*."""
    return shown(after(annotated(notation), text))


def test_labels_behind_a_typo_move_with_their_words() -> None:
    there = corrected("The kay. [Ada|Speaker] said [no|Claim].", "The quay. Ada said no.")
    assert there == ["Speaker: Ada", "Claim: no"]


def test_a_typo_inside_a_label_is_corrected_in_it() -> None:
    article = annotated("[Mrta Ilves|Speaker] said [the kay is safe|Claim].")
    correction = correct_text(article, "Marta Ilves said the quay is safe.")
    assert [(item.author, item.before.text, item.after and item.after.text) for item in
            correction.spans] == [
        ("ada", ("Mrta Ilves",), ("Marta Ilves",)),
        ("ada", ("the kay is safe",), ("the quay is safe",)),
    ]  # fmt: skip
    assert correction.lost == ()
    assert not any(item.after.unsure for item in correction.touched if item.after)


@pytest.mark.parametrize(
    ("before", "text", "now"),
    [
        ("[Ilve|Speaker] said", "Ilves said", "Ilves"),
        ("[Ilves|Speaker] said", "Ilves-Berg said", "Ilves-Berg"),
        ("[arta|Speaker] said", "Marta said", "Marta"),
        ("[Ilves|Speaker] said", "Ilves also said", "Ilves"),
        ("said [Ilves|Speaker]", "said Marta Ilves", "Ilves"),
        ("[Ilves|Speaker], said", "Ilves’s, said", "Ilves"),
        ("[Marta Ilves|Speaker] said", "Marta said", "Marta"),
        ("[Marta Ilves|Speaker] said", "Ilves said", "Ilves"),
        ("in [東京|Location]は", "in 東京都は", "東京"),
    ],
)
def test_letters_at_the_edge_belong_to_a_label_if_they_end_its_word(
    before: str, text: str, now: str
) -> None:
    assert corrected(before, text) == [f"{shown(annotated(before))[0].partition(': ')[0]}: {now}"]


def test_a_label_whose_words_are_gone_goes_with_its_links_and_is_listed() -> None:
    article = annotated(
        "[Ada|Speaker#1] said [it rains|Claim#2]. [It snows|Claim#3].",
        "#2>attributed_to>#1",
        "#3>attributed_to>#1",
    )
    correction = correct_text(article, "Ada said it rains.")
    assert [item.before.text for item in correction.lost] == [("It snows",)]
    assert [tie.source for tie in correction.relations] == ["3"]
    there = article.copy()
    there.apply(correction.edit)
    assert shown(there) == ["Speaker: Ada", "Claim: it rains"]
    assert tied(there) == {"it rains > attributed_to > Ada"}
    there.apply(correction.edit.inverse)
    assert there == article


def test_words_that_all_changed_keep_their_label_which_is_flagged_unsure() -> None:
    there = after(annotated("She lives in [Bergen|Location]."), "She lives in Oslo.")
    (span,) = there.spans.values()
    assert (span.text, span.unsure) == (("Oslo",), True)


def test_an_end_inside_replaced_words_is_flagged_unsure() -> None:
    there = after(
        annotated("He said [it was a dark|Claim]ish day."), "He said it was a greyish day."
    )
    (span,) = there.spans.values()
    assert span.text == ("it was a grey",)
    article = annotated("one [two|Claim#1] [three four|Cue#2] five")
    two, _ = correct_text(article, "one 2 34 five").spans
    assert two.after is None or two.after.unsure


def test_a_piece_of_a_discontinuous_label_can_go_alone() -> None:
    article = annotated("“[We start|Claim#1],” he said, “[in May|Claim#1].”")
    correction = correct_text(article, "“We start,” he said.")
    (item,) = correction.touched
    assert item.after is not None
    assert (item.after.text, item.after.unsure) == (("We start",), True)


def test_pieces_that_come_to_touch_become_one() -> None:
    article = annotated("[We start|Claim#1], he said,[ in May|Claim#1].")
    there = after(article, "We start in May.")
    (span,) = there.spans.values()
    assert span.text == ("We start in May",)
    assert not span.unsure


def test_all_layers_come_along() -> None:
    article = annotated("The kay. [Ada|Speaker] spoke.")
    other = Layer(id="l2", article_id="article", author="bo")
    (own,) = article.spans.values()
    article.layers["l2"] = other
    article.spans["b"] = replace(own, id="b", layer_id="l2")
    there = after(article, "The quay. Ada spoke.")
    assert [(s.layer_id, s.text, s.start) for s in there.spans.values()] == [
        ("layer-ada", ("Ada",), 10),
        ("l2", ("Ada",), 10),
    ]


def test_zones_move_and_the_title_follows_its_headline() -> None:
    article = annotated("Fery late\n\nOslo waits.\n\nEnd")
    zones = (Zone("headline", 0, 9), Zone("body", 11, 22), Zone("caption", 24, 27))
    extra = {ZONE_EXTRAS: [["body", 11, 22, {"page": 1}]]}
    article.article = replace(article.article, title="Fery late", zones=zones, extra=extra)
    correction = correct_text(article, "Ferry late\n\nOslo waits. And waits.\n\n")
    now = correction.edit.changes[0].after
    assert getattr(now, "title", "") == "Ferry late"
    assert getattr(now, "zones", ()) == (Zone("headline", 0, 10), Zone("body", 12, 34))
    assert getattr(now, "extra", {})[ZONE_EXTRAS] == [["body", 12, 34, {"page": 1}]]
    assert correction.zones == (Zone("caption", 24, 27),)


def test_the_texts_before_are_noted() -> None:
    article = annotated("The kay.")
    first = after(article, "The qay.")
    second = after(first, "The quay.")
    assert second.article.extra[FORMER_TEXTS] == [text_hash("The kay."), text_hash("The qay.")]
    assert second.article.former_texts == (text_hash("The kay."), text_hash("The qay."))
    assert after(second, "The kay.").article.former_texts == tuple(
        map(text_hash, ("The qay.", "The quay."))
    )
    strange = replace(article.article, extra={FORMER_TEXTS: "abc"})
    assert strange.former_texts == ()


def test_what_cannot_be_a_text_is_refused() -> None:
    article = annotated("The kay.")
    with pytest.raises(NothingToDo):
        correct_text(article, "The kay.")
    with pytest.raises(Impossible, match="no words"):
        correct_text(article, " \n")
    with pytest.raises(Impossible, match="half a character"):
        correct_text(article, "The \ud800 kay.")


def test_what_an_edit_did_can_be_told_afterwards() -> None:
    article = annotated("[Mrta|Speaker] said [so|Claim]. [Well|Claim].")
    correction = correct_text(article, "Marta said so.")
    assert touched_by(correction.edit, {"layer-ada": "ada"}) == correction.spans


def test_each_typo_in_a_megabyte_is_found() -> None:
    dice = random.Random(7)
    text = "".join(dice.choice("abc defgh ijklmn.\n") for _ in range(1_000_000))
    letters = list(text)
    places = sorted(dice.sample(range(len(letters)), 40))
    for place in places:
        letters[place] = "#"
    assert hunks(text, "".join(letters)) == tuple(Hunk(at, at + 1, at, at + 1) for at in places)
    (first, *_), last = hunks(text, text[600_000:] + text[:500_000]), len(text)
    assert first == Hunk(0, 0, 0, 400_000)
    assert hunks("a" * last, "b" * last) == (Hunk(0, last, 0, last),)


texts = st.text(st.sampled_from("ab é\n😀.,"), max_size=40)


@st.composite
def corrections(draw: st.DrawFn) -> tuple[Annotated, str]:
    """Make an article with labels, and a text that replaces stretches of it."""
    text = draw(texts.filter(lambda words: any(map(str.isalnum, words))))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6)))
    stretches = list(zip(cuts[::2], cuts[1::2], strict=False))
    new, at = "", 0
    for start, end in stretches:
        new += text[at:start] + draw(texts)
        at = end
    new += text[at:]
    article = annotated(text.replace("[", "").replace("|", ""))
    for number in range(draw(st.integers(0, 5))):
        places = sorted(draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=4)))
        fragments = tuple(map(Fragment, places[::2], places[1::2]))
        article.spans[f"s{number}"] = Span(
            id=f"s{number}",
            article_id="article",
            layer_id="layer-ada",
            label="Claim",
            fragments=fragments,
            text=covered(text, fragments),
        )
    return article, new


@given(corrections())
def test_spans_outside_the_difference_keep_their_words_and_undo_restores_all(
    case: tuple[Annotated, str],
) -> None:
    article, text = case
    if text == article.article.text or not any(map(str.isalnum, text)):
        return
    correction = correct_text(article, text)
    found = hunks(article.article.text, text)
    there = article.copy()
    there.apply(correction.edit)
    listed = {item.before.id for item in correction.spans}
    for span in article.spans.values():
        apart = all(
            hunk.old_end <= start or end <= hunk.old_start
            for hunk in found
            for start, end in span.fragments
        )
        inside = any(a < h.old_start < b for h in found for a, b in span.fragments)
        grown = any(h[:2] in ((a, a), (b, b)) for h in found for a, b in span.fragments)
        if apart and not inside and not grown:
            now = there.spans[span.id]
            assert "".join(now.text) == "".join(span.text)
            # Pieces between which everything was taken out are one piece now, and are listed.
            assert (span.id in listed) == (len(now.text) < len(span.text))
        if span.id not in there.spans or there.spans[span.id].text != span.text:
            assert span.id in listed
    for span in there.spans.values():
        assert span.text == covered(text, span.fragments)
        assert all(0 <= start < end <= len(text) for start, end in span.fragments)
        assert all(one.end < two.start for one, two in pairwise(span.fragments))
    there.apply(correction.edit.inverse)
    assert there == article


@given(texts, texts)
def test_hunks_make_the_new_text_of_the_old_one(old: str, new: str) -> None:
    made, at = "", 0
    for hunk in hunks(old, new):
        assert old[hunk.old_start : hunk.old_end] != new[hunk.new_start : hunk.new_end]
        made += old[at : hunk.old_start] + new[hunk.new_start : hunk.new_end]
        at = hunk.old_end
    assert made + old[at:] == new


@given(corrections())
def test_labels_of_the_old_text_come_to_the_new_one_as_by_the_correction(
    case: tuple[Annotated, str],
) -> None:
    article, text = case
    if text == article.article.text or not any(map(str.isalnum, text)):
        return
    moved, lost = carried(article, text)
    there = after(article, text)
    assert moved.spans == there.spans
    assert moved.article == there.article
    assert {span.id for span in lost} == article.spans.keys() - there.spans.keys()
