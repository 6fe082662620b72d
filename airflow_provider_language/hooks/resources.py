"""What this process knows of the resources that it asks: one budget for each, whoever asks."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from airflow_provider_language.protocol.pacing.budgets import RequestBudget
from airflow_provider_language.protocol.pacing.resources import Resource
from airflow_provider_language.transports.gates import ThreadGate

if TYPE_CHECKING:
    from airflow_provider_language.hooks.connections import ConnectionSettings
    from airflow_provider_language.protocol.jobs.handles import Endpoint
    from airflow_provider_language.protocol.pacing.limits import Limits

REMEMBERED = 16
"""Resources that a process remembers though nobody uses them."""


@dataclass(frozen=True, eq=False)
class Known:
    """A resource as this process knows it; who uses the resource holds this, and so keeps it from oblivion.

    Args:
        resource: budget, durations and the number of waiting jobs.
        gate: for the threads of this process.
    """

    resource: Resource
    gate: ThreadGate


class Memory:
    """Knows each resource once, as long as anybody holds it, and the last few for longer."""

    def __init__(self) -> None:
        self._held: WeakValueDictionary[tuple[Endpoint, Limits], Known] = WeakValueDictionary()
        self._last: OrderedDict[tuple[Endpoint, Limits], Known] = OrderedDict()
        # The handler of a signal cancels jobs in the thread that it interrupts.
        self._knowing = threading.RLock()

    def known(self, settings: ConnectionSettings) -> Known:
        """What is known of a connection's resource; see :func:`known`."""
        key = settings.endpoint, settings.limits
        with self._knowing:
            found = self._held.get(key)
            if found is None:
                resource = Resource(RequestBudget(settings.limits))
                found = self._held[key] = Known(resource, ThreadGate(resource.budget))
            self._last[key] = found
            self._last.move_to_end(key)
            while len(self._last) > REMEMBERED:
                self._last.popitem(last=False)
        return found


_memory = Memory()


def _begin_anew() -> None:
    """A forked process has sent nothing yet, and nobody gives back there what another thread has locked."""
    global _memory  # noqa: PLW0603 - Python tells of a fork by a function alone
    _memory = Memory()


os.register_at_fork(after_in_child=_begin_anew)


def known(settings: ConnectionSettings) -> Known:
    """What this process knows of a connection's resource; whose key is used makes no difference to it.

    Args:
        settings: of the connection.
    """
    return _memory.known(settings)
