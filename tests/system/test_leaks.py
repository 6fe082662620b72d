"""The search for leaked strings, on a small database and a small folder."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.system.leaks import Leak, search_home

if TYPE_CHECKING:
    from pathlib import Path

KEY = "canary-key-5150"
TEXT = "a canary sang at noon"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "airflow.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute('CREATE TABLE "trigger" (id INTEGER, kwargs TEXT, payload BLOB)')
        connection.execute("CREATE TABLE dag (dag_id TEXT)")
        connection.execute("""INSERT INTO "trigger" VALUES (1, '{"conn_id": "x"}', NULL)""")
        connection.commit()
    return path


def insert(database: Path, kwargs: str, payload: bytes | None = None) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute('INSERT INTO "trigger" VALUES (2, ?, ?)', (kwargs, payload))
        connection.commit()


def test_a_clean_home_has_no_leak_and_the_search_says_how_much_it_read(
    tmp_path: Path, database: Path
) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "attempt=1.log").write_text("submitted 3 documents")

    search = search_home(tmp_path, database, [KEY, TEXT])

    assert search.leaks == ()
    assert (search.columns, search.values, search.files) == (4, 2, 2)


def test_a_string_in_a_column_is_found_with_the_column_as_its_place(tmp_path: Path, database: Path) -> None:
    insert(database, f'{{"password": "{KEY}"}}')

    assert Leak("trigger.kwargs", KEY, 1) in search_home(tmp_path, database, [KEY, TEXT]).leaks


def test_a_string_in_a_binary_column_is_found(tmp_path: Path, database: Path) -> None:
    insert(database, "{}", b"\x80\x05" + TEXT.encode() + b"\x00")

    assert Leak("trigger.payload", TEXT, 1) in search_home(tmp_path, database, [KEY, TEXT]).leaks


def test_a_string_in_a_deleted_row_is_found_in_the_file(tmp_path: Path, database: Path) -> None:
    insert(database, TEXT)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute('DELETE FROM "trigger" WHERE id = 2')
        connection.commit()

    assert [leak.place for leak in search_home(tmp_path, database, [TEXT]).leaks] == [str(database)]


def test_a_string_in_a_log_is_found_however_deep_and_counted(tmp_path: Path, database: Path) -> None:
    log = tmp_path / "logs" / "dag_id=a" / "attempt=1.log.trigger.7.log"
    log.parent.mkdir(parents=True)
    log.write_text(f"event {TEXT}\nagain {TEXT}\n")

    assert search_home(tmp_path, database, [KEY, TEXT]).leaks == (Leak(str(log), TEXT, 2),)


def test_a_missing_database_is_an_error_and_not_a_clean_search(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        search_home(tmp_path, tmp_path / "nothing.db", [KEY])
