"""Columns of tokens and tags: what comes back, and what comes in from elsewhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.formats import Problem, Reading, conll, conll2003, plain_text, recognise
from annotator.formats.tokens import snapped, tokeniser, tokens_of
from annotator.model import Article, text_hash
from tests.formats.articles import add_span, characters, small
from tests.formats.round_trip import (
    WRITING,
    assert_comes_back,
    assert_is_recognised,
    marked_articles,
    with_id,
)

HERE = Path(__file__).parent / "data"
any_file = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def read(path: Path, reading: Reading | None = None) -> list[Any]:
    return list(conll.read(path, reading or Reading()))


def file(path: Path, content: str) -> Path:
    path.write_text(content, "utf-8", newline="")
    return path


def said(item: Annotated) -> list[tuple[str, str]]:
    (layer,) = item.layers
    return [(span.label, " … ".join(span.text)) for span in item.spans_of(layer)]


def nested() -> Annotated:
    item = small()
    add_span(item, "s4", "Speaker", "Ilves")
    return item


@any_file
@given(items=st.lists(marked_articles(), max_size=3))
@pytest.mark.parametrize("name", ["words", "whitespace", "characters"])
def test_articles_come_back_without_what_was_announced(
    tmp_path_factory: pytest.TempPathFactory, name: str, items: list[Annotated]
) -> None:
    writing = replace(WRITING, tokens=name)
    at_tokens = [
        snapped(with_id(item, f"a{n}"), tokens_of(item.article, tokeniser(name)))
        for n, item in enumerate(items)
    ]
    assert_comes_back(conll, at_tokens, tmp_path_factory.mktemp("round") / "out.conllup", writing)


@any_file
@given(text=st.text(characters, max_size=30), name=st.sampled_from(["words", "characters"]))
def test_any_text_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, text: str, name: str
) -> None:
    path = tmp_path_factory.mktemp("text") / "out.conllup"
    article = Article(id="#1 | a\n", title=text, text=text, sha256=text_hash(text))
    conll.write([Annotated(article)], path, replace(WRITING, tokens=name))
    (back,) = read(path)
    assert back.article == article
    assert back.layers == {}


def test_spans_move_to_tokens_and_that_is_announced(tmp_path: Path) -> None:
    item = small()
    add_span(item, "s4", "Cue", "aid")
    moved = small()
    add_span(moved, "s4", "Cue", "said")
    told = [loss.feature for loss in conll.cannot_carry([item], WRITING)]
    assert told[0] == "token_edges"
    conll.write([item], tmp_path / "one", WRITING)
    conll.write([moved], tmp_path / "two", WRITING)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_file_looks_as_it_should(tmp_path: Path) -> None:
    conll.write([nested()], tmp_path / "out", WRITING)
    golden = HERE / "conll" / "ferry.conllup"
    assert (tmp_path / "out").read_text("utf-8") == golden.read_text("utf-8")


def test_columns_are_those_of_the_scheme_and_of_what_occurs_anywhere(tmp_path: Path) -> None:
    other = nested()
    add_span(other, "s5", "Public figure", "Marta")
    conll.write([small(), with_id(other, "b")], tmp_path / "out", WRITING)
    header, *lines = (tmp_path / "out").read_text("utf-8").splitlines()
    assert header.split()[3:] == [
        *("ID", "FORM", "MISC", "LABEL:Speaker", "LABEL:Location", "LABEL:Claim", "LABEL:Cue"),
        *("LABEL:Public%20;figure", "LABEL:Speaker+"),
    ]
    assert {len(line.split("\t")) for line in lines if line and line[0] != "#"} == {9}
    assert ("Public figure", "Marta") in said(read(tmp_path / "out")[1])


def test_several_readings_of_one_article_come_back_as_layers(tmp_path: Path) -> None:
    item = small()
    item.layers["l0"] = replace(item.layers["l1"], id="l0", author="Bo")
    conll.write([item], tmp_path / "out", WRITING)
    (back,) = read(tmp_path / "out")
    assert sorted(layer.author for layer in back.layers.values()) == ["Bo", "ada"]


def test_it_is_recognised_by_content(tmp_path: Path) -> None:
    conll.write([small()], tmp_path / "out.conllup", WRITING)
    assert_is_recognised(conll, tmp_path / "out.conllup")


# ------------------------------------------------------------------------------------- strangers

CONLL_2003 = """-DOCSTART- -X- -X- O

EU NNP I-NP I-ORG
rejects VBZ I-VP O
Ana NNP I-NP I-PER
Ilves NNP I-NP I-PER
# NN B-NP O

Oslo NNP I-NP I-LOC
Bergen NNP I-NP B-LOC

-DOCSTART- -X- -X- O

