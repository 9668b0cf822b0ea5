from dataclasses import replace

import pytest

from annotator import editing
from annotator.annotated import Annotated
from annotator.editing import Desk, Impossible, NothingToDo
from annotator.model import (
    Edit,
    Entity,
    Fragment,
    Layer,
    LayerState,
    Span,
)
from annotator.text import Structure
from tests.notation import annotated, desk, find, news_scheme, shown, span_of, tied

RAIN = "[Ada|Speaker#1] [said|Cue#3] [it rains in Oslo|Claim#2]."
TIES = ("#2>attributed_to>#1", "#2>cued_by>#3")


def done(article: Annotated, edit: Edit) -> Edit:
    """Apply *edit* to *article*, prove that its inverse takes it back, and apply it again."""
    before = article.copy()
    article.apply(edit)
    inverse = edit.inverse
    article.apply(inverse)
    assert article == before
    article.apply(inverse.inverse)
    return edit


def test_marking_puts_a_label_on_words_and_keeps_what_they_cover() -> None:
    article = annotated("Ada lives in Oslo.")
    edit = done(article, editing.mark(desk(article), [find(article, "Oslo")], "Location"))
    (span,) = editing.made(edit)
    assert shown(article) == ["Location: Oslo"]
    assert (span.label, span.text) == ("Location", ("Oslo",))
    assert (edit.action, edit.detail) == ("mark", "Location")
    assert (edit.article_id, edit.place) == ("article", find(article, "Oslo"))


def test_the_first_edit_brings_a_new_layer_along() -> None:
    article = annotated("Ada lives in Oslo.")
    layer = Layer(id="new", article_id="article", author="bo")
    place = Desk(article, layer, news_scheme(), Structure(article.article.text, "en"))
    edit = done(article, editing.mark(place, [find(article, "Oslo")], "Location"))
    assert edit.changes[0].after == layer
    second = editing.mark(place, [find(article, "Ada")], "Speaker")
    assert all(not isinstance(change.record, Layer) for change in second.changes)


def test_fragments_are_put_in_order_and_those_that_touch_become_one() -> None:
    article = annotated("one two three")
    pieces = [find(article, " two"), find(article, "one")]
    (span,) = editing.made(editing.mark(desk(article), pieces, "Claim"))
    assert span.fragments == (Fragment(0, 7),)


def test_an_interrupted_claim_is_one_span_of_two_pieces() -> None:
    article = annotated("“It rains,” she said, “in Oslo.”")
    pieces = [find(article, "It rains"), find(article, "in Oslo")]
    done(article, editing.mark(desk(article), pieces, "Claim"))
    assert shown(article) == ["Claim: It rains … in Oslo"]


def test_marking_the_same_words_again_says_that_they_are_marked() -> None:
    article = annotated(RAIN)
    with pytest.raises(NothingToDo, match="marked as Speaker already"):
        editing.mark(desk(article), [find(article, "Ada")], "Speaker")


def test_two_labels_may_stand_on_the_same_words() -> None:
    article = annotated("[Oslo|Speaker] said no.")
    done(article, editing.mark(desk(article), [find(article, "Oslo")], "Location"))
    assert shown(article) == ["Location: Oslo", "Speaker: Oslo"]


def test_nothing_selected_and_a_label_that_is_off_are_told_in_words() -> None:
    article = annotated(RAIN)
    place = desk(article)
    with pytest.raises(NothingToDo, match="Select some words first"):
        editing.mark(place, [Fragment(2, 2)], "Speaker")
    with pytest.raises(Impossible, match="Hearer is not in use"):
        editing.mark(place, [Fragment(0, 2)], "Hearer")
    scheme = place.scheme
    off = tuple(replace(label, enabled=label.name != "Cue") for label in scheme.labels)
    with pytest.raises(Impossible, match="Cue is not in use"):
        editing.mark(replace(place, scheme=replace(scheme, labels=off)), [Fragment(0, 2)], "Cue")


