"""The world of one sequence: a service, a time, storages, and processes that can be struck at every step."""

from __future__ import annotations

import json
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import TYPE_CHECKING, Any

from airflow_provider_language.storage import files
from airflow_provider_language.storage import state_files as records
from airflow_provider_language.storage.private_files import replace_private_file
from airflow_provider_language.transports import blocking
from tests.airflow_stands import TaskInstance
from tests.sequences import weather
from tests.sequences.ledger import Ledger

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from airflow_provider_language.emulator import Emulator
    from tests.time_travel import Time

STRUCK = 6
"""How many processes of a sequence are struck at most; then the weather is calm, so that it ends."""


KILLS = ("marked as failed", "cleared while it ran", "its worker was shut down")


class Gone(BaseException):
    """SIGKILL: the process is gone."""


class Terminated(BaseException):
    """What Airflow 2 raises at SIGTERM; Airflow 3 lets the task go on until it is gone."""


class TimedOut(BaseException):
    """Stands for AirflowTaskTimeout, which SIGALRM raises."""


class World:
    """What surrounds the tasks of one sequence.

    Args:
        random: what everything is drawn from.
        time: of the provider and the emulator.
        service: the emulator.
        ledger: of the jobs.

    Attributes:
        happened: how often each strike came, by kind and point, and how often each fault struck.
        values: of the task state store.
        newest: the number of the newest try.
        fences: whether the store refuses the tries before the newest one, as Airflow 3.3 does.
        forgets: whether the store forgets what a task has kept when it is cleared, as from Airflow 3.4 on.
        killed: why the running process is being ended; None if it is not.
        succeed: runs the next try while this one is held up.
    """

    def __init__(self, random: Random, time: Time, service: Emulator, ledger: Ledger) -> None:
        self.random = random
        self.time = time
        self.service = service
        self.ledger = ledger
        self.happened: Counter[tuple[str, str]] = Counter()
        self.values: dict[str, str] = {}
        self.newest = 0
        self.fences = random.random() < 0.5
        self.forgets = self.fences and random.random() < 0.5
        self.killed: str | None = None
        self.succeed: Callable[[], None] = lambda: None
        self._left = STRUCK
        self._grace = True
        self._ordered: dict[int, str] = {}
        self._armed: weather.Armed | None = None

    @property
    def is_calm(self) -> bool:
        """Whether nothing goes wrong any more."""
        return self._left <= 0

    def keeps(self) -> bool:
        """Whether the store keeps what it has at the next clear: as ever, or as its user wishes."""
        return not self.forgets or self.random.random() < 0.3

    def clear(self, *, keeps: bool, while_running: bool = False) -> None:
        """A user clears the task that submits: another life, unless its record is to be gone on with."""
        self.happened["clear", "kept" if keeps else "forgotten"] += self.forgets
        if not keeps:
            self.values.clear()
        elif self.forgets or while_running:
            return
        self.ledger.end_life()

    def brew(self) -> None:
        """Decide on what strikes the next process, and what the service does to it."""
        self._left -= 1
        self._armed = None if self.is_calm else weather.armed(self.random)
        if self.is_calm:
            self.clear_up()
            return
        for name, fault in weather.faults(self.random):
            self._ordered[self.service.faults.add(fault)] = name

    def arm(self, armed: weather.Armed) -> None:
        """Have the next process struck so."""
        self._armed = armed

    def clear_up(self) -> None:
        """Call all faults of the service off."""
        for ordered in self.service.faults:
            if ordered.struck:
                self.happened["fault", self._ordered[ordered.id]] += 1
        self.service.faults.clear()

    def point(self, name: str) -> None:
        """A process has come to a point at which it may be struck."""
        armed = self._armed
        if armed is None or not armed.comes_at(name):
            return
        self._armed = None
        self.happened[armed.kind, name] += 1
        if armed.kind == "crash":
            raise Gone
        if armed.kind == "storage error":
            raise RuntimeError("the storage does not answer")
        if armed.kind == "timeout":
            signal.raise_signal(signal.SIGALRM)
        elif armed.kind == "successor":
            if name in ("store set", "file written") and not self.fences:
                self.ledger.races += 1
            self.succeed()
        else:
            self.killed = self.random.choice(KILLS)
            self._grace = armed.kind == "kill"
            signal.raise_signal(signal.SIGTERM)

    @contextmanager
    def process(self, operator: Any) -> Iterator[None]:
        """Handle signals as a worker of Airflow does while it runs a task."""

        def on_term(*_: object) -> None:
            operator.on_kill()
            if not self._grace:
                raise Terminated
            self._armed = weather.Armed("crash", self.random.randrange(6))

        def on_alarm(*_: object) -> None:
            raise TimedOut

        self.killed = None
        before = [signal.signal(signal.SIGTERM, on_term), signal.signal(signal.SIGALRM, on_alarm)]
        try:
            yield
        except TimedOut:
            operator.on_kill()
            raise
        finally:
            signal.signal(signal.SIGTERM, before[0])
            signal.signal(signal.SIGALRM, before[1])


class Store:
    """Airflow's task state store as one try sees it."""

    def __init__(self, world: World, number: int) -> None:
        self._world = world
        self._number = number

    @property
    def _is_refused(self) -> bool:
        return self._world.fences and self._number < self._world.newest

    def get(self, key: str, default: Any = None) -> Any:
        self._world.point("store get")
        if self._is_refused or key not in self._world.values:
            return default
        return json.loads(self._world.values[key])

    def set(self, key: str, value: Any) -> None:
        self._world.point("store set")
        if self._is_refused:
            raise RuntimeError("404: this try is not known any more")
        self._world.values[key] = json.dumps(value)
        self._world.ledger.recorded(value)
        self._world.point("stored")


class Instance(TaskInstance):
    """A try of a task whose process may be struck before and after each XCom."""

    world: World

    def xcom_push(self, key: str, value: Any) -> None:
        self.world.point("xcom push")
        super().xcom_push(key, value)
        self.world.point("xcom pushed")


def strike_at_every_step(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make each request and each write to a disk a point of the world.

    Patches, for a process cannot be struck within a library otherwise.
    """
    send, replace, fsync = blocking.SessionWire.send, replace_private_file, os.fsync
    read = records.StateFile.read

    def send_struck(wire: Any, request: Any, headers: Any) -> Any:
        world.point("request")
        answer = send(wire, request, headers)
        world.point("answered")
        return answer

    def read_struck(file: Any) -> Any:
        world.point("store get")
        return read(file)

    def replace_struck(path: Path, content: bytes) -> None:
        world.point("store set")
        replace(path, content)
        world.ledger.recorded(json.loads(content))
        world.point("stored")

    class StruckFile(files.WholeFile):
        def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
            super().__exit__(kind, error, trace)
            if kind is None:
                world.point("file replaced")

    def fsync_struck(descriptor: int) -> None:
        fsync(descriptor)
        world.point("file written")

    monkeypatch.setattr(blocking.SessionWire, "send", send_struck)
    monkeypatch.setattr(records.StateFile, "read", read_struck)
    monkeypatch.setattr("airflow_provider_language.storage.state_files.replace_private_file", replace_struck)
    monkeypatch.setattr("airflow_provider_language.storage.rows.WholeFile", StruckFile)
    monkeypatch.setattr(os, "fsync", fsync_struck)
