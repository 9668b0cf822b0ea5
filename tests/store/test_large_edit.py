"""Edits too large for memory are saved piece by piece, and still whole or not at all."""

from __future__ import annotations

import gc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import StorageError
from annotator.model import Change, Fragment, Record, Span, edit
from annotator.project import Project
from annotator.store.logged import log_text
from annotator.store.rows import inserted
from tests.store.making import article, layer, span


def piece(number: int) -> list[Change]:
    id_ = f"b{number}"
    own = layer(f"l-{id_}", id_)
    records: list[Record] = [article(id_), own]
    records += [span(f"s{n}-{id_}", (n, n + 3), article_id=id_, layer_id=own.id) for n in range(3)]
    return [Change(None, record) for record in records]


def test_pieces_become_one_step_that_is_undone_and_made_again(project: Project) -> None:
    before = project.revision
    with project.large_edit(edit("import", (), detail="corpus")) as made:
        for number in range(3):
            made.add(piece(number), {})

    assert project.revision == before + 1
    (newest, *_) = project.history()
    assert (newest.edit.action, newest.edit.detail, newest.size) == ("import", "corpus", 15)
    assert project.article_ids() == ["b0", "b1", "b2"]
    assert len(project.history(article_id="b1")) == 1

    project.undo()
    assert project.article_ids() == []
    project.redo()
    assert len(project.annotated("b2").spans) == 3
    assert project.check() == []


def test_questions_inside_see_what_was_made_so_far(project: Project) -> None:
    with project.large_edit(edit("import", ())) as made:
        made.add(piece(0), {})
        assert project.taken_ids("article", ["b0", "b1"]) == {"b0"}
        with project.reader() as other:
            assert other.taken_ids("article", ["b0"]) == set()


def take_in(project: Project, *numbers: int, fail: bool = False) -> None:
    with project.large_edit(edit("import", ())) as made:
        for number in numbers:
            made.add(piece(number), {})
        if fail:
            raise RuntimeError


def test_an_exception_leaves_the_project_as_it_was(project: Project) -> None:
    before = project.revision
    with pytest.raises(RuntimeError):
        take_in(project, 0, fail=True)
    assert (project.revision, project.count(), project.undo_step()) == (before, 0, None)
    assert project.check() == []


def test_an_edit_without_changes_is_not_saved(project: Project) -> None:
    before = project.revision
    with project.large_edit(edit("import", ())):
        pass
    assert project.revision == before


def test_a_record_that_is_there_already_refuses_the_whole(project: Project) -> None:
    take_in(project, 0)
    with pytest.raises(StorageError, match="refuses this change"):
        take_in(project, 1, 0)
    assert project.article_ids() == ["b0"]


def test_an_edit_about_one_article_says_which(project: Project) -> None:
    take_in(project, 0)
    assert project.history()[0].edit.article_id == "b0"


words = st.text(max_size=6)
names = st.text(min_size=1, max_size=6)
values: st.SearchStrategy[Any] = st.dictionaries(
    words, words | st.booleans() | st.integers() | st.lists(words), max_size=3
)
spans = st.builds(
    Span,
    id=names,
    article_id=names,
    layer_id=names,
    label=names,
    fragments=st.lists(st.builds(Fragment, st.integers(0), st.integers(0)), min_size=1).map(tuple),
    text=st.lists(words, min_size=1).map(tuple),
    attributes=values,
    entity_id=st.none() | names,
    unsure=st.booleans(),
    note=words,
    extra=values,
)


@given(new=spans)
def test_the_log_says_of_a_new_span_the_same_however_it_is_put_together(new: Span) -> None:
    change = Change(None, new)
    assert log_text(change, inserted(new)) == log_text(change)


def test_a_span_that_is_changed_in_the_piece_that_made_it_is_made_again_as_it_became(
    project: Project,
) -> None:
    first = span("s", (0, 3), article_id="b0", layer_id="l", note="a\0\x1a ü\ud800")
    then = span("s", (0, 3), article_id="b0", layer_id="l", note="b")
    made = [Change(None, article("b0")), Change(None, layer("l", "b0"))]
    with project.large_edit(edit("import", ())) as large:
        large.add([*made, Change(None, first), Change(first, then)], {})
    steps = project.undo_step()
    assert steps is not None
    assert steps.changes[2:] == (Change(None, first), Change(first, then))
    project.undo()
    project.redo()
    assert project.annotated("b0").spans == {"s": then}


def test_garbage_is_looked_for_as_often_as_before_afterwards(project: Project) -> None:
    before = gc.get_threshold()
    take_in(project, 0)
    assert gc.get_threshold() == before
