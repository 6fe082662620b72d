"""Where the key of pseudonyms is kept, and that it is shown nowhere."""

from __future__ import annotations

import json

import pytest

from airflow_provider_language import _compat
from airflow_provider_language.exceptions import IncompleteInputError, InvalidInputError
from airflow_provider_language.protocol.redaction.keys import RedactionKey
from airflow_provider_language.running.redaction_keys import key_for, redaction_key
from tests.protocol.redaction.policies import KEY, policy

SECRET = KEY.secret.decode()


@pytest.fixture(autouse=True)
def _nothing_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    for option in ("REDACTION_KEY", "REDACTION_KEY_CONN_ID", "DIGEST_KEY"):
        monkeypatch.delenv(f"AIRFLOW__AZURE_LANGUAGE__{option}", raising=False)


def define(monkeypatch: pytest.MonkeyPatch, connection: str) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_OUR_PSEUDONYMS", connection)
    monkeypatch.setenv("AIRFLOW__AZURE_LANGUAGE__REDACTION_KEY_CONN_ID", "our_pseudonyms")


def test_nobody_has_to_keep_a_key_who_wants_no_pseudonyms() -> None:
    assert redaction_key() is None
    assert key_for(policy("mask")) is None


def test_a_policy_with_pseudonyms_without_a_key_is_refused_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AIRFLOW__AZURE_LANGUAGE__DIGEST_KEY", SECRET)
    with pytest.raises(InvalidInputError, match="redaction_key_conn_id"):
        key_for(policy(Person="pseudonym"))


def test_the_key_may_stand_in_the_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW__AZURE_LANGUAGE__REDACTION_KEY", f" {SECRET}\n")
    assert key_for(policy(Person="pseudonym")) == KEY


def test_the_key_may_be_the_password_of_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    define(monkeypatch, json.dumps({"conn_type": "generic", "password": SECRET}))
    assert redaction_key() == KEY


def test_a_policy_without_pseudonyms_asks_for_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    define(monkeypatch, "{")
    assert key_for(policy("category")) is None


def test_a_connection_that_cannot_be_read_ends_the_run_without_telling_what_stands_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    define(monkeypatch, "{" + SECRET)
    with pytest.raises(IncompleteInputError, match="'our_pseudonyms'") as caught:
        redaction_key()
    assert SECRET not in str(caught.value)
    assert SECRET not in repr(caught.value.__context__)


def test_a_key_is_masked_in_logs(monkeypatch: pytest.MonkeyPatch) -> None:
    masked: list[str] = []
    monkeypatch.setattr(_compat, "mask_secret", masked.append)
    monkeypatch.setenv("AIRFLOW__AZURE_LANGUAGE__REDACTION_KEY", SECRET)
    assert isinstance(redaction_key(), RedactionKey)
    assert masked == [SECRET]


def test_a_key_that_could_be_guessed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW__AZURE_LANGUAGE__REDACTION_KEY", "guess me")
    with pytest.raises(InvalidInputError, match="redaction key"):
        redaction_key()
