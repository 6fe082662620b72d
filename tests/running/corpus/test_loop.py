"""The loop of a corpus: it ends when it is told to, and takes nothing for landed that has not."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from airflow_provider_language.protocol.corpus.items import Item, segments
from airflow_provider_language.protocol.corpus.journal import Journal
from airflow_provider_language.running.corpus.journaling import Journaling
from airflow_provider_language.running.corpus.landing import Landing
from airflow_provider_language.running.corpus.lanes import JobOptions, Lane
from airflow_provider_language.running.corpus.loop import CorpusLoop
from airflow_provider_language.running.corpus.open_segments import OpenSegment
from airflow_provider_language.running.corpus.shapes import Shape
from airflow_provider_language.storage.runs.journals import JournalFolder
from airflow_provider_language.storage.runs.spools import Spool
from tests.running.corpus.test_jobs import SETTINGS, TASKS, Player, limits_of

PATIENCE = 20.0


def loop_over(folder: Path, opened: Iterator[OpenSegment], lanes: list[Lane], **more: Any) -> CorpusLoop:
    events: dict[str, Any] = {"stopping": asyncio.Event(), "ended": threading.Event(), **more}
    return CorpusLoop(
        opened,
        lanes,
        Journaling(JournalFolder(str(folder / "journal"), 1), Journal()),
        limits=limits_of(),
        options=JobOptions("2026-05-01", "name", "en", None, None),
        landing=Landing(lambda number: str(folder / f"part-{number}.jsonl")),
        **events,
    )


def lane() -> Lane:
    return Lane("conn", Player(), SETTINGS, limits_of())  # type: ignore[arg-type]


def test_a_loop_that_is_stopped_amid_reading_does_not_wait_for_the_rest(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ended = threading.Event()

    def endless() -> Iterator[OpenSegment]:
        yield from ()
        if not ended.wait(PATIENCE):
            raise AssertionError("nobody said that the loop has ended")
        raise InterruptedError

    async def stopped() -> None:
        stopping = asyncio.Event()
        loop = loop_over(tmp_path, endless(), [lane()], stopping=stopping, ended=ended)
        asyncio.get_running_loop().call_later(0.05, stopping.set)
        await loop.run()

    with pytest.raises(InterruptedError, match="ended by a signal"):
        asyncio.run(stopped())
    gc.collect()
    assert "never retrieved" not in caplog.text


def test_a_loop_that_was_told_to_stop_before_it_began_begins_nothing(tmp_path: Path) -> None:
    async def stopped() -> None:
        stopping = asyncio.Event()
        stopping.set()
        await loop_over(tmp_path, iter(()), [lane()], stopping=stopping).run()

    with pytest.raises(InterruptedError):
        asyncio.run(stopped())


def test_a_loop_that_cannot_go_on_takes_nothing_for_landed(tmp_path: Path) -> None:
    [(segment, items)] = segments([Item("a", "fine")])
    opened = OpenSegment(Spool(segment, items, len(TASKS)), Shape(TASKS, 25, 125_000, "en"))

    async def without_lanes() -> None:
        await loop_over(tmp_path, iter([opened]), []).run()

    with pytest.raises(AssertionError, match="before all has landed"):
        asyncio.run(without_lanes())


def test_a_segment_is_noted_before_its_jobs(tmp_path: Path) -> None:
    [(segment, items)] = segments([Item("a", "fine")])
    opened = OpenSegment(Spool(segment, items, len(TASKS)), Shape(TASKS, 25, 125_000, "en"))

    async def run() -> None:
        await loop_over(tmp_path, iter([opened]), [lane()]).run()

    asyncio.run(run())

    kinds = [entry["entry"] for entry in JournalFolder(str(tmp_path / "journal"), 2).entries()]
    assert kinds == ["anew", "told", "segment", "landed"]


def test_all_segments_are_read_in_one_thread(tmp_path: Path) -> None:
    readers: list[str] = []

    def read() -> Iterator[OpenSegment]:
        for segment, items in segments([Item.refused(name, "odd") for name in "abcd"], most=1):
            readers.append(threading.current_thread().name)
            yield OpenSegment(Spool(segment, items, len(TASKS)), Shape(TASKS, 25, 125_000, "en"))

    async def run() -> None:
        await loop_over(tmp_path, read(), [lane()]).run()

    asyncio.run(run())

    assert len(readers) == 4
    assert len(set(readers)) == 1
