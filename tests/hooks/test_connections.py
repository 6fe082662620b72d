"""What a connection says is read alike from all of its forms, and refused where it cannot be meant."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from airflow.providers.http.hooks import http

from airflow_provider_language._compat import BaseHook, Connection
from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.hooks.connections import (
    CONNECT_TIMEOUT,
    KEY_HEADER,
    READ_TIMEOUT,
    ConnectionSettings,
    settings_from,
)
from airflow_provider_language.hooks.extras import HTTP_EXTRAS
from airflow_provider_language.protocol.pacing.limits import TIERS, Limits
from tests.airflow_stands import KEY

if TYPE_CHECKING:
    from tests.conftest import Connect

HOST = "https://name.cognitiveservices.azure.com"


def read(extra: Any = None, **fields: Any) -> ConnectionSettings:
    fields = {"host": HOST, "password": KEY, **fields}
    if extra is not None:
        fields["extra"] = extra if isinstance(extra, str) else json.dumps(extra)
    return settings_from(Connection(conn_id="a", conn_type="azure_language", **fields))


@pytest.mark.parametrize(
    ("fields", "url"),
    [
        ({"host": HOST}, HOST),
        ({"host": HOST + "/"}, HOST),
        ({"host": HOST.upper().replace("HTTPS", "https")}, HOST),
        ({"host": "name.cognitiveservices.azure.com"}, HOST),
        ({"host": "127.0.0.1", "schema": "http", "port": 5000}, "http://127.0.0.1:5000"),
        ({"host": "http://127.0.0.1", "port": 5000}, "http://127.0.0.1:5000"),
        ({"host": "https://name.cognitiveservices.azure.com:443"}, HOST),
        ({"host": "https://gateway.example/language-api/"}, "https://gateway.example/language-api"),
        ({"host": "https://gateway.example/v1", "port": 8443}, "https://gateway.example:8443/v1"),
        ({"host": "http://[::1]:5000"}, "http://[::1]:5000"),
    ],
)
def test_the_endpoint_is_host_schema_and_port_together(fields: dict[str, Any], url: str) -> None:
    assert read(**fields).endpoint.url == url


@pytest.mark.parametrize(
    "host",
    [
        "",
        "ftp://name.example",
        "https://",
        "https://user:word@name.example",
        "https://name.example?a=b",
        "https://a:b",
    ],
)
def test_a_host_that_is_no_endpoint_is_refused(host: str) -> None:
    with pytest.raises(InvalidInputError, match="host"):
        read(host=host)


def test_the_key_is_a_header_without_the_blanks_of_a_copied_line() -> None:
    assert read(password=f" {KEY}\n").headers == {KEY_HEADER: KEY}


def test_without_a_key_there_is_no_key_header() -> None:
    assert read(password=None).headers == {}


def test_all_options_of_the_http_provider_are_read(tmp_path: Path) -> None:
    bundle, cert, key = (tmp_path / name for name in ("bundle.pem", "cert.pem", "key.pem"))
    for file in (bundle, cert, key):
        file.touch()

    settings = read(
        {
            "verify": str(bundle),
            "cert": [str(cert), str(key)],
            "proxies": {"https": "http://proxy:3128"},
            "timeout": 5,
            "trust_env": False,
            "api_version": "2023-04-01",
        }
    )

    assert settings.verify == str(bundle)
    assert settings.cert == (str(cert), str(key))
    assert settings.proxy == "http://proxy:3128"
    assert settings.timeout == (CONNECT_TIMEOUT, 5.0)
    assert settings.trust_env is False
    assert settings.api_version == "2023-04-01"


def test_headers_are_said_under_headers_and_no_option_is_one() -> None:
    options = {
        "verify": True,
        "verify_ssl": True,
        "proxy": "http://proxy:3128",
        "timeout": 5,
        "trust_env": True,
        "allow_redirects": True,
        "max_redirects": 3,
        "check_response": False,
        "stream": True,
        "srv_lookup": False,
        "api_version": "2023-04-01",
    }
    headers = {"X-Team": "reviews", "X-Number": 7, "X-Empty": "", "X-Null": None}

    assert read({**options, "headers": headers}).headers == {
        "X-Team": "reviews",
        "X-Number": "7",
        KEY_HEADER: KEY,
    }


def test_a_header_of_the_extra_does_not_displace_the_key_in_any_case() -> None:
    assert read({"headers": {KEY_HEADER.lower(): "another"}}).headers == {KEY_HEADER: KEY}
    assert read({"headers": {KEY_HEADER: "another"}}, password=None).headers == {KEY_HEADER: "another"}


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("teir", "tier"),
        ("Tier", "tier"),
        ("api-version", "api_version"),
        ("apiVersion", "api_version"),
        ("request_per_minute", "requests_per_minute"),
        ("time_out", "timeout"),
        ("header", "headers"),
        ("X-Team", None),
        ("subscriptionId", None),
    ],
)
def test_a_name_that_is_no_option_is_refused_with_the_one_it_is_near_to(name: str, meant: str | None) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read({name: "a secret, perhaps"})

    assert f"{name!r} ({meant!r}?)" in str(refused.value) if meant else f"{name!r}," in str(refused.value)
    assert "headers" in str(refused.value)
    assert "a secret" not in str(refused.value)


@pytest.mark.parametrize("nothing", [None, "", "  ", {}, []])
@pytest.mark.parametrize("name", ["tier", "timeout", "headers", "proxies", "tenantId", "X-Team"])
def test_a_field_that_nobody_filled_in_says_nothing(name: str, nothing: Any) -> None:
    assert read({name: nothing}) == read()


def test_each_option_that_the_http_provider_reads_is_known() -> None:
    reads = set(re.findall(r"""extra\w*\.(?:pop|get)\("(\w+)\"""", inspect.getsource(http)))

    assert {"verify", "cert", "timeout"} <= reads
    assert reads <= HTTP_EXTRAS


