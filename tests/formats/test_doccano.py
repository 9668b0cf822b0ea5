"""doccano JSONL: what it holds comes back, in our files and in those that doccano wrote."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings

from annotator.annotated import Annotated
from annotator.formats import doccano
from tests.formats.round_trip import (
    assert_comes_back,
    marked_articles,
    one_layer,
)


@given(marked_articles().map(one_layer))
@settings(deadline=None, max_examples=100)
def test_what_was_written_comes_back(item: Annotated) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert_comes_back(doccano, [item], Path(folder, "all.jsonl"))
