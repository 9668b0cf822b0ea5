"""Texts of the interface in the person's language.

Texts are written in English where they are used, ``tr("Open {name}", name=…)``, and looked up in
``resources/translations/LANGUAGE.po``. The language is ambient, as in :mod:`gettext`: a text is
needed in every corner of the window, and one process speaks one language.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from annotator import resources

LANGUAGES: Final[Mapping[str, str]] = {"en": "English", "de": "Deutsch"}
"""Languages that ship, by their codes, in their own names."""

Catalogue = dict[str, tuple[str, ...]]
"""From the English text (the singular, where there are two) to its forms in another language."""

_catalogue: Final[Catalogue] = {}


def use(language: str) -> None:
    """Speak *language* from now on, a key of :data:`LANGUAGES`; others are answered in English."""
    foreign = language in LANGUAGES and language != "en"
    _catalogue.clear()
    if foreign:
        _catalogue.update(read(language))


def tr(text: str, /, **values: object) -> str:
    """Return the literal *text* in the person's language, with *values* put in."""
    found = _catalogue.get(text, (text,))[0] or text
    return found.format(**values) if values else found


def tr_n(n: int, one: str, many: str, /, **values: object) -> str:
    """Return *one* or *many*, as *n* needs it, in the person's language; ``{n}`` is the number."""
    forms = _catalogue.get(one, (one, many))
    chosen = forms[0] if n == 1 or len(forms) == 1 else forms[1]
    return (chosen or (one if n == 1 else many)).format(n=number(n), **values)


def inside(name: str) -> str:
    """Return the name of a label or link as it is written inside a sentence.

    English begins it with a small letter, unless it is an abbreviation; German never does.
    """
    if _catalogue or name[1:2].isupper():
        return name
    return name[:1].lower() + name[1:]


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


def read(language: str) -> Catalogue:
    """Read the catalogue that ships for *language*; texts without a translation are left out."""
    from babel.messages.pofile import read_po

    with resources.path(f"translations/{language}.po").open("rb") as file:
        messages = list(read_po(file, locale=language))
    found: Catalogue = {}
    for message in messages:
        several = isinstance(message.id, tuple | list)
        english = str(message.id[0] if several else message.id)
        said = message.string or ""
        forms = tuple(map(str, said)) if isinstance(said, tuple | list) else (said,)
        if english and all(forms):
            found[english] = forms
    return found
