"""How the folders of runs of a corpus are called, by which they are known among others."""

from __future__ import annotations

import re

NAME = re.compile(r"((?P<task>[A-Za-z0-9_]+_[0-9a-f]{8}-run_)[0-9a-f]{16})(-\d+)?")
"""Of a run's folder: the task, digests of DAG, task and run, and the map index."""
_RESULTS = re.compile(r"(^|.*/)results/(?P<name>[^/]+)/.*")


def is_result(name: str) -> bool:
    """Whether a file below a folder is a run's result, by its path there."""
    found = _RESULTS.fullmatch(name)
    return found is not None and NAME.fullmatch(found["name"]) is not None
