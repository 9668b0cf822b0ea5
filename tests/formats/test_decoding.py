"""Encodings: what is decided, what is asked, what is refused."""

from __future__ import annotations

import codecs
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import UserError
from annotator.formats.decoding import (
    BinaryFileError,
    UndecidedEncodingError,
    declared_in_html,
    decode,
)

UMLAUTS = "Die Bürgermeisterin fährt über die Brücke und grüßt die Gäste. " * 5


@pytest.mark.hostile(24)
@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_decides_and_is_left_out(mark: bytes, encoding: str) -> None:
    found = decode(mark + UMLAUTS.encode(encoding), asked="latin-1")

    assert (found.text, found.encoding) == (UMLAUTS, encoding)


@pytest.mark.hostile(24)
def test_line_ends_become_line_feeds_and_nothing_else_changes() -> None:
    assert (
        decode("a\r\nb\rc\n\x0b\u2028\xa0\x00d ".encode()).text == "a\nb\nc\n\x0b\u2028\xa0\x00d "
    )


def test_utf_8_goes_before_what_was_asked_for_and_says_so() -> None:
    found = decode(UMLAUTS.encode(), asked="cp1252")

    assert found.text == UMLAUTS
    assert "not read as cp1252" in found.note


def test_a_declared_encoding_goes_before_the_one_asked_for() -> None:
    found = decode("Grüße".encode("latin-1"), declared="latin-1", asked="cp437")

    assert (found.text, found.encoding) == ("Grüße", "iso8859-1")


def test_the_encoding_asked_for_is_used_where_utf_8_does_not_fit() -> None:
    assert decode(UMLAUTS.encode("cp1252"), asked="cp1252").text == UMLAUTS
    assert decode("ab".encode("utf-16-le") * 20, asked="utf-16-le").text == "ab" * 20
    assert decode("日本語".encode("iso2022_jp"), asked="iso-2022-jp").text == "日本語"


def test_an_undecided_encoding_is_asked_for_and_never_guessed() -> None:
    with pytest.raises(UndecidedEncodingError) as caught:
        decode(UMLAUTS.encode("cp1252"))

    assert "cp1252" in caught.value.candidates
    assert "cp1252" in str(caught.value)
    for name in caught.value.candidates:
        UMLAUTS.encode("cp1252").decode(name)


def test_utf_16_without_a_mark_is_proposed_and_not_refused_as_binary() -> None:
    with pytest.raises(UndecidedEncodingError) as caught:
        decode("The ferry sailed again.".encode("utf-16-be"))

    assert caught.value.candidates[0] == "utf-16-be"


@pytest.mark.parametrize("asked", ["no-such-encoding", "base64"])
def test_an_encoding_that_does_not_exist_is_named(asked: str) -> None:
    with pytest.raises(UndecidedEncodingError, match=asked):
        decode(UMLAUTS.encode("cp1252"), asked=asked)


def test_damage_after_a_byte_order_mark_is_told() -> None:
    with pytest.raises(UserError, match="UTF-8"):
        decode(codecs.BOM_UTF8 + b"abc \xff")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "PNG picture"),
        (b"PK\x03\x04" + bytes(50), "zip archive"),
        (b"%PDF-1.7 ...", "PDF document"),
        (pickle.dumps({"a": [1, 2, 3]}), "Python objects"),
        (pickle.dumps(list(range(9)), protocol=2), "Python objects"),
        (bytes(range(32)) * 20, "control characters"),
        (b"a" + bytes(500), "empty bytes"),
    ],
)
def test_what_is_no_text_is_refused_in_plain_words(data: bytes, name: str) -> None:
    with pytest.raises(BinaryFileError, match=name):
        decode(data)


@pytest.mark.parametrize(
    ("page", "encoding"),
    [
        (b'<html><head><meta charset="utf-8">', "utf-8"),
        (b"<meta http-equiv=Content-Type content='text/html; charset=koi8-r'>", "koi8-r"),
        (b'<?xml version="1.0" encoding="ISO-8859-1"?>', "windows-1252"),
        (b"<html><body>charset=utf-8", None),
    ],
)
def test_the_encoding_that_a_page_declares_is_found(page: bytes, encoding: str | None) -> None:
    assert declared_in_html(page) == encoding


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_any_text_in_utf_8_comes_through_letter_by_letter(text: str) -> None:
    text = "x" + text
    assert decode(text.encode()).text == text
