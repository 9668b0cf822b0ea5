"""UIMA CAS JSON, version 0.4: the same as XMI with the type system inside, for newer programs.

One article is one file, which is in memory as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.formats import (
    Group,
    Problem,
    Reading,
    Sample,
    Writing,
    json_text,
    uima,
    uima_files,
    uima_types,
)
from annotator.formats.losses import Loss, announced
from annotator.formats.uima import Cas, FeatureStructure, Ref, View
from annotator.formats.uima_writing import Layers
from annotator.model import JsonObject
from annotator.translation import later

name: Final = "uima-json"
title: Final = "UIMA CAS JSON"
purpose: Final = later("the same as UIMA CAS XMI as JSON, every character kept")
group: Final = Group.TOOLS
suffixes: Final = (".json",)
folder: Final = True
FATES: Final = uima_files.FATES

_KEYS: Final = frozenset({"%TYPES", "%FEATURE_STRUCTURES", "%VIEWS"})


def recognises(sample: Sample) -> bool:
    """Tell a JSON CAS by its keys."""
    return bool(_KEYS & sample.keys)


def companions(path: Path) -> Iterator[Path]:
    """Yield the type system that lies beside a file."""
    return uima_types.companions(path)


# ---------------------------------------------------------------------------------------- reading


def read(path: Path, reading: Reading) -> Iterator[Annotated | Problem]:
    """Yield the articles of a file or of a folder of them, and what cannot be taken over."""
    return uima_files.read(path, suffixes[0], reading, parsed)


def parsed(path: Path) -> tuple[Cas, list[Problem]]:
    """Return the CAS of a file, and which of its structures cannot be understood."""
    data = json_text.load(path)
    if not isinstance(data, dict) or not _KEYS & data.keys():
        raise UserError(f"{path} is not a CAS in JSON: it has no %FEATURE_STRUCTURES.")
    structures = data.get("%FEATURE_STRUCTURES", [])
    if isinstance(structures, (list, dict)):
        uima_files.refuse_too_many(path, len(structures))
    try:
        cas = Cas(uima_types.from_json(data.get("%TYPES", {})))
    except ValueError as error:
        raise UserError(f"{path}: {error} Nothing was imported.") from error
    problems: list[Problem] = []
    for place, item in _listed(structures):
        try:
            _load(cas, item)
        except ValueError as error:
            problems.append(Problem(0, place, f"{error}."))
    return cas, problems


def _listed(structures: Any) -> Iterator[tuple[str, Any]]:
    """Yield the structures with their places; older files list them by their ids."""
    if isinstance(structures, Mapping):
        for key, item in structures.items():
            known = {"%ID": int(key)} if key.isdecimal() else {}
            yield f"%FEATURE_STRUCTURES.{key}", known | item if isinstance(item, dict) else item
    elif isinstance(structures, list):
        for number, item in enumerate(structures):
            yield f"%FEATURE_STRUCTURES[{number}]", item


def _load(cas: Cas, item: Any) -> None:
    id_, kind = (item.get("%ID"), item.get("%TYPE")) if isinstance(item, dict) else (None, None)
    if not isinstance(id_, int) or not isinstance(kind, str):
        raise ValueError("it is not a structure with %ID and %TYPE")
    if id_ in cas.structures:
        raise ValueError(f"the %ID {id_} is given twice")
    if kind == uima.SOFA:
        text = item.get("sofaString")
        view = View(id_, str(item.get("sofaID", "")), text if isinstance(text, str) else None)
        cas.views.append(view)
        return
    found = FeatureStructure(id_, kind)
    for key, value in item.items():
        if key == "%ELEMENTS":
            found.features["elements"] = _elements(kind, value)
        elif key[:1] not in ("%", "^") and value is not None:
            found.features[key.lstrip("@#")] = _value(key, value)
    cas.structures[id_] = found


def _value(key: str, value: Any) -> Any:
    if key in ("begin", "end") and (not isinstance(value, int) or isinstance(value, bool)):
        raise ValueError(f"{key} is {value!r} and not a number")
    if key.startswith("@"):
        return _reference(value)
    if not isinstance(value, (str, int, float)):
        raise ValueError(f"{key} is neither text nor a number nor a reference")
    return value


def _elements(kind: str, value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list):
        return (value,)
    if uima.ARRAYS.get(kind, uima.TOP) == uima.TOP:
        return tuple(_reference(one) for one in value)
    return tuple(value)


def _reference(value: Any) -> Ref:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"the reference {value!r} is not a number")
    return Ref(value)


# ---------------------------------------------------------------------------------------- writing


def write(articles: Iterable[Annotated], target: Path, writing: Writing) -> int:
    """Write a file for each article into the folder *target*, and the type system beside them."""
    layers = Layers(writing.scheme)
    return uima_files.write(articles, target, layers, suffixes[0], rendered)


def cannot_carry(articles: Iterable[Annotated], writing: Writing) -> list[Loss]:
    """Return what is not in the files: verdicts, comments, what other programs added."""
    return announced(articles, FATES)


def rendered(cas: Cas) -> bytes:
    """Return the JSON of a CAS, with the types that it is made of."""
    view = cas.views[0]
    sofa = {"%ID": view.sofa, "%TYPE": uima.SOFA, "sofaNum": 1, "sofaID": view.name}
    structures: list[JsonObject] = [sofa | {"mimeType": "text", "sofaString": view.text or ""}]
    arrays: list[JsonObject] = []
    free = max(cas.structures, default=view.sofa) + 1
    for item in cas.structures.values():
        said: JsonObject = {"%ID": item.id, "%TYPE": item.type}
        for feature, value in item.features.items():
            if isinstance(value, tuple):
                said[f"@{feature}"] = free
                arrays.append(_array(free, value))
                free += 1
            elif isinstance(value, Ref):
                said[f"@{feature}"] = value.id
            else:
                said[feature] = value
        structures.append(said)
    members = [item.id for item in cas.structures.values()]
    data = {
        "%TYPES": uima_types.to_json(cas.types.types.values()),
        "%FEATURE_STRUCTURES": structures + arrays,
        "%VIEWS": {view.name: {"%SOFA": view.sofa, "%MEMBERS": members}},
    }
    return json_text.document(data)


def _array(id_: int, values: tuple[Any, ...]) -> JsonObject:
    references = [value.id for value in values if isinstance(value, Ref)]
    kind = uima.FS_ARRAY if references else uima.STRING_ARRAY
    return {"%ID": id_, "%TYPE": kind, "%ELEMENTS": references or list(values)}
