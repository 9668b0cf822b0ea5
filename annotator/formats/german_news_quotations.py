"""The German news quotation attribution dataset: Wikinews articles, one JSON file each.

F. Petersen-Frey and C. Biemann, Dataset of Quotation Attribution in German News Articles (2024),
https://github.com/uhh-lt/german-news-quotation-attribution-2024.

Each annotation has a quote, and may have a speaker, a cue, an addressee and a frame (the reporting
clause), each of them in one or several spans. A quote becomes a Claim with its ``type`` and
``medium`` as attributes; the others become spans tied to it, those on the same words only once. A
nested quote is ``nested_in`` the smallest quote around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from annotator.annotated import Annotated
from annotator.formats import Group, Problem, Reading, Sample, json_text
from annotator.formats.layer_draft import LayerDraft, layer_of, stretch
from annotator.formats.offsets import Claimed, guessed_unit
from annotator.model import (
    Article,
    Fragment,
    JsonObject,
    text_hash,
)
from annotator.spans import contains, length, normalise
from annotator.translation import later

name: Final = "german-news-quotations"
title: Final = "German news quotations (Wikinews)"
purpose: Final = later("the dataset of quotations in German news")
group: Final = Group.TRAINING
suffixes: Final = (".json",)

_ROLES: Final = {
    "speaker": ("Speaker", "attributed_to"),
    "cue": ("Cue", "cued_by"),
    "frame": ("Frame", "framed_by"),
    "addressee": ("Addressee", "addressed_to"),
}
"""Our label for what the annotations name, and the relation that ties a Claim to it."""
_FORMS: Final = {"Direct": "direct", "Indirect": "indirect"}
"""The types of quotation that our scheme has a form for; the others are kept as they are."""
_DOCUMENT: Final = re.compile(r"(\d+) - (.*) \((\d{4}-\d\d-\d\d)\)", re.DOTALL)


def recognises(sample: Sample) -> bool:
    """Tell whether the file has the keys of an article with annotations of quotations."""
    if "annotations" not in sample.keys or "text" in sample.keys:
        return False
    inside = '"hasNested"' in sample.text and '"addressee"' in sample.text
    return inside or {"originalText", "documentName"} <= sample.keys


def read(path: Path, reading: Reading) -> Iterator[Annotated | Problem]:
    """Yield the article in a file with its quotations. Raises UserError where it is not JSON."""
    data = json_text.load(path)
    text = data.get("originalText") if isinstance(data, dict) else None
    if not isinstance(text, str) or not text:
        yield Problem(0, "originalText", "There is no text.")
        return
    article = Article(text=text, sha256=text_hash(text), **_facts(data, path))
    result = Annotated(article)
    annotations = data.get("annotations")
    if not isinstance(annotations, list):
        yield Problem(0, "annotations", "There is no list of annotations.")
    else:
        draft = LayerDraft(result, layer_of(article, reading), reading)
        _Annotations(draft).read(annotations)
        yield from draft.problems
    yield result


def _facts(data: Mapping[str, Any], path: Path) -> JsonObject:
    said = data.get("documentName")
    document = said if isinstance(said, str) and said else path.stem
    match = _DOCUMENT.fullmatch(document)
    return {
        "id": document,
        "title": match[2] if match else document,
        "published": match[3] if match else None,
        "source": "Wikinews",
        "language": "de",
        "metadata": {"wikinews": match[1]} if match else {},
    }


class _Annotations:
    """Reads the annotations of one article."""

    def __init__(self, draft: LayerDraft) -> None:
        self._draft = draft

    def read(self, annotations: list[Any]) -> None:
        """Read all annotations, once it is known what their offsets count."""
        if self._draft.unit == "auto":
            self._draft.unit = guessed_unit(self._draft.ruler, _claims(annotations))
        nested: list[str] = []
        outer: list[str] = []
        for number, said in enumerate(annotations):
            place = f"annotations[{number}]"
            if not isinstance(said, dict):
                self._draft.report(place, "It is not an annotation.")
                continue
            claim = self._read_one(place, number, said)
            if claim is not None and said.get("isNested") is True:
                nested.append(claim)
            if claim is not None and said.get("hasNested") is True:
                outer.append(claim)
        for inner in nested:
            self._nest(inner, outer)

    def _read_one(self, place: str, number: int, said: Mapping[str, Any]) -> str | None:
        own = said.get("id", number)
        fragments = self._fragments(f"{place}.quote", said.get("quote"))
        ends = {
            role: found
            for role in _ROLES
            if (found := self._fragments(f"{place}.{role}", said.get(role)))
        }
        if not fragments:
            self._draft.report(
                f"{place}.quote", "It has no words that could be read; it was left out."
            )
            return None
        id_ = f"Q{own}" if f"Q{own}" not in self._draft.item.spans else f"Q{own} ({number})"
        claim = self._draft.span(id_, "Claim", fragments, attributes=_attributes(said))
        for role, found in ends.items():
            label, relation = _ROLES[role]
            places = ",".join(f"{start}-{end}" for start, end in found)
            end = self._draft.span(f"{label} {places}", label, found)
            self._draft.tie(claim, relation, end)
        return claim

    def _fragments(self, place: str, said: Any) -> tuple[Fragment, ...]:
        """Return the fragments of one role; none where one of them is wrong, which is reported."""
        spans = said.get("spans", []) if isinstance(said, dict) else said or []
        if not isinstance(spans, list):
            self._draft.report(place, "It is not a list of spans.")
            return ()
        found: list[Fragment] = []
        for number, span in enumerate(spans):
            where = f"{place}.spans[{number}]"
            words = said.get("text") if isinstance(said, dict) and len(spans) == 1 else None
            one = self._draft.located(where, _claimed(span, words))
            if one is None:
                return ()
            found.append(one)
        whole = normalise(found)
        said_words = said.get("text") if isinstance(said, dict) else None
        if len(spans) > 1 and isinstance(said_words, str):
            there = " ".join(self._draft.item.article.text[start:end] for start, end in found)
            if " ".join(there.split()) != " ".join(said_words.split()):
                self._draft.report(place, f"Its spans cover {there!r}, not {said_words!r}.")
                return ()
        return whole

    def _nest(self, inner: str, outer: list[str]) -> None:
        mine = self._draft.item.spans[inner].fragments
        around = [
            (length(theirs), key)
            for key in outer
            if key != inner and contains(theirs := self._draft.item.spans[key].fragments, mine)
        ]
        if around:
            self._draft.tie(inner, "nested_in", min(around)[1])


def _attributes(said: Mapping[str, Any]) -> JsonObject:
    result: JsonObject = {}
    type_, medium = said.get("type"), said.get("medium")
    if isinstance(type_, str) and type_ in _FORMS:
        result["form"] = _FORMS[type_]
    if isinstance(type_, str) and type_:
        result["type"] = type_
    if isinstance(medium, str) and medium not in ("", "none"):
        result["medium"] = medium
    return result


def _claims(annotations: list[Any]) -> Iterator[Claimed]:
    for said in annotations:
        parts = [said.get(role) for role in ("quote", *_ROLES)] if isinstance(said, dict) else []
        for part in parts:
            if isinstance(part, dict) and isinstance(spans := part.get("spans"), list):
                words = part.get("text") if len(spans) == 1 else None
                yield from filter(None, (_claimed(span, words) for span in spans))


def _claimed(span: Any, words: Any) -> Claimed | None:
    return stretch(span, "charBegin", "charEnd", words)
