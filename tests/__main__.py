"""`python3 tests [pytest arguments]`: set up, then run every check and test as one run."""

import os
import sys

if __package__ in (None, ""):
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120

from pathlib import Path


def main() -> int:
    """Run the tests on all cores, or as the arguments say, and return pytest's exit code."""
    here = Path(__file__).resolve().parent
    from annotator.environment import enter

    enter(here, "test", qt=True, window=False)
    import pytest

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.chdir(here.parent)
    arguments = sys.argv[1:] or ["-n", "auto", "--dist", "worksteal"]
    return int(pytest.main(arguments))


if __name__ == "__main__":
    sys.exit(main())
