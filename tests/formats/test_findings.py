"""What the fuzzer found in the readers: files that nobody wrote, at the command line.

``findings`` holds inputs of :mod:`tests.fuzzing.reading`, by format; what a name says was wrong.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator import formats
from annotator.cli import main
from tests.fuzzing.reading import laid_out

FINDINGS = sorted(Path(__file__).with_name("findings").glob("*/*"))


@pytest.mark.parametrize("finding", FINDINGS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_what_the_fuzzer_found_comes_in_or_is_refused_in_plain_words(
    finding: Path, project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form = formats.reader(finding.parent.name)
    path = laid_out(form, tmp_path, finding.read_bytes())
    code = main(["import", str(project), str(path), "--format", form.name])
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert code == 0 or (code in (1, 3) and str(path) in said)
