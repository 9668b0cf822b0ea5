"""The verbs of the command line. They work without a screen, and load no part of the window.

What is heavy is imported by the verb that needs it: ``annotator --help`` answers at once.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from typing import Final

import click

from annotator import __version__
from annotator.cli import (
    agreeing,
    articles,
    bundling,
    correcting,
    exchanging,
    marking_again,
    members,
    output,
    projects,
    recovering,
    reviewing,
)
from annotator.cli.crashing import CRASHED, Reporting
from annotator.crashes import Crashes
from annotator.errors import UserError
from annotator.settings import folder

DONE: Final = 0
FOUND: Final = 1
USAGE: Final = 2
REFUSED: Final = 3
INTERRUPTED: Final = 130

_EXIT_CODES: Final = f"""
\b
Exit codes:
  {DONE}  done
  {FOUND}  done, but something was found or could not be taken in (import, new, check)
  {USAGE}  the command line is not right
  {REFUSED}  not done: a file, a disk, a server or a rule said no; the message says which
  {CRASHED}  the program itself is wrong; a report was written, and what was saved is safe
"""


@click.group(epilog=_EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="annotator")
def verbs() -> None:
    """Mark the speakers, locations and claims in news articles.

    Without a verb the window opens. PROJECT is a file (NAME.annotator) or the address of a
    PostgreSQL database (postgresql://…).
    """


for _verb in (
    *projects.VERBS,
    *recovering.VERBS,
    *exchanging.VERBS,
    *articles.VERBS,
    *correcting.VERBS,
    *bundling.VERBS,
    *members.VERBS,
    *agreeing.VERBS,
    *reviewing.VERBS,
    *marking_again.VERBS,
):
    verbs.add_command(_verb)


def main(argv: Sequence[str]) -> int:
    """Run the verb that the arguments *argv* name, and return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = None if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")
    with Reporting(Crashes(folder(), "verb")):
        return _run(argv)


def _run(argv: Sequence[str]) -> int:
    try:
        code = verbs.main(list(argv), prog_name="annotator", standalone_mode=False)
    except click.ClickException as error:
        message = output.plain(error.format_message())
        click.echo(f"annotator: {message} See annotator --help.", err=True)
        return USAGE
    except click.Abort:
        return INTERRUPTED
    except UserError as error:
        click.echo(f"annotator: {output.plain(str(error))}", err=True)
        return REFUSED
    except SystemExit:
        # Click's answer to a closed pipe: who reads has had enough, which is no fault.
        return DONE
    return code if isinstance(code, int) else DONE
