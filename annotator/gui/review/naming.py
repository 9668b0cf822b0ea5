"""What readers are called in the review: their names, or letters that say nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from annotator.review.cases import Review
from annotator.translation import tr


@dataclass
class Naming:
    """Whether names are shown, and what stands in their place."""

    hidden: bool = False

    def names(self, found: Review) -> dict[str, str]:
        """Return what the author of each layer is called in this article."""
        if not self.hidden:
            return {layer.id: layer.author for layer in found.layers}
        return {
            layer.id: tr("Reader {letter}", letter=chr(ord("A") + number))
            for number, layer in enumerate(found.layers)
        }

    def initials(self, found: Review) -> dict[str, str]:
        """Return what stands on the chips of each layer: as few letters as tell all apart."""
        names = self.names(found)
        if self.hidden:
            return {key: name[-1] for key, name in names.items()}
        return short_names(names)

    def copy(self) -> Naming:
        """Return the same, for another thread."""
        return replace(self)


def short_names(names: dict[str, str]) -> dict[str, str]:
    """Return initials that tell *names* apart: N and J, or A1 and A2 where both begin with A."""
    found = {key: name.strip()[:1].upper() for key, name in names.items()}
    if len(set(found.values())) == len(found):
        return found
    twice = {one for one in found.values() if list(found.values()).count(one) > 1}
    result = {}
    for key, name in names.items():
        tail = name.strip()[-1:]
        told = found[key] in twice and len(name.strip()) > 1
        result[key] = f"{found[key]}{tail.upper()}" if told else found[key]
    return result
