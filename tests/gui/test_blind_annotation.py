"""Who is still to label an article blind sees nothing of what others have marked in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from annotator import editing
from annotator.agreement.cases import Question
from annotator.agreement.measures import About
from annotator.gui.insights.content import SpansLabelled
from annotator.gui.insights.place import Insights
from annotator.gui.insights.timeline import TimelinePage
from annotator.gui.review.board import Board
from annotator.gui.review.inbox_items import InboxItems
from annotator.gui.review.phrase_page import PhrasePage
from annotator.model import Change, Comment, LayerState, Span, Verdict, edit
from annotator.project import Project
from annotator.review.assigning import ASSIGNED
from tests.gui.conftest import Start, see, until
from tests.gui.review_seat import TEXT, Layered, Reviewer, fragments_of, layer_of, make, sit_down

NOOR = (("Speaker", "Marta Ilves"), ("Claim", "the quay was safe"))
JONAS = (("Speaker", "Marta Ilves"), ("Claim", "quay was safe"))
ARTICLES: list[Layered] = [
    ("quay", TEXT, {"noor": NOOR, "jonas": JONAS}),
    ("other", TEXT, {"noor": NOOR, "jonas": JONAS}),
]
BLIND = {ASSIGNED: {"blind": True, "seed": 1}}


@pytest.fixture
def rita(app: Start, tmp_path: Path) -> Reviewer:
    """Return somebody who has begun to label one of two articles, as a blind plan wants it."""
    location = make(tmp_path / "blind.annotator", ARTICLES)
    with Project.open(location, author="rita") as project:
        article = project.annotated("quay").article
        layer, spans = layer_of(article, "rita", NOOR[:1], state=LayerState.IN_PROGRESS)
        marked = [Change(None, one) for one in spans]
        project.perform(edit("import", [Change(None, replace(layer, extra=BLIND)), *marked]))
    return sit_down(app(), location, "quay", into_text=False)


def shown_spans(rita: Reviewer) -> set[str]:
    """Return the ids of the labels that the article under review shows."""
    content = rita.view.content
    assert content is not None
    return {key for key, span in content.annotated.spans.items() if content.shows(span)}


def hand_in(rita: Reviewer) -> None:
    """Hand in what rita has of the open article."""
    made = editing.set_state(rita.workspace.desk, LayerState.SUBMITTED)
    assert rita.workspace.perform(made)
    rita.save()
    until(lambda: not (rita.sitting.gathering or rita.sitting.looking))


def queued(rita: Reviewer) -> list[str]:
    """Return the ids of the articles of which something is in the queue."""
    return [key for key, rows in rita.sitting.articles.items() if rows]


def test_the_review_shows_nothing_of_the_article_until_the_own_labels_are_handed_in(
    rita: Reviewer,
) -> None:
    rita.window.open_article("quay")
    QApplication.processEvents()
    assert queued(rita) == ["other"]
    assert rita.here.case.heading.text() == "Hand in your own labels first"
    assert shown_spans(rita) == set()
    rita.view.setFocus(Qt.FocusReason.OtherFocusReason)
    rita.press("Ctrl+Return")
    assert rita.gold == []
    assert rita.said == "There is nothing to review in this article yet."
    hand_in(rita)
    assert queued(rita) == ["quay", "other"]
    assert {"quay-noor-001", "quay-jonas-001"} <= shown_spans(rita)


def test_somebody_else_who_sits_down_sees_the_article(rita: Reviewer) -> None:
    rita.workspace.work_as("lea")
    until(lambda: queued(rita) == ["quay", "other"])
    rita.workspace.work_as("rita")
    until(lambda: queued(rita) == ["other"])


def test_the_board_says_why_it_is_empty(rita: Reviewer) -> None:
    rita.window.open_article("quay")
    rita.press("Ctrl+Shift+A")
    board = rita.window.pages.findChild(Board)
    assert board is not None
    assert board.columns == []
    assert board.empty.text().startswith("Hand in your own labels first.")
    hand_in(rita)
    board.refresh()
    assert not board.empty.text().startswith("Hand in your own labels first.")


def test_phrase_review_leaves_the_article_out_and_says_so(rita: Reviewer) -> None:
    rita.window.commands.run("place.phrases")
    page = rita.window.pages.findChild(PhrasePage)
    assert page is not None
    page.field.setText("Marta Ilves")
    page.search()
    page.read_all()
    assert {place.article_id for place in page.model.places} == {"other"}
    said = "1 article is left out: hand in your own labels there first."
    assert page.counts.text().endswith(said)


# ------------------------------------------------------------------------- figures and history


def insights(rita: Reviewer) -> Insights:
    """Show the place for figures, with all that it counts and computes."""
    rita.window.commands.run("place.insights")
    place = rita.window.findChild(Insights, "page.insights")
    assert place is not None
    place.show_page("agreement")
    until(lambda: place.reading.counted is not None and place.reading.agreement is not None)
    return place


KEPT = (
    "In 1 article that you label blind, what others have marked is hidden, and not counted, until "
    "you hand in your own labels."
)


def test_figures_leave_the_article_out_and_say_until_when(rita: Reviewer) -> None:
    rita.window.open_article("quay")
    place = insights(rita)
    assert place.kept_back.isVisible()
    assert place.kept_back.text() == KEPT
    assert place.reading.agreement is not None
    assert place.reading.agreement.panel.articles == 1
    place.open_list(SpansLabelled("Speaker", "noor"))
    until(lambda: not place.reading.is_busy("list"))
    assert {row[0].text for row in place.browser.sheet.sheet.rows} == {"Other"}
    place.open_list(Question(About.LABELS, "Claim", authors=("jonas", "noor")))
    until(lambda: not place.reading.is_busy("list"))
    assert {row[0].text for row in place.browser.sheet.sheet.rows} == {"Other"}
    hand_in(rita)
    place = insights(rita)
    assert not place.kept_back.isVisible()
    place.reading.compute()
    until(lambda: not place.reading.is_busy("agreement"))
    found = place.reading.agreement
    assert found is not None
    assert found.panel.articles == 2
    place.reading.end()


def mark_as_noor(rita: Reviewer) -> Span:
    """Let noor mark one more label in the open article while rita has it open."""
    rita.save()
    reading = rita.stored_article("quay").layers["quay-noor"]
    where = fragments_of(TEXT, "Håkon Lunde")
    made = Span(
        id="late",
        article_id="quay",
        layer_id=reading.id,
        label="Speaker",
        fragments=where,
        text=("Håkon Lunde",),
    )
    done = edit("mark", [Change(None, made)], detail="Speaker", article_id="quay")
    rita.workspace.change(lambda project: project.perform(replace(done, author="noor")))
    rita.save()
    return made


def history(rita: Reviewer, whose: str) -> TimelinePage:
    """Show the history of what is called *whose*."""
    rita.window.commands.run("place.insights")
    place = rita.window.findChild(Insights, "page.insights")
    assert place is not None
    place.show_page("history")
    place.history.refresh()
    place.history.show_whose(whose)
    told(place.history)
    return place.history


def told(page: TimelinePage) -> list[str]:
    """Return what the history says was done, once it has come."""
    until(lambda: not any(one.is_busy for one in page._questions))
    return [row[2].text for row in page.sheet.sheet.rows]


def words(page: TimelinePage) -> list[str]:
    """Return the words of what is said to have changed."""
    until(lambda: not any(one.is_busy for one in page._questions))
    return [row[2].text for row in page.changes.sheet.rows]


HIDDEN = "What others have marked here is hidden until you hand in your own labels."


def test_the_history_of_the_article_has_what_others_did_only_after_handing_in(
    rita: Reviewer,
) -> None:
    rita.window.open_article("quay")
    mark_as_noor(rita)
    page = history(rita, "article")
    assert "Marked Speaker" not in told(page)
    assert HIDDEN in page.state.text()
    page = history(rita, "person\nnoor")
    assert told(page) == []
    assert page.state.text().startswith(HIDDEN)
    hand_in(rita)
    page = history(rita, "article")
    assert "Marked Speaker" in told(page)
    assert HIDDEN not in page.state.text()


def test_edits_of_several_articles_do_not_tell_it_either(rita: Reviewer) -> None:
    rita.window.open_article("quay")
    made = mark_as_noor(rita)
    both = [
        Change(made, replace(made, label="Location")),
        Change(*(rita.stored_article("other").spans["other-noor-000"],) * 2),
    ]
    done = edit("relabel all", both, detail="Speaker → Location (2)")
    rita.workspace.change(lambda project: project.perform(replace(done, author="noor")))
    rita.save()
    page = history(rita, "")
    masked = "Changed several articles. What, is hidden until you hand in your own labels"
    assert told(page)[0] == masked
    assert words(page) == []
    assert page.note.text() == HIDDEN


def test_two_points_in_time_are_compared_without_what_others_marked(rita: Reviewer) -> None:
    rita.window.open_article("quay")
    mark_as_noor(rita)
    rita.press("Ctrl+1")
    cue = rita.mark("promised", "Cue")
    rita.save()
    page = history(rita, "article")
    assert told(page) == ["Marked Cue", "Brought in", "Brought in"]
    assert [row[3].text for row in page.sheet.sheet.rows] == ["1", "2", "–"]
    page.sheet.selectAll()
    assert set(words(page)) == {"Marta Ilves", *cue.text, "rita, In progress"}
    assert page.note.text() == HIDDEN


def test_restoring_leaves_alone_what_others_have_marked(rita: Reviewer) -> None:
    rita.window.open_article("quay")
    mark_as_noor(rita)
    rita.press("Ctrl+1")
    rita.mark("promised", "Cue")
    rita.save()
    page = history(rita, "article")
    page.sheet.clearSelection()
    page.sheet.selectRow(1)
    page.sheet.setFocus()
    rita.press("r")
    until(lambda: not any(one.is_busy for one in page._questions))
    rita.save()
    stored = rita.stored_article("quay")
    assert "late" in stored.spans
    assert [one.text for one in stored.spans_of("quay-rita")] == [("Marta Ilves",)]


# -------------------------------------------------------------------------- what stands beside it


def test_comments_on_labels_of_others_and_theirs_on_the_article_are_hidden(rita: Reviewer) -> None:
    rita.window.open_article("quay")
    said = Comment(
        id="c",
        article_id="quay",
        layer_id="quay-noor",
        record_id="quay",
        text="The mayor is the speaker.",
        author="noor",
    )
    made = edit("comment", [Change(None, said)], article_id="quay")
    assert rita.workspace.perform(replace(made, author="noor"))
    rita.save()
    rita.press("Ctrl+1")
    rita.workspace.select(())
    see()
    panel = rita.dock.inspector.comments
    assert panel.rows == []
    hand_in(rita)
    see()
    assert [row.words.text() for row in panel.rows] == ["The mayor is the speaker."]


def test_the_inbox_does_not_tell_of_gold_before(rita: Reviewer) -> None:
    rita.window.open_article("quay")
    own = rita.stored_article("quay").spans["quay-rita-000"]
    judged = Verdict(
        id="v",
        article_id="quay",
        layer_id=own.layer_id,
        record_id=own.id,
        revision=1,
        decision="rejected",
        author="lea",
    )
    assert rita.workspace.perform(edit("reject", [Change(None, judged)], article_id="quay"))
    items = rita.window.findChild(InboxItems)
    assert items is not None
    assert items.open == 0
    hand_in(rita)
    assert items.open == 1


def test_an_export_says_what_is_in_it_and_does_not_show_it(rita: Reviewer) -> None:
    rita.window.open_article("quay")
    rita.press("Ctrl+E")
    dialog = rita.window.exports.dialog
    assert dialog is not None
    until(lambda: dialog.outlook is not None)
    assert dialog.unseen.isVisibleTo(dialog)
    assert dialog.unseen.text().startswith("In 1 article that you label blind, the file holds")
    assert dialog.preview_name.text().endswith("2 articles")
    assert '"title": "Other"' in dialog.preview.toPlainText()
    assert '"title": "Quay"' not in dialog.preview.toPlainText()
    dialog.reject()
