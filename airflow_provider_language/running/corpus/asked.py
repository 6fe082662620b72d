"""What a corpus operator was asked, as its arguments stand after rendering, made into a corpus to run."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.families import (
    CONVERSATIONS,
    NATIVE_DOCUMENTS,
    Family,
    Takes,
    family_for,
)
from airflow_provider_language.protocol.corpus.queries import SqlSource
from airflow_provider_language.protocol.inputs.charges import price_in
from airflow_provider_language.protocol.inputs.fields import number_in, text_in
from airflow_provider_language.protocol.inputs.tasks import tasks_from
from airflow_provider_language.protocol.tables.kept import kept_columns
from airflow_provider_language.running.choices import has_complete_rows, text_columns_in
from airflow_provider_language.running.corpus.columns import columns_of, kept_with_column
from airflow_provider_language.running.corpus.connections import Resource, version_of
from airflow_provider_language.running.corpus.copies import CopyWanted, copy_wanted
from airflow_provider_language.running.corpus.given import (
    count_in,
    items_of,
    read_from,
    shape_of,
    takes_of,
)
from airflow_provider_language.running.corpus.lanes import JobOptions, Limits
from airflow_provider_language.running.corpus.places import ledger_below
from airflow_provider_language.running.corpus.reuse import LedgerWanted
from airflow_provider_language.running.corpus.tabling import TablesWanted
from airflow_provider_language.running.corpus.wanted import Corpus, IfExists
from airflow_provider_language.storage.copies.reading import Reading
from airflow_provider_language.storage.stores import place_of

if TYPE_CHECKING:
    from airflow_provider_language.protocol.corpus.layouts import Layout
    from airflow_provider_language.protocol.defaults import OnModelChange, Policy, Rows, SecondPassMode
    from airflow_provider_language.protocol.inputs.tasks import TaskLike
    from airflow_provider_language.protocol.tables.kept import KeepColumns
    from airflow_provider_language.protocol.tables.schema import Column
    from airflow_provider_language.running.corpus.shapes import Shape
    from airflow_provider_language.running.redaction_keys import Secrets
    from airflow_provider_language.storage.sources.corpora import Repeated, SourceFile
    from airflow_provider_language.storage.tables.table_formats import TableFormat


log = logging.getLogger(__name__)


class Asked(Protocol):
    """The arguments of ``AnalyzeCorpusOperator`` that say what its corpus is, under the same names."""

    tasks: Sequence[TaskLike]
    language: str | None
    default_language: str | None
    cancel_after: float | None
    limit: int | str | None
    max_text_records: int | str | None
    price_per_thousand_records: float | str | None
    native_documents: bool
    split_documents: bool
    max_active_jobs: int | None
    max_unknown: int
    repeated_ids: Repeated
    redacted_only: bool
    redacted_copy: bool
    second_pass: SecondPassMode | None
    ledger: Any
    rows: Rows | None
    on_model_change: OnModelChange
    destination: Any
    keep_columns: KeepColumns
    if_exists: IfExists
    tables_format: TableFormat | None
    report: bool
    on_lost_submission: Policy
    cancel_on_kill: bool
    deferrable: bool
    defer_after: float

    @property
    def policy(self) -> Any:
        """By which the copy is redacted; None for the service's own redaction."""

    @property
    def secrets(self) -> Secrets:
        """What gives the keys of the policy."""

    @property
    def source(self) -> Any:
        """Where the corpus is."""

    @property
    def layout(self) -> Layout:
        """How its files are written."""

    @property
    def text_columns(self) -> Sequence[str] | None:
        """Several columns with texts, in the place of that of the layout."""


