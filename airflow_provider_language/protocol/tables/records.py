"""Rows as records of tables: of each row at once, and of each document when its rows have been read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.json_values import JsonObject, object_or_empty, objects_in
from airflow_provider_language.protocol.tables import schema
from airflow_provider_language.protocol.tables.findings import findings
from airflow_provider_language.protocol.tables.kept import kept_value
from airflow_provider_language.protocol.tables.schema import Column, Table, tables_of
from airflow_provider_language.protocol.tables.values import Value, text, texts, whole

Record: TypeAlias = "tuple[Value, ...]"
"""The values of a record, in the order of its table's columns."""

_STATUSES = frozenset({"ok", "error", "missing"})


def records_of(row: JsonObject) -> Iterator[tuple[Table, Record]]:
    """The records of a row, but for that of its document.

    Args:
        row: as it lands.

    Raises:
        InvalidInputError: it is no row.
    """
    document_id, task, kind, status = _said(row)
    key = (document_id, task)
    said = row.get("warnings")
    warnings = objects_in(list(said)) if said and isinstance(said, (list, tuple)) else ()
    told = (text(row.get("language")), text(row.get("error_code")), text(row.get("error_message")))
    used = (text(row.get("model_version")), whole(row.get("text_records")), text(row.get("job_id")) or "")
    yield schema.TASK_RESULTS, (*key, kind, status, *told, len(warnings), *used)
    for warning in warnings:
        yield schema.WARNINGS, (*key, *texts(warning, "code", "message"))
    if status == "ok":
        for table, values in findings(kind, object_or_empty(row.get("result"))):
            yield table, (*key, *values)


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

    def add(self, row: JsonObject) -> Iterator[Record]:
        """Take a row, and give the records of those of which all have come.

        Raises:
            InvalidInputError: it is no row.
        """
        document_id, _, _, status = _said(row)
        if document_id not in self._seen:
            if self._adjacent:
                yield from self.records()
            self._seen[document_id] = _Document(self._where(row))
        self._seen[document_id].add(text(row.get("language")), is_ok=status == "ok")

    def _where(self, row: JsonObject) -> Record:
        columns = object_or_empty(row.get("columns"))
        kept = (kept_value(columns.get(column.name), column) for column in self._kept)
        return text(row.get("source")), whole(row.get("row_number")), whole(row.get("characters")), *kept

    def records(self) -> Iterator[Record]:
        """A record of each document that is remembered, in the order in which they came first."""
        seen, self._seen = self._seen, {}
        for document_id, document in seen.items():
            yield document_id, *document.record()


class _Document:
    """What became of one document, until now."""

    __slots__ = ("_failed", "_language", "_ok", "_where")

    def __init__(self, where: Record) -> None:
        self._where = where
        self._language: str | None = None
        self._ok = self._failed = 0

    def add(self, language: str | None, *, is_ok: bool) -> None:
        self._language = self._language or language
        self._ok += is_ok
        self._failed += not is_ok

    def record(self) -> Record:
        status = "ok" if not self._failed else "partial" if self._ok else "failed"
        return self._language, status, self._ok, self._failed, *self._where


def tables_from(rows: Iterable[JsonObject]) -> dict[str, list[dict[str, Value]]]:
    """The tables of rows, each as a list of its records; those of the rows' kinds are there if empty.

    Args:
        rows: as they land.

    Raises:
        InvalidInputError: one of them is no row.
    """
    documents = Documents()
    tables: dict[str, list[dict[str, Value]]] = {table.name: [] for table in schema.ALWAYS}
    for row in rows:
        tables[documents.table.name].extend(_named(documents.table, one) for one in documents.add(row))
        for table in tables_of([_said(row)[2]]):
            tables.setdefault(table.name, [])
        for table, record in records_of(row):
            tables.setdefault(table.name, []).append(_named(table, record))
    tables[documents.table.name].extend(_named(documents.table, one) for one in documents.records())
    return tables


def _named(table: Table, record: Record) -> dict[str, Value]:
    return {column.name: value for column, value in zip(table.columns, record, strict=True)}


def _said(row: JsonObject) -> tuple[str, str, str, str]:
    document_id, task, kind, status = texts(row, "document_id", "task", "kind", "status")
    if document_id is None or task is None or kind is None or status not in _STATUSES:
        raise InvalidInputError(
            "This is no row of results, which has at least document_id, task, kind and status "
            f"(one of {', '.join(sorted(_STATUSES))})."
        )
    return document_id, task, kind, str(status)
