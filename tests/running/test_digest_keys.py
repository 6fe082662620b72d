"""Where the key is kept by which a retry finds that its input has changed."""

from __future__ import annotations

import json
import logging

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.running.digest_keys import digest_key

KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def _nothing_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    for option in ("DIGEST_KEY", "DIGEST_KEY_CONN_ID"):
        monkeypatch.delenv(f"AIRFLOW__AZURE_LANGUAGE__{option}", raising=False)


def configure(monkeypatch: pytest.MonkeyPatch, option: str, value: str) -> None:
    monkeypatch.setenv(f"AIRFLOW__AZURE_LANGUAGE__{option.upper()}", value)


def define(monkeypatch: pytest.MonkeyPatch, password: str | None) -> None:
    connection = {"conn_type": "generic", "password": password}
    monkeypatch.setenv("AIRFLOW_CONN_OUR_DIGESTS", json.dumps(connection))
    configure(monkeypatch, "digest_key_conn_id", "our_digests")


def test_nobody_has_to_keep_a_key() -> None:
    assert digest_key() is None


@pytest.mark.parametrize("written", [KEY, f" {KEY}\n"])
def test_the_key_may_stand_in_the_configuration(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    configure(monkeypatch, "digest_key", written)
    assert digest_key() == KEY.encode()


def test_the_key_may_be_the_password_of_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    define(monkeypatch, KEY)
    assert digest_key() == KEY.encode()


def test_the_configuration_wins_over_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    define(monkeypatch, "x" * 32)
    configure(monkeypatch, "digest_key", KEY)
    assert digest_key() == KEY.encode()


def test_a_connection_without_a_password_has_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    define(monkeypatch, None)
    assert digest_key() is None


def test_a_connection_that_cannot_be_read_has_no_key_and_that_is_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    configure(monkeypatch, "digest_key_conn_id", "our_digests")
    monkeypatch.setenv("AIRFLOW_CONN_OUR_DIGESTS", "{" + KEY)
    caplog.set_level(logging.WARNING)
    assert digest_key() is None
    assert "'our_digests'" in caplog.text
    assert KEY not in caplog.text


@pytest.mark.parametrize("option", ["digest_key", "digest_key_conn_id"])
def test_a_key_that_could_be_guessed_is_refused_without_being_told(
    monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    if option == "digest_key":
        configure(monkeypatch, option, "guess me")
    else:
        define(monkeypatch, "guess me")
    with pytest.raises(InvalidInputError, match="openssl rand -hex 32") as caught:
        digest_key()
    assert "guess me" not in str(caught.value)
