"""Jobs of Text Analytics v3.1 (analyze): how their bodies are read and written.

The legacy API groups tasks by kind in arrays of their own and has other names for the same things.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.families import task_results
from airflow_provider_language.emulator.jobs.life import Phase
from airflow_provider_language.emulator.jobs.outcomes import final_status
from airflow_provider_language.emulator.protocol import errors, limits, parameter_versions
from airflow_provider_language.emulator.protocol.job_requests import Submission, Task, read_documents
from airflow_provider_language.emulator.protocol.json_bodies import (
    list_of_objects,
    optional_object,
    optional_string,
)
from airflow_provider_language.emulator.protocol.offsets import StringIndexType
from airflow_provider_language.emulator.protocol.parameter_checks import check_parameters
from airflow_provider_language.emulator.protocol.parameter_versions import known_parameters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from airflow_provider_language.emulator.jobs.life import Job, Progress
    from airflow_provider_language.emulator.jobs.outcomes import TaskOutcome
    from airflow_provider_language.emulator.protocol.paging import Page
    from airflow_provider_language.emulator.protocol.versions import ApiVersion

# In the order in which the service writes them (recording analyze_v3_1).
_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "entityRecognitionTasks": "EntityRecognition",
        "entityLinkingTasks": "EntityLinking",
        "entityRecognitionPiiTasks": "PiiEntityRecognition",
        "keyPhraseExtractionTasks": "KeyPhraseExtraction",
        "sentimentAnalysisTasks": "SentimentAnalysis",
    }
)
_TEXT_ELEMENTS = "TextElement_v8"
STATUS = MappingProxyType(
    {Phase.NOT_STARTED: "notStarted", Phase.RUNNING: "running", Phase.CANCELLED: "cancelled"}
)
"""The status of a job that is not finished."""


def read_submission(body: Mapping[str, Any], version: ApiVersion) -> Submission:
    """Return what a submission's body asks for.

    Args:
        body: The JSON body.
        version: Always v3.1.

    Raises:
        ServiceError: The request is refused: first by its shape, then by its documents, then by the
            parameters of its tasks.
    """
    tasks = _read_tasks(optional_object(body, "tasks"), version)
    documents = read_documents(optional_object(body, "analysisInput"))
    limits.check_job_documents(documents, "MissingInputRecords")
    for task in tasks:
        check_parameters(task, version)
    return Submission(documents, tasks, display_name=optional_string(body, "displayName"))


def _read_tasks(groups: Mapping[str, Any], version: ApiVersion) -> tuple[Task, ...]:
    unknown = sorted(set(groups) - set(_KINDS))
    if unknown:
        raise errors.invalid_parameter(
            f"Unknown tasks: {', '.join(unknown)}. Supported: {', '.join(sorted(_KINDS))}."
        )
    tasks = tuple(
        Task(
            _KINDS[group],
            optional_string(item, "taskName"),
            known_parameters(
                _KINDS[group], language_parameters(optional_object(item, "parameters")), version
            ),
        )
        for group in groups
        for item in list_of_objects(groups, group)
    )
    if not tasks:
        raise errors.invalid_body("'tasks' must hold at least one task.")
    # Its document takes each kind once; the SDK team's mocks have two of one.
    for group in groups:
        if len(list_of_objects(groups, group)) > 1:
            parameter_versions.tell_of_dispute(f"several {group}")
    return tasks


def language_parameters(sent: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return parameters of v3.1 under the names and values of the Language API.

    Args:
        sent: The parameters of a task, or those of a query.
    """
    parameters = dict(sent)
    if "model-version" in parameters:
        parameters["modelVersion"] = parameters.pop("model-version")
    unit = parameters.get("stringIndexType")
    if isinstance(unit, str) and unit.lower() == _TEXT_ELEMENTS.lower():
        parameters["stringIndexType"] = StringIndexType.TEXT_ELEMENTS.value
    return MappingProxyType(parameters)


def write_state(
    job: Job, progress: Progress, outcomes: Sequence[TaskOutcome], page: Page, version: ApiVersion
) -> dict[str, Any]:
    """Return the body of a job, in wire order and without ``@nextLink``.

    Args:
        job: The job.
        progress: What the clock says about it.
        outcomes: Those of its finished tasks.
        page: The part of the results that is asked for.
        version: The API version that asks.
    """
    return {
        "jobId": job.id,
        "lastUpdateDateTime": task_results.job_time(progress.updated),
        "createdDateTime": task_results.job_time(job.schedule.created),
        "expirationDateTime": task_results.job_time(job.schedule.expires),
        "status": STATUS.get(progress.phase) or final_status(outcomes),
        "errors": task_results.job_errors(job.tasks, outcomes, _pointers(job.tasks)),
        **({} if job.display_name is None else {"displayName": job.display_name}),
        "tasks": {
            **task_results.task_counts(job, progress, outcomes),
            **_groups(job, progress, outcomes, page, version),
        },
    }


def _pointers(tasks: Sequence[Task]) -> list[str]:
    groups = {kind: group for group, kind in _KINDS.items()}
    kinds = [task.kind for task in tasks]
    return [f"#/tasks/{groups[kind]}/{kinds[:index].count(kind)}" for index, kind in enumerate(kinds)]


def _groups(
    job: Job, progress: Progress, outcomes: Sequence[TaskOutcome], page: Page, version: ApiVersion
) -> dict[str, list[dict[str, Any]]]:
    """Return an array for each kind that has a finished task."""
    finished = list(zip(job.tasks, outcomes, progress.finished, strict=False))
    groups = {
        group: [
            _item(task, outcome, finish, page, version)
            for task, outcome, finish in finished
            if task.kind == kind
        ]
        for group, kind in _KINDS.items()
    }
    return {group: items for group, items in groups.items() if items}


def _item(
    task: Task, outcome: TaskOutcome, finish: datetime, page: Page, version: ApiVersion
) -> dict[str, Any]:
    item = {
        "lastUpdateDateTime": task_results.item_time(finish),
        **({} if task.name is None else {"taskName": task.name}),
    }
    if outcome.failure is not None:
        return {**item, "state": "failed"}
    return {**item, "state": "succeeded", "results": task_results.task_results(task, outcome, page, version)}
