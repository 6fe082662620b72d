"""The gate holds who came before it was opened, and nobody else."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.chaos.gates import Gate
from tests.system.processes import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PASS = "import sys; open(sys.argv[1], 'rb').read()"


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    gate = Gate(tmp_path / "gate")
    yield gate
    gate.release()


@contextmanager
def walker(gate: Gate) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-c", PASS, str(gate.path)])
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def standing(gate: Gate, process: subprocess.Popen[bytes]) -> None:
    inspected = psutil.Process(process.pid)
    wait_until(lambda: gate.holds(inspected) or None, what="somebody at the gate", timeout=30)


def test_who_stands_at_the_gate_passes_when_released(gate: Gate) -> None:
    with walker(gate) as process:
        standing(gate, process)
        gate.release()

        assert process.wait(30) == 0


def test_who_comes_after_the_opening_passes_and_who_stood_there_does_not(gate: Gate) -> None:
    with walker(gate) as first:
        standing(gate, first)
        gate.open_for_others()

        with walker(gate) as second:
            assert second.wait(30) == 0
        assert gate.holds(psutil.Process(first.pid))
        gate.release()
        assert first.wait(30) == 0
