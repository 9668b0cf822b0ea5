"""Files with a token a line and its tags in columns, as CoNLL shared tasks have them.

What stands where is found out by looking: the separator, which column holds the tokens, which the
tags, which lines are comments. The files come in two passes of one line at a time.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from annotator.formats import Problem, Reading, json_text
from annotator.formats.tags import OUTSIDE, is_tag, label_of

DOCUMENT: Final = "-DOCSTART-"
HEADER: Final = "# global.columns ="
_LOOKED_AT: Final = 5000
"""Lines of tokens that tell what stands in which column."""
_CHUNK_LABELS: Final = frozenset(
    ("NP", "VP", "PP", "ADVP", "ADJP", "SBAR", "PRT", "CONJP", "INTJ", "LST", "UCP", "NC", "PC")
)
"""Labels of phrases: a column of them beside one of names is not what a person marked."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What stands where in a file."""

    tabs: bool
    """Whether tabs part the columns; else any blanks."""
    width: int
    """How many columns most lines have."""
    form: int = 0
    """The column of tokens."""
    tags: tuple[int, ...] = ()
    """The columns of tags."""
    misc: int | None = None
    """The column of CoNLL-U's MISC, where blanks are told."""

    def cells(self, line: str) -> list[str]:
        """Return the columns of a line."""
        return line.split("\t") if self.tabs else line.split()

    def is_comment(self, line: str) -> bool:
        """Tell a comment from a token ``#``."""
        if not line.startswith("#"):
            return False
        cells = self.cells(line)
        return len(cells) != self.width or not all(is_tag(cells[n]) for n in self.tags)


@dataclass(slots=True)
class Document:
    """The tokens of one article, and what comments say of it."""

    line: int
    facts: dict[str, str] = field(default_factory=dict)
    sentences: list[list[str]] = field(default_factory=list)
    tags: list[list[str]] = field(default_factory=list)
    """A list for each column of tags, as long as there are tokens."""
    misc: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    is_whole: bool = True
    """Whether all of its tokens could be read."""

    @property
    def is_something(self) -> bool:
        """Whether there is more to it than a place in the file."""
        return bool(self.sentences or self.problems or self.facts)


# ------------------------------------------------------------------------------------- layout


def layout(lines: Iterable[str], columns: Mapping[str, str]) -> Layout | None:
    """Return what stands where, or None where there are no columns with tags.

    *columns* overrules by number, from 1: ``{"2": "text", "5": "label"}``.
    """
    sample = [line for line in lines if line.strip() and not line.startswith(DOCUMENT)]
    header = next((line for line in sample if line.startswith(HEADER)), None)
    if header is not None:
        return _stated(header)
    tabs = _by_tabs(sample)
    rows = [line.split("\t") if tabs else line.split() for line in sample]
    widths = Counter(len(row) for row in rows)
    if not widths:
        return None
    width = max(widths, key=lambda n: (widths[n], n))
    rows = [row for row in rows if len(row) == width]
    if width < 2:
        return None
    return _overruled(Layout(tabs, width, _form(rows), _tag_columns(rows)), columns)


def _stated(header: str) -> Layout:
    names = header.removeprefix(HEADER).split()
    form = names.index("FORM") if "FORM" in names else 0
    tags = tuple(n for n, name in enumerate(names) if ":" in name)
    return Layout(True, len(names), form, tags, names.index("MISC") if "MISC" in names else None)


def _by_tabs(sample: Sequence[str]) -> bool:
    tokens = [line for line in sample if not line.startswith("#")]
    return 2 * sum("\t" in line for line in tokens) > len(tokens)


def _form(rows: Sequence[Sequence[str]]) -> int:
    """Return the column of tokens: the first, or the second after one of numbers."""
    numbered = [row[0] for row in rows if re.fullmatch(r"\d+(?:[-.]\d+)?", row[0])]
    counts = len(rows[0]) > 2 and len(numbered) == len(rows) and numbered[0] in ("0", "1")
    return int(counts)


