"""What a CAS and its file say about the article as a whole, about layers and entities."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from annotator.formats import json_text, uima
from annotator.formats.file_names import id_of
from annotator.formats.uima import Cas, FeatureStructure
from annotator.model import Article, Entity, Layer, LayerKind, LayerState, Zone, text_hash

_DOCUMENT_SUFFIXES: Final = frozenset({".txt", ".xmi", ".tsv", ".json", ".html", ".pdf", ".xml"})
_KINDS: Final = (LayerKind.PERSON, LayerKind.SUGGESTER, LayerKind.IMPORT, LayerKind.GOLD)
_UNSPECIFIED: Final = "x-unspecified"


@dataclass(frozen=True, slots=True)
class Origin:
    """What the path of a file says: which article, and whose labels."""

    document: str
    author: str


def origin(path: Path) -> Origin:
    """Return what *path* says. INCEpTION puts one file for each person into a folder ``x.txt``."""
    if path.parent.suffix.lower() in _DOCUMENT_SUFFIXES:
        return Origin(id_of(path.parent.name), id_of(path.stem))
    return Origin(id_of(path.stem), "")


def article(
    document: str, text: str, structures: Sequence[FeatureStructure], zones: Iterable[Zone]
) -> Article:
    """Return the article that *structures* describe; *document* is its name where they do not."""
    plain = (item for item in structures if item.short_name == "DocumentAnnotation")
    detailed = (item for item in structures if item.short_name == "DocumentMetaData")
    said: dict[str, Any] = {}
    for item in (next(plain, None), next(detailed, None)):
        said |= {} if item is None else item.features
    id_ = _document_name(said.get("documentId")) or document
    own = next((item for item in structures if item.type == uima.ARTICLE), None)
    facts = _foreign_facts(id_, said, structures) if own is None else _own_facts(own)
    return Article(id=id_, text=text, sha256=text_hash(text), zones=tuple(zones), **facts)


def _document_name(said: Any) -> str:
    """Return the name of a document without the folders of the computer that it came from."""
    name = said if isinstance(said, str) else ""
    if name.startswith(("file:", "/", "\\\\")) or name[1:3] in (":\\", ":/"):
        name = name.replace("\\", "/").rpartition("/")[2]
    return name


def _foreign_facts(
    id_: str, said: dict[str, Any], structures: Iterable[FeatureStructure]
) -> dict[str, Any]:
    fields = (item.features for item in structures if item.short_name == "MetaDataStringField")
    url, language = said.get("documentUri"), said.get("language", _UNSPECIFIED)
    return {
        "title": said.get("documentTitle") or id_,
        "language": None if language == _UNSPECIFIED else language,
        "url": url if isinstance(url, str) and url.startswith(("http:", "https:")) else None,
        "metadata": {str(one.get("key")): one.get("value") for one in fields if one.get("key")},
    }


def _own_facts(own: FeatureStructure) -> dict[str, Any]:
    said = own.features
    facts: dict[str, Any] = {
        key: said.get(key) for key in ("language", "source", "url", "published")
    }
    title = str(said.get("title", ""))
    return facts | {"title": title, "metadata": json_object(said.get("metadata"))}


def layer(item: FeatureStructure, article_id: str) -> Layer:
    """Return the layer that a structure of ours describes; unknown kinds are an import's."""
    said = item.features
    kind, state = said.get("kind"), said.get("state")
    return Layer(
        id=str(said.get("id")),
        article_id=article_id,
        author=str(said.get("author", "")),
        kind=kind if kind in _KINDS else LayerKind.IMPORT,
        state=state if state in LayerState.ALL else LayerState.IN_PROGRESS,
        note=str(said.get("note", "")),
        unsure=truth(said.get("unsure")),
    )


def entity(cas: Cas, item: FeatureStructure) -> Entity:
    """Return the entity that a structure of ours describes."""
    said = item.features
    return Entity(
        id=str(said.get("id")),
        kind=str(said.get("kind", "")),
        name=str(said.get("name", "")),
        aliases=tuple(map(str, cas.elements(said.get("aliases")))),
        identifiers={key: str(v) for key, v in json_object(said.get("identifiers")).items()},
        latitude=_degrees(said.get("latitude"), 90),
        longitude=_degrees(said.get("longitude"), 180),
        attributes=json_object(said.get("attributes")),
        note=str(said.get("note", "")),
    )


def _degrees(said: Any, most: int) -> float | None:
    try:
        value = float(said)
    except (TypeError, ValueError):
        return None
    return value if abs(value) <= most else None


def truth(value: Any) -> bool:
    """Return a truth value that a file may have as text."""
    return value is True or value == "true"


def json_object(value: Any) -> dict[str, Any]:
    """Return the JSON object in a feature; text that is none stays as the entry ``attributes``."""
    if not isinstance(value, str):
        return {}
    try:
        found = json_text.loads(value)
    except ValueError:
        return {"attributes": value}
    return found if isinstance(found, dict) else {"attributes": value}
