"""Whatever ends a writer, and whenever: a reader finds the old file or the new one, on each storage."""

from __future__ import annotations

import asyncio
import gc
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from airflow_provider_language.storage.files import BLOCK, WholeFile
from airflow_provider_language.storage.stores import place_of
from tests.storage.object_stores import Server, azurite, moto
from tests.storage.taps import Tap
from tests.storage.writes import DISK, WRITES, at_point

OLD = b"the old file"
FOLDER = b"FOLDER"
NOWHERE = "http://127.0.0.1:9"
KINDS = pytest.mark.parametrize("kind", WRITES)
PROJECT = Path(__file__).parents[2]
POINTS = (0.2, 0.5, 0.7, 0.85, 0.97)
"""Of what a writer does, at which an error is raised."""
ERRORS = (ValueError, asyncio.CancelledError, KeyboardInterrupt)
PIECES = [b"a", b"b" * (BLOCK + 1), b"c" * BLOCK]


class Storage:
    """One kind of storage."""

    def __init__(self, server: Server | None, folder: Path) -> None:
        self.is_disk = server is None
        self.scheme = server.scheme if server else DISK
        self.endpoint = server.endpoint if server else NOWHERE
        self._root = server.make_bucket() if server else str(folder)

    def folder(self) -> str:
        """A folder that nobody else uses."""
        return f"{self._root}/{uuid.uuid4().hex}"

    def folder_with(self, kind: str, content: bytes) -> str:
        """A folder with a file of a kind in it."""
        folder = self.folder()
        self.put(f"{folder}/{WRITES[kind].path}", content)
        return folder

    def put(self, location: str, content: bytes) -> None:
        place = place_of(location)
        place.fs.makedirs(place.path.rpartition("/")[0], exist_ok=True)
        place.fs.pipe_file(place.path, content)

    def read(self, location: str) -> bytes:
        place = place_of(location)
        place.fs.invalidate_cache()
        found: bytes = place.fs.cat_file(place.path)
        return found

    def read_of(self, kind: str, folder: str) -> bytes:
        """A file of a kind, without its folder's name."""
        return self.read(f"{folder}/{WRITES[kind].path}").replace(folder.encode(), FOLDER)


@pytest.fixture(scope="module", params=["disk", "s3", "abfs"])
def storage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storage]:
    folder = tmp_path_factory.mktemp("storage")
    if request.param == "disk":
        yield Storage(None, folder)
        return
    with moto() if request.param == "s3" else azurite(folder) as server:
        yield Storage(server, folder)


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What each kind of file is when nobody interrupts its writer."""
    folder = tmp_path_factory.mktemp("new")
    for write in WRITES.values():
        write.do(str(folder))
    return {
        kind: (folder / write.path).read_bytes().replace(str(folder).encode(), FOLDER)
        for kind, write in WRITES.items()
    }


@KINDS
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # raised amid a finalizer
def test_an_exception_at_any_point_leaves_the_old_file_or_the_new_one(
    storage: Storage, new: dict[str, bytes], kind: str
) -> None:
    write = WRITES[kind]
    points = at_point(0, list)(partial(write.do, storage.folder_with(kind, OLD)))
    folders = []
    for share, error in zip(POINTS, cycle(ERRORS)):
        folders.append(folder := storage.folder_with(kind, OLD))
        with suppress(error):
            at_point(int(points * share), partial(_strike, error))(partial(write.do, folder))
    gc.collect()

    seen = [storage.read_of(kind, folder) for folder in folders]
    assert set(seen) <= {OLD, new[kind]}
    assert OLD in seen


def _strike(error: type[BaseException]) -> None:
    raise error


def dropped(location: str) -> None:
    file = WholeFile(location)
    for piece in PIECES:
        file.write(piece)
    circle: list[Any] = [file]
    circle.append(circle)


def cancelled(location: str) -> None:
    async def write() -> None:
        with WholeFile(location) as file:
            for piece in PIECES:
                file.write(piece)
                await asyncio.sleep(0)
            await asyncio.sleep(3600)

    async def run() -> None:
        task = asyncio.create_task(write())
        for _ in range(6):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())


def suspended(location: str) -> None:
    def writing() -> Iterator[None]:
        with WholeFile(location) as file:
            for piece in PIECES:
                file.write(piece)
            yield

    next(writing())


@pytest.mark.parametrize("end", [dropped, cancelled, suspended])
def test_a_writer_that_is_cancelled_or_dropped_leaves_the_old_file_and_no_upload(
    storage: Storage, end: Callable[[str], None]
) -> None:
    location = f"{storage.folder()}/rows.jsonl"
    storage.put(location, OLD)

    end(location)
    gc.collect()

    assert storage.read(location) == OLD
    place = place_of(location)
    if storage.scheme == "s3":
        told = place.fs.call_s3("list_multipart_uploads", Bucket=place.path.partition("/")[0])
        assert [one["Key"] for one in told.get("Uploads", ()) if place.path.endswith(one["Key"])] == []
    else:
        assert len(place.fs.ls(place.path.rpartition("/")[0])) == 1


class Writer:
    """A process that writes files when it is told to, and is killed amid it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.storage.writes"],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def end(self) -> None:
        try:
            self._process.communicate(timeout=30)
        finally:
            self._process.kill()

    def write(self, storage: Storage, kind: str, folder: str, *, lets: int | None, point: int = 0) -> Ended:
        """Have a file written.

        Args:
            storage: where it lies.
            kind: of the file.
            folder: which it is below.
            lets: bytes that may go to the storage before the writer is killed; None for all.
            point: at which it kills itself; 0 for none.
        """
        assert self._process.stdin
        with Tap(storage.endpoint, lets) as tap:
            self._process.stdin.write(f"{kind} {folder} {storage.scheme} {tap.address} {point}\n")
            self._process.stdin.flush()
            tap.tell(self._told("child"))
            points = 0 if lets is not None or point else self._told("points")
            return Ended(self._told("ended"), tap.sent, points)

    def _told(self, name: str) -> int:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line.startswith(f"{name} "), line
        return int(line.split()[1])


class Ended(NamedTuple):
    """How a writer ended: its exit code, the bytes that it sent, and the points that it passed."""

    code: int
    sent: int
    points: int


@pytest.fixture(scope="module")
def writer() -> Iterator[Writer]:
    running = Writer()
    yield running
    running.end()


@KINDS
def test_a_kill_at_any_moment_leaves_the_old_file_or_the_new_one(
    storage: Storage, writer: Writer, new: dict[str, bytes], kind: str
) -> None:
    first = storage.folder_with(kind, OLD)
    whole = writer.write(storage, kind, first, lets=None)
    assert (whole.code, storage.read_of(kind, first)) == (0, new[kind])
    seen = []
    for share in WRITES[kind].shares:
        folder = storage.folder_with(kind, OLD)
        if storage.is_disk:
            ended = writer.write(storage, kind, folder, lets=None, point=max(int(whole.points * share), 1))
        else:
            ended = writer.write(storage, kind, folder, lets=int(whole.sent * share))
        assert ended.code == -signal.SIGKILL
        seen.append(storage.read_of(kind, folder))

    assert set(seen) <= {OLD, new[kind]}
    assert OLD in seen
