"""Rows are written as JSON lines, whole or not at all, and the same rows as the same bytes."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any, NoReturn

import pytest

from airflow_provider_language._compat import ObjectStoragePath
from airflow_provider_language.exceptions import ResultsError
from airflow_provider_language.protocol.jobs.results import Row, RowStatus
from airflow_provider_language.storage.rows import write_rows


def row(id_: str, **result: Any) -> Row:
    return Row(
        document_id=id_,
        task="phrases",
        kind="KeyPhraseExtraction",
        status=RowStatus.OK,
        language="en",
        result=result,
        error_code=None,
        error_message=None,
        warnings=(),
        model_version="latest",
        text_records=None,
        job_id="job-1",
    )


def test_each_row_is_a_line_and_line_ends_within_it_are_escaped(tmp_path: Path) -> None:
    output = tmp_path / "rows.jsonl"

    write_rows([row("a", text="two\nlines \u2028 and a separator"), row("b")], str(output))

    content = output.read_text(encoding="utf-8")
    assert content.count("\n") == 2
    assert [json.loads(line)["document_id"] for line in content.split("\n")[:-1]] == ["a", "b"]


def test_the_same_rows_are_the_same_bytes_and_are_told_by_size_and_hash(tmp_path: Path) -> None:
    rows = [row("ü", text="Straße")]

    first, second = (write_rows(rows, str(tmp_path / name)) for name in ("one.jsonl", "two.jsonl"))

    content = (tmp_path / "one.jsonl").read_bytes()
    assert content == (tmp_path / "two.jsonl").read_bytes()
    assert (first.size, first.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert (first.size, first.sha256) == (second.size, second.sha256)


@pytest.mark.parametrize("form", ["path", "file URL", "local URL"])
def test_a_place_on_disk_has_several_names(tmp_path: Path, form: str) -> None:
    output = tmp_path / "with a blank" / "rows.jsonl"
    location = {"path": str(output), "file URL": f"file://{output}", "local URL": f"local://{output}"}[form]

    assert write_rows([row("a")], location).path == location

    assert output.read_text().count("\n") == 1


def test_rows_replace_those_that_were_there(tmp_path: Path) -> None:
    output = tmp_path / "rows.jsonl"
    write_rows([row("old"), row("older")], str(output))

    write_rows([row("new")], str(output))

    assert "old" not in output.read_text()


class _DiskFullError(OSError):
    pass


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_crash_in_the_middle_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    output = tmp_path / "rows.jsonl"
    write_rows([row("old")], str(output))

    def fail(*_: object) -> NoReturn:
        raise _DiskFullError

    # No fake disk can be put under a path: the two calls that can fail late are made to fail.
    monkeypatch.setattr(*{"fsync": (os, "fsync"), "replace": (Path, "replace")}[step], fail)
    with pytest.raises(_DiskFullError):
        write_rows([row("new")], str(output))

    assert list(tmp_path.iterdir()) == [output]
    assert "old" in output.read_text()


def test_rows_that_cannot_be_made_leave_the_old_file(tmp_path: Path) -> None:
    output = tmp_path / "rows.jsonl"
    write_rows([row("old")], str(output))

    def broken() -> Any:
        yield row("new")
        raise _DiskFullError

    with pytest.raises(_DiskFullError):
        write_rows(broken(), str(output))

    assert "old" in output.read_text()


@pytest.mark.usefixtures("memory_storage")
def test_object_storage_gets_the_same_bytes_and_replaces_the_old_ones(tmp_path: Path) -> None:
    location = f"memory://{tmp_path.name}/folder/rows.jsonl"
    write_rows([row("old"), row("older")], location)

    on_storage = write_rows([row("new")], location)
    on_disk = write_rows([row("new")], str(tmp_path / "rows.jsonl"))

    assert (on_storage.path, on_storage.sha256) == (location, on_disk.sha256)
    assert ObjectStoragePath(location).read_bytes() == (tmp_path / "rows.jsonl").read_bytes()


def test_no_rows_are_an_empty_file(tmp_path: Path) -> None:
    assert write_rows([], str(tmp_path / "rows.jsonl")).size == 0
    assert (tmp_path / "rows.jsonl").read_bytes() == b""


def test_what_is_no_json_is_written_as_what_any_reader_takes(tmp_path: Path) -> None:
    output = tmp_path / "rows.jsonl"
    odd = {
        "score": float("nan"),
        "scores": [float("-inf"), 1e999, 0.5],
        "text": "half \ud83d of 😀",
        "\udc00": 1,
    }

    write_rows([row("a", **odd), row("b", text="😀")], str(output))

    first, second = (
        json.loads(line, parse_constant=_refuse) for line in output.read_text(encoding="utf-8").splitlines()
    )
    assert first["result"] == {
        "score": None,
        "scores": [None, None, 0.5],
        "text": "half \N{REPLACEMENT CHARACTER} of 😀",
        "\N{REPLACEMENT CHARACTER}": 1,
    }
    assert second["result"] == {"text": "😀"}


def _refuse(constant: str) -> NoReturn:
    raise AssertionError(f"{constant} is no JSON")


def test_a_result_that_is_too_deep_to_write_is_an_error_with_a_name(tmp_path: Path) -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]

    with pytest.raises(ResultsError, match="nested deeper") as error:
        write_rows([row("a", deep=deep)], str(tmp_path / "rows.jsonl"))

    assert error.value.job_id == "job-1"
    assert list(tmp_path.iterdir()) == []
