"""Deciding in bulk: every rule, seen before it is done, one undo, and reverted with one key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QLabel

from annotator.errors import StorageError
from annotator.gui.review.batch_preview import BatchPreview
from annotator.gui.review.batch_result import BatchResult
from annotator.gui.review.batches import BatchPage, rate_of
from annotator.gui.review.bulk import BulkChoice
from annotator.gui.review.case_pane import CasePane
from annotator.model import Change, Edit, Layer, LayerState, edit, new_id, now
from annotator.project import Project
from annotator.review import merging, settling
from annotator.review.assigning import ASSIGNED, DAYS, SINCE, assignment_of
from annotator.review.cases import review
from annotator.review.conflicts import Kind
from annotator.review.controls import CONTROL
from annotator.review.gold import gold_of
from annotator.review.result import edit_with_result
from annotator.review.sampling import RETEST, SAMPLE
from annotator.review.settling import OPEN_ITEMS
from annotator.review.verdicts import Reason, Signature
from annotator.translation import number
from tests.gui.conftest import Start, until
from tests.gui.review_seat import TEXT, Layered, Marks, Reviewer, make, sit_down
from tests.watchdog import Watch, WatchedApplication

OTHER = "In Bergen the quay was safe, Marta Ilves said."
BOTH: Marks = (("Speaker", "Marta Ilves"), ("Location", "Bergen"))
ARTICLES: list[Layered] = [
    (
        "quay",
        TEXT,
        {
            "noor": (*BOTH, ("Claim", "the quay was safe"), ("Claim", "The quay should be closed")),
            "jonas": (*BOTH, ("Claim", "quay was safe"), ("Cue", "doubts")),
            "pia": (*BOTH, ("Claim", "the quay was safe")),
        },
    ),
    ("other", OTHER, {"noor": (*BOTH, BOTH[0]), "jonas": BOTH}),
]


@pytest.fixture
def location(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Make the project in a file, or, for the parameter ``server``, in a database."""
    if getattr(request, "param", "") == "server":
        return make(str(request.getfixturevalue("postgres_url")), ARTICLES)
    return make(tmp_path / "quay.annotator", ARTICLES)


@pytest.fixture
def rita(app: Start, location: Path | str) -> Reviewer:
    return sit_down(app(), location, "quay")


Look = Callable[[BatchPreview, BulkChoice], None]


@pytest.fixture
def bulk(monkeypatch: pytest.MonkeyPatch, rita: Reviewer) -> Iterator[Callable[[str, Look], str]]:
    """Open the dialog with its key, choose a rule, let a function of the test look, and do it."""
    looks: list[Callable[[BatchPreview], None]] = []

    def run(dialog: BatchPreview) -> int:
        dialog.show()
        QApplication.processEvents()
        looks.pop()(dialog)
        dialog.hide()
        able = dialog.go.isEnabled()
        dialog.done(0)
        return int(QDialog.DialogCode.Accepted if able else QDialog.DialogCode.Rejected)

    def decide(rule: str, look: Look) -> str:
        def seen(dialog: BatchPreview) -> None:
            assert dialog.choice is not None
            dialog.choice.choose(rule)
            look(dialog, dialog.choice)

        looks.append(seen)
        rita.press("Ctrl+Shift+L")
        rita.workspace.flush()
        return rita.said

    monkeypatch.setattr(BatchPreview, "exec", run)
    yield decide
    assert not looks


def pick(box: QComboBox, text: str) -> None:
    box.setCurrentIndex(box.findText(text))


def everywhere(choice: BulkChoice) -> None:
    pick(choice.scope, "All articles under review")
    until(lambda: choice.hint.text() != "Looking through the articles …")


def gold(rita: Reviewer) -> dict[str, list[str]]:
    """Labels in gold by article."""
    return {name: [label for label, _ in rita.gold_in(name)] for name in ("quay", "other")}


def revert(rita: Reviewer) -> BatchPage:
    """Take the newest batch back with its key."""
    page = batches(rita)
    rita.press("r")
    rita.workspace.flush()
    return page


