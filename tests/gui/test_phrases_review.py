"""Phrase review: all places of a phrase over the project, decided once for the ticked ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from annotator.gui.review.batch_preview import BatchPreview
from annotator.gui.review.phrase_model import around
from annotator.gui.review.phrase_page import PhrasePage
from annotator.model import Fragment
from annotator.review.gold import gold_of
from annotator.review.verdicts import AUDIT
from tests.gui.conftest import until
from tests.gui.hand import Hand
from tests.gui.reviewing import submit, work_as


class Desk:
    """Two people who have handed in two articles in which Bergen stands three times."""

    def __init__(self, hand: Hand) -> None:
        self.hand = hand
        for author, marks in {
            "ada": (("quay", "Location", (0, 1)), ("ferry", "Location", (0, 1))),
            "jonas": (("quay", "Location", (0,)), ("ferry", "Speaker", (0,))),
        }.items():
            work_as(hand, author)
            for article, label, places in marks:
                hand.window.open_article(article)
                for nth in places:
                    hand.mark("Bergen", label, nth)
                submit(hand)
        work_as(hand, "noor")
        hand.window.open_article("quay")

    @property
    def page(self) -> PhrasePage:
        """The page."""
        found = self.hand.window.pages.findChild(PhrasePage)
        assert found is not None
        return found

    def look(self, words: str = "Bergen") -> PhrasePage:
        """Go to the page with its key, type the words, press Enter."""
        self.hand.window.workspace.select(())
        self.hand.press("Ctrl+Shift+F")
        page = self.page
        page.field.setFocus()
        page.field.setText(words)
        page.field.returnPressed.emit()
        page.read_all()
        QApplication.processEvents()
        return page

    @property
    def listed(self) -> list[tuple[str, str, bool | None]]:
        """Words before and after, what is said at the right, whether it is ticked."""
        rows = [self.page.model.row(key) for key in self.page.model.keys]
        return [(row.text, row.right, row.checked) for row in rows if row is not None]

    @property
    def gold(self) -> list[tuple[str, str]]:
        """Article and label of each span in gold."""
        self.hand.save()
        found = []
        for annotated in self.hand.workspace.project.each_annotated():
            layer = gold_of(annotated).layer.id
            found += [(annotated.article.id, span.label) for span in annotated.spans_of(layer)]
        return found


@pytest.fixture
def desk(hand: Hand) -> Desk:
    return Desk(hand)


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Let the next previews be looked at by a function of the test, and accepted if it says so."""
    answers: list[Callable[[BatchPreview], bool]] = []

    def run(dialog: BatchPreview) -> int:
        dialog.show()
        QApplication.processEvents()
        taken = answers.pop(0)(dialog)
        dialog.hide()
        return int(QDialog.DialogCode.Accepted if taken else QDialog.DialogCode.Rejected)

    monkeypatch.setattr(BatchPreview, "exec", run)
    yield answers
    assert not answers


def test_every_place_is_listed_with_who_labelled_it_as_what(desk: Desk) -> None:
    desk.look()
    rights = [right for _, right, _ in desk.listed if "of" not in right]
    assert "Location: ada, jonas, agreed" in rights
    assert "Location: ada" in rights
    assert "Location: ada; Speaker: jonas" in rights


def test_the_words_of_the_selected_label_are_looked_for(desk: Desk) -> None:
    work_as(desk.hand, "ada")
    desk.hand.window.open_article("quay")
    desk.hand.select(desk.hand.spans[0])
    desk.hand.press("Ctrl+Shift+F")
    assert desk.page.field.text() == "Bergen"


def test_a_place_that_nobody_labelled_is_shown_and_there_is_nothing_to_accept(desk: Desk) -> None:
    page = desk.look("divers")
    assert ("nobody has labelled it", False) in [(right, on) for _, right, on in desk.listed]
    page.model.turn(page.model.keys[-1])
    page._say()
    assert not page.yes.isEnabled()
    assert page.label.isEnabled()


def test_places_that_nobody_labelled_are_labelled_at_once(desk: Desk, answering: list[Any]) -> None:
    page = desk.look("quay")
    unlabelled = next(b for b in page.ticks if b.text() == "Not labelled")
    unlabelled.click()
    wanted = len(page.model.chosen())
    assert wanted > 1
    seen: list[str] = []

    def look(dialog: BatchPreview) -> bool:
        seen.append(dialog.counts.text())
        return True

    answering.append(look)
    menu = page.label_menu()
    next(action for action in menu.actions() if action.text() == "Location").trigger()
    menu.deleteLater()
    assert seen == [f"{wanted} are decided"]
    assert [label for _, label in desk.gold] == ["Location"] * wanted
    desk.hand.workspace.undo()
    assert desk.gold == []


def test_words_that_stand_nowhere_say_so(desk: Desk) -> None:
    page = desk.look("Timbuktu")
    assert page.rows.empty.startswith("This stands nowhere.")
    assert [page.yes.text(), page.no.text(), page.label.text()] == [
        "Accept",
        "Leave out",
        "Label as …",
    ]
    assert not page.show_place.isEnabled()


