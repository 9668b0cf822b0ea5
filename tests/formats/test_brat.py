"""brat standoff: text and labels beside each other, read and written, events and annotators too."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator import exchange, schemes
from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.formats import Problem, Reading, brat, by_name, companions, recognise
from annotator.formats.replacing import ExportError
from annotator.model import Article, Fragment, Layer, Relation, Span, text_hash
from annotator.project import Project
from tests.formats.round_trip import (
    WRITING,
    assert_comes_back,
    assert_is_recognised,
    marked_articles,
    said,
    with_id,
)

GOLDEN = Path(__file__).parent / "data" / "brat"
TEXT = "Ana Ilves said the quay was safe.\nBerg denied that the quay had moved.\n"


def pair(folder: Path, lines: str, text: str = TEXT, name: str = "wire") -> Path:
    """Write a text and the labels on it, and return the file of labels."""
    folder.mkdir(exist_ok=True, parents=True)
    folder.joinpath(f"{name}.txt").write_bytes(text.encode())
    labels = folder / f"{name}.ann"
    labels.write_bytes(lines.encode())
    return labels


def read(path: Path, **how: object) -> tuple[Annotated, list[str]]:
    """Return the one article at *path*, and what is reported about it."""
    found = list(brat.read(path, Reading(**how)))  # type: ignore[arg-type]
    (article,) = (item for item in found if isinstance(item, Annotated))
    return article, [str(item) for item in found if isinstance(item, Problem)]


def said_spans(item: Annotated) -> list[tuple[object, ...]]:
    """Return label, words, attributes and note of each span, in reading order."""
    (layer,) = item.layers
    return [
        (span.label, span.text, dict(span.attributes), span.note) for span in item.spans_of(layer)
    ]


def said_ties(item: Annotated) -> set[tuple[str, str, str]]:
    """Return source words, label and target words of each relation."""
    return {
        (item.spans[tie.source].text[0], tie.label, item.spans[tie.target or ""].text[0])
        for tie in item.relations.values()
    }


@given(st.lists(marked_articles(), min_size=1, max_size=2))
def test_labels_come_back_without_exactly_what_was_announced(items: list[Annotated]) -> None:
    items = [with_id(item, f"wire-{number}") for number, item in enumerate(items)]
    with TemporaryDirectory() as folder:
        assert_comes_back(brat, items, Path(folder, "out"))


@given(marked_articles())
def test_the_same_articles_give_the_same_bytes(item: Annotated) -> None:
    with TemporaryDirectory() as folder:
        for name in ("one", "two"):
            brat.write([item], Path(folder, name), WRITING)
        one, two = Path(folder, "one"), Path(folder, "two")
        names = {path.relative_to(one) for path in one.rglob("*.*")}
        assert names == {path.relative_to(two) for path in two.rglob("*.*")}
        assert all((one / path).read_bytes() == (two / path).read_bytes() for path in names)


def test_labels_are_recognised_by_their_lines(tmp_path: Path) -> None:
    assert_is_recognised(brat, pair(tmp_path, "T1\tSpeaker 0 9\tAna Ilves\n"))


def test_a_text_that_begins_like_a_label_is_not_taken_for_labels(tmp_path: Path) -> None:
    path = tmp_path / "wire.txt"
    path.write_text("T1\tis the terminal that was closed.\n")
    found = recognise(path)
    assert found is None or found.name != brat.name


@pytest.mark.parametrize("name", ["plain", "events", "several"])
def test_golden_files_come_in_and_are_written_as_before(name: str, tmp_path: Path) -> None:
    found = list(brat.read(GOLDEN / name, Reading()))
    assert [str(item) for item in found if isinstance(item, Problem)] == []
    items = [item for item in found if isinstance(item, Annotated)]
    brat.write(items, tmp_path / "out", WRITING)
    assert files(tmp_path / "out") == files(GOLDEN / f"{name}-written")


def files(folder: Path) -> dict[str, str]:
    """Return the texts and labels in a folder, by their names from there on."""
    found = (path for suffix in ("ann", "txt") for path in folder.rglob(f"*.{suffix}"))
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in found}


def test_brat_is_told_of_every_label_relation_attribute_and_event(tmp_path: Path) -> None:
    found = brat.read(GOLDEN / "events", Reading())
    brat.write([item for item in found if isinstance(item, Annotated)], tmp_path / "out", WRITING)
    told = (tmp_path / "out/import/annotation.conf").read_text().splitlines()
    entities = told[told.index("[entities]") : told.index("[relations]")]
    assert {"Source", "Cue", "Content", "When", "Speaker", "Location"} <= set(entities)
    assert "Opening" not in entities
    assert "Opening\tTime*:<ENTITY>" in told
    assert "Attribution\tContent*:<ENTITY>, Cue*:<ENTITY>, Source*:<ENTITY>" in told
    assert "attributed_to\tArg1:Claim, Arg2:Speaker" in told
    assert "Speculation\tArg:<ANY>" in told
    assert "polarity\tArg:Claim, Value:affirmed|negated" in told


def test_fragments_attributes_notes_and_relations_come_in(tmp_path: Path) -> None:
    path = pair(
        tmp_path,
        "T1\tSpeaker 0 9\tAna Ilves\n"
        "T2\tClaim 15 32;46 54\tthe quay was safe that the\n"
        "A1\tform T2 indirect\n"
        "M1\tChecked T2\n"
        "#1\tAnnotatorNotes T2\tfirst\n"
        "#2\tAnnotatorNotes T2\tsecond\n"
        "R1\tattributed_to Arg1:T2 Arg2:T1\t\n",
    )
    item, problems = read(path)
    assert problems == []
    assert said_spans(item) == [
        ("Speaker", ("Ana Ilves",), {}, ""),
        (
            "Claim",
            ("the quay was safe", "that the"),
            {"form": "indirect", "Checked": True},
            "first\nsecond",
        ),
    ]
    assert said_ties(item) == {("the quay was safe", "attributed_to", "Ana Ilves")}


def test_fragments_may_stand_in_any_order(tmp_path: Path) -> None:
    path = pair(tmp_path, "T1\tClaim 46 54;15 32\tthat the the quay was safe\n")
    item, problems = read(path)
    assert problems == []
    assert item.spans["T1"].text == ("the quay was safe", "that the")


def test_line_ends_in_covered_words_are_shown_as_blanks(tmp_path: Path) -> None:
    path = pair(tmp_path, "T1\tClaim 28 38\tsafe. Berg\n")
    item, problems = read(path)
    assert problems == []
    assert item.spans["T1"].text == ("safe.\nBerg",)


def test_only_a_line_feed_ends_a_line(tmp_path: Path) -> None:
    text = "Ana\u2028said\x0bso\x85today, she\x1cadded."
    path = pair(tmp_path, f"T1\tClaim 0 {len(text)}\t{text}\nT2\tCue 4 8\tsaid\n", text)
    item, problems = read(path)
    assert problems == []
    assert [span.text for span in item.spans.values()] == [(text,), ("said",)]


def test_a_span_across_lines_is_split_for_brat_and_whole_again_when_read(tmp_path: Path) -> None:
    item = one_span(Fragment(28, 38))
    brat.write([item], tmp_path / "out", WRITING)
    first = (tmp_path / "out/ada/wire.ann").read_text().split("\n")[0]
    assert first == "T1\tClaim 28 33;34 38\tsafe. Berg"
    back, problems = read(tmp_path / "out/ada/wire.ann")
    assert problems == []
    assert [span.fragments for span in back.spans.values()] == [(Fragment(28, 38),)]


def test_a_span_that_brat_moved_stays_moved(tmp_path: Path) -> None:
    brat.write([one_span(Fragment(28, 38))], tmp_path / "out", WRITING)
    labels = tmp_path / "out/ada/wire.ann"
    labels.write_text(labels.read_text().replace("28 33;34 38\tsafe. Berg", "28 32\tsafe"))
    back, problems = read(labels)
    assert problems == []
    assert [span.fragments for span in back.spans.values()] == [(Fragment(28, 32),)]


def one_span(*fragments: Fragment, label: str = "Claim", text: str = TEXT) -> Annotated:
    """Return an article of ada's with one span."""
    item = Annotated(Article(id="wire", title="", text=text, sha256=text_hash(text)))
    item.layers["L"] = Layer(id="L", article_id="wire", author="ada")
    words = tuple(text[start:end] for start, end in fragments)
    item.spans["S"] = Span(
        id="S", article_id="wire", layer_id="L", label=label, fragments=fragments, text=words
    )
    return item


