"""What is hovered, selected, searched or asked for in an article view: all that can change
without the article changing. The painter reads it, the view writes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from annotator.model import Fragment


@dataclass(frozen=True, slots=True)
class Hint:
    """Letters to type for a span, or for a stretch of words where there is none."""

    text: str
    place: Fragment
    span_id: str | None = None
    primary: bool = False
    """Whether Enter chooses it."""


@dataclass(slots=True)
class ViewState:
    """The changeable look of an article. Places are stored positions, code points."""

    selected: frozenset[str] = frozenset()
    hovered: str | None = None
    related: str | None = None
    """The hovered span once its relations are to be seen."""
    glowing: str | None = None
    selection: Fragment | None = None
    caret: int | None = None
    """Displayed position; None while the view lacks the focus."""
    pending: tuple[Fragment, ...] = ()
    hits: tuple[Fragment, ...] = ()
    hit_starts: tuple[int, ...] = ()
    current_hit: Fragment | None = None
    hints: tuple[Hint, ...] = ()
    typed: str = ""
    hints_by_span: dict[str, Hint] = field(default_factory=dict)
    undimmed: frozenset[str] | None = None
    """Spans that stay in full colour while all else is dimmed; None when nothing is."""
    at_issue: frozenset[str] = frozenset()
    """Spans between which a reviewer decides: their bars are heavier."""
    differences: tuple[Fragment, ...] = ()
    """Words that only some of them cover."""
    gutter: tuple[tuple[int, str, bool], ...] = ()
    """Marks of conflicts, sorted: a position, the icon, and whether it is the current one."""
    checked: tuple[Fragment, ...] | None = None
    """What was checked for missing labels; None where nobody wants to know."""
    warned: frozenset[str] = frozenset()
    commented: Mapping[str, int] = field(default_factory=dict)
    """How many open comments a span has, or the article by its own id."""
    focused: bool = False

    def is_dimmed(self, span_id: str) -> bool:
        """Say whether a span is to be drawn faintly."""
        if self.undimmed is None:
            return False
        return span_id not in self.undimmed and span_id not in self.selected

    def set_hints(self, hints: tuple[Hint, ...]) -> None:
        """Show *hints*, with nothing typed yet."""
        self.hints, self.typed = hints, ""
        self.hints_by_span = {hint.span_id: hint for hint in hints if hint.span_id is not None}

    def set_hits(self, hits: tuple[Fragment, ...], current: Fragment | None) -> None:
        """Highlight *hits* (sorted), one of them as the current one."""
        self.hits, self.current_hit = hits, current
        self.hit_starts = tuple(hit.start for hit in hits)

    def hint_shown(self, hint: Hint) -> bool:
        """Say whether what is typed so far may still become *hint*."""
        return hint.text.upper().startswith(self.typed.upper())
