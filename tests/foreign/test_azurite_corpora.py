"""A corpus of native documents in Azurite, in bad weather and under kills: each comes out once."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from airflow_provider_language.emulator import Emulator
from airflow_provider_language.tasks import PiiEntityRecognition
from tests.airflow_stands import KEY, TaskInstance
from tests.conftest import Connect
from tests.corpus_kills import (
    IS_FULL,
    UNBOUND,
    killed_again_and_again,
    require_struck,
    require_told,
    weather,
)
from tests.corpus_runs import analyze, paid, rows_in
from tests.emulator.native_files import pdf_file, word_file
from tests.foreign.test_azurite import Container
from tests.storage.object_stores import ACCOUNT, azurite

LETTERS = 500 if IS_FULL else 90
LETTERS_OF_A_JOB = 40
JOBS = -(-LETTERS // LETTERS_OF_A_JOB)
AT_ONCE = 4

pytestmark = [pytest.mark.no_cover, pytest.mark.draws]  # it forks, and coverage has a lock


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The endpoint of blobs of a running Azurite."""
    with azurite(tmp_path_factory.mktemp("azurite")) as server:
        yield f"{server.endpoint}/{ACCOUNT}"


def letter(number: int) -> tuple[str, bytes]:
    """A letter's name and content; some are of Word, and some are printed."""
    if number % 10 == 1:
        return f"{number}.docx", word_file()
    if number % 10 == 2:
        return f"{number}.pdf", pdf_file(f"John Miller writes to john{number}@example.com.")
    return f"{number}.txt", f"John Miller writes to john{number}@example.com.".encode()


def put(source: Container) -> list[str]:
    """Put all letters there, and return their names."""
    letters = dict(map(letter, range(LETTERS)))
    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(source.client.upload_blob, letters, letters.values()))
    return list(letters)


def test_each_letter_comes_out_once_and_nothing_is_paid_twice_but_what_is_told(
    endpoint: str, connect: Connect, tmp_path: Path
) -> None:
    suffix = uuid.uuid4().hex
    source, target = Container(endpoint, f"in-{suffix}", "rl"), Container(endpoint, f"out-{suffix}", "wl")
    names = put(source)
    lines = (
        {"id": name, "source": source.signed(name), "target": target.signed(), "language": "en"}
        for name in names
    )
    listing = tmp_path / "letters.jsonl"
    listing.write_text("".join(json.dumps(line) + "\n" for line in lines))
    with Emulator(key=KEY, duration=0, blob_endpoints=[endpoint]) as service:
        connect(service.endpoint, extra=UNBOUND)
        for fault in weather(LETTERS, in_jobs=False):
            service.faults.add(fault)

        def run(ti: TaskInstance) -> dict[str, Any]:
            return analyze(
                tmp_path,
                ti,
                source=str(listing),
                tasks=[PiiEntityRecognition()],
                native_documents=True,
                max_active_jobs=4,
                max_unknown=2,
                tables_format="jsonl",
            )

        manifest = killed_again_and_again(service, run, JOBS, seed=LETTERS)

        submitted = sum(job.documents for job in service.jobs())
        require_told(manifest, paid(service))
        require_struck(service, 0)
        told = {name: manifest[name] for name in ("documents", "ok", "jobs", "lost_submissions")}
        print(f"\n{told}, {submitted} submitted, {len(list(service.journal))} requests")
    rows = rows_in(tmp_path)
    assert [(row["document_id"], row["status"]) for row in rows] == [(name, "ok") for name in names]
    assert LETTERS <= submitted <= LETTERS + LETTERS_OF_A_JOB * manifest["lost_submissions"]
    written = {blob.name for blob in target.client.list_blobs()}
    told_of = {
        one["location"].removeprefix(f"{target.url}/") for row in rows for one in row["result"]["target"]
    }
    assert len(told_of) == 2 * LETTERS
    assert told_of <= written
    assert not [row for row in rows if "sig=" in json.dumps(row)]
