"""The web application: the service's routes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from aiohttp import web

from airflow_provider_language.emulator.families import conversation_understanding
from airflow_provider_language.emulator.families.synchronous import OPERATIONS, Operation
from airflow_provider_language.emulator.families.table import FAMILIES, Cancel, Family
from airflow_provider_language.emulator.instruments.instrument import CONTROL_PATH
from airflow_provider_language.emulator.jobs.life import Phase
from airflow_provider_language.emulator.protocol import limits
from airflow_provider_language.emulator.protocol.json_bodies import parse_json_object
from airflow_provider_language.emulator.service import Service, Settings
from airflow_provider_language.emulator.web import responses
from airflow_provider_language.emulator.web.control import build_control
from airflow_provider_language.emulator.web.gateway import INSTRUMENT, SERVICE, gateway
from airflow_provider_language.emulator.web.token_issuer import add_issuer

if TYPE_CHECKING:
    from airflow_provider_language.emulator.instruments.instrument import Instrument

# The service takes a doubled slash after the host (recording documents_cancel).
_SLASHES = "/{slashes:/*}"
# Seconds that requests under way have to end when the emulator is stopped.
_GRACE = 3.0


def build_app(settings: Settings, instrument: Instrument) -> web.Application:
    """Return the application.

    Args:
        settings: How the emulator is set up.
        instrument: What a test holds in its hand.
    """
    app = web.Application(middlewares=[gateway], client_max_size=limits.MAX_REQUEST_BYTES)
    app.on_response_prepare.append(responses.drop_library_headers)
    app[INSTRUMENT] = instrument
    app.on_shutdown.append(instrument.pauses.end)
    app[SERVICE] = service = Service(settings)
    app.on_cleanup.append(_close)
    app.add_subapp(CONTROL_PATH, build_control(service, instrument))
    if settings.token_issuer:
        add_issuer(app, service)
    for family in FAMILIES:
        _add_family(app.router, family)
    for operation in (*OPERATIONS, conversation_understanding.OPERATION):
        handler = partial(_answer_at_once, operation=operation)
        app.router.add_post(f"{_SLASHES}{operation.path[1:]}", handler)
    return app


async def start(
    settings: Settings, instrument: Instrument, host: str, port: int
) -> tuple[web.AppRunner, str]:
    """Start to serve on the running event loop.

    Args:
        settings: How the emulator is set up.
        instrument: What a test holds in its hand.
        host: The interface to listen on.
        port: The port; 0 takes a free one.

    Returns:
        The runner, to be cleaned up in the end, and the endpoint for clients.

    Raises:
        OSError: The port is taken.
    """
    runner = web.AppRunner(build_app(settings, instrument), access_log=None, shutdown_timeout=_GRACE)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except BaseException:
        await runner.cleanup()
        raise
    name = f"[{host}]" if ":" in host else host
    return runner, f"http://{name}:{runner.addresses[0][1]}"


async def _close(app: web.Application) -> None:
    app[SERVICE].close()


def _add_family(router: web.UrlDispatcher, family: Family) -> None:
    job_path = f"{_SLASHES}{family.jobs_path[1:]}/{{job_id:[^/:]+}}"
    router.add_post(f"{_SLASHES}{family.submit_path[1:]}", partial(_submit, family=family))
    router.add_get(job_path, partial(_status, family=family), allow_head=False)
    if family.cancel is Cancel.DELETE:
        router.add_delete(job_path, partial(_cancel, family=family))
    elif family.cancel is Cancel.POST:
        router.add_post(f"{job_path}:cancel", partial(_cancel, family=family))


def _origin(request: web.Request) -> str:
    return f"{request.scheme}://{request.host}"


async def _submit(request: web.Request, *, family: Family) -> web.StreamResponse:
    version = family.version(request.query)
    submission = family.read(parse_json_object(await request.read()), request.query, version)
    job = request.app[SERVICE].submit(submission, family, version)
    return responses.accepted(family.job_url(_origin(request), job.id, version), chunked=family.chunked)


async def _status(request: web.Request, *, family: Family) -> web.StreamResponse:
    version = family.version(request.query)
    page = family.page(request.query)
    job, progress, outcomes = await request.app[SERVICE].look(request.match_info["job_id"], family)
    body = family.write(job, progress, outcomes, page, version)
    if progress.phase is not Phase.CANCELLED and any(not each.failure for each in outcomes):
        body |= family.next_link(_origin(request), job, version, page)
    return responses.found(body, chunked=family.chunked)


async def _cancel(request: web.Request, *, family: Family) -> web.StreamResponse:
    version = family.version(request.query)
    job = request.app[SERVICE].cancel(request.match_info["job_id"], family)
    return responses.accepted(family.job_url(_origin(request), job.id, version), chunked=family.chunked)


async def _answer_at_once(request: web.Request, *, operation: Operation) -> web.StreamResponse:
    work = operation.read(parse_json_object(await request.read()), request.query)
    return responses.found(await request.app[SERVICE].answer(work), chunked=operation.chunked)
