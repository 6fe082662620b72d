"""The metadata endpoint of a machine with a managed identity, which gives tokens for the emulator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from airflow_provider_language.emulator.protocol.bearer_tokens import token_for

if TYPE_CHECKING:
    from airflow_provider_language.emulator.service import Service

ISSUER_PATH = "/metadata/identity/oauth2/token"
"""Where clients look for it, below AZURE_POD_IDENTITY_AUTHORITY_HOST."""


def add_issuer(app: web.Application, service: Service) -> None:
    """Serve the metadata endpoint, with its refusals (page of managed identities, "error handling")."""

    async def issue(request: web.Request) -> web.StreamResponse:
        if request.headers.get("Metadata", "").lower() != "true":
            return _refusal("bad_request_102", "Required metadata header not specified")
        resource = request.query.get("resource", "")
        if not resource:
            return _refusal("invalid_request", "Required query variable 'resource' is missing")
        return web.json_response(token_for(resource, service.now()))

    app.router.add_get(ISSUER_PATH, issue)


def _refusal(error: str, description: str) -> web.Response:
    return web.json_response({"error": error, "error_description": description}, status=400)
