"""Opens one segment of a corpus after another, with what earlier tries and earlier runs know of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.items import Item, Segment, segments
from airflow_provider_language.running.corpus.open_segments import OpenSegment
from airflow_provider_language.storage.runs.spools import Spool

if TYPE_CHECKING:
    from airflow_provider_language.protocol.corpus.journal import JobNote, Journal
    from airflow_provider_language.running.corpus.reuse import Reuse
    from airflow_provider_language.running.corpus.shapes import Shape


def opened(
    items: Iterator[Item], shape: Shape, journal: Journal, digest_key: bytes | None, reuse: Reuse | None
) -> Iterator[OpenSegment]:
    """Open the segments of a corpus; those that have landed are compared with the source, and passed.

    Args:
        items: the corpus, from its begin.
        shape: of the run's jobs.
        journal: of the run.
        digest_key: of the digests by which a change of the source is found; None for none.
        reuse: knows what need not be submitted; None without a ledger.

    Raises:
        InvalidInputError: the source is another one than the journal tells.
    """
    number = -1
    for segment, held in segments(items, digest_key):
        number = segment.number
        known = journal.segments.get(number)
        if known is not None:
            known.segment.check(segment)
            if known.is_landed:
                continue
        notes: list[JobNote] = [] if known is None else list(known.jobs.values())
        opening = _opened(segment, held, shape, notes, reuse)
        del held  # else their texts would be held while the next ones are read
        yield opening
        del opening
    gone = [one for one in journal.segments if one > number]
    if gone:
        raise InvalidInputError(
            f"The source has shrunk since this run read it: segment {gone[0]} is no longer there. Begin "
            "a new run, or start this one over with refresh=True."
        )


def _opened(
    segment: Segment, items: list[Item], shape: Shape, notes: list[JobNote], reuse: Reuse | None
) -> OpenSegment:
    tasks = len(shape.tasks)
    if reuse is None:
        return OpenSegment(Spool(segment, items, tasks), shape, notes)
    keys = reuse.keys(items)
    if not notes and reuse.has_all(items, keys):
        unchanged = OpenSegment(Spool(segment, items, tasks, has_contents=False), shape)
        unchanged.rows.leave_out_all()
        return unchanged
    opening = OpenSegment(Spool(segment, items, tasks), shape, notes, keys)
    reuse.tell(opening)
    return opening
