"""The command line, as people and scripts use it: real processes, real files, exit codes."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from annotator import resources
from annotator.__main__ import VERBS
from annotator.cli import main

ROOT = Path(__file__).resolve().parent.parent
QUAY = "harbour-1-quay"
STORY = "Ferry late\n\nThe ferry from Narva was late, Marta Ilves said on Friday.\n"


def run(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the program with a verb, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "annotator", *map(str, arguments)],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        timeout=120,
        **options,
    )


@pytest.fixture(scope="module")
def _sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from annotator import samples

    path = tmp_path_factory.mktemp("sample") / "sample.annotator"
    samples.create(path).close()
    return path


@pytest.fixture
def sample(_sample: Path, tmp_path: Path) -> Path:
    """A copy of the sample project of this test's own."""
    return Path(shutil.copy(_sample, tmp_path / "sample.annotator"))


def test_the_verbs_load_neither_window_nor_database_before_they_are_needed() -> None:
    code = (
        "import sys, annotator.cli; "
        "heavy = {'PySide6', 'sqlalchemy', 'alembic', 'rich', 'pydantic', 'trafilatura', 'lxml'}; "
        "print(sorted(heavy & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT
    )
    assert done.stdout == "[]\n"


def test_a_whole_verb_runs_without_the_window(sample: Path) -> None:
    code = (
        "import sys; from annotator.cli import main; "
        f"code = main(['stats', {str(sample)!r}, '--json']); "
        "sys.exit(code or ('PySide6' in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT, capture_output=True)
    assert done.returncode == 0


def test_from_a_text_to_saved_labels_and_out_again(store_url: str, tmp_path: Path) -> None:
    story = tmp_path / "story.txt"
    story.write_text(STORY, encoding="utf-8")
    shipped = resources.path("samples/harbour.jsonl")
    made = run("new", store_url, story, "--title", "Ferries")
    assert made.returncode == 0, made.stderr
    assert "1 article imported.\n" in made.stdout
    imported = run("import", store_url, shipped, "--json")
    assert imported.returncode == 0, imported.stderr
    assert json.loads(imported.stdout)["spans"] == 427
    again = run("import", store_url, story, shipped)
    assert again.stdout == "0 articles imported; 4 have a text that is there already.\n"
    figures = json.loads(run("stats", store_url, "--json").stdout)
    assert (figures["title"], figures["articles"], figures["spans"]) == ("Ferries", 4, 427)
    ids = [json.loads(line)["id"] for line in shipped.read_bytes().splitlines()]
    out = tmp_path / "out.jsonl"
    wanted = [part for id_ in ids for part in ("--article", id_)]
    exported = run("export", store_url, out, *wanted)
    assert exported.returncode == 0, exported.stderr
    assert out.read_bytes() == shipped.read_bytes()
    checked = run("check", store_url)
    assert (checked.returncode, checked.stderr) == (0, ""), checked.stdout
    assert checked.stdout.endswith("The project is sound.\n")


def test_labels_are_listed_with_their_relations_and_entities_as_json(sample: Path) -> None:
    done = run("labels", sample, "--article", "harbour-1-quay", "--author", "annotator-1", "--json")
    listed = json.loads(done.stdout)
    spans = {span["id"]: span for span in listed["spans"]}
    text = resources.text("samples/harbour/harbour-1-quay.txt")
    for span in spans.values():
        assert span["author"] == "annotator-1"
        assert [text[start:end] for start, end in span["fragments"]] == span["text"]
    tie = next(item for item in listed["relations"] if item["label"] == "nested_in")
    assert spans[tie["source"]]["text"] == ["the eastern corner might sink by spring"]
    used = {span["entity_id"] for span in spans.values()} - {None}
    used |= {tie["target_entity"] for tie in listed["relations"]} - {None}
    assert {entity["id"] for entity in listed["entities"]} == used


def test_labels_are_listed_for_people(sample: Path) -> None:
    done = run("labels", sample, "--author", "annotator-1")
    assert "  Speaker 57-61 “Oslo”; mention_form=named; is Government of Norway\n" in done.stdout
    assert "    attributed_to: Bergen Harbour Board\n" in done.stdout


def test_the_sample_is_made_by_one_verb_and_gets_the_suffix_of_projects(tmp_path: Path) -> None:
    done = run("new", tmp_path / "harbour", "--sample")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "harbour.annotator").is_file()


