"""What comes along when a span is marked: likely ends of relations, entities, forms."""

import pytest

from annotator import editing
from annotator.annotated import Annotated
from annotator.model import Entity
from tests.notation import annotated, desk, find, news_scheme, span_of, tied

ADA = Entity(id="ada", kind="actor", name="Ada Berg", aliases=("Ada",))


def marked(article: Annotated, *steps: tuple[str, str] | tuple[str, str, int]) -> Annotated:
    """Mark words one after the other, each as (label, words) or (label, words, nth)."""
    place = desk(article)
    for label, words, *nth in steps:
        article.apply(editing.mark(place, [find(article, words, *nth)], label))
    return article


def test_a_claim_gets_the_speaker_and_the_cue_of_its_sentence() -> None:
    article = annotated(
        "[Bo|Speaker] [left|Cue]. [Ada|Speaker] [said|Cue] that it rains. Nobody cared."
    )
    marked(article, ("Claim", "it rains"))
    assert tied(article) == {"it rains > attributed_to > Ada", "it rains > cued_by > said"}


def test_a_speaker_and_a_cue_that_are_marked_later_fill_the_claims_before_them() -> None:
    article = annotated("“The port opens in May. It is safe,” Ada said. “We are glad.”")
    marked(article, ("Claim", "The port opens in May"), ("Claim", "It is safe"))
    assert tied(article) == set()
    marked(article, ("Speaker", "Ada"), ("Cue", "said"), ("Claim", "We are glad"))
    assert tied(article) == {
        f"{claim} > {end}"
        for claim in ("The port opens in May", "It is safe", "We are glad")
        for end in ("attributed_to > Ada", "cued_by > said")
    }


def test_a_quotation_that_goes_on_is_continued_and_one_beside_its_cue_explicit() -> None:
    article = annotated("“It is safe,” [Ada|Speaker] [said|Cue]. “We are glad. We go on.”")
    marked(article, ("Claim", "It is safe"), ("Claim", "We are glad"), ("Claim", "We go on"))
    status = {s.text[0]: s.attributes.get("source_status") for s in article.spans.values()}
    assert status["It is safe"] == "explicit"
    assert status["We are glad"] == status["We go on"] == "continued"


def test_each_quotation_of_a_paragraph_finds_its_own_speaker() -> None:
    article = annotated("“A is so,” Ada said. “B is so,” Bo replied.")
    marked(
        article,
        ("Claim", "A is so"), ("Speaker", "Ada"), ("Cue", "said"),
        ("Claim", "B is so"), ("Speaker", "Bo"), ("Cue", "replied"),
    )  # fmt: skip
    assert tied(article) == {
        "A is so > attributed_to > Ada",
        "A is so > cued_by > said",
        "B is so > attributed_to > Bo",
        "B is so > cued_by > replied",
    }


@pytest.mark.parametrize(
    "text",
    [
        "“Is it safe?” [asked|Cue] [Ada|Speaker]. [Bo|Speaker] left.",
        "“No,” [Bo|Speaker] [said|Cue]. “Is it safe?” [Ada|Speaker] [asked|Cue].",
    ],
)
def test_a_question_and_the_words_that_follow_belong_together(text: str) -> None:
    article = annotated(text)
    marked(article, ("Claim", "Is it safe"))
    assert "Is it safe > attributed_to > Ada" in tied(article)
    assert span_of(article, "Is it safe").attributes["source_status"] == "explicit"


def test_a_wholly_quoted_paragraph_goes_on_from_the_one_before() -> None:
    article = annotated("[Ada|Speaker] [said|Cue]: “It is safe.”\n\n“We are glad,”\n")
    marked(article, ("Claim", "It is safe"), ("Claim", "We are glad"))
    assert "We are glad > attributed_to > Ada" in tied(article)
    assert span_of(article, "We are glad").attributes["source_status"] == "continued"


def test_a_paragraph_with_words_of_its_own_does_not_go_on_from_the_one_before() -> None:
    article = annotated("[Ada|Speaker] [said|Cue]: “It is safe.”\n\n“We are glad,” Bo replied.\n")
    marked(article, ("Claim", "It is safe"), ("Claim", "We are glad"))
    assert not {tie for tie in tied(article) if tie.startswith("We are glad")}


def test_an_indirect_claim_takes_nothing_from_another_sentence() -> None:
    article = annotated("[Ada|Speaker] [said|Cue] no. It rains in Oslo.")
    marked(article, ("Claim", "It rains in Oslo"))
    assert tied(article) == set()


