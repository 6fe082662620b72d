"""The command that makes tables of rows that have landed: the same ones that the operators write."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyarrow import parquet

from airflow_provider_language.__main__ import main
from tests.corpus_runs import analyze, write

if TYPE_CHECKING:
    from airflow_provider_language.emulator import Emulator


def test_rows_of_a_run_become_the_tables_that_it_would_have_had(
    language: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    analyze(tmp_path, source=write(tmp_path / "in.jsonl", 30))
    [folder] = (tmp_path / "out" / "results").iterdir()

    assert main(["tables", str(folder), "--to", str(tmp_path / "again")]) == 0

    for file in (tmp_path / "out").glob("*/*/part-00000.parquet"):
        again = tmp_path / "again" / file.parent.parent.name / "part-00000.parquet"
        assert parquet.read_table(again) == parquet.read_table(file)
    assert "documents: 30\n" in capsys.readouterr().out


def test_files_of_one_name_are_not_mixed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [tmp_path / name / "rows.jsonl" for name in "ab"]
    for file in files:
        file.parent.mkdir()
        file.write_text("")
    assert main(["tables", *map(str, files), "--to", str(tmp_path / "out")]) == 1
    assert "Several files are called rows" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("content", "told"),
    [(None, "There is no file of rows"), ("[1]\n", "Line 1 of"), ('{"a": 1}\n', "no row of results")],
)
def test_what_is_no_file_of_rows_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None, told: str
) -> None:
    file = tmp_path / "rows.jsonl"
    if content is not None:
        file.write_text(content)
    assert main(["tables", str(file), "--to", str(tmp_path / "out"), "--format", "jsonl"]) == 1
    assert told in capsys.readouterr().err
    assert not list(tmp_path.glob("out/*/*"))


def test_a_folder_without_parts_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tables", str(tmp_path), "--to", str(tmp_path / "out")]) == 1
    assert "There is no part of a run" in capsys.readouterr().err
