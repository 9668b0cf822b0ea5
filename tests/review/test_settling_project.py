"""A review in a real project, on both databases: saved, undone across articles, sound."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from annotator import editing
from annotator.annotated import Annotated
from annotator.model import Change, LayerState, edit, now, text_hash
from annotator.project import Project
from annotator.review import blinding, merging, remarks, settling
from annotator.review.assigning import Plan, assign, planned
from annotator.review.cases import Review, Standing, review
from annotator.review.conflicts import Kind
from annotator.review.feedback import State, feedback
from annotator.review.verdicts import WORDS, Answer, Reason, Signature
from tests.notation import news_scheme
from tests.review.reviewing import contents, handed_in

ADA = "[It rains|Claim#a], [Ada Byron|Speaker#b] [said|Cue#c] in [Oslo|Location#d]. [Ben|Speaker#e]"
BEN = "[It rains|Claim#a], [Ada|Speaker#b] Byron [said|Cue#c] in Oslo. [Ben|Location#e]"
TIES = ["#a>attributed_to>#b", "#a>cued_by>#c"]


def other(item: Annotated) -> Annotated:
    """Return the same article once more, as another one."""

    def renamed(key: str | None) -> str:
        return f"2/{key}"

    result = item.copy()
    text = item.article.text + " Again."
    result.article = replace(item.article, id="article2", text=text, sha256=text_hash(text))
    result.layers = {
        renamed(k): replace(v, id=renamed(k), article_id="article2") for k, v in item.layers.items()
    }
    result.spans = {
        renamed(k): replace(v, id=renamed(k), article_id="article2", layer_id=renamed(v.layer_id))
        for k, v in item.spans.items()
    }
    result.relations = {
        renamed(k): replace(
            v,
            id=renamed(k),
            article_id="article2",
            layer_id=renamed(v.layer_id),
            source=renamed(v.source),
            target=renamed(v.target),
        )
        for k, v in item.relations.items()
    }
    return result


@pytest.fixture
def project(store_url: str) -> Iterator[Project]:
    """Yield a project of rita's with two articles that two people have handed in."""
    first = handed_in(ADA, BEN, ties=(TIES, TIES[:1]))
    second = other(first)
    with Project.create(store_url, news_scheme(), author="rita") as made:
        for item in (first, second):
            made.perform(edit("import", [Change(None, record) for record in item.records()]))
        yield made


def under_review(project: Project, article_id: str = "article") -> Review:
    return review(project.annotated(article_id), project.scheme)


def signed(project: Project) -> Signature:
    return Signature(project.author, now(), project.revision)


def test_two_articles_are_settled_saved_and_taken_back_step_by_step(project: Project) -> None:
    ids = ("article", "article2")
    before = [contents(project.annotated(key)) for key in ids]
    steps = 0
    for key in ids:
        while True:
            found = under_review(project, key)
            if not found.open_cases:
                break
            case = found.open_cases[0]
            way = steps % 3
            if way == 0:
                made = settling.take(found, case, 1, signed(project))
            elif way == 1:
                made = settling.reject(found, case, Reason.GUIDELINE, signed(project), "No.")
            else:
                made = settling.skip(found, case, signed(project))
            project.perform(made)
            steps += 1
        batch = merging.batch("unanimous", signed(project), share=0.0)
        project.perform(merging.unanimous(under_review(project, key), batch).edit())
        found = under_review(project, key)
        project.perform(settling.finish(found))
        steps += 2
        assert under_review(project, key).gold.is_frozen
    assert steps >= 10
    assert [one for one in project.check() if one.severity != "info"] == []
    for _ in range(steps):
        assert project.undo() is not None
    assert [contents(project.annotated(key)) for key in ids] == before
    for _ in range(steps):
        assert project.redo() is not None
    assert under_review(project, "article2").gold.is_frozen


