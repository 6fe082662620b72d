"""An emulator that gives bearer tokens lets in who has a good one, and tells all others so."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
import requests

from airflow_provider_language.emulator import Emulator
from airflow_provider_language.emulator.web.token_issuer import ISSUER_PATH
from airflow_provider_language.hooks.language import LanguageHook
from airflow_provider_language.hooks.tokens import Tokens
from tests.emulator.fakes import fake_detect, fake_engines
from tests.hooks.looks import in_triggerer

if TYPE_CHECKING:
    from tests.conftest import Connect

RESOURCE = "https://cognitiveservices.azure.com"
JOB = "/language/analyze-text/jobs/x?api-version=2026-05-01"


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(
        key="a-key", token_issuer=True, duration=0, engines=fake_engines(), detect_language=fake_detect
    ) as running:
        yield running


def token(emulator: Emulator, resource: str = RESOURCE) -> str:
    answer = requests.get(
        emulator.endpoint + ISSUER_PATH, {"resource": resource}, headers={"Metadata": "true"}, timeout=30
    ).json()
    assert answer["resource"] == resource
    found: str = answer["access_token"]
    return found


def asked(emulator: Emulator, **headers: str) -> requests.Response:
    return requests.get(emulator.endpoint + JOB, headers=headers, timeout=30)


@pytest.mark.parametrize("resource", [RESOURCE, RESOURCE + "/", "https://cognitiveservices.azure.us"])
def test_a_token_of_its_own_is_let_in(emulator: Emulator, resource: str) -> None:
    assert asked(emulator, Authorization=f"Bearer {token(emulator, resource)}").status_code == 404


def claims(text: str) -> str:
    return f"e30.{urlsafe_b64encode(text.encode()).decode().rstrip('=')}."


@pytest.mark.parametrize(
    "shown",
    [
        "",
        "nothing",
        "a.b.c",
        claims("[]"),
        claims("{}"),
        claims('{"aud": "https://cognitiveservices.azure.com", "exp": "tomorrow"}'),
        claims('{"aud": "https://cognitiveservices.azure.com", "exp": 1}'),
        claims('{"aud": "https://vault.azure.net", "exp": 9999999999}'),
        claims("[" * 5_000),
    ],
)
def test_what_is_no_good_token_is_told_so(emulator: Emulator, shown: str) -> None:
    answer = asked(emulator, Authorization=f"Bearer {shown}")

    assert answer.status_code == 401
    assert answer.json()["error"]["message"].startswith("Access token is missing, invalid, audience")


def test_one_for_something_else_and_one_that_has_ended_are_not_let_in(emulator: Emulator) -> None:
    other, mine = token(emulator, "https://vault.azure.net"), token(emulator)
    assert asked(emulator, Authorization=f"Bearer {other}").status_code == 401
    assert asked(emulator, Authorization=f"Bearer {mine}").status_code == 404
    emulator.clock.advance(3600)
    assert asked(emulator, Authorization=f"Bearer {mine}").status_code == 401


def test_a_key_is_let_in_if_it_is_the_one_that_was_said(emulator: Emulator) -> None:
    assert asked(emulator, **{"Ocp-Apim-Subscription-Key": "a-key"}).status_code == 404
    assert asked(emulator, **{"Ocp-Apim-Subscription-Key": "another"}).status_code == 401
    with Emulator(token_issuer=True, engines=fake_engines()) as keyless:
        assert asked(keyless, **{"Ocp-Apim-Subscription-Key": "any"}).status_code == 401


@pytest.mark.parametrize(
    ("headers", "query", "error"),
    [({}, {"resource": RESOURCE}, "bad_request_102"), ({"Metadata": "true"}, {}, "invalid_request")],
)
def test_who_asks_for_a_token_otherwise_than_the_metadata_endpoint_wants_is_refused(
    emulator: Emulator, headers: dict[str, str], query: dict[str, str], error: str
) -> None:
    answer = requests.get(emulator.endpoint + ISSUER_PATH, query, headers=headers, timeout=30)

    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_an_emulator_that_was_not_told_to_gives_none() -> None:
    with Emulator(engines=fake_engines()) as running:
        answer = requests.get(running.endpoint + ISSUER_PATH, headers={"Metadata": "true"}, timeout=30)
        assert answer.status_code == 404
        assert "access_token" not in answer.text


def test_the_provider_signs_in_to_it_with_the_identity_of_the_machine(
    emulator: Emulator, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", emulator.endpoint)
    monkeypatch.setattr("airflow_provider_language.hooks.tokens._tokens", Tokens())
    connect(emulator.endpoint, key="", extra={"auth": "managed_identity"})
    text: Any = [{"id": "1", "text": "Good.", "language": "en"}]

    location = LanguageHook().submit(text, ["KeyPhraseExtraction"])

    assert in_triggerer(location).state.ended
    is_right, words = LanguageHook().test_connection()
    assert is_right, words
