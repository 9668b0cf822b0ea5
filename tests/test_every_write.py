"""Whatever change of the disk fails, an action is whole or absent, and says which.

Each scenario is done again and again: first its first change of the disk fails, then its second,
until it gets through untouched. After each the project is opened and checked, and what the action
was about is as it was before or as it is afterwards, by what was said.
"""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from annotator import exchange, recovery
from annotator.errors import UserError
from annotator.exchange import Plan
from annotator.project import Project
from annotator.store import upgrade as upgrading
from tests.exchange.mail import Copy, main_project, mark
from tests.failing_files import Fate, failing
from tests.store import faulty_disk
from tests.store.test_upgrade import SECOND
from tests.test_exchange_faults import corpus

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="the disk that fails needs Linux or macOS"),
    pytest.mark.skipif(
        faulty_disk.library() is None, reason="the SQLite of this Python is part of Python itself"
    ),
]

AUTHOR = "lead"
NAME = "news.annotator"


@dataclass(frozen=True, slots=True)
class Scenario:
    """Something that is done on a disk, and how it is told whether it was."""

    prepare: Callable[[Path], None]
    """Makes what has to be there, in an empty folder with the project."""
    act: Callable[[Path], object]
    state: Callable[[Path], Any]
    """Returns what the action is about; called where the disk works."""


def project_at(folder: Path) -> Project:
    return Project.open(folder / NAME, author=AUTHOR)


def contents(folder: Path) -> Any:
    """Return everything that is in the project, once it was found sound."""
    if upgraded(folder):
        with Project.open(folder / NAME, author=AUTHOR, read_only=True) as project:
            return "upgraded", project.stats()
    with project_at(folder) as project:
        assert project.check() == []
        return [project.annotated(id_) for id_ in project.article_ids()], project.revision


def upgraded(folder: Path) -> bool:
    return (folder / NAME).read_bytes()[60:64] == (2).to_bytes(4)


def nothing(folder: Path) -> None:
    """Need nothing but the project."""


def marked(folder: Path) -> None:
    with project_at(folder) as project:
        mark(project, AUTHOR, "quay", "Marta Ilves")


def imported(folder: Path) -> None:
    with project_at(folder) as project:
        exchange.bring_in(project, [folder / "in.jsonl"])


def exported(folder: Path, form: str) -> None:
    with project_at(folder) as project:
        exchange.take_out(project, folder / f"out-{form}", Plan(form=form))


def bundled(folder: Path) -> None:
    with project_at(folder) as project:
        exchange.make_order(project, folder / "order.zip", "ada")


def result_sent(folder: Path) -> None:
    with project_at(folder) as project, Copy.of(project, folder, "ada", "ada") as ada:
        ada.mark("quay", "Marta Ilves")
        ada.result("result.zip")


def taken(folder: Path) -> None:
    with project_at(folder) as project:
        exchange.take(project, folder / "result.zip")


def backed_up_and_worked(folder: Path) -> None:
    with project_at(folder) as project:
        project.backup(folder / "kept.annotator")
    marked(folder)


def bytes_of(target: Path) -> Any:
    """Return what is in a file or folder, or that there is none."""
    if target.is_dir():
        files = [path for path in sorted(target.rglob("*")) if path.is_file()]
        return {str(path.relative_to(target)): path.read_bytes() for path in files}
    return target.read_bytes() if target.exists() else None


def backup_there(folder: Path) -> Any:
    """Return what is in the backup, where there is one."""
    if not (folder / "copy.annotator").exists():
        return None
    shutil.copy(folder / "copy.annotator", folder / "look.annotator")
    with Project.open(folder / "look.annotator", author=AUTHOR) as copy:
        assert copy.check() == []
        return copy.stats()


def backed_up(folder: Path) -> None:
    with project_at(folder) as project:
        project.backup(folder / "copy.annotator")


def with_old(name: str) -> Callable[[Path], None]:
    """Prepare a target that is there already."""

    def prepare(folder: Path) -> None:
        (folder / name).write_bytes(b"old\n")

    return prepare


def with_corpus(folder: Path) -> None:
    corpus(folder / "in.jsonl", 12, 5)


def order_there(folder: Path) -> Any:
    """Return the names in the work order, where there is one; each is read."""
    if not (folder / "order.zip").exists():
        return None
    with zipfile.ZipFile(folder / "order.zip") as bundle:
        assert bundle.testzip() is None
        return bundle.namelist()


