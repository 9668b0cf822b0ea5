"""Who decides in bulk on own labels: knowingly, or not where a plan names somebody else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotator.annotated import Annotated
from annotator.model import Fragment, LayerState
from annotator.review import handing, labelling, merging, settling
from annotator.review.assigning import ASSIGNED
from annotator.review.blinding import OWN_REVIEWED
from annotator.review.merging import Preview, batch
from annotator.review.reverting import reverted
from annotator.review.settling import OPEN_ITEMS
from annotator.review.verdicts import Signature
from tests.review.reviewing import LATER, SIGNED, Reviewer, handed_in

TWO = ("[Ada|Speaker] said [it rains|Claim].", "[Ada|Speaker] said [it|Claim] rains.")
NOT_OWN = "You have labelled it yourself, and the plan names somebody else."
LEFT_BEFORE = "You have left it to somebody else."
OWN = Signature("annotator-0", "2026-11-22T10:00:00.000+00:00", 7)


def planned(**noted: str) -> Annotated:
    """Return an article of two readers, with a plan that names who reviews it."""
    item = handed_in(*TWO)
    for key, layer in item.layers.items():
        item.layers[key] = replace(layer, extra={ASSIGNED: noted})
    return item


@pytest.mark.parametrize("rule", ["unanimous", "phrase", "label", "relabel", "back"])
def test_what_the_plan_gives_to_somebody_else_is_refused_whatever_the_rule(rule: str) -> None:
    reviewer = Reviewer(planned(reviewer="rita"))
    reviewer.perform(merging.unanimous(reviewer.review, batch("unanimous", SIGNED)).edit())
    found, made = reviewer.review, batch(rule, OWN)
    (case,) = found.open_cases
    previews: dict[str, Preview] = {
        "unanimous": merging.majority(found, made),
        "phrase": merging.these(found, made, [case.key], reject=""),
        "label": labelling.label_all(found, made, [Fragment(4, 8)], "Cue"),
        "relabel": labelling.relabelled(found, made, "Speaker", "Location"),
        "back": handing.sent_back_cases(found, made, [case]),
    }
    preview = previews[rule]
    assert (preview.done, preview.changes, preview.own) == ((), (), ())
    assert NOT_OWN in {item.reason for item in preview.refused}


def test_own_labels_are_decided_on_with_a_note_and_told_once() -> None:
    reviewer = Reviewer(handed_in(*TWO))
    preview = merging.unanimous(reviewer.review, batch("unanimous", OWN))
    assert preview.own == (reviewer.review.article_id,)
    reviewer.perform(preview.edit())
    noted = reviewer.review.gold.layer.extra[OWN_REVIEWED]
    assert noted == {"author": OWN.author, "time": OWN.time}
    again = merging.majority(reviewer.review, batch("majority", OWN), at_least=1)
    assert again.own == ()
    back = reverted(reviewer.item, reviewer.done[-1].changes, batch("revert", OWN))
    assert (len(back.done), back.refused) == (1, ())


def test_a_batch_is_not_reverted_by_whom_the_plan_keeps_from_deciding() -> None:
    reviewer = Reviewer(planned(reviewer="rita"))
    done = reviewer.perform(merging.unanimous(reviewer.review, batch("unanimous", SIGNED)).edit())
    back = reverted(reviewer.item, done.changes, batch("revert", OWN))
    assert ([item.reason for item in back.refused], back.changes) == ([NOT_OWN], ())
    ritas = reverted(reviewer.item, done.changes, batch("revert", SIGNED))
    assert (len(ritas.done), ritas.own) == (1, ())


def test_somebody_asks_before_they_revert_what_was_decided_on_their_labels() -> None:
    reviewer = Reviewer(handed_in(*TWO))
    done = reviewer.perform(merging.unanimous(reviewer.review, batch("unanimous", SIGNED)).edit())
    back = reverted(reviewer.item, done.changes, batch("revert", OWN))
    assert (len(back.done), back.own) == (1, (reviewer.item.article.id,))


def test_somebody_else_decides_without_a_note() -> None:
    reviewer = Reviewer(handed_in(*TWO))
    preview = merging.unanimous(reviewer.review, batch("unanimous", SIGNED))
    assert preview.own == ()
    reviewer.perform(preview.edit())
    assert OWN_REVIEWED not in reviewer.review.gold.layer.extra


def test_what_was_left_to_the_adjudicator_is_decided_by_nobody_else_in_bulk() -> None:
    reviewer = Reviewer(planned(reviewer="rita", adjudicator="kim"))
    (case,) = reviewer.review.open_cases
    reviewer.perform(settling.escalate(reviewer.review, case, SIGNED))
    found = reviewer.review
    mine = merging.these(found, batch("phrase", LATER), [case.key], reject="")
    assert [item.reason for item in mine.refused] == [LEFT_BEFORE]
    labelled = labelling.label_all(found, batch("phrase", LATER), [case.place], "Claim")
    assert [item.reason for item in labelled.refused] == [LEFT_BEFORE]
    kims = merging.these(
        found, batch("phrase", replace(LATER, author="kim")), [case.key], reject=""
    )
    assert [item.words for item in kims.done] == [case.words]


def test_just_the_chosen_cases_go_back_once() -> None:
    reviewer = Reviewer(handed_in(*TWO))
    (case,) = reviewer.review.open_cases
    preview = handing.sent_back_cases(reviewer.review, batch("send back", SIGNED), [case])
    assert sorted(item.whom for item in preview.done) == ["annotator-0", "annotator-1"]
    reviewer.perform(preview.edit())
    for variant in case.variants:
        layer = reviewer.item.layers[variant.layer_id]
        assert layer.state == LayerState.RETURNED
        assert layer.extra[OPEN_ITEMS] == [one.id for one in variant.records]
    again = handing.sent_back_cases(reviewer.review, batch("send back", SIGNED), [case])
    assert {item.reason for item in again.refused} == {handing.RETURNED}
    assert (again.done, again.changes) == ((), ())
