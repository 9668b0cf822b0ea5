"""Imports by options: one edit, names, layers, strangers, and nothing half."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.metadata import EntryPoints, entry_points
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from annotator import exchange, formats, schemes
from annotator.annotated import Annotated
from annotator.cli import main
from annotator.exchange import Cancelled, Names, Options, Step, Stranger
from annotator.exchange.growth import Strangers
from annotator.exchange.sources import sources
from annotator.formats import jsonl
from annotator.model import SCHEME_ID
from annotator.project import Project
from annotator.scheme import from_record, inconsistencies, to_record
from tests.exchange.stopping import assert_each_stop
from tests.formats.articles import any_article, small
from tests.formats.round_trip import WRITING

pytestmark = pytest.mark.usefixtures("_flat")

TEXT = "Ada said it rains in Oslo."
SPANS = [[0, 3, "PER", "Ada"], [9, 17, "Claim", "it rains"]]


def flat(folder: Path, name: str = "a.flat", **values: Any) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    data = {"flat": path.stem, "text": TEXT, "spans": SPANS, **values}
    path.write_text(json.dumps(data) + "\n", encoding="utf-8")
    return path


def said(project: Project) -> dict[str, list[tuple[str, str]]]:
    """Return label and words of all spans by author."""
    found: dict[str, list[tuple[str, str]]] = {}
    for item in project.each_annotated():
        for layer in item.layers.values():
            spans = found.setdefault(layer.author, [])
            spans += [(span.label, span.text[0]) for span in item.spans_of(layer.id)]
    return found


def texts(folder: Path, count: int) -> Path:
    """Make a folder of plain texts."""
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:02}.txt").write_text(f"Story {number}\n\nIt rained.\n", "utf-8")
    return folder


def test_what_a_file_is_in_a_folder_is_found_out_by_opening_it_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    plain_open = Path.open

    def noted(path: Path, *how: Any, **more: Any) -> Any:
        if path.parent == folder:
            opened.append(path.name)
        return plain_open(path, *how, **more)

    folder = texts(tmp_path / "in", 5)
    monkeypatch.setattr(Path, "open", noted)
    found = sources([folder], Options())
    assert [item.path.name for item in found] == opened == [f"{n:02}.txt" for n in range(5)]


def test_looking_for_questions_tells_of_every_file_and_stops_at_any(tmp_path: Path) -> None:
    folder = texts(tmp_path / "in", 5)
    told: list[str] = []

    def progress(step: Step) -> None:
        told.append(step.what)
        if len(told) == stop_at:
            raise Cancelled("Stopped.")

    for stop_at in range(1, 6):
        told.clear()
        with pytest.raises(Cancelled):
            exchange.leaves_questions([folder], progress)
        assert told == [f"{n:02}.txt" for n in range(stop_at)]


def test_relations_between_ends_that_the_scheme_does_not_allow_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Ada said it rains.", "utf-8")
    (tmp_path / "a.ann").write_text(
        "T1\tSource 0 3\tAda\nT2\tCue 4 8\tsaid\nT3\tContent 9 17\tit rains\n"
        "T4\tAttribution 4 8\tsaid\nE1\tAttribution:T4 Source:T1 Cue:T2 Content:T3\n",
        "utf-8",
    )
    with Project.create(tmp_path / "p.annotator", schemes.load("quotations")) as project:
        report = exchange.bring_in(project, [tmp_path / "a.ann"])
        wrong = project.check()
    assert [item.code for item in wrong] == ["illegal-relation"]
    (note,) = report.notes
    assert note.startswith(
        "1 relation “cued_by” leads from Claim to Cue; "
        "the scheme has it lead from Quotation to Cue."
    )
    with Project.create(tmp_path / "q.annotator", schemes.load("quotations")) as project:
        names = Names(labels={"Claim": "Quotation"})
        report = exchange.bring_in(project, [tmp_path / "a.ann"], Options(names=names))
        assert (report.notes, project.check()) == ([], [])


def test_all_files_of_one_command_are_one_step_of_undo(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    flat(folder, "a.flat")
    flat(folder, "b.flat", text=TEXT + " Really.")
    jsonl.write([small()], folder / "c.jsonl", WRITING)
    (folder / "d.txt").write_text("A story\n\nNothing happened in Narva today.\n", "utf-8")
    report = exchange.bring_in(project, [folder])
    assert len(report.articles) == 4
    assert project.steps_to_undo == 1
    assert "PER" in {label.name for label in project.scheme.labels}
    project.undo()
    assert project.stats().articles == 0
    assert project.scheme == schemes.load("news-default")


def test_the_same_files_again_change_nothing(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    flat(folder / "ann-1")
    flat(folder / "ann-2", spans=SPANS[:1])
    (folder / "d.txt").write_text("A story\n\nNothing happened in Narva today.\n", "utf-8")
    exchange.bring_in(project, [folder])
    before, labels = project.revision, said(project)
    again = exchange.bring_in(project, [folder])
    assert again.complete
    assert again.articles == []
    assert (project.revision, said(project)) == (before, labels)


def test_files_with_one_text_are_several_readings_of_one_article(
    project: Project, tmp_path: Path
) -> None:
    flat(tmp_path / "in" / "ann-1")
    flat(tmp_path / "in" / "ann-2", spans=SPANS[:1])
    report = exchange.bring_in(project, [tmp_path / "in"])
    assert report.articles == ["a"]
    assert said(project) == {
        "import": [("PER", "Ada"), ("Claim", "it rains")],
        "import 2": [("PER", "Ada")],
    }


def test_second_readings_of_other_articles_do_not_get_in_each_others_way(
    project: Project, tmp_path: Path
) -> None:
    for number in range(2):
        text = f"{TEXT} {number}"
        for reader, spans in (("x", SPANS), ("y", SPANS[:1])):
            # The ids of both articles are equal: files of other programs often have the same.
            flat(tmp_path / f"in-{number}" / reader, text=text, spans=spans)
        report = exchange.bring_in(project, [tmp_path / f"in-{number}"])
        assert (len(report.articles), report.layers, report.failed) == (1, 2, [])
        again = exchange.bring_in(project, [tmp_path / f"in-{number}"])
        assert (again.layers, again.complete) == (0, True)


def test_labels_go_to_the_layer_that_is_named(project: Project, tmp_path: Path) -> None:
    path = flat(tmp_path / "in")
    exchange.bring_in(project, [path], Options(layer="bob"))
    exchange.bring_in(project, [path], Options(layer="eve"))
    expected = [("PER", "Ada"), ("Claim", "it rains")]
    assert said(project) == {"bob": expected, "eve": expected}


def test_several_peoples_labels_do_not_become_one_persons(project: Project, tmp_path: Path) -> None:
    item = small()
    layer = item.layers["l1"]
    item.layers["l2"] = type(layer)(id="l2", article_id=layer.article_id, author="bob")
    jsonl.write([item], tmp_path / "in.jsonl", WRITING)
    report = exchange.bring_in(project, [tmp_path / "in.jsonl"], Options(layer="eve"))
    assert "several people’s labels" in report.failed[0]
    assert project.stats().articles == 0


def test_unknown_labels_are_added_to_the_scheme_with_their_values(
    project: Project, tmp_path: Path
) -> None:
    path = flat(tmp_path / "in", attributes={"sure": "yes", "form": "scare"})
    report = exchange.bring_in(project, [path])
    assert report.added == [
        Stranger(kind="label", name="PER", count=1),
        Stranger(kind="value", name="Claim.form=scare", count=1),
        Stranger(kind="attribute", name="Claim.sure", count=1),
        Stranger(kind="attribute", name="PER.form", count=1),
        Stranger(kind="attribute", name="PER.sure", count=1),
    ]
    scheme = project.scheme
    per, claim = scheme.label("PER"), scheme.label("Claim")
    assert per is not None
    assert claim is not None
    assert [(one.name, one.values) for one in per.attributes] == [
        ("form", ("scare",)),
        ("sure", ("yes",)),
    ]
    form = claim.attribute("form")
    assert form is not None
    assert form.values == ("direct", "indirect", "mixed", "scare")
    assert scheme.version == 2


def test_unknown_labels_can_be_left_out(project: Project, tmp_path: Path) -> None:
    path = flat(tmp_path / "in")
    report = exchange.bring_in(project, [path], Options(unknown="leave-out"))
    assert report.left_out == [Stranger(kind="label", name="PER", count=1)]
    assert said(project) == {"import": [("Claim", "it rains")]}
    assert project.scheme.version == 1


def test_names_are_mapped_before_anything_is_unknown(project: Project, tmp_path: Path) -> None:
    names = Names(labels={"PER": "Speaker"})
    report = exchange.bring_in(project, [flat(tmp_path / "in")], Options(names=names))
    assert (report.added, report.left_out) == ([], [])
    assert said(project) == {"import": [("Speaker", "Ada"), ("Claim", "it rains")]}


@settings(max_examples=60)
@given(item=any_article())
def test_a_scheme_learns_any_labels_and_stays_sound(item: Annotated) -> None:
    record = to_record(schemes.load("blank"))
    strangers = Strangers(from_record(record))
    strangers.notice(item)
    change = strangers.growth(record)
    if change is None:
        return
    after: Any = change.after
    assert after.id == SCHEME_ID
    scheme = from_record(after)
    assert inconsistencies(scheme) == []
    named = {span.label for span in item.spans.values() if span.label.strip()}
    assert named <= {label.name for label in scheme.labels}
    left = Strangers(scheme)
    left.notice(item)
    assert [one for one in left.found if one.kind in ("label", "attribute", "value")] == []
    assert left.without(item).spans.keys() >= {
        key for key, span in item.spans.items() if span.label.strip()
    }


def test_a_bad_label_is_left_out_and_the_others_come(project: Project, tmp_path: Path) -> None:
    wrong = [[1, 4, "PER", "Ada"], SPANS[1]]
    path = flat(tmp_path / "in", spans=wrong)
    report = exchange.bring_in(project, [path])
    assert report.failed == [
        f"{path}, line 1, spans[0]: 1-4 covers 'da ', not 'Ada'. Those words stand at 0-3."
    ]
    assert said(project) == {"import": [("Claim", "it rains")]}
    anchored = exchange.bring_in(project, [path], Options(anchoring=True, overwrite=True))
    assert anchored.complete
    assert said(project) == {"import": [("PER", "Ada"), ("Claim", "it rains")]}


def test_a_file_that_breaks_in_the_middle_brings_nothing(project: Project, tmp_path: Path) -> None:
    good = flat(tmp_path / "in", "good.flat", text=TEXT + " Really.")
    bad = flat(tmp_path / "in", "bad.jsonl")
    bad.write_bytes(jsonl_line() + b'{"annotator": 1, "id"')
    report = exchange.bring_in(project, [good, bad, tmp_path / "none.flat"])
    assert sorted(report.articles) == ["ferry-1", "good"]
    assert any("bad.jsonl, line 2" in reason for reason in report.failed)
    assert any("none.flat" in reason for reason in report.failed)


def jsonl_line() -> bytes:
    return jsonl.encode(small(), "news-default/1", jsonl.Names())


def test_stopping_an_import_leaves_the_project_as_it_was(project: Project, tmp_path: Path) -> None:
    for name in ("a.flat", "b.flat"):
        flat(tmp_path / "in", name, text=f"{TEXT} {name}")
    exchange.bring_in(project, [tmp_path / "in"], dry_run=True)

    def check() -> None:
        assert project.revision == 0

    check()
    assert_each_stop(
        lambda until: exchange.bring_in(project, [tmp_path / "in"], progress=until), check
    )
    assert project.revision == 1


def test_a_look_says_what_would_come(project: Project, tmp_path: Path) -> None:
    path = flat(tmp_path / "in", text="🚢" + TEXT, spans=[[2, 5, "PER", "Ada"]])
    seen = exchange.look(project, [path])
    (file,) = seen.files
    assert (file.form, file.articles, file.problem_count, file.unit) == ("flat", 1, 1, "utf16")
    right = exchange.look(project, [path], Options(offsets="utf16"))
    assert right.labels == {"PER": 1}
    assert right.strangers == (Stranger(kind="label", name="PER", count=1),)
    assert [item.text for item in _texts(right)] == ["🚢" + TEXT]


def _texts(look: exchange.Look) -> list[Any]:
    return [getattr(item, "article", item) for item in look.first]


def test_a_look_can_stop_after_some_articles(project: Project, tmp_path: Path) -> None:
    for name in ("a.flat", "b.flat", "c.flat"):
        flat(tmp_path / "in", name)
    seen = exchange.look(project, [tmp_path / "in"], limit=2)
    assert (len(seen.files), seen.whole) == (2, False)


def test_a_dry_run_by_command_says_all_and_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "p.annotator"
    Project.create(path, schemes.load("news-default"), author="ada").close()
    before = path.read_bytes()
    names = tmp_path / "names.toml"
    names.write_text('[labels]\nClaim = "CLM"\n', encoding="utf-8")
    source = flat(tmp_path / "in")
    options = ["--map", str(names), "--layer", "bob", "--dry-run"]
    assert main(["import", str(path), str(source), *options]) == 0
    said = capsys.readouterr().out
    assert "flat, 1 article, 2 spans, 0 relations, by bob" in said
    assert "Added to the scheme: the label CLM (1)" in said
    assert "1 article imported" not in said
    assert "this was a dry run" in said
    assert path.read_bytes() == before


def test_an_import_by_command_takes_one_format_for_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "p.annotator"
    Project.create(path, schemes.load("news-default"), author="ada").close()
    source = flat(tmp_path / "in")
    assert main(["import", str(path), str(source), "--format", "text"]) == 0
    assert main(["stats", str(path), "--json"]) == 0
    assert '"spans": 0' in capsys.readouterr().out
    assert main(["import", str(path), str(source), "--format", "nope"]) == 3
    assert main(["import", str(path), str(source), "--columns", "text"]) == 2


def test_a_column_that_no_table_has_is_told_with_those_that_there_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "p.annotator"
    Project.create(path, schemes.load("blank"), author="ada").close()
    table = tmp_path / "a.csv"
    table.write_text("head,body\nFerry,The ferry sails late.\n", encoding="utf-8")
    lines = tmp_path / "b.jsonl"
    lines.write_text(
        '{"text": "The quay is closed."}\n' * 5 + '{"text": "It is.", "kicker": "Port"}\n',
        encoding="utf-8",
    )
    wrong = ["import", str(path), str(table), "--columns", "title=haed,text=body"]
    assert main(wrong) == 3
    said = capsys.readouterr().err
    assert f"There is no column 'haed' in {table}. Its columns are: head, body." in said
    assert main([*wrong[:3], str(lines), "--columns", "title=haed"]) == 3
    said = capsys.readouterr().err
    assert "any of the tables. Their columns are: head, body, text, kicker." in said
    (tmp_path / "c.txt").write_text("The quay is closed.", encoding="utf-8")
    assert main(["import", str(path), str(tmp_path / "c.txt"), "--columns", "title=head"]) == 3
    assert "none of the files is a table" in capsys.readouterr().err
    assert main([*wrong[:3], str(lines), "--columns", "title=head,source=kicker"]) == 0
    assert "articles imported" in capsys.readouterr().out


def test_what_lies_beside_articles_is_neither_imported_nor_complained_of(
    project: Project, tmp_path: Path
) -> None:
    """Our own exports come back as what they were: their cards and type systems are no articles."""
    (tmp_path / "all").mkdir()
    source = Project.create(tmp_path / "p.annotator", schemes.load("news-default"), author="ada")
    with source:
        jsonl.write([small()], tmp_path / "in.jsonl", WRITING)
        exchange.bring_in(source, [tmp_path / "in.jsonl"])
        for form in ("brat", "uima-json", "uima-xmi", "webanno-tsv", "huggingface-jsonl"):
            exchange.take_out(source, tmp_path / "all" / form, exchange.Plan(form=form))
        exchange.take_out(source, tmp_path / "all" / "x.jsonl")
    report = exchange.bring_in(project, [tmp_path / "all"])
    assert not report.failed
    assert len(report.articles) == 1


def test_a_type_system_that_is_named_by_itself_says_what_it_is(
    project: Project, tmp_path: Path
) -> None:
    path = tmp_path / "TypeSystem.xml"
    path.write_text('<?xml version="1.0"?>\n<typeSystemDescription/>', encoding="utf-8")
    report = exchange.bring_in(project, [path])
    assert report.failed == [
        f"{path} has no articles in it: it belongs to files beside it. Import those."
    ]


def test_json_of_a_kind_that_nobody_knows_is_said_to_be_that_once(
    project: Project, tmp_path: Path
) -> None:
    path = tmp_path / "bank.jsonl"
    path.write_text('{"iban": 1}\n' * 50, encoding="utf-8")
    assert exchange.bring_in(project, [path]).failed == [
        f"{path} is in no format that can be read."
    ]


def test_the_formats_of_other_packages_are_looked_for_once_in_an_import(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(20):
        (folder / f"{number}.txt").write_text(f"Story {number}\n\nNothing happened.\n", "utf-8")
    asked = []

    def looked_for(*, group: str) -> EntryPoints:
        asked.append(group)
        return entry_points(group=group)

    monkeypatch.setattr(formats, "entry_points", looked_for)
    assert len(exchange.bring_in(project, [folder]).articles) == 20
    assert len(asked) == 1


def test_the_summary_of_an_import_by_command_counts_what_was_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "p.annotator"
    Project.create(path, schemes.load("news-default"), author="ada").close()
    story = tmp_path / "in" / "b.txt"
    flat(tmp_path / "in", spans=[*SPANS, [0, 3, "PER", "Bob"]])
    story.write_text(TEXT, encoding="utf-8")
    assert main(["import", str(path), str(tmp_path / "in")]) == 1
    assert capsys.readouterr().out.splitlines()[-3:] == [
        "1 article imported; 1 has a text that is there already.",
        "1 layer with 2 spans, 0 relations and 0 new entities.",
        "Not taken in, for the reasons given: 1.",
    ]


@pytest.mark.parametrize("form", ["brat", "uima-json", "uima-xmi", "webanno-tsv", "tei", "w3c"])
def test_two_documents_with_one_text_stay_two_articles_however_often_they_come(
    form: str, project: Project, tmp_path: Path
) -> None:
    first = small()
    second = first.copy()
    second.article = replace(first.article, id="ferry-2")
    second.layers = {"l2": replace(first.layers["l1"], id="l2", article_id="ferry-2")}
    second.relations = {}
    second.spans = {"t2": replace(first.spans["s2"], id="t2", article_id="ferry-2", layer_id="l2")}
    formats.writer(form).write([first, second], tmp_path / "out", WRITING)
    for expected in (2, 0):
        report = exchange.bring_in(project, [tmp_path / "out"])
        assert (len(report.articles), report.layers) == (expected, expected)
        assert [len(one.layers) for one in project.each_annotated()] == [1, 1]
