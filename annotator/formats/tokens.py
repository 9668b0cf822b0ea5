"""Tokens of articles for formats that label tokens, and spans moved to their edges.

A tokeniser is chosen by name: ``words`` (what the program itself selects and walks by),
``whitespace``, ``characters`` (graphemes), ``spacy:de`` (the rules of a language), ``spacy:`` with
the name of an installed pipeline, or ``spacy`` (the rules of each article's own language).

A span that does not begin and end at a token is moved outwards to the edges of those that it
touches; one that touches none is left out. Every format that labels tokens does it this way, and
announces it (:class:`Misfits`).
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from annotator import spans as algebra
from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.formats import Need, Writing
from annotator.formats.losses import Fate, Fates, Loss, announced
from annotator.formats.tags import Chunk
from annotator.model import Fragment, Span
from annotator.text import Structure
from annotator.text.stretches import can_cut, is_blank
from annotator.text.tokens import grapheme_edges
from annotator.translation import tr_n

if TYPE_CHECKING:
    from annotator.model import Article


@dataclass(frozen=True, slots=True)
class Tokens:
    """Where the tokens of a text start and end, in reading order; none is empty or blank."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def __len__(self) -> int:
        return len(self.starts)

    def words(self) -> list[str]:
        """Return what the tokens cover."""
        text = self.text
        return [text[a:b] for a, b in zip(self.starts, self.ends, strict=True)]

    def touching(self, fragment: Fragment) -> range:
        """Return the indices of the tokens that share a character with *fragment*."""
        first = bisect_right(self.ends, fragment.start)
        return range(first, max(first, bisect_left(self.starts, fragment.end)))

    def hull(self, indices: range) -> Fragment:
        """Return the stretch from the first of *indices*, which are not none, to the last."""
        return Fragment(self.starts[indices[0]], self.ends[indices[-1]])


Tokeniser = Callable[[str, str | None], Tokens]
"""Returns the tokens of a text in a language (its code, where it is known)."""

_BETWEEN_BLANKS: Final = re.compile(r"[^ \n]+")

OURS: Final = ("words", "whitespace", "characters", "spacy")
"""Names of tokenisers; ``spacy`` takes a language or pipeline after a colon."""


def tokeniser(name: str, own: str = "words") -> Tokeniser:
    """Return the tokeniser called *name*, or *own*, that of the format, where it is empty.

    Raises UserError for a name that none has, and where spaCy or a pipeline is not installed.
    """
    name = name or own
    if name == "words":
        return _Words()
    if name == "whitespace":
        return lambda text, _: _found(text, re.finditer(r"\S+", text))
    if name == "characters":
        return _characters
    kind, _, chosen = name.partition(":")
    if kind == "spacy":
        return _spacy(chosen)
    raise UserError(
        f"There is no tokeniser {name!r}. Choose words, whitespace, characters, or spacy with a "
        "language, such as spacy:en."
    )


def tokens_of(article: Article, tokenise: Tokeniser) -> Tokens:
    """Return the tokens of an article."""
    return tokenise(article.text, article.language)


class _Words:
    """Tokens as :class:`~annotator.text.Structure` has them; what stands between blanks is kept.

    The same words come again and again, so that most of them cost no more than a look-up.
    """

    _LONGEST = 40
    _MOST = 200_000

    def __init__(self) -> None:
        self._known: dict[str, tuple[tuple[int, int], ...]] = {}

    def __call__(self, text: str, language: str | None) -> Tokens:
        starts, ends = array("q"), array("q")
        known = self._known
        for match in _BETWEEN_BLANKS.finditer(text):
            at = match.start()
            piece = match.group()
            found = known.get(piece)
            if found is None:
                if not _stands_alone(piece):
                    return _by_structure(text, language)
                found = self._read(piece, language)
            for start, end in found:
                starts.append(at + start)
                ends.append(at + end)
        return Tokens(text, starts, ends)

    def _read(self, piece: str, language: str | None) -> tuple[tuple[int, int], ...]:
        found = tuple(Structure(piece, language).tokens(Fragment(0, len(piece))))
        if len(piece) <= self._LONGEST and len(self._known) < self._MOST:
            self._known[piece] = found
        return found


def _stands_alone(piece: str) -> bool:
    """Tell whether no grapheme can reach from *piece* into a blank beside it."""
    return can_cut(f" {piece}", 1) and can_cut(f"{piece} ", len(piece))


def _by_structure(text: str, language: str | None) -> Tokens:
    return _stretches(text, Structure(text, language).tokens(Fragment(0, len(text))))


def _characters(text: str, _: str | None) -> Tokens:
    edges = grapheme_edges(text, 0, len(text))
    return _stretches(
        text, ((a, b) for a, b in pairwise(edges) if not all(map(is_blank, text[a:b])))
    )


def _found(text: str, matches: Iterable[re.Match[str]]) -> Tokens:
    return _stretches(text, (match.span() for match in matches))


def _stretches(text: str, pairs: Iterable[tuple[int, int]]) -> Tokens:
    starts, ends = array("q"), array("q")
    for start, end in pairs:
        starts.append(start)
        ends.append(end)
    return Tokens(text, starts, ends)


SPACY: Final = Need("spacy", "spacy")


