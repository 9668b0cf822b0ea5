"""The shipped files are found however the program came to be there."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from annotator import resources

ROOT = Path(__file__).resolve().parents[1]

_ASK = """
import json
from annotator import resources
print(json.dumps([str(resources.root()), resources.text("README.md")]))
"""

_BUILD = """
import sys
from hatchling import build
print(getattr(build, "build_" + sys.argv[1])(sys.argv[2]))
"""


def _shipped_files(folder: Path) -> dict[str, bytes]:
    files = (found for found in folder.rglob("*") if found.is_file())
    return {found.relative_to(folder).as_posix(): found.read_bytes() for found in files}


def _asked_from(site: Path, elsewhere: Path) -> tuple[Path, str]:
    """Ask a child in another folder, which knows the program only through `site`."""
    program = f"import site; site.addsitedir({str(site)!r})\n{_ASK}"
    done = subprocess.run(
        [sys.executable, "-S", "-c", program],
        cwd=elsewhere,
        env={"PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    root, text = json.loads(done.stdout)
    return Path(root), text


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return folders as pip would leave them: from a wheel, and from an editable install."""
    folder = tmp_path_factory.mktemp("built")
    sites = {}
    for kind in ("wheel", "editable"):
        made = subprocess.run(
            [sys.executable, "-c", _BUILD, kind, str(folder)],
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        sites[kind] = folder / kind
        with zipfile.ZipFile(folder / made.stdout.split()[-1]) as wheel:
            wheel.extractall(sites[kind])
    return sites


def test_a_checkout_reads_its_own_resources() -> None:
    assert resources.root() == ROOT / "resources"
    assert resources.text("README.md") == (ROOT / "resources" / "README.md").read_text("utf-8")


def test_a_wheel_carries_every_resource(built: dict[str, Path], tmp_path: Path) -> None:
    root, text = _asked_from(built["wheel"], tmp_path)
    assert root == built["wheel"] / "annotator" / "_resources"
    assert text == resources.text("README.md")
    assert _shipped_files(root) == _shipped_files(ROOT / "resources")


def test_an_editable_install_reads_the_checkout(built: dict[str, Path], tmp_path: Path) -> None:
    root, text = _asked_from(built["editable"], tmp_path)
    assert root == ROOT / "resources"
    assert text == resources.text("README.md")


def test_a_wheel_brings_the_command_and_the_window(built: dict[str, Path]) -> None:
    (entries,) = built["wheel"].glob("*.dist-info/entry_points.txt")
    assert entries.read_text("utf-8").split("\n\n") == [
        "[console_scripts]\nannotator = annotator.__main__:main",
        "[gui_scripts]\nannotator-window = annotator.__main__:main\n",
    ]


def test_a_missing_resource_names_itself() -> None:
    with pytest.raises(FileNotFoundError, match=r"schemes/none\.toml"):
        resources.text("schemes/none.toml")


def test_names_lists_what_ends_in_a_suffix() -> None:
    assert list(resources.names(".", ".md")) == ["./README.md"]
