"""The benchmark of the emulator runs and tells all its figures; how large they are is not tested."""

from __future__ import annotations

import subprocess
import sys

from airflow_provider_language.emulator.engines import CONVERSATION_ENGINES, ENGINES
from tests.bench.workload import KINDS, SIZE, conversation, jobs, text


def test_the_short_form_tells_every_figure() -> None:
    command = [sys.executable, "-m", "tests.bench.emulator", "--short"]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, timeout=600)
    # 1 says that something grew steeply, which on a busy machine may be no more than a bad moment.
    assert ended.returncode in (0, 1), ended.stderr
    lines = [line for line in ended.stdout.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    whole = {
        name: float(value) for name, value, unit in cells if unit in ("s", "MB") and name not in ("", "of")
    }
    assert len(whole) == 4
    # An interpreter alone has 5 MB.
    assert 5 < whole["memory, idle"] < whole["memory, all kinds loaded"] < 10_000
    rates = [(float(value), unit) for name, value, unit in cells if name == "all kinds together"]
    assert [unit for _, unit in rates] == [f"documents x kinds per {each}second" for each in ("", "CPU ")]
    by_name: dict[str, list[list[float]]] = {}
    for name, *figures in cells:
        if name in (*KINDS, "offsets of spans") or name.endswith("repeated"):
            by_name.setdefault(name, []).append([float(figure) for figure in figures])
    # The kinds with an engine of their own have a row in both tables.
    assert {name: len(rows) for name, rows in by_name.items() if name in KINDS} == {
        kind: 1 + (kind in ENGINES or kind in CONVERSATION_ENGINES) for kind in KINDS
    }
    assert len([name for name in by_name if name not in KINDS]) == 3
    assert all(value > 0 for rows in by_name.values() for row in rows for value in row)
    assert all(value > 0 for value, _ in rates)


def test_all_inputs_are_of_one_size_and_differ() -> None:
    texts = [text(seed) for seed in range(25)]
    assert {len(each) for each in texts} == {SIZE}
    assert len(set(texts)) == len(texts)
    items = conversation(3)["conversationItems"]
    assert "".join(item["text"] for item in items) == text(3)


def test_results_are_counted_by_inputs_times_tasks() -> None:
    assert sum(job.results for job in jobs(KINDS, 25)) == 25 * len(KINDS)
    assert [job.results for job in jobs(["ConversationalPIITask"], 2)] == [1, 1]
