"""A run of a corpus in a worker: its journal read, its loop driven to its end, its manifest written."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.journal import Journal, journal_of
from airflow_provider_language.protocol.corpus.quotes import nothing_known
from airflow_provider_language.protocol.defaults import Rows
from airflow_provider_language.protocol.report.gathering import Gathered
from airflow_provider_language.running.corpus.connections import Resource
from airflow_provider_language.running.corpus.earlier_tries import check_landed, check_lost
from airflow_provider_language.running.corpus.ends import driven
from airflow_provider_language.running.corpus.heaps import heap_settled
from airflow_provider_language.running.corpus.journaling import Journaling
from airflow_provider_language.running.corpus.landing import Landing
from airflow_provider_language.running.corpus.lanes import Lane
from airflow_provider_language.running.corpus.loop import CorpusLoop
from airflow_provider_language.running.corpus.manifests import models_changed, write_manifest
from airflow_provider_language.running.corpus.opening import opened
from airflow_provider_language.running.corpus.places import RunPlaces, names_in
from airflow_provider_language.running.corpus.progress import Report
from airflow_provider_language.running.corpus.quoting import check_quote, is_quoted, quoted, until
from airflow_provider_language.running.corpus.reach import check_reach
from airflow_provider_language.running.corpus.redacting import write_copy
from airflow_provider_language.running.corpus.reporting import note_latest, read_rows, write_report
from airflow_provider_language.running.corpus.reuse import Reuse, compact
from airflow_provider_language.running.corpus.tabling import check_columns
from airflow_provider_language.running.corpus.wanted import Corpus
from airflow_provider_language.storage.files import replace_file
from airflow_provider_language.storage.runs.journals import JournalFolder

log = logging.getLogger(__name__)


class CorpusRun:
    """One try of a run.

    Args:
        corpus: what is to be done.
        places: where the run keeps what.
        hooks: of the connections.
        attempt: the number of the try.
        refresh: which refreshment of the run it is, by a number that its retries have, too; None to go on
            with what there is.
        progress: is told how far this try has come.
    """

    def __init__(
        self,
        corpus: Corpus,
        places: RunPlaces,
        hooks: Sequence[Resource],
        *,
        attempt: int,
        refresh: int | None,
        progress: Callable[[Report], None] = lambda _: None,
    ) -> None:
        self._corpus = corpus
        self._places = places
        self._hooks = hooks
        self._progress = progress
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
        try:
            waiting = self._worked(journal, is_killed)
            report = None if waiting else self._read_rows(journal, is_killed)
        except BaseException:
            self._tell_incomplete(journal)
            raise
        if waiting:
            self._tell_incomplete(journal)
        else:
            self._complete(journal, report)
        return waiting

    def _worked(self, journal: Journal, is_killed: Callable[[], bool]) -> dict[str, list[str]]:
        """Work in the loop; what the ledger knows is given back with it, before the rows are read."""
        with self._reuse(journal) as reuse:
            self._quote(journal, reuse, is_killed)
            journaling = Journaling(self._folder, journal)
            with heap_settled():
                return driven(lambda stopping: self._played(journaling, stopping, reuse), is_killed)

    @contextmanager
    def _reuse(self, journal: Journal) -> Iterator[Reuse | None]:
        """What the ledger knows; the models that judged that are told as they were when the run began."""
        corpus = self._corpus
        if corpus.ledger is None:
            yield None
            return
        wanted = replace(corpus.ledger, is_complete=journal.told["rows"] == "complete")
        landed = [str(progress.part) for progress in journal.landed]
        with heap_settled():
            reuse = Reuse(
                *(wanted, corpus.shape, corpus.options, self._places),
                began=str(journal.told["began"]),
                landed=landed,
            )
        if "models" not in journal.told:
            self._tell(journal, {"models": reuse.models_before()})
        with reuse:
            yield reuse

    def _quote(self, journal: Journal, reuse: Reuse | None, is_killed: Callable[[], bool]) -> None:
        """Quote what is to be submitted, and refuse what costs more than is allowed, before anything is."""
        if not is_quoted(self._corpus) or journal.segments:
            return
        known = nothing_known if reuse is None else reuse.known_tasks
        quote = quoted(self._corpus, self._hooks, known, is_killed)
        check_quote(quote, self._corpus.limits.max_text_records)
        self._tell(journal, {"quote": quote})

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
            self._tell(journal, {**told, "began": _now(), "rows": self._rows})
            write_manifest(journal, self._places, complete=False)  # by which a ledger knows the run again
        elif journal.told["rows"] == "new" and (self._corpus.copy or self._corpus.if_exists == "replace"):
            raise InvalidInputError(
                "This run began with rows of new documents alone: those of earlier runs are neither to be "
                "removed (if_exists) nor can it copy the whole source (redacted_copy). Begin a new run, or "
                "start this one over with refresh=True."
            )
        if self._corpus.price is not None:
            self._tell(journal, {"price": self._corpus.price})

    @property
    def _rows(self) -> Rows:
        ledger = self._corpus.ledger
        return "complete" if ledger is None or ledger.is_complete else "new"

    async def _played(
        self, journaling: Journaling, stopping: asyncio.Event, reuse: Reuse | None
    ) -> dict[str, list[str]]:
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
                opened(
                    until(ended.is_set, self._corpus.items()),
                    self._corpus.shape,
                    journaling.journal,
                    self._corpus.digest_key,
                    reuse,
                ),
                lanes,
                journaling,
                limits=self._corpus.limits,
                options=self._corpus.options,
                landing=Landing(self._places.part, reuse),
                stopping=stopping,
                ended=ended,
                report=Report(time.time(), _left(journaling.journal), self._progress),
            )
            await loop.run()
            return loop.waiting

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
        manifest = write_manifest(journal, self._places, complete=True)
        if self._corpus.on_model_change != "ignore" and (changed := models_changed(manifest)):
            log.warning("%s", changed)
        if report is not None:
            write_report(self._places, report)
        replace_file(self._places.success, b"")
        note_latest(self._places)
        self._folder.compact(list(journal.entries()))
        if self._corpus.ledger is not None:
            compact(self._corpus.ledger, self._corpus.shape, self._corpus.options)
        if self._corpus.if_exists == "replace":
            for other in self._places.others():
                log.info("Removing the results of another run at %s", other.results)
                other.remove()


def _left(journal: Journal) -> int | None:
    """How many documents have not landed; None where nobody has counted them."""
    quote = journal.told.get("quote")
    landed = (one.totals.documents for one in journal.landed)
    return None if quote is None else int(quote["documents"]) - sum(landed)


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds")
