"""The file of one table: what stands in it is of its columns' types, in row groups of a bounded size."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from airflow_provider_language.protocol.tables.schema import Column, ColumnType, Table
from airflow_provider_language.protocol.tables.values import READERS
from airflow_provider_language.storage.files import WholeFile
from airflow_provider_language.storage.tables import table_files
from airflow_provider_language.storage.tables.table_files import WRITERS
from tests.protocol.tables.test_values import FITTING, ODD


def write(path: Path, type_: ColumnType, pieces: Sequence[Sequence[Any]]) -> None:
    table = Table("any", (Column("one", type_),))
    with WholeFile(str(path)) as file:
        writer = WRITERS["parquet"](table, file)
        for values in pieces:
            writer.write([values])
        writer.end()


@pytest.mark.parametrize("type_", get_args(ColumnType))
@given(data=st.data())
def test_a_column_of_parquet_has_of_each_value_what_its_type_has_of_it(
    type_: ColumnType, data: st.DataObject
) -> None:
    column = st.lists(FITTING[type_] | st.none(), max_size=5) | st.lists(ODD, max_size=5)
    pieces = data.draw(st.lists(column, max_size=3))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "any.parquet"
        write(path, type_, pieces)
        read = parquet.read_table(path).column("one").to_pylist()
    assert read == [READERS[type_](value) for values in pieces for value in values]


def groups_of(path: Path) -> list[int]:
    metadata = parquet.read_metadata(path)
    return [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)]


def test_a_row_group_has_a_bounded_number_of_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_files, "ROW_GROUP_RECORDS", 10)
    write(tmp_path / "a.parquet", "int64", [range(4)] * 7)
    assert groups_of(tmp_path / "a.parquet") == [12, 12, 4]


def test_a_row_group_has_a_bounded_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_files, "ROW_GROUP_BYTES", 1_000)
    write(tmp_path / "a.parquet", "string", [["a" * 600], ["b" * 600], ["c"]])
    assert groups_of(tmp_path / "a.parquet") == [2, 1]