def test_what_all_agree_on_is_accepted_everywhere_as_one_step(
    rita: Reviewer, bulk: Callable[[str, Look], str]
) -> None:
    def look(dialog: BatchPreview, choice: BulkChoice) -> None:
        assert dialog.counts.text() == "2 are decided"
        everywhere(choice)
        assert dialog.counts.text() == "3 are decided"
        assert "refused: The readers differ" in dialog.rest.text()
        assert dialog.go.text() == "Accept what all agree on (3)"

    told = "3 are done, 4 are as they were: The readers differ. Ctrl Z takes all of it back."
    assert bulk("unanimous", look) == told
    assert gold(rita) == {"quay": ["Speaker", "Location"], "other": ["Location"]}
    rita.workspace.undo()
    rita.workspace.flush()
    assert gold(rita) == {"quay": [], "other": []}


@pytest.mark.parametrize(
    ("rule", "choose", "wanted"),
    [
        ("majority", {}, ["Speaker", "Claim", "Location"]),
        ("majority", {"least": 3}, ["Speaker", "Location"]),
        ("layer", {"person": "jonas"}, ["Speaker", "Claim", "Cue", "Location"]),
        ("duplicates", {}, []),
    ],
)
def test_each_rule_comes_to_gold_and_is_reverted_with_one_key(
    rita: Reviewer,
    bulk: Callable[[str, Look], str],
    rule: str,
    choose: dict[str, Any],
    wanted: list[str],
) -> None:
    def look(_dialog: BatchPreview, choice: BulkChoice) -> None:
        everywhere(choice)
        if "least" in choose:
            choice.least.setValue(choose["least"])
        if "person" in choose:
            pick(choice.person, choose["person"])

    bulk(rule, look)
    assert gold(rita)["quay"] == wanted
    if rule == "duplicates":
        assert gold(rita)["other"] == ["Speaker"]
    page = revert(rita)
    assert gold(rita) == {"quay": [], "other": []}
    assert page.model.batches == []


def test_a_label_is_changed_in_gold_and_its_annotators_are_told(
    rita: Reviewer, bulk: Callable[[str, Look], str]
) -> None:
    bulk("unanimous", lambda _dialog, choice: everywhere(choice))

    def look(dialog: BatchPreview, choice: BulkChoice) -> None:
        everywhere(choice)
        pick(choice.before, "Location")
        pick(choice.after, "Speaker")
        assert dialog.counts.text() == "2 are decided"

    bulk("relabel all", look)
    assert gold(rita) == {"quay": ["Speaker", "Speaker"], "other": ["Speaker"]}
    verdicts = rita.workspace.project.verdicts_on("noor")
    told = [one for one in verdicts if one.decision == "corrected"]
    assert {(one.article_id, one.reason) for one in told} == {
        ("quay", Reason.LABEL),
        ("other", Reason.LABEL),
    }
    revert(rita)
    assert gold(rita) == {"quay": ["Speaker", "Location"], "other": ["Location"]}
    verdicts = rita.workspace.project.verdicts_on("noor")
    assert {one.decision for one in verdicts} == {"accepted"}


def test_identical_cases_are_decided_as_the_last_one(
    rita: Reviewer, bulk: Callable[[str, Look], str]
) -> None:
    bulk(
        "likewise",
        lambda _dialog, choice: _says(choice, "Decide on a case of the open article first."),
    )
    rita.go_to("The quay should be closed")
    rita.press("x", "3")

    def look(dialog: BatchPreview, choice: BulkChoice) -> None:
        everywhere(choice)
        assert dialog.counts.text() == "0 are decided"

    bulk("likewise", look)


def _says(choice: BulkChoice, text: str) -> None:
    assert choice.hint.text() == text


def test_what_was_not_accepted_goes_back_to_its_author(
    rita: Reviewer, bulk: Callable[[str, Look], str]
) -> None:
    rita.go_to("The quay should be closed")
    rita.press("x", "3")

    def look(dialog: BatchPreview, choice: BulkChoice) -> None:
        everywhere(choice)
        pick(choice.person, "noor")
        assert dialog.counts.text() == "1 is concerned"
        assert not dialog.share.isVisible()

    bulk("send back", look)
    layers = rita.stored_article().layers
    assert layers["quay-noor"].state == LayerState.RETURNED
    assert len(layers["quay-noor"].extra[OPEN_ITEMS]) == 1
    page = revert(rita)
    assert rita.stored_article().layers["quay-noor"].state != LayerState.RETURNED
    assert page.model.batches == []


