"""UIMA CAS as XMI and JSON: what is written comes back, and any type system comes in."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import cassis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator import schemes
from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.formats import Problem, Reading, Writing, uima, uima_files, uima_json, uima_xmi
from annotator.formats.file_names import FileNames, file_name, id_of
from annotator.formats.losses import without
from annotator.formats.uima_reading import MOST_PROBLEMS
from annotator.formats.xml_alphabet import legible
from annotator.model import Span
from tests.formats.articles import any_article, small
from tests.formats.round_trip import (
    WRITING,
    assert_comes_back,
    assert_is_recognised,
    marked_articles,
    said,
    written_and_read,
)

DATA = Path(__file__).parent / "data"
HARBOUR = DATA / "uima-xmi" / "harbour.xmi"
FORMS = pytest.mark.parametrize("form", [uima_xmi, uima_json], ids=["xmi", "json"])


def by_id(items: list[Annotated]) -> list[Annotated]:
    """Return *items* in the order of the names of their files."""
    return sorted(items, key=lambda item: f"{item.article.id}.")


several = st.lists(
    marked_articles(), min_size=1, max_size=3, unique_by=lambda item: item.article.id
)


def read(form: ModuleType, path: Path, **how: Any) -> list[Annotated | Problem]:
    return list(form.read(path, Reading(**how)))


def one(form: ModuleType, path: Path, **how: Any) -> tuple[Annotated, list[str]]:
    """Return the only article of a file, and its problems in words."""
    found = read(form, path, **how)
    (article,) = (item for item in found if isinstance(item, Annotated))
    return article, [str(item) for item in found if isinstance(item, Problem)]


def marks(item: Annotated) -> list[tuple[str, str]]:
    return [(span.label, " … ".join(span.text)) for span in by_place(item)]


def by_place(item: Annotated) -> list[Span]:
    return [span for layer in item.layers for span in item.spans_of(layer)]


def ties(item: Annotated) -> list[tuple[str, str, str]]:
    return sorted(
        (tie.label, item.spans[tie.source].text[0], item.spans[tie.target].text[0])
        for tie in item.relations.values()
        if tie.target is not None
    )


def xmi(path: Path, *structures: str, text: str = "The quay stays.") -> Path:
    """Write an XMI file with *structures* on lines of their own from line 5 on."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore"',
        '  xmlns:c="http:///webanno/custom.ecore" xmi:version="2.0">',
        f'<cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" sofaString="{text}"/>',
        *structures,
        "</xmi:XMI>",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def mark(id_: int, begin: object, end: object, more: str = "") -> str:
    return f'<c:Mark xmi:id="{id_}" sofa="1" begin="{begin}" end="{end}" {more}/>'


# ------------------------------------------------------------------------------- there and back


