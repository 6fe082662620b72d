"""Runs the airflow command of this environment in a home folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMAND_SECONDS = 600


class AirflowCommand:
    """The airflow command with its own AIRFLOW_HOME and with nothing inherited from another Airflow.

    Args:
        home: AIRFLOW_HOME.
        environment: further variables.
    """

    def __init__(self, home: Path, environment: Mapping[str, str] | None = None):
        self.home = home
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")},
            "AIRFLOW_HOME": str(home),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            **(environment or {}),
        }

    def __call__(self, *arguments: str) -> str:
        """Run the command.

        Returns:
            What it wrote to its standard output.

        Raises:
            AssertionError: it failed; with everything that it wrote.
        """
        command = [str(Path(sys.executable).parent / "airflow"), *arguments]
        done = subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            env=self._environment,
            timeout=COMMAND_SECONDS,
        )
        assert done.returncode == 0, f"{command} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout
