"""spaCy DocBin: a document for every reading of an article, with its labels where trainers look.

``doc.spans["sc"]`` holds all spans, as ``spancat`` reads them by default, overlapping ones too; a
span in several fragments is several with one id. ``doc.ents`` holds what is left where none may
overlap, longest first, for ``ner``. The id of an entity is the ``kb_id`` of both. All else stands
in ``doc.user_data["annotator"]``, from which the exact characters come back for those spans that
are still in the group.

Writing goes document by document. spaCy itself, and so reading here, holds a whole file in memory.
"""

from __future__ import annotations

import struct
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, BinaryIO, Final, NamedTuple

from annotator import spans as algebra
from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.formats import Group, Problem, Reading, Sample, Writing
from annotator.formats.losses import Fate, Loss, flat
from annotator.formats.readings import FATES as ROW_FATES
from annotator.formats.readings import gathered, layers_of, row
from annotator.formats.replacing import ExportError, replacing
from annotator.formats.token_rows import losses_beside_flat
from annotator.formats.tokens import SPACY, Tokens, snapped, tokeniser
from annotator.model import Fragment, JsonObject, Layer
from annotator.translation import later, tr_n

name: Final = "spacy"
title: Final = "spaCy DocBin"
purpose: Final = later("documents to train ner and spancat with spaCy")
group: Final = Group.TRAINING
suffixes: Final = (".spacy",)
needs: Final = SPACY
tokenised: Final = True

FATES: Final = ROW_FATES
GROUP: Final = "sc"
"""The span group that ``spancat`` learns from, unless told otherwise."""
DATA: Final = "annotator"
OWN: Final = "spacy"
"""The tokens that a pipeline will meet: those of spaCy's rules for the language."""
LARGEST: Final = 4 * 1024**3
"""Bytes that a file may unpack to."""
_ATTRIBUTES: Final = ("ENT_IOB", "ENT_TYPE", "ENT_KB_ID")
_DAMAGED: Final = (ValueError, LookupError, TypeError, AttributeError, OverflowError, struct.error)
"""What spaCy stumbles over in a DocBin that is damaged."""
_TOGETHER: Final = 256
"""Documents that share a vocabulary while they are made."""


# --------------------------------------------------------------------------------------- writing


def write(articles: Iterable[Annotated], target: Path, writing: Writing) -> int:
    """Write a document for every layer of *articles*, and return how many articles there were."""
    tokenise = tokeniser(writing.tokens, OWN)
    count = 0
    with replacing(target) as file, ExitStack() as stack:
        parts = _Parts(stack)
        for item in articles:
            tokens = tokenise(item.article.text, item.article.language)
            for layer in layers_of(item):
                parts.add(item, tokens, layer)
            count += 1
        parts.write(file)
    return count


def cannot_carry(articles: Iterable[Annotated], writing: Writing) -> list[Loss]:
    """Return what the documents will not say as it is."""
    tokenise = tokeniser(writing.tokens, OWN)
    return losses_beside_flat(articles, tokenise, FATES, _not_among_entities)


def _not_among_entities(count: int) -> Loss:
    sentence = tr_n(
        count,
        "{n} span overlaps a longer one: it is in the span group, not among the entities",
        "{n} spans overlap longer ones: they are in the span group, not among the entities",
    )
    return Loss("flat_entities", count, Fate.CHANGED, sentence)


class _Parts:
    """The parts of a DocBin on disk, so that a file of any size is written from little memory.

    Makes what ``DocBin.to_bytes`` makes, whose form (``version`` 0.1) is a compressed msgpack
    object with the columns of all documents one after the other.
    """

    def __init__(self, stack: ExitStack) -> None:
        from spacy.tokens import DocBin
        from srsly.msgpack import Packer

        keys = ("tokens", "spaces", "lengths", "cats", "flags", "span_groups", "user_data")
        self._files: dict[str, IO[bytes]] = {}
        for key in keys:
            self._files[key] = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
        self._strings: set[str] = set()
        self._attributes = list(DocBin(attrs=_ATTRIBUTES).attrs)
        self._pack: Callable[[Any], bytes] = Packer(use_bin_type=True).pack
        self._vocab: Any = None  # a new one now and then, for it keeps every word
        self._count = 0

    def add(self, item: Annotated, tokens: Tokens, layer: Layer | None) -> None:
        """Add the document of one reading of an article."""
        from spacy.vocab import Vocab

        if self._count % _TOGETHER == 0:
            self._vocab = Vocab()
        doc, marks, strings = _document(self._vocab, item, tokens, layer)
        columns = doc.to_array(self._attributes)
        self._put("tokens", columns.tobytes("C"))
        self._put("spaces", doc.to_array("SPACY").astype(bool).tobytes("C"))
        self._put("lengths", struct.pack("<i", len(doc)))
        self._put("cats", self._pack({}))
        self._put("flags", self._pack({"has_unknown_spaces": False}))
        self._put("span_groups", self._pack(self._group(marks)))
        self._put("user_data", self._pack(self._pack({DATA: row(item, layer)})))
        self._strings |= strings
        self._count += 1

    def _group(self, marks: Iterable[Any]) -> bytes:
        """Return what ``doc.spans.to_bytes`` does for one group; that is slow."""
        spans = [
            struct.pack(
                ">QQQllll",
                *(mark.id, mark.kb_id, mark.label, mark.start, mark.end),
                *(mark.start_char, mark.end_char),
            )
            for mark in marks
        ]
        return self._pack({self._pack({"name": GROUP, "attrs": {}, "spans": spans}): [GROUP]})

    def _put(self, key: str, data: bytes) -> None:
        self._files[key].write(data)

    def write(self, target: BinaryIO) -> None:
        """Write the whole as one DocBin."""
        pack = zlib.compressobj()

        def put(data: bytes) -> None:
            target.write(pack.compress(data))

        def put_file(key: str) -> None:
            self._files[key].seek(0)
            while piece := self._files[key].read(1 << 20):
                put(piece)

        put(_header(0x80, 10))
        put(self._pack("version") + self._pack("0.1"))
        put(self._pack("attrs") + self._pack(self._attributes))
        for key in ("tokens", "spaces", "lengths"):
            put(self._pack(key) + _binary_header(self._files[key].tell()))
            put_file(key)
        put(self._pack("strings") + self._pack(sorted(self._strings)))
        for key in ("cats", "flags", "span_groups", "user_data"):
            put(self._pack(key) + _header(0x90, self._count))
            put_file(key)
        target.write(pack.flush())


