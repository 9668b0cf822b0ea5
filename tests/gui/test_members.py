"""The window of a member: who labels blind on a server, hands in, and then sees the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt

from annotator.model import Change, LayerState, edit
from annotator.project import Project
from annotator.review.sight import ASSIGNED
from tests.gui.conftest import Answers, Start, settle, until
from tests.gui.hand import Hand, begin, make_project
from tests.gui.review_seat import layer_of
from tests.logins import logins

BLIND = {ASSIGNED: {"blind": True, "seed": 1}}


@pytest.fixture
def ada(app: Start, postgres_url: str) -> Iterator[Hand]:
    """Yield a member at the window, to label an article blind that bea has labelled."""
    with logins(postgres_url, "lead", "ada") as at:
        make_project(cast("Path", at["lead"]))
        with Project.open(at["lead"], author="lead") as lead:
            quay = lead.annotated("quay").article
            theirs, spans = layer_of(quay, "bea", [("Speaker", "Håkon Lunde")])
            empty, _ = layer_of(quay, "ada", [], state=LayerState.NOT_STARTED)
            own = replace(empty, extra=BLIND)
            layers = [Change(None, theirs), Change(None, own)]
            marked = [Change(None, one) for one in spans]
            lead.perform(edit("import", [*layers, *marked]))
            lead.add_member(at["ada"].partition("://")[2].partition("@")[0], "ada")
        hand = begin(app(fill=False), cast("Path", at["ada"]))
        yield hand
        settle(hand.program)
        hand.workspace.close()


def said_on(hand: Hand) -> list[str]:
    """Return what is said from now on."""
    notes: list[str] = []
    hand.workspace.noted.connect(notes.append)
    hand.workspace.failed.connect(notes.append)
    return notes


def others(hand: Hand) -> list[str]:
    """Return what of others is in the open article."""
    own = hand.workspace.layer.id
    spans = hand.workspace.desk.annotated.spans.values()
    return ["".join(span.text) for span in spans if span.layer_id != own]


def test_a_member_labels_undoes_hands_in_and_then_sees_the_others(
    ada: Hand, answers: Answers
) -> None:
    notes = said_on(ada)
    assert ada.workspace.project.author == "ada"
    assert others(ada) == []
    ada.mark("Marta Ilves", "Speaker")
    ada.mark("Jonas Berg", "Speaker")
    ada.press("Ctrl+Z")
    settle(ada.program)
    assert not any("right" in said for said in (*notes, *answers.said))
    ada.view.setFocus(Qt.FocusReason.OtherFocusReason)
    ada.press("Ctrl+Return")
    until(lambda: others(ada) == ["Håkon Lunde"])
    assert "Submitted. What others mark is shown now." in notes
    ada.press("Ctrl+Return")
    assert notes[-1] == "Handed in blind: a reviewer can return it to you."
    ada.press("Ctrl+Z")
    settle(ada.program)
    assert "is not taken back. A reviewer can return it to you" in notes[-1]
    assert ada.workspace.layer.state == LayerState.SUBMITTED
    assert ada.workspace.state == "saved"


def test_a_member_does_not_label_in_another_name(ada: Hand, answers: Answers) -> None:
    notes = said_on(ada)
    answers.answers = ["bea"]
    ada.window.commands.run("author")
    assert ada.workspace.project.author == "ada"
    assert notes[-1].startswith("The server knows you as ada")
