"""What an author gives to a corpus, read: its source, its tasks, its destination, its bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.items import Item
from airflow_provider_language.protocol.inputs.documents import Document
from airflow_provider_language.protocol.inputs.fields import number_in
from airflow_provider_language.protocol.inputs.opting_out import opted_out
from airflow_provider_language.protocol.inputs.tasks import TaskLike, tasks_from
from airflow_provider_language.protocol.jobs.redaction import check_redacts
from airflow_provider_language.running.corpus.open_segments import Shape
from airflow_provider_language.running.corpus.places import RunPlaces
from airflow_provider_language.running.sources import query_in
from airflow_provider_language.storage.sources.corpora import (
    Repeated,
    corpus_files,
    corpus_items,
    items_of_rows,
)
from airflow_provider_language.storage.sources.queries import query_rows
from airflow_provider_language.storage.stores import place_of

if TYPE_CHECKING:
    from airflow_provider_language._compat import Context
    from airflow_provider_language.protocol.corpus.layouts import Layout
    from airflow_provider_language.protocol.tables.schema import Column
    from airflow_provider_language.running.corpus.lanes import JobOptions


def items_of(
    source: Any,
    layout: Layout,
    *,
    limit: int | None,
    repeated: Repeated,
    keep: Sequence[Column],
    longest: int,
) -> Callable[[], Iterator[Item]]:
    """What reads the corpus; files are looked up, and a query is run, here and before the event loop begins.

    Args:
        source: a query, alone; or a location, or a list of them, in which None is a task that was skipped.
        layout: how the files are written.
        limit: rows after which it ends; None for all.
        repeated: what becomes of ids that stand in it more than once.
        keep: the columns that are carried over.
        longest: characters of a text that a job takes.

    Raises:
        InvalidInputError: there is none, or nothing at one of them.
    """
    query = query_in(source)
    if query is not None:
        rows = query_rows(query, layout, keep, limit)
        return partial(items_of_rows, rows, query.conn_id, repeated=repeated, keep=keep, longest=longest)
    told = source if isinstance(source, list) else [source]
    sources = [str(one) for one in told if one is not None]
    if not sources:
        raise InvalidInputError("There is no source to read: source is empty.")
    files = corpus_files(sources)
    return partial(corpus_items, files, layout, limit=limit, repeated=repeated, keep=keep, longest=longest)


def shape_of(tasks: Sequence[TaskLike], options: JobOptions, *, opts_out: bool, redacted_only: bool) -> Shape:
    """What all jobs have in common; a job of one document shows whether the version knows it all.

    Args:
        tasks: of each job.
        options: of each submission.
        opts_out: whether the service must not keep the texts.
        redacted_only: whether personal data stays out of the results.

    Raises:
        InvalidInputError: the service would refuse such jobs.
    """
    named = tasks_from(tasks)
    asked = opted_out(named) if opts_out else named
    if redacted_only:
        check_redacts(asked)
    job = options.submission("0", (Document("0", "a", options.language),), asked)
    return Shape(asked, *job.surface.limits(job.kinds), options.language, redacted_only)


def places_of(context: Context, destination: object) -> RunPlaces:
    """Where a task instance's run keeps what; the storage's connection is read here, as the files are.

    Raises:
        InvalidInputError: the destination is no location.
    """
    ti = context["ti"]
    location = place_of(destination, "destination").location
    return RunPlaces.of(location, ti.dag_id, ti.run_id, ti.task_id, getattr(ti, "map_index", -1))


def count_in(value: object, name: str) -> int | None:
    """A number of at least 1, perhaps as a template gives it; None for none.

    Raises:
        InvalidInputError: it is something else.
    """
    number = number_in(value, name)
    if number is not None and (number < 1 or number != int(number)):
        raise InvalidInputError(f"{name} is {number:g} instead of a whole number of at least 1.")
    return None if number is None else int(number)
