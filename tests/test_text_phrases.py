"""The stretches that are likely to be marked: names, cues, speakers, claims."""

from __future__ import annotations

import pytest

from annotator.model import Fragment
from annotator.text import Kind, Structure


def likely(text: str, kind: Kind, language: str = "en") -> list[str]:
    structure = Structure(text, language)
    return [
        " … ".join(text[start:end] for start, end in phrase.fragments)
        for phrase in structure.phrases(Fragment(0, len(text)))
        if phrase.kind == kind
    ]


@pytest.mark.parametrize(
    ("sentence", "speaker", "cue", "claim"),
    [
        (
            "The Norland president says the rescue was the largest in living memory",
            "The Norland president",
            "says",
            "the rescue was the largest in living memory",
        ),
        (
            '"It was late, and I hope for calm," she said.',
            "she",
            "said",
            "It was late, and I hope for calm",
        ),
        (
            '"But it was late," the old mayor of Greyhaven has repeatedly said.',
            "the old mayor of Greyhaven",
            "has repeatedly said",
            "it was late",
        ),
        (
            "The rescue was the largest in the world, he added.",
            "he",
            "added",
            "The rescue was the largest in the world",
        ),
        (
            "The president went on to say that talks will be continued.",
            "The president",
            "went on to say",
            "talks will be continued",
        ),
        (
            'The president emphasized that "everything should be done so that it ends."',
            "The president",
            "emphasized",
            "everything should be done so that it ends",
        ),
        (
            "“We waited a long time,” said Mira Holt, who lives there.",
            "Mira Holt",
            "said",
            "We waited a long time",
        ),
        (
            "Iran and Turkey say the venue is neutral.",
            "Iran and Turkey",
            "say",
            "the venue is neutral",
        ),
        (
            'The president stressed Norland is ready for a "new format" of talks.',
            "The president",
            "stressed",
            'Norland is ready for a "new format" of talks',
        ),
        (
            "The minister told the council on Friday that the bridge is safe.",
            "The minister",
            "told",
            "the bridge is safe",
        ),
        ("Holt said Friday that the bridge is safe.", "Holt", "said", "the bridge is safe"),
        (
            "In Greyhaven on Monday the minister said that the bridge is safe.",
            "the minister",
            "said",
            "the bridge is safe",
        ),
    ],
)
def test_who_says_what_is_found(sentence: str, speaker: str, cue: str, claim: str) -> None:
    assert likely(sentence, "speaker") == [speaker]
    assert likely(sentence, "cue") == [cue]
    assert likely(sentence, "claim") == [claim]


def test_german_sentences_are_read_too() -> None:
    text = "„Die Brücke ist sicher“, sagte die Bürgermeisterin am Montag."

    assert likely(text, "claim", "de") == ["Die Brücke ist sicher"]
    assert likely(text, "cue", "de") == ["sagte"]
    assert likely(text, "speaker", "de") == ["die Bürgermeisterin"]


def test_an_interrupted_quotation_is_one_claim_of_two_fragments() -> None:
    text = '"The bridge," he said, "and the road will be closed."'

    assert likely(text, "claim") == ["The bridge … and the road will be closed"]


def test_two_quoted_sentences_are_two_claims() -> None:
    text = '"The bridge is closed," he said. "The road is open."'

    assert likely(text, "claim") == ["The bridge is closed", "The road is open"]


def test_a_second_verb_has_a_claim_but_no_new_speaker() -> None:
    text = '"It is late," he said, adding that the road is closed.'

    assert likely(text, "claim") == ["It is late", "the road is closed"]
    assert likely(text, "speaker") == ["he"]


def test_a_report_is_no_cue_where_it_is_a_noun() -> None:
    assert likely("The report was late.", "cue") == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Then Norland President Mira Holt left.", ["Norland President Mira Holt"]),
        ("It was [Sundmark President Jonas] Lind.", ["[Sundmark President Jonas] Lind"]),
        ("It was President [Jonas] Lind.", ["President [Jonas] Lind"]),
        ("The House of the Three Ravens is closed.", ["House of the Three Ravens"]),
        ("Evacuation is over. The evacuation was long.", []),
        ("He met Jordan, Saudi Arabia and Egypt.", ["Jordan", "Saudi Arabia", "Egypt"]),
    ],
)
def test_names_are_runs_of_capitals(text: str, names: list[str]) -> None:
    assert likely(text, "name") == names


@pytest.mark.parametrize(
    ("at", "kind", "expected"),
    [
        ("Saudi", "place", "Saudi Arabia"),
        ("Russian", "place", "Russian"),
        ("Vladimir", "name", "Russian President Vladimir Lind"),
        ("talks", "speaker", "Russian President Vladimir Lind"),
        ("talks", "cue", "has praised"),
        ("talks", "claim", "the talks with Saudi Arabia"),
        ("with", "place", "with"),
    ],
)
def test_the_likeliest_stretch_at_the_caret_is_found(at: str, kind: Kind, expected: str) -> None:
    text = "Russian President Vladimir Lind has praised the talks with Saudi Arabia."
    structure = Structure(text, "en")
    found = structure.phrase_at(text.index(at) + 1, kind)

    assert found is not None
    assert text[found.start : found.end] == expected


def test_a_cue_inside_a_quotation_is_found_at_the_caret() -> None:
    text = '"The minister has just told me how it went," he said.'
    structure = Structure(text, "en")
    found = structure.phrase_at(text.index("told"), "cue")

    assert found == Fragment(text.index("has"), text.index(" me"))


def test_an_interrupted_claim_is_offered_whole_at_the_caret() -> None:
    text = '"The bridge," he said, "and the road will be closed."'
    structure = Structure(text, "en")

    assert [text[s:e] for s, e in structure.fragments_at(5, "claim")] == [
        "The bridge",
        "and the road will be closed",
    ]


def test_an_unknown_language_still_has_quotations_and_names() -> None:
    text = "“Jag vill åka till Oslo,” sa Mira."

    assert likely(text, "claim", "sv") == ["Jag vill åka till Oslo"]
    assert "Oslo" in likely(text, "name", "sv")
