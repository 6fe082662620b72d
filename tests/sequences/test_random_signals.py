"""Signals at random moments of a corpus, in a process of their own: it forks, which coverage hangs in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SIGNALS = Path(__file__).parent / "random_signals.py"
PATIENCE = 1200
"""Seconds for all of them on a machine that others load."""


@pytest.mark.draws
def test_a_corpus_that_gets_a_signal_at_a_random_moment_keeps_what_it_promises() -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(SIGNALS)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE)

    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert "4 passed" in done.stdout
