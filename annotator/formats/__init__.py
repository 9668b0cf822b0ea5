"""Forms in which articles and labels leave a project and come back, one module each.

A module that has what :class:`Format` names is a format; what it can do besides, it shows by
having the functions of :class:`Reader`, :class:`Writer` or both. Other packages bring theirs in
through the entry point group ``annotator.formats``: the entry's name is the format's name, its
value a module or an object of that shape.

Large libraries are imported inside the functions that need them: to list the formats costs
nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeGuard, cast

from annotator.errors import UserError
from annotator.translation import later

if TYPE_CHECKING:
    from annotator.annotated import Annotated
    from annotator.formats.imported import ImportedArticle
    from annotator.formats.losses import Loss
    from annotator.packed import Packed
    from annotator.scheme import Scheme

HEAD: Final = 64 * 1024
"""Bytes of a file that are looked at to find out what it is."""

HEAD_OF_JSON: Final = 16 * 1024**2
"""The same for JSON, whose keys may stand behind a long text."""

UNITS: Final = ("codepoint", "utf16", "byte")
"""What offsets in files may count; ``auto`` finds out which."""


class Group(StrEnum):
    """What people want a format for: lists of formats are in this order."""

    LOSSLESS = later("Lossless")
    TRAINING = later("Training")
    TOOLS = later("Other tools")
    TABLES = later("Tables and maps")
    ARTICLES = later("Articles")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a file that cannot be taken over: a label, or the article that it is in."""

    line: int
    """Counted from 1; 0 where it is about the file as a whole."""
    place: str
    """Path inside the line, such as ``layers[0].spans[3].fragments[1]``; may be empty."""
    reason: str

    def __str__(self) -> str:
        where = ", ".join(filter(None, (f"line {self.line}" if self.line else "", self.place)))
        return f"{where}: {self.reason}" if where else self.reason

    def told(self, path: Path) -> str:
        """Return the problem with the file that has it."""
        return f"{path}, {self}" if self.line or self.place else f"{path}: {self}"


@dataclass(frozen=True, slots=True)
class Need:
    """A library that a format cannot do without, and the extra of ours that installs it."""

    module: str
    extra: str

    @property
    def is_met(self) -> bool:
        """Whether it is installed."""
        return find_spec(self.module) is not None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table that is to be read: foreign text."""

    name: str
    field: str = ""
    """What of ours it is taken for unless somebody says otherwise; empty for nothing."""
    samples: tuple[str, ...] = ()
    """What stands in its first cells."""


FIELDS: Final = ("id", "title", "text", "language", "source", "url", "published")
"""What a column of a table of articles can hold; others become metadata."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How to read a file, as far as the file does not say."""

    offsets: str = "auto"
    """What offsets count: one of :data:`UNITS`, or ``auto``."""
    anchoring: bool = False
    """Whether a label that is not where its offsets say goes where its words stand, if once."""
    encoding: str | None = None
    language: str | None = None
    author: str = ""
    """Whose labels they are; empty for nobody's, which makes them an import's."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """For tables: our field (``text``, ``title``, ``published`` …) by the name of the column."""
    scheme: Scheme | None = None
    """The scheme of the project that the labels are for, where there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """How to write files."""

    scheme: Scheme
    tokens: str = ""
    """Name of the tokeniser (see :mod:`annotator.formats.tokens`); empty for the format's own."""
    tags: str = "IOB2"
    """How columns of tags tell where a label begins and ends: one of
    :data:`annotator.formats.tags.SCHEMES`."""
    raw_cells: bool = False
    """Whether cells that a spreadsheet would run are left as they are."""


@dataclass(frozen=True)
class Sample:
    """The beginning of a file, to tell what it is."""

    path: Path
    head: bytes

    @cached_property
    def suffix(self) -> str:
        """In small letters, with the dot."""
        return self.path.suffix.lower()

    @cached_property
    def text(self) -> str:
        """The beginning as text, without a byte order mark; what is not text is replaced."""
        if self.head.startswith((b"\xff\xfe", b"\xfe\xff")):
            return self.head.decode("utf-16", errors="replace")
        return self.head.decode("utf-8-sig", errors="replace")

    @cached_property
    def json(self) -> Any:
        """The first JSON value of the file; of an array its first element; None without one.

        Of an object that is longer than what is looked at, those entries that are whole.
        """
        from annotator.formats import json_text

        is_cut = len(self.head) == HEAD and self.text.lstrip()[:1] in ("{", "[")
        longer = _beginning(self.path, HEAD_OF_JSON) if is_cut else self.head
        return json_text.first_value(Sample(self.path, longer).text)

    @property
    def keys(self) -> frozenset[str]:
        """The keys of the first JSON object, or none."""
        return frozenset(self.json) if isinstance(self.json, dict) else frozenset()


