"""Edits are saved whole or not at all, once, and against what is really there."""

import dataclasses
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import ConflictError, StorageError
from annotator.model import Change, Edit, Entity, Record, Span, edit
from annotator.project import ArticleQuery, Project
from annotator.store import columns
from annotator.store.logged import from_log, log_entry
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


def test_what_was_saved_is_read_back_equal(begun: Project) -> None:
    records: list[Record] = [
        entity(aliases=("A. Verner", "Ada"), identifiers={"wikidata": "Q1"}, latitude=59.9,
               longitude=-10.25, attributes={"role": "mayor"}, note="née\x00", extra={"k": [1]}),
        span("s1", (0, 3), (4, 10), entity_id="e1", unsure=True, note="tab\there 🙂",
             attributes={"form": "x", "deep": {"b": 1, "a": [None, True]}}, extra={"z": 1.5}),
        span("s2", (16, 38), label="Claim"),
        relation("r1", "attributed_to", "s2", "s1", attributes={"sure": False}),
        relation("r2", "attributed_to", "s2", None, target_entity="e1"),
        comment("c1", "s1", author="bob", time="2026-01-01", reply_to=None, resolved=True),
    ]  # fmt: skip
    begun.perform(add(*records))
    found = begun.annotated("a1")
    for record in records:
        assert found.get(record) == record
    assert found.article == article()


def test_texts_of_every_kind_come_back_exactly(project: Project) -> None:
    texts = ["", "\x00 NUL \x1a and \x1a0041", "🙂" * 3, "e\u0301 مرحبا \u202e x", "\ufeffx\u2028y"]
    for number, text in enumerate(texts):
        id_ = f"a{number}"
        own_layer = layer(f"l{number}", id_)
        note = f"lone \ud800 {text}"
        marked = span(f"s{number}", (0, 1), text=text or "x", article_id=id_,
                      layer_id=own_layer.id, note=note)  # fmt: skip
        project.perform(add(article(id_, text, title=text), own_layer, marked))
        found = project.annotated(id_)
        assert (found.article.text, found.article.title) == (text, text)
        assert found.spans[marked.id] == marked


def test_the_same_edit_again_is_saved_once(begun: Project) -> None:
    once = add(span())
    first = begun.perform(once)
    again = begun.perform(once)
    assert again == first
    assert begun.revision == first.revision
    assert begun.steps_to_undo == 2


def test_an_edit_of_a_changed_record_is_refused_whole(begun: Project) -> None:
    begun.perform(add(span()))
    begun.perform(change(span(), span(note="by somebody else")))
    stale = edit("both", [Change(None, span("s2", (11, 15))), Change(span(), span(unsure=True))])
    revision = begun.revision
    with pytest.raises(ConflictError) as refused:
        begun.perform(stale)
    assert refused.value.present == span(note="by somebody else")
    assert refused.value.change == stale.changes[1]
    assert set(begun.annotated("a1").spans) == {"s1"}
    assert begun.revision == revision


@pytest.mark.parametrize(
    "wrong",
    [
        add(span()),
        add(span("s2", layer_id="nowhere")),
        add(span("s2", entity_id="nobody")),
        add(relation("r1", "attributed_to", "s1", "nowhere")),
        change(layer(), None),
        change(span("gone"), None),
        change(article(), None),
    ],
    ids=["id taken", "no layer", "no entity", "no target", "layer in use", "not there", "in use"],
)
def test_an_edit_that_contradicts_other_records_is_refused(begun: Project, wrong: Edit) -> None:
    begun.perform(add(span()))
    before = begun.annotated("a1")
    with pytest.raises(ConflictError):
        begun.perform(wrong)
    assert begun.annotated("a1") == before
    assert begun.count() == 1


def test_records_of_an_edit_may_come_in_any_order(project: Project) -> None:
    records: list[Record] = [relation("r1", "attributed_to", "s2", "s1"), span("s1"),
               span("s2", label="Claim", entity_id="e1"), entity(), layer(), article()]  # fmt: skip
    project.perform(add(*records))
    project.undo()
    assert project.count() == 0
    assert project.entities() == {}


