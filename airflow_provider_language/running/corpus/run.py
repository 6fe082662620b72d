"""A run of a corpus in a worker: its journal read, its loop driven to its end, its manifest written."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Literal, TypeAlias

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.items import Item, segments
from airflow_provider_language.protocol.corpus.journal import JobNote, Journal, journal_of
from airflow_provider_language.protocol.corpus.quotes import Known, nothing_known
from airflow_provider_language.protocol.report.gathering import Gathered
from airflow_provider_language.running.corpus.connections import Resource
from airflow_provider_language.running.corpus.earlier_tries import check_landed, check_lost
from airflow_provider_language.running.corpus.ends import signals_told
from airflow_provider_language.running.corpus.heaps import heap_settled
from airflow_provider_language.running.corpus.journaling import Journaling
from airflow_provider_language.running.corpus.lanes import JobOptions, Lane, Limits
from airflow_provider_language.running.corpus.loop import CorpusLoop
from airflow_provider_language.running.corpus.manifests import write_manifest
from airflow_provider_language.running.corpus.open_segments import OpenSegment
from airflow_provider_language.running.corpus.places import RunPlaces, names_in
from airflow_provider_language.running.corpus.quoting import check_quote, is_quoted, quoted, until
from airflow_provider_language.running.corpus.reach import check_reach
from airflow_provider_language.running.corpus.redacting import CopyWanted, write_copy
from airflow_provider_language.running.corpus.reporting import note_latest, read_rows, write_report
from airflow_provider_language.running.corpus.shapes import Shape
from airflow_provider_language.running.corpus.tabling import TablesWanted, check_columns
from airflow_provider_language.storage.files import replace_file
from airflow_provider_language.storage.runs.journals import JournalFolder
from airflow_provider_language.storage.runs.spools import Spool

log = logging.getLogger(__name__)

IfExists: TypeAlias = Literal["append", "replace", "fail"]


@dataclass(frozen=True)
class Corpus:
    """What is to be analyzed, and how.

    Args:
        items: reads it from its begin.
        shape: of its jobs.
        options: of its submissions.
        limits: of the run.
        if_exists: what becomes of the results of other runs: they stay (``append``), they are removed when
            this one is complete (``replace``), or this one is refused (``fail``).
        digest_key: of the digests by which a change of the source is found; None for none.
        tables: how they are written, and what is carried over to them.
        report: whether the run has a report for people.
        copy: the redacted copy of the source; None for none.
        price: of a thousand text records; None where nobody has told it.
        known: tells the quote which results are known.
    """

    items: Callable[[], Iterator[Item]]
    shape: Shape
    options: JobOptions
    limits: Limits
    if_exists: IfExists
    digest_key: bytes | None
    tables: TablesWanted
    report: bool = True
    copy: CopyWanted | None = None
    price: float | None = None
    known: Known = nothing_known


class CorpusRun:
    """One try of a run.

    Args:
        corpus: what is to be done.
        places: where the run keeps what.
        hooks: of the connections.
        attempt: the number of the try.
        refresh: which refreshment of the run it is, by a number that its retries have, too; None to go on
            with what there is.
    """

    def __init__(
        self,
        corpus: Corpus,
        places: RunPlaces,
        hooks: Sequence[Resource],
        *,
        attempt: int,
        refresh: int | None,
    ) -> None:
        self._corpus = corpus
        self._places = places
        self._hooks = hooks
        begun = names_in(places.journal)
        generation = f"{refresh or 0:06}" if refresh is not None or not begun else begun[-1]
        self._folder = JournalFolder(f"{places.journal}/{generation}", attempt)

    def run(self, is_killed: Callable[[], bool] = lambda: False) -> dict[str, list[str]]:
        """Work until the corpus has landed.

        Args:
            is_killed: whether the task was killed by something that has not ended it.

        Returns:
            Nothing where it has; else the jobs that are waited for, by connection.

        Raises:
            LanguageError: why it could not go on; the next try does, from here.
            InterruptedError: it was ended by a signal.
        """
        journal = journal_of(self._folder.entries())
        self._begin(journal)
        check_landed(journal, self._places)
        check_lost(journal, self._folder.write, self._corpus.limits.on_lost_submission)
        endpoints = {hook.azure_language_conn_id: hook.connection_settings.endpoint for hook in self._hooks}
        check_reach(journal, endpoints, self._folder.write)
        if is_quoted(self._corpus) and not journal.segments:
            quote = quoted(self._corpus, self._hooks, is_killed)
            check_quote(quote, self._corpus.limits.max_text_records)
            self._tell(journal, {"quote": quote})
        try:
            waiting = self._driven(Journaling(self._folder, journal), is_killed)
            report = None if waiting else self._read_rows(journal, is_killed)
        except BaseException:
            self._tell_incomplete(journal)
            raise
        if waiting:
            self._tell_incomplete(journal)
        else:
            self._complete(journal, report)
        return waiting

    def _tell_incomplete(self, journal: Journal) -> None:
        """Write what there is; that this cannot be done must not hide why the run has ended."""
        try:
            write_manifest(journal, self._places, complete=False)
        except Exception as error:  # noqa: BLE001 - each kind of storage has errors of its own
            log.warning("The manifest could not be written: %s", type(error).__name__)

    def _begin(self, journal: Journal) -> None:
        """Note what the run is to do, or refuse to go on with something else."""
        tasks = [[task.kind, task.name, task.parameters] for task in self._corpus.shape.tasks]
        asked = {
            "tasks": tasks,
            "family": self._corpus.shape.family.surface.name,
            "version": self._corpus.options.version,
            "columns": self._corpus.tables.told(),
            "redacted_only": self._corpus.shape.redacted_only,
        }
        told = json.loads(json.dumps(asked))
        begun = {name: journal.told[name] for name in told if name in journal.told}
        if begun and begun != told:
            raise InvalidInputError(
                "This run began with other tasks, columns, redaction, or version of the API, and some of it "
                "may have landed. Begin a new run, or start this one over with refresh=True."
            )
        if not begun:
            others = [one for one in self._places.others() if not one.is_plan]
            if others and self._corpus.if_exists == "fail":
                raise InvalidInputError(f"There are results of another run at {others[0].results}.")
            if others and self._corpus.tables.format and self._corpus.if_exists != "replace":
                check_columns(self._places, self._corpus.tables)
            self._places.remove_landed()  # of the run before it was started over
            self._tell(journal, {**told, "began": _now()})
        if self._corpus.price is not None:
            self._tell(journal, {"price": self._corpus.price})

    def _driven(self, journaling: Journaling, is_killed: Callable[[], bool]) -> dict[str, list[str]]:
        """Drive the loop; a signal stops it, and is handled after it."""
        loop = asyncio.new_event_loop()
        stopping = asyncio.Event()

        def tell(_: int) -> None:
            with suppress(RuntimeError):  # the loop is closed, and has ended by itself
                loop.call_soon_threadsafe(stopping.set)

        with heap_settled(), signals_told(tell):
            if is_killed():
                stopping.set()
            try:
                return loop.run_until_complete(self._played(journaling, stopping))
            finally:
                loop.run_until_complete(_no_tasks_left())
                loop.run_until_complete(loop.shutdown_asyncgens())
                loop.close()  # which waits for no thread: a storage may hang, and each file is whole or not

    async def _played(self, journaling: Journaling, stopping: asyncio.Event) -> dict[str, list[str]]:
        ended = threading.Event()
        async with AsyncExitStack() as players:
            lanes = [
                Lane(
                    hook.azure_language_conn_id,
                    await players.enter_async_context(hook.player(hook.connection_settings)),
                    hook.settings,
                    self._corpus.limits,
                )
                for hook in self._hooks
            ]
            loop = CorpusLoop(
                self._segments(journaling.journal, ended),
                lanes,
                journaling,
                limits=self._corpus.limits,
                options=self._corpus.options,
                part=self._places.part,
                stopping=stopping,
                ended=ended,
            )
            await loop.run()
            return loop.waiting

    def _segments(self, journal: Journal, ended: threading.Event) -> Iterator[OpenSegment]:
        """Open one segment after another; those that have landed are compared with the source, and passed."""
        number = -1
        for segment, items in segments(until(ended.is_set, self._corpus.items()), self._corpus.digest_key):
            number = segment.number
            known = journal.segments.get(segment.number)
            if known is not None:
                known.segment.check(segment)
                if known.is_landed:
                    continue
            notes: list[JobNote] = [] if known is None else list(known.jobs.values())
            spool = Spool(segment, items, len(self._corpus.shape.tasks))
            del items  # else their texts would be held while the next ones are read
            yield OpenSegment(spool, self._corpus.shape, notes)
        gone = [one for one in journal.segments if one > number]
        if gone:
            raise InvalidInputError(
                f"The source has shrunk since this run read it: segment {gone[0]} is no longer there. Begin "
                "a new run, or start this one over with refresh=True."
            )

    def _read_rows(self, journal: Journal, is_killed: Callable[[], bool]) -> Gathered | None:
        """Make what follows from all rows: the tables, the redacted copy, and what the report tells."""
        wanted, kinds = self._corpus.tables, [task.kind for task in self._corpus.shape.tasks]
        gathered = Gathered() if self._corpus.report else None
        parts = [str(progress.part) for progress in journal.landed]
        with heap_settled():
            told: dict[str, Any] = {
                "tables": read_rows(parts, self._places, wanted, kinds, gathered, is_killed=is_killed)
            }
            if self._corpus.copy is not None:
                copy = self._corpus.copy
                told["redacted_copy"] = write_copy(parts, self._places, copy, is_killed=is_killed)
        if gathered is not None:
            told["findings"] = gathered.told()
        self._tell(journal, told)
        return gathered

    def _tell(self, journal: Journal, values: dict[str, Any]) -> None:
        entry = {"entry": "told", "values": values}
        self._folder.write([entry])
        journal.add(entry)

    def _complete(self, journal: Journal, report: Gathered | None) -> None:
        self._tell(journal, {"ended": _now()})
        write_manifest(journal, self._places, complete=True)
        if report is not None:
            write_report(self._places, report)
        replace_file(self._places.success, b"")
        note_latest(self._places)
        self._folder.compact(list(journal.entries()))
        if self._corpus.if_exists == "replace":
            for other in self._places.others():
                log.info("Removing the results of another run at %s", other.results)
                other.remove()


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


async def _no_tasks_left() -> None:
    """Let what outlives its users, such as a session that lingers, end with the loop."""
    tasks = [one for one in asyncio.all_tasks() if one is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