def test_names_that_brat_cannot_take_are_given_back(tmp_path: Path) -> None:
    item = one_span(Fragment(0, 9), label="Sprecher: „wörtlich“ | <b>")
    brat.write([item], tmp_path / "out", WRITING)
    first = (tmp_path / "out/ada/wire.ann").read_text().split()[1]
    assert first.isascii()
    assert first in (tmp_path / "out/ada/annotation.conf").read_text().split("\n")
    back, _ = read(tmp_path / "out/ada/wire.ann")
    assert said(back, titles=False) == said(item, titles=False)


# ------------------------------------------------------------------------------------------ events

ATTRIBUTION = (
    "T1\tSource 0 9\tAna Ilves\n"
    "T2\tCue 10 14\tsaid\n"
    "T3\tContent 15 32\tthe quay was safe\n"
    "T4\tAttribution 10 14\tsaid\n"
    "T5\tContent 46 69\tthat the quay had moved\n"
    "T6\tSource 34 38\tBerg\n"
    "E1\tAttribution:T4 Source:T1 Cue:T2 Content:T3 Content2:T5 Source2:T6\n"
)


def test_attribution_events_become_speakers_cues_and_claims(tmp_path: Path) -> None:
    item, problems = read(pair(tmp_path, ATTRIBUTION))
    assert problems == []
    assert [label for label, *_ in said_spans(item)] == [
        "Speaker",
        "Cue",
        "Claim",
        "Speaker",
        "Claim",
    ]
    claims = ("the quay was safe", "that the quay had moved")
    assert said_ties(item) == {
        (claim, *end)
        for claim in claims
        for end in (
            ("attributed_to", "Ana Ilves"),
            ("attributed_to", "Berg"),
            ("cued_by", "said"),
        )
    }


