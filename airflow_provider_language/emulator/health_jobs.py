"""Health jobs of Text Analytics v3.1: one task without a name, its options in the query."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from . import limits, results
from .legacy_jobs import STATUS, language_parameters
from .parameters import check_parameters, known_parameters
from .submissions import Submission, Task, read_documents

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .analysis import TaskOutcome
    from .jobs import Job, Progress
    from .paging import Page
    from .versions import ApiVersion

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
    check_parameters(task)
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
        results.task_results(job.tasks[0], outcome, page, version)
        for outcome in outcomes
        if outcome.failure is None
    ]
    return {
        "jobId": job.id,
        "lastUpdateDateTime": results.job_time(progress.updated),
        "createdDateTime": results.job_time(job.schedule.created),
        "expirationDateTime": results.job_time(job.schedule.expires),
        "status": STATUS.get(progress.phase) or results.final_status(outcomes),
        "errors": results.job_errors(job.tasks, outcomes, [None]),
        **({"results": found[0]} if found else {}),
    }
