"""Drawing an article into a file where there is no window, for the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.gui import theme as themes
from annotator.gui.article.rendering import render
from annotator.scheme import Scheme


def render_file(
    annotated: Annotated,
    layer_ids: Sequence[str],
    scheme: Scheme,
    theme: str,
    target: Path,
    *,
    width: int,
) -> None:
    """Draw an article with the labels of some layers as the window shows it.

    *width* is that of the page in pixels at 100 %. Raises UserError for a theme that does not
    exist, and where the file cannot be drawn or written.
    """
    if theme not in themes.NAMES:
        raise UserError(f"There is no theme {theme!r}. Choose one of: {', '.join(themes.NAMES)}.")
    render(annotated, layer_ids, scheme, themes.load(theme), target, width=width)
