"""Office documents (DOCX, XLSX): ZIP files of XML, looked at with distrust before they are opened.

The Open Packaging Conventions (ECMA-376, part 2) forbid document types in their XML, so a part that
has one was made to harm: entities are how small files become large ones and reach for others.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Final

from annotator.errors import UserError
from annotator.formats import Sample, archives

_DOCTYPE: Final = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_OLE: Final = b"\xd0\xcf\x11\xe0"
_PARTS: Final = (".xml", ".rels")


def holds(sample: Sample, beginning: str) -> bool:
    """Tell whether a file is a ZIP file with a member whose name begins so."""
    if not sample.head.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(sample.path) as file:
            return any(name.startswith(beginning) for name in file.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def refuse_hostile(path: Path, kind: str) -> None:
    """Raise UserError where the *kind* of document at *path* is none or must not be opened."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror or error}.") from error
    if start == _OLE:
        raise UserError(
            f"{path} is protected with a password, or of a version before 2007. Save it as an "
            f"ordinary {kind} without a password, and import that."
        )
    with archives.opened(path) as archive:
        for name in filter(_is_part, archive.names):
            # Without the zeros that UTF-16 puts between the letters.
            if _DOCTYPE.search(archive.read(name).replace(b"\0", b"")):
                raise UserError(
                    f"{path} is not opened: {name!r} defines a document type, which no office "
                    "program writes."
                )


def told(error: Exception) -> str:
    """Return what a library says of a document that it cannot read, in words for people."""
    if isinstance(error, (IndexError, TypeError, AttributeError)):
        return "a part of it is not what it should be"
    return str(error)


def _is_part(name: str) -> bool:
    return name.casefold().endswith(_PARTS)