SCENARIOS = {
    "edit": Scenario(nothing, marked, contents),
    "import": Scenario(with_corpus, imported, contents),
    "export": Scenario(
        with_old("out-jsonl"),
        lambda folder: exported(folder, "jsonl"),
        lambda folder: bytes_of(folder / "out-jsonl"),
    ),
    "export of a folder": Scenario(
        nothing,
        lambda folder: exported(folder, "brat"),
        lambda folder: bytes_of(folder / "out-brat"),
    ),
    "backup": Scenario(nothing, backed_up, backup_there),
    "upgrade": Scenario(nothing, lambda folder: upgrading.upgrade(folder / NAME, SECOND), contents),
    "restore": Scenario(
        backed_up_and_worked,
        lambda folder: recovery.restore(folder / NAME, folder / "kept.annotator"),
        contents,
    ),
    "work order": Scenario(nothing, bundled, order_there),
    "result": Scenario(result_sent, taken, contents),
}
FATES: dict[str, dict[str, bool]] = {
    "once": {},
    "for ever": {"forever": True},
    "full": {"forever": True, "full": True},
    "quota": {"forever": True, "quota": True},
}


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a project that is copied for each try."""
    folder = tmp_path_factory.mktemp("every-write")
    main_project(folder / NAME).close()
    return folder


def copied(made: Path, folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    return Path(shutil.copytree(made, folder))


def prepared(made: Path, scenario: Scenario, folder: Path) -> Path:
    ready = copied(made, folder)
    scenario.prepare(ready)
    return ready


def hold(made: Path, tmp_path: Path, name: str, fate: str, at_most: int | None = None) -> int:
    """Let every change of a scenario fail, or *at_most* of them; return how many there are."""
    scenario = SCENARIOS[name]
    ready = prepared(made, scenario, tmp_path / "ready")
    before = scenario.state(copied(ready, tmp_path / "before"))
    whole = copied(ready, tmp_path / "whole")
    with failing(Fate(), tmp_path) as counted:
        scenario.act(whole)
    after = scenario.state(whole)
    assert before != after
    each = 1 if at_most is None else 1 + counted.seen // at_most
    for at in range(1, counted.seen + 1, each):
        tried(scenario, copied(ready, tmp_path / "try"), Fate(at, **FATES[fate]), before, after)
    return counted.seen


def tried(scenario: Scenario, folder: Path, fate: Fate, before: Any, after: Any) -> None:
    """Do it once on a disk that fails: it is said to be done and is, or is as it was."""
    said = False
    with failing(fate, folder.parent):
        try:
            scenario.act(folder)
            said = True
        except UserError:
            assert fate.refused
        fate.active = False
    left = {path.name for path in folder.iterdir()}
    found = scenario.state(folder)
    if said:
        assert alike(found, after)
    else:
        # The last of all, such as the sync of a folder, may fail once the new is in its place.
        assert alike(found, before) or alike(found, after), "neither as it was nor as it is to be"
    assert not [name for name in left if name.endswith(".part")]


def alike(one: Any, other: Any) -> bool:
    """Compare two states; what is new has ids of its own each time."""
    return bool(shape(one) == shape(other))


def shape(state: Any) -> Any:
    if isinstance(state, tuple) and isinstance(state[0], list):
        items, revision = state
        return revision, [
            (item.article, sorted((span.label, span.text) for span in item.spans.values()))
            for item in items
        ]
    return state


@pytest.mark.slow
@pytest.mark.fault(9, 12)
@pytest.mark.parametrize("name", SCENARIOS)
def test_an_action_is_whole_or_absent_when_a_change_of_the_disk_fails(
    made: Path, tmp_path: Path, name: str
) -> None:
    assert hold(made, tmp_path, name, "once", 5) > 3


@pytest.mark.faults
@pytest.mark.timeout(1800)
@pytest.mark.fault(8, 9, 11, 12, 13, 14, 15, 16)
@pytest.mark.parametrize("fate", FATES)
@pytest.mark.parametrize("name", SCENARIOS)
def test_an_action_is_whole_or_absent_whatever_change_of_the_disk_fails(
    made: Path, tmp_path: Path, name: str, fate: str
) -> None:
    print(f"{name}, {fate}: {hold(made, tmp_path, name, fate)} changes, each failed once")


@pytest.mark.fault(12)
@pytest.mark.parametrize("name", ["edit", "import", "export", "backup"])
def test_a_quota_that_is_used_up_is_told_as_a_disk_without_room(
    made: Path, tmp_path: Path, name: str
) -> None:
    scenario = SCENARIOS[name]
    folder = prepared(made, scenario, tmp_path / "try")
    before = scenario.state(copied(folder, tmp_path / "before"))
    with Project.open(folder / NAME, author=AUTHOR):
        pass
    fate = Fate(3, **FATES["quota"])
    with failing(fate, folder), pytest.raises(UserError, match=r"has no room|quota exceeded"):
        scenario.act(folder)
    assert fate.refused
    assert alike(scenario.state(folder), before)
