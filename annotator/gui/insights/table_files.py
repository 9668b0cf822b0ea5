"""Tables of figures as files: CSV, or TSV where the file is called so."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from annotator.formats.cells import safe
from annotator.formats.replacing import replacing


def write_tables(path: Path, tables: Sequence[tuple[str, Sequence[Sequence[str]]]]) -> None:
    """Write tables below each other, each under its name where there are several.

    No cell is one that a spreadsheet would run.
    Raises ExportError where the file cannot be written.
    """
    with replacing(path) as raw:
        file = io.TextIOWrapper(raw, "utf-8", newline="", write_through=True)
        writer = csv.writer(file, dialect="excel-tab" if path.suffix == ".tsv" else "excel")
        for number, (name, rows) in enumerate(tables):
            if number:
                writer.writerow([])
            if len(tables) > 1:
                writer.writerow([safe(name)])
            for row in rows:
                writer.writerow([safe(cell) for cell in row])
        file.detach()
