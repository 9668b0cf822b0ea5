"""From a widget to an edit, and words about records that several widgets use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from annotator.errors import UserError
from annotator.model import Article, Edit, Entity, Span
from annotator.numbering import Numbering
from annotator.scheme import Attribute, EntityKind, Label, Scheme
from annotator.translation import reason, tr

if TYPE_CHECKING:
    from annotator.gui.workspace import Workspace

ELLIPSIS = " … "


def do(workspace: Workspace, make: Callable[[], Edit]) -> Edit | None:
    """Perform what *make* returns; where it makes no sense, say why in the status bar."""
    try:
        edit = make()
    except UserError as error:
        workspace.note(reason(error))
        return None
    return edit if workspace.perform(edit) else None


def words(span: Span) -> str:
    """Return what a span covers in one line, its pieces apart."""
    return ELLIPSIS.join(" ".join(piece.split()) for piece in span.text)


def title(name: str) -> str:
    """Return a name of the scheme as a person reads it: ``claim_group`` is "Claim group"."""
    spaced = name.replace("_", " ").strip()
    return spaced[:1].upper() + spaced[1:]


def attribute_title(attribute: Attribute, label: str) -> str:
    """Return the name of an attribute without the label's own: ``claim_type`` is "Type"."""
    prefix = f"{label.lower()}_"
    return title(attribute.name.removeprefix(prefix) or attribute.name)


def value_text(value: object) -> str:
    """Return a value of an attribute as a person reads it."""
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    return "" if value is None else str(value)


def filled_text(label: Label, values: Mapping[str, object]) -> str:
    """Return what the program filled in, such as "direct, source explicit"."""
    parts = []
    for attribute in label.attributes:
        value = values.get(attribute.name, attribute.default)
        if attribute.auto is None or value is None:
            continue
        head, _, last = attribute.name.rpartition("_")
        kind = last in ("form", "type", "status", "kind")
        spoken = head if kind else attribute.name.replace("_", " ")
        parts.append(f"{spoken.replace('_', ' ')} {value_text(value)}".strip())
    return ", ".join(parts)


def entity_line(entity: Entity, scheme: Scheme) -> str:
    """Return an entity's name and what tells it from others: "Ilse Maarten, mayor"."""
    kind = scheme.entity_kind(entity.kind)
    free = [] if kind is None else [item.name for item in kind.attributes if item.kind == "text"]
    told = [str(entity.attributes[name]) for name in free if entity.attributes.get(name)]
    return ", ".join([entity.name, *told])


def kind_title(kind: EntityKind) -> str:
    """Return what a list of this kind of entity is called."""
    return kind.title or title(kind.name)


def entity_icon(scheme: Scheme, kind: str) -> str:
    """Return the icon of a kind of entity: a place, a group of claims, or somebody."""
    known = scheme.entity_kind(kind)
    if known is not None and known.coordinates:
        return "place"
    speaks = any(relation.target_entity == kind for relation in scheme.relations)
    return "person" if speaks or kind in ("actor", "person") else "group"


def colour_of(scheme: Scheme, label: str) -> str:
    """Return the colour of a label; grey where the scheme does not have it any more."""
    known = scheme.label(label)
    return "grey" if known is None else known.colour


class Places:
    """Where things stand, as people say it: "¶ 2"."""

    def __init__(self) -> None:
        self._article: Article | None = None
        self._numbering: Numbering | None = None

    def paragraph(self, article: Article, position: int) -> str:
        """Return the paragraph around *position*; nothing where it has no number."""
        if self._numbering is None or self._article is not article:
            same = self._article is not None and (
                self._article.text is article.text and self._article.zones == article.zones
            )
            self._article = article
            if not same:
                self._numbering = Numbering(article)
        assert self._numbering is not None
        number = self._numbering.number(position)
        return "" if number is None else f"¶ {number}"
