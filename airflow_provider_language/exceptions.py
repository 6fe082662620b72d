"""The error tree of the provider: what went wrong, what a retry would do, and what to do next.

::

    LanguageError
    ├── InvalidInputError            refused by us; nothing was sent
    ├── IncompleteInputError         fewer values of an XCom, or rows of a query, arrived than there are
    ├── ForeignLocationError         an operation-location that is not of the connection's own endpoint
    ├── ServiceError                 the service answered with an error
    │   ├── RequestRefusedError      400, 413, other 4xx, redirects: the request itself is wrong
    │   ├── AuthenticationError      401: wrong key, or a right key at the wrong endpoint
    │   │   └── SignInError          Entra ID gives no token: a wrong secret, tenant or identity
    │   ├── AccessDeniedError        403: the key may not do this
    │   │   └── QuotaExceededError   403: the tier's volume is used up for days
    │   ├── ResourceNotFoundError    404: no such job (any more), or not a Language endpoint
    │   │   └── JobExpiredError      404, and more than 24 hours since the job was accepted
    │   └── ServiceUnavailableError  408, 429, 5xx or no answer, for longer than is tolerated
    ├── SubmissionLostError          a submission without an answer: the job may be running, and billed
    ├── RecordError                  what was submitted before cannot be read, so nothing is submitted
    ├── SupersededError              a later try of the same task has taken over
    ├── JobError                     the job ended without the results that were asked for
    │   ├── JobNotFinishedError      its results were asked for too early
    │   ├── JobFailedError           every task of it failed
    │   ├── JobPartiallyCompletedError  some tasks of it failed
    │   ├── JobCancelledError        somebody cancelled it
    │   └── JobTimeoutError          it did not end within the time that was given
    └── ResultsError                 the job ended, and its results are not acceptable
        ├── IncompleteResultsError   documents in and rows out do not reconcile
        ├── ModelChangedError        other models have judged than before
        └── DocumentErrorsError      more documents failed than the author allows

``retryable`` says whether running the same task again can end otherwise; operators turn other errors into
``AirflowFailException``. Both it and ``next_step`` follow the cause (causes.py), else the class.
"""

from __future__ import annotations

from typing import ClassVar

from airflow_provider_language import causes

_LONGEST = 4000  # Characters of a message: what it quotes may be of any length.


class LanguageError(Exception):
    """Base of all errors of this provider.

    Args:
        message: what happened, in a sentence without a key and without a document's text.
        status: the HTTP status of the answer, if there was one.
        code: the service's innermost error code (``InvalidDocumentBatch``), if it gave one.
        request_id: the answer's ``apim-request-id``, which Microsoft's support asks for.
        job_id: the job concerned, if any.

    Attributes:
        retryable: whether a retry can end otherwise.
        next_step: what to do, in a sentence; empty where nothing is known.
    """

    retryable: bool = False
    next_step: str = ""
    next_step_without_job: ClassVar[str] = ""
    """Where no job is concerned, if that is another one."""
    is_told_by_service: ClassVar[bool] = False
    """Whether the message quotes the service, or the transport."""

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
        job_id: str | None = None,
    ) -> None:
        message = message if len(message) <= _LONGEST else f"{message[:_LONGEST]}..."
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code
        self.request_id = request_id
        self.job_id = job_id
        cause = self._cause()
        without_job = self.next_step_without_job if job_id is None else ""
        self.next_step = (cause.next_step if cause else "") or without_job or self.next_step
        # An answer with a status says itself, by its class, whether to come back.
        if cause is not None and cause.lasts and status is None:
            self.retryable = False

    def _cause(self) -> causes.Cause | None:
        return causes.cause_of(self.code, self.message) if self.is_told_by_service else None

    def __str__(self) -> str:
        """The sentence, the facts in brackets, the next step."""
        facts = (
            ("HTTP", self.status),
            ("code", self.code),
            ("apim-request-id", self.request_id),
            ("job", self.job_id),
        )
        told = ", ".join(f"{name} {value}" for name, value in facts if value is not None)
        parts = [self.message, f"[{told}]" if told else "", self.next_step]
        return " ".join(part for part in parts if part)


class InvalidInputError(LanguageError, ValueError):
    """Documents, tasks or options that the service would refuse; raised before anything is sent.

    A retry fails the same way.
    """


class IncompleteInputError(LanguageError):
    """Fewer values of an XCom, or rows of a query, arrived than there are. A retry asks for them again."""

    retryable = True


class ForeignLocationError(InvalidInputError):
    """An operation-location that does not lie on the connection's own endpoint.

    A retry fails the same way: following it would send the key to somebody else.
    """

    next_step = "Pass an operation-location that was returned for this same connection."


class ServiceError(LanguageError):
    """The service answered with an error, or did not answer."""

    is_told_by_service = True


