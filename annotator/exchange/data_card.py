"""The data card beside an export: what is in it, and how it came about, for whoever trains on it.

Markdown, the same bytes for the same state of the project: no clock, but the revision. Everything
that people or files named is foreign text, and is escaped.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from annotator import __version__
from annotator.exchange.drawing import Drawing
from annotator.exchange.plan import Plan
from annotator.exchange.selecting import Choice
from annotator.exchange.surveying import Survey
from annotator.formats import Sample
from annotator.project import Project
from annotator.scheme import Label, Scheme

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]#|~!])")
_BLANKS: Final = re.compile(r"\s+")

_WRITTEN_BY: Final = re.compile(r"^\| Written by \| Annotator [^|\n]* \|$", re.MULTILINE)

Row = tuple[object, ...]


def card(project: Project, plan: Plan, survey: Survey, drawing: Drawing, sha256: str = "") -> str:
    """Return the data card of an export; *sha256* is that of the file, where it is one."""
    sections = (
        _head(project, drawing, survey, sha256),
        _choices(plan, survey),
        _losses(survey),
        _split(plan, survey),
        _contents(survey),
        _attributes(survey),
        _agreement(survey),
        _guidelines(drawing.scheme, plan, survey),
    )
    return "\n".join(line for section in sections for line in section)


def is_card(sample: Sample) -> bool:
    """Tell a data card, so that it is not taken for an article beside the files it speaks of."""
    return sample.suffix == ".md" and _WRITTEN_BY.search(sample.text) is not None


def plain(text: str) -> str:
    """Return foreign text in one line, with nothing in it that Markdown takes for markup."""
    escaped = _SPECIAL.sub(r"\\\1", _BLANKS.sub(" ", text).strip())
    return html.escape(escaped, quote=False)


def _table(head: Row, rows: Iterable[Row]) -> Iterator[str]:
    cells = [plain(str(cell)) for cell in head]
    yield "| " + " | ".join(cells) + " |"
    yield "|" + " --- |" * len(cells)
    for row in rows:
        yield "| " + " | ".join(plain(str(cell)) for cell in row) + " |"
    yield ""


def _head(project: Project, drawing: Drawing, survey: Survey, sha256: str) -> Iterator[str]:
    tally = survey.tally
    yield f"# {plain(project.title)}"
    yield ""
    yield (
        f"{tally.articles} articles with {tally.labels} spans and "
        f"{sum(tally.relations.values())} relations, in the format {drawing.form.title} "
        f"({drawing.form.purpose})."
    )
    yield ""
    rows: list[Row] = [
        ("Project", project.title),
        ("Revision", survey.revision),
        ("Scheme", f"{drawing.scheme.title} ({drawing.scheme.reference})"),
        ("Format", drawing.form.name),
        ("Written by", f"Annotator {__version__}"),
    ]
    if sha256:
        rows.append(("SHA-256 of the file", sha256))
    yield from _table(("What", "Value"), rows)


def _choices(plan: Plan, survey: Survey) -> Iterator[str]:
    chosen = plan.selection
    whose = ", ".join(chosen.authors)
    readings = whose if chosen.choice is Choice.ONE else chosen.choice.value
    if whose and chosen.choice is Choice.EVERYTHING:
        readings = f"layers of {whose}"
    rows: list[Row] = [
        ("Labels from", readings),
        ("Articles", "approved only" if chosen.approved else "all that there are"),
        ("Labels", "all" if chosen.labels is None else ", ".join(chosen.labels)),
        ("Quotation marks", f"{plan.quotes} the labels"),
        ("Tokens", plan.tokens or "those usual for the format"),
        ("Tags", plan.tags),
    ]
    names = plan.names
    renamed = [*names.labels.items(), *names.relations.items(), *names.attributes.items()]
    for label, values in names.label_attributes.items():
        renamed += [(f"{label}.{old}", new) for old, new in values.items()]
    rows += [(f"Name of {old}", new or "left out") for old, new in renamed]
    yield "## Choices"
    yield ""
    yield from _table(("Choice", "Value"), rows)
    if survey.left_out:
        yield f"{survey.left_out} articles of the project are left out: {plain(survey.reason)}"
        yield ""
    if survey.tally.bare:
        yield f"{survey.tally.bare} articles have no spans."
        yield ""


def _losses(survey: Survey) -> Iterator[str]:
    yield "## What the format cannot carry"
    yield ""
    if not survey.losses:
        yield "Nothing is lost."
        yield ""
        return
    rows = [(loss.sentence, loss.count, loss.fate.value) for loss in survey.losses]
    yield from _table(("What", "Count", "Fate"), rows)


def _split(plan: Plan, survey: Survey) -> Iterator[str]:
    if plan.split is None:
        return
    shares = "/".join(map(str, plan.split.shares))
    yield "## Split"
    yield ""
    yield (
        f"{shares} by article, seed {plan.split.seed}, every label shared out alike. "
        f"{survey.near_duplicates} articles are nearly the same as another, and are in one part "
        "with it."
    )
    yield ""
    rows = [
        (name, part.articles, _share(part.articles, survey.tally.articles), part.labels)
        for name, part in survey.parts.items()
    ]
    yield from _table(("Part", "Articles", "Share", "Spans"), rows)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "0 %"


def _contents(survey: Survey) -> Iterator[str]:
    for title, name, total, by_part in (
        ("Spans", "Label", survey.tally.spans, {k: v.spans for k, v in survey.parts.items()}),
        (
            "Relations",
            "Relation",
            survey.tally.relations,
            {k: v.relations for k, v in survey.parts.items()},
        ),
    ):
        if total:
            yield f"## {title}"
            yield ""
            rows = (
                (label, count, *(part.get(label, 0) for part in by_part.values()))
                for label, count in total.items()
            )
            yield from _table((name, "All", *by_part), rows)
    if survey.tally.layers:
        yield "## Layers"
        yield ""
        yield from _table(("Author", "Articles"), survey.tally.layers.items())


_MOST_VALUES: Final = 20
"""Values of an attribute that are listed; free text has as many as there are spans."""


def _attributes(survey: Survey) -> Iterator[str]:
    rows: list[Row] = []
    for label, attributes in survey.tally.attributes.items():
        for name, values in attributes.items():
            listed = list(values.items())
            rows += [(label, name, value, count) for value, count in listed[:_MOST_VALUES]]
            others = listed[_MOST_VALUES:]
            if others:
                count = sum(count for _, count in others)
                rows.append((label, name, f"({len(others)} other values)", count))
    if rows:
        yield "## Attributes"
        yield ""
        yield from _table(("Label", "Attribute", "Value", "Spans"), rows)


def _agreement(survey: Survey) -> Iterator[str]:
    concord = survey.concord
    if concord is None or concord.exact is None or concord.overlapping is None:
        return
    yield "## Agreement"
    yield ""
    yield (
        f"Mean pairwise F1 of the spans in {concord.articles} articles that two or more people "
        "have handed in, over all their labels:"
    )
    yield ""
    rows = [
        ("same label on exactly the same words", f"{concord.exact:.3f}"),
        ("same label, words that overlap", f"{concord.overlapping:.3f}"),
    ]
    yield from _table(("Counted as agreed", "F1"), rows)


def _guidelines(scheme: Scheme, plan: Plan, survey: Survey) -> Iterator[str]:
    shown = [label for label in scheme.labels if plan.names.label(label.name) in survey.tally.spans]
    if not shown:
        return
    yield "## Guidelines"
    yield ""
    if scheme.description:
        yield plain(scheme.description)
        yield ""
    for label in shown:
        yield from guideline(label, plan.names.labels)


def guideline(label: Label, names: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines that tell in Markdown how a label is meant, under its name of *names*."""
    new = names.get(label.name, label.name)
    yield f"### {plain(new)}"
    yield ""
    if new != label.name:
        yield f"Called {plain(label.name)} in the project."
        yield ""
    for text in (label.definition, label.guideline):
        for paragraph in text.strip().split("\n\n"):
            if paragraph.strip():
                yield plain(paragraph)
                yield ""
    for attribute in label.attributes:
        values = ", ".join(attribute.values) or attribute.kind
        about = f": {attribute.definition}" if attribute.definition else ""
        yield f"- {plain(f'{attribute.name} ({values}){about}')}"
    if label.attributes:
        yield ""
