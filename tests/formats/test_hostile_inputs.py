"""Hostile inputs that are no matter of one format: what every format does with them.

Those that are a matter of one format are in its own tests; the numbers are those of the list of
hostile inputs that the project keeps.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import annotator
from annotator import formats, schemes
from annotator.annotated import Annotated
from annotator.cli import main
from annotator.errors import UserError
from annotator.formats import Problem, Reading
from annotator.formats.replacing import MADE_BY_US
from annotator.model import Article, Fragment, Layer, Span, text_hash
from annotator.project import Project
from tests.formats.articles import small
from tests.formats.round_trip import WRITING, assert_is_recognised

SAYS_ALL = (
    "brat",
    "conll",
    "doccano",
    "huggingface",
    "huggingface-jsonl",
    "jsonl",
    "label-studio",
    "prodigy",
    "spacy",
    "uima-json",
    "uima-xmi",
    "webanno-tsv",
)
"""Formats that bring the very text back."""
TEXTS = ("conll", "conll2003", "doccano", "huggingface-jsonl", "jsonl", "prodigy", "webanno-tsv")
"""Formats of lines."""
JSON = ("doccano", "huggingface-jsonl", "jsonl", "label-studio", "prodigy")
BETWEEN_BLANKS = replace(WRITING, tokens="whitespace")


def marked(text: str, *words: str, label: str = "Speaker", id_: str = "quay-1") -> Annotated:
    """Return an article with a label on each of *words*."""
    article = Article(id=id_, title="", text=text, sha256=text_hash(text))
    result = Annotated(article)
    result.layers["l1"] = Layer(id="l1", article_id=id_, author="ada", state="submitted")
    for number, word in enumerate(words):
        start = text.index(word)
        place = Fragment(start, start + len(word))
        result.spans[f"s{number}"] = Span(
            id=f"s{number}",
            article_id=id_,
            layer_id="l1",
            label=label,
            fragments=(place,),
            text=(word,),
        )
    return result


def written(name: str, item: Annotated, folder: Path) -> Path:
    """Write an article, and return the file that has it."""
    form = formats.writer(name)
    target = folder / f"out{form.suffixes[0]}"
    form.write([item], target, BETWEEN_BLANKS)
    if not target.is_dir():
        return target
    (found,) = (path for path in target.rglob("*") if path.suffix in form.suffixes)
    return found


def read(name: str, path: Path, reading: Reading | None = None) -> tuple[list[Any], list[Problem]]:
    """Return the articles of a file, and what is wrong with it."""
    found = list(formats.reader(name).read(path, reading or Reading()))
    problems = [item for item in found if isinstance(item, Problem)]
    return [item for item in found if not isinstance(item, Problem)], problems


# ------------------------------------------------------------- 22: tag sets in YAML are not read


@pytest.mark.hostile(22)
def test_no_reader_of_yaml_is_imported_anywhere() -> None:
    files = Path(annotator.__file__).parent.rglob("*.py")
    imported = {name for file in files for name in _IMPORTED.findall(file.read_text("utf-8"))}
    assert "lxml" in imported
    assert not imported & {"yaml", "ruamel", "ruyaml", "strictyaml", "pickle", "marshal", "shelve"}


_IMPORTED = re.compile(r"^[ ]*(?:import|from) (\w+)", re.MULTILINE)


@pytest.mark.hostile(22)
def test_a_tag_set_in_yaml_is_left_where_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = tmp_path / "p.annotator"
    Project.create(project, schemes.load("blank"), author="ada").close()
    folder = tmp_path / "corpus"
    folder.mkdir()
    trap = tmp_path / "sprung"
    (folder / "tags.yaml").write_text(f'!!python/object/apply:os.system ["touch {trap}"]\n')
    assert main(["import", str(project), str(folder)]) == 1
    assert "tags.yaml is in no format that can be read" in capsys.readouterr().err
    assert not trap.exists()


# ------------------------------------------------------------- 23: characters that are not seen

UNSEEN = {
    "bidi": "\u202eevil\u202c\u2066iso\u2069",
    "zero-width": "zero\u200bwidth\u200djoined\ufeff\u2060",
    "marks": "e" + "\u0301" * 2000,
    "right-to-left": "\u0642\u0627\u0644\u062a\u200f",
    "emoji": "\U0001f469\u200d\U0001f692\ufe0f",
}


@pytest.mark.hostile(23)
@pytest.mark.parametrize("name", SAYS_ALL)
@pytest.mark.parametrize("word", UNSEEN.values(), ids=UNSEEN)
def test_characters_that_are_not_seen_come_back_in_their_places(
    name: str, word: str, tmp_path: Path
) -> None:
    item = marked(f"She said \U0001f6a2 {word} and then, at the end, more.", word, "end,")
    path = written(name, item, tmp_path)
    (back,), problems = read(name, path)
    assert not problems
    assert back.article.text == item.article.text
    assert sorted((span.fragments, span.text) for span in back.spans.values()) == sorted(
        (span.fragments, span.text) for span in item.spans.values()
    )


@pytest.mark.hostile(23)
@pytest.mark.parametrize("name", JSON)
def test_half_a_character_is_told_and_nothing_of_it_comes_in(name: str, tmp_path: Path) -> None:
    path = written(name, marked("The ferry sails.", "ferry"), tmp_path)
    path.write_bytes(path.read_bytes().replace(b"sails", b"\\ud83d"))
    articles, problems = read(name, path)
    assert not articles
    assert [str(problem) for problem in problems if "surrogate" in problem.reason]


@pytest.mark.hostile(23)
def test_a_file_name_cannot_turn_the_line_that_names_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = tmp_path / "p.annotator"
    Project.create(project, schemes.load("blank"), author="ada").close()
    evil = tmp_path / "harbour\u202etxt.exe"
    evil.write_bytes(b"MZ\0\0\0\0")
    assert main(["import", str(project), str(evil)]) == 1
    said = capsys.readouterr().err
    assert "\u202e" not in said
    assert "harbour\\u202etxt.exe" in said


# ------------------------------------------------------------- 24: encodings and line ends

STORY = "Kl\u00e4ger\n\n\u00abNein\u00bb, sagte \u00c1da.\nEnde."


@pytest.mark.hostile(24)
@pytest.mark.parametrize(
    ("data", "options"),
    [
        (STORY.encode("utf-8-sig"), []),
        (STORY.encode("utf-16"), []),
        (STORY.replace("\n", "\r\n").encode("utf-8"), []),
        (STORY.replace("\n\n", "\r\n\n").encode("utf-8"), []),
        (STORY.encode("latin-1"), ["--encoding", "latin-1"]),
    ],
    ids=["byte-order-mark", "utf-16", "crlf", "mixed", "latin-1"],
)
def test_text_in_any_encoding_is_the_same_text_after_every_way_in_and_out(
    data: bytes, options: list[str], tmp_path: Path
) -> None:
    source = tmp_path / "story.txt"
    source.write_bytes(data)
    seen = []
    for number in range(2):
        project, out = tmp_path / f"{number}.annotator", tmp_path / f"{number}.jsonl"
        Project.create(project, schemes.load("blank"), author="ada").close()
        assert main(["import", str(project), str(source), *options]) == 0
        assert main(["export", str(project), str(out)]) == 0
        (line,) = map(json.loads, out.read_bytes().splitlines())
        seen.append((line["text"], line["sha256"], line["zones"]))
        source, options = out, []
    assert seen[0] == seen[1]
    assert seen[0][:2] == (STORY, text_hash(STORY))


@pytest.mark.hostile(24)
@pytest.mark.parametrize("change", ["byte-order-mark", "crlf"])
@pytest.mark.parametrize("name", TEXTS)
def test_lines_with_other_ends_say_the_same(name: str, change: str, tmp_path: Path) -> None:
    path = written(name, marked("The ferry sails late.", "ferry", "late."), tmp_path)
    before = read(name, path)
    data = path.read_bytes()
    if change == "crlf":
        path.write_bytes(data.replace(b"\n", b"\r\n"))
    else:
        path.write_bytes(b"\xef\xbb\xbf" + data)
    assert read(name, path) == before
    assert_is_recognised(formats.by_name(name), path)


@pytest.mark.hostile(24)
@pytest.mark.parametrize("name", TEXTS)
def test_lines_in_another_encoding_never_come_in_as_other_words(name: str, tmp_path: Path) -> None:
    path = written(name, marked("The \u201cferry\u201d sails.", "sails."), tmp_path)
    path.write_bytes(path.read_bytes().decode("utf-8").encode("utf-16"))
    articles: list[Any] = []
    with suppress(UserError):
        articles, _ = read(name, path)
    assert not articles


# ------------------------------------------------------------- 25: too much of everything


@pytest.mark.hostile(25)
@pytest.mark.parametrize("name", SAYS_ALL)
def test_one_long_line_and_a_long_name_of_a_label_come_back(name: str, tmp_path: Path) -> None:
    text = "The quay " + "will not move " * 6_000 + "she said."
    label = "Very" * 1_000
    item = marked(text, "quay", "said.", label=label)
    path = written(name, item, tmp_path)
    (back,), problems = read(name, path)
    assert not problems
    assert back.article.text == text
    assert {(span.label, span.text) for span in back.spans.values()} == {
        (label, ("quay",)),
        (label, ("said.",)),
    }
    assert_is_recognised(formats.by_name(name), path)


@pytest.mark.hostile(25)
@pytest.mark.parametrize("name", SAYS_ALL)
def test_thousands_of_labels_in_one_article_come_back(name: str, tmp_path: Path) -> None:
    words = [f"w{number}." for number in range(2_000)]
    item = marked(" ".join(words), *words)
    (back,), problems = read(name, written(name, item, tmp_path))
    assert not problems
    assert sorted(span.text for span in back.spans.values()) == sorted((word,) for word in words)


@pytest.mark.hostile(25)
def test_fifty_thousand_labels_in_one_line_take_no_more_than_a_look_each(tmp_path: Path) -> None:
    """With one look at all the others for each it would take minutes."""
    words = [f"w{number}." for number in range(50_000)]
    item = marked(" ".join(words))
    at = 0
    for word in words:
        place = Fragment(at, at + len(word))
        item.spans[word] = Span(
            id=word, article_id="quay-1", layer_id="l1", label="Claim", fragments=(place,),
            text=(word,),
        )  # fmt: skip
        at = place.end + 1
    (back,), problems = read("jsonl", written("jsonl", item, tmp_path))
    assert not problems
    assert back.spans == item.spans


# ------------------------------------------------------------- 30: where nothing may be written

WRITABLE = [form.name for form in formats.all_formats() if formats.can_write(form)]


@pytest.mark.hostile(30)
@pytest.mark.parametrize("wrong", ["project", "device", "folder"])
@pytest.mark.parametrize("name", WRITABLE)
def test_a_project_a_device_and_a_full_folder_are_never_written_over(
    name: str, wrong: str, tmp_path: Path
) -> None:
    target = tmp_path / "harbour.annotator"
    if wrong == "project":
        Project.create(target, schemes.load("blank"), author="ada").close()
    elif wrong == "device":
        target = Path("/dev/null")
    else:
        target.mkdir()
        (target / "notes.txt").write_text("mine")
    before = _state(target)
    with pytest.raises(UserError, match=r"harbour\.annotator|/dev/null"):
        formats.writer(name).write([small()], target, WRITING)
    assert _state(target) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == (
        [] if wrong == "device" else ["harbour.annotator"]
    )


def _state(target: Path) -> object:
    if target.is_dir():
        assert not (target / MADE_BY_US).exists()
        return {path.name: path.read_bytes() for path in target.iterdir()}
    return target.read_bytes() if target.is_file() else target.is_char_device()
