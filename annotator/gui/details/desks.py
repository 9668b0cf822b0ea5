"""Desks of articles that need not be open, for edits that reach over several."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from annotator.editing import Desk
from annotator.model import Layer, LayerKind, new_id
from annotator.text import Structure

if TYPE_CHECKING:
    from annotator.gui.workspace import Workspace


def desks_of(workspace: Workspace, article_ids: Collection[str]) -> Iterator[Desk]:
    """Yield a desk of the present author for each article, the open one first.

    What waits to be saved must be saved before.
    """
    here = workspace.desk if workspace.annotated is not None else None
    if here is not None and here.annotated.article.id in article_ids:
        yield here
    others = [key for key in article_ids if here is None or key != here.annotated.article.id]
    author = workspace.project.author
    for annotated in workspace.project.each_annotated(others) if others else ():
        annotated.entities = workspace.entities
        layer = annotated.layer_of(author) or Layer(
            id=new_id(), article_id=annotated.article.id, author=author, kind=LayerKind.PERSON
        )
        structure = Structure(annotated.article.text, annotated.article.language)
        yield Desk(annotated, layer, workspace.scheme, structure)
