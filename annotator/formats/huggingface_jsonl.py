"""JSON Lines for token classification with Hugging Face ``datasets``: a folder it can open.

JSON has no place for the names of classes, so the tags are written by name (``B-Claim``), which is
enough for most scripts, and a ``README.md`` beside them says in the way of ``datasets`` which
classes there are: ``load_dataset`` on the folder then makes a ``ClassLabel`` of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from annotator.annotated import Annotated
from annotator.formats import Group, Problem, Reading, Sample, Writing, json_text
from annotator.formats.losses import Loss
from annotator.formats.readings import gathered
from annotator.formats.replacing import replacing_folder
from annotator.formats.token_rows import COLUMNS, FATES, Shape, TokenRows, from_tokens, losses
from annotator.model import JsonObject
from annotator.translation import later

name: Final = "huggingface-jsonl"
title: Final = "Hugging Face JSON Lines"
purpose: Final = later("tokens and tags to train with Hugging Face, readable in any editor")
group: Final = Group.TRAINING
suffixes: Final = (".jsonl",)
folder: Final = True
tokenised: Final = True

__all__ = ["FATES"]

DATA: Final = "data.jsonl"
CARD: Final = "README.md"


def write(articles: Iterable[Annotated], target: Path, writing: Writing) -> int:
    """Write a folder with a line for every layer of *articles*, and return how many those were."""
    rows = TokenRows(writing)
    with replacing_folder(target) as place:
        with (place / DATA).open("wb") as file:
            for one in rows.rows(articles):
                names = rows.classes.names()
                one["ner_tags"] = [names[number] for number in one["ner_tags"]]
                file.write(json_text.line(one))
        (place / CARD).write_bytes(_card(rows.classes.names()))
    return rows.articles


def cannot_carry(articles: Iterable[Annotated], writing: Writing) -> list[Loss]:
    """Return what the lines will not say as it is."""
    return losses(articles, writing)


def _card(names: list[str]) -> bytes:
    """Return the card, whose head tells ``datasets`` which file to read and what is in it."""
    shapes = {**COLUMNS, "ner_tags": ["class_label"]}
    classes = (f"          '{number}': {_quoted(one)}" for number, one in enumerate(names))
    features = "\n".join(line for key, shape in shapes.items() for line in _feature(key, shape))
    features = features.replace(
        "    sequence: class_label",
        "\n".join(("    sequence:", "      class_label:", "        names:", *classes)),
    )
    return f"""---
configs:
- config_name: default
  data_files:
  - split: train
    path: {DATA}
dataset_info:
  features:
{features}
---

Written for token classification. Load it with `datasets.load_dataset("path/of/this/folder")`.
""".encode()


def _feature(key: str, shape: Shape, indent: str = "  ") -> list[str]:
    """Return the lines of YAML that tell ``datasets`` what a column is."""
    head = f"{indent}- name: {key}"
    if isinstance(shape, str):
        return [head, f"{indent}  dtype: {shape}"]
    assert isinstance(shape, list)
    if isinstance(shape[0], str):
        return [head, f"{indent}  sequence: {shape[0]}"]
    assert isinstance(shape[0], dict)
    inner = (_feature(name, one, f"{indent}  ") for name, one in shape[0].items())
    return [head, f"{indent}  list:", *(line for lines in inner for line in lines)]


def _quoted(name: str) -> str:
    """Return *name* as a YAML string; characters that YAML cannot hold as they are, escaped."""
    text = json.dumps(name, ensure_ascii=False)
    return "".join(char if char.isprintable() else f"\\U{ord(char):08X}" for char in text)


# --------------------------------------------------------------------------------------- reading


def recognises(sample: Sample) -> bool:
    """Tell lines with tokens and tags of one kind or another, or the card of such a folder."""
    keys = sample.keys
    return "tokens" in keys and bool(keys & {"ner_tags", "tags", "labels", "ner"})


def companions(path: Path) -> Iterable[Path]:
    """Return the card beside a file of data."""
    card = path.with_name(CARD)
    return [card] if path.name == DATA and card.is_file() else []


def read(path: Path, reading: Reading) -> Iterator[Annotated | Problem]:
    """Yield the articles of a file of lines, or of a folder as :func:`write` makes it."""
    yield from gathered(_rows(path / DATA if path.is_dir() else path, reading), reading)


def _rows(path: Path, reading: Reading) -> Iterator[tuple[int, JsonObject | Problem]]:
    for number, data in json_text.lines(path):
        if isinstance(data, Problem):
            yield number, data
        elif not isinstance(data, dict):
            yield number, Problem(number, "", "It is not a JSON object.")
        else:
            yield number, from_tokens(data, f"{path.stem}-{number}", number, reading, {})
