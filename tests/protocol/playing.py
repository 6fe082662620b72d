"""Plays a flow by feeding it replies: collects its steps and moves a clock at each of its sleeps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from airflow_provider_language.protocol.exchanges import Settings
from airflow_provider_language.protocol.wire import Flow, NoReply, Request, Response
from airflow_provider_language.transports import blocking
from airflow_provider_language.transports.deeds import Deeds, Keep, no_record
from tests.protocol.notebooks import MemoryNotebook

T = TypeVar("T")

START = 1_000_000.0
STEADY = Settings(random=lambda: 0.0)
"""The default policies without jitter, so that each pause is a number that a test can name."""


class Player:
    """Gives a flow its replies in order, each stamped with the time that the flow's own sleeps make.

    Args:
        replies: what the flow's requests are answered with, in order. All of them must be wanted.
        then: what every further request is answered with; without it, one more request is a fault.
        latency: seconds that each request takes.
        notebook: of the flow's record.
    """

    def __init__(
        self,
        *replies: Response | NoReply,
        then: Response | NoReply | None = None,
        latency: float = 0.0,
        notebook: MemoryNotebook | None = None,
    ) -> None:
        self._replies = list(replies)
        self._then = then
        self._latency = latency
        self.now = START
        self.requests: list[Request] = []
        self.sleeps: list[float] = []
        self._keep: Keep = no_record
        if notebook is not None:
            notebook.clock = self._clock
            self._keep = Deeds(notebook, self._answer, clock=self._clock)

    def _clock(self) -> float:
        return self.now

    def play(self, flow: Flow[T]) -> T:
        try:
            return blocking.play(flow, self._answer, keep=self._keep, clock=self._clock, sleep=self._sleep)
        finally:
            assert not self._replies, f"{len(self._replies)} replies were not asked for"

    def _sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.sleeps.append(seconds)
        self.now += seconds

    def _answer(self, request: Request) -> Response | NoReply:
        self.requests.append(request)
        self.now += self._latency
        reply = self._replies.pop(0) if self._replies else self._then
        assert reply is not None, f"no reply is left for {request}"
        return replace(reply, at=self.now)

    @property
    def elapsed(self) -> float:
        return self.now - START

    @property
    def lines(self) -> list[str]:
        """The requests as ``METHOD path``."""
        return [f"{request.method} {request.path}" for request in self.requests]


def settled(flow: Flow[T], *replies: Response | NoReply) -> T:
    """What a flow makes of these replies."""
    return Player(*replies).play(flow)


def flattened(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """A query as a dict, refusing a name that comes twice."""
    pairs = list(pairs)
    query = dict(pairs)
    assert len(query) == len(pairs)
    return query
