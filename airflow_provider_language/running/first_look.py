"""A short wait in the worker before a deferral, which most jobs do not outlast."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from airflow_provider_language.exceptions import JobTimeoutError, ServiceUnavailableError
from airflow_provider_language.protocol.jobs.origins import UNKNOWN, Origin

if TYPE_CHECKING:
    from airflow_provider_language.hooks.language import LanguageHook
    from airflow_provider_language.protocol.jobs.status import Job

log = logging.getLogger(__name__)

DEFER_AFTER = 3.0
"""Seconds for which a worker waits before it defers: three of four recorded jobs of the live service end
within them, and a deferral costs one or two seconds and the start of another worker (measured on 3.3.2)."""


def look_around(
    hook: LanguageHook,
    location: str,
    *,
    until: float,
    poll_interval: float | None,
    origin: Origin = UNKNOWN,
) -> Job | None:
    """Wait a moment for a job.

    Args:
        hook: of the connection.
        location: the job's operation-location.
        until: when to give up, in seconds since the epoch; in the past, nobody looks.
        poll_interval: seconds between looks; None for pauses that suit what is known of such jobs.
        origin: what is known of how the job began.

    Returns:
        The job, if it has ended; else, or if the service does not answer, waiting is left to the triggerer.
    """
    if until <= time.time():
        return None
    try:
        job = hook.watch(location, deadline=until, poll_interval=poll_interval, origin=origin)
    except (JobTimeoutError, ServiceUnavailableError) as error:
        log.warning("Leaving it to the triggerer to wait for the service: %s", error)
        return None
    return job if job.state.ended else None
