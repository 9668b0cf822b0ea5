"""QDPX: what is written comes back, and the projects of other programs come in."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.formats import Reading, qdpx
from annotator.model import LayerKind, text_hash
from tests.formats.articles import small
from tests.formats.foreign import DATA, labels, taken, ties
from tests.formats.round_trip import (
    WRITING,
    written_and_read,
)

HAFEN = DATA / "qdpx" / "hafen.qde"
TEXT = "🚢 „Der Kai bleibt“, sagte Eva Lund.\r\nIn Skagen wartet man."
SOURCE = "sources/44444444-0000-0000-0000-000000000001.txt"
NAMESPACES = {"q": "urn:QDA-XML:project:1.0"}


def project(folder: Path, document: str | bytes, members: Mapping[str, bytes]) -> Path:
    """Write a project file with this document and these members."""
    path = folder / "in.qdpx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", document)
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def hafen(folder: Path, text: str = TEXT, **changes: str) -> Path:
    """Write the project of another program, with changes to its document."""
    document = HAFEN.read_text("utf-8")
    for old, new in changes.items():
        assert old in document
        document = document.replace(old, new)
    return project(folder, document, {SOURCE: text.encode("utf-8")})


def one(path: Path, reading: Reading | None = None) -> tuple[Annotated, list[str]]:
    (item,), problems = taken(qdpx, path, reading)
    return item, problems


def written(folder: Path, *items: Annotated) -> tuple[etree._Element, dict[str, bytes]]:
    """Return the document of the project that articles become, and the members beside it."""
    qdpx.write(iter(items), folder / "out.qdpx", WRITING)
    with zipfile.ZipFile(folder / "out.qdpx") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    return etree.fromstring(members.pop("project.qde")), members


# ------------------------------------------------------------------------------- there and back


def test_a_small_article_is_written_as_the_golden_file_says(tmp_path: Path) -> None:
    _, members = written(tmp_path, small())
    with zipfile.ZipFile(tmp_path / "out.qdpx") as archive:
        document = archive.read("project.qde").decode("utf-8")
    assert document == (DATA / "qdpx" / "ferry-1.qde").read_text("utf-8")
    assert list(members.values()) == [small().article.text.encode("utf-8")]


def test_the_same_articles_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.qdpx", "b.qdpx"):
        qdpx.write([small()], tmp_path / name, WRITING)
    assert (tmp_path / "a.qdpx").read_bytes() == (tmp_path / "b.qdpx").read_bytes()


def test_ids_that_are_such_as_a_project_gives_come_back(tmp_path: Path) -> None:
    id_ = "0199e0a1-5b6c-7d00-8aaa-000000000001"
    item = small()
    item.spans[id_] = replace(item.spans.pop("s3"), id=id_)
    (back,) = written_and_read(qdpx, [item], tmp_path / "out.qdpx")
    assert id_ in back.spans
    assert back.article.id == "ferry-1"


def test_codes_have_the_colours_of_the_scheme_and_values_beneath_them(tmp_path: Path) -> None:
    root, _ = written(tmp_path, small())
    codes = root.iterfind("q:CodeBook/q:Codes/q:Code", NAMESPACES)
    found = {str(code.get("name")): code for code in codes}
    assert set(found) == {"Claim", "Location", "Speaker", "(unsure)"}
    assert found["Claim"].get("color") == "#B0189E"
    (value,) = found["Claim"].iterfind("q:Code", NAMESPACES)
    assert value.get("name") == "Claim: form = direct"


def test_what_the_standard_has_no_room_for_is_announced() -> None:
    found = {loss.feature: loss.count for loss in qdpx.cannot_carry([small()], WRITING)}
    assert found == {"zones": 2, "layer_facts": 1}


# -------------------------------------------------------------------------------- other programs


def test_a_project_in_german_comes_in_with_a_layer_for_each_user(tmp_path: Path) -> None:
    item, problems = one(hafen(tmp_path))
    assert item.article.text == TEXT
    assert sorted(layer.author for layer in item.layers.values()) == ["Grete Öl", "noor"]
    found = [label for layer in item.layers.values() for label in labels(item, layer)]
    assert sorted(found) == [
        ("Behauptung", ("Der Kai bleibt",)),
        ("Ort", ("Skagen",)),
        ("Sprecherin", ("Eva Lund",)),
    ]
    assert ties(item) == [("Der Kai bleibt", "sagt", "Eva Lund")]
    (claim,) = [span for span in item.spans.values() if span.label == "Behauptung"]
    assert claim.note == "Wirklich?\nSiehe Protokoll."
    assert item.article.metadata == {"Zeitung": "Küstenbote"}
    (place,) = [span for span in item.spans.values() if span.label == "Ort"]
    assert item.entities[place.entity_id or ""].name == "Skagen (Dänemark)"
    assert problems == ["line 47, Hafen.png: It is not a text, and is left out."]


def test_reading_twice_gives_the_same_ids(tmp_path: Path) -> None:
    path = hafen(tmp_path)
    assert one(path) == one(path)


def test_positions_that_count_utf_16_units_or_line_ends_once_are_understood(
    tmp_path: Path,
) -> None:
    moved = {f'Position="{at}"': f'Position="{at + 1}"' for at in (3, 17, 26, 34, 40, 46)}
    item, _ = one(hafen(tmp_path, **moved))
    assert ("Ort", ("Skagen",)) in labels(item)
    text = "„Der Kai bleibt“, sagte Eva Lund.\r\nIn Skagen."
    places = {3: 1, 17: 15, 26: 24, 34: 32, 40: 37, 46: 43}
    moved = {f'Position="{old}"': f'Position="{new}"' for old, new in places.items()}
    item, _ = one(hafen(tmp_path, text, **moved))
    assert ("Ort", ("Skagen",)) in labels(item)
    assert "\r" not in item.article.text


def test_selections_of_users_that_are_not_listed_belong_to_whom_the_import_names(
    tmp_path: Path,
) -> None:
    path = hafen(tmp_path, creatingUser="unknown")
    (layer,) = one(path, Reading(author="ada"))[0].layers.values()
    assert (layer.author, layer.kind) == ("ada", LayerKind.PERSON)
    (layer,) = one(path)[0].layers.values()
    assert layer.kind == LayerKind.IMPORT


# ---------------------------------------------------------------------------------- hostile files


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('startPosition="3"', 'startPosition="-3"', "-3-17 is not a stretch of the text"),
        ('endPosition="17"', 'endPosition="99999"', "3-99999 is not a stretch of the text"),
        ('endPosition="17"', 'endPosition="x"', "Its positions are not whole numbers."),
        (
            'CodeRef targetGUID="22222222-0000-0000-0000-000000000001"',
            'CodeRef targetGUID="22222222-0000-0000-0000-999999999999"',
            "A code of it is in no code book.",
        ),
    ],
)
def test_a_selection_that_cannot_be_taken_is_told_and_so_is_its_link(
    old: str, new: str, reason: str, tmp_path: Path
) -> None:
    item, problems = one(hafen(tmp_path, **{old: new}))
    assert len(item.spans) == 2
    assert any(reason in problem for problem in problems)
    assert any("Link sagt" in problem for problem in problems)


def test_a_text_that_is_missing_or_elsewhere_is_told(tmp_path: Path) -> None:
    document = HAFEN.read_text("utf-8")
    items, problems = taken(qdpx, project(tmp_path, document, {}))
    assert items == []
    assert "is not in the project file" in problems[0]
    elsewhere = document.replace("internal://4444", "absolute:///etc/4444")
    items, problems = taken(qdpx, project(tmp_path, elsewhere, {}))
    assert items == []
    assert "outside of the project file" in problems[0]


@pytest.mark.hostile(10)
@pytest.mark.parametrize("name", ["../../.bashrc", "/etc/passwd", "sources/CON.txt", "a.zip"])
def test_an_archive_with_names_that_lead_out_is_refused(name: str, tmp_path: Path) -> None:
    path = project(tmp_path, HAFEN.read_text("utf-8"), {name: b"x"})
    with pytest.raises(UserError, match="is not opened"):
        taken(qdpx, path)


@pytest.mark.hostile(11)
def test_an_archive_that_would_become_very_large_is_refused(tmp_path: Path) -> None:
    path = project(tmp_path, HAFEN.read_text("utf-8"), {SOURCE: b"a" * 40_000_000})
    with pytest.raises(UserError, match="would become"):
        taken(qdpx, path)


@pytest.mark.hostile(8)
def test_a_document_with_entities_is_refused(tmp_path: Path) -> None:
    document = '<!DOCTYPE Project [<!ENTITY x SYSTEM "file:///etc/passwd">]><Project>&x;</Project>'
    with pytest.raises(UserError, match="defines entities"):
        taken(qdpx, project(tmp_path, document, {}))


def test_an_archive_without_a_project_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "in.qdpx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "nothing")
    with pytest.raises(UserError, match=r"has no project\.qde"):
        taken(qdpx, path)


def test_line_ends_and_odd_characters_of_the_text_are_kept(tmp_path: Path) -> None:
    item = small()
    text = f"{item.article.text}\r\n\x07\ufeffEnde"
    item.article = replace(item.article, text=text, sha256=text_hash(text))
    losses: list[Any] = [loss.feature for loss in qdpx.cannot_carry([item], WRITING)]
    assert "characters" not in losses
    (back,) = written_and_read(qdpx, [item], tmp_path / "out.qdpx")
    assert back.article.text == text
