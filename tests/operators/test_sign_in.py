"""A task that signs in with Entra ID: no job is taken for lost for want of a token, and no token is told."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language._compat import AirflowFailException
from airflow_provider_language.emulator import Emulator
from airflow_provider_language.exceptions import ServiceUnavailableError
from airflow_provider_language.hooks.tokens import Tokens
from airflow_provider_language.operators.analyze import FetchAnalyzeResultsOperator, SubmitAnalyzeJobOperator
from tests.airflow_stands import (
    CANARY,
    TaskDeferred,
    TaskInstance,
    context_of,
    leaks,
    through_the_triggerer,
)
from tests.emulator.fakes import fake_detect, fake_engines
from tests.hooks.token_endpoint import BEARER, HOUR, TokenEndpoint
from tests.scripted_service import Answer, Seen
from tests.time_travel import Time, time_travel

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Connect

REVOKED = Answer(400, {"error": "invalid_request", "error_description": "AADSTS700016: No such application."})
BUSY = Answer(503, {"error": "temporarily_unavailable"})


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Iterator[Time]:
    with time_travel(monkeypatch) as running:
        yield running


@pytest.fixture
def metadata(time: Time, monkeypatch: pytest.MonkeyPatch) -> Iterator[TokenEndpoint]:
    """Where the machine's identity gets its tokens."""
    with TokenEndpoint() as running:
        monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", running.endpoint)
        monkeypatch.setattr("airflow_provider_language.hooks.tokens._tokens", Tokens())
        yield running


@pytest.fixture
def service(metadata: TokenEndpoint, connect: Connect) -> Iterator[Emulator]:
    """The connection's endpoint, which takes any token; its jobs take a minute."""
    with Emulator(duration=60, engines=fake_engines(), detect_language=fake_detect) as running:
        connect(running.endpoint, key="", extra={"auth": "managed_identity"})
        yield running


def make(**options: Any) -> SubmitAnalyzeJobOperator:
    return SubmitAnalyzeJobOperator(
        task_id="task", documents=[CANARY], tasks=["KeyPhraseExtraction"], language="en", **options
    )


def submissions(service: Emulator) -> int:
    return sum(entry.operation == "submit" for entry in service.journal)


def test_a_job_is_submitted_once_though_no_token_could_be_had_at_first(
    service: Emulator, metadata: TokenEndpoint, time: Time
) -> None:
    metadata.refusal = BUSY
    began = time.now()

    def go_on() -> None:
        if time.now() - began > 600:
            metadata.refusal = None

    time.on_sleep = go_on
    ti = TaskInstance()

    make().execute(context_of(ti))

    assert submissions(service) == 1
    assert ti.xcoms["submitted"].get("lost_submissions", 0) == 0


@pytest.mark.parametrize(
    ("refusal", "error"), [(REVOKED, AirflowFailException), (BUSY, ServiceUnavailableError)]
)
def test_a_submission_that_was_not_signed_is_not_taken_for_lost_by_the_next_try(
    service: Emulator, metadata: TokenEndpoint, time: Time, refusal: Answer, error: type[Exception]
) -> None:
    metadata.refusal = refusal
    ti = TaskInstance(max_tries=1)
    with pytest.raises(error, match="signing in with Entra ID failed"):
        make(on_lost_submission="fail").execute(context_of(ti))
    assert submissions(service) == 0

    metadata.refusal = None
    time.sleep(HOUR)
    again = TaskInstance(max_tries=1, try_number=2, store=ti.store)
    make(on_lost_submission="fail").execute(context_of(again))

    assert submissions(service) == 1
    assert again.xcoms["submitted"].get("lost_submissions", 0) == 0


def test_a_token_is_asked_for_before_anything_is_written_down_and_signals_are_held_back(
    service: Emulator, metadata: TokenEndpoint
) -> None:
    ti = TaskInstance()
    written: list[dict[str, str]] = []
    give = metadata.answer

    def answer(seen: Seen) -> Answer:
        written.append(dict(ti.store._values))
        return give(seen)

    metadata.answer = answer

    make().execute(context_of(ti))

    assert written == [{}]
    assert ti.store._values != {}


def test_no_token_is_told_to_airflow(
    service: Emulator, metadata: TokenEndpoint, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ti = TaskInstance()
    operator = make(wait_for_completion=True, deferrable=True, defer_after=0.0)
    with pytest.raises(TaskDeferred) as deferred:
        operator.execute(context_of(ti))
    service.clock.advance(120)
    method, kwargs = through_the_triggerer(deferred.value)
    location = make().resume_execution(method, kwargs, context_of(ti))
    manifest = FetchAnalyzeResultsOperator(
        task_id="fetch", operation_location=location, output_path=str(tmp_path / "rows.jsonl")
    ).execute(context_of(TaskInstance()))

    told = [
        deferred.value.trigger.serialize(),
        kwargs,
        ti.xcoms,
        ti.store._values,
        manifest,
        (tmp_path / "rows.jsonl").read_text(),
        json.dumps({name: str(getattr(operator, name)) for name in operator.template_fields}),
        *(record.getMessage() for record in caplog.records),
    ]
    assert metadata.asked
    assert leaks(told, BEARER) == []
