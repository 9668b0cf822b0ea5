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

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


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
        raise NotImplementedError
