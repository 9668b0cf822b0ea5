"""Which files an import reads, in which format each is, and what comes out of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from annotator import formats
from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.exchange.data_card import is_card
from annotator.exchange.limits import within
from annotator.exchange.options import Options
from annotator.exchange.parts import relayered
from annotator.exchange.progress import Progress, Step, silent
from annotator.formats import Format, Problem, Reader, Reading
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


def sources(
    paths: Iterable[Path], options: Options, progress: Progress = silent
) -> list[Source | Skipped]:
    """Return the files that *paths* name or hold, each with its format.

    Files that belong to another (the text beside its labels) are read with it, not by themselves.
    Raises UserError for a format that there is not, or that cannot be read, and Cancelled where
    *progress* says so.
    """
    return _alone(each_source(paths, options, progress))


def each_source(
    paths: Iterable[Path], options: Options, progress: Progress = silent
) -> Iterator[Source | Skipped]:
    """Yield the files that *paths* name or hold one by one, those too that belong to another."""
    paths = tuple(paths)
    finding = _Finding(
        forms=formats.all_formats(),
        asked=None if options.form is None else formats.reader(options.form),
        named=frozenset(path for path in paths if not path.is_dir()),
    )
    for number, item in enumerate(discover(paths)):
        progress(Step("reading", number, None, item.name if isinstance(item, Path) else ""))
        found = item if isinstance(item, Skipped) else finding.source(item)
        if found is not None:
            yield found


def refuse_missing_columns(paths: Iterable[Path], options: Options) -> None:
    """Raise UserError where columns are spoken of that no table among the files has.

    Of one table alone it is no mistake: what is said may be of another one in the same import.
    """
    if not options.columns:
        return
    found = [one for one in sources(paths, options) if isinstance(one, Source)]
    tables = [one for one in found if formats.is_table(one.form)]
    if not tables:
        raise UserError(
            "Columns are named, but none of the files is a table. Leave them out, or say in which "
            "format the files are."
        )
    names: dict[str, None] = {}
    for table in tables:
        try:
            names |= {column.name: None for column in formats.table_columns(table.form, table.path)}
        except UserError:
            return  # The import says what is wrong with that table.
    missing = [repr(name) for name in options.columns if name not in names]
    if missing:
        alone = len(tables) == 1
        raise UserError(
            f"There is no column {' and no column '.join(missing)} in "
            f"{tables[0].path if alone else 'any of the tables'}. {'Its' if alone else 'Their'} "
            f"columns are: {', '.join(names) or 'none'}. Nothing was imported."
        )


def _alone(found: Iterable[Source | Skipped]) -> list[Source | Skipped]:
    """Return what is to be read by itself; of files that belong to each other, the first."""
    kept: list[Source | Skipped] = []
    taken: set[Path] = set()
    for item in found:
        if taken and item.path.resolve() in taken:
            continue
        kept.append(item)
        if isinstance(item, Source):
            taken.update(path.resolve() for path in formats.companions(item.form, item.path))
    return [item for item in kept if not taken or item.path.resolve() not in taken]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finding:
    """Tells file by file what an import is to do with it."""

    forms: tuple[Format, ...]
    asked: Reader | None
    """The format that somebody says that the files are in."""
    named: frozenset[Path]
    """Files that somebody named themselves; all others were found in folders."""

    def source(self, path: Path) -> Source | Skipped | None:
        """Return what to do with a file; None where it lies beside articles and has none."""
        try:
            return self._source(path)
        except UserError as error:
            return Skipped(path, str(error))

    def _source(self, path: Path) -> Source | Skipped | None:
        if not path.is_file():
            return self._as_asked(path, None) if self.asked else self._as_text(path)
        sample = formats.sample_of(path)
        form = formats.recognised(sample, self.forms)
        if self.asked is not None:
            return self._as_asked(path, form)
        if path not in self.named and is_card(sample):
            return None
        if form is not None:
            return Source(path, form)
        if any(formats.accompanies(one, sample) for one in self.forms):
            reason = f"{path} has no articles in it: it belongs to files beside it. Import those."
            return Skipped(path, reason) if path in self.named else None
        if path in self.named and not sample.keys:
            return self._as_text(path)
        return Skipped(path, f"{path} is in no format that can be read.")

    def _as_text(self, path: Path) -> Source:
        return Source(path, formats.reader("text"))

    def _as_asked(self, path: Path, form: Reader | None) -> Source | Skipped:
        asked = self.asked
        assert asked is not None
        if path in self.named or form is asked or path.suffix.lower() in asked.suffixes:
            return Source(path, asked)
        return Skipped(path, f"{path} does not look like {asked.title}, so it was not read.")


def items(source: Source, options: Options, scheme: Scheme) -> Iterator[Item]:
    """Yield what is in a file, with names mapped, labels in the layer asked for, within limits.

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
                named = options.names.applied(_in_layer(item, options.layer, source.path))
                yield from within(named)
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
