"""Rows with tokens and tags, as ``datasets`` of Hugging Face have them, from articles and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from annotator.annotated import Annotated
from annotator.formats import Problem, Reading, Writing, tags
from annotator.formats.losses import Fate, Fates, Loss, announced, flat
from annotator.formats.readings import FATES as ROW_FATES
from annotator.formats.readings import layers_of, rebuilt, row
from annotator.formats.tokens import Misfits, Tokeniser, laid, snapped, tokeniser
from annotator.model import JsonObject
from annotator.scheme import Scheme
from annotator.translation import tr_n

FATES: Final = ROW_FATES

Shape = str | list[Any] | dict[str, Any]
"""What stands in a column: the name of a type, a list of one shape, or an object of several."""

_SPAN: Final = {
    **dict.fromkeys(("id", "label"), "string"),
    **dict.fromkeys(("start", "end"), "int64"),
    **dict.fromkeys(("text", "attributes", "entity"), "string"),
    "unsure": "bool",
    "note": "string",
}
_TIE: Final = dict.fromkeys(
    ("id", "label", "source", "target", "target_entity", "attributes"), "string"
)
_ENTITY: Final = {
    **dict.fromkeys(("id", "kind", "name"), "string"),
    "aliases": ["string"],
    "identifiers": "string",
    **dict.fromkeys(("latitude", "longitude"), "float64"),
    **dict.fromkeys(("attributes", "note"), "string"),
}
_FACTS: Final = ("title", "text", "language", "source", "url", "published", "metadata")
COLUMNS: Final[Mapping[str, Shape]] = {
    "id": "string",
    "tokens": ["string"],
    "ner_tags": ["int64"],
    **dict.fromkeys((*_FACTS, "author", "kind"), "string"),
    "zones": [{"zone": "string", "start": "int64", "end": "int64"}],
    "spans": [_SPAN],
    "relations": [_TIE],
    "entities": [_ENTITY],
}
"""The columns of a row, in the order in which they are written."""

_TOKENS: Final = ("tokens", "words")
_TAGS: Final = ("ner_tags", "tags", "labels", "ner")


class Classes:
    """The numbers of tags: 0 for the outside, then B and I of each label."""

    def __init__(self, scheme: Scheme) -> None:
        self._labels = {label.name: None for label in scheme.labels}
        self._numbers = {label: 2 * n + 1 for n, label in enumerate(self._labels)}

    def names(self) -> list[str]:
        """Return the names of the classes by number."""
        return tags.names(list(self._numbers))

    def begin(self, label: str) -> int:
        """Return the number of a label's B; that of its I is the next."""
        return self._numbers.setdefault(label, 2 * len(self._numbers) + 1)


class TokenRows:
    """Makes rows of articles, and keeps account of the classes in them."""

    def __init__(self, writing: Writing) -> None:
        self.classes = Classes(writing.scheme)
        self.articles = 0
        self._tokenise = tokeniser(writing.tokens)

    def rows(self, articles: Iterable[Annotated]) -> Iterator[JsonObject]:
        """Yield the rows of *articles*, one for each layer."""
        for item in articles:
            self.articles += 1
            tokens = self._tokenise(item.article.text, item.article.language)
            words = tokens.words()
            moved = snapped(item, tokens)
            for layer in layers_of(item):
                spans = [] if layer is None else flat(moved.spans_of(layer.id))
                numbers = [0] * len(words)
                for label, first, end in laid(spans, tokens):
                    begin = self.classes.begin(label)
                    numbers[first] = begin
                    for at in range(first + 1, end):
                        numbers[at] = begin + 1
                found = {**row(item, layer), "tokens": words, "ner_tags": numbers}
                yield {key: found[key] for key in COLUMNS}

    def batches(self, articles: Iterable[Annotated], size: int) -> Iterator[list[JsonObject]]:
        """Yield the rows of *articles* in lists of *size*, the last of what is left."""
        some: list[JsonObject] = []
        for one in self.rows(articles):
            some.append(one)
            if len(some) == size:
                yield some
                some = []
        if some:
            yield some


