"""What is wrong with a scheme in work, at the very field, in plain words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from annotator.gui.action_table import ACTIONS
from annotator.gui.parts import key_text
from annotator.gui.scheme.scheme_draft import HEAD, Entry, SchemeDraft, name_of
from annotator.review.verdicts import reason_shown
from annotator.scheme import Attribute, EntityKind, Label, RelationLabel, inconsistencies
from annotator.translation import tr

if TYPE_CHECKING:
    from annotator.gui.actions import Actions


@dataclass(frozen=True, slots=True)
class Fault:
    """Something to correct, or (not ``grave``) something to know."""

    token: str
    field: str
    text: str
    grave: bool = True


def faults(draft: SchemeDraft, taken: Mapping[str, str]) -> list[Fault]:
    """Return what is wrong with *draft*; *taken* are the keys of other actions, by key.

    A scheme without grave faults can be used; what only ``annotator.scheme`` knows of is shown
    at the scheme as a whole.
    """
    found = list(_name_faults(draft))
    found += _key_faults(draft, taken)
    for entry in draft.entries.values():
        if isinstance(entry.item, Label | EntityKind):
            found += _attribute_faults(entry.token, entry.item.attributes)
        if isinstance(entry.item, RelationLabel):
            found += _relation_faults(entry.token, entry.item)
    if not any(fault.grave for fault in found):
        found += [Fault(HEAD, "title", text) for text in inconsistencies(draft.scheme)]
    return found


def taken_keys(actions: Actions) -> dict[str, str]:
    """Return the keys that act on the text whatever the scheme is, with what they do."""
    return {
        key: actions.text(spec.id)
        for spec in ACTIONS
        if spec.where == "text"
        for key in actions.keys(spec.id)
    }


def _name_faults(draft: SchemeDraft) -> Iterator[Fault]:
    scheme = draft.scheme
    if not scheme.title.strip():
        yield Fault(HEAD, "title", tr("The scheme needs a name."))
    for name, number in Counter(scheme.reasons).items():
        if not name:
            yield Fault(HEAD, "reasons", tr("A reason is empty. Write it, or remove it."))
        elif number > 1:
            text = tr("“{name}” stands here twice.", name=reason_shown(name))
            yield Fault(HEAD, "reasons", text)
    for section in ("label", "relation", "entity", "rule"):
        entries = draft.section(section)
        count = Counter(name_of(entry.item) for entry in entries)
        field = "title" if section == "rule" else "name"
        for entry in entries:
            name = name_of(entry.item)
            if not name.strip():
                yield Fault(entry.token, field, tr("This needs a name."))
            elif count[name] > 1 and section != "rule":
                text = tr("“{name}” is taken already. Choose another name.", name=name)
                yield Fault(entry.token, field, text)


def _key_faults(draft: SchemeDraft, taken: Mapping[str, str]) -> Iterator[Fault]:
    owners: dict[str, list[str]] = {}
    keyed = [(entry, _key(entry)) for entry in draft.entries.values()]
    for entry, key in keyed:
        owners.setdefault(key, []).append(entry.token)
    for entry, key in keyed:
        others = [token for token in owners[key] if token != entry.token]
        other = draft.entry(others[0]) if others else None
        if not key:
            continue
        if other is not None:
            text = tr(
                "{key} is the key of “{name}” already. Choose another one.",
                key=key_text(key),
                name=name_of(other.item),
            )
            yield Fault(entry.token, "key", text)
        elif key in taken:
            text = tr(
                "{key} also stands for “{action}”: neither would work. Choose another key here, "
                "or change that one under Keys.",
                key=key_text(key),
                action=taken[key],
            )
            yield Fault(entry.token, "key", text, grave=False)


def _key(entry: Entry) -> str:
    """Return the key of an entry in the form of shortcuts; nothing where it has none."""
    item = entry.item
    if not isinstance(item, Label | RelationLabel) or (
        isinstance(item, Label) and not item.enabled
    ):
        return ""
    return item.key.upper() if len(item.key) == 1 else item.key


def _attribute_faults(token: str, attributes: tuple[Attribute, ...]) -> Iterator[Fault]:
    seen: set[str] = set()
    for at, item in enumerate(attributes):
        place = f"attribute.{at + 1}"
        if not item.name.strip():
            yield Fault(token, f"{place}.name", tr("This needs a name."))
        elif item.name in seen:
            text = tr("“{name}” is taken already. Choose another name.", name=item.name)
            yield Fault(token, f"{place}.name", text)
        seen.add(item.name)
        if item.kind == "choice" and not item.values:
            text = tr("There is nothing to choose from. Write one value a line.")
            yield Fault(token, f"{place}.values", text)
        if len(set(item.values)) < len(item.values):
            yield Fault(token, f"{place}.values", tr("A value stands here twice."))


def _relation_faults(token: str, item: RelationLabel) -> Iterator[Fault]:
    if not item.source:
        yield Fault(token, "source", tr("Say at which label it begins."))
    if not item.targets and item.target_entity is None:
        yield Fault(token, "targets", tr("Say where it may end."))
    if item.max is not None and item.max < max(item.min, 1):
        yield Fault(token, "max", tr("This is fewer than are needed."))
