"""What one try wants submitted, and how it goes about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

from airflow_provider_language.protocol.exchanges import Settings
from airflow_provider_language.protocol.inputs.submissions import Submission
from airflow_provider_language.protocol.jobs.handles import Endpoint
from airflow_provider_language.protocol.once.fingerprints import fingerprint
from airflow_provider_language.protocol.once.notes import record_in
from airflow_provider_language.protocol.once.plan import Policies
from airflow_provider_language.protocol.once.record import Attempt, Phase, Record
from airflow_provider_language.protocol.wire import Recorded


@dataclass(frozen=True)
class Case:
    """What one try wants submitted, and how it goes about it.

    Args:
        submission: the job.
        endpoint: where it is submitted.
        attempt: this try.
        policies: for what has no right answer.
        lease: seconds for which an intention is taken for a submission that is under way.
        settings: retry policy and jitter.
        digest_key: of fingerprints; None where nobody keeps one.
        keeps_on_purpose: whether a record that is there after a clear was kept on purpose, since this Airflow
            would have forgotten it otherwise.
    """

    submission: Submission
    endpoint: Endpoint
    attempt: Attempt
    policies: Policies
    lease: float
    settings: Settings
    digest_key: bytes | None = field(default=None, repr=False)
    keeps_on_purpose: Callable[[], bool] = field(default=lambda: False, repr=False)

    @cached_property
    def fingerprint(self) -> str:
        """What makes another try's submission the same one."""
        return fingerprint(self.submission, self.endpoint.url, self.digest_key)

    def record_in(self, found: Recorded) -> Record | None:
        """The record, as one of this life if it was kept on purpose when the task was cleared.

        Raises:
            RecordError: it is damaged.
        """
        record = record_in(found)
        if record is None or record.life == self.attempt.life or not self.keeps_on_purpose():
            return record
        return replace(record, life=self.attempt.life)

    def intended(self, lost: int, at: float) -> Record:
        """The record of the intention to submit the job, after so many submissions that are lost."""
        return Record(
            attempt=self.attempt.number,
            life=self.attempt.life,
            fingerprint=self.fingerprint,
            display_name=self.submission.display_name or "",
            phase=Phase.INTENDED,
            at=at,
            lost=lost,
        )