def test_a_location_in_two_pieces_is_refused() -> None:
    article = annotated("Oslo and Bergen")
    pieces = [find(article, "Oslo"), find(article, "Bergen")]
    with pytest.raises(Impossible, match="Location takes 1 stretch"):
        editing.mark(desk(article), pieces, "Location")


def test_crossing_claims_can_be_marked_because_the_check_finds_them() -> None:
    article = annotated("[one two|Claim] three")
    done(article, editing.mark(desk(article), [find(article, "two three")], "Claim"))
    assert shown(article) == ["Claim: one two", "Claim: two three"]


def test_relabelling_keeps_the_id_and_drops_relations_that_are_now_illegal() -> None:
    article = annotated(RAIN, *TIES)
    edit = done(article, editing.relabel(desk(article), ["1"], "Cue"))
    assert article.spans["1"].label == "Cue"
    assert tied(article) == {"it rains in Oslo > cued_by > said"}
    assert (edit.action, edit.detail) == ("relabel", "Cue")


def test_relabelling_keeps_what_the_new_label_can_have() -> None:
    article = annotated("[Oslo|Speaker#1@o mention_form=nominal unsure]",
                        entities=[Entity(id="o", kind="actor", name="Oslo")])  # fmt: skip
    done(article, editing.relabel(desk(article), ["1"], "Location"))
    span = article.spans["1"]
    assert span.unsure
    assert span.entity_id is None
    assert dict(span.attributes) == {"form": "name"}


def test_relabelling_to_what_it_is_or_what_is_there_already_changes_nothing() -> None:
    article = annotated("[[Oslo|Location#1]|Speaker#2] [x|Speaker#3]")
    with pytest.raises(NothingToDo):
        editing.relabel(desk(article), ["1"], "Location")
    with pytest.raises(NothingToDo):
        editing.relabel(desk(article), ["1"], "Speaker")


def test_deleting_takes_the_relations_along() -> None:
    article = annotated(RAIN, *TIES)
    edit = done(article, editing.delete(desk(article), ["1", "3"]))
    assert shown(article) == ["Claim: it rains in Oslo"]
    assert article.relations == {}
    assert edit.place == Fragment(0, 3)


def test_a_span_that_is_gone_or_belongs_to_another_layer_is_refused() -> None:
    article = annotated(RAIN)
    with pytest.raises(Impossible, match="not here any more"):
        editing.delete(desk(article), ["77"])
    article.spans["1"] = replace(article.spans["1"], layer_id="somebody else's")
    with pytest.raises(Impossible, match="not here any more"):
        editing.delete(desk(article), ["1"])


def end_after(article: Annotated, which: str, by: int, unit: str = "token") -> str:
    """Move an end of the span called 1 and return what it covers then."""
    done(article, editing.move_end(desk(article), "1", which, by, unit))
    return " … ".join(article.spans["1"].text)


def test_ends_move_by_whole_tokens() -> None:
    article = annotated("The Syrian [President|Speaker#1] Bashar Assad’s men")
    assert end_after(article, "end", 1) == "President Bashar"
    assert end_after(article, "end", 1) == "President Bashar Assad"
    assert end_after(article, "start", -1) == "Syrian President Bashar Assad"
    assert end_after(article, "end", -1) == "Syrian President Bashar"
    assert end_after(article, "start", 1) == "President Bashar"


def test_an_end_inside_a_token_moves_to_its_edge_first() -> None:
    assert end_after(annotated("half[way|Speaker#1] there"), "start", -1) == "halfway"
    assert end_after(annotated("[half|Speaker#1]way there"), "end", 1) == "halfway"
    assert end_after(annotated("[one half|Speaker#1]way there"), "end", -1) == "one"


def test_ends_move_by_characters_and_never_cut_one() -> None:
    article = annotated("[x|Speaker#1]👩‍🌾e\u0301y")
    assert end_after(article, "end", 1, "character") == "x👩‍🌾"
    assert end_after(article, "end", 1, "character") == "x👩‍🌾e\u0301"
    assert end_after(article, "end", -1, "character") == "x👩‍🌾"


