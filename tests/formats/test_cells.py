"""Cells that a spreadsheet would run."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.formats.cells import original, safe


@pytest.mark.hostile(14)
@pytest.mark.parametrize(
    "value",
    [
        '=HYPERLINK("http://127.0.0.1/", "x")',
        "@SUM(1)",
        "+1+1",
        "-1+cmd|' /C calc'!A0",
        "\tx",
        "\r=1",
        "\n=1",
        " =1",
        "\ufeff=1",
        "＝1+1",
        "'=1",
        "-",
    ],
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(value: str) -> None:
    assert safe(value) == f"'{value}"
    assert original(safe(value)) == value


@pytest.mark.parametrize("value", ["", "Ada", "'tis late", "''", "2024-03-01", "-3.7", "-12"])
def test_ordinary_words_and_numbers_stay_as_they_are(value: str) -> None:
    assert safe(value) == value
    assert original(value) == value


@pytest.mark.hostile(14)
@given(st.text(st.sampled_from("'=+-@\t\n 1.aé\ufeff"), max_size=6) | st.text(max_size=12))
def test_any_value_comes_back_and_safe_cells_begin_with_no_formula(value: str) -> None:
    cell = safe(value)

    assert original(cell) == value
    assert not cell.strip().startswith(("=", "+", "@"))
