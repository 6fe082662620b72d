"""What the looks at a job have shown of it."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar

from airflow_provider_language.protocol.wire import Flow, Reply, Response, Sleep

T = TypeVar("T")


def seen(flow: Flow[T], goes_on: Callable[[], None]) -> Flow[T]:
    """Play a flow that waits for a job, and tell when it pauses after an answer: the job goes on."""
    reply: Reply | None = None
    try:
        step = next(flow)
        while True:
            if isinstance(step, Sleep) and isinstance(reply, Response) and reply.status == HTTPStatus.OK:
                goes_on()
            reply = yield step
            step = flow.send(reply)
    except StopIteration as end:
        result: T = end.value
        return result
    finally:
        flow.close()
