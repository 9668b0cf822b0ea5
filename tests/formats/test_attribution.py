"""Attributions as Citron reads them: one cue, its sources, its contents."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator import schemes
from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.formats import Problem, Reading, Writing, attribution
from annotator.model import Fragment, Relation, Span
from tests.formats.round_trip import (
    WRITING,
    assert_comes_back,
    assert_is_recognised,
    marked_articles,
    one_layer,
    said,
    with_id,
)

GOLDEN = Path(__file__).parent / "data" / "attribution"
TEXT = "“The quay,” Ana Ilves told the Desk, “will not move.” Berg agreed that it will not move."


@st.composite
def attributed(draw: st.DrawFn) -> Annotated:
    """Make an article in which some claims have speakers and cues, and other labels lie about."""
    item = one_layer(draw(marked_articles(layers=1, most_spans=8)))
    for key, one in item.relations.items():
        if one.target is not None:
            label = "cued_by" if item.spans[one.target].label == "Cue" else "attributed_to"
            item.relations[key] = replace(one, label=label)
    spans = list(item.spans.values())
    for claim in (span for span in spans if span.label == "Claim"):
        for end in (span for span in spans if span.label in ("Cue", "Speaker")):
            if draw(st.booleans()):
                label = "cued_by" if end.label == "Cue" else "attributed_to"
                tie(item, claim.id, label, end.id)
    return item


def tie(item: Annotated, source: str, label: str, target: str) -> None:
    """Tie two spans, unless they are."""
    if any((one.source, one.target) == (source, target) for one in item.relations.values()):
        return
    id_ = f"{source} {label} {target}"
    layer_id = item.spans[source].layer_id
    item.relations[id_] = Relation(
        id=id_,
        article_id=item.article.id,
        layer_id=layer_id,
        label=label,
        source=source,
        target=target,
    )


@given(st.lists(attributed(), min_size=1, max_size=2))
def test_attributions_come_back_whole(items: list[Annotated]) -> None:
    labels = attribution.labels_of(WRITING.scheme)
    items = [with_id(item, f"wire-{number}") for number, item in enumerate(items)]
    kept = [attribution.carried(item, labels) for item in items]
    with TemporaryDirectory() as folder:
        assert_comes_back(attribution, kept, Path(folder, "out"))


@given(attributed())
def test_what_is_no_attribution_is_counted_before_it_is_left_out(item: Annotated) -> None:
    kept = attribution.carried(item, attribution.labels_of(WRITING.scheme))
    told = {loss.feature: loss.count for loss in attribution.cannot_carry([item], WRITING)}
    with TemporaryDirectory() as folder:
        attribution.write([item], Path(folder, "out"), WRITING)
        (back,) = attribution.read(Path(folder, "out"), Reading())
    assert isinstance(back, Annotated)
    assert len(item.spans) - told.get("other_spans", 0) == len(back.spans) == len(kept.spans)
    both = [one for one in item.relations.values() if one.target is not None]
    assert len(both) - told.get("other_relations", 0) == len(back.relations)


def read(data: Any, folder: Path, **how: Any) -> tuple[Annotated, list[str]]:
    """Return the article in a file with *data*, and what is reported about it."""
    path = folder / "wire.json"
    path.write_text(json.dumps(data), "utf-8")
    found = list(attribution.read(path, Reading(**how)))
    (item,) = (one for one in found if isinstance(one, Annotated))
    return item, [str(one) for one in found if isinstance(one, Problem)]


def piece(words: str, text: str = TEXT, nth: int = 0) -> dict[str, Any]:
    """Return the stretch of *words* as Citron writes it."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return {"start": start, "end": start + len(words), "text": words}


def document() -> dict[str, Any]:
    """Return a document as Citron's own converter of PARC 3 makes them."""
    return {
        "text": TEXT,
        "quotes": [
            {
                "id": "wire_set_1",
                "cue": piece("told"),
                "sources": [piece("Ana Ilves")],
                "contents": [piece("“The quay,”"), piece("“will not move.”")],
            },
            {
                "cue": piece("agreed"),
                "sources": [piece("Berg")],
                "contents": [piece("that it will not move")],
                "confidence": "0.8731",
            },
        ],
        "coreference_groups": [[piece("Ana Ilves"), piece("it")]],
    }


def ties(item: Annotated) -> set[tuple[tuple[str, ...], str, tuple[str, ...]]]:
    """Return the words of each relation."""
    return {
        (item.spans[one.source].text, one.label, item.spans[one.target or ""].text)
        for one in item.relations.values()
    }


def test_the_contents_of_a_quote_are_the_pieces_of_one_claim(tmp_path: Path) -> None:
    item, problems = read(document(), tmp_path)
    assert problems == []
    whole = ("“The quay,”", "“will not move.”")
    assert ties(item) == {
        (whole, "attributed_to", ("Ana Ilves",)),
        (whole, "cued_by", ("told",)),
        (("that it will not move",), "attributed_to", ("Berg",)),
        (("that it will not move",), "cued_by", ("agreed",)),
    }


def test_speakers_that_are_mentioned_again_are_one_actor(tmp_path: Path) -> None:
    item, _ = read(document(), tmp_path)
    (actor,) = item.entities.values()
    assert (actor.kind, actor.name) == ("actor", "Ana Ilves")
    assert [span.text for span in item.spans.values() if span.entity_id] == [("Ana Ilves",)]


