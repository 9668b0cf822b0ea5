"""Quotation marks: which belong together."""

from __future__ import annotations

import pytest

from annotator.model import Fragment
from annotator.text import Structure


def quoted(text: str) -> list[str]:
    found = Structure(text).quotations(Fragment(0, len(text)))
    return [text[quotation.inner.start : quotation.inner.end] for quotation in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“Go,” she said. “Now.”", ["Go,", "Now."]),
        ('"Go," she said, "now."', ["Go,", "now."]),
        ('He has a "much-needed" plan ("good").', ["much-needed", "good"]),
        ('It was "over." "That’s why," he said.', ["over.", "That’s why,"]),
        ('He said:"No,"then left.', ["No,"]),
        ("„Das ist ‚gut‘“, sagte er.", ["Das ist ‚gut‘", "gut"]),
        ("»Ja«, sagte sie, »gern«.", ["Ja", "gern"]),
        ("«\xa0Oui\xa0», dit-il.", ["\xa0Oui\xa0"]),
        ("”Ja”, sa hon.", ["Ja"]),
        ("他说「我『不』去」。", ["我『不』去", "不"]),
        ("``Yes,'' he said.", ["Yes,"]),
        ("‘It’s the workers’ right,’ he said.", ["It’s the workers’ right,"]),
        ("'No,' she said, 'it's late.'", ["No,", "it's late."]),
        ("“He said ‘never’ twice,” she said.", ["He said ‘never’ twice,", "never"]),
        ("\"He said 'never,'\" she said.", ["He said 'never,'", "never,"]),
        ("the workers' and teachers' unions", []),
        ("rock 'n' roll of the '90s", []),
        ('a 5" pipe and a 6" pipe', []),
        ("Don't and won't", []),
        ("she said “nothing more", []),
    ],
)
def test_marks_are_paired(text: str, expected: list[str]) -> None:
    assert quoted(text) == expected


def test_a_quotation_goes_on_where_the_next_paragraph_opens_again() -> None:
    text = "She said: “We waited.\n\n“Then we left.\n\n“It was late,” she said."
    found = Structure(text).quotations(Fragment(0, len(text)))

    assert quoted(text) == ["We waited.", "Then we left.", "It was late,"]
    assert [quotation.closed for quotation in found] == [False, False, True]


def test_a_mark_that_never_closes_is_no_quotation() -> None:
    assert quoted("She said “nothing more.\nBo left.") == []


def test_the_quotation_at_a_place_is_the_innermost() -> None:
    text = "“He said ‘never’ twice,” she said."
    structure = Structure(text)

    inner = structure.quotation_at(text.index("never"))
    outer = structure.quotation_at(text.index("twice"))
    assert inner is not None
    assert outer is not None
    assert text[slice(*inner.outer)] == "‘never’"
    assert text[slice(*outer.inner)] == "He said ‘never’ twice,"
    assert structure.quotation_at(text.index("she")) is None
