"""What a run of a corpus is to do: what is analyzed, how, and what is written of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from airflow_provider_language.protocol.corpus.items import Item
from airflow_provider_language.protocol.defaults import OnModelChange
from airflow_provider_language.running.corpus.copies import CopyWanted
from airflow_provider_language.running.corpus.lanes import JobOptions, Limits
from airflow_provider_language.running.corpus.reuse import LedgerWanted
from airflow_provider_language.running.corpus.shapes import Shape
from airflow_provider_language.running.corpus.tabling import TablesWanted

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
        ledger: how it knows what was analyzed before; None if all of it is submitted.
        on_model_change: what is done where other models have judged than before.
        price: of a thousand text records; None where nobody has told it.
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
    ledger: LedgerWanted | None = None
    on_model_change: OnModelChange = "warn"
    price: float | None = None
