"""AnalyzeCorpusOperator: a corpus of any size in one task, from files or a database to rows."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, cast, get_args

from airflow.configuration import conf

from airflow_provider_language._compat import AirflowFailException, leave_state_to_successor
from airflow_provider_language.exceptions import SubmissionLostError, SupersededError
from airflow_provider_language.links import ReportLink, ResultsLink
from airflow_provider_language.operators.base import LanguageOperator
from airflow_provider_language.operators.corpus_bounds import CorpusBounds
from airflow_provider_language.operators.corpus_columns import CorpusColumns
from airflow_provider_language.operators.lineage import TellsLineage
from airflow_provider_language.operators.map_names import NamedInMap
from airflow_provider_language.operators.redaction import CorpusRedaction
from airflow_provider_language.operators.reuse import CorpusReuse
from airflow_provider_language.protocol.defaults import CORPUS_DEFER_AFTER, KEPT, MAX_UNKNOWN, Policy
from airflow_provider_language.protocol.wire_names import in_order
from airflow_provider_language.running.assets import tell_assets
from airflow_provider_language.running.choices import (
    check_choice,
    check_count,
    check_flags,
    checked_columns,
    has_complete_rows,
)
from airflow_provider_language.running.failures import failing_for_good
from airflow_provider_language.running.given import DEFAULT_CONN_ID
from airflow_provider_language.running.sources import given_source, rendered_source
from airflow_provider_language.running.task_names import task_name
from airflow_provider_language.storage.locations import given_location
from airflow_provider_language.storage.tables.table_formats import TableFormat, check_can_write

if TYPE_CHECKING:
    from airflow_provider_language._compat import Context, XComArg
    from airflow_provider_language.hooks.language import LanguageHook
    from airflow_provider_language.protocol.corpus.failing import Allowed
    from airflow_provider_language.protocol.corpus.queries import SqlSource
    from airflow_provider_language.protocol.inputs.tasks import TaskLike
    from airflow_provider_language.protocol.tables.kept import KeepColumns
    from airflow_provider_language.running.corpus.places import RunPlaces
    from airflow_provider_language.running.corpus.wanted import Corpus, IfExists
    from airflow_provider_language.storage.locations import Location
    from airflow_provider_language.storage.sources.corpora import Repeated


class AnalyzeCorpusOperator(
    NamedInMap, CorpusBounds, CorpusReuse, CorpusRedaction, CorpusColumns, TellsLineage, LanguageOperator
):
    """Analyzes a corpus of any size: reads files, submits jobs as the limits allow, lands rows.

    The tasks decide on what the rows of the files are: texts, or turns of conversations, which are then
    gathered; or, with ``native_documents``, the blobs that the service is to read and to write.

    The rows are those of ``FetchAnalyzeResultsOperator``, in files ``results/RUN/part-NNNNN.jsonl`` below the
    destination, of 10,000 documents each, in the order of the source; beside them are ``_manifest.json`` and,
    once all has landed, ``_SUCCESS`` (docs/corpus.md). RUN names the task instance: the same run goes on
    where its last try was ended, whatever ended it, and nothing is paid again. Another run lands beside it.

    A document that is empty or cannot be read has rows with an error, and costs the others nothing. One whose
    outcome can change (the service was busy) is submitted again, three times at most.

    Returns the short form of the manifest; with ``plan_only``, that of the quote.

    Args:
        source: a file of JSON lines or CSV (also ``.gz``), Parquet, a text file, a folder of them, or a glob;
            or a list of these; or a ``SqlSource``, the rows of a query. A row needs ``text`` and may have
            ``id`` and ``language``; without an id, a document is known by its file and its row's number. A
            turn of a conversation needs ``conversation_id``, ``speaker`` and ``text``, and stands beside the
            others of its conversation; a native document needs ``source`` and ``target``.
        tasks: typed tasks, bare kinds, or dicts in the service's own words; all of them run on each document.
        native_documents: whether the rows name blobs; the kinds of the tasks do not tell.
        split_documents: whether texts that are too long for a job are cut into pieces, whose findings become
            those of the document (docs/splitting.md); else they have rows with an error.
        destination: the folder below which results and journal are written.
        azure_language_conn_id: the connection; or several, which share the corpus. One that is down or out of
            its quota is left out, while the others go on.
        language: for documents that name none: an ISO 639-1 code; by default ``auto``, for conversations
            ``en``.
        default_language: where the language is ``auto`` and cannot be told.
        cancel_after: seconds after which the service itself cancels a job.
        limit: documents (with ``text_columns``, rows) after which the corpus ends, for a trial; None for all.
        max_active_jobs: jobs of one connection that are under way at once; by default two minutes' worth of
            its rate limit.
        max_unknown: jobs of one connection whose submission is under way at once, of which nobody knows
            whether they were accepted after the worker was killed outright.
        repeated_ids: what becomes of ids that stand in the corpus more than once: ``fail``, or ``qualify``,
            which puts the file before each id.
        keep_columns: columns of the source that rows and the table of documents have, too, of a conversation
            those of its first turn: names, or their types by name (``string``, ``int64``, ``double``,
            ``boolean``).
        if_exists: what becomes of the results of other runs of this task at the destination: ``append``
            leaves them, ``replace`` removes them when this run is complete, ``fail`` refuses this run.
        tables_format: of the tables of findings, each in a folder below the destination (docs/tables.md):
            ``parquet``, which needs the extra ``corpus``; ``jsonl``, beside which a ``tables.sql`` has the
            types; or None for no tables.
        report: whether the run has a page for people beside its rows, ``report.html``: what it cost, why rows
            have no result, and what was found, in counts. It quotes no document.
        refresh: start over where the same task instance has a journal, and remove, and pay again, what it had
            landed; its retries go on. What other runs have analyzed is known all the same.
        on_lost_submission: what a try does about jobs of which nobody knows whether the service accepted
            them: ``resubmit``, which may be billed twice and is counted; or ``fail``, once and for good; a
            clear after that submits them again.
        cancel_on_kill: whether a task that is ended cancels the jobs that are under way. By default they are
            left to the next try, since what was accepted is paid.
        deferrable: give the worker back while nothing is left but waiting.
        defer_after: seconds of nothing but waiting before that.
        kwargs: what the run may cost, and how many documents may fail (``max_text_records``,
            ``price_per_thousand_records``, ``plan_only``, ``max_failed_documents``), as
            :class:`~airflow_provider_language.operators.corpus_bounds.CorpusBounds` tells; what becomes of
            documents that earlier runs have analyzed (``ledger``, ``rows``, ``on_model_change``), as
            :class:`~airflow_provider_language.operators.reuse.CorpusReuse` tells; how personal data is
            kept out (``redacted_only``, ``redacted_copy``, ``redaction_policy``, ``second_pass``), as
            :class:`~airflow_provider_language.operators.redaction.CorpusRedaction` tells; how the files are
            written (``text_column``, ``text_columns``, ``id_column``, ``language_column``,
            ``speaker_column``, ``delimiter``, ``encoding``), as
            :class:`~airflow_provider_language.operators.corpus_columns.CorpusColumns` tells; and those of
            :class:`LanguageOperator` and Airflow's ``BaseOperator``.
    """

    template_fields: Sequence[str] = (
        "source",
        "tasks",
        "destination",
        "azure_language_conn_id",
        "api_version",
        "language",
        "default_language",
        "cancel_after",
        "limit",
        "refresh",
        *CorpusBounds.template_fields,
        *CorpusRedaction.template_fields,
        *CorpusReuse.template_fields,
        *CorpusColumns.template_fields,
    )
    template_ext: Sequence[str] = (".sql",)  # of a SqlSource
    template_fields_renderers: ClassVar[dict[str, str]] = {"tasks": "json"}
    operator_extra_links = (ReportLink(), ResultsLink())
    ui_color = "#dcebf7"
    _is_killed = False

    def __init__(
        self,
        *,
        source: Location | Sequence[Location] | SqlSource | XComArg,
        tasks: Sequence[TaskLike],
        destination: Location | XComArg,
        native_documents: bool = False,
        split_documents: bool = True,
        azure_language_conn_id: str | Sequence[str] = DEFAULT_CONN_ID,
        language: str | None = None,
        default_language: str | None = None,
        cancel_after: float | None = None,
        limit: int | str | None = None,
        max_active_jobs: int | None = None,
        max_unknown: int = MAX_UNKNOWN,
        repeated_ids: Repeated = "fail",
        keep_columns: KeepColumns = (),
        if_exists: IfExists = "append",
        tables_format: TableFormat | None = "parquet",
        report: bool = True,
        refresh: bool | str = False,
        on_lost_submission: Policy = "resubmit",
        cancel_on_kill: bool = False,
        deferrable: bool = conf.getboolean("operators", "default_deferrable", fallback=False),
        defer_after: float = CORPUS_DEFER_AFTER,
        **kwargs: Any,
    ) -> None:
        super().__init__(azure_language_conn_id=cast("str", azure_language_conn_id), **kwargs)
        check_choice("repeated_ids", repeated_ids, ("fail", "qualify"))
        check_choice("if_exists", if_exists, ("append", "replace", "fail"))
        has_complete_rows(self.rows, replaces=if_exists == "replace", copies=self.redacted_copy)
        check_choice("on_lost_submission", on_lost_submission, get_args(Policy))
        check_flags(native_documents=native_documents, split_documents=split_documents, report=report)
        check_flags(cancel_on_kill=cancel_on_kill)
        check_count("max_active_jobs", max_active_jobs)
        check_count("max_unknown", max_unknown)
        check_choice("tables_format", tables_format or "jsonl", get_args(TableFormat))
        self._source = given_source(source)
        self.tasks = in_order(tasks)
        self.destination = given_location(destination, "destination")
        self.native_documents = native_documents
        self.split_documents = split_documents
        self.language = language
        self.default_language = default_language
        self.cancel_after = cancel_after
        self.limit = limit
        self.max_active_jobs = max_active_jobs
        self.max_unknown = max_unknown
        self.repeated_ids = repeated_ids
        self.keep_columns = checked_columns(keep_columns)
        self.if_exists = if_exists
        self.tables_format = tables_format
        self.report = report
        self.refresh = refresh
        self.on_lost_submission = on_lost_submission
        self.cancel_on_kill = cancel_on_kill
        self.deferrable = deferrable
        self.defer_after = defer_after
        self._run_after_values_in(self.tasks, self._source)

    @property
    def source(self) -> Any:
        """Where the corpus is."""
        return self._source

    @source.setter
    def source(self, rendered: Any) -> None:
        with failing_for_good():  # a text that is no location is shown nowhere
            self._source = rendered_source(rendered)

    def execute(self, context: Context) -> dict[str, Any]:
        """Work until the corpus has landed, or the worker can be given back."""
        self._tell_of_retirements(self.tasks)
        return self.resume(context)

    def resume(self, context: Context, event: dict[str, Any] | None = None) -> dict[str, Any]:  # noqa: ARG002 - Airflow's signature; the journal tells
        """Go on, also after a deferral: the trigger says no more than that it is time to look."""
        from airflow_provider_language.running.corpus.given import places_of
        from airflow_provider_language.running.corpus.quoting import planned
        from airflow_provider_language.running.corpus.run import CorpusRun

        with failing_for_good():
            is_planned, allowed = self.is_planned_alone, self.allowed_failures
            if self.tables_format is not None and not is_planned:
                check_can_write(self.tables_format)
            hooks = self._hooks()
            corpus = self._corpus(context, hooks)
            places = places_of(context, self.destination)
            if is_planned:
                return planned(corpus, places, hooks, lambda: self._is_killed)
            ti = context["ti"]
            refresh = ti.max_tries if self._is_refreshed else None  # which a clear changes, and no retry
            run = CorpusRun(corpus, places, hooks, attempt=ti.try_number, refresh=refresh)
            try:
                waiting = run.run(lambda: self._is_killed)
            except SupersededError as error:
                self.log.warning("%s", error)
                leave_state_to_successor(ti)
                raise
            except SubmissionLostError as error:  # which is the user's to decide about, and no retry's
                raise AirflowFailException(str(error)) from error
            if waiting:
                self._give_worker_back(waiting)
            return self._judged(context, places, allowed)

    def on_kill(self) -> None:
        """Begin nothing more: after this, Airflow 3 lets the task go on for some seconds."""
        self._is_killed = True

    @property
    def _is_refreshed(self) -> bool:
        return str(self.refresh).strip().lower() in {"true", "1"}

    def _hooks(self) -> list[LanguageHook]:
        from airflow_provider_language.running.corpus.connections import hooks_of

        return hooks_of(self.azure_language_conn_id, self.api_version, self.tolerance)

    def _corpus(self, context: Context, hooks: Sequence[LanguageHook]) -> Corpus:
        from airflow_provider_language.running.corpus.asked import corpus_of
        from airflow_provider_language.running.digest_keys import digest_key

        return corpus_of(self, hooks, task_name(context), digest_key(needed=self.ledger is not False))

    def _give_worker_back(self, waiting: dict[str, list[str]]) -> None:
        from airflow_provider_language.running.corpus.waiting import trigger_of

        self.defer(
            trigger=trigger_of(waiting, time.time(), self.tolerance, cancel_on_kill=self.cancel_on_kill),
            method_name="resume",
            timeout=timedelta(seconds=KEPT) if self.execution_timeout is None else self.execution_timeout,
        )

    def _judged(self, context: Context, places: RunPlaces, allowed: Allowed) -> dict[str, Any]:
        from airflow_provider_language.running.corpus import manifests
        from airflow_provider_language.running.lineage import of_corpus

        whole = manifests.read_manifest(places)
        manifest = manifests.short_form(whole)
        tell_assets(context, self.outlets, manifest)
        self._keep_lineage(lambda: of_corpus(self, places.destination, manifest))
        self.log.info("%d documents, %d rows at %s", *map(manifest.get, ("documents", "rows", "path")))
        error = manifests.wrong_with(whole, allowed, self.on_model_change)
        if error is not None:
            context["ti"].xcom_push(key="return_value", value=manifest)
            raise error
        return manifest
