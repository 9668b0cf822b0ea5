"""Parquet for token classification with Hugging Face ``datasets``: a row for every reading.

``tokens`` and ``ner_tags`` are what trainers read; the classes have their names in the metadata of
the file, so that ``datasets.load_dataset`` shows them. The tags hold what is left where no two
labels may overlap, longest first. The column ``spans`` holds all labels with their exact
characters, and is what counts when such a file is read. ``O`` is 0; the labels of the scheme come
next, so that the parts of a split agree, and then others in the order in which they occur.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.formats import Group, Need, Problem, Reading, Sample, Writing
from annotator.formats.losses import Loss
from annotator.formats.readings import gathered
from annotator.formats.replacing import replacing
from annotator.formats.token_rows import COLUMNS, FATES, Shape, TokenRows, from_tokens, losses
from annotator.model import JsonObject
from annotator.translation import later

if TYPE_CHECKING:
    import pyarrow as pa

name: Final = "huggingface"
title: Final = "Hugging Face Parquet"
purpose: Final = later("tokens and tags to train with Hugging Face, many articles")
group: Final = Group.TRAINING
suffixes: Final = (".parquet",)
needs: Final = Need("pyarrow", "parquet")
tokenised: Final = True

__all__ = ["FATES"]

TOGETHER: Final = 256
"""Rows that are held in memory at a time, and stand in one row group."""
_MAGIC: Final = b"PAR1"


def write(articles: Iterable[Annotated], target: Path, writing: Writing) -> int:
    """Write a row for every layer of *articles*, and return how many articles there were."""
    rows = TokenRows(writing)
    with replacing(target) as file:
        known = rows.classes.names()
        write_rows(rows.batches(articles, TOGETHER), file, known)
        if rows.classes.names() != known:
            _name_classes(file, rows.classes.names())
    return rows.articles


def cannot_carry(articles: Iterable[Annotated], writing: Writing) -> list[Loss]:
    """Return what the rows will not say as it is."""
    return losses(articles, writing)


def write_rows(batches: Iterable[list[JsonObject]], file: BinaryIO, names: list[str]) -> None:
    """Write rows whose tags are numbers of *names*, a batch for a row group."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = schema(names)
    with pq.ParquetWriter(file, columns) as writer:
        for some in batches:
            arrays = [
                pa.array([one[field.name] for one in some], type=field.type) for field in columns
            ]
            writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=columns))


def _name_classes(file: BinaryIO, names: list[str]) -> None:
    """Write the file again with *names*: where labels came up that the scheme does not have."""
    import shutil
    import tempfile

    import pyarrow.parquet as pq

    file.flush()
    with tempfile.TemporaryFile() as draft, Path(file.name).open("rb") as written:
        shutil.copyfileobj(written, draft)
        file.seek(0)
        file.truncate()
        source = pq.ParquetFile(draft)
        with pq.ParquetWriter(file, schema(names)) as writer:
            for number in range(source.num_row_groups):
                part = source.read_row_group(number)
                writer.write_table(part.replace_schema_metadata(schema(names).metadata))


def schema(names: list[str]) -> pa.Schema:
    """Return the columns, with the names of the classes where ``datasets`` looks for them."""
    import pyarrow as pa

    features = {key: _feature(shape) for key, shape in COLUMNS.items()}
    features["ner_tags"] = {"feature": {"names": names, "_type": "ClassLabel"}, "_type": "Sequence"}
    metadata = {"huggingface": json.dumps({"info": {"features": features}}, ensure_ascii=False)}
    return pa.schema([(key, _type(shape)) for key, shape in COLUMNS.items()], metadata=metadata)


def _type(shape: Shape) -> pa.DataType:
    import pyarrow as pa

    if isinstance(shape, str):
        return pa.type_for_alias(shape)
    if isinstance(shape, list):
        return pa.list_(_type(shape[0]))
    return pa.struct([(key, _type(inner)) for key, inner in shape.items()])


def _feature(shape: Shape) -> Any:
    """Return *shape* in the words of ``datasets``."""
    if isinstance(shape, str):
        return {"dtype": shape, "_type": "Value"}
    if isinstance(shape, dict):
        return {key: _feature(inner) for key, inner in shape.items()}
    inner = _feature(shape[0])
    return [inner] if isinstance(shape[0], dict) else {"feature": inner, "_type": "Sequence"}


# --------------------------------------------------------------------------------------- reading


def recognises(sample: Sample) -> bool:
    """Tell a Parquet file; which columns it has is found out when it is read."""
    return sample.head.startswith(_MAGIC)


def read(path: Path, reading: Reading) -> Iterator[Annotated | Problem]:
    """Yield the articles of a Parquet file with texts and spans, or with tokens and tags.

    Raises UserError for a file that is damaged, or has neither.
    """
    import pyarrow as pa

    try:
        yield from gathered(_rows(path, reading), reading)
    except (pa.ArrowException, OSError) as error:
        raise UserError(
            f"{path} is not a Parquet file that can be read: {error}. Write it again."
        ) from error


def _rows(path: Path, reading: Reading) -> Iterator[tuple[int, JsonObject | Problem]]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as source:
        classes = _classes(source.schema_arrow)
        number = 0
        for part in source.iter_batches(batch_size=TOGETHER):
            for data in part.to_pylist():
                number += 1
                yield number, from_tokens(data, f"{path.stem}-{number}", number, reading, classes)


def _classes(columns: pa.Schema) -> Mapping[str, list[str]]:
    """Return the names of the classes by column, as ``datasets`` keeps them."""
    raw = (columns.metadata or {}).get(b"huggingface", b"{}")
    try:
        features = json.loads(raw)["info"]["features"]
    except (ValueError, KeyError, TypeError):
        return {}
    found = {}
    for key, feature in features.items() if isinstance(features, dict) else ():
        inner = feature.get("feature") if isinstance(feature, dict) else None
        if isinstance(inner, dict) and inner.get("_type") == "ClassLabel":
            found[key] = [str(one) for one in inner.get("names") or ()]
    return found
