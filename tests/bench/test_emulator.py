"""The benchmark of the emulator runs and tells all its figures; how large they are is not tested."""

from __future__ import annotations

import re
import subprocess
import sys

from airflow_provider_language.emulator.engines import CONVERSATION_ENGINES, ENGINES
from tests.bench.workload import KINDS, SIZE, conversation, jobs, text

LINE = re.compile(r"(?P<name>.+): (?P<value>\S+) (?P<unit>.+)")


def test_the_short_form_tells_every_figure() -> None:
    command = [sys.executable, "-m", "tests.bench.emulator", "--short"]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, timeout=600)
    # 1 says that something grew steeply, which on a busy machine may be no more than a bad moment.
    assert ended.returncode in (0, 1), ended.stderr
    found = [match for line in ended.stdout.splitlines()[1:] if (match := LINE.fullmatch(line))]
    figures = {match["name"]: float(match["value"]) for match in found}
    units = {match["name"]: match["unit"] for match in found}
    assert len(figures) == len(ended.stdout.splitlines()) - 1
    assert {"start", "memory, idle", "all kinds", "all kinds, by CPU time"} <= figures.keys()
    for kind in KINDS:
        assert {f"{kind}, first result", f"{kind}, by CPU time"} <= figures.keys()
    assert all(value > 0 for value in figures.values())
    # An interpreter alone has 5 MB.
    assert 5 < figures["memory, idle"] < figures["memory, all kinds loaded"] < 10_000
    assert units["all kinds"] == "documents x kinds/s"
    assert {f"growth, {kind}" for kind in (*ENGINES, *CONVERSATION_ENGINES)} <= figures.keys()
    assert any("repeated" in name for name in figures)


def test_all_inputs_are_of_one_size_and_differ() -> None:
    texts = [text(seed) for seed in range(25)]
    assert {len(each) for each in texts} == {SIZE}
    assert len(set(texts)) == len(texts)
    items = conversation(3)["conversationItems"]
    assert "".join(item["text"] for item in items) == text(3)


def test_results_are_counted_by_inputs_times_tasks() -> None:
    assert sum(job.results for job in jobs(KINDS, 25)) == 25 * len(KINDS)
    assert [job.results for job in jobs(["ConversationalPIITask"], 2)] == [1, 1]
