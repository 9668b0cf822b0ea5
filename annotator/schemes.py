"""The schemes that ship with the program, and schemes in files."""

from __future__ import annotations

from pathlib import Path

from annotator import resources
from annotator.scheme import Scheme, SchemeError, from_toml


def names() -> list[str]:
    """Return the names of the schemes that ship, the usual one first."""
    found = [Path(name).stem for name in resources.names("schemes", ".toml")]
    return sorted(found, key=lambda name: (name != "news-default", name == "blank", name))


def load(name: str) -> Scheme:
    """Return the scheme that ships as *name*, or the one in the TOML file at this path.

    Raises SchemeError that names the file and says what is wrong with it.
    """
    if name in names():
        return from_toml(resources.text(f"schemes/{name}.toml"))
    path = Path(name).expanduser()
    try:
        source = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise SchemeError(
            f"There is no scheme {name!r}: it is neither a file nor one of {', '.join(names())}."
        ) from error
    except UnicodeDecodeError as error:
        raise SchemeError(f"{path} is not a scheme: it is not UTF-8 text.") from error
    except OSError as error:
        raise SchemeError(f"{path} cannot be read: {error.strerror}.") from error
    try:
        return from_toml(source)
    except SchemeError as error:
        raise SchemeError(f"{path}: {error}") from error
