"""An article that is about to come in, as plain text: its facts, its beginning, its labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from annotator.formats.imported import ImportedArticle
from annotator.translation import number, tr, tr_n

if TYPE_CHECKING:
    from annotator.annotated import Annotated
    from annotator.model import Span

NOBODY: Final = "import"
"""Author of labels of which the file does not say whose they are."""
_TEXT: Final = 400
"""Characters of the text that are shown."""
_LABELS: Final = 12
_WORDS: Final = 80


def article_text(item: Annotated | ImportedArticle) -> str:
    """Return what is shown of an article: foreign text."""
    article = item if isinstance(item, ImportedArticle) else item.article
    facts = (article.language, article.source, article.published, article.url)
    head = [article.title, "  ·  ".join(filter(None, facts))]
    beginning = article.text[:_TEXT].strip()
    if len(article.text) > _TEXT:
        beginning += " …"
    parts = ["\n".join(filter(None, head)), beginning]
    if not isinstance(item, ImportedArticle):
        parts += [_layer(item, layer_id) for layer_id in item.layers]
    return "\n\n".join(filter(None, parts))


def _layer(item: Annotated, layer_id: str) -> str:
    spans = item.spans_of(layer_id)
    count = tr_n(len(spans), "{n} label", "{n} labels")
    author = item.layers[layer_id].author
    if author not in ("", NOBODY):
        count = tr("{count} by {author}", count=count, author=author)
    lines = [f"{count}:"]
    wide = max((len(span.label) for span in spans[:_LABELS]), default=0)
    for span in spans[:_LABELS]:
        lines.append(f"{span.label:<{wide}}  {_words(span)}{_facts(item, span)}")
        for tie in item.relations_from(span.id):
            if tie.target is not None:
                target = _words(item.spans[tie.target])
            else:
                target = item.entities[tie.target_entity or ""].name
            lines.append(f"{'':<{wide}}  → {tie.label}: {target}")
    if len(spans) > _LABELS:
        lines.append(tr("and {n} more", n=number(len(spans) - _LABELS)))
    return "\n".join(lines)


def _facts(item: Annotated, span: Span) -> str:
    known = [f"{name}={value}" for name, value in sorted(span.attributes.items())]
    entity = item.entities.get(span.entity_id or "")
    if entity is not None:
        known.insert(0, entity.name)
    return f"  [{', '.join(known)}]" if known else ""


def _words(span: Span) -> str:
    words = " ".join(" … ".join(span.text).split())
    return words if len(words) <= _WORDS else f"{words[:_WORDS]}…"
