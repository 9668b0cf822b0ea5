"""Workbooks of articles (XLSX): a row for each, the names of the columns above them.

Read is the first sheet that has a column with texts. Formulas are never run: what counts is the
value that the spreadsheet saved. A cell of a spreadsheet ends at 32,767 characters, so a longer
value goes on in columns called ``text (continued 2)`` and so on, and is put together when read.
Rows stream; the words of a sheet that another program saved are held together, as openpyxl does.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime, time, timedelta
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, Final

from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.formats import (
    Column,
    Group,
    Problem,
    Reading,
    Sample,
    Writing,
    archives,
    json_text,
    office,
)
from annotator.formats.article_rows import TABLE_FATES as FATES
from annotator.formats.article_rows import (
    Columns,
    Rows,
    described,
    distinct,
    fields_of,
    losses,
    spooled,
)
from annotator.formats.cells import original, safe
from annotator.formats.imported import ImportedArticle
from annotator.formats.losses import Loss
from annotator.formats.replacing import ExportError, replacing
from annotator.translation import later

name: Final = "articles-xlsx"
title: Final = "Excel workbook of articles"
purpose: Final = later("articles without labels, for Excel and LibreOffice")
group: Final = Group.ARTICLES
suffixes: Final = (".xlsx",)

__all__ = ["FATES"]

CELL: Final = 16_000
"""Code points of a cell: half the limit, which counts UTF-16 units."""
MOST_ROWS: Final = 1_048_576

_UNFIT: Final = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
"""What XML cannot hold, or what reads as the way to write it (ECMA-376, part 1, 22.4.2.4)."""
_CONTINUED: Final = re.compile(r"(.+) \(continued [0-9]+\)", re.DOTALL)
_ESCAPE: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_FACTS: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties xmlns:cp='
    '"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)


def recognises(sample: Sample) -> bool:
    """Tell whether this is a workbook."""
    return office.holds(sample, "xl/workbook")


# ---------------------------------------------------------------------------------------- reading


def read(path: Path, reading: Reading) -> Iterator[Annotated | ImportedArticle | Problem]:
    """Yield the articles of a workbook; those that have ids go by them.

    Raises UserError where no sheet has a column with texts.
    """
    cells = _cells(path, reading)
    names = _names(next(cells, ()))
    columns = Columns.of(names, reading, path)
    more = {name: match[1] for name in names if (match := _CONTINUED.fullmatch(name))}
    rows = Rows(path)
    for number, values in enumerate(cells, 2):
        row = dict(zip(names, map(_value, values), strict=False))
        if all(value in (None, "") for value in row.values()):
            continue
        for name, begun in more.items():
            row[begun] = f"{row.get(begun) or ''}{row.pop(name, None) or ''}"
        yield from rows.article(number, row, columns, json_text.line(row))


def table_columns(path: Path) -> tuple[Column, ...]:
    """Return the columns of a workbook. Raises UserError where it cannot be read."""
    with closing(_cells(path, Reading())) as cells:
        names = _names(next(cells, ()))
        return described(names, ([_value(cell) for cell in row] for row in cells))


def _cells(path: Path, reading: Reading) -> Generator[tuple[Any, ...], None, None]:
    """Yield the cells of each row, those with the names of the columns first."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    office.refuse_hostile(path, "workbook (.xlsx)")
    broken = (
        *(InvalidFileException, SyntaxError),
        *(LookupError, ArithmeticError, ValueError, TypeError, AttributeError),
    )
    try:
        with path.open("rb") as file:
            # Not by its name, which openpyxl judges; links to other workbooks are not followed.
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            with closing(book):
                yield from _rows(book.worksheets, reading)
    except (*broken, zipfile.BadZipFile) as error:
        raise UserError(
            f"{path} is a workbook that cannot be read: {office.told(error)}."
        ) from error


def _rows(sheets: Sequence[Any], reading: Reading) -> Iterator[tuple[Any, ...]]:
    """Return the rows of the sheet with articles: the first with a text, else the first at all."""
    for sheet in sheets:
        sheet.reset_dimensions()  # What a file says of its size is not believed.
        rows = sheet.iter_rows(values_only=True)
        first = next(rows, ())
        names = _names(first)
        if "text" in fields_of(names) or set(reading.columns) & set(names) or len(sheets) == 1:
            return chain([first], rows)
    return iter(sheets[0].iter_rows(values_only=True)) if sheets else iter(())


def _names(cells: Iterable[Any]) -> list[str]:
    """Return the names of the columns, each once."""
    return distinct(str(_value(cell) or "") for cell in cells)


def _value(cell: Any) -> Any:
    """Return what a cell says, as JSON has it."""
    if isinstance(cell, str):
        return original(_ESCAPE.sub(lambda match: chr(int(match[1], 16)), cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    return str(cell) if isinstance(cell, timedelta) else cell


# ---------------------------------------------------------------------------------------- writing


def write(articles: Iterable[Annotated], target: Path, writing: Writing) -> int:
    """Write a row for each article, and return their number.

    Raises ExportError for more articles than a sheet has rows.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("articles")
    sheet.freeze_panes = "A2"
    with replacing(target) as file, spooled(articles) as spool:
        if spool.count >= MOST_ROWS:
            raise ExportError(
                f"{target} cannot hold {spool.count:,} articles: a sheet ends at {MOST_ROWS:,} "
                "rows. Export CSV, or fewer articles."
            )
        most = dict.fromkeys(spool.names, 1)
        for row in spool.rows():
            most |= {key: max(most[key], len(_pieces(row[key]))) for key in row}
        _fill(sheet, spool.rows(), most, raw=writing.raw_cells)
        with tempfile.TemporaryFile() as made:
            book.save(made)
            archives.write(file, _members(made))
    return spool.count


def _pieces(value: str) -> list[str]:
    return [value[at : at + CELL] for at in range(0, len(value), CELL)] or [""]


def _fill(
    sheet: Any, rows: Iterable[Mapping[str, str]], most: Mapping[str, int], *, raw: bool
) -> None:
    """Add the names of the columns and the rows; *most* is how many cells each value needs."""
    from openpyxl.cell import WriteOnlyCell

    def cell(value: str) -> Any:
        if not value:
            return None
        words = value if raw else safe(value)
        result = WriteOnlyCell(sheet, _UNFIT.sub(_escaped, words))
        result.data_type = "s"  # Words, whatever they begin with.
        return result

    names = [
        f"{name} (continued {number})" if number > 1 else name
        for name, count in most.items()
        for number in range(1, count + 1)
    ]
    sheet.append([cell(name) for name in names])
    for row in rows:
        cells: list[str] = []
        for name, count in most.items():
            pieces = _pieces(row.get(name, ""))
            cells += [*pieces, *[""] * (count - len(pieces))]
        sheet.append([cell(value) for value in cells])


def _escaped(match: re.Match[str]) -> str:
    return f"_x{ord(match[0]):04X}_"


def _members(made: BinaryIO) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Yield the parts of a workbook without the time at which it was made."""
    with zipfile.ZipFile(made) as book:
        for name in sorted(book.namelist()):
            if name == "docProps/core.xml":
                yield name, (_FACTS.encode(),)
                continue
            with book.open(name) as part:
                yield name, iter(lambda: part.read(1024**2), b"")


def cannot_carry(articles: Iterable[Annotated], writing: Writing) -> list[Loss]:
    """Return what is left out of these articles: labels and zones."""
    return losses(articles, FATES)