def test_attribution_events_are_written_as_events_again(tmp_path: Path) -> None:
    item, _ = read(pair(tmp_path / "in", ATTRIBUTION))
    assert [loss.feature for loss in brat.cannot_carry([item], WRITING)] == ["titles"]
    brat.write([item], tmp_path / "out", WRITING)
    lines = (tmp_path / "out/import/wire.ann").read_text().splitlines()
    assert "E1\tAttribution:T6 Source:T1 Source2:T4 Cue:T2 Content:T3 Content2:T5" in lines
    assert "T6\tAttribution 10 14\tsaid" in lines
    back, problems = read(tmp_path / "out/import/wire.ann")
    assert problems == []
    assert said(back, titles=False) == said(item, titles=False)


def test_a_claim_added_since_is_written_as_an_event_as_well(tmp_path: Path) -> None:
    item, _ = read(pair(tmp_path / "in", ATTRIBUTION.replace(" Content2:T5 Source2:T6", "")))
    for number, (label, target) in enumerate((("attributed_to", "T6"), ("cued_by", "T2"))):
        item.relations[f"new{number}"] = Relation(
            id=f"new{number}",
            article_id="wire",
            layer_id="in",
            label=label,
            source="T5",
            target=target,
        )
    brat.write([item], tmp_path / "out", WRITING)
    written = (tmp_path / "out/import/wire.ann").read_text()
    assert written.count("\nE") == 2
    assert "\nR" not in written
    back, _ = read(tmp_path / "out/import/wire.ann")
    assert said(back, titles=False) == said(item, titles=False)


def test_relations_of_an_event_that_no_longer_say_all_of_it_stay_what_they_are(
    tmp_path: Path,
) -> None:
    item, _ = read(pair(tmp_path / "in", ATTRIBUTION))
    gone = next(key for key, tie in item.relations.items() if tie.target == "T6")
    del item.relations[gone]
    brat.write([item], tmp_path / "out", WRITING)
    back, problems = read(tmp_path / "out/import/wire.ann")
    assert problems == []
    assert said(back, titles=False) == said(item, titles=False)


