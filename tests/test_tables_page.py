"""The page about tables tells what the schema is."""

from __future__ import annotations

import re
from pathlib import Path

from airflow_provider_language.protocol.tables.schema import SCHEMA_VERSION, TABLES, Column

PAGE = (Path(__file__).parents[1] / "docs" / "tables.md").read_text()


def told(column: Column) -> str:
    type_ = "" if column.type == "string" else f" {column.type}"
    return f"`{column.name}`{type_}{'*' if column.required else ''}"


def test_the_page_has_every_table_with_its_columns_and_types() -> None:
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|$", PAGE, re.MULTILINE)
    assert [name for name, _ in rows if name in TABLES] == list(TABLES)
    assert {name: columns for name, columns in rows if name in TABLES} == {
        table.name: ", ".join(map(told, table.columns)) for table in TABLES.values()
    }


def test_the_page_has_the_schemas_version() -> None:
    assert f"the schema's version ({SCHEMA_VERSION})" in PAGE
