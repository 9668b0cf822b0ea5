"""What can be done on the pages beside the article, with keys that hold on that page only.

A page has its actions in a place of its own, so that the same letter may stand for something else
on another page. They are in no menu; buttons on the page show them, and the key sheet lists them.
"""

from __future__ import annotations

from typing import Final

from annotator.gui.action_table import ActionSpec
from annotator.translation import later

PAGES: Final = (
    ("inbox", later("Decisions on my labels")),
    ("phrases", later("Phrase review")),
    ("batches", later("Batches and audit")),
    ("board", later("Adjudication board: people and places")),
    ("links", later("Adjudication board: links")),
    ("history", later("History")),
)
"""The pages with keys of their own, and what they are called."""


def _on(page: str, name: str, text: str, key: str, icon: str) -> ActionSpec:
    return ActionSpec(f"{page}.{name}", text, (key,), page, icon, page, palette=False)


PAGE_ACTIONS: Final = (
    _on("inbox", "understood", later("Understood"), "U", "check"),
    _on("inbox", "contested", later("Contest"), "C", "flag"),
    _on("inbox", "asked", later("Ask"), "A", "help"),
    _on("inbox", "next", later("Next decision"), "J", "arrow-down"),
    _on("inbox", "previous", later("Previous decision"), "K", "arrow-up"),
    _on("phrases", "accept", later("Accept the ticked places"), "A", "check"),
    _on("phrases", "reject", later("Leave the ticked places out"), "X", "close"),
    _on("phrases", "label", later("Label the ticked places"), "L", "tag"),
    _on("batches", "new", later("Decide in bulk"), "N", "check"),
    _on("batches", "result", later("What became of it"), "L", "list"),
    _on("batches", "revert", later("Revert the batch"), "R", "undo"),
    _on("batches", "audit", later("Audit what is due"), "A", "eye"),
    _on("board", "split", later("Into a new one"), "N", "split"),
    _on("board", "join", later("Join with the next column"), "G", "group"),
    _on("board", "nobody", later("Stands for nobody"), "0", "minus"),
    *(
        _on("board", f"to.{n}", later("Move to column {n}"), str(n), "arrow-right")
        for n in range(1, 10)
    ),
    _on("links", "reject", later("Leave the link out"), "X", "close"),
    *(_on("links", f"take.{n}", later("Take variant {n}"), str(n), "check") for n in range(1, 10)),
    _on("history", "restore", later("Restore this state"), "R", "undo"),
)
"""The actions of the pages; their menu is the page."""
