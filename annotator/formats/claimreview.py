"""schema.org JSON-LD of claims, for search engines and the databases of fact-checkers.

Written is one ``Claim`` for each claim group, wherever it is made, and one for each claim that is
in no group: its words as ``text``, the articles as ``appearance`` and the earliest dated one as
``firstAppearance`` (``NewsArticle`` nodes with headline, date, publisher and address), and those
who make it as ``author``: the actors that it is attributed to, else the words that name them.

A ``ClaimReview`` is written only where somebody has rated a claim, that is, where the claim or its
group has the attribute ``rating``: the review is about the claim, its ``reviewRating`` says the
rating in words, or as a number, and its author is whoever labelled the claim. Without a rating
there is no review: saying that a claim was checked when it was only marked would be untrue.

Claims are the spans of labels that can stand for a claim group in the scheme, or begin
``attributed_to``. Memory grows with the number of claims, not with the length of the articles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote

from annotator.annotated import Annotated
from annotator.formats import Group, Writing, json_text
from annotator.formats.losses import Fate, Loss, announced
from annotator.formats.replacing import replacing
from annotator.model import Article, Entity, JsonObject, Span
from annotator.scheme import Scheme
from annotator.translation import later, tr_n

name: Final = "claimreview"
title: Final = "schema.org Claim (JSON-LD)"
purpose: Final = later("claims with their speakers and articles, for search engines")
group: Final = Group.TABLES
suffixes: Final = (".jsonld",)
several_layers: Final = True

RATING: Final = "rating"
"""Name of the attribute that makes a review of a claim."""

_LEFT_OUT: Final = (
    "zones layer_facts empty_layers attributes idle_entities unsure notes verdicts comments extra"
)
FATES: Final[Mapping[str, Fate]] = MappingProxyType(dict.fromkeys(_LEFT_OUT.split(), Fate.LEFT_OUT))

_GROUP: Final = "claim_group"
_SPEAKER: Final = "attributed_to"
_GAP: Final = " … "
_TYPES: Final = {"person": "Person", "organisation": "Organization", "government": "Organization",
                 "group": "Organization"}  # fmt: skip
_UNKNOWN: Final = "Person"
"""Of whom nobody said what they are: schema.org knows persons and organisations only."""
_WEB: Final = ("http://", "https://")


@dataclass(slots=True)
class _Claim:
    """What is known of a claim so far."""

    id: str
    text: str
    authors: dict[str, JsonObject] = field(default_factory=dict)
    appearances: dict[str, str] = field(default_factory=dict)
    """Day of publication by the address of the article; empty where it is not known."""
    ratings: list[tuple[str, Any]] = field(default_factory=list)
    """Who rated it, and how."""


def write(articles: Iterable[Annotated], target: Path, writing: Writing) -> int:
    """Write all claims and the articles that they appear in, and return how many articles."""
    labels = claim_labels(writing.scheme)
    claims: dict[str, _Claim] = {}
    count = 0
    with replacing(target) as file:
        file.write(b'{"@context": "https://schema.org", "@graph": [')
        written = 0
        for item in articles:
            count += 1
            if _gather(item, labels, claims):
                file.write(_line(_article(item.article), written))
                written += 1
        for key in sorted(claims):
            for node in _nodes(claims[key]):
                file.write(_line(node, written))
                written += 1
        file.write(b"\n]}\n")
    return count


def _line(node: JsonObject, before: int) -> bytes:
    return (b",\n" if before else b"\n") + json_text.line(node).strip()


def claim_labels(scheme: Scheme) -> frozenset[str]:
    """Return the labels whose spans are claims."""
    grouped = {label.name for label in scheme.labels if label.entity == _GROUP}
    tied = {tie.source for tie in scheme.relations if tie.name == _SPEAKER}
    return frozenset(grouped | tied)


def _gather(item: Annotated, labels: frozenset[str], claims: dict[str, _Claim]) -> bool:
    """Add the claims of an article to *claims*, and tell whether it has any."""
    address = _address("article", item.article.id)
    found = [span for span in item.spans.values() if span.label in labels]
    for span in sorted(found, key=lambda one: (one.start, one.end, one.layer_id, one.id)):
        entity = None if span.entity_id is None else item.entities[span.entity_id]
        claim = _claim(item, span, entity, claims)
        claim.appearances[address] = item.article.published or ""
        for key, author in _authors(item, span):
            claim.authors.setdefault(key, author)
        if RATING in span.attributes:
            rater = item.layers[span.layer_id].author
            claim.ratings.append((rater, span.attributes[RATING]))
    return bool(found)


def _claim(item: Annotated, span: Span, entity: Entity | None, claims: dict[str, _Claim]) -> _Claim:
    if entity is not None and entity.kind == _GROUP:
        key = _address("claim", entity.id)
        text = entity.name
    else:
        place = ".".join(f"{start}-{end}" for start, end in span.fragments)
        key = _address("claim", f"{item.article.id}.{place}")
        text = _GAP.join(span.text)
    claim = claims.get(key)
    if claim is None:
        claim = claims[key] = _Claim(key, text)
        if entity is not None and RATING in entity.attributes:
            claim.ratings.append(("", entity.attributes[RATING]))
    return claim


def _authors(item: Annotated, span: Span) -> Iterator[tuple[str, JsonObject]]:
    """Yield those who make a claim, by what tells them apart."""
    for tie in item.relations_from(span.id, _SPEAKER):
        target = None if tie.target is None else item.spans[tie.target]
        key = tie.target_entity if target is None else target.entity_id
        if key is not None:
            yield f"entity {key}", _author(item.entities[key])
        elif target is not None:
            words = _GAP.join(target.text)
            yield f"words {words}", {"@type": _UNKNOWN, "name": words}


def _author(entity: Entity) -> JsonObject:
    kind = str(entity.attributes.get("actor_type"))
    same = [value for _, value in sorted(entity.identifiers.items()) if _is_address(value)]
    node: JsonObject = {
        "@type": _TYPES.get(kind, _UNKNOWN),
        "@id": _address("entity", entity.id),
        "name": entity.name,
    }
    if entity.aliases:
        node["alternateName"] = list(entity.aliases)
    return {**node, "sameAs": same} if same else node


def _is_address(value: object) -> bool:
    return isinstance(value, str) and value.startswith(_WEB)


def _address(kind: str, id_: str) -> str:
    return f"#{kind}-{quote(id_, safe='')}"


def _article(article: Article) -> JsonObject:
    node: JsonObject = {
        "@type": "NewsArticle",
        "@id": _address("article", article.id),
        "headline": article.title,
    }
    if article.published:
        node["datePublished"] = article.published
    if article.language:
        node["inLanguage"] = article.language
    if article.source:
        node["publisher"] = {"@type": "Organization", "name": article.source}
    if _is_address(article.url):
        node["url"] = article.url
    return node


def _nodes(claim: _Claim) -> Iterator[JsonObject]:
    node: JsonObject = {"@type": "Claim", "@id": claim.id, "text": claim.text}
    authors = [claim.authors[key] for key in sorted(claim.authors)]
    if authors:
        node["author"] = authors[0] if len(authors) == 1 else authors
    node["appearance"] = [{"@id": address} for address in sorted(claim.appearances)]
    dated = sorted((day, address) for address, day in claim.appearances.items() if day)
    if dated:
        node["firstAppearance"] = {"@id": dated[0][1]}
    yield node
    for author, rating in claim.ratings:
        yield _review(claim, author, rating)


def _review(claim: _Claim, author: str, rating: Any) -> JsonObject:
    is_number = isinstance(rating, (int, float)) and not isinstance(rating, bool)
    said: JsonObject = {"@type": "Rating"}
    said["ratingValue" if is_number else "alternateName"] = rating if is_number else str(rating)
    node: JsonObject = {
        "@type": "ClaimReview",
        "claimReviewed": claim.text,
        "itemReviewed": {"@id": claim.id},
        "reviewRating": said,
    }
    return {**node, "author": {"@type": "Person", "name": author}} if author else node


def cannot_carry(articles: Iterable[Annotated], writing: Writing) -> list[Loss]:
    """Return what is no claim, speaker or article, and so is left out."""
    labels = claim_labels(writing.scheme)
    texts = others = relations = 0

    def counted() -> Iterator[Annotated]:
        nonlocal texts, others, relations
        for item in articles:
            texts += 1
            others += _others(item, labels)
            relations += sum(tie.label != _SPEAKER for tie in item.relations.values())
            yield item

    losses = announced(counted(), FATES)
    own = [
        Loss("texts", texts, Fate.LEFT_OUT, _texts(texts)),
        Loss("other_labels", others, Fate.LEFT_OUT, _other_labels(others)),
        Loss("other_relations", relations, Fate.LEFT_OUT, _other_relations(relations)),
    ]
    return [*(loss for loss in own if loss.count), *losses]


def _others(item: Annotated, labels: frozenset[str]) -> int:
    """Return the number of spans that are neither claims nor the speakers of claims."""
    used = {span.id for span in item.spans.values() if span.label in labels}
    ends = (tie for tie in item.relations.values() if tie.label == _SPEAKER and tie.source in used)
    used |= {tie.target for tie in ends if tie.target is not None}
    return len(item.spans) - len(used)


def _texts(n: int) -> str:
    return tr_n(
        n,
        "the text of {n} article, except for its claims",
        "the texts of {n} articles, except for their claims",
    )


def _other_relations(n: int) -> str:
    return tr_n(
        n,
        "{n} relation that does not lead to a speaker",
        "{n} relations that do not lead to speakers",
    )


def _other_labels(n: int) -> str:
    return tr_n(
        n,
        "{n} label that is neither a claim nor a speaker",
        "{n} labels that are neither claims nor speakers",
    )
