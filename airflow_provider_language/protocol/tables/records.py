"""Rows as records of tables: of each row at once, and of each document when its rows have been read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.json_values import JsonObject, object_or_empty, objects_in
from airflow_provider_language.protocol.tables import schema
from airflow_provider_language.protocol.tables.findings import findings
from airflow_provider_language.protocol.tables.schema import Table, tables_of
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
    warnings = objects_in(_listed(row.get("warnings")))
    told = (text(row.get("language")), text(row.get("error_code")), text(row.get("error_message")))
    used = (text(row.get("model_version")), whole(row.get("text_records")), text(row.get("job_id")) or "")
    yield schema.TASK_RESULTS, (*key, kind, status, *told, len(warnings), *used)
    for warning in warnings:
        yield schema.WARNINGS, (*key, *texts(warning, "code", "message"))
    if status == "ok":
        for table, values in findings(kind, object_or_empty(row.get("result"))):
            yield table, (*key, *values)


class Documents:
    """Gathers what became of each document over its rows, which come in any order.

    It keeps some 200 bytes of each document.
    """

    def __init__(self) -> None:
        self._seen: dict[str, tuple[str | None, int, int]] = {}

    def add(self, row: JsonObject) -> None:
        """Take a row.

        Raises:
            InvalidInputError: it is no row.
        """
        document_id, _, _, status = _said(row)
        language, ok, failed = self._seen.get(document_id, (None, 0, 0))
        is_ok = status == "ok"
        self._seen[document_id] = (language or text(row.get("language")), ok + is_ok, failed + (not is_ok))

    def records(self) -> Iterator[tuple[Table, Record]]:
        """A record of each document, in the order in which they came first."""
        for document_id, (language, ok, failed) in self._seen.items():
            status = "ok" if not failed else "partial" if ok else "failed"
            yield schema.DOCUMENTS, (document_id, language, status, ok, failed)


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
        documents.add(row)
        for table in tables_of([_said(row)[2]]):
            tables.setdefault(table.name, [])
        for table, record in records_of(row):
            tables.setdefault(table.name, []).append(_named(table, record))
    tables[schema.DOCUMENTS.name] = [_named(table, record) for table, record in documents.records()]
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


def _listed(value: object) -> list[JsonObject] | None:
    """Warnings, which are a tuple until they have been written."""
    return list(value) if isinstance(value, (list, tuple)) else None
