"""The stretches of a sentence that people are likely to mark: names, cues, speakers, claims.

Rules of thumb over punctuation, quotation marks, capitals and a list of reporting verbs; nothing
is learnt. They put the selection where it will probably be wanted, and a person always decides.
The guideline rules they follow: leave out outer marks, *that*, leading *And*, the final stop
(2); an interrupted quotation is one claim (3); a speaker is the words before or after the cue
(16); a cue is the verb with its auxiliaries and adverbs (20).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from annotator.model import Fragment
from annotator.text.clauses import Clauses
from annotator.text.lexicon import Lexicon
from annotator.text.places import PlaceForms
from annotator.text.quotations import Quotation
from annotator.text.tokens import is_token_edge

Kind = Literal["place", "person", "name", "cue", "speaker", "claim"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
MARKS: Final = frozenset(["``", "''", *"\"“”„‟«»‹›‘’‚'「」『』｢｣〝〞〟＂"])
TRIMMED: Final = frozenset(".,;:…。，；：、،؛।")
"""What is left out at the ends of a span (product.md, "Marking", point 1)."""

_CUTS: Final = frozenset([",", ";", ":", "-", "--", "–", "—", "(", ")", "，", "；", "："])
_DASHES: Final = frozenset(["-", "--", "–", "—"])
_SPEECH: Final = 4
"""Words that make a quotation speech; fewer are a scare quote, unless it ends as a clause does."""
_NEAR: Final = 10_000
"""Code points before and after in which a word is looked for in small letters."""
_LONG: Final = 9
"""Tokens before a cue beyond which they are no longer taken as one speaker."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A stretch that is likely to be marked; ``more`` are its further fragments, mostly none."""

    fragment: Fragment
    kind: Kind
    more: tuple[Fragment, ...] = ()

    @property
    def fragments(self) -> tuple[Fragment, ...]:
        """All fragments in reading order."""
        return (self.fragment, *self.more)


@dataclass(frozen=True, slots=True)
class _Cue:
    """Token indices of a cue, of the cut before its clause, and of its speaker."""

    first: int
    last: int
    clause: int
    speaker: tuple[int, int] | None


