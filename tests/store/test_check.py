"""Damage is named, explained, and repaired only on request."""

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from annotator.model import Change, Fragment, Record, Zone, edit
from annotator.project import Inconsistency, Project
from tests.store.making import (
    SCHEME,
    TEXT,
    add,
    article,
    change,
    comment,
    entity,
    layer,
    relation,
    span,
)


def codes(project: Project) -> dict[str, Inconsistency]:
    return {item.code: item for item in project.check()}


def test_a_sound_project_has_nothing_to_report(begun: Project) -> None:
    begun.perform(add(entity(), span("s1", entity_id="e1"), span("s2", (16, 38), label="Claim"),
                      relation("r", "attributed_to", "s2", "s1"), comment("c", "s2")))  # fmt: skip
    begun.undo()
    begun.redo()
    assert begun.check() == []


def test_several_unsure_labels_of_one_kind_are_nothing_to_report(begun: Project) -> None:
    begun.perform(add(*(replace(span(f"s{n}", (n, n + 1)), unsure=True) for n in range(3))))
    assert "counts" not in codes(begun)


CLAIM = span("c1", (16, 38), label="Claim")
INNER = span("c2", (20, 27), label="Claim")
CUE = span("q1", (11, 15), label="Cue")

LOGICAL: dict[str, list[Record]] = {
    "unknown-label": [span(label="Nobody")],
    "attribute": [span("x", (16, 38), label="Claim", attributes={"form": "sung"})],
    "too-many-fragments": [span("x", (0, 3), (4, 10), label="Cue")],
    "wrong-entity-kind": [entity(), span("x", (16, 38), label="Claim", entity_id="e1")],
    "text-differs": [replace(span(), text=("Ada Vernor",))],
    "outside-text": [replace(span(), fragments=(Fragment(50, 99),))],
    "fragment-order": [replace(span("s", (4, 10), (0, 8)))],
    "unknown-relation": [CLAIM, span(), relation("r", "loves", "c1", "s1")],
    "illegal-relation": [CLAIM, span(), relation("r", "attributed_to", "s1", "c1")],
    "relation-to-itself": [CLAIM, relation("r", "nested_in", "c1", "c1")],
    "not-inside": [CLAIM, INNER, relation("r", "nested_in", "c1", "c2")],
    "too-many-relations": [CLAIM, CUE, replace(CUE, id="q2"), relation("r1", "cued_by", "c1", "q1"),
                           relation("r2", "cued_by", "c1", "q2")],
    "circle": [CLAIM, replace(CLAIM, id="c3"), relation("r1", "nested_in", "c1", "c3"),
               relation("r2", "nested_in", "c3", "c1")],
    "relation-across-layers": [layer("l2", author="bob"), CLAIM, span("s9", layer_id="l2"),
                               relation("r", "attributed_to", "c1", "s9")],
    "unknown-entity-kind": [entity("x", kind="ghost")],
    "half-coordinates": [entity("x", latitude=1.0)],
    "orphan-entity": [entity()],
    "no-name": [entity(name=" ")],
    "unknown-state": [layer("l2", author="bob", state="asleep")],
    "unknown-layer-kind": [layer("l2", author="bob", kind="oracle")],
    "second-layer": [layer("l2")],
    "dangling-comment": [comment("x", "gone")],
    "dangling-reply": [comment("x", "a1", reply_to="gone")],
    "zone-outside": [article("a2", "short", zones=(Zone("body", 0, 50),))],
}  # fmt: skip


@pytest.mark.parametrize("code", LOGICAL)
def test_records_that_contradict_the_scheme_or_each_other_are_named(
    begun: Project, code: str
) -> None:
    begun.perform(add(*LOGICAL[code]))
    found = codes(begun)
    assert code in found
    assert found[code].message.endswith(".")
    assert found[code].record_ids


REPAIRABLE = [
    "text-differs",
    "outside-text",
    "fragment-order",
    "relation-to-itself",
    "unknown-state",
    "dangling-reply",
    "zone-outside",
]


@pytest.mark.parametrize("code", REPAIRABLE)
@pytest.mark.fault(31)
def test_a_repair_is_previewed_mends_and_can_be_undone(begun: Project, code: str) -> None:
    begun.perform(add(*LOGICAL[code]))
    damaged = [begun.annotated(id_) for id_ in begun.article_ids()]
    repair = begun.repair(begun.check())
    assert repair is not None
    assert [begun.annotated(id_) for id_ in begun.article_ids()] == damaged
    begun.perform(repair)
    assert code not in codes(begun)
    begun.undo()
    assert [begun.annotated(id_) for id_ in begun.article_ids()] == damaged


