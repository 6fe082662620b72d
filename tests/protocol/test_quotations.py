"""What somebody else wrote is told in one line, without a SAS, however it is written, and quickly."""

from __future__ import annotations

import json
import time
from html import escape
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.protocol.inputs.native_documents import told
from airflow_provider_language.protocol.jobs.faults import fault_from
from airflow_provider_language.protocol.jobs.status import job_from
from airflow_provider_language.protocol.json_values import JsonObject, JsonValue
from airflow_provider_language.protocol.quotations import (
    CODE,
    MESSAGE,
    in_one_line,
    quotation,
    unsigned,
    without_signatures,
)
from airflow_provider_language.protocol.surfaces import ANALYZE_TEXT
from airflow_provider_language.protocol.wire import Response
from tests.protocol.answers import job_body

MEANT = "kX3/vR+8Zq0LmN2pT5yWb7cE9dF1gH4iJ6aKs8uVoQ0="
"""A signature: 32 bytes, in base64."""
SIGNATURE = quote(MEANT, safe="")
URL = f"https://name.blob.core.windows.net/in/a.pdf?sv=2026-01-01&sp=rl&sig={SIGNATURE}&se=2026-12-01"
FORMS = {
    "a URL": URL,
    "in quotes": f"Cannot read '{URL}'.",
    "in double quotes": f'Cannot read "{URL}".',
    "in angle brackets": f"Cannot read <{URL}>.",
    "in brackets, with a comma after it": f"Cannot read ({URL}), nor another one",
    "with the signature at the end": URL.partition("&se=")[0],
    "with the signature first": f"https://h/a.pdf?sig={SIGNATURE}&sv=2026-01-01",
    "with a blank in the path": URL.replace("a.pdf", "my letter.pdf"),
    "with a quote in the path": URL.replace("a.pdf", "o'brien.pdf"),
    "with a double quote in the path": URL.replace("a.pdf", 'the "best".pdf'),
    "in capitals": URL.replace("https", "HTTPS"),
    "with another scheme": URL.replace("https", "abfss"),
    "without a scheme": URL.removeprefix("https://"),
    "its query alone": URL.partition("?")[2],
    "Sig=": URL.replace("sig=", "Sig="),
    "SIG=": URL.replace("sig=", "SIG="),
    "within JSON": json.dumps({"location": URL}),
    "with escaped ampersands": URL.replace("&", "\\u0026"),
    "with escapes within escapes": URL.replace("&", "\\\\u0026").replace("=", "\\\\u003d"),
    "with escapes of another language": URL.replace("&", "\\x26").replace("=", "\\x3D"),
    "with escapes whose backslash was lost": URL.replace("&", "u0026"),
    "with entities": escape(URL),
    "with entities by number": URL.replace("&", "&#38;").replace("=", "&#x3d;"),
    "percent-encoded": quote(URL, safe=""),
    "percent-encoded in small letters": quote(URL, safe="").replace("%3D", "%3d").replace("%26", "%26"),
    "percent-encoded twice": quote(quote(URL, safe=""), safe=""),
    "percent-encoded, and in entities": escape(quote(URL, safe="/:?&")),
    "as it is meant": URL.replace(SIGNATURE, MEANT),
    "with a plus that was read as a blank": URL.replace(SIGNATURE, MEANT.replace("+", " ")),
    "with its lines broken": URL.replace(SIGNATURE, MEANT[:20] + "\r\n " + MEANT[20:].replace("+", "")),
    "a connection string": f"SharedAccessSignature={URL.partition('?')[2]};BlobEndpoint=https://name",
    "as a field": f'{{"sv": "2026-01-01", "sig": "{MEANT}"}}',
    "as a field of Python": f"{{'sv': '2026-01-01', 'sig': '{MEANT}'}}",
    "as a header": f"sig: {MEANT}",
    "with blanks around": f"sig = {MEANT}",
    "with its name encoded": URL.replace("sig=", "%73ig="),
}
PARTS = [part for whole in (SIGNATURE, MEANT) for part in (whole[:12], whole[20:32])]


def clean(value: object) -> bool:
    written = value if isinstance(value, str) else json.dumps(value)
    return not any(part in written for part in (SIGNATURE, MEANT, *PARTS))


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_no_written_form_of_a_sas_survives(form: str) -> None:
    assert not clean(form)
    assert clean(without_signatures(form))
    assert "sig" in without_signatures(form).lower()


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("field", ["code", "message", "target"])
def test_no_word_of_an_error_has_a_sas_in_it(field: str, form: str) -> None:
    inner: JsonObject = {"code": "A", "message": "B", field: form}
    outer: JsonObject = {"code": "A", "message": "B", field: form, "innererror": inner}
    for error in (inner, outer):
        fault = fault_from(error)
        assert clean([fault.code, fault.message, fault.target])


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize(
    "wrapped",
    [
        lambda form: form,
        lambda form: [form],
        lambda form: [{"code": "X", "message": form}],
        lambda form: {"location": {"uri": [form]}},
        lambda form: {"a": [[{"b": {"c": [form, 1, None]}}]]},
        lambda form: {form: 1},
        lambda form: json.dumps({"location": form}),
    ],
    ids=["text", "list", "warnings", "nested", "deep", "name", "JSON"],
)
def test_no_word_of_a_native_document_has_a_sas_in_it(wrapped: Any, form: str) -> None:
    assert clean(told({"id": "1", "statement": wrapped(form)}))


