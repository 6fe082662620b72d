"""CorpusReuse: what a corpus operator may be told of documents that earlier runs have analyzed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, get_args

from airflow_provider_language._compat import BaseOperator
from airflow_provider_language.protocol.defaults import OnModelChange, Rows
from airflow_provider_language.running.choices import check_choice
from airflow_provider_language.storage.locations import given_location

if TYPE_CHECKING:
    from airflow_provider_language._compat import XComArg
    from airflow_provider_language.storage.locations import Location


class CorpusReuse(BaseOperator):
    """Says what becomes of documents whose text and language were analyzed before (docs/ledger.md).

    Args:
        ledger: where is written what was analyzed, so that it is not paid again: True for a folder below the
            destination; a folder that several tasks share; or False, to submit every document. It needs the
            user's digest key, and is off without one.
        rows: of which documents the run has rows: ``new``, of those that no earlier run at this destination
            has, so that all runs together are the corpus; or ``complete``, of all, where those of earlier
            runs are copied and say so (``reused_from``). By default ``new``; ``complete`` where the run
            replaces others, or makes a redacted copy. Retries keep to what the first try did.
        on_model_change: what is done where results are by other models than those of earlier runs: nothing
            (``ignore``); it is told in log and manifest (``warn``); the task fails when all has landed
            (``fail``); or it is told, and later runs analyze and pay anew what another model than the latest
            has judged (``refresh``).
        kwargs: of Airflow's ``BaseOperator``.
    """

    template_fields: Sequence[str] = ("ledger",)

    def __init__(
        self,
        *,
        ledger: bool | Location | XComArg = True,
        rows: Rows | None = None,
        on_model_change: OnModelChange = "warn",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if rows is not None:
            check_choice("rows", rows, get_args(Rows))
        check_choice("on_model_change", on_model_change, get_args(OnModelChange))
        self.ledger = ledger if isinstance(ledger, bool) else given_location(ledger, "ledger")
        self.rows = rows
        self.on_model_change = on_model_change