@FORMS
@given(items=several)
def test_articles_come_back_without_what_was_announced(
    form: ModuleType, items: list[Annotated], tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert_comes_back(form, by_id(items), tmp_path_factory.mktemp("uima") / "out")


@FORMS
@given(item=any_article().filter(lambda item: bool(item.article.text)))
def test_names_and_texts_of_any_kind_come_back(
    form: ModuleType, item: Annotated, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for key, entity in item.entities.items():
        if entity.longitude is not None:
            item.entities[key] = replace(entity, longitude=float(entity.longitude))
    (back,) = written_and_read(form, [item], tmp_path_factory.mktemp("uima") / "out")
    expected = without(item, form.FATES)
    assert said(back) == said(legible(expected) if form is uima_xmi else expected)


def test_characters_that_xml_has_not_are_counted_and_shown_as_gaps(tmp_path: Path) -> None:
    item = small()
    item.spans["s3"] = replace(item.spans["s3"], note="bell\x07 and \ufffe")
    losses = uima_xmi.cannot_carry([item], WRITING)
    assert [(loss.feature, loss.count) for loss in losses] == [("characters", 2)]
    (back,) = written_and_read(uima_xmi, [item], tmp_path / "out")
    assert [span.note for span in by_place(back) if span.note] == ["bell\ufffd and \ufffd"]
    assert uima_json.cannot_carry([item], WRITING) == []


@FORMS
def test_a_small_article_is_written_as_ever(form: ModuleType, tmp_path: Path) -> None:
    form.write([small()], tmp_path / "out", Writing(scheme=schemes.load("blank")))
    expected = [*(DATA / form.name).glob("ferry-1.*"), DATA / "uima-xmi" / "TypeSystem.xml"]
    for path in expected:
        assert (tmp_path / "out" / path.name).read_bytes() == path.read_bytes(), path


@FORMS
def test_what_is_written_is_recognised_by_its_content(form: ModuleType, tmp_path: Path) -> None:
    form.write([small()], tmp_path / "out", WRITING)
    assert_is_recognised(form, tmp_path / "out" / f"ferry-1{form.suffixes[0]}")


def test_the_type_system_beside_a_file_belongs_to_it(tmp_path: Path) -> None:
    uima_xmi.write([small()], tmp_path / "out", WRITING)
    path = tmp_path / "out" / "ferry-1.xmi"
    assert list(uima_xmi.companions(path)) == [tmp_path / "out" / "TypeSystem.xml"]


def test_without_the_type_system_the_labels_still_come_in(tmp_path: Path) -> None:
    uima_xmi.write([small()], tmp_path / "out", WRITING)
    (tmp_path / "out" / "TypeSystem.xml").unlink()
    back, problems = one(uima_xmi, tmp_path / "out" / "ferry-1.xmi", scheme=WRITING.scheme)
    assert problems == []
    assert marks(back) == marks(small())
    assert ties(back) == ties(small())


@FORMS
def test_a_label_that_is_no_name_of_a_type_is_a_basic_span(
    form: ModuleType, tmp_path: Path
) -> None:
    item = small()
    item.spans["s3"] = replace(item.spans["s3"], label="Named place, old")
    (back,) = written_and_read(form, [item], tmp_path / "out")
    assert marks(back) == marks(item)
    written = (tmp_path / "out" / f"ferry-1{form.suffixes[0]}").read_text(encoding="utf-8")
    assert ("<custom:Span " if form is uima_xmi else '"custom.Span"') in written


@FORMS
def test_reading_twice_gives_the_same_ids(form: ModuleType, tmp_path: Path) -> None:
    form.write([small()], tmp_path / "out", WRITING)
    assert read(form, tmp_path / "out") == read(form, tmp_path / "out")


# ------------------------------------------------------------------------------------- the peer


def loaded(form: ModuleType, folder: Path) -> Any:
    """Return what dkpro-cassis makes of the export of the small article."""
    form.write([small()], folder, WRITING)
    data = (folder / f"ferry-1{form.suffixes[0]}").read_bytes()
    if form is uima_json:
        return cassis.load_cas_from_json(io.BytesIO(data))
    types = cassis.load_typesystem(io.BytesIO((folder / "TypeSystem.xml").read_bytes()))
    return cassis.load_cas_from_xmi(io.BytesIO(data), typesystem=types)


@FORMS
def test_cassis_finds_the_same_words(form: ModuleType, tmp_path: Path) -> None:
    cas = loaded(form, tmp_path / "out")
    found = {
        (span.label, cas.select(f"webanno.custom.{span.label}")[0].get_covered_text())
        for span in small().spans.values()
    }
    assert found == {("Claim", "The quay"), ("Speaker", "Marta Ilves"), ("Location", "Oslo")}
    (claim,) = cas.select("webanno.custom.Claim")
    assert [part.target.get_covered_text() for part in claim.fragments.elements] == [
        "will not move"
    ]
    (link,) = claim.attributedTo.elements
    assert (link.role, link.target.get_covered_text()) == ("attributed_to", "Marta Ilves")
    ship = [one for one in cas.select(uima.TOKEN) if one.get_covered_text() == "🚢"]
    assert len(ship) == 1


@FORMS
def test_what_cassis_writes_again_comes_back_the_same(form: ModuleType, tmp_path: Path) -> None:
    cas = loaded(form, tmp_path / "out")
    again = tmp_path / "out" / f"again{form.suffixes[0]}"
    text = cas.to_json() if form is uima_json else cas.to_xmi()
    again.write_text(text, encoding="utf-8", newline="")
    back, problems = one(form, again)
    assert problems == []
    assert said(back) == said(small())


# ------------------------------------------------------------------------------ files from others


def test_labels_of_any_type_system_come_in() -> None:
    article, problems = one(uima_xmi, HARBOUR)
    assert problems == []
    assert (article.article.id, article.article.title) == ("harbour.txt", "Harbour")
    assert article.article.url is None
    assert sorted(marks(article)) == [
        ("Cue", "said"),
        ("Frame", "said"),
        ("Mention", "Ana Ilves"),
        ("Mention", "she"),
        ("NamedEntity", "Ana Ilves"),
        ("NamedEntity", "Oslo"),
        ("Token", "Ana"),
        ("Token", "Ilves"),
    ]
    assert article.spans["10"].attributes == {"value": "PER", "identifier": "urn:ana"}
    assert article.spans["14"].attributes == {"sense": "say.01"}


def test_arcs_links_and_chains_become_relations() -> None:
    article, _ = one(uima_xmi, HARBOUR)
    assert ties(article) == [
        ("Order", "Ana", "Ilves"),
        ("Part", "Ana Ilves", "Oslo"),
        ("roles", "said", "Oslo"),
        ("same", "Ana Ilves", "she"),
        ("sayer", "said", "Ana Ilves"),
    ]
    assert article.relations["12"].attributes == {"kind": "in"}


def test_the_folder_of_a_document_tells_who_annotated_it(tmp_path: Path) -> None:
    folder = tmp_path / "harbour.txt"
    folder.mkdir()
    path = folder / "ada.xmi"
    path.write_bytes(HARBOUR.read_bytes())
    article, _ = one(uima_xmi, path)
    assert [(layer.author, layer.kind) for layer in article.layers.values()] == [("ada", "person")]


def test_labels_are_those_of_the_person_who_is_named(tmp_path: Path) -> None:
    path = xmi(tmp_path / "a.xmi", mark(2, 0, 3))
    found = [one(uima_xmi, path, author=author)[0].layers for author in ("", "bo")]
    kinds = [[(layer.author, layer.kind) for layer in layers.values()] for layers in found]
    assert kinds == [[("", "import")], [("bo", "person")]]


def test_each_text_of_a_file_is_an_article(tmp_path: Path) -> None:
    path = xmi(
        tmp_path / "a.xmi",
        '<cas:Sofa xmi:id="9" sofaNum="2" sofaID="German" sofaString="Die Mole bleibt."/>',
        mark(2, 0, 3),
        mark(3, 4, 8).replace('sofa="1"', 'sofa="9"'),
    )
    found = [item for item in read(uima_xmi, path) if isinstance(item, Annotated)]
    assert [(item.article.id, marks(item)) for item in found] == [
        ("a#_InitialView", [("Mark", "The")]),
        ("a#German", [("Mark", "Mole")]),
    ]


def test_offsets_in_code_points_are_found_out_by_where_the_document_ends(tmp_path: Path) -> None:
    whole = '<t:DocumentAnnotation xmlns:t="http:///uima/tcas.ecore" xmi:id="5" sofa="1" '
    path = xmi(tmp_path / "a.xmi", f'{whole}begin="0" end="6"/>', mark(2, 2, 6), text="🚢 left")
    assert marks(one(uima_xmi, path)[0]) == [("Mark", "left")]
    assert marks(one(uima_xmi, path, offsets="codepoint")[0]) == [("Mark", "left")]


def test_arrays_of_json_are_attributes_with_several_values(tmp_path: Path) -> None:
    structures = [
        {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaID": "_InitialView", "sofaString": "🚢 left."},
        {"%ID": 2, "%TYPE": "uima.cas.StringArray", "%ELEMENTS": ["a", "b"]},
        {"%ID": 3, "%TYPE": "x.Mark", "@sofa": 1, "begin": 3, "end": 7, "@tags": 2, "n": 4},
        {"%ID": 4, "%TYPE": "x.Odd", "#size": "NaN"},
    ]
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"%TYPES": {}, "%FEATURE_STRUCTURES": structures, "%VIEWS": {}}))
    article, problems = one(uima_json, path)
    assert marks(article) == [("Mark", "left")]
    assert article.spans["3"].attributes == {"tags": ["a", "b"], "n": 4}
    assert problems == ["x.Odd: Left out for want of a place in the text: 1."]


