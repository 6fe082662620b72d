"""Interrupts code at each point where the handler of a signal may run and raise, one after another.

Python runs handlers when a function begins and after each call, and so does a profiler: no signal and no luck
is needed to come to every point.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

_POINTS = frozenset({"call", "return", "c_return"})


class Interrupted(BaseException):
    """What the handler raises."""


def interrupted_everywhere(work: Callable[[], object], after_each: Callable[[], object]) -> int:
    """Do a piece of work again and again, each time interrupted one point later, until it comes to its end.

    Args:
        work: what is interrupted.
        after_each: called after each interruption.

    Returns:
        How many points there were.
    """
    point = 0
    while _was_interrupted(work, point):
        after_each()
        point += 1
    return point


def _was_interrupted(work: Callable[[], object], point: int) -> bool:
    seen = 0

    def handler(frame: FrameType, event: str, _: object) -> None:
        nonlocal seen
        if event in _POINTS and frame.f_code is not _was_interrupted.__code__:
            seen += 1
            if seen > point:
                raise Interrupted

    before = sys.getprofile()
    sys.setprofile(handler)
    try:
        work()
    except Interrupted:
        return True
    finally:
        sys.setprofile(before)
    return False
