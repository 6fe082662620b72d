"""Each kind of identity signs in with Entra ID: in a worker, in a triggerer, by the test of a connection."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from airflow_provider_language.exceptions import ServiceUnavailableError, SignInError
from airflow_provider_language.hooks.credentials import Credential, DefaultChain, ServicePrincipal
from airflow_provider_language.hooks.entra import trouble_of
from airflow_provider_language.hooks.language import LanguageHook
from airflow_provider_language.hooks.tokens import Tokens
from airflow_provider_language.protocol import flows
from airflow_provider_language.protocol.jobs.status import State
from tests.airflow_stands import events_of, leaks
from tests.hooks.certificates import Authority, make_authority
from tests.hooks.looks import IMPATIENT, Look, in_both_transports
from tests.hooks.token_endpoint import (
    ASSERTION,
    BEARER,
    CLIENT_ID,
    SECRET,
    TENANT,
    WRONG_SECRET,
    Resource,
    TokenEndpoint,
    principal,
)
from tests.scripted_service import Answer, ScriptedJobs, ScriptedService, job_location, refusal
from tests.transports.servers import refused_port

if TYPE_CHECKING:
    from tests.conftest import Connect

Serve = Callable[..., ScriptedService]
SCOPE = "https://cognitiveservices.azure.com/.default"
GUID = "abcdefab-0000-1111-2222-333333333333"
RESOURCE_ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i"
ENVIRONMENT = (
    "AZURE_TENANT_ID",
    "AZURE_CLIENT_ID",
    "AZURE_CLIENT_SECRET",
    "AZURE_FEDERATED_TOKEN_FILE",
    "AZURE_AUTHORITY_HOST",
    "AZURE_POD_IDENTITY_AUTHORITY_HOST",
    "AZURE_TOKEN_CREDENTIALS",
    "IDENTITY_ENDPOINT",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _fresh_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tokens are kept for the life of a process, and each test has its own."""
    monkeypatch.setattr("airflow_provider_language.hooks.tokens._tokens", Tokens())


@pytest.fixture
def entra(authority: Authority) -> Iterator[TokenEndpoint]:
    """Entra ID: a token endpoint with TLS."""
    with TokenEndpoint(tls=authority.server_context()) as running:
        yield running


@pytest.fixture
def metadata(monkeypatch: pytest.MonkeyPatch) -> Iterator[TokenEndpoint]:
    """The endpoint of a machine that has a managed identity."""
    with TokenEndpoint() as running:
        monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", running.endpoint)
        yield running


@dataclass
class World:
    """A resource that lets in who has the newest token, and all that gives tokens."""

    entra: TokenEndpoint
    metadata: TokenEndpoint
    authority: Authority
    service: ScriptedService
    connect: Connect
    folder: Path
    setenv: Callable[[str, str], None]

    def connection(self, **fields: Any) -> None:
        """Define the connection; whom it names for tokens is added."""
        extra = {"authority": self.entra.endpoint, "verify": str(self.authority.bundle)}
        self.connect(
            self.service.endpoint, **{"key": "", **fields, "extra": {**extra, **fields.get("extra", {})}}
        )

    @property
    def location(self) -> str:
        return job_location(self.service.endpoint)


