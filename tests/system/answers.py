"""What a data team asks of the tables that a corpus left, and the answers, by DuckDB."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

WIDTH = 70
"""Characters of a text that are shown."""


@dataclass(frozen=True)
class Question:
    """A question, and the query that answers it.

    Args:
        asked: in words.
        query: over views that are called as the tables.
    """

    asked: str
    query: str


QUESTIONS = (
    Question(
        "The ten most negative documents",
        "SELECT document_id, negative, redacted_text FROM sentiment LEFT JOIN redacted_texts "
        "USING (document_id) ORDER BY negative DESC, document_id LIMIT 10",
    ),
    Question(
        "The ten most frequent entities",
        "SELECT text, category, count(*) AS times FROM entities GROUP BY ALL "
        "ORDER BY times DESC, text, category LIMIT 10",
    ),
    Question(
        "Personal data by category",
        "SELECT category, count(*) AS times, count(DISTINCT document_id) AS documents FROM pii_entities "
        "GROUP BY ALL ORDER BY times DESC, category",
    ),
)
_TABLES = ("sentiment", "redacted_texts", "entities", "pii_entities")


def answer(question: Question, folder: Path) -> tuple[list[str], list[tuple[Any, ...]]]:
    """The names of the columns of an answer, and its rows.

    Args:
        question: of the tables.
        folder: below which they are, in Parquet.
    """
    quoted = str(folder).replace("'", "''")
    with duckdb.connect() as session:
        for table in _TABLES:
            session.execute(f"CREATE VIEW {table} AS FROM '{quoted}/{table}/**/*.parquet'")
        found = session.execute(question.query)
        return [name for name, *_ in found.description or ()], found.fetchall()


def answers(folder: Path) -> str:
    """All questions with their answers, for a person."""
    told = []
    for question in QUESTIONS:
        names, rows = answer(question, folder)
        told.append("\n".join([f"{question.asked}:", *_table([names, *rows])]))
    return "\n\n".join(told)


def _table(rows: Sequence[Sequence[Any]]) -> list[str]:
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = (zip(row, widths, strict=True) for row in cells)
    return ["  " + "  ".join(f"{cell:<{width}}" for cell, width in line).rstrip() for line in lines]


def _cell(value: Any) -> str:
    text = " ".join(str("" if value is None else value).split())
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 1]}…"
