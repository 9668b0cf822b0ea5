"""What the actions of the window do, in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotator.errors import UserError
from annotator.translation import tr, tr_n

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from annotator.gui.main_window import MainWindow
    from annotator.model import Edit
    from annotator.review.merging import Preview


def connect(window: MainWindow) -> None:
    """Give every action of *window* that is not about the text its doer."""
    commands = window.commands
    for action_id, doer in {**_files(window), **_views(window), **_articles(window)}.items():
        commands.on(action_id, doer)
    for action_id in NEEDS_PROJECT:
        commands.enable(action_id, False, tr("Open a project first."))
    window.workspace.project_opened.connect(lambda: _enable(window, True))
    window.workspace.project_closed.connect(lambda: _enable(window, False))


NEEDS_PROJECT = (
    "file.import",
    "file.import_folder",
    "file.export",
    "bundle.make",
    "file.render",
    "file.print",
    "file.backup",
    "file.restore",
    "file.close",
    "undo",
    "redo",
    "history",
    "find",
    "find.next",
    "find.previous",
    "place.annotate",
    "place.review",
    "place.insights",
    "place.inbox",
    "place.phrases",
    "place.batches",
    "bulk",
    "bulk.result",
    "place.board",
    "place.assignment",
    "view.left",
    "view.exchange",
    "view.right",
    "article.find",
    "article.next",
    "article.previous",
    "article.submit",
    "article.details",
    "article.correct",
    "article.note",
    "article.delete",
    "check",
    "check.previous",
    "scheme.edit",
    "author",
)


def _enable(window: MainWindow, on: bool) -> None:
    for action_id in NEEDS_PROJECT:
        window.commands.enable(action_id, on, tr("Open a project first."))


def _files(window: MainWindow) -> dict[str, Callable[[], object]]:
    projects = window.projects
    return {
        "file.new": projects.ask_new,
        "file.open": projects.ask_open,
        "file.join": projects.ask_join,
        "file.sample": projects.open_sample,
        "file.import": lambda: window.imports.ask_files(),  # noqa: PLW0108 - built late
        "file.import_folder": lambda: window.imports.ask_folder(),  # noqa: PLW0108 - built late
        "file.export": lambda: window.exports.ask_export(),  # noqa: PLW0108 - built late
        "bundle.make": window.bundles.ask_make,
        "bundle.take": window.bundles.ask_take,
        "file.render": lambda: render(window),
        "file.print": lambda: print_article(window),
        "file.backup": projects.ask_backup,
        "file.restore": window.recovering.ask_restore,
        "file.close": lambda: close_project(window),
        "file.quit": window.close,
        "author": projects.ask_author,
    }


def _views(window: MainWindow) -> dict[str, Callable[[], object]]:
    return {
        "place.annotate": lambda: window.show_place("annotate"),
        "place.review": lambda: window.show_place("review"),
        "place.insights": lambda: window.show_place("insights"),
        "place.inbox": lambda: window.show_place("inbox"),
        "place.phrases": lambda: window.show_place("phrases"),
        "place.batches": lambda: window.show_place("batches"),
        "place.board": lambda: window.show_place("board"),
        "place.assignment": lambda: window.show_place("assignment"),
        "view.left": lambda: window.panels.toggle_left(),  # noqa: PLW0108 - built late
        "view.exchange": lambda: window.panels.exchange(),  # noqa: PLW0108 - built late
        "view.right": lambda: window.panels.toggle_right(),  # noqa: PLW0108 - built late
        "pane.next": lambda: window.next_pane(1),
        "pane.previous": lambda: window.next_pane(-1),
        "view.larger": lambda: window.zoom(1),
        "view.smaller": lambda: window.zoom(-1),
        "view.normal": lambda: window.zoom(0),
        "view.theme": window.next_theme,
        "view.fullscreen": window.toggle_fullscreen,
        "palette": lambda: show_palette(window),
        "keys": lambda: show_keys(window),
        "preferences": lambda: show_preferences(window),
        "history": lambda: show_history(window),
        "guide": lambda: show_guide(window),
        "about": lambda: show_about(window),
        "scheme.edit": lambda: edit_scheme(window),
        "bulk": lambda: decide_in_bulk(window),
        "bulk.result": lambda: show_result(window),
    }


def _articles(window: MainWindow) -> dict[str, Callable[[], object]]:
    return {
        "article.find": lambda: window.panels.open_left(),  # noqa: PLW0108 - built late
        "article.next": lambda: window.articles.step(1),
        "article.previous": lambda: window.articles.step(-1),
        "article.submit": lambda: submit(window),
        "article.details": lambda: show_details(window),
        "article.correct": lambda: correct_text(window),
        "article.delete": lambda: delete_article(window),
        "check": lambda: window.details.next_finding(1),
        "check.previous": lambda: window.details.next_finding(-1),
    }


# -- the project -----------------------------------------------------------------------------


def close_project(window: MainWindow) -> None:
    """Save what waits, and go back to the welcome page."""
    window.finish_typing()
    window.projects.remember()
    window.workspace.close()
    window.settings.last_project = ""


def edit_scheme(window: MainWindow) -> None:
    """Show the editor of the scheme."""
    from annotator.gui.parts import dress
    from annotator.gui.scheme.scheme_editor import SchemeEditor

    editor = SchemeEditor(window.workspace, window.commands, window.theme, window.ask, window)
    dress(editor, window.theme)
    editor.exec()
    editor.deleteLater()


def decide_in_bulk(
    window: MainWindow, rule: str = "unanimous", ticked: Collection[tuple[str, str]] = ()
) -> Preview | None:
    """Ask what is to be decided in bulk, and do it as one edit; return what was done.

    *ticked* are the cases that were chosen one by one, by their articles and keys.
    """
    from annotator.gui.review.batch_preview import BatchPreview
    from annotator.gui.review.batching import decide_together
    from annotator.gui.review.bulk import BulkChoice

    window.workspace.flush()
    since = window.workspace.project.revision
    choice = BulkChoice(window.workspace, rule, ticked)
    title = tr("Decide in bulk")
    dialog = BatchPreview(window.theme, title, choice.preview, window, choice=choice)
    return decide_together(dialog, window.workspace, window.bench.permission, since=since)


def show_result(window: MainWindow) -> None:
    """Show what became of the last batch of who works here."""
    from annotator.gui.review.batch_result import show_last

    show_last(window)


# -- the article -----------------------------------------------------------------------------


def perform(window: MainWindow, make: Callable[[], Edit]) -> bool:
    """Perform the edit that *make* returns; where it makes no sense, say why."""
    try:
        edit = make()
    except UserError as error:
        window.workspace.note(str(error))
        return False
    return window.workspace.perform(edit)


def submit(window: MainWindow) -> None:
    """Submit the article, or take it up again; what is to be corrected comes first."""
    from annotator import editing, rules
    from annotator.model import LayerState
    from annotator.project import Project
    from annotator.review.sight import assignment_of

    workspace = window.workspace
    if workspace.annotated is None:
        return
    blind = workspace.project.is_members and assignment_of(workspace.layer).get("blind")
    if workspace.layer.state == LayerState.SUBMITTED:
        if blind:
            workspace.note(tr("Handed in blind: a reviewer can return it to you."))
        elif perform(window, lambda: editing.set_state(workspace.desk, LayerState.IN_PROGRESS)):
            workspace.note(tr("Taken up again. Ctrl Enter submits the article."))
        return
    found = rules.findings(
        workspace.desk.annotated, workspace.layer.id, workspace.scheme, workspace.structure
    )
    errors = [finding for finding in found if finding.severity == "error"]
    if errors:
        window.details.next_finding(1)
        workspace.note(errors[0].message)
        return
    if perform(window, lambda: editing.set_state(workspace.desk, LayerState.SUBMITTED)):
        workspace.note(
            tr("Submitted. What others mark is shown now.") if blind else _submitted(len(found))
        )
        window.projects.remember()
        if blind:
            # The server has kept the rest of the article to itself: it is read again.
            workspace.change(Project.look_over)


def _submitted(left: int) -> str:
    if not left:
        return tr("Submitted. Ctrl Enter takes it up again.")
    return tr_n(
        left,
        "Submitted, with {n} thing in the check list. Ctrl Enter takes it up again.",
        "Submitted, with {n} things in the check list. Ctrl Enter takes it up again.",
    )


def show_details(window: MainWindow) -> None:
    """Show what is known about the article, to be corrected."""
    if window.workspace.annotated is None:
        return
    from annotator.gui.article_details import ArticleDetails
    from annotator.gui.parts import dress

    dialog = ArticleDetails(window.workspace, window.theme, window)
    dress(dialog, window.theme)
    dialog.exec()
    dialog.deleteLater()


def correct_text(window: MainWindow) -> None:
    """Show the text of the article, to be corrected."""
    workspace = window.workspace
    if workspace.annotated is None:
        return
    if workspace.read_only:
        workspace.note(tr("This project is open for reading only. Nothing was changed."))
        return
    from annotator.gui.correcting import CorrectText
    from annotator.gui.parts import dress

    dialog = CorrectText(workspace, window.ask, window.theme, window.view.caret(), window)
    dress(dialog, window.theme)
    dialog.exec()
    dialog.deleteLater()


def delete_article(window: MainWindow) -> None:
    """Remove the open article with everybody's labels; undo brings all of it back."""
    from annotator import editing

    workspace = window.workspace
    if workspace.annotated is None:
        return
    annotated = workspace.desk.annotated
    if perform(window, lambda: editing.delete_article(annotated)):
        workspace.note(tr("Removed, with its labels. Ctrl Z brings it back."))


