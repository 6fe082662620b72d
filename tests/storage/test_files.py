"""A file is seen whole or not at all, whatever ends its writer; no more than a block of it is in memory."""

from __future__ import annotations

import asyncio
import gc
import gzip
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from airflow_provider_language._compat import ObjectStoragePath
from airflow_provider_language.storage.files import BLOCK, WholeFile, replace_file
from airflow_provider_language.storage.rows import write_rows
from tests.storage.test_rows import row

OLD = b"the old file"


class Storage:
    """Object storage that shows an upload once it is closed, and forgets one that is discarded.

    Attributes:
        seen: what a reader finds, by path.
        calls: how often a file was put in one call, and how many uploads were begun.
        is_full: whether no upload can be completed.
    """

    def __init__(self) -> None:
        self.seen = {"rows": OLD}
        self.calls = {"pipe_file": 0, "open": 0}
        self.is_full = False

    def pipe_file(self, path: str, content: bytes) -> None:
        self.calls["pipe_file"] += 1
        self.seen[path] = content

    def open(self, path: str, mode: str, **_: Any) -> Upload:
        assert mode == "wb"
        self.calls["open"] += 1
        return Upload(self, path)


class Upload:
    """An upload under way; as fsspec's, one that is collected unclosed publishes what it has."""

    def __init__(self, storage: Storage, path: str) -> None:
        self._storage = storage
        self._path = path
        self._parts = BytesIO()
        self.closed = False

    def write(self, content: bytes) -> None:
        self._parts.write(content)

    def close(self) -> None:
        if not self.closed:
            if self._storage.is_full:
                raise OSError("full")
            self._storage.seen[self._path] = self._parts.getvalue()
        self.closed = True

    def discard(self) -> None:
        self._parts = BytesIO()

    def __del__(self) -> None:
        self.close()


@pytest.fixture
def storage(monkeypatch: pytest.MonkeyPatch) -> Storage:
    made = Storage()
    # Airflow finds a file system by an installed package; a name of ours is put in the place of its look-up.
    path = SimpleNamespace(protocol="s3", path="rows", fs=made)
    monkeypatch.setattr("airflow_provider_language._compat.ObjectStoragePath", lambda _: path)
    return made


def on_disk(folder: Path) -> str:
    (folder / "rows").write_bytes(OLD)
    return str(folder / "rows")


PIECES = [b"a", b"b" * (BLOCK + 1), b"c" * BLOCK]


def broken(error: BaseException, location: str, pieces: list[bytes]) -> None:
    with WholeFile(location) as file:
        for piece in pieces:
            file.write(piece)
        raise error


@pytest.mark.parametrize("pieces", [PIECES[:1], PIECES], ids=["less than a block", "several blocks"])
@pytest.mark.parametrize(
    "error", [ValueError(), KeyboardInterrupt(), asyncio.CancelledError(), GeneratorExit()]
)
class TestAnErrorAmidTheWriting:
    def test_leaves_the_old_object(self, storage: Storage, error: BaseException, pieces: list[bytes]) -> None:
        with pytest.raises(type(error)):
            broken(error, "s3://bucket/rows", pieces)
        gc.collect()

        assert storage.seen == {"rows": OLD}

    def test_leaves_the_old_file_alone_in_its_folder(
        self, tmp_path: Path, error: BaseException, pieces: list[bytes]
    ) -> None:
        location = on_disk(tmp_path)
        with pytest.raises(type(error)):
            broken(error, location, pieces)

        assert [path.name for path in tmp_path.iterdir()] == ["rows"]
        assert (tmp_path / "rows").read_bytes() == OLD


def dropped(location: str) -> None:
    file = WholeFile(location)
    for piece in PIECES:
        file.write(piece)
    circle: list[Any] = [file]
    circle.append(circle)


def test_a_writer_that_nobody_holds_any_more_leaves_the_old_object(storage: Storage) -> None:
    dropped("s3://bucket/rows")
    gc.collect()

    assert storage.seen == {"rows": OLD}


def test_a_writer_that_nobody_holds_any_more_leaves_the_old_file(tmp_path: Path) -> None:
    dropped(on_disk(tmp_path))
    gc.collect()

    assert [path.read_bytes() for path in tmp_path.iterdir()] == [OLD]


def test_a_suspended_generator_that_is_dropped_leaves_the_old_object(storage: Storage) -> None:
    def writing() -> Iterator[None]:
        with WholeFile("s3://bucket/rows") as file:
            file.write(PIECES[1])
            yield

    next(writing())
    gc.collect()

    assert storage.seen == {"rows": OLD}


@pytest.mark.parametrize(
    ("pieces", "way"), [(PIECES[:1], "pipe_file"), (PIECES, "open")], ids=["small", "large"]
)
def test_a_small_file_is_one_call_and_a_large_one_an_upload(
    storage: Storage, pieces: list[bytes], way: str
) -> None:
    with WholeFile("s3://bucket/rows") as file:
        for piece in pieces:
            assert storage.seen == {"rows": OLD}
            file.write(piece)

    assert storage.seen == {"rows": b"".join(pieces)}
    assert {name for name, times in storage.calls.items() if times} == {way}


def test_an_upload_that_cannot_be_completed_leaves_the_old_object(storage: Storage) -> None:
    storage.is_full = True
    with pytest.raises(OSError, match=r"^full$"):
        replace_file("s3://bucket/rows", PIECES[1])
    storage.is_full = False
    gc.collect()

    assert storage.seen == {"rows": OLD}


@pytest.mark.usefixtures("memory_storage")
@pytest.mark.parametrize("pieces", [PIECES[:1], PIECES], ids=["small", "large"])
def test_storage_that_shows_a_file_from_its_opening_gets_it_in_the_end(
    tmp_path: Path, pieces: list[bytes]
) -> None:
    location = f"memory://{tmp_path.name}/rows"
    replace_file(location, OLD)
    with pytest.raises(ValueError, match=r"^$"):
        broken(ValueError(), location, pieces)
    assert ObjectStoragePath(location).read_bytes() == OLD

    with WholeFile(location) as file:
        for piece in pieces:
            file.write(piece)

    assert ObjectStoragePath(location).read_bytes() == b"".join(pieces)


@pytest.mark.parametrize(("suffix", "read"), [(".jsonl", bytes), (".jsonl.gz", gzip.decompress)])
def test_the_same_rows_are_the_same_bytes_compressed_or_not(
    tmp_path: Path, suffix: str, read: Callable[[bytes], bytes]
) -> None:
    first, second = (tmp_path / f"{name}{suffix}" for name in ("first", "second"))
    told = [write_rows([row("a"), row("ü")], str(path)) for path in (first, second)]

    assert first.read_bytes() == second.read_bytes()
    assert read(first.read_bytes()).count(b"\n") == 2
    assert {(one.size, one.sha256) for one in told} == {(first.stat().st_size, told[0].sha256)}
