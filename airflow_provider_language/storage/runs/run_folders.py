"""How the folders of runs of a corpus are called, by which they are known among others."""

from __future__ import annotations

import re

from airflow_provider_language.protocol.tables.schema import TABLES

NAME = re.compile(r"((?P<task>[A-Za-z0-9_]+_[0-9a-f]{8}-run_)[0-9a-f]{16})(-\d+)?")
"""Of a run's folder: the task, digests of DAG, task and run, and the map index."""
_LANDED = re.compile(r"(^|.*/)(?P<kind>[^/]+)/(?P<name>[^/]+)/[^/]+")
_KINDS = frozenset({"results", *TABLES})
"""The folders in which each run has one of its own."""


def is_result(name: str) -> bool:
    """Whether a file below a folder is of a run's rows or tables, by its path there."""
    found = _LANDED.fullmatch(name)
    return found is not None and found["kind"] in _KINDS and NAME.fullmatch(found["name"]) is not None
