"""Where one person works, and the refusals an intent can meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.model import Layer, Span
from annotator.scheme import Label, RelationLabel, Scheme
from annotator.text import Structure


class Impossible(UserError):
    """An intent that the scheme or the article does not allow.

    ``template`` and ``values`` are the message before it was put together, for translation.
    """

    def __init__(self, template: str, **values: object) -> None:
        self.template = template
        self.values = values
        super().__init__(template.format(**values))


class NothingToDo(Impossible):
    """An intent that would change nothing; the message says why."""


@dataclass(frozen=True, slots=True)
class Desk:
    """An article, the layer of the person who works on it, and what their work goes by.

    The layer need not be in ``annotated`` yet: the first edit brings it along.
    """

    annotated: Annotated
    layer: Layer
    scheme: Scheme
    structure: Structure

    @property
    def present_layer(self) -> Layer:
        """The layer as it stands in the article, or as it will be made."""
        return self.annotated.layers.get(self.layer.id, self.layer)

    def label(self, name: str) -> Label:
        """Return the label called *name*; Impossible where the scheme has none or it is off."""
        label = self.scheme.label(name)
        if label is None or not label.enabled:
            raise Impossible("The label {label} is not in use in this project.", label=name)
        return label

    def relation(self, name: str) -> RelationLabel:
        """Return the relation called *name*; Impossible where the scheme has none."""
        relation = self.scheme.relation(name)
        if relation is None:
            raise Impossible("The relation {relation} is not in this scheme.", relation=name)
        return relation

    def spans(self, span_ids: Sequence[str]) -> list[Span]:
        """Return the spans with these ids in this layer, each once.

        Impossible where one is not there: the selection of a window can be older than the article.
        """
        found = []
        for key in dict.fromkeys(span_ids):
            span = self.annotated.spans.get(key)
            if span is None or span.layer_id != self.layer.id:
                raise Impossible("That label is not here any more. Please select again.")
            found.append(span)
        if not found:
            raise NothingToDo("Select a label first.")
        return found
