"""The structure of an article: tokens, sentences, selections, as a person meets them."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import pytest

from annotator.model import Fragment
from annotator.text import Structure, guess_language
from annotator.text import structure as structure_module
from annotator.text.tokens import Spread, tokenise


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in Structure(text).tokens(Fragment(0, len(text)))]


def place(text: str, words: str) -> Fragment:
    start = text.index(words)
    return Fragment(start, start + len(words))


def shown(structure: Structure, fragment: Fragment | None) -> str | None:
    return None if fragment is None else structure.text[fragment.start : fragment.end]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Syria’s army", ["Syria", "’s", "army"]),
        ("I don’t know", ["I", "don’t", "know"]),
        ("much-needed format", ["much-needed", "format"]),
        ("US-led talks", ["US", "-", "led", "talks"]),
        ("COVID-19 cases", ["COVID-19", "cases"]),
        ("100,000 people, 3.5%", ["100,000", "people", ",", "3.5", "%"]),
        ("the U.S. army.", ["the", "U.S.", "army", "."]),
        ("see https://a.example/b?c=1, please", ["see", "https://a.example/b?c=1", ",", "please"]),
        ("l’Iran et d'État", ["l’", "Iran", "et", "d'", "État"]),
        ("workers’ rights", ["workers", "’", "rights"]),
        ("中国人", ["中", "国", "人"]),
        ("Wait... what", ["Wait", "...", "what"]),
        ("Trans\u00adaction", ["Trans\u00adaction"]),
        ("👩\u200d👩\u200d👧 e\u0301t", ["👩\u200d👩\u200d👧", "e\u0301t"]),
    ],
)
def test_tokens_are_what_people_mark(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_the_token_at_the_end_of_a_word_is_that_word() -> None:
    structure = Structure("Ada left.\nBo came.")

    assert shown(structure, structure.token_at(3)) == "Ada"
    assert shown(structure, structure.token_at(4)) == "left"
    assert shown(structure, structure.token_at(8)) == "."
    assert shown(structure, structure.token_at(10)) == "Bo"


def test_walking_by_words_leaves_punctuation_out_and_crosses_empty_lines() -> None:
    structure = Structure("Ada left.\n\n\n“Bo came.”")

    assert shown(structure, structure.next_token(4, words=True)) == "Bo"
    assert shown(structure, structure.next_token(4)) == "."
    assert shown(structure, structure.previous_token(12, words=True)) == "left"
    assert structure.next_token(len(structure.text)) is None


def test_a_quotation_of_several_sentences_is_cut_between_them() -> None:
    text = '"A treaty should be signed. Talks should begin," Dr. Holt said. She left.'
    structure = Structure(text, "en")

    assert [shown(structure, s) for s in structure.sentences(Fragment(0, len(text)))] == [
        '"A treaty should be signed.',
        'Talks should begin," Dr. Holt said.',
        "She left.",
    ]


def test_a_dateline_is_a_sentence_of_its_own() -> None:
    structure = Structure("GREYHAVEN, March 14./NORA/. The mayor left.")

    assert shown(structure, structure.sentence_at(3)) == "GREYHAVEN, March 14./NORA/."
    assert shown(structure, structure.sentence_at(30)) == "The mayor left."


@pytest.mark.parametrize(
    ("selected", "meant"),
    [
        (" Ada Holt ", "Ada Holt"),
        ("da Hol", "Ada Holt"),
        ("came home.", "came home"),
        ("said, ", "said"),
        ('"It was late,', "It was late"),
        ('"It was late,"', '"It was late,"'),
        ("’s house", "’s house"),
        ("U.S.", "U.S."),
        (":", ":"),
        ("[the U.S.] house", "[the U.S.] house"),
    ],
)
def test_a_selection_is_cleaned(selected: str, meant: str) -> None:
    text = 'When  Ada Holt came home. "It was late," she said, to: Bo’s house, [the U.S.] house.'
    structure = Structure(text)

    assert shown(structure, structure.clean(*place(text, selected))) == meant


def test_a_selection_dragged_backwards_is_the_same_selection() -> None:
    structure = Structure("Ada left.")

    assert structure.clean(7, 1) == structure.clean(1, 7) == Fragment(0, 8)


def test_without_snapping_a_part_of_a_word_stays_but_never_half_a_grapheme() -> None:
    text = "Ostsee e\u0301t👩\u200d👩\u200d👧"
    structure = Structure(text)

    assert structure.clean(0, 3, snap=False) == Fragment(0, 3)
    assert structure.clean(7, 8, snap=False) == Fragment(7, 9)
    assert structure.clean(11, 12, snap=False) == Fragment(10, 15)


def test_a_selection_of_blanks_means_nothing() -> None:
    assert Structure("a \xa0\u200b b").clean(1, 4) is None


def test_marks_around_the_whole_can_be_left_out() -> None:
    text = 'He said "it was late," then left.'
    structure = Structure(text)

    found = structure.clean(*place(text, '"it was late,"'), unquote=True)
    assert shown(structure, found) == "it was late"


def test_without_trimming_the_stop_stays() -> None:
    assert Structure("Ada left.").clean(0, 9, trim=False) == Fragment(0, 9)


def test_expanding_goes_by_word_clause_quotation_sentence_paragraph() -> None:
    text = "“We waited, as you know, for [a long] day,” said Mira Holt. She left.\nBo came."
    structure = Structure(text, "en")
    at = text.index("long")
    steps = []
    fragment = Fragment(at, at)
    while (larger := structure.expand(fragment)) != fragment:
        fragment = larger
        steps.append(shown(structure, fragment))

    assert steps == [
        "long",
        "a long",
        "for [a long] day",
        "We waited, as you know, for [a long] day",
        "“We waited, as you know, for [a long] day,”",
        "“We waited, as you know, for [a long] day,” said Mira Holt",
        "“We waited, as you know, for [a long] day,” said Mira Holt. She left.",
        text,
    ]
    for smaller, larger_ in pairwise(steps):
        around = place(text, larger_ or "")
        assert shown(structure, structure.shrink(around, within=at)) == smaller


@pytest.mark.parametrize(
    ("marked", "share"),
    [("It was late", "all"), ("said", "none"), ("late,” she said", "part")],
)
def test_the_quoted_share_tells_direct_from_indirect(marked: str, share: str) -> None:
    text = "“It was late,” she said."

    assert Structure(text).quoted_share([place(text, marked)]) == share


def test_the_quoted_share_looks_at_all_fragments() -> None:
    text = "“A new,” he said, “and good” plan."
    structure = Structure(text)

    both = [place(text, "A new"), place(text, "and good")]
    assert structure.quoted_share(both) == "all"
    assert structure.quoted_share([*both, place(text, "plan")]) == "part"


def test_occurrences_are_whole_words() -> None:
    text = "Syria, Syrian, Syria’s, pre-Syria, Syria"
    structure = Structure(text)

    assert [fragment.start for fragment in structure.occurrences("Syria")] == [0, 15, 28, 35]


def test_a_token_in_a_megabyte_without_a_blank_is_found_by_reading_a_little(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[int] = []

    def counted(text: str, start: int, end: int) -> Spread:
        read.append(end - start)
        return tokenise(text, start, end)

    monkeypatch.setattr(structure_module, "tokenise", counted)
    text = "界" * 500_000 + "a" * 500_000
    structure = Structure(text)

    assert structure.token_at(250_000) == Fragment(250_000, 250_001)
    assert structure.clean(249_990, 250_010) == Fragment(249_990, 250_010)
    assert structure.next_token(250_000) == Fragment(250_001, 250_002)
    structure.expand(Fragment(250_000, 250_000))
    assert sum(read) < 50_000


def test_importing_the_text_room_loads_no_segmenter() -> None:
    code = (
        "import sys, annotator.text; "
        "print(sorted({'regex', 'sentencex', 'trafilatura', 'lxml', 'PySide6'} & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The mayor of the town said that it was late and the boat had left for the island.", "en"),
        (
            "Die Bürgermeisterin sagte, dass es spät sei und das Boot nicht mehr in der Stadt ist.",
            "de",
        ),
        ("Le maire a dit que les bateaux sont dans le port et que la ville est calme.", "fr"),
        ("市长说船已经离开了港口。", "zh"),
        ("Президент сказал, что переговоры продолжатся.", "ru"),
        ("قال الرئيس إن المحادثات ستستمر", "ar"),
        ("Xyzzy plugh.", None),
        ("1234 !!", None),
    ],
)
def test_the_language_is_guessed_or_left_open(text: str, language: str | None) -> None:
    assert guess_language(text) == language
