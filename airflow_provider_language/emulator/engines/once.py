"""Lists and models that are loaded when they are first needed, by one thread while the others wait."""

from __future__ import annotations

import threading
from functools import wraps
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_T = TypeVar("_T")


def once(function: Callable[[], _T]) -> Callable[[], _T]:
    """Let a function without arguments run once and keep what it returned.

    `functools.cache` would let every thread of a pool load the same list at the start.

    Args:
        function: What loads. If it raises, the next call tries again.
    """
    lock = threading.Lock()
    kept: list[_T] = []

    @wraps(function)
    def loaded() -> _T:
        if not kept:
            with lock:
                if not kept:
                    kept.append(function())
        return kept[0]

    return loaded
