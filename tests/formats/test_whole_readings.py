"""TEI, web annotations and QDPX: the formats of other programs that hold nearly everything."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.annotated import Annotated
from annotator.formats import qdpx, tei, w3c
from annotator.formats.losses import without
from annotator.formats.xml_alphabet import NOT_XML, legible
from tests.formats.articles import any_article, small
from tests.formats.round_trip import (
    WRITING,
    assert_comes_back,
    assert_is_recognised,
    marked_articles,
    said,
    written_and_read,
)

FORMS = pytest.mark.parametrize("form", [tei, w3c, qdpx], ids=["tei", "w3c", "qdpx"])

several = st.lists(
    marked_articles(), min_size=1, max_size=3, unique_by=lambda item: item.article.id
)


def target(form: ModuleType, folder: Path) -> Path:
    """Return where an export goes: to a folder, or to a file with the suffix of the format."""
    return folder / ("out" if form in (tei, w3c) else f"out{form.suffixes[0]}")


def is_legible(item: Annotated) -> bool:
    """Say whether the text of an article has words, and none of them outside of XML."""
    return bool(item.article.text.strip()) and NOT_XML.search(item.article.text) is None


@FORMS
@given(items=several)
@settings(deadline=None)
def test_articles_come_back_without_what_was_announced(
    form: ModuleType, items: list[Annotated], tmp_path_factory: pytest.TempPathFactory
) -> None:
    in_order = sorted(items, key=lambda item: f"{item.article.id}.")
    assert_comes_back(form, in_order, target(form, tmp_path_factory.mktemp("whole")))


@FORMS
@given(item=any_article().filter(is_legible))
@settings(deadline=None)
def test_names_and_texts_of_any_kind_come_back(
    form: ModuleType, item: Annotated, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for key, entity in item.entities.items():
        if entity.longitude is not None:  # -2 is read as -2.0
            item.entities[key] = replace(entity, longitude=float(entity.longitude))
    (back,) = written_and_read(form, [item], target(form, tmp_path_factory.mktemp("whole")))
    stays = without(item, form.FATES)
    assert said(back) == said(stays if form is w3c else legible(stays))


@pytest.mark.parametrize("form", [tei, w3c], ids=["tei", "w3c"])
@pytest.mark.parametrize("id_", ["s9", "1/ä b#"])
def test_ids_come_back(form: ModuleType, id_: str, tmp_path: Path) -> None:
    item = small()
    item.spans[id_] = replace(item.spans.pop("s3"), id=id_)
    (back,) = written_and_read(form, [item], target(form, tmp_path))
    assert set(back.spans) == set(item.spans)
    assert set(back.relations) == set(item.relations)
    assert set(back.entities) == set(item.entities)
    assert set(back.layers) == set(item.layers)
    assert back.article.id == item.article.id


@FORMS
def test_what_is_written_is_recognised_by_its_content(form: ModuleType, tmp_path: Path) -> None:
    place = target(form, tmp_path)
    form.write([small()], place, WRITING)
    file = place / f"ferry-1{form.suffixes[0]}" if place.is_dir() else place
    assert_is_recognised(form, file)
