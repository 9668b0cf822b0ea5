"""The places of one phrase in the project, read article by article, and the rows that show them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from annotator.gui.details.equal_words import AROUND, one_line, stands_alone
from annotator.gui.details.intents import colour_of
from annotator.gui.rows import Row, RowModel
from annotator.model import Fragment, name_key
from annotator.review.blinding import shown_names
from annotator.review.cases import Review, Standing, review
from annotator.review.occurrences import Occurrence, of_entity, of_words
from annotator.review.sight import hidden_layers
from annotator.review.verdicts import Decision
from annotator.translation import number, tr

if TYPE_CHECKING:
    from annotator.gui.workspace import Workspace

AT_ONCE: Final = 8
"""Articles that are laid over each other in one go."""
_ARTICLE = "\0"


@dataclass(slots=True)
class PhrasePlaces:
    """The places found so far, article by article."""

    workspace: Workspace
    reviews: dict[str, Review] = field(default_factory=dict)
    places: dict[str, list[Occurrence]] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    kept_back: int = 0
    """Articles of which nothing is shown, for one is still to label them blind."""
    _words: dict[str, list[Fragment]] = field(default_factory=dict)
    _entities: tuple[str, ...] = ()

    def search(self, words: str, *, entity: bool) -> None:
        """Look for *words*, or for the persons and places with that name."""
        self.reviews.clear()
        self.places.clear()
        self.kept_back = 0
        self._words, self._entities = {}, ()
        self.workspace.flush()
        project = self.workspace.project
        if entity:
            wanted = name_key(words)
            self._entities = tuple(
                one.id
                for one in self.workspace.entities.values()
                if any(name_key(name) == wanted for name in (one.name, *one.aliases))
            )
            ids = {s.article_id for key in self._entities for s in project.entity_spans(key)}
        else:
            self._words = project.find_text(words) if words else {}
            ids = set(self._words)
        self.waiting = sorted(ids)

    def read_some(self) -> list[str]:
        """Read the next few articles; return the ids of those in which something was found."""
        part, self.waiting = self.waiting[:AT_ONCE], self.waiting[AT_ONCE:]
        return [key for key in part if self.read(key)]

    def read(self, article_id: str) -> bool:
        """Read one article as it is now; say whether something was found in it."""
        here = self.workspace.annotated
        if here is not None and here.article.id == article_id:
            annotated = here
        else:
            annotated = self.workspace.project.annotated(article_id)
            annotated.entities = self.workspace.entities
        if hidden_layers(annotated, self.workspace.project.author):
            self.kept_back += 1
            return False
        found = review(annotated, self.workspace.scheme)
        if self._entities:
            places = of_entity(found, self._entities)
        else:
            text = annotated.article.text
            alone = [f for f in self._words.get(article_id, ()) if stands_alone(text, f)]
            places = of_words(found, alone)
        if places:
            self.reviews[article_id] = found
            self.places[article_id] = places
        return bool(places)


class PhraseModel(RowModel):
    """Places grouped by article, each with a tick box; the article's own turns all of its."""

    def __init__(self, found: PhrasePlaces, parent: QWidget) -> None:
        super().__init__(parent)
        self._found = found
        self.ticked: set[str] = set()
        self._places: dict[str, Occurrence] = {}

    def start(self) -> None:
        """Show nothing yet."""
        self.ticked.clear()
        self._places.clear()
        self.show_keys([])

    def add(self, article_ids: list[str], *, tick: bool = True) -> None:
        """Show the places of further articles; those that wait for a decision are ticked."""
        keys = list(self.keys)
        for article_id in article_ids:
            keys.append(f"{_ARTICLE}{article_id}")
            for place in self._found.places[article_id]:
                keys.append(place.key)
                self._places[place.key] = place
                if place.is_open and tick:
                    self.ticked.add(place.key)
        self.show_keys(keys)

    def place(self, key: str | None) -> Occurrence | None:
        """Return the place of a row; None for a heading."""
        return self._places.get(key or "")

    @property
    def places(self) -> list[Occurrence]:
        """All places, in their order."""
        return [self._places[key] for key in self.keys if key in self._places]

    def chosen(self) -> list[Occurrence]:
        """Return the ticked places in their order."""
        return [place for place in self.places if place.key in self.ticked]

    def row(self, key: str) -> Row | None:
        if key.startswith(_ARTICLE):
            return self._heading(key.removeprefix(_ARTICLE))
        place = self._places.get(key)
        if place is None:
            return None
        text, words = self._context(place)
        label = place.said[0].label if place.said else None
        scheme = self._found.workspace.scheme
        return Row(
            text=text,
            right=self._right(place),
            colour=None if label is None else colour_of(scheme, label),
            icon="" if label is not None else "minus",
            strong=words,
            checked=key in self.ticked,
        )

    def _heading(self, article_id: str) -> Row:
        places = self._found.places[article_id]
        on = sum(place.key in self.ticked for place in places)
        title = self._found.reviews[article_id].annotated.article.title
        return Row(
            text=title or tr("Without a title"),
            right=tr("{n} of {total}", n=number(on), total=number(len(places))),
            checked=on == len(places),
            heading=True,
            foreign=True,
        )

    def _right(self, place: Occurrence) -> str:
        if place.case is None:
            return tr("nobody has labelled it")
        names = shown_names(self._found.reviews[place.article_id])
        said = "; ".join(
            f"{one.label}: {', '.join(names.get(key, '') for key in one.layer_ids)}"
            for one in place.said
        )
        standing = {
            Standing.DECIDED: tr("left out")
            if place.case.decision == Decision.REJECTED
            else tr("decided"),
            Standing.AGREED: tr("agreed"),
        }.get(place.case.standing, "")
        if place.case.again:
            standing = tr("to be decided again, the first answer is hidden")
        return ", ".join(filter(None, (said, standing)))

    def _context(self, place: Occurrence) -> tuple[str, tuple[int, int]]:
        text = self._found.reviews[place.article_id].annotated.article.text
        before, words, after = around(text, place.fragment)
        return before + words + after, (len(before), len(before) + len(words))

    def turn(self, key: str) -> None:
        """Tick a place or a whole article, or take the tick back."""
        if key.startswith(_ARTICLE):
            keys = {place.key for place in self._found.places[key.removeprefix(_ARTICLE)]}
            self.ticked = self.ticked - keys if keys <= self.ticked else self.ticked | keys
        else:
            self.ticked ^= {key}
        self.tell()

    def tick_only(self, wanted: Callable[[Occurrence], bool]) -> None:
        """Tick exactly the places for which *wanted* is true."""
        self.ticked = {place.key for place in self.places if wanted(place)}
        self.tell()

    def tell(self) -> None:
        """Have the rows painted again."""
        if self.keys:
            self.dataChanged.emit(self.index(0), self.index(len(self.keys) - 1))


def around(text: str, fragment: Fragment) -> tuple[str, str, str]:
    """Return what stands before some words in their paragraph, these, and what stands after them.

    Where it is cut, it is cut between words, and three dots say so.
    """
    start, end = fragment
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    before, after = text[first:start], text[end:last]
    if len(before) > AROUND:
        cut = before[-AROUND:]
        before = "… " + (cut[cut.find(" ") + 1 :] if " " in cut[:-1] else cut)
    if len(after) > AROUND:
        cut = after[:AROUND]
        after = (cut[: cut.rfind(" ")] if " " in cut[1:] else cut) + " …"
    return one_line(before).lstrip(), one_line(text[start:end]), one_line(after).rstrip()
