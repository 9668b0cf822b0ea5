"""An open project: perform, undo, redo, and all the questions that lists and views ask.

A project may be written from one thread at a time. :meth:`Project.reader` gives another thread
its own view of the same project.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Self

from annotator.annotated import Annotated
from annotator.errors import StorageError
from annotator.model import (
    SCHEME_ID,
    Comment,
    Edit,
    Entity,
    Fragment,
    Layer,
    Relation,
    SchemeVersion,
    Span,
    Verdict,
    now,
)
from annotator.packed import Packed
from annotator.scheme import Scheme, from_toml, to_record
from annotator.store import (
    backup,
    doctor,
    drafts,
    figures,
    lease,
    listing,
    log,
    opening,
    places,
    reading,
    search,
)
from annotator.store.batches import BatchRow
from annotator.store.engines import is_url
from annotator.store.figures import Contents, Figures, Scope
from annotator.store.lease import ProjectInUse
from annotator.store.log import SMALL
from annotator.store.opening import NewerProject, NotAProject, OlderProject
from annotator.store.reviewing import Precedent, Reviewing, ReviewQuery, ReviewRow
from annotator.store.store import LargeEdit, Store, Watch, unwatched
from annotator.store.upgrade import Upgraded
from annotator.store.upgrade import upgrade as upgrade_project
from annotator.store.values import (
    ArticleQuery,
    Draft,
    Hit,
    Inconsistency,
    LabelCount,
    Progress,
    SavedEdit,
    Stats,
    Summary,
)
from annotator.store.writing import Original, chunks

__all__ = [
    "SMALL",
    "ArticleQuery",
    "BatchRow",
    "Contents",
    "Draft",
    "Figures",
    "Hit",
    "Inconsistency",
    "LabelCount",
    "LargeEdit",
    "NewerProject",
    "NotAProject",
    "OlderProject",
    "Original",
    "Precedent",
    "Progress",
    "Project",
    "ProjectInUse",
    "ReviewQuery",
    "ReviewRow",
    "Reviewing",
    "SavedEdit",
    "Scope",
    "Stats",
    "Summary",
    "Upgraded",
    "is_url",
    "upgrade",
]


class Project:
    """One project, in the name of one author."""

    def __init__(self, store: Store, *, author: str, token: str | None = None) -> None:
        self._store = store
        self._token = token
        self.author = author
        """Who works; undo and redo, lists and progress are this person's."""
        self._scheme: tuple[str, Scheme] | None = None
        self._known_id: str | None = None

    @classmethod
    def create(
        cls, location: Path | str, scheme: Scheme, *, title: str = "", author: str = ""
    ) -> Self:
        """Make an empty project in a new file, or in a database without one."""
        return cls._writing(opening.create(location, to_record(scheme), title), author)

    @classmethod
    def open(
        cls,
        location: Path | str,
        *,
        author: str,
        read_only: bool = False,
        take_over: bool = False,
    ) -> Self:
        """Open a project. Raises UserError that says why where that cannot be done.

        A file that cannot be written is opened for reading only (:attr:`read_only`). One that
        another program writes raises ProjectInUse; *take_over* ends that program's right to it.
        """
        opening.refuse_stale_journal(location)
        store = opening.open_store(location, read_only=read_only)
        if store.writer is not None and store.path is not None:
            if not opening.is_writable(store):
                store.close()
                return cls(opening.open_store(location, read_only=True), author=author)
            return cls._writing(store, author, take_over=take_over)
        return cls(store, author=author)

    @classmethod
    def _writing(cls, store: Store, author: str, *, take_over: bool = False) -> Self:
        if store.identity is None:
            return cls(store, author=author)
        with contextlib.ExitStack() as if_it_fails:
            if_it_fails.callback(store.close)
            with store.writing() as connection:
                if take_over:
                    lease.break_all(connection)
                token = lease.take(connection, store.location, author, store.identity)
            if_it_fails.pop_all()
        return cls(store, author=author, token=token)

    def close(self, *, hurried: bool = False) -> None:
        """Let go of the file or the server.

        *hurried*, nothing is written any more: the right to write goes stale with this process.
        """
        if self._token is not None and not hurried:
            # What cannot be written any more goes stale by itself.
            with contextlib.suppress(StorageError), self._store.writing() as connection:
                lease.give_back(connection, self._token)
        self._token = None
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        try:
            if error is not None:
                self._store.accuse(error)
        finally:
            self.close()

    def reader(self) -> Project:
        """Return the same project for reading on another thread."""
        twin = opening.open_store(self._store.address, read_only=True)
        return type(self)(twin, author=self.author)

    # What it is

    @property
    def location(self) -> str:
        """The path of its file, or the address of its database without the password."""
        return self._store.location

    @property
    def shared_by(self) -> str:
        """What makes its folder one that other machines share (``nfs4``, ``Dropbox``), if so."""
        return "" if self._store.path is None else places.network_of(self._store.path)

    @property
    def room(self) -> int | None:
        """Bytes that are free where its file lies; None on a server."""
        path = self._store.path
        return None if path is None else shutil.disk_usage(path.parent).free

    @property
    def read_only(self) -> bool:
        """Whether nothing can be changed."""
        return self._store.writer is None

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

    # Changing it

    def perform(self, edit: Edit, originals: Mapping[str, Original] | None = None) -> SavedEdit:
        """Save *edit*: when this returns, it survives a power cut.

        Author and time are set where they are empty. The same edit again is saved once. Raises
        ConflictError where a *before* is no longer true, StorageError where the disk or server
        refuses; in both cases nothing of it is saved. *originals* are the files that the texts of
        new articles came from, by SHA-256 of the text.
        """
        stamped = replace(edit, author=edit.author or self.author, time=edit.time or now())
        return self._store.commit(stamped, originals)

    @contextmanager
    def large_edit(self, edit: Edit) -> Iterator[LargeEdit]:
        """Save *edit* piece by piece, all of it or nothing; for what does not fit into memory.

        The pieces are handed to what is yielded; until the block ends, questions to this project
        on this thread see what was made so far, and nobody else sees any of it. An edit without
        changes is not saved.
        """
        stamped = replace(edit, author=edit.author or self.author, time=edit.time or now())
        with self._store.large_edit(stamped) as made:
            yield made

    def undo(self, edit_id: str | None = None, watch: Watch = unwatched) -> SavedEdit | None:
        """Take back the author's newest edit; None where there is none.

        With an *edit_id* for the new edit it can be asked again after a lost answer. An edit of
        more than :data:`SMALL` changes passes through piece by piece, all of it or nothing, and is
        returned without its changes; *watch* is told how far it is.
        """
        return self._store.undo(self.author, edit_id, watch)

    def redo(self, edit_id: str | None = None, watch: Watch = unwatched) -> SavedEdit | None:
        """Make again what the author took back last, as :meth:`undo` does; None for nothing."""
        return self._store.redo(self.author, edit_id, watch)

    def undo_step(self) -> Edit | None:
        """Return the edit that :meth:`undo` would take back: its ``inverse`` is to be applied."""
        saved = self._store.step(self.author, "undo")
        return None if saved is None else saved.edit

    def redo_step(self) -> Edit | None:
        """Return the edit that :meth:`redo` would make again, to be applied as it is."""
        saved = self._store.step(self.author, "redo")
        return None if saved is None else saved.edit

    @property
    def undo_size(self) -> int:
        """How many changes :meth:`undo` would take back."""
        saved = self._store.step(self.author, "undo", 0)
        return 0 if saved is None else saved.size

    @property
    def redo_size(self) -> int:
        """How many changes :meth:`redo` would make again."""
        saved = self._store.step(self.author, "redo", 0)
        return 0 if saved is None else saved.size

    @property
    def steps_to_undo(self) -> int:
        """How often :meth:`undo` finds something."""
        with self._store.reading() as connection:
            return log.stacks(connection, self.author).steps_to_undo

    @property
    def steps_to_redo(self) -> int:
        """How often :meth:`redo` finds something."""
        with self._store.reading() as connection:
            return log.stacks(connection, self.author).steps_to_redo

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

    def edits_since(self, revision: int) -> list[SavedEdit]:
        """Return the edits saved after *revision*, oldest first, with their changes."""
        with self._store.reading() as connection:
            return log.entries_since(connection, revision)

    def newest_revision(self, article_id: str) -> int:
        """Return the revision of the newest edit of an article; 0 where there is none."""
        with self._store.reading() as connection:
            return log.newest(connection, article_id)

    # Reading it

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
            return reading.recent_entities(connection, kind, limit)

    def entity_counts(self) -> dict[str, int]:
        """Return how many spans stand for each entity that has any."""
        with self._store.reading() as connection:
            return reading.entity_counts(connection)

    def idle_entities(self) -> list[Entity]:
        """Return the entities that no span and no relation refers to, by id."""
        with self._store.reading() as connection:
            return reading.idle_entities(connection)

    def entity_spans(self, entity_id: str) -> list[Span]:
        """Return the spans that stand for an entity, article by article in reading order."""
        with self._store.reading() as connection:
            return reading.entity_spans(connection, entity_id)

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
        return Reviewing(self._store)

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

    # Keeping it safe

    @property
    def id(self) -> str:
        """The project's own id: copies have the same one."""
        with self._store.reading() as connection:
            return reading.project_id(connection)

    def save_draft(self, edit: Edit, reason: str, *, beside: bool = False) -> str:
        """Keep an edit that could not be saved, if need be beside the project; return its id.

        *beside* does not try the project first, which may take seconds where it is locked.
        """
        stamped = replace(edit, author=edit.author or self.author, time=edit.time or now())
        if beside:
            return drafts.save_beside(self._id(), stamped, reason)
        return drafts.save(self._store, self._id(), stamped, reason)

    def drafts(self) -> list[Draft]:
        """Return the edits that could not be saved and can be read, oldest first."""
        return drafts.saved(self._store, self._id())

    def lost_drafts(self) -> list[Inconsistency]:
        """Return what there is to say of edits that could not be saved and cannot be read."""
        return drafts.unreadable(self._store, self._id())

    def drop_draft(self, draft_id: str) -> None:
        """Forget a draft, because it was performed or is not wanted."""
        drafts.drop(self._store, self._id(), draft_id)

    def backup(self, target: Path | None = None) -> Path:
        """Copy the project to *target* or the backup folder, verify the copy, return its path.

        The copy is a whole project file, whatever this project is kept in.
        """
        return backup.backup(self._store, self.id, self.title, target)

    def backups(self) -> list[Path]:
        """Return the backups in the backup folder, newest first."""
        return backup.backups(self.id)

    def look_over(self) -> None:
        """Raise Damaged where the file is not whole; takes as long as reading it once."""
        doctor.look_over(self._store)

    def check(self) -> list[Inconsistency]:
        """Return everything that cannot be right, the gravest first."""
        return doctor.check(self._store)

    def repair(self, found: Iterable[Inconsistency]) -> Edit | None:
        """Return the edit that mends what an edit can mend; :meth:`perform` it to do so."""
        return doctor.repair_edit(list(found))

    def repair_structure(self) -> None:
        """Make anew what is derived from the records: counts, full-text index, undo positions.

        Drafts that cannot be read are set aside.
        """
        doctor.repair_structure(self._store)

    def _id(self) -> str:
        if self._known_id is None:
            self._known_id = self.id
        return self._known_id


def upgrade(location: Path | str) -> Upgraded:
    """Upgrade a project that an older Annotator made, after a verified backup."""
    return upgrade_project(location)
