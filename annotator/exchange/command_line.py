"""The line for a terminal that makes the same export as the dialog does."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

from annotator.exchange.plan import Plan
from annotator.exchange.selecting import Choice
from annotator.exchange.splitting import Split


def command(location: str, target: Path, plan: Plan, names: Path | None = None) -> str:
    """Return the command that carries *plan* out, quoted for the shell of this system.

    *names* is the file that the names of the plan were read from.
    """
    line = ["annotator", "export", *_safe(location), *_safe(str(target)), "--format", plan.form]
    line += _selected(plan)
    if names is not None:
        line += ["--map", str(names)]
    if plan.split is not None:
        line += ["--split", "/".join(map(str, plan.split.shares))]
        line += [] if plan.split.seed == Split().seed else ["--seed", str(plan.split.seed)]
    if plan.tokens != Plan().tokens:
        line += ["--tokenizer", plan.tokens]
    if plan.tags != Plan().tags:
        line += ["--tags", plan.tags]
    if plan.quotes != Plan().quotes:
        line += ["--quotes", plan.quotes]
    for flag, wanted in (
        ("--raw-cells", plan.raw_cells),
        ("--no-card", not plan.card),
        ("--renumber", plan.renumber),
    ):
        line += [flag] if wanted else []
    return subprocess.list2cmdline(line) if sys.platform == "win32" else shlex.join(line)


def _safe(path: str) -> list[str]:
    """Return *path* as arguments that cannot be taken for an option."""
    return [f"./{path}" if path.startswith("-") else path]


def _selected(plan: Plan) -> list[str]:
    chosen = plan.selection
    line: list[str] = []
    if chosen.choice is Choice.ONE:
        line += ["--layer", *chosen.authors]
    elif chosen.choice is not Choice.EVERYTHING:
        line += ["--layer", chosen.choice.value.replace(" ", "-")]
    else:
        line += [part for author in chosen.authors for part in ("--author", author)]
    if chosen.approved:
        line += ["--only", "approved"]
    if chosen.labels is not None:
        line += ["--labels", ",".join(chosen.labels)]
    return line + [part for one in chosen.articles or () for part in ("--article", one)]
