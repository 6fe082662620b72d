"""What an author gives to a corpus, read: its source, its tasks, its destination, its bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.families import TEXTS, Family, Takes
from airflow_provider_language.protocol.corpus.items import Item
from airflow_provider_language.protocol.corpus.queries import SqlSource
from airflow_provider_language.protocol.corpus.sentence_ends import sentence_ends
from airflow_provider_language.protocol.corpus.splitting import Piece, overlap_of, split
from airflow_provider_language.protocol.inputs.fields import number_in
from airflow_provider_language.protocol.inputs.opting_out import opted_out
from airflow_provider_language.protocol.inputs.submissions import check_alone
from airflow_provider_language.protocol.inputs.tasks import TaskLike, tasks_from
from airflow_provider_language.protocol.jobs.redaction import check_redacts
from airflow_provider_language.protocol.surfaces import surface_for
from airflow_provider_language.running.corpus.places import RunPlaces
from airflow_provider_language.running.corpus.shapes import Shape
from airflow_provider_language.running.sources import query_in
from airflow_provider_language.storage.sources.corpora import (
    Repeated,
    SourceFile,
    corpus_files,
    corpus_items,
    items_of_rows,
)
from airflow_provider_language.storage.stores import place_of

if TYPE_CHECKING:
    from airflow_provider_language._compat import Context
    from airflow_provider_language.protocol.corpus.layouts import Layout
    from airflow_provider_language.protocol.tables.schema import Column
    from airflow_provider_language.running.corpus.lanes import JobOptions


def read_from(source: Any) -> SqlSource | list[SourceFile]:
    """What a corpus is read from: a query; or files, which are looked up here, before the event loop.

    Args:
        source: a query, or a location, or a list of these, in which None is a task that was skipped.

    Raises:
        InvalidInputError: there is none, or nothing at one of them.
    """
    query = query_in(source)
    if query is not None:
        return query
    told = source if isinstance(source, list) else [source]
    sources = [str(one) for one in told if one is not None]
    if not sources:
        raise InvalidInputError("There is no source to read: source is empty.")
    return corpus_files(sources)


def items_of(
    source: SqlSource | Sequence[SourceFile],
    layout: Layout,
    *,
    limit: int | None,
    repeated: Repeated,
    keep: Sequence[Column],
    family: Family,
    takes: Takes,
    columns: Sequence[str] = (),
) -> Callable[[], Iterator[Item]]:
    """What reads the corpus; a query is run here, before the event loop begins.

    Args:
        source: of the corpus.
        layout: how it is written.
        limit: items after which it ends, or rows where these have several texts; None for all.
        repeated: what becomes of ids that stand in it more than once.
        keep: the columns that are carried over.
        family: of the jobs.
        takes: what a job takes.
        columns: that have texts, where these are several.

    Raises:
        InvalidInputError: a query cannot be run, or is asked for something else than texts.
    """
    if not isinstance(source, SqlSource):
        return partial(
            corpus_items,
            source,
            layout,
            limit=limit,
            repeated=repeated,
            keep=keep,
            family=family,
            takes=takes,
            columns=columns,
        )
    if family is not TEXTS:
        raise InvalidInputError(
            "A SqlSource gives texts. Write conversations, or rows that name native documents, to a file."
        )
    from airflow_provider_language.storage.sources.queries import query_rows  # which needs Airflow

    rows = query_rows(source, layout, keep, limit)
    return partial(items_of_rows, rows, source.conn_id, repeated=repeated, keep=keep, takes=takes)


def shape_of(
    tasks: Sequence[TaskLike], options: JobOptions, family: Family, *, opts_out: bool, redacted_only: bool
) -> Shape:
    """What all jobs have in common; a job of one document shows whether the version knows it all.

    Args:
        tasks: of each job.
        options: of each submission.
        family: of the jobs.
        opts_out: whether the service must not keep the texts.
        redacted_only: whether personal data stays out of the results.

    Raises:
        InvalidInputError: the service would refuse such jobs.
    """
    named = tasks_from(tasks)
    asked = opted_out(named) if opts_out else named
    if redacted_only:
        check_redacts(asked)
    sample = family.input_of("0", family.sample, options.language)
    job = options.submission("0", (sample,), asked)
    return Shape(asked, *job.surface.limits(job.kinds), options.language, redacted_only, family)


def takes_of(shape: Shape, version: str, *, cuts: bool = True) -> Takes:
    """What a job of this shape takes, at a version of the API.

    Args:
        shape: of the job.
        version: of the API.
        cuts: whether texts that are too long are cut; nothing else is ever.
    """
    kinds = [task.kind for task in shape.tasks]
    surface = surface_for(version, frozenset(kinds), shape.family.surface)
    check = partial(check_alone, surface=surface, version=version, tasks=shape.tasks)
    if not cuts or shape.family is not TEXTS:
        return Takes(shape.max_characters, check)
    overlap = overlap_of(kinds)

    def cut(text: str, language: str | None) -> tuple[Piece, ...]:
        return split(text, shape.max_characters, sentence_ends(language or shape.language), overlap)

    return Takes(shape.max_characters, check, cut)


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