Nothing NN I-NP O
"""


def test_conll_2003_comes_in_as_articles_with_sentences(tmp_path: Path) -> None:
    path = file(tmp_path / "eng.testa", CONLL_2003)
    one, two = read(path, Reading(author="ada"))
    assert one.article.text == "EU rejects Ana Ilves #\nOslo Bergen"
    assert said(one) == [
        *[("ORG", "EU"), ("PER", "Ana Ilves"), ("LOC", "Oslo"), ("LOC", "Bergen")],
    ]
    assert (one.article.id, two.article.id) == ("eng", "eng-2")
    assert (two.article.text, two.spans) == ("Nothing", {})


def test_conll_2003_is_recognised_under_any_name(tmp_path: Path) -> None:
    four = CONLL_2003.replace("-X- -X- O", "-X- _ O")
    for content in (CONLL_2003, four):
        found = recognise(file(tmp_path / "some.txt", content))
        assert found is not None
        assert found.name == conll2003.name


def test_columns_after_a_number_and_a_comment_come_in_side_by_side(tmp_path: Path) -> None:
    content = (
        "#\tn-tv.de vom 26.02.2005 [2005-02-26]\n"
        "1\tDie\tO\tO\n2\tUniversität\tB-ORG\tO\n3\tTartu\tI-ORG\tB-LOC\n4\t#\tO\tO\n"
    )
    (item,) = read(file(tmp_path / "germ.tsv", content))
    assert item.article.text == "Die Universität Tartu #"
    assert said(item) == [("ORG", "Universität Tartu"), ("LOC", "Tartu")]


def test_words_with_dashes_and_letters_in_a_column_are_no_tags(tmp_path: Path) -> None:
    content = "a\tU-Bahn\tO\nb\tB-Ware\tB-X\nc\tx\tO\nd\ty\tO\n"
    (item,) = read(file(tmp_path / "a.tsv", content))
    assert said(item) == [("X", "b")]


def test_columns_can_be_named_by_number(tmp_path: Path) -> None:
    path = file(tmp_path / "a.tsv", "x\tAna\tB-NP\tB-PER\nx\tcame\tB-VP\tO\n")
    assert said(read(path, Reading(columns={"2": "text", "3": "label"}))[0]) == [
        ("NP", "Ana"),
        ("VP", "came"),
    ]


def test_only_phrases_come_in_where_there_is_nothing_else(tmp_path: Path) -> None:
    (item,) = read(file(tmp_path / "2000.txt", "Ana NNP B-NP\ncame VBD B-VP\n"))
    assert said(item) == [("NP", "Ana"), ("VP", "came")]


def test_blanks_are_as_misc_says(tmp_path: Path) -> None:
    content = (
        "# global.columns = ID FORM UPOS MISC X:NE\n"
        "1\tAna\tPROPN\t_\tB-PER\n2\tcame\tVERB\tSpaceAfter=No\tO\n3\t.\tPUNCT\t_\tO\n\n"
        "1\tBye\tX\tSpacesAfter=\\s\\n\tO\n"
    )
    (item,) = read(file(tmp_path / "a.conllup", content))
    assert item.article.text == "Ana came.\nBye \n"


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    path = file(tmp_path / "a.conll", "\ufeffAna B-PER\r\nIlves I-PER\r\n\r\nBye O\r\n")
    (item,) = read(path)
    assert item.article.text == "Ana Ilves\nBye"
    assert said(item) == [("PER", "Ana Ilves")]


def test_bad_tags_are_reported_by_line_and_the_words_stay(tmp_path: Path) -> None:
    rows = ["Ana B-PER"] * 30
    rows[3], rows[5] = "Bo X-PER", "Cy"
    first, second, item = read(file(tmp_path / "a.conll", "\n".join(rows)))
    assert str(first) == "line 4, column 2: 'X-PER' is no tag."
    assert str(second) == "line 6, column 2: There is no tag."
    assert item.article.text.startswith("Ana Ana Ana Bo Ana Cy Ana")
    assert len(item.spans) == 28


def test_an_article_with_a_line_that_cannot_be_read_stays_out(tmp_path: Path) -> None:
    good = "-DOCSTART- O\n\nAna B-PER\n"
    (tmp_path / "a.conll").write_bytes(good.encode() + b"Gr\xf6nland B-LOC\n\n" + good.encode())
    problem, item = read(tmp_path / "a.conll")
    assert isinstance(problem, Problem)
    assert problem.line == 4
    assert item.article.text == "Ana"
    latin = read(tmp_path / "a.conll", Reading(encoding="latin-1"))
    assert [item.article.text for item in latin] == ["Ana Grönland", "Ana"]


@pytest.mark.parametrize("content", ["", "Just a text of one line.\n", "a\tb\nc\td\n"])
def test_a_file_without_tags_is_refused_in_plain_words(tmp_path: Path, content: str) -> None:
    path = file(tmp_path / "a.dat", content)
    with pytest.raises(UserError, match="no column of tags"):
        read(path)
    assert recognise(path) not in (conll, conll2003)


def test_a_text_to_read_is_turned_away_by_its_words_without_looking_for_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_for: list[object] = []
    monkeypatch.setattr(conll, "layout", lambda *found: looked_for.append(found))
    story = "Ten words that stand in every line of this story\n" * 300
    for number, text in enumerate(
        (story, story.replace("that", "B-sides O").replace("\n", "\n.\n.\n"))
    ):
        found = recognise(file(tmp_path / f"{number}.txt", text))
        assert found is not None
        assert found.name == plain_text.name
    assert looked_for == []
    recognise(file(tmp_path / "tags.txt", "Ada B-PER\nran O\n. O\n"))
    assert looked_for


def test_reading_twice_gives_the_same_records(tmp_path: Path) -> None:
    path = file(tmp_path / "eng.testa", CONLL_2003)
    assert read(path) == read(path)


def test_a_comment_with_broken_facts_is_no_more_than_a_comment(tmp_path: Path) -> None:
    content = "# newdoc id = x\n# annotator = {broken\nAna\tB-PER\nBo\tO\n"
    (item,) = read(file(tmp_path / "a.conll", content))
    assert (item.article.id, item.article.title) == ("x", "")
