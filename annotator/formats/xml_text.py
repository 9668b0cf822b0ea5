"""XML of files from elsewhere: no entities, nothing loaded from elsewhere, limits on everything."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from annotator.errors import UserError

if TYPE_CHECKING:
    from lxml import etree

LARGEST: Final = 256 * 1024**2
"""Bytes of a file that is read whole."""


def parse(source: Path | bytes, called: str = "") -> etree._Element:
    """Return the root of an XML document; *called* is what messages call bytes.

    A document type with definitions of its own is refused: nothing that we read has use for one,
    and entities are how small files become large ones and reach for other files. Raises UserError
    with line and column.
    """
    from lxml import etree

    if isinstance(source, Path):
        from annotator.formats.imported import load

        called, source = str(source), load(source)
    if len(source) > LARGEST:
        raise UserError(f"{called} has {len(source) / 1024**2:,.0f} MB; that is too large.")
    try:
        root = etree.fromstring(source, _parser(etree))
    except etree.XMLSyntaxError as error:
        line, column = error.position
        reason = (error.msg or "it cannot be read").partition(", line ")[0].rstrip(".")
        raise UserError(
            f"{called}, line {line}, column {column}: not XML that can be read: {reason}. "
            "Nothing was imported."
        ) from error
    _refuse_definitions(root.getroottree().docinfo, called)
    return root


def _parser(etree: Any) -> Any:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _refuse_definitions(info: Any, called: str) -> None:
    if info.internalDTD is not None and list(info.internalDTD.iterentities()):
        raise UserError(
            f"{called} defines entities of its own, which can hide very large or foreign contents. "
            "It is not read; save it without a DOCTYPE."
        )


def local(element: etree._Element | None) -> str:
    """Return the name of an element without its namespace; empty for what is no element."""
    tag = None if element is None else element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
