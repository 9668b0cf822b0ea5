"""The main job, from the first start to exported labels: the real program, and keys only."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.driven import ROOT, Program
from tests.journeys.reader import Reader

DATA = Path(__file__).parent / "data"
ARTICLE = DATA / "wire_like.txt"
EXPECTED = DATA / "expected.jsonl"
TITLE = "Norwegian divers saved the dam at Kvanndal, minister says"
LAAS, REBANE, ENGINEERS = "Katrin Laas", "Jaan Rebane", "Norwegian engineers"
SAVED = "Norwegian divers saved the dam at Kvanndal"
LONGEST = "the rescue at Kvanndal was the longest diving operation in the region"


def first_minute(reader: Reader, project: Path) -> None:
    """See the sample, put the guided start away, begin a project, bring the article in."""
    program = reader.program
    program.until(open=True, saving="saved", guide=True)
    program.keys("F6", "Esc")
    program.until(guide=False, focus="view.article")
    program.keys("Ctrl+N")
    program.until(focus="field.title")
    program.keys("Ctrl+A")
    program.type(project.stem)
    program.keys("Return")
    program.until(project=str(project), windows=["window.main"])
    program.keys("Ctrl+I")
    reader.choose_file(ARTICLE)
    program.until(title=TITLE, spans=0, saving="saved")
    reader.command("Work as another person")
    program.until(windows=["dialog.line", "window.main"])
    program.keys("Ctrl+A")
    program.type("reader")
    program.keys("Return")
    program.until(author="reader", focus="view.article")


def head_of_the_page(reader: Reader) -> None:
    """Headline, sub-headline, captions; one place is marked everywhere at once."""
    mark, program = reader.mark, reader.program
    mark("C", SAVED, who=SAVED)
    mark("L", "Norwegian", who="Norway", usage="associative")
    reader.describe("field.place_type", "country")
    mark("L", "Kvanndal", who="Kvanndal")
    reader.describe("field.place_type", "natural")
    program.keys("O")
    program.until(windows=["dialog.occurrences", "window.main"])
    program.keys("Return")
    program.until(windows=["window.main"], spans=9, focus="view.article")
    mark("S", "minister", who=LAAS)
    reader.describe("field.role", "Environment Minister")
    mark("Q", "says")
    mark("S", "The Estonian minister", who=LAAS)
    mark("L", "Estonian", who="Estonia", usage="associative")
    reader.describe("field.place_type", "country")
    mark("Q", "says")
    mark("C", LONGEST, who=LONGEST)
    mark("L", "Norwegian", who="Norway", usage="associative")
    mark("L", "Norwegian", who="Norway", usage="associative")


def first_half(reader: Reader) -> None:
    """From the dateline to the talks."""
    mark = reader.mark
    mark("L", "TALLINN", who="Tallinn")
    mark("S", "Estonian Environment Minister Katrin Laas", who=LAAS)
    mark("L", "Estonian", who="Estonia", usage="associative")
    mark("Q", "has called")
    mark(
        "C",
        "the repair of the dam at Kvanndal a turning point for Scandinavia",
        claim_type="evaluative",
    )
    mark("L", "Scandinavia", who="Scandinavia")
    reader.describe("field.place_type", "region")
    mark(
        "C",
        "The repair at Kvanndal is a turning point for Norway, and I hope for the region on the "
        "whole",
        claim_type="evaluative",
        hedged="true",
    )
    mark("L", "Norway", who="Norway")
    mark("S", "she", who=LAAS)
    mark("Q", "said")
    mark("C", "this work, certainly, was done in four nights", checkworthy="yes")
    mark("S", "she", who=LAAS)
    mark("Q", "said")
    mark("Q", "adding")
    mark("C", "a second dam in Norway’s north should be inspected next", claim_type="normative")
    mark("L", "Norway", who="Norway")
    mark("C", "an agreement on common inspections should be signed", claim_type="normative")
    mark(
        "C",
        "Immediately after that, the talks about money should begin",
        claim_type="normative",
    )
    mark("S", "the Estonian minister", who=LAAS)
    mark("L", "Estonian", who="Estonia", usage="associative")
    mark("Q", "said")
    mark("C", "The money should come from all neighbours", claim_type="normative")
    mark("C", "That is only fair", claim_type="evaluative")
    mark("C", "We have proposed Riga, the capital of Latvia, as the place for the talks")
    mark("L", "Riga", who="Riga")
    mark("L", "Latvia", who="Latvia")
    reader.describe("field.place_type", "country")
    mark("C", "The Latvian government agrees with this")
    mark("L", "Latvian", who="Latvia", usage="associative")
    mark("C", "Finland also agrees")
    mark("L", "Finland", who="Finland", usage="metonymic")
    reader.describe("field.place_type", "country")
    mark("S", "the minister", who=LAAS)
    mark("Q", "said")


def second_half(reader: Reader) -> None:
    """From the accidents to the joint bill: pieces, a report in a report, a place that speaks."""
    mark, program = reader.mark, reader.program
    mark("S", "Laas", who=LAAS)
    mark("Q", "noted")
    mark("C", "the works at Kvanndal proceeded without accidents")
    mark("C", "about 90\u00a0divers stood in the cold water", checkworthy="yes")
    program.keys("F")
    reader.note("All at once, or over the four nights?")
    mark(
        "C",
        "It is of great importance",
        "that thousands of people were brought out of the valley",
        claim_type="evaluative",
    )
    mark("S", "Laas", who=LAAS)
    mark("Q", "said")
    mark("S", "Norway’s engineers", who=ENGINEERS)
    reader.describe("field.actor_type", "group")
    mark("L", "Norway", who="Norway", usage="associative")
    mark("Q", "reported")
    mark("C", "the northern wall has moved")
    mark("C", "The engineers told us the wall would hold")
    mark("S", "The engineers", who=ENGINEERS)
    mark("Q", "told")
    mark("C", "the wall would hold", claim_type="predictive")
    mark("S", "the minister", who=LAAS)
    mark("Q", "said")
    mark("S", "Moscow", who="Russian government")
    reader.describe("field.actor_type", "government")
    mark("L", "Moscow", who="Moscow", usage="metonymic")
    mark("Q", "said")
    mark("C", "the water level in the Barents Sea was not affected", polarity="negated")
    mark("L", "Barents Sea", who="Barents Sea")
    reader.describe("field.place_type", "natural")
    mark("S", "Norway and Sweden", who="Norway and Sweden")
    reader.describe("field.actor_type", "group")
    mark("L", "Norway", who="Norway", usage="metonymic")
    mark("L", "Sweden", who="Sweden", usage="metonymic")
    reader.describe("field.place_type", "country")
    mark("Q", "say")
    mark("C", "the bill will be shared", claim_type="predictive")


def last_part(reader: Reader) -> None:
    """What stands below the section heading."""
    mark = reader.mark
    mark("S", "The minister", who=LAAS)
    mark("Q", "went on to say")
    mark(
        "C",
        "the search for cracks will be continued by all neighbours, with Norway, Sweden and "
        "Finland among them",
        claim_type="predictive",
    )
    mark("L", "Norway", who="Norway", usage="metonymic")
    mark("L", "Sweden", who="Sweden", usage="metonymic")
    mark("L", "Finland", who="Finland", usage="metonymic")
    mark(
        "C",
        "We and our colleagues from Norway should continue the work",
        claim_type="normative",
    )
    mark("L", "Norway", who="Norway", usage="associative")
    mark("S", "Laas", who=LAAS)
    mark("Q", "said")
    reader.read_on_to("Harbour Director Jaan Rebane.")
    mark("S", "Rebane", who=REBANE)
    reader.describe("field.role", "Harbour Director")
    mark("Q", "emphasized")
    mark(
        "C",
        "everything possible will be done so that the valley is safe",
        claim_type="predictive",
    )
    mark("C", "we will watch it", claim_type="intention")
    mark("S", "he", who=REBANE)
    mark("Q", "added")
    mark("C", "The walls are strong enough", claim_type="evaluative")
    mark("Q", "was the answer")
    mark("C", "The rescue was the longest diving operation in the region", who=LONGEST)
    mark("S", "the minister", who=LAAS)
    mark("Q", "said")
    mark("C", "Divers from Norway saved the dam", who=SAVED)
    mark("L", "Norway", who="Norway", usage="associative")
    mark("S", "she", who=LAAS)
    mark("Q", "added")


def back_and_forth(program: Program, steps: int) -> None:
    """Take steps back and make them again; the labels are then what they were."""
    before = program.until(saving="saved")
    for _ in range(steps):
        program.keys("Ctrl+Z")
    program.until(undo=before["undo"] - steps, redo=before["redo"] + steps)
    for _ in range(steps):
        program.keys("Ctrl+Shift+Z")
    after = program.until(undo=before["undo"], redo=before["redo"], saving="saved")
    assert (after["spans"], after["relations"]) == (before["spans"], before["relations"])


def start_again(reader: Reader, home: Path, earlier: dict[str, Any], last: dict[str, Any]) -> None:
    """Find everything there after the kill, take back what was done before it, and redo it."""
    program = reader.program = Program(home)
    program.until(
        open=True,
        author="reader",
        title=TITLE,
        spans=last["spans"],
        relations=last["relations"],
        undo=last["undo"],
        focus="view.article",
        guide=False,
    )
    steps = last["undo"] - earlier["undo"]
    assert steps > 5
    for _ in range(steps):
        program.keys("Ctrl+Z")
    program.until(
        spans=earlier["spans"], relations=earlier["relations"], undo=earlier["undo"], redo=steps
    )
    for _ in range(steps):
        program.keys("Ctrl+Y")
    program.until(spans=last["spans"], relations=last["relations"], redo=0, saving="saved")
    reader.find("the bill will be shared")


def relink(reader: Reader) -> None:
    """Take the links of a claim away, and tie it again by the letters on its source and cue."""
    program = reader.program
    reader.select_label("That is only fair")
    program.keys("Shift+R")
    assert program.state()["label"]["links"] == {}
    reader.link("R", "the Estonian minister")
    reader.link("Shift+Q", "said")
    links = program.until(saving="saved")["label"]["links"]
    assert links == {"attributed_to": ["the Estonian minister"], "cued_by": ["said"]}


def submit(reader: Reader) -> None:
    """Be shown what is missing, say who is understood, and hand the article in."""
    program = reader.program
    program.keys("Ctrl+Return")
    state = program.until(note="Claim “The walls are strong enough” has no Speaker.")
    assert state["layer"] == "in progress"
    assert state["label"]["text"] == ["The walls are strong enough"]
    program.keys("R", "/")
    reader.name(REBANE)
    state = program.until(focus="view.article", saving="saved")
    assert state["label"]["links"]["attributed_to"] == [REBANE]
    assert state["label"]["attributes"]["source_status"] == "implied"
    program.keys("Ctrl+Return")
    program.until(layer="submitted", saving="saved")


@pytest.mark.slow
def test_an_article_is_marked_by_keys_alone_survives_a_kill_and_comes_out_as_expected(
    tmp_path: Path,
) -> None:
    home, project = tmp_path / "settings", Path.home() / "Dams.annotator"
    reader = Reader(Program(home), ARTICLE.read_text(encoding="utf-8"))
    try:
        first_minute(reader, project)
        head_of_the_page(reader)
        back_and_forth(reader.program, 4)
        first_half(reader)
        earlier = reader.program.until(saving="saved")
        second_half(reader)
        last = reader.program.until(saving="saved")
        reader.program.kill()
        start_again(reader, home, earlier, last)
        last_part(reader)
        relink(reader)
        back_and_forth(reader.program, 12)
        submit(reader)
        assert reader.program.close() == 0
    finally:
        reader.program.kill()

    out = tmp_path / "out.jsonl"
    assert verb("export", project, out, "--format", "jsonl", "--renumber") == 0
    assert verb("check", project) == 0
    assert out.read_text(encoding="utf-8") == EXPECTED.read_text(encoding="utf-8")
    assert out.read_bytes() == EXPECTED.read_bytes()


def verb(*arguments: object) -> int:
    """Run a verb of the program, and return its exit code."""
    command = [sys.executable, "-m", "annotator", *map(str, arguments)]
    return subprocess.run(command, check=False, cwd=ROOT, timeout=120).returncode
