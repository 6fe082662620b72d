"""Jobs and their life, which is a function of the clock: nothing happens to a job, it is looked at."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from airflow_provider_language.emulator.protocol import errors, gateway_errors

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from airflow_provider_language.emulator.jobs.outcomes import TaskOutcome
    from airflow_provider_language.emulator.protocol.job_requests import Task

    Clock = Callable[[], datetime]
    """Returns the current time, with a time zone."""

LIFETIME = timedelta(hours=24)
"""From creation until a job and its results are gone; exact in every recording."""

DEFAULT_CAPACITY = 100_000
"""Jobs that are kept at most unless told otherwise; what the service's own limit is, is unknown."""


def utc_now() -> datetime:
    """Return the time of this machine: the clock unless another one is given."""
    return datetime.now(timezone.utc)


class Phase(enum.Enum):
    """Where a job is in its life; whether its tasks went well is another matter."""

    NOT_STARTED = enum.auto()
    RUNNING = enum.auto()
    FINISHED = enum.auto()
    CANCELLED = enum.auto()

    @property
    def is_over(self) -> bool:
        """Whether nothing will happen to the job any more."""
        return self in (Phase.FINISHED, Phase.CANCELLED)


@dataclass(frozen=True)
class Progress:
    """What the clock says about a job.

    Attributes:
        phase: Where the job is in its life.
        updated: When something last happened to it.
        finished: When each finished task ended, in submit order.
    """

    phase: Phase
    updated: datetime
    finished: tuple[datetime, ...] = ()


@dataclass(frozen=True)
class Schedule:
    """When the parts of a job happen.

    The job's duration is divided evenly: a first part until it starts to run, then one for each task.

    Attributes:
        created: When the job was submitted.
        finishes: When each task ends, in submit order.
        started: When the job leaves ``notStarted``.
        cutoff: When ``cancelAfter`` cancels the job unless it has finished; None if it never does.
    """

    created: datetime
    started: datetime
    finishes: tuple[datetime, ...]
    cutoff: datetime | None = None

    @classmethod
    def plan(
        cls, created: datetime, duration: timedelta, tasks: int, cancel_after: float | None = None
    ) -> Schedule:
        """Return the schedule of a new job.

        Args:
            created: When it was submitted.
            duration: How long it takes.
            tasks: How many tasks it has.
            cancel_after: Seconds after which it is cancelled unless it is complete.
        """
        part = duration / (tasks + 1)
        finishes = (*(created + part * (task + 2) for task in range(tasks - 1)), created + duration)
        cutoff = None
        if cancel_after is not None and cancel_after < LIFETIME.total_seconds():
            cutoff = created + timedelta(seconds=max(0.0, cancel_after))
        return cls(created, created + part, finishes, cutoff)

    @property
    def expires(self) -> datetime:
        """When the job is gone; whole seconds, since that is what clients are told."""
        return self.created.replace(microsecond=0) + LIFETIME

    def without_end(self) -> Schedule:
        """Return the schedule of a job that starts and never finishes a task."""
        return replace(self, finishes=(datetime.max.replace(tzinfo=timezone.utc),) * len(self.finishes))

    def progress(self, now: datetime, cancelled: datetime | None = None) -> Progress:
        """Return what a look at a given time finds.

        Args:
            now: The time of the look.
            cancelled: When a client cancelled the job, if one did.
        """
        cutoff = self.cutoff if self.cutoff is not None and self.cutoff < self.finishes[-1] else None
        if cutoff is not None and now >= cutoff and (cancelled is None or cutoff < cancelled):
            cancelled = cutoff
        if cancelled is not None:
            return Progress(Phase.CANCELLED, cancelled)
        finished = tuple(finish for finish in self.finishes if finish <= now)
        if len(finished) == len(self.finishes):
            return Progress(Phase.FINISHED, finished[-1], finished)
        if now < self.started:
            return Progress(Phase.NOT_STARTED, self.created)
        return Progress(Phase.RUNNING, max((self.started, *finished)), finished)


@dataclass
class Job:
    """A submitted job.

    Attributes:
        id: A UUID.
        family: The name of the family of operations that it belongs to.
        display_name: The client's name for it, if any.
        tasks: What it runs, in submit order.
        inputs: How many documents or conversations it has; their texts are not kept.
        schedule: When its parts happen.
        outcomes: What its tasks come to, computed once; awaited only by a look that shows them.
        cancelled: When a client cancelled it.
        failing: The numbers of tasks that fail because a fault was ordered.
        failures_have_targets: Whether the errors of these point to them.
    """

    id: str
    family: str
    display_name: str | None
    tasks: tuple[Task, ...]
    inputs: int
    schedule: Schedule
    outcomes: asyncio.Future[tuple[TaskOutcome, ...]]
    cancelled: datetime | None = None
    failing: frozenset[int] = frozenset()
    failures_have_targets: bool = True

    def progress(self, now: datetime) -> Progress:
        """Return what a look at a given time finds."""
        return self.schedule.progress(now, self.cancelled)


class JobStore:
    """The jobs that have not expired; whatever has is dropped when anything is looked for or added.

    Args:
        capacity: How many jobs are kept at most.
    """

    def __init__(self, capacity: int = DEFAULT_CAPACITY) -> None:
        self._capacity = capacity
        self._jobs: dict[str, Job] = {}

    def __len__(self) -> int:
        return len(self._jobs)

    def all(self, now: datetime) -> tuple[Job, ...]:
        """Return the jobs that have not expired, oldest first."""
        self._drop_expired(now)
        return tuple(self._jobs.values())

    def require_room(self, now: datetime) -> None:
        """Make sure that there is room for one more job.

        Raises:
            GatewayError: 429, there is none until a job expires.
        """
        self._drop_expired(now)
        if len(self._jobs) >= self._capacity:
            raise gateway_errors.too_many_jobs(self._capacity)

    def add(self, job: Job, now: datetime) -> None:
        """Keep a job until it expires."""
        self._drop_expired(now)
        self._jobs[job.id] = job

    def find(self, job_id: str) -> Job | None:
        """Return a job of any family, if there is one."""
        return self._jobs.get(job_id)

    def drop(self, job: Job) -> None:
        """Forget a job, as if its time were over."""
        self._jobs.pop(job.id, None)

    def get(self, job_id: str, family: str, now: datetime) -> Job:
        """Return a job of a family.

        Raises:
            ServiceError: 404, the job is unknown, expired, or of another family.
        """
        self._drop_expired(now)
        job = self._jobs.get(job_id)
        if job is None or job.family != family:
            raise errors.job_not_found(job_id)
        return job

    def cancel(self, job: Job, now: datetime) -> None:
        """Cancel a job that has not ended.

        Raises:
            ServiceError: 400, the job is finished or cancelled already.
        """
        if job.progress(now).phase.is_over:
            raise errors.already_completed(job.id)
        job.cancelled = now

    def _drop_expired(self, now: datetime) -> None:
        # All jobs live equally long and are kept in the order of their creation.
        while self._jobs:
            oldest = next(iter(self._jobs.values()))
            if now < oldest.schedule.expires:
                return
            del self._jobs[oldest.id]
