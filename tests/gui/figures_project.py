"""A project for tests of figures: several people who read the same articles, not always alike."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QApplication

from annotator import schemes
from annotator.gui.app import Program
from annotator.gui.insights.place import Insights
from annotator.model import (
    Article,
    Change,
    Entity,
    Fragment,
    Layer,
    LayerState,
    Record,
    Relation,
    Span,
    edit,
    text_hash,
)
from annotator.project import Project
from tests.gui.conftest import Start, until

TEXT = (
    "Ilse Maarten said the old harbour would close. The Pennant Line doubts that the ferry pays. "
    "Bergen waits, Tomas Reyk promised a new quay in Lisbon. Article {number}."
)
WORDS = {
    "Speaker": ("Ilse Maarten", "The Pennant Line", "Tomas Reyk"),
    "Claim": ("the old harbour would close", "the ferry pays", "a new quay in Lisbon"),
    "Cue": ("said", "doubts", "promised"),
    "Location": ("Bergen", "Lisbon"),
}
ENTITIES = (
    Entity(id="ilse", kind="actor", name="Ilse Maarten", attributes={"role": "mayor"}),
    Entity(id="line", kind="actor", name="Pennant Line"),
    Entity(id="reyk", kind="actor", name="Tomas Reyk"),
    Entity(id="bergen", kind="place", name="Bergen", latitude=60.39, longitude=5.32),
    Entity(id="lisbon", kind="place", name="Lisbon", latitude=38.72, longitude=-9.14),
)
NAMES = {
    "Ilse Maarten": "ilse",
    "The Pennant Line": "line",
    "Tomas Reyk": "reyk",
    "Bergen": "bergen",
    "Lisbon": "lisbon",
}
TYPES = ("factual", "predictive", "evaluative")
PEOPLE = ("ada", "jonas", "noor")


def opened(app: Start, location: Path, *, text_size: int = 100) -> Program:
    """Return the window with the project at *location* in it."""
    program = app(fill=False, text_size=text_size)
    assert program.window.projects.open(str(location), "ada")
    QApplication.processEvents()
    return program


def figures_in(program: Program) -> Insights:
    """Show the place for figures, and return it."""
    program.window.commands.run("place.insights")
    place = program.window.findChild(Insights, "page.insights")
    assert place is not None
    return place


def agreement_in(program: Program) -> Insights:
    """Show the page of agreement, and return its place once all is counted."""
    place = figures_in(program)
    place.show_page("agreement")
    until(lambda: place.reading.agreement is not None)
    return place


def make(path: Path, articles: int = 12, people: Sequence[str] = PEOPLE) -> Path:
    """Make a project in which every third claim of everybody but the first is cut short."""
    with Project.create(path, schemes.load("news-default"), author=people[0]) as project:
        project.perform(edit("entity", [Change(None, one) for one in ENTITIES]))
        for number in range(articles):
            home = _article(number)
            project.perform(edit("import", [Change(None, home)], article_id=home.id))
        for at, author in enumerate(people):
            project.author = author
            for number in range(articles):
                home = _article(number)
                records = _reading(home, author, at, number)
                changes = [Change(None, one) for one in records]
                project.perform(edit("mark", changes, detail="Claim", article_id=home.id))
                layer = records[0]
                assert isinstance(layer, Layer)
                done = Layer(
                    id=layer.id,
                    article_id=home.id,
                    author=author,
                    state=LayerState.SUBMITTED,
                )
                submitted = edit("submit", [Change(layer, done)], article_id=home.id)
                project.perform(submitted)
        project.author = people[0]
    return path


def _article(number: int) -> Article:
    text = TEXT.format(number=number)
    title = f"Quay {number + 1}"
    return Article(id=f"a{number:03}", title=title, text=text, sha256=text_hash(text))


def _reading(home: Article, author: str, at: int, number: int) -> list[Record]:
    layer = Layer(id=f"{home.id}-{author}", article_id=home.id, author=author)
    found: list[Record] = [layer]
    spans: dict[str, Span] = {}
    for label, phrases in WORDS.items():
        for place, words in enumerate(phrases):
            if label == "Claim" and at and (number + place + at) % 3 == 0:
                words = words.rpartition(" ")[0]
            if label == "Cue" and at == 2 and (number + place) % 4 == 0:
                continue
            start = home.text.index(words)
            attributes: dict[str, str] = {}
            if label == "Claim":
                attributes["claim_type"] = TYPES[(place + (number % 5 == at)) % 3]
            span = Span(
                id=f"{layer.id}-{label}-{place}",
                article_id=home.id,
                layer_id=layer.id,
                label=label,
                fragments=(Fragment(start, start + len(words)),),
                text=(words,),
                attributes=attributes,
                entity_id=NAMES.get(words),
            )
            spans[span.id] = span
            found.append(span)
    for place in range(3):
        claim, speaker = (f"{layer.id}-{name}-{place}" for name in ("Claim", "Speaker"))
        tie = Relation(
            id=f"{layer.id}-tie-{place}",
            article_id=home.id,
            layer_id=layer.id,
            label="attributed_to",
            source=claim,
            target=speaker,
        )
        found.append(tie)
    return found
