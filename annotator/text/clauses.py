"""Claims by clauses: one for each clause with a subject of its own (guideline rules 1, 4 and 9).

Rules of thumb over joining words, subjects and finite verbs. Where they are not sure they leave
the words together, because taking a piece off costs a person less than putting two together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from annotator.text.lexicon import Lexicon

Piece = tuple[int, int]
"""First and last token of a piece."""
Claim = tuple[Piece, ...]

_MARKS: Final = frozenset([",", ";", "-", "–", "—"])
_REACH: Final = 8
"""Tokens from the beginning of a subject within which its verb is looked for."""
_ADVERBIAL: Final = 12
"""Tokens within which the subject follows where an adverbial comes first."""
_PREFACE: Final = 10
"""Tokens that words which only announce a claim may have."""
_DEMONSTRATIVE: Final = frozenset(["this", "that", "these", "those"])


class Clauses:
    """The clauses of one sentence; tokens as they stand (``raw``) and in lower case."""

    def __init__(self, raw: Sequence[str], words: Sequence[str], lexicon: Lexicon) -> None:
        self._raw = raw
        self._words = words
        self._lexicon = lexicon

    def split(self, first: int, last: int) -> list[Claim]:
        """Return the claims in a stretch of tokens in reading order."""
        claims: list[Claim] = []
        pieces: list[Piece] = []
        start = at = self._past_preface(first, last)
        while at <= last:
            begin = self._past_joint(at, last)
            if begin == at or at == start or begin > last:
                at += 1
                continue
            announced = self._preface_end(begin, last)
            if self._raw[at] in _MARKS and announced and self._is_mark(announced + 1, last):
                pieces.append((start, at - 1))
                start = at = announced + 2
            elif not self._begins_clause(begin, last, contrast=begin - at > 1):
                at = begin
            elif self._is_whole(start, at - 1, bare=self._raw[at] not in _MARKS):
                claims.append((*pieces, (start, at - 1)))
                pieces = []
                start = at = begin
            elif (end := self._aside_end(start, at, begin, last)) is not None:
                claims.append(((begin, end - 1),))
                pieces.append((start, at - 1))
                start = at = end + 1
            else:
                at = begin
        if start <= last:
            pieces.append((start, last))
        return sorted([*claims, tuple(pieces)] if pieces else claims)

    def _is_mark(self, index: int, last: int) -> bool:
        return index < last and self._raw[index] in _MARKS

    def _past_joint(self, at: int, last: int) -> int:
        """Return where a clause would begin after the mark or joining word at *at*, else *at*."""
        words = self._lexicon
        joins = self._words[at] in words.leading
        if not joins and self._raw[at] not in _MARKS:
            return at
        index = at + 1
        while index <= last:
            word = self._words[index]
            joined = word in words.leading or self._raw[index] in _MARKS
            again = joins and word in words.complementisers and index < last
            if not joined and not (again and not self._is_finite(index + 1)):
                break
            joins = joins or word in words.leading
            index += 1
        return index

    # -- words that only announce ------------------------------------------------------------

    def _past_preface(self, first: int, last: int) -> int:
        """Return where the claim begins after "I want to stress that"."""
        end = self._preface_end(first, last)
        after = None if end is None else end + 1
        if (
            after is None
            or after >= last
            or self._words[after] not in self._lexicon.complementisers
        ):
            return first
        return after + 1

    def _preface_end(self, first: int, last: int) -> int | None:
        """Return the last token of words like "I want to say it directly"."""
        words = self._lexicon
        index = first
        while index <= last and (self._words[index] in words.leading or self._is_mark(index, last)):
            index += 1
        if index >= last or self._words[index] not in words.first_person:
            return None
        stop = min(last, index + _PREFACE)
        wishes = said = False
        for at in range(index + 1, stop + 1):
            word = self._words[at]
            if word in words.complementisers or self._raw[at] in _MARKS:
                return at - 1 if said else None
            wishes = wishes or word in words.wishing
            said = said or (wishes and word in words.reporting)
        return None

    # -- clauses -----------------------------------------------------------------------------

    def _begins_clause(self, index: int, last: int, *, contrast: bool) -> bool:
        """Tell whether a subject with its own finite verb begins at *index*.

        After a comma with *and* or *but* (*contrast*), an adverbial may come before it.
        """
        words = self._lexicon
        while index < last and self._words[index] in words.adverbs:
            index += 1
        word = self._words[index]
        if word in words.first_person and self._words[min(last, index + 1)] in words.reporting:
            return False  # "and I hope" weakens what is said; it says nothing else.
        if word in words.pronouns | _DEMONSTRATIVE | words.expletive:
            near = range(index + 1, min(last, index + 3) + 1)
            demonstrative = word in _DEMONSTRATIVE
            return any(self._is_finite(at) for at in (near[:2] if demonstrative else near)) or (
                demonstrative and self._has_subject(index, last)
            )
        if contrast and word in words.prepositions:
            return self._has_subject_later(index, last)
        if "’" in word or "'" in word:
            head = word.replace("'", "’").partition("’")[0]
            return head in words.pronouns | words.expletive
        return self._has_subject(index, last)

    def _has_subject(self, index: int, last: int) -> bool:
        """Tell whether a group of words with a finite verb begins at *index*."""
        words = self._lexicon
        begins = self._words[index] in words.determiners or self._raw[index] == "["
        if not begins and not self._raw[index][:1].isupper():
            return False
        word_before = ""
        for at in range(index + 1, min(last, index + _REACH) + 1):
            word = self._words[at]
            if self._raw[at] in _MARKS or word in words.complementisers or word in words.relative:
                return False
            if self._is_finite(at):
                return word_before not in words.leading
            word_before = word
        return False

    def _has_subject_later(self, index: int, last: int) -> bool:
        """Tell whether a pronoun with its verb follows on "without our help" at *index*."""
        words = self._lexicon
        subjects = (words.pronouns - words.relative) | words.expletive | {"that", "this"}
        return any(
            self._words[at] in subjects and self._is_finite(at + 1)
            for at in range(index + 1, min(last, index + _ADVERBIAL))
        )

    def _is_finite(self, index: int) -> bool:
        words = self._lexicon
        word = self._words[index].replace("'", "’")
        if word in words.finite or word.endswith("n’t"):
            return True
        noun = self._words[index - 1] in words.determiners | words.prepositions | {"to"}
        return word in words.reporting and not word.endswith("ing") and not noun

    def _is_whole(self, first: int, last: int, *, bare: bool) -> bool:
        """Tell whether tokens hold a main clause; *bare* is before *and* without a comma.

        Without a comma, *and* may join two subjects of a clause that is reported.
        """
        words = self._lexicon
        if self._words[first] in words.subordinators:
            return False
        found = False
        for at in range(first, last + 1):
            word = self._words[at]
            found = found or self._is_finite(at) or self._is_past(at, first)
            reports = word in words.reporting and at < last
            opens = reports and self._words[at + 1] not in words.prepositions
            if bare and (word in words.complementisers or opens):
                found = False
        return found

    def _is_past(self, index: int, first: int) -> bool:
        """Tell whether a word looks like a past tense of the sentence's subject."""
        words = self._lexicon
        word = self._words[index]
        past = word in words.past or (len(word) > 4 and word.endswith("ed"))
        return past and index > first and self._words[index - 1] not in words.determiners

    def _aside_end(self, start: int, at: int, begin: int, last: int) -> int | None:
        """Return the mark that ends a clause put between a subject and its verb, if it is one."""
        words = self._lexicon
        subject = self._words[start] in words.determiners | words.pronouns
        if not subject or self._raw[at] not in _MARKS:
            return None
        ends = [index for index in range(begin + 2, last) if self._raw[index] in _MARKS]
        for end in ends:
            goes_on = self._words[end + 1] not in words.leading
            rest = range(end + 1, min(last, end + _REACH) + 1)
            if goes_on and any(self._is_finite(i) or self._is_past(i, end) for i in rest):
                return end
        return None
