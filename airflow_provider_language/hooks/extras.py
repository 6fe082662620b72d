"""The extra of a connection: which names it may hold, and what of it says nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from airflow_provider_language.exceptions import InvalidInputError

OUR_EXTRAS = frozenset(
    {"api_version", "tier", "requests_per_minute", "request_share", "headers", "logging_opt_out"}
)
"""The options of this connection type."""

SIGN_IN_EXTRAS = frozenset(
    {
        "auth",
        "authority",
        "azure_conn_id",
        "client_certificate_password",
        "client_certificate_path",
        "cloud_environment",
        "managed_identity_client_id",
        "managed_identity_object_id",
        "managed_identity_resource_id",
        "scope",
        "tenantId",
        "tenant_id",
        "workload_identity_tenant_id",
    }
)
"""The options of signing in with Entra ID, by the names that connections to Azure have for them."""

HTTP_EXTRAS = frozenset(
    {
        "allow_redirects",
        "cert",
        "check_response",
        "max_redirects",
        "proxies",
        "proxy",
        "srv_lookup",
        "stream",
        "timeout",
        "trust_env",
        "verify",
        "verify_ssl",
    }
)
"""What the HTTP provider's HttpHook takes for an option, some of which mean nothing here."""

_FIELD = re.compile(r"extra__[a-z0-9_]+?__(?=.)")
"""What Airflow 2 puts before the name of a form's field: its Test button sends each with it and without."""

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_SENT = re.compile(r"[ -~\t]*")
"""What the name and the text of a header are made of: RFC 9110, without what is obsolete."""

KNOWN_EXTRAS = OUR_EXTRAS | HTTP_EXTRAS | SIGN_IN_EXTRAS


def extra_from(text: str | None) -> dict[str, Any]:
    """Read the extra of a connection of our type.

    Raises:
        InvalidInputError: it is no JSON object, or holds a name that is no option.
    """
    said = said_in(text)
    _refuse_unknown(said)
    return said


def said_in(text: str | None) -> dict[str, Any]:
    """Read an extra, without what says nothing: forms save a field that nobody filled in, too.

    Raises:
        InvalidInputError: it is no JSON object.
    """
    try:
        extra = json.loads(text or "{}")
    except (ValueError, RecursionError):
        extra = None
    if not isinstance(extra, dict):
        raise InvalidInputError("The connection's extra is no JSON object.")
    of_form = {_FIELD.sub("", name): value for name, value in extra.items() if _FIELD.match(name)}
    plain = {name: value for name, value in extra.items() if not _FIELD.match(name)}
    return {name: value for name, value in (of_form | plain).items() if not _says_nothing(value)}


def _says_nothing(value: object) -> bool:
    return value in (None, {}, []) or (isinstance(value, str) and not value.strip())


def _refuse_unknown(extra: Mapping[str, Any]) -> None:
    """Refuse a misspelt option, which would be ignored; its value may be a secret, and is not told."""
    unknown = sorted(extra.keys() - KNOWN_EXTRAS)
    if not unknown:
        return
    raise InvalidInputError(
        f"The connection's extra has {', '.join(map(_named, unknown))}, which is no option of it. "
        f'A header of all requests is said under "headers"; the options are '
        f"{', '.join(sorted(KNOWN_EXTRAS))}."
    )


def _named(name: str) -> str:
    """An unknown name, with the option that it is near to."""
    near = get_close_matches(name.lower().replace("-", "_"), KNOWN_EXTRAS, n=1, cutoff=0.7)
    return f"{name!r} ({near[0]!r}?)" if near else repr(name)


def headers_from(value: object, key: Mapping[str, str], reserved: Iterable[str] = ()) -> dict[str, str]:
    """The headers of all requests: those of the extra, and the key.

    Args:
        value: what the extra says of headers.
        key: the header that the connection's password is sent in, which no other one displaces; or none.
        reserved: further headers that none of the extra displaces.

    Raises:
        InvalidInputError: they are no texts and numbers by name, or cannot be sent as they are.
    """
    said = {} if value is None else value
    if not isinstance(said, dict) or any(isinstance(text, (dict, list)) for text in said.values()):
        raise InvalidInputError(
            'The connection\'s headers are no JSON object such as {"X-Team": "reviews"}: a text by each name.'
        )
    displaced = {name.lower() for name in (*key, *reserved)}
    others = {
        name: str(text)
        for name, text in said.items()
        if name.lower() not in displaced and not _says_nothing(text)
    }
    for name, text in others.items():
        if not _NAME.fullmatch(name) or not _SENT.fullmatch(text):
            raise InvalidInputError(f"The connection's header {name!r} cannot be sent: {_odd(name + text)}.")
    for text in key.values():
        if not _SENT.fullmatch(text):
            raise InvalidInputError(f"The connection's password is no key: {_odd(text)}. Copy it anew.")
    return {**others, **key}


def _odd(text: str) -> str:
    """What in a text no header takes, by its code, since it may be invisible."""
    odd = next((one for one in text if not _SENT.fullmatch(one)), None)
    return "its name is none" if odd is None else f"it holds the character U+{ord(odd):04X}"
