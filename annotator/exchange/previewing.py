"""The first lines of an export, really written, for people to look at before it is made."""

from __future__ import annotations

import tempfile
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from annotator import formats
from annotator.annotated import Annotated
from annotator.exchange.drawing import Drawing
from annotator.exchange.plan import Plan
from annotator.exchange.surveying import Survey
from annotator.formats.numbered import Numbers
from annotator.project import Project

LINE: Final = 400
"""Characters of a line that are shown."""

_ARTICLES: Final = 3
"""Articles that are written for a preview."""
_TRIED: Final = 200
"""Articles of the project that are looked at to find those."""
_HEAD: Final = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The first lines of an export: foreign text."""

    name: str
    """Name of the file that they are of, such as ``train.jsonl``."""
    lines: tuple[str, ...] = ()
    """Each cut to :data:`LINE` characters, tabs and all."""
    is_text: bool = True
    """False for files that are not text, which have no lines to show."""
    is_withheld: bool = False
    """Whether there is something to write, and nothing of it that who exports may see yet."""


def preview(project: Project, plan: Plan, survey: Survey | None = None, lines: int = 8) -> Preview:
    """Return the first lines of what an export would write, from its first articles alone.

    With a *survey* they are the first articles of the first part; without one, the first that the
    selection takes something of. Raises UserError as a survey does.
    """
    drawing = Drawing(project, plan)
    with closing(_first(project, plan, drawing, survey)) as first:
        ready = list(islice(first, _ARTICLES))
    sight = project.sight
    found = [item for item in ready if not any(map(sight.hides, item.records()))]
    if ready and not found:
        return Preview(name="", is_withheld=True)
    if plan.renumber:
        found = list(map(Numbers().numbered, found))
    part = plan.split.parts[0] if plan.split is not None else "export"
    with tempfile.TemporaryDirectory(prefix="annotator-preview-") as folder:
        target = Path(folder, part)
        if not formats.is_folder(drawing.form):
            target = target.with_name(part + drawing.form.suffixes[0])
        drawing.form.write(found, target, drawing.writing)
        shown = _shown_file(target)
        name = shown.relative_to(folder).as_posix()
        head = _head(shown)
    return _preview(name, head, lines)


def _first(
    project: Project, plan: Plan, drawing: Drawing, survey: Survey | None
) -> Generator[Annotated, None, None]:
    wanted = plan.selection.articles
    if survey is not None:
        wanted = next(iter(survey.article_ids.values()), ())[:_ARTICLES]
    with closing(project.each_annotated(wanted)) as found:
        for item in islice(found, _TRIED):
            ready = drawing.prepared(item)
            if ready is not None:
                yield ready


def _shown_file(target: Path) -> Path:
    """Return *target*, or of a folder the first file that is not hidden."""
    if not target.is_dir():
        return target
    files = (path for path in sorted(target.rglob("*")) if path.is_file())
    return next((path for path in files if not path.name.startswith(".")), target)


def _head(path: Path) -> bytes:
    if not path.is_file():
        return b""
    with path.open("rb") as file:
        return file.read(_HEAD)


def _preview(name: str, head: bytes, lines: int) -> Preview:
    if b"\0" in head:
        return Preview(name=name, is_text=False)
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:
            return Preview(name=name, is_text=False)
        text = head[: error.start].decode("utf-8")
    found = text.split("\n")
    if found[-1] == "":
        found.pop()
    return Preview(name=name, lines=tuple(line[:LINE] for line in found[:lines]))
