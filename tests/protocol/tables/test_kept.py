"""Columns of the source are carried over as text unless they are typed, and nothing is guessed."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.tables.kept import kept_columns, kept_value
from airflow_provider_language.protocol.tables.schema import Column


def test_names_are_text_and_types_are_said() -> None:
    assert kept_columns(["stars", "day"]) == (Column("stars"), Column("day"))
    assert kept_columns({"stars": "int64"}) == (Column("stars", "int64"),)
    assert kept_columns([]) == ()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("stars", "instead of a list"),
        ([""], "instead of a name"),
        ([3], "instead of a name"),
        (["a", "a"], "a more than once"),
        (["document_id"], "document_id more than once, or as the table"),
        ({"a": "date"}, "types are string, int64, double, boolean"),
    ],
)
def test_what_cannot_be_a_column_is_refused(given: Any, told: str) -> None:
    with pytest.raises(InvalidInputError, match=told):
        kept_columns(given)


@pytest.mark.parametrize(
    ("type_", "said", "value"),
    [
        ("string", "007", "007"),
        ("string", 7, "7"),
        ("string", {"a": [True]}, '{"a": [true]}'),
        ("string", "\ud800", "\ufffd"),
        ("int64", " 007 ", 7),
        ("int64", 7.0, 7),
        ("int64", "7.5", None),
        ("int64", "9" * 30, None),
        ("double", "1e3", 1000.0),
        ("double", "nan", None),
        ("double", 3, 3.0),
        ("double", "much", None),
        ("boolean", "TRUE", True),
        ("boolean", 0, False),
        ("boolean", False, False),
        ("boolean", "yes", None),
        ("boolean", [1], None),
    ],
)
def test_a_value_is_of_its_columns_type_or_null(type_: Any, said: Any, value: Any) -> None:
    found = kept_value(said, Column("a", type_))
    assert (found, type(found)) == (value, type(value))
    assert kept_value(None, Column("a", type_)) is None
    assert kept_value("", Column("a", type_)) is None
