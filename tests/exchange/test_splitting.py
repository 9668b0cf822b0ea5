"""Train, dev and test: every article once, duplicates together, every label shared out."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import UserError
from annotator.exchange import Split
from annotator.exchange.likeness import ALIKE, groups, likeness, sketch
from annotator.exchange.splitting import Features, divided
from annotator.model import text_hash

WORDS = tuple(f"{a}{b}" for a in "bcdfghklmnprstvw" for b in ("a", "e", "i", "o", "u", "ail"))


def story(seed: int, length: int = 120) -> str:
    """Return a text that has next to nothing in common with one of another seed."""
    return " ".join(random.Random(seed).choices(WORDS, k=length))


def features(id_: str, text: str, **labels: int) -> Features:
    spans = {label: count for label, count in labels.items() if count}
    return Features(id_, text_hash(text), spans, {}, sketch(text))


@st.composite
def corpora(draw: st.DrawFn) -> list[Features]:
    """Make articles, some of them the same as others but for some words."""
    seeds = draw(st.lists(st.integers(0, 10**6), min_size=3, max_size=25, unique=True))
    found = []
    for seed in seeds:
        for copy in range(draw(st.sampled_from((1, 1, 1, 2, 3)))):
            words = story(seed).split()
            words[-copy - 1] = "changed"
            labels = draw(st.fixed_dictionaries({"A": st.integers(0, 9), "B": st.integers(0, 2)}))
            found.append(features(f"{seed}-{copy}", " ".join(words), **labels))
    return found


splits = st.builds(
    Split, st.sampled_from([(80, 10, 10), (60, 20, 20), (90, 0, 10), (34, 33, 33)]), st.integers()
)


@given(corpus=corpora(), split=splits)
def test_every_article_is_in_one_part_and_near_duplicates_in_the_same(
    corpus: list[Features], split: Split
) -> None:
    parts = divided(corpus, split).parts
    assert parts.keys() == {one.id for one in corpus}
    assert set(parts.values()) == set(split.parts)
    by_story: dict[str, set[str]] = {}
    for id_, part in parts.items():
        by_story.setdefault(id_.partition("-")[0], set()).add(part)
    assert all(len(found) == 1 for found in by_story.values())


@given(corpus=corpora(), split=splits, data=st.data())
def test_neither_order_nor_ids_of_a_store_change_the_parts(
    corpus: list[Features], split: Split, data: st.DataObject
) -> None:
    others = data.draw(st.permutations(corpus))
    renamed = [
        Features(f"other {one.id}", one.key, one.spans, one.relations, one.sketch) for one in others
    ]
    first, second = divided(corpus, split).parts, divided(renamed, split).parts
    assert {f"other {id_}": part for id_, part in first.items()} == second


@given(
    counts=st.lists(
        st.fixed_dictionaries({"A": st.integers(0, 8), "B": st.integers(0, 3)}),
        min_size=80,
        max_size=160,
    ),
    seed=st.integers(0, 9),
)
def test_every_frequent_label_is_shared_out_as_asked(
    counts: list[dict[str, int]], seed: int
) -> None:
    corpus = [features(str(n), f"text {n}", **labels) for n, labels in enumerate(counts)]
    split = Split((80, 10, 10), seed)
    parts = divided(corpus, split).parts
    articles = Counter(parts.values())
    assert abs(articles["train"] - 0.8 * len(corpus)) <= 0.02 * len(corpus) + 1
    for label in ("A", "B"):
        held: Counter[str] = Counter()
        for one in corpus:
            held[parts[one.id]] += one.spans.get(label, 0)
        if held.total() < 80:
            continue
        for part, share in (("train", 80), ("dev", 10), ("test", 10)):
            assert abs(100 * held[part] / held.total() - share) <= 6, (label, held)


def test_another_seed_is_another_split() -> None:
    corpus = [features(str(n), story(n, 20), A=n % 3) for n in range(40)]
    found = {tuple(sorted(divided(corpus, Split(seed=n)).parts.items())) for n in range(5)}
    assert len(found) == 5


def test_fewer_articles_than_parts_are_refused() -> None:
    corpus = [features("a", story(1)), features("b", story(1) + " more"), features("c", story(2))]
    with pytest.raises(UserError, match="2 articles, those that are nearly the same"):
        divided(corpus, Split())


@pytest.mark.parametrize("text", ["80/10", "80/10/20", "a/b/c", "", "100/-10/10", "²/1/1"])
def test_what_is_no_split_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="80/10/10"):
        Split.parse(text)


@given(common=st.integers(20, 400), own=st.integers(0, 400))
def test_the_estimate_of_likeness_is_near_the_truth(common: int, own: int) -> None:
    one, other = story(1, common) + " " + story(2, own), story(1, common) + " " + story(3, own)
    sets = [
        {" ".join(words[i : i + 5]) for i in range(max(1, len(words) - 4))}
        for words in (one.split(), other.split())
    ]
    truth = len(sets[0] & sets[1]) / len(sets[0] | sets[1])
    assert abs(likeness(sketch(one), sketch(other)) - truth) <= 0.25


def test_a_chain_of_versions_is_one_group_and_a_shared_footer_makes_none() -> None:
    words = story(5, 300).split()
    versions = {f"v{n}": sketch(" ".join(words[20 * n : 20 * n + 160])) for n in range(5)}
    assert likeness(versions["v0"], versions["v4"]) < ALIKE
    footer = " Reporting by our own correspondents in the harbour towns of the north."
    others = {f"s{n}": sketch(story(100 + n) + footer) for n in range(50)}
    found = groups(versions | others)
    assert ("v0", "v1", "v2", "v3", "v4") in found
    assert len(found) == 51


def test_texts_in_scripts_without_blanks_are_compared_sign_by_sign() -> None:
    one = "部长说港口明天关闭，渔民们对此表示抗议，市长没有回答记者的问题。"
    assert likeness(sketch(one), sketch(one.replace("明天", "后天"))) > ALIKE
    assert likeness(sketch(one), sketch("今天天气很好，大家都去海边散步。")) == 0
