"""Any text, any sequence of intents: what always holds."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from annotator import editing
from annotator.annotated import Annotated
from annotator.editing import Desk, Impossible
from annotator.model import Edit, Entity, Fragment, Layer, Relation
from annotator.rules import findings
from annotator.spans import covered, normalise
from tests.notation import LAYER, annotated, desk, news_scheme

SCHEME = news_scheme()
LABELS = ("Speaker", "Cue", "Claim", "Location")
ENTITIES = (
    Entity(id="ada", kind="actor", name="Ada"),
    Entity(id="oslo", kind="place", name="Oslo"),
)
texts = st.lists(
    st.sampled_from(
        ["Ada", "said", " ", ". ", "“", "”", '"', "Oslo", "\n", "\n\n", "’s ", ", ", "it rains",
         "👩‍🌾", "e\u0301", "\u00a0", "اللغة", "总统", "\u200b", "?", ": ", "she", "Syrian"]
    ),
    min_size=1,
    max_size=40,
).map("".join) | st.text(min_size=1, max_size=60)  # fmt: skip


def article_of(text: str) -> Annotated:
    """Return an article of *text* without labels, with two entities."""
    escaped = text.replace("\\", "\\\\").replace("[", "\\[").replace("|", "\\|")
    return annotated(escaped, entities=ENTITIES)


def some_intent(data: st.DataObject, place: Desk) -> Callable[[], Edit]:
    """Draw something that a person may want, sensible or not."""
    article = place.annotated
    length = len(article.article.text)
    edge = st.integers(0, length)
    piece = st.tuples(edge, edge).map(lambda pair: Fragment(min(pair), max(pair)))
    label = data.draw(st.sampled_from(LABELS))
    if not article.spans or data.draw(st.integers(0, 2)) == 0:
        pieces = data.draw(st.lists(piece, min_size=1, max_size=2))
        fill = data.draw(st.booleans())
        return lambda: editing.mark(place, pieces, label, fill=fill)
    keys = st.sampled_from(sorted(article.spans))
    key, other = data.draw(keys), data.draw(keys)
    fragment = data.draw(piece)
    relation = data.draw(st.sampled_from([r.name for r in SCHEME.relations]))
    entity = data.draw(st.sampled_from(ENTITIES))
    by = data.draw(st.sampled_from([1, -1]))
    which = data.draw(st.sampled_from(["start", "end"]))
    unit = data.draw(st.sampled_from(["token", "character"]))
    ties = sorted(article.relations)
    return data.draw(
        st.sampled_from(
            [
                lambda: editing.relabel(place, [key, other], label),
                lambda: editing.delete(place, [key]),
                lambda: editing.set_fragments(place, key, [fragment]),
                lambda: editing.add_fragment(place, key, fragment),
                lambda: editing.remove_fragment(place, key, fragment),
                lambda: editing.move_end(place, key, which, by, unit),
                lambda: editing.set_attribute(place, [key, other], "polarity", "negated"),
                lambda: editing.set_attribute(place, [key], "form", None),
                lambda: editing.set_unsure(place, [key], True),
                lambda: editing.relate(place, [key], relation, target=other),
                lambda: editing.relate(place, [key], relation, target=other, add=True),
                lambda: editing.relate(place, [key], relation, target_entity=entity),
                lambda: editing.unrelate(place, ties[:1]),
                lambda: editing.attach(place, [key], entity),
                lambda: editing.set_state(place, "submitted"),
            ]
        )
    )


def check(article: Annotated) -> None:
    """Prove what holds after every edit."""
    text = article.article.text
    for span in article.spans.values():
        assert normalise(span.fragments) == span.fragments != ()
        assert covered(text, span.fragments) == span.text
        assert "".join(span.text)
    for tie in article.relations.values():
        assert tie.source in article.spans
        assert tie.target is None or tie.target in article.spans


@settings(max_examples=150, deadline=None)
@given(texts, st.integers(1, 12), st.data())
def test_any_sequence_of_intents_keeps_the_records_sound_and_can_be_taken_back(
    text: str, steps: int, data: st.DataObject
) -> None:
    article = article_of(text)
    place = desk(article, SCHEME)
    states, edits = [article.copy()], []
    for _ in range(steps):
        try:
            edit = some_intent(data, place)()
        except Impossible:
            continue
        article.apply(edit)
        check(article)
        states.append(article.copy())
        edits.append(edit)
    for edit in reversed(edits):
        assert article == states.pop()
        article.apply(edit.inverse)
    assert article == states.pop()
    for edit in edits:
        article.apply(edit)
    check(article)


ILLEGAL = {"illegal-end", "loose-end", "tied-twice", "circle", "not-inside", "too-many"}
NEWS = (
    "“It rains,” Ada said.",
    "“It rains. We go on,” she added. “We are glad.”",
    "Bo told Oslo that it rains.",
    "“Bo thinks it rains,” Ada said.",
    '"We go on," said Bo, adding that it rains.',
    "\n\n",
    "“We are glad.”",
)
MARKS = (
    *(("Speaker", words) for words in ("Ada", "Bo", "she", "Oslo")),
    *(("Cue", words) for words in ("said", "added", "told", "adding", "thinks")),
    *(
        ("Claim", words)
        for words in ("It rains", "it rains", "We go on", "We are glad", "Bo thinks it rains")
    ),
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(NEWS), min_size=1, max_size=6).map(" ".join),
    st.lists(st.tuples(st.sampled_from(MARKS), st.integers(0)), min_size=4, max_size=25),
)
def test_what_comes_along_is_always_legal_and_once(
    text: str, marks: list[tuple[tuple[str, str], int]]
) -> None:
    article = article_of(text)
    place = desk(article, SCHEME)
    for (label, words), which in marks:
        starts = [at for at in range(len(text)) if text.startswith(words, at)]
        if not starts:
            continue
        start = starts[which % len(starts)]
        try:
            edit = editing.mark(place, [Fragment(start, start + len(words))], label)
        except Impossible:
            continue
        article.apply(edit)
    assert not {f.code for f in findings(article, LAYER, SCHEME, place.structure)} & ILLEGAL
    slots = {(tie.source, tie.label) for tie in article.relations.values()}
    assert len(slots) == len(article.relations)


@settings(max_examples=60, deadline=None)
@given(texts, st.data())
def test_the_same_intent_at_the_same_desk_gives_the_same_edit(
    text: str, data: st.DataObject
) -> None:
    article = article_of(text)
    place = desk(article, SCHEME)
    for _ in range(4):
        intent = some_intent(data, place)
        try:
            one, two = intent(), intent()
        except Impossible:
            continue
        assert [told(c.before) for c in one.changes] == [told(c.before) for c in two.changes]
        assert [told(c.after) for c in one.changes] == [told(c.after) for c in two.changes]
        article.apply(one)


def told(record: object) -> object:
    """Return a record without the ids that are drawn fresh."""
    if isinstance(record, Relation):
        return (record.label, record.target_entity)
    if isinstance(record, Entity | Layer) or record is None:
        return record
    return (getattr(record, "label", None), getattr(record, "fragments", None))
