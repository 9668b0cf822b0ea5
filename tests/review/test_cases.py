"""Each kind of conflict is found in an article, asked in a question, and known when it is old."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from annotator.annotated import Annotated
from annotator.editing.noting import HANDED_IN
from annotator.model import Entity, Layer
from annotator.review import remarks, settling
from annotator.review.cases import About, Group, Standing, group_of, grouped_cases, same_words
from annotator.review.conflicts import Kind
from annotator.review.differing import differences
from annotator.review.verdicts import Answer
from annotator.review.wording import heading, kind_name, question, why
from tests.review.reviewing import LATER, SIGNED, Reviewer, handed_in

SAID = "[It rains|Claim#a], [Ada|Speaker#b@ada] said; [she|Speaker#c@ada] told [Ben|Speaker#d]."


def spans(*notations: str) -> Callable[[], Annotated]:
    return lambda: handed_in(*notations)


def ties(*own: Sequence[str]) -> Callable[[], Annotated]:
    return lambda: handed_in(*[SAID] * len(own), ties=own)


def who(*layers: Sequence[str]) -> Callable[[], Annotated]:
    """Make an article in which four names stand for the entities given for them."""

    def made() -> Annotated:
        names = ("Ada", "Byron", "she", "her")
        item = handed_in(
            *(
                " ".join(f"[{a}|Speaker@{b}]" for a, b in zip(names, own, strict=True))
                for own in layers
            )
        )
        for entity in {entity for own in layers for entity in own}:
            ids = {"wikidata": entity} if entity.startswith("Q") else {}
            item.entities[entity] = Entity(id=entity, kind="actor", name=entity, identifiers=ids)
        return item

    return made


def versions(name: str) -> Callable[[], Annotated]:
    """Make an article whose layers were made with different texts or schemes."""

    def made() -> Annotated:
        item = handed_in("[Ada|Speaker] left.", "[Ada|Speaker] left.")
        for number, (key, layer) in enumerate(item.layers.items()):
            noted = {"text": "same", "scheme": "same", name: str(number)}
            item.layers[key] = replace(layer, extra={HANDED_IN: noted})
        return item

    return made


def commented() -> Annotated:
    item = handed_in("[Ada|Speaker#a] left.", "[Ada|Speaker#a] left.")
    item.apply(remarks.write(item, "L0/a", "Which Ada?", SIGNED.author))
    return item


def decided(*, audit: bool = False, edited: bool = False, contested: bool = False) -> Annotated:
    """Make an article with a decision on its one case, to which something has happened since."""
    reviewer = Reviewer(handed_in("[Ada|Speaker#a] left.", "Ada left."))
    reviewer.settle(settling.accept, "Ada", SIGNED)
    item = reviewer.item
    (verdict,) = item.verdicts.values()
    if audit:
        extra = {**verdict.extra, "annotator:batch": "b", "annotator:audit": "due"}
        item.verdicts[verdict.id] = replace(verdict, extra=extra)
    if edited:
        item.spans["L0/a"] = replace(item.spans["L0/a"], label="Location")
    if contested:
        item.apply(remarks.answer(item, verdict, Answer.CONTESTED, "She is one.", LATER.author))
    return item


SEEDED: Sequence[tuple[Callable[[], Annotated], Kind, Group]] = (
    (spans("[the quay|Location] x", "the [quay|Location] x"), Kind.BOUNDARY, Group.BOUNDARY),
    (spans("[Ada|Speaker] left.", "[Ada|Location] left."), Kind.LABEL, Group.LABEL),
    (
        spans("[Ada Byron|Speaker] left.", "[Ada Byron left|Location]."),
        Kind.BOUNDARY_AND_LABEL,
        Group.BOUNDARY_AND_LABEL,
    ),
    (spans("[Ada|Cue] x", "[Ada|Cue] x", "Ada x"), Kind.MISSING, Group.MISSING),
    (spans("[Ada|Cue] x", "Ada x", "Ada x"), Kind.SINGLE, Group.SINGLE),
    (
        spans("[Ada and Ben|Speaker] x", "[Ada|Speaker] and [Ben|Speaker] x"),
        Kind.SPLIT,
        Group.SPLIT,
    ),
    (
        spans("[It|Claim#c], he said, [rains|Claim#c].", "[It, he said, rains|Claim]."),
        Kind.FRAGMENTS,
        Group.FRAGMENTS,
    ),
    (
        spans("[the town of [Oslo|Location]|Location]", "the town of [Oslo|Location]"),
        Kind.NESTING,
        Group.NESTING,
    ),
    (spans("[[Ada|Cue]|Cue] x", "[Ada|Cue] x"), Kind.DUPLICATE, Group.DUPLICATE),
    (
        spans("[He|Speaker mention_form=named] x", "[He|Speaker mention_form=pronoun] x"),
        Kind.VALUE,
        Group.ATTRIBUTE,
    ),
    (spans("[He|Speaker mention_form=pronoun] x", "[He|Speaker] x"), Kind.UNSET, Group.ATTRIBUTE),
    (spans("[He|Speaker@ada] x", "[He|Speaker] x"), Kind.UNSET, Group.IDENTITY),
    (
        ties(["#a>attributed_to>#b"], ["#a>addressed_to>#b"]),
        Kind.RELATION_TYPE,
        Group.RELATION,
    ),
    (ties(["#a>attributed_to>#b"], ["#b>attributed_to>#a"]), Kind.DIRECTION, Group.RELATION),
    (ties(["#a>attributed_to>#b"], ["#a>attributed_to>#d"]), Kind.ENDPOINT, Group.RELATION),
    (ties(["#a>attributed_to>#b"], []), Kind.SINGLE, Group.RELATION),
    (
        ties(["#a>attributed_to>#b"], ["#a>attributed_to>#b"], []),
        Kind.MISSING,
        Group.RELATION,
    ),
    (who(["a", "a", "a", "b"], ["a", "a", "c", "b"]), Kind.ENTITY_SPLIT, Group.IDENTITY),
    (
        who(["a", "a", "b", "b"], ["a", "a", "c", "b"], ["a", "a", "c", "b"]),
        Kind.ENTITY_MERGED,
        Group.IDENTITY,
    ),
    (who(["a", "a", "b", "b"], ["a", "a", "a", "b"]), Kind.OTHER_ENTITY, Group.IDENTITY),
    (who(["Q1", "b", "b", "b"], ["Q2", "b", "b", "b"]), Kind.IDENTIFIER, Group.IDENTITY),
    (versions("text"), Kind.TEXT_VERSION, Group.TEXT_VERSION),
    (versions("scheme"), Kind.SCHEME_VERSION, Group.SCHEME_VERSION),
    (commented, Kind.COMMENT, Group.COMMENT),
    (lambda: decided(edited=True), Kind.OUTDATED, Group.OUTDATED),
    (lambda: decided(audit=True), Kind.UNAUDITED, Group.UNAUDITED),
    (lambda: decided(contested=True), Kind.CONTESTED, Group.CONTESTED),
    (spans("[Ada|Speaker] left."), Kind.UNREVIEWED, Group.UNREVIEWED),
)


@pytest.mark.parametrize(("made", "kind", "group"), SEEDED)
def test_a_seeded_conflict_is_found_named_and_asked(
    made: Callable[[], Annotated], kind: Kind, group: Group
) -> None:
    reviewer = Reviewer(made())
    (case,) = reviewer.review.open_cases
    assert (case.kind, group_of(case)) == (kind, group)
    assert case.standing == Standing.OPEN
    assert heading(group)
    assert kind_name(kind) in why(case, {})
    assert question(case, reviewer.scheme).endswith("?")


def test_values_of_which_one_holds_the_other_are_a_case_of_their_own() -> None:
    item = handed_in("[He|Speaker] left", "[He|Speaker] left")
    for key, values in zip(sorted(item.spans), (["a", "b"], ["b"]), strict=True):
        item.spans[key] = replace(item.spans[key], attributes={"topics": values})
    (case,) = Reviewer(item).review.open_cases
    assert (case.kind, group_of(case), len(case.choices)) == (Kind.SUBSET, Group.ATTRIBUTE, 2)


def test_a_relation_with_an_end_that_others_lack_waits_for_that_end() -> None:
    reviewer = Reviewer(
        handed_in(
            "[It rains|Claim#a], [Ada|Speaker#b] said.",
            "[It rains|Claim#a], Ada said.",
            ties=(["#a>attributed_to>#b"], []),
        )
    )
    (waiting,) = reviewer.review.standing(Standing.WAITING)
    assert (waiting.kind, waiting.about) == (Kind.DANGLING, About.RELATION)
    reviewer.settle(settling.reject, "Ada", "", SIGNED)
    assert reviewer.review.standing(Standing.WAITING) == []
    reviewer.settle(settling.take, "It rains", 1, LATER)
    assert reviewer.gold_ties == []


@pytest.mark.parametrize(
    ("layers", "asked"),
    [
        (("[the old quay|Claim] x", "[the old|Claim] quay x"), "Where does the claim end?"),
        (("[the old quay|Claim] x", "the [old quay|Claim] x"), "Where does the claim begin?"),
        (("[the old quay|Claim] x", "the [old|Claim] quay x"), "How far does the claim reach?"),
        (("[Ada|Speaker] left.", "[Ada|Location] left."), "Which label: Speaker / Location?"),
    ],
)
def test_the_question_says_what_differs(layers: Sequence[str], asked: str) -> None:
    reviewer = Reviewer(handed_in(*layers))
    assert question(reviewer.review.open_cases[0], reviewer.scheme) == asked


def test_why_a_case_is_in_the_queue_names_people_by_what_may_be_shown() -> None:
    reviewer = Reviewer(handed_in("[Ada|Cue] x", "Ada x", "Ada x"))
    (case,) = reviewer.review.open_cases
    names = {"L0": "A", "L1": "B", "L2": "C"}
    assert why(case, names, 3) == "Only one has it, paragraph 3. A has it, not B and C."


def test_only_what_differs_of_the_variants_is_said() -> None:
    reviewer = Reviewer(
        handed_in(
            "[He was old|Claim hedged=true quotation_form=direct] now",
            "[He was|Claim hedged=false quotation_form=direct] old now",
        )
    )
    case = reviewer.case("He was old")
    first, second = differences(reviewer.review, case)
    assert [(run.text, run.differs) for run in first.runs] == [("He was", False), (" old", True)]
    assert [(run.text, run.differs) for run in second.runs] == [("He was", False)]
    assert (first.attributes, second.attributes) == ((("hedged", True),), (("hedged", False),))
    assert first.agreeing == second.agreeing >= 1
    assert (first.label, first.entity) == (None, None)


def test_the_gap_of_a_discontinuous_span_is_told_from_its_pieces() -> None:
    reviewer = Reviewer(
        handed_in("[It|Claim#c], he said, [rains|Claim#c].", "[It, he said, rains|Claim].")
    )
    first, second = differences(reviewer.review, reviewer.review.open_cases[0])
    assert [(run.text, run.gap) for run in first.runs] == [
        ("It", False),
        (", he said, ", True),
        ("rains", False),
    ]
    assert [run.text for run in second.runs if run.differs] == [", he said, "]


def test_the_same_words_decided_before_are_found() -> None:
    reviewer = Reviewer(handed_in("[Ada|Cue] met [Ada|Cue].", "Ada met Ada."))
    first, second = reviewer.review.open_cases
    assert same_words(first, reviewer.review.cases) == []
    reviewer.perform(settling.reject(reviewer.review, second, "", SIGNED))
    assert [case.key for case in same_words(first, reviewer.review.cases)] == [second.key]


def test_groups_come_in_the_order_of_the_queue_and_cases_in_reading_order() -> None:
    reviewer = Reviewer(
        handed_in(
            "[a|Cue] [bb cc|Claim] [d|Location] [ee ff|Claim]",
            "a [bb|Claim] cc [d|Speaker] [ee|Claim] ff",
        )
    )
    found = [
        (group, [case.words for case in cases])
        for group, cases in grouped_cases(reviewer.review.open_cases)
    ]
    assert found == [
        (Group.BOUNDARY, ["bb cc", "ee ff"]),
        (Group.LABEL, ["d"]),
        (Group.SINGLE, ["a"]),
    ]


def test_a_comment_is_never_a_disagreement_and_goes_with_its_answer() -> None:
    item = commented()
    reviewer = Reviewer(item)
    (case,) = reviewer.review.open_cases
    assert case.agrees
    (thread,) = remarks.threads(item, "L0/a")
    reviewer.perform(remarks.resolve(item, thread.first.id))
    assert (reviewer.review.counts.open, reviewer.review.counts.agreed) == (0, 1)


def test_after_a_decision_nothing_is_aligned_again() -> None:
    reviewer = Reviewer(handed_in("[Ada|Cue] x", "Ada x"))
    before = reviewer.review.alignment
    reviewer.settle(settling.accept, "Ada", SIGNED)
    assert reviewer.review.alignment is before
    span = next(iter(reviewer.item.spans_of("L0")))
    reviewer.item.spans[span.id] = replace(span, label="Claim")
    reviewer.look()
    assert reviewer.review.alignment is not before


def test_layers_that_are_not_handed_in_and_of_machines_are_no_readers() -> None:
    item = handed_in("[Ada|Cue] x", "Ada x")
    item.layers["L1"] = replace(item.layers["L1"], state="in progress")
    item.layers["m"] = Layer(
        id="m", article_id="article", author="m", kind="suggester", state="submitted"
    )
    assert [layer.id for layer in Reviewer(item).review.layers] == ["L0"]


def test_a_thread_that_is_settled_leaves_its_case_with_all_its_replies() -> None:
    item = commented()
    (first,) = item.comments.values()
    reviewer = Reviewer(item)
    reviewer.perform(remarks.reply(item, first.id, "The mayor.", "rita"))
    assert reviewer.review.counts.open == 1
    reviewer.perform(remarks.resolve(item, first.id))
    assert reviewer.review.counts.open == 0