def _tag_columns(rows: Sequence[Sequence[str]]) -> tuple[int, ...]:
    found: dict[int, set[str]] = {}
    for column in range(1, len(rows[0])):
        values = Counter(row[column] for row in rows)
        good = sum(count for value, count in values.items() if is_tag(value))
        if good >= 0.9 * len(rows):
            found[column] = {label for value in values if (label := label_of(value)) is not None}
    named = {column for column, labels in found.items() if labels}
    if named:
        found = {column: found[column] for column in named}
    elif len(found) > 1:  # nothing is marked: the last column is where it would stand
        found = {max(found): set()}
    phrases = {column for column, labels in found.items() if labels and labels <= _CHUNK_LABELS}
    return tuple(sorted(found.keys() - phrases or found))


def _overruled(found: Layout, columns: Mapping[str, str]) -> Layout | None:
    form, tags = found.form, []
    for number, meaning in columns.items():
        if number.isdigit() and 1 <= int(number) <= found.width:
            if meaning == "text":
                form = int(number) - 1
            elif meaning == "label":
                tags.append(int(number) - 1)
    result = Layout(found.tabs, found.width, form, tuple(sorted(tags)) or found.tags)
    return result if result.tags else None


# ------------------------------------------------------------------------------------ documents


def lines_of(path: Path, reading: Reading) -> Iterator[tuple[int, str | Problem]]:
    """Yield number and text of every line that is not empty."""
    for number, raw in json_text.raw_lines(path):
        if isinstance(raw, Problem):
            yield number, raw
            continue
        try:
            yield number, raw.decode(reading.encoding or "utf-8").rstrip("\r\n")
        except (UnicodeDecodeError, LookupError):
            name = reading.encoding or "UTF-8"
            yield number, Problem(number, "", f"The line is not {name}; say which encoding it is.")


def layout_of(path: Path, reading: Reading) -> Layout | None:
    """Return what stands where in a file, by its first lines."""
    sample = []
    for _, line in lines_of(path, reading):
        if isinstance(line, str):
            sample.append(line)
        if len(sample) == _LOOKED_AT:
            break
    return layout(sample, reading.columns)


def documents(path: Path, reading: Reading, places: Layout) -> Iterator[Document]:
    """Yield the documents of a file one by one.

    They begin at ``-DOCSTART-`` or ``# newdoc``; a file without them is one document.
    """
    document = Document(1, tags=[[] for _ in places.tags])
    last, apart = 0, True
    for number, line in lines_of(path, reading):
        apart = apart or number > last + 1
        last = number
        if isinstance(line, Problem):
            document.problems.append(line)
            document.is_whole = False
            continue
        if _starts(line, places):
            if document.is_something:
                yield document
            document = Document(number, tags=[[] for _ in places.tags])
            apart = True
        if line.startswith(HEADER):
            continue
        if places.is_comment(line):
            key, _, value = line.lstrip("# \t").partition(" = ")
            document.facts.setdefault(key, value)
        elif not line.startswith(DOCUMENT) or not _starts(line, places):
            taken = _take(document, number, line, places, apart=apart)
            apart = apart and not taken
    if document.is_something:
        yield document


def _starts(line: str, places: Layout) -> bool:
    if line.startswith("# newdoc"):
        return True
    return line.startswith(DOCUMENT) and places.cells(line)[0] == DOCUMENT


def _take(document: Document, number: int, line: str, places: Layout, *, apart: bool) -> bool:
    """Take over the token of a line with its tags, or note why not; *apart* begins a sentence.

    Returns whether there was a token.
    """
    cells = places.cells(line)
    if len(cells) <= places.form:
        document.problems.append(Problem(number, "", "There is no token in this line."))
        document.is_whole = False
        return False
    if apart:
        document.sentences.append([])
    document.sentences[-1].append(cells[places.form])
    document.misc.append(_cell(cells, places.misc) or "_")
    for tags, column in zip(document.tags, places.tags, strict=True):
        tag = _cell(cells, column)
        if tag is None or not (is_tag(tag) or tag in ("_", "*", "")):
            reason = "There is no tag." if tag is None else f"{tag!r} is no tag."
            document.problems.append(Problem(number, f"column {column + 1}", reason))
            tag = OUTSIDE
        tags.append(tag)
    return True


def _cell(cells: Sequence[str], column: int | None) -> str | None:
    return cells[column] if column is not None and column < len(cells) else None
