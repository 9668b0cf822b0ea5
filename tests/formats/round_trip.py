"""What every format that is read and written must hold: nothing is lost in silence.

What comes back from a file is what went in, ``without`` exactly the losses that were announced
before it was written. Labels are compared as data: ids may change, what they say may not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from hypothesis import strategies as st

from annotator import schemes
from annotator.annotated import Annotated
from annotator.formats import Problem, Reader, Reading, Writer, Writing, recognise
from annotator.formats.losses import FEATURES, Fate, announced, without
from annotator.model import (
    Article,
    Entity,
    Fragment,
    JsonObject,
    Layer,
    Relation,
    Span,
    Zone,
    text_hash,
)

WRITING: Final = Writing(scheme=schemes.load("news-default"))

Said = tuple[Any, ...]


def said(item: Annotated, *, titles: bool = True) -> dict[str, Any]:
    """Return what an article and its labels say, without ids and in an order of its own."""
    article = item.article
    return {
        "text": article.text,
        "title": article.title if titles else "",
        "facts": (article.language, article.source, article.url, article.published),
        "metadata": _frozen(article.metadata),
        "zones": sorted(article.zones),
        "layers": sorted((_said_layer(item, layer) for layer in item.layers.values()), key=repr),
    }


def _said_layer(item: Annotated, layer: Layer) -> Said:
    spans = [_said_span(item, span) for span in item.spans_of(layer.id)]
    ties = [_said_tie(item, tie) for tie in item.relations.values() if tie.layer_id == layer.id]
    facts = (layer.author, layer.kind, layer.state, layer.note, layer.unsure)
    return (facts, _counted(spans), _counted(ties))


def _said_span(item: Annotated, span: Span) -> Said:
    entity = _said_entity(item, span.entity_id)
    facts = (_frozen(span.attributes), entity, span.unsure, span.note)
    return (span.label, span.fragments, span.text, facts)


def _said_tie(item: Annotated, tie: Relation) -> Said:
    target = None if tie.target is None else _said_span(item, item.spans[tie.target])
    end = (target, _said_entity(item, tie.target_entity))
    return (tie.label, _said_span(item, item.spans[tie.source]), end, _frozen(tie.attributes))


def _said_entity(item: Annotated, key: str | None) -> Said | None:
    if key is None:
        return None
    one: Entity = item.entities[key]
    place = (one.latitude, one.longitude)
    facts = (_frozen(one.identifiers), _frozen(one.attributes), one.note, place)
    return (one.kind, one.name, tuple(one.aliases), facts)


def _counted(items: Iterable[Said]) -> list[tuple[str, int]]:
    return sorted(Counter(map(repr, items)).items())


def _frozen(value: Any) -> Any:
    if isinstance(value, Mapping):
        return tuple(sorted((key, _frozen(item)) for key, item in value.items()))
    if isinstance(value, (list, tuple)):
        return tuple(map(_frozen, value))
    return value


def written_and_read(
    form: Any, items: Sequence[Annotated], target: Path, writing: Writing = WRITING
) -> list[Annotated]:
    """Write *items*, and return them as they come back; no problem may be reported."""
    writer: Writer = form
    reader: Reader = form
    count = writer.write(iter(items), target, writing)
    assert count == len(items)
    found = list(reader.read(target, Reading(scheme=writing.scheme)))
    assert not [str(item) for item in found if isinstance(item, Problem)]
    return [item for item in found if isinstance(item, Annotated)]


def assert_comes_back(
    form: Any,
    items: Sequence[Annotated],
    target: Path,
    writing: Writing = WRITING,
    *,
    fates: Mapping[str, Fate] | None = None,
) -> None:
    """Write and read *items*: what comes back is they, without what was announced.

    *fates* are those that the format states (its ``FATES``); what it announces about these articles
    must be exactly what the fates come to. Losses of the format's own are its own tests' business.
    """
    stated: Mapping[str, Fate] = form.FATES if fates is None else fates
    told = [loss for loss in form.cannot_carry(iter(items), writing) if loss.feature in FEATURES]
    assert told == announced(iter(items), stated)
    back = written_and_read(form, items, target, writing)
    expected = [without(item, {loss.feature: loss.fate for loss in told}) for item in items]
    titles = "titles" not in stated
    assert [said(item, titles=titles) for item in back] == [
        said(item, titles=titles) for item in expected
    ]


def assert_is_recognised(form: Any, path: Path) -> None:
    """The file at *path* is found to be in *form*, whatever it is called."""
    assert recognise(path) is form
    renamed = path.with_name("nothing-to-see.dat")
    path.rename(renamed)
    assert recognise(renamed) is form


def recognised(path: Path) -> Any:
    """Return the format that the file at *path* is found to be in."""
    return recognise(path)


# ------------------------------------------------------------------------------------ articles

SCRIPTS: Final = (
    "The quay will not move, she said.",
    "“We will build it”, said Ana.\nNext line\tafter a tab.",
    "🚢 ferries 👩‍👩‍👧 and flags 🇳🇴 leave; café, naïve e\u0301.",
    "قالت الوزيرة إن الميناء «سيغلق» غداً.",
    "הנמל ייסגר מחר, אמרה השרה.",
    "मंत्री ने कहा कि बंदरगाह बंद होगा।",
    "部长说港口明天关闭。",
    "soft\u00adhyphen, no\u00a0break, zero\u200bwidth, line\u2028end",
    "<b>bold</b> & 'quotes' \\ \"double\" [x] =SUM(A1)",
    "\n\n  Indented\n\n\nafter blank lines  ",
)
LABELS: Final = ("Speaker", "Claim", "Cue", "Location")


@st.composite
def marked_articles(
    draw: st.DrawFn, *, layers: int = 2, most_spans: int = 5, id_: str = ""
) -> Annotated:
    """Make an article of the kind that is annotated, with labels of the default scheme.

    Its labels nest, cross, lie on the same words, and have several fragments; some layers are
    empty. Every span begins and ends at a character that is no blank.
    """
    text = "".join(draw(st.lists(st.sampled_from(SCRIPTS), min_size=1, max_size=3)))
    number = id_ or f"a{draw(st.integers(0, 10**6))}"
    result = Annotated(
        Article(
            id=number,
            title=draw(st.sampled_from(("", "Ferry late", "Späte Fähre 🚢 & <b>"))),
            text=text,
            sha256=text_hash(text),
            language=draw(st.sampled_from((None, "en", "de"))),
            source=draw(st.sampled_from((None, "Coast Desk"))),
            published=draw(st.sampled_from((None, "2024-03-01"))),
            zones=(Zone("body", 0, len(text)),) if draw(st.booleans()) else (),
            metadata=draw(st.sampled_from(({}, {"desk": "harbour"}))),
        )
    )
    authors = ("ada", "Bo Ek", "noor")[: draw(st.integers(min(layers, 1), layers))]
    for author in authors:
        layer = Layer(id=f"{number}/{author}", article_id=number, author=author)
        result.layers[layer.id] = layer
        _mark(draw, result, layer, draw(st.integers(0, most_spans)))
    return result


def _mark(draw: st.DrawFn, result: Annotated, layer: Layer, count: int) -> None:
    places = [at for at, char in enumerate(result.article.text) if not char.isspace()]
    for number in range(count):
        ends = sorted(draw(st.lists(st.sampled_from(places), min_size=2, max_size=4)))
        fragments = _fragments(ends)
        span = Span(
            id=f"{layer.id}/s{number}",
            article_id=result.article.id,
            layer_id=layer.id,
            label=draw(st.sampled_from(LABELS)),
            fragments=fragments,
            text=tuple(result.article.text[a:b] for a, b in fragments),
            attributes=draw(st.sampled_from(({}, {"hedged": True}, {"claim_type": "factual"}))),
            entity_id=_entity(draw, result),
            unsure=draw(st.booleans()),
            note=draw(st.sampled_from(("", "the crews’? 🚢", 'two\nlines; = "x"'))),
        )
        result.spans[span.id] = span
    own = [span.id for span in result.spans.values() if span.layer_id == layer.id]
    for number in range(draw(st.integers(0, 2)) if own else 0):
        _tie(draw, result, layer, f"{layer.id}/r{number}", own)


def _fragments(ends: list[int]) -> tuple[Fragment, ...]:
    """Return one or two fragments that do not touch, from two to four positions of letters."""
    first = Fragment(ends[0], ends[1] + 1)
    if len(ends) == 4 and ends[2] > first.end:
        return (first, Fragment(ends[2], ends[3] + 1))
    return (first,)


def _tie(draw: st.DrawFn, result: Annotated, layer: Layer, id_: str, own: list[str]) -> None:
    entity = _entity(draw, result)
    source = draw(st.sampled_from(own))
    target = draw(st.sampled_from(own))
    values: JsonObject = {"target": target} if entity is None else {"target_entity": entity}
    if any(
        (tie.source, tie.target, tie.target_entity)
        == (source, values.get("target"), values.get("target_entity"))
        for tie in result.relations.values()
    ):
        return
    result.relations[id_] = Relation(
        id=id_,
        article_id=result.article.id,
        layer_id=layer.id,
        label="attributed_to",
        source=source,
        attributes={"sure": "yes"} if draw(st.booleans()) else {},
        **values,
    )


_ENTITIES: Final = (
    Entity(id="p-oslo", kind="place", name="Oslo", aliases=("Christiania",), latitude=59.91,
           longitude=10.75, identifiers={"geonames": "3143244"}),
    Entity(id="a-ana", kind="actor", name="Ana Ilves", attributes={"actor_type": "person"}),
)  # fmt: skip


def _entity(draw: st.DrawFn, result: Annotated) -> str | None:
    entity = draw(st.sampled_from((None, *_ENTITIES)))
    if entity is None:
        return None
    result.entities[entity.id] = entity
    return entity.id


def one_layer(item: Annotated) -> Annotated:
    """Return *item* with its first layer only, for formats that hold one reading."""
    result = item.copy()
    for layer_id in sorted(result.layers)[1:]:
        del result.layers[layer_id]
        for table in (result.spans, result.relations):
            for key in [key for key, one in table.items() if one.layer_id == layer_id]:
                del table[key]
    used = {span.entity_id for span in result.spans.values()}
    used |= {tie.target_entity for tie in result.relations.values()}
    result.entities = {key: one for key, one in result.entities.items() if key in used}
    return result


def with_id(item: Annotated, id_: str) -> Annotated:
    """Return *item* under another id, so that several may stand in one file."""
    result = item.copy()
    result.article = replace(item.article, id=id_)
    tables: tuple[dict[str, Any], ...] = (result.layers, result.spans, result.relations)
    for table in tables:
        for key, record in table.items():
            table[key] = replace(record, article_id=id_)
    return result
