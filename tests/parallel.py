"""How the tests run in several processes of pytest-xdist; a plugin of pytest."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    from collections.abc import Iterable

    from execnet import XSpec
    from xdist.remote import Producer

GROUPS = {
    "tests/bench/test_airflow.py": "airflow",
    "tests/chaos/test_chaos.py": "airflow",
    "tests/system/test_start_from_trigger.py": "airflow",
    "tests/system/test_signing_in.py": "airflow",
    "tests/system/test_demo.py": "demonstration",
    "tests/dags/": "dags",
    "tests/sequences/test_random_faults.py": "sequences",
    "tests/operators/test_corpus_on_storages.py": "storages",
    "tests/storage/test_partial_files.py": "storages",
}
"""By a file or a folder, the group of all its tests: they share what is dear, so one process runs them.

Groups begin first, those with the most tests at the head.
"""


DEAR = "shared_airflow"
"""The fixture of a group that goes on working while nobody uses it."""


class GroupScheduling(LoadScopeScheduling):  # type: ignore[misc]  # pytest-xdist has no types
    """Keeps the tests of a group together, and deals out each of the others by itself."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def group_of(nodeid: str) -> str:
    """The group of a test; its own name if it is in none."""
    return next((group for place, group in GROUPS.items() if nodeid.startswith(place)), nodeid)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """End what a group shares with its last test: an idle Airflow takes a fifth of a core from the others."""
    is_last = nextitem is not None and group_of(item.nodeid) != group_of(nextitem.nodeid)
    if not is_last or not hasattr(item.config, "workerinput") or not isinstance(item, pytest.Function):
        return
    for fixture in item._fixtureinfo.name2fixturedefs.get(DEAR, ()):
        fixture.finish(item._request)  # type: ignore[arg-type] # it does with any request


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> GroupScheduling:
    """Deal the tests out by groups."""
    return GroupScheduling(config, log)


def pytest_xdist_setupnodes(specs: Iterable[XSpec]) -> None:
    """Give each process a home of its own, where Airflow writes a configuration and a database."""
    home = Path(os.environ.get("AIRFLOW_HOME", "~/airflow")).expanduser()
    for spec in specs:
        spec.env["AIRFLOW_HOME"] = str(home / str(spec.id))


def pytest_configure(config: pytest.Config) -> None:
    """Let a process hear Ctrl-C, else it is killed before it has stopped what its tests have started."""
    if hasattr(config, "workerinput"):
        signal.signal(signal.SIGINT, signal.default_int_handler)
