"""A database of reviews for the tests: a file of SQLite, and the connection to it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

REVIEWS = "SELECT id, text, language, stars, day FROM reviews"


class Warehouse:
    """A database whose connection is called ``warehouse``.

    Args:
        path: of its file.
        monkeypatch: defines the connection in the environment.
    """

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._path = path
        monkeypatch.setenv("AIRFLOW_CONN_WAREHOUSE", json.dumps({"conn_type": "sqlite", "host": str(path)}))
        self.run("CREATE TABLE reviews (id INTEGER, text TEXT, language TEXT, stars REAL, day TEXT)")

    def run(self, sql: str, parameters: Iterable[Any] = ()) -> None:
        """Do something in it."""
        with closing(sqlite3.connect(self._path)) as connection, connection:
            connection.execute(sql, tuple(parameters))

    def add(self, count: int, *, first: int = 0) -> None:
        """Add so many reviews."""
        with closing(sqlite3.connect(self._path)) as connection, connection:
            rows = (
                (one, f"text {one}", "en", one % 5 + 0.5, f"2026-11-{one % 28 + 1:02}")
                for one in range(first, first + count)
            )
            connection.executemany("INSERT INTO reviews VALUES (?, ?, ?, ?, ?)", rows)
