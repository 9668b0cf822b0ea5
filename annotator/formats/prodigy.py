"""Prodigy JSONL: a line for each person's answer to one text, as ``db-out`` writes it.

Tokens are those of the chosen tokeniser, cut besides at the ends of labels, so that every label
begins and ends at one. Relations name their spans by the last token, as ``rel.manual`` does, and
repeat them in ``head_span`` and ``child_span``; ours lead from head to child. Prodigy keeps keys
that it does not know, so parts of a label in several fragments have a common ``group``, and
attributes, notes and entities stand at their span. Offsets are code points. Hashes are left to
Prodigy, which sets them where they are missing.

Answers to one text stand anywhere in a file. To bring them together as layers of one article, a
file is read twice, with a place in memory for each line but not for its contents. Labels of texts
that were rejected or ignored are no labels: those articles come in without them, and it is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from annotator.annotated import Annotated
from annotator.formats import Group, Problem, Reading, Sample, Writing, carried, json_text
from annotator.formats.jsonl import external_ids
from annotator.formats.losses import NO_REMARKS, Loss, announced
from annotator.formats.prodigy_line import KEPT, read_answers
from annotator.formats.prodigy_lines import answers_by_text
from annotator.formats.replacing import replacing
from annotator.formats.tokens import Tokens, tokeniser, tokens_of
from annotator.model import Fragment, JsonObject, Layer, Relation, Span
from annotator.translation import later

name: Final = "prodigy"
title: Final = "Prodigy JSONL"
purpose: Final = later("spans and relations for Prodigy (db-in, spans.manual, rel.manual)")
group: Final = Group.TOOLS
suffixes: Final = (".jsonl",)

FATES: Final = NO_REMARKS
_SIGNS: Final = frozenset({"_input_hash", "_task_hash", "_view_id", "_session_id", "answer"})


def recognises(sample: Sample) -> bool:
    """Tell whether the first line is a task of Prodigy's about a text."""
    line = sample.json
    if not isinstance(line, dict) or not isinstance(line.get("text"), str):
        return False
    return bool(_SIGNS & line.keys()) or _are_prodigy_tokens(line.get("tokens"))


def _are_prodigy_tokens(tokens: Any) -> bool:
    return (
        isinstance(tokens, list)
        and bool(tokens)
        and all(
            isinstance(token, dict) and {"text", "start", "end", "id"} <= token.keys()
            for token in tokens
        )
    )


def read(path: Path, reading: Reading) -> Iterator[Annotated | Problem]:
    """Yield the articles of a file in the order in which they first occur, and the problems."""
    for answers in answers_by_text(path):
        if isinstance(answers, Problem):
            yield answers
        else:
            yield from read_answers(answers, reading)


def cannot_carry(articles: Iterable[Annotated], writing: Writing) -> list[Loss]:
    """Return what is left out of these articles."""
    return announced(articles, FATES)


def write(articles: Iterable[Annotated], target: Path, writing: Writing) -> int:
    """Write a line for each layer of each article, and return the number of articles."""
    count = 0
    tokenise = tokeniser(writing.tokens)
    with replacing(target) as file:
        for item in articles:
            layers = sorted(item.layers.values(), key=lambda one: (one.author, one.kind, one.id))
            tokens = tokens_of(item.article, tokenise)
            for layer in layers or (None,):
                file.write(json_text.line(_line(item, layer, tokens)))
            count += 1
    return count


def _line(item: Annotated, layer: Layer | None, words: Tokens) -> JsonObject:
    article = item.article
    spans = [] if layer is None else item.spans_of(layer.id)
    ties = [] if layer is None else item.relations_of(layer.id)
    ids = external_ids(spans)
    tokens = _Tokens(words, spans)
    meta = {"title": article.title, "source": article.source}
    line: JsonObject = {
        "text": article.text,
        "meta": {key: value for key, value in meta.items() if value},
        "tokens": tokens.json(),
        "spans": [part for span in spans for part in _parts(span, ids[span.id], tokens)],
        "relations": [_relation(tie, item, ids, tokens) for tie in ties if tie.target is not None],
        KEPT: _kept(item, layer, ids),
        "_view_id": "relations" if ties else "spans_manual",
    }
    if layer is not None:
        who = {"_annotator_id": layer.author, "_session_id": layer.author}
        line |= {"answer": "accept", **who}
    return line


class _Tokens:
    """The tokens of a text, cut at the ends of labels too."""

    def __init__(self, words: Tokens, spans: Iterable[Span]) -> None:
        text = words.text
        fragments = [fragment for span in spans for fragment in span.fragments]
        firsts = {fragment.start for fragment in fragments}
        lasts = {fragment.end for fragment in fragments}
        cuts = sorted({0, len(text), *words.starts, *words.ends, *firsts, *lasts})
        self._tokens: list[JsonObject] = []
        for start, end in pairwise(cuts):
            if text[start:end] == " " and self._tokens and not (start in firsts or end in lasts):
                self._tokens[-1]["ws"] = True
            else:
                token = {"text": text[start:end], "start": start, "end": end}
                self._tokens.append({**token, "id": len(self._tokens), "ws": False})
        self._starting = {token["start"]: token["id"] for token in self._tokens}
        self._ending = {token["end"]: token["id"] for token in self._tokens}

    def json(self) -> list[JsonObject]:
        """Return the tokens as Prodigy has them; ``ws`` is whether one blank follows."""
        return self._tokens

    def place(self, fragment: Fragment) -> JsonObject:
        """Return where a fragment lies, in characters and in tokens; both ends are inclusive."""
        return {
            "start": fragment.start,
            "end": fragment.end,
            "token_start": self._starting[fragment.start],
            "token_end": self._ending[fragment.end],
        }


def _parts(span: Span, id_: str, tokens: _Tokens) -> Iterator[JsonObject]:
    """Yield what Prodigy calls spans: one for each fragment, the facts at the first."""
    facts = {
        "attributes": carried.ordered(span.attributes),
        "entity": span.entity_id,
        "unsure": span.unsure,
        "note": span.note,
    }
    own = {key: value for key, value in facts.items() if value}
    for number, fragment in enumerate(span.fragments):
        part = {**tokens.place(fragment), "label": span.label, "id": id_}
        if len(span.fragments) > 1:
            part = {**part, "id": f"{id_}~{number + 1}" if number else id_, "group": id_}
        yield part if number else {**part, **own}


def _relation(
    tie: Relation, item: Annotated, ids: Mapping[str, str], tokens: _Tokens
) -> JsonObject:
    ends: JsonObject = {}
    for name, key in (("head", tie.source), ("child", tie.target)):
        span = item.spans[key or ""]
        place = tokens.place(span.fragments[0])
        ends[name] = place["token_end"]
        ends[f"{name}_span"] = {**place, "label": span.label, "id": ids[span.id]}
    facts = {"attributes": carried.ordered(tie.attributes)} if tie.attributes else {}
    return {**ends, "label": tie.label, **facts}


def _kept(item: Annotated, layer: Layer | None, ids: Mapping[str, str]) -> JsonObject:
    article = item.article
    ties = [] if layer is None else item.relations_of(layer.id)
    return {
        "id": article.id,
        "title": article.title,
        "article": carried.article_facts(article),
        "layer": {} if layer is None else carried.layer_facts(layer),
        "entities": [carried.entity_facts(item.entities[key]) for key in sorted(item.entities)],
        "relations": [
            {
                "source": ids[tie.source],
                "label": tie.label,
                "entity": tie.target_entity,
                "attributes": carried.ordered(tie.attributes),
            }
            for tie in ties
            if tie.target is None
        ],
    }
