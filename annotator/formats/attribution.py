"""Attributions as JSON, in the form that BBC's Citron is trained on and PARC 3 is converted to.

One file an article: ``text`` and ``quotes``; each quote has one ``cue``, ``sources`` and
``contents``, lists of ``start``, ``end`` and ``text`` (https://github.com/bbc/citron, data format).
A quote of ours is one cue with all claims that it signals for the same speakers; each fragment of
a claim is one of the ``contents``.

In files of others the contents of a quote are the pieces of one claim, and sources and cues on the
same words are one. Ours have an ``id`` beside each piece, so that several claims of one cue stay
several. Citron passes over keys that it does not know.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.formats import Group, Problem, Reading, Sample, Writing, json_text
from annotator.formats.brat_files import FileNames
from annotator.formats.layer_draft import LayerDraft, layer_of, stretch
from annotator.formats.losses import Fate, Loss, announced
from annotator.formats.offsets import Claimed, guessed_unit
from annotator.formats.replacing import replacing_folder
from annotator.model import (
    Article,
    Entity,
    Fragment,
    JsonObject,
    Layer,
    LayerKind,
    Span,
    reading_order,
    text_hash,
)
from annotator.scheme import Scheme
from annotator.spans import covered, normalise
from annotator.translation import later, tr_n

name: Final = "attribution"
title: Final = "Attribution JSON (Citron, PARC)"
purpose: Final = later("who said what by which cue, to train Citron")
group: Final = Group.TRAINING
suffixes: Final = (".json",)
folder: Final = True
several_layers: Final = False

_LEFT_OUT: Final = (
    "zones layer_facts attributes entities entity_facts idle_entities unsure notes "
    "entity_relations relation_attributes verdicts comments extra"
)
FATES: Final[Mapping[str, Fate]] = MappingProxyType(dict.fromkeys(_LEFT_OUT.split(), Fate.LEFT_OUT))

_SAID_BY: Final = ("attributed_to", "spoken_by")
"""What the schemes that ship call the relation from a claim to its speaker."""
CONFIDENCE: Final = "citron:confidence"
"""Key in ``extra`` of a claim for how sure the program was that found it."""
COREFERENCES: Final = "citron:coreference_groups"
"""Key in ``extra`` of an article for the groups of equal mentions that its file has."""

_FACTS: Final = ("title", "language", "source", "url", "published", "metadata")


@dataclass(frozen=True, slots=True)
class Labels:
    """What the scheme calls the three parts of an attribution."""

    speaker: str = "Speaker"
    cue: str = "Cue"
    claim: str = "Claim"
    said_by: str = "attributed_to"
    cued_by: str = "cued_by"


def labels_of(scheme: Scheme | None) -> Labels:
    """Return the labels that the relations of *scheme* tie; of another scheme the usual ones."""
    if scheme is None:
        return Labels()
    said = next(filter(None, map(scheme.relation, _SAID_BY)), None)
    cued = scheme.relation("cued_by")
    if said is None or cued is None or not said.targets or not cued.targets:
        return Labels()
    return Labels(said.targets[0], cued.targets[0], said.source, said.name)


def recognises(sample: Sample) -> bool:
    """Tell whether the file has a text with quotes."""
    keys = sample.keys
    return "text" in keys and bool({"quotes", "layer"} & keys) and "annotator" not in keys


# ---------------------------------------------------------------------------------------- reading


def read(path: Path, reading: Reading) -> Iterator[Annotated | Problem]:
    """Yield the article in a file with its attributions; of a folder, all articles in it.

    Raises UserError where the file is not JSON.
    """
    if not path.is_dir():
        yield from _read(path, json_text.load(path), reading)
        return
    for file in sorted(path.rglob("*.json")):
        if not file.is_file() or not file.resolve().is_relative_to(path.resolve()):
            continue
        try:
            data = json_text.load(file)
        except UserError as error:
            yield Problem(0, "", str(error))
            continue
        for found in _read(file, data, reading):
            yield (
                replace(found, place=f"{file.name}, {found.place}")
                if isinstance(found, Problem)
                else found
            )


def _read(path: Path, data: Any, reading: Reading) -> Iterator[Annotated | Problem]:
    if not isinstance(data, dict) or not isinstance(data.get("text"), str) or not data["text"]:
        yield Problem(0, "text", "There is no text.")
        return
    quotes = data.get("quotes")
    if not isinstance(quotes, list):
        yield Problem(0, "quotes", "There is no list of quotes.")
        quotes = []
    own = data.get("layer")
    id_ = data.get("id")
    facts, strange = _facts(data)
    yield from strange
    article = Article(
        id=id_ if isinstance(id_, str) and id_ else path.stem,
        text=data["text"],
        sha256=text_hash(data["text"]),
        extra={COREFERENCES: data[_GROUPS]} if data.get(_GROUPS) else {},
        **{"title": path.stem, "language": reading.language, **facts},
    )
    result = Annotated(article)
    if quotes or isinstance(own, dict):
        draft = LayerDraft(result, _layer(own, article, reading), reading)
        reader = _Quotes(draft, reading.scheme, ours=isinstance(own, dict))
        reader.read(quotes)
        reader.read_groups(data.get(_GROUPS))
        yield from draft.problems
    yield result


_GROUPS: Final = "coreference_groups"


def _facts(data: Mapping[str, Any]) -> tuple[JsonObject, list[Problem]]:
    """Return what the file says about the article, and what it says in a way that is none."""
    facts: JsonObject = {}
    problems: list[Problem] = []
    for key in _FACTS:
        value = data.get(key)
        if value is None:
            continue
        if isinstance(value, dict if key == "metadata" else str):
            facts[key] = value
        else:
            problems.append(Problem(0, key, "It is not a text, and was left out."))
    return facts, problems


def _layer(own: Any, article: Article, reading: Reading) -> Layer:
    if not isinstance(own, dict):
        return layer_of(article, reading)
    kinds = (LayerKind.PERSON, LayerKind.SUGGESTER, LayerKind.IMPORT, LayerKind.GOLD)
    kind = own.get("kind", LayerKind.PERSON)
    author = str(own.get("author", ""))
    return Layer(
        id=author or "import",
        article_id=article.id,
        author=author,
        kind=kind if kind in kinds else LayerKind.IMPORT,
    )


_Piece = tuple[str, Fragment | None]
"""Id of the span that a piece is of, where the file has ids, and where it is; None for nowhere."""


class _Quotes:
    """Reads the quotes of one article; finds what is said on the same words."""

    def __init__(self, draft: LayerDraft, scheme: Scheme | None, *, ours: bool) -> None:
        self._draft = draft
        self._ours = ours
        self._labels = labels_of(scheme)

    def read(self, quotes: list[Any]) -> None:
        """Read all quotes, once it is known what their offsets count."""
        if self._draft.unit == "auto":
            self._draft.unit = guessed_unit(self._draft.ruler, _claims(quotes))
        for number, quote in enumerate(quotes):
            place = f"quotes[{number}]"
            if isinstance(quote, dict):
                self._read_quote(place, quote)
            else:
                self._draft.report(place, "It is not a quote with cue, sources and contents.")

    def _read_quote(self, place: str, quote: Mapping[str, Any]) -> None:
        labels = self._labels
        contents = list(self._pieces(f"{place}.contents", quote.get("contents", [])))
        claims = self._spans(labels.claim, contents, together=True)
        sources = self._pieces(f"{place}.sources", quote.get("sources", []))
        speakers = self._spans(labels.speaker, sources)
        cues = self._spans(labels.cue, self._cue(f"{place}.cue", quote.get("cue")), together=True)
        if not claims:
            reason = "It has no contents that could be read, so nothing is tied by it."
            self._draft.report(place, reason)
        spans = self._draft.item.spans
        for claim in claims:
            if "confidence" in quote:
                extra = {**spans[claim].extra, CONFIDENCE: quote["confidence"]}
                spans[claim] = replace(spans[claim], extra=extra)
            for label, ends in ((labels.said_by, speakers), (labels.cued_by, cues)):
                for end in ends:
                    self._draft.tie(claim, label, end)

    def _cue(self, place: str, cue: Any) -> Iterator[_Piece]:
        if cue is None:
            return
        more = cue.get("more", []) if isinstance(cue, dict) and self._ours else []
        yield from self._pieces(place, [cue, *(more if isinstance(more, list) else [])])

    def _pieces(self, place: str, said: Any) -> Iterator[_Piece]:
        """Yield the pieces in a list; those that are nowhere are reported."""
        if not isinstance(said, list):
            self._draft.report(place, "It is not a list.")
            return
        for number, piece in enumerate(said):
            own = piece.get("id") if self._ours and isinstance(piece, dict) else None
            found = self._draft.located(f"{place}[{number}]", _claimed(piece))
            yield own if isinstance(own, str) else "", found

    def _spans(self, label: str, pieces: Iterable[_Piece], *, together: bool = False) -> list[str]:
        """Return the ids of the spans that *pieces* are of, made where they are not there yet.

        Pieces with the same id are of one span; without ids they are so if they go *together*. A
        span of which one piece is nowhere is left out.
        """
        groups: dict[str | int, list[_Piece]] = {}
        for number, piece in enumerate(pieces):
            groups.setdefault(piece[0] or (0 if together else number), []).append(piece)
        found: dict[str, None] = {}
        spans = self._draft.item.spans
        for key, group in groups.items():
            whole = normalise(fragment for _, fragment in group if fragment is not None)
            if any(fragment is None for _, fragment in group):
                continue
            places = ",".join(f"{start}-{end}" for start, end in whole)
            id_ = key if isinstance(key, str) else f"{label} {places}"
            if id_ in spans and (spans[id_].label, spans[id_].fragments) != (label, whole):
                id_ = f"{label} {id_} {places}"
            if id_ not in spans:
                self._draft.span(id_, label, whole)
            found[id_] = None
        return list(found)

    def read_groups(self, groups: Any) -> None:
        """Make an actor of each group of equal mentions that speakers are in."""
        if groups is None:
            return
        speakers = {
            span.fragments: span
            for span in self._draft.item.spans.values()
            if span.label == self._labels.speaker
        }
        for number, group in enumerate(groups if isinstance(groups, list) else [groups]):
            pieces = self._pieces(f"{_GROUPS}[{number}]", group)
            found = [fragment for _, fragment in pieces if fragment is not None]
            mentions = [speakers[one,] for one in found if (one,) in speakers]
            if not mentions:
                continue
            longest = max(covered(self._draft.item.article.text, found), key=len)
            id_ = f"{self._draft.item.article.id} {mentions[0].id}"
            self._draft.item.entities[id_] = Entity(id=id_, kind="actor", name=longest)
            for span in mentions:
                self._draft.item.spans[span.id] = replace(
                    self._draft.item.spans[span.id], entity_id=id_
                )


def _claimed(piece: Any) -> Claimed | None:
    return stretch(piece, "start", "end", piece.get("text") if isinstance(piece, dict) else None)


def _claims(quotes: list[Any]) -> Iterator[Claimed]:
    for quote in quotes:
        if not isinstance(quote, dict):
            continue
        for said in (quote.get("sources"), quote.get("contents"), [quote.get("cue")]):
            found = map(_claimed, said) if isinstance(said, list) else ()
            yield from (claimed for claimed in found if claimed is not None)


# ---------------------------------------------------------------------------------------- writing


@dataclass(frozen=True, slots=True)
class _Quote:
    """A cue with the claims that it signals for the same speakers."""

    cue: Span
    speakers: tuple[Span, ...]
    claims: tuple[Span, ...]


def _quotes(item: Annotated, layer_id: str, labels: Labels) -> list[_Quote]:
    """Return the attributions of a layer, in the order of their cues."""
    found: dict[tuple[str, tuple[str, ...]], list[Span]] = {}
    for claim in item.spans_of(layer_id):
        if claim.label != labels.claim:
            continue
        speakers = _ends(item, claim, labels.said_by, labels.speaker)
        for cue in _ends(item, claim, labels.cued_by, labels.cue):
            found.setdefault((cue, tuple(speakers)), []).append(claim)
    quotes = [
        _Quote(item.spans[cue], tuple(item.spans[key] for key in speakers), tuple(claims))
        for (cue, speakers), claims in found.items()
    ]
    return sorted(quotes, key=lambda one: (reading_order(one.cue), reading_order(one.claims[0])))


def _ends(item: Annotated, claim: Span, label: str, wanted: str) -> list[str]:
    ties = item.relations_from(claim.id, label)
    spans = {tie.target: item.spans[tie.target] for tie in ties if tie.target is not None}
    own = (span for span in spans.values() if span.label == wanted and span.id != claim.id)
    return [span.id for span in sorted(own, key=reading_order)]


def write(articles: Iterable[Annotated], target: Path, writing: Writing) -> int:
    """Write a folder with a file for each article, and return how many articles there are.

    One that several people have marked becomes a file for each of them. Raises ExportError.
    """
    count = 0
    names = FileNames()
    labels = labels_of(writing.scheme)
    with replacing_folder(target) as place:
        for item in articles:
            count += 1
            own = sorted(item.layers.values(), key=lambda one: (one.author, one.kind, one.id))
            for layer in own or (None,):
                wish = item.article.id
                if layer is not None and len(own) > 1:
                    wish = f"{wish} {layer.author}"
                data = json_text.document(_document(item, layer, labels))
                (place / f"{names.name(wish)}.json").write_bytes(data)
    return count


def _document(item: Annotated, layer: Layer | None, labels: Labels) -> JsonObject:
    article = item.article
    said = {key: getattr(article, key) for key in _FACTS}
    said["metadata"] = dict(article.metadata)
    groups = article.extra.get(COREFERENCES)
    result: JsonObject = {"id": article.id}
    if layer is not None:
        result["layer"] = {"author": layer.author, "kind": layer.kind}
    result |= {key: value for key, value in said.items() if value or key == "title"}
    result["text"] = article.text
    quotes = [] if layer is None else _quotes(item, layer.id, labels)
    result["quotes"] = [_quote(number, one) for number, one in enumerate(quotes, 1)]
    return result | ({_GROUPS: groups} if groups else {})


def _quote(number: int, quote: _Quote) -> JsonObject:
    cue, *more = _stretches(quote.cue)
    confidence = quote.claims[0].extra.get(CONFIDENCE)
    return {
        "id": str(number),
        "cue": {**cue, "more": more} if more else cue,
        "sources": [piece for span in quote.speakers for piece in _stretches(span)],
        "contents": [piece for span in quote.claims for piece in _stretches(span)],
        **({} if confidence is None else {"confidence": confidence}),
    }


def _stretches(span: Span) -> list[JsonObject]:
    return [
        {"start": start, "end": end, "text": words, "id": span.id}
        for (start, end), words in zip(span.fragments, span.text, strict=True)
    ]


def cannot_carry(articles: Iterable[Annotated], writing: Writing) -> list[Loss]:
    """Return what the files will not say: all that is no attribution with a cue."""
    spans = ties = 0
    labels = labels_of(writing.scheme)

    def watched() -> Iterator[Annotated]:
        nonlocal spans, ties
        for item in articles:
            kept = carried(item, labels)
            spans += len(item.spans) - len(kept.spans)
            both = [tie for tie in item.relations.values() if tie.target is not None]
            ties += len(both) - len(kept.relations)
            yield item

    losses = announced(watched(), FATES)
    if spans:
        sentence = tr_n(
            spans,
            "{n} span that is no part of an attribution with a cue",
            "{n} spans that are no part of an attribution with a cue",
        )
        losses.append(Loss("other_spans", spans, Fate.LEFT_OUT, sentence))
    if ties:
        sentence = tr_n(
            ties,
            "{n} relation that is no part of an attribution with a cue",
            "{n} relations that are no part of an attribution with a cue",
        )
        losses.append(Loss("other_relations", ties, Fate.LEFT_OUT, sentence))
    return losses


def carried(item: Annotated, labels: Labels) -> Annotated:
    """Return *item* with those spans and relations only that are part of an attribution."""
    result = item.copy()
    result.spans.clear()
    result.relations.clear()
    for layer_id in item.layers:
        for quote in _quotes(item, layer_id, labels):
            for span in (quote.cue, *quote.speakers, *quote.claims):
                result.spans[span.id] = span
    wanted = {labels.said_by: labels.speaker, labels.cued_by: labels.cue}
    seen: set[tuple[str, str, str | None]] = set()
    for tie in item.relations.values():
        source, target = result.spans.get(tie.source), result.spans.get(tie.target or "")
        if source is None or target is None or source.label != labels.claim:
            continue
        ends = (tie.label, tie.source, tie.target)
        if wanted.get(tie.label) == target.label and ends not in seen:
            seen.add(ends)
            result.relations[tie.id] = tie
    return result