def _header(kind: int, count: int) -> bytes:
    """Return how msgpack begins an object (0x80) or array (0x90) of *count* entries."""
    if count < 16:
        return bytes((kind | count,))
    if count < 1 << 16:
        return struct.pack(">BH", 0xDE if kind == 0x80 else 0xDC, count)
    return struct.pack(">BI", 0xDF if kind == 0x80 else 0xDD, count)


def _binary_header(size: int) -> bytes:
    if size < 1 << 8:
        return struct.pack(">BB", 0xC4, size)
    if size < 1 << 16:
        return struct.pack(">BH", 0xC5, size)
    if size < 1 << 32:
        return struct.pack(">BI", 0xC6, size)
    raise ExportError(
        "That is more than one spaCy file can hold. Export it in parts, such as a split."
    )


def _document(
    vocab: Any, item: Annotated, tokens: Tokens, layer: Layer | None
) -> tuple[Any, list[Any], set[str]]:
    """Return the spaCy document of one reading, the spans of its group, and all its strings."""
    from spacy.tokens import Doc, Span

    words, spaces, places = spelled(tokens)
    doc = Doc(vocab, words=words, spaces=spaces)
    spans = [] if layer is None else snapped(item, tokens).spans_of(layer.id)
    free = {span.id for span in flat(spans)}
    marks, entities, strings = [], [], {*words}
    if words:
        strings.add("")
    for span in spans:
        entity = span.entity_id or ""
        strings.update((span.label, entity, span.id))
        for fragment in span.fragments:
            touched = tokens.touching(fragment)
            first, end = places[touched[0]], places[touched[-1]] + 1
            marks.append(Span(doc, first, end, span.label, kb_id=entity, span_id=span.id))
            if span.id in free:
                entities.append(Span(doc, first, end, span.label, kb_id=entity))
    doc.set_ents(entities)
    return doc, marks, strings


def spelled(tokens: Tokens) -> tuple[list[str], list[bool], list[int]]:
    """Return the words of a spaCy document, whether a blank follows each, and where *tokens* are.

    All that stands between tokens is in the words as well, cut as spaCy's own tokenisers do: one
    blank belongs to the word before it, and what is left is a word of its own.
    """
    text = tokens.text
    words: list[str] = []
    spaces: list[bool] = []
    places: list[int] = []
    at = 0
    for start, end in zip(tokens.starts, tokens.ends, strict=True):
        if at < start:
            _spell_gap(text[at:start], words, spaces)
        places.append(len(words))
        words.append(text[start:end])
        spaces.append(False)
        at = end
    if at < len(text):
        _spell_gap(text[at:], words, spaces)
    return words, spaces, places


def _spell_gap(gap: str, words: list[str], spaces: list[bool]) -> None:
    if words and gap[0] == " ":
        spaces[-1] = True
        gap = gap[1:]
    if gap:
        words.append(gap)
        spaces.append(False)


# --------------------------------------------------------------------------------------- reading


def recognises(sample: Sample) -> bool:
    """Tell a compressed msgpack object with the keys of a DocBin."""
    if sample.head[:1] != b"\x78":
        return False
    try:
        start = zlib.decompressobj().decompress(sample.head, 64)
    except zlib.error:
        return False
    return start[:1] >= b"\x80" and b"version" in start and b"attrs" in start


def read(path: Path, reading: Reading) -> Iterator[Annotated | Problem]:
    """Yield the articles of a DocBin; documents that follow each other with one text are one."""
    yield from gathered(_rows(path), reading)


