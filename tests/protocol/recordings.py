"""Recorded traffic of the live service: read, and told in the terms of the flows."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from airflow_provider_language.protocol.inputs.documents import documents_from
from airflow_provider_language.protocol.inputs.submissions import Submission
from airflow_provider_language.protocol.inputs.tasks import WireTask
from airflow_provider_language.protocol.jobs.handles import Endpoint, JobHandle, handle_from, handle_of_answer
from airflow_provider_language.protocol.surfaces import LEGACY_ANALYZE, LEGACY_ARRAYS, LEGACY_HEALTH
from airflow_provider_language.protocol.wire import Request, Response
from tests.protocol.models import RECORDINGS
from tests.protocol.playing import flattened


@dataclass(frozen=True)
class Exchange:
    method: str
    path: str
    query: dict[str, str]
    sent: dict[str, Any] | None
    reply: Response

    def is_of(self, request: Request) -> bool:
        """Whether a request of ours asks for the same.

        Statistics cost nothing and change no result. A page size, which no recorded client asked for of
        itself, is but a wish: what comes next is told by the answer.
        """
        ours, theirs = flattened(request.query), dict(self.query)
        ours.pop("showStats", None)
        theirs.pop("showStats", None)
        for top in {"top", "$top"} - set(theirs):
            ours.pop(top, None)
        return (request.method, request.path, ours) == (self.method, self.path, theirs)


@cache
def recording(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((RECORDINGS / f"{name}.json").read_text())
    return loaded


def response_of(recorded: Mapping[str, Any]) -> Response:
    headers = {name.lower(): value for name, value in (recorded.get("headers") or {}).items()}
    body = recorded.get("body")
    content = b"" if body is None else json.dumps(body).encode()
    return Response(recorded["status"], headers, content, 0.0)


def exchanges_of(name: str) -> list[Exchange]:
    return list(_exchanges(name))


def _exchanges(name: str) -> Iterator[Exchange]:
    for recorded in recording(name)["exchanges"]:
        request = recorded["request"]
        parts = urlsplit(request.get("url") or request.get("uri"))
        query = flattened(parse_qsl(parts.query))
        yield Exchange(
            request["method"], parts.path, query, request.get("body"), response_of(recorded["response"])
        )


def submission_of(name: str) -> Submission:
    """What was submitted, made of the recorded request by way of our own types."""
    first = exchanges_of(name)[0]
    assert first.sent is not None
    if first.path == LEGACY_HEALTH.submit_path:
        options = {
            ("modelVersion" if key == "model-version" else key): value for key, value in first.query.items()
        }
        return Submission(
            documents_from(first.sent["documents"]), (WireTask("Healthcare", "Healthcare", options),), "v3.1"
        )
    documents = documents_from(first.sent["analysisInput"]["documents"])
    if first.path == LEGACY_ANALYZE.submit_path:
        tasks = tuple(
            WireTask(kind, entry["taskName"], entry["parameters"])
            for array, kind in LEGACY_ARRAYS.items()
            for entry in first.sent["tasks"].get(array, ())
        )
        return Submission(documents, tasks, "v3.1")
    tasks = tuple(
        WireTask(task["kind"], task["taskName"], task["parameters"]) for task in first.sent["tasks"]
    )
    return Submission(documents, tasks, first.query["api-version"])


def handle_in(name: str) -> JobHandle:
    submission = submission_of(name)
    location = exchanges_of(name)[0].reply.headers["operation-location"]
    handle = handle_of_answer(location, submission.surface, submission.version)
    assert handle is not None
    assert handle == handle_from(location, Endpoint.parse(location[: location.index("/", 8)]))
    return handle


def looks(name: str) -> list[Exchange]:
    return [exchange for exchange in exchanges_of(name) if exchange.method == "GET"]


def waits(name: str) -> list[Exchange]:
    """The looks up to the first one that found the job ended."""
    found = [exchange for exchange in looks(name) if "skip" not in exchange.query]
    assert found
    return found


def pages(name: str) -> list[Exchange]:
    return [waits(name)[-1], *(exchange for exchange in looks(name) if "skip" in exchange.query)]


def recorded_items(body: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """A body's tasks by name, read without any code of ours."""
    if "tasks" not in body:
        return [("Healthcare", body["results"])]
    arrays = [value for value in body["tasks"].values() if isinstance(value, list)]
    return [(item["taskName"], item["results"]) for array in arrays for item in array]


def recorded_results(name: str) -> tuple[Counter[tuple[str, str]], dict[tuple[str, str], Mapping[str, Any]]]:
    """All documents, and all errors, of all pages: by task and id."""
    documents: Counter[tuple[str, str]] = Counter()
    errors: dict[tuple[str, str], Mapping[str, Any]] = {}
    for page in pages(name):
        for task, results in recorded_items(page.reply.payload or {}):
            documents.update((task, document["id"]) for document in results["documents"])
            errors.update({(task, error["id"]): error["error"] for error in results["errors"]})
    return documents, errors
