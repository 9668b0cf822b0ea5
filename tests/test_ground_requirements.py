"""What the program stands on: exact, checked, and free to build on."""

import re
import subprocess
import tomllib
from importlib.metadata import Distribution, distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
FILES = ("run", "test")


def _pinned(name: str) -> dict[str, str]:
    """Return each requirement of an exported file with all that belongs to it."""
    text = (ROOT / ".requirements" / f"{name}.txt").read_text(encoding="utf-8")
    lines = text.replace("\\\n", " ").splitlines()
    return {canonicalize_name(line.split("==")[0]): line for line in lines if line}


@pytest.mark.parametrize("name", FILES)
def test_every_requirement_is_pinned_and_hashed(name: str) -> None:
    exact = re.compile(r"[\w.-]+==[\w.]+( ; [^#]+?)?(\s+--hash=sha256:[0-9a-f]{64})+")
    loose = [line for line in _pinned(name).values() if not exact.fullmatch(line)]
    assert not loose


@pytest.mark.parametrize("name", FILES)
def test_the_pins_fulfil_what_the_project_asks_for(name: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["postgres"]]
    if name == "test":
        asked += project["optional-dependencies"]["test"][1:]
    pinned = _pinned(name)
    for requirement in map(Requirement, asked):
        version = pinned[canonicalize_name(requirement.name)].split()[0].split("==")[1]
        assert requirement.specifier.contains(version), requirement


def test_the_tests_have_everything_that_a_run_has() -> None:
    run, test = _pinned("run"), _pinned("test")
    assert {name: test.get(name) for name in run} == run


# Reciprocal only for the library itself: linked as it comes from its makers, never copied.
_LESSER = {"pyside6-essentials", "shiboken6", "psycopg", "psycopg-binary", "psycopg-pool"}


def _licence(distribution: Distribution) -> str:
    data = distribution.metadata
    (told,) = (data.get_all("License-Expression") or data.get_all("License") or [""])[:1]
    classifiers = [
        line for line in data.get_all("Classifier") or () if line.startswith("License ::")
    ]
    # Some put the whole licence text into the field; its name is in the classifier then.
    return " OR ".join([told, *classifiers]) if len(told) < 200 else " OR ".join(classifiers)


def _allows_permissive_use(licence: str) -> bool:
    """Tell whether one of the licences offered is not the GPL or AGPL."""
    offers = [offer for offer in re.split(r"\bOR\b|,|/", licence) if offer.strip()]
    return any(not re.search(r"\bA?GPL|General Public License", offer) for offer in offers)


def test_no_dependency_is_under_the_gpl() -> None:
    known: dict[str, Distribution] = {
        canonicalize_name(found.name): found for found in distributions()
    }
    checked = {name: _licence(known[name]) for name in _pinned("test") if name in known}
    assert "pyside6-essentials" in checked
    reciprocal = {
        name: licence
        for name, licence in checked.items()
        if name not in _LESSER and not _allows_permissive_use(licence)
    }
    assert not reciprocal


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("GPL-3.0-or-later", False),
        ("AGPL-3.0-only", False),
        ("MPL-1.1 OR GPL-2.0-only", True),
        ("License :: OSI Approved :: GNU General Public License v3 (GPLv3)", False),
    ],
)
def test_the_licence_check_tells_the_gpl(licence: str, allowed: bool) -> None:
    assert _allows_permissive_use(licence) is allowed


def test_no_file_names_a_machine_or_a_registry() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode != 0:
        pytest.skip("this copy has no history to list its files from")
    # Written in two parts, so that this file does not name them either.
    hosts = "|".join(("pypi" + r"\.org", "python" + "hosted", "/simp" + "le/", "--index" + "-url"))
    places = "|".join((r"/ho" + r"me/\w", r"/ro" + "ot/", r"/wo" + "rk/", r"/Us" + r"ers/\w"))
    named = re.compile(f"{hosts}|(?<![\\w.-])({places})")
    told = []
    for name in filter(None, listed.stdout.split("\0")):
        file = ROOT / name
        if not file.is_file() or b"\0" in (data := file.read_bytes()):
            continue
        for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
            if named.search(line):
                told.append(f"{name}:{number}: {line.strip()[:100]}")
    assert not told
