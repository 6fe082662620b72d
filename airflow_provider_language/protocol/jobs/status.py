"""A job as the service describes it: its status, its tasks, its errors; all families in one form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from urllib.parse import parse_qs

from airflow_provider_language.protocol.defaults import KEPT
from airflow_provider_language.protocol.inputs.native_documents import told
from airflow_provider_language.protocol.jobs.faults import ServiceFault, fault_from
from airflow_provider_language.protocol.json_values import (
    JsonObject,
    JsonValue,
    object_or_empty,
    objects_in,
    text_or_none,
)
from airflow_provider_language.protocol.quotations import CODE, quotation
from airflow_provider_language.protocol.surfaces import (
    ANALYZE_CONVERSATIONS,
    ANALYZE_DOCUMENTS,
    LEGACY_ANALYZE,
    LEGACY_ARRAYS,
    LEGACY_HEALTH,
    Surface,
)


class State(Enum):
    """What a status means for one who waits."""

    ACTIVE = "active"
    CANCELLING = "cancelling"
    SUCCEEDED = "succeeded"
    PARTIAL = "partially completed"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether the job will not change any more."""
        return self not in (State.ACTIVE, State.CANCELLING)


_LINK_LENGTH = 4096
"""Characters that are read of the URL of another page."""
EXPIRY_TOLERANCE = 300.0
"""Seconds by which a job may be older than told: its answer was late, or the clock here is fast."""


def is_expired(accepted_at: float, now: float) -> bool:
    """Whether a job that the service does not know is one that it no longer keeps.

    Args:
        accepted_at: when its submission was answered, in seconds since the epoch.
        now: the same.
    """
    return now >= accepted_at + KEPT - EXPIRY_TOLERANCE


STATES: Mapping[str, State] = {
    "notstarted": State.ACTIVE,
    "running": State.ACTIVE,
    "cancelling": State.CANCELLING,
    "succeeded": State.SUCCEEDED,
    "partiallycompleted": State.PARTIAL,
    "partiallysucceeded": State.PARTIAL,
    "failed": State.FAILED,
    "rejected": State.FAILED,
    "cancelled": State.CANCELLED,
}
"""All status words of all versions, in lower case (docs/service.md, status)."""


def state_of(status: str) -> State:
    """What a status means; an unknown word is neither success nor failure, so it is waited on."""
    return STATES.get(status.lower(), State.ACTIVE)


@dataclass(frozen=True)
class TaskItem:
    """One task of a job, with the part of its results that a page holds.

    Args:
        kind: the request's kind, without the response's suffix.
        name: the task's name; empty where the submitter gave none.
        state: what its status means.
        documents: the result of each document or conversation, as the service wrote it, but for the query
            of a blob's location, which may be a secret; kept out of ``repr``.
        errors: the error of each document that has one, by id, which is empty where none was told.
        model_version: the model's, or ``project/deployment`` of a custom kind.
        target: how a job's errors point at this task (mock_action_error_with_targets).
    """

    kind: str
    name: str
    state: State
    documents: tuple[JsonObject, ...] = field(default=(), repr=False)
    errors: tuple[tuple[str, ServiceFault], ...] = ()
    model_version: str | None = None
    target: str = ""


@dataclass(frozen=True)
class Page:
    """Where the next page of results begins."""

    top: int | None
    skip: int


@dataclass(frozen=True)
class Job:
    """A job as one answer describes it.

    Args:
        job_id: the service's id.
        status: the service's word.
        state: what it means.
        display_name: as submitted.
        created, updated, expires: as the service writes times (``2022-06-09T17:10:16Z``).
        total: how many tasks were asked for.
        finished: how many of them ended.
        faults: the job's own errors.
        items: the tasks that ended so far.
        next_page: where the results go on, if they do.
    """

    job_id: str
    status: str
    state: State
    display_name: str | None
    created: str | None
    updated: str | None
    expires: str | None
    total: int
    finished: int
    faults: tuple[ServiceFault, ...]
    items: tuple[TaskItem, ...]
    next_page: Page | None

    @property
    def known_status(self) -> bool:
        """Whether the status is a word that we know."""
        return self.status.lower() in STATES

    def without_results(self) -> Job:
        """The job for one who asks how it ended and not what it found: that is some 100 KB for each."""
        return replace(self, items=tuple(replace(item, documents=(), errors=()) for item in self.items))


