"""Upgrades a project and is killed at the n-th statement; says how many there were otherwise.

Called as: upgrade_child.py LOCATION N
"""

import itertools
import os
import signal
import sys
from pathlib import Path

from sqlalchemy import Engine, event

from annotator.store.upgrade import MIGRATIONS, Target, upgrade

location, last = sys.argv[1], int(sys.argv[2])
counted = itertools.count(1)


@event.listens_for(Engine, "before_cursor_execute")
def die(*told: object) -> None:
    if next(counted) == last:
        os.kill(os.getpid(), signal.SIGKILL)


upgrade(
    location,
    Target(2, "0002", (MIGRATIONS / "versions", Path(__file__).parent / "migrations")),
)
print(next(counted) - 1)