def test_words_inside_a_quotation_are_no_source_of_it() -> None:
    article = annotated("“[Kim|Speaker] [thinks|Cue] it is safe,” [Ada|Speaker] [said|Cue].")
    marked(article, ("Claim", "Kim thinks it is safe"))
    assert tied(article) == {
        "Kim thinks it is safe > attributed_to > Ada",
        "Kim thinks it is safe > cued_by > said",
    }


def test_the_nearest_speaker_is_not_taken_where_it_stands_in_the_quotation() -> None:
    article = annotated("“[Kim|Speaker] knows that it is safe,” the mayor, [Ada|Speaker], said.")
    marked(article, ("Claim", "it is safe"))
    assert tied(article) == {"it is safe > attributed_to > Ada"}


def test_a_report_inside_a_report_is_nested_and_has_its_own_source() -> None:
    article = annotated("“[Kim|Speaker] [thinks|Cue] it is safe,” [Ada|Speaker] [said|Cue].")
    marked(article, ("Claim", "Kim thinks it is safe"), ("Claim", "it is safe"))
    assert {tie for tie in tied(article) if tie.startswith("it is safe")} == {
        "it is safe > nested_in > Kim thinks it is safe",
        "it is safe > attributed_to > Kim",
        "it is safe > cued_by > thinks",
    }


def test_a_claim_marked_around_others_takes_them_in() -> None:
    article = annotated(
        "She said [[it rains|Claim#1] and he knows|Claim#2] that well", "#1>nested_in>#2"
    )
    marked(article, ("Claim", "it rains and"))
    assert tied(article) == {
        "it rains > nested_in > it rains and",
        "it rains and > nested_in > it rains and he knows",
    }


def test_claims_that_share_a_cue_share_its_speaker() -> None:
    article = annotated(
        "[Ada|Speaker#1] told [Bo|Speaker#2] and then [said|Cue#3] [a|Claim#4] and it rains.",
        "#4>attributed_to>#1",
        "#4>cued_by>#3",
    )
    marked(article, ("Claim", "it rains"))
    assert "it rains > attributed_to > Ada" in tied(article)


def test_a_slot_that_a_person_filled_is_left_alone() -> None:
    article = annotated("[Ada|Speaker#1] said [it rains|Claim#2], Bo added.", "#2>attributed_to>#1")
    marked(article, ("Speaker", "Bo"), ("Cue", "added"))
    assert tied(article) == {"it rains > attributed_to > Ada", "it rains > cued_by > added"}


def test_nothing_is_filled_when_a_person_does_not_want_it() -> None:
    article = annotated("[Ada|Speaker] [said|Cue] it rains.", entities=[ADA])
    edit = editing.mark(desk(article), [find(article, "it rains")], "Claim", fill=False)
    assert len(edit.changes) == 1


def test_everything_that_comes_along_is_one_undo() -> None:
    article = annotated("“It is safe,” [Ada|Speaker] [said|Cue].")
    before = article.copy()
    edit = editing.mark(desk(article), [find(article, "It is safe")], "Claim")
    article.apply(edit)
    article.apply(edit.inverse)
    assert article == before


def test_an_equal_name_is_the_known_entity() -> None:
    article = annotated("Ada Berg left. Ada too.", entities=[ADA])
    marked(article, ("Speaker", "Ada Berg"), ("Speaker", "Ada", 2))
    assert {span.entity_id for span in article.spans.values()} == {"ada"}


def test_a_name_that_two_bear_or_that_is_of_another_kind_is_left_open() -> None:
    other = Entity(id="other", kind="actor", name="ada")
    place = Entity(id="place", kind="place", name="Bo")
    article = annotated("Ada and Bo left.", entities=[ADA, other, place])
    marked(article, ("Speaker", "Ada"), ("Speaker", "Bo"))
    assert {span.entity_id for span in article.spans.values()} == {None}


@pytest.mark.parametrize(
    ("text", "words", "form"),
    [
        ("Then Ada left.", "Ada", "named"),
        ("Ada left. Then Ada came.", "Ada", "named"),
        ("Officials left. The officials came.", "Officials", "nominal"),
        ("Sources left.", "Sources", "nominal"),
        ("Then the president left.", "the president", "nominal"),
        ("The Russian president left.", "The Russian president", "nominal"),
        ("Syrian President [Bashar] Assad left.", "Syrian President [Bashar] Assad", "named"),
        ("Then the President left.", "the President", "nominal"),
        ("TASS reported it.", "TASS", "named"),
        ("Moscow left.", "Moscow", "named"),
        ("Russia’s leadership left.", "Russia’s leadership", "nominal"),
        ("He left.", "He", "pronoun"),
        ("we left", "we", "pronoun"),
        ("the mayor of Oslo left", "the mayor of Oslo", "named"),
    ],
)
def test_a_mention_is_a_name_a_noun_or_a_pronoun(text: str, words: str, form: str) -> None:
    article = annotated(text.replace("[", "\\["))
    marked(article, ("Speaker", words))
    assert span_of(article, words).attributes.get("mention_form") == form


