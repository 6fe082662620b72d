"""Rows as records of tables: of each row at once, and of each document when its rows have been read.

A record has what stands in the row, of whatever type; its columns are of theirs when they are whole
(:func:`~.values.of_type`), which takes far less time than a look at each value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any, NamedTuple, TypeAlias

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.json_values import JsonObject, object_or_empty, objects_in
from airflow_provider_language.protocol.tables import schema
from airflow_provider_language.protocol.tables.findings import findings
from airflow_provider_language.protocol.tables.kept import kept_value
from airflow_provider_language.protocol.tables.schema import Column, Table, tables_of
from airflow_provider_language.protocol.tables.values import Value, of_type, text

Record: TypeAlias = "tuple[Any, ...]"
"""What stands in a row, in the order of a table's columns."""

_STATUSES = frozenset({"ok", "error", "missing"})


class Said(NamedTuple):
    """What every row says, in the order of a row.

    Args:
        document_id: the document.
        task: the name of the task.
        kind: of the task.
        status: ok, error or missing.
    """

    document_id: str
    task: str
    kind: str
    status: str


def said_in(row: JsonObject) -> Said:
    """What a row says of itself.

    Raises:
        InvalidInputError: it is no row.
    """
    document_id, task, kind, status = _said(row)
    if document_id is None or task is None or kind is None or status not in _STATUSES:
        raise InvalidInputError(
            "This is no row of results, which has at least document_id, task, kind and status "
            f"(one of {', '.join(sorted(_STATUSES))})."
        )
    return Said(document_id, task, kind, status)


def _said(row: JsonObject) -> tuple[Any, ...]:
    """What every row says, if it is strings; that nothing odd is among them is seen in few steps."""
    told: tuple[Any, ...] = tuple(map(row.get, Said._fields))
    with suppress(TypeError):
        if "".join(told).isascii():
            return told
    return tuple(map(text, told))


def records_of(row: JsonObject, said_of_it: Said) -> Iterator[tuple[Table, list[Record]]]:
    """The records of a row by table, but for that of its document; some of a table may come after others.

    They are without the first columns, which are the document and the task.

    Args:
        row: as it lands.
        said_of_it: as :func:`said_in` reads it.
    """
    _, _, kind, status = said_of_it
    said = row.get("warnings")
    warnings = objects_in(list(said)) if said and isinstance(said, (list, tuple)) else ()
    get = row.get
    yield (
        schema.TASK_RESULTS,
        [
            (
                kind,
                status,
                get("language"),
                get("error_code"),
                get("error_message"),
                len(warnings),
                get("model_version"),
                get("text_records"),
                text(get("job_id")) or "",
                get("joined"),
                get("reused_from"),
            )
        ],
    )
    if warnings:
        yield schema.WARNINGS, [(one.get("code"), one.get("message")) for one in warnings]
    if status == "ok":
        for table, found in findings(kind, object_or_empty(row.get("result"))):
            if found:
                yield table, found


class Documents:
    """Gathers what became of each document over its rows.

    Args:
        kept: columns of the source that are carried over.
        adjacent: whether the rows of a document come one after another, so that no more than one document is
            remembered; else some 200 bytes of each are.
    """

    def __init__(self, kept: Sequence[Column] = (), *, adjacent: bool = False) -> None:
        self.table = Table(schema.DOCUMENTS.name, (*schema.DOCUMENTS.columns, *kept))
        self._kept = kept
        self._adjacent = adjacent
        self._seen: dict[str, _Document] = {}

    def add(self, row: JsonObject, said_of_it: Said) -> list[Record]:
        """Take a row, and give the records of those of which all have come.

        Args:
            row: as it lands.
            said_of_it: as :func:`said_in` reads it.
        """
        document_id, _, _, status = said_of_it
        document, done = self._seen.get(document_id), []
        if document is None:
            if self._adjacent:
                done = self.records()
            document = self._seen[document_id] = _Document(self._where(row))
        document.language = document.language or text(row.get("language"))
        if status == "ok":
            document.ok += 1
        else:
            document.failed += 1
        return done

    def _where(self, row: JsonObject) -> Record:
        get = row.get
        where = get("source"), get("row_number"), get("characters"), get("pieces")
        if not self._kept:
            return where
        columns = object_or_empty(row.get("columns"))
        return *where, *[kept_value(columns.get(column.name), column) for column in self._kept]

    def records(self) -> list[Record]:
        """A record of each document that is remembered, in the order in which they came first."""
        seen, self._seen = self._seen, {}
        return [document.record(document_id) for document_id, document in seen.items()]


class _Document:
    """What became of one document, until now."""

    __slots__ = ("failed", "language", "ok", "where")

    def __init__(self, where: Record) -> None:
        self.where = where
        self.language: str | None = None
        self.ok = self.failed = 0

    def record(self, document_id: str) -> Record:
        status = "ok" if not self.failed else "partial" if self.ok else "failed"
        return document_id, self.language, status, self.ok, self.failed, *self.where


def tables_from(rows: Iterable[JsonObject]) -> dict[str, list[dict[str, Value]]]:
    """The tables of rows, each as a list of its records; those of the rows' kinds are there if empty.

    Args:
        rows: as they land.

    Raises:
        InvalidInputError: one of them is no row.
    """
    documents = Documents()
    found: dict[str, tuple[Table, list[Record]]] = {table.name: (table, []) for table in schema.ALWAYS}
    for row in rows:
        said = said_in(row)
        documents.add(row, said)
        for table in tables_of([said.kind]):
            found.setdefault(table.name, (table, []))
        for table, records in records_of(row, said):
            known = found.setdefault(table.name, (table, []))[1]
            known.extend((said.document_id, said.task, *record) for record in records)
    found[documents.table.name] = documents.table, documents.records()
    return {name: _named(table, records) for name, (table, records) in found.items()}


def _named(table: Table, records: Sequence[Record]) -> list[dict[str, Value]]:
    names = [column.name for column in table.columns]
    typed = map(of_type, zip(*records, strict=True), [column.type for column in table.columns])
    return [dict(zip(names, values, strict=True)) for values in zip(*typed, strict=True)]
