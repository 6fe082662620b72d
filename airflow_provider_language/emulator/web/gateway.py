"""The gateway in front of the service: keys, rate limits, the journal, and the faults that are ordered."""

from __future__ import annotations

import contextlib
import logging
import time
from typing import TYPE_CHECKING

from aiohttp import web

from airflow_provider_language.emulator.instruments.instrument import Instrument, is_control
from airflow_provider_language.emulator.instruments.journal import NO_ANSWER, Entry, told_path, told_query
from airflow_provider_language.emulator.protocol import errors, gateway_errors, limits
from airflow_provider_language.emulator.protocol.errors import ServiceError
from airflow_provider_language.emulator.protocol.gateway_errors import GatewayError
from airflow_provider_language.emulator.protocol.operations import (
    described_operation,
    job_id_of,
    operation_of,
)
from airflow_provider_language.emulator.service import Service
from airflow_provider_language.emulator.web import fault_answers, responses
from airflow_provider_language.emulator.web.token_issuer import ISSUER_PATH

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from airflow_provider_language.emulator.instruments.faults import Fault

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

SERVICE = web.AppKey("SERVICE", Service)
INSTRUMENT = web.AppKey("INSTRUMENT", Instrument)

_BEARER = "bearer "
_ACCEPTED = 202

_log = logging.getLogger(__name__)


@web.middleware
async def gateway(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer a request, and note in the journal what became of it."""
    if is_control(request.path) or _is_issuer(request):
        return await handler(request)
    instrument = request.app[INSTRUMENT]
    operation = operation_of(request.method, request.path)
    arrived = request.app[SERVICE].now()
    fault = instrument.faults.take(request.method, request.path, operation, arrived)
    begun = time.perf_counter()
    if fault is None:
        response = await _answer(request, handler)
        accepted = _accepted_job(request, response)
    else:
        response, accepted = await _struck(request, handler, fault)
    now = request.app[SERVICE].now()
    if not response.prepared:
        responses.stamp(response, now, milliseconds=round((time.perf_counter() - begun) * 1000))
    instrument.journal.append(
        Entry(
            method=request.method,
            path=told_path(request.path),
            query=told_query(request.rel_url.raw_query_string),
            status=NO_ANSWER if fault is not None and fault.loses_answer else response.status,
            at=now,
            operation=operation,
            fault=None if fault is None else fault.effect,
            accepted=accepted,
        )
    )
    return response


def _is_issuer(request: web.Request) -> bool:
    """Return whether a token is asked for, of another endpoint than the service's."""
    return request.app[SERVICE].settings.token_issuer and request.path == ISSUER_PATH


async def _struck(
    request: web.Request, handler: Handler, fault: Fault
) -> tuple[web.StreamResponse, str | None]:
    """Return the answer to a request that a fault strikes, and the id of the job that it began."""
    # Read in any case: a connection closed over unread bytes is reset, and how many are unread is chance.
    with contextlib.suppress(web.HTTPRequestEntityTooLarge):
        await request.read()
    service = request.app[SERVICE]
    answer: web.StreamResponse | None = None
    accepted: str | None = None
    if fault.lets_through:
        service.disturb(job_id_of(request.path), fault)
        answer = await _answer(request, handler)
        accepted = _accepted_job(request, answer)
        service.disturb(accepted, fault)
    await request.app[INSTRUMENT].pauses.hold(request, fault.delay)
    return await fault_answers.strike(request, fault, answer), accepted


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    service = request.app[SERVICE]
    try:
        if request.match_info.http_exception is not None:
            raise gateway_errors.no_such_resource()  # noqa: TRY301 - all refusals leave by the same door
        key, token = _shown(request)
        if not service.admits(key, token):
            raise gateway_errors.unauthorized(by_token=service.settings.token_issuer and not key)  # noqa: TRY301
        _keep_rate(request)
        return await handler(request)
    except GatewayError as error:
        return responses.turned_away(error)
    except ServiceError as error:
        return responses.refused(error)
    except web.HTTPRequestEntityTooLarge:
        return responses.refused(errors.payload_too_large(limits.MAX_REQUEST_BYTES))
    except Exception:  # noqa: BLE001 - a client must see the service's own 500, never a page of aiohttp
        _log.exception("%s %s failed", request.method, request.path)
        return responses.refused(errors.internal_error())


def _keep_rate(request: web.Request) -> None:
    limit = request.app[INSTRUMENT].rate_limit
    if limit is None:
        return
    # Counted whatever the version: it is the client's word, and anybody can say a new one each time.
    counted_as = described_operation(request.method, request.path, None)
    seconds = limit.admit(counted_as, request.app[SERVICE].now())
    if seconds:
        told = described_operation(request.method, request.path, request.query.get("api-version"))
        raise gateway_errors.rate_exceeded(told, limit.tier.name, seconds)


def _accepted_job(request: web.Request, response: web.StreamResponse) -> str | None:
    if response.status != _ACCEPTED or operation_of(request.method, request.path) != "submit":
        return None
    return job_id_of(response.headers["operation-location"].partition("?")[0])


def _shown(request: web.Request) -> tuple[str, str]:
    """Return the key and the bearer token that a request carries; empty what it does not."""
    authorization = request.headers.get("Authorization", "")
    is_bearer = authorization.lower().startswith(_BEARER)
    token = authorization[len(_BEARER) :].strip() if is_bearer else ""
    return request.headers.get("Ocp-Apim-Subscription-Key", ""), token
