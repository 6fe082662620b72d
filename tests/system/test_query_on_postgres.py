"""A query on a real PostgreSQL: read by a cursor of the server's, so that memory does not grow with rows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from airflow_provider_language._compat import BaseHook
from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.layouts import AS_USUAL, Layout
from airflow_provider_language.protocol.corpus.queries import SqlSource
from airflow_provider_language.protocol.tables.schema import Column
from airflow_provider_language.storage.sources.queries import query_rows
from tests.system import query_memory
from tests.system.postgres import SUPERUSER, PostgresServer

PROJECT = Path(__file__).resolve().parents[2]
ROWS = 100_000
"""Of 1 KB each: what holds them all grows by more than 100 MB."""
ROOM = 40
"""MB by which a process may grow: digests of the ids, and buffers."""
PATIENCE = 300


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The folder of the socket of a database."""
    with PostgresServer(tmp_path_factory.mktemp("postgres") / "postgres.log") as server:
        yield parse_qs(urlsplit(server.url).query)["host"][0]


@pytest.fixture
def connection(database: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The folder, with the connection defined in the environment."""
    monkeypatch.setenv("AIRFLOW_CONN_WAREHOUSE", json.dumps(_connection(database)))
    return database


def _connection(folder: str) -> Mapping[str, str]:
    return {"conn_type": "postgres", "host": folder, "login": SUPERUSER, "schema": SUPERUSER}


def test_the_memory_of_the_process_does_not_grow_with_the_rows(connection: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", query_memory.__name__, str(ROWS)],
        check=False,
        capture_output=True,
        text=True,
        cwd=PROJECT,
        timeout=PATIENCE,
        env=dict(os.environ),
    )
    assert done.returncode == 0, done.stdout + done.stderr

    told = json.loads(done.stdout.splitlines()[-1])
    assert told["rows"] == ROWS
    assert told["after"] - told["before"] < ROOM


def test_columns_of_every_type_and_of_any_name_are_read_in_their_order(connection: str) -> None:
    sql = """
        SELECT n * 10000000000 AS "ReviewId", 'text ' || n AS body, now()::date AS day, 1.50 AS stars,
               '{"a": 1}'::jsonb AS facts
        FROM generate_series(1, %(most)s) AS n -- all of them"""
    source = SqlSource("warehouse", sql, order_by='"ReviewId" DESC', parameters={"most": 450})
    layout = Layout(id_column="ReviewId", text_column="body")
    keep = [Column("stars", "double"), Column("facts", "string")]

    rows = list(query_rows(source, layout, keep, None))

    assert len(rows) == 450
    assert rows[0] == {
        "id": 4_500_000_000_000,
        "text": "text 450",
        "stars": "1.50",
        "facts": {"a": 1},
    }


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (SqlSource("warehouse", "SELECT 1 AS id, texts FROM pg_class"), 'column "texts" does not exist'),
        (SqlSource("warehouse", "SELECT 1 AS id, 'a' AS text; DROP TABLE a"), "syntax error"),
        (SqlSource("warehouse", "DELETE FROM a RETURNING id, text"), "syntax error"),
        (
            SqlSource("warehouse", "SELECT 1 AS \"Day\", 'a' AS text", order_by="Day"),
            'column "day" does not exist',
        ),
        (SqlSource("warehouse", "SELECT 1 AS id, 2 AS id, 'a' AS text"), "names columns alike: id"),
        (SqlSource("warehouse", "SELECT 1 AS id, 'a' AS text FROM generate_series(1, 2)"), "Rows 0 and 1"),
    ],
)
def test_a_query_that_is_wrong_is_refused_for_good(connection: str, source: SqlSource, said: str) -> None:
    with pytest.raises(InvalidInputError, match=said):
        query_rows(source, AS_USUAL, (), None)


def test_the_session_is_over_when_the_rows_are_there(connection: str) -> None:
    rows = query_rows(SqlSource("warehouse", "SELECT 1 AS id, 'a' AS text"), AS_USUAL, (), None)

    hook: Any = BaseHook.get_hook("warehouse")
    sessions = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
    assert hook.get_first(sessions) == (1,)
    assert [row["text"] for row in rows] == ["a"]
