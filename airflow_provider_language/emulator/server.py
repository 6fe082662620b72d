"""The web application: routes, and the gateway in front of them."""

from __future__ import annotations

import logging
import time
from functools import partial
from typing import TYPE_CHECKING

from aiohttp import web

from . import errors, limits, responses
from .errors import GatewayError, ServiceError
from .families import FAMILIES, Cancel, Family
from .jobs import Phase
from .journal import Entry, Journal
from .json_bodies import parse_json_object
from .service import Service, Settings
from .synchronous import OPERATIONS, Operation

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

# The service takes a doubled slash after the host: "https://name.cognitiveservices.azure.com//language/".
_SLASHES = "/{slashes:/*}"
_BEARER = "bearer "
# Seconds that requests under way have to end when the emulator is stopped.
_GRACE = 3.0

_log = logging.getLogger(__name__)

SERVICE = web.AppKey("SERVICE", Service)
JOURNAL = web.AppKey("JOURNAL", Journal)


def build_app(settings: Settings, journal: Journal) -> web.Application:
    """Return the application.

    Args:
        settings: How the emulator is set up.
        journal: Where each answered request is noted.
    """
    app = web.Application(middlewares=[_gateway], client_max_size=limits.MAX_REQUEST_BYTES)
    app.on_response_prepare.append(responses.drop_library_headers)
    app[JOURNAL] = journal
    app.cleanup_ctx.append(partial(_service, settings=settings))
    for family in FAMILIES:
        _add_family(app.router, family)
    for operation in OPERATIONS:
        handler = partial(_answer_at_once, operation=operation)
        app.router.add_post(f"{_SLASHES}{operation.path[1:]}", handler)
    return app


async def start(settings: Settings, journal: Journal, host: str, port: int) -> tuple[web.AppRunner, str]:
    """Start to serve on the running event loop.

    Args:
        settings: How the emulator is set up.
        journal: Where each answered request is noted.
        host: The interface to listen on.
        port: The port; 0 takes a free one.

    Returns:
        The runner, to be cleaned up in the end, and the endpoint for clients.

    Raises:
        OSError: The port is taken.
    """
    runner = web.AppRunner(build_app(settings, journal), access_log=None, shutdown_timeout=_GRACE)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except BaseException:
        await runner.cleanup()
        raise
    name = f"[{host}]" if ":" in host else host
    return runner, f"http://{name}:{runner.addresses[0][1]}"


async def _service(app: web.Application, *, settings: Settings) -> AsyncIterator[None]:
    app[SERVICE] = service = Service(settings)
    yield
    service.close()


def _add_family(router: web.UrlDispatcher, family: Family) -> None:
    job_path = f"{_SLASHES}{family.jobs_path[1:]}/{{job_id:[^/:]+}}"
    router.add_post(f"{_SLASHES}{family.submit_path[1:]}", partial(_submit, family=family))
    router.add_get(job_path, partial(_status, family=family), allow_head=False)
    if family.cancel is Cancel.DELETE:
        router.add_delete(job_path, partial(_cancel, family=family))
    elif family.cancel is Cancel.POST:
        router.add_post(f"{job_path}:cancel", partial(_cancel, family=family))


@web.middleware
async def _gateway(request: web.Request, handler: Handler) -> web.StreamResponse:
    service = request.app[SERVICE]
    begun = time.perf_counter()
    response = await _answer(request, handler, service)
    now = service.now()
    responses.stamp(response, now, milliseconds=round((time.perf_counter() - begun) * 1000))
    request.app[JOURNAL].append(
        Entry(request.method, request.path, request.rel_url.raw_query_string, response.status, now)
    )
    return response


async def _answer(request: web.Request, handler: Handler, service: Service) -> web.StreamResponse:
    try:
        if request.match_info.http_exception is not None:
            raise errors.no_such_resource()  # noqa: TRY301 - all refusals leave by the same door
        if not service.admits(_key(request)):
            raise errors.unauthorized()  # noqa: TRY301 - likewise
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


def _key(request: web.Request) -> str:
    """Return the key, or else the bearer token, that a request carries; empty if neither."""
    key = request.headers.get("Ocp-Apim-Subscription-Key", "")
    authorization = request.headers.get("Authorization", "")
    if not key and authorization.lower().startswith(_BEARER):
        return authorization[len(_BEARER) :].strip()
    return key


def _origin(request: web.Request) -> str:
    return f"{request.scheme}://{request.host}"


async def _submit(request: web.Request, *, family: Family) -> web.StreamResponse:
    version = family.version(request.query)
    submission = family.read(parse_json_object(await request.read()), request.query, version)
    job = request.app[SERVICE].submit(submission, family, version)
    return responses.accepted(family.job_url(_origin(request), job.id, version), chunked=family.chunked)


async def _status(request: web.Request, *, family: Family) -> web.StreamResponse:
    version = family.version(request.query)
    page = family.paging.read(request.query)
    job, progress, outcomes = await request.app[SERVICE].look(request.match_info["job_id"], family)
    body = family.write(job, progress, outcomes, page, version)
    following = page.after(job.documents)
    has_results = progress.phase is not Phase.CANCELLED and any(not each.failure for each in outcomes)
    if following is not None and has_results:
        body[family.paging.next_link] = family.page_url(_origin(request), job.id, version, following)
    return responses.found(body, chunked=family.chunked)


async def _cancel(request: web.Request, *, family: Family) -> web.StreamResponse:
    version = family.version(request.query)
    job = request.app[SERVICE].cancel(request.match_info["job_id"], family)
    return responses.accepted(family.job_url(_origin(request), job.id, version), chunked=family.chunked)


async def _answer_at_once(request: web.Request, *, operation: Operation) -> web.StreamResponse:
    work = operation.read(parse_json_object(await request.read()), request.query)
    return responses.found(await request.app[SERVICE].answer(work), chunked=operation.chunked)
