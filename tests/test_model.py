import uuid
from dataclasses import replace

import pytest

from annotator.model import (
    Change,
    Entity,
    Fragment,
    edit,
    edit_from_json,
    edit_to_json,
    new_id,
    reading_order,
    record_from_json,
    record_to_json,
    type_name,
)
from tests.notation import annotated, span_of

ADA = "[Ada|Speaker#1] said [it [rains|Claim#3] in [Oslo|Location#4]|Claim#2]."


def test_ids_are_uuids_of_version_7_that_grow_with_time() -> None:
    made = [new_id() for _ in range(50)]
    assert {uuid.UUID(text).version for text in made} == {7}
    assert sorted(text[:13] for text in made) == [text[:13] for text in made]
    assert len(set(made)) == 50


def test_records_and_edits_survive_json() -> None:
    ada = Entity(id="e", kind="actor", name="A", aliases=("B",))
    notation = "[Ada|Speaker@e unsure a=b] [x|Claim#1] said [y|Claim#1]"
    article = annotated(notation, "#1>r>@e", entities=[ada])
    records = list(article.records())
    for record in records:
        assert record_from_json(type_name(record), record_to_json(record)) == record
    whole = edit("import", [Change(None, record) for record in records], place=Fragment(1, 2))
    assert edit_from_json(edit_to_json(whole)) == whole


def test_a_change_is_about_one_record() -> None:
    one = Entity(id="a", kind="actor", name="A")
    with pytest.raises(ValueError, match="about one record"):
        Change(one, replace(one, id="b"))
    with pytest.raises(ValueError, match="needs a record"):
        Change(None, None)


def test_reading_order_puts_what_contains_before_what_is_contained() -> None:
    article = annotated(ADA)
    rains, whole = span_of(article, "rains"), article.spans["2"]
    assert sorted([rains, whole], key=reading_order) == [whole, rains]
