"""Finds strings that must not be there: in every table of a database and in every file of a folder."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Leak:
    """A string that was found.

    Attributes:
        place: a column (``table.column``) or a file.
        secret: what was found there.
        times: the number of rows or of occurrences.
    """

    place: str
    secret: str
    times: int


@dataclass(frozen=True)
class Search:
    """What was searched, so that a search of nothing cannot pass for a clean one, and what was found."""

    columns: int
    values: int
    files: int
    leaks: tuple[Leak, ...]


def search_home(home: Path, database: Path, secrets: Sequence[str]) -> Search:
    """Search an AIRFLOW_HOME and its metadata database after Airflow has stopped.

    The database is read twice: value by value, so that a place has a name, and as a file like any
    other, where rows that were deleted may still stand.

    Args:
        home: the folder, searched with all that is below it.
        database: an SQLite file.
        secrets: the strings; matched as UTF-8, with case.
    """
    database_leaks = []
    columns = values = 0
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        for table, column in _columns(connection):
            columns += 1
            counts, rows = _search_column(connection, table, column, secrets)
            values += rows
            database_leaks += [
                Leak(f"{table}.{column}", secret, times) for secret, times in counts.items() if times
            ]
    files = sorted(path for path in {*home.rglob("*"), database} if path.is_file())
    file_leaks = [leak for path in files for leak in _search_file(path, secrets)]
    return Search(columns, values, len(files), (*database_leaks, *file_leaks))


def _columns(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        for row in connection.execute(f'PRAGMA table_info("{table}")').fetchall():
            yield table, row[1]


def _search_column(
    connection: sqlite3.Connection, table: str, column: str, secrets: Sequence[str]
) -> tuple[dict[str, int], int]:
    counts = dict.fromkeys(secrets, 0)
    rows = 0
    # Names come from the database's own catalogue, which has no other way to be bound.
    for (value,) in connection.execute(f'SELECT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL'):  # noqa: S608
        rows += 1
        content = value if isinstance(value, bytes) else str(value).encode()
        for secret in secrets:
            counts[secret] += secret.encode() in content
    return counts, rows


def _search_file(path: Path, secrets: Sequence[str]) -> list[Leak]:
    content = path.read_bytes()
    found = {secret: content.count(secret.encode()) for secret in secrets}
    return [Leak(str(path), secret, times) for secret, times in found.items() if times]