def render(window: MainWindow) -> None:
    """Save the open article as it looks."""
    from annotator.gui.exchange.article_output import save_article

    save_article(window)


def print_article(window: MainWindow) -> None:
    """Print the open article as it looks."""
    from annotator.gui.exchange.article_output import print_open_article

    print_open_article(window)


# -- dialogs ---------------------------------------------------------------------------------


def show_palette(window: MainWindow, text: str = "") -> None:
    """Open the palette."""
    from annotator.gui.palette import Palette

    Palette(window, text).open_over(window)


def show_keys(window: MainWindow, action_id: str = "") -> None:
    """Show all keys, at *action_id* where one is given."""
    from annotator.gui.key_sheet import KeySheet
    from annotator.gui.parts import dress

    sheet = KeySheet(window.commands, window.theme, window)
    dress(sheet, window.theme)
    if action_id:
        sheet.change_key(action_id)
    sheet.exec()
    sheet.deleteLater()


def show_preferences(window: MainWindow) -> None:
    """Show the preferences."""
    from annotator.gui.parts import dress
    from annotator.gui.preferences import Preferences

    dialog = Preferences(window)
    dress(dialog, window.theme)
    dialog.exec()
    dialog.deleteLater()


def show_history(window: MainWindow) -> None:
    """Show who changed what: of the selected label, else of the open article, else of all."""
    from annotator.gui.insights.place import Insights

    workspace = window.workspace
    whose = "" if workspace.annotated is None else "article"
    if len(workspace.selected) == 1:
        whose = "label"
    window.show_place("insights")
    page = window.findChild(Insights, "page.insights")
    assert page is not None
    page.show_page("history")
    page.history.show_whose(whose)


def show_guide(window: MainWindow) -> None:
    """Begin the guided start."""
    from annotator.gui.guide import Guide

    if not window.workspace.is_open and not window.projects.open_sample():
        return
    guide = window.findChild(Guide, "panel.guide")
    if guide is None:
        guide = Guide(window)
    guide.begin()


def show_about(window: MainWindow) -> None:
    """Say what this is."""
    from annotator import __version__

    text = tr("Annotator {version}", version=__version__)
    detail = tr("Mark who said what about where, and have it checked. Free under the MIT licence.")
    window.ask.tell(window, text, detail)