def test_ends_stop_at_the_ends_of_the_text_and_where_nothing_would_be_left() -> None:
    article = annotated("[one|Speaker#1]")
    for which, by in (("end", 1), ("start", -1), ("end", -1), ("start", 1)):
        for unit in ("token", "character"):
            if unit == "token" or (which, by) in (("end", 1), ("start", -1)):
                with pytest.raises(NothingToDo):
                    editing.move_end(desk(article), "1", which, by, unit)


def test_an_outer_end_of_a_span_in_pieces_moves_and_the_gap_stays() -> None:
    article = annotated("[one|Claim#1] two [three|Claim#1] four")
    assert end_after(article, "end", 1) == "one … three four"
    assert article.spans["1"].fragments == (Fragment(0, 3), Fragment(8, 18))


def test_a_piece_can_be_added_and_taken_out_again() -> None:
    article = annotated("[one|Claim#1] two three four")
    done(article, editing.add_fragment(desk(article), "1", find(article, "three")))
    assert shown(article) == ["Claim: one … three"]
    done(article, editing.remove_fragment(desk(article), "1", 0))
    assert shown(article) == ["Claim: three"]
    with pytest.raises(NothingToDo, match="delete it"):
        editing.remove_fragment(desk(article), "1", 0)


def test_a_parenthesis_can_be_cut_out_of_a_claim() -> None:
    article = annotated("[it rains (a lot) in Oslo|Claim#1]")
    done(article, editing.remove_fragment(desk(article), "1", find(article, " (a lot)")))
    assert shown(article) == ["Claim: it rains …  in Oslo"]


def test_an_attribute_is_set_for_the_spans_that_have_it() -> None:
    article = annotated(RAIN)
    done(article, editing.set_attribute(desk(article), ["1", "2"], "polarity", "negated"))
    assert dict(article.spans["2"].attributes) == {"polarity": "negated"}
    assert dict(article.spans["1"].attributes) == {}


def test_a_default_is_not_stored_and_none_takes_a_value_away() -> None:
    article = annotated("[x|Claim#1 polarity=negated checkworthy=yes]")
    done(article, editing.set_attribute(desk(article), ["1"], "polarity", "affirmed"))
    done(article, editing.set_attribute(desk(article), ["1"], "checkworthy", None))
    assert dict(article.spans["1"].attributes) == {}
    with pytest.raises(NothingToDo):
        editing.set_attribute(desk(article), ["1"], "polarity", "affirmed")


def test_values_and_attributes_outside_the_scheme_are_refused() -> None:
    article = annotated(RAIN)
    with pytest.raises(Impossible, match=r"maybe is no value of polarity\. Possible are: affirmed"):
        editing.set_attribute(desk(article), ["2"], "polarity", "maybe")
    with pytest.raises(NothingToDo, match="Speaker has no attribute polarity"):
        editing.set_attribute(desk(article), ["1"], "polarity", "negated")


def test_an_attribute_that_the_scheme_lost_can_still_be_taken_away() -> None:
    article = annotated("[x|Claim#1 tone=loud]")
    done(article, editing.set_attribute(desk(article), ["1"], "tone", None))
    assert dict(article.spans["1"].attributes) == {}


def test_notes_and_flags_stand_on_spans_and_on_the_article() -> None:
    article = annotated(RAIN)
    place = desk(article)
    done(article, editing.set_note(place, ["1", "2"], "Which Ada?"))
    done(article, editing.set_unsure(place, ["1"], True))
    done(article, editing.set_article_note(place, "Two editions"))
    done(article, editing.set_article_unsure(place, True))
    layer = article.layers[place.layer.id]
    assert (article.spans["2"].note, article.spans["1"].unsure) == ("Which Ada?", True)
    assert (layer.note, layer.unsure) == ("Two editions", True)
    with pytest.raises(NothingToDo):
        editing.set_unsure(place, ["1"], True)


