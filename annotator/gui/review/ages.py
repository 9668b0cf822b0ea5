"""How long ago something was, as people say it."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QDate, QLocale

from annotator.translation import tr, tr_n

_DAYS = 7
"""Days after which the date itself says more."""


def age_in_words(time: str, present: datetime | None = None) -> str:
    """Return how long before *present* (now, where it is not given) the ISO time *time* was.

    A time that nobody can read is returned as it is; one in the future is "just now".
    """
    try:
        then = datetime.fromisoformat(time)
    except ValueError:
        return time
    if then.tzinfo is None:
        then = then.replace(tzinfo=UTC)
    minutes = int(((present or datetime.now(UTC)) - then).total_seconds() // 60)
    if minutes < 1:
        return tr("just now")
    if minutes < 60:
        return tr_n(minutes, "{n} minute ago", "{n} minutes ago")
    if minutes < 24 * 60:
        return tr_n(minutes // 60, "{n} hour ago", "{n} hours ago")
    if minutes < _DAYS * 24 * 60:
        return tr_n(minutes // (24 * 60), "{n} day ago", "{n} days ago")
    day = then.astimezone()
    return QLocale().toString(QDate(day.year, day.month, day.day), tr("d MMMM yyyy"))
