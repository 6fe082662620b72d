"""The files of a ledger: whoever writes, compacts, forgets or is killed at the same time, nothing is lost."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

import pytest
from fsspec.implementations.memory import MemoryFileSystem

from airflow_provider_language._compat import AIRFLOW_3
from airflow_provider_language.exceptions import RecordError
from airflow_provider_language.protocol.corpus.ledger import Block, Entry
from airflow_provider_language.protocol.corpus.ledger_keys import LedgerKeys
from airflow_provider_language.protocol.inputs.tasks import WireTask
from airflow_provider_language.storage.runs.ledgers import Ledger
from tests.storage.object_stores import azurite, moto

KEYS = LedgerKeys(b"0123456789abcdef")
TASK = KEYS.of_task(WireTask("Healthcare", "t"), "v")
OTHER = KEYS.of_task(WireTask("KeyPhraseExtraction", "t"), "v")


def block(numbers: Iterable[int], at: float = 1.0) -> Block:
    entries = [Entry(KEYS.of(str(one), "en"), KEYS.of_id(str(one)), one, 1) for one in numbers]
    return Block.of("run", f"/out/results/run/part-{at}", at, entries)


def known_in(ledger: Ledger, task: str = TASK, most: int = 100) -> dict[int, str]:
    """The documents that are known, of the first ones, and their parts."""
    known = ledger.known(task)
    found = ((one, known.get(KEYS.of(str(one), "en"))) for one in range(most))
    return {one: reused.part.rpartition("/")[2] for one, reused in found if reused is not None}


def files(folder: Path, task: str = TASK) -> list[Path]:
    return sorted((folder / task).iterdir())


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(str(tmp_path))


def test_nothing_is_known_where_nothing_was_written(ledger: Ledger, tmp_path: Path) -> None:
    ledger.write(TASK, [block([])])
    ledger.compact(TASK, 0)

    assert known_in(ledger) == {}
    assert ledger.forget([KEYS.of_id("1")], 5.0) == 0
    assert not (tmp_path / TASK).exists()


def test_tasks_know_what_was_written_of_them(ledger: Ledger) -> None:
    ledger.write(TASK, [block([1, 2]), block([3], 2.0)])
    ledger.write(OTHER, [block([4])])

    assert known_in(ledger) == {1: "part-1.0", 2: "part-1.0", 3: "part-2.0"}
    assert known_in(ledger, OTHER) == {4: "part-1.0"}


def test_compaction_leaves_one_file_with_the_latest_entries(ledger: Ledger, tmp_path: Path) -> None:
    for at in range(5):
        ledger.write(TASK, [block([1, 10 + at], float(at))])
    before = known_in(ledger)

    ledger.compact(TASK, 6)
    assert len(files(tmp_path)) == 5
    ledger.compact(TASK, 5)

    (file,) = files(tmp_path)
    assert known_in(ledger) == before
    assert before[1] == "part-4.0"
    assert gzip.decompress(file.read_bytes()).count(b'"keys"') == 5
    ledger.compact(TASK, 1, large=4)  # which leaves files of two bytes as they are
    assert files(tmp_path) == [file]


def test_compacted_files_are_not_larger_than_they_should_be(ledger: Ledger, tmp_path: Path) -> None:
    for at in range(40):
        ledger.write(TASK, [block(range(100 * at, 100 * at + 100), float(at))])

    ledger.compact(TASK, 2, large=50_000)

    assert 1 < len(files(tmp_path)) < 10
    assert max(file.stat().st_size for file in files(tmp_path)) < 100_000
    assert len(ledger.known(TASK)) == 4000


def test_what_is_forgotten_is_gone_of_all_tasks_and_what_comes_later_is_known(
    ledger: Ledger, tmp_path: Path
) -> None:
    ledger.write(TASK, [block([1, 2]), block([3])])
    ledger.write(OTHER, [block([1])])
    untouched = block([4])
    ledger.write(OTHER, [untouched])

    assert ledger.forget([KEYS.of_id("1"), KEYS.of_id("3")], 1.0) == 3

    assert known_in(ledger) == {2: "part-1.0"}
    assert known_in(ledger, OTHER) == {4: "part-1.0"}
    assert len(files(tmp_path, OTHER)) == 1
    ledger.write(TASK, [block([1], 2.0), block([2], 0.5)])
    assert known_in(ledger) == {1: "part-2.0", 2: "part-1.0"}
    assert ledger.forget([KEYS.of_id("1")], 1.5) == 0
    assert ledger.forget([KEYS.of_id("1")], 2.0) == 1


def test_no_id_and_no_key_stands_in_any_file(ledger: Ledger, tmp_path: Path) -> None:
    text = "Ada Lovelace, 555-0134"
    ledger.write(TASK, [Block.of("r", "p", 1.0, [Entry(KEYS.of(text, "en"), KEYS.of_id(text), 0, 1)])])
    ledger.forget([KEYS.of_id("Ada Lovelace")], 2.0)

    content = b"".join(
        gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        for file in tmp_path.rglob("*")
        if file.is_file()
    )
    assert content
    assert b"Ada" not in content
    assert b"0134" not in content


def test_what_lands_late_is_forgotten_too(ledger: Ledger) -> None:
    ledger.forget([KEYS.of_id("1")], 5.0)
    ledger.write(TASK, [block([1, 2], 4.0)])

    assert known_in(ledger) == {2: "part-4.0"}


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "cut": lambda content: content[:-9],
    "no gzip": lambda _: b"{",
    "no JSON": lambda _: gzip.compress(b"{"),
    "no block": lambda _: gzip.compress(b"{}"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_told_of_and_compaction_leaves_all_as_it_was(
    ledger: Ledger, tmp_path: Path, damage: str
) -> None:
    ledger.write(TASK, [block([1])])
    ledger.write(TASK, [block([2])])
    files(tmp_path)[0].write_bytes(DAMAGES[damage](files(tmp_path)[0].read_bytes()))
    before = files(tmp_path)

    for use in (lambda: ledger.known(TASK), lambda: ledger.compact(TASK, 1), lambda: ledger.forget([], 1.0)):
        with pytest.raises(RecordError, match=f"{before[0].name}.*Restore it, or remove it"):
            use()

    assert files(tmp_path) == before


def test_a_damaged_note_of_what_is_forgotten_is_not_passed_over(ledger: Ledger, tmp_path: Path) -> None:
    ledger.forget([KEYS.of_id("1")], 1.0)
    (note,) = (tmp_path / "_forgotten").iterdir()
    note.write_text('{"at": "then"}')

    with pytest.raises(RecordError, match="cannot be read"):
        ledger.known(TASK)


def test_what_is_no_file_of_a_ledger_is_passed_over(ledger: Ledger, tmp_path: Path) -> None:
    ledger.write(TASK, [block([1])])
    (tmp_path / "README").write_text("Ours")
    (tmp_path / TASK / "notes.jsonl.gz").write_text("Ours")

    assert ledger.forget([KEYS.of_id("2")], 1.0) == 0
    assert known_in(ledger) == {1: "part-1.0"}


class Busy(MemoryFileSystem):  # type: ignore[misc]
    """A storage on which, before one of its operations, something else happens."""

    cachable = False
    store: ClassVar[dict[str, Any]] = {}
    pseudo_dirs: ClassVar[list[str]] = [""]
    happens: Callable[[], object] | None = None
    left = 0

    def at(self, operation: int, happens: Callable[[], object]) -> None:
        """Let something happen, once, before an operation, of which so many come before."""
        self.left, self.happens = operation, happens

    @property
    def is_over(self) -> bool:
        """Whether it has happened."""
        return self.happens is None

    def cat_file(self, *args: Any, **options: Any) -> Any:
        self._wait()
        return super().cat_file(*args, **options)

    def ls(self, *args: Any, **options: Any) -> Any:
        self._wait()
        return super().ls(*args, **options)

    def pipe_file(self, *args: Any, **options: Any) -> Any:
        self._wait()
        return super().pipe_file(*args, **options)

    def rm_file(self, path: str) -> None:
        self._wait()
        super().rm_file(path)

    def _wait(self) -> None:
        self.left -= 1
        if self.happens is not None and self.left < 0:
            happens, self.happens = self.happens, None
            happens()


class Killed(BaseException):
    """The end of a process."""


def killed() -> None:
    raise Killed


@pytest.fixture
def storage() -> Busy:
    stores = import_module("airflow.sdk.io.store" if AIRFLOW_3 else "airflow.io.store")
    stores._STORE_CACHE.pop("memory-busy", None)
    storage = Busy()
    stores.attach("memory", conn_id="busy", fs=storage)
    return storage


def filled(storage: Busy) -> Ledger:
    storage.store.clear()
    ledger = Ledger("memory://busy@box/ledger")
    for at in range(3):
        ledger.write(TASK, [block([at, 9], float(at))])
    return ledger


ALL = {0: "part-0.0", 1: "part-1.0", 2: "part-2.0", 9: "part-2.0"}
BUT_NINE = {one: part for one, part in ALL.items() if one != 9}
NINE = [KEYS.of_id("9")]
USES: dict[str, Callable[[Ledger], object]] = {
    "compact": lambda ledger: ledger.compact(TASK, 2),
    "forget": lambda ledger: ledger.forget(NINE, 5.0),
    "write": lambda ledger: ledger.write(TASK, [block([50], 9.0)]),
    "read": lambda ledger: ledger.known(TASK),
}


@pytest.mark.parametrize("use", ["compact", "forget"])
def test_who_is_killed_before_any_operation_loses_nothing_and_can_begin_again(
    storage: Busy, use: str
) -> None:
    wanted = ALL if use == "compact" else BUT_NINE
    for operation in range(100):
        ledger = filled(storage)
        storage.at(operation, killed)
        with suppress(Killed):
            USES[use](ledger)
        if not storage.is_over:
            storage.happens = None
            break
        assert known_in(ledger) in (ALL, wanted)
        USES[use](ledger)
        assert known_in(ledger) == wanted

    assert operation > 5
    assert known_in(ledger) == wanted


@pytest.mark.parametrize("one", ["compact", "forget", "read"])
@pytest.mark.parametrize("other", ["compact", "forget", "write", "twice"])
def test_two_at_once_lose_nothing_and_what_is_forgotten_stays_so(storage: Busy, one: str, other: str) -> None:
    def twice(ledger: Ledger) -> None:
        USES["write"](ledger)
        USES["compact"](ledger)

    uses = {**USES, "twice": twice}
    for operation in range(100):
        ledger = filled(storage)
        storage.at(operation, partial(uses[other], ledger))
        if one == "read":
            assert set(known_in(ledger)) >= {0, 1, 2}
        else:
            USES[one](ledger)
        is_over, storage.happens = storage.is_over, None
        known = known_in(ledger)
        assert known.pop(50, None) == ("part-9.0" if other in ("write", "twice") and is_over else None)
        assert known == (BUT_NINE if one == "forget" or (other == "forget" and is_over) else ALL)
        if not is_over:
            break

    assert 3 < operation < 99


def test_a_ledger_that_is_never_the_same_twice_is_not_read_for_ever(storage: Busy) -> None:
    ledger = filled(storage)

    def again() -> None:
        ledger.compact(TASK, 1)
        storage.at(0, again)

    storage.at(2, again)
    with pytest.raises(RecordError, match="faster than it can be read"):
        ledger.known(TASK)
    storage.happens = None
    assert known_in(ledger) == ALL


def test_a_storage_that_refuses_any_operation_of_a_compaction_loses_nothing(storage: Busy) -> None:
    def refused() -> None:
        raise PermissionError("not yours")

    for operation in range(20):
        ledger = filled(storage)
        storage.at(operation, refused)
        with suppress(PermissionError):
            ledger.compact(TASK, 2)
        storage.happens = None
        assert known_in(ledger) == ALL


@pytest.mark.parametrize("server", ["s3", "abfs"])
def test_on_real_storages_a_file_that_is_compacted_while_it_is_read_is_found_again(
    tmp_path: Path, server: str
) -> None:
    with moto() if server == "s3" else azurite(tmp_path) as running:
        ledger = Ledger(f"{running.make_bucket()}/ledger")
        storage = running.attach()
        for at in range(3):
            ledger.write(TASK, [block([at, 9], float(at))])
        read = storage.cat_file

        def cat_file(*args: Any, **options: Any) -> Any:
            storage.cat_file = read
            ledger.compact(TASK, 2)
            return read(*args, **options)

        storage.cat_file = cat_file
        assert known_in(ledger, most=10) == ALL
        assert storage.cat_file is read
        assert ledger.forget(NINE, 5.0) == 1
        assert known_in(ledger, most=10) == BUT_NINE


def test_threads_that_write_and_compact_together_lose_nothing(tmp_path: Path) -> None:
    def work(number: int) -> None:
        ledger = Ledger(str(tmp_path))
        for at in range(4):
            ledger.write(TASK, [block([10 * number + at], float(number))])
            ledger.compact(TASK, 2)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))

    known = known_in(Ledger(str(tmp_path)))
    assert sorted(known) == [10 * number + at for number in range(4) for at in range(4)]
