"""Columns of tables hold values of their type or nothing, however they are read."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.protocol.tables.schema import ColumnType
from airflow_provider_language.protocol.tables.values import READERS, of_type

ODD: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers(-(2**64), 2**64)
    | st.floats()
    | st.text(alphabet=st.characters(), max_size=3)
    | st.just([1])
)
FITTING: dict[str, st.SearchStrategy[Any]] = {
    "string": st.text(max_size=3),
    "int64": st.integers(-(2**63), 2**63 - 1),
    "double": st.floats(allow_nan=False, allow_infinity=False),
    "boolean": st.booleans(),
}


@pytest.mark.parametrize("type_", get_args(ColumnType))
@given(data=st.data())
def test_a_column_reads_as_each_of_its_values_does(type_: ColumnType, data: st.DataObject) -> None:
    values = data.draw(st.lists(FITTING[type_] | st.none(), max_size=5) | st.lists(ODD, max_size=5))
    assert list(of_type(values, type_)) == list(map(READERS[type_], values))


@pytest.mark.parametrize("type_", get_args(ColumnType))
@given(data=st.data())
def test_a_column_in_which_nothing_odd_stands_is_as_it_came(type_: ColumnType, data: st.DataObject) -> None:
    values = data.draw(st.lists(FITTING[type_] | st.none(), max_size=5))
    assert list(of_type(values, type_)) == values
