"""Layers are laid over each other whatever their order, and what differs is called by its name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.annotated import Annotated
from annotator.model import Entity, Fragment, Layer, Relation, Span
from annotator.review.aligning import Alignment, align, align_spans
from annotator.review.cases import review
from annotator.review.conflicts import Conflict, Kind
from annotator.spans import covered, normalise
from tests.notation import annotated, news_scheme

TEXT = "Ada Byron told the town council on Monday that the old ferry will not sail again."


def together(*notations: str, ties: Sequence[Sequence[str]] = ()) -> Annotated:
    """Return one article with a layer for each notation of the same text."""
    result: Annotated | None = None
    for number, notation in enumerate(notations):
        layer = f"L{number}"
        own = annotated(
            notation,
            *(ties[number] if ties else ()),
            layer_id=layer,
            author=f"annotator-{number}",
        )
        if result is None:
            result = Annotated(own.article)
        assert own.article.text == result.article.text
        result.layers |= own.layers
        for span in own.spans.values():
            key = f"{layer}/{span.id}"
            result.spans[key] = replace(span, id=key)
        for tie in own.relations.values():
            key = f"{layer}/{tie.id}"
            target = None if tie.target is None else f"{layer}/{tie.target}"
            result.relations[key] = replace(
                tie, id=key, source=f"{layer}/{tie.source}", target=target
            )
    assert result is not None
    return result


def aligned(item: Annotated, **options: Any) -> Alignment:
    return align(item, sorted(item.layers), **options)


def kinds(found: Alignment) -> list[list[str]]:
    return [[conflict.kind.value for conflict in group.conflicts] for group in found.spans]


@pytest.mark.parametrize(
    ("layers", "wanted"),
    [
        (("[Ada Byron|Speaker] left.", "[Ada Byron|Speaker] left."), ["same"]),
        (("[the blackboard|Location] x", "the [blackboard|Location] x"), ["boundary"]),
        (("[Ada Byron|Speaker] left.", "[Ada Byron|Location] left."), ["label"]),
        (("[Ada Byron|Speaker] left.", "[Ada Byron left|Location]."), ["boundary+label"]),
        (("[Ada|Speaker] left.", "[Ada|Speaker] left.", "Ada left."), ["missing"]),
        (("[Ada|Speaker] left.", "Ada left.", "Ada left."), ["single"]),
        (
            ("[Ada and Ben|Speaker] left.", "[Ada|Speaker] and [Ben|Speaker] left."),
            ["boundary", "split/merge"],
        ),
        (
            (
                "[the town council of [Oslo|Location]|Location]",
                "the town council of [Oslo|Location]",
            ),
            ["nesting"],
        ),
        (("[[Ada|Speaker]|Speaker] left.", "[Ada|Speaker] left."), ["duplicate"]),
        (("[It|Claim#c], he said, [rains|Claim#c].", "[It, he said, rains|Claim]."), ["fragments"]),
        (("[He|Speaker mention_form=name]", "[He|Speaker mention_form=pronoun]"), ["value"]),
        (("[He|Speaker mention_form=pronoun]", "[He|Speaker]"), ["unset"]),
        (("[He|Speaker@ada]", "[He|Speaker]"), ["unset"]),
    ],
)
def test_a_conflict_of_spans_is_found_and_named(layers: tuple[str, ...], wanted: list[str]) -> None:
    found = aligned(together(*layers))
    assert kinds(found) == [wanted]


def test_values_of_which_one_holds_the_other_are_a_subset() -> None:
    item = together("[He|Speaker] left", "[He|Speaker] left", "[He|Speaker] left")
    for key, values in zip(sorted(item.spans), (["a", "b"], ["b"], ["b", "a"]), strict=True):
        item.spans[key] = replace(item.spans[key], attributes={"topics": values})
    assert aligned(item).spans[0].conflicts == (Conflict(Kind.SUBSET, "topics"),)


def test_a_default_is_a_value_for_who_knows_the_scheme() -> None:
    scheme = news_scheme()
    label, attribute = next(
        (label, attribute)
        for label in scheme.labels
        for attribute in label.attributes
        if isinstance(attribute.default, str)
    )
    item = together(f"[He|{label.name} {attribute.name}={attribute.default}]", f"[He|{label.name}]")
    assert kinds(aligned(item)) == [["unset"]]
    assert kinds(aligned(item, scheme=scheme)) == [["same"]]


def test_labels_that_overlap_and_mean_different_things_are_different_cases() -> None:
    item = together("[Ada said [it rains|Claim]|Passage]", "Ada said [it|Location] rains")
    assert kinds(aligned(item)) == [["single"], ["single"], ["single"]]


@pytest.mark.parametrize(
    ("ties", "wanted"),
    [
        ((["#a>attributed_to>#b"], ["#a>attributed_to>#b"]), [Conflict(Kind.SAME)]),
        ((["#a>attributed_to>#b"], ["#b>attributed_to>#a"]), [Conflict(Kind.DIRECTION)]),
        ((["#a>attributed_to>#b"], ["#a>addressed_to>#b"]), [Conflict(Kind.RELATION_TYPE)]),
        ((["#a>attributed_to>#b"], ["#a>attributed_to>#c"]), [Conflict(Kind.ENDPOINT, soft=True)]),
        ((["#a>attributed_to>#b"], ["#a>attributed_to>#d"]), [Conflict(Kind.ENDPOINT)]),
        ((["#a>attributed_to>#b"], []), [Conflict(Kind.SINGLE)]),
    ],
)
def test_a_conflict_of_relations_is_found_and_named(
    ties: tuple[list[str], list[str]], wanted: list[Conflict]
) -> None:
    text = "[It rains|Claim#a], [Ada|Speaker#b@ada] said; [she|Speaker#c@ada] told [Ben|Speaker#d]."
    found = aligned(together(text, text, ties=ties))
    assert [list(group.conflicts) for group in found.relations] == [wanted]
    assert all(group.agrees for group in found.spans)


def test_a_relation_whose_end_the_other_has_not_marked_dangles() -> None:
    item = together(
        "[It rains|Claim#a], [Ada|Speaker#b] said.",
        "[It rains|Claim#a], Ada said.",
        ties=(["#a>attributed_to>#b"], []),
    )
    assert aligned(item).relations[0].conflicts == (Conflict(Kind.DANGLING),)


def who(*layers: Sequence[str]) -> Alignment:
    """Align layers in which each of four names stands for the entity that is given for it."""
    names = ("Ada", "Byron", "she", "her")
    item = together(
        *(
            " ".join(f"[{name}|Speaker@{entity}]" for name, entity in zip(names, own, strict=True))
            for own in layers
        )
    )
    for entity in {entity for own in layers for entity in own}:
        ids = {"wikidata": entity} if entity.startswith("Q") else {}
        name = {"x": "A", "y": "B"}.get(entity, entity)
        item.entities[entity] = Entity(id=entity, kind="actor", name=name, identifiers=ids)
    return aligned(item)


@pytest.mark.parametrize(
    ("layers", "wanted"),
    [
        ((["a", "a", "b", "b"], ["x", "x", "y", "y"]), ["same"] * 4),
        ((["a", "a", "b", "b"], ["a", "a", "z", "z"]), ["same"] * 2 + ["other entity"] * 2),
        ((["a", "a", "a", "b"], ["a", "a", "c", "b"]), ["same", "same", "entity split", "same"]),
        (
            (["a", "a", "b", "b"], ["a", "a", "c", "b"], ["a", "a", "c", "b"]),
            ["same", "same", "entity merged", "same"],
        ),
        ((["a", "a", "b", "b"], ["a", "a", "a", "b"]), ["same", "same", "other entity", "same"]),
        ((["Q1", "b", "b", "b"], ["Q2", "b", "b", "b"]), ["other identifier"] + ["same"] * 3),
    ],
)
def test_a_conflict_of_entities_is_found_and_named(
    layers: tuple[list[str], ...], wanted: list[str]
) -> None:
    assert kinds(who(*layers)) == [[kind] for kind in wanted]


# -------------------------------------------------------------------------------------- properties


@st.composite
def spans(draw: st.DrawFn, layer: str) -> list[Span]:
    """Draw the spans of a layer: nested, crossing, discontinuous, twice, or none."""
    found = []
    for number in range(draw(st.integers(0, 6))):
        pieces = draw(
            st.lists(st.tuples(st.integers(0, 24), st.integers(1, 8)), min_size=1, max_size=2)
        )
        where = normalise(Fragment(start, start + length) for start, length in pieces)
        value = draw(st.sampled_from(["", "x", "y"]))
        found.append(
            Span(
                id=f"{layer}-{number}",
                article_id="article",
                layer_id=layer,
                label=draw(st.sampled_from(["Claim", "Speaker"])),
                fragments=where,
                text=covered(TEXT, where),
                attributes={"form": value} if value else {},
                entity_id=draw(st.sampled_from([None, "a", "b"])),
            )
        )
    return found


@st.composite
def articles(draw: st.DrawFn) -> Annotated:
    item = annotated(TEXT.replace("[", ""))
    item.layers, item.spans = {}, {}
    for number in range(draw(st.integers(2, 4))):
        layer = Layer(id=f"L{number}", article_id="article", author=f"author-{number}")
        item.layers[layer.id] = layer
        own = draw(spans(layer.id))
        item.spans |= {span.id: span for span in own}
        ends = st.sampled_from([span.id for span in own]) if own else st.nothing()
        pairs = draw(st.lists(st.tuples(ends, ends), max_size=3)) if own else []
        for at, (source, target) in enumerate(pairs):
            key = f"{layer.id}-r{at}"
            item.relations[key] = Relation(
                id=key,
                article_id="article",
                layer_id=layer.id,
                label=draw(st.sampled_from(["by", "to"])),
                source=source,
                target=target,
            )
    return item


def said(span: Span) -> tuple[Any, ...]:
    return (span.label, span.fragments, dict(span.attributes).get("form"), span.entity_id)


def summary(found: Alignment) -> Counter[Any]:
    """Return what is said about which places, without the names of layers and spans."""
    return Counter(
        (
            tuple(sorted(repr([said(span) for span in own]) for own in group.variants)),
            group.conflicts,
        )
        for group in found.spans
    )


@given(articles())
def test_every_label_is_in_exactly_one_group(item: Annotated) -> None:
    found = aligned(item)
    grouped = [span.id for group in found.spans for own in group.variants for span in own]
    assert sorted(grouped) == sorted(item.spans)
    for group in found.spans:
        for layer, own in zip(found.layer_ids, group.variants, strict=True):
            assert all(span.layer_id == layer for span in own)
    tied = [tie.id for group in found.relations for tie in group.variants if tie is not None]
    assert sorted(tied) == sorted(item.relations)


@given(articles(), st.randoms())
def test_the_order_of_storage_changes_nothing(item: Annotated, random: Any) -> None:
    other = item.copy()
    other.spans = mixed(other.spans, random)
    other.relations = mixed(other.relations, random)
    assert aligned(other) == aligned(item)


Item = TypeVar("Item")


def mixed(table: dict[str, Item], random: Any) -> dict[str, Item]:
    """Return the same entries in another order."""
    entries = list(table.items())
    random.shuffle(entries)
    return dict(entries)


@given(articles(), st.randoms())
def test_the_order_of_annotators_changes_nothing_but_their_order(
    item: Annotated, random: Any
) -> None:
    order = sorted(item.layers)
    random.shuffle(order)
    assert summary(align(item, order)) == summary(aligned(item))
    ties = [
        Counter(g.conflicts for g in align(item, ids).relations) for ids in (order, sorted(order))
    ]
    assert ties[0] == ties[1]


@given(articles(), st.randoms())
def test_how_much_readers_differ_does_not_depend_on_what_is_stored_first(
    item: Annotated, random: Any
) -> None:
    ids = sorted(item.layers)
    known = review(item, news_scheme(), layer_ids=ids).disagreement
    other = item.copy()
    other.layers, other.spans = mixed(other.layers, random), mixed(other.spans, random)
    other.relations = mixed(other.relations, random)
    random.shuffle(ids)
    assert review(other, news_scheme(), layer_ids=ids).disagreement == known


@given(articles(), st.integers(2, 4))
def test_identical_layers_say_the_same_everywhere(item: Annotated, count: int) -> None:
    first = item.spans_of("L0")
    ties = item.relations_of("L0")
    item.layers, item.spans, item.relations = {}, {}, {}
    for number in range(count):
        layer = f"copy-{number}"
        item.layers[layer] = Layer(id=layer, article_id="article", author=layer)
        names = {span.id: f"{layer}-{span.id}" for span in first}
        for span in first:
            key = names[span.id]
            item.spans[key] = replace(span, id=key, layer_id=layer)
        for tie in ties:
            assert tie.target is not None
            key = f"{layer}-{tie.id}"
            item.relations[key] = replace(
                tie, id=key, layer_id=layer, source=names[tie.source], target=names[tie.target]
            )
    found = aligned(item)
    assert all(group.agrees for group in found.spans)
    assert all(group.agrees for group in found.relations)


@given(articles())
def test_spans_that_share_no_character_are_never_aligned(item: Annotated) -> None:
    for own in align_spans([item.spans_of(layer) for layer in sorted(item.layers)]):
        firsts = [spans[0] for spans in own if spans]
        for one in firsts:
            for other in firsts:
                assert {*places(one)} & {*places(other)}


def places(span: Span) -> list[int]:
    return [at for start, end in span.fragments for at in range(start, end)]
