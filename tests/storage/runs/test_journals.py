"""The files of a journal: what a later try writes is not undone by an earlier one that still lives."""

from __future__ import annotations

from pathlib import Path

import pytest

from airflow_provider_language.exceptions import RecordError
from airflow_provider_language.storage.runs.journals import JournalFolder


def numbers(folder: Path) -> list[int]:
    return [entry["n"] for entry in JournalFolder(str(folder), 9).entries()]


def test_entries_are_read_in_the_order_in_which_one_try_after_another_wrote_them(tmp_path: Path) -> None:
    first = JournalFolder(str(tmp_path), 1)
    first.write([{"n": 1}, {"n": 2}])
    first.write([{"n": 3}])
    again = JournalFolder(str(tmp_path), 1)  # as after a deferral
    assert [entry["n"] for entry in again.entries()] == [1, 2, 3]
    again.write([{"n": 4}])
    second = JournalFolder(str(tmp_path), 2)
    list(second.entries())
    second.write([{"n": 5}])

    assert numbers(tmp_path) == [1, 2, 3, 4, 5]


def test_what_an_earlier_try_still_writes_comes_before_what_the_later_one_has_written(tmp_path: Path) -> None:
    earlier, later = JournalFolder(str(tmp_path), 1), JournalFolder(str(tmp_path), 2)
    for number in range(5):
        earlier.write([{"n": number}])
    list(later.entries())
    later.write([{"n": 100}])

    earlier.compact([{"n": 50}])

    assert numbers(tmp_path) == [50, 100]
    assert earlier.overtaken_by() == 2
    assert later.overtaken_by() is None


def test_compaction_leaves_one_file(tmp_path: Path) -> None:
    folder = JournalFolder(str(tmp_path), 1)
    for number in range(5):
        folder.write([{"n": number}])

    folder.compact([{"n": 7}])

    assert len(list(tmp_path.iterdir())) == 1
    assert numbers(tmp_path) == [7]


def test_a_damaged_file_is_no_empty_one(tmp_path: Path) -> None:
    JournalFolder(str(tmp_path), 1).write([{"n": 1}])
    next(tmp_path.iterdir()).write_text("{")

    with pytest.raises(RecordError, match="cannot be read"):
        numbers(tmp_path)
