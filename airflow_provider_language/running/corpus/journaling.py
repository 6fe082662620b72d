"""Writes a run's journal from its event loop: many notes at a time, each durable before it is done."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from airflow_provider_language.protocol.corpus.journal import Entry, Journal
from airflow_provider_language.protocol.wire import Obstacle, Recorded, Unrecorded, WriteRecord
from airflow_provider_language.storage.runs.journals import JournalFolder
from airflow_provider_language.transports.deeds import to_its_end

GROUPED = 0.2
"""Seconds between two files of the journal: the notes of this time go into one."""


class Journaling:
    """Takes notes of a run; its own task writes them while :meth:`writing` runs.

    Args:
        folder: where they are written.
        journal: what is known of the run, which learns each note when it is durable.
        clock: the time, in seconds since the epoch.
    """

    def __init__(
        self, folder: JournalFolder, journal: Journal, clock: Callable[[], float] = time.time
    ) -> None:
        self.journal = journal
        self._folder = folder
        self._clock = clock
        self._waiting: list[tuple[tuple[Entry, ...], asyncio.Future[None]]] = []
        self._some = asyncio.Event()
        self._writing = asyncio.Lock()

    async def note(self, *entries: Entry) -> None:
        """Write entries; they are durable when this returns.

        Raises:
            Exception: the storage's own, if they could not be written.
        """
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((entries, done))
        self._some.set()
        await done

    async def read(self) -> Recorded | Unrecorded:
        """What is recorded: of one job there is nothing that a flow would have to read."""
        return Recorded(None, self._clock())

    async def write(self, wish: WriteRecord) -> Recorded | Unrecorded:
        """Write the note of a deed."""
        try:
            await self.note(wish.note)
        except Exception as error:  # noqa: BLE001 - each kind of storage has errors of its own
            return Unrecorded(Obstacle.STORE, f"The journal cannot be written: {type(error).__name__}.")
        return Recorded(wish.note, self._clock())

    async def overtaken_by(self) -> int | None:
        """The number of a later try that writes this journal; None if there is none, or nobody can tell."""
        try:
            return await asyncio.to_thread(self._folder.overtaken_by)
        except Exception:  # noqa: BLE001 - each kind of storage has errors of its own; asked again later
            return None

    async def compact(self) -> None:
        """Put one file in the place of all that were written, once parts have landed.

        It is done to its end, since what is noted meanwhile must come after it: it says all anew.
        """
        async with self._writing:
            await to_its_end(asyncio.to_thread(self._folder.compact, list(self.journal.entries())))

    async def writing(self) -> None:
        """Write what is noted, until this is cancelled, which who has noted must not do before it is done."""
        while True:
            await self._some.wait()
            self._some.clear()
            async with self._writing:
                await self._write()
            await asyncio.sleep(GROUPED)

    async def _write(self) -> None:
        noted, self._waiting = self._waiting, []
        error: Exception | None = None
        try:
            await asyncio.to_thread(self._folder.write, [one for entries, _ in noted for one in entries])
        except Exception as raised:  # noqa: BLE001 - as above; each who waits is told
            error = raised
        for entries, done in noted:
            if error is None:
                for entry in entries:
                    self.journal.add(entry)
            if done.done():
                continue
            if error is None:
                done.set_result(None)
            else:
                done.set_exception(error)