def test_work_that_was_given_up_goes_to_somebody_else(
    app: Start, location: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = {SINCE: "2026-01-01T00:00:00.000+00:00", DAYS: 5, "reviewer": "rita"}
    with Project.open(location, author="lead") as project:
        changes = [
            Change(
                None,
                Layer(
                    id=f"{article}-kim", article_id=article, author="kim", state=state,
                    extra={ASSIGNED: noted},
                ),
            )
            for article, state in (
                ("quay", LayerState.NOT_STARTED),
                ("other", LayerState.IN_PROGRESS),
            )
        ]  # fmt: skip
        project.perform(edit("assign", changes))
    rita = sit_down(app(), location, "quay")
    seen: list[list[str]] = []

    def run(dialog: BatchPreview) -> int:
        choice = dialog.choice
        assert choice is not None
        choice.choose("reassign")
        assert choice.hint.text() == "Say to whom."
        for taker in ("noor", "rita", "lena"):
            choice.taker.setCurrentText(taker)
            seen.append([dialog.counts.text(), dialog.rest.text()])
        dialog.done(0)
        return int(QDialog.DialogCode.Accepted)

    monkeypatch.setattr(BatchPreview, "exec", run)
    rita.press("Ctrl+Shift+L")
    rita.workspace.flush()
    assert [counts for counts, _ in seen] == [
        "0 are concerned",
        "0 are concerned",
        "2 are concerned",
    ]
    assert "This person has the article already." in seen[0][1]
    assert "This person reviews or adjudicates the article." in seen[1][1]
    every = rita.workspace.project.layers_of_people()
    given = {(one.article_id, one.author) for one in every if assignment_of(one)}
    assert given == {("quay", "lena"), ("other", "lena")}
    # What was begun stays with who began it.
    assert ("other", "kim") in {(one.article_id, one.author) for one in every}
    revert(rita)
    every = rita.workspace.project.layers_of_people()
    assert {one.author for one in every if assignment_of(one)} == {"kim"}


def test_a_sample_is_drawn_from_every_part_and_walked_by_itself(
    rita: Reviewer, bulk: Callable[[str, Look], str]
) -> None:
    drawn: list[list[str]] = []

    def look(dialog: BatchPreview, choice: BulkChoice) -> None:
        everywhere(choice)
        choice.part.setValue(10)
        for seed in (1, 2, 1):
            choice.seed.setValue(seed)
            drawn.append([item.key for item in dialog.preview.done])

    bulk("sample", look)
    assert drawn[0] == drawn[2]
    stored = rita.stored_article()
    noted = stored.layers[gold_of(stored).layer.id].extra[SAMPLE]
    assert (noted["seed"], noted["share"]) == (1, 0.1)
    rita.window.commands.run("place.batches")
    QApplication.processEvents()
    rita.press("a")
    assert rita.window.place == "review"
    until(lambda: not rita.sitting.gathering)
    queue = rita.here.queue
    assert queue.choice.currentText() == "Drawn at random"
    rows = [row for head in queue.model.heads for row in head.rows]
    assert rows
    assert all(row.drawn for row in rows)
    assert len(rows) < len(rita.open)


def test_the_rate_of_a_sample_weighs_its_parts_and_waits_for_all_of_them(
    rita: Reviewer, bulk: Callable[[str, Look], str]
) -> None:
    def look(_dialog: BatchPreview, choice: BulkChoice) -> None:
        choice.part.setValue(100)

    bulk("sample", look)
    (row,) = rita.workspace.project.reviewing.batches()
    assert (row.rule, row.cases, row.due) == ("sample", 11, 11)
    rita.go_to("The quay should be closed")
    rita.press("x", "3")
    rita.workspace.flush()
    (row,) = rita.workspace.project.reviewing.batches()
    assert (row.due, row.wrong) == (10, 1)
    assert rate_of(row) == "not all parts looked at yet"

    def take(_dialog: BatchPreview, choice: BulkChoice) -> None:
        everywhere(choice)
        pick(choice.person, "noor")

    bulk("layer", take)
    row = next(r for r in rita.workspace.project.reviewing.batches() if r.rule == "sample")
    assert row.due == 0
    assert "%" in rate_of(row)


def test_a_second_review_is_an_audit_of_what_was_decided(
    rita: Reviewer, bulk: Callable[[str, Look], str]
) -> None:
    reading = rita.stored_article().layers["quay-noor"]
    noted = replace(reading, extra={ASSIGNED: {"blind": False, "reviewer": "lena"}})
    assert rita.workspace.perform(edit("assign", [Change(reading, noted)], article_id="quay"))
    rita.go_to("The quay should be closed")
    rita.press("x", "3")

    def look(_dialog: BatchPreview, choice: BulkChoice) -> None:
        everywhere(choice)
        choice.part.setValue(100)

    bulk("second review", look)
    until(lambda: "The quay should be closed" in rita.open)
    (row,) = rita.workspace.project.reviewing.batches()
    assert (row.rule, row.due) == ("second review", 1)
    rita.go_to("The quay should be closed")
    rita.press("a")
    assert rita.said.startswith("You have decided on it yourself: somebody else")
    assert rita.workspace.project.reviewing.batches()[0].due == 1
    rita.workspace.work_as("lena")
    rita.press("Ctrl+2")
    until(lambda: not (rita.sitting.gathering or rita.sitting.looking))
    rita.view.setFocus()
    rita.go_to("The quay should be closed")
    rita.press("a")
    rita.workspace.flush()
    (row,) = rita.workspace.project.reviewing.batches()
    assert (row.due, row.right, row.wrong) == (0, 0, 1)


def decide_on_two(rita: Reviewer) -> None:
    """Accept what only one has, and take one variant of the two others."""
    rita.go_to("The quay should be closed")
    rita.press("a")
    rita.go_to("quay was safe")
    rita.press("1")


def asked_again(bulk: Callable[[str, Look], str]) -> None:
    """Have rita decide once more on everything that she has decided."""

    def look(dialog: BatchPreview, choice: BulkChoice) -> None:
        everywhere(choice)
        assert choice.decider.currentText() == "rita"
        choice.part.setValue(100)
        assert dialog.counts.text() == "2 are concerned"
        assert not dialog.share.isVisible()

    bulk(RETEST, look)


def test_a_decision_is_made_again_without_sight_of_the_first_and_the_two_are_compared(
    rita: Reviewer, bulk: Callable[[str, Look], str]
) -> None:
    decide_on_two(rita)
    rita.go_to_decided("The quay should be closed")
    pane = rita.here.case
    assert "Decided by rita: accepted" in said_in(pane)
    asked_again(bulk)
    until(lambda: {"The quay should be closed", "quay was safe"} <= set(rita.open))
    rita.go_to("The quay should be closed")
    assert rita.case.kind == Kind.SINGLE
    assert "Decided by" not in said_in(pane)
    rita.press("a")
    rita.go_to("quay was safe")
    assert "Decided by" not in said_in(pane)
    rita.workspace.flush()
    assert pane.precedents.before(rita.case) == []
    rita.press("2")
    page = batches(rita)
    (row,) = page.model.batches
    assert (row.rule, row.due, row.right, row.wrong) == (RETEST, 0, 1, 1)
    assert rate_of(row) == "the same: 50 % (9–91 %)"
    assert page.model.index(0, 5).data() == "1 of 2 otherwise"
    # What one thinks twice about is no error of a batch.
    assert "Of all that was audited" not in page.told.text()


def test_what_somebody_is_to_decide_again_is_neither_shown_in_gold_nor_decided_by_others(
    rita: Reviewer, bulk: Callable[[str, Look], str]
) -> None:
    decide_on_two(rita)
    stored = rita.stored_article()
    gold_ids = {span.id for span in stored.spans_of(gold_of(stored).layer.id)}
    assert gold_ids <= shown_spans(rita)
    asked_again(bulk)
    until(lambda: not gold_ids & shown_spans(rita))
    rita.workspace.work_as("lena")
    rita.press("Ctrl+2")
    until(lambda: not (rita.sitting.gathering or rita.sitting.looking))
    rita.view.setFocus()
    rita.go_to("The quay should be closed")
    rita.press("a")
    assert rita.said == "rita decides on this case once more, alone."
    assert "The quay should be closed" in rita.open
    rita.workspace.work_as("rita")
    page = batches(rita)
    rita.press("a")  # audits what is due
    until(lambda: rita.window.place == "review" and rita.sitting.case is not None)
    assert rita.case.again == "rita"
    assert page.current is not None
    revert(rita)
    until(lambda: gold_ids <= shown_spans(rita))


def said_in(pane: CasePane) -> str:
    """Return what the pane of the case says line by line."""
    return "\n".join(one.text() for one in pane.findChildren(QLabel) if one.isVisible())


def shown_spans(rita: Reviewer) -> set[str]:
    """Return the ids of the labels that the article under review shows."""
    content = rita.view.content
    assert content is not None
    return {key for key, span in content.annotated.spans.items() if content.shows(span)}


def batches(rita: Reviewer) -> BatchPage:
    """Go to the table of batches with its command."""
    rita.workspace.flush()
    rita.window.commands.run("place.batches")
    QApplication.processEvents()
    page = rita.window.pages.findChild(BatchPage)
    assert page is not None
    return page


def finish_quay(rita: Reviewer) -> None:
    """Decide on everything, check every paragraph, and freeze the gold of an article."""
    while rita.open:
        rita.press("1")
    rita.window.open_article("quay")
    for _ in rita.here.deciding.paragraphs():
        rita.press("v")
    rita.press("Ctrl+Return")
    rita.workspace.flush()


def test_articles_whose_gold_is_known_are_given_out_as_controls(
    rita: Reviewer, bulk: Callable[[str, Look], str]
) -> None:
    finish_quay(rita)

    def look(dialog: BatchPreview, choice: BulkChoice) -> None:
        everywhere(choice)
        assert choice.hint.text() == "Say to whom; several names with commas."
        choice.part.setValue(100)
        choice.taker.setCurrentText("lena, noor")
        assert "This person has read the article (1)" in dialog.rest.text()

    bulk("controls", look)
    every = rita.workspace.project.layers_of_people()
    given = [one for one in every if assignment_of(one)]
    assert {one.author for one in given} == {"lena"}
    assert all(assignment_of(one)[CONTROL] for one in given)


def hand_in(rita: Reviewer, author: str, words: Sequence[str], changed: str = "") -> None:
    """Mark in a control what gold has on *words*, one of them with another label, and hand it in.

    What all agree on and nobody had to decide is as good as gold.
    """
    stored = rita.stored_article("quay")
    layer = stored.layer_of(author)
    assert layer is not None
    known = {" ".join(one.text): one for one in stored.spans_of("quay-noor")}
    known |= {" ".join(one.text): one for one in stored.spans_of(gold_of(stored).layer.id)}
    marked = [
        replace(
            known[one],
            id=new_id(),
            layer_id=layer.id,
            label="Event" if one == changed else known[one].label,
            extra={},
        )
        for one in words
    ]
    done = Change(layer, replace(layer, state=LayerState.SUBMITTED))
    made = edit("submit", [done, *(Change(None, one) for one in marked)])
    assert rita.workspace.perform(made)
    rita.workspace.flush()


def rates(page: BatchPage) -> list[list[str]]:
    """Return the rows of the table of controls, once it is counted."""
    model = page.controls.sheet.model()
    rows = [[model.index(row, at).data() for at in range(4)] for row in range(model.rowCount())]
    return rows if page.controls.isVisible() else []


def test_how_people_do_where_gold_is_known_stands_apart_from_the_error_rates(
    rita: Reviewer, bulk: Callable[[str, Look], str]
) -> None:
    finish_quay(rita)
    page = batches(rita)
    with_rates: list[int] = []
    page.controls.shown.connect(lambda: with_rates.append(1))
    page.refresh()
    until(lambda: bool(with_rates))
    assert rates(page) == []
    rita.press("Escape")

    def look(_dialog: BatchPreview, choice: BulkChoice) -> None:
        everywhere(choice)
        choice.part.setValue(100)
        choice.taker.setCurrentText("lena, milo")

    rita.press("Ctrl+2")
    bulk("controls", look)
    page = batches(rita)
    until(lambda: len(rates(page)) == 3)
    assert rates(page)[0] == ["lena", "0 of 1", "–", "not handed in yet"]
    gold_words = [*(words for _, words in rita.gold), *(words for _, words in BOTH)]
    assert len(gold_words) == 5
    hand_in(rita, "lena", gold_words)
    hand_in(rita, "milo", gold_words[:4], changed=gold_words[0])
    until(lambda: rates(page)[1][1] == "1 of 1")
    assert rates(page) == [
        ["lena", "1 of 1", "5 of 5", "100 % (57–100 %)"],
        ["milo", "1 of 1", "3 of 5", "60 % (23–88 %)"],
        ["All", "2 of 2", "8 of 10", "80 % (49–94 %)"],
    ]
    assert {(row.right, row.wrong) for row in page.model.batches} == {(0, 0)}
    assert page.told.text() == "0 cases are to be audited."


def test_the_articles_come_in_the_order_that_somebody_chooses(rita: Reviewer) -> None:
    order = rita.here.queue.order
    assert list(rita.sitting.articles) == ["quay", "other"]
    order.setCurrentIndex(order.findData("decided"))
    rita.press("x", "3")
    rita.workspace.flush()
    order.activated.emit(order.currentIndex())
    until(lambda: not rita.sitting.gathering)
    assert list(rita.sitting.articles) == ["other", "quay"]
    for key in ("apart", "rare", "contested", "imported"):
        order.setCurrentIndex(order.findData(key))
        order.activated.emit(order.currentIndex())
        until(lambda: not rita.sitting.gathering)
        assert list(rita.sitting.articles) == ["quay", "other"]


def listed(rita: Reviewer) -> tuple[BatchResult, list[tuple[str, str, str]]]:
    """Return the list of what became of a batch, and its rows: case, article, result."""
    dialog = rita.window.findChild(BatchResult)
    assert dialog is not None
    until(lambda: dialog.sheet.sheet.rowCount() > 0)
    return dialog, [(row[0].text, row[1].text, row[2].text) for row in dialog.sheet.sheet.rows]


def test_the_list_of_a_batch_says_what_was_done_and_what_was_refused_and_leads_there(
    rita: Reviewer, bulk: Callable[[str, Look], str]
) -> None:
    bulk("unanimous", lambda _dialog, choice: everywhere(choice))
    assert rita.window.status.more.isVisible()
    rita.press("Ctrl+Shift+R")
    dialog, rows = listed(rita)
    assert dialog.counts.text() == "3 done, 4 refused"
    assert dialog.why.text() == "The readers differ (4)."
    assert sorted(row for row in rows if row[2] == "Done") == [
        ("Bergen", "Other", "Done"),
        ("Bergen", "Quay", "Done"),
        ("Marta Ilves", "Quay", "Done"),
    ]
    (record,) = rita.workspace.project.reviewing.batches()
    assert record.cases == 3
    assert {row[2] for row in rows[:4]} == {"The readers differ."}
    at = [row[1] for row in rows].index("Other")
    dialog.sheet.setCurrentIndex(dialog.sheet.sheet.index(at, 0))
    QTest.keyClick(dialog.sheet, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert rita.window.place == "review"
    assert (rita.case.article_id, rita.case.words) == ("other", rows[at][0])


def test_a_batch_that_refused_nothing_says_so_from_its_page_after_a_restart(
    rita: Reviewer, bulk: Callable[[str, Look], str], location: Path
) -> None:
    bulk("layer", lambda _dialog, choice: pick(choice.person, "pia"))
    rita.window.projects.open(str(location), "rita")
    QApplication.processEvents()
    batches(rita)
    rita.press("l")
    dialog, rows = listed(rita)
    (record,) = rita.workspace.project.reviewing.batches()
    assert dialog.counts.text() == f"{record.cases} done, 0 refused"
    assert dialog.why.text() == "Nothing was refused."
    assert len(rows) == record.cases


def test_what_somebody_changed_since_the_preview_is_refused_and_the_rest_is_done(
    rita: Reviewer, bulk: Callable[[str, Look], str]
) -> None:
    def look(dialog: BatchPreview, choice: BulkChoice) -> None:
        everywhere(choice)
        assert dialog.counts.text() == "3 are decided"
        span = rita.stored_article("other").spans["other-noor-001"]
        changed = Change(span, replace(span, label="Claim"))
        assert rita.workspace.perform(edit("relabel", [changed], article_id="other"))

    told = bulk("unanimous", look)
    assert told.startswith("2 are done, 5 are as they were: The readers differ (4); Somebody has")
    assert gold(rita) == {"quay": ["Speaker", "Location"], "other": []}
    rita.press("Ctrl+Shift+R")
    dialog, rows = listed(rita)
    assert dialog.counts.text() == "2 done, 5 refused"
    gone = "Somebody has changed the article in the meantime."
    assert ("Bergen", "Other", gone) in rows
    (record,) = rita.workspace.project.reviewing.batches()
    assert record.cases == 2


@pytest.mark.parametrize("location", ["server"], indirect=True)
def test_what_a_colleague_decides_just_before_the_batch_is_saved_leaves_it_and_the_list_says_so(
    rita: Reviewer,
    bulk: Callable[[str, Look], str],
    location: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real, faster = Project.perform, [True]
    with Project.open(location, author="sam") as sam:

        def slow(project: Project, *order: Any, **named: Any) -> object:
            if project is not sam and faster:
                faster.clear()
                found = review(sam.annotated("quay"), sam.scheme)
                case = next(one for one in found.cases if one.words == "Bergen")
                signed = Signature("sam", now(), sam.revision)
                sam.perform(settling.reject(found, case, Reason.LABEL, signed))
            return real(project, *order, **named)

        monkeypatch.setattr(Project, "perform", slow)
        bulk("unanimous", lambda _dialog, choice: everywhere(choice))
    told = (
        "2 are done, 5 are as they were: The readers differ (4); Somebody has changed the article"
    )
    until(lambda: rita.said.startswith(told))
    assert gold(rita) == {"quay": ["Speaker"], "other": ["Location"]}
    assert "Bergen" not in rita.open
    rita.press("Ctrl+Shift+R")
    dialog, rows = listed(rita)
    assert dialog.counts.text() == "2 done, 5 refused"
    assert ("Bergen", "Quay", "Somebody has changed the article in the meantime.") in rows
    dialog.reject()
    rita.workspace.undo()
    rita.workspace.flush()
    assert gold(rita) == {"quay": [], "other": []}


def test_the_list_of_a_batch_names_each_of_ten_thousand_cases_and_nobody_waits_for_it(
    rita: Reviewer, qapp: WatchedApplication, request: pytest.FixtureRequest
) -> None:
    watch: Watch = request.getfixturevalue("_watch")
    project = rita.workspace.project
    signed = Signature("rita", now(), project.revision)
    made = merging.batch("majority", signed, share=0)
    found = merging.majority(review(project.annotated("quay"), project.scheme), made)
    one = replace(found.done[0], reason=merging.NO_MAJORITY)
    many = [replace(one, key=f"case {at}", words=f"Words {at}") for at in range(10_000)]
    assert rita.workspace.perform(edit_with_result(replace(found, refused=tuple(many))))
    rita.workspace.flush()
    watch.stalls.clear()
    qapp.watch = watch
    rita.press("Ctrl+Shift+R")
    dialog, rows = listed(rita)
    assert dialog.counts.text() == f"{len(found.done)} done, {number(10_000)} refused"
    assert [words for words, _, _ in rows[:10_000]] == [item.words for item in many]
    assert {said for _, _, said in rows[10_000:]} == {"Done"}
    assert len(rows) == 10_000 + len(found.done)
    dialog.sheet.setFocus()
    for key in (Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_Home):
        QTest.keyClick(dialog.sheet, key, Qt.KeyboardModifier.ControlModifier)
        QApplication.processEvents()
    assert dialog.sheet.currentIndex().row() == 0
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not watch.stalls


def test_without_a_batch_there_is_no_list(rita: Reviewer) -> None:
    rita.press("Ctrl+Shift+R")
    assert rita.said == "You have decided nothing in bulk yet."
    assert rita.window.findChild(BatchResult) is None


def test_a_batch_that_could_not_be_saved_has_no_list_yet(
    rita: Reviewer, bulk: Callable[[str, Look], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_project: Project, _edit: Edit, **_named: object) -> None:
        raise StorageError("The disk is full.")

    with monkeypatch.context() as full:
        full.setattr(Project, "perform", refuse)
        bulk("unanimous", lambda _dialog, choice: everywhere(choice))
        until(lambda: rita.workspace.state == "failed")
        rita.press("Ctrl+Shift+R")
        assert rita.said == "The last batch is not saved yet. Its list is there once it is."
        assert rita.window.findChild(BatchResult) is None
    rita.workspace.retry()
    until(lambda: rita.workspace.state == "saved")
    rita.press("Ctrl+Shift+R")
    assert listed(rita)[0].counts.text() == "3 done, 4 refused"
