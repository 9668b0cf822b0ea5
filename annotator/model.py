"""The records of a project, and the one way in which they change.

Every change to a project is an :class:`Edit`: a tuple of records as they were and as they become.
Undo is the inverse edit, the history is the saved edits, a conflict is a *before* that is no
longer true. A :class:`Layer` is one author's reading of one article; spans and relations belong
to a layer. Offsets are Unicode code points, half-open, into ``Article.text``.

All records are plain frozen values. Mappings in them are treated as immutable: to change a record,
make another with :func:`dataclasses.replace`.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final, NamedTuple

JsonObject = dict[str, Any]
"""A JSON object, as :func:`record_to_json` makes it and :func:`record_from_json` reads it."""


def new_id() -> str:
    """Return a fresh UUIDv7 (RFC 9562, section 5.7) in its usual text form.

    Ids are made by the client, so that a commit whose answer was lost can be repeated safely.
    """
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (1 << 48) - 1) << 80 | 0x7 << 76 | secrets.randbits(12) << 64
    value |= 0b10 << 62 | secrets.randbits(62)
    digits = f"{value:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def time_of_id(id_: str) -> str:
    """Return when an id of :func:`new_id` was made, in UTC as ISO 8601; "" for other ids."""
    digits = id_.replace("-", "")
    if len(digits) != 32 or digits[12] != "7" or not all(c in "0123456789abcdef" for c in digits):
        return ""
    made = datetime.fromtimestamp(int(digits[:12], 16) / 1000, UTC)
    return made.isoformat(timespec="milliseconds")


def now() -> str:
    """Return the present time in UTC as ISO 8601 with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def text_hash(text: str) -> str:
    """Return the SHA-256 of the UTF-8 form of *text*, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


class Fragment(NamedTuple):
    """A stretch of an article: code points from *start* up to, not including, *end*."""

    start: int
    end: int


class Zone(NamedTuple):
    """A stretch of an article with a role in the page, such as ``headline`` or ``caption``."""

    zone: str
    start: int
    end: int


FORMER_TEXTS: Final = "former_sha256"
"""Key in ``extra`` of an article that was corrected; files keep it as they keep unknown keys."""

ZONE_EXTRAS: Final = "annotator:zones"
"""Key in ``extra`` of an article for what a file says of its zones beyond the known keys."""

CHECKED: Final = "annotator:checked"
"""Key in ``extra`` of a gold layer for the stretches of text checked for missing labels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An imported text and what is known about it.

    The text stays as it came in, but for corrections (:mod:`annotator.editing.correcting`): these
    put a new text in its place and note the old one in :attr:`former_texts`.
    """

    id: str
    title: str
    text: str
    sha256: str
    language: str | None = None
    source: str | None = None
    url: str | None = None
    published: str | None = None
    """Day of publication, ISO 8601 (``2016-12-23``)."""
    zones: tuple[Zone, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def article_id(self) -> str:
        """Its own id: every record of an article answers to this name."""
        return self.id

    @property
    def former_texts(self) -> tuple[str, ...]:
        """SHA-256 of the texts that it had before it was corrected, the one imported first."""
        noted = self.extra.get(FORMER_TEXTS, ())
        if not isinstance(noted, list | tuple):
            return ()
        return tuple(item for item in noted if isinstance(item, str))


class LayerKind:
    """Who made a layer."""

    PERSON: Final = "person"
    SUGGESTER: Final = "suggester"
    IMPORT: Final = "import"
    GOLD: Final = "gold"


class LayerState:
    """How far an author is with an article; review adds the later ones."""

    NOT_STARTED: Final = "not started"
    IN_PROGRESS: Final = "in progress"
    SUBMITTED: Final = "submitted"
    IN_REVIEW: Final = "in review"
    RETURNED: Final = "returned"
    APPROVED: Final = "approved"
    ALL: Final = (NOT_STARTED, IN_PROGRESS, SUBMITTED, IN_REVIEW, RETURNED, APPROVED)
    HANDED_IN: Final = (SUBMITTED, IN_REVIEW, APPROVED)
    """Of layers that say something by what is missing in them."""
    REVIEWED: Final = (*HANDED_IN, RETURNED)
    """Of layers that a reviewer looks at: they were handed in once."""
    UNFINISHED: Final = (NOT_STARTED, IN_PROGRESS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One author's reading of one article, with its state and a note on the article."""

    id: str
    article_id: str
    author: str
    kind: str = LayerKind.PERSON
    state: str = LayerState.IN_PROGRESS
    note: str = ""
    unsure: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A label on one or more fragments of an article; several make it discontinuous.

    ``text`` is what each fragment covered when the span was made: it is checked against the
    article on load, import and export.
    """

    id: str
    article_id: str
    layer_id: str
    label: str
    fragments: tuple[Fragment, ...]
    text: tuple[str, ...]
    attributes: Mapping[str, Any] = field(default_factory=dict)
    entity_id: str | None = None
    unsure: bool = False
    note: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def start(self) -> int:
        """First code point of the first fragment."""
        return self.fragments[0].start

    @property
    def end(self) -> int:
        """End of the last fragment."""
        return self.fragments[-1].end


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A labelled tie from a span to another span, or to an entity that has no words here."""

    id: str
    article_id: str
    layer_id: str
    label: str
    source: str
    target: str | None = None
    target_entity: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A real actor, place or group of claims that spans stand for; shared by all articles."""

    id: str
    kind: str
    name: str
    aliases: tuple[str, ...] = ()
    identifiers: Mapping[str, str] = field(default_factory=dict)
    latitude: float | None = None
    """Degrees north, WGS 84."""
    longitude: float | None = None
    """Degrees east, WGS 84."""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def article_id(self) -> None:
        """Nothing: an entity belongs to the whole project."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A reviewer's decision on one record at one revision."""

    id: str
    article_id: str
    layer_id: str
    record_id: str
    revision: int
    decision: str
    reason: str = ""
    author: str = ""
    time: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A remark on a record, or on a whole article where ``record_id`` is the article's."""

    id: str
    article_id: str
    layer_id: str
    record_id: str
    text: str
    author: str = ""
    time: str = ""
    reply_to: str | None = None
    resolved: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeVersion:
    """The scheme of the project as TOML; a project has one, with the id :data:`SCHEME_ID`."""

    id: str
    number: int
    toml: str

    @property
    def article_id(self) -> None:
        """Nothing: the scheme belongs to the whole project."""
        return None


