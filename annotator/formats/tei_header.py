"""What the header of a TEI document says about its text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from annotator.formats import Reading
from annotator.formats.gathering import article_of
from annotator.formats.tei_values import content, day, json_of
from annotator.formats.tei_writing import APPLICATION
from annotator.model import Article

if TYPE_CHECKING:
    from lxml import etree

_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"


def below(root: etree._Element, *path: str) -> list[etree._Element]:
    """Return the elements below *root* on a path of names, each any depth below the last."""
    found = [root]
    for name in path:
        found = [item for above in found for item in above.iter(f"{{*}}{name}")]
    return found


class Header:
    """Reads the header; in our own files (*exact*) every blank counts."""

    def __init__(self, root: etree._Element, *, exact: bool) -> None:
        self._root = root
        self._exact = exact

    def article(self, text: str, article_id: str, reading: Reading) -> Article:
        """Return the article with *text*, called *article_id* unless the header names it."""
        titles = below(self._root, "teiHeader", "titleStmt", "title")
        title = content(titles[0], exact=self._exact) if titles else None
        languages = [item.get("ident") for item in below(self._root, "teiHeader", "language")]
        told = languages[0] if languages else self._root.get(_LANGUAGE)
        described = {name: self._about(name) for name in ("publisher", "date", "ptr", "idno")}
        date, pointer, number = described["date"], described["ptr"], described["idno"]
        own = number is not None and number.get("type") == APPLICATION
        return article_of(
            content(number) if own and number is not None else article_id,
            text,
            title if title or self._exact else None,
            language=reading.language if told is None else told,
            source=self._said("publisher"),
            url=None if pointer is None else pointer.get("target"),
            published=None if date is None else day(date, exact=self._exact),
            metadata=self._metadata(),
        )

    def _about(self, name: str) -> etree._Element | None:
        """Return an element about the source, or about the publication where that says nothing."""
        found = below(self._root, "teiHeader", "sourceDesc", name)
        if not found and not self._exact:
            found = below(self._root, "teiHeader", "publicationStmt", name)
        return found[-1] if found else None

    def _said(self, name: str) -> str | None:
        found = self._about(name)
        return None if found is None else content(found, exact=self._exact)

    def _metadata(self) -> dict[str, Any]:
        for item in below(self._root, "teiHeader", "xenoData") if self._exact else ():
            value = json_of(item.text)
            if isinstance(value, dict):
                return value
        return {}
