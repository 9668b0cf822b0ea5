"""Everything that lists, views and figures ask an open project, in the name of one author.

Each question is answered in the newest state; none changes anything.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence

from annotator.annotated import Annotated
from annotator.model import (
    SCHEME_ID,
    Change,
    Comment,
    Entity,
    Fragment,
    Layer,
    Relation,
    SchemeVersion,
    Span,
    Verdict,
)
from annotator.packed import Packed
from annotator.review.sight import Sight
from annotator.scheme import Scheme, from_toml
from annotator.store import figures, listing, log, reading, search, sight
from annotator.store.figures import Contents, Figures, Scope
from annotator.store.reviewing import Reviewing
from annotator.store.store import Store
from annotator.store.values import ArticleQuery, Hit, Progress, SavedEdit, Stats, Summary
from annotator.store.writing import chunks


class Questions:
    """What can be asked of a project without changing it."""

    def __init__(self, store: Store, author: str) -> None:
        self._store = store
        self.author = author
        """Who asks; undo and redo, lists and progress are this person's."""
        self._scheme: tuple[str, Scheme] | None = None

    @property
    def id(self) -> str:
        """The project's own id: copies have the same one."""
        with self._store.reading() as connection:
            return reading.project_id(connection)

    @property
    def title(self) -> str:
        """Its name."""
        with self._store.reading() as connection:
            return reading.title(connection)

    @property
    def scheme(self) -> Scheme:
        """What may be marked in it."""
        with self._store.reading() as connection:
            source = reading.scheme_source(connection)
        if self._scheme is None or self._scheme[0] != source:
            self._scheme = (source, from_toml(source))
        return self._scheme[1]

    @property
    def scheme_record(self) -> SchemeVersion:
        """The scheme as it is kept: what an edit of it begins with."""
        version = self.scheme.version
        assert self._scheme is not None
        return SchemeVersion(id=SCHEME_ID, number=version, toml=self._scheme[0])

    @property
    def revision(self) -> int:
        """The number of its newest state."""
        with self._store.reading() as connection:
            return reading.revision(connection)

    def authors(self) -> list[str]:
        """Return everybody who marked or changed something, by name."""
        with self._store.reading() as connection:
            return reading.authors(connection)

    def history(
        self,
        limit: int | None = 100,
        before: int | None = None,
        article_id: str | None = None,
        action: str | None = None,
        author: str | None = None,
    ) -> list[SavedEdit]:
        """Return saved edits, newest first, without their changes (``size`` counts them)."""
        with self._store.reading() as connection:
            return log.history(connection, limit, before, article_id, action, author)

    def saved_edit(self, revision: int) -> SavedEdit:
        """Return one saved edit with its changes. Raises KeyError where there is none."""
        with self._store.reading() as connection:
            return log.entry(connection, revision)[0]

    def changes_of(self, revision: int) -> Iterator[Change]:
        """Yield the changes of a saved edit, which are read some thousand at a time."""
        (saved,) = self.history(1, revision + 1)
        with self._store.reading() as connection:
            for piece in log.pieces(connection, saved):
                yield from piece

    def edits_since(self, revision: int) -> list[SavedEdit]:
        """Return the edits saved after *revision*, oldest first, with their changes."""
        with self._store.reading() as connection:
            return log.entries_since(connection, revision)

    def articles_since(self, revision: int) -> set[str]:
        """Return the ids of the articles that were changed after *revision*."""
        with self._store.reading() as connection:
            return log.articles_since(connection, revision)

    def newest_revision(self, article_id: str) -> int:
        """Return the revision of the newest edit of an article; 0 where there is none."""
        with self._store.reading() as connection:
            return log.newest(connection, article_id)

    def annotated(self, article_id: str) -> Annotated:
        """Return an article with everything marked in it, as a value of the caller's own."""
        with self._store.reading() as connection:
            return reading.annotated(connection, article_id)

    def each_annotated(
        self, article_ids: Iterable[str] | None = None
    ) -> Generator[Annotated, None, None]:
        """Yield articles with everything marked in them, by id, all in one state of the project.

        With *article_ids* only these, else all. Holds a few of them at a time. While it goes on,
        a project in a file cannot be written.
        """
        with self._store.reading() as connection:
            for some in self._some(article_ids):
                yield from reading.annotated_many(connection, some)

    def each_packed(
        self, article_ids: Iterable[str] | None = None
    ) -> Generator[Packed, None, None]:
        """Yield what :meth:`each_annotated` does, with the spans as they lie in the project."""
        with self._store.reading() as connection:
            for some in self._some(article_ids):
                yield from reading.packed_many(connection, some)

    def _some(self, article_ids: Iterable[str] | None) -> Iterator[Sequence[str]]:
        """Yield the ids of all articles or of these in their order, as many as are held at once."""
        if article_ids is None:
            article_ids = self.article_ids()
        return chunks(sorted(set(article_ids)), 50)

    def taken_ids(self, kind: str, ids: Iterable[str]) -> set[str]:
        """Return those of *ids* that a record of the kind (``article``, ``span`` …) has."""
        with self._store.reading() as connection:
            return reading.taken_ids(connection, kind, sorted(set(ids)))

    def articles_with_texts(self, hashes: Iterable[str]) -> dict[str, list[str]]:
        """Return the ids of the articles that have the texts with these SHA-256, by SHA-256."""
        with self._store.reading() as connection:
            return reading.articles_with_texts(connection, sorted(set(hashes)))

    def text(self, sha256: str) -> str | None:
        """Return the text with this SHA-256 that an article has or had; None where none did."""
        with self._store.reading() as connection:
            return reading.text(connection, sha256)

    def former_texts(self) -> dict[str, list[str]]:
        """Return the ids of corrected articles by the SHA-256 of the texts that they had."""
        with self._store.reading() as connection:
            return reading.former_texts(connection)

    def original(self, article_id: str) -> bytes:
        """Return the bytes that an article was read from. Raises KeyError where it is not here."""
        with self._store.reading() as connection:
            data = reading.original(connection, article_id)
        if data is None:
            raise KeyError(article_id)
        return data

    def article_ids(self, query: ArticleQuery | None = None) -> list[str]:
        """Return the ids of the articles that *query* asks for, in its order."""
        with self._store.reading() as connection:
            return listing.article_ids(connection, query or ArticleQuery(), self.author)

    def summaries(
        self, query: ArticleQuery | None = None, offset: int = 0, limit: int = 100
    ) -> list[Summary]:
        """Return one page of the article list."""
        with self._store.reading() as connection:
            return listing.summaries(
                connection, query or ArticleQuery(), self.author, offset, limit
            )

    def count(self, query: ArticleQuery | None = None) -> int:
        """Return how many articles *query* asks for."""
        with self._store.reading() as connection:
            return listing.count(connection, query or ArticleQuery(), self.author)

    def titles(self, article_ids: Iterable[str]) -> dict[str, str]:
        """Return the titles of articles by their ids; unknown ids are left out."""
        with self._store.reading() as connection:
            return reading.titles(connection, sorted(set(article_ids)))

    def progress(self) -> Progress:
        """Return how far the author is."""
        with self._store.reading() as connection:
            return reading.progress(connection, self.author)

    def entities(self) -> dict[str, Entity]:
        """Return all entities by id."""
        with self._store.reading() as connection:
            return reading.entities(connection)

    def recent_entities(self, kind: str | None = None, limit: int = 9) -> list[Entity]:
        """Return the entities that were attached last, newest first."""
        with self._store.reading() as connection:
            return reading.recent_entities(connection, kind, limit, self.author)

    def entity_counts(self) -> dict[str, int]:
        """Return how many spans that the author may see stand for each entity that has any."""
        with self._store.reading() as connection:
            return reading.entity_counts(connection, self.author)

    def idle_entities(self) -> list[Entity]:
        """Return the entities that no span and no relation refers to, by id."""
        with self._store.reading() as connection:
            return reading.idle_entities(connection)

    def entity_spans(self, entity_id: str) -> list[Span]:
        """Return the spans that stand for an entity, article by article in reading order."""
        with self._store.reading() as connection:
            return reading.entity_spans(connection, entity_id)

    def entity_spans_seen(self, entity_id: str) -> list[Span]:
        """Return those of :meth:`entity_spans` that the author may see."""
        with self._store.reading() as connection:
            return reading.entity_spans(connection, entity_id, self.author)

    def entity_relations(self, entity_id: str) -> list[Relation]:
        """Return the relations that end at an entity."""
        with self._store.reading() as connection:
            return reading.entity_relations(connection, entity_id)

    def spans_with_label(self, label: str) -> list[Span]:
        """Return all spans with a label, article by article in reading order."""
        with self._store.reading() as connection:
            return reading.spans_with_label(connection, label)

    def relations_with_label(self, label: str) -> list[Relation]:
        """Return all relations with a label."""
        with self._store.reading() as connection:
            return reading.relations_with_label(connection, label)

    def verdicts_on(self, author: str) -> list[Verdict]:
        """Return the verdicts on what a person marked, in all articles."""
        with self._store.reading() as connection:
            return reading.verdicts_on(connection, author)

    def layers_of_people(self) -> list[Layer]:
        """Return the layers that people have, or are to make, in all articles."""
        with self._store.reading() as connection:
            return reading.layers_of_people(connection)

    def comments_on(self, author: str) -> list[Comment]:
        """Return the comments on what a person marked, in all articles."""
        with self._store.reading() as connection:
            return reading.comments_on(connection, author)

    def search(self, text: str, limit: int = 50) -> list[Hit]:
        """Return the articles where words stand, best first, with the place of the first."""
        with self._store.reading() as connection:
            return search.search(connection, text, limit)

    def find_text(self, needle: str) -> dict[str, list[Fragment]]:
        """Return everywhere that the very string *needle* stands, by article."""
        with self._store.reading() as connection:
            return reading.find_text(connection, needle)

    def stats(self) -> Stats:
        """Return figures of the whole project."""
        with self._store.reading() as connection:
            return reading.stats(connection)

    def contents(self) -> Contents:
        """Return how much there is in all layers, whoever's."""
        with self._store.reading() as connection:
            return figures.contents(connection)

    @property
    def reviewing(self) -> Reviewing:
        """The questions of review: which articles wait, what was decided before, batches."""
        return Reviewing(self._store, self.author)

    @property
    def sight(self) -> Sight:
        """What the author must not see yet."""
        with self._store.reading() as connection:
            return sight.sight(connection, self.author)

    def figures(self, scope: Scope, speaking: str, labels_of_places: Iterable[str]) -> Figures:
        """Return what the pages of figures show of what *scope* takes in.

        *speaking* is the relation from what is said to who says it.
        """
        with self._store.reading() as connection:
            return figures.figures(connection, scope, speaking, sorted(labels_of_places))

    def read_by_several(self, scope: Scope) -> list[str]:
        """Return the ids of the articles that two people or more have read."""
        with self._store.reading() as connection:
            return sorted(connection.execute(figures.read_by_several(scope)).scalars())

    def claims_of(self, scope: Scope, speaking: str, speaker: str) -> list[Span]:
        """Return what an entity says by the relation *speaking*, in reading order."""
        with self._store.reading() as connection:
            return figures.claims_of(connection, scope, speaking, speaker)

    def mentions_of(self, scope: Scope, entity: str) -> list[Span]:
        """Return the spans that stand for an entity, in one reading of each article."""
        with self._store.reading() as connection:
            return figures.mentions_of(connection, scope, entity)

    def spans_labelled(self, scope: Scope, label: str, author: str = "") -> list[Span]:
        """Return the spans with a label, by all people or by one, in reading order."""
        with self._store.reading() as connection:
            return figures.spans_labelled(connection, scope, label, author)
