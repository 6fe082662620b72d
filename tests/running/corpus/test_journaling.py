"""The journal of a corpus in its event loop: one file after another, whatever is cancelled meanwhile."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from airflow_provider_language.protocol.corpus.journal import Journal
from airflow_provider_language.running.corpus.journaling import Journaling
from airflow_provider_language.storage.runs.journals import JournalFolder

PATIENCE = 20.0


class SlowFolder(JournalFolder):
    """Takes its time to put one file in the place of all, and tells what it is asked for."""

    def __init__(self, location: str) -> None:
        super().__init__(location, 1)
        self.begun = threading.Event()
        self.goes_on = threading.Event()
        self.asked: list[str] = []

    def compact(self, entries: Iterable[Any]) -> None:
        self.begun.set()
        assert self.goes_on.wait(PATIENCE)
        self.asked.append("compact")
        super().compact(entries)

    def write(self, entries: Iterable[Any]) -> None:
        self.asked.append("write")
        super().write(entries)


async def test_a_note_that_is_made_while_all_are_put_into_one_file_stands_behind_it(tmp_path: Path) -> None:
    folder = SlowFolder(str(tmp_path))
    journaling = Journaling(folder, Journal())
    writing = asyncio.create_task(journaling.writing())
    compacting = asyncio.create_task(journaling.compact())
    await asyncio.to_thread(folder.begun.wait, PATIENCE)

    compacting.cancel()  # as the end of a run does
    noted = asyncio.create_task(journaling.note({"entry": "told", "values": {"late": 1}}))
    await asyncio.wait([noted], timeout=0.3)
    folder.goes_on.set()
    await noted
    with suppress(asyncio.CancelledError):
        await compacting
    writing.cancel()

    assert folder.asked == ["compact", "write", "write"]
    entries = list(JournalFolder(str(tmp_path), 2).entries())
    assert entries[-1] == {"entry": "told", "values": {"late": 1}}
