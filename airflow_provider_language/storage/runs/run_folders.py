"""How the folders of runs of a corpus are called, by which they are known among others."""

from __future__ import annotations

import re
from itertools import pairwise

from airflow_provider_language.protocol.tables.schema import TABLES

NAME = re.compile(r"((?P<task>[A-Za-z0-9_]+_[0-9a-f]{8}-run_)[0-9a-f]{16})(-\d+)?")
"""Of a run's folder: the task, digests of DAG, task and run, and the map index."""
MANIFEST = "_manifest.json"
"""What came of a run, in its folder of results."""
REDACTED = "redacted"
"""The folder of redacted copies of sources, below which files have the folders of their source."""
_KINDS = frozenset({"results", REDACTED, *TABLES})
"""The folders in which each run has one of its own."""


def is_result(name: str) -> bool:
    """Whether a file below a folder is of a run's rows, tables or redacted copy, by its path there."""
    *folders, _ = name.split("/")
    return any(kind in _KINDS and NAME.fullmatch(run) for kind, run in pairwise(folders))
