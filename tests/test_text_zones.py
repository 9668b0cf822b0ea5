"""Zones: what the paragraphs of a news article are."""

from __future__ import annotations

import pytest

from annotator.model import Fragment
from annotator.text import dateline
from annotator.text.zones import author_of, find_zones

LONG = (
    "The ferry between Port Alder and Greyhaven sailed again on Tuesday, two years after the storm."
)


def zones(*paragraphs: str) -> list[tuple[str, str]]:
    text = "\n\n".join(paragraphs)
    return [(zone.zone, text[zone.start : zone.end]) for zone in find_zones(text)]


def names(*paragraphs: str) -> list[str]:
    return [name for name, _ in zones(*paragraphs)]


@pytest.mark.parametrize(
    ("words", "line", "place", "agency"),
    [
        ("GREYHAVEN, March 14./NORA/. A boat", "GREYHAVEN, March 14./NORA/.", "GREYHAVEN", "NORA"),
        ("FLINT, Mich., Oct. 4 (UPI) — The", "FLINT, Mich., Oct. 4 (UPI) —", "FLINT", "UPI"),
        ("Berlin (dpa) - Der Rat", "Berlin (dpa) -", "Berlin", "dpa"),
        ("Berlin/Kiel (dpa/AFP) – Der", "Berlin/Kiel (dpa/AFP) –", "Berlin/Kiel", "dpa/AFP"),
        ("KYIV, Ukraine — A boat", "KYIV, Ukraine —", "KYIV", None),
        ("LONDON, Jan 3 (Reuters) - The", "LONDON, Jan 3 (Reuters) -", "LONDON", "Reuters"),
        ("GENEVA—The council", "GENEVA—", "GENEVA", None),
    ],
)
def test_datelines_are_known_by_place_and_agency(
    words: str, line: str, place: str, agency: str | None
) -> None:
    found = dateline(words, Fragment(0, len(words)))

    assert found is not None
    assert words[: found.end] == line
    assert found.place.split(",")[0] == place
    assert found.agency == agency


@pytest.mark.parametrize(
    "words",
    [
        "The World Health Organization (WHO) - which met on Monday",
        "NATO — an alliance",
        "She said (on Friday) - that",
        "BREAKING - a storm",
        "A ferry sailed.",
        "",
    ],
)
def test_other_beginnings_are_no_datelines(words: str) -> None:
    assert dateline(words, Fragment(0, len(words))) is None


def test_a_report_with_headline_subhead_and_byline_is_told_apart() -> None:
    assert names(
        "Ferry sails again", "After two years the boat is back", "By Ada Example", LONG, LONG
    ) == ["headline", "subhead", "byline", "lead", "body"]


def test_a_dateline_lies_inside_the_lead() -> None:
    found = zones("Ferry sails again", "PORT ALDER, March 12 (AP) — " + LONG)

    assert found[1][0] == "lead"
    assert found[2] == ("dateline", "PORT ALDER, March 12 (AP) —")


def test_a_rubric_right_above_furniture_is_furniture_and_not_the_headline() -> None:
    rubric = "World\nUpdated at: 9:30"

    found = names(rubric, "Ferry sails again", "After two years the boat is back", LONG, LONG)

    assert found == ["boilerplate", "boilerplate", "headline", "subhead", "lead", "body"]


def test_a_short_headline_above_its_day_stays_the_headline() -> None:
    assert names("Ferry sails\nUpdated 5 May 2024", LONG)[0] == "headline"
    assert names("Ferry sails again\nUpdated 5 May 2024", "The boat is back", LONG)[0] == "headline"


def test_a_headline_with_a_full_stop_is_known_by_the_dateline_after_it() -> None:
    assert names("Holt calls the ferry a wonder.", "KIEL (dpa) — " + LONG)[0] == "headline"


def test_a_short_line_above_a_paragraph_is_a_section_heading() -> None:
    assert names("Ferry sails again", LONG, "What now?", LONG, "The price", LONG) == [
        "headline",
        "lead",
        "section_heading",
        "body",
        "section_heading",
        "body",
    ]


def test_the_line_above_a_credit_is_its_caption() -> None:
    text = f"Ferry sails again\n\n{LONG}\n\nThe ferry in the harbour\nPhoto: Jon Doe\n\n{LONG}"

    assert [zone.zone for zone in find_zones(text)] == [
        "headline",
        "lead",
        "caption",
        "caption",
        "body",
    ]


def test_the_subhead_above_a_caption_with_its_own_credit_stays_a_subhead() -> None:
    text = f"Ferry sails\n\nThe boat is back\nA ferry in port Jon Doe/Reuters\n\n{LONG}"

    assert [zone.zone for zone in find_zones(text)][1:3] == ["subhead", "caption"]


def test_furniture_of_the_page_is_boilerplate() -> None:
    assert names(
        "All news", "Updated at: 12:30", "Ferry sails again", LONG, "Read more: cats", "Share"
    ) == ["boilerplate", "boilerplate", "headline", "lead", "boilerplate", "boilerplate"]


@pytest.mark.parametrize(
    "paragraphs",
    [
        ("“We waited.”",),
        ("Ferry sails again",),
        (LONG,),
        ("It was late. Nobody spoke.", "Then the boat came. It was small."),
        ("red", "green", "blue"),
        ("a, b;", "c, d;", "e."),
    ],
)
def test_what_is_no_news_report_is_body(paragraphs: tuple[str, ...]) -> None:
    assert set(names(*paragraphs)) == {"body"}


def test_german_reports_are_told_apart() -> None:
    found = names(
        "Die Fähre fährt wieder",
        "Von Ada Beispiel",
        "Kiel (dpa) - Die Fähre fährt nach zwei Jahren wieder, sagte die Bürgermeisterin.",
        "Der Preis",
        "Eine Fahrt kostet vier Kronen. Den Rest bezahlt nach einem Bericht die Stadt.",
    )

    assert found == ["headline", "byline", "lead", "dateline", "section_heading", "body"]


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("By Ada Example", "Ada Example"),
        ("By Ada Example and Bo Test in Kiel", "Ada Example and Bo Test in Kiel"),
        ("Von Ada Beispiel", "Ada Beispiel"),
        ("By then the ferry had left the old harbour", None),
        ("By Monday.", None),
        ("Ada Example", None),
    ],
)
def test_a_byline_names_people(line: str, author: str | None) -> None:
    assert author_of(line) == author
