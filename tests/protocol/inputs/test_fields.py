"""One field: a word that means nothing is nothing, numbers are texts, and no message has a text."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.conversations import conversations_from
from airflow_provider_language.protocol.inputs.documents import Document, check_documents, documents_from
from airflow_provider_language.protocol.inputs.fields import content_in, number_in, text_in
from airflow_provider_language.protocol.inputs.native_documents import NativeDocument, native_documents_from

NAType = type("NAType", (), {})
"""As pandas has it: no number, and true or false it is neither."""

WORDS = ["", "  ", "None", " none ", "NULL", "nan", "NaT", "<NA>", "(Unknown)"]
NOTHING = [None, *WORDS, float("nan"), NAType()]


@pytest.mark.parametrize("value", NOTHING)
def test_a_word_that_means_nothing_is_nothing(value: Any) -> None:
    assert text_in(value, "A name") is None


@pytest.mark.parametrize("value", NOTHING)
def test_an_id_or_a_language_that_means_nothing_is_none_in_every_family(value: Any) -> None:
    (text,) = documents_from([{"id": value, "text": "a", "language": value}], "de")
    (native,) = native_documents_from(
        [{"id": value, "source": "https://a/b", "target": "https://a/c", "language": value}], "de"
    )
    (call,) = conversations_from(
        [
            {"conversation_id": "c", "speaker": "s", "text": "a", "id": value, "language": value}
            | dict.fromkeys(("role", "modality", "domain", "time", "word_level_timings"), value)
        ],
        "de",
    )
    assert (text.id, text.language) == ("0", "de")
    assert (native.id, native.language) == ("0", "de")
    assert (call.items[0].id, call.language, call.modality, call.domain) == ("0", "de", "text", None)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (7, "7"),
        (7.5, "7.5"),
        (True, "True"),
        (Decimal("1.0"), "1.0"),
        (date(2026, 5, 1), "2026-05-01"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ("unknown", "unknown"),
        ("nothing", "nothing"),
    ],
)
def test_numbers_and_days_are_taken_as_their_text(value: Any, text: str) -> None:
    assert text_in(value, "A name") == text


@pytest.mark.parametrize("value", [[], {}, b"a", object(), ("a",)])
def test_other_things_are_refused(value: Any) -> None:
    with pytest.raises(InvalidInputError, match=f"A name is a {type(value).__name__}, not a text"):
        text_in(value, "A name")


@pytest.mark.parametrize(
    ("value", "why"), [("a\0", "has a NUL at character 1"), ("\ud800", "not valid Unicode")]
)
def test_what_no_xcom_or_request_can_hold_is_refused(value: str, why: str) -> None:
    with pytest.raises(InvalidInputError, match=f"A name .*{why}"):
        text_in(value, "A name")


def test_a_text_may_say_what_would_mean_nothing_elsewhere() -> None:
    assert [content_in(value, "It") for value in ("None", "", 7)] == ["None", "", "7"]


@pytest.mark.parametrize(
    ("value", "why"), [(float("nan"), "no text"), (None, "no text"), ([1], "a list for a text")]
)
def test_what_is_no_text_is_refused(value: Any, why: str) -> None:
    with pytest.raises(InvalidInputError, match=why):
        content_in(value, "It")


def test_numbers_in_rows_and_documents_are_texts() -> None:
    """A native template, or a table, makes them of texts."""
    values: Any = [7, {"id": 8, "text": 9.5}]
    assert [(one.id, one.text) for one in documents_from(values)] == [
        ("0", "7"),
        ("8", "9.5"),
    ]


@pytest.mark.parametrize("values", [{"a", "b"}, frozenset("a"), {"a": 1}.keys()])
def test_a_set_of_documents_is_refused_as_its_ids_would_change(values: Any) -> None:
    with pytest.raises(InvalidInputError, match="which has no order"):
        documents_from(values)


@pytest.mark.parametrize("values", [5, None, b"ab"])
def test_what_is_no_list_of_documents_is_refused(values: Any) -> None:
    for read in (documents_from, conversations_from):
        with pytest.raises(InvalidInputError, match="not a list of them"):
            read(values)


def test_typed_native_documents_are_read_like_rows() -> None:
    fields: dict[str, Any] = {"source": "https://a/b", "target": {"location": "https://a/c"}}
    typed = NativeDocument(id="None", language="nan", **fields)
    (found,) = native_documents_from([typed], "fr")
    assert (found.id, found.language, found.source.location) == ("0", "fr", "https://a/b")


@pytest.mark.parametrize("spelling", ["managedIdentityClientId", "managed_identity_client_id"])
def test_the_identity_of_a_location_is_read_in_both_spellings(spelling: str) -> None:
    row = {"source": {"location": "https://a/b", spelling: "me"}, "target": "https://a/c"}
    assert native_documents_from([row])[0].source.managed_identity_client_id == "me"


def test_a_field_of_a_location_that_would_be_lost_is_refused() -> None:
    row = {"source": {"location": "https://a/b", "identity_of": "me"}, "target": "https://a/c"}
    with pytest.raises(InvalidInputError, match="unknown fields: identity_of"):
        native_documents_from([row])


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (Document(7, "a"), "id of document 0 is a int"),  # type: ignore[arg-type]
        (Document("1", 7), "text of document '1' is a int"),  # type: ignore[arg-type]
        (Document("1", "a", 7), "language of document '1' is a int"),  # type: ignore[arg-type]
        (Document("1", "a", "e\0"), "language of document '1' has a NUL"),
    ],
)
def test_documents_that_nobody_has_read_are_checked_all_the_same(document: Document, why: str) -> None:
    with pytest.raises(InvalidInputError, match=why):
        check_documents([document])


def test_a_number_may_be_written_or_missing() -> None:
    assert [number_in(value, "It") for value in ("None", "5", 2.5, "2.50")] == [None, 5, 2.5, 2.5]
    with pytest.raises(InvalidInputError, match="It is 'soon', which is no number"):
        number_in("soon", "It")
