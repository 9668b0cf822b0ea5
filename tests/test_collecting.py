"""How often Python looks for garbage while very many values pass through."""

from __future__ import annotations

import gc
from contextlib import ExitStack

from annotator.collecting import OFTEN_ENOUGH, rarely_collected


def test_blocks_that_overlap_in_two_threads_leave_the_threshold_as_it_was() -> None:
    before = gc.get_threshold()
    export, saving = ExitStack(), ExitStack()
    export.enter_context(rarely_collected())
    assert gc.get_threshold()[0] == OFTEN_ENOUGH
    saving.enter_context(rarely_collected())
    export.close()
    saving.close()
    assert gc.get_threshold() == before
