"""Drive the real program from a test: start it, press keys, look, kill it."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

SECONDS_TO_ANSWER = 30


class Program:
    """The program in a process of its own."""

    def __init__(self, home: Path, arguments: Sequence[str] = ()) -> None:
        environment = os.environ | {
            "ANNOTATOR_HOME": str(home),
            "QT_QPA_PLATFORM": "offscreen",
            "PYTHONPATH": str(ROOT),
            "LANGUAGE": "en",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.journeys.driven_child", *arguments],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.pressed = 0

    def keys(self, *names: str) -> None:
        """Press keys, named as in ``Ctrl+Shift+Z``; a letter alone is the key without Shift."""
        self.pressed += len(names)
        self._send(["keys", *names])

    def type(self, text: str) -> None:
        """Type words, a key each."""
        self.pressed += len(text)
        self._send(["type", text])

    def state(self) -> dict[str, Any]:
        """Return what can be seen: focus, article, selection, whether all is saved."""
        return self._ask(["state"])

    def grab(self, path: Path) -> None:
        """Save a picture of the window."""
        assert self._ask(["grab", str(path)])["saved"]

    def until(self, **expected: Any) -> dict[str, Any]:
        """Look until the state has these values; fails after some 2,000 looks."""
        found: dict[str, Any] = {}
        for _ in range(2000):
            found = self.state()
            if all(found.get(key) == value for key, value in expected.items()):
                return found
        raise AssertionError(f"wanted {expected}, found {found}")

    def kill(self) -> None:
        """End it with SIGKILL."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._let_go()

    def terminate(self) -> int:
        """Tell it to end, as a log-out does, and return the exit code."""
        self._process.send_signal(signal.SIGTERM)
        code = self._process.wait(timeout=SECONDS_TO_ANSWER)
        self._let_go()
        return code

    def close(self) -> int:
        """Quit with the key, and return the exit code."""
        self._send(["keys", "Ctrl+Q"])
        assert self._process.stdin is not None
        self._process.stdin.close()
        code = self._process.wait(timeout=30)
        self._let_go()
        return code

    def _let_go(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _send(self, order: list[Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()

    def _ask(self, order: list[Any]) -> dict[str, Any]:
        self._send(order)
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], SECONDS_TO_ANSWER)
        assert ready, f"no answer to {order}"
        line = self._process.stdout.readline()
        assert line, "the program has ended"
        answer: dict[str, Any] = json.loads(line)
        return answer
