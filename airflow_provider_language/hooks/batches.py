"""Batches of documents for mapped tasks, no more of them than Airflow maps a task over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import cast

from airflow.configuration import conf

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.batches import Batch
from airflow_provider_language.protocol.corpus.layouts import Layout
from airflow_provider_language.protocol.corpus.packing import pack
from airflow_provider_language.protocol.inputs.families import (
    Input,
    InputLike,
    check_inputs,
    family_of,
    inputs_from,
)
from airflow_provider_language.protocol.inputs.tasks import TaskLike, tasks_from
from airflow_provider_language.protocol.surfaces import ANALYZE_TEXT
from airflow_provider_language.storage.locations import Location, given_location
from airflow_provider_language.storage.sources.batches import batches_of

MAPPED = 1024
"""Airflow's own default of ``[core] max_map_length``."""


def batches_within(
    documents: Location | Iterable[InputLike], tasks: Sequence[TaskLike], layout: Layout
) -> Iterator[Batch]:
    """Divide documents into batches; see :meth:`LanguageHook.batches`.

    Raises:
        InvalidInputError: as there.
    """
    kinds = frozenset(task.kind for task in tasks_from(tasks)) if tasks else frozenset()
    most = conf.getint("core", "max_map_length", fallback=MAPPED)
    for batch in _batches(documents, kinds, layout):
        if batch.number == most:
            raise InvalidInputError(
                f"The documents make more than {most} jobs, and Airflow maps a task over no more. "
                "Raise [core] max_map_length, or divide the documents over several runs."
            )
        yield batch


def _batches(
    documents: Location | Iterable[InputLike], kinds: frozenset[str], layout: Layout
) -> Iterator[Batch]:
    given = cast("str | Iterable[InputLike]", given_location(documents, "documents"))
    if isinstance(given, str):
        yield from batches_of(given, *ANALYZE_TEXT.limits(kinds), layout)
        return
    layout.refuse_rows()
    inputs: Sequence[Input] = inputs_from(given)
    if inputs:
        check_inputs(inputs)
    first = 0
    for number, packed in enumerate(pack(inputs, *family_of(inputs).limits(kinds))):
        yield Batch.of(number, first, packed)
        first += len(packed)