class Sentence:
    """One sentence as tokens, with what is quoted in it: the ground for the rules."""

    def __init__(
        self,
        text: str,
        tokens: Sequence[Fragment],
        quotations: Sequence[Quotation],
        lexicon: Lexicon,
        places: PlaceForms,
    ) -> None:
        self._text = text
        self._tokens = tokens
        self._raw = [text[start:end] for start, end in tokens]
        self._words = [word.lower() for word in self._raw]
        self._lexicon = lexicon
        self._forms = places
        self._speech = [q for q in quotations if q.depth == 0 and self._is_speech(q)]
        self._quoted = self._speech_of_tokens()

    def phrases(self) -> tuple[Phrase, ...]:
        """Return the likely stretches in reading order, outer before inner."""
        cues = list(self._cues())
        names = list(self.names())
        found = [Phrase(self._hull(*name), "name") for name in names]
        found += [Phrase(self._hull(*name), "person") for name in names if self._is_titled(*name)]
        found += [Phrase(self._hull(*place), "place") for place in self._places(names)]
        for cue in cues:
            found.append(Phrase(self._hull(cue.first, cue.last), "cue"))
            if cue.speaker is not None:
                found.append(Phrase(self._hull(*cue.speaker), "speaker"))
        found += self._quoted_claims()
        for number, cue in enumerate(cues):
            following = cues[number + 1] if number + 1 < len(cues) else None
            claim = self._reported(cue, following, first=number == 0)
            if claim is not None:
                found += self._by_clauses(*claim)
        unique = dict.fromkeys(found)
        return tuple(sorted(unique, key=lambda p: (p.fragment.start, -p.fragment.end, p.kind)))

    def names(self) -> Iterator[tuple[int, int]]:
        """Yield first and last token of the runs of capitalised words."""
        at = 0
        while at < len(self._tokens):
            if not self._is_capital(at) or (self._starts(at) and self._is_opener(at)):
                at += 1
                continue
            last = at
            while (step := self._next_capital(last)) is not None:
                last = step
            bracketed = at > 0 and self._raw[at - 1] == "[" and "]" in self._raw[at:last]
            yield at - bracketed, last
            at = last + 1

    def _places(self, names: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """Yield the countries and peoples in names, and whatever comes from them."""
        forms = self._forms
        for first, last in names:
            at = first
            while at <= last:
                ends = (end for end in range(min(last, at + 3), at - 1, -1))
                end = next((end for end in ends if forms.knows(self._key(at, end))), None)
                if end is not None:
                    yield at, end
                at = at + 1 if end is None else end + 1

    def _is_titled(self, first: int, last: int) -> bool:
        """Tell whether a title stands before the last words of a name: "Captain Lind"."""
        titles = self._lexicon.titles
        return any(self._words[at] in titles for at in range(first, last))

    def _key(self, first: int, last: int) -> str:
        return " ".join(self._raw[first : last + 1]).casefold()

    def place_at(self, index: int) -> tuple[int, int]:
        """Return the tokens around *index* that can name one place: titles and peoples apart."""
        if not self._is_capital(index) or self._is_people(index):
            return index, index
        first = last = index
        while first > 0 and self._is_place_word(first - 1):
            first -= 1
        while last + 1 < len(self._tokens) and self._is_place_word(last + 1):
            last += 1
        return first, last

    def index_at(self, position: int) -> int | None:
        """Return the index of the token that holds or ends at *position*."""
        touching = [
            i for i, token in enumerate(self._tokens) if token.start <= position <= token.end
        ]
        return touching[-1] if touching else None

    def cue_at(self, index: int) -> tuple[int, int] | None:
        """Return the cue around token *index*, quoted or not, or None."""
        for verb in (index, index + 1, index + 2, index - 1):
            if 0 <= verb < len(self._words) and self._words[verb] in self._lexicon.reporting:
                first, last = self._cue_group(verb)
                if first <= index <= last:
                    return first, last
        return None

    def hull(self, tokens: tuple[int, int]) -> Fragment:
        """Return the fragment from the first to the last of two tokens."""
        return self._hull(*tokens)

    def _hull(self, first: int, last: int) -> Fragment:
        return Fragment(self._tokens[first].start, self._tokens[last].end)

    def _is_word(self, index: int) -> bool:
        return any(map(str.isalnum, self._raw[index]))

    def _is_capital(self, index: int) -> bool:
        none = self._lexicon.pronouns | self._lexicon.calendar
        return self._raw[index][:1].isupper() and self._words[index] not in none

    def _starts(self, index: int) -> bool:
        """Tell whether a token begins the sentence or a quotation, where all words are capital."""
        before = index - 1
        while before >= 0 and self._raw[before] in "[(":
            before -= 1
        return before < 0 or self._raw[before] in MARKS or self._raw[before] in ".:"

    def _is_opener(self, index: int) -> bool:
        """Tell whether the first word of a sentence is probably no name.

        It is not when the article has it in small letters as well.
        """
        word = self._words[index]
        if word in self._lexicon.openers or "’" in word or "'" in word:
            return True
        near = max(0, self._tokens[index].start - _NEAR)
        at = self._text.find(word, near, near + 2 * _NEAR)
        while at >= 0 and not is_token_edge(self._text, at):
            at = self._text.find(word, at + 1, near + 2 * _NEAR)
        return at >= 0 and is_token_edge(self._text, at + len(word))

    def _next_capital(self, index: int) -> int | None:
        """Return the next token of the name that *index* belongs to."""
        step = index + 1
        while step < len(self._raw) and self._raw[step] in ("[", "]", "-", "‐"):
            step += 1
        if step - index > 1 and self._raw[step - 1] == "[":
            step = index + 1 if self._raw[index + 1] not in "[]" else step
        joined = step
        while joined < len(self._raw) and self._words[joined] in self._lexicon.joiners:
            joined += 1
        for candidate in (step, joined):
            if (
                candidate < len(self._raw)
                and candidate - index <= 4
                and self._is_capital(candidate)
            ):
                return candidate
        return None

    def _is_people(self, index: int) -> bool:
        word = self._words[index]
        return len(word) > 4 and word.endswith(("ian", "ish", "ese", "ean", "isch", "ische"))

    def _is_place_word(self, index: int) -> bool:
        return (
            self._is_capital(index)
            and self._words[index] not in self._lexicon.titles
            and not self._is_people(index)
            and not (self._starts(index) and self._is_opener(index))
        )

    def _inside(self, fragment: Fragment) -> range:
        """Return the indices of the tokens that lie in *fragment*."""
        first = bisect_left(self._tokens, fragment.start, key=lambda token: token.start)
        last = bisect_right(self._tokens, fragment.end, key=lambda token: token.end)
        return range(first, max(first, last))

    def _is_speech(self, quotation: Quotation) -> bool:
        inner = self._inside(quotation.inner)
        words = sum(map(self._is_word, inner))
        goes_beyond = (
            quotation.inner.start < self._tokens[0].start
            or quotation.inner.end > self._tokens[-1].end
        )
        ended = words > 0 and self._raw[inner[-1]] in (".", ",", "!", "?")
        return words >= _SPEECH or ended or (words > 0 and goes_beyond)

    def _speech_of_tokens(self) -> list[int]:
        """Return for each token the number of the speech it lies in, marks included, or -1."""
        found = [-1] * len(self._tokens)
        for number, quotation in enumerate(self._speech):
            for index in self._inside(quotation.outer):
                found[index] = number
        return found

    def _cut(self, index: int) -> bool:
        """Tell whether a token ends a clause: punctuation, quoted speech, *that*."""
        return (
            self._quoted[index] >= 0
            or self._raw[index] in _CUTS
            or self._words[index] in self._lexicon.complementisers
        )

    def _cue_group(self, verb: int) -> tuple[int, int]:
        words = self._lexicon
        first = last = verb
        while first > 0 and self._words[first - 1] in words.auxiliary | words.adverbs:
            if self._quoted[first - 1] != self._quoted[verb]:
                break
            first -= 1
        while first < verb and self._words[first] in ("to", "on", "not"):
            first += 1
        if last + 1 < len(self._words) and self._words[last + 1] in words.particles:
            last += 1
        return first, last

    def _cues(self) -> Iterator[_Cue]:
        words = self._lexicon
        done = -1
        for verb, word in enumerate(self._words):
            if verb <= done or word not in words.reporting or self._quoted[verb] >= 0:
                continue
            first, last = self._cue_group(verb)
            before = self._words[first - 1] if first > 0 else ""
            noun = before in (words.determiners - words.pronouns) | words.prepositions
            if first == verb and (noun or before in ("’s", "'s")):
                continue
            clause = first
            while clause > done + 1 and not self._cut(clause - 1):
                clause -= 1
            yield _Cue(first, last, clause, self._speaker(clause, first, last))
            done = last

    def _speaker(self, clause: int, first: int, last: int) -> tuple[int, int] | None:
        """Return the words of the source: those before the cue, else those after it."""
        words = self._lexicon
        left, right = clause, first - 1
        outside = words.leading | words.linking
        while left <= right and (self._words[left] in outside or not self._is_word(left)):
            left += 1
        while left <= right and self._words[right] in words.adverbs:
            right -= 1
        if left <= right:
            adverbial = self._words[left] in words.prepositions
            return (
                self._last_noun_group(left, right)
                if adverbial or right - left >= _LONG
                else (
                    left,
                    right,
                )
            )
        return self._speaker_after(last + 1)

    def _last_noun_group(self, left: int, right: int) -> tuple[int, int] | None:
        """Return the last group of words before a cue that can be a subject."""
        words = self._lexicon
        for start in range(right, left - 1, -1):
            word = self._words[start]
            preposed = start > left and self._words[start - 1] in words.prepositions
            if preposed:
                continue
            if word in words.pronouns | words.determiners:
                return start, right
            if self._is_capital(start) and (start == left or not self._is_capital(start - 1)):
                return start, right
        return None

    def _speaker_after(self, start: int) -> tuple[int, int] | None:
        """Return the source in ``"…," said the minister``: only where speech came before."""
        words = self._lexicon
        if start >= len(self._words) or not any(q >= 0 for q in self._quoted[:start]):
            return None
        known = self._words[start] in words.determiners | words.pronouns
        if not (known or self._is_capital(start)) or self._words[start] in words.complementisers:
            return None
        end = start
        while (
            end < len(self._words)
            and end - start < _LONG
            and self._is_group_word(end)
            and not self._cut(end)
        ):
            end += 1
        return (start, end - 1) if end > start else None

    def _is_group_word(self, index: int) -> bool:
        word = self._words[index]
        ends = self._lexicon.prepositions - {"of", "for", "von", "für"}
        return self._raw[index] != "." and word not in ends and word not in self._lexicon.leading

    def _quoted_claims(self) -> Iterator[Phrase]:
        """Yield what the sentence quotes; the pieces of an interrupted clause are one claim."""
        parts: list[tuple[int, int]] = []
        for quotation in self._speech:
            inside = self._inside(quotation.inner)
            part = self._trim(inside[0], inside[-1], leading=False) if inside else None
            if part is not None:
                parts.append(part)
        while parts:
            first, *rest = parts
            more: list[Fragment] = []
            while rest and self._goes_on(rest[0]):
                more.append(self._hull(*rest.pop(0)))
            begun = self._trim(*first)
            if begun is not None and more:
                yield Phrase(self._hull(*begun), "claim", tuple(more))
            elif begun is not None:
                yield from self._by_clauses(*begun)
            parts = rest

    def _by_clauses(self, first: int, last: int) -> Iterator[Phrase]:
        """Yield the claims of one stretch, each with what it reports itself."""
        clauses = Clauses(self._raw, self._words, self._lexicon)
        for claim in clauses.split(first, last):
            trimmed = [part for piece in claim if (part := self._trim(*piece)) is not None]
            if not trimmed:
                continue
            fragment, *more = (self._hull(*part) for part in trimmed)
            yield Phrase(fragment, "claim", tuple(more))
            if not more:
                yield from self._report_within(*trimmed[0])

    def _report_within(self, first: int, last: int) -> Iterator[Phrase]:
        """Yield source, cue and content of "the minister has told me how it went" in a claim.

        What somebody "agreed to do" is content as well.
        """
        words = self._lexicon
        for verb in range(first + 1, last):
            if self._words[verb] not in words.reporting:
                continue
            cue = self._cue_group(verb)
            hearer = cue[1] + 1 + (self._words[cue[1] + 1] in words.hearers)
            reports = hearer < last and self._words[hearer] in words.complementisers
            undertakes = self._words[verb] in words.undertaking and self._words[cue[1] + 1] == "to"
            reports = reports or undertakes
            if not reports or not first < cue[0] <= first + _LONG or not self._is_subject(first):
                continue
            content = self._trim(cue[1] + 1 if undertakes else hearer + 1, last)
            if content is None or any(self._raw[i] in _CUTS for i in range(first, cue[0])):
                continue
            yield Phrase(self._hull(first, cue[0] - 1), "speaker")
            yield Phrase(self._hull(*cue), "cue")
            yield Phrase(self._hull(*content), "claim")
            return

    def _is_subject(self, index: int) -> bool:
        """Tell whether the words from *index* on can be who says something."""
        words = self._lexicon
        return self._words[index] in words.determiners | words.pronouns or (
            self._raw[index][:1].isupper() and self._words[index] not in words.prepositions
        )

    def _goes_on(self, part: tuple[int, int]) -> bool:
        """Tell whether a quoted piece goes on with the clause of the one before."""
        mark = next((i for i in range(part[0] - 1, -1, -1) if self._raw[i] in MARKS), 0)
        interrupted = mark > 0 and self._raw[mark - 1] in _CUTS
        return interrupted and self._raw[part[0]][:1].islower()

    def _reported(
        self, cue: _Cue, following: _Cue | None, *, first: bool
    ) -> tuple[int, int] | None:
        """Return what a cue reports in the newsroom's words: after it, else before it."""
        words = self._lexicon
        end = len(self._tokens) - 1 if following is None else following.clause - 1
        start = cue.last + 1
        while start <= end and self._raw[start] in _CUTS:
            start += 1
        start = self._after_hearer(cue, start, end)
        if (
            start <= end
            and self._words[start] in words.complementisers
            and not _is_question(self._words[start])
        ):
            start += 1
        if start <= end and self._quoted[start] < 0 and not self._is_speaker(cue, start):
            claim = self._trim(start, end)
            if claim is not None and claim[1] > claim[0]:
                return claim
        if first and cue.clause > 0 and self._raw[cue.clause - 1] in _CUTS:
            claim = self._trim(0, cue.clause - 1)
            unquoted = claim is not None and self._quoted[claim[0]] < 0
            return claim if unquoted else None
        return None

    def _after_hearer(self, cue: _Cue, start: int, end: int) -> int:
        """Return where *that* stands in "told the council on Friday that", else *start*."""
        words = self._lexicon
        if start > end:
            return start
        adverbial = self._words[start] in words.prepositions
        named = self._words[cue.last] in words.hearing or self._raw[start][:1].isupper()
        if not (adverbial or named):
            return start
        for index in range(start, min(end, start + _LONG) + 1):
            if self._words[index] in words.complementisers:
                return index
            if self._cut(index):
                break
        return end + 1 if adverbial else start

    def _is_speaker(self, cue: _Cue, index: int) -> bool:
        return cue.speaker is not None and cue.speaker[0] <= index <= cue.speaker[1]

    def _trim(self, first: int, last: int, *, leading: bool = True) -> tuple[int, int] | None:
        """Leave out stops, lone marks and, with *leading*, *And*; None where nothing is left."""
        while first <= last and (
            (leading and self._words[first] in self._lexicon.leading)
            or self._raw[first] in TRIMMED | _DASHES
            or self._is_half(first, first, last)
        ):
            first += 1
        while first <= last and (
            self._raw[last] in TRIMMED | _DASHES or self._is_half(last, first, last)
        ):
            last -= 1
        return (first, last) if first <= last else None

    def _is_half(self, index: int, first: int, last: int) -> bool:
        """Tell whether a token is a quotation mark whose partner is not in the stretch."""
        if self._raw[index] not in MARKS:
            return False
        same = [i for i in range(first, last + 1) if self._raw[i] in MARKS]
        return len(same) % 2 == 1


def _is_question(word: str) -> bool:
    """Tell whether a complementiser is part of what is reported (*how*, *why*)."""
    return word in ("how", "why", "wie", "warum")
