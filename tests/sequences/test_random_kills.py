"""Kills at random moments, in a process of their own: what a handler interrupts may keep a lock for ever."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

KILLS = Path(__file__).parent / "random_kills.py"
PATIENCE = 600
"""Seconds for all of them on a machine that others load."""


@pytest.mark.draws
def test_tasks_that_are_killed_at_random_moments_keep_what_they_promise() -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(KILLS)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE)

    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert "10 passed" in done.stdout
