"""A second review needs somebody else; where there is nobody, it is no dead end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from annotator.gui.review.bulk import BulkChoice
from annotator.model import Change, edit
from annotator.review.merging import batch
from annotator.review.sampling import second_looks
from annotator.review.verdicts import ALONE, AUDIT, SECOND_REVIEW, Signature
from tests.gui.conftest import Start, until
from tests.gui.review_seat import TEXT, Layered, Reviewer, make, sit_down

NOOR = (("Speaker", "Marta Ilves"), ("Claim", "the quay was safe"))
JONAS = (("Speaker", "Marta Ilves"), ("Claim", "quay was safe"))
ARTICLES: list[Layered] = [("quay", TEXT, {"noor": NOOR, "jonas": JONAS})]
CLAIM = "quay was safe"


@pytest.fixture
def rita(app: Start, tmp_path: Path) -> Reviewer:
    """Return a reviewer whose decision somebody is to look at a second time."""
    rita = sit_down(app(), make(tmp_path / "second.annotator", ARTICLES), "quay")
    rita.go_to(CLAIM)
    rita.press("2")
    rita.save()
    found = rita.sitting.found
    assert found is not None
    made = batch(SECOND_REVIEW, Signature("rita", "2026-11-22T10:00:00.000+00:00"), share=1.0)
    assert rita.workspace.perform(second_looks(found, made).edit())
    rita.save()
    until(lambda: CLAIM in rita.open)
    rita.go_to(CLAIM)
    return rita


def states(rita: Reviewer) -> set[object]:
    """Return how the second review of what was decided stands."""
    return {one.extra.get(AUDIT) for one in rita.stored_article().verdicts.values()}


def test_who_reviews_alone_is_asked_and_can_settle_it(rita: Reviewer) -> None:
    rita.answers.answers = [None, 0]
    rita.press("2")
    assert states(rita) == {"due"}
    assert rita.answers.said[-1].startswith("A second reviewer is to look at what you have")
    rita.press("2")
    rita.save()
    assert states(rita) == {ALONE}
    assert CLAIM not in rita.open
    (row,) = rita.workspace.project.reviewing.batches()
    assert (row.due, row.right, row.wrong, row.alone) == (0, 0, 0, 1)


def test_where_somebody_else_reviews_it_waits_for_them(rita: Reviewer) -> None:
    reading = rita.stored_article().layers["quay-noor"]
    noted = {"annotator:assigned": {"blind": False, "reviewer": "lena"}}
    planned = edit("assign", [Change(reading, replace(reading, extra=noted))], article_id="quay")
    assert rita.workspace.perform(planned)
    rita.save()
    rita.press("2")
    assert rita.said == (
        "You have decided on it yourself: somebody else looks at it a second time."
    )
    rita.workspace.work_as("lena")
    rita.press("Ctrl+2")
    until(lambda: not (rita.sitting.gathering or rita.sitting.looking))
    rita.go_to(CLAIM)
    rita.press("2")
    assert states(rita) == {"right"}


def test_whoever_draws_it_alone_is_told_what_it_waits_for(rita: Reviewer) -> None:
    form = BulkChoice(rita.workspace, SECOND_REVIEW)
    form.preview(0.05, "")
    assert form.hint.text().startswith("Nobody else reviews in this project")
    form.deleteLater()
