"""All places of a phrase are seen, those without a label too, and decided at once."""

from __future__ import annotations

from annotator.review import phrases, settling
from annotator.review.merging import DECIDED, FROZEN, Batch, batch
from annotator.review.verdicts import Decision
from tests.review.reviewing import SIGNED, Reviewer, handed_in

OWN = "[Oslo|Location@oslo] is far. Oslo is cold. In [Oslo|Location] it rains, in Oslofjord too."
OTHER = "[Oslo|Location] is far. [Oslo|Speaker] is cold. In Oslo it rains, in Oslofjord too."


def one(share: float = 0.0) -> Batch:
    return batch("phrase", SIGNED, share=share)


def test_every_place_of_the_words_is_listed_with_who_marks_it_how() -> None:
    reviewer = Reviewer(handed_in(OWN, OTHER))
    found = phrases.of_words(reviewer.review, "Oslo")
    assert [item.labels for item in found] == [
        (("Location", 2),),
        (("Speaker", 1),),
        (("Location", 1),),
    ]
    assert found[2].around[0].endswith("is cold. In ")
    assert found[2].around[1] == " it rains, in Oslofjord too."
    assert phrases.of_words(reviewer.review, " ") == []


def test_the_places_of_an_entity_are_those_that_stand_for_it() -> None:
    reviewer = Reviewer(handed_in(OWN, OTHER))
    (found,) = phrases.of_entity(reviewer.review, "oslo")
    assert found.place == (0, 4)


def test_a_label_is_put_on_the_ticked_places_and_taken_from_a_reader_where_there_is_one() -> None:
    reviewer = Reviewer(handed_in(OWN, OTHER))
    ticked = phrases.of_words(reviewer.review, "Oslo")
    preview = phrases.label_all(reviewer.review, one(), ticked, "Location")
    assert len(preview.done) == 3
    reviewer.perform(preview.edit())
    assert reviewer.gold == ["Location: Oslo"] * 3
    again = phrases.of_words(reviewer.review, "Oslo")
    assert [item.gold for item in again] == [("Location",)] * 3
    refused = phrases.label_all(reviewer.review, one(), again, "Location").refused
    assert {item.reason for item in refused} == {DECIDED}
    decisions = {v.record_id: v.decision for v in reviewer.item.verdicts.values()}
    assert Decision.ACCEPTED in decisions.values()
    reviewer.perform(settling.finish(reviewer.review, anyway=True))
    frozen = phrases.label_all(reviewer.review, one(), again, "Location")
    assert ({item.reason for item in frozen.refused}, frozen.changes) == ({FROZEN}, ())


def test_gold_is_relabelled_in_one_edit_but_for_what_the_scheme_does_not_allow() -> None:
    notation = "[Ada|Speaker] and [Ben|Speaker#x] or [Eve|Speaker#x]"
    reviewer = Reviewer(handed_in(notation, notation))
    for case in list(reviewer.review.cases):
        reviewer.perform(settling.take(reviewer.review, case, 1, SIGNED))
    preview = phrases.relabelled(reviewer.review, one(), "Speaker", "Cue")
    assert len(preview.done) + len(preview.refused) == 2
    reviewer.perform(preview.edit())
    assert "Cue: Ada" in reviewer.gold
    assert all("{" not in item.reason for item in preview.refused)