def losses(articles: Iterable[Annotated], writing: Writing) -> list[Loss]:
    """Return what rows will not say as it is; what only the tags do not say is told as well."""
    return losses_beside_flat(articles, tokeniser(writing.tokens), FATES, _not_in_tags)


def _not_in_tags(count: int) -> Loss:
    sentence = tr_n(
        count,
        "{n} span overlaps a longer one: it is in the column spans, not in the tags",
        "{n} spans overlap longer ones: they are in the column spans, not in the tags",
    )
    return Loss("flat_tags", count, Fate.CHANGED, sentence)


def losses_beside_flat(
    articles: Iterable[Annotated],
    tokenise: Tokeniser,
    fates: Fates,
    told: Callable[[int], Loss],
) -> list[Loss]:
    """Return what is lost where all spans are written, and those that do not overlap once more.

    *told* says that so many spans are missing the second time.
    """
    misfits = Misfits(tokenise)
    count = 0

    def watched() -> Iterator[Annotated]:
        nonlocal count
        for item in articles:
            moved = misfits.snap(item)
            for layer_id in moved.layers:
                spans = moved.spans_of(layer_id)
                count += len(spans) - len(flat(spans))
            yield item

    stated = announced(watched(), fates)
    return [*misfits.losses, *([told(count)] if count else []), *stated]


# --------------------------------------------------------------------------------------- reading


def from_tokens(
    data: Mapping[str, Any],
    id_: str,
    number: int,
    reading: Reading,
    classes: Mapping[str, Sequence[str]],
) -> JsonObject | Problem:
    """Return a row of a file as :func:`annotator.formats.readings.gathered` takes it.

    Where there is no text it is put together from the tokens; where there are no spans they are
    read from the tags. *classes* has the names of numbered tags by column.
    """
    named = dict(data)
    for column, field in reading.columns.items():
        if column in data:
            named[field] = data[column]
    own = named.get("id")
    named["id"] = str(own) if isinstance(own, (str, int)) and str(own) else id_
    spans = named.get("spans")
    if isinstance(named.get("text"), str) and isinstance(spans, (list, tuple)):
        return named
    words = _first(named, _TOKENS)
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        return Problem(number, "", "There are no tokens, and no text with spans.")
    column = next((key for key in (*reading.columns, *_TAGS) if key in named), "")
    column = next((key for key, field in reading.columns.items() if field == "tags"), column)
    found = _named(named.get(column), classes.get(column, ()))
    if isinstance(found, str):
        return Problem(number, column, found)
    if len(found) != len(words):
        return Problem(number, column, f"{len(found)} tags do not fit {len(words)} tokens.")
    text, starts = _placed(words, named.get("text"))
    named["text"] = text
    named["spans"] = [
        {"label": label, "start": starts[first], "end": starts[end - 1] + len(words[end - 1])}
        for label, first, end in tags.chunks(found)
    ]
    return named


def _first(data: Mapping[str, Any], keys: Iterable[str]) -> Any:
    return next((data[key] for key in keys if key in data), None)


def _named(values: Any, names: Sequence[str]) -> list[str] | str:
    """Return the tags that *values* are, or why they are none."""
    if values is None:
        return "There are no tags: no column ner_tags, tags or labels."
    if not isinstance(values, list):
        return "It is not a list of tags."
    result = []
    for value in values:
        if isinstance(value, str):
            result.append(value)
        elif isinstance(value, int) and not names:
            return "The tags are numbers, and the file does not say what they stand for."
        elif isinstance(value, int) and 0 <= value < len(names):
            result.append(names[value])
        elif value == -100:  # what trainers pass over
            result.append(tags.OUTSIDE)
        else:
            return f"{value!r} is no tag."
    return result


def _placed(words: Sequence[str], text: Any) -> tuple[str, list[int]]:
    """Return the text of *words* and where each begins: the given text if they stand in it."""
    if isinstance(text, str):
        starts: list[int] = []
        at = 0
        for word in words:
            start = text.find(word, at)
            if start < 0 or text[at:start].strip():
                break
            starts.append(start)
            at = start + len(word)
        else:
            return text, starts
    return rebuilt([words])
