"""Two people work in one project: what one changes leaves the other's batch, the rest is done."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from annotator import cli
from annotator.model import Change, Edit, edit, now
from annotator.project import Project
from annotator.review import labelling, merging, settling
from annotator.review.cases import review
from annotator.review.merging import Preview
from annotator.review.renewing import MEANWHILE, Bulk
from annotator.review.result import result_of
from annotator.review.verdicts import Signature
from annotator.store import opening
from tests.notation import news_scheme
from tests.review.reviewing import handed_in

ADA = "[It rains|Claim], [Ada Byron|Speaker] [said|Cue] in [Oslo|Location]. [Ben|Speaker]"
BEN = "[It rains|Claim], [Ada|Speaker] Byron [said|Cue] in [Oslo|Location]. [Ben|Speaker]"


@pytest.fixture
def rita(store_url: str) -> Iterator[Project]:
    """Yield a project of rita's with an article that two people have handed in."""
    with Project.create(store_url, news_scheme(), author="rita") as made:
        records = handed_in(ADA, BEN).records()
        made.perform(edit("import", [Change(None, record) for record in records]))
        yield made


@pytest.fixture
def sam(rita: Project, store_url: str) -> Iterator[Project]:
    """Yield the same project in the hands of somebody else, over a connection of its own."""
    store = opening.open_store(store_url)
    with Project(store, author="sam") as own:
        yield own


def unanimous(project: Project) -> Preview:
    signed = Signature(project.author, now(), project.revision)
    batch = merging.batch("unanimous", signed, share=0)
    found = [review(one, project.scheme) for one in project.each_annotated()]
    return merging.joined(merging.unanimous(one, batch) for one in found)


def relabelled(project: Project, words: str) -> Edit:
    """Somebody calls what everybody has marked on *words* something else."""
    spans = project.annotated("article").spans.values()
    own = next(one for one in spans if one.text == (words,))
    change = Change(own, replace(own, label="Organisation"))
    return edit("relabel", [change], article_id="article")


def decided(project: Project, words: str) -> Edit:
    """Somebody decides on the case about *words*."""
    found = review(project.annotated("article"), project.scheme)
    case = next(one for one in found.cases if one.words == words)
    return settling.take(found, case, 1, Signature(project.author, now(), project.revision))


@contextmanager
def before_each_save(
    project: Project, monkeypatch: pytest.MonkeyPatch, *others: Callable[[], object]
) -> Iterator[None]:
    """Let others be faster: each of *others* does something just before *project* saves."""
    waiting, real = list(others), project.perform

    def slow(*order: Any, **named: Any) -> object:
        if waiting:
            waiting.pop(0)()
        return real(*order, **named)

    with monkeypatch.context() as patch:
        patch.setattr(project, "perform", slow)
        yield
    assert not waiting


def gold(project: Project) -> list[str]:
    annotated = project.annotated("article")
    own = review(annotated, project.scheme).gold.layer.id
    return sorted(f"{span.label}: {span.text[0]}" for span in annotated.spans_of(own))


def refusals(bulk: Bulk, project: Project) -> dict[str, str]:
    """What the list in the log says of each case that was refused."""
    made = next(saved for saved in project.history() if saved.edit.id == bulk.preview.batch.id)
    found = result_of(bulk.preview.batch.id, project.saved_edit(made.revision).edit.changes)
    assert found is not None
    assert (found.done, found.refused) == (len(bulk.preview.done), len(bulk.preview.refused))
    return {item.words: item.reason for item in found.items if item.reason}