def test_german_nouns_are_no_names_for_their_capitals() -> None:
    article = annotated("Da ging der Minister. Da ging die Ministerin Ada Berg.", language="de")
    marked(article, ("Speaker", "der Minister"), ("Speaker", "die Ministerin Ada Berg"))
    forms = [span.attributes["mention_form"] for span in article.spans.values()]
    assert forms == ["nominal", "named"]


def test_scripts_without_capitals_leave_the_form_open() -> None:
    article = annotated("总统说好", language="zh")
    marked(article, ("Speaker", "总统"))
    assert "mention_form" not in span_of(article, "总统").attributes


@pytest.mark.parametrize(
    ("words", "form"),
    [("Syria", "name"), ("Syrian", "adjectival"), ("Syrians", "demonym"), ("Londoners", "demonym"),
     ("British", "adjectival"), ("New Zealanders", "demonym"), ("Hamburg", "name")],
)  # fmt: skip
def test_a_place_is_a_name_an_adjective_or_a_demonym(words: str, form: str) -> None:
    article = annotated(f"Then {words} came.")
    marked(article, ("Location", words))
    assert span_of(article, words).attributes == {"form": form}


@pytest.mark.parametrize(
    ("words", "form"),
    [("Syrien", "name"), ("syrischen", "adjectival"), ("Syrer", "demonym"),
     ("Bremer", "adjectival"), ("Däninnen", "demonym"), ("Franzosen", "demonym"),
     ("US-amerikanische", "adjectival"), ("Münchner", "adjectival"), ("Berlinerin", "demonym"),
     ("London", "name")],
)  # fmt: skip
def test_german_forms_of_places_are_known_with_their_endings(words: str, form: str) -> None:
    article = annotated(f"Dann sagte der {words} Chef etwas.", language="de")
    marked(article, ("Location", words))
    assert span_of(article, words).attributes == {"form": form}


def test_german_forms_of_places_hold_in_german_articles_only() -> None:
    article = annotated("Then Bremer said no.")
    marked(article, ("Location", "Bremer"))
    assert span_of(article, "Bremer").attributes == {"form": "name"}


def test_an_entity_is_named_after_the_german_place_that_an_adjective_comes_from() -> None:
    label = next(item for item in news_scheme().labels if item.name == "Location")
    assert editing.new_name(label, ["syrischen"], "de") == "Syrien"
    assert editing.new_name(label, ["Münchner"], "de") == "München"
    assert editing.new_name(label, ["Londoner"], "de") == "London"


def test_a_claim_is_direct_indirect_or_mixed_by_its_marks() -> None:
    article = annotated("Ada said it is “quite safe” there. “It rains.”")
    for words in ("it is", "quite safe", "it is “quite safe” there"):
        marked(article, ("Claim", words))
    forms = [span_of(article, w).attributes["form"] for w in ("it is", "quite safe")]
    assert forms == ["indirect", "direct"]
    assert span_of(article, "it is “quite safe” there").attributes["form"] == "mixed"


def test_a_filled_value_follows_the_words_until_a_person_overrules_it() -> None:
    article = annotated("Ada said it is “quite safe” there.")
    marked(article, ("Claim", "it is"))
    key = span_of(article, "it is").id
    wider = [find(article, "it is “quite safe”")]
    article.apply(editing.set_fragments(desk(article), key, wider))
    assert article.spans[key].attributes["form"] == "mixed"
    article.apply(editing.set_attribute(desk(article), [key], "form", "direct"))
    article.apply(editing.set_fragments(desk(article), key, [find(article, "it is")]))
    assert article.spans[key].attributes["form"] == "direct"


def test_the_source_status_follows_the_relations_until_a_person_overrules_it() -> None:
    article = annotated("[Ada|Speaker#1] said. “[It rains|Claim#2].” [Bo|Speaker#3] left.")
    place = desk(article)
    article.apply(editing.relate(place, ["2"], "attributed_to", target="1"))
    assert article.spans["2"].attributes["source_status"] == "continued"
    article.apply(editing.delete(place, ["1"]))
    assert "source_status" not in article.spans["2"].attributes
    article.apply(editing.set_attribute(place, ["2"], "source_status", "unnamed"))
    article.apply(editing.relate(place, ["2"], "attributed_to", target="3"))
    assert article.spans["2"].attributes["source_status"] == "unnamed"


