"""XML from strangers: nothing grows, nothing is fetched, and errors name their place."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from annotator.errors import UserError
from annotator.formats import xml_text

BILLION = (
    "<!DOCTYPE a [<!ENTITY e0 'lol'>"
    + "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" for n in range(1, 10))
    + "]><a>&e9;</a>"
)
QUADRATIC = f"<!DOCTYPE a [<!ENTITY e '{'x' * 50_000}'>]><a>{'&e;' * 5_000}</a>"


@pytest.mark.hostile(7)
@pytest.mark.parametrize("source", [BILLION, QUADRATIC], ids=["billion laughs", "quadratic"])
def test_entities_that_multiply_are_refused(source: str) -> None:
    with pytest.raises(UserError, match="amplification"):
        xml_text.parse(source.encode(), "bomb.xml")


@pytest.mark.hostile(8)
def test_nothing_outside_is_read_or_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        pytest.fail("A connection was made.")

    monkeypatch.setattr(socket.socket, "connect", refused)
    secret = tmp_path / "secret.txt"
    secret.write_text("do not tell")
    outside = [secret.as_uri(), "http://127.0.0.1:9/x.dtd"]
    for where in outside:
        source = f"<!DOCTYPE a [<!ENTITY x SYSTEM '{where}'>]><a>&x;</a>"
        with pytest.raises(UserError, match="entities of its own"):
            xml_text.parse(source.encode(), "out.xml")
        source = f"<!DOCTYPE a SYSTEM '{where}'><a>text</a>"
        assert xml_text.parse(source.encode(), "out.xml").text == "text"


def test_an_error_names_file_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "broken.xml"
    path.write_text("<a>\n<b></a>")
    with pytest.raises(UserError, match=r"broken\.xml, line 2, column \d+: not XML"):
        xml_text.parse(path)


@pytest.mark.hostile(7)
def test_a_tower_of_elements_is_refused() -> None:
    with pytest.raises(UserError, match="not XML that can be read"):
        xml_text.parse(b"<a>" * 100_000 + b"</a>" * 100_000, "deep.xml")
