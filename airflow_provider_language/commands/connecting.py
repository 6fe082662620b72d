"""The connection of a command: its endpoint and who signs in, from options and the environment."""

from __future__ import annotations

import argparse
import json
import os
import sys
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from airflow_provider_language.hooks.plain import PlainResource

ENDPOINT = "AZURE_LANGUAGE_ENDPOINT"
KEY = "AZURE_LANGUAGE_KEY"
SECRET = "AZURE_CLIENT_SECRET"  # noqa: S105 - its name
CONN_ID = "command-line"
_NOBODY = "https://nobody.invalid"
"""The endpoint of a plan, which asks nobody."""
_WAYS = ("key", "none", "entra", "service_principal", "managed_identity", "workload_identity")


def add_limits_to(parser: argparse.ArgumentParser) -> None:
    """Add what a plan needs of a connection, too: what it allows, and its version."""
    group = parser.add_argument_group("connection")
    group.add_argument("--tier", choices=("S", "F0"), help="of the resource, which decides on the rate")
    group.add_argument("--requests-per-minute", type=int, metavar="N", help="where it is none of the tiers'")
    group.add_argument("--api-version", metavar="VERSION", help="of the API (default: the newest stable one)")
    group.add_argument(
        "--connection-extra",
        metavar="FILE",
        help="a JSON file with what else a connection may say (docs/connections.md)",
    )


def add_sign_in_to(parser: argparse.ArgumentParser) -> None:
    """Add where the service is, and who signs in."""
    group = parser.add_argument_group("sign-in")
    group.add_argument("--endpoint", metavar="URL", help=f"of the resource (default: {ENDPOINT})")
    group.add_argument(
        "--auth",
        choices=_WAYS,
        default="key",
        help=f"who signs in: a key, from {KEY} or a prompt; nobody; or who does with Entra ID, for which the "
        "extra entra is needed (default: key)",
    )
    group.add_argument("--client-id", metavar="ID", help="of the identity, where there are several")
    group.add_argument("--tenant-id", metavar="ID", help=f"of a service principal, whose secret is {SECRET}")
    group.add_argument(
        "--logging-opt-out", action="store_true", help="ask the service not to keep texts for troubleshooting"
    )


def resource_of(options: argparse.Namespace, *, signs_in: bool = True) -> PlainResource:
    """The way to the resource that options and environment say.

    Args:
        options: of the command line.
        signs_in: whether the service is to be asked; else nobody needs to be told who it is.

    Raises:
        InvalidInputError: something is missing, or cannot be meant.
    """
    from airflow_provider_language.hooks.connections import settings_from
    from airflow_provider_language.hooks.plain import PlainConnection, PlainResource
    from airflow_provider_language.protocol.exchanges import Settings
    from airflow_provider_language.protocol.retries import RetryPolicy

    extra = _extra(options)
    if not signs_in:
        settings = settings_from(PlainConnection(CONN_ID, _NOBODY, extra=json.dumps(extra)))
        return PlainResource(CONN_ID, settings, Settings())
    login = _sign_in(options, extra)
    connection = PlainConnection(CONN_ID, _endpoint(options), _secret(options), login, json.dumps(extra))
    patience = Settings(retries=RetryPolicy(tolerance=options.tolerance))
    return PlainResource(CONN_ID, settings_from(connection), patience)


def _extra(options: argparse.Namespace) -> dict[str, Any]:
    from airflow_provider_language.hooks.extras import said_in

    said: dict[str, Any] = {}
    if options.connection_extra:
        said = said_in(Path(options.connection_extra).read_text())
    names = ("tier", "requests_per_minute", "api_version")
    return said | {name: getattr(options, name) for name in names if getattr(options, name) is not None}


def _sign_in(options: argparse.Namespace, extra: dict[str, Any]) -> str | None:
    """Add who signs in to the extra; return what is said in the login's place."""
    if options.logging_opt_out:
        extra["logging_opt_out"] = True
    if options.auth not in ("key", "none"):
        extra["auth"] = options.auth
    if options.tenant_id:
        extra["tenant_id"] = options.tenant_id
    if options.client_id and options.auth in ("entra", "managed_identity"):
        extra["managed_identity_client_id"] = options.client_id
        return None
    login: str | None = options.client_id
    return login


def _endpoint(options: argparse.Namespace) -> str:
    from airflow_provider_language.exceptions import InvalidInputError

    endpoint = (options.endpoint or os.environ.get(ENDPOINT, "")).strip()
    if not endpoint:
        raise InvalidInputError(f"There is no endpoint: say --endpoint, or set {ENDPOINT}.")
    return endpoint


def _secret(options: argparse.Namespace) -> str | None:
    """The key, or the secret of a service principal; from the environment, or from who sits there."""
    from airflow_provider_language.exceptions import InvalidInputError

    names = {"key": KEY, "service_principal": SECRET}
    name = names.get(options.auth)
    if name is None:
        return None
    secret = os.environ.get(name, "").strip()
    if not secret and sys.stdin.isatty():
        secret = getpass(f"{name}: ").strip()
    if not secret and options.auth == "key":
        raise InvalidInputError(
            f"There is no key: set {name}, or say who signs in by --auth; a resource that asks for no key "
            "has --auth none."
        )
    return secret or None