def test_a_trigger_on_other_words_than_the_cue_is_kept(tmp_path: Path) -> None:
    lines = ATTRIBUTION.replace("Attribution 10 14\tsaid", "Attribution 10 18\tsaid the")
    item, _ = read(pair(tmp_path / "in", lines))
    assert ("Attribution", ("said the",), {}, "") in said_spans(item)
    brat.write([item], tmp_path / "out", WRITING)
    back, problems = read(tmp_path / "out/import/wire.ann")
    assert problems == []
    assert said(back, titles=False) == said(item, titles=False)


def test_other_events_become_relations_from_their_triggers(tmp_path: Path) -> None:
    path = pair(
        tmp_path / "in",
        "T1\tPerson 0 9\tAna Ilves\n"
        "T2\tReport 10 14\tsaid\n"
        "T3\tMove 64 69\tmoved\n"
        "T4\tThing 55 59\tquay\n"
        "E1\tReport:T2 Reporter:T1 Event:E2\n"
        "E2\tMove:T3 Theme:T4 Theme2:T1\n"
        "E3\tMove:T3 Theme:T4\n"
        "A1\tNegation E2\n"
        "*\tEquiv T1 T4 T3\n",
    )
    item, problems = read(path)
    assert problems == []
    assert said_ties(item) >= {
        ("said", "Reporter", "Ana Ilves"),
        ("said", "Event", "moved"),
        ("moved", "Theme", "quay"),
        ("moved", "Theme", "Ana Ilves"),
    }
    assert [span.label for span in item.spans.values()].count("Move") == 2
    brat.write([item], tmp_path / "out", WRITING)
    back, problems = read(tmp_path / "out/import/wire.ann")
    assert problems == []
    assert said(back, titles=False) == said(item, titles=False)
    written = (tmp_path / "out/import/wire.ann").read_text()
    assert written.count("\nE") == 3
    assert written.count("\n*\t") == 1


# --------------------------------------------------------------------------------- annotators


def polnear_like(folder: Path) -> Path:
    """Lay out two annotators' labels as attribution corpora do, and return the first file."""
    (folder / "text").mkdir()
    (folder / "text/coast_2016-09-12.txt").write_text(TEXT)
    (folder / "attributions").mkdir()
    for author in ("4b22", "ef2d"):
        path = folder / "attributions" / f"coast_2016-09-12_{author}.ann"
        path.write_text(f"T1\tSource 0 9\tAna Ilves\n#1\tAnnotatorNotes T1\tby {author}\n")
    return folder / "attributions/coast_2016-09-12_4b22.ann"


def test_the_part_after_the_last_underscore_is_the_annotator(tmp_path: Path) -> None:
    path = polnear_like(tmp_path)
    item, problems = read(path)
    assert problems == []
    assert item.article.id == "coast_2016-09-12"
    assert {(layer.author, layer.kind) for layer in item.layers.values()} == {
        ("4b22", "person"),
        ("ef2d", "person"),
    }
    assert {item.layers[span.layer_id].author: span.note for span in item.spans.values()} == {
        "4b22": "by 4b22",
        "ef2d": "by ef2d",
    }
    own = tmp_path / "attributions"
    assert set(companions(by_name(brat.name), path)) == {
        tmp_path / "text/coast_2016-09-12.txt",
        own / "coast_2016-09-12_ef2d.ann",
    }


def test_ids_do_not_depend_on_who_else_marked_the_text(tmp_path: Path) -> None:
    path = polnear_like(tmp_path)
    before, _ = read(path)
    path.with_name("coast_2016-09-12_00aa.ann").write_text("T1\tSource 34 38\tBerg\n")
    after, _ = read(path)
    assert before.spans.items() <= after.spans.items()


def test_a_project_has_each_label_once_however_often_it_is_imported(tmp_path: Path) -> None:
    polnear_like(tmp_path)
    project = Project.create(tmp_path / "p.annotator", schemes.load("news-default"), author="ada")
    try:
        for _ in range(2):
            report = exchange.bring_in(project, sorted((tmp_path / "attributions").iterdir()))
            assert report.failed == []
        (item,) = project.each_annotated()
        assert len(item.layers) == 2
        assert len(item.spans) == 2
    finally:
        project.close()


