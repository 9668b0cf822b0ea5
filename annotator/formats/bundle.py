"""Bundles: work that goes by mail, as a ZIP file with a manifest.

A *work order* holds articles, the scheme, its guidelines, and one person's own labels, as records
of the project it comes from. A *result* holds the edits that the person made since. The manifest
says whose work it is, which state of which project it begins with, the SHA-256 of every text and of
every other member, and what each layer comes to: what was cut off, changed on the way, or belongs
elsewhere is refused before anything is made of it.

Nothing here vouches for who sent a bundle: whoever can write the file can write its hashes too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.formats import Group, Problem, Reading, Sample, archives, json_text
from annotator.formats.contradictions import contradictions
from annotator.formats.replacing import replacing
from annotator.model import (
    RECORD_TYPES,
    Article,
    Comment,
    Edit,
    Entity,
    JsonObject,
    Layer,
    Record,
    Relation,
    Span,
    Verdict,
    edit_from_json,
    edit_to_json,
    record_to_json,
    text_hash,
    type_name,
)
from annotator.translation import later

name: Final = "bundle"
title: Final = "Annotator bundle"
purpose: Final = later("work that goes by mail: a work order to a person, a result back")
group: Final = Group.LOSSLESS
suffixes: Final = (".zip",)

VERSION: Final = 1
MANIFEST: Final = "annotator-bundle.json"
"""The first member of every bundle."""
SCHEME: Final = "scheme.toml"
GUIDELINES: Final = "guidelines.md"
RECORDS: Final = "records.jsonl"
EVENTS: Final = "events.jsonl"
ORDER: Final = "work order"
RESULT: Final = "result"
_MEMBERS: Final = {ORDER: (SCHEME, GUIDELINES, RECORDS), RESULT: (EVENTS,)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What a layer comes to: counts, and a hash of all that is in it."""

    spans: int = 0
    relations: int = 0
    comments: int = 0
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a bundle says of itself."""

    kind: str
    project: str
    """Id of the project that the work belongs to."""
    title: str
    """What that project is called."""
    person: str
    """Whose work it is."""
    base: int
    """The revision of the project that the work order shows."""
    scheme: str
    """Reference of the scheme: name and version."""
    articles: Mapping[str, str]
    """SHA-256 of the text by id."""
    before: Mapping[str, Tally]
    """What the person's layer came to in the work order, by article."""
    after: Mapping[str, Tally]
    """What it comes to now; the same in a work order."""
    edits: int = 0


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle whose hashes were found right."""

    path: Path
    manifest: Manifest
    members: Mapping[str, bytes]

    def records(self) -> list[Record]:
        """Return the records of a work order. Raises UserError for what is none."""
        found = []
        for line, value in self._lines(RECORDS):
            try:
                found.append(_record(value["type"], value["record"]))
            except (KeyError, TypeError, ValueError) as error:
                raise self._refused(RECORDS, line, error) from error
        return found

    def edits(self) -> list[Edit]:
        """Return the edits of a result, in their order. Raises UserError for what is none."""
        found = []
        for line, value in self._lines(EVENTS):
            try:
                for change in value["changes"]:
                    for side in ("before", "after"):
                        if change[side] is not None:
                            _record(change["type"], change[side])
                found.append(edit_from_json(_strings_checked(value)))
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise self._refused(EVENTS, line, error) from error
        return found

    def _lines(self, member: str) -> Iterator[tuple[int, Any]]:
        for number, raw in enumerate(self.members[member].split(b"\n"), start=1):
            if raw:
                try:
                    yield number, json_text.loads(raw)
                except ValueError as error:
                    raise self._refused(member, number, error) from error

    def _refused(self, member: str, line: int, error: Exception) -> UserError:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        return UserError(
            f"{self.path} is refused: {member}, line {line} is not what a bundle holds ({reason}). "
            "Nothing was taken in."
        )


def recognises(sample: Sample) -> bool:
    """Tell whether a ZIP file begins with the manifest of a bundle."""
    start = sample.head[:4] == b"PK\x03\x04" and sample.head[30 : 30 + len(MANIFEST)]
    return start == MANIFEST.encode()


def is_bundle(path: Path) -> bool:
    """Tell whether the file at *path* is a bundle; what cannot be opened is none."""
    try:
        with path.open("rb") as file:
            return recognises(Sample(path, file.read(64)))
    except OSError:
        return False


def is_result(path: Path) -> bool:
    """Tell whether the file at *path* is a result; raises UserError for a bundle that is none."""
    return is_bundle(path) and opened(path).manifest.kind == RESULT


def read(path: Path, reading: Reading) -> Iterator[Annotated | Problem]:
    """Yield the articles of a work order with the labels in it.

    Raises UserError for a result: what it changes goes by another door.
    """
    bundle = opened(path)
    if bundle.manifest.kind == RESULT:
        raise UserError(
            f"{path} is a result by {bundle.manifest.person}: take it in with “annotator bundle "
            "take PROJECT FILE”, or by File > Take in a bundle."
        )
    yield from annotateds(bundle)


def annotateds(bundle: Bundle) -> list[Annotated]:
    """Return the articles of a work order. Raises UserError where they contradict themselves."""
    found: dict[str, Annotated] = {}
    records = bundle.records()
    entities = {record.id: record for record in records if isinstance(record, Entity)}
    for article in records:
        if isinstance(article, Article):
            if bundle.manifest.articles.get(article.id) != text_hash(article.text):
                raise _Contradiction(bundle.path, f"the text of {article.title!r} is another one")
            found[article.id] = Annotated(article, entities=entities)
    for record in records:
        if isinstance(record, Article | Entity):
            continue
        item = found.get(record.article_id or "")
        table = None if item is None else _table(item, record)
        if table is None:
            raise _Contradiction(bundle.path, f"{record.id!r} belongs to no article in it")
        table[record.id] = record
    for item in found.values():
        for place, reason in contradictions(item):
            raise _Contradiction(bundle.path, f"{item.article.title!r}, {place}: {reason}")
    if found.keys() != bundle.manifest.articles.keys():
        raise _Contradiction(bundle.path, "it does not hold the articles that it names")
    return list(found.values())


class _Contradiction(UserError):
    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} is refused, because {reason}. Nothing was taken in.")


def _table(item: Annotated, record: Record) -> dict[str, Any] | None:
    match record:
        case Layer():
            return item.layers
        case Span():
            return item.spans
        case Relation():
            return item.relations
        case Verdict():
            return item.verdicts
        case Comment():
            return item.comments
    return None


@cache
def _adapter(kind: str) -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(RECORD_TYPES[kind])


def _record(kind: str, value: Any) -> Record:
    """Return the record that *value* describes; ValueError where a field is not of its type."""
    record: Record = _adapter(kind).validate_json(json.dumps(value), strict=True)
    strange = sorted(value.keys() - record_to_json(record).keys())
    if strange:
        raise ValueError(f"unknown field {strange[0]!r}")
    return record


def _strings_checked(value: JsonObject) -> JsonObject:
    for key in ("id", "action", "detail", "author", "time"):
        if not isinstance(value[key], str):
            raise TypeError(f"{key} is no text")
    if not isinstance(value["article_id"], str | None):
        raise TypeError("article_id is no text")
    return value


# ------------------------------------------------------------------------------- the container


def opened(path: Path) -> Bundle:
    """Return the bundle at *path*, all of it verified.

    Raises UserError where it is no bundle, of a newer version, cut, or changed on the way.
    """
    with archives.opened(path) as archive:
        if MANIFEST not in archive.names:
            raise UserError(f"{path} is no bundle of Annotator: it has no {MANIFEST}.")
        stated = _loaded(path, archive.read(MANIFEST))
        kind = stated.get("kind")
        expected = _MEMBERS.get(kind) if isinstance(kind, str) else None
        hashes = stated.get("members")
        if expected is None or not isinstance(hashes, dict):
            raise UserError(f"{path} is refused: its manifest is not complete.")
        strange = sorted(set(archive.names) ^ {MANIFEST, *expected})
        if strange:
            raise UserError(
                f"{path} is refused: {strange[0]!r} is missing, or should not be there."
            )
        members = {}
        for member in expected:
            data = archive.read(member)
            if hashlib.sha256(data).hexdigest() != hashes.get(member):
                raise UserError(
                    f"{path} is refused: {member} is not what was packed (its SHA-256 differs). "
                    "Ask for the bundle again; nothing was taken in."
                )
            members[member] = data
    return Bundle(path, _manifest(path, stated), members)


def _loaded(path: Path, data: bytes) -> JsonObject:
    try:
        stated = json_text.loads(data)
    except ValueError as error:
        raise UserError(f"{path} is refused: {MANIFEST}: {error}") from error
    version = stated.get("annotator_bundle") if isinstance(stated, dict) else None
    if not isinstance(version, int) or version < 1:
        raise UserError(f"{path} is no bundle of Annotator: {MANIFEST} names no version.")
    if version > VERSION:
        raise UserError(
            f"{path} is of version {version} of bundles, which a newer Annotator wrote. Upgrade "
            "Annotator to read it."
        )
    return dict(stated)


def _manifest(path: Path, stated: JsonObject) -> Manifest:
    from pydantic import TypeAdapter, ValidationError

    known = {
        key: value for key, value in stated.items() if key not in ("annotator_bundle", "members")
    }
    try:
        text = json.dumps(known)
        return TypeAdapter(Manifest).validate_json(text, strict=True)
    except ValidationError as error:
        where = error.errors()[0]["loc"]
        place = ".".join(map(str, where))
        raise UserError(f"{path} is refused: its manifest is not right at {place!r}.") from error


def pack(target: Path, manifest: Manifest, members: Mapping[str, Iterable[bytes]]) -> None:
    """Write a bundle: the same contents give the same bytes. Raises ExportError.

    Not the ``write`` of a format: what goes into a bundle is more than articles with labels, and
    :mod:`annotator.exchange.bundling` puts it together.
    """
    contents = {member: b"".join(pieces) for member, pieces in members.items()}
    stated: JsonObject = {
        "annotator_bundle": VERSION,
        **{key: getattr(manifest, key) for key in Manifest.__slots__},
    }
    for key in ("before", "after"):
        tallies: Mapping[str, Tally] = stated[key]
        stated[key] = {
            id_: {part: getattr(tallies[id_], part) for part in Tally.__slots__}
            for id_ in sorted(tallies)
        }
    stated["articles"] = dict(sorted(manifest.articles.items()))
    stated["members"] = {
        member: hashlib.sha256(data).hexdigest() for member, data in contents.items()
    }
    with replacing(target) as file:
        first = (MANIFEST, [json_text.document(stated)])
        archives.write(file, [first, *((member, [data]) for member, data in contents.items())])


def record_line(record: Record) -> bytes:
    """Return the line of a record in a work order."""
    return json_text.line({"type": type_name(record), "record": record_to_json(record)})


def edit_line(edit: Edit) -> bytes:
    """Return the line of an edit in a result."""
    return json_text.line(edit_to_json(edit))


def tally(layer: Layer | None, parts: Iterable[Span | Relation | Comment]) -> Tally:
    """Return what a layer comes to; None is a layer that is not there."""
    ordered = sorted(parts, key=lambda part: (type_name(part), part.id))
    digest = hashlib.sha256()
    for record in [] if layer is None else [layer, *ordered]:
        value = {"type": type_name(record), **record_to_json(record)}
        digest.update(json.dumps(value, sort_keys=True).encode("ascii") + b"\n")
    kinds = [type_name(part) for part in ordered]
    return Tally(
        spans=kinds.count("span"),
        relations=kinds.count("relation"),
        comments=kinds.count("comment"),
        sha256=digest.hexdigest(),
    )
