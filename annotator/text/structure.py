"""The structure of one article, found out where somebody looks, and remembered."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Literal

from annotator.model import Fragment
from annotator.text import selection
from annotator.text.language import guess_language
from annotator.text.lexicon import lexicon
from annotator.text.phrases import Kind, Phrase, Sentence
from annotator.text.places import place_forms
from annotator.text.quotations import Quotation, Quotations, find_quotations
from annotator.text.sentences import sentence_edges
from annotator.text.stretches import Paragraphs, Stretches
from annotator.text.tokens import Spread, grapheme_edges, occurrences, tokenise

Share = Literal["none", "part", "all"]


class Structure:
    """Tokens, sentences, quotations and likely phrases of *text*.

    Making one costs nothing; every answer reads a stretch of a few thousand characters at most,
    once. Positions are code points from 0 to ``len(text)``.
    """

    def __init__(self, text: str, language: str | None = None) -> None:
        self.text = text
        self._language = language
        self._stretches = Stretches(text)
        self._spreads: dict[int, Spread] = {}
        self._graphemes: dict[int, Sequence[int]] = {}
        self._sentences: dict[int, tuple[Fragment, ...]] = {}
        self._quotations: dict[int, Quotations] = {}
        self._phrases: dict[int, tuple[Phrase, ...]] = {}

    @cached_property
    def language(self) -> str:
        """ISO 639-1 code that sentences and phrases are read by; English where unknown."""
        given = self._language or guess_language(self.text[:4000]) or "en"
        return given.lower().replace("_", "-").split("-")[0]

    # Paragraphs

    @cached_property
    def paragraphs(self) -> Paragraphs:
        """The lines of the text, empty ones too."""
        return Paragraphs(self.text)

    def paragraph_number(self, position: int) -> int:
        """Return the index in :attr:`paragraphs` of the paragraph around *position*."""
        return self.paragraphs.number_at(position)

    def paragraph_at(self, position: int) -> Fragment:
        """Return the paragraph around *position*; a line feed belongs to the line it ends."""
        return self.paragraphs[self.paragraph_number(position)]

    def _parts(self, fragment: Fragment) -> Iterator[Fragment]:
        """Yield the stretches that share a character with *fragment*."""
        number = self.paragraph_number(fragment.start)
        while number < len(self.paragraphs):
            paragraph = self.paragraphs[number]
            if paragraph.start >= fragment.end:
                return
            if paragraph.end > paragraph.start:
                yield from self._stretches.within(paragraph, fragment.start, fragment.end)
            number += 1

    def _stretch(self, position: int) -> Fragment:
        return self._stretches.around(self.paragraph_at(position), position)

    # Tokens and graphemes

    def _spread(self, stretch: Fragment) -> Spread:
        found = self._spreads.get(stretch.start)
        if found is None:
            found = self._spreads[stretch.start] = tokenise(self.text, *stretch)
        return found

    def tokens(self, within: Fragment) -> tuple[Fragment, ...]:
        """Return the tokens that share a character with *within*, for example a paragraph."""
        return tuple(
            token for part in self._parts(within) for token in self._spread(part).fragments(*within)
        )

    def words(self, within: Fragment) -> tuple[Fragment, ...]:
        """Return the tokens with a letter or digit that share a character with *within*."""
        return tuple(token for token in self.tokens(within) if self.is_word(token))

    def is_word(self, token: Fragment) -> bool:
        """Tell whether a token is more than punctuation."""
        return any(map(str.isalnum, self.text[token.start : token.end]))

    def token_at(self, position: int) -> Fragment | None:
        """Return the token that holds *position*, or else the one that ends there."""
        touching = self.tokens(Fragment(max(0, position - 1), position + 1))
        for token in reversed(touching):
            if token.start <= position <= token.end:
                return token
        return None

    def next_token(self, position: int, *, words: bool = False) -> Fragment | None:
        """Return the first token that starts after *position*; with *words*, no punctuation."""
        number = self.paragraph_number(position)
        while number < len(self.paragraphs):
            paragraph = self.paragraphs[number]
            at = max(position, paragraph.start)
            for stretch in self._stretches.within(paragraph, at, paragraph.end):
                spread = self._spread(stretch)
                for index in range(bisect_right(spread.starts, position), len(spread.starts)):
                    token = Fragment(spread.starts[index], spread.ends[index])
                    if not words or self.is_word(token):
                        return token
            number += 1
        return None

    def previous_token(self, position: int, *, words: bool = False) -> Fragment | None:
        """Return the last token that starts before *position*; with *words*, no punctuation."""
        number = self.paragraph_number(position)
        while number >= 0:
            paragraph = self.paragraphs[number]
            at = min(position, paragraph.end)
            while True:
                stretch = self._stretches.around(paragraph, at)
                spread = self._spread(stretch)
                for index in range(bisect_left(spread.starts, position) - 1, -1, -1):
                    token = Fragment(spread.starts[index], spread.ends[index])
                    if not words or self.is_word(token):
                        return token
                if stretch.start <= paragraph.start:
                    break
                at = stretch.start - 1
            number -= 1
        return None

    def _edges(self, position: int) -> Sequence[int]:
        stretch = self._stretch(position)
        found = self._graphemes.get(stretch.start)
        if found is None:
            found = self._graphemes[stretch.start] = grapheme_edges(self.text, *stretch)
        return found

    def grapheme_after(self, position: int) -> int:
        """Return where the grapheme ends that holds or begins at *position*."""
        if position >= len(self.text):
            return len(self.text)
        edges = self._edges(position)
        index = bisect_right(edges, position)
        return edges[index] if index < len(edges) else position + 1

    def grapheme_before(self, position: int) -> int:
        """Return where the grapheme starts that lies before *position*."""
        if position <= 0:
            return 0
        edges = self._edges(position - 1)
        index = bisect_left(edges, position) - 1
        return edges[index] if index >= 0 and edges[index] < edges[-1] else position - 1

    def whole_graphemes(self, fragment: Fragment) -> Fragment:
        """Return *fragment* grown so that it cuts no grapheme."""
        if fragment.start >= fragment.end:
            return fragment
        start = self.grapheme_before(fragment.start + 1)
        end = self.grapheme_after(fragment.end - 1)
        return Fragment(min(start, fragment.start), max(end, fragment.end))

    # Sentences

    def _stretch_sentences(self, stretch: Fragment) -> tuple[Fragment, ...]:
        found = self._sentences.get(stretch.start)
        if found is None:
            near = self.quotations(stretch)
            edges = sentence_edges(self.text, stretch, self.language, near)
            found = self._sentences[stretch.start] = tuple(self._hulls(stretch, edges))
        return found

    def _hulls(self, stretch: Fragment, edges: Sequence[int]) -> Iterator[Fragment]:
        """Yield what tokens cover between edges; an edge within a token does not count."""
        tokens = list(self._spread(stretch).fragments(*stretch))
        first = 0
        for edge in edges[1:]:
            last = bisect_right(tokens, edge, lo=first, key=lambda token: token.end)
            if last > first and (last == len(tokens) or tokens[last].start >= edge):
                yield Fragment(tokens[first].start, tokens[last - 1].end)
                first = last

    def sentences(self, within: Fragment) -> tuple[Fragment, ...]:
        """Return the sentences that share a character with *within*, without blanks around."""
        return tuple(
            sentence
            for part in self._parts(within)
            for sentence in self._stretch_sentences(part)
            if sentence.start < within.end and sentence.end > within.start
        )

    def sentence_at(self, position: int) -> Fragment | None:
        """Return the sentence that holds *position* or stands before it in its paragraph."""
        paragraph = self.paragraph_at(position)
        if paragraph.start == paragraph.end:
            return None
        stretch = self._stretches.around(paragraph, position)
        found = self._stretch_sentences(stretch)
        index = bisect_right(found, position, key=lambda sentence: sentence.start) - 1
        if index >= 0:
            return found[index]
        before = self.previous_sentence(position)
        if before is not None and before.start >= paragraph.start:
            return before
        return found[0] if found else None

    def next_sentence(self, position: int) -> Fragment | None:
        """Return the first sentence that starts after *position*."""
        at = position
        while (token := self.next_token(at)) is not None:
            found = self._stretch_sentences(self._stretch(token.start))
            index = bisect_right(found, position, key=lambda sentence: sentence.start)
            if index < len(found):
                return found[index]
            at = self._stretch(token.start).end - 1
        return None

    def previous_sentence(self, position: int) -> Fragment | None:
        """Return the last sentence that starts before *position*."""
        token = self.previous_token(position)
        if token is None:
            return None
        found = self._stretch_sentences(self._stretch(token.start))
        index = bisect_left(found, position, key=lambda sentence: sentence.start) - 1
        return found[index] if index >= 0 else None

    # Quotations

    def quotations(self, within: Fragment) -> tuple[Quotation, ...]:
        """Return the quotations that share a character with *within*, outer before inner."""
        found: list[Quotation] = []
        number = self.paragraph_number(within.start)
        while number < len(self.paragraphs) and self.paragraphs[number].start <= within.end:
            found += self._paragraph_quotations(number).around(within)
            number += 1
        return tuple(found)

    def _paragraph_quotations(self, number: int) -> Quotations:
        found = self._quotations.get(number)
        if found is None:
            paragraph = self.paragraphs[number]
            following = self.text[paragraph.end : paragraph.end + 20].lstrip()
            found = Quotations(find_quotations(self.text, paragraph, following))
            self._quotations[number] = found
        return found

    def quotation_at(self, position: int) -> Quotation | None:
        """Return the innermost quotation that holds the character at *position*, or None."""
        in_paragraph = self._paragraph_quotations(self.paragraph_number(position))
        holding = in_paragraph.around(Fragment(position, position + 1))
        return holding[-1] if holding else None

    def quoted_share(self, fragments: Iterable[Fragment]) -> Share:
        """Tell how much of the letters and digits in *fragments* lies inside quotation marks."""
        inside = outside = 0
        for fragment in fragments:
            start, end = fragment
            letters = sum(map(str.isalnum, self.text[start:end]))
            quoted = 0
            for quotation in self.quotations(fragment):
                if quotation.depth == 0:
                    piece = self.text[
                        max(start, quotation.inner.start) : min(end, quotation.inner.end)
                    ]
                    quoted += sum(map(str.isalnum, piece))
            inside += quoted
            outside += letters - quoted
        if not inside:
            return "none"
        return "part" if outside else "all"

    def occurrences(self, needle: str) -> list[Fragment]:
        """Return where *needle* stands as whole tokens, in reading order."""
        return occurrences(self.text, needle)

    # Phrases and selections

    def phrases(self, within: Fragment) -> tuple[Phrase, ...]:
        """Return the likely stretches of the sentences that share a character with *within*."""
        return tuple(
            phrase
            for sentence in self.sentences(within)
            for phrase in self._sentence_phrases(sentence)
        )

    def _reading(self, sentence: Fragment) -> Sentence:
        return Sentence(
            self.text,
            self.tokens(sentence),
            self.quotations(sentence),
            lexicon(self.language),
            place_forms(self.language),
        )

    def _sentence_phrases(self, sentence: Fragment) -> tuple[Phrase, ...]:
        found = self._phrases.get(sentence.start)
        if found is None:
            found = self._phrases[sentence.start] = self._reading(sentence).phrases()
        return found

    def fragments_at(self, position: int, kind: Kind) -> tuple[Fragment, ...]:
        """Return the likeliest stretch of *kind* at *position*; several where it is interrupted.

        What holds the position goes first, then what is nearest in its sentence; empty where
        there is nothing to mark.
        """
        sentence = self.sentence_at(position)
        if sentence is None:
            return ()
        near = [phrase for phrase in self._sentence_phrases(sentence) if phrase.kind == kind]
        holding = [
            phrase for phrase in near if any(s <= position <= e for s, e in phrase.fragments)
        ]
        if holding:
            return min(holding, key=lambda phrase: _length(phrase.fragments)).fragments
        reading = self._reading(sentence)
        index = reading.index_at(position)
        if index is not None and kind == "place":
            return (reading.hull(reading.place_at(index)),)
        if index is not None and kind == "cue" and (cue := reading.cue_at(index)) is not None:
            return (reading.hull(cue),)
        if near and kind != "name":
            return min(near, key=lambda phrase: _distance(phrase.fragments, position)).fragments
        if kind == "claim":
            return (selection.spoken(self, sentence, position),)
        token = self.token_at(position)
        return () if token is None else (token,)

    def phrase_at(self, position: int, kind: Kind) -> Fragment | None:
        """Return the likeliest stretch of *kind* at *position*, its first fragment, or None."""
        found = self.fragments_at(position, kind)
        return found[0] if found else None

    def clean(
        self, start: int, end: int, *, snap: bool = True, trim: bool = True, unquote: bool = False
    ) -> Fragment | None:
        """Return what a selection means as a fragment; see :func:`selection.clean`."""
        return selection.clean(self, start, end, snap=snap, trim=trim, unquote=unquote)

    def expand(self, fragment: Fragment) -> Fragment:
        """Return the next larger stretch around *fragment*; an empty one is a caret."""
        return selection.expand(self, fragment)

    def shrink(self, fragment: Fragment, within: int | None = None) -> Fragment:
        """Return the next smaller stretch around the position *within*."""
        return selection.shrink(self, fragment, within)


def _length(fragments: Iterable[Fragment]) -> int:
    return sum(end - start for start, end in fragments)


def _distance(fragments: Sequence[Fragment], position: int) -> int:
    return min(max(start - position, position - end, 0) for start, end in fragments)
