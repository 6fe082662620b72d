"""What a task leaves to the triggerer when nothing of a corpus is left but waiting."""

from __future__ import annotations

from collections.abc import Mapping

from airflow_provider_language.protocol.defaults import KEPT
from airflow_provider_language.triggers.analyze import AnalyzeJobTrigger

MOST = 300
"""Jobs that a trigger waits for, of some 150 bytes each; the others are in the journal."""


def trigger_of(
    waiting: Mapping[str, list[str]], now: float, tolerance: float, *, cancel_on_kill: bool
) -> AnalyzeJobTrigger:
    """What waits for jobs: those of the connection that has the most, as a trigger knows one connection.

    Args:
        waiting: the jobs, by connection.
        now: in seconds since the epoch.
        tolerance: seconds for which faults of the service in a row are ridden out.
        cancel_on_kill: whether a task that is ended meanwhile cancels them.
    """
    conn_id, locations = max(waiting.items(), key=lambda one: len(one[1]))
    return AnalyzeJobTrigger(
        locations[:MOST], conn_id, deadline=now + KEPT, tolerance=tolerance, cancel_on_kill=cancel_on_kill
    )
