"""From bytes to the text that is frozen: encodings without silent guesses.

A byte order mark decides, then strict UTF-8, then the encoding that the file declares, then the
one that was asked for. Where none of them fits, the person is asked, with proposals.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

from annotator.errors import UserError
from annotator.translation import later, shown, tr

_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES: Final = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a picture, sound or film"),
    (b"PK\x03\x04", "a zip archive or an office document"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"%PDF-", "a PDF document"),
    (b"{\\rtf", "a rich text document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"SQLite format 3", "a database"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"\x93NUMPY", "an array of numbers or Python objects"),
    (b"OggS", "a sound"),
    (b"ID3", "a sound"),
)
_OBJECTS: Final = (".pkl", ".pickle", ".pt", ".pth", ".joblib", ".npy", ".npz")
"""Suffixes of files of Python objects; the oldest kind looks like text inside."""
_PICKLE: Final = re.compile(rb"\x80[\x02-\x05][\x95c}\](K\x8c]")
_DRAWING: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*+(?:(?><\?.*?\?>|<!--.*?-->|"
    rb"<!DOCTYPE\s+svg[^\[>]*+(?:\[.*?\]\s*+)?>)\s*+)*+<svg\b",
    re.DOTALL | re.IGNORECASE,
)
_IS_OBJECTS: Final = "It is a file of Python objects, not a text. Nothing was imported."
_SAMPLE: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text as it will be frozen, the encoding it was in, and a remark for the person."""

    text: str
    encoding: str
    note: str = ""


class BinaryFileError(UserError):
    """The bytes are no text in any encoding."""


class UndecidedEncodingError(UserError):
    """Nothing says in which encoding the bytes are; ``candidates`` are proposals, best first."""

    def __init__(self, candidates: tuple[str, ...], reason: str) -> None:
        self.candidates = candidates
        proposal = f" It could be {' or '.join(candidates)}." if candidates else ""
        super().__init__(
            f"{reason}{proposal} Choose its encoding and import it again; nothing was imported."
        )


def decode(data: bytes, declared: str | None = None, asked: str | None = None) -> Decoded:
    """Return the text in *data*: without byte order mark, with line feeds only, else unchanged.

    Raises BinaryFileError where *data* is no text, and UndecidedEncodingError where no encoding
    that we were told of fits.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _with_mark(data[len(mark) :], encoding)
    _refuse_binary(data)
    names = (
        (declared, later("Read as {encoding}, as declared.")),
        (asked, later("Read as {encoding}, as asked for.")),
    )
    escapes = b"\x1b" in data and bool(declared or asked)
    utf8 = None if _is_wide(data) else _try(data, "utf-8")
    if utf8 is not None and not escapes:
        return Decoded(freeze(utf8), "utf-8", _overruled(asked, data))
    for name, said in names:
        told_of = _lookup(name)
        found = None if told_of is None else _try(data, told_of)
        if found is not None and told_of is not None:
            return Decoded(freeze(found), told_of, shown(said).format(encoding=told_of))
    if utf8 is not None:
        return Decoded(freeze(utf8), "utf-8", _overruled(asked, data))
    raise UndecidedEncodingError(_proposals(data), _reason(data, declared, asked))


def refuse_objects(suffix: str) -> None:
    """Raise BinaryFileError for a suffix that says that a file has Python objects in it."""
    if suffix.lower() in _OBJECTS:
        raise BinaryFileError(_IS_OBJECTS)


def freeze(text: str) -> str:
    """Return *text* with line feeds for line ends and without a byte order mark."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def declared_in_html(data: bytes) -> str | None:
    """Return the encoding that a page declares in its first kilobytes, or None.

    ISO-8859-1 means windows-1252 on the web (WHATWG Encoding Standard, section 4.2).
    """
    match = re.search(
        rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^>]+encoding\s*=\s*["']([\w.:-]+)""",
        data[:4096],
        re.IGNORECASE,
    )
    if match is None:
        return None
    name = (match[1] or match[2]).decode("ascii", "ignore").lower()
    latin = name in ("iso-8859-1", "latin1", "latin-1", "iso8859-1", "us-ascii", "ascii")
    return "windows-1252" if latin else name


def _with_mark(data: bytes, encoding: str) -> Decoded:
    text = _try(data, encoding)
    if text is None:
        raise UserError(
            f"The file begins as {encoding.upper()} but breaks off or is damaged later. "
            "Save it again as UTF-8 and import it then; nothing was imported."
        )
    return Decoded(freeze(text), encoding)


def _try(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeError:
        return None
    return text


def _lookup(name: str | None) -> str | None:
    """Return Python's name of a text encoding, or None where there is no such one."""
    if not name:
        return None
    try:
        info = codecs.lookup(name.strip())
    except LookupError:
        return None
    return info.name if getattr(info, "_is_text_encoding", True) else None


def _overruled(asked: str | None, data: bytes) -> str:
    if _lookup(asked) in (None, "utf-8", "ascii") or data.isascii():
        return ""
    return tr("The file is valid UTF-8, so it was not read as {encoding}.", encoding=asked)


def _refuse_binary(data: bytes) -> None:
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            raise BinaryFileError(f"It is {name}, not a text. Nothing was imported.")
    if _PICKLE.match(data):
        raise BinaryFileError(_IS_OBJECTS)
    sample = data[:_SAMPLE]
    if _DRAWING.match(sample):
        raise BinaryFileError("It is a picture (SVG), not a text. Nothing was imported.")
    controls = sum(sample.count(bytes([code])) for code in (*range(1, 9), *range(14, 27), 0x7F))
    if controls > 0.1 * len(sample):
        raise BinaryFileError(
            "It is made of control characters, not of text. Nothing was imported."
        )
    if sample.count(0) > 0.1 * len(sample) and not _is_wide(data):
        raise BinaryFileError("It is mostly empty bytes, not a text. Nothing was imported.")


def _is_wide(data: bytes) -> bool:
    """Tell whether the zero bytes stand as in UTF-16 or UTF-32 of mostly Latin text."""
    sample = data[:_SAMPLE]
    if len(sample) < 4 or sample.count(0) < 0.2 * len(sample):
        return False
    shares = sorted(sample[start::2].count(0) / (len(sample) / 2) for start in (0, 1))
    quarters = sum(sample[start::4].count(0) > 0.22 * len(sample) for start in range(4))
    return (shares[0] < 0.1 and shares[1] > 0.4) or quarters == 3


def _proposals(data: bytes) -> tuple[str, ...]:
    """Return encodings that could fit, best first; only ever proposed, never used unasked."""
    if _is_wide(data):
        even, odd = data[:_SAMPLE:2].count(0), data[1:_SAMPLE:2].count(0)
        first = ("utf-16-le", "utf-16-be") if odd > even else ("utf-16-be", "utf-16-le")
        return tuple(name for name in first if _try(data, name) is not None)
    import charset_normalizer

    found = [match.encoding for match in charset_normalizer.from_bytes(data[:_SAMPLE])]
    likely = [*found[:2], "cp1252", "iso8859-15"]
    names = dict.fromkeys(codecs.lookup(name).name for name in likely)
    return tuple(name for name in names if _try(data, name) is not None)[:4]


def _reason(data: bytes, declared: str | None, asked: str | None) -> str:
    if asked and _lookup(asked) is None:
        return f"There is no encoding called {asked}."
    if asked:
        return f"The file is neither UTF-8 nor {asked}."
    if declared:
        return f"The file says it is {declared}, but it is not."
    return "The file is not UTF-8, and nothing says which encoding it is in."
