"""What bounds a run of a corpus, what its submissions say, and the connections that they go to."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from airflow_provider_language.protocol.corpus.journal import JobNote
from airflow_provider_language.protocol.inputs.submissions import Submission
from airflow_provider_language.protocol.once.many import Order

if TYPE_CHECKING:
    from airflow_provider_language.exceptions import LanguageError
    from airflow_provider_language.hooks.players import AsyncPlayer
    from airflow_provider_language.protocol.defaults import Policy
    from airflow_provider_language.protocol.exchanges import Settings
    from airflow_provider_language.protocol.inputs.families import Input
    from airflow_provider_language.protocol.inputs.tasks import WireTask


@dataclass(frozen=True)
class Limits:
    """What bounds a run.

    Args:
        max_active_jobs: jobs of one connection that are under way at once.
        max_unknown: jobs of one connection whose submission is under way at once: as many are unknown after
            a kill.
        max_text_records: that are charged for all tries together; None for no bound.
        defer_after: seconds in which nothing was submitted or ended after which the worker is given back,
            if only waiting is left; None for never.
        on_lost_submission: what becomes of a job of which nobody knows whether it was accepted.
        cancel_on_kill: whether a run that is ended cancels the jobs that are under way.
    """

    max_active_jobs: int
    max_unknown: int
    max_text_records: int | None
    defer_after: float | None
    on_lost_submission: Policy
    cancel_on_kill: bool = False


@dataclass(frozen=True)
class JobOptions:
    """What all submissions of a run say, beside documents and tasks.

    Args:
        version: of the API.
        display_name: the beginning of it; the name of the job follows.
        language: of documents that name none; None for the service's default.
        default_language: where the language is ``auto`` and cannot be told.
        cancel_after: seconds after which the service cancels a job.
    """

    version: str
    display_name: str
    language: str | None
    default_language: str | None
    cancel_after: float | None

    def submission(self, name: str, documents: tuple[Input, ...], tasks: tuple[WireTask, ...]) -> Submission:
        """A job.

        Raises:
            InvalidInputError: the service would refuse it.
        """
        return Submission(
            documents=documents,
            tasks=tasks,
            version=self.version,
            display_name=f"{self.display_name}/{name}",
            default_language=self.default_language,
            cancel_after=self.cancel_after,
        )


class Lane:
    """One connection of a run.

    Args:
        conn_id: the connection.
        player: plays flows there.
        settings: of its flows.
        limits: of the run.

    Attributes:
        active: how many jobs are under way.
        out: why no more jobs are submitted there; None while they are.
        submitting: lets so many submit at once as may be unknown.
    """

    def __init__(self, conn_id: str, player: AsyncPlayer, settings: Settings, limits: Limits) -> None:
        self.conn_id = conn_id
        self.player = player
        self.settings = settings
        self.active = 0
        self.out: LanguageError | None = None
        self.submitting = asyncio.Semaphore(limits.max_unknown)
        self._most = limits.max_active_jobs

    @property
    def is_free(self) -> bool:
        """Whether another job may be submitted there."""
        return self.out is None and self.active < self._most

    def order(self, submission: Submission, intended: JobNote) -> Order:
        """A job that is to be submitted there."""
        return Order(submission, self.player.endpoint, intended)
