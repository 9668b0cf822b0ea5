"""What stands on the pages of a PDF, asked of pypdf in a process of its own.

A PDF is a program of a kind: a few bytes can make a reader work for hours or fill the memory. So
the pages are read by a child process with a limit on memory, which is ended when its time is up.
It answers in JSON: nothing that it made of a foreign file is run here.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from annotator.errors import UserError
from annotator.formats.imported import LONGEST

SECONDS: Final = 60.0
"""Time for one file."""
MEMORY: Final = 2 * 1024**3
"""Bytes of address space for the child, where the system has such limits."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line on a page. Positions and size are in points, upwards from the lower left corner."""

    text: str
    x: float
    y: float
    size: float
    """Of most of its letters."""


@dataclass(frozen=True, slots=True)
class Pages:
    """The lines of each page in the order in which they are painted, and what the file states."""

    lines: tuple[tuple[Line, ...], ...]
    facts: dict[str, str]


def pages(path: Path) -> Pages:
    """Return what stands on the pages of the PDF at *path*.

    Raises UserError where it cannot be read, is protected, or takes too long.
    """
    context = get_context("spawn")
    here, there = context.Pipe(duplex=False)
    child = context.Process(target=_answer, args=(str(path), there), daemon=True)
    try:
        child.start()
        there.close()
        if not here.poll(SECONDS):
            raise UserError(
                f"{path} took longer than {SECONDS:.0f} seconds to read, so it was given up. Save "
                "its text in another format, and import that."
            )
        answer = json.loads(here.recv_bytes())
    except EOFError as error:
        raise UserError(
            f"{path} is a PDF that cannot be read: it is damaged, or needs too much memory."
        ) from error
    finally:
        child.kill()
        child.join()
        child.close()
        here.close()
    if "error" in answer:
        raise UserError(f"{path} {answer['error']} Nothing was imported.")
    found = tuple(tuple(Line(*line) for line in page) for page in answer["pages"])
    return Pages(found, answer["facts"])


# ------------------------------------------------------------------------------------- the child


def _answer(path: str, parent: Connection) -> None:
    """Send what is in the file. Whatever goes wrong unforeseen ends the process without a word."""
    sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    logging.disable(logging.CRITICAL)
    _limit_memory()
    parent.send_bytes(json.dumps(_read(path)).encode("ascii"))
    parent.close()


def _limit_memory() -> None:
    if sys.platform != "win32":
        import resource

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        most = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def _read(path: str) -> dict[str, Any]:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, LimitReachedError, PyPdfError

    try:
        reader = PdfReader(path)
        # Many are locked against changes only, and open without a password.
        if reader.is_encrypted and not reader.decrypt(""):
            return {"error": "is protected with a password. Save it without one."}
        found: list[list[tuple[str, float, float, float]]] = []
        letters = 0
        for page in reader.pages:
            found.append(list(_lines(page)))
            letters += sum(len(line[0]) for line in found[-1])
            if letters > LONGEST:
                return {"error": f"has more than {LONGEST:,} letters, too many for an article."}
        return {"pages": found, "facts": _facts(reader)}
    except DependencyError:
        return {"error": "is encrypted. Save it without protection."}
    except LimitReachedError:
        return {"error": "would become too large when it is unpacked."}
    except (PyPdfError, RecursionError, MemoryError) as error:
        return {"error": f"is a PDF that cannot be read ({str(error) or 'too large'})."}


def _facts(reader: Any) -> dict[str, str]:
    stated = {} if reader.metadata is None else reader.metadata
    names = {"title": "/Title", "author": "/Author", "keywords": "/Keywords", "subject": "/Subject"}
    facts = {ours: str(stated.get(theirs) or "").strip() for ours, theirs in names.items()}
    made = str(stated.get("/CreationDate") or "").removeprefix("D:")[:8]
    if made.isdigit() and len(made) == 8:
        facts["created"] = f"{made[:4]}-{made[4:6]}-{made[6:]}"
    language = reader.root_object.get("/Lang")
    facts["language"] = str(language or "").replace("_", "-").partition("-")[0].lower()
    return {key: value for key, value in facts.items() if value}


def _lines(page: Any) -> Iterator[tuple[str, float, float, float]]:
    """Yield the lines of a page, put together from the runs of letters that pypdf tells of."""
    runs: list[tuple[str, float, float, float]] = []

    def visit(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        a, b, c, d = tm[0], tm[1], tm[2], tm[3]
        x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        scale = abs((a * d - b * c) * (cm[0] * cm[3] - cm[1] * cm[2])) ** 0.5
        for number, part in enumerate(text.split("\n")):
            if number:
                runs.append(("\n", x, y, 0.0))
            if part:
                runs.append((part, x, y, size * scale))

    page.extract_text(visitor_text=visit)
    line: list[tuple[str, float, float, float]] = []
    for run in [*runs, ("\n", 0.0, 0.0, 0.0)]:
        inked = [one for one in line if one[0].strip()]
        moved = bool(inked) and run[0].strip() and abs(run[2] - inked[-1][2]) > 0.6 * run[3] > 0
        if run[0] == "\n" or moved:
            if inked:
                yield _joined(inked, line)
            line = []
        if run[0] != "\n":
            line.append(run)


def _joined(
    inked: list[tuple[str, float, float, float]], line: list[tuple[str, float, float, float]]
) -> tuple[str, float, float, float]:
    sizes: dict[float, int] = {}
    for text, _, _, size in inked:
        sizes[round(size, 1)] = sizes.get(round(size, 1), 0) + len(text)
    text = "".join(run[0] for run in line)
    return text, inked[0][1], inked[0][2], max(sizes, key=lambda size: (sizes[size], size))
