"""Equal texts among the segments that are open, of which one is submitted for all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from airflow_provider_language.running.corpus.open_segments import OpenSegment


class Twins:
    """Has documents wait for equal ones; they are equal if a ledger knows them by the same key.

    A segment that has landed stays at hand until the next one has begun: that was perhaps read before the
    ledger knew what has landed.

    Args:
        run: whose segments these are.
    """

    def __init__(self, run: str) -> None:
        self._run = run
        self._first: dict[bytes, tuple[OpenSegment, int]] = {}
        self._landed: list[OpenSegment] = []

    def begin(self, segment: OpenSegment) -> None:
        """Have documents of a segment that is about to begin wait for equal ones, in it or in others."""
        for place, key in _keys(segment):
            first, first_place = self._first.setdefault(key, (segment, place))
            if first is segment and first_place == place:
                continue
            for task in range(len(segment.shape.tasks)):
                if segment.rows.needs_job(place, task) and not segment.is_submitted(place, task):
                    segment.rows.follow(place, task, first.rows, first_place, self._run)
        self.end()

    def land(self, segment: OpenSegment) -> None:
        """Take it that a segment has landed."""
        self._landed.append(segment)

    def end(self) -> None:
        """Close the segments that have landed."""
        landed, self._landed = self._landed, []
        for segment in landed:
            for place, key in _keys(segment):
                if self._first.get(key) == (segment, place):
                    del self._first[key]
            segment.spool.close()


def _keys(segment: OpenSegment) -> Iterator[tuple[int, bytes]]:
    return ((place, key) for place, key in enumerate(segment.keys) if key is not None)
