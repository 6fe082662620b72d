"""Bearer tokens: given as a machine's metadata endpoint gives them, and let in while they are good.

A token is a JSON Web Token without a signature, which nobody here could check against anything. Audience and
expiry are those of Entra ID's tokens.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.protocol.identity import DISTRIBUTION

if TYPE_CHECKING:
    from datetime import datetime

AUDIENCES = frozenset(f"https://cognitiveservices.azure.{ending}" for ending in ("com", "us", "cn"))
LIFETIME = 3600
"""Seconds for which a token is good; Entra ID's are for an hour or more."""


def token_for(resource: str, now: datetime) -> dict[str, Any]:
    """Return a token as the metadata endpoint answers (page of managed identities, "get a token").

    Args:
        resource: What it is for; another one's is given, too, and not let in.
        now: The time, in UTC.
    """
    issued = int(now.timestamp())
    claims = {"aud": resource, "iss": DISTRIBUTION, "iat": issued, "exp": issued + LIFETIME}
    return {
        "access_token": f"{_encoded({'alg': 'none', 'typ': 'JWT'})}.{_encoded(claims)}.",
        "expires_in": str(LIFETIME),
        "expires_on": str(claims["exp"]),
        "not_before": str(issued),
        "resource": resource,
        "token_type": "Bearer",
    }


def is_good(token: str, now: datetime) -> bool:
    """Return whether a token is for this service, and has not ended.

    Args:
        token: What a request carries; anything.
        now: The time, in UTC.
    """
    claims = _claims(token)
    ends = claims.get("exp")
    if not isinstance(ends, (int, float)) or str(claims.get("aud")).rstrip("/") not in AUDIENCES:
        return False
    return bool(now.timestamp() < ends)


def _encoded(value: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).decode().rstrip("=")


def _claims(token: str) -> dict[str, Any]:
    try:
        _, claims, _ = token.split(".")
        found = json.loads(urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
