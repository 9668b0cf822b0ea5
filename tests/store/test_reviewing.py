"""Review's questions to a whole project, on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from annotator.model import Change, Comment, LayerKind, LayerState, Verdict, edit
from annotator.project import Project, ReviewQuery
from tests.store.making import add, article, layer, span

SUBMITTED = LayerState.SUBMITTED


def verdict(id_: str, record_id: str, article_id: str, layer_id: str, **more: Any) -> Verdict:
    more.setdefault("decision", "rejected")
    return Verdict(
        id=id_,
        article_id=article_id,
        layer_id=layer_id,
        record_id=record_id,
        revision=1,
        author="rita",
        **more,
    )


def contest(id_: str, article_id: str, layer_id: str, *, resolved: bool = False) -> Comment:
    return Comment(
        id=id_,
        article_id=article_id,
        layer_id=layer_id,
        record_id="x",
        text="No.",
        resolved=resolved,
        extra={"annotator:answer": "contested", "annotator:verdict": "v"},
    )


def text(id_: str) -> str:
    return f"Ada Verner said in article {id_} that it rained."


def own(id_: str, article_id: str, layer_id: str, place: tuple[int, int] = (0, 10)) -> Any:
    return span(id_, place, text=text(article_id), article_id=article_id, layer_id=layer_id)


@pytest.fixture
def filled(project: Project) -> Project:
    """Return four articles: read by two, frozen, contested though frozen, read by one."""
    project.perform(
        add(*(article(id_, text(id_)) for id_ in ("two", "done", "back", "one")), action="import")
    )
    people = [
        layer(f"{id_}-{author}", id_, author, state=SUBMITTED)
        for id_ in ("two", "done", "back")
        for author in ("ada", "ben")
    ]
    project.perform(
        add(
            *people,
            layer("one-ada", "one", "ada", state=SUBMITTED),
            layer("one-ben", "one", "ben"),
            layer("two-m", "two", "machine", kind=LayerKind.SUGGESTER, state=SUBMITTED),
            *(
                layer(f"{id_}-gold", id_, "gold", kind=LayerKind.GOLD, state="approved")
                for id_ in ("done", "back")
            ),
            own("s1", "two", "two-ada"),
            own("s2", "two", "two-ada", (11, 15)),
            own("s3", "two", "two-ben"),
            own("s4", "done", "done-gold"),
            own("s5", "back", "back-ada"),
        )
    )
    project.perform(
        add(
            verdict("v1", "s5", "back", "back-ada", time="2026-01-02", reason="Wrong label"),
            verdict("v2", "s3", "two", "two-ben", time="2026-01-01", decision="accepted"),
            contest("c1", "back", "back-ada"),
            contest("c2", "done", "done-ada", resolved=True),
        )
    )
    return project


def ids(project: Project, **query: Any) -> list[str]:
    asked = ReviewQuery(**query)
    found = project.reviewing.article_ids(asked)
    assert project.reviewing.count(asked) == len(found)
    assert [row.article_id for row in project.reviewing.rows(asked)] == found
    return found


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["two", "back", "one"]),
        ({"readers": 2}, ["two", "back"]),
        ({"readers": 2, "unfinished": True}, ["two", "back", "one"]),
        ({"state": "done"}, ["done"]),
        ({"state": None}, ["two", "done", "back", "one"]),
        ({"without": "ben"}, []),
        ({"without": "rita", "readers": 2}, ["two", "back"]),
        ({"sort": "contested"}, ["back", "two", "one"]),
        ({"sort": "decided"}, ["one", "two", "back"]),
        ({"sort": "readers"}, ["two", "back", "one"]),
        ({"sort": "title"}, ["back", "one", "two"]),
    ],
)
def test_a_reviewer_finds_the_articles_that_wait(
    filled: Project, query: dict[str, Any], expected: list[str]
) -> None:
    assert ids(filled, **query) == expected


def test_articles_with_the_rarest_label_of_the_project_come_first(filled: Project) -> None:
    assert ids(filled, sort="rare") == ["two", "back", "one"]
    cue = span("s6", (11, 15), label="Cue", text=text("one"), article_id="one", layer_id="one-ada")
    filled.perform(add(cue))
    assert ids(filled, sort="rare") == ["one", "two", "back"]


def test_a_row_says_who_has_read_an_article_and_how_far_it_is(filled: Project) -> None:
    first, second, _ = filled.reviewing.rows()
    assert (first.title, first.readers, first.labels) == ("Title of two", ("ada", "ben"), 3)
    assert (first.gold, first.verdicts, first.contested) == (None, 1, 0)
    assert (second.gold, second.contested, second.comments) == ("approved", 1, 1)


def test_the_queue_comes_page_by_page(filled: Project) -> None:
    pages = [filled.reviewing.rows(offset=at, limit=2) for at in (0, 2, 4)]
    assert [[row.article_id for row in page] for page in pages] == [["two", "back"], ["one"], []]


def test_what_was_decided_on_the_same_words_is_found_newest_first(filled: Project) -> None:
    found = filled.reviewing.decided_before(("Ada Verner",), "Speaker")
    assert [(one.article_id, one.decision, one.reason) for one in found] == [
        ("back", "rejected", "Wrong label"),
        ("two", "accepted", ""),
    ]
    assert found[0].place == (0, 10)
    assert filled.reviewing.decided_before(("Ada Verner",), "Claim") == []
    assert filled.reviewing.decided_before(("Ada",), "Speaker") == []


def test_what_somebody_is_to_decide_again_is_no_precedent_until_then(filled: Project) -> None:
    assert filled.reviewing.asked_again() == frozenset()
    again = {"annotator:again": {"person": "rita"}}
    for state, known in (("due", ["two"]), ("right", ["back", "two"])):
        asked = {**again, "annotator:audit": state}
        before = filled.annotated("back").verdicts["v1"]
        filled.perform(edit("retest", [Change(before, replace(before, extra=asked))]))
        found = filled.reviewing.decided_before(("Ada Verner",), "Speaker")
        assert [one.article_id for one in found] == known
        assert filled.reviewing.asked_again() == ({"s5"} if state == "due" else set())


def test_controls_are_found_wherever_they_were_given_out(filled: Project) -> None:
    given = {"annotator:assigned": {"blind": True, "control": True}}
    plain = {"annotator:assigned": {"blind": True}}
    filled.perform(
        add(
            layer("c1", "done", "kim", state="not started", extra=given),
            layer("c2", "done", "lea", state=SUBMITTED, extra=given),
            layer("c3", "one", "kim", extra=plain),
        )
    )
    assert filled.reviewing.control_articles() == ["done"]


def test_labels_may_be_missed_where_gold_of_what_was_handed_in_is_frozen(filled: Project) -> None:
    assert filled.reviewing.settled_articles("ada") == ["done", "back"]
    assert filled.reviewing.settled_articles("rita") == []


def test_verdicts_are_counted_and_found_by_their_reasons(filled: Project) -> None:
    given = filled.reviewing.reasons_given()
    assert given["Wrong label"] == len(filled.reviewing.verdicts_because("Wrong label"))
    assert {one.reason for one in filled.reviewing.verdicts_because("Wrong label")} == {
        "Wrong label"
    }
    assert filled.reviewing.verdicts_because("Nothing") == []


def test_batches_are_counted_case_by_case(filled: Project) -> None:
    def decided(number: int, case: str, audit: str, article_id: str = "two") -> Verdict:
        extra = {"annotator:batch": "b1", "annotator:rule": "majority", "annotator:case": case}
        extra |= {"annotator:audit": audit} if audit else {}
        layer_id = f"{article_id}-ada"
        time = f"2026-02-0{number}"
        return verdict(f"b{number}", f"r{number}", article_id, layer_id, time=time, extra=extra)

    filled.perform(
        add(
            decided(1, "k1", "due"),
            decided(2, "k1", "due"),
            decided(3, "k2", "right"),
            decided(4, "k3", "right"),
            decided(5, "k3", "wrong", "back"),
            decided(6, "k4", ""),
        )
    )
    (batch,) = filled.reviewing.batches()
    assert (batch.id, batch.rule, batch.author) == ("b1", "majority", "rita")
    assert (batch.cases, batch.due, batch.right, batch.wrong) == (4, 1, 1, 1)
    assert filled.reviewing.batch_articles("b1") == ["back", "two"]
    assert filled.reviewing.audit_articles() == ["two"]


def test_assigned_articles_are_those_of_the_plan(filled: Project) -> None:
    noted = {"annotator:assigned": {"blind": True}}
    filled.perform(
        add(
            layer("p1", "done", "kim", state="not started", extra=noted),
            layer("p2", "one", "kim", state="not started", extra=noted),
            layer("p3", "two", "kim"),
        )
    )
    assert filled.reviewing.assigned_articles("kim") == ["done", "one"]
    assert filled.reviewing.assigned_articles("ada") == []


@pytest.mark.parametrize("person", ["rita", 'ri"ta_%\\'])
def test_somebody_else_reviews_by_a_plan_or_by_having_decided(
    project: Project, person: str
) -> None:
    planned = {"annotator:assigned": {"blind": True, "reviewer": person, "adjudicator": person}}
    project.perform(add(article("a"), layer("l", "a", extra=planned)))
    assert not project.reviewing.others_review(person)
    assert project.reviewing.others_review("lena")
    plain = layer("m", "a", "ben", extra={"annotator:assigned": {"adjudicator": "lena"}})
    project.perform(add(plain))
    assert project.reviewing.others_review(person)


def test_who_has_decided_alone_reviews_alone(project: Project) -> None:
    project.perform(add(article("a"), layer("l", "a"), span("s", article_id="a", layer_id="l")))
    project.perform(add(verdict("v", "s", "a", "l")))
    assert not project.reviewing.others_review("rita")
    assert project.reviewing.others_review("lena")