def test_a_record_may_change_twice_in_one_edit(begun: Project) -> None:
    one, two, three = span(), span(note="two"), span(note="three")
    begun.perform(edit("twice", [Change(None, one), Change(one, two), Change(two, three)]))
    assert begun.annotated("a1").spans["s1"] == three
    begun.undo()
    assert begun.annotated("a1").spans == {}


def test_a_record_that_passes_by_in_one_edit_leaves_nothing(begun: Project) -> None:
    begun.perform(edit("passing", [Change(None, span()), Change(span(), None)]))
    assert begun.annotated("a1").spans == {}
    assert begun.undo() is not None


def test_keys_in_another_order_and_tuples_are_no_conflict(begun: Project) -> None:
    begun.perform(add(span(attributes={"a": (1, 2), "b": 1})))
    begun.perform(change(span(attributes={"b": 1, "a": (1, 2)}), span()))
    assert begun.annotated("a1").spans["s1"] == span()


def test_a_span_that_ends_before_it_begins_is_refused_in_plain_words(begun: Project) -> None:
    with pytest.raises(StorageError, match="refuses this change"):
        begun.perform(add(span("s1", (5, 5))))


def test_author_and_time_are_stamped(begun: Project) -> None:
    saved = begun.perform(add(span()))
    assert saved.edit.author == "ada"
    assert saved.edit.time.endswith("+00:00")


def test_counts_follow_every_change(begun: Project) -> None:
    begun.perform(add(span("s1"), span("s2", (11, 15), unsure=True)))
    begun.perform(change(span("s1"), replace(span("s1"), label="Claim")))
    begun.perform(change(span("s2", (11, 15), unsure=True), None))
    assert [(s.labels, s.unsure) for s in begun.summaries()] == [(1, 0)]
    assert begun.count(ArticleQuery(label="Speaker")) == 0
    assert begun.count(ArticleQuery(label="Claim")) == 1
    begun.undo()
    assert [(s.labels, s.unsure) for s in begun.summaries()] == [(2, 1)]
    assert begun.check() == []


def test_a_large_edit_and_its_undo_are_one_step(begun: Project) -> None:
    spans = [span(f"s{n}", (n % 40, n % 40 + 3)) for n in range(2500)]
    begun.perform(add(*spans))
    assert len(begun.annotated("a1").spans) == 2500
    step = begun.undo_step()
    assert step is not None
    assert [c.after for c in step.changes] == spans
    begun.undo()
    assert begun.annotated("a1").spans == {}
    begun.redo()
    assert begun.annotated("a1").spans == {item.id: item for item in spans}


def test_what_came_since_a_revision_is_told_with_its_changes(begun: Project) -> None:
    since = begun.revision
    marked = begun.perform(add(span()))
    undone = begun.undo()
    assert undone is not None
    told = begun.edits_since(since)
    assert [item.kind for item in told] == ["do", "undo"]
    assert told[0] == marked
    assert told[1].edit.changes == marked.edit.inverse.changes
    assert told[1].target == marked.revision


def test_the_history_is_paged_and_told_by_article(begun: Project) -> None:
    begun.perform(add(article("a2", "Other."), action="import"))
    begun.perform(add(span()))
    assert [item.edit.action for item in begun.history()] == ["mark", "import", "import"]
    newest = begun.history(limit=1)[0]
    assert (newest.size, newest.edit.changes) == (1, ())
    assert [h.revision for h in begun.history(before=newest.revision)] == [2, 1]
    assert [h.edit.action for h in begun.history(article_id="a1")] == ["mark", "import"]
    assert begun.saved_edit(newest.revision).edit.changes == (Change(None, span()),)


def test_a_text_is_kept_once_however_often_the_log_names_it(begun: Project) -> None:
    for _ in range(3):
        begun.undo()
        begun.redo()
    with begun._store.reading() as connection:
        bodies = connection.exec_driver_sql("SELECT body FROM changes").scalars().all()
        texts = connection.exec_driver_sql("SELECT count(*) FROM texts").scalar_one()
    assert texts == 1
    assert not any(TEXT in body for body in bodies)


