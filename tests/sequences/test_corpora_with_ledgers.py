"""A corpus that runs share a ledger of: killed in bad weather, or beside another run, none pays twice."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language.emulator import Emulator
from tests.airflow_stands import KEY, TaskInstance
from tests.corpus_kills import DONE, IS_FULL, UNBOUND, in_child, killed_again_and_again, require_told, weather
from tests.corpus_runs import analyze, lasting, manifest_in, paid, rows_in
from tests.emulator.fakes import fake_detect, fake_engines

if TYPE_CHECKING:
    from tests.conftest import Connect

DOCUMENTS = 20_000 if IS_FULL else 600
KNOWN = DOCUMENTS // 3
OF_A_JOB = 25
EQUAL = 7
"""Each so manyth document has the text of the first one."""
TASKS = ["KeyPhraseExtraction", "PiiEntityRecognition"]
ASKED: dict[str, Any] = {"tasks": TASKS, "tables_format": None, "max_failed_documents": 1.0}
REUSED = ("reused_from", "text_records")
"""What differs between a row that was paid, and one that was copied."""

pytestmark = [pytest.mark.no_cover, pytest.mark.draws]  # it forks, and coverage has a lock


@pytest.fixture(autouse=True)
def digest_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's key, without which nothing is known again."""
    monkeypatch.setenv("AIRFLOW__AZURE_LANGUAGE__DIGEST_KEY", "0123456789abcdef")


@pytest.fixture
def service(connect: Connect) -> Any:
    """An emulator whose limits are nobody's."""
    with Emulator(key=KEY, duration=0, engines=fake_engines(), detect_language=fake_detect) as running:
        connect(running.endpoint, extra=UNBOUND)
        yield running


def written(path: Path, count: int) -> str:
    texts = ("the first text" if one % EQUAL == 0 else f"text {one}" for one in range(count))
    path.write_text("".join(json.dumps({"id": str(n), "text": text}) + "\n" for n, text in enumerate(texts)))
    return str(path)


def told(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name not in REUSED} for row in lasting(rows)]


def test_a_run_that_is_killed_in_bad_weather_has_all_rows_and_pays_for_what_nobody_has_paid(
    service: Emulator, tmp_path: Path
) -> None:
    source = written(tmp_path / "all.jsonl", DOCUMENTS)
    analyze(tmp_path / "calm", source=source, ledger=False, **ASKED)
    ledger = str(tmp_path / "ledger")
    some = written(tmp_path / "some.jsonl", KNOWN)
    analyze(tmp_path / "first", source=some, ledger=ledger, **ASKED)
    before = paid(service)
    for fault in weather(3, in_jobs=True):
        service.faults.add(fault)

    def run(ti: TaskInstance) -> dict[str, Any]:
        return analyze(tmp_path, ti, source=source, ledger=ledger, rows="complete", **ASKED)

    new = DOCUMENTS - KNOWN - (DOCUMENTS - KNOWN) // EQUAL
    manifest = killed_again_and_again(service, run, new // OF_A_JOB, seed=3)

    require_told(manifest, paid(service) - before)
    assert manifest == {
        **manifest,
        **{name: manifest_in(tmp_path)[name] for name in ("rows", "text_records")},
    }
    assert (manifest["rows"], manifest["left_out"]) == (2 * DOCUMENTS, 0)
    assert manifest["reused"] >= 2 * (DOCUMENTS - new) - 2 * OF_A_JOB
    assert told(rows_in(tmp_path)) == told(rows_in(tmp_path / "calm"))


@pytest.mark.parametrize("rows", ["new", "complete"])
def test_two_runs_that_are_started_together_lose_no_row(service: Emulator, tmp_path: Path, rows: str) -> None:
    source = written(tmp_path / "all.jsonl", DOCUMENTS)

    def run(number: int) -> dict[str, Any]:
        return analyze(tmp_path, TaskInstance(run_id=str(number)), source=source, rows=rows, **ASKED)

    child = in_child(lambda: run(1))
    run(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == DONE
    both = [json.loads(one.read_text()) for one in (tmp_path / "out").rglob("_manifest.json")]
    once = (paid(service), run(3))

    everything = {(row["document_id"], row["task"]) for row in rows_in(tmp_path)}
    assert len(everything) == 2 * DOCUMENTS
    if rows == "complete":
        assert [one["rows"] for one in both] == [2 * DOCUMENTS] * 2
    assert (paid(service), once[1]["text_records"]["charged"]) == (once[0], 0)
