"""Type systems of UIMA as files: the XML that INCEpTION imports layers from, and that of JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from annotator.errors import UserError
from annotator.formats import Sample, xml_text
from annotator.formats.uima import ARRAYS, FS_ARRAY, STRING, TOP, Feature, Type, TypeSystem
from annotator.model import JsonObject

if TYPE_CHECKING:
    from lxml import etree

FILE_NAME: Final = "TypeSystem.xml"
"""What INCEpTION calls the file beside its exports."""

_NAMESPACE: Final = "http://uima.apache.org/resourceSpecifier"


def beside(path: Path) -> Path | None:
    """Return the type system that lies beside a file, if one does."""
    names = (f"{path.stem}-typesystem.xml", FILE_NAME, "typesystem.xml")
    return next((found for name in names if (found := path.with_name(name)).is_file()), None)


def companions(path: Path) -> Iterator[Path]:
    """Yield the type system that lies beside a file."""
    found = beside(path)
    if found is not None:
        yield found


def is_type_system(sample: Sample) -> bool:
    """Tell a type system by its first element."""
    return "<typeSystemDescription" in sample.text


def read_beside(path: Path) -> TypeSystem:
    """Return the types that the file beside *path* declares; none where there is none."""
    found = beside(path)
    return TypeSystem() if found is None else from_xml(found)


def from_xml(path: Path) -> TypeSystem:
    """Return the types that an XML file declares. Raises UserError where it is none."""
    root = xml_text.parse(path)
    if xml_text.local(root) != "typeSystemDescription":
        raise UserError(f"{path} is not a type system of UIMA. Take it away or mend it.")
    found = (item for item in root.iter() if xml_text.local(item) == "typeDescription")
    return TypeSystem(
        Type(_said(item, "name"), _said(item, "supertypeName"), _features(item)) for item in found
    )


def _features(described: etree._Element) -> dict[str, Feature]:
    return {
        _said(item, "name"): Feature(
            _said(item, "rangeTypeName"),
            _said(item, "elementType"),
            _said(item, "multipleReferencesAllowed") == "true",
        )
        for item in described.iter()
        if xml_text.local(item) == "featureDescription"
    }


def _said(element: etree._Element, name: str) -> str:
    for child in element:
        if xml_text.local(child) == name:
            return (child.text or "").strip()
    return ""


def to_xml(types: Iterable[Type]) -> bytes:
    """Return the XML file that declares *types*."""
    from lxml import etree

    root = etree.Element("typeSystemDescription", nsmap={None: _NAMESPACE})
    listed = etree.SubElement(root, "types")
    for item in sorted(types, key=lambda one: one.name):
        described = etree.SubElement(listed, "typeDescription")
        _say(described, name=item.name, description="", supertypeName=item.supertype)
        if item.features:
            features = etree.SubElement(described, "features")
            for name in sorted(item.features):
                feature = item.features[name]
                entry = etree.SubElement(features, "featureDescription")
                _say(entry, name=name, description="", rangeTypeName=feature.range)
                if feature.element:
                    _say(entry, elementType=feature.element)
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return data


def _say(parent: etree._Element, **values: str) -> None:
    from lxml import etree

    for name, value in values.items():
        etree.SubElement(parent, name).text = value or None


# ------------------------------------------------------------------------------------------ JSON


def from_json(declared: Any) -> TypeSystem:
    """Return the types of the ``%TYPES`` of a JSON CAS. Raises ValueError for what is none."""
    if not isinstance(declared, Mapping):
        raise ValueError("%TYPES is not an object.")
    types: list[Type] = []
    for name, described in declared.items():
        if not isinstance(described, Mapping):
            raise ValueError(f"The type {name!r} in %TYPES is not an object.")
        features = {
            key: _from_range(str(value.get("%RANGE", STRING)), str(value.get("%ELEMENT_TYPE", "")))
            for key, value in described.items()
            if isinstance(value, Mapping)
        }
        types.append(Type(name, str(described.get("%SUPER_TYPE", TOP)), features))
    return TypeSystem(types)


def _from_range(range_: str, element: str) -> Feature:
    if not range_.endswith("[]"):
        return Feature(range_, element)
    of = range_.removesuffix("[]")
    array = next((name for name, item in ARRAYS.items() if item == of), FS_ARRAY)
    return Feature(array, of if array == FS_ARRAY else "")


def to_json(types: Iterable[Type]) -> JsonObject:
    """Return the ``%TYPES`` of a JSON CAS."""
    return {
        item.name: {
            "%NAME": item.name,
            "%SUPER_TYPE": item.supertype,
            **{
                name: {"%NAME": name, "%RANGE": _range(item.features[name])}
                for name in sorted(item.features)
            },
        }
        for item in sorted(types, key=lambda one: one.name)
    }


def _range(feature: Feature) -> str:
    if feature.range not in ARRAYS:
        return feature.range
    return f"{feature.element or ARRAYS[feature.range]}[]"
