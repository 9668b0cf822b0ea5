"""What is fuzzed of the readers: each from files in which raw bytes get further than a gate.

A format that keeps its contents in an archive, or packed, gets the input inside of one that is
whole; one that reads two files gets both out of one input.
"""

from __future__ import annotations

import io
import json
import re
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, Final

from annotator import exchange, formats, schemes
from annotator.errors import UserError
from annotator.exchange import sources
from annotator.formats import Reader, bundle, pdf, pdf_pages
from tests.formats import pdf_files
from tests.formats.articles import small
from tests.formats.round_trip import WRITING
from tests.fuzzing.mutating import SEPARATOR

TESTS: Final = Path(__file__).resolve().parents[1]
DATA: Final = TESTS / "formats" / "data"
LONGEST: Final = 100
"""So many articles of one file are asked for."""

Target = Callable[[bytes], None]


def target(name: str, folder: Path) -> tuple[Target, Iterator[bytes]]:
    """Return what reads any contents as the format called *name*, and what to begin with."""
    if name == "any":
        return _finding_out(folder), _all_seeds()
    form = formats.reader(name)
    if name == "pdf":
        # The child that asks pypdf is a process of its own for each file: too slow for thousands.
        vars(pdf)["pages"] = _pages_here
    return _reading(form, folder), _seeds(form)


def _pages_here(path: Path) -> pdf_pages.Pages:
    try:
        answer = json.loads(json.dumps(pdf_pages._read(str(path))))
    except Exception as error:  # As in the child, which then ends without a word.
        raise UserError(f"{path} is damaged.") from error
    if "error" in answer:
        raise UserError(f"{path} {answer['error']}")
    lines = tuple(tuple(pdf_pages.Line(*line) for line in page) for page in answer["pages"])
    return pdf_pages.Pages(lines, answer["facts"])


def _reading(form: Reader, folder: Path) -> Target:
    scheme = schemes.load("news-default")
    options = exchange.Options(form=form.name)

    def read(data: bytes) -> None:
        path = laid_out(form, folder, data)
        try:
            form.recognises(formats.sample_of(path))
            formats.companions(form, path)
            formats.table_columns(form, path)
        except UserError:
            pass
        try:
            for _ in islice(sources.items(sources.Source(path, form), options, scheme), LONGEST):
                pass
        except UserError:
            pass

    return read


def _finding_out(folder: Path) -> Target:
    forms = formats.all_formats()
    path = folder / "fuzzed"

    def find_out(data: bytes) -> None:
        path.write_bytes(data)
        try:
            formats.recognise(path, forms)
            sample = formats.sample_of(path)
            any(formats.accompanies(form, sample) for form in forms)
        except UserError:
            pass

    return find_out


# ------------------------------------------------------------------- what there is to begin with


def _all_seeds() -> Iterator[bytes]:
    with tempfile.TemporaryDirectory() as place:
        for form in formats.all_formats():
            if formats.can_read(form):
                for seed in _seeds(form):
                    yield laid_out(form, Path(place), seed).read_bytes()


def _seeds(form: Reader) -> Iterator[bytes]:
    """Yield what the tests have in a format, and what it writes."""
    for folder in {DATA / form.name, DATA / form.name.replace("-", "_"), *_MORE.get(form.name, ())}:
        paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        yield from _inputs(form, [path for path in paths if not path.name.startswith("README")])
    if form.name == "pdf":
        page = [(72.0, 780.0, 20.0, "Ferry late"), (72.0, 740.0, 11.0, "The quay will not move.")]
        yield pdf_files.pdf([pdf_files.painted(page)])
    if formats.can_write(form):
        with tempfile.TemporaryDirectory() as place:
            out = Path(place) / f"written{form.suffixes[0]}"
            form.write([small()], out, WRITING)
            written = [out, *sorted(out.rglob("*"))]
            yield from _inputs(formats.reader(form.name), [one for one in written if one.is_file()])


_MORE: Final[Mapping[str, tuple[Path, ...]]] = {
    "articles-csv": (DATA / "articles",),
    "articles-tsv": (DATA / "articles",),
    "articles-jsonl": (DATA / "articles",),
    "html": (TESTS / "data" / "articles",),
    "markdown": (TESTS / "data" / "articles",),
    "text": (TESTS / "data" / "articles",),
}


def _inputs(form: Reader, paths: list[Path]) -> Iterator[bytes]:
    """Yield the inputs that files are laid out from."""
    if form.name == "bundle":
        members = {path.name: path.read_bytes() for path in paths}
        if members:
            yield SEPARATOR.join(members.get(name, b"") for name in BUNDLED)
        return
    for path in paths:
        data = path.read_bytes()
        if form.name in BESIDE:
            if path.suffix in form.suffixes:
                yield SEPARATOR.join([data, *_beside(form, path)])
        elif form.name == "spacy":
            yield zlib.decompress(data) if data[:1] == b"\x78" else data
        elif form.name == "docx" and path.name == "document.xml":
            yield SEPARATOR.join([data, _STYLES, _whole("docx")["docProps/core.xml"]])
        elif form.name in PACKED and zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                there = [name for name in PACKED[form.name] if name in archive.namelist()]
                yield SEPARATOR.join(map(archive.read, there))
        elif form.name == "huggingface" and path.suffix == ".parquet":
            import pyarrow.parquet as pq

            yield "\n".join(map(json.dumps, pq.read_table(path).to_pylist())).encode()
        else:
            yield data


