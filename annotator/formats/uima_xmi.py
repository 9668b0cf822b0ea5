"""UIMA CAS XMI: the XML form of a CAS that INCEpTION, WebAnno and DKPro exchange.

One article is one file; the type system lies beside as ``TypeSystem.xml``, which INCEpTION imports
its layers from. Files are read with our own distrustful XML reader and without the type system
where it is missing: which values are references is then told by their names. A file is in memory
as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.formats import (
    Group,
    Problem,
    Reading,
    Sample,
    Writing,
    uima,
    uima_files,
    uima_types,
    xml_text,
)
from annotator.formats.losses import Loss
from annotator.formats.uima import Cas, FeatureStructure, Ref, TypeSystem, View
from annotator.formats.uima_writing import Layers
from annotator.formats.xml_alphabet import announced_in_xml, legible
from annotator.translation import later

if TYPE_CHECKING:
    from lxml import etree

name: Final = "uima-xmi"
title: Final = "UIMA CAS XMI"
purpose: Final = later("articles with labels for INCEpTION and other programs around UIMA")
group: Final = Group.TOOLS
suffixes: Final = (".xmi",)
folder: Final = True
FATES: Final = uima_files.FATES

_XMI: Final = "http://www.omg.org/XMI"
_ID: Final = f"{{{_XMI}}}id"
_NODE: Final = "uima.cas.NonEmpty"
"""How the types of the nodes of lists begin."""
_NO_PACKAGE: Final = "uima.noNamespace."
_REFERENCES: Final = frozenset({"Governor", "Dependent", "target", "next", "first", "sofa"})
"""Features that lead to other structures in every type system around DKPro and WebAnno."""


def recognises(sample: Sample) -> bool:
    """Tell XMI by its namespace."""
    return f'="{_XMI}"' in sample.text and "XMI" in sample.text


def companions(path: Path) -> Iterator[Path]:
    """Yield the type system that lies beside a file."""
    return uima_types.companions(path)


def accompanies(sample: Sample) -> bool:
    """Tell a type system."""
    return uima_types.is_type_system(sample)


# ---------------------------------------------------------------------------------------- reading


def read(path: Path, reading: Reading) -> Iterator[Annotated | Problem]:
    """Yield the articles of a file or of a folder of them, and what cannot be taken over."""
    return uima_files.read(path, suffixes[0], reading, parsed)


def parsed(path: Path) -> tuple[Cas, list[Problem]]:
    """Return the CAS of a file, and which of its structures cannot be understood."""
    root = xml_text.parse(path)
    if root.tag != f"{{{_XMI}}}XMI":
        raise UserError(f"{path} is not XMI of UIMA: it begins with <{xml_text.local(root)}>.")
    uima_files.refuse_too_many(path, len(root))
    loading = _Loading(uima_types.read_beside(path), root)
    return loading.cas, loading.problems


class _Loading:
    """Turns elements into structures; which values are references is known from the types."""

    def __init__(self, types: TypeSystem, root: etree._Element) -> None:
        self.cas = Cas(types)
        self.problems: list[Problem] = []
        elements = [item for item in root if isinstance(item.tag, str)]
        self._links = frozenset(
            id_
            for item in elements
            if (id_ := item.get(_ID)) and item.get("target") and item.get("begin") is None
        )
        for item in elements:
            try:
                self._load(item)
            except ValueError as error:
                self.problems.append(
                    Problem(item.sourceline or 0, xml_text.local(item), f"{error}.")
                )

    def _load(self, item: etree._Element) -> None:
        kind = _type_name(item)
        if kind in ("uima.cas.NULL", "uima.cas.View"):
            return
        id_ = _number(item.get(_ID, ""), "xmi:id")
        if kind == uima.SOFA:
            view = View(id_, item.get("sofaID", ""), item.get("sofaString"), item.sourceline or 0)
            self.cas.views.append(view)
            return
        if id_ in self.cas.structures:
            raise ValueError(f"the xmi:id {id_} is given twice")
        found = FeatureStructure(id_, kind, {}, item.sourceline or 0)
        for feature, text in item.attrib.items():
            if not feature.startswith("{"):
                value = self._value(kind, feature, text)
                if value is not None:
                    found.features[feature] = value
        for child in item:
            feature = xml_text.local(child)
            known = found.features.get(feature, ())
            found.features[feature] = (*known, child.text or "")
        self.cas.structures[id_] = found

    def _value(self, kind: str, feature: str, text: str) -> Any:
        if feature in ("begin", "end"):
            return _number(text, feature)
        if kind.startswith(_NODE) and feature in ("head", "tail"):
            return _of_node(kind.removeprefix(_NODE), feature, text)
        declared = self.cas.types.feature(kind, feature)
        if feature == "elements" and kind in uima.ARRAYS:
            return _elements(uima.ARRAYS[kind], text)
        if declared is None:
            return self._guessed(feature, text)
        if declared.range in uima.PRIMITIVES:
            return uima.primitive(text, declared.range)
        if uima.is_array(declared.range) and not declared.shared:
            return _elements(uima.ARRAYS.get(declared.range, uima.TOP), text)
        if feature != "sofa" and self._is_string_type(declared.range):
            return text
        return Ref(_number(text, feature))

    def _is_string_type(self, range_: str) -> bool:
        return self.cas.types.is_a(range_, uima.STRING)

    def _guessed(self, feature: str, text: str) -> Any:
        """Return a value of which no type system tells what it is; None for an empty array."""
        if feature in _REFERENCES and text.isdecimal():
            return Ref(int(text))
        parts = text.split()
        if parts and all(part in self._links for part in parts):
            return tuple(Ref(int(part)) for part in parts)
        return text or None


def _type_name(item: etree._Element) -> str:
    """Return the name of a type: ``http:///webanno/custom.ecore`` is the package before it."""
    package, _, short = str(item.tag).rpartition("}")
    package = package.removeprefix("{http:///").removesuffix(".ecore").replace("/", ".")
    return f"{package}.{short}".removeprefix(_NO_PACKAGE)


