"""Which submissions are the same: told to who has the key, and to nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.protocol.inputs.documents import Document
from airflow_provider_language.protocol.inputs.families import inputs_from
from airflow_provider_language.protocol.inputs.submissions import Submission
from airflow_provider_language.protocol.inputs.tasks import tasks_from
from airflow_provider_language.protocol.once import fingerprints
from airflow_provider_language.protocol.once.fingerprints import UNKNOWN, has_changed, is_comparable

ENDPOINT = "https://name.example:443"
KEY, OTHER = b"a random key of many characters", b"another key of as many characters"


NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40)


def fingerprint(submission: Submission, endpoint: str = ENDPOINT, key: bytes | None = KEY) -> str:
    return fingerprints.fingerprint(submission, endpoint, key)


def submission(**changed: Any) -> Submission:
    fields = {
        "documents": (Document("a", "one", "en"), Document("b", "two")),
        "tasks": tasks_from(["KeyPhraseExtraction", "SentimentAnalysis"]),
        "display_name": "mine",
        "version": "2025-05-15-preview",
    }
    return Submission(**{**fields, **changed})


def native(sas: str = "", path: str = "a.pdf") -> Submission:
    folder = "https://account.blob.core.windows.net"
    row = {"id": "a", "source": f"{folder}/in/{path}{sas}", "target": f"{folder}/out{sas}"}
    return Submission(inputs_from([row]), tasks_from(["PiiEntityRecognition"]), "2026-05-15-preview")


@given(st.one_of(st.none(), NAMES))
def test_a_fingerprint_ignores_the_display_name(name: str | None) -> None:
    assert fingerprint(submission(display_name=name)) == fingerprint(submission())


@pytest.mark.parametrize("sas", ["", "?sig=abc&se=2026-11-22", "?sig=xyz&se=2027-01-01"])
def test_a_fingerprint_ignores_a_signature(sas: str) -> None:
    assert fingerprint(native(sas)) == fingerprint(native("?sig=first"))


def test_a_fingerprint_is_of_the_blob() -> None:
    assert fingerprint(native(path="b.pdf")) != fingerprint(native())


@pytest.mark.parametrize(
    "changed",
    [
        {"documents": (Document("a", "one", "en"),)},
        {"documents": (Document("b", "two"), Document("a", "one", "en"))},
        {"documents": (Document("a", "One", "en"), Document("b", "two"))},
        {"documents": (Document("a", "one", "de"), Document("b", "two"))},
        {"documents": (Document("A", "one", "en"), Document("b", "two"))},
        {"tasks": tasks_from(["SentimentAnalysis", "KeyPhraseExtraction"])},
        {"tasks": tasks_from(["KeyPhraseExtraction"])},
        {"tasks": tasks_from(["KeyPhraseExtraction", {"kind": "SentimentAnalysis", "taskName": "mood"}])},
        {
            "tasks": tasks_from(
                ["KeyPhraseExtraction", {"kind": "SentimentAnalysis", "parameters": {"opinionMining": True}}]
            )
        },
        {"version": "2025-11-15-preview"},
        {"default_language": "en"},
        {"cancel_after": 60.0},
    ],
    ids=str,
)
def test_a_fingerprint_ignores_nothing_else(changed: dict[str, Any]) -> None:
    assert fingerprint(submission(**changed)) != fingerprint(submission())


def test_a_fingerprint_is_of_the_endpoint() -> None:
    assert fingerprint(submission()) != fingerprint(submission(), "https://other.example:443")


def test_a_fingerprint_is_found_by_nobody_without_the_key() -> None:
    """Whoever reads a record has all but the key: the names, the endpoint, and a guess of the text."""
    assert fingerprint(submission()) != fingerprint(submission(), key=OTHER)
    assert fingerprint(submission(), key=None) == UNKNOWN
    name, _, digest = fingerprint(submission()).partition(":")
    assert (len(name), len(digest)) == (16, 64)


def test_the_name_of_a_key_is_that_of_no_other() -> None:
    assert is_comparable(fingerprint(submission()), fingerprint(native()))
    assert not is_comparable(fingerprint(submission()), fingerprint(submission(), key=OTHER))


ONE, CHANGED, ROTATED = "key:one", "key:another", "other:one"


@pytest.mark.parametrize(
    ("recorded", "wanted", "changed"),
    [
        (ONE, ONE, False),
        (ONE, CHANGED, True),
        (ONE, ROTATED, False),
        (ONE, UNKNOWN, False),
        (UNKNOWN, ONE, False),
        (UNKNOWN, UNKNOWN, False),
        ("a hash of another release", ONE, False),
        ("a hash of another release", "another one", False),
    ],
)
def test_a_key_that_is_missing_or_another_one_says_nothing(
    recorded: str, wanted: str, *, changed: bool
) -> None:
    assert has_changed(recorded, wanted) is changed
