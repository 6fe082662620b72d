"""What is counted, through Airflow's own metrics: StatsD, Datadog or OpenTelemetry, as the deployment has it.

In a process that has not loaded Airflow, such as the command line, nothing is counted.

Names carry all that is told, since plain StatsD has no tags. They begin with ``azure_language.``:

- ``jobs.submitted`` and ``text_records``: jobs that the service accepted, and what they are billed at most;
- ``jobs.ended.STATE``: jobs seen to have ended, by state (succeeded, partial, failed, cancelled);
- ``jobs.active``: jobs that this process waits for (a gauge);
- ``looks``: requests that asked for a job's state or results;
- ``throttled``: answers that were a 429;
- ``wait``: how long a job was waited for (a timing).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

from airflow_provider_language.protocol.inputs.charges import text_records
from airflow_provider_language.protocol.pacing.operations import Operation
from airflow_provider_language.protocol.retries import THROTTLED
from airflow_provider_language.protocol.wire import Response

if TYPE_CHECKING:
    from airflow_provider_language.protocol.inputs.submissions import Submission
    from airflow_provider_language.protocol.jobs.status import Job
    from airflow_provider_language.protocol.wire import NoReply, Request

PREFIX = "azure_language"


class Counting(Protocol):
    """What Airflow's ``Stats`` can do, as far as it is used here."""

    def incr(self, stat: str, count: int = 1) -> Any:
        """Count."""

    def gauge(self, stat: str, value: float) -> Any:
        """Tell a number."""

    def timing(self, stat: str, dt: timedelta) -> Any:
        """Tell how long something took."""


class Uncounted:
    """Counts nothing."""

    def incr(self, stat: str, count: int = 1) -> None:
        """Count nothing."""

    def gauge(self, stat: str, value: float) -> None:
        """Tell nobody."""

    def timing(self, stat: str, dt: timedelta) -> None:
        """Tell nobody."""


Stats: Counting = Uncounted()


def count_with(stats: Counting) -> None:
    """Have all be counted from now on."""
    global Stats  # noqa: PLW0603 - a process has one, and Airflow's own is a global, too
    Stats = stats


def job_submitted(submission: Submission) -> None:
    """Count a job that the service has accepted."""
    Stats.incr(f"{PREFIX}.jobs.submitted")
    charged = text_records(submission.documents, len(submission.tasks))
    if charged:
        Stats.incr(f"{PREFIX}.text_records", charged)


def request_answered(request: Request, reply: Response | NoReply) -> None:
    """Count a request that asked for a job, and an answer that was a refusal to answer so often."""
    if Operation.of(request).is_look:
        Stats.incr(f"{PREFIX}.looks")
    if isinstance(reply, Response) and reply.status == THROTTLED:
        Stats.incr(f"{PREFIX}.throttled")


def jobs_active(number: int) -> None:
    """Tell how many jobs this process waits for."""
    Stats.gauge(f"{PREFIX}.jobs.active", number)


def job_awaited(job: Job, seconds: float) -> None:
    """Count a job that was waited for, if it has ended."""
    if job.state.ended:
        Stats.incr(f"{PREFIX}.jobs.ended.{job.state.name.lower()}")
        Stats.timing(f"{PREFIX}.wait", timedelta(seconds=seconds))
