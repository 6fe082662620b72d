"""Random requests, valid and invalid ones, find no answer that the service's documents do not have."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import requests
from hypothesis import HealthCheck, Phase, given, settings, strategies

from airflow_provider_language.emulator import Emulator
from airflow_provider_language.emulator.engines import ENGINES
from tests.emulator.fakes import ManualClock
from tests.emulator.openapi.documents import (
    CONVERSATIONS_2022,
    CONVERSATIONS_2023,
    CONVERSATIONS_2024,
    NATIVE_2023,
    TEXT_2022,
    TEXT_2023,
    V3_1,
    Document,
    needs_specifications,
    operations_of,
)
from tests.emulator.openapi.patches import apply

pytest.importorskip("schemathesis", reason="schemathesis, of the dependency group dev, is not installed")

from schemathesis import Case, GenerationMode, Response
from schemathesis.core.failures import Failure, FailureGroup

from tests.emulator.openapi.deviations import DEVIATIONS, EMULATOR
from tests.emulator.openapi.every_kind import SUBMISSIONS, items_of, with_kinds_of
from tests.emulator.openapi.judge import DURATION, PATIENCE, Judge
from tests.emulator.openapi.request_rules import BLOBS, REQUESTS, register_formats

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hypothesis.strategies import SearchStrategy

pytestmark = [pytest.mark.reference, needs_specifications]

PATCHES = (*DEVIATIONS, *EMULATOR, *REQUESTS)

SERVED: dict[Document, dict[tuple[str, str], str | None]] = {
    TEXT_2022: {
        ("POST", "/:analyze-text"): None,
        ("POST", "/analyze-text/jobs"): "/analyze-text/jobs/{jobId}",
        ("GET", "/analyze-text/jobs/{jobId}"): None,
        ("POST", "/analyze-text/jobs/{jobId}:cancel"): None,
    },
    CONVERSATIONS_2022: {("POST", "/:analyze-conversations"): None},
    CONVERSATIONS_2023: {
        ("POST", "/:analyze-conversations"): None,
        ("POST", "/analyze-conversations/jobs"): "/analyze-conversations/jobs/{jobId}",
        ("GET", "/analyze-conversations/jobs/{jobId}"): None,
        ("POST", "/analyze-conversations/jobs/{jobId}:cancel"): None,
    },
    NATIVE_2023: {
        ("POST", "/analyze-documents/jobs"): "/analyze-documents/jobs/{jobId}",
        ("GET", "/analyze-documents/jobs/{jobId}"): None,
        ("POST", "/analyze-documents/jobs/{jobId}:cancel"): None,
    },
    V3_1: {
        ("POST", "/analyze"): "/analyze/jobs/{jobId}",
        ("GET", "/analyze/jobs/{jobId}"): None,
        ("POST", "/entities/health/jobs"): "/entities/health/jobs/{jobId}",
        ("GET", "/entities/health/jobs/{jobId}"): None,
        ("DELETE", "/entities/health/jobs/{jobId}"): None,
        ("POST", "/entities/recognition/general"): None,
        ("POST", "/entities/recognition/pii"): None,
        ("POST", "/entities/linking"): None,
        ("POST", "/keyPhrases"): None,
        ("POST", "/languages"): None,
        ("POST", "/sentiment"): None,
    },
}
"""The operations of each document; and where the states are of a job that the operation makes."""
SERVED[TEXT_2023] = SERVED[TEXT_2022]
SERVED[CONVERSATIONS_2024] = SERVED[CONVERSATIONS_2023]

OPERATIONS = [
    pytest.param(document, method, path, id=f"{document} {method} {path}")
    for document, operations in SERVED.items()
    for method, path in operations
]
EXAMPLES = 12
"""Requests of each kind for each operation."""
MAKING = [
    pytest.param(document, method, path, id=f"{document} {method} {path}")
    for document, operations in SERVED.items()
    for method, path in operations
    if method == "POST" and "{jobId}" not in path
]


@pytest.fixture(scope="module", autouse=True)
def _formats() -> None:
    register_formats()


@pytest.fixture(scope="module")
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture(scope="module")
def emulator(clock: ManualClock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """An emulator with the real engines, which have read their lists, and with blobs in a folder."""
    blobs = tmp_path_factory.mktemp("blobs")
    container = blobs / "acme" / "in"
    container.mkdir(parents=True)
    for name, text in BLOBS.items():
        (container / name).write_text(text, encoding="utf-8")
    for engine in ENGINES.values():
        engine("Anna takes aspirin.", "en", {})
    with Emulator(duration=DURATION, clock=clock, blobs=blobs) as running:
        yield running


@pytest.fixture
def judge(document: Document, emulator: Emulator, clock: ManualClock) -> Iterator[Judge]:
    judging = Judge(document, emulator, clock, PATCHES)
    yield judging
    judging.close()


def explore(check: Callable[..., None], *drawn: SearchStrategy[Any], examples: int) -> None:
    """Run a check with arguments that are drawn at random, the same on every run."""
    chosen = settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        # The documents' schemas are what they are: slow to draw from.
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
    )
    chosen(given(*drawn)(check))()


def try_requests(judge: Judge, method: str, path: str, mode: GenerationMode) -> None:
    """Send requests that are drawn, and follow the jobs of those that made one."""
    states = SERVED[judge.document][method, path]

    def check(case: Case[Any], cancelled: bool, top: int) -> None:
        response = judge.send(case)
        if states is not None and response.status_code == 202:
            judge.follow(states, response, cancelled=cancelled, top=top)

    drawn = judge.schema[path][method].as_strategy(mode)
    explore(check, drawn, strategies.booleans(), strategies.integers(1, 5), examples=EXAMPLES)


@pytest.mark.parametrize(("document", "method", "path"), OPERATIONS)
def test_invalid_requests_are_answered_as_the_documents_say(judge: Judge, method: str, path: str) -> None:
    try_requests(judge, method, path, GenerationMode("negative"))
    assert any(400 <= status < 500 for status in judge.statuses)


@pytest.mark.parametrize(("document", "method", "path"), OPERATIONS)
def test_valid_requests_are_answered_as_the_documents_say(judge: Judge, method: str, path: str) -> None:
    try_requests(judge, method, path, GenerationMode("positive"))
    if "{jobId}" in path:
        assert set(judge.statuses) <= {400, 404}, "an id that was drawn is of no job"
    elif SERVED[judge.document][method, path]:
        assert judge.ends["succeeded"], "else no job was followed to its end"
    else:
        assert judge.statuses[200] > judge.statuses[400], "else the test tries refusals"


NOT_JSON = strategies.one_of(
    strategies.binary(max_size=50),
    strategies.sampled_from(
        [
            b"",
            b" ",
            b"null",
            b"[]",
            b"0",
            b'"x"',
            b"{",
            b'{"documents":[{}]}}',
            b'{"documents":NaN}',
            b'{"\\ud800":1}',
            b"[" * 100_000,
            b'{"documents":' * 10_000,
            b'{"kind":null,"tasks":null,"analysisInput":null,"documents":null}',
            b'{"documents":[null],"analysisInput":{"documents":[[]]},"tasks":[0]}',
            b'{"documents":[{"id":1e999,"text":0}]}',
            json.dumps({"documents": [{"id": "1", "text": "x" * 1_100_000}]}).encode(),
        ]
    ),
)
CONTENT_TYPES = strategies.sampled_from(
    ["application/json", "application/json; charset=utf-16", "text/plain", "multipart/form-data", "no/"]
)


@pytest.mark.parametrize(("document", "method", "path"), MAKING)
def test_bodies_that_are_no_request_are_refused_in_the_words_of_the_documents(
    judge: Judge, document: Document, method: str, path: str
) -> None:
    case = judge.schema[path][method].Case(query=judge.versioned, body={}, media_type="application/json")
    with requests.Session() as session:

        def check(content: bytes, content_type: str) -> None:
            response = session.request(
                method,
                f"{judge.emulator.endpoint}{document.base_path}{path}",
                params=judge.versioned,
                data=content,
                headers={"Ocp-Apim-Subscription-Key": "any", "Content-Type": content_type},
                timeout=PATIENCE,
            )
            assert response.status_code in (400, 413)
            judge.examine(case, response)

        explore(check, NOT_JSON, CONTENT_TYPES, examples=25)


@pytest.mark.parametrize("document", list(SERVED), ids=str)
def test_every_operation_of_the_documents_is_tried(document: Document) -> None:
    assert set(SERVED[document]) == operations_of(document)


def test_every_patch_changes_a_document() -> None:
    used = [patch.place for document in SERVED for patch in apply(PATCHES, document.read(), document.file)]
    assert {patch.place for patch in PATCHES} == set(used)


WRONG: dict[str, tuple[int, dict[str, Any]]] = {
    "a server error": (500, {"error": {"code": "InternalServerError", "message": "?"}}),
    "a status of no document": (418, {}),
    "a state of no document": (200, {"status": "validating"}),
    "another type": (200, {"jobId": 7}),
    "a field of no document": (200, {"unheardOf": 1}),
    "a field that lacks": (200, {"status": None}),
    "tasks of no document": (200, {"tasks": {"items": [{"kind": "other"}]}}),
}


JOBS = [
    pytest.param(document, path, id=f"{document} {path}")
    for document, operations in SERVED.items()
    for path in SUBMISSIONS
    if ("GET", path) in operations
]


def submitted(judge: Judge, path: str) -> Response:
    """Submit a job with a task of each kind that the document has."""
    submit, submission = SUBMISSIONS[path]
    case = judge.schema[submit]["POST"].Case(
        query=judge.versioned,
        body=with_kinds_of(judge.document, submission),
        media_type="application/json",
    )
    return judge.send(case)


@pytest.mark.parametrize(("document", "path"), JOBS)
def test_results_of_every_kind_are_as_the_documents_say(judge: Judge, path: str) -> None:
    state = judge.finished(path, submitted(judge, path))
    assert state["status"] == "succeeded"
    items = items_of(state)
    assert len(items) == state.get("tasks", {"total": 1})["total"]
    for item in items:
        results = item["results"]
        assert results.get("documents") or results.get("conversations"), item
        assert results["errors"] == []


@pytest.mark.parametrize(("document", "path"), JOBS)
@pytest.mark.parametrize("wrong", WRONG)
def test_an_answer_that_the_documents_do_not_have_is_found(judge: Judge, path: str, wrong: str) -> None:
    status, change = WRONG[wrong]
    job_id = judge.job_id(path, submitted(judge, path))
    look = judge.case("GET", path, job_id)
    right = judge.send(look)
    body = {**right.json(), **change} if status == 200 else change
    altered = Response(
        status, right.headers, json.dumps(body).encode(), right.request, right.elapsed, verify=True
    )
    with pytest.raises((FailureGroup, Failure)):
        judge.examine(look, altered)
