"""Parquet is read as CSV is: by its columns, row by row, and what is none is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.layouts import Layout
from airflow_provider_language.storage.sources import parquet_rows
from airflow_provider_language.storage.sources.batches import batches_of, read_batch
from airflow_provider_language.storage.sources.documents import placed_rows, read_documents
from tests.corpus_runs import analyze, rows_in

if TYPE_CHECKING:
    from airflow_provider_language.emulator import Emulator


def written(folder: Path, columns: dict[str, Any], **options: Any) -> str:
    file = folder / "in.parquet"
    parquet.write_table(pa.table(columns), file, **options)
    return str(file)


def test_documents_are_read_by_their_columns(tmp_path: Path) -> None:
    columns = {"id": ["007", None], "body": ["one", "two"], "language": ["en", None], "n": [1, 2]}
    documents = read_documents(written(tmp_path, columns), layout=Layout(text_column="body"))
    assert [(one.id, one.text, one.language) for one in documents] == [
        ("007", "one", "en"),
        ("1", "two", None),
    ]


def test_rows_are_read_a_piece_at_a_time_and_from_any_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_rows, "_AT_ONCE", 3)
    source = written(tmp_path, {"text": [f"text {n}" for n in range(100)]}, row_group_size=7)
    assert [row["text"] for _, row in placed_rows(source, Layout())] == [f"text {n}" for n in range(100)]
    batches = list(batches_of(source, 25, 125_000))
    read = [document.text for batch in batches for document in read_batch(source, batch)]
    assert read == [f"text {n}" for n in range(100)]
    assert len(batches) == 4


def test_a_row_without_a_text_costs_the_others_nothing(language: Emulator, tmp_path: Path) -> None:
    source = written(tmp_path, {"id": ["a", "b", "c"], "text": ["one", None, "three"]})
    analyze(tmp_path, source=source, max_failed_documents=0.5)
    assert [(row["document_id"], row["status"]) for row in rows_in(tmp_path)][::2] == [
        ("a", "ok"),
        ("in.parquet#1", "error"),
        ("c", "ok"),
    ]


def test_columns_of_any_type_are_carried_over(language: Emulator, tmp_path: Path) -> None:
    day = date(2026, 11, 20)
    columns = {"text": ["one", "two"], "day": [day, None], "tags": [["a"], []], "stars": [5, None]}
    keep = {"day": "string", "tags": "string", "stars": "int64"}
    analyze(tmp_path, source=written(tmp_path, columns), keep_columns=keep)
    assert [row["columns"] for row in rows_in(tmp_path)][::2] == [
        {"day": "2026-11-20", "tags": '["a"]', "stars": 5},
        {"day": None, "tags": "[]", "stars": None},
    ]


def test_a_missing_column_is_told_with_the_one_that_could_be_meant(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="text_column='review_text'"):
        list(placed_rows(written(tmp_path, {"review_text": ["one"]}), Layout()))


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" + b"x" * 100 + b"PAR1", b"text\none\n"])
def test_what_is_no_parquet_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "in.parquet").write_bytes(content)
    with pytest.raises(InvalidInputError, match="is not Parquet that can be read"):
        list(placed_rows(str(tmp_path / "in.parquet"), Layout()))


def test_parquet_that_is_compressed_as_a_whole_is_refused(tmp_path: Path) -> None:
    (tmp_path / "in.parquet.gz").write_bytes(b"")
    with pytest.raises(InvalidInputError, match="is none of"):
        list(placed_rows(str(tmp_path / "in.parquet.gz"), Layout()))


def test_parquet_without_pyarrow_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = written(tmp_path, {"text": ["one"]})
    monkeypatch.setattr(parquet_rows, "find_spec", lambda _: None)
    with pytest.raises(InvalidInputError, match=r"airflow-provider-language\[corpus\]"):
        list(placed_rows(source, Layout()))
