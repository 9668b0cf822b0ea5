import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.toml_writer import dumps

texts = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from('"\\\n\r\t\x00'))
scalars = texts | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3)
)


@given(st.dictionaries(texts, values, max_size=5))
def test_whatever_is_written_is_read_back_equal(table: dict[str, Any]) -> None:
    assert tomllib.loads(dumps(table)) == table


def test_texts_of_several_lines_and_lists_of_tables_stay_readable() -> None:
    table = {
        "title": "A “small” one",
        "unless": {"a": ["x", "y"]},
        "labels": [
            {"name": "X", "guideline": 'One "line".\nAnother.', "examples": [{"text": "t"}]}
        ],
    }
    assert dumps(table) == (
        'title = "A “small” one"\n'
        'unless = { a = ["x", "y"] }\n'
        "\n[[labels]]\n"
        'name = "X"\n'
        'guideline = """\nOne "line".\nAnother."""\n'
        "\n[[labels.examples]]\n"
        'text = "t"\n'
    )


def test_what_toml_cannot_say_is_refused() -> None:
    with pytest.raises(TypeError, match="no NoneType"):
        dumps({"a": None})
