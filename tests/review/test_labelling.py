"""Labels are put on many places of gold at once, or changed on many."""

from __future__ import annotations

from annotator.model import Fragment
from annotator.review import settling
from annotator.review.labelling import label_all, relabelled
from annotator.review.merging import DECIDED, FROZEN, Batch, batch
from annotator.review.verdicts import BATCH
from tests.notation import find
from tests.review.reviewing import SIGNED, Reviewer, handed_in

OWN = "[Oslo|Location@oslo] is far. Oslo is cold. In [Oslo|Location] it rains."
OTHER = "[Oslo|Location] is far. [Oslo|Speaker] is cold. In Oslo it rains."


def one(share: float = 0.0) -> Batch:
    return batch("phrase", SIGNED, share=share)


def test_a_label_is_put_on_all_places_and_taken_from_a_reader_where_there_is_one() -> None:
    reviewer = Reviewer(handed_in(OWN, OTHER))
    places: list[Fragment] = [find(reviewer.item, "Oslo", nth) for nth in (1, 2, 3)]
    preview = label_all(reviewer.review, one(share=1.0), places, "Location")
    assert (len(preview.done), preview.audited) == (3, 2)
    reviewer.perform(preview.edit())
    assert reviewer.gold == ["Location: Oslo"] * 3
    assert {bool(v.extra.get(BATCH)) for v in reviewer.item.verdicts.values()} == {True}
    again = label_all(reviewer.review, one(), places, "Location")
    assert ({item.reason for item in again.refused}, again.changes) == ({DECIDED}, ())
    reviewer.perform(settling.finish(reviewer.review, anyway=True))
    frozen = label_all(reviewer.review, one(), places, "Speaker")
    assert ({item.reason for item in frozen.refused}, frozen.changes) == ({FROZEN}, ())


def test_gold_is_relabelled_in_one_edit_but_for_what_the_scheme_does_not_allow() -> None:
    notation = "[Ada|Speaker] and [Ben|Speaker#x] or [Eve|Speaker#x]"
    reviewer = Reviewer(handed_in(notation, notation))
    for case in list(reviewer.review.cases):
        reviewer.perform(settling.take(reviewer.review, case, 1, SIGNED))
    preview = relabelled(reviewer.review, one(), "Speaker", "Location")
    assert len(preview.done) + len(preview.refused) == 2
    reviewer.perform(preview.edit())
    assert "Location: Ada" in reviewer.gold
    assert all("{" not in item.reason for item in preview.refused)
    reviewer.perform(settling.finish(reviewer.review, anyway=True))
    frozen = relabelled(reviewer.review, one(), "Location", "Speaker")
    assert {item.reason for item in frozen.refused} == {FROZEN}
