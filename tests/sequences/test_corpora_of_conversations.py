"""Calls as a corpus, in bad weather and under kills: each comes out once, and none is paid twice untold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from airflow_provider_language.emulator import Emulator
from airflow_provider_language.tasks import ConversationalPII, ConversationalSummarization
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
from tests.corpus_runs import analyze, lasting, paid, rows_in

CALLS = 2000 if IS_FULL else 60
AT_ONCE = 200
SUMMED_UP = 25
"""Calls of a job that sums up; one that looks for personal data has one."""

pytestmark = [pytest.mark.no_cover, pytest.mark.draws]  # it forks, and coverage has a lock


def written(path: Path) -> str:
    """Write calls of two to five turns, and return their file's location."""
    lines = (
        {
            "conversation_id": f"call {number}",
            "speaker": ("agent", "customer")[turn % 2],
            "text": f"I am John Doe, number {number}, john{turn}@example.com. Please help me.",
        }
        for number in range(CALLS)
        for turn in range(2 + number % 4)
    )
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return str(path)


@pytest.mark.parametrize(
    ("task", "jobs"),
    [
        (ConversationalPII(), CALLS),
        (ConversationalSummarization(summary_aspects=["recap"]), -(-CALLS // SUMMED_UP)),
    ],
    ids=["personal data", "recaps"],
)
def test_each_call_comes_out_once_and_nothing_is_paid_twice_but_what_is_told(
    connect: Connect, tmp_path: Path, task: Any, jobs: int
) -> None:
    source = written(tmp_path / "calls.jsonl")
    with Emulator(key=KEY, duration=0) as service:
        connect(service.endpoint, extra=UNBOUND)
        said: dict[str, Any] = {"source": source, "tasks": [task], "tables_format": "jsonl"}
        analyze(tmp_path / "calm", **said)
        before, entries = paid(service), len(list(service.journal))
        assert before == jobs
        for fault in weather(jobs, in_jobs=True):
            service.faults.add(fault)

        def run(ti: TaskInstance) -> dict[str, Any]:
            return analyze(tmp_path, ti, max_active_jobs=AT_ONCE, **said)

        manifest = killed_again_and_again(service, run, jobs, seed=jobs)

        accepted = paid(service) - before
        require_told(manifest, accepted)
        require_struck(service, entries)
        told = f"{_told(manifest)}, {accepted} accepted, {len(list(service.journal)) - entries} requests"
        print(f"\n{task.kind}: {told}")
    assert [row["document_id"] for row in rows_in(tmp_path)] == [f"call {number}" for number in range(CALLS)]
    assert lasting(rows_in(tmp_path)) == lasting(rows_in(tmp_path / "calm"))


def _told(manifest: dict[str, Any]) -> dict[str, Any]:
    return {name: manifest[name] for name in ("documents", "ok", "jobs", "lost_submissions", "text_records")}