# ------------------------------------------------------------------------------- hostile inputs


@pytest.mark.hostile(13)
@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("T9\tClaim 0 9;;4\tx", "not written as"),
        ("T9\tClaim -5 9\tx", "not a stretch"),
        ("T9\tClaim 9 0\tx", "not a stretch"),
        ("T9\tClaim 5 5\t", "not a stretch"),
        ("T9\tClaim 0 99999\tx", "not a stretch"),
        ("T9\tClaim 0 999999999999999999999\tx", "not written as"),
        ("T9\tClaim 0 9;5 14\tAna Ilves lves said", "overlap"),
        ("T9\tClaim 0 9\tBen Ilves", "covers 'Ana Ilves', not 'Ben Ilves'"),
        ("T1\tClaim 0 9\tAna Ilves", "on an earlier line"),
        ("R1\tattributed_to Arg1:T1 Arg2:T7", "Arg2:T7 is not there"),
        ("R1\tattributed_to Arg1:T1", "A relation is written as"),
        ("A1\tform T7 direct", "T7 is not there"),
        ("A1\tform", "An attribute is written as"),
        ("N1\tReference T7 wikidata:Q1\tAna", "T7 is not there"),
        ("N1\tReference T1 wikidata", "A reference is written as"),
        ("#1\tAnnotatorNotes R7\tno", "R7 is not there"),
        ("#1\tAnnotatorNotes", "A note is written as"),
        ("E1\tReport:T7 Who:T1", "T7 is not there"),
        ("E1\tReport:T1 Who:E7", "Who:E7 is not there"),
        ("E1\tReport", "An event is written as"),
        ("*\tEquiv T1", "two spans"),
        ("../../etc/passwd", "is not a line of brat"),
        ("Q1\tClaim 0 9\tx", "is not a line of brat"),
        ("T9\tClaim 0 9\t" + "x" * (10 * 1024 * 1024), "too many for a label"),
    ],
)
def test_a_bad_line_is_reported_and_the_rest_comes_in(
    line: str, reason: str, tmp_path: Path
) -> None:
    path = pair(tmp_path, f"T1\tSpeaker 0 9\tAna Ilves\n{line}\nT2\tCue 10 14\tsaid\n")
    item, problems = read(path)
    assert {"Ana Ilves", "said"} <= {span.text[0] for span in item.spans.values()}
    (problem,) = problems
    assert problem.startswith("line 2, wire.ann")
    assert reason in problem


@pytest.mark.hostile(13)
def test_what_refers_to_a_bad_label_is_reported_too(tmp_path: Path) -> None:
    path = pair(
        tmp_path,
        "T1\tSpeaker 0 9\tBen Ilves\nT2\tClaim 15 32\tthe quay was safe\n"
        "R1\tattributed_to Arg1:T2 Arg2:T1\n#1\tAnnotatorNotes T1\tsure\n",
    )
    item, problems = read(path)
    assert [span.id for span in item.spans.values()] == ["T2"]
    assert not item.relations
    assert [problem.split(":")[0] for problem in problems] == [
        "line 1, wire.ann, T1",
        "line 3, wire.ann, R1",
        "line 4, wire.ann, #1",
    ]


def test_a_label_with_wrong_offsets_goes_where_its_words_stand_if_asked(tmp_path: Path) -> None:
    path = pair(tmp_path, "T1\tSpeaker 3 12\tAna Ilves\nT2\tClaim 0 8\tthe quay\n")
    item, problems = read(path, anchoring=True)
    assert item.spans["T1"].fragments == (Fragment(0, 9),)
    assert len(problems) == 1  # the quay stands there twice


@pytest.mark.parametrize(("unit", "start"), [("utf16", 2), ("byte", 4), ("codepoint", 1)])
def test_what_the_offsets_count_is_found_out(unit: str, start: int, tmp_path: Path) -> None:
    path = pair(tmp_path, f"T1\tSpeaker {start} {start + 3}\tAna\n", "🚢Ana said so.")
    item, problems = read(path)
    assert problems == []
    assert item.spans["T1"].fragments == (Fragment(1, 4),)