# ---------------------------------------------------------------------------------- hostile input


@pytest.mark.hostile(9)
def test_labels_that_are_not_in_the_text_are_told_one_by_one(tmp_path: Path) -> None:
    path = xmi(
        tmp_path / "a.xmi",
        mark(2, 0, 99),
        mark(3, 7, 3),
        mark(4, -4, 3),
        mark(5, "x", 3),
        mark(6, 4, 4),
        mark(7, 1, 4),
        mark(8, 3, 7),
        mark(8, 3, 7),
        text="🚢 left.",
    )
    article, problems = one(uima_xmi, path)
    assert marks(article) == [("Mark", "left")]
    assert problems == [
        "line 5, Mark 2: 0-99 is not a stretch of the text, which has 8 UTF-16 units.",
        "line 6, Mark 3: 7-3 is not a stretch of the text, which has 8 UTF-16 units.",
        "line 7, Mark 4: -4-3 is not a stretch of the text, which has 8 UTF-16 units.",
        "line 9, Mark 6: It stands at 4 and covers no words.",
        "line 10, Mark 7: 1-4 is not a stretch of the text, which has 8 UTF-16 units.",
        "line 8, Mark: begin is 'x' and not a number.",
        "line 12, Mark: the xmi:id 8 is given twice.",
    ]


