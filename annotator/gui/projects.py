"""Opening, making and closing projects from the window."""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QMenu, QWidget

from annotator.errors import UserError
from annotator.gui.ask import Ask
from annotator.settings import RecentProject, Settings, data_folder
from annotator.translation import tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.workspace import Workspace
    from annotator.gui.writer import Work
    from annotator.project import Project, ProjectInUse

SUFFIX = ".annotator"


class Projects(QObject):
    """Brings a project into the workspace, and remembers which ones there were."""

    opened = Signal()
    imported_wanted = Signal(list)
    """Paths of articles that a new project is to begin with."""
    damaged = Signal(str, str)
    """Where a project lies that cannot be read or is gone, and what is wrong with it."""

    older = Signal(str)
    """Where a project lies that has to be upgraded before it can be opened."""

    def __init__(self, window: QWidget, workspace: Workspace, settings: Settings, ask: Ask) -> None:
        super().__init__(window)
        self._window = window
        self._workspace = workspace
        self._settings = settings
        self._ask = ask
        self._work: Work | None = None

    # -- opening -----------------------------------------------------------------------------

    def open(self, location: str, author: str | None = None) -> bool:
        """Open the project at *location*; say why where that is not possible."""
        from annotator import recovery
        from annotator.project import ProjectInUse

        name = author or self._settings.author_of(str(location))
        try:
            project = self._try(lambda: recovery.open_sound(location, author=name), location)
        except ProjectInUse as error:
            project = self._open_in_use(location, name, error)
        if project is None:
            return False
        self._take(project)
        return True

    def _open_in_use(self, location: str, author: str, error: ProjectInUse) -> Project | None:
        """Say who writes a project; open it for reading, or where that program is lost, to work."""
        from annotator.project import Project

        text = tr("Somebody works in {project} already.", project=Path(location).name)
        choices = [tr("Open for reading only")]
        if error.holder.host != socket.gethostname():
            # Of a program on this machine it is known whether it has ended.
            choices.append(tr("Work in it here, that program is gone"))
        answer = self._ask.choose(self._window, f"{text}\n\n{error}", choices)
        if answer is None:
            return None
        taken = answer == 1
        return self._try(
            lambda: Project.open(location, author=author, read_only=not taken, take_over=taken),
            location,
        )

    @Slot()
    def try_to_write(self) -> None:
        """Save what the disk refused; a project that it let only be read is opened to work."""
        if not self._workspace.lacks_room:
            self._workspace.retry()
            return
        project, here = self._workspace.project, self._workspace.annotated
        if self.open(project.location, project.author) and here is not None:
            self._workspace.open_article(here.article.id)

    def _try(self, make: Callable[[], Project], location: str) -> Project | None:
        from annotator.project import OlderProject, ProjectInUse

        try:
            return make()
        except ProjectInUse:
            raise
        except OlderProject:
            self.older.emit(location)
            return None
        except UserError as error:
            if _is_lost(location, error):
                self.damaged.emit(location, str(error))
                return None
            if "://" not in location and not Path(location).exists():
                self._settings.forget(location)
                self._save()
            text = tr("{place} could not be opened.", place=shown_location(location))
            self._ask.warn(self._window, text, str(error))
            return None

    def _take(self, project: Project) -> None:
        lost = len(project.lost_drafts())
        waiting = self._workspace.open_project(project)
        self.remember()
        self.opened.emit()
        if project.lacks_room:
            self._workspace.note(
                tr("The disk is full: this project is open for reading only until there is room.")
            )
        elif project.read_only:
            self._workspace.note(tr("This project is open for reading only."))
        elif project.shared_by:
            self._workspace.note(
                tr(
                    "Other machines share this folder ({name}): open the project on one at a time.",
                    name=project.shared_by,
                )
            )
        if lost:
            self._workspace.note(
                tr_n(
                    lost,
                    "{n} change that could not be saved cannot be read any more; "
                    "annotator check says more.",
                    "{n} changes that could not be saved cannot be read any more; "
                    "annotator check says more.",
                )
            )
        if waiting and not project.read_only:
            self._offer_drafts(waiting)

    def _offer_drafts(self, count: int) -> None:
        text = tr_n(
            count,
            "{n} change could not be saved the last time, and was kept.",
            "{n} changes could not be saved the last time, and were kept.",
        )
        answer = self._ask.choose(
            self._window, text, (tr("Bring them back"), tr("Throw them away"))
        )
        if answer == 0:
            self._work = self._workspace.take_up_drafts()
            self._work.done.connect(self._on_brought_back)
            self._work.failed.connect(self._workspace.note)
        elif answer == 1:
            self._work = self._workspace.discard_drafts()

    @Slot(object)
    def _on_brought_back(self, counts: tuple[int, int]) -> None:
        """Say what became of changes that were kept."""
        saved, kept = counts
        if kept:
            text = tr_n(
                kept,
                "{n} change was not made, because what it changes is different by now. It is "
                "still kept.",
                "{n} changes were not made, because what they change is different by now. They "
                "are still kept.",
            )
        else:
            text = tr_n(saved, "{n} change was brought back.", "{n} changes were brought back.")
        self._workspace.note(text)

    def remember(self) -> None:
        """Keep the open project as the one that was open last, with how far it is.

        What cannot be read at this moment stays as it was remembered.
        """
        from annotator.model import LayerState

        if not self._workspace.is_open:
            return
        project = self._workspace.project
        try:
            progress, title = project.progress(), project.title
        except UserError:
            return
        done = sum(
            progress.by_state.get(state, 0)
            for state in (LayerState.SUBMITTED, LayerState.IN_REVIEW, LayerState.APPROVED)
        )
        self._settings.remember(
            RecentProject(
                location=str(project.location),
                title=title,
                done=done,
                total=progress.total,
                opened=today().isoformat(),
                author="" if project.author == self._settings.author else project.author,
            )
        )
        self._save()

    def _save(self) -> None:
        try:
            self._settings.save()
        except OSError as error:
            self._workspace.note(
                tr("The settings could not be saved: {reason}", reason=error.strerror)
            )

    # -- what the person asks for --------------------------------------------------------------

    def ask_open(self) -> None:
        """Ask for a project file and open it."""
        kinds = tr("Projects ({pattern})", pattern=f"*{SUFFIX} *.zip")
        paths = self._ask.open_files(self._window, tr("Open a project"), kinds, self._folder())
        if paths and paths[0].suffix == SUFFIX:
            self.open(str(paths[0]))
        elif paths:
            self.imported_wanted.emit(paths[:1])

    def open_order(self, path: Path, title: str) -> bool:
        """Ask where the project of a work order is to lie, make it there, and open it."""
        from annotator import exchange

        kinds = tr("Projects ({pattern})", pattern=f"*{SUFFIX}")
        name = f"{self._folder()}/{title.replace('/', '-')}{SUFFIX}"
        target = self._ask.save_file(self._window, tr("Open the work order"), kinds, name)
        if target is None:
            return False
        project = self._try(lambda: exchange.open_order(path, target), str(target))
        if project is not None:
            self._take(project)
        return project is not None

    def ask_join(self) -> None:
        """Ask for the address of a database and open the project there."""
        prompt = tr("Address of the database, such as postgresql://name@server/project")
        address = self._ask.line(self._window, tr("Join a team"), prompt)
        if address and address.strip():
            self.open(address.strip())

    def open_sample(self) -> bool:
        """Open the sample; it is made in the person's own folder the first time."""
        from annotator import samples

        location = data_folder() / f"{tr('Harbour news')}{SUFFIX}"
        if location.exists():
            return self.open(str(location), samples.AUTHOR)
        try:
            location.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            text = tr("The sample could not be made in {place}.", place=location.parent)
            self._ask.warn(self._window, text, str(error))
            return False
        project = self._try(
            lambda: samples.create(location, title=tr("Harbour news")), str(location)
        )
        if project is None:
            return False
        self._take(project)
        return True

    def ask_new(self, articles: list[Path] | None = None) -> None:
        """Ask what a new project is to be called and what it begins with, and make it."""
        from annotator.gui.new_project import NewProject

        dialog = NewProject(self._ask, self._folder(), articles or [], self._window)
        if dialog.exec():
            self.make(dialog.location, dialog.title, dialog.scheme_name, dialog.articles)
        dialog.deleteLater()

    def make(self, location: Path, title: str, scheme_name: str, articles: list[Path]) -> bool:
        """Make a project, open it, and bring *articles* in."""
        from annotator import schemes
        from annotator.project import Project

        def make() -> Project:
            chosen = schemes.load(scheme_name)
            author = self._settings.author
            return Project.create(location, chosen, title=title, author=author)

        project = self._try(make, str(location))
        if project is None:
            return False
        self._take(project)
        if articles:
            self.imported_wanted.emit(articles)
        return True

    def ask_author(self) -> None:
        """Ask who works, and go on as that person."""
        project = self._workspace.project
        if project.is_members:
            said = tr(
                "The server knows you as {name}: you label in this name.", name=project.author
            )
            self._workspace.note(said)
            return
        name = self._ask.line(
            self._window,
            tr("Work as another person"),
            tr("Name of the person whose labels these are:"),
            self._workspace.project.author,
        )
        if name and name.strip():
            self._workspace.work_as(name.strip())
            self.remember()

    def ask_backup(self) -> None:
        """Ask where to, and write a copy of the project there that is checked."""
        title = self._workspace.project.title
        name = f"{title} {today().isoformat()}{SUFFIX}"
        kinds = tr("Projects ({pattern})", pattern=f"*{SUFFIX}")
        target = self._ask.save_file(self._window, tr("Back up the project"), kinds, name)
        if target is None:
            return
        work = self._workspace.change(lambda project: project.backup(target))
        work.done.connect(self._on_backed_up)
        work.failed.connect(self._on_no_backup)
        self._work = work

    def _on_backed_up(self, path: Path) -> None:
        self._workspace.note(tr("Backed up to {path}", path=path))

    def _on_no_backup(self, reason: str) -> None:
        self._ask.warn(self._window, tr("The backup could not be written."), reason)

    def fill_menu(self, menu: QMenu, run: Callable[[str], None]) -> None:
        """Fill the menu of the project's name."""
        here = self._settings.last_project
        for project in self._settings.recent:
            if project.location != here:
                action = menu.addAction(project.title.replace("&", "&&"))
                action.triggered.connect(lambda _=False, place=project.location: self.open(place))
        menu.addSeparator()
        for action_id, text in (
            ("file.new", tr("New project")),
            ("file.open", tr("Open a project")),
            ("file.backup", tr("Back up the project")),
            ("file.close", tr("Close the project")),
        ):
            action = menu.addAction(text)
            action.triggered.connect(lambda _=False, key=action_id: run(key))

    def _folder(self) -> str:
        last = self._settings.last_project
        if last and "://" not in last and Path(last).parent.is_dir():
            folder = Path(last).parent
            if folder != data_folder():
                return str(folder)
        documents = Path.home() / "Documents"
        return str(documents if documents.is_dir() else Path.home())


def _is_lost(location: str, error: UserError) -> bool:
    """Whether a project is damaged, or something else lies where one lay that has backups."""
    from annotator import recovery
    from annotator.project import NotAProject

    if isinstance(error, recovery.Damaged):
        return True
    gone = "://" not in location and not Path(location).exists()
    return (gone or isinstance(error, NotAProject)) and bool(recovery.backups_of(location))


def shown_location(location: str) -> str:
    """Return a location without the password that a database address may carry."""
    if "://" not in location:
        return location
    scheme, _, rest = location.partition("?")[0].partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def today() -> date:
    """Return the day where the person is."""
    return datetime.now().astimezone().date()