PLAIN = [
    "See https://aka.ms/text-analytics. Is it so?",
    "100% of design = new, signed: yes",
    "Die Größe ist 7 % &amp; mehr",
    "a \\u0041 in text and %41",
    "",
]


@pytest.mark.parametrize("text", PLAIN)
def test_what_has_no_signature_is_told_as_it_is(text: str) -> None:
    assert without_signatures(text) == text


def test_what_stands_around_a_signature_is_told() -> None:
    said = f"Cannot read '{URL}': it is not there."
    assert without_signatures(said) == said.replace(SIGNATURE, "***")


def test_what_is_encoded_without_an_end_is_not_told() -> None:
    assert without_signatures("%" + "25" * 40 + "73ig=secret") == "***"


def test_what_is_nested_too_deep_to_be_followed_is_not_told() -> None:
    deep: JsonValue = URL
    for _ in range(100_000):
        deep = [deep]
    assert unsigned(deep) is None


def test_numbers_and_nothing_stay_what_they_are() -> None:
    value: JsonValue = {"a": [1, 2.5, True, None], "b": {}}
    assert unsigned(value) == value


ESCAPES = "\x1b[31mred\x1b[0m\r\n2026-11-21 INFO - all is well\t\x07\x9b\u2028\u202e\ud800"


@pytest.mark.parametrize(
    "character", ["\n", "\r", "\x1b", "\x07", "\x9b", "\x85", "\u2028", "\u202e", "\0", "\ud800"]
)
def test_no_character_of_an_answer_makes_a_line_or_moves_a_terminal(character: str) -> None:
    written = quotation(f"before{character}after")
    assert written.isprintable()
    assert written.startswith("before\\")
    assert written.endswith("after")


@given(st.text())
def test_any_text_is_one_line(text: str) -> None:
    assert in_one_line(text).isprintable()


def test_emoji_and_letters_of_all_scripts_are_told_as_they_are() -> None:
    assert in_one_line("Größe 東京 👩🏻") == "Größe 東京 👩🏻"


@pytest.mark.parametrize("field", ["code", "message", "target"])
def test_no_word_of_an_error_makes_a_line_or_moves_a_terminal(field: str) -> None:
    fault = fault_from({field: ESCAPES})
    assert str(fault.code + fault.message + (fault.target or "")).isprintable()


def test_words_are_cut() -> None:
    fault = fault_from({"code": "x" * 1_000_000, "message": "y" * 1_000_000, "target": "z" * 1_000_000})
    assert (len(fault.code), len(fault.message)) == (CODE, MESSAGE)
    assert len(fault.target or "") == MESSAGE


@pytest.mark.parametrize("value", [None, True, [], {}, ["x"], {"x": "y"}])
def test_what_is_no_word_says_nothing(value: JsonValue) -> None:
    assert quotation(value) == ""
    assert fault_from({"code": value, "message": value}).message == ""


def test_a_number_is_a_word() -> None:
    assert fault_from({"code": 429, "message": 1.5}).code == "429"


def test_a_job_is_named_in_one_line() -> None:
    job = job_from(
        ANALYZE_TEXT, {**job_body("running"), "jobId": "j\n1", "status": "on\x1b[31m" + "x" * 1000}
    )
    assert job is not None
    assert job.job_id == "j\\n1"
    assert job.status.isprintable()
    assert len(job.status) < 2 * CODE


def test_the_id_of_a_request_is_told_in_one_line() -> None:
    reply = Response(500, {"apim-request-id": "a\x1b[31m" + "x" * 10_000}, b"", 0.0)
    assert (reply.request_id or "").isprintable()
    assert len(reply.request_id or "") < 2 * CODE


HOSTILE = {
    "half URLs": "https://x?" * 100_000,
    "half signatures": "sig" * 300_000,
    "signatures": "sig=" * 300_000,
    "signatures before blanks": "sig=" + " " * 1_000_000 + "&",
    "names before blanks": ("sig" + " " * 1000) * 1000,
    "quotes": "sig='" * 200_000,
    "percent": "%25" * 300_000,
    "more percent": "%" + "25" * 500_000,
    "half percent": "%" * 1_000_000,
    "backslashes": "\\u002" * 200_000,
    "entities": "&amp;" * 200_000,
    "half entities": "&#" * 500_000,
    "numbers": "&#3" * 300_000,
    "control characters": "\x1b" * 1_000_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_text_takes_longer_than_its_length(text: str) -> None:
    before = time.process_time()
    without_signatures(text)
    quotation(text)
    fault_from({"code": text, "message": text, "target": text})
    assert time.process_time() - before < 5.0
