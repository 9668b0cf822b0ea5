"""What single elements of a TEI document say: features, days, coordinates, states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from annotator.formats import json_text
from annotator.formats.tei_writing import JSON
from annotator.formats.xml_text import local
from annotator.model import LayerState

if TYPE_CHECKING:
    from lxml import etree


def layer_facts(item: etree._Element) -> dict[str, Any]:
    """Return state, note and flag of a layer, from its statement of responsibility."""
    notes = [child for child in item if local(child) == "note"]
    states = [content(note) for note in notes if note.get("type") == "state"]
    return {
        "state": states[0] if states and states[0] in LayerState.ALL else LayerState.IN_PROGRESS,
        "note": "".join(note.text or "" for note in notes if note.get("type") is None),
        "unsure": any(note.get("type") == "unsure" for note in notes),
    }


def features(element: etree._Element) -> Any:
    """Return the values of a feature structure."""
    result: dict[str, Any] = {}
    for feature in element:
        inner = next((item for item in feature if isinstance(item.tag, str)), None)
        if inner is None:
            continue
        kind = local(inner)
        if kind == "fs":
            result[feature.get("name") or ""] = features(inner)
        elif kind == "binary":
            result[feature.get("name") or ""] = inner.get("value") in ("true", "1")
        else:
            result[feature.get("name") or ""] = inner.text or inner.get("value") or ""
    return json_of(result.get(JSON)) if element.get("type") == JSON else result


def json_of(text: Any) -> Any:
    """Return the JSON value in a text; None where there is none."""
    if not isinstance(text, str):
        return None
    try:
        return json_text.loads(text)
    except ValueError:
        return None


def content(element: etree._Element, *, exact: bool = False) -> str:
    """Return the words in an element; unless they are to be exact, blanks are made equal."""
    words = "".join(element.itertext())
    return words if exact else " ".join(words.split())


def day(element: etree._Element, *, exact: bool) -> str:
    """Return the day that a date says, in numbers where it has them."""
    return content(element, exact=exact) if exact else element.get("when") or content(element)


def coordinates(
    item: etree._Element, notes: list[etree._Element]
) -> tuple[float | None, float | None]:
    """Return latitude and longitude in degrees, as far as they are told and on the earth."""
    told = [note for note in notes if note.get("type") == "geo"]
    for geo in (*item.iter("{*}geo"), *told):
        parts = content(geo).replace(",", " ").split()
        if len(parts) == 2:
            return _degrees(parts[0], 90), _degrees(parts[1], 180)
    return None, None


def _degrees(said: str, most: int) -> float | None:
    try:
        value = float(said)
    except ValueError:
        return None
    return value if -most <= value <= most else None
