"""How the folders of runs of a corpus are called, by which they are known among others."""

from __future__ import annotations

import re

NAME = re.compile(r"[A-Za-z0-9_]+_[0-9a-f]{8}-run_[0-9a-f]{16}(-\d+)?")
"""Of a run's folder: the task, digests of DAG, task and run, and the map index."""
_RESULTS = re.compile(rf"(^|.*/)results/{NAME.pattern}/.*")


def is_result(name: str) -> bool:
    """Whether a file below a folder is a run's result, by its path there."""
    return _RESULTS.fullmatch(name) is not None