@pytest.mark.parametrize("start", [8, 9])
def test_labels_fit_however_line_ends_were_counted(start: int, tmp_path: Path) -> None:
    path = pair(tmp_path, f"T1\tSpeaker {start} {start + 3}\tAna\r\n", "Aboard:\r\nAna said.\r\n")
    item, problems = read(path)
    assert problems == []
    assert item.spans["T1"].text == ("Ana",)


def test_a_byte_order_mark_may_have_been_counted(tmp_path: Path) -> None:
    path = pair(tmp_path, "T1\tSpeaker 1 4\tAna\n", "\ufeffAna said.")
    item, problems = read(path)
    assert problems == []
    assert item.spans["T1"].fragments == (Fragment(0, 3),)


@pytest.mark.hostile(12)
def test_a_link_that_leads_out_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("root:x:0:0")
    inside = tmp_path / "in"
    inside.mkdir()
    (inside / "wire.txt").symlink_to(secret)
    (inside / "wire.ann").write_text("T1\tClaim 0 4\troot\n")
    with pytest.raises(UserError, match="leads out of its folder"):
        list(brat.read(inside / "wire.ann", Reading()))


@pytest.mark.hostile(12)
def test_another_annotators_labels_behind_a_link_are_left_out_and_named(tmp_path: Path) -> None:
    path = polnear_like(tmp_path)
    outside = tmp_path / "elsewhere.ann"
    outside.write_text("T1\tSource 0 9\tAna Ilves\n")
    path.with_name("coast_2016-09-12_evil.ann").symlink_to(outside)
    item, problems = read(path)
    assert len(item.layers) == 2
    assert problems == [
        "coast_2016-09-12_evil.ann: It is a link that leads out of the folder; it was left out."
    ]


@pytest.mark.hostile(12)
def test_configurations_that_name_other_files_are_only_configurations(tmp_path: Path) -> None:
    path = pair(tmp_path, "T1\tSpeaker 0 9\tAna Ilves\n")
    (tmp_path / "annotation.conf").write_text("[entities]\n#include ../../secret.conf\nSpeaker\n")
    item, problems = read(path)
    assert problems == []
    assert [layer.author for layer in item.layers.values()] == ["import"]


def test_labels_without_their_text_are_named(tmp_path: Path) -> None:
    path = pair(tmp_path, "T1\tSpeaker 0 9\tAna Ilves\n")
    path.with_suffix(".txt").unlink()
    with pytest.raises(UserError, match=r"there is no wire\.txt"):
        list(brat.read(path, Reading()))


@pytest.mark.parametrize(
    "id_", ["../../up", "CON", "a/b\\c", ".hidden", "Wire", "wire.", "ä" * 200]
)
def test_no_article_id_leads_out_of_the_folder(id_: str, tmp_path: Path) -> None:
    items = [with_id(one_span(Fragment(0, 9)), one) for one in ("wire", id_)]
    brat.write(items, tmp_path / "out", WRITING)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    folder = tmp_path / "out/ada"
    assert len({path.name.casefold() for path in folder.glob("*.ann")}) == 2
    back = [item for item in brat.read(tmp_path / "out", Reading()) if isinstance(item, Annotated)]
    if len(id_) < 100:
        assert {item.article.id for item in back} == {"wire", id_}


def test_a_folder_of_other_files_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("mine")
    with pytest.raises(ExportError):
        brat.write([one_span(Fragment(0, 9))], tmp_path, WRITING)
    assert (tmp_path / "precious.txt").read_text() == "mine"


def test_carriage_returns_are_kept_and_announced(tmp_path: Path) -> None:
    item = one_span(Fragment(5, 9), text="One\r\nTwo\u00e9 three")
    assert [loss.feature for loss in brat.cannot_carry([item], WRITING)] == ["carriage_returns"]
    brat.write([item], tmp_path / "out", WRITING)
    back, _ = read(tmp_path / "out/ada/wire.ann")
    assert said(back, titles=False) == said(item, titles=False)
