"""An open store: one file, or one database on a server, and every question it answers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from threading import get_ident
from typing import Final

from sqlalchemy import Connection, Engine, update
from sqlalchemy.exc import IntegrityError

from annotator.collecting import rarely_collected
from annotator.errors import ConflictError, NoRoom, OutOfTurn, StorageError
from annotator.model import Change, Edit, new_id, now
from annotator.store import log, schema
from annotator.store.blame import SUSPECTED, accuse, blaming, is_suspected
from annotator.store.faults import LostConnection, told
from annotator.store.rows import Row
from annotator.store.values import SavedEdit
from annotator.store.writing import Original, check, contradiction, net_of, write

Identity = tuple[int, int]
"""Device and inode of a file: two paths with the same ones are the same file."""

Watch = Callable[[int, int], None]
"""Told how many changes are made, of how many; what it raises gives the edit up."""


def unwatched(made: int, of: int) -> None:
    """Take no notice."""


@dataclass(slots=True)
class Store:
    """What is kept where *location* says, for reading and, with *writer*, for writing."""

    address: str
    """Path or URL, with a password where there is one."""
    location: str
    """The same as it may be shown."""
    reader: Engine
    writer: Engine | None
    path: Path | None = None
    identity: Identity | None = None
    """What the file was when it was opened; None on a server."""
    refusal: str = ""
    """Why it can only be read for now, where that may pass, such as a full disk."""
    member: str = ""
    """In whose name the login of a member works on a server; "" for owners, and in files."""
    making: LargeEdit | None = None
    """The edit that is being made piece by piece."""

    def close(self) -> None:
        """Let go of all connections."""
        for engine in (self.reader, self.writer):
            if engine is not None:
                engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Begin to read: everything asked inside belongs to one state of the project.

        While a large edit is being made on this thread, that state has what was made so far.
        """
        if self.making is not None and self.making.thread == get_ident():
            yield self.making.connection
            return
        with (
            told(self.location),
            self.reader.connect() as connection,
            connection.begin(),
            blaming(connection, self.location),
        ):
            yield connection

    def accuse(self, error: BaseException) -> None:
        """Raise Damaged where *error* may come of what the project holds."""
        if is_suspected(error):
            with self.reading() as connection:
                accuse(connection, self.location, error)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Begin to write: all of it is kept, or nothing where an exception leaves the block.

        Raises StorageError where the disk or server refuses.
        """
        if self.refusal:
            raise NoRoom(self.refusal)
        if self.writer is None:
            raise StorageError(f"The project {self.location} is open for reading only.")
        self._check_place()
        try:
            with told(self.location), self.writer.begin() as connection:
                yield connection
        except SUSPECTED as error:
            # Only now: what was half written is no fault of the file.
            self.accuse(error)
            raise

    def _check_place(self) -> None:
        """Raise StorageError where another file lies in the place of the one that was opened."""
        if self.path is None:
            return
        try:
            found = identity(self.path)
        except OSError as error:
            raise StorageError(
                f"The project file {self.path} is no longer there: it was moved, renamed or "
                "deleted. Put it back, or save a copy elsewhere."
            ) from error
        if found != self.identity:
            raise StorageError(
                f"Another file was put in the place of {self.path} while it was open. Nothing "
                "was written to it. Put the old file back, or save a copy elsewhere."
            )
        if not os.access(self.path, os.W_OK):
            # The system asks only who opens it, which was before.
            raise StorageError(
                f"The project file {self.path} can only be read by now, not written. Make it "
                "writable again, then try again."
            )

    def commit(
        self,
        edit: Edit,
        originals: Mapping[str, Original] | None = None,
        since: int | None = None,
    ) -> SavedEdit:
        """Save *edit* as the newest revision.

        An edit that was saved already, by its id, is returned as it was saved. Raises
        ConflictError, with nothing saved, where a *before* is no longer true, or where one of its
        articles was changed after the revision *since*.
        """

        def plan(connection: Connection, revision: int) -> _Plan:
            if since is not None:
                _refuse_changed(connection, edit, since)
            stacks = log.stacks(connection, edit.author)
            saved = SavedEdit(revision, edit, "do", None, len(edit.changes))
            return _Plan(saved, stacks.done, stacks.steps_to_undo + 1, revision, None)

        saved = self._save(edit.id, plan, originals or {})
        assert saved is not None
        return saved

    @contextmanager
    def large_edit(self, edit: Edit) -> Iterator[LargeEdit]:
        """Begin to save *edit*, whose changes come in pieces, as the newest revision.

        All of it is saved when the block ends, in one transaction; nothing where an exception
        leaves it, or where there are no changes. Memory does not grow with the number of pieces.
        Raises ConflictError where a *before* is no longer true.
        """
        try:
            with rarely_collected(), suppress(_Settled), self.writing() as connection:
                stacks = log.stacks(connection, edit.author)
                head = SavedEdit(_take_turn(connection), edit, "do", None, 0)
                log.write_head(connection, head, stacks.done, stacks.steps_to_undo + 1)
                self.making = made = LargeEdit(connection, head)
                try:
                    yield made
                finally:
                    self.making = None
                if not made.saved.size:
                    raise _Settled(None)
                made.finish()
                log.set_stacks(connection, edit.author, head.revision, None)
        except IntegrityError as error:
            raise self._refusal(error) from error

    def undo(
        self,
        author: str,
        edit_id: str | None = None,
        watch: Watch = unwatched,
        of: str | None = None,
    ) -> SavedEdit | None:
        """Take back the newest edit of *author*; None where there is nothing to undo.

        A large edit passes through in pieces, in one transaction, and what is returned is without
        its changes; *watch* is told before each piece how many are made, of how many. Raises
        ConflictError where somebody changed the same records since, OutOfTurn where it is not the
        edit *of* that is next, and whatever *watch* raises; nothing is then changed.
        """
        own_id = edit_id or new_id()

        def plan(connection: Connection, revision: int) -> _Plan | None:
            stacks = log.stacks(connection, author)
            if stacks.done is None:
                _refuse_another(connection, None, of)
                return None
            step, below = log.entry(connection, stacks.done, 0)
            _refuse_another(connection, step, of)
            edit = replace(step.edit, id=own_id, author=author, time=now())
            saved = SavedEdit(revision, edit, "undo", step.revision, step.size)
            saved = log.with_changes(connection, saved, log.SMALL)
            return _Plan(saved, stacks.undone, stacks.steps_to_redo + 1, below, revision)

        return self._save(own_id, plan, {}, watch)

    def redo(
        self,
        author: str,
        edit_id: str | None = None,
        watch: Watch = unwatched,
        of: str | None = None,
    ) -> SavedEdit | None:
        """Make again what *author* took back last, in the manner of :meth:`undo`."""
        own_id = edit_id or new_id()

        def plan(connection: Connection, revision: int) -> _Plan | None:
            stacks = log.stacks(connection, author)
            if stacks.undone is None:
                _refuse_another(connection, None, of)
                return None
            undone, below = log.entry(connection, stacks.undone, 0)
            _refuse_another(connection, undone, of)
            assert undone.target is not None
            step, _ = log.entry(connection, undone.target, log.SMALL)
            edit = replace(step.edit, id=own_id, author=author, time=now())
            saved = SavedEdit(revision, edit, "redo", step.revision, step.size)
            return _Plan(saved, stacks.done, stacks.steps_to_undo + 1, step.revision, below)

        return self._save(own_id, plan, {}, watch)

    def step(self, author: str, which: str, at_most: int | None = None) -> SavedEdit | None:
        """Return the edit that *author* would ``undo`` or ``redo`` next, as it was done.

        Its changes are left out where there are more than *at_most*.
        """
        with self.reading() as connection:
            stacks = log.stacks(connection, author)
            top = stacks.done if which == "undo" else stacks.undone
            if top is None:
                return None
            saved, _ = log.entry(connection, top, 0)
            return log.entry(connection, saved.target or top, at_most)[0]

    def _save(
        self,
        edit_id: str,
        plan: Planning,
        originals: Mapping[str, Original],
        watch: Watch = unwatched,
    ) -> SavedEdit | None:
        with rarely_collected():
            try:
                return self._save_once(edit_id, plan, originals, watch)
            except LostConnection:
                # The answer to a commit may be what was lost: the id tells whether it was done.
                return self._save_once(edit_id, plan, originals, watch)

    def _save_once(
        self, edit_id: str, planning: Planning, originals: Mapping[str, Original], watch: Watch
    ) -> SavedEdit | None:
        plan: _Plan | None = None
        try:
            with self.writing() as connection:
                revision = _take_turn(connection)
                known = log.find(connection, edit_id)
                plan = None if known is not None else planning(connection, revision)
                if plan is None:
                    raise _Settled(known)
                _carry_out(connection, plan, originals, watch)
            return plan.saved
        except _Settled as settled:
            return settled.saved
        except IntegrityError as error:
            conflict = None if plan is None else self._contradiction(plan)
            if conflict is not None:
                raise conflict from error
            raise self._refusal(error) from error

    def _contradiction(self, plan: _Plan) -> ConflictError | None:
        with self.reading() as connection:
            return contradiction(connection, lambda: plan.pieces(connection))

    def _refusal(self, error: IntegrityError) -> StorageError:
        return StorageError(
            f"The project {self.location} refuses this change, because a record breaks one of "
            f"its rules: {str(error.orig).partition(chr(10))[0]}."
        )


class LargeEdit:
    """An edit that is being saved piece by piece; see :meth:`Store.large_edit`."""

    def __init__(self, connection: Connection, head: SavedEdit) -> None:
        self.connection = connection
        self.thread = get_ident()
        self.saved = head
        """The edit as it stands in the log, without its changes."""
        self._row = 0
        self._articles: set[str] = set()

    def add(self, changes: Sequence[Change], originals: Mapping[str, Original]) -> None:
        """Save *changes*; a record may be changed in several pieces, but created in one only."""
        nets = net_of(changes)
        check(self.connection, nets)
        revision = self.saved.revision
        rows: dict[int, Row] = {}
        write(self.connection, nets, revision, originals, rows)
        self._row = log.write_changes(self.connection, revision, changes, self._row, rows)
        self.saved = replace(self.saved, size=self.saved.size + len(changes))
        new = {id_ for c in changes if (id_ := c.record.article_id)} - self._articles
        log.write_articles(self.connection, revision, new)
        self._articles |= new

    def finish(self) -> None:
        """Note what the edit came to."""
        edit = self.saved.edit
        if edit.article_id is None and len(self._articles) == 1:
            edit = replace(edit, article_id=next(iter(self._articles)))
        self.saved = replace(self.saved, edit=edit)
        log.write_size(self.connection, self.saved)


@dataclass(frozen=True, slots=True)
class _Plan:
    """An edit to be saved, and where it puts its author on the stacks."""

    saved: SavedEdit
    parent: int | None
    depth: int
    done: int | None
    """Top of the undo stack afterwards; for an edit that is done, itself."""
    undone: int | None
    """Top of the redo stack afterwards; for an undo, itself."""

    @property
    def is_large(self) -> bool:
        """Whether the changes were left in the log."""
        return len(self.saved.edit.changes) < self.saved.size

    def pieces(self, connection: Connection) -> Iterable[Sequence[Change]]:
        """Return the changes, those of a large undo or redo piece by piece."""
        if self.is_large:
            return log.pieces(connection, self.saved)
        return (self.saved.edit.changes,)


Planning = Callable[[Connection, int], _Plan | None]
"""Takes the revision that the edit gets."""


class _Settled(Exception):
    """There is nothing to save: it is saved already, or there is nothing to undo."""

    def __init__(self, saved: SavedEdit | None) -> None:
        self.saved = saved
        super().__init__()


def _take_turn(connection: Connection) -> int:
    """Return the next revision. On a server the counter's row makes writers wait for each other."""
    return int(connection.execute(_TAKE_TURN).scalar_one())


