"""What came of what in a task, gathered while it ends, where Airflow has the provider that tells of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from airflow_provider_language.protocol.corpus.families import CONVERSATIONS, family_for
from airflow_provider_language.protocol.inputs.tasks import tasks_from
from airflow_provider_language.protocol.jobs.expected import Source
from airflow_provider_language.protocol.lineage import (
    Input,
    Lineage,
    Models,
    Name,
    Output,
    rows_output,
    table_outputs,
)
from airflow_provider_language.running.sources import query_in
from airflow_provider_language.storage.stores import place_of

if TYPE_CHECKING:
    from airflow_provider_language.protocol.inputs.tasks import TaskLike
    from airflow_provider_language.running.corpus.asked import Asked
    from airflow_provider_language.running.fetching import Fetching

_FIGURES = ("documents", "rows", "ok", "error", "missing", "jobs", "lost_submissions", "text_records")


@cache
def is_told() -> bool:
    """Whether there is anybody to tell it to: Airflow's provider of OpenLineage is installed."""
    try:
        return find_spec("airflow.providers.openlineage") is not None
    except ModuleNotFoundError:
        return False


def named(location: str) -> Name:
    """How OpenLineage names what is at a location; no connection is part of it.

    Azure's account is known to the file system, or to its client, which have it of the connection.
    """
    place = place_of(location)
    knowing = (place.fs, getattr(place.fs, "service_client", None))
    accounts = (getattr(one, "account_name", None) for one in knowing)
    account = next((one for one in accounts if isinstance(one, str) and one), None)
    return Name.of(place.protocol, place.path, account)


def of_submission(source: Source | None, documents: int, tasks: Sequence[TaskLike]) -> Lineage:
    """What a job is made of.

    Args:
        source: where its documents were read; None where they were given.
        documents: how many it has.
        tasks: of the job.
    """
    inputs = _inputs({source: documents}) if source is not None else ()
    return Lineage(inputs, kinds=tuple(_kinds(tasks)), figures={"documents": documents})


def of_results(fetching: Fetching, manifest: Mapping[str, Any]) -> Lineage:
    """What came of jobs that were fetched.

    Args:
        fetching: which has read all of them.
        manifest: of their rows.
    """
    models = fetching.counts.models
    rows = rows_output(named(manifest["path"]), manifest["rows"], manifest["size"], models)
    tables = _tables(manifest.get("tables_path"), manifest, models)
    return Lineage(_inputs(fetching.sources), (rows, *tables), tuple(models), _figures(manifest, models))


def of_corpus(asked: Asked, destination: str, manifest: Mapping[str, Any]) -> Lineage:
    """What came of a run of a corpus; its outputs are the folders that all runs share.

    The tables that a query reads are not told of: they stand in the query, which may quote texts.

    Args:
        asked: the operator. Of several kinds, each may have been answered by any of the run's models.
        destination: of the results.
        manifest: of the run.
    """
    models = {kind: tuple(manifest["model_versions"]) for kind in _kinds(asked.tasks)}
    folder = named(destination)
    rows = rows_output(folder.below("results"), manifest["rows"], None, models)
    copy = (Output(folder.below("redacted"), (), None),) if manifest.get("redacted_copy") else ()
    outputs = (rows, *_tables(destination, manifest, models), *copy)
    sources = _sources(asked)
    documents = manifest["documents"] if len({one.location for one in sources}) == 1 else None
    inputs = _inputs(dict.fromkeys(sources, documents))
    return Lineage(inputs, outputs, tuple(models), _figures(manifest, models))


def _sources(asked: Asked) -> list[Source]:
    """The places that a corpus is read from."""
    if query_in(asked.source) is not None:
        return []
    given = asked.source if isinstance(asked.source, list) else [asked.source]
    layout = asked.layout
    talks = family_for(_kinds(asked.tasks), native=asked.native_documents) is CONVERSATIONS
    texts = asked.text_columns or [layout.text_column or "text"]
    ids = layout.id_column or ("conversation_id" if talks else "id")
    places = [str(one) for one in given if one is not None]
    return list(dict.fromkeys(Source(one, text, ids) for one in places for text in texts))


def _inputs(sources: Mapping[Source, int | None]) -> tuple[Input, ...]:
    return tuple(
        Input(named(source.location), documents, source.text_column, source.id_column)
        for source, documents in sources.items()
    )


def _kinds(tasks: Sequence[TaskLike]) -> list[str]:
    return list(dict.fromkeys(task.kind for task in tasks_from(tasks)))


def _tables(location: Any, manifest: Mapping[str, Any], models: Models) -> tuple[Output, ...]:
    records = manifest.get("tables")
    if location is None or not isinstance(records, Mapping):
        return ()
    return table_outputs(named(str(location)), records, models)


def _figures(manifest: Mapping[str, Any], models: Models) -> dict[str, object]:
    figures = {name: manifest[name] for name in _FIGURES if manifest.get(name) is not None}
    return {**figures, "models": {kind: list(versions) for kind, versions in models.items()}}
