"""A large edit is undone and made again piece by piece, and still whole or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.errors import ConflictError
from annotator.model import Change, Record, Span, edit
from annotator.project import SMALL, Project
from annotator.store import log
from tests.store.making import add, article, change, entity, layer, span

ROOT = Path(__file__).parents[2]
ARTICLES = 60
SPANS = 40


def bring_in(project: Project) -> None:
    """Import a corpus, a few articles a piece."""
    with project.large_edit(edit("import", ())) as made:
        made.add([Change(None, entity())], {})
        for first in range(0, ARTICLES, 2):
            records: list[Record] = []
            for number in range(first, first + 2):
                id_, text = f"b{number}", f"Text {number} " * 9
                own = layer(f"l-{id_}", id_)
                marked = {"text": text, "article_id": id_, "layer_id": own.id, "entity_id": "e1"}
                records += [article(id_, text), own]
                records += [span(f"{id_}-{n}", (n, n + 3), **marked) for n in range(SPANS)]
            made.add([Change(None, record) for record in records], {})


def state(project: Project) -> Any:
    """Return what people see of a project."""
    assert [found for found in project.check() if found.code != "orphan-entity"] == []
    return (
        [*project.each_annotated()],
        project.entities(),
        project.summaries(limit=200),
        [hit.article_id for hit in project.search("text")],
    )


def test_an_import_in_pieces_is_undone_and_made_again_exactly(project: Project) -> None:
    project.perform(add(article(), layer(), span(), action="import"))
    before = state(project)
    bring_in(project)
    after = state(project)
    assert project.undo_size > SMALL
    undone = project.undo()
    assert undone is not None
    assert (undone.size, undone.edit.changes) == (1 + ARTICLES * (SPANS + 2), ())
    assert state(project) == before
    assert project.redo_size == undone.size
    project.redo()
    assert state(project) == after
    assert [saved.kind for saved in project.history(article_id="b7")] == ["redo", "undo", "do"]


@pytest.fixture
def tiny_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every edit pass through two changes at a time."""
    monkeypatch.setattr(log, "SMALL", 0)
    monkeypatch.setattr(log, "ROWS", 1)
    monkeypatch.setattr(log, "CHUNK", 2)


class Drawn:
    """Changes that follow from each other, of a few spans that come, change and go."""

    def __init__(self, spans: dict[str, Span]) -> None:
        self.spans = dict(spans)
        self.changes: list[Change] = []

    def draw(self, data: st.DataObject) -> None:
        """Add one more change."""
        id_ = data.draw(st.sampled_from(["s0", "s1", "s2", "s3", "s4"]))
        note = data.draw(st.sampled_from(["", "a", "b\0"]))
        before = self.spans.get(id_)
        after = None if before is not None and data.draw(st.booleans()) else span(id_, note=note)
        if before is None and after is None:
            return
        self.changes.append(Change(before, after))
        self.spans.pop(id_, None)
        if after is not None:
            self.spans[id_] = after


@given(data=st.data())
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_becomes_of_a_record_from_piece_to_piece_undo_and_redo_are_exact(
    tiny_pieces: None, begun: Project, data: st.DataObject
) -> None:
    before = state(begun)
    drawn = Drawn(begun.annotated("a1").spans)
    for _ in range(data.draw(st.integers(1, 12))):
        drawn.draw(data)
    if not drawn.changes:
        return
    begun.perform(edit("much", drawn.changes))
    after = state(begun)
    assert begun.annotated("a1").spans == drawn.spans
    begun.undo()
    assert state(begun) == before
    begun.redo()
    assert state(begun) == after
    begun.undo()


def test_who_watches_is_told_of_every_piece_and_can_give_up(project: Project) -> None:
    bring_in(project)
    before, revision = state(project), project.revision
    told: list[tuple[int, int]] = []

    def watch(made: int, of: int) -> None:
        told.append((made, of))
        if made > of / 2:
            raise RuntimeError

    with pytest.raises(RuntimeError):
        project.undo(watch=watch)
    assert len(told) > 2
    assert all(0 < b[0] - a[0] <= log.CHUNK * log.ROWS for a, b in pairwise(told))
    assert (state(project), project.revision) == (before, revision)
    told.clear()
    project.undo(watch=lambda *how_far: told.append(how_far))
    assert told[-1][0] == told[-1][1]


def test_a_record_that_somebody_changed_since_refuses_the_whole(project: Project) -> None:
    bring_in(project)
    project.author = "bob"
    (first, *_) = project.annotated("b3").spans.values()
    project.perform(change(first, replace(first, note="bob was here")))
    project.author = "ada"
    before = state(project)
    with pytest.raises(ConflictError) as refused:
        project.undo()
    assert refused.value.present == replace(first, note="bob was here")
    assert state(project) == before
    assert project.steps_to_undo == 1


def test_what_somebody_built_upon_it_since_refuses_the_whole(project: Project) -> None:
    bring_in(project)
    project.author = "bob"
    project.perform(add(layer("bobs", "b3", "bob")))
    project.author = "ada"
    before = state(project)
    with pytest.raises(ConflictError):
        project.undo()
    assert state(project) == before


def test_what_took_its_place_since_refuses_to_make_it_again(project: Project) -> None:
    bring_in(project)
    project.undo()
    project.author = "bob"
    project.perform(add(article("b50", "Bob's own.")))
    project.author = "ada"
    with pytest.raises(ConflictError) as refused:
        project.redo()
    assert refused.value.present == article("b50", "Bob's own.")
    assert project.article_ids() == ["b50"]


def test_what_it_refers_to_and_is_gone_since_refuses_to_make_it_again(project: Project) -> None:
    project.author = "bob"
    project.perform(add(article(), layer()))
    project.author = "ada"
    spans = [span(f"s{n}") for n in range(SMALL + 1)]
    project.perform(add(*spans))
    project.undo()
    project.author = "bob"
    project.undo()
    project.author = "ada"
    with pytest.raises(ConflictError) as refused:
        project.redo()
    assert (refused.value.present, refused.value.change.after) == (None, spans[0])


def test_an_undo_asked_twice_with_one_id_is_done_once(project: Project) -> None:
    project.perform(add(article(), layer()))
    bring_in(project)
    first = project.undo("the-undo")
    assert project.undo("the-undo") == first
    assert project.article_ids() == ["a1"]


_KILLED = """
import os, signal, sys
from annotator.project import Project
def die(made, of):
    if made >= of * float(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)
with Project.open(sys.argv[1], author="ada") as project:
    getattr(project, sys.argv[2])(watch=die)
"""


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
@pytest.mark.parametrize("share", [0.5, 1.0])
def test_a_kill_in_the_middle_leaves_the_whole_and_it_can_be_done_again(
    store_url: str, project: Project, share: float
) -> None:
    before = state(project)
    bring_in(project)
    after = state(project)
    for step, there, then in (("undo", after, before), ("redo", before, after)):
        project.close()
        killed = subprocess.run(
            [sys.executable, "-c", _KILLED, store_url, step, str(share)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=False,
        )
        assert killed.returncode == -signal.SIGKILL
        project = Project.open(store_url, author="ada")
        assert state(project) == there
        getattr(project, step)()
        assert state(project) == then
    project.close()