@pytest.mark.parametrize(
    "headers",
    ["X-Team: reviews", ["X-Team"], {"X-Team": ["a"]}, {"X Team": "a"}, {"": "a"}, {"X-Team": "a\r\nX-B: c"}],
)
def test_headers_that_cannot_be_sent_are_refused(headers: Any) -> None:
    with pytest.raises(InvalidInputError, match="header"):
        read({"headers": headers})


@pytest.mark.parametrize("odd", ["\u200b", "\ufeff", "\xa0", "\u2028", "\n", "\x00", "\xe9"])
def test_a_key_with_a_character_that_cannot_be_sent_is_refused_without_telling_it(odd: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read(password=f"{KEY[:5]}{odd}{KEY[5:]}")

    assert f"U+{ord(odd):04X}" in str(refused.value)
    assert KEY[:5] not in str(refused.value)


@pytest.mark.parametrize("odd", ["\u200b", "\ufeff", "\t", "\n", " "])
def test_a_host_with_an_invisible_character_is_refused(odd: str) -> None:
    with pytest.raises(InvalidInputError, match=f"U\\+{ord(odd):04X}"):
        read(host=f"https://name{odd}.example")


@pytest.mark.parametrize(
    "host",
    [
        f"{HOST}/language/analyze-text/jobs",
        f"{HOST}/language/:analyze-text",
        f"{HOST}/text/analytics/v3.1",
        f"{HOST}/anything",
        "https://westeurope.api.cognitive.microsoft.com/text/analytics/v2.0",
        "https://westeurope.api.cognitive.microsoft.com/sts/v1.0/issueToken",
        "name.cognitiveservices.azure.us/language",
        "https://gateway.example/v1/Language/analyze-conversations/jobs",
        "http://127.0.0.1:5000/text/analytics/v3.1/analyze",
    ],
)
def test_an_endpoint_with_a_pasted_path_is_refused_with_the_path(host: str) -> None:
    with pytest.raises(InvalidInputError, match=r"has the path '/.+' in it"):
        read(host=host)


def test_the_fields_of_a_form_that_is_not_saved_yet_are_read_as_those_of_one_that_is() -> None:
    """The Test button of Airflow 2 sends each field by two names, and `y` for a box that is ticked."""
    sent = {"api_version": "2024-11-01", "timeout": "30", "tier": "", "logging_opt_out": "y"}
    by_both_names = {**sent, **{f"extra__azure_language__{name}": value for name, value in sent.items()}}

    saved = read({"api_version": "2024-11-01", "timeout": 30, "logging_opt_out": True})

    assert read(by_both_names) == saved
    assert read({f"extra__azure_language__{name}": value for name, value in sent.items()}) == saved


def test_an_option_by_its_own_name_counts_more_than_by_that_of_a_form() -> None:
    assert read({"tier": "F0", "extra__azure_language__tier": "S"}).limits == TIERS["F0"]


def test_a_misspelt_option_is_refused_by_the_name_of_a_form_too() -> None:
    with pytest.raises(InvalidInputError, match="'teir'"):
        read({"extra__azure_language__teir": "S"})


@pytest.mark.parametrize("extra", ["{", "[]", '"text"', "7"])
def test_an_extra_that_is_no_json_object_is_refused(extra: str) -> None:
    with pytest.raises(InvalidInputError, match="extra"):
        read(extra)


@pytest.mark.parametrize(
    ("value", "timeout"),
    [
        (None, (CONNECT_TIMEOUT, READ_TIMEOUT)),
        ("", (CONNECT_TIMEOUT, READ_TIMEOUT)),
        (30, (CONNECT_TIMEOUT, 30.0)),
        ("30", (CONNECT_TIMEOUT, 30.0)),
        (0.5, (CONNECT_TIMEOUT, 0.5)),
        ([3, 30], (3.0, 30.0)),
    ],
)
def test_a_timeout_is_seconds_to_read_or_to_connect_and_to_read(
    value: Any, timeout: tuple[float, float]
) -> None:
    assert read({"timeout": value}).timeout == timeout


@pytest.mark.parametrize("value", ["soon", 0, -1, [1], [1, 2, 3], [1, "x"], True, {"a": 1}, "nan", "inf"])
def test_a_timeout_that_is_none_is_refused(value: Any) -> None:
    with pytest.raises(InvalidInputError, match="timeout"):
        read({"timeout": value})


@pytest.mark.parametrize(
    ("value", "verify"), [(False, False), ("false", False), ("True", True), (True, True)]
)
def test_verify_may_be_a_word_as_in_a_uri(value: Any, verify: bool) -> None:
    assert read({"verify": value}).verify is verify
    assert read({"verify_ssl": value}).verify is verify


@pytest.mark.parametrize(
    "extra",
    [
        {"verify": "/no/such/bundle.pem"},
        {"cert": "/no/such/cert.pem"},
        {"cert": ["/no/such/cert.pem", "/no/such/key.pem"]},
        {"cert": {"file": "cert.pem"}},
        {"verify": 7},
        {"trust_env": "perhaps"},
        {"proxies": ["http://proxy:3128"]},
        {"srv_lookup": True},
    ],
)
def test_an_option_that_cannot_be_meant_is_refused(extra: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError, match=next(iter(extra))):
        read(extra)


@pytest.mark.parametrize(
    ("extra", "proxy"),
    [
        ({}, None),
        ({"proxy": "proxy:3128"}, "http://proxy:3128"),
        ({"proxy": "http://proxy:1"}, "http://proxy:1"),
        ({"proxies": {"all": "http://proxy:1"}}, "http://proxy:1"),
        ({"proxies": {"http": "http://proxy:1"}}, None),
        ({"proxies": {"https": "http://proxy:1", "all": "http://proxy:2"}}, "http://proxy:1"),
        ({"proxies": {"https://name.cognitiveservices.azure.com": "http://proxy:1"}}, "http://proxy:1"),
    ],
)
def test_a_proxy_is_chosen_by_scheme_as_in_requests(extra: dict[str, Any], proxy: str | None) -> None:
    assert read({**extra, "trust_env": False}).proxy == proxy


def test_the_connections_proxy_comes_before_the_environments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://of-the-environment:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)

    assert read().proxy == "http://of-the-environment:1"
    assert read({"proxy": "http://of-the-connection:1"}).proxy == "http://of-the-connection:1"
    assert read({"trust_env": False}).proxy is None
    monkeypatch.setenv("NO_PROXY", "name.cognitiveservices.azure.com")
    assert read().proxy is None


def test_the_connections_bundle_comes_before_the_environments(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/of/the/environment.pem")

    assert read().authorities == "/of/the/environment.pem"
    assert read({"verify": str(tmp_path)}).authorities == str(tmp_path)
    assert read({"verify": False}).authorities is False
    assert read({"trust_env": False}).authorities is True


def test_the_settings_can_be_logged_without_the_key() -> None:
    settings = read({"headers": {"X-Token": "another secret"}, "proxy": "http://user:word@proxy:1"})

    assert KEY not in repr(settings)
    assert "another secret" not in repr(settings)
    assert "word" not in repr(settings)


def test_a_connection_in_json_of_the_environment_is_read(connect: Connect) -> None:
    conn_id = connect("name.example", conn_id="in_json", extra={"timeout": [1, 2], "verify": False})

    settings = settings_from(BaseHook.get_connection(conn_id))

    assert settings.endpoint.url == "https://name.example"
    assert settings.headers == {KEY_HEADER: KEY}
    assert settings.timeout == (1.0, 2.0)
    assert settings.verify is False


@pytest.mark.parametrize(
    "uri",
    [
        f"azure-language://:{KEY}@name.example/https?timeout=7&verify=false&api_version=2023-04-01",
        f"azure-language://:{KEY}@https%3A%2F%2Fname.example/?timeout=7&verify=false&api_version=2023-04-01",
        f"azure-language://:{KEY}@name.example/?__extra__=%7B%22timeout%22%3A7%2C%22verify%22%3Afalse%2C"
        "%22api_version%22%3A%222023-04-01%22%7D",
    ],
)
def test_a_connection_in_uri_form_is_read(monkeypatch: pytest.MonkeyPatch, uri: str) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_IN_URI", uri)

    settings = settings_from(BaseHook.get_connection("in_uri"))

    assert settings.endpoint.url == "https://name.example"
    assert settings.headers == {KEY_HEADER: KEY}
    assert settings.timeout == (CONNECT_TIMEOUT, 7.0)
    assert settings.verify is False
    assert settings.api_version == "2023-04-01"


@pytest.mark.parametrize(
    ("extra", "limits"),
    [
        ({}, Limits(1000, 1000)),
        ({"tier": "F0"}, Limits(100, 300)),
        ({"requests_per_minute": 6000}, Limits(6000, 6000)),
        ({"requests_per_minute": "60"}, Limits(1000, 60)),
        ({"request_share": 0.25}, Limits(250, 250)),
        ({"tier": "F0", "request_share": "0.1"}, Limits(10, 30)),
    ],
)
def test_how_many_requests_are_sent_follows_from_tier_number_and_share(
    extra: dict[str, Any], limits: Limits
) -> None:
    assert read(extra).limits == limits


@pytest.mark.parametrize(
    "extra",
    [
        {"tier": "gold"},
        {"requests_per_minute": "many"},
        {"requests_per_minute": 0},
        {"request_share": 0},
        {"request_share": 2},
        {"request_share": "half"},
    ],
)
def test_a_budget_that_cannot_be_meant_is_refused(extra: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError, match=r"tier|request"):
        read(extra)
