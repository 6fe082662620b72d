"""Plays a flow by feeding it replies: collects its steps and moves a clock at each of its sleeps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from airflow_provider_language.analysis.exchanges import Settings
from airflow_provider_language.analysis.wire import Awake, Flow, NoReply, Reply, Request, Response, Sleep

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
    """

    def __init__(
        self,
        *replies: Response | NoReply,
        then: Response | NoReply | None = None,
        latency: float = 0.0,
    ) -> None:
        self._replies = list(replies)
        self._then = then
        self._latency = latency
        self.now = START
        self.requests: list[Request] = []
        self.sleeps: list[float] = []

    def play(self, flow: Flow[T]) -> T:
        try:
            step = next(flow)
            while True:
                step = flow.send(self._sleep(step) if isinstance(step, Sleep) else self._answer(step))
        except StopIteration as end:
            result: T = end.value
            return result
        finally:
            flow.close()
            assert not self._replies, f"{len(self._replies)} replies were not asked for"

    def _sleep(self, step: Sleep) -> Reply:
        assert step.seconds >= 0
        self.sleeps.append(step.seconds)
        self.now += step.seconds
        return Awake(self.now)

    def _answer(self, request: Request) -> Reply:
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
