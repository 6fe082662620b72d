"""Rows of a query: a cursor that holds little, rows kept on the disk, and errors that quote no row."""

from __future__ import annotations

import decimal
import importlib.util
import json
import os
import sqlite3
import sys
import types
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from airflow_provider_language.exceptions import IncompleteInputError, InvalidInputError
from airflow_provider_language.protocol.corpus.layouts import AS_USUAL, Layout
from airflow_provider_language.protocol.corpus.queries import SqlSource
from airflow_provider_language.protocol.tables.schema import Column
from airflow_provider_language.storage.sources import queries
from airflow_provider_language.storage.sources.lines import Unread
from airflow_provider_language.storage.sources.queries import AT_ONCE, query_rows
from airflow_provider_language.storage.sources.row_spools import RowSpool
from tests.airflow_stands import CANARY
from tests.sql_sources import REVIEWS, Warehouse

Row = Sequence[Any] | Mapping[str, Any]


class ProgrammingError(Exception):
    """As drivers call a query that is wrong."""


class OperationalError(Exception):
    """As drivers call a query that was ended."""

    sqlstate = "57014"


class Cursor:
    """A cursor of a driver that knows no more than PEP 249, over rows that are made as they are fetched."""

    def __init__(self, connection: Connection, kind: object) -> None:
        self._connection = connection
        self._rows: Iterator[Row] = iter(())
        self.kind = kind
        self.description: list[tuple[str]] | None = None

    def execute(self, sql: str, *parameters: object) -> None:
        self._connection.executed.append((sql, parameters, self.kind))
        self.description = [(name,) for name in self._connection.names]
        self._rows = iter(() if "WHERE 1 = 0" in sql else self._connection.rows)
        if "WHERE 1 = 0" in sql and self._connection.refusal is not None:
            raise self._connection.refusal

    def fetchmany(self, size: int) -> list[Row]:
        assert size == AT_ONCE
        return [row for row, _ in zip(self._rows, range(size), strict=False)]

    def fetchall(self) -> list[Row]:
        return list(self._rows)

    def close(self) -> None:
        pass


class Connection:
    """A connection to a database that has one result for every query.

    Args:
        names: of its columns.
        rows: of it.
        refusal: what every query is refused with.
    """

    def __init__(
        self, names: Sequence[str], rows: Iterator[Row] | Sequence[Row], refusal: Exception | None = None
    ) -> None:
        self.names, self.rows, self.refusal = names, rows, refusal
        self.executed: list[tuple[str, tuple[object, ...], object]] = []
        self.is_closed = False

    def cursor(self, kind: object = None, *, name: object = None) -> Cursor:
        return Cursor(self, kind or name)

    def close(self) -> None:
        self.is_closed = True


