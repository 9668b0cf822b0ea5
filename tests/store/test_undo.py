"""Undo and redo: each author's own, without end, across articles and restarts."""

import pytest

from annotator.errors import ConflictError, OutOfTurn
from annotator.project import Project
from tests.store.making import add, article, change, entity, layer, span


def test_undo_and_redo_go_all_the_way_and_back(begun: Project) -> None:
    states = [begun.annotated("a1")]
    for number in range(4):
        begun.perform(add(span(f"s{number}", (number, number + 1))))
        states.append(begun.annotated("a1"))
    for state in reversed(states[:-1]):
        begun.undo()
        assert begun.annotated("a1") == state
    assert (begun.steps_to_undo, begun.steps_to_redo) == (1, 4)
    for state in states[1:]:
        begun.redo()
        assert begun.annotated("a1") == state
    assert begun.redo() is None
    assert (begun.steps_to_undo, begun.steps_to_redo) == (5, 0)


def test_undo_goes_on_after_a_restart(store_url: str, begun: Project) -> None:
    begun.perform(add(span()))
    begun.undo()
    begun.close()
    with Project.open(store_url, author="ada") as again:
        assert (again.steps_to_undo, again.steps_to_redo) == (1, 1)
        again.redo()
        assert set(again.annotated("a1").spans) == {"s1"}
        again.undo()
        again.undo()
        assert again.count() == 0
        assert again.undo() is None


def test_a_step_of_a_certain_edit_is_taken_only_in_its_turn(begun: Project) -> None:
    one, two = add(span("s1")), add(span("s2", (2, 3)))
    for made in (one, two):
        begun.perform(made)
    with pytest.raises(OutOfTurn):
        begun.undo(of=one.id)
    for edit_id in ("u2", "u2"):
        begun.undo(edit_id, of=two.id)
    with pytest.raises(OutOfTurn):
        begun.redo(of=one.id)
    begun.redo("r2", of=two.id)
    begun.undo(of=two.id)
    begun.undo(of=one.id)
    assert set(begun.annotated("a1").spans) == set()
    begun.redo(of=one.id)
    with pytest.raises(OutOfTurn):
        begun.redo(of=one.id)
    assert set(begun.annotated("a1").spans) == {"s1"}


def test_a_new_edit_ends_what_could_be_redone(begun: Project) -> None:
    begun.perform(add(span("s1")))
    begun.undo()
    begun.perform(add(span("s2")))
    assert begun.redo() is None
    begun.undo()
    assert begun.steps_to_redo == 1
    begun.redo()
    assert set(begun.annotated("a1").spans) == {"s2"}


def test_each_author_undoes_their_own(begun: Project) -> None:
    begun.perform(add(span("s1")))
    begun.author = "bob"
    assert begun.undo() is None
    begun.perform(add(layer("l2", author="bob"), span("s2", layer_id="l2")))
    begun.author = "ada"
    begun.undo()
    assert set(begun.annotated("a1").spans) == {"s2"}
    begun.author = "bob"
    begun.undo()
    assert begun.annotated("a1").spans == {}


def test_undo_of_what_somebody_else_changed_since_is_refused(begun: Project) -> None:
    begun.perform(add(entity()))
    begun.author = "bob"
    begun.perform(change(entity(), entity(note="bob was here")))
    begun.author = "ada"
    with pytest.raises(ConflictError):
        begun.undo()
    assert begun.entities()["e1"].note == "bob was here"
    assert begun.steps_to_undo == 2


def test_undo_asked_twice_with_one_id_is_done_once(begun: Project) -> None:
    begun.perform(add(span("s1")))
    begun.perform(add(span("s2", (11, 15))))
    first = begun.undo("the-undo")
    assert begun.undo("the-undo") == first
    assert set(begun.annotated("a1").spans) == {"s1"}


def test_the_step_to_undo_can_be_looked_at_before(begun: Project) -> None:
    done = begun.perform(add(span())).edit
    assert begun.undo_step() == done
    begun.undo()
    assert begun.redo_step() == done
    begun.redo()
    assert begun.undo_step() == done


def test_an_article_brought_back_stands_where_it_stood(project: Project) -> None:
    for number in range(3):
        project.perform(add(article(f"a{number}", f"Text {number}"), action="import"))
    project.perform(change(article("a1", "Text 1"), None, "delete"))
    assert project.article_ids() == ["a0", "a2"]
    assert project.search("Text 1") == []
    project.undo()
    assert project.article_ids() == ["a0", "a1", "a2"]
    assert [hit.article_id for hit in project.search("Text 1")] == ["a1"]


def test_undo_reads_as_much_of_a_long_history_as_of_a_short_one(begun: Project) -> None:
    from sqlalchemy import event

    def statements_of_an_undo() -> list[str]:
        asked: list[str] = []
        assert begun._store.writer is not None

        def note(*told: object) -> None:
            asked.append(str(told[2]))

        event.listen(begun._store.writer, "before_cursor_execute", note)
        begun.undo()
        event.remove(begun._store.writer, "before_cursor_execute", note)
        return asked

    begun.perform(add(span("first")))
    short = statements_of_an_undo()
    for number in range(50):
        begun.perform(add(span(f"s{number}", (number, number + 1))))
    assert statements_of_an_undo() == short
