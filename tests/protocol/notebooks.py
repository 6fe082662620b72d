"""A notebook in memory, which keeps to the contract, and into which others write where a test says so."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

from airflow_provider_language.protocol.wire import Note, Obstacle, Recorded, Unrecorded, WriteRecord

Interference = Obstacle | Mapping[str, Any]
"""What comes between: an obstacle, or the note of somebody else; an empty one for a note that vanishes."""


class MemoryNotebook:
    """Keeps one note, as JSON.

    Args:
        note: what is recorded; None for nothing.
        at: what comes at each access, by its number from 0 on.
        clock: the time, in seconds since the epoch.
        forgotten: what somebody else knows of, where nothing is recorded.

    Attributes:
        note: what is recorded.
        written: all notes that were written through it.
    """

    def __init__(
        self,
        note: object = None,
        at: Mapping[int, Interference] | None = None,
        clock: Callable[[], float] = lambda: 0.0,
        forgotten: object = None,
    ) -> None:
        self.note: Any = note
        self.written: list[Note] = []
        self.clock = clock
        self._forgotten = forgotten
        self._at = dict(at or {})
        self._accesses = 0

    def read(self) -> Recorded | Unrecorded:
        hindered = self._hindered()
        return hindered or Recorded(self.note, self.clock(), self._forgotten if self.note is None else None)

    def write(self, wish: WriteRecord) -> Recorded | Unrecorded:
        hindered = self._hindered()
        if hindered is not None:
            return hindered
        if self.note not in (wish.over, None):
            return Unrecorded(Obstacle.OVERTAKEN)
        self.note = json.loads(json.dumps(wish.note))
        self.written.append(self.note)
        return Recorded(self.note, self.clock())

    def _hindered(self) -> Unrecorded | None:
        comes = self._at.get(self._accesses)
        self._accesses += 1
        if isinstance(comes, Obstacle):
            return Unrecorded(comes, "the disk is full" if comes is Obstacle.STORE else "")
        if comes is not None:
            self.note = dict(comes) or None
        return None


class AsyncMemoryNotebook:
    """A notebook whose every access takes some turns of the event loop before it has effect, and after it.

    Args:
        notebook: keeps the note.
        turns: how many they are this time.
    """

    def __init__(self, notebook: MemoryNotebook, turns: Callable[[], int] = lambda: 1) -> None:
        self._notebook = notebook
        self._turns = turns

    async def read(self) -> Recorded | Unrecorded:
        await pause(self._turns())
        return self._notebook.read()

    async def write(self, wish: WriteRecord) -> Recorded | Unrecorded:
        await pause(self._turns())
        written = self._notebook.write(wish)
        await pause(self._turns())
        return written


async def pause(turns: int) -> None:
    """Let the others run for so many turns of the event loop."""
    for _ in range(turns):
        await asyncio.sleep(0)
