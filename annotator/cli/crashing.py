"""What a verb says where the program itself is wrong, and which exit code that has."""

from __future__ import annotations

from types import TracebackType
from typing import Final, Self

import click

from annotator.cli import output
from annotator.crashes import Crash, Crashes
from annotator.errors import UserError

CRASHED: Final = 4


class Reporting:
    """A block that runs a verb: what nobody caught in it goes into a report."""

    def __init__(self, crashes: Crashes) -> None:
        self._crashes = crashes

    def __enter__(self) -> Self:
        self._crashes.begin()
        for report in self._crashes.earlier():
            click.echo(
                "annotator: The program ended by a fault of its own the last time. What was saved "
                f"is there. A report without any article text is in {report}.",
                err=True,
            )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, Exception) and not isinstance(error, UserError):
            _tell(self._crashes.met(error))
            self._crashes.end()
            raise SystemExit(CRASHED) from error
        self._crashes.end()


def _tell(crash: Crash) -> None:
    said = f"annotator: Something went wrong in the program ({crash.words}). "
    said += "What was saved before is safe."
    if crash.report is not None:
        said += f" A report without any article text is in {crash.report}."
    click.echo(output.plain(said), err=True)
