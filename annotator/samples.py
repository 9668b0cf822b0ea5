"""The sample project: three articles written for it, marked by two authors."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Final

from annotator import exchange, resources, schemes
from annotator.project import Project

AUTHOR: Final = "annotator-1"
"""Who one works as in the sample; ``annotator-2`` has marked it too."""


def create(location: Path | str, *, title: str = "Harbour news") -> Project:
    """Make the sample project at *location* and return it, open.

    Its import belongs to nobody's undo: the first undo takes back what the person did first.
    Raises UserError where something lies there already or cannot be written.
    """
    project = Project.create(location, schemes.load("news-default"), title=title, author=AUTHOR)
    with contextlib.ExitStack() as if_it_fails:
        if_it_fails.callback(project.close)
        source = resources.path("samples/harbour.jsonl")
        report = exchange.bring_in(project, [source], exchange.Options(author="sample"))
        if_it_fails.pop_all()
    assert report.complete, report.failed
    return project