def test_submitting_keeps_the_note_that_was_written_meanwhile() -> None:
    article = annotated(RAIN)
    place = desk(article)
    done(article, editing.set_article_note(place, "Two editions"))
    edit = done(article, editing.set_state(place, LayerState.SUBMITTED))
    layer = article.layers[place.layer.id]
    assert (layer.state, layer.note, edit.action) == ("submitted", "Two editions", "submit")
    with pytest.raises(NothingToDo, match="submitted already"):
        editing.set_state(place, LayerState.SUBMITTED)


def test_an_article_without_labels_can_be_submitted() -> None:
    article = annotated("Nothing here.")
    layer = Layer(id="new", article_id="article", author="bo")
    place = Desk(article, layer, news_scheme(), Structure(article.article.text, "en"))
    edit = done(article, editing.set_state(place, LayerState.SUBMITTED))
    (made,) = [change.after for change in edit.changes]
    assert isinstance(made, Layer)
    assert made == replace(layer, state="submitted", extra=made.extra)


def test_a_layer_that_is_handed_in_notes_its_text_and_scheme() -> None:
    article = annotated("Nothing here.")
    place = desk(article)
    done(article, editing.set_state(place, LayerState.SUBMITTED))
    noted = article.layers[place.layer.id].extra["annotator:handed_in"]
    assert noted == {"text": article.article.sha256, "scheme": "news-default/1"}


def test_relating_fills_the_slot_and_replaces_what_was_there() -> None:
    article = annotated(RAIN + " [Bo|Speaker#4]", *TIES)
    before = next(iter(article.relations_from("2", "attributed_to"))).id
    done(article, editing.relate(desk(article), ["2"], "attributed_to", target="4"))
    (tie,) = article.relations_from("2", "attributed_to")
    assert (tie.target, tie.id) == ("4", before)


def test_a_joint_statement_has_several_speakers_and_a_claim_one_cue() -> None:
    article = annotated(RAIN + " [Bo|Speaker#4] [added|Cue#5]", *TIES)
    place = desk(article)
    done(article, editing.relate(place, ["2"], "attributed_to", target="4", add=True))
    assert len(article.relations_from("2", "attributed_to")) == 2
    with pytest.raises(NothingToDo):
        editing.relate(place, ["2"], "attributed_to", target="4", add=True)
    with pytest.raises(Impossible, match="cued_by takes 1 at most"):
        editing.relate(place, ["2"], "cued_by", target="5", add=True)
    done(article, editing.relate(place, ["2"], "attributed_to", target="4"))
    assert [tie.target for tie in article.relations_from("2", "attributed_to")] == ["4"]


def test_several_claims_get_their_speaker_at_once() -> None:
    article = annotated("[Ada|Speaker#1] said [a|Claim#2] and [b|Claim#3].")
    done(article, editing.relate(desk(article), ["2", "3"], "attributed_to", target="1"))
    assert tied(article) == {"a > attributed_to > Ada", "b > attributed_to > Ada"}


def test_a_claim_may_be_tied_to_an_entity_that_is_made_on_the_way() -> None:
    article = annotated("[it rains|Claim#1]")
    ada = Entity(id="ada", kind="actor", name="Ada")
    done(article, editing.relate(desk(article), ["1"], "attributed_to", target_entity=ada))
    assert article.entities == {"ada": ada}
    assert tied(article) == {"it rains > attributed_to > @ada"}
    assert article.spans["1"].attributes["source_status"] == "implied"


def test_ends_that_the_scheme_does_not_allow_are_refused() -> None:
    article = annotated(
        RAIN + " [Oslo|Location#4]", entities=[Entity(id="o", kind="place", name="Oslo")]
    )
    place = desk(article)
    with pytest.raises(Impossible, match="attributed_to does not lead from Claim to Location"):
        editing.relate(place, ["2"], "attributed_to", target="4")
    with pytest.raises(Impossible, match="attributed_to does not lead from Speaker to Speaker"):
        editing.relate(place, ["1"], "attributed_to", target="1")
    with pytest.raises(Impossible, match="does not lead from Claim to Oslo"):
        editing.relate(place, ["2"], "attributed_to", target_entity="o")
    with pytest.raises(Impossible, match="not in the project any more"):
        editing.relate(place, ["2"], "attributed_to", target_entity="nobody")


