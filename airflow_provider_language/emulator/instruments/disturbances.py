"""What a fault does to a job: its tasks fail, it never ends, it is gone, or somebody has cancelled it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_language.emulator.jobs.outcomes import TaskOutcome

if TYPE_CHECKING:
    from datetime import datetime

    from airflow_provider_language.emulator.instruments.faults import Fault
    from airflow_provider_language.emulator.jobs.life import Job, JobStore

_FAILURE = "Ordered as a fault."


def disturb(job: Job, fault: Fault, store: JobStore, now: datetime) -> None:
    """Do to a job what a fault orders; faults of answers do nothing to jobs.

    Args:
        job: The job.
        fault: The fault.
        store: Where the job is kept.
        now: The time by the emulator's clock.
    """
    if fault.effect in ("fail-tasks", "fail-job"):
        job.failing = fault.failing_tasks(len(job.tasks))
        job.failures_have_targets = fault.has_targets
    elif fault.effect == "endless":
        job.schedule = job.schedule.without_end()
    elif fault.effect == "expired":
        store.drop(job)
    elif fault.effect == "cancelled" and not job.progress(now).phase.is_over:
        job.cancelled = now


def with_failures(job: Job, outcomes: tuple[TaskOutcome, ...]) -> tuple[TaskOutcome, ...]:
    """Return the outcomes of a job's tasks, those that are to fail as failures.

    Args:
        job: The job.
        outcomes: What the engines made of its tasks.
    """
    failure = TaskOutcome(failure=_FAILURE, has_target=job.failures_have_targets)
    return tuple(failure if number in job.failing else outcome for number, outcome in enumerate(outcomes))