class Hook:
    """A hook whose connection is there."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get_conn(self) -> Connection:
        return self._connection


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    return Warehouse(tmp_path / "warehouse.db", monkeypatch)


def of(module: str, *given: Any, **more: Any) -> Connection:
    """A connection whose class is one of that module, by which drivers are told apart."""
    kind: type[Connection] = type("connection", (Connection,), {"__module__": module})
    return kind(*given, **more)


def read(
    connection: Connection,
    monkeypatch: pytest.MonkeyPatch,
    *,
    source: SqlSource | None = None,
    layout: Layout = AS_USUAL,
    keep: Sequence[Column] = (),
    limit: int | None = None,
) -> list[Any]:
    monkeypatch.setattr(queries, "_hook", lambda _: Hook(connection))
    return list(query_rows(source or SqlSource("db", "SELECT"), layout, keep, limit))


def test_a_driver_that_holds_the_whole_result_is_given_a_cursor_that_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cursors = types.ModuleType("pymysql.cursors")
    cursors.SSCursor = object()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pymysql", types.ModuleType("pymysql"))
    monkeypatch.setitem(sys.modules, "pymysql.cursors", cursors)
    modules = ["psycopg2.extensions", "psycopg", "pymysql.connections", "oracledb.connection"]
    found = []
    for module in modules:
        connection = of(module, ["id", "text"], [(1, "a")])
        assert read(connection, monkeypatch) == [{"id": 1, "text": "a"}]
        found.append([kind for _, _, kind in connection.executed])
        assert connection.is_closed

    assert found == [
        [None, None, "corpus"],
        [None, None, "corpus"],
        [None, None, cursors.SSCursor],
        [None, None, None],
    ]


def test_no_more_rows_are_made_than_the_limit_and_what_is_fetched_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = 0

    def rows() -> Iterator[Row]:
        nonlocal made
        for made in range(1, 1_000_000):
            yield made, "a"

    connection = Connection(["id", "text"], rows())
    assert len(read(connection, monkeypatch, limit=3)) == 3
    assert made <= AT_ONCE + 1
    assert connection.is_closed


def test_a_percent_sign_is_no_placeholder_where_there_are_no_parameters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without, with_ = (Connection(["id", "text"], []) for _ in range(2))

    read(without, monkeypatch, source=SqlSource("db", "SELECT '%s'"))
    read(with_, monkeypatch, source=SqlSource("db", "SELECT %s", parameters=(1, "a")))

    assert {parameters for _, parameters, _ in without.executed} == {()}
    assert [parameters for _, parameters, _ in with_.executed] == [([1, "a"],)] * 3


def test_values_of_every_type_are_what_they_would_be_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    id_ = uuid.UUID(int=7)
    values = [decimal.Decimal("1.50"), date(2026, 11, 30), memoryview(b"\x00\xff"), True, None, [1]]
    names = [f"c{number}" for number in range(len(values))]
    connection = Connection(["id", "text", *names], [(id_, "a\nb\u2028\ud800", *values)])

    (row,) = read(connection, monkeypatch, keep=[Column(name, "string") for name in names])

    assert row == {
        "id": str(id_),
        "text": "a\nb\u2028\ud800",
        **dict(zip(names, ["1.50", "2026-11-30", "00ff", True, None, [1]], strict=True)),
    }


def test_rows_may_be_dicts_as_a_connection_can_have_them(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = Connection(["key", "body", "other"], [{"key": 1, "body": None, "other": 3}])

    rows = read(connection, monkeypatch, layout=Layout(id_column="key", text_column="body"))

    assert rows == [{"id": 1, "text": ""}]


def test_columns_that_are_called_alike_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidInputError, match="names columns alike: id"):
        read(Connection(["id", "id", "text"], []), monkeypatch)


def test_a_query_that_the_database_refuses_is_refused_for_good_with_its_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refusal = ProgrammingError('column "texts" does not exist\nLINE 2: SELECT texts')
    connection = Connection(["id", "text"], [], refusal)

    with pytest.raises(InvalidInputError, match=r'ProgrammingError: column "texts" does not exist$'):
        read(connection, monkeypatch)
    assert connection.is_closed


def test_a_database_that_does_not_answer_is_asked_again_by_a_retry(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OperationalError):
        read(Connection([], [], OperationalError("the connection was reset")), monkeypatch)


def test_a_query_that_breaks_off_is_no_corpus_and_its_error_quotes_no_row(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def rows() -> Iterator[Row]:
        yield 1, "a"
        raise OperationalError(f"invalid input syntax: {CANARY}")

    with pytest.raises(IncompleteInputError) as caught:
        read(Connection(["id", "text"], rows()), monkeypatch)

    assert str(caught.value) == "The query on db broke off: OperationalError 57014."
    assert caught.value.retryable
    assert caught.value.__suppress_context__


def test_common_sql_is_asked_for_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        queries, "find_spec", lambda name: None if name == "airflow.providers.common.sql" else find(name)
    )

    with pytest.raises(InvalidInputError, match=r"install the extra airflow-provider-language\[sql\]"):
        query_rows(SqlSource("warehouse", REVIEWS), AS_USUAL, (), None)


def test_the_hook_of_a_database_is_airflows_own_and_its_connection_is_closed(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse.add(3)
    opened: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def connected(*given: Any, **more: Any) -> sqlite3.Connection:
        opened.append(connect(*given, **more))
        return opened[-1]

    monkeypatch.setattr(sqlite3, "connect", connected)

    rows = query_rows(SqlSource("warehouse", REVIEWS), AS_USUAL, (), None)

    assert [row["id"] for row in rows] == [row["id"] for row in rows] == [0, 1, 2]
    assert len(opened) == 1
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        opened[0].execute("SELECT 1")


def test_spooled_rows_are_in_no_folder_and_readers_do_not_disturb_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    rows = [{"id": number, "text": "x" * 10_000} for number in range(500)]
    spool = RowSpool([*rows, Unread("no text")])

    one, other = iter(spool), iter(spool)
    assert [next(one), next(one), next(other)] == [rows[0], rows[1], rows[0]]
    assert [*other][:-1] == rows[1:]
    assert [*one][-1] == Unread("no text")
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - names alone


def test_the_room_of_spooled_rows_is_given_back(tmp_path: Path) -> None:
    spool = RowSpool([{"text": "a"}])
    descriptor = spool._file.fileno()
    assert json.loads(os.pread(descriptor, 100, 0)) == {"row": {"text": "a"}}
    assert os.fstat(descriptor).st_mode & 0o777 == 0o600

    del spool

    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)
