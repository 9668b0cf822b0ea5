"""Lines that were broken at a width become paragraphs again, and nothing else changes."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.formats import articles
from annotator.formats.imported import ImportedArticle
from annotator.text.wrapping import unwrapped

PARAGRAPHS = (
    (
        "Marta Ilves said on Tuesday that the quay was safe and that nobody had to leave the "
        "houses behind it, although the water stood higher than in any year since it was built."
    ),
    (
        "“The wall,” she said, “will not move an inch.” The mayor, Håkon Lunde, promised that "
        "divers would look at it again before the autumn, and that everybody could read of it."
    ),
    (
        "Jonas Berg doubts it. The quay should be closed, he told reporters in Bergen, until "
        "somebody has measured how far the old piles have sunk into the mud below the landing."
    ),
)
POEM = (
    "Roses are red,\nviolets are blue,\nsugar is sweet\nand so are you,\nand so is the sea,\ntoo."
)


def wrapped(width: int, *paragraphs: str) -> str:
    return "\n\n".join(textwrap.fill(words, width) for words in paragraphs) + "\n"


@pytest.mark.parametrize("width", [60, 72, 80])
def test_paragraphs_broken_at_a_width_are_lines_again(width: int) -> None:
    text = "Quay is safe\n\n" + wrapped(width, *PARAGRAPHS)
    assert unwrapped(text) == "Quay is safe\n\n" + "\n\n".join(PARAGRAPHS) + "\n"


@pytest.mark.parametrize(
    "text",
    [
        "\n\n".join(PARAGRAPHS),
        "\n".join(PARAGRAPHS),
        f"{POEM}\n\n{POEM}\n\nIt was written on the wall of the house at the old ferry landing.",
        "\n\n".join(["Marta Ilves\nQuay Street 4\nBergen\nNorway\n+47 555"] * 3),
        wrapped(72, PARAGRAPHS[0]),
        "",
    ],
)
def test_what_was_not_broken_at_a_width_stays(text: str) -> None:
    assert unwrapped(text) == text


def test_headlines_above_each_other_stay_apart_in_a_broken_text() -> None:
    head = "Quay is safe\nEngineer sees no danger\n\n"
    assert unwrapped(head + wrapped(72, *PARAGRAPHS)).startswith(head)


@given(st.lists(st.text(" \n\tab“.\u00a0é漢😀", max_size=90), max_size=30), st.integers(40, 100))
def test_only_line_feeds_become_blanks(lines: list[str], width: int) -> None:
    text = "\n".join(lines) + "\n\n" + wrapped(width, *PARAGRAPHS)
    after = unwrapped(text)
    assert len(after) == len(text)
    assert all(a == b or (a, b) == ("\n", " ") for a, b in zip(text, after, strict=True))


def test_a_broken_file_comes_in_as_paragraphs_with_a_note_and_its_own_bytes(tmp_path: Path) -> None:
    path = tmp_path / "quay.txt"
    data = ("Quay is safe\n\n" + wrapped(72, *PARAGRAPHS)).replace("\n", "\r\n").encode()
    path.write_bytes(data)
    (article,) = articles.read(path)
    assert isinstance(article, ImportedArticle)
    assert article.text.split("\n\n")[1] == PARAGRAPHS[0]
    assert "put together to paragraphs" in article.note
    assert article.original == data
    assert {zone.zone for zone in article.zones} >= {"headline", "body"}