class Format(Protocol):
    """A form of articles, with labels or without."""

    name: str
    """What it is called on the command line."""
    title: str
    """What people call it."""
    purpose: str
    """What it is for, in one line (marked with :func:`annotator.translation.later`)."""
    group: Group
    suffixes: tuple[str, ...]
    """In small letters, with the dot; written files get the first one."""

    # May have besides:
    #   needs: Need              a library that is not always installed
    #   folder: bool             one export is a folder of files
    #   several_layers: bool     holds the readings of several people; assumed unless it says no
    #   tokenised: bool          labels tokens, so that it matters which tokeniser is chosen
    #   tagged: bool             has a tag a token, so that it matters which scheme of tags is
    #   companions(path)         other files that belong to the one at path
    #   table_columns(path)      of a table: its columns, for people to say what is in which
    #   write_packed(…)          see PackedWriter
    #   accompanies(sample)      tells a file without articles that lies beside such files


class Reader(Format, Protocol):
    """A format that can be read."""

    def recognises(self, sample: Sample) -> bool:
        """Tell by content, not by suffix alone, whether this is such a file."""

    def read(self, path: Path, reading: Reading) -> Iterator[Annotated | ImportedArticle | Problem]:
        """Yield the articles of a file, and what cannot be taken over.

        Raises UserError where the file is not readable at all.
        """


class Writer(Format, Protocol):
    """A format that can be written."""

    def write(self, articles: Iterable[Annotated], target: Path, writing: Writing) -> int:
        """Write articles in the order in which they come, and return their number.

        The target is replaced whole or not at all. Raises UserError where that fails.
        """

    def cannot_carry(self, articles: Iterable[Annotated], writing: Writing) -> list[Loss]:
        """Return what :meth:`write` would change or leave out of exactly these articles."""


class PackedWriter(Writer, Protocol):
    """A format that carries everything, and can do without records of spans."""

    def write_packed(self, articles: Iterable[Packed], target: Path, writing: Writing) -> int:
        """Write what :meth:`write` writes of the same articles, letter for letter."""


NAMES: Final = (
    "bundle",
    "label_studio",
    "jsonl",
    "brat",
    "attribution",
    "german_news_quotations",
    "doccano",
    "prodigy",
    "chat",
    "spacy",
    "huggingface",
    "huggingface_jsonl",
    "gliner",
    "flair",
    "conll2003",
    "conll",
    "uima_json",
    "uima_xmi",
    "webanno_tsv",
    "ninjs",
    "newsml_g2",
    "feed",
    "pdf",
    "docx",
    "xlsx_articles",
    "csv_articles",
    "tsv_articles",
    "jsonl_articles",
    "qdpx",
    "tei",
    "w3c",
    "claimreview",
    "spans_csv",
    "geojson",
    "html",
    "markdown",
    "plain_text",
)
"""The modules of the formats that ship. A file is what the first that recognises it says."""

ENTRY_POINTS: Final = "annotator.formats"


def all_formats() -> tuple[Format, ...]:
    """Return the formats that there are: those of other packages first, for they know better."""
    ours = [cast("Format", import_module(f"annotator.formats.{name}")) for name in NAMES]
    return (*_foreign(), *ours)


def in_order() -> list[Format]:
    """Return all formats as people look for them: by what they are for."""
    places = {group: place for place, group in enumerate(Group)}
    return sorted(all_formats(), key=lambda form: places.get(form.group, len(places)))


_STATED: Final = ("name", "title", "purpose", "group", "suffixes")


def _foreign() -> Iterator[Format]:
    for entry in sorted(entry_points(group=ENTRY_POINTS), key=lambda item: item.name):
        try:
            form = cast("Format", entry.load())
            missing = [key for key in _STATED if not hasattr(form, key)]
        except (ImportError, AttributeError) as error:
            raise UserError(
                f"The format {entry.name!r} of the package {_package(entry)} cannot be loaded: "
                f"{error}. Upgrade or uninstall that package."
            ) from error
        if missing:
            raise UserError(
                f"The format {entry.name!r} of the package {_package(entry)} has no "
                f"{', '.join(missing)}. Upgrade or uninstall that package."
            )
        yield form


def _package(entry: EntryPoint) -> str:
    return str(entry.dist.name) if entry.dist is not None else entry.value


def can_read(form: Format) -> TypeGuard[Reader]:
    """Tell whether a format can be read."""
    return hasattr(form, "read")


