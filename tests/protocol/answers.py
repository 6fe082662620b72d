"""What the service answers, in the shapes of its recordings, for tests to vary."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from airflow_provider_language.protocol.jobs.handles import Endpoint, JobHandle
from airflow_provider_language.protocol.jobs.status import Job, job_from
from airflow_provider_language.protocol.surfaces import (
    ANALYZE_TEXT,
    LEGACY_ANALYZE,
    LEGACY_HEALTH,
    Surface,
)
from airflow_provider_language.protocol.versions import DEFAULT_VERSION
from airflow_provider_language.protocol.wire import NoReply, Response

VERSION = DEFAULT_VERSION
JOB_ID = "b89699e5-70da-4fc8-86ec-44aeb7d37ee7"
ENDPOINT = Endpoint.parse("https://name.cognitiveservices.azure.com")
HANDLE = JobHandle(ANALYZE_TEXT, VERSION, JOB_ID)
LEGACY_HANDLE = JobHandle(LEGACY_ANALYZE, "v3.1", JOB_ID)
HEALTH_HANDLE = JobHandle(LEGACY_HEALTH, "v3.1", JOB_ID)
LOCATION = HANDLE.location(ENDPOINT)


def answer(status: int, body: object = None, **headers: str) -> Response:
    """An answer; header names are written with underscores."""
    content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(status, {name.replace("_", "-"): value for name, value in headers.items()}, content, 0.0)


def refusal(status: int, message: str = "No.", code: str = "InvalidRequest", **headers: str) -> Response:
    return answer(status, {"error": {"code": code, "message": message}}, apim_request_id="r-1", **headers)


def accepted(location: str = LOCATION) -> Response:
    return answer(202, operation_location=location)


def lost(reason: str = "ConnectionResetError", *, sent: bool = True, lasting: bool = False) -> NoReply:
    return NoReply(reason, sent, 0.0, lasting)


def item(
    name: str = "0",
    ids: Sequence[str] = ("0",),
    *,
    kind: str = "KeyPhraseExtraction",
    status: str = "succeeded",
    errors: Sequence[str] = (),
    **more: object,
) -> dict[str, Any]:
    """A finished task with a document for each id; a failed one has no results (mock_action_error_*)."""
    described: dict[str, Any] = {"kind": f"{kind}LROResults", "taskName": name, "status": status}
    if status == "failed":
        return described
    results = {
        "documents": [{"id": id_, "keyPhrases": [f"phrase {id_}"], "warnings": []} for id_ in ids],
        "errors": [
            {"id": id_, "error": {"code": "InvalidArgument", "message": f"Bad {id_}."}} for id_ in errors
        ],
        "modelVersion": "2022-10-01",
        **more,
    }
    return {**described, "results": results}


def job_body(
    status: str = "succeeded",
    items: Sequence[Mapping[str, Any]] = (),
    *,
    total: int | None = None,
    errors: Sequence[object] = (),
    **more: object,
) -> dict[str, Any]:
    failed = sum(one["status"] == "failed" for one in items)
    total = len(items) if total is None else total
    return {
        "jobId": JOB_ID,
        "lastUpdatedDateTime": "2026-05-02T10:00:02Z",
        "createdDateTime": "2026-05-02T10:00:00Z",
        "expirationDateTime": "2026-05-03T10:00:00Z",
        "status": status,
        "errors": list(errors),
        "tasks": {
            "completed": len(items) - failed,
            "failed": failed,
            "inProgress": total - len(items),
            "total": total,
            "items": list(items),
        },
        **more,
    }


def state(
    status: str = "succeeded",
    items: Sequence[Mapping[str, Any]] = (),
    *,
    total: int | None = None,
    **more: Any,
) -> Response:
    """The answer to a look."""
    return answer(200, job_body(status, items, total=total, **more))


def next_link(skip: int, top: int = 5) -> str:
    return f"{LOCATION}&showStats=True&top={top}&skip={skip}"


def read(body: Mapping[str, Any], surface: Surface = ANALYZE_TEXT) -> Job:
    """A body as a job, which it must be."""
    job = job_from(surface, body)
    assert job is not None
    return job
