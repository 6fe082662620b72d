"""Carries columns of a corpus over to its results, and says where they are missing or of another type."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.items import NOTHING_KEPT
from airflow_provider_language.protocol.json_values import JsonValue
from airflow_provider_language.protocol.tables.kept import kept_value
from airflow_provider_language.protocol.tables.schema import Column
from airflow_provider_language.protocol.tables.values import Value
from airflow_provider_language.storage.locations import SUFFIX

log = logging.getLogger(__name__)

_TABLES = frozenset({"csv", "parquet"})
"""The kinds of files all rows of which have the same columns."""
_TOLD = 3
"""Values of another type that are told of, in one reading of the corpus."""


class KeptColumns:
    """The columns that are carried over.

    Args:
        columns: with the types that they are to have.
    """

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = columns
        self._odd = 0

    def check(self, row: object, location: str) -> None:
        """Refuse a table of which a column is missing; JSON lines may leave a field out.

        Args:
            row: the first one of a file.
            location: of the file.

        Raises:
            InvalidInputError: with the columns that it has not.
        """
        suffix = SUFFIX.search(location)
        if not isinstance(row, Mapping) or suffix is None or suffix[1].lower() not in _TABLES:
            return
        missing = [column.name for column in self._columns if column.name not in row]
        if missing:
            raise InvalidInputError(
                f"{location} has no column {', '.join(missing)}, which keep_columns names."
            )

    def of(self, row: object, place: str) -> Mapping[str, JsonValue]:
        """What a row has in these columns; null where it has nothing, or nothing of the type.

        Args:
            row: of the source.
            place: where it stands.
        """
        if not self._columns or not isinstance(row, Mapping):
            return NOTHING_KEPT
        return {column.name: self._value(row.get(column.name), column, place) for column in self._columns}

    def _value(self, said: object, column: Column, place: str) -> Value:
        value = kept_value(said, column)
        if value is None and said is not None and said != "":
            self._odd += 1
            if self._odd <= _TOLD:
                log.warning("%s: its %s is no %s, and is left empty", place, column.name, column.type)
        return value
