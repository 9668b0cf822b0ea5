"""The labelling configuration that Label Studio needs to show the tasks of an export."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from annotator.annotated import Annotated
from annotator.scheme import Attribute, Scheme

LABELS: Final = "label"
TEXT: Final = "text"
NOTE: Final = "note"
UNSURE: Final = "unsure"

_COLOUR: Final = re.compile(r"#[0-9A-Fa-f]{6}")


class Controls:
    """Collects the names that an export uses, on top of those of the scheme."""

    def __init__(self, scheme: Scheme) -> None:
        self._scheme = scheme
        self._labels = {label.name: label.colour for label in scheme.active_labels}
        self._relations = dict.fromkeys(relation.name for relation in scheme.relations)
        self._choices: dict[tuple[str, str], dict[str, None]] = {}
        self._texts: dict[tuple[str, str], None] = {}
        for label in scheme.active_labels:
            for attribute in scheme.attributes_of(label):
                values = ("true", "false") if attribute.kind == "boolean" else attribute.values
                if values:
                    self._choices[label.name, attribute.name] = dict.fromkeys(values)
                else:
                    self._texts[label.name, attribute.name] = None

    def attribute(self, label: str, name: str) -> Attribute | None:
        """Return the attribute of the scheme, or None for one of which it knows nothing."""
        known = self._scheme.label(label)
        return None if known is None else self._scheme.attribute(known, name)

    def is_choice(self, label: str, name: str) -> bool:
        """Tell whether an attribute is chosen from a list; others are written as words."""
        attribute = self.attribute(label, name)
        return attribute is not None and attribute.kind != "text"

    def use(self, item: Annotated) -> None:
        """Add the names that *item* uses."""
        for span in item.spans.values():
            self._labels.setdefault(span.label, "")
            for name, value in span.attributes.items():
                if self.is_choice(span.label, name):
                    values = self._choices.setdefault((span.label, name), {})
                    values.setdefault(shown(value))
                else:
                    self._texts.setdefault((span.label, name))
        for tie in item.relations.values():
            self._relations.setdefault(tie.label)

    def xml(self) -> bytes:
        """Return the configuration."""
        from lxml import etree

        view = etree.Element("View")

        def add(parent: Any, tag: str, **values: str) -> Any:
            return etree.SubElement(parent, tag, {k: _clean(v) for k, v in values.items()})

        labels = add(view, "Labels", name=LABELS, toName=TEXT)
        for label, colour in self._labels.items():
            background = {"background": colour} if _COLOUR.fullmatch(colour) else {}
            add(labels, "Label", value=label, **background)
        if self._relations:
            relations = add(view, "Relations")
            for relation in self._relations:
                add(relations, "Relation", value=relation)
        add(view, "Text", name=TEXT, value="$text", granularity="symbol")
        region = {"toName": TEXT, "perRegion": "true"}
        for (label, name), choices in self._choices.items():
            add(view, "Header", value=name, size="5", **_when(label))
            values = {**region, **_when(label), "choice": "single", "showInline": "true"}
            box = add(view, "Choices", name=control(label, name), **values)
            for choice in choices:
                add(box, "Choice", value=choice)
        for label, name in self._texts:
            add(view, "TextArea", name=control(label, name), **region, **_when(label))
        box = add(view, "Choices", name=UNSURE, choice="multiple", **region)
        add(box, "Choice", value=UNSURE)
        add(view, "TextArea", name=NOTE, placeholder=NOTE, **region)
        raw: bytes = etree.tostring(view, pretty_print=True, encoding="UTF-8")
        return raw


def control(label: str, attribute: str) -> str:
    """Return the name of the control that holds an attribute of a label's spans."""
    return f"{label}.{attribute}"


def shown(value: Any) -> str:
    """Return the words that stand for the value of an attribute."""
    return (
        value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
    )


def _when(label: str) -> dict[str, str]:
    return {"whenTagName": LABELS, "whenLabelValue": label}


def _clean(value: str) -> str:
    """Return *value* without what XML cannot hold."""
    return re.sub(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]", "\ufffd", value)
