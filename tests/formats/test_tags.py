"""Tags of tokens, in every scheme that files come in."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.formats.tags import SCHEMES, Chunk, chunks, names, tagged

SAME = [Chunk("PER", 0, 2), Chunk("PER", 2, 3), Chunk("LOC", 4, 7), Chunk("ORG", 7, 8)]


@pytest.mark.parametrize(
    "tags",
    [
        "I-PER I-PER B-PER O I-LOC I-LOC I-LOC I-ORG",
        "B-PER I-PER B-PER O B-LOC I-LOC I-LOC B-ORG",
        "B-PER L-PER U-PER O B-LOC I-LOC L-LOC U-ORG",
        "B-PER E-PER S-PER O B-LOC I-LOC E-LOC S-ORG",
        "B-PER E-PER W-PER O B-LOC M-LOC E-LOC W-ORG",
    ],
    ids=["IOB1", "IOB2", "BILOU", "BIOES", "BMEWO"],
)
def test_every_scheme_says_the_same(tags: str) -> None:
    assert list(chunks(tags.split())) == SAME


def test_tags_that_break_the_rules_still_mark_what_they_name() -> None:
    assert list(chunks(["O", "I-A", "I-B", "L-B", "I-B"])) == [
        Chunk("A", 1, 2),
        Chunk("B", 2, 4),
        Chunk("B", 4, 5),
    ]


@st.composite
def marked(draw: st.DrawFn) -> tuple[int, list[Chunk]]:
    labels = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=4)
    edges = sorted(draw(st.sets(st.integers(0, 12), max_size=8)))
    pairs = pairwise(edges)
    found = [Chunk(draw(labels), a, b) for a, b in pairs if draw(st.booleans())]
    return 12, found


@given(marked(), st.sampled_from(SCHEMES))
def test_chunks_come_back_from_their_tags_whatever_the_labels_are_called(
    case: tuple[int, list[Chunk]], scheme: str
) -> None:
    length, found = case
    tags = tagged(length, found, scheme)
    assert not any(set(tag) & set(" \t\r\n\x0b\x0c\x85\u2028") for tag in tags)
    assert list(chunks(tags)) == found


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        ("IOB2", "B-A I-A B-A B-B I-B I-B O"),
        ("IOB1", "I-A I-A B-A I-B I-B I-B O"),
        ("BILOU", "B-A L-A U-A B-B I-B L-B O"),
        ("BIOES", "B-A E-A S-A B-B I-B E-B O"),
    ],
)
def test_each_scheme_is_written_by_its_own_rules(scheme: str, expected: str) -> None:
    found = [Chunk("A", 0, 2), Chunk("A", 2, 3), Chunk("B", 3, 6)]
    assert " ".join(tagged(7, found, scheme)) == expected


def test_classes_begin_with_the_outside() -> None:
    assert names(["Claim", "a b"]) == ["O", "B-Claim", "I-Claim", "B-a%20;b", "I-a%20;b"]
