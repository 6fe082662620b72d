"""The garbage collector of a process that makes many objects beside many that stay."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def heap_settled() -> Iterator[None]:
    """Let the garbage collector pass over what is there by now, such as all of Airflow, until this is left.

    It would else walk through some hundred thousand objects again and again, which took a fifth of a run's
    CPU time. Where somebody has had it pass over something already, that stays as it is.
    """
    if gc.get_freeze_count():
        yield
        return
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