@given(
    st.text(alphabet="ab \n", max_size=300), st.integers(0, 300), st.integers(1, 5), st.booleans()
)
def test_what_stands_around_words_is_cut_between_words_of_their_paragraph(
    text: str, start: int, length: int, long: bool
) -> None:
    text = text * (3 if long else 1)
    start = min(start, max(len(text) - length, 0))
    place = Fragment(start, min(start + length, len(text)))
    before, words, after = around(text, place)
    assert "\n" not in before + words + after
    own = text[text.rfind("\n", 0, place.start) + 1 : place.start].split()
    shown = before.removeprefix("… ").split()
    assert shown == own[len(own) - len(shown) :] or len(own[-1]) > 50
    assert before.startswith("… ") == (len(shown) < len(own) or shown != own)
    end = text.find("\n", place.end)
    own = text[place.end : len(text) if end < 0 else end].split()
    shown = after.removesuffix(" …").split()
    assert shown == own[: len(shown)] or len(own[0]) > 50


def test_what_waits_is_ticked_and_what_all_agree_on_is_not(desk: Desk) -> None:
    page = desk.look()
    assert {place.is_open for place in page.model.chosen()} == {True}
    assert page.yes.text() == f"Accept {len(page.model.chosen())}"


def test_the_preview_counts_exactly_what_it_then_does(desk: Desk, answering: list[Any]) -> None:
    page = desk.look()
    page.ticks[-2].click()
    seen: dict[str, Any] = {}

    def look(dialog: BatchPreview) -> bool:
        dialog.share.setValue(100)
        seen["done"] = dialog.counts.text()
        seen["rest"] = dialog.rest.text()
        seen["audited"] = dialog.preview.audited
        return True

    answering.append(look)
    page.accept()
    assert seen["done"] == "3 are decided"
    assert seen["rest"].startswith("3 of them are to be audited, 1 is refused: The readers differ.")
    assert sorted(desk.gold) == [("ferry", "Location"), ("quay", "Location"), ("quay", "Location")]
    due = [
        one.extra.get(AUDIT)
        for annotated in desk.hand.workspace.project.each_annotated()
        for one in annotated.verdicts.values()
    ]
    assert due.count("due") == 4


def test_one_undo_takes_all_of_it_back(desk: Desk, answering: list[Any]) -> None:
    page = desk.look()
    page.ticks[-2].click()
    answering.append(lambda _dialog: True)
    page.accept()
    assert len(desk.gold) == 3
    desk.hand.workspace.undo()
    assert desk.gold == []


def test_nothing_is_done_where_the_preview_is_cancelled(desk: Desk, answering: list[Any]) -> None:
    page = desk.look()
    answering.append(lambda _dialog: False)
    page.accept()
    assert desk.gold == []


def test_leaving_out_gives_a_reason(desk: Desk, answering: list[Any]) -> None:
    page = desk.look()
    page.ticks[-2].click()

    def choose(dialog: BatchPreview) -> bool:
        dialog.reason.setCurrentIndex(dialog.reason.findText("Not in the guideline"))
        return True

    answering.append(choose)
    page.leave_out()
    desk.hand.save()
    verdicts = [
        (one.decision, one.reason)
        for annotated in desk.hand.workspace.project.each_annotated()
        for one in annotated.verdicts.values()
    ]
    assert set(verdicts) == {("rejected", "Not in the guideline")}
    assert desk.gold == []


def test_the_batch_is_named_in_the_history(desk: Desk, answering: list[Any]) -> None:
    page = desk.look()
    answering.append(lambda _dialog: True)
    page.ticks[-2].click()
    page.accept()
    desk.hand.save()
    saved = desk.hand.workspace.project.history(1)[0]
    assert (saved.edit.action, saved.edit.detail) == ("phrase", "Bergen (3)")


def test_after_the_decision_the_list_shows_it(desk: Desk, answering: list[Any]) -> None:
    page = desk.look()
    page.ticks[-2].click()
    answering.append(lambda _dialog: True)
    page.accept()
    until(lambda: any(right.endswith("decided") for _, right, _ in desk.listed))


def test_people_and_places_are_looked_for_by_name(desk: Desk) -> None:
    from annotator import editing
    from annotator.model import Entity

    work_as(desk.hand, "ada")
    desk.hand.window.open_article("quay")
    place = Entity(id="bergen", kind="place", name="Bergen, Norway")
    span = desk.hand.spans[0]
    kind = desk.hand.workspace.scheme.label("Location")
    assert kind is not None
    place = Entity(id="bergen", kind=kind.entity or "", name="Bergen, Norway")
    assert desk.hand.workspace.perform(editing.attach(desk.hand.workspace.desk, [span.id], place))
    desk.hand.save()
    page = desk.look("bergen, norway")
    page.kind.chosen.emit("entity")
    page.read_all()
    assert [right for _, right, _ in desk.listed if "ada" in right] == ["Location: ada, jonas"]


def test_enter_shows_the_place_in_the_article(desk: Desk) -> None:
    page = desk.look()
    keys = [key for key in page.model.keys if page.model.place(key) is not None]
    place = page.model.place(keys[0])
    assert place is not None
    page.rows.go_to(keys[0])
    page.rows.setFocus()
    desk.hand.press("Return")
    assert desk.hand.window.place == "annotate"
    assert desk.hand.workspace.desk.annotated.article.id == place.article_id


def test_everything_has_a_name(desk: Desk) -> None:
    page = desk.look()
    widgets: list[QWidget] = [page.field, page.kind, page.rows, page.yes, page.no, *page.ticks]
    assert all(widget.accessibleName() for widget in widgets)
