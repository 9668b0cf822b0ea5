"""An article as it comes in from a file, before it has a place in a project."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from annotator.errors import UserError
from annotator.formats.decoding import Decoded
from annotator.model import Article, Fragment, Zone, new_id, text_hash
from annotator.text import dateline, guess_language
from annotator.text.zones import author_of, find_zones

LARGEST: Final = 200 * 1024 * 1024
"""Bytes above which a file is refused."""
LONGEST: Final = 20_000_000
"""Code points of an article; a long book has two million."""
TOO_LONG: Final = (
    f"The text has more than {LONGEST:,} characters, too many for one article. Split it into one "
    "file for each."
)

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january januar jan",
            "february februar feb",
            "march märz mar",
            "april apr",
            "may mai",
            "june juni jun",
            "july juli jul",
            "august aug",
            "september sept sep",
            "october oktober oct okt",
            "november nov",
            "december dezember dec dez",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATES: Final = (
    re.compile(r"\b(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)"),
    re.compile(rf"\b(?P<day>\d{{1,2}})\.?\s+(?P<month>{_MONTH})\.?,?\s+(?P<year>\d{{4}})\b", re.I),
    re.compile(rf"\b(?P<month>{_MONTH})\.?\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}})\b", re.I),
    re.compile(r"\b(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})\b"),
)
_LONGEST_TITLE: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedArticle:
    """A text with what its file says about it; ``original`` are the bytes of the file."""

    title: str
    text: str
    sha256: str
    language: str | None
    source: str | None
    url: str | None
    published: str | None
    """Day of publication, ISO 8601."""
    metadata: Mapping[str, Any]
    zones: tuple[Zone, ...]
    original: bytes
    encoding: str
    path: Path
    note: str = ""
    """What the person should know about the import, or nothing."""

    def new_article(self) -> Article:
        """Return an article of a project with this text and what is known of it."""
        return Article(
            id=new_id(),
            title=self.title,
            text=self.text,
            sha256=self.sha256,
            language=self.language,
            source=self.source,
            url=self.url,
            published=self.published,
            zones=self.zones,
            metadata=dict(self.metadata),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a file states about its article; None where it is silent."""

    title: str | None = None
    language: str | None = None
    source: str | None = None
    url: str | None = None
    published: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)


def load(path: Path, largest: int | None = None) -> bytes:
    """Return the bytes of the file at *path*.

    Raises UserError where it is a folder, missing, unreadable, empty or larger than *largest*
    (:data:`LARGEST` where nothing is said).
    """
    largest = LARGEST if largest is None else largest
    try:
        if path.is_dir():
            raise UserError(f"{path} is a folder. Choose the files in it, or import the folder.")
        if not path.is_file():
            missing = "is not an ordinary file" if path.exists() else "does not exist"
            raise UserError(f"{path} {missing}. Check the name; nothing was imported.")
        size = path.stat().st_size
        if size > largest:
            raise UserError(
                f"{path} has {size / 1024**2:,.0f} MB; such files can have "
                f"{largest // 1024**2} MB. Split it into one file for each article."
            )
        return path.read_bytes()
    except OSError as error:
        raise UserError(
            f"{path} cannot be read: {error.strerror}. Nothing was imported."
        ) from error


def finish(
    path: Path,
    original: bytes,
    decoded: Decoded,
    text: str,
    *,
    facts: Facts | None = None,
    known: Iterable[Zone] = (),
) -> ImportedArticle:
    """Return the article with *text*: zones found, gaps in *facts* filled from the text.

    Raises UserError where there are no words in it, or too many.
    """
    if len(text) > LONGEST:
        raise UserError(f"{path}: {TOO_LONG} Nothing was imported.")
    if not any(map(str.isalnum, text)):
        raise UserError(f"{path} has no words in it. Nothing was imported.")
    facts = facts or Facts()
    zones = find_zones(text, known)
    metadata = dict(facts.metadata)
    bylines = [text[zone.start : zone.end] for zone in zones if zone.zone == "byline"]
    authors = [author for line in bylines if (author := author_of(line)) is not None]
    if authors and "author" not in metadata:
        metadata["author"] = authors[0]
    return ImportedArticle(
        title=_title(path, text, zones, facts.title),
        text=text,
        sha256=text_hash(text),
        language=facts.language or guess_language(text),
        source=facts.source or _agency(text, zones),
        url=facts.url,
        published=facts.published or _published(text, zones),
        metadata=metadata,
        zones=zones,
        original=original,
        encoding=decoded.encoding,
        path=path,
        note=decoded.note,
    )


def _title(path: Path, text: str, zones: Iterable[Zone], stated: str | None) -> str:
    headlines = (text[zone.start : zone.end] for zone in zones if zone.zone == "headline")
    title = " ".join((next(headlines, None) or stated or path.stem).split())
    return title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1] + "…"


def _agency(text: str, zones: Iterable[Zone]) -> str | None:
    for zone in zones:
        if zone.zone == "dateline":
            found = dateline(text, Fragment(zone.start, len(text)))
            return None if found is None else found.agency
    return None


def _published(text: str, zones: Iterable[Zone]) -> str | None:
    """Return the first whole date in dateline, byline or furniture above the report."""
    for zone in zones:
        if zone.zone in ("dateline", "byline", "boilerplate"):
            day = iso_date(text[zone.start : zone.end])
            if day is not None:
                return day
        elif zone.zone == "body":
            return None
    return None


def iso_date(words: str) -> str | None:
    """Return the first date in *words* as ISO 8601, or None; a date without its year is none.

    Understands ISO, English and German dates; ``03/04/2020`` is not decided.
    """
    for pattern in _DATES:
        for match in pattern.finditer(words):
            month = _MONTHS.get(match["month"].lower())
            number = month or (int(match["month"]) if match["month"].isdigit() else 0)
            try:
                return date(int(match["year"]), number, int(match["day"])).isoformat()
            except ValueError:
                continue
    return None
