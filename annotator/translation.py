"""Texts of the interface in the person's language.

Texts are written in English where they are used, ``tr("Open {name}", name=…)``, and looked up in
``resources/translations/LANGUAGE.po``. The language is ambient, as in :mod:`gettext`: a text is
needed in every corner of the window, and one process speaks one language.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Final

from annotator import resources

LANGUAGES: Final[Mapping[str, str]] = {"en": "English", "de": "Deutsch"}
"""Languages that ship, by their codes, in their own names."""

Catalogue = dict[str, tuple[str, ...]]
"""From the English text (the singular, where there are two) to its forms in another language."""

_catalogue: Catalogue = {}


def use(language: str) -> None:
    """Speak *language* from now on, a key of :data:`LANGUAGES`; others are answered in English."""
    global _catalogue
    foreign = language in LANGUAGES and language != "en"
    _catalogue = read(resources.text(f"translations/{language}.po")) if foreign else {}


def tr(text: str, /, **values: object) -> str:
    """Return the literal *text* in the person's language, with *values* put in."""
    found = _catalogue.get(text, (text,))[0] or text
    return found.format(**values) if values else found


def tr_n(n: int, one: str, many: str, /, **values: object) -> str:
    """Return *one* or *many*, as *n* needs it, in the person's language; ``{n}`` is the number."""
    forms = _catalogue.get(one, (one, many))
    chosen = forms[0] if n == 1 or len(forms) == 1 else forms[1]
    return (chosen or (one if n == 1 else many)).format(n=number(n), **values)


def later(text: str) -> str:
    """Mark the literal *text* of a table for translation; :func:`shown` translates it."""
    return text


def shown(text: str) -> str:
    """Return a text that was marked with :func:`later`, in the person's language."""
    return tr(text)


def reason(error: Exception) -> str:
    """Return what *error* says, translated where it was put together from a marked text."""
    template = getattr(error, "template", None)
    values = getattr(error, "values", None)
    if isinstance(template, str) and isinstance(values, dict):
        return tr(template).format(**values)
    return str(error)


def number(n: int) -> str:
    """Return *n* with a thin gap between thousands, as both languages that ship may write it."""
    return f"{n:,}".replace(",", "\u202f")


def read(source: str) -> Catalogue:
    """Read a gettext catalogue (PO format) with at most two plural forms.

    Only what translators edit is understood: ``msgid``, ``msgid_plural``, ``msgstr`` and
    continuation lines. Raises ValueError where a line is none of these.
    """
    entries: list[dict[str, str]] = [{}]
    field = ""
    for number_, line in enumerate(source.splitlines(), start=1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        word, quote, _ = line.partition('"')
        try:
            text = ast.literal_eval(line[len(word) :]) if quote else None
        except SyntaxError:
            text = None
        if text is None:
            raise ValueError(f"Line {number_} of the catalogue cannot be read: {line}")
        if word:
            field = word.strip()
            if field == "msgid":
                entries.append({})
        entries[-1][field] = entries[-1].get(field, "") + text
    return {
        entry["msgid"]: tuple(v for k, v in entry.items() if k.startswith("msgstr"))
        for entry in entries
        if entry.get("msgid")
    }
