"""The tasks that the pages of a job tell of, held against those that went in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from airflow_provider_language.exceptions import IncompleteResultsError
from airflow_provider_language.protocol.jobs.status import Job, TaskItem


@dataclass(frozen=True)
class ToldTask:
    """One task, and what each page that has it says of it.

    Args:
        kind: the request's kind.
        name: the task's name, or its kind where it has none.
        items: none where no page speaks of the task.
    """

    kind: str
    name: str
    items: tuple[TaskItem, ...]


def told_tasks(pages: Sequence[Job], expected: Sequence[tuple[str, str]]) -> list[ToldTask]:
    """The tasks of a job with what all its pages say of them.

    Args:
        pages: every page, first to last.
        expected: kind and name of each task that went in; empty where they are not known.

    Raises:
        IncompleteResultsError: a task comes out that never went in, or one comes out twice on a page; where
            they are not known, also that the pages do not agree on the tasks.
    """
    _check_unrepeated(pages)
    if not expected:
        return _as_told(pages)
    found: dict[tuple[str, str], list[TaskItem]] = {task: [] for task in expected}
    for page in pages:
        for task, item in _matched(page, expected):
            found[task].append(item)
    return [ToldTask(kind, name, tuple(items)) for (kind, name), items in found.items()]


def _check_unrepeated(pages: Sequence[Job]) -> None:
    for page in pages:
        times = Counter((item.kind, item.name) for item in page.items if item.name)
        for (_, name), number in times.items():
            if number > 1:
                raise _failed(page, f"The job tells of task {name!r} {number} times.")


def _matched(page: Job, expected: Sequence[tuple[str, str]]) -> list[tuple[tuple[str, str], TaskItem]]:
    """What each item of a page is about; one without a name is known by its kind, if only one has it."""
    matched = []
    for item in page.items:
        fits = [
            (kind, name)
            for kind, name in expected
            if kind.casefold() == item.kind.casefold() and item.name in ("", name)
        ]
        if len(fits) != 1:
            raise _failed(
                page, f"The job tells of a task {item.name!r} of kind {item.kind!r}: none such went in."
            )
        matched.append((fits[0], item))
    if len({task for task, _ in matched}) < len(matched):
        raise _failed(page, "The job tells of one of its tasks more than once.")
    return matched


def _as_told(pages: Sequence[Job]) -> list[ToldTask]:
    job = pages[-1]
    for page in pages:
        if len(page.items) != job.total:
            raise _failed(job, f"The job has {job.total} tasks, and a page has results of {len(page.items)}.")
        if [(item.kind, item.name) for item in page.items] != [(item.kind, item.name) for item in job.items]:
            raise _failed(job, "The pages of the results do not have the same tasks in the same order.")
    columns = zip(*(page.items for page in pages), strict=True)
    return [ToldTask(items[-1].kind, items[-1].name or items[-1].kind, items) for items in columns]


def _failed(page: Job, what: str) -> IncompleteResultsError:
    return IncompleteResultsError(what, job_id=page.job_id)
