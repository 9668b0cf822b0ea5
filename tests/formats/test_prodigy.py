"""Prodigy JSONL: answers of several people to one text are layers of one article."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.annotated import Annotated
from annotator.formats import prodigy
from tests.formats.round_trip import assert_comes_back, marked_articles


@given(st.lists(marked_articles(), max_size=3, unique_by=lambda one: one.article.id))
@settings(deadline=None, max_examples=60)
def test_what_was_written_comes_back(items: list[Annotated]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert_comes_back(prodigy, items, Path(folder, "answers.jsonl"))
