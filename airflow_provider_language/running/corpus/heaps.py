"""The garbage collector of a process that makes many objects beside many that stay."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

YOUNG = 5_000
"""How many more objects than before make the collector walk through the young ones. Those of a job are gone
after it; at Python's own 700 each of them is walked through several times first."""


@contextmanager
def heap_settled() -> Iterator[None]:
    """Let the garbage collector pass over what is there by now, such as all of Airflow, until this is left.

    It would else walk through some hundred thousand objects again and again, which took a fifth of a run's
    CPU time. Where somebody has had it pass over something already, that stays as it is.
    """
    before, is_settled = gc.get_threshold(), gc.get_freeze_count() > 0
    if not is_settled:
        gc.freeze()
    gc.set_threshold(YOUNG, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        if not is_settled:
            gc.unfreeze()
