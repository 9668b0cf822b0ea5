"""A real disk of some megabytes, which fills up as disks do: memory that root may mount."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

SmallDisk = Callable[[int], Path]


@contextmanager
def small_disks(place: Path) -> Iterator[SmallDisk]:
    """Yield a function that mounts a disk of so many bytes at *place*, or skips the test."""
    place.mkdir()

    def mounted(size: int) -> Path:
        try:
            done = _mount("-t", "tmpfs", "-o", f"size={size}", "annotator-test", str(place))
        except OSError as error:
            pytest.skip(f"no mount: {error}")
        if done.returncode:
            pytest.skip("only root may mount a small disk")
        return place

    yield mounted
    with suppress(OSError):
        # Lazily: what a failed test still holds open must not keep it there.
        subprocess.run(["umount", "--lazy", str(place)], capture_output=True, check=False)


def read_only(place: Path) -> None:
    """Let a small disk be a medium that can only be read."""
    done = _mount("-o", "remount,ro", str(place))
    assert done.returncode == 0, done.stderr


def fill(place: Path, leave: int) -> Path:
    """Fill a small disk but for some bytes, and return the file that does so."""
    filler = place / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    with filler.open("r+b") as file:
        file.truncate(max(0, filler.stat().st_size - leave))
    return filler


def _mount(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
