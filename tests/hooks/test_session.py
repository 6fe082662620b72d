"""Both transports speak to the endpoint alike: headers, certificates, proxies, and no way elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language.exceptions import (
    AuthenticationError,
    RequestRefusedError,
    ServiceUnavailableError,
)
from airflow_provider_language.hooks.language import LanguageHook
from airflow_provider_language.protocol.wire import Request
from tests.airflow_stands import KEY
from tests.hooks.certificates import Authority, make_authority
from tests.hooks.looks import Look, in_both_transports
from tests.scripted_service import (
    Answer,
    ScriptedJobs,
    ScriptedService,
    Seen,
    job_body,
    job_location,
    refusal,
)

if TYPE_CHECKING:
    from tests.conftest import Connect

Serve = Callable[..., ScriptedService]
JOB = ScriptedJobs({"job-1": ["running"]})
PROXY_VARIABLES = ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "no_proxy")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*PROXY_VARIABLES, "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NETRC"):
        monkeypatch.delenv(name, raising=False)


def test_one_look_after_the_other_goes_over_one_connection_which_airflow_is_asked_for_once(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    service, hook = serve(JOB), LanguageHook()
    hook.get(job_location(service.endpoint))
    # From here on, nobody could ask Airflow for the connection.
    monkeypatch.delenv("AIRFLOW_CONN_AZURE_LANGUAGE_DEFAULT")

    for _ in range(5):
        hook.get(job_location(service.endpoint))

    assert (len(service.seen), service.connections) == (6, 1)


def test_a_session_is_taken_when_the_requests_turn_has_come(serve: Serve) -> None:
    service, now = serve(JOB), [0.0]
    hook = LanguageHook()
    hook._sessions._clock = lambda: now[0]

    def with_a_pause() -> Generator[Any, Any, None]:
        yield Request("GET", "/language")
        now[0] += 60.0
        yield Request("GET", "/language")

    hook.play(with_a_pause())

    assert (len(service.seen), service.connections) == (2, 2)


@in_both_transports
def test_the_key_goes_in_its_header_and_nothing_in_authorization(serve: Serve, look: Look) -> None:
    service = serve(JOB, extra={"headers": {"X-Team": "reviews"}, "api_version": "2023-04-01"})

    look(job_location(service.endpoint))

    (seen,) = service.seen
    assert seen.headers["ocp-apim-subscription-key"] == KEY
    assert seen.headers["x-team"] == "reviews"
    assert "authorization" not in seen.headers


@in_both_transports
def test_options_of_the_extra_are_sent_to_nobody(serve: Serve, look: Look) -> None:
    extra = {"api_version": "2023-04-01", "timeout": 9, "verify": True, "trust_env": False}
    service = serve(JOB, extra={**extra, "headers": {"X-Empty": ""}})

    look(job_location(service.endpoint))

    assert not {"x-empty", "headers", *extra} & set(service.seen[0].headers)


@in_both_transports
def test_a_user_of_netrc_is_not_sent(
    serve: Serve, look: Look, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password something\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    service = serve(JOB)

    look(job_location(service.endpoint))

    assert "authorization" not in service.seen[0].headers


@in_both_transports
def test_a_redirect_is_an_error_and_is_not_followed(
    serve: Serve, look: Look, stranger: ScriptedService
) -> None:
    service = serve(lambda seen: Answer(307, "", {"Location": stranger.endpoint + seen.target}))

    with pytest.raises(RequestRefusedError):
        look(job_location(service.endpoint))

    assert len(service.seen) == 1
    assert stranger.seen == []


def test_what_the_hook_inherits_from_the_http_provider_follows_no_redirect_either(
    serve: Serve, stranger: ScriptedService
) -> None:
    serve(lambda seen: Answer(307, "", {"Location": stranger.endpoint + seen.target}))

    assert LanguageHook(method="GET").run("/language/anything").status_code == 307

    assert stranger.seen == []


def test_what_the_hook_inherits_from_the_http_provider_asks_the_same_endpoint(
    serve: Serve, connect: Connect
) -> None:
    service = serve(lambda _: Answer(200, {"is": "there"}))

    response = LanguageHook(method="GET").run("/language/anything")

    assert response.json() == {"is": "there"}
    assert service.seen[0].headers["ocp-apim-subscription-key"] == KEY
    connect("name.cognitiveservices.azure.com")
    hook = LanguageHook()
    hook.get_conn().close()
    assert hook.base_url == "https://name.cognitiveservices.azure.com"


def test_a_sessions_own_headers_are_added(language: Any) -> None:
    with LanguageHook().get_conn(headers={"X-Trace": "7"}) as session:
        assert session.headers["X-Trace"] == "7"
        assert session.headers["Ocp-Apim-Subscription-Key"] == KEY


@in_both_transports
def test_a_gateways_prefix_stands_before_every_path(serve: Serve, look: Look, connect: Connect) -> None:
    service = serve(JOB)
    connect(service.endpoint + "/gateway/language-api")

    look(job_location(service.endpoint + "/gateway/language-api"))

    assert service.seen[0].target.startswith("/gateway/language-api/language/analyze-text/jobs/job-1?")


@in_both_transports
@pytest.mark.parametrize(
    ("extra", "environment"),
    [
        ({"proxies": {"http": "PROXY"}}, {}),
        ({"proxy": "PROXY"}, {"HTTP_PROXY": "http://127.0.0.1:9"}),
        ({}, {"HTTP_PROXY": "PROXY", "http_proxy": "PROXY"}),
        ({"trust_env": False, "proxy": "PROXY"}, {"NO_PROXY": "*"}),
    ],
    ids=["by scheme", "before the environment's", "of the environment", "without the environment"],
)
def test_requests_go_through_the_proxy_of_the_connection_or_the_environment(
    look: Look,
    connect: Connect,
    extra: dict[str, Any],
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ScriptedService(JOB) as proxy:
        for name, value in environment.items():
            monkeypatch.setenv(name, value.replace("PROXY", proxy.endpoint))
        connect("http://language.invalid", extra=_with(extra, proxy.endpoint))

        look(job_location("http://language.invalid"))

        assert proxy.seen[0].target.startswith("http://language.invalid/language/analyze-text/jobs/job-1")


def _with(extra: Mapping[str, Any], proxy: str) -> Any:
    return {
        name: _with(value, proxy) if isinstance(value, dict) else (proxy if value == "PROXY" else value)
        for name, value in extra.items()
    }


@in_both_transports
def test_an_environment_that_is_not_trusted_has_no_say(
    serve: Serve, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    service = serve(JOB, extra={"trust_env": False})

    assert look(job_location(service.endpoint)).status == "running"


@in_both_transports
def test_a_certificate_that_nobody_vouches_for_is_refused_at_once(
    look: Look, connect: Connect, authority: Authority
) -> None:
    with ScriptedService(JOB, tls=authority.server_context()) as service:
        connect(service.endpoint)

        with pytest.raises(ServiceUnavailableError, match=r"(?i)certificate"):
            look(job_location(service.endpoint))

        assert service.seen == []


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
@in_both_transports
@pytest.mark.parametrize("how", ["bundle", "nothing checked", "environment"])
def test_certificates_are_checked_as_the_connection_says(
    look: Look, connect: Connect, authority: Authority, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    extras: dict[str, dict[str, Any]] = {
        "bundle": {"verify": str(authority.bundle)},
        "nothing checked": {"verify": False},
        "environment": {},
    }
    bundle = authority.bundle if how == "environment" else "/no/such/bundle.pem"
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    with ScriptedService(JOB, tls=authority.server_context()) as service:
        connect(service.endpoint, extra=extras[how])

        assert look(job_location(service.endpoint)).status == "running"


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
@in_both_transports
@pytest.mark.parametrize("how", ["one file", "two files", "to whomever"])
def test_a_client_certificate_is_shown(look: Look, connect: Connect, authority: Authority, how: str) -> None:
    one_file, bundle = str(authority.client.both), str(authority.bundle)
    extras: dict[str, dict[str, Any]] = {
        "one file": {"verify": bundle, "cert": one_file},
        "two files": {
            "verify": bundle,
            "cert": [str(authority.client.certificate), str(authority.client.key)],
        },
        "to whomever": {"verify": False, "cert": one_file},
    }
    with ScriptedService(JOB, tls=authority.server_context(wants_client=True)) as service:
        connect(service.endpoint, extra=extras[how])

        assert look(job_location(service.endpoint)).status == "running"


@in_both_transports
def test_a_wrong_key_is_told_at_once(serve: Serve, look: Look) -> None:
    service = serve(lambda _: refusal(401, "401", "Access denied due to invalid subscription key."))

    with pytest.raises(AuthenticationError) as raised:
        look(job_location(service.endpoint))

    assert len(service.seen) == 1
    assert KEY not in str(raised.value)


@in_both_transports
def test_the_announced_next_page_of_another_host_is_asked_for_at_the_own_endpoint(
    serve: Serve, look: Look, stranger: ScriptedService
) -> None:
    def answer(seen: Seen) -> Answer:
        return Answer(200, job_body("running", nextLink=f"{stranger.endpoint}/elsewhere?$skip=20&$top=20"))

    service = serve(answer)

    look(job_location(service.endpoint))

    assert stranger.seen == []
