"""The test button of a connection tells what is wrong with it, and costs nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language.hooks.language import LanguageHook
from tests.airflow_stands import KEY
from tests.scripted_service import Answer, ScriptedService, Seen, refusal
from tests.transports.servers import refused_port

if TYPE_CHECKING:
    from airflow_provider_language.emulator import Emulator
    from tests.conftest import Connect

Serve = Callable[..., ScriptedService]


def verdict() -> str:
    """What the test of a wrong connection says."""
    right, message = LanguageHook().test_connection()
    assert not right
    assert KEY not in message
    return message


def test_a_right_connection_is_right_and_no_job_is_accepted(language: Emulator) -> None:
    right, message = LanguageHook().test_connection()

    assert right, message
    assert [entry.status for entry in language.journal] == [400]


@pytest.mark.parametrize(
    ("version", "path"),
    [
        ("2022-05-01", "/language/analyze-text/jobs"),
        ("2026-05-15-preview", "/language/analyze-text/jobs"),
        ("2024-05-01", "/language/analyze-conversations/jobs"),
        ("2023-11-15-preview", "/language/analyze-text/jobs"),
        ("v3.1", "/text/analytics/v3.1/analyze"),
    ],
)
def test_it_asks_with_the_version_of_the_connection_s_jobs(
    language: Emulator, connect: Connect, version: str, path: str
) -> None:
    connect(language.endpoint, extra={"api_version": version})

    right, message = LanguageHook().test_connection()

    assert right, message
    assert version in message
    assert [(entry.path, entry.status) for entry in language.journal] == [(path, 400)]


def test_a_version_that_there_is_none_of_is_told(language: Emulator, connect: Connect) -> None:
    connect(language.endpoint, extra={"api_version": "2026-5-1"})

    assert "'2026-5-1'" in verdict()
    assert not list(language.journal)


def test_a_container_that_has_v3_1_alone_is_told_apart_from_no_endpoint(
    serve: Serve, connect: Connect
) -> None:
    def answer(seen: Seen) -> Answer:
        if seen.target.startswith("/text/analytics/v3.1/"):
            return refusal(400, "InvalidDocumentBatch", "Document text is empty.")
        return Answer(404, "")

    container = serve(answer)

    assert '"api_version": "v3.1"' in verdict()
    connect(container.endpoint, key=None, extra={"api_version": "v3.1"})
    right, message = LanguageHook().test_connection()
    assert right
    assert "asks for no key" in message


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("Please provide an authentication key.", "password"),
        ("Api version is not supported.", "api_version"),
        ("Analyze is not supported in the current region.", "region"),
    ],
)
def test_a_refusal_of_something_else_than_the_empty_job_is_not_right(
    serve: Serve, message: str, words: str
) -> None:
    serve(lambda _: refusal(400, "InvalidRequest", message))

    told = verdict()

    assert message.rstrip(".") in told
    assert words in told


def test_a_wrong_key_is_told(language: Emulator, connect: Connect) -> None:
    connect(language.endpoint, key="another key")

    assert verdict().startswith("The key is wrong")


@pytest.mark.parametrize("key", ["", None])
def test_a_missing_key_is_told(language: Emulator, connect: Connect, key: Any) -> None:
    connect(language.endpoint, key=key)

    assert verdict().startswith("The connection has no password")


def test_a_port_at_which_nobody_listens_is_told(connect: Connect) -> None:
    connect(f"http://127.0.0.1:{refused_port()}")

    assert verdict().startswith("The host does not answer")


def test_a_name_that_does_not_exist_is_told(connect: Connect) -> None:
    connect("https://no-such-resource.invalid", extra={"trust_env": False})

    message = verdict()

    assert message.startswith("The host does not answer")
    assert "no-such-resource.invalid" in message


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(404, "not found"), "no endpoint of a Language resource"),
        (
            Answer(404, {"error": {"code": "404", "message": "Resource not found"}}),
            "no endpoint of a Language",
        ),
        (Answer(200, "<html>welcome</html>"), "does not answer as a Language resource"),
        (Answer(200, {"status": "ok"}), "does not answer as a Language resource"),
        (Answer(202, {"status": "ok"}), "does not answer as a Language resource"),
        (Answer(400, "<html>bad request</html>"), "not as a Language resource"),
        (Answer(405, {"detail": "Method Not Allowed"}), "not as a Language resource"),
        (Answer(301, "", {"Location": "https://www.example.com/"}), "not as a Language resource"),
        (Answer(500, "oops"), "does not answer as a Language resource"),
        (Answer(403, {"error": {"code": "403", "message": "Public access is disabled."}}), "may not use"),
    ],
    ids=lambda value: f"{value.status} {type(value.body).__name__}" if isinstance(value, Answer) else "",
)
def test_a_host_that_is_no_language_endpoint_is_told(serve: Serve, answer: Answer, words: str) -> None:
    service = serve(lambda _: answer)

    told = verdict()

    assert words in told
    assert "job" not in told.replace("refuses jobs", "")
    # An endpoint that is not found is asked for the other versions.
    assert len(service.seen) == (3 if answer.status == 404 else 1)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"host": ""}, "no host"),
        ({"host": "https://a.example", "extra": {"timeout": "soon"}}, "timeout"),
        ({"host": "https://a.example?key=1"}, "bare URL"),
        ({"host": "https://a.example", "extra": {"teir": "F0"}}, "'teir' ('tier'?)"),
        ({"host": "https://a.example/language/analyze-text/jobs"}, "/language/analyze-text/jobs"),
        ({"host": "https://a.example", "key": "a key\u200b of a test"}, "U+200B"),
    ],
)
def test_a_connection_that_cannot_be_meant_is_told(
    connect: Connect, fields: dict[str, Any], words: str
) -> None:
    connect(**fields)

    assert words in verdict()