def test_one_edit_decides_in_many_articles_and_one_undo_takes_it_back(project: Project) -> None:
    batch = merging.batch("unanimous", signed(project), share=1.0)
    every = [
        merging.unanimous(review(item, project.scheme), batch) for item in project.each_annotated()
    ]
    preview = merging.joined(every)
    saved = project.perform(preview.edit())
    assert saved.edit.article_id is None
    (row,) = project.reviewing.batches()
    assert (row.cases, row.due) == (len(preview.done), len(preview.done))
    assert project.reviewing.audit_articles() == ["article", "article2"]
    case = next(one for one in under_review(project).open_cases if one.kind == Kind.UNAUDITED)
    project.perform(settling.reject(under_review(project), case, Reason.OTHER, signed(project)))
    (row,) = project.reviewing.batches()
    assert (row.due, row.wrong) == (len(preview.done) - 1, 1)
    project.undo()
    project.undo()
    assert project.reviewing.batches() == []
    assert under_review(project).gold.layer.id not in project.annotated("article").layers


def test_an_annotator_finds_and_answers_what_was_decided(project: Project) -> None:
    found = under_review(project)
    case = found.open_cases[0]
    project.perform(settling.reject(found, case, Reason.BORDERS, signed(project), "Too long."))
    (item,) = feedback(project.verdicts_on("annotator-0"), [])
    assert (item.verdict.reason, item.verdict.extra[WORDS]) == (Reason.BORDERS, "Too long.")
    annotated = project.annotated("article")
    made = remarks.answer(annotated, item.verdict, Answer.CONTESTED, "No.", "annotator-0")
    project.perform(made)
    (waiting,) = feedback(project.verdicts_on("annotator-0"), project.comments_on("annotator-0"))
    assert waiting.state == State.WAITING
    (row, _) = project.reviewing.rows()
    assert row.contested == 1
    contested = [one for one in under_review(project).open_cases if one.kind == Kind.CONTESTED]
    assert [one.key for one in contested] == [case.key]
    (text,) = remarks.threads(project.annotated("article"), item.verdict.record_id)
    assert text.first.author == "annotator-0"


def test_a_plan_is_made_and_blindness_lifted_in_the_project(project: Project) -> None:
    plan = Plan(annotators=("annotator-0", "annotator-1", "eve"), readers=3)
    given = planned(plan, project.article_ids()).given
    layers = [layer for item in project.each_annotated() for layer in item.layers.values()]
    project.perform(assign(plan, given, layers))
    assert project.reviewing.assigned_articles("eve") == ["article", "article2"]
    states = {one.author: one.state for one in project.annotated("article").layers.values()}
    assert states == {
        "annotator-0": LayerState.SUBMITTED,
        "annotator-1": LayerState.SUBMITTED,
        "eve": LayerState.NOT_STARTED,
    }
    found = under_review(project)
    assert sorted(blinding.shown_names(found).values()) == ["A", "B"]
    project.perform(blinding.unblind(found, signed(project)))
    (newest,) = project.history(limit=1)
    assert newest.edit.action == "unblind"


def test_what_a_reader_changes_after_the_decision_comes_back(project: Project) -> None:
    found = under_review(project)
    case = next(one for one in found.open_cases if one.words == "Oslo")
    project.perform(settling.accept(found, case, signed(project)))
    item = project.annotated("article")
    span = item.spans["L0/d"]
    project.perform(edit("relabel", [Change(span, replace(span, label="Speaker"))]))
    found = under_review(project)
    outdated = [one for one in found.standing(Standing.OPEN) if one.kind == Kind.OUTDATED]
    assert [one.words for one in outdated] == ["Oslo"]


def test_a_correction_is_one_step_in_the_project(project: Project) -> None:
    found = under_review(project)
    case = next(one for one in found.open_cases if one.kind == Kind.BOUNDARY)
    made = settling.correct(
        found,
        case,
        lambda desk, key: editing.relabel(desk, [key], "Location"),
        signed(project),
        number=2,
    )
    project.perform(made)
    gold = project.annotated("article").spans_of(found.gold.layer.id)
    assert [(span.label, span.text) for span in gold] == [("Location", ("Ada",))]
    project.undo()
    assert project.annotated("article").spans_of(found.gold.layer.id) == []
