"""A project for the tests of formats that go through the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator import schemes
from annotator.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return the place of an empty project."""
    path = tmp_path / "p.annotator"
    Project.create(path, schemes.load("blank"), author="ada").close()
    return path
