"""Other names for labels, relations and attributes, on the way in or out.

The names are read from a small TOML file::

    [labels]
    Speaker = "PER"        # spans labelled Speaker get the label PER
    Cue = ""               # spans labelled Cue are left out, with their relations

    [relations]
    attributed_to = "source"

    [attributes]
    form = "quote_form"    # for every label
    [attributes.Claim]     # for Claim only; labels go by the names that they have before
    claim_type = ""
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.exchange.parts import drop_remarks, with_spans
from annotator.model import Span

_TABLES: Final = ("labels", "relations", "attributes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """New names by old ones; an empty new name leaves out what has the old one."""

    labels: Mapping[str, str] = field(default_factory=dict)
    relations: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    """For spans of every label."""
    label_attributes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By the old name of the label; goes before :attr:`attributes`."""

    @classmethod
    def load(cls, path: Path) -> Names:
        """Read names from a TOML file. Raises UserError with the file, entry and reason."""
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except OSError as error:
            raise UserError(f"The map {path} cannot be read: {error.strerror or error}.") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise UserError(f"The map {path} is not valid TOML: {error}.") from error
        for key in data:
            if key not in _TABLES:
                raise UserError(
                    f"The map {path} has the unknown entry {key!r}. There can be [labels], "
                    "[relations] and [attributes]."
                )
        tables = {key: _table(path, key, data.get(key, {})) for key in _TABLES}
        attributes = tables["attributes"]
        nested = {key: value for key, value in attributes.items() if isinstance(value, dict)}
        return cls(
            labels=_texts(path, "labels", tables["labels"]),
            relations=_texts(path, "relations", tables["relations"]),
            attributes=_texts(
                path, "attributes", {k: v for k, v in attributes.items() if k not in nested}
            ),
            label_attributes={
                key: _texts(path, f"attributes.{key}", value) for key, value in nested.items()
            },
        )

    def label(self, name: str) -> str:
        """Return the new name of a label, empty where it is left out."""
        return self.labels.get(name, name)

    @property
    def is_empty(self) -> bool:
        """Whether everything keeps its name."""
        return not (self.labels or self.relations or self.attributes or self.label_attributes)

    def applied(self, item: Annotated) -> Annotated:
        """Return *item* with the new names.

        Raises UserError where two attributes of one span would get the same name: one of the two
        would be lost.
        """
        if self.is_empty:
            return item
        kept = with_spans(item, lambda span: self.label(span.label) != "")
        result = kept.copy()
        result.spans = {key: self._span(span) for key, span in kept.spans.items()}
        result.relations = {
            key: replace(tie, label=self.relations.get(tie.label, tie.label))
            for key, tie in kept.relations.items()
            if self.relations.get(tie.label, tie.label)
        }
        drop_remarks(result, kept.relations.keys() - result.relations.keys())
        return result

    def _span(self, span: Span) -> Span:
        own = self.label_attributes.get(span.label, {})
        values: dict[str, Any] = {}
        for name, value in span.attributes.items():
            new = own.get(name, self.attributes.get(name, name))
            if new and new in values:
                raise UserError(
                    f"The map gives two attributes of {span.label!r} the name {new!r}, so one of "
                    "them would be lost. Give them different names, or leave one out."
                )
            if new:
                values[new] = value
        return replace(span, label=self.label(span.label), attributes=values)


def _table(path: Path, name: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise UserError(f"In the map {path}, {name!r} has to be a table, [{name}].")
    return value


def _texts(path: Path, where: str, table: Mapping[str, object]) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in table.items():
        if not isinstance(value, str):
            raise UserError(
                f"In the map {path}, the new name of {key!r} under [{where}] has to be text, such "
                f'as {key} = "NAME".'
            )
        found[key] = value.strip()
    return found
