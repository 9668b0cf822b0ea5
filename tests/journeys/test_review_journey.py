"""Three people's labels are settled into gold: the real window, and keys only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from annotator.gui.review.inbox import Inbox
from annotator.model import Entity
from annotator.review.cases import Group, Standing, group_of
from annotator.review.conflicts import Kind
from annotator.review.gold import gold_of
from tests.gui.conftest import Answers, Look, Start, answers, app, previews, until
from tests.gui.review_seat import Layered, Marks, Reviewer, make, sit_down

__all__ = ["answers", "app", "previews"]

MOST_KEYS = 1.3
"""Keys for a decision, on average."""

SAID = (
    ("Anna Berg", "the lock is tight", "Narvik"),
    ("Bjarne Lie", "the cranes are new", "Harstad"),
    ("Cecilie Foss", "the pier will hold", "Alta"),
    ("David Moen", "the winter was mild", "Hammerfest"),
    ("Elin Aas", "the fish are back", "Vadsø"),
    ("Frode Haug", "the road is closed", "Kirkenes"),
    ("Grete Ness", "the ice is thin", "Mehamn"),
    ("Harald Sund", "the light is broken", "Berlevåg"),
    ("Ida Vold", "the nets are torn", "Båtsfjord"),
    ("Jens Tveit", "the crew is safe", "Vardø"),
)
TEXT = "\n\n".join(
    (
        *(f"{who} said in {where}: {what}." for who, what, where in SAID),
        "Ole Strand warned that the sluice had leaked since the winter.",
        "The harbour board, Mia Dahl, expects repairs to begin in May and end in June.",
        "Pilots in Tromsø call it narrow; the buoys, they add, are too few for the strait.",
        "According to Kari Moe, the ferry company Nordline pays nothing.",
        "Critics doubt that the tide is harmless to the old town.",
        "Lars Vik predicted that prices would double.",
        "In Bodø the mayor promised new jobs.",
    )
)
OTHER = "Svolvær gets a quay.\n\nThe quay will be small, Rolf Eide said."

AGREED: Marks = tuple(
    mark
    for who, what, where in SAID
    for mark in (("Speaker", who), ("Claim", what), ("Location", where))
)
"""Thirty labels on which all three agree."""
EDGE = "the sluice had leaked"
NOOR: Marks = (
    *AGREED,
    ("Claim", "prices would double"),
    ("Speaker", "the mayor"),
    ("Claim", "new jobs"),
    ("Location", "Bodø"),
    ("Speaker", "Lars Vik"),
    ("Claim", f"{EDGE} since the winter"),
    ("Cue", "warned"),
    ("Claim", "repairs to begin in May"),
    ("Claim", "end in June"),
    ("Speaker", "Mia Dahl"),
    ("Claim", "the buoys … are too few for the strait"),
    ("Location", "Tromsø"),
    ("Claim", "the ferry company Nordline pays nothing"),
    ("Speaker", "Kari Moe"),
    ("Speaker", "Kari Moe"),
    ("Cue", "According to"),
    ("Claim", "doubt that the tide is harmless to the old town"),
    ("Claim", "the tide is harmless to the old town"),
)
JONAS: Marks = (
    *AGREED,
    ("Claim", "prices would double"),
    ("Speaker", "the mayor"),
    ("Claim", "new jobs"),
    ("Location", "Bodø"),
    ("Speaker", "Lars Vik"),
    ("Claim", EDGE),
    ("Cue", "warned"),
    ("Claim", "repairs to begin in May and end in June"),
    ("Speaker", "The harbour board, Mia Dahl"),
    ("Claim", "the buoys, they add, are too few for the strait"),
    ("Speaker", "the ferry company Nordline"),
    ("Speaker", "Kari Moe"),
    ("Cue", "According to"),
    ("Claim", "the tide is harmless to the old town"),
    ("Cue", "predicted that"),
)
PIA: Marks = (
    *AGREED,
    ("Claim", "prices would double"),
    ("Speaker", "the mayor"),
    ("Claim", "new jobs"),
    ("Location", "Bodø"),
    ("Speaker", "Lars Vik"),
    ("Claim", EDGE),
    ("Speaker", "warned"),
    ("Claim", "repairs to begin in May and end in June"),
    ("Speaker", "Mia Dahl"),
    ("Claim", "the buoys … are too few for the strait"),
    ("Claim", "the ferry company Nordline pays nothing"),
    ("Speaker", "Kari Moe"),
    ("Claim", "the tide is harmless to the old town"),
    ("Cue", "predicted"),
    ("Cue", "call"),
)
FIRST = len(AGREED)
"""Number of the first label after those on which all agree."""
ENTITIES = (
    Entity(id="bodo", kind="place", name="Bodø", identifiers={"wikidata": "Q1"}),
    Entity(id="bodin", kind="place", name="Bodin", identifiers={"wikidata": "Q2"}),
    Entity(id="lind", kind="actor", name="Siri Lind"),
    Entity(id="vik", kind="actor", name="Lars Vik"),
)


def _fields(author: str, at: int, **values: Any) -> tuple[str, dict[str, Any]]:
    return f"harbour-{author}-{FIRST + at:03}", values


CHANGED = dict(
    (
        _fields("noor", 0, attributes={"claim_type": "predictive"}),
        _fields("pia", 0, attributes={"claim_type": "predictive"}),
        _fields("jonas", 0, attributes={"claim_type": "normative"}),
        _fields("noor", 1, entity_id="lind"),
        _fields("jonas", 1, entity_id="vik"),
        _fields("pia", 1, entity_id="lind"),
        _fields("noor", 2, attributes={"checkworthy": "yes"}),
        _fields("noor", 3, entity_id="bodo"),
        _fields("jonas", 3, entity_id="bodin"),
        _fields("pia", 3, entity_id="bodo"),
        _fields("jonas", 4, entity_id="vik"),
        _fields("noor", 4, entity_id="vik"),
        _fields("pia", 4, entity_id="vik"),
    )
)
RELATIONS = [
    ("attributed_to", f"harbour-{who}-{FIRST + 2:03}", f"harbour-{who}-{FIRST + end:03}")
    for who, end in (("noor", 1), ("jonas", 4), ("pia", 1))
]
ARTICLES: list[Layered] = [
    ("harbour", TEXT, {"noor": NOOR, "jonas": JONAS, "pia": PIA}),
    (
        "quay",
        OTHER,
        {
            "noor": (("Location", "Svolvær"), ("Speaker", "Rolf Eide")),
            "jonas": (("Location", "Svolvær gets"), ("Speaker", "Rolf Eide")),
            "pia": (("Location", "Svolvær"), ("Speaker", "Rolf Eide")),
        },
    ),
]

WANTED = {
    "predicted": "reject",
    "predicted that": "reject",
    "call": "reject",
    EDGE: "correct",
}
"""What the reviewer does other than to take what Noor has, or to accept: by the words."""
GOLD = [
    ("Cue", "warned"),
    ("Claim", "the sluice had leaked since"),
    ("Claim", "repairs to begin in May"),
    ("Claim", "end in June"),
]


class Judge:
    """Reads the bar and the case, and presses what they offer; counts the keys."""

    def __init__(self, reviewer: Reviewer) -> None:
        self.reviewer = reviewer
        self.keys = self.decisions = 0
        self.kinds: set[Group] = set()

    def press(self, *names: str) -> None:
        """Press keys, each counted."""
        self.keys += len(names)
        self.reviewer.press(*names)

    def decide(self) -> None:
        """Decide on the case at hand."""
        case, bar = self.reviewer.case, self.reviewer.here.bar
        self.kinds.add(group_of(case))
        self.decisions += 1
        wanted = WANTED.get(case.words, "noor")
        offered = {
            button.text(): button.accessibleDescription()
            for button in bar.buttons
            if button.isVisible()
        }
        if wanted == "reject":
            self.press("x", "3")
        elif wanted == "correct":
            self.press("]", "Return")
        elif "Accept" in offered:
            self.press(offered["Accept"].lower())
        else:
            self.press(next(key for text, key in offered.items() if "noor" in text))
        assert not bar.asking, self.reviewer.said

    def go_through(self, article: str) -> None:
        """Decide on every open case of an article."""
        for _ in range(60):
            sitting = self.reviewer.sitting
            here = sitting.found is not None and sitting.found.article_id == article
            if not here or sitting.case is None or sitting.case.standing != Standing.OPEN:
                return
            self.decide()
        raise AssertionError(f"the cases never end: {self.reviewer.said}")


def test_three_layers_are_settled_into_gold_by_keys(
    app: Start, tmp_path: Path, previews: list[Look]
) -> None:
    location = make(
        tmp_path / "harbour.annotator", ARTICLES, CHANGED, relations=RELATIONS, entities=ENTITIES
    )
    rita = sit_down(app(), location, "harbour")
    judge = Judge(rita)
    assert len([row for row in rita.sitting.articles["harbour"] if row.standing == "agreed"]) >= 30
    assert rita.sitting.count(Standing.OPEN) >= 16

    judge.go_through("harbour")
    assert judge.decisions >= 15
    assert len(judge.kinds) >= 10
    assert judge.keys / judge.decisions <= MOST_KEYS, (judge.keys, judge.decisions)
    assert [mark for mark in rita.gold_in("harbour") if mark in GOLD] == GOLD

    # Undo goes back over the border between two articles, and redo comes forward again.
    last = rita.workspace.steps_to_undo
    judge.decide()
    assert rita.sitting.count(Standing.OPEN) == 0
    rita.press("z", "z")
    assert rita.workspace.desk.annotated.article.id == "harbour"
    assert rita.case.standing == Standing.OPEN
    rita.press("Ctrl+Shift+Z", "Ctrl+Shift+Z")
    assert rita.workspace.steps_to_undo == last + 1
    assert rita.sitting.count(Standing.OPEN) == 0

    # What all agree on goes into gold at once; a share of it is looked at again.
    rita.press("Alt+Up")
    assert rita.window.place == "review"
    counted: list[str] = []
    previews.append(lambda dialog: counted.append(dialog.counts.text()))
    rita.press("Shift+A")
    assert counted == ["31 are decided"]
    judge.go_through("harbour")
    assert rita.sitting.found is not None
    for _ in rita.here.deciding.paragraphs():
        rita.press("v")
    rita.press("Ctrl+Return")
    stored = rita.stored_article("harbour")
    gold = gold_of(stored)
    assert gold.is_frozen
    assert set(AGREED) <= set(rita.gold_in("harbour"))
    verdicts = {verdict.decision for verdict in stored.verdicts.values()}
    assert verdicts == {"accepted", "corrected", "rejected"}
    ties = stored.relations_of(gold.layer.id)
    assert [stored.spans[tie.target or ""].text for tie in ties] == [("the mayor",)]
    print(f"{judge.keys} keys for {judge.decisions} decisions")


def be(rita: Reviewer, answers: Answers, name: str) -> None:
    """Let somebody else sit down at the window, as the menu lets them."""
    answers.answers = [name]
    rita.window.commands.run("author")
    assert rita.workspace.project.author == name, answers.said


def listed(rita: Reviewer) -> list[tuple[str, str]]:
    """Words and decision of what the inbox shows."""
    page = rita.window.pages.findChild(Inbox)
    assert page is not None
    rows = [page.model.row(key) for key in page.model.keys]
    return [(row.text, row.second) for row in rows if row is not None]


def test_a_decision_is_contested_and_answered_by_keys_on_both_sides(
    app: Start, answers: Answers, tmp_path: Path
) -> None:
    marks = (("Speaker", "Rolf Eide"), ("Location", "Svolvær"), ("Cue", "said"))
    articles: list[Layered] = [("quay", OTHER, {"noor": marks})]
    rita = sit_down(app(), make(tmp_path / "quay.annotator", articles), "quay")

    # The reviewer leaves one out, for a reason.
    rita.go_to("Rolf Eide")
    rita.press("x", "5")
    assert rita.gold != [("Speaker", "Rolf Eide")]

    # The annotator reads why, and contests it.
    be(rita, answers, "noor")
    rita.press("Ctrl+Shift+I")
    assert listed(rita) == [("Rolf Eide", "Left out: Wrong speaker")]
    rita.press("c")
    rita.type("He is the one who says it.")
    rita.press("Return")
    assert listed(rita) == []

    # It is the first thing in the reviewer's queue, with the annotator's words.
    be(rita, answers, "rita")
    rita.press("Ctrl+2")
    until(lambda: not rita.sitting.gathering)
    assert rita.open[0] == "Rolf Eide"
    rita.go_to("Rolf Eide")
    assert rita.case.kind == Kind.CONTESTED
    words = [row.words.text() for row in rita.here.case.comments.rows]
    assert words == ["He is the one who says it."]

    # The reviewer says something about it, and decides anew.
    rita.press("c")
    rita.type("You are right.")
    rita.press("Return", "Escape")
    assert QApplication.focusWidget() is rita.view
    rita.press("a")
    assert ("Speaker", "Rolf Eide") in rita.gold
    assert "Rolf Eide" not in rita.open

    # The annotator sees the answer, and is content.
    be(rita, answers, "noor")
    rita.press("Ctrl+Shift+I")
    assert listed(rita) == [("Rolf Eide", "Accepted")]
    page = rita.window.pages.findChild(Inbox)
    assert page is not None
    assert page.pane.news.text() == "The reviewer has decided again after your answer."
    rita.press("u")
    assert listed(rita) == []
    rita.press("Ctrl+Z")
    assert listed(rita) == [("Rolf Eide", "Accepted")]
