"""Deciding on many cases at once: looked at first, allowed, done as one edit, and told as it is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from annotator.errors import UserError
from annotator.gui.review.batch_preview import BatchPreview, reasons_refused
from annotator.gui.review.permission import Permission
from annotator.review.merging import Preview
from annotator.review.renewing import Bulk
from annotator.translation import reason, tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.workspace import Workspace
    from annotator.gui.writer import Saving
    from annotator.model import Edit
    from annotator.project import Project


def decide_together(
    dialog: BatchPreview,
    workspace: Workspace,
    permission: Permission,
    *,
    since: int,
    detail: str = "",
    perform: Callable[[Edit, Saving], bool] | None = None,
) -> Preview | None:
    """Show *dialog*, and do what it shows where that is wanted and allowed; return what was done.

    *since* is the revision that it was read at: what others change after it is left as it is.
    *detail* names the batch in the history; by default the number of cases does.
    """
    wanted = dialog.exec()
    preview = dialog.preview
    dialog.deleteLater()
    if not wanted:
        return None
    workspace.flush()
    bulk = Bulk(preview, since, partial(_named, detail) if detail else None)
    if bulk.renew(workspace.project):
        # What is on the screen is what the others have changed.
        workspace.reread()
    preview = bulk.preview
    if not preview.done and preview.refused:
        workspace.note(_told(preview))
        return preview
    if not permission.allows(preview):
        return None
    try:
        made = bulk.edit()
    except UserError as error:
        workspace.note(reason(error))
        return None
    if not (perform or workspace.perform)(made, InBulk(bulk)):
        return None
    workspace.note(_told(preview))
    workspace.offered.emit("bulk.result")
    return preview


def _named(detail: str, preview: Preview) -> str:
    return f"{detail} ({len(preview.done)})"


class InBulk:
    """Saves a bulk decision in the writer's turn, without what others have changed until then."""

    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk
        self._meant = bulk.preview

    def save(self, project: Project) -> int:
        """Save what can be done of it; return the revision."""
        saved = self._bulk.save(project)
        return 0 if saved is None else saved.revision

    def told(self) -> str:
        """Say what was done, where somebody was faster."""
        return "" if self._bulk.preview is self._meant else _told(self._bulk.preview)


def _told(preview: Preview) -> str:
    told = tr_n(len(preview.done), "{n} is done", "{n} are done")
    refused = len(preview.refused)
    if refused:
        left = tr_n(refused, "{n} is as it was", "{n} are as they were")
        told = f"{told}, {left}: {reasons_refused(preview)}"
    if not preview.done:
        return tr("{told}.", told=told.rstrip("."))
    return tr("{told}. Ctrl Z takes all of it back.", told=told.rstrip("."))
