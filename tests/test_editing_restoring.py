"""Earlier states come back from the saved edits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator import schemes
from annotator.annotated import Annotated
from annotator.editing.restoring import net_changes, of_article, of_label, restored
from annotator.model import (
    Article,
    Change,
    Edit,
    Entity,
    Fragment,
    Layer,
    Record,
    Relation,
    Span,
    edit,
    text_hash,
)
from annotator.project import Project

TEXT = "Ada left the pier, said Bo."
HOME = Article(id="a", title="Pier", text=TEXT, sha256=text_hash(TEXT))
LAYER = Layer(id="l", article_id="a", author="ada")


def span(number: int, label: str = "Speaker", start: int = 0, end: int = 3) -> Span:
    return Span(
        id=f"s{number}",
        article_id="a",
        layer_id="l",
        label=label,
        fragments=(Fragment(start, end),),
        text=(TEXT[start:end],),
    )


def begun() -> Annotated:
    return Annotated(HOME, layers={LAYER.id: LAYER})


def here(item: Annotated) -> dict[str, Record]:
    return {record.id: record for record in item.records()}


steps = st.lists(
    st.tuples(
        st.integers(0, 3), st.sampled_from(["Speaker", "Claim", "Cue", ""]), st.integers(0, 9)
    ),
    max_size=12,
)


@given(steps, st.integers(0, 12))
def test_any_state_of_an_article_comes_back(moves: list[tuple[int, str, int]], point: int) -> None:
    item = begun()
    edits: list[Edit] = []
    states = [dict(item.spans)]
    for number, label, start in moves:
        before = item.spans.get(f"s{number}")
        after = None if not label else span(number, label, start, start + 4)
        if before == after:
            continue
        made = edit("step", [Change(before, after)])
        item.apply(made)
        edits.append(made)
        states.append(dict(item.spans))
    point = min(point, len(edits))
    changes = net_changes(edits[point:], of_article("a"))
    found = restored(changes, here=here(item), lost={})
    if found.edit is not None:
        item.apply(found.edit)
    assert item.spans == states[point]
    assert found.left == 0


@given(steps)
def test_what_lies_between_two_points_leads_from_one_to_the_other(
    moves: list[tuple[int, str, int]],
) -> None:
    item, edits = begun(), []
    for number, label, start in moves:
        before = item.spans.get(f"s{number}")
        after = None if not label else span(number, label, start, start + 4)
        if before != after:
            edits.append(edit("step", [Change(before, after)]))
            item.apply(edits[-1])
    again = begun()
    again.apply(edit("all", net_changes(edits, of_article("a"))))
    assert again.spans == item.spans


def test_a_removed_label_comes_back_with_its_links() -> None:
    claim, speaker = span(1, "Claim", 4, 17), span(2, "Speaker", 24, 26)
    tie = Relation(
        id="t", article_id="a", layer_id="l", label="attributed_to", source="s1", target="s2"
    )
    item = begun()
    item.apply(edit("mark", [Change(None, one) for one in (claim, speaker, tie)]))
    removal = edit("delete", [Change(tie, None), Change(claim, None)])
    item.apply(removal)
    found = restored(net_changes([removal], of_label("s1")), here=here(item), lost={})
    assert found.edit is not None
    item.apply(found.edit)
    assert item.spans == {"s1": claim, "s2": speaker}
    assert item.relations == {"t": tie}


def test_a_link_whose_other_end_is_gone_stays_away_and_is_counted() -> None:
    claim, speaker = span(1, "Claim", 4, 17), span(2, "Speaker", 24, 26)
    tie = Relation(
        id="t", article_id="a", layer_id="l", label="attributed_to", source="s1", target="s2"
    )
    item = begun()
    item.apply(edit("mark", [Change(None, one) for one in (claim, speaker, tie)]))
    removal = edit("delete", [Change(tie, None), Change(claim, None)])
    item.apply(removal)
    item.apply(edit("delete", [Change(speaker, None)]))
    found = restored(net_changes([removal], of_label("s1")), here=here(item), lost={})
    assert found.edit is not None
    item.apply(found.edit)
    assert item.spans == {"s1": claim}
    assert (item.relations, found.left) == ({}, 1)


def test_a_person_who_was_removed_comes_back_with_the_label() -> None:
    bo = Entity(id="bo", kind="actor", name="Bo")
    named = replace(span(1), entity_id="bo")
    item = begun()
    item.apply(edit("mark", [Change(None, bo), Change(None, named)]))
    unnamed = replace(named, entity_id=None)
    removal = edit("delete entity", [Change(named, unnamed), Change(bo, None)])
    item.apply(removal)
    found = restored(net_changes([removal], of_label("s1")), here=here(item), lost={"bo": bo})
    assert found.edit is not None
    item.apply(found.edit)
    assert item.spans["s1"] == named
    assert item.entities == {"bo": bo}


def test_nothing_to_bring_back_is_no_edit() -> None:
    assert restored([], here={}, lost={}).edit is None


@pytest.mark.parametrize("author", ["ada", "noor"])
def test_the_log_is_asked_for_one_person(tmp_path: Path, author: str) -> None:
    with Project.create(
        tmp_path / "p.annotator", schemes.load("news-default"), author="ada"
    ) as project:
        project.perform(edit("import", [Change(None, HOME)], article_id="a"))
        project.author = "noor"
        project.perform(edit("mark", [Change(None, LAYER)], article_id="a"))
        assert {one.edit.author for one in project.history(author=author)} == {author}
