"""Tables on storage: typed whatever is in them, whole or not at all, and read without a hint."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pyarrow import parquet

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.tables.schema import TABLES, tables_of
from airflow_provider_language.storage.tables import writers
from airflow_provider_language.storage.tables.row_files import rows_in
from airflow_provider_language.storage.tables.table_formats import check_can_write
from airflow_provider_language.storage.tables.writers import TablesWriter
from tests.protocol.tables.test_records import entity, row

ODD_IDS = ["007", "2026-11-20", "1e5", "true", "null", ""]
SQL = {"string": "VARCHAR", "int64": "BIGINT", "double": "DOUBLE", "boolean": "BOOLEAN"}


def phrases(ids: Sequence[str]) -> list[dict[str, Any]]:
    return [row("KeyPhraseExtraction", {"keyPhrases": [f"of {id_}"]}, document_id=id_) for id_ in ids]


def write(
    folder: Path, rows: Sequence[dict[str, Any]], format_: str, *, name: str = "part", **more: Any
) -> None:
    with TablesWriter(str(folder), name, format_, **more) as writer:
        for one in rows:
            writer.write(one)


def viewed(folder: Path) -> duckdb.DuckDBPyConnection:
    session = duckdb.connect()
    session.execute((folder / "tables.sql").read_text())
    return session


@pytest.mark.parametrize("rows", [[], phrases(ODD_IDS)], ids=["nothing", "odd ids"])
def test_the_views_over_json_lines_have_the_schemas_types(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    folder = tmp_path / "it's a folder"
    write(folder, rows, "jsonl", kinds=["KeyPhraseExtraction", "Healthcare"])
    session = viewed(folder)
    for table in tables_of(["KeyPhraseExtraction", "Healthcare"]):
        described = session.execute(f"DESCRIBE {table.name}").fetchall()
        assert [(one[0], one[1]) for one in described] == [(c.name, SQL[c.type]) for c in table.columns]
    ids = session.execute("SELECT document_id FROM key_phrases").fetchall()
    assert [one for (one,) in ids] == [one["document_id"] for one in rows]


@pytest.mark.parametrize("sparse", [True, False])
def test_a_document_is_in_its_table_when_the_other_tables_have_their_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sparse: bool
) -> None:
    completed: list[str] = []
    complete = Path.replace

    def noted(self: Path, target: Path) -> Path:
        completed.append(target.parent.name)
        return complete(self, target)

    monkeypatch.setattr(Path, "replace", noted)
    write(tmp_path, phrases(["1", "2"]), "parquet", sparse=sparse, adjacent=True)

    assert completed[-1] == "documents"
    assert {"task_results", "key_phrases"} <= set(completed[:-1])


def test_the_views_are_over_the_tables_of_all_files_in_the_folder(tmp_path: Path) -> None:
    write(tmp_path, phrases(["1"]), "jsonl", name="one")
    write(tmp_path, [row("EntityRecognition", {"entities": [entity("a", "b")]})], "jsonl", name="two")
    session = viewed(tmp_path)
    assert session.execute("SELECT count(*) FROM task_results").fetchall() == [(2,)]
    assert session.execute("SELECT key_phrase FROM key_phrases").fetchall() == [("of 1",)]
    assert session.execute("SELECT category FROM entities").fetchall() == [("b",)]


def test_both_formats_tell_the_same(tmp_path: Path) -> None:
    rows = [*phrases(ODD_IDS), row("EntityRecognition", {"entities": [entity("a", "b")]}, document_id="007")]
    write(tmp_path / "a", rows, "parquet")
    write(tmp_path / "b", rows, "jsonl")
    for name in ("documents", "task_results", "warnings", "key_phrases", "entities"):
        lines = (tmp_path / "b" / name / "part.jsonl").read_text().splitlines()
        assert parquet.read_table(tmp_path / "a" / name / "part.parquet").to_pylist() == [
            json.loads(line) for line in lines
        ]


def test_a_failed_row_never_looks_like_an_empty_result(tmp_path: Path) -> None:
    rows = [row("KeyPhraseExtraction", document_id="failed"), row("KeyPhraseExtraction", {"keyPhrases": []})]
    write(tmp_path, rows, "parquet")
    told = parquet.read_table(tmp_path / "documents" / "part.parquet").to_pylist()
    assert [(one["document_id"], one["status"]) for one in told] == [("failed", "failed"), ("1", "ok")]
    assert parquet.read_schema(tmp_path / "documents" / "part.parquet").field("status").nullable is False


@pytest.mark.parametrize("format_", ["parquet", "jsonl"])
def test_more_records_than_are_held_are_all_written_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format_: str
) -> None:
    monkeypatch.setattr(writers, "HELD", 10)
    ids = [str(number) for number in range(100)]
    write(tmp_path, phrases(ids), format_)
    file = tmp_path / "key_phrases" / f"part.{format_}"
    read = parquet.read_table(file).to_pylist() if format_ == "parquet" else list(rows_in(str(file)))
    assert [record["document_id"] for record in read] == ids


@pytest.mark.parametrize("format_", ["parquet", "jsonl"])
def test_an_exception_amid_the_rows_leaves_every_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format_: str
) -> None:
    monkeypatch.setattr(writers, "HELD", 10)
    write(tmp_path, phrases(["old"]), format_)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(InvalidInputError):
        write(tmp_path, [*phrases(["new"] * 100), {"no": "row"}], format_)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("format_", ["parquet", "jsonl"])
def test_the_same_rows_make_the_same_files(tmp_path: Path, format_: str) -> None:
    for name in ("a", "b"):
        write(tmp_path / name, phrases(ODD_IDS), format_)
    first = {path.relative_to(tmp_path / "a"): path for path in (tmp_path / "a").glob("*/*")}
    assert set(first) == {path.relative_to(tmp_path / "b") for path in (tmp_path / "b").glob("*/*")}
    assert all(path.read_bytes() == (tmp_path / "b" / name).read_bytes() for name, path in first.items())


def test_every_table_has_a_name_that_can_be_a_folder_and_a_view() -> None:
    assert all(name.isidentifier() and name == name.lower() for name in TABLES)


def test_parquet_without_pyarrow_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.path", [])
    monkeypatch.delitem(sys.modules, "pyarrow")
    check_can_write("jsonl")
    with pytest.raises(InvalidInputError, match=r"airflow-provider-language\[corpus\]"):
        check_can_write("parquet")