def _refuse_another(connection: Connection, step: SavedEdit | None, of: str | None) -> None:
    """Raise OutOfTurn where *step*, the top of a stack, is not about the edit with the id *of*."""
    if of is None:
        return
    if step is not None and step.target is not None:
        step = log.entry(connection, step.target, 0)[0]
    if step is None or step.edit.id != of:
        raise OutOfTurn


def _refuse_changed(connection: Connection, edit: Edit, since: int) -> None:
    """Raise ConflictError where somebody was in an article of *edit* after the revision *since*.

    What others add there contradicts no *before*, and may make a decision wrong all the same.
    """
    changed = log.articles_since(connection, since)
    for change in edit.changes:
        if change.record.article_id in changed:
            raise ConflictError(change.before, change)


_TAKE_TURN: Final = (
    update(schema.project)
    .values(revision=schema.project.c.revision + 1)
    .returning(schema.project.c.revision)
)


def _carry_out(
    connection: Connection, plan: _Plan, originals: Mapping[str, Original], watch: Watch
) -> None:
    saved, made = plan.saved, 0
    for changes in plan.pieces(connection):
        watch(made, saved.size)
        nets = net_of(changes)
        check(connection, nets)
        write(connection, nets, saved.revision, originals)
        made += len(changes)
    log.write_entry(connection, saved, plan.parent, plan.depth)
    log.set_stacks(connection, saved.edit.author, plan.done, plan.undone)
    watch(made, saved.size)


def identity(path: Path) -> Identity:
    """Return device and inode of the file at *path*. Raises OSError where there is none."""
    found = path.stat()
    return found.st_dev, found.st_ino
