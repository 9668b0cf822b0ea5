"""Figures that the database counts, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from annotator import schemes
from annotator.model import (
    Article,
    Change,
    Entity,
    Fragment,
    Layer,
    LayerKind,
    LayerState,
    Record,
    Relation,
    Span,
    Verdict,
    edit,
    text_hash,
)
from annotator.project import Project, Scope

TEXT = "Ada says Bergen waits for Bo."
ADA = Entity(id="ada", kind="actor", name="Ada")
BERGEN = Entity(id="bergen", kind="place", name="Bergen", latitude=60.4, longitude=5.3)


def reading(home: Article, author: str, kind: str, state: str) -> list[Record]:
    layer = Layer(
        id=f"{home.id}-{author}", article_id=home.id, author=author, kind=kind, state=state
    )

    def span(name: str, words: str, entity: str | None = None, **attributes: str) -> Span:
        start = TEXT.index(words)
        return Span(
            id=f"{layer.id}-{name}",
            article_id=home.id,
            layer_id=layer.id,
            label=name.rstrip("2"),
            fragments=(Fragment(start, start + len(words)),),
            text=(words,),
            attributes=attributes,
            entity_id=entity,
        )

    speaker = span("Speaker", "Ada", "ada")
    claim = span("Claim", "Bergen waits for Bo", claim_type="factual")
    place, nowhere = span("Location", "Bergen", "bergen"), span("Location2", "Bo")
    tie = Relation(
        id=f"{layer.id}-tie",
        article_id=home.id,
        layer_id=layer.id,
        label="attributed_to",
        source=claim.id,
        target=speaker.id,
    )
    return [layer, speaker, claim, place, nowhere, tie]


@pytest.fixture
def project(store_url: str) -> Iterator[Project]:
    """Return a project of two articles: one read by two and settled, one only begun."""
    with Project.create(store_url, schemes.load("news-default"), author="noor") as made:
        homes = [
            Article(id=key, title=key, text=text, sha256=text_hash(text))
            for key, text in (("one", TEXT), ("two", TEXT + " "), ("three", TEXT + "  "))
        ]
        records: list[Record] = [ADA, BERGEN, *homes]
        made.perform(edit("import", [Change(None, one) for one in records]))
        for home, author, kind, state in (
            (homes[0], "noor", LayerKind.PERSON, LayerState.SUBMITTED),
            (homes[0], "pim", LayerKind.PERSON, LayerState.SUBMITTED),
            (homes[0], "gold", LayerKind.GOLD, LayerState.APPROVED),
            (homes[1], "pim", LayerKind.PERSON, LayerState.IN_PROGRESS),
        ):
            made.author = author
            records = reading(home, author, kind, state)
            changes = [Change(None, one) for one in records]
            made.perform(edit("mark", changes, article_id=home.id))
            if state == LayerState.SUBMITTED:
                layer = records[0]
                assert isinstance(layer, Layer)
                made.perform(
                    edit("submit", [Change(layer, replace(layer, note="x"))], article_id=home.id)
                )
        yield made


def test_an_article_is_as_far_as_the_reading_that_is_furthest(project: Project) -> None:
    found = project.figures(Scope(), "attributed_to", ["Location"])
    assert found.articles == 3
    assert found.by_state == {LayerState.APPROVED: 1, LayerState.IN_PROGRESS: 1}
    assert [(one.author, one.state, one.articles) for one in found.shares] == [
        ("noor", LayerState.SUBMITTED, 1),
        ("pim", LayerState.IN_PROGRESS, 1),
        ("pim", LayerState.SUBMITTED, 1),
    ]


def test_what_an_article_says_counts_once(project: Project) -> None:
    found = project.figures(Scope(), "attributed_to", ["Location"])
    assert [(one.speaker, dict(one.attributes), one.claims) for one in found.said] == [
        ("ada", {"claim_type": "factual"}, 2)
    ]
    assert found.topics == {"ada": {"bergen": 2}}
    assert found.mentions == {"ada": 2, "bergen": 2}
    assert (found.unplaced, found.unattributed) == (2, 0)


def test_labels_are_counted_by_person_and_without_gold(project: Project) -> None:
    found = project.figures(Scope(), "attributed_to", ["Location"])
    assert {(one.author, one.label): one.spans for one in found.labels} == {
        ("noor", "Claim"): 1,
        ("noor", "Location"): 2,
        ("noor", "Speaker"): 1,
        ("pim", "Claim"): 2,
        ("pim", "Location"): 4,
        ("pim", "Speaker"): 2,
    }


def test_only_one_persons_work_counts(project: Project) -> None:
    scope = Scope(authors=("noor",), handed_in=True)
    found = project.figures(scope, "attributed_to", ["Location"])
    assert found.mentions == {"ada": 1, "bergen": 1}
    assert [one.author for one in found.handed_in] == ["noor"]
    assert found.by_state == {LayerState.SUBMITTED: 1}


def test_nothing_has_changed_since_a_time_to_come(project: Project) -> None:
    found = project.figures(Scope(since="9999"), "attributed_to", ["Location"])
    assert (found.articles, found.mentions, found.handed_in) == (0, {}, ())


def test_articles_are_compared_that_two_have_read(project: Project) -> None:
    assert project.read_by_several(Scope()) == ["one"]
    assert project.read_by_several(Scope(authors=("noor",))) == []


def test_the_lists_behind_the_numbers_are_as_long_as_the_numbers(project: Project) -> None:
    claims = project.claims_of(Scope(), "attributed_to", "ada")
    assert [(one.article_id, one.label) for one in claims] == [("one", "Claim"), ("two", "Claim")]
    assert len(project.mentions_of(Scope(), "bergen")) == 2
    assert len(project.spans_labelled(Scope(), "Location")) == 6
    assert len(project.spans_labelled(Scope(), "Location", "noor")) == 2


def test_decisions_that_follow_each_other_very_fast_are_counted(project: Project) -> None:
    def said(record: str, author: str, time: str, **extra: str) -> Change:
        key = f"{record}/{author}/{time}"
        where = {"article_id": "one", "layer_id": "one-noor", "record_id": record}
        return Change(
            None,
            Verdict(
                id=key,
                **where,
                revision=1,
                decision="accepted",
                author=author,
                time=time,
                extra={f"annotator:{name}": value for name, value in extra.items()},
            ),
        )

    day = "2026-03-02T10:00"
    changes = [
        said("one-noor-Speaker", "rita", f"{day}:01.000+00:00"),
        # The same decision, about a second record.
        said("one-noor-tie", "rita", f"{day}:01.000+00:00"),
        said("one-noor-Claim", "rita", f"{day}:02.900+00:00"),
        said("one-noor-Location", "rita", f"{day}:04.900+00:00"),
        said("one-noor-Location2", "rita", f"{day}:05.000+00:00", batch="b"),
        said("one-noor-Location", "otto", f"{day}:03.000+00:00"),
        said("one-noor-Claim", "otto", "some time in spring"),
    ]
    project.perform(edit("review", changes, article_id="one"))
    found = project.figures(Scope(), "attributed_to", ["Location"]).haste
    assert [(one.reviewer, one.decisions, one.fast) for one in found] == [
        ("otto", 1, 0),
        ("rita", 3, 1),
    ]
    assert project.figures(Scope(authors=("otto",)), "attributed_to", []).haste == found[:1]
    assert project.figures(Scope(since="2027"), "attributed_to", []).haste == ()
