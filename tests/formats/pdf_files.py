"""Small PDF files for tests, written by hand so that every letter has its place."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping

Placed = tuple[float, float, float, str]
"""Left, height and size in points, and the words."""

_CODES = {0x2022: 149, 0x201C: 147, 0x201D: 148, 0xFB01: 30, 0xFB02: 31, 0xAD: 173}


def _shown(words: str) -> bytes:
    data = bytes(_CODES.get(ord(char), ord(char)) for char in words)
    for sign in (b"\\", b"(", b")"):
        data = data.replace(sign, b"\\" + sign)
    return b"(" + data + b")"


def painted(lines: Iterable[Placed]) -> bytes:
    """Return the content of a page with these lines."""
    parts = [
        b"BT /F1 %g Tf 1 0 0 1 %g %g Tm %s Tj ET" % (size, x, y, _shown(words))
        for x, y, size, words in lines
    ]
    return b"\n".join(parts)


def pdf(
    pages: Iterable[Iterable[Placed] | bytes],
    *,
    info: Mapping[str, str] | None = None,
    trailer: bytes = b"",
    more: Iterable[bytes] = (),
) -> bytes:
    """Return a PDF with these pages; bytes are the packed content of one."""
    packed = [page if isinstance(page, bytes) else zlib.compress(painted(page)) for page in pages]
    font = (
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /Type /Encoding "
        b"/BaseEncoding /WinAnsiEncoding /Differences [30 /fi /fl] >> >>"
    )
    facts = b" ".join(
        b"/%s (%s)" % (key.encode(), value.encode("latin-1")) for key, value in (info or {}).items()
    )
    first = 5
    kids = b" ".join(b"%d 0 R" % (first + 2 * n) for n in range(len(packed)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (de-DE) >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(packed)),
        font,
        b"<< %s >>" % facts,
    ]
    for number, content in enumerate(packed):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (first + 2 * number + 1)
        )
        objects.append(
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream"
            % (len(content), content)
        )
    return _file([*objects, *more], trailer)


def _file(objects: Iterable[bytes], trailer: bytes) -> bytes:
    data = b"%PDF-1.7\n"
    places = []
    for number, one in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    root = b"trailer\n<< /Size %d /Root 1 0 R /Info 4 0 R %s >>\n" % (len(places) + 1, trailer)
    return data + head + table + root + b"startxref\n%d\n%%%%EOF\n" % len(data)