def _spacy(chosen: str) -> Tokeniser:
    if not SPACY.is_met:
        raise UserError(
            "The tokeniser spacy needs the library spacy, which is not installed. Install it with: "
            f"python -m pip install 'annotator-desktop[{SPACY.extra}]'"
        )
    fixed = _pipeline(chosen) if chosen else None
    by_language: dict[str, Any] = {}

    def tokenise(text: str, language: str | None) -> Tokens:
        nlp = fixed
        if nlp is None:
            code = (language or "xx").lower().replace("_", "-").split("-")[0]
            if code not in by_language:
                by_language[code] = _blank(code) or _blank("xx")
            nlp = by_language[code]
        doc = nlp.tokenizer(text)
        lengths, spaces, blank = doc.to_array(["LENGTH", "SPACY", "IS_SPACE"]).T.astype("int64")
        after = (lengths + spaces).cumsum()
        starts, ends = after - lengths - spaces, after - spaces
        return Tokens(text, starts[blank == 0].tolist(), ends[blank == 0].tolist())

    return tokenise


def _pipeline(chosen: str) -> Any:
    """Return the installed pipeline, or the rules of the language, called *chosen*."""
    import spacy

    if spacy.util.is_package(chosen):
        return spacy.load(chosen)
    found = _blank(chosen)
    if found is None:
        raise UserError(
            f"spaCy knows no language {chosen!r}, and no pipeline of that name is installed. "
            "Choose a language, such as spacy:en, or install the pipeline."
        )
    return found


def _blank(language: str) -> Any:
    """Return the rules of a language, or None where spaCy or a library of its own has none."""
    import spacy

    if not re.fullmatch(r"[a-z]{2,3}", language):
        return None
    try:
        return spacy.blank(language)
    except ImportError:
        return None


# ------------------------------------------------------------------------------------- alignment


def snapped(item: Annotated, tokens: Tokens) -> Annotated:
    """Return *item* with every span at the edges of tokens; *item* itself stays.

    Spans that touch no token are left out, and relations to them.
    """
    moved = {key: _moved(span, tokens) for key, span in item.spans.items()}
    if all(moved[key] is span for key, span in item.spans.items()):
        return item
    result = item.copy()
    result.spans = {key: span for key, span in moved.items() if span is not None}
    result.relations = {
        key: tie
        for key, tie in item.relations.items()
        if tie.source in result.spans and (tie.target is None or tie.target in result.spans)
    }
    return result


def _moved(span: Span, tokens: Tokens) -> Span | None:
    touched = [tokens.touching(fragment) for fragment in span.fragments]
    fragments = tuple(tokens.hull(indices) for indices in touched if indices)
    if fragments == span.fragments:
        return span
    fragments = algebra.normalise(fragments)
    if not fragments:
        return None
    return replace(span, fragments=fragments, text=algebra.covered(tokens.text, fragments))


@dataclass(slots=True)
class Misfits:
    """Counts the spans that tokens do not fit."""

    tokenise: Tokeniser
    moved: int = 0
    lost: int = 0

    def snap(self, item: Annotated) -> Annotated:
        """Return *item* with its spans at the edges of tokens, and count what that changed."""
        result = snapped(item, tokens_of(item.article, self.tokenise))
        for key, span in item.spans.items():
            self.lost += key not in result.spans
            self.moved += key in result.spans and result.spans[key] is not span
        return result

    @property
    def losses(self) -> list[Loss]:
        """What there is to say of it."""
        moved = tr_n(
            self.moved,
            "{n} span does not begin and end at a token and is moved to the edges of tokens",
            "{n} spans do not begin and end at a token and are moved to the edges of tokens",
        )
        lost = tr_n(
            self.lost,
            "{n} span of blanks only, where there is no token",
            "{n} spans of blanks only, where there are no tokens",
        )
        told = (
            Loss("token_edges", self.moved, Fate.CHANGED, moved),
            Loss("no_tokens", self.lost, Fate.LEFT_OUT, lost),
        )
        return [loss for loss in told if loss.count]


def token_losses(articles: Iterable[Annotated], writing: Writing, fates: Fates) -> list[Loss]:
    """Return what is lost where labels lie on tokens: at their edges, and then by *fates*."""
    misfits = Misfits(tokeniser(writing.tokens))
    stated = announced(map(misfits.snap, articles), fates)
    return [*misfits.losses, *stated]


# -------------------------------------------------------------------------------------- sentences


def sentences(tokens: Tokens, spans: Iterable[Span], language: str | None) -> Iterator[range]:
    """Yield the tokens of each sentence; two that a fragment of one of *spans* joins are one."""
    if not len(tokens):
        return
    structure = Structure(tokens.text, language)
    cuts = set()
    for sentence in structure.sentences(Fragment(0, len(tokens.text))):
        cuts.add(bisect_left(tokens.starts, sentence.start))
    for span in spans:
        for fragment in span.fragments:
            touched = tokens.touching(fragment)
            cuts.difference_update(touched[1:])
    edges = [0, *sorted(cuts - {0, len(tokens)}), len(tokens)]
    for first, end in pairwise(edges):
        yield range(first, end)


def laid(spans: Iterable[Span], tokens: Tokens) -> list[Chunk]:
    """Return the stretches of tokens that the fragments of *spans* cover, in their order."""
    result = []
    for span in spans:
        for fragment in span.fragments:
            touched = tokens.touching(fragment)
            if touched:
                result.append(Chunk(span.label, touched[0], touched[-1] + 1))
    return result
