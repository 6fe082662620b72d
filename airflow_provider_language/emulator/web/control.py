"""The control path ``/_emulator/``, by which tests and people hold the emulator in their hands."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from aiohttp import web

from airflow_provider_language.emulator.instruments.fault_orders import fault_from_json
from airflow_provider_language.emulator.instruments.instrument import CONTROL_PATH, Instrument
from airflow_provider_language.emulator.instruments.job_reports import report
from airflow_provider_language.emulator.instruments.journal import summarize
from airflow_provider_language.emulator.instruments.ordered_faults import OrderedFault
from airflow_provider_language.emulator.protocol.json_bodies import parse_json
from airflow_provider_language.emulator.service import Service
from airflow_provider_language.emulator.web import responses, status_page
from airflow_provider_language.emulator.web.access import Asker, refusal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_SERVICE = web.AppKey("CONTROLLED_SERVICE", Service)
_INSTRUMENT = web.AppKey("CONTROLLED_INSTRUMENT", Instrument)


def build_control(service: Service, instrument: Instrument) -> web.Application:
    """Return the application that is served under the control path.

    Args:
        service: The service that is controlled.
        instrument: What a test holds in its hand.
    """
    app = web.Application(middlewares=[_guard])
    app[_SERVICE] = service
    app[_INSTRUMENT] = instrument
    app.add_routes(
        [
            web.get("", _to_page),
            web.get("/", _page),
            web.get("/jobs", _jobs),
            web.get("/journal", _journal),
            web.delete("/journal", _clear_journal),
            web.get("/clock", _clock),
            web.post("/clock", _advance),
            web.get("/faults", _faults),
            web.post("/faults", _order_fault),
            web.delete("/faults", _clear_faults),
            web.delete("/faults/{number:[0-9]{1,9}}", _remove_fault),
        ]
    )
    return app


class ControlError(ValueError):
    """A request of control that cannot be obeyed as it stands."""


@web.middleware
async def _guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    asker = Asker(
        method=request.method,
        address=request.remote or "",
        scheme=request.scheme,
        host=request.host,
        origin=request.headers.get("Origin"),
        site=request.headers.get("Sec-Fetch-Site"),
    )
    refused = refusal(asker, request.app[_INSTRUMENT].control_hosts)
    if refused is not None:
        return _json({"error": refused}, status=403)
    try:
        response = await handler(request)
    except web.HTTPRequestEntityTooLarge:
        return _json({"error": "The body is too large."}, status=413)
    except web.HTTPException as error:
        return _json({"error": error.reason}, status=error.status)
    except ValueError as error:
        return _json({"error": str(error)}, status=400)
    return response


def _json(body: Any, *, status: int = 200) -> web.Response:
    return responses.control(status, json.dumps(body).encode(), "application/json")


async def _body(request: web.Request) -> Any:
    # A form of another site's page can send text, but never this type.
    if request.content_type != "application/json":
        raise ControlError("The body must be JSON, with Content-Type: application/json.")
    try:
        return parse_json(await request.read())
    except ValueError as error:
        raise ControlError(f"The body is not valid JSON: {error}.") from error


async def _to_page(_: web.Request) -> web.Response:
    return web.Response(status=308, headers={"Location": f"{CONTROL_PATH}/"})


async def _page(request: web.Request) -> web.Response:
    service, instrument = request.app[_SERVICE], request.app[_INSTRUMENT]
    page = await asyncio.to_thread(status_page.render, service.settings, service.jobs(), instrument)
    return responses.control(200, page.encode(), "text/html", policy=status_page.CONTENT_SECURITY_POLICY)


async def _jobs(request: web.Request) -> web.Response:
    service = request.app[_SERVICE]
    now = service.now()
    return _json({"jobs": [report(job, now).to_json() for job in service.jobs()]})


async def _journal(request: web.Request) -> web.Response:
    journal, query = request.app[_INSTRUMENT].journal, request.query
    _require_known(query, {"method", "path", "operation", "since", "limit"})
    since = _moment(query["since"]) if "since" in query else None
    limit = int(query["limit"]) if "limit" in query else None

    def select() -> dict[str, Any]:
        entries = journal.select(
            method=query.get("method"),
            path=query.get("path"),
            operation=query.get("operation"),
            since=since,
        )
        shown = entries if limit is None else entries[max(0, len(entries) - limit) :]
        return {
            "summary": summarize(entries).to_json(),
            "forgotten": journal.forgotten,
            "entries": [entry.to_json() for entry in shown],
        }

    return _json(await asyncio.to_thread(select))


async def _clear_journal(request: web.Request) -> web.Response:
    request.app[_INSTRUMENT].journal.clear()
    return _json({})


async def _clock(request: web.Request) -> web.Response:
    return _json(_clock_state(request))


async def _advance(request: web.Request) -> web.Response:
    body = await _body(request)
    seconds = body.get("advance") if isinstance(body, dict) and set(body) == {"advance"} else None
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise ControlError('The body must be {"advance": seconds}.')
    request.app[_INSTRUMENT].clock.advance(seconds)
    return _json(_clock_state(request))


def _clock_state(request: web.Request) -> dict[str, Any]:
    clock = request.app[_INSTRUMENT].clock
    return {"now": clock().astimezone(timezone.utc).isoformat(), "advanced": clock.lead.total_seconds()}


async def _faults(request: web.Request) -> web.Response:
    return _json({"faults": [_fault(ordered) for ordered in request.app[_INSTRUMENT].faults]})


async def _order_fault(request: web.Request) -> web.Response:
    body = await _body(request)
    if not isinstance(body, dict):
        raise ControlError("The body must be a JSON object.")
    return _json({"id": request.app[_INSTRUMENT].faults.add(fault_from_json(body))}, status=201)


async def _clear_faults(request: web.Request) -> web.Response:
    request.app[_INSTRUMENT].faults.clear()
    return _json({})


async def _remove_fault(request: web.Request) -> web.Response:
    if not request.app[_INSTRUMENT].faults.remove(int(request.match_info["number"])):
        raise web.HTTPNotFound
    return _json({})


def _fault(ordered: OrderedFault) -> dict[str, Any]:
    return {"id": ordered.id, "met": ordered.met, "struck": ordered.struck, **ordered.fault.to_json()}


def _require_known(query: Mapping[str, str], known: set[str]) -> None:
    unknown = sorted(set(query) - known)
    if unknown:
        raise ControlError(f"Unknown parameters: {', '.join(unknown)}.")


def _moment(text: str) -> datetime:
    # A "+" of a time zone reads as a blank in a query, and Python 3.10 does not know "Z".
    moment = datetime.fromisoformat(text.replace(" ", "+").replace("Z", "+00:00"))
    if moment.tzinfo is None:
        raise ControlError("'since' must have a time zone.")
    return moment
