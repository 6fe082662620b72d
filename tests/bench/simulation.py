"""Waits in simulated time: our own flow, played against jobs whose durations are drawn."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone

from airflow_provider_language.emulator.instruments.durations import quantile
from airflow_provider_language.protocol import flows
from airflow_provider_language.protocol.exchanges import Settings
from airflow_provider_language.protocol.jobs.handles import JobHandle
from airflow_provider_language.protocol.jobs.origins import Origin
from airflow_provider_language.protocol.pacing.pauses import Pace
from airflow_provider_language.protocol.pacing.resources import Resource
from airflow_provider_language.protocol.surfaces import ANALYZE_TEXT
from airflow_provider_language.protocol.versions import DEFAULT_VERSION
from airflow_provider_language.protocol.wire import Awake, Reply, Request, Response, Sleep

START = 1_800_000_000.0
HANDLE = JobHandle(ANALYZE_TEXT, DEFAULT_VERSION, "a-job")


@dataclass(frozen=True)
class Waited:
    """What waiting for a job came to.

    Args:
        looks: how many requests it took.
        delay: seconds from the job's end to the look that found it.
    """

    looks: float
    delay: float


class Pressed(Resource):
    """A resource whose budget is always as tight as a measurement wants it.

    Args:
        pressure: from 0 (free) to 1.
    """

    def __init__(self, pressure: float) -> None:
        super().__init__()
        self._pressure = pressure

    def pressure(self, now: float) -> float:
        return self._pressure


def drawn(count: int, seed: int, slowness: float = 1.0) -> list[float]:
    """Durations in seconds, drawn from the fit of the recorded ones."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, no secret
    return [slowness * quantile(chance.random()) for _ in range(count)]


def waits(durations: Sequence[float], pace: Pace, resource: Resource, seed: int) -> Iterator[Waited]:
    """Wait for one job after another, with what was learned of those before.

    The service tells times in whole seconds, as the real one does, so jobs begin at any part of a second.
    """
    chance = random.Random(seed)  # noqa: S311 - repeatable, no secret
    settings = Settings(pace=pace, random=chance.random, resource=resource)
    now = START
    for duration in durations:
        now += 1 + chance.random()
        yield _wait(now, duration, settings)


def _wait(begun: float, duration: float, settings: Settings) -> Waited:
    flow = flows.watch(HANDLE, settings, origin=Origin(since=begun))
    now, looks = begun, 0
    try:
        step = next(flow)
        while True:
            reply: Reply
            if isinstance(step, Request):
                looks += 1
                reply = _answer(begun, duration, now)
            else:
                assert isinstance(step, Sleep)
                now += step.seconds
                reply = Awake(now)
            step = flow.send(reply)
    except StopIteration:
        return Waited(looks, now - begun - duration)


def _answer(begun: float, duration: float, now: float) -> Response:
    has_ended = now >= begun + duration
    body = {
        "jobId": HANDLE.job_id,
        "status": "succeeded" if has_ended else "running",
        "createdDateTime": _told(begun),
        "lastUpdatedDateTime": _told(begun + duration if has_ended else begun),
        "tasks": {"completed": int(has_ended), "failed": 0, "total": 1, "items": []},
    }
    return Response(200, {}, json.dumps(body).encode(), now)


def _told(time: float) -> str:
    return datetime.fromtimestamp(int(time), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
