"""One Airflow for all tests that can share one: on PostgreSQL, with the DAGs of all of them."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.bench import workers as bench
from tests.bench.__main__ import FEW
from tests.chaos import stand as chaos
from tests.system.demo import PROJECT
from tests.system.postgres import PostgresServer
from tests.system.stack import AirflowStack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAGS = (PROJECT / "tests" / "system" / "dags", chaos.DAGS, bench.DAGS)
SETTINGS = {
    **bench.settings(FEW),
    "AIRFLOW__CORE__PARALLELISM": "10",
    # A file that a test adds is soon seen.
    "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "5",
    # One that has not changed is not parsed again while the tests run.
    "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "3600",
    "AIRFLOW__SCHEDULER__TRIGGER_TIMEOUT_CHECK_INTERVAL": "2",
    # A triggerer that is lost is soon noticed.
    "AIRFLOW__TRIGGERER__JOB_HEARTBEAT_SEC": "2",
    "AIRFLOW__TRIGGERER__TRIGGERER_HEALTH_CHECK_THRESHOLD": "20",
}


@contextmanager
def shared_airflow(folder: Path) -> Iterator[AirflowStack]:
    """Run it.

    Args:
        folder: for its home, its logs and a copy of the DAGs, to which a test may add a file.
    """
    for origin in DAGS:
        copy = folder / "dags" / origin.parent.name
        shutil.copytree(origin, copy, ignore=shutil.ignore_patterns("__pycache__"))
    with (
        PostgresServer(folder / "postgres.log") as postgres,
        AirflowStack(
            folder / "dags", folder / "airflow", environment=SETTINGS, database_url=postgres.url
        ) as stack,
    ):
        yield stack
