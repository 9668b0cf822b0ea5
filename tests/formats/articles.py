"""Articles with labels for tests of formats: a small one to read, and any that hypothesis makes."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from annotator.annotated import Annotated
from annotator.model import (
    Article,
    Comment,
    Entity,
    Fragment,
    Layer,
    LayerKind,
    LayerState,
    Relation,
    Span,
    Verdict,
    Zone,
    text_hash,
)

TEXT = "Ferry late\n\n“The quay,” Marta Ilves said, “will not move,” Oslo’s 🚢 crews heard."


def small() -> Annotated:
    """Return an article with one layer: a claim in two fragments, its speaker, a place."""
    result = Annotated(
        Article(
            id="ferry-1",
            title="Ferry late",
            text=TEXT,
            sha256=text_hash(TEXT),
            language="en",
            published="2024-03-01",
            zones=(Zone("headline", 0, 10), Zone("body", 12, len(TEXT))),
            metadata={"desk": "harbour"},
        )
    )
    result.layers["l1"] = Layer(id="l1", article_id="ferry-1", author="ada", state="submitted")
    result.entities["p1"] = Entity(
        id="p1",
        kind="place",
        name="Oslo",
        aliases=("Christiania",),
        identifiers={"geonames": "3143244"},
        latitude=59.91,
        longitude=10.75,
        attributes={"place_type": "city"},
    )
    result.entities["a1"] = Entity(id="a1", kind="actor", name="Marta Ilves")
    add_span(result, "s1", "Claim", "The quay", "will not move", attributes={"form": "direct"})
    add_span(result, "s2", "Speaker", "Marta Ilves", entity_id="a1")
    add_span(result, "s3", "Location", "Oslo", entity_id="p1", unsure=True, note="the crews’?")
    result.relations["r1"] = Relation(
        id="r1",
        article_id="ferry-1",
        layer_id="l1",
        label="attributed_to",
        source="s1",
        target="s2",
    )
    return result


def add_span(annotated: Annotated, id_: str, label: str, *words: str, **values: Any) -> None:
    """Add a span to the layer ``l1`` over the first occurrence of each of *words*."""
    starts = [annotated.article.text.index(word) for word in words]
    annotated.spans[id_] = Span(
        id=id_,
        article_id=annotated.article.id,
        layer_id="l1",
        label=label,
        fragments=tuple(
            Fragment(start, start + len(word)) for start, word in zip(starts, words, strict=True)
        ),
        text=words,
        **values,
    )


# No NUL, which PostgreSQL cannot store, and no half characters, which UTF-8 cannot.
characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
words = st.text(characters, max_size=12)
names = st.text(characters, min_size=1, max_size=8)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**40), 2**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=4,
)
objects = st.dictionaries(words, values, max_size=3)
extras = st.dictionaries(names.map(lambda name: f"x-{name}"), values, max_size=2)


@st.composite
def any_article(draw: st.DrawFn, *, id_: str = "") -> Annotated:
    """Make any article with any labels that fit it."""
    text = draw(st.text(characters, max_size=60))
    id_ = id_ or draw(names)
    zones: tuple[Zone, ...] = ()
    if text:
        zones = tuple(Zone(draw(names), *draw(fragments(text))) for _ in range(draw(small_number)))
    article = Article(
        id=id_,
        title=draw(words),
        text=text,
        sha256=text_hash(text),
        language=draw(st.none() | names),
        source=draw(st.none() | words),
        url=draw(st.none() | words),
        published=draw(st.none() | st.dates().map(str)),
        zones=zones,
        metadata=draw(objects),
        extra=draw(extras),
    )
    result = Annotated(article)
    for number in range(draw(small_number)):
        _add_layer(draw, result, f"{id_}/layer-{number}")
    return result


small_number = st.integers(0, 2)


@st.composite
def fragments(draw: st.DrawFn, text: str) -> Fragment:
    """Make any stretch of a text that is not empty."""
    start = draw(st.integers(0, len(text) - 1))
    return Fragment(start, draw(st.integers(start + 1, len(text))))


def _add_layer(draw: st.DrawFn, result: Annotated, layer_id: str) -> None:
    article = result.article
    result.layers[layer_id] = Layer(
        id=layer_id,
        article_id=article.id,
        author=draw(words),
        kind=draw(
            st.sampled_from(
                (LayerKind.PERSON, LayerKind.SUGGESTER, LayerKind.IMPORT, LayerKind.GOLD)
            )
        ),
        state=draw(st.sampled_from(LayerState.ALL)),
        note=draw(words),
        unsure=draw(st.booleans()),
        extra=draw(extras),
    )
    spans = [] if not article.text else [f"{layer_id}/s{n}" for n in range(draw(small_number))]
    for span_id in spans:
        _add_any_span(draw, result, layer_id, span_id)
    for number in range(draw(small_number) if spans else 0):
        _add_relation(draw, result, layer_id, f"{layer_id}/r{number}", spans)
    for number in range(draw(small_number)):
        common = {"article_id": article.id, "layer_id": layer_id}
        about = draw(st.sampled_from([article.id, layer_id, *spans]))
        verdict = Verdict(
            id=f"{layer_id}/v{number}",
            record_id=about,
            revision=draw(st.integers(1, 9)),
            decision=draw(names),
            reason=draw(words),
            author=draw(words),
            time=draw(words),
            extra=draw(extras),
            **common,
        )
        comment = Comment(
            id=f"{layer_id}/c{number}",
            record_id=about,
            text=draw(words),
            author=draw(words),
            reply_to=f"{layer_id}/c0" if number else None,
            resolved=draw(st.booleans()),
            extra=draw(extras),
            **common,
        )
        result.verdicts[verdict.id], result.comments[comment.id] = verdict, comment


def _entity(draw: st.DrawFn, result: Annotated) -> str:
    # Entities belong to the project: what they are follows from the id, here the name.
    name = draw(st.sampled_from(("Ada", "Oslo", "Åse")))
    result.entities[f"e-{name}"] = Entity(
        id=f"e-{name}",
        kind="actor",
        name=name,
        aliases=(name.lower(), name.upper()),
        identifiers={"wikidata": name},
        latitude=1.5 if name == "Oslo" else None,
        longitude=-2 if name == "Oslo" else None,
        attributes={"role": [name, {"b": 1, "a": None}]},
        note=name if name == "Åse" else "",
        extra={"x-rank": len(name)},
    )
    return f"e-{name}"


def _add_any_span(draw: st.DrawFn, result: Annotated, layer_id: str, span_id: str) -> None:
    text = result.article.text
    first = draw(fragments(text))
    parts = [first]
    if first.end + 1 < len(text) and draw(st.booleans()):
        parts.append(Fragment(first.end + 1, len(text)))
    result.spans[span_id] = Span(
        id=span_id,
        article_id=result.article.id,
        layer_id=layer_id,
        label=draw(names),
        fragments=tuple(parts),
        text=tuple(text[part.start : part.end] for part in parts),
        attributes=draw(objects),
        entity_id=_entity(draw, result) if draw(st.booleans()) else None,
        unsure=draw(st.booleans()),
        note=draw(words),
        extra=draw(extras),
    )


def _add_relation(
    draw: st.DrawFn, result: Annotated, layer_id: str, id_: str, spans: list[str]
) -> None:
    to_span = draw(st.booleans())
    result.relations[id_] = Relation(
        id=id_,
        article_id=result.article.id,
        layer_id=layer_id,
        label=draw(names),
        source=draw(st.sampled_from(spans)),
        target=draw(st.sampled_from(spans)) if to_span else None,
        target_entity=None if to_span else _entity(draw, result),
        attributes=draw(objects),
        extra=draw(extras),
    )