class RequestRefusedError(ServiceError):
    """400, 413, another 4xx or a redirect: the request is wrong, and nothing was billed.

    A retry is refused again.
    """

    next_step = "Correct the documents, tasks or parameters; a retry would be refused again."


class AuthenticationError(ServiceError):
    """401: the key is wrong, or belongs to another endpoint. A retry is refused again."""

    next_step = "Check the connection's password (the key) and host (the endpoint of the same resource)."


class SignInError(AuthenticationError):
    """Entra ID gives no token: the secret, the tenant or the identity is wrong, and nothing was sent.

    A retry is given none, either.
    """

    next_step = (
        "Check the connection's login, password and tenantId, or the identity of the host that this ran on."
    )


class AccessDeniedError(ServiceError):
    """403: the caller may not use this resource. A retry is refused again."""

    next_step = "Check the resource's network rules and the caller's role on it."


class QuotaExceededError(AccessDeniedError):
    """403 of the free tier: its volume is used up, for days. A retry before then is refused again."""

    next_step = "Wait for the tier's next period, or change the pricing tier."


class ResourceNotFoundError(ServiceError):
    """404: the job is unknown or expired (24 hours after its creation), or this is no Language endpoint."""

    next_step = (
        "The service keeps a job for 24 hours, at the resource that it was submitted to; then its documents "
        "have to be submitted again."
    )
    next_step_without_job = "Check the connection's host, and its api_version if it names one."


class JobExpiredError(ResourceNotFoundError):
    """404 for a job that was accepted more than 24 hours ago: its results are gone, for a retry, too."""

    next_step = "The results were not fetched in time; the documents have to be submitted, and paid, again."
    next_step_without_job = next_step


class ServiceUnavailableError(ServiceError):
    """408, 429, 5xx or no answer, for longer than the tolerance.

    A retry may succeed. A job that was being waited for is left alone and goes on at the service.
    """

    retryable = True
    next_step = "The job goes on at the service; look again when the service answers."
    next_step_without_job = "Try again when the service answers."


class SubmissionLostError(LanguageError):
    """A submission whose answer did not arrive: the job may be running, and billed.

    The service has neither an idempotency key nor a list of jobs, so nobody can tell (docs/service.md, once).
    ``on_lost_submission`` decides what a retry does: submit, and perhaps pay, again; or fail.
    """

    retryable = True
    next_step = "If the documents are submitted again and the first submission arrived, both are billed."


class RecordError(LanguageError):
    """The record of what a task submitted cannot be read or written, so nothing is submitted.

    That there is no record is something else. A retry may find the state store, or the file, again.
    """

    retryable = True
    next_step = (
        "Nothing was submitted; see to where it is kept: Airflow's task state store, [azure_language] "
        "state_path, or the journal of a corpus, below its destination."
    )


class SupersededError(LanguageError):
    """A later try of the same task instance has taken over, as Airflow took this one for dead.

    A retry would stand aside again.
    """

    next_step = "Nothing is to be done: the later try goes on with the job."


class JobError(LanguageError):
    """A job ended, or did not end, without the results that were asked for."""

    is_told_by_service = True


class JobNotFinishedError(JobError):
    """Results were asked for while the job is still running. A retry may come late enough."""

    retryable = True
    next_step = "Wait for the job first, with AnalyzeJobSensor."


class JobFailedError(JobError):
    """Every task of the job failed, mostly by a fault of the service: submitting again may succeed.

    Not where the service says that the fault is in what it was asked for, or that a project, a feature or a
    permission is missing: another job would fail alike, and a retry is not made.
    """

    retryable = True
    next_step = "Submit the documents again."

    def _cause(self) -> causes.Cause | None:
        return causes.cause_of_job(self.code, self.message)


class JobPartiallyCompletedError(JobError):
    """Some tasks of the job failed. The results of the others can be fetched."""

    next_step = "Fetch what there is, or submit again with the failed tasks only."


class JobCancelledError(JobError):
    """The job was cancelled, by whomever. Its partial results are dropped by the service."""

    next_step = "Submit the documents again if the results are still wanted."


class JobTimeoutError(JobError):
    """The job did not end before the deadline. It may still end."""

    next_step = "The job goes on at the service; wait for it with a longer timeout, or cancel it."
    next_step_if_cancelled: ClassVar[str] = (
        "It is cancelled with the task; submit again with a longer timeout."
    )


class ResultsError(LanguageError):
    """The job ended and its results are not acceptable."""


class IncompleteResultsError(ResultsError):
    """Documents that went in and rows that came out do not reconcile. A retry reads the results again."""

    retryable = True


class ModelChangedError(ResultsError):
    """Other models have judged than in earlier runs, which the author does not allow; all has landed."""

    next_step = 'The manifest tells which. Run again with on_model_change="refresh", or name a model_version.'


class DocumentErrorsError(ResultsError):
    """More documents failed than the author allows. A retry finds the same errors."""

    next_step = "The rows are written, with each error's code; see the result file."
