"""Feed the readers of all formats, and the opener of projects, with what nobody wrote.

    python -m pip install atheris
    python -m tests.fuzzing jsonl /tmp/fuzz -max_total_time=600

The first argument names a format, ``any`` for finding out the format, ``project`` for opening a
file with any bytes, or ``rows`` for a whole file with rows that no Annotator wrote. The second is
a folder that keeps what was found interesting, in ``corpus``, and what must not be, in
``findings``: one input for each place in our code, with what was raised there. The rest goes to
libFuzzer.

Whatever a file holds, reading it gives articles and problems, or a UserError, in less than 20
seconds and with less than 1 GB. Everything else is a finding: its input goes to
``tests/formats/findings/FORMAT/`` or ``tests/store/findings/`` together with its mending.
"""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path


class Findings:
    """Keeps what must not be raised, once for each place, so that one finding hides no other."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def watching(self, target: Callable[[bytes], None]) -> Callable[[bytes], None]:
        """Return *target* as it goes on after a finding."""

        def watched(data: bytes) -> None:
            try:
                target(data)
            except Exception as error:  # noqa: BLE001  # To know them all is what this is for.
                self._keep(data, error)
            except SystemExit as end:  # A verb ends so after it told of a mistake of ours.
                if isinstance(end.__context__, Exception):
                    self._keep(data, end.__context__)

        return watched

    def _keep(self, data: bytes, error: Exception) -> None:
        frames = traceback.extract_tb(error.__traceback__)
        ours = [frame for frame in frames if "/annotator/" in frame.filename] or list(frames)
        last = ours[-1]
        name = f"{type(error).__name__}-{Path(last.filename).stem}-{last.name}-{last.lineno}"
        path = self._folder / name
        known = path.stat().st_size if path.exists() else None
        if known is None or len(data) < known:
            path.write_bytes(data)
            path.with_name(f"{name}.txt").write_text(
                "".join(traceback.format_exception(error)), encoding="utf-8", errors="replace"
            )


def _as_libfuzzer_does(data: bytes, longest: int) -> bytes:
    # There only once the fuzzer runs; what the package itself gives out is another copy of it.
    from atheris import core_with_libfuzzer

    return bytes(core_with_libfuzzer.Mutate(data, longest))


def main(arguments: list[str]) -> None:
    """Fuzz what the first argument names."""
    import atheris

    name, place, *rest = arguments
    memory = Path("/dev/shm")
    work = Path(tempfile.mkdtemp(dir=memory if os.access(memory, os.W_OK) else None))
    os.environ.setdefault("ANNOTATOR_HOME", str(work / "home"))
    with atheris.instrument_imports(include=["annotator"]):
        from tests.fuzzing import mutating, opening, reading

        if name in opening.TARGETS:
            target, seeds = opening.TARGETS[name](work)
        else:
            target, seeds = reading.target(name, work)
    corpus = Path(place) / name / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds):
        (corpus / f"seed-{number}").write_bytes(seed)
    watched = Findings(Path(place) / name / "findings").watching(target)
    # An import that happens only now would be instrumented while it is measured.
    for path in sorted(corpus.glob("seed-*"))[:9]:
        watched(path.read_bytes())
    limits = ["-timeout=20", "-rss_limit_mb=1500", "-max_len=20000"]
    atheris.Setup(
        [sys.argv[0], *limits, *rest, str(corpus)],
        watched,
        custom_mutator=mutating.mutator(_as_libfuzzer_does),
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