def test_nesting_needs_a_claim_around_and_makes_no_circle() -> None:
    article = annotated("[[[a|Claim#3] b|Claim#2] c|Claim#1] [d|Claim#4]", "#2>nested_in>#1")
    place = desk(article)
    with pytest.raises(Impossible, match="needs a Claim that lies around"):
        editing.relate(place, ["4"], "nested_in", target="1")
    with pytest.raises(Impossible, match="needs a Claim that lies around"):
        editing.relate(place, ["1"], "nested_in", target="2")
    done(article, editing.relate(place, ["3"], "nested_in", target="2"))


def test_relations_are_taken_out_one_by_one() -> None:
    article = annotated(RAIN, *TIES)
    done(article, editing.unrelate(desk(article), ["r1"]))
    assert tied(article) == {"it rains in Oslo > cued_by > said"}
    with pytest.raises(NothingToDo):
        editing.unrelate(desk(article), ["r1"])


def test_targets_come_with_the_likeliest_first_and_the_quoted_last() -> None:
    article = annotated(
        "“[Kim|Speaker#5] told me [it rains|Claim#1],” [Ada|Speaker#2] said.\n[Bo|Speaker#3] left."
    )
    found = editing.legal_targets(desk(article), ["1"], "attributed_to")
    assert [span.id for span in found] == ["2", "3", "5"]


def test_only_legal_targets_are_offered() -> None:
    article = annotated("[[a|Claim#2] [b|Claim#3]|Claim#1] [Ada|Speaker#4]", "#1>nested_in>#2")
    place = desk(article)
    assert [s.id for s in editing.legal_targets(place, ["2"], "nested_in")] == []
    assert [s.id for s in editing.legal_targets(place, ["3"], "nested_in")] == ["1"]
    assert [s.id for s in editing.legal_targets(place, ["1", "2"], "attributed_to")] == ["4"]
    assert editing.legal_targets(place, ["4"], "attributed_to") == []


def test_the_slot_that_must_be_filled_is_asked_for_first() -> None:
    article = annotated(RAIN, "#2>attributed_to>#1")
    place = desk(article)
    assert editing.likely_relation(place, "2") == "cued_by"
    assert editing.likely_relation(place, "1") is None
    assert editing.likely_relation(desk(annotated(RAIN)), "2") == "attributed_to"


def test_a_span_stands_for_an_entity_that_is_made_in_the_same_edit() -> None:
    article = annotated("[Ada|Speaker#1] and [she|Speaker#2]")
    ada = Entity(id="ada", kind="actor", name="Ada")
    edit = done(article, editing.attach(desk(article), ["1", "2"], ada))
    assert {span.entity_id for span in article.spans.values()} == {"ada"}
    assert (article.entities, edit.detail) == ({"ada": ada}, "Ada")
    done(article, editing.attach(desk(article), ["1"], None))
    assert article.spans["1"].entity_id is None


def test_attaching_takes_away_the_reason_for_staying_open() -> None:
    oslo = Entity(id="o", kind="place", name="Oslo")
    article = annotated("[Oslo|Location#1 nil_reason=ambiguous]", entities=[oslo])
    done(article, editing.attach(desk(article), ["1"], oslo))
    assert "nil_reason" not in article.spans["1"].attributes


def test_a_place_is_no_speaker() -> None:
    article = annotated("[Ada|Speaker#1]")
    with pytest.raises(Impossible, match="Speaker does not stand for Oslo"):
        editing.attach(desk(article), ["1"], Entity(id="o", kind="place", name="Oslo"))


def test_covered_text_of_a_moved_span_is_what_stands_there() -> None:
    article = annotated("[one|Claim#1] two")
    done(article, editing.set_fragments(desk(article), "1", [find(article, "two")]))
    span: Span = span_of(article, "two")
    assert span.id == "1"
