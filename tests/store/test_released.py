"""Projects of every released version are opened, upgraded and counted."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

from annotator.project import OlderProject, Project, upgrade
from annotator.store import schema
from annotator.store.opening import table_counts
from annotator.store.upgrade import MIGRATIONS
from tests.store.released import FOLDER

VERSIONS = range(1, schema.SCHEMA_VERSION + 1)


def counts(version: int) -> dict[str, int]:
    found: dict[str, int] = json.loads((FOLDER / f"version-{version}.json").read_text("utf-8"))
    return found


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def released(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """Return a function that puts the project of a version where it can be opened."""

    def put(version: int) -> str:
        stem = FOLDER / f"version-{version}"
        if kind == "sqlite":
            path = tmp_path / "released.annotator"
            path.write_bytes(gzip.decompress(stem.with_suffix(".annotator.gz").read_bytes()))
            return str(path)
        import psycopg

        url = str(request.getfixturevalue("postgres_url"))
        with psycopg.connect(url.replace("postgresql+psycopg", "postgresql")) as connection:
            connection.execute(stem.with_suffix(".sql").read_bytes())
        return url

    return put


@pytest.mark.fault(34)
@pytest.mark.parametrize("version", VERSIONS)
def test_a_project_of_a_released_version_is_upgraded_and_has_all_its_rows(
    released: Any, version: int
) -> None:
    location = released(version)
    if version < schema.SCHEMA_VERSION:
        with pytest.raises(OlderProject):
            Project.open(location, author="ada")
    done = upgrade(location)
    assert (done.before, done.after) == (version, schema.SCHEMA_VERSION)
    with Project.open(location, author="ada") as project:
        with project._store.reading() as connection:
            found = dict(table_counts(connection).items())
        assert {name: found[name] for name in counts(version) if name != "leases"} == {
            name: rows for name, rows in counts(version).items() if name != "leases"
        }
        assert [item for item in project.check() if item.severity != "info"] == []
        annotated = project.annotated("a1")
        assert {span.id: (span.label, span.unsure) for span in annotated.spans.values()} == {
            "s1": ("Speaker", False),
            "s2": ("Claim", True),
        }
        assert annotated.spans["s1"].note == "Ω \x00 ß"
        assert (set(annotated.relations), set(annotated.comments), set(annotated.verdicts)) == (
            {"r1"},
            {"c1"},
            {"v1"},
        )
        assert [draft.reason for draft in project.drafts()] == ["no reason"]
        assert [hit.article_id for hit in project.search("harbour")] == ["a1"]


@pytest.mark.fault(34)
@pytest.mark.parametrize("version", VERSIONS)
def test_a_project_of_a_released_version_is_undone_and_redone(released: Any, version: int) -> None:
    location = released(version)
    upgrade(location)
    with Project.open(location, author="ada") as project:
        assert project.redo() is not None
        steps = project.steps_to_undo
        assert [project.undo() is not None for _ in range(steps)] == [True] * steps
        assert project.count() == 0
        for _ in range(steps):
            project.redo()
        assert set(project.annotated("a1").spans) == {"s1", "s2", "s3"}
        assert project.check() == []


def test_every_migration_has_projects_of_its_version() -> None:
    """`python -m tests.store.released` writes them, once, when a version is released."""
    migrations = {int(path.name[:4]) for path in (MIGRATIONS / "versions").glob("[0-9]*.py")}
    assert migrations == set(VERSIONS)
    for kind in ("annotator.gz", "sql", "json"):
        found = {
            int(match[1])
            for path in FOLDER.iterdir()
            if (match := re.fullmatch(rf"version-(\d+)\.{re.escape(kind)}", path.name))
        }
        assert found == migrations, f"version-N.{kind} in {FOLDER.name}"
