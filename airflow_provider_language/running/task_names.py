"""What a task instance calls that which it submits: a job, and the part of an input that it has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from airflow_provider_language._compat import Context
    from airflow_provider_language.protocol.inputs.families import Input
    from airflow_provider_language.protocol.jobs.expected import Part


def task_name(context: Context) -> str:
    """The task instance's name, the only mark by which a lost job could be told from others."""
    ti = context["ti"]
    index = getattr(ti, "map_index", -1)
    return f"{ti.dag_id}/{ti.task_id}/{ti.run_id}" + (f"/{index}" if index >= 0 else "")


def part_of(context: Context, batch: int | str | Mapping[str, Any] | None, whole: object) -> Part | None:
    """Which part of an input a job has, by which its results are told from those of another input.

    A task may be mapped over several files, or lists of rows, with several batches each, so the location or
    the rows' ids are part of the name.
    """
    from airflow_provider_language.protocol.corpus.batches import batch_from, digest_of
    from airflow_provider_language.protocol.jobs.expected import Part

    ti = context["ti"]
    group = f"{ti.dag_id}/{ti.task_id}/{ti.run_id}"
    names = [whole] if isinstance(whole, str) else [one.id for one in _rows(whole)]
    source = digest_of(names) if names else ""
    if isinstance(batch, Mapping):
        told = batch_from(batch)
        return Part(told.number, told.total, group, source)
    return Part(int(str(batch)), None, group, source) if str(batch).isdecimal() else None


def _rows(whole: object) -> tuple[Input, ...]:
    from airflow_provider_language.running.given import Rendered

    return whole if isinstance(whole, Rendered) else ()
