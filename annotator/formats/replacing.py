"""Writing a file whole or not at all, and never over something that is not an ordinary export."""

from __future__ import annotations

import ctypes
import glob
import os
import re
import secrets
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from annotator import processes
from annotator.errors import UserError

MADE_BY_US: Final = ".annotator-export"
"""Empty file in a folder that an export made, and that the next one may replace."""

_SQLITE: Final = b"SQLite format 3\0"


class ExportError(UserError):
    """A file could not be written. What was there before is untouched."""


@contextmanager
def replacing(target: Path) -> Iterator[BinaryIO]:
    """Yield a new file that takes the place of *target* once the block has ended well.

    The new file lies beside the target, is flushed to the disk and then renamed, so that at any
    moment the target is the old file or the complete new one. Raises ExportError for a target that
    must not be replaced (a project, a directory, a device) and where the disk refuses.
    """
    place = refuse_unfit(target)
    draft = draft_of(place)
    try:
        with draft.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if place.exists():
            draft.chmod(stat.S_IMODE(place.stat().st_mode))
        draft.replace(place)
        _flush_directory(place.parent)
    except OSError as error:
        raise refused(target, error) from error
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def replacing_folder(target: Path) -> Iterator[Path]:
    """Yield a new folder that takes the place of *target* once the block has ended well.

    The new folder lies beside the target; its files are flushed to the disk, and the two names are
    exchanged in one step where the system can do that, so that at any moment the target is the old
    folder or the complete new one. A folder is replaced only if an export made it: it then holds
    :data:`MADE_BY_US`. Raises ExportError as :func:`replacing` does.
    """
    place = refuse_unfit_folder(target)
    draft = draft_of(place)
    try:
        draft.mkdir()
        yield draft
        (draft / MADE_BY_US).write_bytes(b"")
        for folder, _, files in os.walk(draft):
            for name in files:
                with Path(folder, name).open("rb+") as file:
                    os.fsync(file.fileno())
            _flush_directory(Path(folder))
        if place.exists():
            _exchange(draft, place)
        else:
            draft.rename(place)
        _flush_directory(place.parent)
    except OSError as error:
        raise refused(target, error) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def refused(target: Path, error: OSError) -> ExportError:
    """Return what to say where the system refused to write *target*, or a file on the way to it."""
    why = error.strerror or error
    on_the_way = target if error.filename is None else Path(os.fsdecode(error.filename))
    if not on_the_way.resolve().is_relative_to(target.resolve().parent):
        return ExportError(
            f"{target} could not be written, because no temporary file can be in "
            f"{on_the_way.parent}: {why}. Nothing was changed; make room there, or name "
            "another folder in the variable TMPDIR, and export again."
        )
    return ExportError(
        f"{target} could not be written: {why}. Nothing was changed there; "
        "choose another place or make room, and export again."
    )


@contextmanager
def named_as(draft: Path, target: Path) -> Iterator[None]:
    """Let what is said of *draft* be said of *target*, which it becomes."""
    try:
        yield
    except ExportError as error:
        raise ExportError(str(error).replace(str(draft), str(target))) from error


def draft_of(place: Path) -> Path:
    """Return a new name beside *place* to write under, which tells who does so.

    What programs left under such a name that are gone, killed in the middle, is removed.
    """
    begin = f".{place.name[:_LONGEST_BEGINNING]}."
    with suppress(OSError):
        for path in sorted(place.parent.glob(f"{glob.escape(begin)}*.part")):
            match = _DRAFT.fullmatch(path.name[len(begin) :])
            if match is not None and processes.is_past(match[1]):
                _remove(path)
    return place.with_name(f"{begin}{processes.own_mark()}-{secrets.token_hex(4)}.part")


_LONGEST_BEGINNING: Final = 50
"""Of the name of a file in that of its draft, for that has to be a name too."""
_DRAFT: Final = re.compile(r"([0-9a-f]+-\d+-\d*)-[0-9a-f]{8}\.part")


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _exchange(one: Path, other: Path) -> None:
    """Give two folders each other's names."""
    if sys.platform == "linux":
        # renameat2 with RENAME_EXCHANGE; file systems that lack it answer EINVAL or ENOSYS.
        libc = ctypes.CDLL(None, use_errno=True)
        here = -100  # AT_FDCWD
        names = (os.fsencode(one), os.fsencode(other))
        if hasattr(libc, "renameat2") and not libc.renameat2(here, names[0], here, names[1], 2):
            return
    aside = one.with_name(f"{one.name}.old")
    other.rename(aside)
    one.rename(other)
    aside.rename(one)


def refuse_unfit_folder(target: Path) -> Path:
    """Return where *target* really lies. Raises ExportError if no export may be put there."""
    try:
        place = target.resolve()
        if not place.parent.is_dir():
            raise ExportError(f"{target} could not be written: the folder does not exist.")
        if place.exists() and not place.is_dir():
            raise ExportError(f"{target} is a file. Give the name of a folder.")
        if place.exists() and any(place.iterdir()) and not (place / MADE_BY_US).exists():
            raise ExportError(
                f"{target} has files in it that no export made. Choose a new or empty folder."
            )
    except (OSError, ValueError) as error:
        raise ExportError(f"{target} could not be looked at: {error}.") from error
    return place


def refuse_unfit(target: Path) -> Path:
    """Return where *target* really lies. Raises ExportError if it must not be replaced."""
    try:
        place = target.resolve()
        if place.is_dir():
            raise ExportError(f"{target} is a folder. Give the name of a file in it.")
        if not place.parent.is_dir():
            raise ExportError(f"{target} could not be written: the folder does not exist.")
        if not place.exists():
            return place
        if not place.is_file():
            raise ExportError(f"{target} is not an ordinary file. Choose another name.")
        with place.open("rb") as file:
            start = file.read(len(_SQLITE))
    except (OSError, ValueError) as error:
        raise ExportError(f"{target} could not be looked at: {error}.") from error
    if start == _SQLITE or place.suffix == ".annotator":
        raise ExportError(f"{target} is a project, and stays one. Choose another name.")
    return place


def _flush_directory(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows cannot open folders; the rename itself is journalled there.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
