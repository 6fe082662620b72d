"""How a connection signs in can be meant in one way only; what could be meant in two is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from airflow_provider_language._compat import Connection
from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.hooks.connections import KEY_HEADER, ConnectionSettings, settings_from
from airflow_provider_language.hooks.credentials import (
    PUBLIC_SCOPE,
    Credential,
    DefaultChain,
    Identity,
    ManagedIdentity,
    ServicePrincipal,
    WorkloadIdentity,
)
from airflow_provider_language.hooks.sign_ins import lender_of

HOST = "https://name.cognitiveservices.azure.com"
PRINCIPAL: dict[str, Any] = {"login": "client", "password": "s3cret", "tenantId": "tenant"}
SIGNED = ServicePrincipal("tenant", "client", secret="s3cret")
FIELDS = {"login", "password", "host", "conn_type"}


@pytest.fixture(autouse=True)
def _no_bundle_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


def connection(conn_id: str, said: dict[str, Any]) -> Connection:
    """A connection; what is none of its fields goes into its extra."""
    fields = {"conn_type": "azure_language", "host": HOST, **said}
    extra = json.dumps({name: value for name, value in fields.items() if name not in FIELDS})
    return Connection(
        conn_id=conn_id, extra=extra, **{name: fields[name] for name in FIELDS if name in fields}
    )


def read(lender: dict[str, Any] | None = None, **said: Any) -> ConnectionSettings:
    lent = None if lender is None else connection("azure_default", {"conn_type": "azure", **lender})
    if lent is not None:
        said["azure_conn_id"] = "azure_default"
    return settings_from(connection("a", said), lent)


def credential(lender: dict[str, Any] | None = None, **said: Any) -> Credential:
    found = read(lender, **said).credential
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("said", "identity"),
    [
        (PRINCIPAL, SIGNED),
        ({**PRINCIPAL, "auth": "entra"}, SIGNED),
        ({**PRINCIPAL, "auth": "service_principal"}, SIGNED),
        ({"login": "client", "password": "s3cret", "tenant_id": "tenant"}, SIGNED),
        ({**PRINCIPAL, "tenant_id": "tenant"}, SIGNED),
        (
            {"login": "client", "tenantId": "tenant", "client_certificate_path": __file__},
            ServicePrincipal("tenant", "client", certificate=__file__),
        ),
        ({"auth": "entra"}, DefaultChain()),
        ({"auth": "Entra", "managed_identity_client_id": "m"}, DefaultChain("m")),
        (
            {"auth": "entra", "managed_identity_client_id": "m", "workload_identity_tenant_id": "w"},
            DefaultChain("m", "w"),
        ),
        ({"auth": "entra", "managed_identity_object_id": "o"}, ManagedIdentity(object_id="o")),
        ({"auth": "managed_identity"}, ManagedIdentity()),
        ({"auth": "managed_identity", "managed_identity_client_id": "m"}, ManagedIdentity("m")),
        (
            {"auth": "managed_identity", "managed_identity_resource_id": "/r"},
            ManagedIdentity(resource_id="/r"),
        ),
        ({"auth": "workload_identity"}, WorkloadIdentity()),
        ({"auth": "workload_identity", "login": "c", "tenantId": "t"}, WorkloadIdentity("t", "c")),
        (
            {
                "auth": "workload_identity",
                "managed_identity_client_id": "c",
                "workload_identity_tenant_id": "t",
            },
            WorkloadIdentity("t", "c"),
        ),
    ],
)
def test_each_kind_of_identity_is_read_by_the_names_of_the_field(
    said: dict[str, Any], identity: Identity
) -> None:
    settings = read(**said)

    assert settings.credential == Credential(identity)
    assert settings.headers == {}


@pytest.mark.parametrize("said", [{}, {"auth": "key"}])
def test_a_password_alone_is_the_key(said: dict[str, Any]) -> None:
    settings = read(password="k", **said)

    assert (settings.credential, settings.headers) == (None, {KEY_HEADER: "k"})


def test_where_nothing_is_said_no_identity_is_sent() -> None:
    assert (read().credential, read().headers) == (None, {})


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"login": "client"}, "lacks tenantId (in the extra), password (the client secret)"),
        ({"login": "client", "password": "s3cret"}, "lacks tenantId (in the extra). A key stands alone"),
        ({"login": "client", "tenantId": "tenant"}, "lacks password (the client secret)"),
        ({"password": "s3cret", "tenantId": "tenant"}, "lacks login (the client id)"),
        ({"password": "s3cret", "auth": "entra"}, "lacks login (the client id), tenantId"),
        ({"auth": "service_principal"}, "lacks login"),
        ({"client_certificate_path": __file__}, "lacks login (the client id), tenantId (in the extra)."),
        (
            {"login": "client", "tenantId": "tenant", "client_certificate_password": "p"},
            "lacks client_certificate_path",
        ),
        ({**PRINCIPAL, "client_certificate_path": __file__}, "both a password and client_certificate_path"),
        (
            {"login": "c", "tenantId": "t", "client_certificate_path": "/no/such.pem"},
            "client_certificate_path names '/no/such.pem'",
        ),
        ({**PRINCIPAL, "tenant_id": "another"}, "both tenantId and tenant_id, and they differ"),
        ({**PRINCIPAL, "auth": "key"}, "by its key, to which login, tenantId means nothing"),
        ({"auth": "key"}, "has no password, which is the key"),
        ({"auth": "key", "password": "k", "scope": "https://a/.default"}, "to which scope means nothing"),
        (
            {"auth": "kerberos", "password": "k"},
            "auth is 'kerberos' instead of key, entra, service_principal",
        ),
        ({"managed_identity_client_id": "m"}, '"auth": "entra"'),
        ({"password": "k", "cloud_environment": "AzureChinaCloud"}, '"auth": "entra"'),
        ({"auth": "managed_identity", **PRINCIPAL}, "by a managed identity, to which login, password"),
        (
            {
                "auth": "managed_identity",
                "managed_identity_client_id": "m",
                "managed_identity_object_id": "o",
            },
            "names one managed identity twice",
        ),
        ({**PRINCIPAL, "managed_identity_client_id": "m"}, "to which managed_identity_client_id means"),
        ({"auth": "workload_identity", "password": "k"}, "by a workload identity, to which password"),
        (
            {"auth": "workload_identity", "login": "a", "managed_identity_client_id": "b"},
            "both login and managed_identity_client_id, and they differ",
        ),
        ({**PRINCIPAL, "cloud_environment": "AzureMoonCloud"}, "instead of AzurePublicCloud"),
        ({**PRINCIPAL, "authority": "http://login.example"}, "a URL with https"),
        ({**PRINCIPAL, "authority": "https://user:word@login.example"}, "a URL with https"),
        ({**PRINCIPAL, "scope": "https://cognitiveservices.azure.com"}, "ends in /.default"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_is_missing_or_too_much(
    said: dict[str, Any], words: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read(**said)

    assert words in str(refused.value)
    assert "s3cret" not in str(refused.value)


def test_a_connection_of_type_azure_lends_its_sign_in_and_what_else_it_says_is_nobody_s_business() -> None:
    lender = {**PRINCIPAL, "subscriptionId": "s", "use_azure_identity_object": True, "host": ""}

    settings = read(lender)

    assert settings.credential == Credential(SIGNED)
    assert lender_of(connection("a", {"azure_conn_id": " azure_default "})) == "azure_default"
    assert lender_of(connection("a", {"azure_conn_id": ""})) is None


@pytest.mark.parametrize(
    ("lender", "identity"),
    [
        ({}, DefaultChain()),
        ({"managed_identity_client_id": "m", "workload_identity_tenant_id": "w"}, DefaultChain("m", "w")),
    ],
)
def test_one_that_names_nobody_lends_the_default_chain(lender: dict[str, Any], identity: Identity) -> None:
    assert credential(lender).identity == identity


@pytest.mark.parametrize(
    ("lender", "said", "words"),
    [
        (PRINCIPAL, {"password": "k"}, "by azure_conn_id, to which password means nothing"),
        (PRINCIPAL, {"tenantId": "t"}, "to which tenantId means nothing"),
        (PRINCIPAL, {"auth": "key", "password": "k"}, "by its key, to which azure_conn_id means nothing"),
        ({"login": "client"}, {}, "'azure_default', named by azure_conn_id, signs in as a service principal"),
        ({"key_path": "/a.json"}, {}, "key_path, which this provider does not read"),
        ({**PRINCIPAL, "conn_type": "wasb"}, {}, "is of type 'wasb' instead of 'azure'"),
    ],
)
def test_a_sign_in_that_is_lent_is_the_only_one(
    lender: dict[str, Any], said: dict[str, Any], words: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read(lender, **said)

    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("said", "authority", "is_private", "scope"),
    [
        ({}, "", False, PUBLIC_SCOPE),
        ({"cloud_environment": "azurepubliccloud"}, "https://login.microsoftonline.com", False, PUBLIC_SCOPE),
        (
            {"cloud_environment": "AzureUSGovernment"},
            "https://login.microsoftonline.us",
            False,
            "https://cognitiveservices.azure.us/.default",
        ),
        (
            {"cloud_environment": "AzureChinaCloud"},
            "https://login.chinacloudapi.cn",
            False,
            "https://cognitiveservices.azure.cn/.default",
        ),
        ({"authority": "login.example/"}, "https://login.example", True, PUBLIC_SCOPE),
        (
            {"authority": "https://login.microsoftonline.us"},
            "https://login.microsoftonline.us",
            False,
            PUBLIC_SCOPE,
        ),
        (
            {"cloud_environment": "AzureChinaCloud", "scope": "https://a.example/.default"},
            "https://login.chinacloudapi.cn",
            False,
            "https://a.example/.default",
        ),
    ],
)
def test_a_cloud_is_a_preset_that_authority_and_scope_override(
    said: dict[str, Any], authority: str, is_private: bool, scope: str
) -> None:
    found = credential(**PRINCIPAL, **said)
    lent = credential({**PRINCIPAL, **said})

    assert (found.authority, found.is_private, found.scope) == (authority, is_private, scope)
    assert lent == found


@pytest.mark.parametrize(
    ("host", "right"),
    [
        ("https://westeurope.api.cognitive.microsoft.com", "https://NAME.cognitiveservices.azure.com"),
        ("https://usgovvirginia.api.cognitive.microsoft.us", "https://NAME.cognitiveservices.azure.us"),
        ("https://chinaeast2.api.cognitive.azure.cn", "https://NAME.cognitiveservices.azure.cn"),
    ],
)
def test_a_regional_endpoint_takes_keys_only(host: str, right: str) -> None:
    assert read(host=host, password="k").credential is None

    with pytest.raises(InvalidInputError) as refused:
        read(host=host, **PRINCIPAL)

    assert f"takes keys only. With Entra ID it must be the resource's own: {right}." in str(refused.value)


def test_the_token_endpoint_is_reached_as_the_connection_says_and_its_certificate_always_checked() -> None:
    said = {**PRINCIPAL, "proxy": "http://proxy:3128", "trust_env": False}

    assert credential(**said, verify=False).bundle == ""
    assert credential(**said, verify=__file__).bundle == __file__
    assert credential(**said).proxies == (("all", "http://proxy:3128"),)
    assert credential(**said).trust_env is False


def test_no_header_of_the_extra_displaces_the_token() -> None:
    headers = {"authorization": "Basic x", "Ocp-Apim-Subscription-Key": "of the gateway"}

    assert read(headers=headers, **PRINCIPAL).headers == {"Ocp-Apim-Subscription-Key": "of the gateway"}


def test_connections_that_differ_in_who_signs_in_are_not_equal() -> None:
    said = [PRINCIPAL, {**PRINCIPAL, "password": "rotated"}, {"auth": "managed_identity"}, {}]

    found = [read(**one) for one in said]

    assert [one for index, one in enumerate(found) if one in found[:index]] == []
