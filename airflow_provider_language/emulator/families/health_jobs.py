"""Health jobs of Text Analytics v3.1: one task without a name, its options in the query."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.families import task_results
from airflow_provider_language.emulator.families.legacy_jobs import STATUS, language_parameters
from airflow_provider_language.emulator.jobs.outcomes import final_status
from airflow_provider_language.emulator.protocol import limits
from airflow_provider_language.emulator.protocol.job_requests import Submission, Task, read_documents
from airflow_provider_language.emulator.protocol.parameter_checks import check_parameters
from airflow_provider_language.emulator.protocol.parameter_versions import known_parameters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from airflow_provider_language.emulator.jobs.life import Job, Progress
    from airflow_provider_language.emulator.jobs.outcomes import TaskOutcome
    from airflow_provider_language.emulator.protocol.paging import Page
    from airflow_provider_language.emulator.protocol.versions import ApiVersion

_KIND = "Healthcare"
_OPTIONS = ("model-version", "stringIndexType")
_BOOLEANS: Mapping[str, bool] = MappingProxyType({"true": True, "false": False})


def read_submission(body: Mapping[str, Any], query: Mapping[str, str], version: ApiVersion) -> Submission:
    """Return what a submission asks for.

    Args:
        body: The JSON body, which has ``documents`` alone.
        query: The options ``model-version``, ``stringIndexType`` and ``loggingOptOut``.
        version: Always v3.1.

    Raises:
        ServiceError: The request is refused: first by its documents, then by its options.
    """
    documents = read_documents(body)
    limits.check_job_documents(documents, "MissingInputRecords")
    sent: dict[str, Any] = {name: query[name] for name in _OPTIONS if name in query}
    if "loggingOptOut" in query:
        sent["loggingOptOut"] = _BOOLEANS.get(query["loggingOptOut"].lower(), query["loggingOptOut"])
    task = Task(_KIND, None, known_parameters(_KIND, language_parameters(sent), version))
    check_parameters(task, version)
    return Submission(documents, (task,))


def write_state(
    job: Job, progress: Progress, outcomes: Sequence[TaskOutcome], page: Page, version: ApiVersion
) -> dict[str, Any]:
    """Return the body of a job, in wire order and without ``@nextLink``.

    Args:
        job: The job.
        progress: What the clock says about it.
        outcomes: That of its task, if it is finished.
        page: The part of the results that is asked for.
        version: Always v3.1.
    """
    found = [
        task_results.task_results(job.tasks[0], outcome, page, version)
        for outcome in outcomes
        if outcome.failure is None
    ]
    return {
        "jobId": job.id,
        "lastUpdateDateTime": task_results.job_time(progress.updated),
        "createdDateTime": task_results.job_time(job.schedule.created),
        "expirationDateTime": task_results.job_time(job.schedule.expires),
        "status": STATUS.get(progress.phase) or final_status(outcomes),
        "errors": task_results.job_errors(job.tasks, outcomes, [None]),
        **({"results": found[0]} if found else {}),
    }
