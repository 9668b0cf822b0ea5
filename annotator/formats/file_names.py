"""Names of files for articles: readable, allowed everywhere, and back again to the id."""

from __future__ import annotations

import hashlib
import re
from typing import Final
from urllib.parse import quote, unquote

_LONGEST: Final = 120
_DEVICES: Final = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)")
_CUT: Final = re.compile("%[0-9A-F]?$")


class FileNames:
    """Gives each article of an export a name of its own, on disks that know no case as well."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def name(self, id_: str) -> str:
        """Return the name of the file for an article, without a suffix."""
        wish = name = file_name(id_)
        number = 2
        while name.casefold() in self._taken:
            name = f"{wish}~{number}"
            number += 1
        self._taken.add(name.casefold())
        return name


def file_name(id_: str) -> str:
    """Return *id_* with what file systems do not allow written as ``%2F``; a long one is cut."""
    name = quote(id_, safe=" !#$&'()+,;=@[]^{}~")
    if _DEVICES.match(name) or name[:1] in (".", " ", ""):
        name = f"%{ord(name[:1] or '_'):02X}{name[1:]}"
    if name.endswith((".", " ")):
        name = f"{name[:-1]}%{ord(name[-1]):02X}"
    if len(name) > _LONGEST:
        digest = hashlib.sha256(id_.encode("utf-8")).hexdigest()[:12]
        name = f"{_CUT.sub('', name[: _LONGEST - 13])}~{digest}"
    return name


def id_of(stem: str) -> str:
    """Return the id that :func:`file_name` made a name of, if it was not cut."""
    return unquote(stem)
