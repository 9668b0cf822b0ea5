"""Which stretches of a shown article an edit touches."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.gui.article.article_content import ArticleContent
from annotator.model import Comment, Edit, Fragment, Relation, Span


def stretches_of(content: ArticleContent, edit: Edit) -> list[Fragment]:
    """Take the spans that *edit* changed into the index; return what has to be packed anew."""
    article_id = content.article.id
    found: set[Fragment] = set()
    for change in edit.changes:
        if change.record.article_id != article_id:
            continue
        for record in (change.before, change.after):
            match record:
                case Span():
                    found.update(_lines_of(record))
                case Relation():
                    found.update(_ends(content, (record.source, record.target)))
                case Comment():
                    found.update(_ends(content, (record.record_id,)))
        if isinstance(change.record, Span):
            before = change.before if isinstance(change.before, Span) else None
            after = change.after if isinstance(change.after, Span) else None
            content.change(before, after)
    return sorted(found)


def _lines_of(span: Span) -> Iterable[Fragment]:
    # The dashes between fragments run on the lines of the fragments, so these suffice.
    return span.fragments


def _ends(content: ArticleContent, ids: Iterable[str | None]) -> Iterable[Fragment]:
    for span_id in ids:
        span = content.annotated.spans.get(span_id or "")
        if span is not None and content.shows(span):
            yield from span.fragments
