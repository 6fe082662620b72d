"""Sends requests of one OpenAPI document to an emulator, and checks each answer against the document."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import requests
import schemathesis
from schemathesis import checks
from schemathesis.specs.openapi import checks as openapi_checks

from tests.emulator.openapi.documents import Document, whole

if TYPE_CHECKING:
    from schemathesis import Case, Response
    from schemathesis.specs.openapi.schemas import OpenApiSchema

    from airflow_provider_language.emulator import Emulator
    from tests.emulator.fakes import ManualClock
    from tests.emulator.openapi.patches import Patch

DURATION = 12
"""Seconds of the test's clock that a job takes."""
PATIENCE = 30
"""Seconds of the world's clock in which every answer must be there: thrice what a look waits for engines."""

_CHECKS = [
    checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.response_headers_conformance,
    openapi_checks.response_schema_conformance,
]
_ENDED = ("succeeded", "failed", "partiallyCompleted", "cancelled")


@cache
def _schema(document: Document, patches: tuple[Patch, ...]) -> OpenApiSchema:
    return schemathesis.openapi.from_dict(whole(document, patches))


@dataclass
class Judge:
    """Judges one emulator by one document.

    Attributes:
        document: The document.
        emulator: What is judged.
        clock: The clock of its jobs.
        patches: What is changed in the document.
        statuses: How often each HTTP status was seen.
        ends: How often a followed job ended in each status.
        schema: The document with its changes.
        versioned: The query that says the version.
    """

    document: Document
    emulator: Emulator
    clock: ManualClock
    patches: tuple[Patch, ...]
    statuses: Counter[int] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.schema = _schema(self.document, self.patches)
        self.versioned = {} if self.document.version == "v3.1" else {"api-version": self.document.version}
        self._session = requests.Session()

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def send(self, case: Case[Any]) -> Response:
        """Send a request and check its answer."""
        response = case.call(
            base_url=self.emulator.endpoint + self.document.base_path,
            headers={"Ocp-Apim-Subscription-Key": "any"},
            session=self._session,
            timeout=PATIENCE,
        )
        self.statuses[response.status_code] += 1
        self.examine(case, response)
        return response

    def examine(self, case: Case[Any], response: Response | requests.Response) -> None:
        """Check the answer to a request.

        Raises:
            schemathesis.core.failures.FailureGroup: The document has no such answer.
        """
        judged = [*_CHECKS, *([openapi_checks.content_type_conformance] if response.content else [])]
        case.validate_response(response, checks=judged)
        # A "default" answer of the documents is an error, whatever its status: so no redirection, no 204.
        assert response.status_code in (200, 202) or 400 <= response.status_code < 500
        # Recorded without a body, and so without a type, while v3.1 says what type it has.
        assert (response.status_code == 202) == (not response.content)

    def case(self, method: str, path: str, job_id: str, query: dict[str, Any] | None = None) -> Case[Any]:
        """Return a request about a job."""
        case: Case[Any] = self.schema[path][method].Case(
            path_parameters={"jobId": job_id}, query={**self.versioned, **(query or {})}
        )
        return case

    def finished(self, path: str, response: Response) -> dict[str, Any]:
        """Return the last state of a job that was accepted."""
        self.clock.advance(seconds=DURATION)
        return self.state(path, self.job_id(path, response))

    def follow(self, path: str, response: Response, *, cancelled: bool, top: int) -> None:
        """Follow a job from its acceptance to its last page, and check every state on the way.

        Args:
            path: The path of the job's states in the document.
            response: The 202.
            cancelled: Whether to cancel the job while it runs, if the document has an operation for that.
            top: Documents of each page.
        """
        job_id = self.job_id(path, response)
        assert self.state(path, job_id)["status"] == "notStarted"
        self.clock.advance(seconds=DURATION - 1)
        assert self.state(path, job_id)["status"] == "running"
        cancel = self._cancellation(path) if cancelled else None
        if cancel is not None:
            answer = self.send(self.case(*cancel, job_id))
            assert self.job_id(path, answer) == job_id
        self.clock.advance(seconds=1)
        state = self.state(path, job_id, top=top)
        assert state["status"] in (_ENDED if cancel is None else ("cancelled",))
        self.ends[state["status"]] += 1
        self._follow_pages(path, job_id, state)
        if cancel is not None:
            assert self.send(self.case(*cancel, job_id)).status_code == 400

    def state(self, path: str, job_id: str, **query: Any) -> dict[str, Any]:
        """Return the checked state of a job, with statistics."""
        names = self._query_names("GET", path)
        spelled = {name: query[name.lstrip("$")] for name in names if name.lstrip("$") in query}
        response = self.send(self.case("GET", path, job_id, {**spelled, "showStats": True}))
        assert response.status_code == 200
        body: dict[str, Any] = response.json()
        assert body["jobId"] == job_id
        return body

    def _follow_pages(self, path: str, job_id: str, state: dict[str, Any]) -> None:
        seen = set()
        while link := state.get("nextLink") or state.get("@nextLink"):
            assert link not in seen
            seen.add(link)
            query = dict(parse_qsl(urlsplit(link).query))
            query.pop("api-version", None)
            state = self.send(self.case("GET", path, job_id, query)).json()

    def _query_names(self, method: str, path: str) -> list[str]:
        return [parameter.name for parameter in self.schema[path][method].query]

    def job_id(self, path: str, response: Response) -> str:
        """Return the id of the job that an ``Operation-Location`` leads to, which must be of the document."""
        [location] = response.headers["operation-location"]
        before, after = f"{self.emulator.endpoint}{self.document.base_path}{path}".split("{jobId}")
        found = location.partition("?")[0]
        assert found.startswith(before)
        assert found.endswith(after)
        return found.removeprefix(before).removesuffix(after)

    def _cancellation(self, path: str) -> tuple[str, str] | None:
        paths = self.schema.raw_schema["paths"]
        if f"{path}:cancel" in paths:
            return "POST", f"{path}:cancel"
        return ("DELETE", path) if "delete" in paths[path] else None
