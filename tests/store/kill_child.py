"""Works on a project until it is killed, and says of each edit when it is durable.

Called as: kill_child.py LOCATION SEED STATEMENT

With STATEMENT 0 it goes on for ever and is killed from outside. Otherwise one edit, one undo and
one redo are made, and the program kills itself before the statement with that number.
"""

from __future__ import annotations

import itertools
import os
import random
import signal
import sys

from sqlalchemy import Engine, event

from annotator.model import Change, edit
from annotator.project import Project
from tests.store.making import entity, span

location, seed, statement = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
chance = random.Random(seed)


def told(text: str) -> None:
    os.write(1, f"{text}\n".encode())


with Project.open(location, author="ada") as project:
    if statement:
        counted = itertools.count(1)

        def die(*_: object) -> None:
            if next(counted) == statement:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(Engine, "before_cursor_execute", die)
        event.listen(Engine, "commit", die)
        project.perform(
            edit("both", [Change(None, entity("k1")), Change(None, span("k1", entity_id="k1"))])
        )
        told("do")
        project.undo()
        told("undo")
        project.redo()
        told(f"redo {next(counted) - 1}")
        raise SystemExit
    for number in itertools.count():
        match chance.choice(("do", "do", "do", "undo", "redo", "bulk")):
            case "undo":
                saved = project.undo()
            case "redo":
                saved = project.redo()
            case "bulk":
                spans = [span(f"{seed}-{number}-{n}", (n, n + 5)) for n in range(40)]
                saved = project.perform(edit("bulk", [Change(None, one) for one in spans]))
            case _:
                start = chance.randrange(40)
                one = span(f"{seed}-{number}", (start, start + 5))
                saved = project.perform(edit("mark", [Change(None, one)]))
        if saved is not None:
            told(f"{saved.revision} {saved.edit.id}")
