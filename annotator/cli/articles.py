"""Verbs that show articles and their labels: labels, render."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from annotator.cli import output
from annotator.cli.opening import open_project

if TYPE_CHECKING:
    from annotator.annotated import Annotated
    from annotator.model import Entity, JsonObject, Span

_AUTHORS: Final = click.option(
    "--author", "authors", multiple=True, metavar="NAME", help="Only this author's; repeatable."
)
_ARTICLES: Final = click.option(
    "--article", "article_ids", multiple=True, metavar="ID", help="Only this article; repeatable."
)
_JSON: Final = click.option("--json", "as_json", is_flag=True, help="Write JSON.")


@click.command(short_help="List spans, relations and entities.")
@click.argument("project")
@_ARTICLES
@_AUTHORS
@_JSON
def labels(
    project: str, article_ids: tuple[str, ...], authors: tuple[str, ...], as_json: bool
) -> None:
    """List spans, relations and entities."""
    from annotator import exchange

    with open_project(project) as opened:
        exchange.refuse_missing(opened, article_ids)
        exchange.refuse_strangers(opened, authors)
        selection = exchange.Selection(authors=authors)
        every = opened.each_annotated(article_ids or None)
        found = (one for item in every if (one := exchange.selected(item, selection)) is not None)
        if as_json:
            everything = opened.entities() if not (article_ids or authors) else {}
            output.say_json(_labels_as_json(found, everything))
        else:
            for item in found:
                _say_labels(item)


def _labels_as_json(found: Iterable[Annotated], entities: dict[str, Entity]) -> JsonObject:
    from annotator.model import record_to_json

    spans: list[JsonObject] = []
    relations: list[JsonObject] = []
    entities = dict(entities)
    for item in found:
        used: set[str | None] = set()
        for layer in sorted(item.layers.values(), key=lambda one: (one.author, one.id)):
            for span in item.spans_of(layer.id):
                spans.append(record_to_json(span) | {"author": layer.author})
                used.add(span.entity_id)
            for tie in item.relations_of(layer.id):
                relations.append(record_to_json(tie) | {"author": layer.author})
                used.add(tie.target_entity)
        entities |= {key: one for key, one in item.entities.items() if key in used}
    listed: list[Any] = [record_to_json(entities[key]) for key in sorted(entities)]
    return {"spans": spans, "relations": relations, "entities": listed}


def _say_labels(item: Annotated) -> None:
    for layer in sorted(item.layers.values(), key=lambda one: (one.author, one.id)):
        whose = layer.author or layer.kind
        output.say(f"{item.article.title} ({item.article.id}), {whose}, {layer.state}")
        for span in item.spans_of(layer.id):
            output.say(f"  {_described(item, span)}")
            for tie in item.relations_from(span.id):
                if tie.target is not None:
                    end = "“" + " … ".join(item.spans[tie.target].text) + "”"
                else:
                    end = item.entities[tie.target_entity or ""].name
                output.say(f"    {tie.label}: {end}")


def _described(item: Annotated, span: Span) -> str:
    place = ",".join(f"{start}-{end}" for start, end in span.fragments)
    parts = [f"{span.label} {place} “{' … '.join(span.text)}”"]
    parts += [f"{name}={value}" for name, value in sorted(span.attributes.items())]
    if span.entity_id is not None:
        parts.append(f"is {item.entities[span.entity_id].name}")
    if span.unsure:
        parts.append("unsure")
    if span.note:
        parts.append(f"note: {span.note}")
    return "; ".join(parts)


@click.command(short_help="Draw an article with its labels: PDF, PNG or SVG.")
@click.argument("project")
@click.option("--article", "article_id", required=True, metavar="ID", help="The article.")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="File to write: .pdf, .png or .svg.",
)
@click.option(
    "--theme",
    default="light",
    show_default=True,
    help="light, dark, high-contrast-light or high-contrast-dark.",
)
@click.option(
    "--width",
    default=900,
    show_default=True,
    type=click.IntRange(320, 4000),
    help="Of the page, in pixels.",
)
@_AUTHORS
def render(
    project: str, article_id: str, out: Path, theme: str, width: int, authors: tuple[str, ...]
) -> None:
    """Draw an article with its labels as the window shows it, as PDF, PNG or SVG."""
    from annotator import exchange
    from annotator.formats.replacing import refuse_unfit

    refuse_unfit(out)
    with open_project(project) as opened:
        exchange.refuse_strangers(opened, authors)
        annotated = opened.annotated(article_id)
        scheme = opened.scheme
        # Of several authors the one is drawn who works here, else the first.
        wanted = authors or (opened.author,)
    own = [item for item in annotated.layers.values() if item.author in wanted]
    layers = own or sorted(annotated.layers.values(), key=lambda item: (item.author, item.id))[:1]
    from annotator.gui.article.headless import render_file

    render_file(annotated, [item.id for item in layers], scheme, theme, out, width=width)
    output.say(f"Drawn to {out}.")


VERBS: Final = (labels, render)
