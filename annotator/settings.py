"""What a person set for this computer: name, language, theme, sizes, keys, recent projects.

Kept as JSON in the folder of settings (``ANNOTATOR_HOME``, else where the platform keeps such
files), written whole and replaced at once, so that a crash never leaves half of it.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Final, Self

THEMES: Final = ("system", "light", "dark", "high-contrast-light", "high-contrast-dark")
TEXT_SIZES: Final = (75, 90, 100, 110, 125, 150, 175, 200)
"""Steps of the text size, in per cent."""
RECENT: Final = 10
"""How many recent projects are remembered."""


@dataclass(frozen=True, slots=True)
class RecentProject:
    """A project that was open before, as the welcome page lists it."""

    location: str
    title: str
    done: int = 0
    total: int = 0
    opened: str = ""
    """Day, ISO 8601."""
    author: str = ""
    """Who works on it here, where that is not the author of the settings."""


@dataclass(slots=True)
class Settings:
    """The settings of one person on one computer."""

    path: Path
    author: str = ""
    language: str = "en"
    theme: str = "system"
    text_size: int = 100
    """Per cent of the base size."""
    density: str = "captions"
    snap: bool = True
    trim: bool = True
    fill: bool = True
    reopen: bool = True
    """Whether the program starts with the project that was open last."""
    keys: dict[str, list[str]] = field(default_factory=dict)
    """Keys of actions, by action id, where they differ from the table of actions."""
    recent: list[RecentProject] = field(default_factory=list)
    dismissed: list[str] = field(default_factory=list)
    """Guides and notes that are not to come again."""
    window: dict[str, str] = field(default_factory=dict)
    """Geometry and state of the window, base64."""
    export: dict[str, str] = field(default_factory=dict)
    """What was chosen for the last export, by the name of the choice."""
    queues: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    """Queues of the review that were saved: by the location of the project, then by their name."""
    last_project: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    """Entries of a newer version of the program, kept as they are."""
    first_run: bool = False

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Read the settings; what cannot be read is put aside, and the default holds."""
        path = folder() / "settings.json" if path is None else path
        settings = cls(path=path, author=_login_name(), first_run=not path.exists())
        if settings.first_run:
            return settings
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            if not isinstance(data, dict):
                raise ValueError("The settings are not an object.")
        except (OSError, ValueError):
            _put_aside(path)
            return settings
        settings._take_over(data)
        return settings

    def _take_over(self, data: dict[str, Any]) -> None:
        known = {spec.name: spec for spec in fields(self) if spec.name not in _NOT_KEPT}
        self.extra = {key: value for key, value in data.items() if key not in known}
        for key in known.keys() & data.keys():
            value = data[key]
            if key == "recent" and isinstance(value, list):
                self.recent = [item for entry in value if (item := _recent(entry)) is not None]
            elif type(value) is type(getattr(self, key)):
                setattr(self, key, value)
        if self.theme not in THEMES:
            self.theme = "system"
        self.text_size = min(max(self.text_size, TEXT_SIZES[0]), TEXT_SIZES[-1])

    def save(self) -> None:
        """Write the settings, all or nothing. Raises OSError where the disk refuses."""
        import tempfile

        data = {**self.extra, **asdict(self)}
        for key in _NOT_KEPT:
            data.pop(key)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=".settings-")
        with contextlib.ExitStack() as if_it_fails:
            if_it_fails.callback(Path(name).unlink, missing_ok=True)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(data, file, ensure_ascii=False, indent=1, sort_keys=True)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self.path)
            if_it_fails.pop_all()
        self.first_run = False

    def remember(self, project: RecentProject) -> None:
        """Put *project* first among the recent ones, and as the one to open next time."""
        others = [item for item in self.recent if item.location != project.location]
        self.recent = [project, *others][:RECENT]
        self.last_project = project.location

    def author_of(self, location: str) -> str:
        """Return who worked on a project here the last time."""
        known = (item.author for item in self.recent if item.location == location)
        return next(known, "") or self.author

    def forget(self, location: str) -> None:
        """Take a project out of the recent ones, because it is gone."""
        self.recent = [item for item in self.recent if item.location != location]
        if self.last_project == location:
            self.last_project = ""

    def dismiss(self, what: str) -> None:
        """Never show the guide or note *what* again."""
        if what not in self.dismissed:
            self.dismissed.append(what)


_NOT_KEPT: Final = ("path", "extra", "first_run")


def folder() -> Path:
    """Return the folder of settings and crash reports; ``ANNOTATOR_HOME`` overrules it."""
    home = os.environ.get("ANNOTATOR_HOME")
    if home:
        return Path(home)
    import platformdirs

    return Path(platformdirs.user_config_dir("annotator", appauthor=False))


def data_folder() -> Path:
    """Return the folder of the sample project; ``ANNOTATOR_HOME`` overrules it."""
    home = os.environ.get("ANNOTATOR_HOME")
    if home:
        return Path(home)
    import platformdirs

    return Path(platformdirs.user_data_dir("annotator", appauthor=False))


def _login_name() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "me"


def _put_aside(path: Path) -> None:
    try:
        path.replace(path.with_suffix(".unreadable.json"))
    except OSError:
        return


def _recent(entry: object) -> RecentProject | None:
    if not isinstance(entry, dict):
        return None
    try:
        return RecentProject(**entry)
    except TypeError:
        return None
