"""Jobs to mutate the answers of: recorded ones, where they are, and those that the emulator makes."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

from airflow_provider_language.emulator import Emulator
from airflow_provider_language.protocol import flows
from airflow_provider_language.protocol.inputs.conversations import conversations_from
from airflow_provider_language.protocol.inputs.documents import documents_from
from airflow_provider_language.protocol.inputs.submissions import Submission
from airflow_provider_language.protocol.inputs.tasks import tasks_from
from airflow_provider_language.protocol.jobs.expected import ExpectedResults
from airflow_provider_language.protocol.jobs.handles import JobHandle
from airflow_provider_language.protocol.versions import DEFAULT_VERSION, LEGACY_VERSION
from airflow_provider_language.protocol.wire import Request, Response
from airflow_provider_language.transports import blocking
from tests.airflow_stands import KEY
from tests.emulator.fakes import fake_detect, fake_engines
from tests.protocol import recordings
from tests.protocol.models import RECORDINGS
from tests.protocol.playing import STEADY

RECORDED = (
    "analyze_v3_1",
    "autodetect_language_2022-10-01-preview",
    "custom_entities_2022-05-01",
    "custom_tasks_partial_error_2022-05-01",
    "healthcare_in_analyze_2022-05-01",
    "healthcare_success_v3_1",
    "pagination_nextlink_2022-05-01",
    "partial_success_documents_in_error_2022-05-01",
)


@dataclass(frozen=True)
class Answered:
    """A job, and what it was answered with.

    Args:
        name: of the job.
        handle: of the job.
        expected: what went in.
        pages: what looks at it were answered, page by page.
    """

    name: str
    handle: JobHandle
    expected: ExpectedResults
    pages: tuple[dict[str, Any], ...]


@cache
def answered_jobs() -> tuple[Answered, ...]:
    """All jobs that there are to mutate here."""
    return (*_emulated(), *(_recorded() if RECORDINGS.is_dir() else ()))


def _recorded() -> Iterator[Answered]:
    for name in RECORDED:
        pages = tuple(dict(page.reply.payload or {}) for page in recordings.pages(name))
        yield Answered(name, recordings.handle_in(name), _expected(recordings.submission_of(name)), pages)


def _expected(submission: Submission) -> ExpectedResults:
    return ExpectedResults.of(submission, at=0.0, lost_submissions=0)


def _emulated() -> Iterator[Answered]:
    texts = documents_from([{"id": str(n), "text": f"hello {n}", "language": "en"} for n in range(4)])
    strange = documents_from([{"id": "strange", "text": "hello", "language": "tlh"}])
    turns = ({"speaker": "a", "text": "I am John Doe."}, {"speaker": "b", "text": "👩🏻 SSN: 859-98-0987"})
    talk = conversations_from([{"conversation_id": "c", "language": "en", **turn} for turn in turns])
    tasks = tasks_from(["KeyPhraseExtraction", "SentimentAnalysis", "PiiEntityRecognition"])
    submissions = {
        "texts": Submission((*texts, *strange), tasks, DEFAULT_VERSION),
        "legacy": Submission(texts, tasks, LEGACY_VERSION),
        "legacy health": Submission(texts, tasks_from(["Healthcare"]), LEGACY_VERSION),
        "conversations": Submission(talk, tasks_from(["ConversationalPIITask"]), "2024-11-01"),
    }
    with Emulator(key=KEY, duration=0, engines=fake_engines(), detect_language=fake_detect) as running:
        for name, submission in submissions.items():
            yield _run(name, submission, running.endpoint)


def _run(name: str, submission: Submission, endpoint: str) -> Answered:
    def send(request: Request) -> Response:
        asked = urllib.request.Request(  # noqa: S310 - the loopback interface
            f"{endpoint}{request.path}?{urlencode(request.query)}",
            data=request.content,
            headers={"Ocp-Apim-Subscription-Key": KEY, "Content-Type": "application/json"},
            method=request.method,
        )
        with urllib.request.urlopen(asked, timeout=60) as reply:  # noqa: S310
            headers = {key.lower(): value for key, value in reply.headers.items()}
            return Response(reply.status, headers, reply.read(), 0.0)

    handle = blocking.play(flows.submit(submission, STEADY), send)
    blocking.play(flows.wait(handle, STEADY), send, sleep=lambda _: None)
    page = send(handle.first_page())
    return Answered(name, handle, _expected(submission), (json.loads(page.body),))
