"""Changes to JSON and XML that leave them well-formed: bytes at random seldom do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from random import Random
from typing import Any, Final

from lxml import etree

Mutator = Callable[[bytes, int, int], bytes]
"""Takes the input, the length that it may have, and the seed of chance."""

SEPARATOR: Final = b"\n%%%%\n"
"""Between the files that one input stands for."""

ODD: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 1, 2**31, -(2**63), 2**64, 10**30, 0.5, -0.0, 1e308, float("inf"),
    float("nan"), "", " ", "0", "-1", "1.5", "x", "\x00", "\ud800", "\U0001f600", "\u2028", "a\nb",
    "../x", "O", "B-", "I-Claim", "B-Claim", "2024-13-45", "9" * 400, [], [[]], [None], {}, [{}],
    {"": None}, {"id": 1}, {"text": []}, [1, 2], [2, 1], ["x", "y"], [[0, 1], [1, 2]],
)  # fmt: skip
"""Values that a program may not have thought of."""


def mutator(plain: Callable[[bytes, int], bytes]) -> Mutator:
    """Return what changes inputs: by their structure two times of three, else as *plain* does."""

    def mutate(data: bytes, longest: int, seed: int) -> bytes:
        chance = Random(seed)
        if chance.randrange(3):
            changed = _changed(data, chance)
            if changed is not None and len(changed) <= longest:
                return changed
        return plain(data, longest)

    return mutate


def _changed(data: bytes, chance: Random) -> bytes | None:
    """Change one of the files that an input stands for."""
    parts = data.split(SEPARATOR)
    at = chance.randrange(len(parts))
    changed = _changed_part(parts[at], chance)
    return None if changed is None else SEPARATOR.join([*parts[:at], changed, *parts[at + 1 :]])


def _changed_part(data: bytes, chance: Random) -> bytes | None:
    begins = data.lstrip()[:1]
    if begins in (b"{", b"["):
        return _json(data, chance)
    return _xml(data, chance) if begins == b"<" else None


def _json(data: bytes, chance: Random) -> bytes | None:
    """Change one value of a document, or of one of its lines."""
    try:
        return _encoded(_with_odd(json.loads(data), chance))
    except (ValueError, RecursionError):
        pass
    lines = data.splitlines()
    at = chance.randrange(len(lines))
    try:
        lines[at] = _encoded(_with_odd(json.loads(lines[at]), chance))
    except (ValueError, RecursionError):
        return None
    return b"\n".join(lines)


def _encoded(value: Any) -> bytes:
    return json.dumps(value).encode()


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each object or array with each of its keys."""
    entries: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        entries = list(value.items())
    elif isinstance(value, list):
        entries = list(enumerate(value))
    for key, inner in entries:
        yield value, key
        yield from _places(inner)


def _with_odd(value: Any, chance: Random) -> Any:
    places = list(_places(value))
    if not places:
        return chance.choice(ODD)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        home, key = chance.choice(places)
        other, its = chance.choice(places)
        match chance.randrange(6):
            case 0 if _holds(home, key):
                del home[key]
            case 1 if _holds(home, key) and _holds(other, its):
                home[key] = deepcopy(other[its])
            case 2 if isinstance(home, list):
                home.insert(chance.randrange(len(home) + 1), deepcopy(chance.choice(ODD)))
            case 3 if isinstance(home, dict):
                home[str(its)] = deepcopy(chance.choice(ODD))
            case 4 if _holds(home, key) and isinstance(home[key], int):
                home[key] += chance.choice((-1, 1, -100, 100))
            case _ if _holds(home, key):
                home[key] = deepcopy(chance.choice(ODD))
    return value


def _holds(home: Any, key: Any) -> bool:
    return key < len(home) if isinstance(home, list) else key in home


def _xml(data: bytes, chance: Random) -> bytes | None:
    """Change one element of a document."""
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError):
        return None
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        items = [item for item in root.iter() if isinstance(item.tag, str)]
        _change_element(chance.choice(items), chance.choice(items), chance)
    return bytes(etree.tostring(root))


def _change_element(item: Any, other: Any, chance: Random) -> None:
    above = item.getparent()
    words = [one for one in ODD if isinstance(one, str) and one.isprintable()]
    word = chance.choice([*words, *other.attrib.values()])
    match chance.randrange(8):
        case 0 if above is not None:
            above.remove(item)
        case 1 if above is not None:
            above.insert(0, deepcopy(other))
        case 2:
            item.append(deepcopy(other))
        case 3 if item.attrib:
            del item.attrib[chance.choice(list(item.attrib))]
        case 4 if item.attrib:
            item.attrib[chance.choice(list(item.attrib))] = word
        case 5 if other.attrib:
            item.attrib[chance.choice(list(other.attrib))] = word
        case 6:
            item.text = word
        case _:
            item.tag = other.tag