def test_a_span_that_moved_is_mended_to_the_words_it_stands_on(begun: Project) -> None:
    begun.perform(add(replace(span(), text=("Ada Vernor",))))
    repair = begun.repair(begun.check())
    assert repair is not None
    begun.perform(repair)
    assert begun.annotated("a1").spans["s1"].text == (TEXT[:10],)


# What only somebody else's program can do to a file.


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "p.annotator"
    with Project.create(path, SCHEME, author="ada") as made:
        made.perform(add(article(), layer(), action="import"))
        made.perform(add(entity(), span("s1", entity_id="e1"), CLAIM))
        made.perform(add(relation("r", "attributed_to", "c1", "s1")))
        made.undo()
        made.redo()
    return path


@contextlib.contextmanager
def tampering(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path, isolation_level=None)
    yield connection
    connection.close()


TAMPERED = {
    "dangling-layer": "DELETE FROM layers",
    "dangling-source": "DELETE FROM spans WHERE id = 'c1'",
    "dangling-target": "DELETE FROM spans WHERE id = 's1'",
    "dangling-entity": "DELETE FROM entities",
    "dangling-article": "DELETE FROM articles",
    "revision": "UPDATE project SET revision = 99",
    "history-gap": "DELETE FROM edits WHERE revision = 2",
    "history-empty": "DELETE FROM changes WHERE revision = 2",
    "undo-cursor": "UPDATE cursors SET done = 4",
    "counts": "UPDATE label_counts SET spans = spans + 1",
    "index": "DELETE FROM fulltext_docsize",
    "text-changed": "UPDATE texts SET text = 'Something else entirely, but long enough.'",
    "unreadable": "UPDATE spans SET fragments = 'nonsense' WHERE id = 's1'",
    "scheme": "UPDATE scheme SET toml = 'labels = 1'",
    "foreign-part": "CREATE TRIGGER t AFTER INSERT ON spans BEGIN DELETE FROM spans; END",
}


@pytest.mark.parametrize("code", TAMPERED)
@pytest.mark.fault(31)
def test_damage_in_the_tables_is_named(path: Path, code: str) -> None:
    with tampering(path) as connection:
        connection.execute(TAMPERED[code])
    with Project.open(path, author="ada", read_only=True) as project:
        found = codes(project)
    assert code in found
    assert found[code].severity == "error"


@pytest.mark.parametrize("code", ["undo-cursor", "counts", "index"])
def test_what_is_derived_is_made_anew_on_request(path: Path, code: str) -> None:
    with tampering(path) as connection:
        connection.execute(TAMPERED[code])
    with Project.open(path, author="ada") as project:
        assert codes(project)[code].repair == "structure"
        project.repair_structure()
        assert code not in codes(project)
        assert [hit.article_id for hit in project.search("harbour")] == ["a1"]


def test_an_index_of_other_words_is_noticed(path: Path) -> None:
    with tampering(path) as connection:
        connection.execute("UPDATE articles SET title = 'Another title'")
    with Project.open(path, author="ada") as project:
        assert "index" in codes(project)


@pytest.mark.parametrize("code", ["dangling-layer", "dangling-source", "dangling-entity"])
@pytest.mark.fault(31)
def test_dangling_records_are_mended_by_an_edit_that_can_be_undone(path: Path, code: str) -> None:
    with tampering(path) as connection:
        connection.execute(TAMPERED[code])
    with Project.open(path, author="ada") as project:
        repair = project.repair(project.check())
        assert repair is not None
        project.perform(repair)
        assert not [c for c in codes(project) if c.startswith("dangling")]
        assert project.undo_step() == replace(
            repair, author="ada", time=project.history(1)[0].edit.time
        )


def test_spans_whose_layer_is_gone_come_back_in_a_recovered_one(path: Path) -> None:
    with tampering(path) as connection:
        connection.execute(TAMPERED["dangling-layer"])
    with Project.open(path, author="ada") as project:
        assert project.annotated("a1").spans == {}
        repair = project.repair(project.check())
        assert repair is not None
        project.perform(repair)
        annotated = project.annotated("a1")
        assert set(annotated.spans) == {"s1", "c1"}
        assert [one.author for one in annotated.layers.values()] == ["recovered"]


def test_nothing_to_repair_is_no_edit(begun: Project) -> None:
    begun.perform(edit("x", [Change(None, entity())]))
    assert begun.repair(begun.check()) is None
    begun.perform(change(entity(), None))
