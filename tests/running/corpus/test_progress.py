"""The log of a corpus: folded by phase, but for the lines that everybody is to see."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import pytest

from airflow_provider_language.emulator import Emulator, Fault
from airflow_provider_language.exceptions import ServiceUnavailableError
from tests.corpus_runs import analyze, write

GROUP, END = "::group::", "::endgroup::"
PHASES = ["Reading and submitting", "Waiting and landing"]


def folded(caplog: pytest.LogCaptureFixture) -> list[tuple[str | None, str]]:
    """Each line with the group that it is in, and an empty one at the begin of each group."""
    group: str | None = None
    lines: list[tuple[str | None, str]] = []
    for line in (record.getMessage() for record in caplog.records):
        if line.startswith(GROUP):
            assert group is None
            group = line.removeprefix(GROUP)
            lines.append((group, ""))
        elif line == END:
            assert group is not None
            group = None
        else:
            lines.append((group, line))
    assert group is None
    return lines


def test_the_lines_of_jobs_are_folded_and_those_of_each_minute_are_not(
    language: Emulator, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CHECKED", "REPORTED"):
        monkeypatch.setattr(f"airflow_provider_language.running.corpus.loop.{name}", 0.02)
    language.faults.add(Fault("slow", operation="submit", seconds=0.1, times=None))

    with caplog.at_level("INFO"):
        analyze(tmp_path, source=write(tmp_path / "a.jsonl", 60), max_active_jobs=1)

    lines = folded(caplog)
    groups = [group for group, _ in groupby(lines, lambda line: line[0]) if group is not None]
    assert list(dict.fromkeys(groups)) == PHASES
    assert {group for group, line in lines if "jobs submitted" in line} == {None}
    assert {group for group, line in lines if line.startswith("Job ")} <= set(PHASES)
    assert [line for _, line in lines if "jobs submitted" in line]


def test_each_phase_is_one_group_whatever_is_submitted_again(
    language: Emulator, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    language.faults.add(Fault("fail-tasks", times=3))

    with caplog.at_level("INFO"):
        analyze(tmp_path, source=write(tmp_path / "a.jsonl", 200), max_failed_documents=1.0)

    begun = [record.getMessage() for record in caplog.records if record.getMessage().startswith(GROUP)]
    assert begun == [f"{GROUP}{phase}" for phase in PHASES]


def test_a_run_that_fails_leaves_no_group_open(
    language: Emulator, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    language.faults.add(Fault("error", operation="status", times=None))

    with caplog.at_level("INFO"), pytest.raises(ServiceUnavailableError):
        analyze(tmp_path, source=write(tmp_path / "a.jsonl", 60), tolerance=0)

    assert (None, "azure_language_default is left out, and 0 connections go on") in [
        (group, line.partition(":")[0]) for group, line in folded(caplog)
    ]