SCHEME_ID: Final = "scheme"

Record = Article | Layer | Span | Relation | Entity | Verdict | Comment | SchemeVersion

RECORD_TYPES: Final[Mapping[str, type[Record]]] = MappingProxyType(
    {
        "article": Article,
        "layer": Layer,
        "entity": Entity,
        "span": Span,
        "relation": Relation,
        "verdict": Verdict,
        "comment": Comment,
        "scheme": SchemeVersion,
    }
)
"""Names of the record types, in the order in which they refer to each other."""

_TYPE_NAMES: Final = MappingProxyType({cls: name for name, cls in RECORD_TYPES.items()})


def type_name(record: Record) -> str:
    """Return the name of the type of *record*, a key of :data:`RECORD_TYPES`."""
    return _TYPE_NAMES[type(record)]


@dataclass(frozen=True, slots=True)
class Change:
    """One record as it was and as it becomes; ``None`` is not there."""

    before: Record | None
    after: Record | None

    def __post_init__(self) -> None:
        if self.before is None and self.after is None:
            raise ValueError("A change needs a record before or after it.")
        if self.before is not None and self.after is not None:
            same = type(self.before) is type(self.after) and self.before.id == self.after.id
            if not same:
                raise ValueError("A change is about one record: type and id stay.")

    @property
    def record(self) -> Record:
        """The record that this change is about, as it becomes where it stays."""
        record = self.before if self.after is None else self.after
        assert record is not None
        return record

    @property
    def inverse(self) -> Change:
        """The change that takes this one back."""
        return Change(self.after, self.before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What one action of a person changes: all of it is saved, or nothing.

    ``action`` names the action (``mark``, ``relabel``, ``import`` …), ``detail`` what it was about
    in the person's own words (a label, a file name). ``article_id`` and ``place`` say where undo
    should go.
    """

    id: str
    action: str
    changes: tuple[Change, ...]
    detail: str = ""
    author: str = ""
    time: str = ""
    article_id: str | None = None
    place: Fragment | None = None

    @property
    def inverse(self) -> Edit:
        """A new edit that takes this one back."""
        changes = tuple(change.inverse for change in reversed(self.changes))
        return replace(self, id=new_id(), changes=changes)

    @property
    def articles(self) -> frozenset[str]:
        """Ids of the articles whose records this edit changes."""
        return frozenset(id_ for c in self.changes if (id_ := c.record.article_id) is not None)


def edit(
    action: str,
    changes: Iterable[Change],
    *,
    detail: str = "",
    article_id: str | None = None,
    place: Fragment | None = None,
) -> Edit:
    """Make an edit with a fresh id; author and time are set where it is performed."""
    return Edit(
        id=new_id(),
        action=action,
        changes=tuple(changes),
        detail=detail,
        article_id=article_id,
        place=place,
    )


def reading_order(span: Span) -> tuple[int, int, str, str]:
    """Sort key: by first character, outer before inner, then label and id."""
    return (span.start, -span.end, span.label, span.id)


def name_key(name: str) -> str:
    """Return the form in which names are compared: without case, blanks made equal."""
    return " ".join(name.casefold().split())


def record_to_json(record: Record) -> JsonObject:
    """Return *record* as a JSON object; :func:`record_from_json` is the way back."""
    result: JsonObject = {}
    for spec in fields(record):
        value = getattr(record, spec.name)
        if isinstance(value, tuple):
            value = [list(item) if isinstance(item, tuple) else item for item in value]
        elif isinstance(value, Mapping):
            value = dict(value)
        result[spec.name] = value
    return result


def record_from_json(name: str, data: Mapping[str, Any]) -> Record:
    """Return the record of the type called *name* that *data* describes.

    Raises KeyError for an unknown name and TypeError for fields that are missing or too many.
    """
    values = dict(data)
    if "fragments" in values:
        values["fragments"] = tuple(Fragment(*pair) for pair in values["fragments"])
    if "zones" in values:
        values["zones"] = tuple(Zone(*triple) for triple in values["zones"])
    for key in ("text", "aliases"):
        if isinstance(values.get(key), list):
            values[key] = tuple(values[key])
    return RECORD_TYPES[name](**values)


def edit_to_json(edit: Edit) -> JsonObject:
    """Return *edit* as a JSON object, for drafts and exports of the history."""
    return {
        "id": edit.id,
        "action": edit.action,
        "detail": edit.detail,
        "author": edit.author,
        "time": edit.time,
        "article_id": edit.article_id,
        "place": None if edit.place is None else list(edit.place),
        "changes": [change_to_json(change) for change in edit.changes],
    }


def edit_from_json(data: Mapping[str, Any]) -> Edit:
    """Return the edit that :func:`edit_to_json` wrote."""
    place = data["place"]
    return Edit(
        id=data["id"],
        action=data["action"],
        detail=data["detail"],
        author=data["author"],
        time=data["time"],
        article_id=data["article_id"],
        place=None if place is None else Fragment(*place),
        changes=tuple(change_from_json(item) for item in data["changes"]),
    )


def change_to_json(change: Change) -> JsonObject:
    """Return *change* as ``{"type": …, "before": …, "after": …}``."""
    return {
        "type": type_name(change.record),
        "before": None if change.before is None else record_to_json(change.before),
        "after": None if change.after is None else record_to_json(change.after),
    }


def change_from_json(data: Mapping[str, Any]) -> Change:
    """Return the change that :func:`change_to_json` wrote."""
    name = data["type"]
    before, after = data["before"], data["after"]
    return Change(
        None if before is None else record_from_json(name, before),
        None if after is None else record_from_json(name, after),
    )
