"""Where a corpus is, as a task was given it: locations or a query, from a DAG, an XCom, or a template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.queries import SqlSource
from airflow_provider_language.protocol.inputs.fields import text_in
from airflow_provider_language.running.given import Rendered, listed
from airflow_provider_language.storage.locations import given_location, rendered_location


def given_source(source: Any) -> Any:
    """Where a corpus is, as a DAG says it: one location or several, or a query.

    Raises:
        InvalidInputError: a text that is no location, or a query among others.
    """
    if isinstance(source, (list, tuple)):
        return [given_location(one, "source") for one in _locations(source)]
    return given_location(source, "source")


def rendered_source(rendered: Any) -> Any:
    """Where a corpus is, after its templates were rendered; see :func:`given_source`.

    Raises:
        InvalidInputError: a text that is no location, or a query that is none, or among others.
    """
    if isinstance(rendered, Rendered):
        return rendered
    if isinstance(rendered, SqlSource):
        return Rendered((_rendered_query(rendered),))
    if isinstance(rendered, Iterable) and not isinstance(rendered, str):
        return [rendered_location(one, "source") for one in _locations(listed(rendered))]
    return rendered_location(rendered, "source")


def query_in(source: Any) -> SqlSource | None:
    """The query that a source is, as it was given or rendered; None if it is something else."""
    query = source[0] if isinstance(source, Rendered) else source
    return query if isinstance(query, SqlSource) else None


def _locations(sources: list[Any] | tuple[Any, ...]) -> list[Any] | tuple[Any, ...]:
    if any(isinstance(one, SqlSource) for one in sources):
        raise InvalidInputError(
            "A SqlSource is the whole source of a task, and stands in no list: join queries in SQL (UNION "
            "ALL), or give each of them a task of its own, with expand(source=[...])."
        )
    return sources


def _rendered_query(query: SqlSource) -> SqlSource:
    """A query whose texts are texts, and the XComs in which are values."""
    given = query.parameters
    parameters: Any = None
    if isinstance(given, Mapping):
        parameters = {name: _value(value) for name, value in given.items()}
    elif given is not None:
        parameters = [_value(value) for value in listed(given)]
    return SqlSource(
        text_in(query.conn_id, "conn_id of SqlSource") or "",
        text_in(query.sql, "sql of SqlSource") or "",
        order_by=_value(query.order_by),
        parameters=parameters,
    )


def _value(value: Any) -> Any:
    """A parameter; the XComs of a mapped task come as a sequence of Airflow's own, which no driver knows."""
    is_lazy = isinstance(value, Iterable) and not isinstance(value, (str, bytes, Mapping, list, tuple, set))
    return listed(value) if is_lazy else value
