"""Which task a job's error is about: its target points at it, in one of several ways."""

from __future__ import annotations

import re
from collections.abc import Sequence

from airflow_provider_language.protocol.jobs.faults import ServiceFault
from airflow_provider_language.protocol.jobs.status import Job, State, TaskItem

_TASKS_TOLD = 3
_NO_REASON = ServiceFault("TaskFailed", "The service gave no reason.")


def task_aimed_at(target: str, items: Sequence[TaskItem]) -> TaskItem | None:
    """The task that a target means; None if it fits none, or several.

    Seen were ``#/tasks/items/0``, v3.1's arrays in their own and in the kind's words, a place among all
    tasks, and a task's name, each also in other case (docs/service.md, results).
    """
    wanted = target.strip().casefold()
    path = wanted.lstrip("#").strip("/").removeprefix("tasks/")
    array, _, last = path.rpartition("/")
    among = [item for item in items if array == f"{item.kind}Tasks".casefold()] if array else list(items)
    place = int(last) if re.fullmatch(r"[0-9]{1,6}", last) else None
    ways = (
        [item for item in items if item.target.casefold() == wanted],
        [] if place is None else among[place : place + 1],
        [item for item in items if item.name and item.name.casefold() in (path, last)],
        [item for item in items if item.kind.casefold() in (path, last)],
    )
    return next((found[0] for found in ways if len(found) == 1), None)


class Aims:
    """The errors of a job by the task that they are about.

    Args:
        job: which has the errors, and the tasks.
    """

    def __init__(self, job: Job) -> None:
        self._items = job.items
        self._aims = [
            (fault, task_aimed_at(fault.target, job.items) if fault.target else None) for fault in job.faults
        ]

    def reason(self, item: TaskItem) -> ServiceFault:
        """Why a task failed, in the service's words if there are any."""
        return self.about(item) or _NO_REASON

    def about(self, item: TaskItem) -> ServiceFault | None:
        """The error about a task; where there is none, one that is about no task has to do."""
        return next((fault for fault, aim in self._aims if aim is item), self.aimless)

    @property
    def aimless(self) -> ServiceFault | None:
        """The first error that is about no task, or about one that there is not."""
        return next((fault for fault, aim in self._aims if aim is None), None)

    def told(self) -> dict[ServiceFault, list[str]]:
        """Each error once, with the names, or kinds, of the tasks that it is about, or that failed for it."""
        tasks = [(fault, aim) for fault, aim in self._aims if aim is not None]
        tasks += [
            (fault, item)
            for item in self._items
            if item.state is State.FAILED and (fault := self.about(item)) is not None
        ]
        told: dict[ServiceFault, list[str]] = {fault: [] for fault, _ in self._aims}
        for fault, item in tasks:
            name = item.name or item.kind
            if name not in told[fault]:
                told[fault].append(name)
        return told

    def in_words(self) -> list[str]:
        """Each error once, behind the names of its tasks, without a full stop."""
        return [
            _sentence(fault, tasks) for fault, tasks in self.told().items() if fault.message or fault.code
        ]


def _sentence(fault: ServiceFault, tasks: Sequence[str]) -> str:
    reason = (fault.message or fault.code).rstrip(".")
    more = f" and {len(tasks) - _TASKS_TOLD} more" if len(tasks) > _TASKS_TOLD else ""
    return f"{', '.join(tasks[:_TASKS_TOLD])}{more}: {reason}" if tasks else reason
