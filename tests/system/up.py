"""Keeps Airflow, the emulator and the example DAGs running on the loopback interface until Ctrl-C."""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from tests.system.demo import DAGS, JOB_SECONDS, KEY, PROJECT
from tests.system.emulator_process import EmulatorProcess
from tests.system.processes import ProcessError, is_listening
from tests.system.stack import AirflowStack

if TYPE_CHECKING:
    from collections.abc import Sequence

LOOK_SECONDS = 1.0
FIRST_DAG = "analyze_reviews"


def main(arguments: Sequence[str] | None = None) -> int:
    """Stay until stopped.

    Returns:
        The exit code: 0 if the user ended it, 1 if a process ended by itself.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.system.up", description=__doc__)
    parser.add_argument("--port", type=int, default=8080, help="of Airflow (default: %(default)s)")
    parser.add_argument("--emulator-port", type=int, default=8900, help="default: %(default)s")
    parser.add_argument("--home", type=Path, default=PROJECT / ".cache" / "up", help="AIRFLOW_HOME; it stays")
    options = parser.parse_args(arguments)
    for name, port in (("--port", options.port), ("--emulator-port", options.emulator_port)):
        if is_listening(port):
            parser.error(f"port {port} is taken; choose another with {name}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    options.home.mkdir(parents=True, exist_ok=True)
    print("Starting the emulator and Airflow; this takes about half a minute.", flush=True)
    try:
        with suppress(KeyboardInterrupt):
            serve(options.home, port=options.port, emulator_port=options.emulator_port)
    except ProcessError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def serve(home: Path, *, port: int, emulator_port: int) -> NoReturn:
    """Start both, say where they are, and watch them.

    Raises:
        ProcessError: one did not start, or ended.
    """
    # A copy, since the example of native documents writes beside what it reads.
    blobs = shutil.copytree(DAGS / "data" / "blobs", home / "blobs", dirs_exist_ok=True)
    with EmulatorProcess(home, key=KEY, port=emulator_port, job_seconds=JOB_SECONDS, blobs=blobs) as emulator:
        tables = {"conn_type": "sqlite", "host": str(home / "tables.db")}
        environment = {
            "AIRFLOW_CONN_AZURE_LANGUAGE_DEFAULT": emulator.connection,
            "AIRFLOW_CONN_TABLES": json.dumps(tables),  # of the example that loads them
        }
        with AirflowStack(DAGS, home, environment=environment, port=port) as stack:
            print(greeting(stack.url, emulator.endpoint, stack.logs), flush=True)
            while True:
                emulator.require_running()
                stack.require_running()
                time.sleep(LOOK_SECONDS)


def greeting(airflow: str, emulator: str, logs: Path) -> str:
    """What to open, and what to start there."""
    return "\n".join(
        (
            f"Airflow:  {airflow} (no password); start the DAG {FIRST_DAG} at {airflow}/dags/{FIRST_DAG}",
            f"Emulator: {emulator}/_emulator/ shows its jobs",
            f"Logs:     {logs}",
            "Ctrl-C stops both.",
        )
    )


if __name__ == "__main__":
    sys.exit(main())