def test_a_relation_to_what_is_not_there_is_told(tmp_path: Path) -> None:
    path = xmi(
        tmp_path / "a.xmi",
        mark(2, 0, 3),
        mark(3, 4, 99),
        '<c:Tie xmi:id="4" sofa="1" begin="0" end="3" Governor="2" Dependent="3"/>',
        '<c:Tie xmi:id="5" sofa="1" begin="0" end="3" Governor="77" Dependent="2"/>',
        '<c:Tie xmi:id="6" sofa="1" begin="0" end="3" Governor="2"/>',
    )
    article, problems = one(uima_xmi, path)
    assert marks(article) == [("Mark", "The")]
    assert article.relations == {}
    assert problems[1:] == [
        "line 7, Tie 4: The relation 'Tie' ends at 3, which is no label here.",
        "line 8, Tie 5: The relation 'Tie' ends at 77, which is no label here.",
        "line 9, Tie 6: The relation 'Tie' ends at nothing, which is no label here.",
    ]


@pytest.mark.hostile(9)
def test_circles_come_to_an_end(tmp_path: Path) -> None:
    path = xmi(
        tmp_path / "a.xmi",
        '<c:ALink xmi:id="2" sofa="1" begin="0" end="3" next="3"/>',
        '<c:ALink xmi:id="3" sofa="1" begin="4" end="8" next="2"/>',
        '<cas:NonEmptyFSList xmi:id="4" head="2" tail="4"/>',
        mark(5, 9, 14, 'list="4"'),
    )
    (tmp_path / "TypeSystem.xml").write_text(
        '<typeSystemDescription xmlns="http://uima.apache.org/resourceSpecifier"><types>'
        "<typeDescription><name>webanno.custom.Mark</name>"
        "<supertypeName>webanno.custom.Mark2</supertypeName><features><featureDescription>"
        "<name>list</name><rangeTypeName>uima.cas.FSList</rangeTypeName>"
        "<multipleReferencesAllowed>true</multipleReferencesAllowed></featureDescription>"
        "</features></typeDescription><typeDescription><name>webanno.custom.Mark2</name>"
        "<supertypeName>webanno.custom.Mark</supertypeName></typeDescription>"
        "</types></typeSystemDescription>"
    )
    article, problems = one(uima_xmi, path)
    assert ties(article) == [("A", "The", "quay"), ("A", "quay", "The"), ("list", "stays", "The")]
    assert problems == []


@pytest.mark.hostile(9)
def test_very_many_wrong_labels_are_counted(tmp_path: Path) -> None:
    wrong = (mark(number, 0, 99) for number in range(2, MOST_PROBLEMS + 502))
    article, problems = one(uima_xmi, xmi(tmp_path / "a.xmi", *wrong, mark(10**6, 0, 3)))
    assert marks(article) == [("Mark", "The")]
    assert len(problems) == MOST_PROBLEMS + 1
    assert problems[-1] == "500 more of its labels cannot be taken over."


