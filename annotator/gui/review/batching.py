"""Deciding on many cases at once: looked at first, allowed, done as one edit, and told as it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from annotator.errors import UserError
from annotator.gui.review.batch_preview import BatchPreview, reasons_refused
from annotator.gui.review.permission import Permission
from annotator.review.merging import Preview
from annotator.review.result import edit_with_result, up_to_date
from annotator.translation import reason, tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.workspace import Workspace
    from annotator.model import Edit


def decide_together(
    dialog: BatchPreview,
    workspace: Workspace,
    permission: Permission,
    *,
    since: int,
    detail: str = "",
    perform: Callable[[Edit], bool] | None = None,
) -> Preview | None:
    """Show *dialog*, and do what it shows where that is wanted and allowed; return what was done.

    *since* is the revision that it was read at: articles that were changed after it are left as
    they are. *detail* names the batch in the history; by default the number of cases does.
    """
    wanted = dialog.exec()
    preview = dialog.preview
    dialog.deleteLater()
    if not wanted:
        return None
    preview = up_to_date(preview, _changed(workspace, since))
    if not preview.done and preview.refused:
        workspace.note(_told(preview))
        return preview
    if not permission.allows(preview):
        return None
    try:
        made = edit_with_result(preview)
    except UserError as error:
        workspace.note(reason(error))
        return None
    if detail:
        made = replace(made, detail=f"{detail} ({len(preview.done)})")
    if not (perform or workspace.perform)(made):
        return None
    workspace.note(_told(preview))
    workspace.offered.emit("bulk.result")
    return preview


def _changed(workspace: Workspace, since: int) -> frozenset[str]:
    """Return the ids of the articles that were changed after the revision *since*."""
    workspace.flush()
    return frozenset().union(
        *(saved.edit.articles for saved in workspace.project.edits_since(since))
    )


def _told(preview: Preview) -> str:
    told = tr_n(len(preview.done), "{n} is done", "{n} are done")
    refused = len(preview.refused)
    if refused:
        left = tr_n(refused, "{n} is as it was", "{n} are as they were")
        told = f"{told}, {left}: {reasons_refused(preview)}"
    if not preview.done:
        return tr("{told}.", told=told.rstrip("."))
    return tr("{told}. Ctrl Z takes all of it back.", told=told.rstrip("."))
