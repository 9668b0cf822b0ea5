"""What could not be saved when the window closed: kept in a file of its own, offered again.

One JSON object a line, an :class:`~annotator.model.Edit` each, in the order in which they were
made. The file lies in the settings folder, away from the disk that refused.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path

from annotator.model import Edit, edit_from_json, edit_to_json


class Drafts:
    """The unsaved edits of one project."""

    def __init__(self, folder: Path, location: str) -> None:
        name = hashlib.sha256(location.encode()).hexdigest()[:16]
        self.path = folder / "drafts" / f"{name}.jsonl"

    def keep(self, edits: Sequence[Edit]) -> None:
        """Add *edits* to the file, durably. Raises OSError where this disk refuses as well."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            for edit in edits:
                file.write(json.dumps(edit_to_json(edit), ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def read(self) -> list[Edit]:
        """Return the edits kept, oldest first; a line cut short by a crash ends the list."""
        if not self.path.exists():
            return []
        edits = []
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                edits.append(edit_from_json(json.loads(line)))
            except (ValueError, KeyError, TypeError):
                break
        return edits

    def discard(self) -> None:
        """Forget them."""
        self.path.unlink(missing_ok=True)
