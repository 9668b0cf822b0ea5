"""Where the files that ship with the program are: schemes, icons, themes, samples, help.

A wheel carries them inside the package as `_resources`; a checkout and an editable install have
them beside the package, in `resources/`.
"""

from collections.abc import Iterator
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def root() -> Path:
    """Return the folder of all resources."""
    shipped = _PACKAGE / "_resources"
    return shipped if shipped.is_dir() else _PACKAGE.parent / "resources"


def path(name: str) -> Path:
    """Return the file or folder called `name`, for example "schemes/news-default.toml".

    Raises FileNotFoundError: a missing resource is a broken installation.
    """
    found = root() / name
    if not found.exists():
        raise FileNotFoundError(f"The resource {name} is missing from {root()}.")
    return found


def text(name: str) -> str:
    """Return the contents of the resource `name`, which is UTF-8."""
    return path(name).read_text(encoding="utf-8")


def names(folder: str, suffix: str) -> Iterator[str]:
    """Yield the names of the resources in `folder` that end in `suffix`, in alphabetical order."""
    for found in sorted(path(folder).iterdir()):
        if found.is_file() and found.name.endswith(suffix):
            yield f"{folder}/{found.name}"
