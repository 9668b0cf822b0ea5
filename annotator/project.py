"""An open project: open and close it, perform, undo, redo, and keep it safe.

What lists and views ask of it stands in :class:`annotator.store.questions.Questions`.

A project may be written from one thread at a time. :meth:`Project.reader` gives another thread
its own view of the same project.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Self

from annotator.errors import NoRoom, StorageError
from annotator.model import Edit, now
from annotator.scheme import Scheme, to_record
from annotator.store import backup, doctor, drafts, lease, log, members, opening, places
from annotator.store.batches import BatchRow
from annotator.store.engines import is_url
from annotator.store.figures import Contents, Figures, Scope
from annotator.store.lease import ProjectInUse
from annotator.store.log import SMALL
from annotator.store.members import Member
from annotator.store.opening import NewerProject, NotAProject, OlderProject
from annotator.store.questions import Questions
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
    Turn,
)
from annotator.store.writing import Original

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
    "Member",
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
    "Turn",
    "Upgraded",
    "is_url",
    "upgrade",
]


class Project(Questions):
    """One project, in the name of one author: what can be asked of it, and what can be done."""

    def __init__(self, store: Store, *, author: str, token: str | None = None) -> None:
        super().__init__(store, author)
        self._token = token
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

        A file that cannot be written is opened for reading only (:attr:`read_only`), also where
        that is so because the disk is full (:attr:`lacks_room`). One that
        another program writes raises ProjectInUse; *take_over* ends the right of one on another
        machine.
        """
        opening.refuse_stale_journal(location)
        store = opening.open_store(location, read_only=read_only)
        if store.writer is not None and store.path is not None:
            refusal = ""
            try:
                if opening.is_writable(store):
                    return cls._writing(store, author, take_over=take_over)
            except NoRoom as error:
                refusal = str(error)
            store.close()
            store = opening.open_store(location, read_only=True)
            store.refusal = refusal
        return cls(store, author=store.member or author)

    @classmethod
    def _writing(cls, store: Store, author: str, *, take_over: bool = False) -> Self:
        if store.identity is None:
            return cls(store, author=author)
        with contextlib.ExitStack() as if_it_fails:
            if_it_fails.callback(store.close)
            with store.writing() as connection:
                token = lease.take(
                    connection, store.location, author, store.identity, take_over=take_over
                )
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
    def is_members(self) -> bool:
        """Whether the server knows in whose name this login works: then in no other."""
        return bool(self._store.member)

    @property
    def read_only(self) -> bool:
        """Whether nothing can be changed."""
        return self._store.writer is None

    @property
    def lacks_room(self) -> bool:
        """Whether nothing can be changed because the disk was full when it was opened."""
        return bool(self._store.refusal)

    # Changing it

    def perform(
        self,
        edit: Edit,
        originals: Mapping[str, Original] | None = None,
        since: int | None = None,
    ) -> SavedEdit:
        """Save *edit*: when this returns, it survives a power cut.

        Author and time are set where they are empty. The same edit again is saved once. Raises
        ConflictError where a *before* is no longer true, StorageError where the disk or server
        refuses; in both cases nothing of it is saved. *originals* are the files that the texts of
        new articles came from, by SHA-256 of the text. With *since*, an article that was changed
        after that revision is a conflict, though no *before* speaks of what was changed.
        """
        return self._store.commit(self._stamped(edit), originals, since)

    def _stamped(self, edit: Edit) -> Edit:
        """Return *edit* with author and time."""
        return replace(edit, author=edit.author or self.author, time=edit.time or now())

    @contextmanager
    def large_edit(self, edit: Edit) -> Iterator[LargeEdit]:
        """Save *edit* piece by piece, all of it or nothing; for what does not fit into memory.

        The pieces are handed to what is yielded; until the block ends, questions to this project
        on this thread see what was made so far, and nobody else sees any of it. An edit without
        changes is not saved.
        """
        with self._store.large_edit(self._stamped(edit)) as made:
            yield made

    def undo(
        self, edit_id: str | None = None, watch: Watch = unwatched, of: str | None = None
    ) -> SavedEdit | None:
        """Take back the author's newest edit; None where there is none.

        With an *edit_id* for the new edit it can be asked again after a lost answer. Raises
        OutOfTurn, with nothing changed, where the newest is not the edit *of*. An edit of more
        than :data:`SMALL` changes passes through piece by piece, all of it or nothing, and is
        returned without its changes; *watch* is told how far it is.
        """
        return self._store.undo(self.author, edit_id, watch, of)

    def redo(
        self, edit_id: str | None = None, watch: Watch = unwatched, of: str | None = None
    ) -> SavedEdit | None:
        """Make again what the author took back last, as :meth:`undo` does; None for nothing."""
        return self._store.redo(self.author, edit_id, watch, of)

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

    # Keeping it safe

    def save_draft(
        self, edit: Edit, reason: str, turn: Turn | None = None, *, beside: bool = False
    ) -> str:
        """Keep an edit that could not be saved, if need be beside the project; return its id.

        *turn* says what was to be done with it. *beside* does not try the project first, which
        may take seconds where it is locked.
        """
        stamped, turn = self._stamped(edit), turn or Turn()
        if turn.step != "do":
            # Who takes a step back is not always who did it.
            stamped = replace(stamped, author=self.author)
        if beside:
            return drafts.save_beside(self._id(), stamped, reason, turn)
        return drafts.save(self._store, self._id(), stamped, reason, turn)

    def bring_back(self, draft: Draft) -> None:
        """Do what could not be saved then: the edit, or the undo or redo that it was.

        Raises Refused, with nothing changed, where what it is about is different by now.
        """
        if draft.turn.step == "do":
            self.perform(draft.edit)
            return
        take = self._store.undo if draft.turn.step == "undo" else self._store.redo
        take(draft.author, draft.id, of=draft.edit.id)

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

    # Who works in it

    def members(self) -> list[Member]:
        """Return the logins that the owner of a project on a server has let in."""
        return members.members(self._store)

    def add_member(self, login: str, author: str, *, dry_run: bool = False) -> Member:
        """Let *login* work in the name *author*, and keep from it what is to be labelled blind."""
        return members.add(self._store, login, author, dry_run=dry_run)

    def remove_member(self, login: str, *, dry_run: bool = False) -> Member:
        """Take all rights from *login*; what the person made stays."""
        return members.remove(self._store, login, dry_run=dry_run)

    def _id(self) -> str:
        if self._known_id is None:
            self._known_id = self.id
        return self._known_id


def upgrade(location: Path | str, *, take_over: bool = False) -> Upgraded:
    """Upgrade a project that an older Annotator made, after a verified backup."""
    return upgrade_project(location, take_over=take_over)
