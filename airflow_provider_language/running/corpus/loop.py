"""The event loop of a corpus: reads segments, submits jobs as the limits allow, collects and lands."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING, Any

from airflow_provider_language.exceptions import LanguageError, SupersededError
from airflow_provider_language.protocol.corpus.journal import JobNote, landed_entry, segment_entry
from airflow_provider_language.running.corpus.accounts import accounted
from airflow_provider_language.running.corpus.jobs import Jobs
from airflow_provider_language.running.corpus.open_segments import OpenSegment, Work
from airflow_provider_language.running.corpus.progress import SUBMITTING, WAITING, Folds, Report
from airflow_provider_language.running.corpus.reading import ReadAhead

if TYPE_CHECKING:
    from airflow_provider_language.running.corpus.journaling import Journaling
    from airflow_provider_language.running.corpus.landing import Landing
    from airflow_provider_language.running.corpus.lanes import JobOptions, Lane, Limits

log = logging.getLogger(__name__)

GRACE = 4.0
"""Seconds that an ending run gives to requests that are under way; Airflow 3 kills a task after five."""
CHECKED = 5.0
"""Seconds between two looks for a later try, which has taken this one for dead."""
REPORTED = 60.0
"""Seconds between two lines of progress."""


class CorpusLoop:
    """Works through a corpus until all of it has landed, or it is told to stop.

    Args:
        segments: opens one segment after another; it reads and packs, and is asked in a thread.
        lanes: the connections.
        journaling: writes the journal.
        limits: of the run.
        options: of its submissions.
        landing: writes the parts.
        stopping: set by who wants it to end.
        ended: set by the loop when it ends, for the thread that reads.
        report: counts what it does; None for one of its own.
        clock: the time, in seconds since the epoch.

    Attributes:
        waiting: where only waiting is left, the jobs by connection; else empty.
    """

    def __init__(
        self,
        segments: Iterator[OpenSegment],
        lanes: list[Lane],
        journaling: Journaling,
        *,
        limits: Limits,
        options: JobOptions,
        landing: Landing,
        stopping: asyncio.Event,
        ended: threading.Event,
        report: Report | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._segments = ReadAhead(segments)
        self._lanes = lanes
        self._limits = limits
        self._journaling = journaling
        self._landing = landing
        self._complete: set[int] = set()
        self._stopping = stopping
        self._ended = ended
        self._clock = clock
        self._open: dict[int, OpenSegment] = {}
        self._ready: deque[tuple[OpenSegment, Work]] = deque()
        self._running: set[asyncio.Task[None]] = set()
        self._landings: set[asyncio.Task[None]] = set()
        self._jobs = Jobs(options, limits, journaling, self._accepted)
        self._changed = asyncio.Event()
        self._error: BaseException | None = None
        self._opening: asyncio.Task[OpenSegment | None] | None = None
        self._is_read = False
        self._moved = clock()
        self._compacting = asyncio.Lock()
        self._folds = Folds()
        self.report = report or Report(clock())
        self.waiting: dict[str, list[str]] = {}

    async def run(self) -> None:
        """Work until all is landed, it is stopped, or only waiting is left.

        Raises:
            LanguageError: why it could not go on; all that had been submitted is noted.
            InterruptedError: it was told to stop; nothing more was submitted, and what was sent is noted.
        """
        writing = asyncio.create_task(self._journaling.writing())
        beside = [asyncio.create_task(self._report()), asyncio.create_task(self._wake_to_stop())]
        try:
            await self._dispatch()
        finally:
            self._folds.end()
            await self._end()
            self._segments.end()
            for task in (*beside, writing):
                task.cancel()
            await asyncio.gather(*beside, writing, return_exceptions=True)
        self._judge()

    async def _wake_to_stop(self) -> None:
        await self._stopping.wait()
        self._changed.set()

    def _judge(self) -> None:
        """Raise why not all has landed, unless only waiting is left."""
        if self._is_read and not self._open:
            return
        error = self._error or next((lane.out for lane in self._lanes if lane.out), None)
        if error is not None:
            raise error
        if self._stopping.is_set():
            raise InterruptedError("The run was ended by a signal; the next try goes on from here.")
        if not self.waiting:
            raise AssertionError("the loop has ended before all has landed")

    async def _end(self) -> None:
        """End what runs: a submission is done to its end, so that its job is noted; the source may hang."""
        self._ended.set()
        ending: set[asyncio.Task[Any]] = set(self._running)
        if self._stopping.is_set() and self._limits.cancel_on_kill:
            ending.add(
                asyncio.create_task(self._jobs.cancel(list(self._jobs.collecting.values()), self._lanes))
            )
        for task in self._running - self._landings:  # a part that is written is noted, too
            task.cancel()
        if self._opening is not None:
            ending.add(self._opening)
        if ending:
            done, late = await asyncio.wait(ending, timeout=GRACE)
            await asyncio.gather(*done, return_exceptions=True)
            if late - {self._opening}:
                log.warning("%d requests had not ended; what they submit is told as unknown", len(late))

    async def _dispatch(self) -> None:
        while not self._stopping.is_set() and self._error is None:
            self._changed.clear()
            self._folds.begin(self._phase)
            if self._ready and (lane := self._free_lane()) is not None:
                self._start(lane, *self._ready.popleft())
            elif not self._ready and not self._is_read and self._free_lane() is not None:
                await self._open_next()
            elif self._is_over():
                return
            else:
                await self._rest()

    @property
    def _phase(self) -> str:
        submitting = sum(lane.active for lane in self._lanes) - len(self._jobs.collecting)
        return SUBMITTING if self._ready or submitting or not self._is_read else WAITING

    def _is_over(self) -> bool:
        if self._running:
            return self._only_waits()
        return True

    def _only_waits(self) -> bool:
        """Whether the worker may be given back: nothing is left to submit, or to decode, for a while.

        A job that the triggerer has found ended is looked at before: else it would find it again, at once.
        """
        after = self._limits.defer_after
        if (
            after is None
            or self._ready
            or not self._is_read
            or self._jobs.unseen
            or len(self._jobs.collecting) < len(self._running)
        ):
            return False
        if self._clock() - self._moved < after:
            return False
        for note in self._jobs.collecting.values():
            self.waiting.setdefault(note.connection, []).append(str(note.location))
        return True

    async def _rest(self) -> None:
        after = self._limits.defer_after
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._changed.wait(), None if after is None else max(after / 4, 0.05))

    def _free_lane(self) -> Lane | None:
        return min((one for one in self._lanes if one.is_free), key=lambda lane: lane.active, default=None)

    async def _open_next(self) -> None:
        """Take the next segment, which was read meanwhile, and have the one behind it read."""
        if self._opening is None:
            self._opening = asyncio.create_task(self._segments.next())
        opening = self._opening
        waker = asyncio.ensure_future(self._changed.wait())
        await asyncio.wait({opening, waker}, return_when=asyncio.FIRST_COMPLETED)
        waker.cancel()
        if not opening.done():
            return
        self._opening = None
        try:
            segment = opening.result()
            if segment is not None and segment.segment.number not in self._journaling.journal.segments:
                await self._journaling.note(segment_entry(segment.segment))
        except Exception as error:  # noqa: BLE001 - of the source or the journal; told when what was submitted is noted
            self._fail(error)
            return
        if segment is None:
            self._is_read = True
            return
        self._opening = asyncio.create_task(self._segments.next())
        self._open[segment.segment.number] = segment
        self.report.read(len(segment.spool.ids))
        self._landing.begin(segment)
        self._take_up(segment, segment.begin())

    def _take_up(self, segment: OpenSegment, works: list[Work]) -> None:
        self._ready.extend((segment, work) for work in works)
        for number in (segment.segment.number, *segment.rows.taken_woken()):
            if number not in self._complete and self._open[number].is_complete:
                self._complete.add(number)
                self._landings.add(self._run(self._land(self._open[number])))
        self._changed.set()

    def _start(self, lane: Lane, segment: OpenSegment, work: Work) -> None:
        if work.note is not None:
            lane = next((one for one in self._lanes if one.conn_id == work.note.connection), lane)
        lane.active += 1
        self._run(self._work(lane, segment, work), lane)

    def _run(self, work: Coroutine[Any, Any, None], lane: Lane | None = None) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(lambda done: self._ran(done, lane))
        return task

    def _ran(self, task: asyncio.Task[None], lane: Lane | None) -> None:
        self._running.discard(task)
        self._landings.discard(task)
        if lane is not None:
            lane.active -= 1
        if not task.cancelled() and (error := task.exception()) is not None:
            self._fail(error)
        self._changed.set()

    def _fail(self, error: BaseException) -> None:
        self._error = self._error or error
        self._changed.set()

    async def _work(self, lane: Lane, segment: OpenSegment, work: Work) -> None:
        outcome = await self._jobs.run(lane, segment, work)
        if outcome.out is not None:
            self._leave_out(lane, outcome.out)
        if not outcome.is_open:
            self._moved = self._clock()
            self._take_up(segment, outcome.works)

    def _accepted(self, note: JobNote) -> None:
        self._moved = self._clock()
        self.report.submitted(note.records)

    def _leave_out(self, lane: Lane, error: LanguageError) -> None:
        if lane.out is None:
            lane.out = error
            others = sum(one.out is None for one in self._lanes)
            with self._folds.interrupted():
                log.warning("%s is left out, and %d connections go on: %s", lane.conn_id, others, error)
        self._changed.set()

    async def _land(self, segment: OpenSegment) -> None:
        number = segment.segment.number
        jobs = self._journaling.journal.segments[number].jobs
        totals = accounted(segment, jobs)
        part = await asyncio.to_thread(self._landing.write, segment)
        await self._journaling.note(landed_entry(segment.segment, part, totals))
        self._landing.end(self._open.pop(number), is_read=self._is_read)
        self.report.landed(totals.documents)
        async with self._compacting:
            await self._journaling.compact()

    async def _report(self) -> None:
        for number in count(1):
            await asyncio.sleep(CHECKED)
            if number % (REPORTED // CHECKED) == 0:
                with self._folds.interrupted():
                    log.info("%s", self.report.line(self._clock(), len(self._running)))
            later = await self._journaling.overtaken_by()
            if later is not None:
                self._fail(SupersededError(f"Try {later} of this task has taken the run over."))
