"""One emulator's state and what is done with it, away from HTTP; the engines run in its pool."""

from __future__ import annotations

import asyncio
import hmac
import os
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, TypeVar

from airflow_provider_language.emulator.blobs.stores import Storage
from airflow_provider_language.emulator.engines import ENGINES, MissingEngine, detect_language
from airflow_provider_language.emulator.families.document_analysis import Run
from airflow_provider_language.emulator.instruments import disturbances
from airflow_provider_language.emulator.instruments.durations import Recorded, duration_of
from airflow_provider_language.emulator.jobs.computing import analyze
from airflow_provider_language.emulator.jobs.life import (
    DEFAULT_CAPACITY,
    Job,
    JobStore,
    Phase,
    Progress,
    Schedule,
    utc_now,
)
from airflow_provider_language.emulator.projects.catalogue import SAMPLES, Projects
from airflow_provider_language.emulator.protocol import bearer_tokens, errors

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from airflow_provider_language.emulator.engines import Detector, Engines
    from airflow_provider_language.emulator.families.synchronous import Work
    from airflow_provider_language.emulator.families.table import Family
    from airflow_provider_language.emulator.instruments.faults import Fault
    from airflow_provider_language.emulator.jobs.life import Clock
    from airflow_provider_language.emulator.jobs.outcomes import TaskOutcome
    from airflow_provider_language.emulator.protocol.job_requests import Submission
    from airflow_provider_language.emulator.protocol.versions import ApiVersion

DEFAULT_DURATION = timedelta(seconds=0.5)
"""How long a job takes unless told otherwise: long enough to be seen running."""

_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Settings:
    """How an emulator is set up.

    Attributes:
        key: The only key that is let in; None lets any key in, and any bearer token.
        token_issuer: Whether tokens are given, and only those are let in; then None lets no key in.
        duration: How long each job takes; zero finishes it at once; `Recorded` draws from recorded durations.
        clock: What tells the time; the state of jobs follows from it alone.
        engines: What analyses each kind; of other kinds only custom ones are served, by projects.
        projects: What custom kinds run.
        detect_language: What finds the language of a text.
        storage: Where native documents are read from and written to.
        patience: Seconds that a look at a job waits for engines that lag behind the clock.
        max_jobs: How many jobs are kept at most, finished ones for their 24 hours.
    """

    key: str | None = None
    token_issuer: bool = False
    duration: timedelta | Recorded = DEFAULT_DURATION
    clock: Clock = utc_now
    engines: Engines = field(default_factory=lambda: ENGINES)
    projects: Projects = field(default_factory=lambda: Projects.load(SAMPLES))
    detect_language: Detector = detect_language
    storage: Storage = field(default_factory=Storage)
    patience: float = 10.0
    max_jobs: int = DEFAULT_CAPACITY


class Service:
    """The state of one emulator and what is done with it; lives on one event loop.

    Args:
        settings: How it is set up.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._engines = {**settings.projects.engines, **settings.engines}
        self._store = JobStore(settings.max_jobs)
        self._submitted = 0
        self._pool = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="emulator-engine")

    def close(self) -> None:
        """Drop the work that has not begun."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def now(self) -> datetime:
        """Return the time of the emulator's clock, in UTC."""
        return self.settings.clock().astimezone(timezone.utc)

    def admits(self, key: str, token: str) -> bool:
        """Return whether a key, or else a bearer token, is let in.

        Args:
            key: Empty if a request has none.
            token: Likewise.
        """
        if self.settings.token_issuer and not key:
            return bearer_tokens.is_good(token, self.now())
        if self.settings.key is None:
            return bool(key or token) and not self.settings.token_issuer
        shown = key or token
        return hmac.compare_digest(shown.encode(errors="surrogateescape"), self.settings.key.encode())

    def submit(self, submission: Submission, family: Family, version: ApiVersion) -> Job:
        """Start a job.

        Raises:
            ServiceError: No engine serves one of its kinds, or it names a project that there is none of.
            GatewayError: 429, there are as many jobs as may be kept.
        """
        self._check_served(submission)
        now = self.now()
        self._store.require_room(now)
        self._submitted += 1
        inputs, tasks = submission.inputs, len(submission.tasks)
        duration = duration_of(self.settings.duration, self._submitted, inputs, tasks)
        job_id = str(uuid.uuid4())
        job = Job(
            id=job_id,
            family=family.name,
            display_name=submission.display_name,
            tasks=submission.tasks,
            inputs=inputs,
            schedule=Schedule.plan(now, duration, tasks, submission.cancel_after),
            outcomes=self._outcomes(job_id, submission, family, version),
        )
        self._store.add(job, now)
        return job

    def _outcomes(
        self, job_id: str, submission: Submission, family: Family, version: ApiVersion
    ) -> asyncio.Future[tuple[TaskOutcome, ...]]:
        detect = self.settings.detect_language
        if family.analyze is not None:
            run = Run(job_id, version, self._engines, detect, self.settings.storage)
            return self._in_pool(family.analyze, submission, run)
        return self._in_pool(analyze, submission, version, self._engines, detect)

    async def look(self, job_id: str, family: Family) -> tuple[Job, Progress, Sequence[TaskOutcome]]:
        """Return a job with its progress and the outcomes of its finished tasks.

        The clock decides what is finished. A look that comes before the engines are done waits for them,
        but not longer than a client would: then the job is still running, whatever the clock says.

        Raises:
            ServiceError: The job is unknown or expired.
        """
        now = self.now()
        job = self._store.get(job_id, family.name, now)
        progress = job.progress(now)
        if not progress.finished:
            return job, progress, ()
        done, _ = await asyncio.wait([job.outcomes], timeout=self.settings.patience)
        if not done:
            return job, Progress(Phase.RUNNING, job.schedule.started), ()
        outcomes = disturbances.with_failures(job, job.outcomes.result())
        return job, progress, outcomes[: len(progress.finished)]

    def jobs(self) -> tuple[Job, ...]:
        """Return the jobs that have not expired, oldest first."""
        return self._store.all(self.now())

    def disturb(self, job_id: str | None, fault: Fault) -> None:
        """Do to a job what a fault orders; nothing if there is no such job."""
        job = None if job_id is None else self._store.find(job_id)
        if job is not None:
            disturbances.disturb(job, fault, self._store, self.now())

    def cancel(self, job_id: str, family: Family) -> Job:
        """Cancel a job.

        Raises:
            ServiceError: The job is unknown or expired (404), or has ended (400).
        """
        now = self.now()
        job = self._store.get(job_id, family.name, now)
        self._store.cancel(job, now)
        return job

    async def answer(self, work: Work) -> dict[str, Any]:
        """Return the body of an operation that is answered at once.

        Raises:
            ServiceError: The request is refused, or an engine is missing or broken.
        """
        try:
            return await self._in_pool(work, self._engines, self.settings.detect_language)
        except MissingEngine as missing:
            raise errors.engine_failed(str(missing)) from missing

    def _in_pool(self, function: Callable[..., _Result], *arguments: Any) -> asyncio.Future[_Result]:
        return asyncio.get_running_loop().run_in_executor(self._pool, function, *arguments)

    def _check_served(self, submission: Submission) -> None:
        for task in submission.tasks:
            if submission.documents and task.kind not in self._engines:
                raise errors.kind_not_served(task.kind, self._engines)
            if task.is_custom and task.kind not in self.settings.engines:
                self.settings.projects.find(task.kind, task.parameters)
