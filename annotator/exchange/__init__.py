"""Files into a project and out of it: articles, and articles with labels.

What is imported twice is there once: an article is known by its id or its text, a layer, a span or
an entity by the id that files call it by (see :mod:`annotator.formats.jsonl`). Nothing that is in
the project is changed by an import unless that is asked for; what differs is reported.

An export follows a :class:`Plan`, an import :class:`Options`; :func:`survey`, :func:`preview` and
:func:`look` tell beforehand what comes of them.
"""

from annotator.exchange.adoption import Report
from annotator.exchange.bring_in import bring_in
from annotator.exchange.bundling import Bundled, Origin, make_order, make_result, open_order
from annotator.exchange.drawing import refuse_missing, refuse_strangers
from annotator.exchange.growth import Stranger
from annotator.exchange.looking import Found, Look, leaves_questions, look
from annotator.exchange.naming import Names
from annotator.exchange.options import Options
from annotator.exchange.plan import Plan
from annotator.exchange.previewing import Preview, preview
from annotator.exchange.progress import Cancelled, Progress, Step
from annotator.exchange.selecting import Choice, ChoiceNeeded, Selection, selected
from annotator.exchange.sources import refuse_missing_columns
from annotator.exchange.splitting import Split
from annotator.exchange.surveying import Survey, survey
from annotator.exchange.take_out import Exported, take_out
from annotator.exchange.taking import Conflict, Taken, take
from annotator.exchange.tallying import Tally

__all__ = [
    "Bundled",
    "Cancelled",
    "Choice",
    "ChoiceNeeded",
    "Conflict",
    "Exported",
    "Found",
    "Look",
    "Names",
    "Options",
    "Origin",
    "Plan",
    "Preview",
    "Progress",
    "Report",
    "Selection",
    "Split",
    "Step",
    "Stranger",
    "Survey",
    "Taken",
    "Tally",
    "bring_in",
    "leaves_questions",
    "look",
    "make_order",
    "make_result",
    "open_order",
    "preview",
    "refuse_missing",
    "refuse_missing_columns",
    "refuse_strangers",
    "selected",
    "survey",
    "take",
    "take_out",
]