_STYLES: Final = (
    b'<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    b'<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/>'
    b'<w:basedOn w:val="Normal"/></w:style><w:style w:type="paragraph" w:styleId="Normal">'
    b'<w:name w:val="Normal"/></w:style></w:styles>'
)


def _beside(form: Reader, path: Path) -> list[bytes]:
    if form.name == "brat":
        text = path.with_suffix(".txt")
        found = [text] if text.is_file() else sorted(path.parents[1].rglob("*.txt"))[:1]
    else:
        found = list(formats.companions(form, path))
    return [one.read_bytes() for one in found[:1]]


# ----------------------------------------------------------------- how contents become a file


def laid_out(form: Reader, folder: Path, data: bytes) -> Path:
    """Write the file that *data* stands for, and return its path."""
    path = folder / f"fuzzed{form.suffixes[0]}"
    if form.name in BESIDE:
        data, _, beside = data.partition(SEPARATOR)
        other = folder / BESIDE[form.name]
        other.unlink(missing_ok=True)
        if beside:
            other.write_bytes(beside)
    elif form.name in _SHAPES:
        data = _SHAPES[form.name](form.name, data)
    path.write_bytes(data)
    return path


BESIDE: Final = {
    "brat": "fuzzed.txt",
    "uima-xmi": "TypeSystem.xml",
    "uima-json": "TypeSystem.xml",
    "webanno-tsv": "TypeSystem.xml",
    "w3c": "ferry-1.txt",
}
"""What a file that is read together with another is called."""


def _compressed(_name: str, data: bytes) -> bytes:
    return data if data[:1] == b"\x78" else zlib.compress(data, 1)


def _archive(members: Mapping[str, bytes | str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, contents in members.items():
            archive.writestr(name, contents)
    return made.getvalue()


def _in_archive(name: str, data: bytes) -> bytes:
    """Put the contents in the place of some members of a good archive."""
    if data[:2] == b"PK":
        return data
    texts = {
        f"sources/{found.decode('utf-8', 'replace')}": _TEXT for found in _SOURCE.findall(data)
    }
    parts = zip(PACKED[name], data.split(SEPARATOR), strict=False)
    return _archive({**texts, **_whole(name), **{member: part for member, part in parts if part}})


PACKED: Final = {
    "docx": ("word/document.xml", "word/styles.xml", "docProps/core.xml"),
    "qdpx": ("project.qde",),
    "articles-xlsx": (
        "xl/worksheets/sheet1.xml",
        "xl/workbook.xml",
        "xl/sharedStrings.xml",
        "xl/styles.xml",
    ),
}
"""The members of an archive that are fuzzed, in the order in which they stand in an input."""


@cache
def _whole(name: str) -> dict[str, bytes]:
    """Return the members of a good archive."""
    made = io.BytesIO()
    match name:
        case "docx":
            from docx import Document

            Document().save(made)
        case "articles-xlsx":
            from openpyxl import Workbook

            book = Workbook()
            book.worksheets[0].append(["text"])
            book.save(made)
        case _:
            return {}
    with zipfile.ZipFile(made) as archive:
        return {member: archive.read(member) for member in archive.namelist()}


_SOURCE: Final = re.compile(rb"internal://([\w.-]{1,60})")
_TEXT: Final = "Ferry late\n\nThe quay, said Marta Ilves of the port of Oslo, will not move.\n"
"""What every source of a QDPX project says."""


BUNDLED: Final = (bundle.MANIFEST, bundle.SCHEME, bundle.GUIDELINES, bundle.RECORDS, bundle.EVENTS)


def _bundled(_name: str, data: bytes) -> bytes:
    """Return a bundle whose hashes are right, so that more than they is looked at."""
    if data[:2] == b"PK":
        return data
    parts = dict(zip(BUNDLED, [*data.split(SEPARATOR), b"", b"", b"", b""], strict=False))
    manifest = parts.pop(bundle.MANIFEST)
    try:
        stated = json.loads(manifest)
        order = stated["kind"] == bundle.ORDER
        unwanted = (bundle.EVENTS,) if order else (bundle.SCHEME, bundle.GUIDELINES, bundle.RECORDS)
        for name in unwanted:
            del parts[name]
        stated["members"] = {key: sha256(value).hexdigest() for key, value in parts.items()}
        manifest = json.dumps(stated).encode()
    except (ValueError, TypeError, KeyError, RecursionError):
        pass
    return _archive({bundle.MANIFEST: manifest, **parts})


def _parquet(_name: str, data: bytes) -> bytes:
    """Return a Parquet file of the rows that the lines are, where they are any."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if data[:4] == b"PAR1":
        return data
    try:
        rows: list[Any] = [json.loads(line) for line in data.splitlines() if line.strip()]
        made = io.BytesIO()
        table = pa.Table.from_pylist([row for row in rows if isinstance(row, dict)])
        pq.write_table(table, made)
    except (ValueError, RecursionError, pa.ArrowException, UnicodeError, TypeError, OverflowError):
        return data
    return made.getvalue()


_SHAPES: Final[dict[str, Callable[[str, bytes], bytes]]] = {
    "bundle": _bundled,
    "huggingface": _parquet,
    "spacy": _compressed,
    **dict.fromkeys(PACKED, _in_archive),
}