@pytest.fixture
def world(
    *,
    entra: TokenEndpoint,
    metadata: TokenEndpoint,
    authority: Authority,
    serve: Serve,
    connect: Connect,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> World:
    service = serve(ScriptedJobs({"job-1": ["succeeded"]}))
    return World(entra, metadata, authority, service, connect, tmp_path, monkeypatch.setenv)


Kind = Callable[[World], "tuple[dict[str, Any], TokenEndpoint, dict[str, str]]"]
"""The fields of a connection, who is asked for a token, and as whom."""


def secret(world: World) -> tuple[dict[str, Any], TokenEndpoint, dict[str, str]]:
    return principal(), world.entra, {"client_id": CLIENT_ID, "client_secret": SECRET, "scope": SCOPE}


def certificate(world: World) -> tuple[dict[str, Any], TokenEndpoint, dict[str, str]]:
    path = rsa_certificate(world.folder, "a-password")
    extra = {
        "tenant_id": TENANT,
        "client_certificate_path": str(path),
        "client_certificate_password": "a-password",
    }
    asked = {"client_id": CLIENT_ID, "scope": SCOPE, "grant_type": "client_credentials"}
    return {"login": CLIENT_ID, "extra": extra}, world.entra, asked


def borrowed(world: World) -> tuple[dict[str, Any], TokenEndpoint, dict[str, str]]:
    world.connect("", conn_id="azure_default", **{**principal(), "conn_type": "azure"})
    asked = {"client_id": CLIENT_ID, "client_secret": SECRET, "scope": SCOPE}
    return {"extra": {"azure_conn_id": "azure_default"}}, world.entra, asked


def system_identity(world: World) -> tuple[dict[str, Any], TokenEndpoint, dict[str, str]]:
    asked = {"resource": "https://cognitiveservices.azure.com"}
    return {"extra": {"auth": "managed_identity"}}, world.metadata, asked


def by_client_id(world: World) -> tuple[dict[str, Any], TokenEndpoint, dict[str, str]]:
    extra = {"auth": "managed_identity", "managed_identity_client_id": GUID}
    return {"extra": extra}, world.metadata, {"client_id": GUID}


def by_object_id(world: World) -> tuple[dict[str, Any], TokenEndpoint, dict[str, str]]:
    extra = {"auth": "entra", "managed_identity_object_id": GUID}
    return {"extra": extra}, world.metadata, {"object_id": GUID}


def by_resource_id(world: World) -> tuple[dict[str, Any], TokenEndpoint, dict[str, str]]:
    extra = {"auth": "managed_identity", "managed_identity_resource_id": RESOURCE_ID}
    return {"extra": extra}, world.metadata, {"msi_res_id": RESOURCE_ID}


def workload(world: World) -> tuple[dict[str, Any], TokenEndpoint, dict[str, str]]:
    file = world.folder / "assertion"
    file.write_text(ASSERTION)
    world.setenv("AZURE_FEDERATED_TOKEN_FILE", str(file))
    extra = {"auth": "workload_identity", "workload_identity_tenant_id": TENANT}
    asked = {"client_assertion": ASSERTION, "client_id": CLIENT_ID, "scope": SCOPE}
    return {"login": CLIENT_ID, "extra": extra}, world.entra, asked


def chain(world: World) -> tuple[dict[str, Any], TokenEndpoint, dict[str, str]]:
    for name, value in (("TENANT_ID", TENANT), ("CLIENT_ID", CLIENT_ID), ("CLIENT_SECRET", SECRET)):
        world.setenv(f"AZURE_{name}", value)
    return {"extra": {"auth": "entra"}}, world.entra, {"client_id": CLIENT_ID, "client_secret": SECRET}


KINDS = (
    secret,
    certificate,
    borrowed,
    system_identity,
    by_client_id,
    by_object_id,
    by_resource_id,
    workload,
    chain,
)
of_each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


@of_each_kind
@in_both_transports
def test_each_kind_of_identity_signs_in(world: World, kind: Kind, look: Look) -> None:
    fields, endpoint, asked = kind(world)
    world.service.answer = Resource(world.service.answer, endpoint)
    world.connection(**fields)

    assert look(world.location).state is State.SUCCEEDED

    (told,) = endpoint.asked
    assert asked.items() <= told.items()
    assert "ocp-apim-subscription-key" not in world.service.seen[0].headers


@of_each_kind
def test_the_test_of_a_connection_gets_a_token_and_asks_as_jobs_do(world: World, kind: Kind) -> None:
    fields, endpoint, _ = kind(world)
    empty = refusal(400, "InvalidDocumentBatch", "Document text is empty.")
    world.service.answer = Resource(lambda _: empty, endpoint)
    world.connection(**fields)

    is_right, words = LanguageHook().test_connection()

    assert is_right, words
    assert "takes the token" in words
    assert "API server" in words
    assert len(endpoint.asked) == 1


def test_it_says_that_it_was_the_sign_in_that_failed(world: World) -> None:
    world.entra.refusal = WRONG_SECRET
    world.connection(**principal())

    is_right, words = LanguageHook().test_connection()

    assert not is_right
    assert words.startswith("Signing in failed, and the endpoint was not asked: ")
    assert "AADSTS7000215" in words
    assert "API server" in words
    assert world.service.seen == []


def test_it_says_that_it_was_the_endpoint_that_did_not_take_the_token(world: World) -> None:
    world.service.answer = lambda _: refusal(403, "PermissionDenied", "Principal lacks the required role.")
    world.connection(**principal())

    is_right, words = LanguageHook().test_connection()

    assert not is_right
    assert words.startswith("Entra ID gives a token, and who signs in may not use this resource.")
    assert "Cognitive Services User" in words


@pytest.mark.parametrize("kind", [secret, system_identity], ids=["secret", "system"])
def test_a_trigger_that_no_worker_started_signs_in(world: World, kind: Kind) -> None:
    from airflow_provider_language.triggers.started import StartedAnalyzeJobTrigger

    fields, endpoint, _ = kind(world)
    world.service.answer = Resource(world.service.answer, endpoint)
    world.connection(**fields)
    trigger = StartedAnalyzeJobTrigger(world.location, "azure_language_default")

    (event,) = events_of(trigger)

    assert "error" not in event, event
    assert leaks([event, trigger.serialize()], SECRET, BEARER, world.entra.newest) == []


@in_both_transports
@pytest.mark.parametrize(
    "answer",
    [
        WRONG_SECRET,
        Answer(400, {"error": "unauthorized_client", "error_description": "AADSTS700016: No such app."}),
        Answer(401, {"error": "invalid_client", "error_description": "no code here"}),
    ],
    ids=["secret", "application", "no code"],
)
def test_a_refusal_of_entra_id_ends_for_good_with_its_code(world: World, look: Look, answer: Answer) -> None:
    world.entra.refusal = answer
    world.connection(**principal())

    with pytest.raises(SignInError) as raised:
        look(world.location)

    told = str(raised.value)
    assert answer.body["error_description"].partition(":")[0] in told
    assert leaks([raised.value, told], SECRET) == []
    assert not raised.value.retryable
    assert world.service.seen == []


@in_both_transports
@pytest.mark.parametrize(
    "answer",
    [
        Answer(503, {"error": "temporarily_unavailable", "error_description": "busy"}),
        Answer(429, {"error": "too_many_requests", "error_description": "slowly"}),
        Answer(400, {"error": "x", "error_description": "AADSTS90033: A transient error has occurred."}),
        Answer(502, "<html>Bad gateway</html>"),
    ],
    ids=["503", "429", "transient", "page of a proxy"],
)
def test_trouble_of_entra_id_that_passes_is_no_refusal(world: World, look: Look, answer: Answer) -> None:
    world.entra.refusal = answer
    world.connection(**principal())

    with pytest.raises(ServiceUnavailableError, match="signing in with Entra ID failed"):
        look(world.location)


@in_both_transports
def test_a_metadata_endpoint_that_refuses_ends_for_good_and_one_that_is_away_does_not(
    world: World, look: Look
) -> None:
    body = {"error": "invalid_request", "error_description": "Identity not found"}
    world.metadata.refusal = Answer(400, body)
    world.connection(extra={"auth": "managed_identity"})
    with pytest.raises(SignInError, match="Identity not found"):
        look(world.location)

    world.metadata.refusal = Answer(500, {"error": "internal"})
    world.connection(extra={"auth": "managed_identity", "managed_identity_client_id": GUID})
    with pytest.raises(ServiceUnavailableError):
        look(world.location)

    world.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", f"http://127.0.0.1:{refused_port()}")
    world.connection(extra={"auth": "managed_identity", "managed_identity_object_id": GUID})
    with pytest.raises(ServiceUnavailableError):
        look(world.location)


@in_both_transports
def test_entra_id_that_cannot_be_reached_is_weather(world: World, look: Look) -> None:
    world.connection(**principal(authority=f"https://127.0.0.1:{refused_port()}"))

    with pytest.raises(ServiceUnavailableError, match="Entra ID"):
        look(world.location)


@in_both_transports
def test_a_token_endpoint_whose_certificate_nobody_vouches_for_gets_no_secret(
    world: World, look: Look
) -> None:
    world.connection(**principal(verify=False))

    with pytest.raises(SignInError, match=r"(?i)certificate"):
        look(world.location)

    assert world.entra.seen == []


def test_a_chain_in_which_there_is_nobody_ends_for_good(world: World) -> None:
    world.setenv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential")
    world.connection(extra={"auth": "entra"})

    with pytest.raises(SignInError, match="EnvironmentCredential"):
        LanguageHook(settings=IMPATIENT).get(world.location)


def test_an_identity_of_kubernetes_without_its_environment_ends_for_good(world: World) -> None:
    world.connection(extra={"auth": "workload_identity"})

    with pytest.raises(SignInError, match="tenant_id"):
        LanguageHook(settings=IMPATIENT).get(world.location)


@in_both_transports
def test_a_token_that_is_refused_is_renewed_once(world: World, look: Look) -> None:
    world.service.answer = Resource(world.service.answer, world.entra)
    world.connection(**principal())
    assert look(world.location).state is State.SUCCEEDED
    world.entra.asked.append({})  # somebody else's token: ours is not the newest any more

    assert look(world.location).state is State.SUCCEEDED
    assert len(world.entra.asked) == 3
    assert len(world.service.seen) == 3


@in_both_transports
def test_a_secret_that_was_replaced_is_looked_up_once_more(world: World, look: Look) -> None:
    world.entra.refusal = WRONG_SECRET
    world.connection(**principal())
    asked_first = world.entra._answer

    def replaced(seen: Any) -> Answer:
        answer = asked_first(seen)
        if seen.method == "POST" and world.entra.refusal is not None:
            world.entra.refusal = None
            world.connection(**{**principal(), "key": "another-secret"})
        return answer

    world.entra.answer = replaced

    assert look(world.location).state is State.SUCCEEDED
    assert [asked["client_secret"] for asked in world.entra.asked] == [SECRET, "another-secret"]


async def test_a_thousand_waiting_jobs_make_one_token_request(world: World) -> None:
    jobs = [f"job-{number}" for number in range(1000)]
    world.service.answer = Resource(
        ScriptedJobs({job: ["running", "succeeded"] for job in jobs}), world.entra
    )
    world.connection(**principal())
    async with LanguageHook().player() as player:
        looks = [
            player.play(flows.get(player.handle(job_location(world.service.endpoint, job)), IMPATIENT))
            for job in jobs
        ]
        await asyncio.gather(*looks)
    assert len(world.entra.asked) == 1


@in_both_transports
def test_no_secret_is_logged_even_by_those_who_log_everything(
    world: World, look: Look, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    world.connection(**principal())
    look(world.location)
    world.entra.refusal = WRONG_SECRET
    world.connection(**{**principal(), "key": SECRET + "-2"})
    with pytest.raises(SignInError):
        look(world.location)

    assert leaks([record.getMessage() for record in caplog.records], SECRET, BEARER) == []
    assert [record for record in caplog.records if record.name.startswith(("azure.", "msal"))] == []


def test_settings_and_what_they_are_made_of_tell_no_secret(world: World) -> None:
    fields, *_ = certificate(world)
    for each in (principal(), fields):
        world.connection(**each)
        settings = LanguageHook().connection_settings
        assert leaks([settings, settings.credential], SECRET, "a-password") == []


def test_what_the_hook_inherits_from_the_http_provider_signs_in_too(world: World) -> None:
    world.service.answer = Resource(lambda _: Answer(200, {"is": "there"}), world.entra)
    world.connection(**principal())

    assert LanguageHook(method="GET").run("/language/anything").json() == {"is": "there"}


def test_a_secret_that_an_error_quotes_is_struck_out() -> None:
    who = ServicePrincipal(TENANT, CLIENT_ID, secret=SECRET)

    trouble = trouble_of(ValueError(f"{SECRET} is no secret"), Credential(who))

    assert trouble.reason == "*** is no secret"
    assert trouble.lasting


def test_what_an_answer_said_is_told_once_and_without_the_secret() -> None:
    credential = Credential(ServicePrincipal(TENANT, CLIENT_ID, secret=SECRET))

    kept = trouble_of(ValueError("no response"), credential, 400, f"AADSTS1: {SECRET}\n is wrong")
    told = trouble_of(ValueError("no response. AADSTS1: wrong"), credential, 400, "AADSTS1: wrong")

    assert kept.reason == "no response: AADSTS1: *** is wrong"
    assert told.reason == "no response. AADSTS1: wrong"


def test_an_extra_that_is_not_installed_is_told_with_its_name() -> None:
    trouble = trouble_of(ImportError("No module named 'azure.identity'"), Credential(DefaultChain()))

    assert "airflow-provider-language[entra]" in trouble.reason
    assert trouble.lasting


def rsa_certificate(folder: Path, password: str) -> Path:
    """A certificate with its key in one file, as a service principal shows it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "principal of a test")])
    now = datetime.now(timezone.utc)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(hours=1))
        .sign(key, hashes.SHA256())
    )
    encryption = serialization.BestAvailableEncryption(password.encode())
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    path = folder / "principal.pem"
    path.write_bytes(key.private_bytes(pem, form, encryption) + made.public_bytes(pem))
    return path
