"""Which results are refused as a whole: those of others, and those that contradict themselves."""

from __future__ import annotations

from pathlib import Path

from annotator.errors import UserError
from annotator.formats import bundle
from annotator.formats.bundle import Bundle, Manifest
from annotator.model import (
    Comment,
    Edit,
    Entity,
    Layer,
    LayerKind,
    LayerState,
    Record,
    Relation,
    Span,
    type_name,
)
from annotator.project import Project

Key = tuple[str, str]
"""Type of a record and its id."""


class Refused(UserError):
    """The whole result is refused, and nothing of it was taken in."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} is refused: {reason} Nothing was taken in.")


def checked(project: Project, found: Bundle) -> list[Edit]:
    """Return the edits of a result that can belong to *project*, and to one person alone."""
    manifest, path = found.manifest, found.path
    if manifest.kind != bundle.RESULT:
        raise Refused(path, "it is a work order. Open it as a project of its own.")
    if manifest.project != project.id:
        raise Refused(path, f"it belongs to another project, “{manifest.title}”.")
    if manifest.base > project.revision:
        raise Refused(
            path,
            f"its work order shows state {manifest.base:,} of this project, which is here at "
            f"{project.revision:,}: this is an older copy.",
        )
    edits = found.edits()
    if len(edits) != manifest.edits or len({one.id for one in edits}) != len(edits):
        raise Refused(path, "it does not hold the edits that it names.")
    last: dict[Key, Record | None] = {}
    for one in edits:
        if one.author != manifest.person:
            raise Refused(path, f"it is the work of {manifest.person}, but {one.author} is in it.")
        for change in one.changes:
            key = (type_name(change.record), change.record.id)
            if last.setdefault(key, change.before) != change.before:
                raise Refused(path, f"its edits contradict each other about {key[1]!r}.")
            last[key] = change.after
            for record in (change.before, change.after):
                _check_record(manifest, path, record)
    return edits


def _check_record(manifest: Manifest, path: Path, record: Record | None) -> None:
    """Raise Refused for a record that the result of one person cannot be about."""
    if record is None or isinstance(record, Entity):
        return
    if not isinstance(record, Layer | Span | Relation | Comment):
        raise Refused(path, f"it changes what is not the person’s own ({type_name(record)}).")
    if record.article_id not in manifest.articles:
        raise Refused(path, f"it is about an article that it does not name, {record.article_id!r}.")
    match record:
        case Layer():
            if (record.author, record.kind) != (manifest.person, LayerKind.PERSON):
                raise Refused(path, f"it holds labels of {record.author}, who is somebody else.")
            if record.state not in LayerState.ALL:
                raise Refused(path, f"{record.state!r} is no state of an article.")
        case Comment() if record.author != manifest.person:
            raise Refused(path, f"it holds remarks of {record.author}, who is somebody else.")
        case Relation() if (record.target is None) == (record.target_entity is None):
            raise Refused(path, f"the relation {record.id!r} has no end, or two.")
