"""Submits a task's job once: plays the flow that does, over the task's own record and its signals."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from airflow_provider_language._compat import clears_forget_state
from airflow_provider_language.exceptions import RecordError
from airflow_provider_language.protocol.once.plan import LEASE_MARGIN
from airflow_provider_language.protocol.once.record import Attempt, Phase
from airflow_provider_language.protocol.wire import Note, Obstacle, Recorded, Unrecorded, WriteRecord

if TYPE_CHECKING:
    from airflow_provider_language.hooks.language import LanguageHook
    from airflow_provider_language.protocol.inputs.submissions import Submission
    from airflow_provider_language.protocol.once.flow import Kept
    from airflow_provider_language.protocol.once.plan import Policies
    from airflow_provider_language.running.state_stores import StateStore

log = logging.getLogger(__name__)


class TaskNotebook:
    """The record of one task instance, which another try may write, too.

    Args:
        store: where it lies.
        beside: where the job is noted once more, in case that the store forgets it; None for nowhere.
        on_job: told of the operation-location of a job that this try has from now on to answer for, before it
            is written down.
        is_killed: whether the task is being ended, so that nothing is begun any more.
        clock: the time, in seconds since the epoch.
    """

    def __init__(
        self,
        store: StateStore,
        beside: StateStore | None,
        on_job: Callable[[str], None],
        is_killed: Callable[[], bool],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._beside = beside
        self._on_job = on_job
        self._is_killed = is_killed
        self._clock = clock

    def read(self) -> Recorded | Unrecorded:
        """The record as it is now."""
        try:
            note = self._store.read()
        except RecordError as error:
            return Unrecorded(Obstacle.STORE, error.message)
        return Recorded(note, self._clock(), self._noted_beside() if note is None else None)

    def _noted_beside(self) -> Any:
        try:
            return None if self._beside is None else self._beside.read()
        except RecordError as error:
            log.warning("Which job the task had before it was cleared cannot be told: %s", error)
            return None

    def write(self, wish: WriteRecord) -> Recorded | Unrecorded:
        """Replace the record, unless another try wrote it, or would be the one to submit."""
        if wish.note["phase"] == Phase.INTENDED and self._is_killed():
            return Unrecorded(Obstacle.ENDING)
        if (location := wish.note["location"]) is not None:
            self._on_job(location)
        try:
            return self._written(wish)
        except RecordError as error:
            return Unrecorded(Obstacle.STORE, error.message)

    def _written(self, wish: WriteRecord) -> Recorded | Unrecorded:
        # A record that has vanished was deleted by nobody who submits: what was written over it is kept.
        if self._store.read() not in (wish.over, None):
            return Unrecorded(Obstacle.OVERTAKEN)
        try:
            self._store.write(dict(wish.note))
        except RecordError:
            # Airflow 3.3 refuses what a try writes whose successor runs, and lets it read nothing.
            if self._store.read() != wish.over:
                return Unrecorded(Obstacle.OVERTAKEN)
            raise
        if wish.note["location"] is not None:
            self._note_beside(wish.note)
        return Recorded(wish.note, self._clock())

    def _note_beside(self, note: Note) -> None:
        """Name the job in the second place, too; that this cannot be done stops nobody."""
        try:
            if self._beside is not None:
                self._beside.write(dict(note))
        except RecordError as error:
            log.warning("A clear of this task may leave its job running: %s", error)


class Submitter:
    """Submits the job of one task instance, or finds the one that an earlier try submitted.

    Args:
        hook: of the connection.
        notebook: of the task instance.
        attempt: this try.
        policies: for what has no right answer.
    """

    def __init__(
        self, hook: LanguageHook, notebook: TaskNotebook, attempt: Attempt, policies: Policies
    ) -> None:
        self._hook = hook
        self._notebook = notebook
        self._attempt = attempt
        self._policies = policies

    def submit_once(self, submission: Submission) -> Kept:
        """Submit the job, unless an earlier try did; see :func:`~.protocol.once.flow.submit_once`."""
        from airflow_provider_language.hooks import metrics
        from airflow_provider_language.protocol.once.case import Case
        from airflow_provider_language.protocol.once.flow import submit_once
        from airflow_provider_language.running.digest_keys import digest_key

        connection = self._hook.connection_settings
        case = Case(
            submission,
            connection.endpoint,
            self._attempt,
            self._policies,
            lease=sum(connection.timeout) + LEASE_MARGIN,
            settings=self._hook.settings,
            digest_key=digest_key(),
            keeps_on_purpose=clears_forget_state,
        )
        kept = self._hook.play(submit_once(case), self._notebook)
        if not kept.record.taken_over:
            metrics.job_submitted(submission)
        return kept

    def was_taken_over(self) -> bool:
        """Whether the recorded job was submitted by an earlier try than this one."""
        from airflow_provider_language.protocol.once.flow import was_taken_over

        return self._hook.play(was_taken_over(self._attempt), self._notebook)