def _number(text: str, feature: str) -> int:
    if not (text.removeprefix("-").isdecimal() and text.isascii() and len(text) < 20):
        raise ValueError(f"{feature} is {text!r} and not a number")
    return int(text)


def _of_node(kind: str, feature: str, text: str) -> Any:
    """Return the value of a node of a list of *kind*, or the node that follows it."""
    of = uima.ARRAYS.get(f"uima.cas.{kind}", uima.TOP)
    if feature == "tail" or of == uima.TOP:
        return Ref(_number(text, feature))
    return uima.primitive(text, of)


def _elements(of: str, text: str) -> tuple[Any, ...]:
    if of in (uima.STRING, "uima.cas.Byte"):
        return (text,) if text else ()
    if of in uima.PRIMITIVES:
        return tuple(uima.primitive(part, of) for part in text.split())
    return tuple(Ref(_number(part, "a member of an array")) for part in text.split())


# ---------------------------------------------------------------------------------------- writing


def write(articles: Iterable[Annotated], target: Path, writing: Writing) -> int:
    """Write a file for each article into the folder *target*, and the type system beside them."""
    return uima_files.write(
        map(legible, articles), target, Layers(writing.scheme), suffixes[0], rendered
    )


def cannot_carry(articles: Iterable[Annotated], writing: Writing) -> list[Loss]:
    """Return what is not in the files: verdicts, comments, and characters that XML has not."""
    return announced_in_xml(articles, FATES)


def rendered(cas: Cas) -> bytes:
    """Return the XMI of a CAS."""
    from lxml import etree

    prefixes = _prefixes({item.type for item in cas.structures.values()})
    root = etree.Element(f"{{{_XMI}}}XMI", nsmap={p: uri for uri, p in prefixes.items()})
    root.set(f"{{{_XMI}}}version", "2.0")
    _put(root, "uima.cas.NULL", {_ID: "0"})
    for item in cas.structures.values():
        element = _put(root, item.type, {_ID: str(item.id)})
        for feature, value in item.features.items():
            _set(element, feature, value)
    view = cas.views[0]
    sofa = {_ID: str(view.sofa), "sofaNum": "1", "sofaID": view.name, "mimeType": "text"}
    _put(root, uima.SOFA, sofa | {"sofaString": view.text or ""})
    members = " ".join(str(key) for key in cas.structures)
    _put(root, "uima.cas.View", {"sofa": str(view.sofa), "members": members})
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return data


def _prefixes(types: set[str]) -> dict[str, str]:
    """Return a prefix for the namespace of each package."""
    found = {_XMI: "xmi", _namespace(uima.SOFA): "cas"}
    for uri in sorted(map(_namespace, types)):
        wish = prefix = uri.removesuffix(".ecore").rpartition("/")[2]
        number = 2
        while prefix in found.values() and uri not in found:
            prefix = f"{wish}{number}"
            number += 1
        found.setdefault(uri, prefix)
    return found


def _namespace(type_: str) -> str:
    return f"http:///{type_.rpartition('.')[0].replace('.', '/')}.ecore"


def _put(root: etree._Element, type_: str, values: Mapping[str, str]) -> etree._Element:
    from lxml import etree

    tag = f"{{{_namespace(type_)}}}{type_.rpartition('.')[2]}"
    return etree.SubElement(root, tag, dict(values))


def _set(element: etree._Element, feature: str, value: Any) -> None:
    from lxml import etree

    if isinstance(value, Ref):
        element.set(feature, str(value.id))
    elif not isinstance(value, tuple):
        element.set(feature, uima.written(value))
    elif all(isinstance(one, Ref) for one in value):
        element.set(feature, " ".join(str(one.id) for one in value))
    else:
        for one in value:
            etree.SubElement(element, feature).text = str(one)
