"""The begin and the end of a segment, beside its jobs: equal texts of others, its part, the ledger."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from airflow_provider_language.running.corpus.twins import Twins

if TYPE_CHECKING:
    from airflow_provider_language.running.corpus.open_segments import OpenSegment
    from airflow_provider_language.running.corpus.reuse import Reuse


class Landing:
    """Writes the parts of a run.

    Args:
        part: gives the location of a segment's part.
        reuse: has the ledger know of what has landed; None without a ledger.
    """

    def __init__(self, part: Callable[[int], str], reuse: Reuse | None = None) -> None:
        self._part = part
        self._reuse = reuse
        self._twins = Twins("" if reuse is None else reuse.run)

    def begin(self, segment: OpenSegment) -> None:
        """Have a segment that is about to begin wait for equal texts of others, and close what has landed."""
        self._twins.begin(segment)

    def write(self, segment: OpenSegment) -> str:
        """Write the part of a segment, whole or not at all, and then have the ledger know of it.

        Returns:
            The name of the part.
        """
        part = self._part(segment.segment.number)
        segment.spool.land(part)
        if self._reuse is not None:
            self._reuse.note(segment, part)
        return part.rpartition("/")[2]

    def end(self, segment: OpenSegment, *, is_read: bool) -> None:
        """Be done with a segment, whose texts others may still be equal to unless all of them are read."""
        self._twins.land(segment)
        if is_read:
            self._twins.end()
