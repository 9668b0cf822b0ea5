"""Which files an import reads, in which format each is, and what comes out of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from annotator import formats
from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.exchange.options import Options
from annotator.exchange.parts import relayered
from annotator.formats import Problem, Reader, Reading
from annotator.formats.articles import Skipped, discover, read
from annotator.formats.imported import ImportedArticle
from annotator.model import LayerKind
from annotator.scheme import Scheme

Item = Annotated | ImportedArticle | Problem


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be read."""

    path: Path
    form: Reader


def sources(paths: Iterable[Path], options: Options) -> list[Source | Skipped]:
    """Return the files that *paths* name or hold, each with its format.

    Files that belong to another (the text beside its labels) are read with it, not by themselves.
    Raises UserError for a format that there is not, or that cannot be read.
    """
    paths = tuple(paths)
    asked = None if options.form is None else formats.reader(options.form)
    named = {path for path in paths if not path.is_dir()}
    found = [
        item if isinstance(item, Skipped) else _recognised(item, asked, item in named)
        for item in discover(paths)
    ]
    return _alone(found)


def _alone(found: Iterable[Source | Skipped]) -> list[Source | Skipped]:
    """Return what is to be read by itself; of files that belong to each other, the first."""
    kept: list[Source | Skipped] = []
    taken: set[Path] = set()
    for item in found:
        if item.path.resolve() in taken:
            continue
        kept.append(item)
        if isinstance(item, Source):
            taken.update(path.resolve() for path in formats.companions(item.form, item.path))
    return [item for item in kept if item.path.resolve() not in taken]


def _recognised(path: Path, asked: Reader | None, named: bool) -> Source | Skipped:
    try:
        form = formats.recognise(path) if path.is_file() else None
    except UserError as error:
        return Skipped(path, str(error))
    if asked is not None:
        if named or form is asked or path.suffix.lower() in asked.suffixes:
            return Source(path, asked)
        return Skipped(path, f"{path} does not look like {asked.title}, so it was not read.")
    if form is None and named:
        form = formats.reader("text")
    if form is None:
        return Skipped(path, f"{path} is in no format that can be read.")
    return Source(path, form)


def items(source: Source, options: Options, scheme: Scheme) -> Iterator[Item]:
    """Yield what is in a file, with names mapped and labels in the layer asked for.

    Raises UserError that names the file where it cannot be read at all.
    """
    formats.refuse_unmet(source.form)
    reading = Reading(
        offsets=options.offsets,
        anchoring=options.anchoring,
        encoding=options.encoding,
        language=options.language,
        author=options.layer,
        columns=options.columns,
        scheme=scheme,
    )
    for item in read(source.path, reading, source.form):
        match item:
            case Annotated():
                yield options.names.applied(_in_layer(item, options.layer, source.path))
            case ImportedArticle(language=None):
                yield replace(item, language=options.language)
            case _:
                yield item


def _in_layer(item: Annotated, author: str, path: Path) -> Annotated:
    """Return *item* with its one layer as that of *author*, where one is named."""
    if not author or not item.layers:
        return item
    if len(item.layers) > 1:
        names = ", ".join(sorted({layer.author for layer in item.layers.values()}))
        raise UserError(
            f"{path} holds several people’s labels of one article ({names}), so they cannot all "
            f"become the labels of {author}. Import it without naming a layer."
        )
    (old,) = item.layers.values()
    if (old.author, old.kind) == (author, LayerKind.PERSON):
        return item
    # Under another id: the same file may come in again as somebody else's.
    new = replace(old, id=f"{old.id}@{author}", author=author, kind=LayerKind.PERSON)
    return relayered(item, old, new)
