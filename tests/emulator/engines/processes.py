"""A fresh interpreter: what importing and first calls do cannot be seen in the one of the tests."""

from __future__ import annotations

import subprocess
import sys
import textwrap


def run(code: str) -> str:
    """Return what some code prints."""
    command = [sys.executable, "-B", "-c", textwrap.dedent(code)]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout
