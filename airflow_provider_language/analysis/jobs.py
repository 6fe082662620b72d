"""A job as the service describes it: its status, its tasks, its errors; all families in one form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any
from urllib.parse import parse_qs

from airflow_provider_language.analysis.native_documents import told
from airflow_provider_language.analysis.surfaces import (
    ANALYZE_CONVERSATIONS,
    ANALYZE_DOCUMENTS,
    LEGACY_ANALYZE,
    LEGACY_HEALTH,
    Surface,
)


class State(Enum):
    """What a status means for one who waits."""

    ACTIVE = "active"
    SUCCEEDED = "succeeded"
    PARTIAL = "partially completed"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether the job will not change any more."""
        return self is not State.ACTIVE


KEPT = 24 * 60 * 60.0
"""Seconds for which the service keeps a job after it was created (API.md section 1.3)."""


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
    "cancelling": State.ACTIVE,
    "succeeded": State.SUCCEEDED,
    "partiallycompleted": State.PARTIAL,
    "partiallysucceeded": State.PARTIAL,
    "failed": State.FAILED,
    "rejected": State.FAILED,
    "cancelled": State.CANCELLED,
}
"""All status words of all versions, in lower case (API.md section 3)."""

LEGACY_ARRAYS: Mapping[str, str] = {
    "entityRecognitionTasks": "EntityRecognition",
    "entityLinkingTasks": "EntityLinking",
    "entityRecognitionPiiTasks": "PiiEntityRecognition",
    "keyPhraseExtractionTasks": "KeyPhraseExtraction",
    "sentimentAnalysisTasks": "SentimentAnalysis",
}
"""v3.1's arrays of tasks, in the order of recording analyze_v3_1, and the kinds they hold."""


def state_of(status: str) -> State:
    """What a status means; an unknown word is neither success nor failure, so it is waited on."""
    return STATES.get(status.lower(), State.ACTIVE)


@dataclass(frozen=True)
class ServiceFault:
    """An error in the service's words.

    Args:
        code: the innermost code, which is the most specific one.
        message: the message beside it.
        target: what it is about (``#/tasks/items/0``), where the service says so.
    """

    code: str
    message: str
    target: str | None = None


_SIGNED = re.compile(r"(https?://[^\s?'\"<>]+)\?[^\s'\"<>]*\bsig=[^\s'\"<>]*")


def fault_from(error: object) -> ServiceFault:
    """Read an error object, descending into ``innererror`` (API.md section 4.2).

    A signed URL in the message loses its query: the service may quote a blob's location, with its SAS.
    """
    if not isinstance(error, Mapping):
        return ServiceFault("", "")
    target = error.get("target")
    inner: Mapping[str, Any] = error
    while isinstance(inner.get("innererror"), Mapping):
        inner = inner["innererror"]
    return ServiceFault(
        str(inner.get("code") or error.get("code") or ""),
        _SIGNED.sub(r"\1", str(inner.get("message") or error.get("message") or "")),
        None if target is None else str(target),
    )


def fault_of_body(payload: Mapping[str, Any] | None) -> ServiceFault:
    """Read the error of an answer ``{"error": {...}}``; empty where there is none."""
    return fault_from((payload or {}).get("error"))


@dataclass(frozen=True)
class TaskItem:
    """One task of a job, with the part of its results that a page holds.

    Args:
        kind: the request's kind, without the response's suffix.
        name: the task's name; empty where the submitter gave none.
        state: what its status means.
        documents: the result of each document or conversation, as the service wrote it, but for the query
            of a blob's location, which may be a secret; kept out of ``repr``.
        errors: the error of each document that has one, by id.
        model_version: the model's, or ``project/deployment`` of a custom kind.
        target: how a job's errors point at this task (mock_action_error_with_targets).
    """

    kind: str
    name: str
    state: State
    documents: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
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


def job_from(surface: Surface, payload: Mapping[str, Any]) -> Job | None:
    """Read a job's state; None if the payload is not one (a proxy's page, a cut answer)."""
    job_id, status = payload.get("jobId"), payload.get("status")
    if not isinstance(job_id, str) or not isinstance(status, str):
        return None
    state = state_of(status)
    tasks = _object(payload.get("tasks"))
    items = _health_items(payload, state) if surface is LEGACY_HEALTH else tuple(_items(surface, tasks))
    return Job(
        job_id=job_id,
        status=status,
        state=state,
        display_name=payload.get("displayName"),
        created=payload.get("createdDateTime"),
        updated=payload.get("lastUpdatedDateTime") or payload.get("lastUpdateDateTime"),
        expires=payload.get("expirationDateTime"),
        total=_count(tasks.get("total"), 1),
        finished=_count(tasks.get("completed"), len(items)) + _count(tasks.get("failed"), 0),
        faults=tuple(fault_from(error) for error in _objects(payload.get("errors"))),
        items=items,
        next_page=_next_page(surface, payload.get(surface.next_link)),
    )


def _items(surface: Surface, tasks: Mapping[str, Any]) -> Iterator[TaskItem]:
    arrays = LEGACY_ARRAYS if surface is LEGACY_ANALYZE else {"items": None}
    for array, kind in arrays.items():
        for place, item in enumerate(_objects(tasks.get(array))):
            found = task_item(
                kind=kind or _kind(surface, str(item.get("kind", ""))),
                name=str(item.get("taskName") or ""),
                state=state_of(str(item.get("status") or item.get("state") or "")),
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


def _health_items(payload: Mapping[str, Any], state: State) -> tuple[TaskItem, ...]:
    """v3.1's health jobs are a single task whose results lie beside the status (healthcare_success_v3_1)."""
    results = payload.get("results")
    if not results and not state.ended:
        return ()
    return (task_item(kind="Healthcare", name="", state=state, results=results, target="#"),)


def task_item(*, kind: str, name: str, state: State, results: object, target: str) -> TaskItem:
    """Read one task's results, which have one form in all families (API.md section 4.1)."""
    results = _object(results)
    model = results.get("modelVersion")
    if model is None and "projectName" in results:
        model = f"{results['projectName']}/{results.get('deploymentName')}"
    return TaskItem(
        kind=kind,
        name=name,
        state=state,
        documents=_objects(results.get("documents") or results.get("conversations")),
        errors=tuple(
            (str(row.get("id")), fault_from(row.get("error"))) for row in _objects(results.get("errors"))
        ),
        model_version=model,
        target=target,
    )


def _object(value: object) -> Mapping[str, Any]:
    """A JSON object, or an empty one in place of anything else: what lacks is noticed by reconciling."""
    return value if isinstance(value, Mapping) else {}


def _objects(values: object) -> tuple[Mapping[str, Any], ...]:
    """The objects of a JSON array."""
    return tuple(value for value in values if isinstance(value, Mapping)) if isinstance(values, list) else ()


def _count(value: object, otherwise: int) -> int:
    return value if isinstance(value, int) else otherwise


def _next_page(surface: Surface, link: object) -> Page | None:
    """Take the two numbers out of a nextLink; the rest of that URL is not ours to follow."""
    if not isinstance(link, str) or not link:
        return None
    query = parse_qs(link.partition("?")[2].partition("#")[0])
    top, skip = (_number(query.get(name)) for name in (surface.top, surface.skip))
    return Page(top, skip or 0)


def _number(values: list[str] | None) -> int | None:
    return int(values[0]) if values and re.fullmatch(r"[0-9]{1,9}", values[0]) else None
