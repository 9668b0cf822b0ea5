"""The configuration that brat needs to show labels: which there are, what goes with what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from annotator.formats import brat_lines
from annotator.formats.brat_writing import Names, Seen
from annotator.scheme import Scheme

_VALUE: Final = re.compile(r"[^\s,|:]+")
_HEX: Final = re.compile(r"#[0-9A-Fa-f]{6}")


def annotation_conf(scheme: Scheme, names: Names, seen: Seen) -> str:
    """Return ``annotation.conf``: all that the scheme has, and what else occurs in the files."""
    triggers = seen.roles.keys()
    labels = [names.written(label.name) for label in scheme.labels]
    labels += sorted(names.written(label) for label in seen.labels)
    spans = [label for label in dict.fromkeys(labels) if label not in triggers]
    lines = ["[entities]", *spans, "", "[relations]"]
    lines += [
        "<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>",
        *_relations(scheme, names),
    ]
    known = {relation.name for relation in scheme.relations}
    lines += [
        f"{names.written(name)}\tArg1:<ENTITY>, Arg2:<ENTITY>"
        for name in sorted(seen.relations - known)
    ]
    lines += ["", "[events]"]
    for type_ in sorted(triggers):
        roles = (f"{role}*:<ENTITY>" for role in sorted(seen.roles[type_]))
        lines.append(f"{type_}\t{', '.join(roles)}".rstrip())
    lines += ["", "[attributes]", *_attributes(scheme, names, seen)]
    return "\n".join(lines) + "\n"


def _relations(scheme: Scheme, names: Names) -> Iterator[str]:
    for relation in scheme.relations:
        targets = "|".join(map(names.written, relation.targets))
        if targets:
            name = names.written(relation.name)
            yield f"{name}\tArg1:{names.written(relation.source)}, Arg2:{targets}"


def _attributes(scheme: Scheme, names: Names, seen: Seen) -> Iterator[str]:
    owners: dict[str, list[str]] = {}
    values: dict[str, dict[str, None]] = {}
    for label in scheme.labels:
        for attribute in scheme.attributes_of(label):
            name = names.written(attribute.name)
            owners.setdefault(name, []).append(names.written(label.name))
            plain = (value for value in attribute.values if _VALUE.fullmatch(value))
            values.setdefault(name, {}).update(dict.fromkeys(plain))
    for name in sorted(owners):
        choice = f", Value:{'|'.join(values[name])}" if values[name] else ""
        yield f"{name}\tArg:{'|'.join(owners[name])}{choice}"
    for name in sorted({*seen.attributes, brat_lines.UNSURE} - owners.keys()):
        yield f"{name}\tArg:<ANY>"


def visual_conf(scheme: Scheme, names: Names) -> str:
    """Return ``visual.conf``: what labels are called on the screen, and their colours."""
    lines = ["[labels]"]
    lines += [f"{key} | {_shown(name)}" for key, name in sorted(names.changed.items())]
    lines += [
        "",
        "[drawing]",
        "SPAN_DEFAULT\tfgColor:black, bgColor:lightgreen, borderColor:darken",
    ]
    lines.append("ARC_DEFAULT\tcolor:black, arrowHead:triangle-5")
    for label in scheme.labels:
        colour = label.colour if _HEX.fullmatch(label.colour) else _COLOURS.get(label.colour)
        if colour is not None:
            lines.append(f"{names.written(label.name)}\tbgColor:{colour}")
    return "\n".join(lines) + "\n"


_COLOURS: Final = {
    "speaker": "#8FC7E8",
    "location": "#8FD6A6",
    "claim": "#EBA6DF",
    "cue": "#D0D3D8",
}
"""Grounds on which black letters can be read; the themes' own colours are those of lines."""


def _shown(name: str) -> str:
    return " ".join(re.sub(r"[|\x00-\x1f]", " ", brat_lines.in_one_line(name)).split()) or "-"
