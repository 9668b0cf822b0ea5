"""The structure of an article's text: what can be selected, walked, and is likely to be marked.

Pure functions and one lazy value, :class:`Structure`. Offsets are Unicode code points, half-open.
Importing this loads neither sentencex nor regex; the first question does.
"""

from annotator.text.datelines import Dateline, dateline
from annotator.text.language import guess_language
from annotator.text.phrases import KINDS, Kind, Phrase
from annotator.text.quotations import Quotation
from annotator.text.structure import Share, Structure
from annotator.text.tokens import occurrences

__all__ = [
    "KINDS",
    "Dateline",
    "Kind",
    "Phrase",
    "Quotation",
    "Share",
    "Structure",
    "dateline",
    "guess_language",
    "occurrences",
]