def _rows(path: Path) -> Iterator[tuple[int, JsonObject | Problem]]:
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    raw = _unpackable(path)
    try:
        documents = DocBin(store_user_data=True).from_bytes(raw).get_docs(Vocab())
        for number, doc in enumerate(documents, start=1):
            found, problems = _row(doc, f"{path.stem}-{number}")
            yield from ((number, Problem(number, "", reason)) for reason in problems)
            yield number, found
    except _DAMAGED as error:
        raise UserError(
            f"{path} is not a DocBin that spaCy can read: {error}. Write it again with "
            "DocBin.to_disk."
        ) from error


def _unpackable(path: Path) -> bytes:
    """Return the bytes of a file that do not unpack to more than memory holds."""
    from annotator.formats.imported import load

    raw = load(path)
    unpack = zlib.decompressobj()
    size, rest = 0, raw
    try:
        while rest and not unpack.eof:
            size += len(unpack.decompress(rest, 1 << 20))
            rest = unpack.unconsumed_tail
            if size > LARGEST:
                raise UserError(
                    f"{path} unpacks to more than {LARGEST // 1024**3} GB. Split it into parts."
                )
    except zlib.error as error:
        raise UserError(
            f"{path} is not a DocBin: it cannot be unpacked. Write it again."
        ) from error
    return raw


def _row(doc: Any, id_: str) -> tuple[JsonObject, list[str]]:
    """Return the row of a document, its own or what can be told of a stranger's, and what is wrong.

    What the document shows holds: a span that was taken out of the group is gone, one that was put
    in comes along.
    """
    text = doc.text
    found = doc.user_data.get(DATA)
    ours = isinstance(found, Mapping) and found.get("text") == text
    data = dict(found) if ours else {"id": "", "title": "", "text": text}
    if not data.get("id") or not isinstance(data["id"], str):
        data["id"] = id_
    marks, problems = _marks(doc)
    entries = list(_still_there(data.get("spans"), doc, marks)) if ours else []
    for mark in marks:
        entry = {"label": mark.label, "start": mark.start, "end": mark.end}
        attributes = {"kb_id": mark.entity} if mark.entity else {}
        entries.append(entry | {"attributes": attributes} | ({"id": mark.id} if mark.id else {}))
    data["spans"] = entries
    return data, problems


class _Mark(NamedTuple):
    """A span as a document shows it, in characters."""

    start: int
    end: int
    label: str
    id: str
    entity: str


def _marks(doc: Any) -> tuple[dict[_Mark, None], list[str]]:
    """Return the spans of all groups, and those entities that are in no group."""
    found: dict[_Mark, None] = {}
    problems = []
    for key, spans in doc.spans.items():
        for number in range(len(spans)):
            try:
                span = spans[number]
            except IndexError:
                problems.append(f"spans[{key!r}][{number}]: It lies outside the document.")
            else:
                found[_mark(doc, span, span.id_)] = None
    grouped = {mark[:3] for mark in found}
    for span in doc.ents:
        mark = _mark(doc, span, "")
        if mark[:3] not in grouped:
            found[mark] = None
    return found, problems


def _mark(doc: Any, span: Any, id_: str) -> _Mark:
    last = doc[span.end - 1]
    return _Mark(doc[span.start].idx, last.idx + len(last), span.label_, id_, span.kb_id_)


def _still_there(stored: Any, doc: Any, marks: dict[_Mark, None]) -> Iterator[Mapping[str, Any]]:
    """Yield the stored spans that the document still shows, and take them out of *marks*.

    Stored are the exact characters; the document shows the tokens around them.
    """
    pairs = [(token.idx, token.idx + len(token)) for token in doc if not token.is_space]
    tokens = Tokens(doc.text, [start for start, _ in pairs], [end for _, end in pairs])
    shown: dict[str, list[_Mark]] = {}
    for mark in marks:
        shown.setdefault(mark.id, []).append(mark)
    entries: dict[str, list[Mapping[str, Any]]] = {}
    for entry in stored if isinstance(stored, (list, tuple)) else ():
        if isinstance(entry, Mapping) and isinstance(entry.get("id"), str):
            entries.setdefault(entry["id"], []).append(entry)
    for id_, parts in entries.items():
        mine = shown.get(id_, [])
        for mark in mine:
            del marks[mark]
        if _same_tokens(parts, mine, tokens):
            yield from parts
        else:
            for mark in mine:
                place = {"label": mark.label, "start": mark.start, "end": mark.end}
                yield {**parts[0], **place, "text": tokens.text[mark.start : mark.end]}


def _same_tokens(
    parts: Iterable[Mapping[str, Any]], marks: Iterable[_Mark], tokens: Tokens
) -> bool:
    """Tell whether *marks* are the tokens around the fragments stored in *parts*."""
    places = []
    for part in parts:
        start, end = part.get("start"), part.get("end")
        if not isinstance(start, int) or not isinstance(end, int):
            return False
        touched = tokens.touching(Fragment(start, end))
        if touched:
            places.append(tokens.hull(touched))
    labels = {part.get("label") for part in parts} | {mark.label for mark in marks}
    shown = sorted(Fragment(mark.start, mark.end) for mark in marks)
    return len(labels) == 1 and list(algebra.normalise(places)) == shown