def test_what_a_colleague_decides_just_before_a_batch_is_saved_leaves_it_and_the_rest_is_done(
    rita: Project, sam: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    bulk = Bulk(unanimous(rita), rita.revision)
    assert len(bulk.preview.done) == 4

    def faster() -> None:
        sam.perform(decided(sam, "Oslo"))

    with before_each_save(rita, monkeypatch, faster):
        saved = bulk.save(rita)
    assert saved is not None
    assert gold(rita) == ["Claim: It rains", "Cue: said", "Location: Oslo", "Speaker: Ben"]
    assert refusals(bulk, rita) == {"Ada Byron": merging.NOT_UNANIMOUS, "Oslo": MEANWHILE}
    verdicts = rita.annotated("article").verdicts.values()
    assert {one.author for one in verdicts if one.layer_id.endswith("0")} == {"rita", "sam"}
    rita.undo()
    assert gold(rita) == ["Location: Oslo"]
    assert rita.check() == []


def test_somebody_who_is_faster_again_and_again_leaves_what_nobody_has_touched(
    rita: Project, sam: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    bulk = Bulk(unanimous(rita), rita.revision)
    sam.perform(decided(sam, "It rains"))
    with before_each_save(
        rita,
        monkeypatch,
        lambda: sam.perform(decided(sam, "Oslo")),
        lambda: sam.perform(relabelled(sam, "said")),
    ):
        assert bulk.save(rita) is not None
    assert gold(rita) == ["Claim: It rains", "Location: Oslo", "Speaker: Ben"]
    left = dict.fromkeys(("It rains", "Oslo", "said"), MEANWHILE)
    assert refusals(bulk, rita) == {"Ada Byron": merging.NOT_UNANIMOUS, **left}


def test_a_batch_of_which_nothing_is_left_saves_nothing(rita: Project, sam: Project) -> None:
    bulk = Bulk(unanimous(rita), rita.revision)
    theirs = sam.perform(replace(unanimous(sam).edit(), id="theirs"))
    assert bulk.save(rita) is None
    assert {item.reason for item in bulk.preview.refused} == {merging.NOT_UNANIMOUS, MEANWHILE}
    assert rita.revision == theirs.revision


def test_an_article_that_is_gone_meanwhile_leaves_the_batch(rita: Project, sam: Project) -> None:
    bulk = Bulk(unanimous(rita), rita.revision)
    records = list(sam.annotated("article").records())
    sam.perform(edit("remove", [Change(record, None) for record in reversed(records)]))
    assert bulk.save(rita) is None
    assert len(bulk.preview.refused) == 5


def test_what_is_chosen_one_by_one_is_not_decided_over_the_head_of_a_colleague(
    rita: Project, sam: Project
) -> None:
    found = review(rita.annotated("article"), rita.scheme)
    keys = [case.key for case in found.cases if case.words in ("Oslo", "Ben")]
    signed = Signature("rita", now(), rita.revision)
    rejected = merging.these(found, merging.batch("phrase", signed, share=0), keys, reject="other")
    bulk = Bulk(rejected, rita.revision)
    sam.perform(decided(sam, "Oslo"))
    bulk.save(rita)
    assert gold(rita) == ["Location: Oslo"]
    assert refusals(bulk, rita) == {"Oslo": MEANWHILE}


def test_a_label_is_changed_in_gold_where_it_is_still_what_was_shown(
    rita: Project, sam: Project
) -> None:
    rita.perform(unanimous(rita).edit())
    found = review(rita.annotated("article"), rita.scheme)
    batch = merging.batch("relabel all", Signature("rita", now(), rita.revision), share=0)
    bulk = Bulk(labelling.relabelled(found, batch, "Speaker", "Location"), rita.revision)
    sam.perform(decided(sam, "Ada Byron"))
    bulk.save(rita)
    # A speaker came in who was not shown.
    assert {"Location: Ben", "Speaker: Ada Byron"} <= set(gold(rita))


def test_the_command_line_decides_what_is_left_and_lists_what_is_not(
    rita: Project,
    sam: Project,
    store_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    rita.close()
    real, faster = Project.perform, [True]

    def slow(project: Project, *order: Any, **named: Any) -> object:
        if project is not sam and faster:
            faster.clear()
            sam.perform(decided(sam, "Oslo"))
        return real(project, *order, **named)

    monkeypatch.setattr(Project, "perform", slow)
    assert cli.main(["review", store_url, "--merge", "unanimous", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["decided"], answer["refused"]) == (3, 2)
    assert answer["reasons"] == {merging.NOT_UNANIMOUS: 1, MEANWHILE: 1}
    assert answer["revision"] == sam.revision
    assert gold(sam) == ["Claim: It rains", "Cue: said", "Location: Oslo", "Speaker: Ben"]


def test_a_label_that_was_changed_before_is_not_decided_as_it_was_shown(
    rita: Project, sam: Project
) -> None:
    bulk = Bulk(unanimous(rita), rita.revision)
    sam.perform(relabelled(sam, "Oslo"))
    bulk.save(rita)
    assert gold(rita) == ["Claim: It rains", "Cue: said", "Speaker: Ben"]
    assert refusals(bulk, rita)["Oslo"] == MEANWHILE
