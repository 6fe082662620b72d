"""What segments and their jobs come to in figures, by what is noted of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from airflow_provider_language.protocol.corpus.journal import JobNote, Progress, Stage
from airflow_provider_language.protocol.corpus.totals import Totals, total
from airflow_provider_language.running.corpus.open_segments import OpenSegment


def accounted(segment: OpenSegment, jobs: Mapping[str, JobNote]) -> Totals:
    """The counts of a segment whose rows are all final, and of the jobs that it took.

    Args:
        segment: whose rows are final.
        jobs: all that were submitted for it, in all tries.
    """
    totals = segment.rows.totals
    totals.records_quoted = segment.rows.quoted
    totals.add(charges_of(jobs.values()))
    return totals


def charges_of(jobs: Iterable[JobNote]) -> Totals:
    """What jobs are charged at most, by their notes."""
    totals = Totals()
    for note in jobs:
        if note.stage in {Stage.ACCEPTED, Stage.GIVEN_UP}:
            is_again = note.round > 0 or note.stage is Stage.GIVEN_UP
            totals.jobs += 1
            totals.records_charged += note.records
            totals.records_healed += note.records if is_again else 0
        elif note.stage is Stage.LOST:
            totals.lost_submissions += 1
            totals.records_lost += note.records
    return totals


def total_of(segments: Iterable[Progress]) -> Totals:
    """The counts of segments, of which those that have not landed count by what they cost."""
    return total(one.totals if one.is_landed else charges_of(one.jobs.values()) for one in segments)
