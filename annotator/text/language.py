"""Which language an article is in, guessed from its commonest words or its script."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

_STOP_WORDS: Final[dict[str, frozenset[str]]] = {
    name: frozenset(words.split())
    for name, words in {
        "en": "the of and to in is that for was on with as it by at from said has have will be "
        "an are not his he she they which were been this",
        "de": "der die das und in ist von zu den mit für auf im dem nicht ein eine sich des auch "
        "als nach bei aus sind wurde wird hat haben dass über",
        "fr": "le la les des et en du une est que dans qui pour sur au par avec pas il sont ont "
        "aux ce cette été mais selon",
        "es": "el la los las de que y en del una por con para se su al lo como más pero sus fue "
        "ha este son según",
        "it": "il di che e la della per un una in del le con non sono i si nel alla dei gli ha "
        "più anche come dal delle",
        "pt": "o a de que e do da em um para com não uma os no se na por mais as dos como mas "
        "foi ao das pelo são",
        "nl": "de het een en van in is dat op te voor met zijn niet aan er ook om door bij als "
        "naar heeft worden werd",
        "sv": "och i att det som en på är av för med den till inte har de ett om var från han "
        "men sig enligt",
        "pl": "w i na z do się że nie jest to o od po przez jak za są dla oraz ale został",
        "tr": "ve bir bu için da de ile olarak daha çok gibi olan kadar sonra ise ancak dedi",
    }.items()
}
_SCRIPTS: Final = (
    (re.compile(r"[\u3040-\u30ff]"), "ja", 0.1),
    (re.compile(r"[\uac00-\ud7af]"), "ko", 0.4),
    (re.compile(r"[\u4e00-\u9fff]"), "zh", 0.4),
    (re.compile(r"[\u0e00-\u0e7f]"), "th", 0.4),
    (re.compile(r"[\u0590-\u05ff]"), "he", 0.4),
    (re.compile(r"[\u0370-\u03ff]"), "el", 0.4),
    (re.compile(r"[\u0900-\u097f]"), "hi", 0.4),
    (re.compile(r"[پچژگکی]"), "fa", 0.03),
    (re.compile(r"[\u0600-\u06ff]"), "ar", 0.4),
    (re.compile(r"[іїєґ]"), "uk", 0.03),
    (re.compile(r"[\u0400-\u04ff]"), "ru", 0.4),
)
_ENOUGH: Final = 4
"""Stop words that must be seen before a guess is made."""


def guess_language(text: str) -> str | None:
    """Return the ISO 639-1 code of the language of *text*, or None when unsure."""
    sample = text[:20_000]
    letters = sum(map(str.isalpha, sample))
    if not letters:
        return None
    for pattern, language, share in _SCRIPTS:
        if len(pattern.findall(sample)) > share * letters:
            return language
    words = Counter(re.findall(r"[^\W\d_]+", sample.lower()))
    scores = {
        language: sum(words[word] for word in stops) for language, stops in _STOP_WORDS.items()
    }
    (first, best), (_, second) = sorted(scores.items(), key=lambda item: -item[1])[:2]
    if best < _ENOUGH or best < 0.08 * words.total() or best < 1.25 * second:
        return None
    return first
