"""How figures, days and names of figures are written on the pages of figures."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from PySide6.QtCore import QDate, QLocale

from annotator.agreement.matching import Scenario
from annotator.agreement.panel import (
    FEW_ARTICLES,
    NO_PAIR,
    NO_VARIATION,
    OVERLAPPING,
    UNSTEADY,
)
from annotator.agreement.resampling import FEWEST, Interval
from annotator.model import LayerState
from annotator.review.conflicts import Kind
from annotator.translation import number, tr


def state_in_words(state: str) -> str:
    """Say how far an article is."""
    return {
        LayerState.NOT_STARTED: tr("Not started"),
        LayerState.IN_PROGRESS: tr("In progress"),
        LayerState.SUBMITTED: tr("Submitted"),
        LayerState.IN_REVIEW: tr("In review"),
        LayerState.RETURNED: tr("Returned"),
        LayerState.APPROVED: tr("Approved"),
    }.get(state, state)


def exact(value: float) -> str:
    """Return a figure with as many digits as it has, up to three: ``.667``, ``.8``."""
    return _short(QLocale().toString(value, "g", 3))


def figure(value: float | None) -> str:
    """Return a figure between 0 and 1 with two digits: ``.88``, in German ``0,88``."""
    if value is None:
        return "–"
    written = _short(QLocale().toString(abs(value), "f", 2))
    return f"−{written}" if round(value, 2) < 0 else written


def _short(written: str) -> str:
    if QLocale().decimalPoint() == "." and written.startswith("0."):
        return written.replace("0.", ".", 1)
    return written


def signed(value: float) -> str:
    """Return a difference of two figures with its sign."""
    return f"{'−' if value < 0 else '+'}{figure(abs(value))}"


def between(interval: Interval) -> str:
    """Return an interval in words."""
    return tr("{low} to {high}", low=figure(interval.low), high=figure(interval.high))


def amount(value: float) -> str:
    """Return a number of things, with one digit where it is no whole number."""
    if abs(value - round(value)) < 0.05:
        return number(round(value))
    return QLocale().toString(value, "f", 1)


def day_in_words(day: date) -> str:
    """Return a day as people write it, with the year where it is not this one."""
    this_year = day.year == datetime.now(UTC).year
    long = tr("d MMMM") if this_year else tr("d MMMM yyyy")
    return QLocale().toString(QDate(day.year, day.month, day.day), long)


def day_of(time: str) -> date | None:
    """Return the day of a time as the log has it; None where it is none."""
    try:
        return datetime.fromisoformat(time).astimezone().date()
    except ValueError:
        return None


def week_of(time: str) -> str:
    """Return the Monday of the week of a time, ISO 8601; empty where it is no time."""
    day = day_of(time)
    return "" if day is None else (day - timedelta(days=day.weekday())).isoformat()


def reason_in_words(reason: str) -> str:
    """Say why there is no figure, or no interval."""
    return {
        NO_PAIR: tr("Undefined, because there is nothing that two people could agree on."),
        NO_VARIATION: tr("Undefined, because nothing varies: everybody gave the same value."),
        FEW_ARTICLES: tr("No interval: fewer than {n} articles.", n=FEWEST),
        OVERLAPPING: tr("Undefined, because labels of one person lie over each other."),
        UNSTEADY: tr("No interval: too few articles have any."),
    }.get(reason, reason)


def scenario_in_words(scenario: str) -> str:
    """Say what has to be right for a label to be right."""
    return {
        Scenario.STRICT: tr("Borders and label"),
        Scenario.EXACT: tr("Borders, any label"),
        Scenario.PARTIAL: tr("Some characters, any label"),
        Scenario.TYPE: tr("Label, some characters"),
    }.get(Scenario(scenario), scenario)


def kind_in_words(kind: str) -> str:
    """Name a kind of conflict."""
    return {
        Kind.SAME: tr("Same"),
        Kind.BOUNDARY: tr("Borders"),
        Kind.LABEL: tr("Other label"),
        Kind.BOUNDARY_AND_LABEL: tr("Borders and label"),
        Kind.MISSING: tr("Missing"),
        Kind.SINGLE: tr("Only one has it"),
        Kind.SPLIT: tr("Split or joined"),
        Kind.FRAGMENTS: tr("Other pieces"),
        Kind.NESTING: tr("Inner or outer"),
        Kind.DUPLICATE: tr("Twice"),
        Kind.VALUE: tr("Other value"),
        Kind.UNSET: tr("Value not set"),
        Kind.SUBSET: tr("Some of the values"),
        Kind.RELATION_TYPE: tr("Other link"),
        Kind.DIRECTION: tr("Turned around"),
        Kind.ENDPOINT: tr("Other end"),
        Kind.DANGLING: tr("An end is missing"),
        Kind.ENTITY_SPLIT: tr("One or two are meant"),
        Kind.ENTITY_MERGED: tr("Two are taken for one"),
        Kind.OTHER_ENTITY: tr("Somebody else is meant"),
        Kind.IDENTIFIER: tr("Other identifier"),
        Kind.TEXT_VERSION: tr("Text version"),
        Kind.SCHEME_VERSION: tr("Scheme version"),
    }.get(Kind(kind), kind)
