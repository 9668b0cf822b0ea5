"""WebAnno TSV 3.3: what is written comes back, and what others wrote comes in as they meant it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator import schemes
from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.formats import Problem, Reading, Writing, webanno_cells, webanno_tsv
from annotator.formats.losses import without
from annotator.model import Article, Fragment, Layer, Span, text_hash
from tests.formats.articles import any_article, small
from tests.formats.round_trip import (
    WRITING,
    assert_comes_back,
    assert_is_recognised,
    marked_articles,
    said,
    written_and_read,
)

DATA = Path(__file__).parent / "data" / "webanno-tsv"
HARBOUR = DATA / "harbour.tsv"
LAYER = "#T_SP=webanno.custom.Mark|kind"
HOST = "webanno.custom.Host"

several = st.lists(
    marked_articles(), min_size=1, max_size=3, unique_by=lambda item: item.article.id
)


def read(path: Path, **how: Any) -> tuple[Annotated, list[str]]:
    """Return the article of a file, and its problems in words."""
    found = list(webanno_tsv.read(path, Reading(**how)))
    (article,) = (item for item in found if isinstance(item, Annotated))
    return article, [str(item) for item in found if isinstance(item, Problem)]


def page(path: Path, *lines: str, layers: tuple[str, ...] = (LAYER,)) -> Path:
    """Write a TSV file whose body begins on line 4 plus the number of further layers."""
    head = ["#FORMAT=WebAnno TSV 3.3", *layers, ""]
    path.write_text("\n".join([*head, *lines, ""]), encoding="utf-8", newline="")
    return path


def spans(item: Annotated) -> list[tuple[str, str, dict[str, Any]]]:
    found = (span for layer in item.layers for span in item.spans_of(layer))
    return [(span.label, " … ".join(span.text), dict(span.attributes)) for span in found]


def ties(item: Annotated) -> list[tuple[str, str, str]]:
    return sorted(
        (tie.label, item.spans[tie.source].text[0], item.spans[tie.target].text[0])
        for tie in item.relations.values()
        if tie.target is not None
    )


def marked(text: str, *places: tuple[int, int]) -> Annotated:
    """Return an article with a Claim on each of *places*."""
    result = Annotated(Article(id="a", title="", text=text, sha256=text_hash(text)))
    result.layers["l"] = Layer(id="l", article_id="a", author="ada")
    for number, place in enumerate(places):
        words = text[slice(*place)]
        result.spans[f"s{number}"] = Span(
            id=f"s{number}",
            article_id="a",
            layer_id="l",
            label="Claim",
            fragments=(Fragment(*place),),
            text=(words,),
        )
    return result


# -------------------------------------------------------------------------------- there and back


@given(items=several)
def test_articles_come_back_without_what_was_announced(
    items: list[Annotated], tmp_path_factory: pytest.TempPathFactory
) -> None:
    items = sorted(items, key=lambda item: f"{item.article.id}.")
    assert_comes_back(webanno_tsv, items, tmp_path_factory.mktemp("tsv") / "out")


@given(item=any_article().filter(lambda item: bool(item.article.text)))
def test_names_and_texts_of_any_kind_come_back(
    item: Annotated, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (back,) = written_and_read(webanno_tsv, [item], tmp_path_factory.mktemp("tsv") / "out")
    expected = without(item, webanno_tsv.FATES)
    assert said(back, titles=False) == said(expected, titles=False)


@given(
    parts=st.lists(st.sampled_from(["a", "b.", " ", "\n", "\t", "\r", "🚢", "\\", "\u2028"])),
    data=st.data(),
)
def test_labels_may_begin_and_end_between_words(
    parts: list[str], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = f"{''.join(parts)}a"
    ends = st.lists(st.integers(0, len(text)), min_size=2, max_size=2, unique=True).map(sorted)
    places = [(start, end) for start, end in data.draw(st.lists(ends, max_size=3))]
    item = marked(text, *places)
    (back,) = written_and_read(webanno_tsv, [item], tmp_path_factory.mktemp("tsv") / "out")
    assert back.article.text == text
    assert spans(back) == spans(item)


def test_a_small_article_is_written_as_ever(tmp_path: Path) -> None:
    writing = Writing(scheme=schemes.load("blank"))
    webanno_tsv.write([small()], tmp_path / "out", writing)
    written = (tmp_path / "out" / "ferry-1.tsv").read_bytes()
    assert written == (DATA / "ferry-1.tsv").read_bytes()


def test_what_is_written_is_recognised_by_its_content(tmp_path: Path) -> None:
    webanno_tsv.write([small()], tmp_path / "out", WRITING)
    assert_is_recognised(webanno_tsv, tmp_path / "out" / "ferry-1.tsv")


def test_truth_values_come_back_by_the_layers_beside_the_file(tmp_path: Path) -> None:
    item = small()
    item.spans["s1"] = replace(item.spans["s1"], attributes={"hedged": True, "form": "true"})
    webanno_tsv.write([item], tmp_path / "out", WRITING)
    path = tmp_path / "out" / "ferry-1.tsv"
    assert list(webanno_tsv.companions(path)) == [tmp_path / "out" / "TypeSystem.xml"]
    assert spans(read(path)[0])[0][2] == {"hedged": True, "form": "true"}
    (tmp_path / "out" / "TypeSystem.xml").unlink()
    assert spans(read(path)[0])[0][2] == {"hedged": "true", "form": "true"}
    assert spans(read(path, scheme=WRITING.scheme)[0])[0][2] == {"hedged": True, "form": "true"}


def test_what_has_no_place_is_told_before(tmp_path: Path) -> None:
    told = {loss.feature: loss.count for loss in webanno_tsv.cannot_carry([small()], WRITING)}
    assert told == {
        "titles": 1,
        "facts": 1,
        "zones": 2,
        "authors": 1,
        "layer_facts": 1,
        "entity_facts": 1,
    }


@given(value=st.text(st.characters(exclude_categories=["Cs"])))
def test_values_and_texts_come_back_from_their_escapes(value: str) -> None:
    cell = webanno_cells.escaped(value)
    assert webanno_cells.plain(cell) == value
    assert not set(cell) & set("\t\n\r")
    assert webanno_cells.split(f"{cell}|{cell}", "|") == [cell, cell]
    assert webanno_cells.numbered(f"{cell}[12]") == (cell, "12")
    assert webanno_cells.numbered(cell) == (cell, "")
    assert webanno_cells.plain_text(webanno_cells.escaped_text(value)) == value


# ------------------------------------------------------------------------------ files from others


def test_stacks_slots_chains_parts_of_tokens_and_numbers_are_understood() -> None:
    article, problems = read(HARBOUR)
    assert article.article.text == ("🚢 Ana Ilves said\nshe will leave\tOslo-by-sea .\n It did .")
    assert spans(article) == [
        ("Sign", "🚢", {}),
        ("Mention", "Ana Ilves", {"referenceRelation": "same", "referenceType": "name"}),
        ("NamedEntity", "Ana Ilves", {"identifier": "urn_ana", "value": "PER"}),
        ("NamedEntity", "Ilves", {"value": "a|b;c"}),
        ("Frame", "said", {"sense": "say.01"}),
        ("Mention", "she", {"referenceType": "pronoun"}),
        ("NamedEntity", "Oslo", {"value": "LOC"}),
        ("NamedEntity", "It", {}),
    ]
    assert ties(article) == [
        ("Part", "Ana Ilves", "Oslo"),
        ("roles", "said", "Oslo"),
        ("same", "Ana Ilves", "she"),
        ("sayer", "said", "Ana Ilves"),
    ]
    assert problems == ["line 20, Sign 19: It stands at 38 and covers no words."]


def test_reading_twice_gives_the_same_ids() -> None:
    assert read(HARBOUR) == read(HARBOUR)


@pytest.mark.parametrize(("start", "how"), [(3, {}), (2, {}), (2, {"offsets": "codepoint"})])
def test_offsets_in_code_points_are_found_out_by_the_words(
    tmp_path: Path, start: int, how: dict[str, str]
) -> None:
    ship = f"1-1\t0-{start - 1}\t🚢\t_\t"
    path = page(tmp_path / "a.tsv", "#Text=🚢 left", ship, f"1-2\t{start}-{start + 4}\tleft\tx\t")
    article, problems = read(path, **how)
    assert spans(article) == [("Mark", "left", {"kind": "x"})]
    assert problems == []


def test_lines_may_end_as_on_windows(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_bytes(HARBOUR.read_bytes().replace(b"\n", b"\r\n"))
    assert spans(read(path)[0]) == spans(read(HARBOUR)[0])


# ---------------------------------------------------------------------------------- hostile input


def test_labels_on_a_token_that_is_not_where_it_says_are_left_out(tmp_path: Path) -> None:
    path = page(
        tmp_path / "a.tsv",
        "#Text=The quay stays",
        "1-1\t0-3\tThe\tgood\t",
        "1-2\t5-9\tquay\tbad[1]\t",
        "1-3\t9-14\tstays\tbad[1]|good[2]\t",
        "1-4\t90-94\tmore\tbad\t",
    )
    article, problems = read(path)
    assert [(words, kind["kind"]) for _, words, kind in spans(article)] == [
        ("The", "good"),
        ("stays", "good"),
    ]
    first, second = problems
    assert first == (
        "line 6: 5-9 covers 'uay ', not 'quay'. Those words stand at 4-8. "
        "Labels on 1-2 are left out."
    )
    assert second.startswith("line 8: 90-94 is not a stretch of the text, which has 14 UTF-16")


def test_a_token_that_is_not_where_it_says_is_found_where_asked(tmp_path: Path) -> None:
    rows = ("1-1\t0-3\tThe\t_\t", "1-2\t5-9\tquay\tgood\t")
    path = page(tmp_path / "a.tsv", "#Text=The quay stays", *rows)
    assert spans(read(path, anchoring=True)[0]) == [("Mark", "quay", {"kind": "good"})]
    assert spans(read(path)[0]) == []


def test_what_refers_to_nothing_is_told_and_the_rest_comes_in(tmp_path: Path) -> None:
    path = page(
        tmp_path / "a.tsv",
        "#Text=The quay stays",
        "1-1\t0-3\tThe\tgood\t_\t_\t_\t1-9\t",
        "1-2\t4-8\tquay\t_\tby\t1-1[7]\t_\t_\t",
        "1-3\t9-14\tstays\t_\tby;to\t1-1\t_\t1-1[4_5]\t",
        layers=(
            LAYER,
            f"#T_SP={HOST}|ROLE_{HOST}:by_{HOST}ByLink|uima.tcas.Annotation",
            "#T_RL=webanno.custom.Tie|how|BT_webanno.custom.Mark",
        ),
    )
    article, problems = read(path)
    assert [(label, words) for label, words, _ in spans(article)] == [
        ("Mark", "The"),
        ("Host", "quay"),
        ("Host", "stays"),
    ]
    assert article.relations == {}
    assert [problem for problem in problems if "line" in problem] == [
        "line 7: there is no Mark on '1-9'.",
        "line 8: there is no label with the number [7].",
        "line 9: 2 roles, but 1 targets: '1-1'.",
        "line 9: there is no label with the number [4].",
    ]


@pytest.mark.parametrize(
    "row",
    [
        "1-2\t4-8\tquay",
        "1-2\t4\tquay\t_\t",
        "x\t4-8\tquay\t_\t",
        "1-2\t99999999999999-8\tquay\t_\t",
        "no tabs",
    ],
)
def test_a_line_that_is_no_row_is_told_by_its_number(tmp_path: Path, row: str) -> None:
    path = page(tmp_path / "a.tsv", "#Text=The quay", "1-1\t0-3\tThe\tx\t", row)
    article, problems = read(path)
    assert spans(article) == [("Mark", "The", {"kind": "x"})]
    assert [problem.partition(":")[0] for problem in problems] == ["line 6"]


def test_a_number_for_two_labels_is_told(tmp_path: Path) -> None:
    path = page(tmp_path / "a.tsv", "#Text=The quay", "1-1\t0-3\tThe\tx[1]|y[1]\t")
    assert read(path)[1] == ["line 5: the number [1] stands for two labels."]


@pytest.mark.parametrize("offset", [10**11, 4000])
def test_a_gap_without_end_makes_no_text_without_end(tmp_path: Path, offset: int) -> None:
    row = f"1-1\t{offset}-{offset + 3}\tThe\tx\t"
    article, _ = read(page(tmp_path / "a.tsv", "#Text=The", row))
    assert len(article.article.text) < 200_000


@pytest.mark.parametrize("content", [b"", b"#FORMAT=WebAnno TSV 2.0\n", b"a\tb\n", b"\xff\xfe\x00"])
def test_what_is_no_webanno_tsv_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.tsv"
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"other\.tsv"):
        list(webanno_tsv.read(path, Reading()))


def test_another_encoding_is_refused_until_it_is_named(tmp_path: Path) -> None:
    path = page(tmp_path / "a.tsv", "#Text=é", "1-1\t0-1\té\tx\t")
    path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1"))
    with pytest.raises(UserError, match="UTF-8"):
        list(webanno_tsv.read(path, Reading()))
    assert spans(read(path, encoding="latin-1")[0]) == [("Mark", "é", {"kind": "x"})]