def can_write(form: Format) -> TypeGuard[Writer]:
    """Tell whether a format can be written."""
    return hasattr(form, "write") and hasattr(form, "cannot_carry")


def takes_packed(form: Format) -> TypeGuard[PackedWriter]:
    """Tell whether a format carries everything, from spans as a project keeps them."""
    return can_write(form) and hasattr(form, "write_packed")


def need_of(form: Format) -> Need | None:
    """Return the library that a format cannot do without, or None."""
    return cast("Need | None", getattr(form, "needs", None))


def is_folder(form: Format) -> bool:
    """Tell whether one export in a format is a folder of files."""
    return bool(getattr(form, "folder", False))


def holds_several_layers(form: Format) -> bool:
    """Tell whether a format can hold several people's readings of one article."""
    return bool(getattr(form, "several_layers", True))


def companions(form: Format, path: Path) -> tuple[Path, ...]:
    """Return the other files that belong to the one at *path*."""
    find = getattr(form, "companions", None)
    return () if find is None else tuple(find(path))


def is_tokenised(form: Format) -> bool:
    """Tell whether a format labels tokens."""
    return bool(getattr(form, "tokenised", False))


def is_tagged(form: Format) -> bool:
    """Tell whether a format writes a tag for each token, such as ``B-Claim``."""
    return bool(getattr(form, "tagged", False))


def is_table(form: Format) -> bool:
    """Tell whether a format has columns of which somebody can say what they hold."""
    return hasattr(form, "table_columns")


def table_columns(form: Format, path: Path) -> tuple[Column, ...]:
    """Return the columns of the table at *path*; none where it is no table.

    Raises UserError where the file cannot be read.
    """
    find = getattr(form, "table_columns", None)
    return () if find is None else tuple(find(path))


def install_line(need: Need) -> str:
    """Return the command that installs what a format cannot do without."""
    return f"python -m pip install 'annotator-desktop[{need.extra}]'"


def accompanies(form: Format, sample: Sample) -> bool:
    """Tell whether a file has no articles in it and lies beside files in a format, to explain."""
    tells = getattr(form, "accompanies", None)
    return tells is not None and bool(tells(sample))


def by_name(name: str) -> Format:
    """Return the format called *name*. Raises UserError for a name that none has."""
    forms = {form.name: form for form in reversed(all_formats())}
    if name not in forms:
        raise UserError(f"There is no format {name!r}. Choose one of: {', '.join(sorted(forms))}.")
    return forms[name]


def reader(name: str) -> Reader:
    """Return the format called *name* for reading. Raises UserError where that cannot be."""
    form = by_name(name)
    if not can_read(form):
        raise UserError(f"{form.title} can be written, but not read.")
    refuse_unmet(form)
    return form


def writer(name: str) -> Writer:
    """Return the format called *name* for writing. Raises UserError where that cannot be."""
    form = by_name(name)
    if not can_write(form):
        raise UserError(f"{form.title} can be read, but not written.")
    refuse_unmet(form)
    return form


def refuse_unmet(form: Format) -> None:
    """Raise UserError with the line that installs it where a library is missing."""
    need = need_of(form)
    if need is not None and not need.is_met:
        raise UserError(
            f"{form.title} needs the library {need.module}, which is not installed. Install it "
            f"with: {install_line(need)}"
        )


def sample_of(path: Path) -> Sample:
    """Return the beginning of the file at *path*. Raises UserError where it cannot be opened."""
    return Sample(path, _beginning(path, HEAD))


def _beginning(path: Path, length: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(length)
    except OSError as error:
        raise UserError(
            f"{path} cannot be read: {error.strerror or error}. Nothing was imported."
        ) from error


def recognise(path: Path, forms: Iterable[Format] | None = None) -> Reader | None:
    """Return the format that the file at *path* is in: by its content, else by its suffix, or None.

    Of JSON a suffix says nothing: a dozen formats are written in it. Who asks about many
    files passes :func:`all_formats` as *forms*: to look for those of other packages takes a while.
    Raises UserError where the file cannot be opened.
    """
    return recognised(sample_of(path), forms)


def recognised(sample: Sample, forms: Iterable[Format] | None = None) -> Reader | None:
    """Return the format of the file that *sample* is the beginning of, as :func:`recognise`."""
    readers = [form for form in (all_formats() if forms is None else forms) if can_read(form)]
    by_content = (form for form in readers if form.recognises(sample))
    by_suffix = (form for form in readers if sample.suffix in form.suffixes)
    is_foreign_json = bool(sample.keys) and sample.suffix.startswith(".json")
    lies_beside = any(accompanies(form, sample) for form in readers)
    return next(chain(by_content, () if is_foreign_json or lies_beside else by_suffix), None)
