r"""CoNLL columns: a token a line, and a column of tags for each label.

Written is CoNLL-U Plus (universaldependencies.org/ext-format.html): the first line names the
columns, MISC tells the blanks as UDPipe does (``SpaceAfter=No``, ``SpacesAfter=\n``), so that the
very text comes back. Spans of one label that overlap take further columns of that label. Sentences
are cut where no span is. A comment at the head of each document holds what is known of the article.

Read is any file of columns: IOB1, IOB2, IO, BILOU or BIOES, one column of tags or several, with or
without ``-DOCSTART-``. Where nothing is said of blanks, a blank parts two tokens and a line break
two sentences.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, BinaryIO, Final

from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.formats import Group, Problem, Reading, Sample, Writing, json_text, tags
from annotator.formats.columns import HEADER, Document, Layout, documents, layout, layout_of
from annotator.formats.losses import Fate, Loss
from annotator.formats.readings import gathered, layers_of, rebuilt, row
from annotator.formats.replacing import replacing
from annotator.formats.tags import Chunk
from annotator.formats.tokens import (
    Tokens,
    laid,
    sentences,
    snapped,
    token_losses,
    tokeniser,
    tokens_of,
)
from annotator.model import JsonObject, Layer
from annotator.translation import later

name: Final = "conll"
title: Final = "CoNLL columns"
purpose: Final = later("a token a line, a column for each label, the text as it was")
group: Final = Group.TRAINING
suffixes: Final = (".conllup", ".conll", ".conllu", ".bio", ".iob")
tokenised: Final = True
tagged: Final = True

FATES: Final = {
    "layer_facts": Fate.LEFT_OUT,
    "discontinuous": Fate.CHANGED,
    "attributes": Fate.LEFT_OUT,
    "entities": Fate.LEFT_OUT,
    "entity_facts": Fate.LEFT_OUT,
    "idle_entities": Fate.LEFT_OUT,
    "unsure": Fate.LEFT_OUT,
    "notes": Fate.LEFT_OUT,
    "relations": Fate.LEFT_OUT,
    "entity_relations": Fate.LEFT_OUT,
    "relation_attributes": Fate.LEFT_OUT,
    "verdicts": Fate.LEFT_OUT,
    "comments": Fate.LEFT_OUT,
    "extra": Fate.LEFT_OUT,
}
FACTS: Final = "annotator"
"""Name of the comment with what is known of an article and its layer."""
_ELSEWHERE: Final = ("id", "text", "spans", "relations", "entities")
"""Keys of a row that stand in the columns, or nowhere."""

Column = tuple[int, str]
"""How many spans of a label already lie on the same words, and the label."""


# --------------------------------------------------------------------------------------- writing


def write(articles: Iterable[Annotated], target: Path, writing: Writing) -> int:
    """Write a document for every layer of *articles*, and return how many articles there were.

    The columns are those of the scheme's labels and of all that occur, so that the lines are laid
    down first and written once all have been seen.
    """
    tokenise = tokeniser(writing.tokens)
    known = [(0, label.name) for label in writing.scheme.labels]
    seen: set[Column] = set()
    count = 0
    with replacing(target) as file, tempfile.TemporaryFile() as draft:
        for item in articles:
            tokens = tokens_of(item.article, tokenise)
            moved = snapped(item, tokens)
            for layer in layers_of(moved):
                seen |= _draft(moved, layer, tokens, draft, writing.tags)
            count += 1
        draft.seek(0)
        _write_drafts(draft, [*known, *sorted(seen.difference(known))], file)
    return count


def cannot_carry(articles: Iterable[Annotated], writing: Writing) -> list[Loss]:
    """Return what the columns will not say as it is."""
    return token_losses(articles, writing, FATES)


def _draft(
    item: Annotated, layer: Layer | None, tokens: Tokens, draft: IO[bytes], scheme: str
) -> set[Column]:
    """Lay down the lines of one reading, and return the columns that it needs."""
    spans = [] if layer is None else item.spans_of(layer.id)
    columns = stacked(laid(spans, tokens))
    facts = {key: value for key, value in row(item, layer).items() if key not in _ELSEWHERE}
    gaps = _gaps(tokens)
    parts = list(sentences(tokens, spans, item.article.language))
    lines = []
    for part in parts:
        usual = ["", *[" "] * (len(part) - 1), "\n"]
        if part[-1] + 1 == len(tokens):
            usual[-1] = ""
        lines.append(
            [
                _form(tokens.text[tokens.starts[at] : tokens.ends[at]], gaps[at : at + 2], default)
                for at, default in zip(part, usual[1:], strict=True)
            ]
        )
    if parts and gaps[0]:
        lines[0][0][1] = _joined(lines[0][0][1], f"SpacesBefore={_escaped(gaps[0])}")
    elif not parts:
        facts["text"] = item.article.text
    found = [
        [*column, tags.tagged(len(tokens), chunks, scheme)] for column, chunks in columns.items()
    ]
    draft.write(json_text.line([item.article.id, facts, lines, found]))
    return set(columns)


def stacked(found: Iterable[Chunk]) -> dict[Column, list[Chunk]]:
    """Return columns of chunks that do not overlap, as few for each label as there must be."""
    result: dict[Column, list[Chunk]] = {}
    for chunk in sorted(found, key=lambda one: (one.first, -one.end)):
        depth = 0
        while (column := result.setdefault((depth, chunk.label), [])) and (
            column[-1].end > chunk.first
        ):
            depth += 1
        column.append(chunk)
    return result


def _gaps(tokens: Tokens) -> list[str]:
    """Return what stands before each token, and after the last."""
    pairs = zip([0, *tokens.ends], [*tokens.starts, len(tokens.text)], strict=True)
    return [tokens.text[a:b] for a, b in pairs]


def _form(word: str, gaps: Sequence[str], usual: str) -> list[str]:
    """Return the columns FORM and MISC of a token; *usual* is what would follow if nothing said."""
    misc = "_"
    if _UNFIT.search(word):
        misc = f"SpacesInToken={_escaped(word)}"
    after = gaps[1]
    if after == "" != usual:
        misc = _joined(misc, "SpaceAfter=No")
    elif after != usual:
        misc = _joined(misc, f"SpacesAfter={_escaped(after)}")
    return [_UNFIT.sub("_", word), misc]


def _joined(misc: str, more: str) -> str:
    return more if misc == "_" else f"{misc}|{more}"


def _write_drafts(draft: Iterable[bytes], columns: Sequence[Column], file: BinaryIO) -> None:
    names = (f"LABEL:{tags.encoded(label)}{'+' * depth}" for depth, label in columns)
    file.write(f"{HEADER} {' '.join(('ID', 'FORM', 'MISC', *names))}\n".encode())
    for line in draft:
        id_, facts, parts, found = json.loads(line)
        by_column = {(depth, label): marks for depth, label, marks in found}
        file.write(f"# newdoc id = {_escaped(id_, keep=' ')}\n# {FACTS} = ".encode())
        file.write(json_text.line(facts))
        at = 0
        for part in parts:
            lines = []
            for number, cells in enumerate(part, start=1):
                marks = (
                    by_column[column][at] if column in by_column else tags.OUTSIDE
                    for column in columns
                )
                lines.append("\t".join((str(number), *cells, *marks)))
                at += 1
            file.write("\n".join((*lines, "\n")).encode())
        if not parts:
            file.write(b"\n")


_UNFIT: Final = re.compile(r"[^\S ]|[\x00-\x1f\x7f-\x9f]")
_ESCAPES: Final = {" ": r"\s", "\t": r"\t", "\r": r"\r", "\n": r"\n", "|": r"\p", "\\": r"\\"}
_LETTERS: Final = {escape[1]: character for character, escape in _ESCAPES.items()}


def _escaped(text: str, keep: str = "") -> str:
    """Return *text* as UDPipe escapes blanks, other characters that are not seen by their code."""
    return "".join(
        char
        if char in keep or (char.isprintable() and char not in _ESCAPES)
        else _ESCAPES.get(char, f"\\U{ord(char):08X}")
        for char in text
    )


def _unescaped(text: str) -> str:
    return re.sub(r"\\(?:U([0-9A-F]{8})|(.))", _character, text)


def _character(match: re.Match[str]) -> str:
    if match[2]:
        return _LETTERS.get(match[2], match[0])
    code = int(match[1], 16)
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code < 0xE000 else match[0]


# --------------------------------------------------------------------------------------- reading


def recognises(sample: Sample) -> bool:
    """Tell a file of columns one of which is tags."""
    text = sample.text
    if text.startswith(HEADER):
        return True
    if text.lstrip()[:1] in ("{", "[", "<"):
        return False
    lines = text.split("\n", 200)[:200]
    if not _may_be_columns(lines):
        return False
    found = layout(lines, {})
    return found is not None and _is_marked(lines, found)


_LIKE_A_TAG: Final = re.compile(r"(?<!\S)(?:O(?!\S)|[BILUESMW]-\S)")


def _may_be_columns(lines: Sequence[str]) -> bool:
    """Tell whether half of the lines have a word like a tag, as those of hardly any text have.

    Looks at as few lines as will do: to find out columns takes a hundred times as long, and people
    import folders of ten thousand texts.
    """
    told = [line for line in lines if line.strip() and line[0] != "#"]
    left = len(told) // 2
    for line in told:
        left -= _LIKE_A_TAG.search(line) is None
        if left < 0:
            return False
    return bool(told)


def _is_marked(lines: Iterable[str], found: Layout) -> bool:
    """Tell whether nearly all lines are of one width, and one at least has a label."""
    lines = [line for line in lines if line.strip() and line[0] != "#"]
    rows = [found.cells(line) for line in lines]
    fitting = [cells for cells in rows if len(cells) == found.width]
    marked = any(tags.label_of(cells[n]) is not None for cells in fitting for n in found.tags)
    return marked and len(fitting) >= 0.9 * len(rows)


def read(path: Path, reading: Reading) -> Iterator[Annotated | Problem]:
    """Yield the articles of a file of columns.

    Raises UserError where no column holds tags.
    """
    places = layout_of(path, reading)
    if places is None:
        raise UserError(
            f"{path} has no column of tags such as B-Speaker. Say which columns hold the tokens "
            "and the tags, by number: 1 = text, 4 = label."
        )
    yield from gathered(_rows(path, reading, places), reading)


def _rows(
    path: Path, reading: Reading, places: Layout
) -> Iterator[tuple[int, JsonObject | Problem]]:
    for number, document in enumerate(documents(path, reading, places), start=1):
        yield from ((problem.line, problem) for problem in document.problems)
        if document.is_whole:
            id_ = path.stem if number == 1 else f"{path.stem}-{number}"
            yield document.line, _row(document, id_, has_misc=places.misc is not None)


def _row(document: Document, id_: str, *, has_misc: bool) -> JsonObject:
    data: dict[str, Any] = _facts(document)
    words, text, starts = _text(document, has_misc=has_misc)
    data["id"] = _unescaped(document.facts.get("newdoc id", "")) or id_
    data["text"] = text or data.get("text") or ""
    found = [chunk for column in document.tags for chunk in tags.chunks(column)]
    data["spans"] = [
        {"label": label, "start": starts[first], "end": starts[end - 1] + len(words[end - 1])}
        for label, first, end in sorted(found, key=lambda one: (one.first, -one.end, one.label))
    ]
    return data


def _facts(document: Document) -> dict[str, Any]:
    try:
        found = json_text.loads(document.facts.get(FACTS, "{}"))
    except ValueError:
        return {}
    return dict(found) if isinstance(found, Mapping) else {}


def _text(document: Document, *, has_misc: bool) -> tuple[list[str], str, list[int]]:
    """Return the tokens, the text, and where each token begins."""
    words = [word for sentence in document.sentences for word in sentence]
    if not has_misc:
        return (words, *rebuilt(document.sentences))
    last = set()
    at = -1
    for sentence in document.sentences:
        at += len(sentence)
        last.add(at)
    text, starts = "", []
    parts: list[str] = []
    length = 0
    for at, (word, misc) in enumerate(zip(words, document.misc, strict=True)):
        said = dict(part.partition("=")[::2] for part in misc.split("|"))
        words[at] = word = _unescaped(said.get("SpacesInToken", "")) or word
        before = _unescaped(said.get("SpacesBefore", ""))
        usual = "" if at == len(words) - 1 else "\n" if at in last else " "
        after = "" if said.get("SpaceAfter") == "No" else usual
        after = _unescaped(said["SpacesAfter"]) if "SpacesAfter" in said else after
        starts.append(length + len(before))
        parts += (before, word, after)
        length += len(before) + len(word) + len(after)
    text = "".join(parts)
    return words, text, starts
