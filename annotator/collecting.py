"""How often Python looks for garbage while very many values pass through."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

OFTEN_ENOUGH: Final = 500_000
"""Objects in excess of those let go of after which Python looks for rings of them."""


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Look for garbage rarely while the block goes on.

    Records hold no rings: they go as soon as nobody holds them. But while hundreds of thousands
    are made, Python looks through all that are there again and again, for up to a quarter of the
    time. Garbage of others, such as windows, waits no longer than until :data:`OFTEN_ENOUGH`.
    Blocks may overlap in several threads: the one that made it rare makes it frequent again.
    """
    before = gc.get_threshold()
    is_rare = not 0 < before[0] < OFTEN_ENOUGH
    if not is_rare:
        gc.set_threshold(OFTEN_ENOUGH, *before[1:])
    try:
        yield
    finally:
        if not is_rare:
            gc.set_threshold(*before)
