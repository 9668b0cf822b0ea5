"""What edits did and when, in the person's language."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QDateTime, QLocale, QTime

from annotator.gui.insights.words import state_in_words
from annotator.gui.review.wording import answer_title
from annotator.review.verdicts import reason_shown
from annotator.translation import tr

if TYPE_CHECKING:
    from annotator.project import SavedEdit


def bulk_words(rule: str) -> str:
    """Say what a batch did; the empty text for what is no batch."""
    return {
        "unanimous": tr("Accepted what all agree on"),
        "majority": tr("Accepted what most say"),
        "layer": tr("Took all of one person"),
        "phrase": tr("Decided on one phrase"),
        "duplicates": tr("Left out duplicates"),
        "likewise": tr("Decided identical cases alike"),
        "relabel all": tr("Changed a label everywhere in gold"),
        "reassign": tr("Gave work to somebody else"),
        "send back": tr("Sent labels back"),
        "sample": tr("Drew a sample for review"),
        "second review": tr("Had decisions reviewed again"),
        "retest": tr("Had somebody decide again, unseen"),
        "second round": tr("Had somebody mark articles again, unseen"),
        "controls": tr("Gave out articles whose gold is known"),
        "revert": tr("Reverted a batch"),
    }.get(rule, "")


def what_in_words(saved: SavedEdit) -> str:
    """Say what an edit did, in the person's language."""
    action, detail = saved.edit.action, saved.edit.detail
    words = _words(action, detail) or f"{action} {detail}".strip()
    if saved.kind == "undo":
        return tr("Took back: {what}", what=words)
    if saved.kind == "redo":
        return tr("Made again: {what}", what=words)
    return words


def _words(action: str, detail: str) -> str:
    bulk = bulk_words(action)
    if action == "revert":
        return _reverted(bulk, detail)
    if bulk:
        return tr("{what}: {words}", what=bulk, words=detail)
    words = {**_annotating(detail), **_reviewing(detail)}.get(action, "")
    return words if detail else words.rstrip(" :")


def _reverted(words: str, detail: str) -> str:
    """Name the batch that was reverted, with how much went back and how much stayed."""
    rule, _, numbers = detail.rpartition(" (")
    back, _, stayed = numbers.rstrip(")").partition(", ")
    batch = bulk_words(rule)
    if not batch:
        return tr("{what}: {words}", what=words, words=detail)
    said = tr("{what} “{batch}”: {n}", what=words, batch=batch, n=back)
    return said if stayed in ("", "0") else tr("{said}, {n} left", said=said, n=stayed)


def _annotating(detail: str) -> dict[str, str]:
    return {
        "mark": tr("Marked {detail}", detail=detail),
        "relabel": tr("Changed a label to {detail}", detail=detail),
        "delete": tr("Removed {detail}", detail=detail),
        "reshape": tr("Moved the ends of {detail}", detail=detail),
        "attribute": tr("Set {detail}", detail=detail),
        "note": tr("Wrote a note"),
        "unsure": tr("Changed the flag “unsure”"),
        "attach": tr("Said who or where is meant: {detail}", detail=detail),
        "detach": tr("Took back who or where is meant"),
        "relate": tr("Linked: {detail}", detail=detail),
        "unrelate": tr("Removed a link: {detail}", detail=detail),
        "submit": tr("Submitted"),
        "state": tr("Changed how far the article is: {detail}", detail=state_in_words(detail)),
        "entity": tr("Changed a person or place: {detail}", detail=detail),
        "merge": tr("Merged into {detail}", detail=detail),
        "split": tr("Split off {detail}", detail=detail),
        "delete entity": tr("Removed the person or place {detail}", detail=detail),
        "zone": tr("Changed a zone: {detail}", detail=detail),
        "details": tr("Corrected the details: {detail}", detail=detail),
        "correct text": tr("Corrected the text: {detail}", detail=detail),
        "work order": tr("Began as a work order"),
        "take result": tr("Took in the result of {detail}", detail=detail),
        "scheme": tr("Changed the scheme"),
        "import": tr("Brought in: {detail}", detail=detail),
        "remove": tr("Removed the article {detail}", detail=detail),
        "comment": tr("Commented: {detail}", detail=detail),
        "reply": tr("Replied: {detail}", detail=detail),
        "comment.change": tr("Changed a comment: {detail}", detail=detail),
        "comment.delete": tr("Removed a comment: {detail}", detail=detail),
        "resolve": tr("Resolved a comment: {detail}", detail=detail),
        "comment.reopen": tr("Opened a comment again: {detail}", detail=detail),
        "answer": tr("Answered a decision: {detail}", detail=answer_title(detail)),
        "restore": tr("Restored the state of {detail}", detail=detail),
    }


def _reviewing(detail: str) -> dict[str, str]:
    return {
        "take": tr("Decided: {detail}", detail=detail),
        "reject": tr("Left out: {detail}", detail=reason_shown(detail)),
        "correct": tr("Corrected in review: {detail}", detail=detail),
        "reopen": tr("Opened gold again, as version {n}", n=detail),
        "skip": tr("Put a case aside: {detail}", detail=detail),
        "escalate": tr("Left a case to somebody else: {detail}", detail=detail),
        "reconsider": tr("Took a decision back: {detail}", detail=detail),
        "check": tr("Checked a paragraph for missing labels"),
        "uncheck": tr("Took the check of a paragraph back"),
        "finish": tr("Finished, as gold version {n}", n=detail),
        "return": tr("Returned the article to {name}", name=detail),
        "unblind": tr("Showed the names of a blind review"),
        "assign": tr("Gave out {detail} articles", detail=detail),
    }


def time_in_words(time: str) -> str:
    """Return a time of UTC in the person's own zone and manner."""
    try:
        then = datetime.fromisoformat(time).astimezone()
    except ValueError:
        return time
    moment = QDateTime(QDate(then.year, then.month, then.day), QTime(then.hour, then.minute))
    return QLocale().toString(moment, tr("d MMMM yyyy, HH:mm"))
