"""A token endpoint on the loopback interface, which gives tokens as Entra ID and the metadata endpoint do."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from tests.scripted_service import Answer, ScriptedService, Seen

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

TENANT = "11111111-2222-3333-4444-555555555555"
CLIENT_ID = "66666666-7777-8888-9999-000000000000"
SECRET = "a-client-secret-that-nobody-else-may-see"
ASSERTION = "an-assertion-that-nobody-else-may-see"
BEARER = "a-token-that-nobody-else-may-see"
HOUR = 3600
WRONG_SECRET = Answer(
    401,
    {
        "error": "invalid_client",
        "error_description": f"AADSTS7000215: Invalid client secret provided for app '{CLIENT_ID}'.",
    },
)


def principal(**extra: Any) -> dict[str, Any]:
    """The fields of a connection that signs in as a service principal."""
    return {"login": CLIENT_ID, "key": SECRET, "extra": {"tenantId": TENANT, **extra}}


class TokenEndpoint(ScriptedService):
    """Gives a new token to each who asks, good for `seconds`.

    Args:
        tls: serves https with this context; the metadata endpoint has none.
        make: makes each token; by default, it is :attr:`newest`.

    Attributes:
        asked: what was asked for, in order: the form of a POST, the query of a GET.
        refusal: what is answered instead of a token, if anything.
        seconds: for how long a token is good.
    """

    def __init__(self, *, tls: ssl.SSLContext | None = None, make: Callable[[], str] | None = None) -> None:
        super().__init__(self._answer, tls=tls)
        self._make = make or (lambda: self.newest)
        self.asked: list[dict[str, str]] = []
        self.refusal: Answer | None = None
        self.seconds = HOUR

    @property
    def newest(self) -> str:
        """The token that was given last."""
        return f"{BEARER}-{len(self.asked)}"

    def _answer(self, seen: Seen) -> Answer:
        if "openid-configuration" in seen.target:
            return Answer(200, self._configuration(), {"Content-Type": "application/json"})
        form = seen.body.decode() if seen.method == "POST" else urlsplit(seen.target).query
        self.asked.append({name: values[0] for name, values in parse_qs(form).items()})
        answer = self.refusal or Answer(200, self._token())
        return Answer(answer.status, answer.body, {"Content-Type": "application/json", **answer.headers})

    def _configuration(self) -> dict[str, str]:
        base = f"{self.endpoint}/{TENANT}"
        return {
            "issuer": f"{base}/v2.0",
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "token_endpoint": f"{base}/oauth2/v2.0/token",
            "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
        }

    def _token(self) -> dict[str, Any]:
        lasts = {"expires_in": self.seconds, "expires_on": str(int(time.time()) + self.seconds)}
        asked = self.asked[-1]
        return {
            "access_token": self._make(),
            "token_type": "Bearer",
            "resource": asked.get("resource", ""),
            **lasts,
        }


class Resource:
    """Lets in who has the token that was given last; answers looks as the jobs that it is given do.

    Args:
        jobs: answers who is let in.
        tokens: who gives tokens.
    """

    def __init__(self, jobs: Any, tokens: TokenEndpoint) -> None:
        self.jobs = jobs
        self.tokens = tokens
        self.is_strict = True

    def __call__(self, seen: Seen) -> Answer:
        given = seen.headers.get("authorization", "")
        if given != f"Bearer {self.tokens.newest}" and (self.is_strict or not given):
            return Answer(401, json.dumps({"error": {"code": "401", "message": "Access token is missing."}}))
        answered: Answer = self.jobs(seen)
        return answered
