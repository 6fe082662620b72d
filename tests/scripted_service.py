"""A loopback server that answers as a test says, and remembers what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from airflow_provider_language.protocol.versions import DEFAULT_VERSION

if TYPE_CHECKING:
    import ssl
    from types import TracebackType

    from typing_extensions import Self

JOBS = "/language/analyze-text/jobs"
VERSION = DEFAULT_VERSION


@dataclass(frozen=True)
class Seen:
    """A request as it arrived.

    Attributes:
        target: what stands behind the method: a path with its query, or a whole URL if asked as a proxy.
        headers: by name in lower case.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    """An answer to give; a body that is no text is sent as JSON."""

    status: int = 200
    body: Any = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        text = self.body if isinstance(self.body, str) else json.dumps(self.body)
        return text.encode()


class ScriptedService:
    """Serves on a free port of the loopback interface, from entering the context to leaving it.

    Args:
        answer: what to answer to a request; by default, 404 with a page.
        tls: serves https with this context.

    Attributes:
        seen: the requests, in their order.
        connections: how many connections they came over.
    """

    def __init__(
        self, answer: Callable[[Seen], Answer] | None = None, *, tls: ssl.SSLContext | None = None
    ) -> None:
        self.seen: list[Seen] = []
        self.connections = 0
        self.answer = answer or (lambda _: Answer(404, "<html>nothing here</html>"))
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        if tls is not None:
            self._server.socket = tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.port = self._server.server_address[1]
        self.endpoint = f"{'http' if tls is None else 'https'}://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    # Whom the kernel finds no place for tries again a second later, of which a test may not have many.
    request_queue_size = 128


def _handler(service: ScriptedService) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            service.connections += 1
            super().setup()

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            seen = Seen(self.command, self.path, headers, body)
            service.seen.append(seen)
            answer = service.answer(seen)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        do_GET = do_POST = do_DELETE = _serve  # noqa: N815 - the names that the base class calls

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that is overridden
            """Keep quiet: a test asks for what was seen."""

    return Handler


def job_location(endpoint: str, job_id: str = "job-1", version: str = VERSION) -> str:
    """The operation-location of a job at an endpoint."""
    return f"{endpoint}{JOBS}/{job_id}?api-version={version}"


def job_body(
    status: str,
    job_id: str = "job-1",
    *,
    items: Sequence[Mapping[str, Any]] = (),
    errors: Sequence[Mapping[str, Any]] = (),
    total: int | None = None,
    **fields: Any,
) -> dict[str, Any]:
    """A job's state as the service writes it."""
    total = max(1, len(items)) if total is None else total
    return {
        "jobId": job_id,
        "status": status,
        "createdDateTime": "2026-11-21T12:00:00Z",
        "lastUpdatedDateTime": "2026-11-21T12:00:01Z",
        "expirationDateTime": "2026-11-22T12:00:00Z",
        "errors": list(errors),
        "tasks": {
            "completed": len(items),
            "failed": 0,
            "inProgress": total - len(items),
            "total": total,
            "items": list(items),
        },
        **fields,
    }


def task_item(
    documents: Sequence[Mapping[str, Any]],
    errors: Sequence[Mapping[str, Any]] = (),
    *,
    kind: str = "KeyPhraseExtraction",
    status: str = "succeeded",
) -> dict[str, Any]:
    """A task with its results as the service writes it."""
    return {
        "kind": f"{kind}LROResults",
        "taskName": "phrases",
        "status": status,
        "results": {"documents": list(documents), "errors": list(errors), "modelVersion": "2022-10-01"},
    }


def refusal(status: int, code: str, message: str) -> Answer:
    """An error as the service writes it."""
    return Answer(
        status, {"error": {"code": code, "message": message}}, {"apim-request-id": "request-of-a-test"}
    )


class ScriptedJobs:
    """Answers looks at jobs: each job goes through its states, one further with each look.

    Args:
        states: by job id, what to answer look by look (a status word, a whole body or any answer); the last
            one is repeated. Another job is unknown.
    """

    def __init__(self, states: Mapping[str, Sequence[str | Mapping[str, Any] | Answer]]) -> None:
        self._states = {job_id: list(those) for job_id, those in states.items()}

    def __call__(self, seen: Seen) -> Answer:
        job_id = seen.target.partition("?")[0].rpartition("/")[2]
        states = self._states.get(job_id)
        if states is None:
            return refusal(404, "NotFound", "Job Not Found.")
        state = states.pop(0) if len(states) > 1 else states[0]
        if isinstance(state, Answer):
            return state
        return Answer(200, job_body(state, job_id) if isinstance(state, str) else {**state, "jobId": job_id})
