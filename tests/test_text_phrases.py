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


@pytest.mark.parametrize(
    ("said", "claims"),
    [
        (
            "The harbour is safe and the mayor of Greyhaven is proud of it",
            ["The harbour is safe", "the mayor of Greyhaven is proud of it"],
        ),
        ("The wall held, it was a matter of luck", ["The wall held", "it was a matter of luck"]),
        (
            "The lock is old and, naturally, we will repair it",
            ["The lock is old", "we will repair it"],
        ),
        (
            "It was long - the harbour master has told me so",
            ["It was long", "the harbour master has told me so"],
        ),
        (
            "He is well and [Captain Jonas] Lind agrees",
            ["He is well", "[Captain Jonas] Lind agrees"],
        ),
        (
            "The bridge is closed and is being repaired",
            ["The bridge is closed and is being repaired"],
        ),
        (
            "Norland is ready to meet Iran and Turkey and is open for others",
            ["Norland is ready to meet Iran and Turkey and is open for others"],
        ),
        (
            "It might sound immodest, but without our crews that would be impossible",
            ["It might sound immodest", "without our crews that would be impossible"],
        ),
        ("Anyhow, we will wait", ["we will wait"]),
        ("If the wind turns, we will wait", ["If the wind turns, we will wait"]),
        ("In Greyhaven, it was late, and cold", ["In Greyhaven, it was late, and cold"]),
        (
            "He says Norland and the South have agreed",
            ["He says Norland and the South have agreed"],
        ),
        ("I want to stress it openly that nobody was hurt", ["nobody was hurt"]),
        (
            "This voyage, there is no doubt of it, ended with a storm",
            ["This voyage … ended with a storm", "there is no doubt of it"],
        ),
        (
            "It was the longest, and I would like to stress it, in the present century",
            ["It was the longest … in the present century"],
        ),
        (
            "A large part in the rescue, and that was owed to the crews, was played by Norland",
            [
                "A large part in the rescue … was played by Norland",
                "that was owed to the crews",
            ],
        ),
    ],
)
def test_each_clause_with_a_subject_of_its_own_is_a_claim(said: str, claims: list[str]) -> None:
    assert likely(f'"{said}," she said.', "claim") == claims


def test_reported_speech_is_split_by_clauses_too() -> None:
    text = "She said that the wall held and that the lock was dry, it was a matter of luck."

    assert likely(text, "claim") == ["the wall held", "the lock was dry", "it was a matter of luck"]


def test_a_report_within_what_is_said_is_offered_with_its_source_and_cue() -> None:
    text = '"It was long - the harbour master has just told me how it went," Lind said.'

    assert likely(text, "claim") == [
        "It was long",
        "the harbour master has just told me how it went",
        "it went",
    ]
    assert likely(text, "speaker") == ["the harbour master", "Lind"]
    assert likely(text, "cue") == ["has just told", "said"]


def test_what_somebody_agreed_to_do_is_offered_within_the_report_of_it() -> None:
    text = '"Captain [Jonas] Lind has kindly agreed to lend us the boat," she said.'

    assert likely(text, "speaker") == ["Captain [Jonas] Lind", "she"]
    assert likely(text, "cue") == ["has kindly agreed", "said"]
    assert likely(text, "claim")[1:] == ["to lend us the boat"]


def test_what_has_no_subject_is_no_report_of_somebody() -> None:
    text = '"It is late, going on to say that it was early is easy," Lind said.'

    assert likely(text, "speaker") == ["Lind"]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Russian President Vladimir Lind left.", ["Russian"]),
        ("The presidents of Turkey and Iran met.", ["Turkey", "Iran"]),
        ("They met in Saudi Arabia in June.", ["Saudi Arabia"]),
    ],
)
def test_known_places_are_found_within_names(text: str, places: list[str]) -> None:
    assert likely(text, "place") == places


def test_a_name_with_a_title_is_somebody() -> None:
    text = "She met Harbour Master Lind, Captain Jonas Berg and Ada Holt in Greyhaven."

    assert likely(text, "person") == ["Captain Jonas Berg"]


def test_days_and_months_are_no_names() -> None:
    assert likely("They met in Greyhaven on Friday in December.", "name") == ["Greyhaven"]


@pytest.mark.parametrize(
    ("sentence", "places"),
    [
        ("Der Präsident lobte die Norweger aus Köln, sagt Anna Lind.", ["Norweger", "Köln"]),
        ("Gestern sagten die Österreicherinnen ab.", ["Österreicherinnen"]),
        ("In der Hauptstadt wartete ein Straßburger auf sie.", ["Straßburger"]),
    ],
)
def test_places_and_peoples_of_a_german_article_are_found_by_the_german_list(
    sentence: str, places: list[str]
) -> None:
    assert likely(sentence, "place", "de") == places
    assert likely(sentence, "place", "en") == []