def test_what_citron_had_added_is_written_again(tmp_path: Path) -> None:
    item, _ = read(document(), tmp_path)
    attribution.write([item], tmp_path / "out", WRITING)
    written = json.loads((tmp_path / "out/wire.json").read_text("utf-8"))
    assert written["coreference_groups"] == document()["coreference_groups"]
    assert [one.get("confidence") for one in written["quotes"]] == [None, "0.8731"]


def test_several_claims_of_a_cue_become_its_contents_and_several_claims_again(
    tmp_path: Path,
) -> None:
    item, _ = read({"text": TEXT, "quotes": document()["quotes"][:1]}, tmp_path)
    (cue,) = (span for span in item.spans.values() if span.label == "Cue")
    (speaker,) = (span for span in item.spans.values() if span.label == "Speaker")
    start = TEXT.index("it will")
    item.spans["more"] = Span(
        id="more",
        article_id="wire",
        layer_id=cue.layer_id,
        label="Claim",
        fragments=(Fragment(start, start + 7),),
        text=("it will",),
    )
    tie(item, "more", "cued_by", cue.id)
    tie(item, "more", "attributed_to", speaker.id)
    attribution.write([item], tmp_path / "out", WRITING)
    (quote,) = json.loads((tmp_path / "out/wire.json").read_text("utf-8"))["quotes"]
    assert [one["text"] for one in quote["contents"]] == [
        "“The quay,”",
        "“will not move.”",
        "it will",
    ]
    (back,) = attribution.read(tmp_path / "out/wire.json", Reading())
    assert isinstance(back, Annotated)
    assert said(back) == said(item)


def test_the_labels_are_those_of_the_scheme(tmp_path: Path) -> None:
    scheme = schemes.load("quotations")
    item, _ = read(document(), tmp_path, scheme=scheme)
    assert {span.label for span in item.spans.values()} == {"Speaker", "Cue", "Quotation"}
    assert {one.label for one in item.relations.values()} == {"spoken_by", "cued_by"}
    told = attribution.cannot_carry([item], Writing(scheme=scheme))
    assert [loss.feature for loss in told] == ["entities", "extra"]


def test_attributions_are_recognised_by_their_keys(tmp_path: Path) -> None:
    path = tmp_path / "wire.json"
    path.write_text(json.dumps(document()), "utf-8")
    assert_is_recognised(attribution, path)


def test_the_golden_file_comes_in_and_is_written_as_before(tmp_path: Path) -> None:
    found = list(attribution.read(GOLDEN / "quay.json", Reading()))
    assert all(isinstance(one, Annotated) for one in found)
    attribution.write([x for x in found if isinstance(x, Annotated)], tmp_path / "out", WRITING)
    written = (tmp_path / "out/quay.json").read_bytes()
    assert written == (GOLDEN / "quay-written.json").read_bytes()


# ------------------------------------------------------------------------------- hostile inputs


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"start": -1, "end": 3, "text": "x"}, "quotes[0].cue"),
        ({"start": 5, "end": 2, "text": "x"}, "quotes[0].cue"),
        ({"start": 0, "end": 10**9, "text": "x"}, "quotes[0].cue"),
        ({"start": "0", "end": 4}, "quotes[0].cue"),
        ({"start": True, "end": 4}, "quotes[0].cue"),
        ({"start": 0, "end": 4, "text": "Berg"}, "quotes[0].cue"),
        ([], "quotes[0].cue"),
    ],
)
def test_a_bad_stretch_is_reported_and_the_rest_comes_in(
    change: Any, place: str, tmp_path: Path
) -> None:
    data = document()
    data["quotes"][0]["cue"] = change
    item, problems = read(data, tmp_path)
    (problem,) = problems
    assert problem.startswith(place)
    assert len(item.spans) == 5


@pytest.mark.parametrize("quotes", [None, 7, [7], [{"sources": 3}], [{"contents": [None]}]])
def test_quotes_of_another_shape_are_reported(quotes: Any, tmp_path: Path) -> None:
    item, problems = read({"text": TEXT, "quotes": quotes}, tmp_path)
    assert problems
    assert not item.spans


def test_offsets_in_other_units_are_found_out(tmp_path: Path) -> None:
    text = "🚢 “The quay,” Ana Ilves told the Desk."
    quote = {key: piece(words, text) for key, words in (("cue", "told"), ("who", "Ana Ilves"))}
    shifted = {
        key: {**one, "start": one["start"] + 1, "end": one["end"] + 1} for key, one in quote.items()
    }
    contents = [{"start": 3, "end": 14, "text": "“The quay,”"}]
    data = {
        "text": text,
        "quotes": [{"cue": shifted["cue"], "sources": [shifted["who"]], "contents": contents}],
    }
    item, problems = read(data, tmp_path)
    assert problems == []
    assert {span.text for span in item.spans.values()} == {
        ("told",),
        ("Ana Ilves",),
        ("“The quay,”",),
    }


@pytest.mark.parametrize(
    "raw",
    ["{", '{"text": "a", "text": "b"}', '{"text": NaN}', "[" * 100_000, '{"text": "\\ud800"}'],
)
def test_what_is_no_json_is_refused_in_plain_words(raw: str, tmp_path: Path) -> None:
    path = tmp_path / "wire.json"
    path.write_text(raw)
    with pytest.raises(UserError, match=r"wire\.json"):
        list(attribution.read(path, Reading()))


def test_a_bad_file_in_a_folder_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("{")
    (tmp_path / "good.json").write_text(json.dumps(document()), "utf-8")
    problem, item = attribution.read(tmp_path, Reading())
    assert isinstance(problem, Problem)
    assert "bad.json" in str(problem)
    assert isinstance(item, Annotated)
