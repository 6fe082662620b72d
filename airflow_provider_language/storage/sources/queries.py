"""Rows of a query: read as fast as the database gives them, and kept on this machine's disk.

A corpus is worked on for minutes or hours. A cursor that is open for so long holds the database's old rows
back, and is ended by its timeouts; and a count of the corpus before it would be of other rows. So the query
runs once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from importlib import import_module
from importlib.util import find_spec
from itertools import islice
from typing import Any

from airflow_provider_language._compat import AirflowNotFoundException, BaseHook
from airflow_provider_language.exceptions import IncompleteInputError, InvalidInputError
from airflow_provider_language.protocol.corpus.layouts import Layout
from airflow_provider_language.protocol.corpus.queries import SqlSource, order_in, ordered, probe, rows_order
from airflow_provider_language.protocol.tables.schema import Column
from airflow_provider_language.storage.sources.columns import DOCUMENTS, Columns
from airflow_provider_language.storage.sources.lines import Unread
from airflow_provider_language.storage.sources.row_spools import RowSpool

AT_ONCE = 200
"""Rows that are held in memory."""
_FILES_ONLY = ("delimiter", "encoding")
_REFUSED = frozenset({"ProgrammingError", "NotSupportedError"})
"""What drivers call the errors of a query that is wrong, whenever it is run (PEP 249)."""


def query_rows(source: SqlSource, layout: Layout, keep: Sequence[Column], limit: int | None) -> RowSpool:
    """Run a query, and keep its rows as those of files are: under the usual names, NULL for a text as ``""``.

    The connection is looked up and used in this thread, and closed when all rows are there.

    Args:
        source: the query.
        layout: what its columns are called.
        keep: columns that are carried over.
        limit: rows after which it ends; None for all.

    Raises:
        InvalidInputError: there is no such connection, none of a database, the query is wrong or lacks a
            column, or its order does not tell its rows apart.
        IncompleteInputError: the database gave not all rows.
    """
    if said := [name for name in _FILES_ONLY if getattr(layout, name) is not None]:
        raise InvalidInputError(
            f"{', '.join(said)}: these say how a file is read, and the source is a query."
        )
    with closing(_hook(source.conn_id).get_conn()) as connection:
        query = _Query(connection, source, layout)
        query.check(keep)
        return RowSpool(islice(query.rows(keep), limit))


def _hook(conn_id: str) -> Any:
    """The hook of a database."""
    if find_spec("airflow.providers.common") is None or find_spec("airflow.providers.common.sql") is None:
        raise InvalidInputError(
            "SqlSource needs Airflow's common.sql: install the extra airflow-provider-language[sql], and the "
            "provider of the database."
        )
    from airflow.providers.common.sql.hooks.sql import DbApiHook

    try:
        connection = BaseHook.get_connection(conn_id)
    except AirflowNotFoundException:
        raise InvalidInputError(f"There is no connection {conn_id!r}, which SqlSource names.") from None
    try:
        hook = connection.get_hook()  # type: ignore[no-untyped-call]
    except Exception as error:
        raise InvalidInputError(
            f"The connection {conn_id!r} is of the type {connection.conn_type!r}, of which there is no hook: "
            "install its provider."
        ) from error
    if not isinstance(hook, DbApiHook):
        raise InvalidInputError(
            f"The connection {conn_id!r} is of the type {connection.conn_type!r}, which is no database."
        )
    return hook


class _Query:
    """A query on an open connection."""

    def __init__(self, connection: Any, source: SqlSource, layout: Layout) -> None:
        self._connection = connection
        self._source = source
        self._columns = Columns(layout, DOCUMENTS)
        self._text = layout.text_column or "text"
        order = order_in(source.order_by)
        self._names = self._names_of(probe(source.sql))
        self._order = rows_order(order, self._names, layout.id_column or "id")

    def check(self, keep: Sequence[Column]) -> None:
        """Refuse a query whose columns are not those that are wanted, or that cannot be ordered so."""
        doubled = sorted(name for name, times in Counter(self._names).items() if times > 1)
        if doubled:
            raise InvalidInputError(f"{self._where} names columns alike: {', '.join(doubled)}.")
        self._columns.check(self._names, self._where)
        missing = [column.name for column in keep if column.name not in self._names]
        if missing:
            raise InvalidInputError(
                f"{self._where} has no column {', '.join(missing)}, which keep_columns names."
            )
        self._names_of(probe(self._source.sql, [term for term, _ in self._order]))

    def rows(self, keep: Sequence[Column]) -> Iterator[Any]:
        """The rows in their order, with the columns that are wanted."""
        wanted = {*DOCUMENTS.options, *(column.name for column in keep)}
        before: list[Any] | None = None
        for number, values in enumerate(self._values()):
            key = [values[place] for _, place in self._order]
            if key == before:
                raise InvalidInputError(
                    f"Rows {number - 1} and {number} of {self._source.conn_id} are alike in "
                    f"{', '.join(self._names[place] for _, place in self._order)}: name in order_by columns "
                    "that tell all rows apart. Else a retry could not tell which rows it has."
                )
            before = key
            yield self._row(dict(zip(self._names, values, strict=True)), number, wanted)

    @property
    def _where(self) -> str:
        return f"The query on {self._source.conn_id}"

    def _row(self, fields: dict[str, Any], number: int, wanted: set[str]) -> Any:
        if fields[self._text] is None:
            fields[self._text] = ""
        try:
            row = self._columns.row(fields, f"Row {number} of {self._source.conn_id}")
        except InvalidInputError as error:
            return Unread(error.message)
        return {name: value for name, value in row.items() if name in wanted}

    def _values(self) -> Iterator[Sequence[Any]]:
        cursor = _streaming_cursor(self._connection)
        with _telling(self._source.conn_id):
            self._execute(cursor, ordered(self._source.sql, [term for term, _ in self._order]))
            while rows := cursor.fetchmany(AT_ONCE):
                yield from (list(row.values()) if isinstance(row, Mapping) else row for row in rows)

    def _names_of(self, sql: str) -> list[str]:
        with closing(self._connection.cursor()) as cursor:
            try:
                self._execute(cursor, sql)
                names = [str(column[0]) for column in cursor.description or ()]
                cursor.fetchall()
            except Exception as error:
                if not _is_refusal(error):
                    raise
                # No row was looked at, so the database speaks of the query alone.
                raise InvalidInputError(f"{self._where} is refused: {_first_line(error)}") from None
        return names

    def _execute(self, cursor: Any, sql: str) -> None:
        given = self._source.parameters
        if given is None:  # else a % in the query would be taken for a placeholder
            cursor.execute(sql)
        else:
            cursor.execute(sql, dict(given) if isinstance(given, Mapping) else list(given))


@contextmanager
def _telling(conn_id: str) -> Iterator[None]:
    """Tell that a database gave not all rows, without its words, which may quote a row."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - each driver has errors of its own
        state = getattr(error, "sqlstate", None) or getattr(error, "pgcode", None)
        told = f"{type(error).__name__}{f' {state}' if state else ''}"
        raise IncompleteInputError(f"The query on {conn_id} broke off: {told}.") from None


def _streaming_cursor(connection: Any) -> Any:
    """A cursor that does not hold all of the result in this process, as the usual ones of some drivers do."""
    driver = type(connection).__module__.partition(".")[0]
    if driver in ("psycopg2", "psycopg"):
        return connection.cursor(name="corpus")
    if driver in ("MySQLdb", "pymysql"):
        return connection.cursor(import_module(f"{driver}.cursors").SSCursor)
    return connection.cursor()


def _is_refusal(error: Exception) -> bool:
    return any(kind.__name__ in _REFUSED for kind in type(error).__mro__)


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]:.300}" if lines else type(error).__name__