def test_two_programs_that_write_the_same_record_do_not_overwrite_each_other(
    begun: Project, store_url: str
) -> None:
    begun.perform(add(span()))
    with Project.open(store_url, author="bob") as other:
        other.perform(change(span(), span(note="bob's")))
        with pytest.raises(ConflictError):
            begun.perform(change(span(), span(note="ada's")))
        assert other.annotated("a1").spans["s1"].note == "bob's"


def test_every_field_of_every_record_has_a_column() -> None:
    from annotator.model import RECORD_TYPES
    from annotator.store.rows import TABLES, columns

    for name, cls in RECORD_TYPES.items():
        held = {*TABLES[name].c.keys(), *(["text"] if name == "article" else [])}
        assert {spec.name for spec in dataclasses.fields(cls)} <= held
        assert [c.name for c in TABLES[name].c][: len(columns(name))] == list(columns(name))


@given(
    st.dictionaries(st.text(), st.text() | st.booleans() | st.none() | st.floats(allow_nan=False)),
    st.lists(st.text()).map(tuple),
)
def test_the_fast_ways_to_write_json_write_the_same(
    values: dict[str, object], strings: tuple[str, ...]
) -> None:
    assert columns.flat_json(values) == columns.to_json(values)
    assert columns.strings_json(strings) == columns.to_json(strings)
    assert columns.from_json(columns.flat_json(values)) == values


@given(st.text(st.characters() | st.sampled_from("\x00\x1a\ud800\udfff")))
def test_every_string_can_be_stored_and_comes_back(text: str) -> None:
    stored = columns.escape(text)
    assert columns.unescape(stored) == text
    assert "\x00" not in stored
    stored.encode("utf-8")


def test_the_row_of_a_span_is_what_its_columns_say() -> None:
    from annotator.store.rows import codec

    how = codec("span")
    one = span("s", (0, 3), (4, 10), unsure=True, note="\x00", attributes={"a": [1]}, entity_id="e")
    looped = list(how.values(one))
    for at, encode in how.encoders:
        looped[at] = encode(looped[at])
    assert how.row(one) == tuple(looped)
    assert how.record(how.row(one)) == one


@given(
    st.builds(
        span,
        unsure=st.booleans(),
        note=st.text(),
        entity_id=st.none() | st.text(),
        attributes=st.dictionaries(st.text(), st.text()),
        extra=st.dictionaries(st.text(), st.integers()),
    )
)
def test_a_span_comes_back_from_the_log_as_it_was(one: Span) -> None:
    entry = columns.from_json(columns.to_json(log_entry(Change(one, None))))
    assert from_log(entry, {}) == Change(one, None)


def test_every_kind_of_record_can_be_changed_and_changed_back(begun: Project) -> None:
    from annotator.model import Verdict
    from annotator.scheme import next_version, to_record

    verdict = Verdict(
        id="v", article_id="a1", layer_id="l1", record_id="s1", revision=1, decision="accept"
    )
    tie = relation("r", "attributed_to", "s2", "s1")
    begun.perform(add(entity(), span("s1"), span("s2", label="Claim"), tie, verdict,
                      comment("c", "s1")))  # fmt: skip
    before = begun.annotated("a1")
    changes: list[tuple[Record, Record]] = [
        (article(), article(title="Renamed", source="Wire")),
        (layer(), layer(state="submitted", note="done")),
        (entity(), entity(name="Renamed")),
        (span("s1"), span("s1", (0, 3), note="shorter")),
        (tie, replace(tie, attributes={"sure": True})),
        (verdict, replace(verdict, reason="because")),
        (comment("c", "s1"), comment("c", "s1", resolved=True)),
        (to_record(SCHEME), to_record(next_version(SCHEME))),
    ]
    begun.perform(edit("all", [Change(old, new) for old, new in changes]))
    after = begun.annotated("a1")
    assert [after.get(new) for _, new in changes[:-1] if not isinstance(new, Entity)] == [
        new for _, new in changes[:-1] if not isinstance(new, Entity)
    ]
    assert begun.entities()["e1"].name == "Renamed"
    assert begun.scheme == next_version(SCHEME)
    assert [hit.article_id for hit in begun.search("renamed")] == ["a1"]
    begun.undo()
    assert begun.annotated("a1") == before
    assert begun.scheme == SCHEME
    assert [item.code for item in begun.check()] == ["orphan-entity"]
