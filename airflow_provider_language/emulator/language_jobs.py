"""Jobs of the Language API's analyze-text: how their bodies are read and written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import errors, limits, results
from .jobs import Phase
from .parameters import check_parameters, known_parameters
from .submissions import (
    DEFAULT_LANGUAGE,
    Submission,
    Task,
    list_of_objects,
    optional_number,
    optional_object,
    optional_string,
    read_documents,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from .analysis import TaskOutcome
    from .jobs import Job, Progress
    from .paging import Page
    from .versions import ApiVersion

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
        check_parameters(task)
    default_language = optional_string(body, "defaultLanguage") if version.takes_default_language else None
    return Submission(
        documents=documents,
        tasks=tasks,
        display_name=optional_string(body, "displayName"),
        default_language=default_language or DEFAULT_LANGUAGE,
        cancel_after=optional_number(body, "cancelAfter") if version.takes_cancel_after else None,
    )


def read_tasks(body: Mapping[str, Any], version: ApiVersion) -> tuple[Task, ...]:
    """Return the tasks of a body.

    Raises:
        ServiceError: There is none, or one has no kind or one that the version does not define.
    """
    items = list_of_objects(body, "tasks")
    if not items:
        raise errors.invalid_body("'tasks' must hold at least one task.")
    return tuple(_read_task(item, version) for item in items)


def _read_task(item: Mapping[str, Any], version: ApiVersion) -> Task:
    kind = optional_string(item, "kind")
    if not kind:
        raise errors.invalid_body("Each task must have a 'kind'.")
    if kind not in version.kinds:
        raise errors.invalid_parameter(
            f"Task kind '{kind}' is not supported in api-version {version.name}. "
            f"Supported kinds: {', '.join(sorted(version.kinds))}."
        )
    parameters = known_parameters(kind, optional_object(item, "parameters"), version)
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
        results=lambda task, outcome: results.task_results(task, outcome, page, version),
        cancelled=results.cancelled_results,
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
            "lastUpdateDateTime": results.item_time(updated),
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
        "lastUpdatedDateTime": results.job_time(progress.updated),
        "createdDateTime": results.job_time(job.schedule.created),
        "expirationDateTime": results.job_time(job.schedule.expires),
        "status": _STATUS.get(progress.phase) or results.final_status(outcomes),
        "errors": results.job_errors(job.tasks, outcomes, pointers),
        **({} if job.display_name is None else {"displayName": job.display_name}),
        "tasks": {
            **results.task_counts(job, progress, outcomes),
            "items": layout.items(job, progress, outcomes),
        },
    }
