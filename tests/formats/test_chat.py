"""Chat JSONL: conversations for tuning a language model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import given

from annotator.annotated import Annotated
from annotator.formats import chat
from annotator.formats.losses import announced
from annotator.model import Fragment
from tests.formats.articles import small
from tests.formats.foreign import DATA
from tests.formats.round_trip import WRITING, marked_articles, with_id


def written(folder: Path, *items: Annotated) -> list[Any]:
    chat.write(items, folder / "chat.jsonl", WRITING)
    return [json.loads(line) for line in (folder / "chat.jsonl").read_bytes().splitlines()]


def test_a_small_article_is_written_as_the_golden_file_says(tmp_path: Path) -> None:
    chat.write([small()], tmp_path / "chat.jsonl", WRITING)
    golden = DATA / "chat" / "written.jsonl"
    assert (tmp_path / "chat.jsonl").read_text("utf-8") == golden.read_text("utf-8")


def test_a_line_is_a_conversation_of_system_user_and_assistant(tmp_path: Path) -> None:
    (line,) = written(tmp_path, small())
    assert list(line) == ["messages"]
    assert [turn["role"] for turn in line["messages"]] == ["system", "user", "assistant"]
    assert line["messages"][1]["content"] == small().article.text
    assert all(f"- {label.name}" in line["messages"][0]["content"] for label in
               WRITING.scheme.active_labels)  # fmt: skip


def found(text: str, words: str, nth: int) -> Fragment:
    at = -1
    for _ in range(nth):
        at = text.index(words, at + 1)
    return Fragment(at, at + len(words))


@given(marked_articles(layers=1))
def test_the_answer_leads_back_to_the_very_words_that_were_marked(item: Annotated) -> None:
    (layer,) = item.layers.values()
    text = item.article.text
    for span in item.spans_of(layer.id):
        for fragment, words in zip(span.fragments, span.text, strict=True):
            nth = chat.occurrence(text, fragment)
            assert found(text, words, nth or 1) == fragment
            if nth == 0:
                assert text.find(words, fragment.start + 1) < 0


def test_words_that_stand_there_twice_are_counted(tmp_path: Path) -> None:
    item = small()
    text = "Oslo and Oslo."
    item.article = type(item.article)(id="x", title="", text=text, sha256="")
    span = item.spans["s3"]
    values = {key: getattr(span, key) for key in span.__slots__}
    item.spans = {"s3": type(span)(**{**values, "fragments": (Fragment(9, 13),)})}
    item.relations = {}
    (line,) = written(tmp_path, item)
    (label,) = json.loads(line["messages"][2]["content"])["labels"]
    assert (label["text"], label["nth"], label["entity"]) == ("Oslo", 2, "Oslo")


def test_an_article_that_nobody_has_read_is_left_out_and_told(tmp_path: Path) -> None:
    bare = Annotated(with_id(small(), "bare").article)
    items = [small(), bare]
    assert len(written(tmp_path, *items)) == 1
    losses = chat.cannot_carry(iter(items), WRITING)
    assert losses[:-1] == announced(iter(items), chat.FATES)
    assert losses[-1].sentence == "1 article that nobody has labelled"
