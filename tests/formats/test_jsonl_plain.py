"""Reading the usual line without a validator gives what reading it with one gives."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from annotator.annotated import Annotated
from annotator.formats import jsonl, jsonl_line, jsonl_plain
from tests.formats.articles import any_article, small

ODD: tuple[Any, ...] = (None, True, 0, -1, 1.5, "", "x", [], [0], ["x"], [[0, 1]], {}, {"x": 1})


def line_of(item: Annotated) -> Any:
    return json.loads(jsonl.encode(item, "test/1", jsonl.Names()))


def carefully(data: Any) -> Annotated | None:
    line, faults = jsonl_line.parse(copy.deepcopy(data))
    if line is None or faults:
        return None
    found, faults = jsonl_line.annotated(line, {})
    return None if faults else found


@given(item=any_article())
def test_a_line_that_is_read_plainly_says_what_it_says_to_the_careful(item: Annotated) -> None:
    data = line_of(item)
    found = jsonl_plain.annotated(data, {})
    assert found is None or found == carefully(data)


def test_the_usual_line_is_read_plainly() -> None:
    found = jsonl_plain.annotated(line_of(small()), {})
    assert found is not None
    assert found == carefully(line_of(small()))


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield container and key of everything inside a JSON value."""
    keys = list(value) if isinstance(value, dict) else range(len(value))
    for key in keys:
        yield value, key
        if isinstance(value[key], dict | list):
            yield from places(value[key])


@given(draw=st.data())
def test_a_line_with_one_odd_thing_is_never_read_differently(draw: st.DataObject) -> None:
    data = line_of(small())
    container, key = draw.draw(st.sampled_from(list(places(data))))
    how = draw.draw(st.sampled_from(("replace", "remove", "repeat", "add")))
    if how == "replace" or (how == "repeat" and isinstance(container, dict)):
        container[key] = draw.draw(st.sampled_from(ODD))
    elif how == "remove":
        del container[key]
    elif how == "repeat":
        container.append(copy.deepcopy(container[key]))
    elif isinstance(container, dict):
        container["odd"] = draw.draw(st.sampled_from(ODD))
    found = jsonl_plain.annotated(data, {})
    assert found is None or found == carefully(data)
