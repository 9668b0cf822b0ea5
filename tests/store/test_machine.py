"""Whatever is done in whatever order: undo restores exactly, and the project reopens equal."""

import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from annotator.annotated import Annotated
from annotator.model import (
    Change,
    Edit,
    Entity,
    Fragment,
    Record,
    Span,
    edit,
)
from annotator.project import Project
from annotator.store import log
from tests.store.making import SCHEME, add, article, entity, layer, relation

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
# Notes and attributes may hold even what no encoding takes.
WILD = st.text(max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | WILD,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(WILD, inner, max_size=2),
    max_leaves=4,
)
State = tuple[dict[str, Annotated], dict[str, Entity]]

AGAINST_THE_SCHEME = {
    "wrong-entity-kind",
    "illegal-relation",
    "relation-to-itself",
    "too-many-relations",
}
"""What the machine may mark though the scheme says no; nothing is lost by it."""


class Working(RuleBasedStateMachine):
    """Two authors work on a project; what it should hold is kept beside it, as plain values."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "p.annotator"
        self.project = Project.create(self.path, SCHEME, author="ada")
        self.state: State = ({}, {})
        self.before: dict[str, list[State]] = {"ada": [], "bob": []}
        self.after: dict[str, list[State]] = {"ada": [], "bob": []}
        self.last = "ada"
        self.made = 0

    def teardown(self) -> None:
        self.project.close()
        self.folder.cleanup()

    def perform(self, done: Edit) -> None:
        """Do it here and there. Only the last author can undo: others would conflict."""
        author = self.project.author
        if author != self.last:
            self.before[self.last].clear()
            self.after[self.last].clear()
            self.before[author].clear()
        self.last = author
        self.before[author].append(_copy(self.state))
        self.after[author].clear()
        self.project.perform(done)
        _apply(self.state, done)

    @initialize(text=TEXT)
    def begin(self, text: str) -> None:
        self.perform(add(article("a0", f"Words. {text}"), layer("l0", "a0"), action="import"))

    @rule(text=TEXT, title=WILD, metadata=st.dictionaries(WILD, JSON, max_size=2))
    def import_article(self, text: str, title: str, metadata: dict[str, Any]) -> None:
        self.made += 1
        id_ = f"a{self.made}"
        one = article(id_, text, title=title, metadata=metadata, language="de")
        self.perform(add(one, layer(f"l{self.made}", id_), action="import"))

    @rule(data=st.data(), note=WILD, attributes=st.dictionaries(WILD, JSON, max_size=2),
          label=st.sampled_from(["Speaker", "Claim"]), unsure=st.booleans())  # fmt: skip
    def mark(self, data: st.DataObject, label: str, unsure: bool, **more: Any) -> None:
        homes = [home for home in self.state[0].values() if home.article.text]
        if not homes:
            return
        home = data.draw(st.sampled_from(homes))
        text = home.article.text
        start = data.draw(st.integers(0, len(text) - 1))
        end = data.draw(st.integers(start + 1, len(text)))
        self.made += 1
        one = Span(
            id=f"s{self.made}",
            article_id=home.article.id,
            layer_id=next(iter(home.layers)),
            label=label,
            fragments=(Fragment(start, end),),
            text=(text[start:end],),
            unsure=unsure,
            entity_id=data.draw(st.sampled_from([None, *self.state[1]])),
            **more,
        )
        self.perform(add(one))

    @rule(name=WILD, aliases=st.lists(WILD, max_size=2), latitude=st.none() | st.floats(-90, 90))
    def make_entity(self, name: str, aliases: list[str], latitude: float | None) -> None:
        self.made += 1
        one = entity(f"e{self.made}", name, aliases=tuple(aliases), latitude=latitude)
        self.perform(add(one))

    @rule(data=st.data())
    def relate(self, data: st.DataObject) -> None:
        spans = [s for home in self.state[0].values() for s in home.spans.values()]
        if not spans:
            return
        source = data.draw(st.sampled_from(spans))
        target = data.draw(st.sampled_from([s for s in spans if s.article_id == source.article_id]))
        self.made += 1
        tie = relation(f"r{self.made}", "attributed_to", source.id, target.id,
                       article_id=source.article_id, layer_id=source.layer_id)  # fmt: skip
        self.perform(add(tie))

    @rule(data=st.data(), note=WILD, label=st.sampled_from(["Speaker", "Claim"]))
    def change_many(self, data: st.DataObject, note: str, label: str) -> None:
        spans = [s for home in self.state[0].values() for s in home.spans.values()]
        chosen = (
            data.draw(st.lists(st.sampled_from(spans), unique_by=lambda s: s.id)) if spans else []
        )
        if chosen:
            self.perform(edit("x", [Change(s, replace(s, note=note, label=label)) for s in chosen]))

    @rule(data=st.data())
    def delete_span(self, data: st.DataObject) -> None:
        homes = [home for home in self.state[0].values() if home.spans]
        if homes:
            home = data.draw(st.sampled_from(homes))
            span = data.draw(st.sampled_from(list(home.spans.values())))
            gone: list[Record] = [*home.ties(span.id), span]
            self.perform(edit("delete", [Change(record, None) for record in gone]))

    @rule(data=st.data())
    def delete_article(self, data: st.DataObject) -> None:
        if self.state[0]:
            home = data.draw(st.sampled_from(list(self.state[0].values())))
            gone: list[Record] = [*home.relations.values(), *home.spans.values()]
            gone += [*home.layers.values(), home.article]
            self.perform(edit("delete", [Change(record, None) for record in gone]))

    @rule()
    def undo(self) -> None:
        author = self.project.author
        if self.before[author] and author == self.last:
            self.after[author].append(_copy(self.state))
            assert self.project.undo() is not None
            self.state = self.before[author].pop()

    @rule()
    def redo(self) -> None:
        author = self.project.author
        if self.after[author] and author == self.last:
            self.before[author].append(_copy(self.state))
            assert self.project.redo() is not None
            self.state = self.after[author].pop()

    @rule()
    def reopen(self) -> None:
        author = self.project.author
        found = [item for item in self.project.check() if item.severity == "error"]
        assert [item for item in found if item.code not in AGAINST_THE_SCHEME] == []
        self.project.close()
        self.project = Project.open(self.path, author=author)

    @rule()
    def work_as_the_other(self) -> None:
        self.project.author = "bob" if self.project.author == "ada" else "ada"

    @invariant()
    def the_project_holds_what_was_done(self) -> None:
        articles, entities = self.state
        assert sorted(self.project.article_ids()) == sorted(articles)
        assert self.project.entities() == entities
        for id_, expected in articles.items():
            found = self.project.annotated(id_)
            assert found.article == expected.article
            assert found.layers == expected.layers
            assert found.spans == expected.spans
            assert found.relations == expected.relations
            for span in found.spans.values():
                assert tuple(found.article.text[a:b] for a, b in span.fragments) == span.text


def _copy(state: State) -> State:
    return {id_: home.copy() for id_, home in state[0].items()}, dict(state[1])


def _apply(state: State, done: Edit) -> None:
    articles, entities = state
    for change in done.changes:
        record = change.record
        if isinstance(record, Entity):
            entities[record.id] = record
        elif (
            record.id in articles and change.after is None and record == articles[record.id].article
        ):
            del articles[record.id]
        elif change.before is None and type(record).__name__ == "Article":
            articles[record.id] = Annotated(record)  # type: ignore[arg-type]
        elif record.article_id is not None:
            articles[record.article_id].apply(edit("one", [change]))


class WorkingInPieces(Working):
    """The same, where undo and redo of every edit pass through in pieces of two changes."""

    def __init__(self) -> None:
        self._sizes = ExitStack()
        for name, size in (("SMALL", 0), ("ROWS", 1), ("CHUNK", 2)):
            self._sizes.enter_context(patch.object(log, name, size))
        super().__init__()

    def teardown(self) -> None:
        super().teardown()
        self._sizes.close()


_SETTINGS = settings(
    max_examples=15,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestWorking = Working.TestCase
TestWorking.settings = _SETTINGS
TestWorkingInPieces = WorkingInPieces.TestCase
TestWorkingInPieces.settings = settings(_SETTINGS, max_examples=8)
