"""What is told of a job to those who control the emulator: its life, and nothing of its texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.instruments.disturbances import with_failures
from airflow_provider_language.emulator.jobs.life import Phase
from airflow_provider_language.emulator.jobs.outcomes import final_status

if TYPE_CHECKING:
    from datetime import datetime

    from airflow_provider_language.emulator.jobs.life import Job


@dataclass(frozen=True)
class JobReport:
    """What is told of a job.

    Attributes:
        id: Its id.
        family: The family of operations that it belongs to.
        display_name: The client's name for it, if any.
        status: In the service's words.
        kinds: The kinds of its tasks, in submit order.
        documents: How many documents it has.
        created: When it was submitted.
        ends: When its last task ends, or it was cancelled; None if it never ends.
        expires: When it is gone.
    """

    id: str
    family: str
    display_name: str | None
    status: str
    kinds: tuple[str, ...]
    documents: int
    created: datetime
    ends: datetime | None
    expires: datetime

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON."""
        return {
            "id": self.id,
            "family": self.family,
            "displayName": self.display_name,
            "status": self.status,
            "kinds": list(self.kinds),
            "documents": self.documents,
            "created": self.created.isoformat(),
            "ends": None if self.ends is None else self.ends.isoformat(),
            "expires": self.expires.isoformat(),
        }


def report(job: Job, now: datetime) -> JobReport:
    """Return what is told of a job.

    Args:
        job: The job.
        now: The time by the emulator's clock.
    """
    progress = job.progress(now)
    ends = job.schedule.finishes[-1]
    if progress.phase is Phase.CANCELLED:
        ends = progress.updated
    return JobReport(
        id=job.id,
        family=job.family,
        display_name=job.display_name,
        status=_status(job, progress.phase),
        kinds=tuple(task.kind for task in job.tasks),
        documents=job.inputs,
        created=job.schedule.created,
        ends=ends if ends < job.schedule.expires else None,
        expires=job.schedule.expires,
    )


def _status(job: Job, phase: Phase) -> str:
    if phase is not Phase.FINISHED:
        return {Phase.NOT_STARTED: "notStarted", Phase.CANCELLED: "cancelled"}.get(phase, "running")
    if not job.outcomes.done():
        return "running"  # The engines lag behind the clock.
    if job.outcomes.cancelled() or job.outcomes.exception() is not None:
        return "failed"
    return final_status(with_failures(job, job.outcomes.result()))
