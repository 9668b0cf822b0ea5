"""The document of a REFI-QDA project, put together while articles pass by."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import IO, Any, Final
from uuid import UUID, uuid5

from annotator import resources
from annotator.annotated import Annotated
from annotator.formats.carried import ordered
from annotator.formats.xml_writing import DECLARATION, element, text
from annotator.model import Article, Entity, Layer, Span
from annotator.scheme import Scheme

NAMESPACE: Final = "urn:QDA-XML:project:1.0"
ORIGIN: Final = "Annotator"
"""What our files call the program that they are of."""
CONTINUED: Final = "(continued)"
"""Name of the links from a fragment of a span to the next one."""
UNSURE: Final = "(unsure)"
"""Name of the code on labels that somebody was not sure about."""
ARTICLE_FACTS: Final = ("language", "source", "url", "published")

_SEED: Final = UUID("6f5c7d1e-3d0b-4b53-9d43-0a4a3b1c7e21")
_GUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_EPOCH: Final = "1970-01-01"
"""Day of what has none: QualCoder does not open files without dates."""
_GREY: Final = "#656970"
_LONGEST_NAME: Final = 64
_VARIABLES: Final[Mapping[str, str]] = {
    "article id": "Text", "title": "Text", "language": "Text", "source": "Text", "url": "Text",
    "published": "Text", "metadata": "Text", "entity id": "Text", "kind": "Text",
    "aliases": "Text", "identifiers": "Text", "attributes": "Text", "latitude": "Float",
    "longitude": "Float",
}  # fmt: skip


def guid(kind: str, *parts: str) -> str:
    """Return the identifier of a thing: its id where that is one, else one that follows from it."""
    if len(parts) == 1 and _GUID.fullmatch(parts[0]):
        return parts[0]
    return str(uuid5(_SEED, json.dumps([kind, *parts])))


class Project:
    """Keeps what the document says before its sources, and the rest in two files until the end."""

    def __init__(self, scheme: Scheme, sources: IO[bytes], links: IO[bytes]) -> None:
        self._scheme = scheme
        self._colours = _colours()
        self._users: dict[str, str] = {}
        self._codes: dict[str, dict[str, str]] = {}
        """The values of attributes, as elements, by their identifiers, by label."""
        self._unsure = False
        self._entities: dict[str, Entity] = {}
        self._mentions: dict[str, list[str]] = {}
        self._sources = sources
        self._links = links
        self._has_sources = False

    def add(self, item: Annotated, name: str) -> None:
        """Take an article over, whose text is the member *name* of the archive."""
        article = item.article
        parts: list[str] = []
        seen: dict[tuple[str, str], int] = {}
        layers = sorted(item.layers.values(), key=lambda one: (one.author, one.kind, one.id))
        for layer in layers:
            number = seen[layer.author, layer.kind] = seen.get((layer.author, layer.kind), 0) + 1
            user = self._user(layer, number)
            for span in item.spans_of(layer.id):
                parts += self._span(item, span, user)
            self._relations(item, layer)
        parts += _values(_facts(article))
        attributes = {
            "guid": guid("article", article.id),
            "name": article.title or article.id,
            "plainTextPath": f"internal://{name}",
            "creationDateTime": _time(article),
        }
        self._sources.write(element("TextSource", attributes, *parts).encode() + b"\n")
        self._has_sources = True

    def _user(self, layer: Layer, number: int) -> str:
        key = guid("user", layer.author, layer.kind, str(number))
        attributes = {"guid": key, "name": layer.author, "id": layer.kind}
        self._users.setdefault(key, element("User", attributes))
        return key

    # ------------------------------------------------------------------------------------- labels

    def _span(self, item: Annotated, span: Span, user: str) -> Iterator[str]:
        first = selection = guid("span", span.id)
        if span.entity_id is not None:
            self._entity(item.entities[span.entity_id])
            self._mentions[span.entity_id].append(first)
        for number, (fragment, words) in enumerate(zip(span.fragments, span.text, strict=True)):
            if number:
                before, selection = selection, guid("fragment", span.id, str(number))
                self._link(CONTINUED, before, selection, "Associative")
            parts = [element("Description", {}, text(span.note))] if span.note else []
            codes = [self._code(span.label)] if number else self._codes_of(span)
            parts += [_coding(guid("coding", selection, code), user, code) for code in codes]
            attributes = {
                "guid": selection,
                "name": " ".join(words.split())[:_LONGEST_NAME],
                "startPosition": str(fragment.start),
                "endPosition": str(fragment.end),
                "creatingUser": user,
                "creationDateTime": _time(item.article),
            }
            yield element("PlainTextSelection", attributes, *parts)

    def _code(self, label: str) -> str:
        self._codes.setdefault(label, {})
        return guid("code", label)

    def _codes_of(self, span: Span) -> Iterator[str]:
        yield self._code(span.label)
        for name in sorted(span.attributes):
            value = span.attributes[name]
            said = json.dumps([name, ordered(value)], ensure_ascii=False)
            key = guid("value", span.label, said)
            shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            attributes = {
                "guid": key,
                "name": f"{span.label}: {name} = {shown}",
                "isCodable": "true",
                "color": self._colour(span.label),
            }
            code = element("Code", attributes, element("Description", {}, text(said)))
            self._codes[span.label].setdefault(key, code)
            yield key
        if span.unsure:
            self._unsure = True
            yield guid("unsure")

    def _colour(self, label: str) -> str:
        known = self._scheme.label(label)
        name = "grey" if known is None else known.colour
        return name if re.fullmatch("#[0-9A-Fa-f]{6}", name) else self._colours.get(name, _GREY)

    def _relations(self, item: Annotated, layer: Layer) -> None:
        for tie in item.relations_of(layer.id):
            if tie.target is not None:
                end = guid("span", tie.target)
            else:
                end = self._entity(item.entities[tie.target_entity or ""])
            self._link(tie.label, guid("span", tie.source), end, "OneWay", tie.id)

    def _link(self, name: str, origin: str, end: str, direction: str, id_: str = "") -> None:
        attributes = {
            "guid": guid("link", id_) if id_ else guid("link", name, origin, end),
            "name": name,
            "direction": direction,
            "originGUID": origin,
            "targetGUID": end,
        }
        self._links.write(element("Link", attributes).encode() + b"\n")

    def _entity(self, entity: Entity) -> str:
        self._entities.setdefault(entity.id, entity)
        self._mentions.setdefault(entity.id, [])
        return guid("entity", entity.id)

    # ----------------------------------------------------------------------------------- document

    def render(self) -> Iterator[bytes]:
        """Yield the document in pieces."""
        attributes = {"xmlns": NAMESPACE, "name": "Annotator", "origin": ORIGIN}
        start = element("Project", attributes, "|").removesuffix("|</Project>")
        yield f"{DECLARATION}{start}\n".encode()
        users = [self._users[key] for key in sorted(self._users)]
        variables = [
            element(
                "Variable", {"guid": guid("variable", key), "name": key, "typeOfVariable": kind}
            )
            for key, kind in _VARIABLES.items()
        ]
        cases = [self._case(key) for key in sorted(self._entities)]
        yield from _group("Users", users)
        if codes := [self._label(name) for name in sorted(self._codes)]:
            codes += [_unsure_code()] if self._unsure else []
            yield element("CodeBook", {}, element("Codes", {}, "\n", "\n".join(codes))).encode()
        yield from _group("Variables", variables)
        yield from _group("Cases", cases)
        if self._has_sources:
            yield from _kept("Sources", self._sources)
        if self._links.tell():
            yield from _kept("Links", self._links)
        yield b"</Project>\n"

    def _label(self, name: str) -> str:
        known = self._scheme.label(name)
        described = "" if known is None else known.definition
        parts = [element("Description", {}, text(described))] if described else []
        values = self._codes[name]
        attributes = {
            "guid": guid("code", name),
            "name": name,
            "isCodable": "true",
            "color": self._colour(name),
        }
        return element("Code", attributes, *parts, *(values[key] for key in sorted(values)))

    def _case(self, key: str) -> str:
        entity = self._entities[key]
        parts = [element("Description", {}, text(entity.note))] if entity.note else []
        facts: dict[str, Any] = {
            "entity id": entity.id,
            "kind": entity.kind,
            "aliases": list(entity.aliases) or None,
            "identifiers": entity.identifiers or None,
            "attributes": entity.attributes or None,
            "latitude": entity.latitude,
            "longitude": entity.longitude,
        }
        parts += _values(facts)
        parts += [element("SelectionRef", {"targetGUID": one}) for one in self._mentions[key]]
        return element("Case", {"guid": guid("entity", key), "name": entity.name}, *parts)


def _colours() -> Mapping[str, str]:
    """Return the colours of labels by their names, as they are on a light page."""
    data = tomllib.loads(resources.text("themes/light.toml"))
    return {key: f"#{value}" for key, value in data["labels"].items()}


def _unsure_code() -> str:
    attributes = {"guid": guid("unsure"), "name": UNSURE, "isCodable": "true", "color": _GREY}
    return element("Code", attributes)


def _coding(key: str, user: str, code: str) -> str:
    reference = element("CodeRef", {"targetGUID": code})
    return element("Coding", {"guid": key, "creatingUser": user}, reference)


def _facts(article: Article) -> dict[str, Any]:
    facts = {key: getattr(article, key) for key in ARTICLE_FACTS}
    untitled = None if article.title else ""
    return {
        "article id": article.id,
        "title": untitled,
        **facts,
        "metadata": article.metadata or None,
    }


def _values(facts: Mapping[str, Any]) -> Iterator[str]:
    """Yield the values of variables, in the order of the facts; None is no value."""
    for key, value in facts.items():
        if value is None:
            continue
        reference = element("VariableRef", {"targetGUID": guid("variable", key)})
        if isinstance(value, (int, float)):
            said = element("FloatValue", {}, format(Decimal(repr(value)), "f"))
        else:
            words = value if isinstance(value, str) else json.dumps(ordered(value))
            said = element("TextValue", {}, text(words))
        yield element("VariableValue", {}, reference, said)


def _time(article: Article) -> str:
    day = article.published or ""
    return f"{day if _DAY.fullmatch(day) else _EPOCH}T00:00:00Z"


def _group(name: str, parts: list[str]) -> Iterator[bytes]:
    if parts:
        yield element(name, {}, "\n", "\n".join(parts), "\n").encode() + b"\n"


def _kept(name: str, file: IO[bytes]) -> Iterator[bytes]:
    yield f"<{name}>\n".encode()
    file.seek(0)
    yield from file
    yield f"</{name}>\n".encode()
