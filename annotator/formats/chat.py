"""Chat JSONL: conversations that a language model is tuned on, with the labels as the answer.

A line for each reading of an article, ``{"messages": [system, user, assistant]}``, each message
with ``role`` and ``content``: the conversational form that OpenAI's tuning takes, that trl's
``SFTTrainer`` reads as it is, and axolotl as ``type: chat_template``. The system message explains
the scheme, the user's is the article, the assistant's is JSON::

    {"labels": [{"id": 1, "label": "Claim", "text": "the quay is safe", "attributes": {…}},
                {"id": 2, "label": "Claim", "text": ["taxes", "rose"], "nth": [1, 2]}],
     "relations": [{"label": "attributed_to", "from": 1, "to": 2}]}

Models cannot count characters, so labels are words: ``text`` is what is covered, a list where there
are several fragments; ``nth`` says which occurrence is meant where the words stand there more than
once. Articles that nobody has read are not written: they would teach that there is nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from annotator.annotated import Annotated
from annotator.formats import Group, Writing, carried, json_text
from annotator.formats.losses import Fate, Loss, announced
from annotator.formats.replacing import replacing
from annotator.model import Fragment, JsonObject, Layer, Relation, Span
from annotator.scheme import Attribute, Scheme
from annotator.translation import later, tr_n

name: Final = "chat"
title: Final = "Chat JSONL"
purpose: Final = later("conversations for tuning a language model (trl, axolotl, OpenAI)")
group: Final = Group.TRAINING
suffixes: Final = (".jsonl",)
several_layers: Final = False

FATES: Final[Mapping[str, Fate]] = dict.fromkeys(
    (
        *("titles", "facts", "zones", "authors", "layer_facts"),
        *("entity_facts", "idle_entities", "unsure", "notes", "relation_attributes"),
        *("verdicts", "comments", "extra"),
    ),
    Fate.LEFT_OUT,
)

_SHAPE: Final = (
    'Answer in JSON: {"labels": [{"id": 1, "label": …, "text": …, "attributes": {…}}], '
    '"relations": [{"label": …, "from": 1, "to": 2}]}. '
    '"text" repeats the words exactly, as a list where there are several pieces; "nth" says '
    'which occurrence is meant where the words stand there more than once; "entity" names the '
    'real thing, and "to_entity" the one where a relation ends without words.'
)


def cannot_carry(articles: Iterable[Annotated], writing: Writing) -> list[Loss]:
    """Return what is left out of these articles."""
    unread = 0

    def counting() -> Iterator[Annotated]:
        nonlocal unread
        for item in articles:
            unread += not item.layers
            yield item

    losses = announced(counting(), FATES)
    if unread:
        sentence = tr_n(
            unread, "{n} article that nobody has labelled", "{n} articles that nobody has labelled"
        )
        losses.append(Loss("unlabelled", unread, Fate.LEFT_OUT, sentence))
    return losses


def write(articles: Iterable[Annotated], target: Path, writing: Writing) -> int:
    """Write a conversation for each layer of each article, and return their number."""
    count = 0
    system = instruction(writing.scheme)
    with replacing(target) as file:
        for item in articles:
            for layer in sorted(item.layers.values(), key=lambda one: (one.author, one.id)):
                answer = json.dumps(_answer(item, layer), ensure_ascii=False, allow_nan=False)
                turns = (("system", system), ("user", item.article.text), ("assistant", answer))
                messages = [{"role": role, "content": content} for role, content in turns]
                file.write(json_text.line({"messages": messages}))
                count += 1
    return count


def instruction(scheme: Scheme) -> str:
    """Return what the model is told to do: the labels, their attributes and relations."""
    lines = ["Mark these labels in the article:"]
    for label in scheme.active_labels:
        lines.append(_named(label.name, label.definition))
        lines += [f"  {_described(item)}" for item in scheme.attributes_of(label)]
    if scheme.relations:
        lines += ["", "Tie them by these relations:"]
    for relation in scheme.relations:
        ends = " or ".join((*relation.targets, *filter(None, [relation.target_entity])))
        lines.append(_named(f"{relation.name} ({relation.source} to {ends})", relation.definition))
    return "\n".join([*lines, "", _SHAPE])


def _named(name: str, definition: str) -> str:
    return f"- {name}: {definition}" if definition else f"- {name}"


def _described(attribute: Attribute) -> str:
    values = ("true", "false") if attribute.kind == "boolean" else attribute.values
    return f"{_named(attribute.name, attribute.definition)} ({', '.join(values) or 'free text'})"


def _answer(item: Annotated, layer: Layer) -> JsonObject:
    spans = item.spans_of(layer.id)
    numbers = {span.id: number for number, span in enumerate(spans, 1)}
    return {
        "labels": [_label(item, span, numbers[span.id]) for span in spans],
        "relations": [_relation(item, tie, numbers) for tie in item.relations_of(layer.id)],
    }


def _label(item: Annotated, span: Span, number: int) -> JsonObject:
    one = len(span.fragments) == 1
    result: JsonObject = {"id": number, "label": span.label}
    result["text"] = span.text[0] if one else list(span.text)
    nth = [occurrence(item.article.text, fragment) for fragment in span.fragments]
    if any(nth):
        which = [place or 1 for place in nth]
        result["nth"] = which[0] if one else which
    if span.attributes:
        result["attributes"] = carried.ordered(span.attributes)
    if span.entity_id is not None:
        result["entity"] = item.entities[span.entity_id].name
    return result


def _relation(item: Annotated, tie: Relation, numbers: Mapping[str, int]) -> JsonObject:
    end: dict[str, Any] = (
        {"to": numbers[tie.target]}
        if tie.target is not None
        else {"to_entity": item.entities[tie.target_entity or ""].name}
    )
    return {"label": tie.label, "from": numbers[tie.source], **end}


def occurrence(text: str, fragment: Fragment) -> int:
    """Return which occurrence of its words *fragment* is, from 1; 0 where it is the only one."""
    words = text[fragment.start : fragment.end]
    before = 0
    at = text.find(words)
    while at < fragment.start:
        before += 1
        at = text.find(words, at + 1)
    only = before == 0 and text.find(words, fragment.start + 1) < 0
    return 0 if only else before + 1
