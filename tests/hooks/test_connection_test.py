"""The test button of a connection tells what is wrong with it, and costs nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language.hooks.language import LanguageHook
from tests.airflow_stands import KEY
from tests.scripted_service import Answer, ScriptedService
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


@pytest.mark.parametrize("version", ["2022-05-01", "2026-05-15-preview", "v3.1"])
def test_the_version_of_jobs_does_not_matter(language: Emulator, connect: Connect, version: str) -> None:
    connect(language.endpoint, extra={"api_version": version})

    assert LanguageHook().test_connection()[0]
    assert 202 not in [entry.status for entry in language.journal]


def test_a_wrong_key_is_told(language: Emulator, connect: Connect) -> None:
    connect(language.endpoint, key="another key")

    assert verdict().startswith("The key is wrong")


@pytest.mark.parametrize("key", ["", None])
def test_a_missing_key_is_told(language: Emulator, connect: Connect, key: Any) -> None:
    connect(language.endpoint, key=key)

    assert verdict().startswith("The key is wrong")


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

    assert words in verdict()
    assert len(service.seen) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"host": ""}, "no host"),
        ({"host": "https://a.example", "extra": {"timeout": "soon"}}, "timeout"),
        ({"host": "https://a.example?key=1"}, "bare URL"),
    ],
)
def test_a_connection_that_cannot_be_meant_is_told(
    connect: Connect, fields: dict[str, Any], words: str
) -> None:
    connect(**fields)

    assert words in verdict()
