"""The service's reason is found wherever it stands, and told in bounds: one line, cut, without a SAS."""

from __future__ import annotations

import time
from typing import Any

import pytest

from airflow_provider_language.protocol.jobs.faults import ServiceFault, fault_from, fault_of_body
from airflow_provider_language.protocol.json_values import JsonObject, JsonValue
from airflow_provider_language.protocol.quotations import CODE, MESSAGE


def test_an_error_is_told_by_its_innermost_part_and_keeps_its_target() -> None:
    error: JsonObject = {
        "code": "InvalidRequest",
        "message": "Invalid Document in request.",
        "target": "#/tasks/items/0",
        "innererror": {
            "code": "InvalidDocument",
            "message": "Outer.",
            "innererror": {"code": "EmptyRequest", "message": "Inner."},
        },
    }
    assert fault_from(error) == ServiceFault("EmptyRequest", "Inner.", "#/tasks/items/0")


def test_what_the_innermost_part_does_not_say_the_outermost_does() -> None:
    error: JsonObject = {"code": "InvalidRequest", "message": "Outer.", "innererror": {"target": "x"}}
    assert fault_from(error) == ServiceFault("InvalidRequest", "Outer.")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "Cannot read 'https://name.blob.core.windows.net/in/a.pdf?sv=1&sig=secret'.",
            "Cannot read 'https://name.blob.core.windows.net/in/a.pdf?sv=1&sig=***'.",
        ),
        (
            "Two: https://a/b?sig=secret https://c/d?sig=secret",
            "Two: https://a/b?sig=*** https://c/d?sig=***",
        ),
        ("See https://aka.ms/text-analytics. Is it so?", "See https://aka.ms/text-analytics. Is it so?"),
    ],
)
def test_an_error_that_quotes_a_location_does_not_tell_its_sas(said: str, told: str) -> None:
    assert fault_from({"code": "InvalidArgument", "message": said}).message == told


@pytest.mark.parametrize("error", [None, "text", [], {}])
def test_no_error_is_an_empty_one(error: JsonValue) -> None:
    assert fault_from(error) == ServiceFault("", "")
    assert fault_of_body({"error": error}) == ServiceFault("", "")


def test_an_answer_without_a_body_has_no_error() -> None:
    assert fault_of_body(None) == ServiceFault("", "")


def test_the_reason_in_the_details_is_told_beside_the_general_words() -> None:
    details: JsonValue = [
        {"code": "InvalidLanguage", "message": "No xx.", "target": "#/tasks/items/1"},
        {"code": "Outer", "innererror": {"code": "EmptyText", "message": "Document 2 is empty."}},
    ]
    error: JsonObject = {"code": "InvalidRequest", "message": "Several errors.", "details": details}
    assert fault_from(error) == ServiceFault(
        "InvalidLanguage", "Several errors. No xx. Document 2 is empty.", "#/tasks/items/1"
    )


def test_details_below_an_inner_error_do_not_hide_its_code() -> None:
    error: JsonObject = {
        "code": "A",
        "innererror": {"code": "B", "message": "b", "details": [{"code": "C", "message": "c"}]},
    }
    assert fault_from(error) == ServiceFault("B", "b c")


def test_the_same_words_are_told_once() -> None:
    error: JsonObject = {"code": "A", "message": "No.", "details": [{"code": "A", "message": "No."}] * 9}
    assert fault_from(error) == ServiceFault("A", "No.")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"statusCode": 401, "message": "Denied."}, ServiceFault("401", "Denied.")),
        ({"statusCode": 403, "message": "Out of quota."}, ServiceFault("403", "Out of quota.")),
        ({"code": "Odd", "message": "No."}, ServiceFault("Odd", "No.")),
        ({"error": "Denied", "message": "No."}, ServiceFault("", "No.")),
    ],
)
def test_the_gateway_s_flat_form_is_an_error_too(body: JsonObject, told: ServiceFault) -> None:
    assert fault_of_body(body) == told


@pytest.mark.parametrize("odd", [None, True, [], {}, [{"message": "x"}]])
def test_what_is_no_word_is_no_code_and_no_message(odd: Any) -> None:
    assert fault_from({"code": odd, "message": odd, "target": odd, "details": odd}).code == ""


@pytest.mark.parametrize(
    "piece", ["https://", "https://a?", "https://a?sig=", "sig=", "?", "http://x?x=1&", " https://a?sig=b"]
)
def test_a_long_message_is_read_in_no_time_and_cut(piece: str) -> None:
    began = time.perf_counter()
    fault = fault_from({"code": piece * 100_000, "message": piece * 100_000})
    assert time.perf_counter() - began < 0.5
    assert len(fault.message) <= MESSAGE
    assert len(fault.code) <= CODE