@pytest.mark.parametrize(
    ("suffix", "start"), [("pdf", b"%PDF-"), ("png", b"\x89PNG"), ("svg", b"<?xml")]
)
def test_an_article_is_drawn_without_a_screen(
    suffix: str, start: bytes, sample: Path, tmp_path: Path
) -> None:
    out = tmp_path / f"quay.{suffix}"
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {key: value for key, value in os.environ.items() if key not in hidden}
    done = run("render", sample, "--article", QUAY, "--out", out, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert out.read_bytes().startswith(start)


def test_a_drawing_shows_the_labels_of_the_author_asked_for(sample: Path, tmp_path: Path) -> None:
    pictures = []
    for author in ("annotator-1", "annotator-2"):
        out = tmp_path / f"{author}.svg"
        options = ("--author", author, "--width", 700)
        assert run("render", sample, "--article", QUAY, "--out", out, *options).returncode == 0
        pictures.append(out.read_bytes())
    assert pictures[0] != pictures[1]


def test_the_same_labels_in_two_projects_are_the_same_bytes_when_renumbered(tmp_path: Path) -> None:
    story = tmp_path / "story.txt"
    story.write_text(STORY, encoding="utf-8")
    outs = []
    for name in ("one", "two"):
        project = tmp_path / f"{name}.annotator"
        assert run("new", project).returncode == 0
        assert run("import", project, story).returncode == 0
        outs.append(tmp_path / f"{name}.jsonl")
        assert run("export", project, outs[-1], "--renumber").returncode == 0
        assert run("export", project, tmp_path / f"{name} as it is.jsonl").returncode == 0
    first, second = (out.read_bytes() for out in outs)
    assert first == second
    assert json.loads(first)["id"] == "A1"
    ids = {
        json.loads((tmp_path / f"{n} as it is.jsonl").read_bytes())["id"] for n in ("one", "two")
    }
    assert len(ids) == 2


def test_one_authors_labels_are_exported_alone(sample: Path, tmp_path: Path) -> None:
    out = tmp_path / "two.jsonl"
    assert run("export", sample, out, "--author", "annotator-2").returncode == 0
    lines = [json.loads(line) for line in out.read_bytes().splitlines()]
    authors = [layer["author"] for line in lines for layer in line["layers"]]
    assert authors == ["annotator-2"] * 3


def test_a_bad_file_is_named_the_others_come_in_and_the_code_is_one(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(STORY, encoding="utf-8")
    (tmp_path / "bad.txt").write_bytes(b"\x89PNG\r\n\x1a\n")
    project = tmp_path / "p.annotator"
    done = run("new", project, tmp_path / "bad.txt", tmp_path / "good.txt")
    assert done.returncode == 1
    assert f"{tmp_path / 'bad.txt'}" in done.stderr
    assert json.loads(run("stats", project, "--json").stdout)["articles"] == 1


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["stats", "nowhere.annotator"], 3, "nowhere.annotator"),
        (["stats", "{text}"], 3, "not an Annotator project"),
        (["new", "{sample}"], 3, "exists already"),
        (["new", "{free}", "--scheme", "nonsense"], 3, "There is no scheme 'nonsense'"),
        (["new", "{free}", "--scheme", "places", "--sample"], 2, "The sample has its own scheme"),
        (["export", "{sample}", "{sample}"], 3, "is a project, and stays one"),
        (["export", "{sample}", "{free}", "--format", "dvi"], 3, "There is no format 'dvi'"),
        (["export", "{sample}", "{free}", "--author", "eve"], 3, "Nobody called 'eve'"),
        (["export", "{sample}", "{free}", "--article", "x"], 3, "There is no article 'x'"),
        (["labels", "{sample}", "--article", "x"], 3, "There is no article 'x'"),
        (["render", "{sample}", "--article", "x", "--out", "{free}"], 3, "no article 'x'"),
        (["render", "{sample}", "--article", "x", "--out", "{sample}"], 3, "stays one"),
        (["render", "{sample}", "--article", QUAY, "--out", "{free}"], 3, "end in .pdf"),
        (["render", "{sample}", "--article", QUAY, "--out", "{free}", "--width", "9"], 2, "320"),
        (
            ["render", "{sample}", "--article", QUAY, "--out", "{free}", "--theme", "pink"],
            3,
            "There is no theme 'pink'",
        ),
        (["backup", "{sample}", "{text}"], 3, "{text}"),
        (["import", "{sample}"], 2, "Missing argument"),
        (["labels", "{sample}", "--nonsense"], 2, "No such option"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line_and_by_the_code(
    arguments: list[str],
    code: int,
    message: str,
    sample: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = tmp_path / "story.txt"
    text.write_text(STORY, encoding="utf-8")
    places = {"sample": sample, "text": text, "free": tmp_path / "free.out"}
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    assert main([argument.format(**places) for argument in arguments]) == code
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err.startswith("annotator: ")
    assert written.err.count("\n") == 1
    assert message.format(**places) in written.err
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_an_error_leaves_the_process_with_its_code_and_no_traceback(tmp_path: Path) -> None:
    done = run("stats", tmp_path / "none.annotator")
    assert done.returncode == 3
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_the_help_says_what_the_exit_codes_mean() -> None:
    done = run("--help")
    assert done.returncode == 0
    for verb in VERBS:
        assert f"\n  {verb}" in done.stdout
    assert "3  not done" in done.stdout


def test_foreign_text_gives_a_terminal_no_orders(tmp_path: Path) -> None:
    story = tmp_path / "story.txt"
    story.write_text("Title \x1b[2J\u202e\x9b31m\n\nThe ferry from Narva was late.\n", "utf-8")
    project = tmp_path / "p.annotator"
    run("new", project, story)
    line = json.loads(run_export(project, tmp_path))
    text = line["text"]
    start = text.index("\x1b")
    span = {"id": "s", "label": "Location", "fragments": [[start, start + 6]]}
    span["text"] = [text[start : start + 6]]
    line["layers"] = [{"id": "l", "author": "ad\x1ba", "spans": [span]}]
    labelled = tmp_path / "labelled.jsonl"
    labelled.write_text(json.dumps(line) + "\n", encoding="utf-8")
    assert run("import", project, labelled).returncode == 0
    for verb in (["labels"], ["labels", "--json"], ["stats"], ["stats", "--json"], ["check"]):
        written = run(verb[0], project, *verb[1:]).stdout
        assert not {"\x1b", "\x9b", "\u202e"} & set(written), verb
    listed = json.loads(run("labels", project, "--json").stdout)
    assert listed["spans"][0]["text"] == span["text"]


def run_export(project: Path, folder: Path) -> bytes:
    assert run("export", project, folder / "out.jsonl").returncode == 0
    return (folder / "out.jsonl").read_bytes()


def test_two_exports_of_one_state_are_the_same_bytes(sample: Path, tmp_path: Path) -> None:
    first = run_export(sample, tmp_path)
    assert run_export(sample, tmp_path) == first


def test_a_dash_writes_the_export_to_the_standard_output(sample: Path, tmp_path: Path) -> None:
    done = run("export", sample, "-")
    assert done.stdout.encode() == run_export(sample, tmp_path)
    assert done.stderr == ""
    assert not (ROOT / "-").exists()


def test_a_backup_is_a_project_that_opens(sample: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.annotator"
    assert run("backup", sample, target).stdout == f"{target}\n"
    figures = [json.loads(run("stats", path, "--json").stdout) for path in (sample, target)]
    for figure in figures:
        del figure["location"]
    assert figures[0] == figures[1]


def test_a_backup_without_a_target_lies_in_the_folder_of_backups(sample: Path) -> None:
    done = run("backup", sample)
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.rstrip("\n")).is_file()


def test_a_project_of_this_version_needs_no_upgrade(sample: Path) -> None:
    done = run("upgrade", sample)
    assert (done.returncode, done.stdout) == (0, "The project is up to date (version 1).\n")


def test_check_names_damage_leaves_it_and_repairs_it_when_asked(sample: Path) -> None:
    with closing(sqlite3.connect(sample)) as connection, connection:
        connection.execute(
            "UPDATE spans SET entity_id = 'nobody' WHERE id = 'harbour-1-quay-1-l01'"
        )
    before = sample.read_bytes()
    found = run("check", sample, "--json")
    assert found.returncode == 1
    report = json.loads(found.stdout)
    assert not report["sound"]
    assert ["harbour-1-quay-1-l01"] in [item["record_ids"] for item in report["findings"]]
    assert sample.read_bytes() == before
    repaired = run("check", sample, "--repair")
    assert repaired.returncode == 0, repaired.stdout
    assert "repaired" in repaired.stdout
    assert run("check", sample).stdout.endswith("The project is sound.\n")


def test_who_reads_only_the_first_line_is_not_told_of_an_error(sample: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "annotator", "labels", str(sample)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_a_project_can_be_looked_at_while_it_is_open_for_writing(sample: Path) -> None:
    from annotator.project import Project

    with Project.open(sample, author="ada"):
        assert run("stats", sample).returncode == 0
        refused = run("import", sample, resources.path("samples/harbour.jsonl"))
    assert refused.returncode == 3
    assert refused.stderr.count("\n") == 1


def test_a_project_goes_back_to_a_backup_that_is_listed(sample: Path) -> None:
    article = sample.with_name("new.txt")
    article.write_text("A new article.", "utf-8")
    assert "There is no backup" in run("restore", sample).stdout
    kept = run("backup", sample).stdout.strip()
    assert run("import", sample, article).returncode == 0
    listed = json.loads(run("restore", sample, "--json").stdout)["backups"]
    assert [(item["path"], item["articles"]) for item in listed] == [(kept, 3)]
    place, about = run("restore", sample).stdout.splitlines()
    assert (place, "3 articles" in about) == (kept, True)
    told = run("restore", sample, kept, "--dry-run")
    assert "Saved since the backup: 1 edits" in told.stdout
    assert json.loads(run("stats", sample, "--json").stdout)["articles"] == 4
    done = json.loads(run("restore", sample, kept, "--json").stdout)
    assert (done["restored"], done["edits_lost"]) == (True, 1)
    assert json.loads(run("stats", sample, "--json").stdout)["articles"] == 3
    assert json.loads(run("stats", done["kept_as"], "--json").stdout)["articles"] == 4


def test_a_damaged_project_is_salvaged_into_a_new_one(sample: Path) -> None:
    out = sample.with_name("out.annotator")
    done = run("salvage", sample, out)
    assert (done.returncode, "In " in done.stdout) == (0, True)
    assert run("check", out).returncode == 0
    again = run("salvage", sample, out)
    assert again.returncode == 3
    assert "exists already" in again.stderr
