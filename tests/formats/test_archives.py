"""ZIP files from strangers: refused where they reach out or would never end."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest

from annotator.errors import UserError
from annotator.formats import archives


def zipped(path: Path, *members: tuple[str, bytes], mode: int = 0) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = mode << 16
            file.writestr(info, data)
    return path


def test_members_come_back_as_they_were_written(tmp_path: Path) -> None:
    with (tmp_path / "a.zip").open("wb") as file:
        archives.write(file, [("b/c.txt", [b"one ", b"two"]), ("a.txt", [b""])])
    with archives.opened(tmp_path / "a.zip") as archive:
        assert archive.names == ("a.txt", "b/c.txt")
        assert archive.read("b/c.txt") == b"one two"
        with pytest.raises(UserError, match="has no 'gone'"):
            archive.read("gone")


def test_the_same_members_are_the_same_bytes() -> None:
    def made() -> bytes:
        file = io.BytesIO()
        archives.write(file, [("a.txt", [b"one"])])
        return file.getvalue()

    assert made() == made()


@pytest.mark.hostile(10)
@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (["../../.bashrc"], "outside the archive"),
        (["a/../../b"], "outside the archive"),
        (["/etc/passwd"], "outside the archive"),
        (["C:/autoexec.bat"], "outside the archive"),
        (["a\\b"], "not allowed"),
        (["CON"], "devices"),
        (["dir/lpt1.txt"], "devices"),
        (["inner.zip"], "archive inside"),
        (["a.txt", "a.txt"], "twice"),
        (["a.txt", "A.TXT"], "case only"),
    ],
)
def test_names_that_reach_out_or_collide_are_refused(
    tmp_path: Path, names: list[str], reason: str
) -> None:
    path = zipped(tmp_path / "a.zip", *((name, b"x") for name in names))
    with pytest.raises(UserError, match=reason), archives.opened(path):
        pytest.fail("It was opened.")


@pytest.mark.hostile(10)
def test_a_name_with_a_nul_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", ("axb", b"x"))
    path.write_bytes(path.read_bytes().replace(b"axb", b"a\0b"))
    with pytest.raises(UserError, match="not allowed"), archives.opened(path):
        pytest.fail("It was opened.")


@pytest.mark.hostile(10)
def test_links_are_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", ("out", b"/etc"), mode=stat.S_IFLNK | 0o777)
    with pytest.raises(UserError, match="link"), archives.opened(path):
        pytest.fail("It was opened.")


@pytest.mark.hostile(11)
def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", ("zeros", bytes(50 * 1024**2)))
    assert path.stat().st_size < 100_000
    with pytest.raises(UserError, match="would become 50 MB"), archives.opened(path):
        pytest.fail("It was opened.")


@pytest.mark.hostile(11)
def test_a_member_that_is_larger_than_it_says_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", ("a.txt", b"abcd" * 100))
    data = bytearray(path.read_bytes())
    place = data.rindex(b"PK\x01\x02") + 24
    data[place : place + 4] = (7).to_bytes(4, "little")
    path.write_bytes(data)
    with archives.opened(path) as archive, pytest.raises(UserError, match=r"a\.txt"):
        archive.read("a.txt")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 cut off", b"no archive at all"])
def test_what_is_no_archive_is_said_to_be_none(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    with pytest.raises(UserError, match="not a ZIP file"), archives.opened(path):
        pytest.fail("It was opened.")