@pytest.mark.hostile(9)
@FORMS
def test_a_file_with_too_many_records_is_refused(
    form: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form.write([small()], tmp_path / "out", WRITING)
    monkeypatch.setattr(uima_files, "MOST_RECORDS", 20)
    with pytest.raises(UserError, match="up to 20 can be read"):
        read(form, tmp_path / "out")


@pytest.mark.hostile(8)
@pytest.mark.parametrize("kind", ["xmi", "types"])
def test_a_document_type_with_entities_is_refused(tmp_path: Path, kind: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("do not tell", encoding="utf-8")
    bad = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    path = xmi(tmp_path / "a.xmi", mark(2, 0, 3))
    if kind == "xmi":
        head, _, body = path.read_text(encoding="utf-8").partition("?>")
        path.write_text(f"{head}?>{bad}{body.replace('The quay', '&e;')}", encoding="utf-8")
    else:
        system = f"{bad}<typeSystemDescription><types>&e;</types></typeSystemDescription>"
        (tmp_path / "TypeSystem.xml").write_text(system)
    with pytest.raises(UserError) as refused:
        read(uima_xmi, path)
    assert "do not tell" not in str(refused.value)


OTHER_FILES = [
    (uima_xmi, "<html/>"),
    (uima_xmi, "no XML at all"),
    (uima_json, "[]"),
    (uima_json, '{"a": 1}'),
    (uima_json, '{"%TYPES": 3}'),
    (uima_json, '{"%TYPES": {"x": 1}}'),
    (uima_json, '{"%VIEWS": {}, "%VIEWS": {}}'),
]


@pytest.mark.parametrize(("form", "content"), OTHER_FILES)
def test_what_is_no_cas_is_refused_by_name(form: ModuleType, content: str, tmp_path: Path) -> None:
    path = tmp_path / f"other{form.suffixes[0]}"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match="other"):
        read(form, path)


def test_structures_of_json_that_are_none_are_told(tmp_path: Path) -> None:
    sofa = {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaID": "_InitialView", "sofaString": "Here."}
    good = {"%ID": 2, "%TYPE": "x.Mark", "@sofa": 1, "begin": 0, "end": 4}
    wrong: list[Any] = [3, {"%ID": "x"}, good, good | {"%ID": 3, "begin": True}]
    wrong += [good | {"%ID": 4, "@to": "2"}, good | {"%ID": 5, "deep": [[]]}]
    data = {"%TYPES": {}, "%FEATURE_STRUCTURES": [sofa, good, *wrong], "%VIEWS": {}}
    path = tmp_path / "a.json"
    path.write_text(json.dumps(data))
    article, problems = one(uima_json, path)
    assert marks(article) == [("Mark", "Here")]
    assert [line.partition(":")[0] for line in problems] == [
        f"%FEATURE_STRUCTURES[{number}]" for number in range(2, 8)
    ]


def test_a_file_without_a_text_is_told(tmp_path: Path) -> None:
    path = xmi(tmp_path / "a.xmi", mark(2, 0, 3), text="")
    assert [str(item) for item in read(uima_xmi, path)] == [
        "There is no text in it, so there is nothing to import."
    ]


def test_one_bad_file_does_not_stop_a_folder(tmp_path: Path) -> None:
    xmi(tmp_path / "a.xmi", mark(2, 0, 3))
    (tmp_path / "b.xmi").write_text("<broken", encoding="utf-8")
    xmi(tmp_path / "c.xmi", mark(2, 0, 99))
    (tmp_path / "d.xmi").symlink_to(tmp_path / "a.xmi")
    found = read(uima_xmi, tmp_path)
    assert [item.article.id for item in found if isinstance(item, Annotated)] == ["a", "c"]
    places = [item.place for item in found if isinstance(item, Problem)]
    assert places == ["b.xmi", "c.xmi, Mark 2"]


# ------------------------------------------------------------------------------------ file names


@given(id_=st.text(st.characters(exclude_categories=["Cs"]), max_size=12))
def test_the_name_of_a_file_gives_the_id_back(id_: str) -> None:
    name = file_name(id_)
    assert not set(name) & set('/\\:*?"<>|\0\n')
    assert not name.startswith(".")
    assert id_of(name) == (id_ or "_")


def test_names_of_files_differ_in_more_than_case_and_are_short() -> None:
    names = FileNames()
    found = [names.name(id_) for id_ in ("a", "A", "con", "ü" * 200, "ü" * 201)]
    assert found[:3] == ["a", "A~2", "%63on"]
    assert len(set(found)) == 5
    assert max(map(len, found)) <= 120
