"""Job handles: what is read out of an operation-location, and what is not let in."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.exceptions import ForeignLocationError, InvalidInputError
from airflow_provider_language.protocol.jobs.handles import (
    Endpoint,
    JobHandle,
    handle_from,
    handle_of_answer,
)
from airflow_provider_language.protocol.surfaces import ANALYZE_TEXT, LEGACY_ANALYZE, LEGACY_HEALTH
from tests.protocol.answers import ENDPOINT, HANDLE, HEALTH_HANDLE, JOB_ID, LEGACY_HANDLE, LOCATION

HOST = "https://name.cognitiveservices.azure.com"
PATH = f"/language/analyze-text/jobs/{JOB_ID}"
QUERY = "?api-version=2026-05-01"


@pytest.mark.parametrize(
    ("url", "endpoint", "canonical"),
    [
        (HOST, Endpoint("https", "name.cognitiveservices.azure.com", 443), HOST),
        (f" {HOST}/ ", Endpoint("https", "name.cognitiveservices.azure.com", 443), HOST),
        ("HTTPS://Name.Example:443", Endpoint("https", "name.example", 443), "https://name.example"),
        ("http://localhost:5000", Endpoint("http", "localhost", 5000), "http://localhost:5000"),
        ("http://[::1]:5000", Endpoint("http", "::1", 5000), "http://[::1]:5000"),
        ("http://[::1]", Endpoint("http", "::1", 80), "http://[::1]"),
        ("https://gw/team/nlp/", Endpoint("https", "gw", 443, "/team/nlp"), "https://gw/team/nlp"),
    ],
)
def test_an_endpoint_is_read_and_written(url: str, endpoint: Endpoint, canonical: str) -> None:
    assert Endpoint.parse(url) == endpoint
    assert endpoint.url == canonical


@pytest.mark.parametrize(
    "url",
    [
        "",
        "name.cognitiveservices.azure.com",
        "ftp://host",
        "https://",
        "https://[::1",
        "https://host:99999",
        "https://host:port",
        "https://host:0",
        "https://user@host",
        "https://user:secret@host",
        "https://host?x=1",
        "https://host#x",
    ],
)
def test_a_host_that_is_no_bare_url_is_refused_without_being_quoted(url: str) -> None:
    with pytest.raises(InvalidInputError) as error:
        Endpoint.parse(url)
    assert "secret" not in str(error.value)


@pytest.mark.parametrize("handle", [HANDLE, LEGACY_HANDLE, HEALTH_HANDLE], ids=lambda h: h.surface.name)
@pytest.mark.parametrize("endpoint", [HOST, "http://[::1]:5000", "https://gw:8443/team"])
def test_a_handle_survives_as_a_location(handle: JobHandle, endpoint: str) -> None:
    base = Endpoint.parse(endpoint)
    assert handle_from(handle.location(base), base) == handle


@pytest.mark.parametrize(
    "location",
    [
        f"https://NAME.cognitiveservices.azure.com{PATH}{QUERY}",
        f"https://name.cognitiveservices.azure.com:443{PATH}{QUERY}",
        f"{HOST}{PATH}{QUERY}&showStats=true",
        f"{HOST}{PATH}?showStats=true&api-version=2026-05-01",
    ],
)
def test_other_spellings_of_the_same_location_are_the_same_job(location: str) -> None:
    assert handle_from(location, ENDPOINT) == HANDLE


HOSTILE = {
    "another host": f"https://evil.example{PATH}{QUERY}",
    "a longer host": f"https://name.cognitiveservices.azure.com.evil.example{PATH}{QUERY}",
    "a parent host": f"https://cognitiveservices.azure.com{PATH}{QUERY}",
    "a dot after the host": f"https://name.cognitiveservices.azure.com.{PATH}{QUERY}",
    "another scheme": f"http://name.cognitiveservices.azure.com{PATH}{QUERY}",
    "another scheme on the port": f"http://name.cognitiveservices.azure.com:443{PATH}{QUERY}",
    "no scheme": f"//name.cognitiveservices.azure.com{PATH}{QUERY}",
    "a file": f"file://name.cognitiveservices.azure.com{PATH}{QUERY}",
    "another port": f"https://name.cognitiveservices.azure.com:8443{PATH}{QUERY}",
    "port 0": f"https://name.cognitiveservices.azure.com:0{PATH}{QUERY}",
    "no port number": f"https://name.cognitiveservices.azure.com:x{PATH}{QUERY}",
    "a user": f"https://user@name.cognitiveservices.azure.com{PATH}{QUERY}",
    "an empty user": f"https://@name.cognitiveservices.azure.com{PATH}{QUERY}",
    "our host as the user": f"https://name.cognitiveservices.azure.com@evil.example{PATH}{QUERY}",
    "our host as user and password": f"https://name.cognitiveservices.azure.com:443@evil.example{PATH}{QUERY}",
    "a backslash before the host": f"https://evil.example\\@name.cognitiveservices.azure.com{PATH}{QUERY}",
    "a backslash after the host": f"https://name.cognitiveservices.azure.com\\.evil.example{PATH}{QUERY}",
    "backslashes for slashes": f"https:\\\\name.cognitiveservices.azure.com{PATH}{QUERY}",
    "a backslash in the path": f"{HOST}\\language\\analyze-text\\jobs\\{JOB_ID}{QUERY}",
    "dots up": f"{HOST}/language/analyze-text/jobs/../jobs/{JOB_ID}{QUERY}",
    "dots for a job": f"{HOST}/language/analyze-text/jobs/..{QUERY}",
    "encoded dots": f"{HOST}/language/analyze-text/jobs/%2e%2e{QUERY}",
    "an encoded slash": f"{HOST}/language/analyze-text/jobs/a%2Fb{QUERY}",
    "an encoded slash in the path": f"{HOST}/language%2Fanalyze-text/jobs/{JOB_ID}{QUERY}",
    "two slashes": f"{HOST}/{PATH}{QUERY}",
    "a slash after the job": f"{HOST}{PATH}/{QUERY}",
    "an action": f"{HOST}{PATH}:cancel{QUERY}",
    "a parameter of the path": f"{HOST}{PATH};x{QUERY}",
    "no job": f"{HOST}/language/analyze-text/jobs/{QUERY}",
    "a job of 129 characters": f"{HOST}/language/analyze-text/jobs/{'a' * 129}{QUERY}",
    "another family": f"{HOST}/language/analyze-conversation/jobs/{JOB_ID}{QUERY}",
    "another path": f"{HOST}/{QUERY}",
    "a tab in the host": f"https://name.cognitive\tservices.azure.com{PATH}{QUERY}",
    "a line end in the path": f"{HOST}{PATH}\n{QUERY}",
    "a line end at the end": f"{LOCATION}\n",
    "a space in front": f" {LOCATION}",
    "a null character": f"{LOCATION}\0",
    "a lookalike of a slash": f"https://name.cognitiveservices.azure.com\u2044.evil.example{PATH}{QUERY}",
    "a lookalike of a letter": f"https://n\u0430me.cognitiveservices.azure.com{PATH}{QUERY}",
    "a lookalike of a dot": f"https://name\u3002cognitiveservices.azure.com{PATH}{QUERY}",
    "lookalikes of digits": f"{HOST}{PATH}?api-version=\u0662\u0660\u0662\u0666-05-01",
    "encoded lookalikes of digits": f"{HOST}{PATH}?api-version=%D9%A2%D9%A0%D9%A2%D9%A6-05-01",
    "a cut IPv6 host": f"https://[::1{PATH}{QUERY}",
    "another IPv6 host": f"https://[::1]{PATH}{QUERY}",
    "no version": f"{HOST}{PATH}",
    "an empty version": f"{HOST}{PATH}?api-version=",
    "two versions": f"{HOST}{PATH}{QUERY}&api-version=2022-05-01",
    "a version that is no date": f"{HOST}{PATH}?api-version=latest",
    "a version with more behind it": f"{HOST}{PATH}?api-version=2026-05-01%26top=1",
    "a fragment that hides the version": f"{HOST}{PATH}#{QUERY}",
    "nothing": "",
    "a word": "succeeded",
}


@pytest.mark.parametrize("location", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_location_is_refused(location: str) -> None:
    with pytest.raises(ForeignLocationError):
        handle_from(location, ENDPOINT)


@pytest.mark.parametrize("location", [None, 5, b"https://x", ["a"]])
def test_what_is_no_text_is_refused_as_a_location(location: Any) -> None:
    with pytest.raises(ForeignLocationError):
        handle_from(location, ENDPOINT)


def test_a_refusal_is_an_invalid_input_that_no_retry_mends() -> None:
    with pytest.raises(InvalidInputError) as error:
        handle_from("https://evil.example", ENDPOINT)
    assert not error.value.retryable


def test_a_fragment_is_not_taken_along() -> None:
    assert handle_from(f"{LOCATION}#@evil.example", ENDPOINT).location(ENDPOINT) == LOCATION


@pytest.mark.parametrize("path", ["/language", "/teamster/language", "team/language", ""])
def test_a_location_outside_the_endpoint_s_prefix_is_refused(path: str) -> None:
    endpoint = Endpoint.parse("https://gw/team")
    with pytest.raises(ForeignLocationError):
        handle_from(f"https://gw{path}/analyze-text/jobs/{JOB_ID}{QUERY}", endpoint)


_PIECES = (
    "https:// http:// name.cognitiveservices.azure.com evil.example :443 :8443 @ \\ / .. %2F ? # & \t "
    f"api-version=2026-05-01 {PATH} {JOB_ID} {QUERY}"
).split(" ")
_TAINTED = st.lists(st.sampled_from(_PIECES), max_size=8).map("".join)


@given(location=st.one_of(_TAINTED, st.text(), _TAINTED.map(HOST.__add__), _TAINTED.map(LOCATION.__add__)))
def test_whatever_is_accepted_is_asked_for_on_our_own_endpoint(location: str) -> None:
    try:
        handle = handle_from(location, ENDPOINT)
    except ForeignLocationError:
        return
    parts = urlsplit(ENDPOINT.url + handle.look().path)
    assert (parts.scheme, parts.netloc) == ("https", "name.cognitiveservices.azure.com")
    assert parts.path == f"/language/analyze-text/jobs/{handle.job_id}"
    assert not {"/", "%", ".", "\\"} & set(handle.job_id)


@pytest.mark.parametrize(
    "location",
    [
        LOCATION,
        f"https://internal.example{PATH}{QUERY}",
        f"https://gw/team{PATH}",
        PATH,
    ],
)
def test_of_a_submission_s_own_answer_only_the_id_is_read(location: str) -> None:
    assert handle_of_answer(location, ANALYZE_TEXT, "2026-05-01") == HANDLE


@pytest.mark.parametrize(
    "location",
    [
        "",
        HOST,
        f"{HOST}/language/analyze-text/jobs/",
        f"{HOST}{PATH}:cancel",
        f"{HOST}{PATH}\n",
        f"{HOST}{PATH}/..",
    ],
)
def test_an_answer_without_a_job_s_path_has_no_handle(location: str) -> None:
    assert handle_of_answer(location, ANALYZE_TEXT, "2026-05-01") is None


def test_an_answer_s_location_is_of_the_family_that_was_asked() -> None:
    assert handle_of_answer(LOCATION, LEGACY_HEALTH, "v3.1") is None


def test_a_look_names_the_version_and_the_page() -> None:
    request = HANDLE.look(top=5, skip=20, show_stats=True)
    assert (request.method, request.path, request.body) == ("GET", PATH, None)
    assert request.query == (
        ("api-version", "2026-05-01"),
        ("top", "5"),
        ("skip", "20"),
        ("showStats", "true"),
    )
    assert request.repeatable


def test_a_bare_look_names_the_version_alone() -> None:
    assert HANDLE.look().query == (("api-version", "2026-05-01"),)


@pytest.mark.parametrize("surface", [LEGACY_ANALYZE, LEGACY_HEALTH], ids=lambda surface: surface.name)
def test_v3_1_writes_its_paging_names_with_a_dollar(surface: Any) -> None:
    assert JobHandle(surface, "v3.1", "j").look(top=5, skip=0).query == (("$top", "5"), ("$skip", "0"))
