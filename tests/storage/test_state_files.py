"""A record in a file: absent, there, damaged and unreadable are four things, and each task has its own."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_language.exceptions import RecordError
from airflow_provider_language.storage.state_files import StateFile

TASK = ("dag", "run", "task", "-1", "submission")
RECORD: dict[str, Any] = {"phase": "accepted", "at": 1_800_000_000.123456, "location": "https://job?a=b&c"}
printable = st.characters(exclude_categories=("C", "Z"), include_characters=" ")
identifiers = st.text(printable, min_size=1, max_size=250)


def test_where_nothing_was_written_there_is_no_record(tmp_path: Path) -> None:
    assert StateFile(str(tmp_path / "not yet there"), TASK).read() is None


def test_what_was_written_is_read_by_another_try(tmp_path: Path) -> None:
    StateFile(str(tmp_path / "not yet there"), TASK).write(RECORD)

    assert StateFile(str(tmp_path / "not yet there"), TASK).read() == RECORD


def test_a_second_record_replaces_the_first(tmp_path: Path) -> None:
    file = StateFile(str(tmp_path), TASK)

    file.write(RECORD)
    file.write({"phase": "lost"})

    assert file.read() == {"phase": "lost"}


@pytest.mark.parametrize("folder", ["{}", "{}/", "file://{}"])
def test_a_folder_has_several_names(tmp_path: Path, folder: str) -> None:
    StateFile(folder.format(tmp_path), TASK).write(RECORD)

    assert StateFile(str(tmp_path), TASK).read() == RECORD


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_a_record_on_a_disk_and_the_folders_made_for_it_are_its_owner_s_alone(
    tmp_path: Path, mask: int
) -> None:
    tmp_path.chmod(0o755)
    file = StateFile(str(tmp_path / "state"), TASK)
    before = os.umask(mask)
    try:
        file.write(RECORD)
        file.write(RECORD)
    finally:
        os.umask(before)

    modes = {path.relative_to(tmp_path): path.stat().st_mode & 0o777 for path in tmp_path.rglob("*")}
    assert {mode for path, mode in modes.items() if path.suffix == ".json"} == {0o600}
    assert {mode for path, mode in modes.items() if path.suffix != ".json"} == {0o700}
    assert tmp_path.stat().st_mode & 0o777 == 0o755


def test_a_record_that_others_could_read_is_replaced_by_one_that_they_cannot(tmp_path: Path) -> None:
    file = StateFile(str(tmp_path), TASK)
    file.write(RECORD)
    Path(file.location).chmod(0o644)

    file.write(RECORD)

    assert Path(file.location).stat().st_mode & 0o777 == 0o600


def test_a_file_url_is_read_as_urls_are_and_the_names_below_it_are_not(tmp_path: Path) -> None:
    folder = tmp_path / "my state"
    file = StateFile(folder.as_uri(), ("dag", "../elsewhere", "task", "-1", "submission"))

    file.write(RECORD)

    assert file.read() == RECORD
    assert [path.name for path in tmp_path.iterdir()] == ["my state"]


def test_a_record_that_cannot_be_put_in_its_place_leaves_nothing_behind(tmp_path: Path) -> None:
    file = StateFile(str(tmp_path), TASK)
    Path(file.location).mkdir(parents=True)

    with pytest.raises(RecordError, match="cannot be written"):
        file.write(RECORD)

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.usefixtures("memory_storage")
def test_a_record_lies_on_object_storage_as_on_a_disk(tmp_path: Path) -> None:
    file = StateFile(f"memory://{tmp_path.name}/state", ("dag", "run: 1%#?", "task", "0", "submission"))

    assert file.read() is None
    file.write(RECORD)

    assert file.read() == RECORD


@pytest.mark.parametrize("content", [b"", b"{", b'{"phase": "acc', b"\xff\xfe", b"null", b"[" * 100_000])
def test_a_damaged_record_is_not_taken_for_none(tmp_path: Path, content: bytes) -> None:
    file = StateFile(str(tmp_path), TASK)
    file.write(RECORD)
    Path(file.location).write_bytes(content)

    with pytest.raises(RecordError, match="damaged"):
        file.read()


def test_a_record_that_cannot_be_read_is_not_taken_for_none(tmp_path: Path) -> None:
    file = StateFile(str(tmp_path), TASK)
    Path(file.location).mkdir(parents=True)

    with pytest.raises(RecordError, match="cannot be read"):
        file.read()


def test_a_folder_that_is_none_is_told_in_reading_and_in_writing(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    file = StateFile(str(tmp_path / "state"), TASK)

    with pytest.raises(RecordError, match="cannot be read"):
        file.read()
    with pytest.raises(RecordError, match="cannot be written"):
        file.write(RECORD)


def test_a_storage_that_nobody_installed_is_told(tmp_path: Path) -> None:
    file = StateFile("nosuchstorage://container/state", TASK)

    with pytest.raises(RecordError, match="cannot be read"):
        file.read()


def test_two_writers_at_once_leave_the_whole_record_of_one_of_them(tmp_path: Path) -> None:
    records = [{"writer": number, "rest": "x" * 20_000} for number in range(4)]
    ready = threading.Barrier(len(records))

    def write(record: dict[str, Any]) -> None:
        ready.wait()
        for _ in range(10):
            StateFile(str(tmp_path), TASK).write(record)

    writers = [threading.Thread(target=write, args=(record,)) for record in records]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    file = StateFile(str(tmp_path), TASK)
    assert file.read() in records
    assert [path.name for path in Path(file.location).parent.iterdir()] == [Path(file.location).name]


def test_each_task_instance_has_a_record_of_its_own(tmp_path: Path) -> None:
    tasks = [
        ("dag", "run", "task", "-1", "submission"),
        ("dag", "run", "task", "0", "submission"),
        ("dag", "run", "task", "1", "submission"),
        ("dag", "run", "task", "-1", "outage"),
        ("dag", "run", "other", "-1", "submission"),
        ("dag", "run/task", "", "-1", "submission"),
        ("dag/run", "task", "", "-1", "submission"),
        ("dag", "run%2Ftask", "", "-1", "submission"),
        ("dag", "..", "task", "-1", "submission"),
        ("dag", ".", "task", "-1", "submission"),
        ("dag", "%2E%2E", "task", "-1", "submission"),
        ("dag", "r" * 250, "task", "-1", "submission"),
        ("dag", "r" * 249 + "s", "task", "-1", "submission"),
    ]

    for number, task in enumerate(tasks):
        StateFile(str(tmp_path), task).write({"number": number})

    assert [StateFile(str(tmp_path), task).read() for task in tasks] == [
        {"number": number} for number in range(len(tasks))
    ]


@pytest.mark.parametrize(
    "run_id",
    [
        "scheduled__2026-11-21T00:00:00+00:00",
        "manual__2026-11-21T12:00:00.123456+00:00__aBc",
        "..",
        "../../elsewhere",
        "/absolute",
        "file:///elsewhere",
        "with a blank, a ? and a #",
        "Läufe/für ~alle~",
        "+" * 250,
        "ä" * 250,
    ],
)
def test_a_run_may_have_any_name_and_its_record_stays_in_the_folder(tmp_path: Path, run_id: str) -> None:
    folder = tmp_path / "state"
    file = StateFile(str(folder), ("dag", run_id, "task", "-1", "submission"))

    file.write(RECORD)

    assert file.read() == RECORD
    assert [path.relative_to(folder).parts[0] for path in folder.rglob("*.json")] == ["dag"]
    assert list(tmp_path.iterdir()) == [folder]


@given(st.lists(st.tuples(identifiers, identifiers), min_size=2, max_size=2, unique=True))
def test_no_two_names_share_a_path_and_no_part_is_too_long(names: list[tuple[str, str]]) -> None:
    one, other = (StateFile("/state", name).location for name in names)

    assert one != other
    assert all(len(part.encode()) <= 255 for part in one.split("/"))


def test_what_cannot_be_json_is_not_written_and_the_old_record_stays(tmp_path: Path) -> None:
    file = StateFile(str(tmp_path), TASK)
    file.write(RECORD)

    with pytest.raises(RecordError, match="cannot be written"):
        file.write({"at": object()})

    assert json.loads(Path(file.location).read_text()) == RECORD
