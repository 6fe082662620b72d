"""Columns of the source that are carried over to the tables, and the values that they have there."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, get_args

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.json_values import JsonValue, clean
from airflow_provider_language.protocol.tables.schema import DOCUMENTS, Column, ColumnType
from airflow_provider_language.protocol.tables.values import Value, flag, number, text, whole

KeepColumns: TypeAlias = "Sequence[str] | Mapping[str, ColumnType]"
"""Names of columns, or their types by name; without one, a column is text."""

_OURS = frozenset(column.name for column in DOCUMENTS.columns)
_FLAGS = {"true": True, "false": False, "1": True, "0": False}


def kept_columns(given: KeepColumns) -> tuple[Column, ...]:
    """The columns that are carried over.

    Raises:
        InvalidInputError: one has no name, stands there twice, or is called as a column of ours; or a type
            is none.
    """
    if isinstance(given, str):
        raise InvalidInputError(f"keep_columns is the text {given!r} instead of a list of names.")
    typed: list[tuple[object, object]] = [
        *(given.items() if isinstance(given, Mapping) else ((name, "string") for name in given))
    ]
    for name, type_ in typed:
        if not isinstance(name, str) or not name.strip():
            raise InvalidInputError(f"keep_columns has {name!r} instead of a name.")
        if type_ not in get_args(ColumnType):
            known = ", ".join(get_args(ColumnType))
            raise InvalidInputError(f"keep_columns has {name!r} as {type_!r}; types are {known}.")
    names = [str(name) for name, _ in typed]
    wrong = sorted(_OURS.intersection(names) | {name for name in names if names.count(name) > 1})
    if wrong:
        raise InvalidInputError(
            f"keep_columns has {', '.join(wrong)} more than once, or as the table of documents itself has it."
        )
    return tuple(Column(str(name), type_) for name, type_ in typed)  # type: ignore[arg-type] # was checked


def kept_value(said: object, column: Column) -> Value:
    """What a row of the source says, in the column's type; null where it says nothing of that type."""
    if said is None or (isinstance(said, str) and not said):
        return None
    return _READERS[column.type](said)


def _text(said: object) -> Value:
    if isinstance(said, (bool, int, float, dict, list)):
        return json.dumps(clean(said), ensure_ascii=False, default=str)
    return text(str(said))  # such as a date of Parquet


def _whole(said: JsonValue) -> Value:
    if not isinstance(said, str):
        return whole(said)
    try:
        return whole(int(said.strip()))
    except ValueError:
        return None


def _number(said: JsonValue) -> Value:
    if not isinstance(said, str):
        return number(said)
    try:
        return number(float(said.strip()))
    except ValueError:
        return None


def _flag(said: JsonValue) -> Value:
    return _FLAGS.get(str(said).strip().lower()) if isinstance(said, (str, int)) else flag(said)


_READERS: dict[ColumnType, Callable[[Any], Value]] = {
    "string": _text,
    "int64": _whole,
    "double": _number,
    "boolean": _flag,
}
