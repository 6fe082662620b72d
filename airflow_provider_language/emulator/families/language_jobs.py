"""Jobs of the Language API's analyze-text: how their bodies are read and written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.families import task_results
from airflow_provider_language.emulator.jobs.life import Phase
from airflow_provider_language.emulator.jobs.outcomes import final_status
from airflow_provider_language.emulator.protocol import errors, limits, parameter_versions
from airflow_provider_language.emulator.protocol.job_requests import (
    DEFAULT_LANGUAGE,
    Submission,
    Task,
    read_documents,
)
from airflow_provider_language.emulator.protocol.json_bodies import (
    list_of_objects,
    optional_number,
    optional_object,
    optional_string,
)
from airflow_provider_language.emulator.protocol.parameter_checks import check_parameters
from airflow_provider_language.emulator.protocol.parameter_versions import known_parameters

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from airflow_provider_language.emulator.jobs.life import Job, Progress
    from airflow_provider_language.emulator.jobs.outcomes import TaskOutcome
    from airflow_provider_language.emulator.protocol.paging import Page
    from airflow_provider_language.emulator.protocol.parameter_versions import Only
    from airflow_provider_language.emulator.protocol.versions import ApiVersion

_STATUS = {Phase.NOT_STARTED: "notStarted", Phase.RUNNING: "running", Phase.CANCELLED: "cancelled"}


def read_submission(body: Mapping[str, Any], version: ApiVersion) -> Submission:
    """Return what a submission's body asks for.

    Args:
        body: The JSON body.
        version: The API version; it decides which kinds and fields there are.

    Raises:
        ServiceError: The request is refused: first by its shape, then by its documents, then by the
            parameters of its tasks.
    """
    analysis_input = optional_object(body, "analysisInput")
    tasks = read_tasks(body, version)
    documents = read_documents(analysis_input)
    limits.check_job_documents(documents, "MissingInputDocuments")
    for task in tasks:
        check_parameters(task, version)
    default_language = optional_string(body, "defaultLanguage") if version.takes_default_language else None
    return Submission(
        documents=documents,
        tasks=tasks,
        display_name=optional_string(body, "displayName"),
        default_language=default_language or DEFAULT_LANGUAGE,
        cancel_after=optional_number(body, "cancelAfter") if version.takes_cancel_after else None,
    )


def read_tasks(
    body: Mapping[str, Any], version: ApiVersion, only: Only = parameter_versions.TEXTS
) -> tuple[Task, ...]:
    """Return the tasks of a body.

    Args:
        body: The JSON body.
        version: The API version.
        only: Which version has which parameter, in the family.

    Raises:
        ServiceError: There is none, or one has no kind or one that the version does not define.
    """
    items = list_of_objects(body, "tasks")
    if not items:
        raise errors.invalid_body("'tasks' must hold at least one task.")
    return tuple(_read_task(item, version, only) for item in items)


def _read_task(item: Mapping[str, Any], version: ApiVersion, only: Only) -> Task:
    kind = optional_string(item, "kind")
    if not kind:
        raise errors.invalid_body("Each task must have a 'kind'.")
    if kind not in version.kinds:
        raise errors.invalid_parameter(
            f"Task kind '{kind}' is not supported in api-version {version.name}. "
            f"Supported kinds: {', '.join(sorted(version.kinds))}."
        )
    parameters = known_parameters(kind, optional_object(item, "parameters"), version, only)
    return Task(kind, optional_string(item, "taskName"), parameters)


def write_state(
    job: Job, progress: Progress, outcomes: Sequence[TaskOutcome], page: Page, version: ApiVersion
) -> dict[str, Any]:
    """Return the body of a job, in wire order and without ``nextLink``.

    Args:
        job: The job.
        progress: What the clock says about it.
        outcomes: Those of its finished tasks.
        page: The part of the results that is asked for.
        version: The API version that asks.
    """
    layout = ItemLayout(
        kind=lambda task: f"{task.kind}LROResults",
        results=lambda task, outcome: task_results.task_results(task, outcome, page, version),
        cancelled=task_results.cancelled_results,
    )
    return state(job, progress, outcomes, layout)


@dataclass(frozen=True)
class ItemLayout:
    """How a family of the Language API writes the items of its jobs.

    Attributes:
        kind: From a task to the kind of its results.
        results: From a task and its outcome to its results.
        cancelled: From a task to its results when it was cancelled.
    """

    kind: Callable[[Task], str]
    results: Callable[[Task, TaskOutcome], dict[str, Any]]
    cancelled: Callable[[Task], dict[str, Any]]

    def items(self, job: Job, progress: Progress, outcomes: Sequence[TaskOutcome]) -> list[dict[str, Any]]:
        """Return the items of the tasks that have ended, in submit order."""
        if progress.phase is Phase.CANCELLED:
            return [
                {**self._head(task, progress.updated, "cancelled"), "results": self.cancelled(task)}
                for task in job.tasks
            ]
        return [
            self._item(task, outcome, finish)
            for task, outcome, finish in zip(job.tasks, outcomes, progress.finished, strict=False)
        ]

    def _item(self, task: Task, outcome: TaskOutcome, finish: datetime) -> dict[str, Any]:
        if outcome.failure is not None:
            return self._head(task, finish, "failed")
        return {**self._head(task, finish, "succeeded"), "results": self.results(task, outcome)}

    def _head(self, task: Task, updated: datetime, status: str) -> dict[str, Any]:
        return {
            "kind": self.kind(task),
            **({} if task.name is None else {"taskName": task.name}),
            "lastUpdateDateTime": task_results.item_time(updated),
            "status": status,
        }


def state(
    job: Job, progress: Progress, outcomes: Sequence[TaskOutcome], layout: ItemLayout
) -> dict[str, Any]:
    """Return the body of a job of the Language API, in wire order and without ``nextLink``.

    Args:
        job: The job.
        progress: What the clock says about it.
        outcomes: Those of its finished tasks.
        layout: How its items are written.
    """
    pointers = [f"#/tasks/items/{index}" for index in range(len(job.tasks))]
    return {
        "jobId": job.id,
        "lastUpdatedDateTime": task_results.job_time(progress.updated),
        "createdDateTime": task_results.job_time(job.schedule.created),
        "expirationDateTime": task_results.job_time(job.schedule.expires),
        "status": _STATUS.get(progress.phase) or final_status(outcomes),
        "errors": task_results.job_errors(job.tasks, outcomes, pointers),
        **({} if job.display_name is None else {"displayName": job.display_name}),
        "tasks": {
            **task_results.task_counts(job, progress, outcomes),
            "items": layout.items(job, progress, outcomes),
        },
    }
