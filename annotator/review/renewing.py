"""Keeping a bulk decision true while others work: what they change leaves it, the rest is done.

Somebody says yes to what a preview shows. Where an article has changed by the time it is saved,
its rule is asked again there: what was shown and still comes out the same is decided, everything
else is left as it is and says so. Nothing is decided that nobody has seen.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

from annotator.errors import ConflictError
from annotator.review.cases import review
from annotator.review.merging import Item, Preview
from annotator.review.result import edit_with_result
from annotator.review.sight import hidden_layers
from annotator.translation import later

if TYPE_CHECKING:
    from annotator.annotated import Annotated
    from annotator.model import Edit
    from annotator.scheme import Scheme

MEANWHILE: Final = later("Somebody has changed the article in the meantime.")
ATTEMPTS: Final = 5
"""How often a batch is saved anew, at most, when somebody is always faster."""


class Saved(Protocol):
    """An edit that was saved."""

    @property
    def revision(self) -> int: ...


class Shared(Protocol):
    """A project in which others work too."""

    author: str

    @property
    def revision(self) -> int: ...
    @property
    def scheme(self) -> Scheme: ...
    def annotated(self, article_id: str) -> Annotated: ...
    def taken_ids(self, kind: str, ids: Iterable[str]) -> Collection[str]: ...
    def articles_since(self, revision: int) -> Collection[str]: ...
    def perform(self, edit: Edit, *, since: int | None = None) -> Saved: ...


def renewed(preview: Preview, changed: Collection[str], shared: Shared) -> Preview:
    """Return what *preview* comes to now that the articles *changed* are others than it saw.

    It lists the same cases; those that cannot be decided any more as they were shown are refused.
    """
    touched = {item.article_id for item in preview.done} & set(changed)
    if not touched:
        return preview
    parts = [_part(preview, article_id, shared) for article_id in sorted(touched)]
    return Preview(
        preview.batch,
        (*_elsewhere(preview.done, touched), *(item for part in parts for item in part.done)),
        (*preview.refused, *(item for part in parts for item in part.refused)),
        (
            *(one for one in preview.changes if one.record.article_id not in touched),
            *(one for part in parts for one in part.changes),
        ),
        (
            *(key for key in preview.own if key not in touched),
            *(key for part in parts for key in part.own),
        ),
        preview.origins,
    )


def _elsewhere(items: Sequence[Item], touched: Collection[str]) -> Iterator[Item]:
    return (item for item in items if item.article_id not in touched)


def _part(preview: Preview, article_id: str, shared: Shared) -> Preview:
    """Return what becomes of what was to be done in an article that has changed."""
    seen = {item.key: item for item in preview.done if item.article_id == article_id}
    found = _again(preview, article_id, seen, shared)
    if found is not None and not all(_alike(item, seen.get(item.key)) for item in found.done):
        found = None
    done = () if found is None else found.done
    kept = {item.key for item in done}
    left = (one for one in seen.values() if one.key not in kept)
    return Preview(
        preview.batch,
        done,
        tuple(replace(one, reason=MEANWHILE, audited=False) for one in left),
        () if found is None else found.changes,
        () if found is None else found.own,
    )


def _again(
    preview: Preview, article_id: str, seen: Collection[str], shared: Shared
) -> Preview | None:
    """Return what the rule comes to in an article as it is now; None where there is no telling."""
    origin = next((one for one in preview.origins if one.article_id == article_id), None)
    if origin is None or not shared.taken_ids("article", [article_id]):
        return None
    annotated = shared.annotated(article_id)
    gone = set(origin.layer_ids or ()) - set(annotated.layers)
    if gone or hidden_layers(annotated, shared.author):
        return None
    fresh = review(annotated, shared.scheme, layer_ids=origin.layer_ids)
    agreed = {case.key: case for case in origin.cases if case.key in seen}
    signed = replace(preview.batch.signed, revision=shared.revision)
    return origin.rule(fresh, replace(preview.batch, signed=signed, agreed=agreed))


def _alike(item: Item, seen: Item | None) -> bool:
    return seen is not None and replace(item, audited=seen.audited) == seen


@dataclass(slots=True)
class Bulk:
    """A bulk decision that somebody has said yes to, and what has become of it so far."""

    preview: Preview
    since: int
    """The revision that it knows of."""
    detail: Callable[[Preview], str] | None = None
    """Names the batch in the history; by default the number of cases does."""

    def renew(self, shared: Shared) -> bool:
        """Take over what others have changed; return whether they have changed any of it."""
        present, before = shared.revision, self.preview
        self.preview = renewed(before, shared.articles_since(self.since), shared)
        self.since = present
        return self.preview is not before

    def edit(self) -> Edit:
        """Return the edit of what is left to do. NothingToDo where there is nothing."""
        made = edit_with_result(self.preview)
        return made if self.detail is None else replace(made, detail=self.detail(self.preview))

    def save(self, shared: Shared) -> Saved | None:
        """Save what can be done, however fast others are; None where nothing is left to do.

        Raises ConflictError where they are faster every time.
        """
        for _ in range(ATTEMPTS):
            with suppress(ConflictError):
                return shared.perform(self.edit(), since=self.since)
            self.renew(shared)
            if not self.preview.done:
                return None
        return shared.perform(self.edit(), since=self.since)
