"""Each kind of file that the provider writes, by the code that writes it; and a process that dies of it.

``python -m tests.storage.writes`` reads orders from its standard input, and has a child of its own do each of
them, so that what is dear to import is imported once.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import IO

from airflow_provider_language.protocol.corpus.families import Takes
from airflow_provider_language.protocol.corpus.items import Item, segments
from airflow_provider_language.protocol.corpus.journal import Journal
from airflow_provider_language.protocol.corpus.layouts import Layout
from airflow_provider_language.protocol.jobs.results import Row, RowStatus
from airflow_provider_language.running.corpus.manifests import write_manifest
from airflow_provider_language.running.corpus.places import RunPlaces
from airflow_provider_language.storage.copies.copying import copy_file
from airflow_provider_language.storage.copies.reading import Reading
from airflow_provider_language.storage.files import BLOCK, replace_file
from airflow_provider_language.storage.rows import write_rows
from airflow_provider_language.storage.runs.journals import JournalFolder
from airflow_provider_language.storage.runs.spools import Spool
from airflow_provider_language.storage.tables.writers import TablesWriter
from tests.storage.object_stores import Server

DISK = "disk"
PACKAGE = "airflow_provider_language"
PIECES = 9
"""Of a little less than a megabyte each, where a file is to be more than a block."""
SIZE = (BLOCK + 2**20) // PIECES
IN_BLOCKS = (0.5, 0.9999)


@dataclass(frozen=True)
class Write:
    """One kind of file.

    Args:
        path: below the folder that it is told.
        do: writes it there.
        shares: of what its writer does or sends, after which it is killed; once at least before it is there.
    """

    path: str
    do: Callable[[str], object]
    shares: tuple[float, ...] = (0.9,)


def _part(folder: str) -> None:
    [(segment, items)] = segments([Item(f"{number}", "text") for number in range(PIECES)])
    spool = Spool(segment, items, 1)
    for place in range(PIECES):
        spool.put({(place, 0): b"%d" % place * (SIZE - 1) + b"\n"})
    spool.land(f"{folder}/part-00000.jsonl")
    spool.close()


def _row(number: int, result: dict[str, object]) -> Row:
    kind = "KeyPhraseExtraction"
    return Row(str(number), "task", kind, RowStatus.OK, "en", result, None, None, (), None, 1, "job")


def _rows(folder: str) -> None:
    rows = (_row(number, {"a": "x" * SIZE}) for number in range(PIECES))
    write_rows(rows, f"{folder}/rows.jsonl")


def _tables(format_: str, folder: str) -> None:
    with TablesWriter(folder, "run/0", format_, ["KeyPhraseExtraction"], adjacent=True) as tables:
        for number in range(PIECES):
            tables.write(_row(number, {"keyPhrases": ["a", "b"]}).to_dict())


class _Masked:
    """A long text for each document."""

    def of(self, item: Item) -> str:
        return f"{item.row_number}" * SIZE

    def end(self, _: str) -> None:
        """Nothing is counted."""


def _copy(name: str, folder: str) -> None:
    with TemporaryDirectory() as sources:
        source = Path(sources, name)
        if name.endswith(".parquet"):
            from pyarrow import parquet, table

            parquet.write_table(table({"text": ["Anna"] * PIECES}), source, compression="none")
        else:
            source.write_text('{"text": "Anna"}\n' * PIECES)
        reading = Reading(Layout(), qualified=False, takes=Takes(SIZE, lambda _: None))
        copy_file((str(source), name), f"{folder}/{name}", reading, _Masked())


WRITES = {
    "part": Write("part-00000.jsonl", _part, IN_BLOCKS),
    "rows": Write("rows.jsonl", _rows, IN_BLOCKS),
    "copy": Write("copy.jsonl", partial(_copy, "copy.jsonl"), IN_BLOCKS),
    "parquet-copy": Write("copy.parquet", partial(_copy, "copy.parquet")),
    "journal": Write(
        "000001-000000000.jsonl",
        lambda folder: JournalFolder(folder, 1).write([{"n": number} for number in range(50)]),
    ),
    "manifest": Write(
        "results/run/_manifest.json",
        lambda folder: write_manifest(Journal(), RunPlaces(folder, "", "", "run"), complete=True),
    ),
    # The files of all tables are completed one after another: the first of them, and the last.
    "first-table": Write("key_phrases/run/0.parquet", partial(_tables, "parquet"), (0.1, 0.7)),
    "last-table": Write("documents/run/0.parquet", partial(_tables, "parquet"), (0.3, 0.9)),
    "table-of-lines": Write("documents/run/0.jsonl", partial(_tables, "jsonl"), (0.3, 0.7)),
    "success": Write("_SUCCESS", lambda folder: replace_file(f"{folder}/_SUCCESS", b"")),
}


def at_point(point: int, do: Callable[[], object]) -> Callable[[Callable[[], object]], int]:
    """Make what runs a piece of work, and does something at one of the points where a handler may run.

    They are those of our own code: an exception amid a lock of Python's breaks the lock, whoever writes.

    Args:
        point: which of them; it is not reached if it is larger than there are.
        do: what is done there.
    """

    def run(work: Callable[[], object]) -> int:
        seen = 0

        def handler(frame: FrameType, event: str, _: object) -> None:
            nonlocal seen
            if event in {"call", "return", "c_call", "c_return"} and PACKAGE in frame.f_code.co_filename:
                seen += 1
                if seen == point:
                    do()

        sys.setprofile(handler)
        try:
            work()
        finally:
            sys.setprofile(None)
        return seen

    return run


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _write(order: str, told: IO[str]) -> None:
    kind, folder, scheme, endpoint, said = order.split()
    points, point = 0, int(said)
    if scheme == DISK:
        points = at_point(point, _die)(partial(WRITES[kind].do, folder))
    else:
        Server(scheme, endpoint).attach()
        WRITES[kind].do(folder)
    print("points", points, file=told, flush=True)


def main() -> None:
    """Do orders: ``kind folder scheme endpoint point``; point 0 is for who is killed by somebody else."""
    told = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # where Airflow logs
    with TemporaryDirectory() as folder:
        for write in WRITES.values():
            write.do(folder)  # imports all that it needs
    for line in sys.stdin:
        child = os.fork()
        if not child:
            try:
                _write(line, told)
            except BaseException:  # noqa: BLE001 - told by the child's end
                traceback.print_exc()
                os._exit(3)
            os._exit(0)
        print("child", child, file=told, flush=True)
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print("ended", ended, file=told, flush=True)


if __name__ == "__main__":
    main()
