"""What is known about an article: its zones and where it comes from.

The text itself is corrected by :mod:`annotator.editing.correcting`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Final

from annotator.annotated import Annotated
from annotator.editing.desk import Impossible, NothingToDo
from annotator.model import (
    Article,
    Change,
    Edit,
    Entity,
    Fragment,
    Zone,
    edit,
)

INNER_ZONES: Final = frozenset({"dateline"})
"""Zones that lie inside another one instead of taking its place."""

_CORRECTABLE: Final = frozenset({"title", "language", "source", "url", "published", "metadata"})


def set_zone(article: Article, fragment: Fragment, zone: str | None) -> Edit:
    """Say what role a stretch of the page has; None takes its zones away.

    Zones that reach into the stretch are cut at its ends.
    """
    start, end = fragment
    if not 0 <= start < end <= len(article.text):
        raise NothingToDo("Select some words first.")
    inner = zone in INNER_ZONES
    zones: list[Zone] = []
    for present in article.zones:
        apart = present.end <= start or end <= present.start
        other_kind = zone is not None and (present.zone in INNER_ZONES) != inner
        if apart or other_kind:
            zones.append(present)
            continue
        zones += [
            Zone(present.zone, left, right)
            for left, right in ((present.start, start), (end, present.end))
            if left < right
        ]
    if zone is not None:
        zones.append(Zone(zone, start, end))
    zones.sort(key=lambda item: (item.start, -item.end, item.zone))
    return _article_edit("zone", article, {"zones": tuple(zones)}, zone or "", fragment)


def set_metadata(article: Article, **fields: Any) -> Edit:
    """Correct title, source, url, language, day of publication (ISO 8601) or metadata."""
    unknown = sorted(set(fields) - _CORRECTABLE)
    if unknown:
        raise ValueError(f"Not to be corrected: {', '.join(unknown)}.")
    title = fields.get("title", article.title)
    if not title.strip():
        raise Impossible("Please give the article a title.")
    published = fields.get("published")
    if published is not None and not _is_day(published):
        raise Impossible(
            "{value} is no date. Please write it as year-month-day, such as 2016-12-23.",
            value=published,
        )
    return _article_edit("details", article, fields, title, None)


def delete_article(annotated: Annotated) -> Edit:
    """Take an article out of the project, with everybody's layers; entities stay."""
    article = annotated.article
    records = [record for record in annotated.records() if not isinstance(record, Entity)]
    changes = [Change(record, None) for record in reversed(records)]
    return edit("delete article", changes, detail=article.title, article_id=article.id)


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _article_edit(
    action: str, article: Article, values: dict[str, Any], detail: str, place: Fragment | None
) -> Edit:
    after = replace(article, **values)
    if after == article:
        raise NothingToDo("That is so already.")
    return edit(action, [Change(article, after)], detail=detail, article_id=article.id, place=place)
