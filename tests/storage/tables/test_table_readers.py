"""Tables in Parquet are read without a hint: with the types of the schema, whatever is in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from pyarrow import parquet

from airflow_provider_language.protocol.tables.schema import tables_of
from airflow_provider_language.storage.tables.table_files import VERSION_KEY
from tests.storage.tables.test_tables import ODD_IDS, SQL, phrases, write

ARROW = {"string": pa.string(), "int64": pa.int64(), "double": pa.float64(), "boolean": pa.bool_()}
POLARS = {"string": pl.String, "int64": pl.Int64, "double": pl.Float64, "boolean": pl.Boolean}


@pytest.mark.parametrize("rows", [[], phrases(ODD_IDS)], ids=["nothing", "odd ids"])
def test_parquet_has_the_schemas_types_for_every_reader(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    session = duckdb.connect()
    write(tmp_path, rows, "parquet", kinds=["KeyPhraseExtraction", "Healthcare"])
    for table in tables_of(["KeyPhraseExtraction", "Healthcare"]):
        file = str(tmp_path / table.name / "part.parquet")
        types = {column.name: column.type for column in table.columns}
        schema = parquet.read_schema(file)
        assert dict(zip(schema.names, schema.types, strict=True)) == {n: ARROW[t] for n, t in types.items()}
        assert schema.metadata[VERSION_KEY.encode()] == b"1"
        described = session.read_parquet(file)
        assert dict(zip(described.columns, map(str, described.types), strict=True)) == {
            n: SQL[t] for n, t in types.items()
        }
        assert dict(pl.read_parquet(file).schema) == {n: POLARS[t] for n, t in types.items()}
        assert list(pd.read_parquet(file).columns) == list(types)


def test_ids_stay_what_they_are_for_every_reader(tmp_path: Path) -> None:
    write(tmp_path, phrases(ODD_IDS), "parquet")
    file = str(tmp_path / "key_phrases" / "part.parquet")
    session = duckdb.connect()
    assert [one for (one,) in session.read_parquet(file).select("document_id").fetchall()] == ODD_IDS
    assert list(pd.read_parquet(file)["document_id"]) == ODD_IDS
    assert pl.read_parquet(file)["document_id"].to_list() == ODD_IDS
