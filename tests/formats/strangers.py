"""Packages of somebody else with a format of their own, installed for one test."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def installed(
    site: Path, monkeypatch: pytest.MonkeyPatch, package: str, entry: str, source: str
) -> Iterator[Path]:
    """Have *package* installed in *site*, whose module is *source* and the format *entry*."""
    about = site / f"{package}-1.0.dist-info"
    about.mkdir(parents=True)
    (site / f"{package}.py").write_text(source)
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(f"[annotator.formats]\n{entry} = {package}\n")
    monkeypatch.syspath_prepend(str(site))
    yield site
    sys.modules.pop(package, None)
