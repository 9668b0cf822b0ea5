"""What somebody who labels articles blind is not told by lists and figures, on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from annotator.model import Comment, LayerKind, LayerState, Verdict
from annotator.project import ArticleQuery, Project, Scope
from annotator.review.sight import ASSIGNED, keeps_back
from tests.store.making import TEXT, add, article, change, entity, layer, span

BLIND: dict[str, Any] = {"extra": {ASSIGNED: {"blind": True, "seed": 1}}}
OPEN: dict[str, Any] = {"extra": {ASSIGNED: {"blind": False, "reviewer": "rita"}}}


@pytest.fixture
def blind(project: Project) -> Project:
    """Return a project in which ada labels one of two articles blind, and ben has read both."""
    project.perform(add(article("kept"), article("free"), entity("vera"), entity("hal", "Hal")))
    project.perform(add(layer("own", "kept", **BLIND), span("own-1", layer_id="own", **at("kept"))))
    for key in ("kept", "free"):
        reading = layer(f"{key}-ben", key, "ben", state=LayerState.SUBMITTED)
        marked = span(f"{key}-1", layer_id=reading.id, entity_id="vera", unsure=True, **at(key))
        project.perform(add(reading, marked))
    project.perform(
        add(span("kept-2", (15, 26), layer_id="kept-ben", entity_id="hal", **at("kept")))
    )
    return project


def at(article_id: str) -> dict[str, Any]:
    return {"article_id": article_id, "text": TEXT}


def hand_in(project: Project) -> None:
    before = project.annotated("kept").layers["own"]
    project.perform(change(before, replace(before, state=LayerState.SUBMITTED)))


@pytest.mark.parametrize("state", LayerState.ALL)
@pytest.mark.parametrize("noted", [BLIND, OPEN, {}])
def test_the_database_and_the_rule_hide_the_same_articles(
    project: Project, state: str, noted: dict[str, Any]
) -> None:
    own = layer("own", "a1", state=state, **noted)
    project.perform(add(article(), own, layer("bens", "a1", "ben", **BLIND)))
    assert project.sight.kept == ({"a1"} if keeps_back(own) else set())
    assert keeps_back(own) == (noted is BLIND and state in LayerState.UNFINISHED)


def test_what_is_hidden_are_the_records_of_other_people_and_of_gold(blind: Project) -> None:
    gold = layer("gold", "kept", "gold", kind=LayerKind.GOLD)
    machine = layer("machine", "kept", "machine", kind=LayerKind.SUGGESTER)
    blind.perform(add(gold, machine, span("hint", layer_id="machine", **at("kept"))))
    sight = blind.sight
    hidden = {one.id for one in blind.annotated("kept").records() if sight.hides(one)}
    assert hidden == {"kept-ben", "kept-1", "kept-2", "gold"}
    assert not any(sight.hides(one) for one in blind.annotated("free").records())


def labels(project: Project) -> dict[str, int]:
    found = project.figures(Scope(seen_by=project.author), "", ()).labels
    return {one.author: one.spans for one in found}


def test_figures_count_the_own_labels_and_nobody_elses_there(blind: Project) -> None:
    assert labels(blind) == {"ada": 1, "ben": 1}
    scope = Scope(seen_by="ada")
    assert [one.id for one in blind.spans_labelled(scope, "Speaker", "ben")] == ["free-1"]
    assert [one.id for one in blind.mentions_of(scope, "vera")] == ["free-1"]
    hand_in(blind)
    assert labels(blind) == {"ada": 1, "ben": 3}


def test_nobody_reads_both_layers_of_it_for_agreement(blind: Project) -> None:
    assert blind.read_by_several(Scope(seen_by="ada")) == []
    assert blind.read_by_several(Scope(seen_by="ben")) == ["kept"]
    hand_in(blind)
    assert blind.read_by_several(Scope(seen_by="ada")) == ["kept"]


def test_entities_are_not_counted_listed_or_offered_because_of_it(blind: Project) -> None:
    assert blind.entity_counts() == {"vera": 1}
    assert [one.id for one in blind.entity_spans_seen("vera")] == ["free-1"]
    assert blind.recent_entities() == []
    own = blind.annotated("kept").spans["own-1"]
    blind.perform(change(own, replace(own, entity_id="vera")))
    assert [one.id for one in blind.recent_entities()] == ["vera"]
    hand_in(blind)
    assert blind.entity_counts() == {"vera": 3, "hal": 1}
    assert {one.id for one in blind.recent_entities()} == {"vera", "hal"}


def test_the_article_list_does_not_tell_labels_doubts_and_comments(blind: Project) -> None:
    said = Comment(
        id="c", article_id="kept", layer_id="kept-ben", record_id="kept-1", text="?", author="ben"
    )
    blind.perform(add(said, action="comment"))
    assert blind.article_ids(ArticleQuery(label="Speaker", author="ben")) == ["free"]
    assert blind.article_ids(ArticleQuery(label="Speaker")) == ["kept", "free"]
    assert blind.article_ids(ArticleQuery(sort="unsure")) == ["free", "kept"]
    assert [one.comments for one in blind.summaries()] == [0, 0]
    hand_in(blind)
    assert blind.article_ids(ArticleQuery(sort="unsure")) == ["kept", "free"]
    assert [one.comments for one in blind.summaries()] == [1, 0]


def test_what_was_decided_there_is_no_precedent(blind: Project) -> None:
    for key in ("kept", "free"):
        judged = Verdict(
            id=f"{key}-v",
            article_id=key,
            layer_id=f"{key}-ben",
            record_id=f"{key}-1",
            revision=1,
            decision="rejected",
            author="rita",
        )
        blind.perform(add(judged))

    def found() -> set[str]:
        before = blind.reviewing.decided_before(("Ada Verner",), "Speaker")
        return {one.article_id for one in before}

    assert found() == {"free"}
    hand_in(blind)
    assert found() == {"kept", "free"}