def corpus_of(asked: Asked, hooks: Sequence[Resource], display_name: str, digest_key: bytes | None) -> Corpus:
    """Make a corpus of what was asked.

    Args:
        asked: the operator.
        hooks: of its connections.
        display_name: by which its jobs begin.
        digest_key: of the digests by which a change of the source is found; None for none.

    Raises:
        InvalidInputError: it cannot be run so, or there is nothing to read.
    """
    kinds = [task.kind for task in tasks_from(asked.tasks)]
    family = family_for(kinds, native=asked.native_documents)
    options = JobOptions(
        version=version_of(hooks, family.surface),
        display_name=display_name,
        language=text_in(asked.language, "language") or family.language,
        default_language=text_in(asked.default_language, "default_language"),
        cancel_after=number_in(asked.cancel_after, "cancel_after"),
    )
    opts_out = any(hook.opts_out_of_logging for hook in hooks)
    shape = shape_of(asked.tasks, options, family, opts_out=opts_out, redacted_only=asked.redacted_only)
    source = read_from(asked.source)
    columns = columns_of(asked.text_columns, asked.layout, source, family)
    kept = kept_with_column(asked.keep_columns) if columns else kept_columns(asked.keep_columns)
    said: dict[str, Any] = {"repeated": asked.repeated_ids, "keep": kept, "columns": columns}
    limit = count_in(asked.limit, "limit")
    limits = _limits(asked, hooks, family)
    takes = takes_of(shape, options.version, cuts=asked.split_documents)
    copy = _copy(asked, source, limit, shape, takes, kept=kept) if asked.redacted_copy else None
    return Corpus(
        items=items_of(source, asked.layout, limit=limit, family=family, takes=takes, **said),
        shape=shape,
        options=options,
        limits=limits,
        if_exists=asked.if_exists,
        digest_key=digest_key,
        tables=TablesWanted(asked.tables_format, kept, family is NATIVE_DOCUMENTS),
        report=asked.report,
        copy=copy,
        ledger=_ledger(asked, shape, digest_key),
        on_model_change=asked.on_model_change,
        price=price_in(asked.price_per_thousand_records),
    )


def _ledger(asked: Asked, shape: Shape, key: bytes | None) -> LedgerWanted | None:
    """What the run is to know of earlier ones; nothing where the user has no key for it.

    A native document is told by where it lies, so that nobody knows whether it is the same one.
    """
    if asked.ledger is False or shape.family is NATIVE_DOCUMENTS:
        return None
    if key is None and asked.ledger is True:
        log.info(
            "There is no digest key, so that documents of earlier runs are not known again (docs/ledger.md)"
        )
        return None
    if key is None:
        raise InvalidInputError(
            "A ledger is named, and there is no digest key: set digest_key or digest_key_conn_id in "
            "[azure_language] (docs/ledger.md)."
        )
    is_default = asked.ledger is True
    place = place_of(asked.destination, "destination") if is_default else place_of(asked.ledger, "ledger")
    location = place.location.rstrip("/")
    return LedgerWanted(
        ledger_below(location) if is_default else location,
        key,
        is_complete=has_complete_rows(
            asked.rows, replaces=asked.if_exists == "replace", copies=asked.redacted_copy
        ),
        refreshes=asked.on_model_change == "refresh",
    )


def _copy(
    asked: Asked,
    source: SqlSource | Sequence[SourceFile],
    limit: int | None,
    shape: Shape,
    takes: Takes,
    *,
    kept: Sequence[Column],
) -> CopyWanted:
    if isinstance(source, SqlSource):
        raise InvalidInputError(
            "redacted_copy is for files, and the source is a query: load the table of redacted texts instead."
        )
    if shape.family is NATIVE_DOCUMENTS:
        raise InvalidInputError(
            "redacted_copy is for texts and conversations. The redacted copies of native documents are "
            "written by the service, at their targets; leave it out."
        )
    columns = text_columns_in(asked.text_columns)
    beside = tuple(kept) if shape.family is CONVERSATIONS else ()
    reading = Reading(asked.layout, asked.repeated_ids == "qualify", takes, columns, shape.family, beside)
    how: dict[str, Any] = {"secrets": asked.secrets, "audit_format": asked.tables_format}
    how["second_pass"] = asked.second_pass
    return copy_wanted(source, reading, limit, shape.tasks, policy=asked.policy, **how)


def _limits(asked: Asked, hooks: Sequence[Resource], family: Family) -> Limits:
    most = count_in(asked.max_text_records, "max_text_records")
    if most is not None and family is NATIVE_DOCUMENTS:
        raise InvalidInputError(
            "max_text_records is set, and nobody but the service knows how long native documents are: try "
            "some of them with limit, and leave it out."
        )
    rate = max(hook.connection_settings.limits.per_minute for hook in hooks)
    return Limits(
        max_active_jobs=asked.max_active_jobs or 2 * rate,
        max_unknown=asked.max_unknown,
        max_text_records=most,
        defer_after=asked.defer_after if asked.deferrable else None,
        on_lost_submission=asked.on_lost_submission,
        cancel_on_kill=asked.cancel_on_kill,
    )