def job_from(surface: Surface, payload: JsonObject) -> Job | None:
    """Read a job's state; None if the payload is not one (a proxy's page, a cut answer)."""
    job_id, status = payload.get("jobId"), payload.get("status")
    if not isinstance(job_id, str) or not isinstance(status, str):
        return None
    state = state_of(status)
    tasks = object_or_empty(payload.get("tasks"))
    items = _health_items(payload, state) if surface is LEGACY_HEALTH else tuple(_items(surface, tasks))
    return Job(
        job_id=quotation(job_id, CODE),
        status=quotation(status, CODE),
        state=state,
        display_name=text_or_none(payload.get("displayName")),
        created=text_or_none(payload.get("createdDateTime")),
        updated=text_or_none(payload.get("lastUpdatedDateTime") or payload.get("lastUpdateDateTime")),
        expires=text_or_none(payload.get("expirationDateTime")),
        total=_count(tasks.get("total"), 1),
        finished=_count(tasks.get("completed"), len(items)) + _count(tasks.get("failed"), 0),
        faults=tuple(fault_from(error) for error in objects_in(payload.get("errors"))),
        items=items,
        next_page=_next_page(surface, payload.get(surface.next_link)),
    )


def _items(surface: Surface, tasks: JsonObject) -> Iterator[TaskItem]:
    arrays = LEGACY_ARRAYS if surface is LEGACY_ANALYZE else {"items": None}
    for array, kind in arrays.items():
        for place, item in enumerate(objects_in(tasks.get(array))):
            found = task_item(
                kind=kind or _kind(surface, word(item.get("kind"))),
                name=word(item.get("taskName")),
                state=state_of(word(item.get("status") or item.get("state"))),
                results=item.get("results"),
                target=f"#/tasks/{array}/{place}",
            )
            if surface is ANALYZE_DOCUMENTS:
                found = replace(found, documents=tuple(map(told, found.documents)))
            yield found


def _kind(surface: Surface, name: str) -> str:
    """The request's kind of a response's: ``KeyPhraseExtractionLROResults``, ``conversationalPIIResults``."""
    if surface is ANALYZE_CONVERSATIONS and name.endswith("Results"):
        return f"{name[0].upper()}{name[1:].removesuffix('Results')}Task"
    return name.removesuffix("LROResults")


def _health_items(payload: JsonObject, state: State) -> tuple[TaskItem, ...]:
    """v3.1's health jobs are a single task whose results lie beside the status (healthcare_success_v3_1)."""
    results = payload.get("results")
    if not results and not state.ended:
        return ()
    return (task_item(kind="Healthcare", name="", state=state, results=results, target="#"),)


def task_item(*, kind: str, name: str, state: State, results: JsonValue, target: str) -> TaskItem:
    """Read one task's results, which have one form in all families (docs/service.md, results)."""
    results = object_or_empty(results)
    model = results.get("modelVersion")
    if model is None and "projectName" in results:
        model = f"{results['projectName']}/{results.get('deploymentName')}"
    return TaskItem(
        kind=kind,
        name=name,
        state=state,
        documents=objects_in(results.get("documents") or results.get("conversations")),
        errors=tuple(
            (word(row.get("id")), fault_from(row.get("error"))) for row in objects_in(results.get("errors"))
        ),
        model_version=text_or_none(model),
        target=target,
    )


def word(value: JsonValue) -> str:
    """An id, a name or a kind; empty in place of what is none."""
    if type(value) is str:
        return value
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def _count(value: JsonValue, otherwise: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else otherwise


def _next_page(surface: Surface, link: JsonValue) -> Page | None:
    """Take the two numbers out of a nextLink; the rest of that URL is not ours to follow."""
    if not isinstance(link, str) or not link:
        return None
    query = parse_qs(link[:_LINK_LENGTH].partition("?")[2].partition("#")[0])
    top, skip = (_number(query.get(name)) for name in (surface.top, surface.skip))
    return Page(top, skip or 0)


def _number(values: list[str] | None) -> int | None:
    return int(values[0]) if values and re.fullmatch(r"[0-9]{1,9}", values[0]) else None