def test_the_source_status_follows_a_speaker_that_moves() -> None:
    article = annotated("Ada left. [Ada|Speaker#1] said [it rains|Claim#2].")
    place = desk(article)
    article.apply(editing.relate(place, ["2"], "attributed_to", target="1"))
    assert article.spans["2"].attributes["source_status"] == "explicit"
    article.apply(editing.set_fragments(place, "1", [find(article, "Ada", 1)]))
    assert article.spans["2"].attributes["source_status"] == "continued"


def test_a_speaker_that_becomes_a_place_is_filled_by_the_rule_of_places() -> None:
    article = annotated("Then Syrians came.")
    marked(article, ("Speaker", "Syrians"))
    key = span_of(article, "Syrians").id
    article.apply(editing.relabel(desk(article), [key], "Location"))
    assert article.spans[key].attributes == {"form": "demonym"}


SYRIA = Entity(id="syria", kind="place", name="Syria")


def test_an_adjective_stands_for_the_known_place_that_it_comes_from() -> None:
    article = annotated("The Syrian coast is long.", entities=[SYRIA])
    marked(article, ("Location", "Syrian"))
    assert span_of(article, "Syrian").entity_id == "syria"


def test_the_same_description_stands_for_the_same_as_before() -> None:
    article = annotated("[The mayor|Speaker@ada] left. The mayor came.", entities=[ADA])
    marked(article, ("Speaker", "The mayor", 2))
    assert [span.entity_id for span in article.spans.values()] == ["ada", "ada"]


def test_a_pronoun_is_never_taken_for_the_same_by_itself() -> None:
    article = annotated("[She|Speaker@ada] left. She came.", entities=[ADA])
    marked(article, ("Speaker", "She", 2))
    assert [span.entity_id for span in article.spans.values()] == ["ada", None]


@pytest.mark.parametrize(
    ("words", "expected"),
    [("she", "bo"), ("Mayor Ada", "ada"), ("the visitor", "bo")],
)
def test_the_likeliest_is_named_by_the_words_or_spoke_last(words: str, expected: str) -> None:
    bo = Entity(id="bo", kind="actor", name="Bo Lind")
    article = annotated(
        f"[Ada|Speaker@ada] left, [Bo Lind|Speaker@bo] too. [{words}|Speaker#x] came.",
        entities=[ADA, bo],
    )
    found = editing.likely_entity(desk(article), span_of(article, words).id)
    assert found is not None
    assert found.id == expected


def test_a_claim_most_likely_belongs_to_the_group_whose_words_it_shares() -> None:
    held = Entity(id="held", kind="claim_group", name="the wall held through the night")
    late = Entity(id="late", kind="claim_group", name="the ferry was late")
    article = annotated(
        "[The wall held through the night|Claim@held]. [the ferry was late|Claim@late]. "
        "[The old wall held all night|Claim].",
        entities=[held, late],
    )
    found = editing.likely_entity(desk(article), span_of(article, "The old wall held all night").id)
    assert found == held


@pytest.mark.parametrize(
    ("label", "words", "name"),
    [
        ("Location", "Syrians", "Syria"),
        ("Location", "OSLO", "Oslo"),
        ("Location", "USA", "USA"),
        ("Speaker", "The ferry company", "ferry company"),
        ("Speaker", "MSF", "MSF"),
        ("Speaker", "Norland President Mira Holt", "Mira Holt"),
        ("Speaker", "President [of Norland Jonas] Lind", "Lind"),
        ("Speaker", "the defense minister", "defense minister"),
        ("Claim", "the quay is safe", "the quay is safe"),
    ],
)
def test_a_new_entity_is_called_by_its_name(label: str, words: str, name: str) -> None:
    spec = desk(annotated("x")).scheme.label(label)
    assert spec is not None
    assert editing.new_name(spec, (words,)) == name


def test_a_source_without_words_is_implied_though_a_cue_stands_beside_the_claim() -> None:
    article = annotated(
        "“[The walls are strong|Claim#1 source_status=explicit],” [was the answer|Cue#2].",
        "#1>cued_by>#2",
        entities=[ADA],
    )
    article.apply(editing.relate(desk(article), ["1"], "attributed_to", target_entity=ADA))
    assert article.spans["1"].attributes["source_status"] == "implied"
