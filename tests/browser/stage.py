"""What the browser is led to: Airflow with the example DAGs, the emulator, and a web server with results."""

from __future__ import annotations

import shutil
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from tests.hooks.certificates import make_authority
from tests.system.demo import DAGS
from tests.system.emulator_process import EmulatorProcess
from tests.system.postgres import PostgresServer
from tests.system.processes import LOOPBACK
from tests.system.stack import AirflowStack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.system.generations import Installation

KEY = "key-of-the-browser-test"
JOB_SECONDS = 2.0


@dataclass(frozen=True)
class Stage:
    """All that is running.

    Attributes:
        airflow: has no connection yet.
        emulator: lets in who has its key.
        results: the folder that the web server shows.
    """

    airflow: AirflowStack
    emulator: EmulatorProcess
    results: Path


@contextmanager
def staged(installation: Installation, folder: Path) -> Iterator[Stage]:
    """Start it all.

    Args:
        installation: the Airflow to run.
        folder: an empty one, for everything that is written.
    """
    results = folder / "results"
    results.mkdir()
    # Forms show where examples read from, and pictures of them had better not show this folder.
    dags = shutil.copytree(DAGS, folder / "dags", ignore=shutil.ignore_patterns("__pycache__"))
    with (
        EmulatorProcess(folder, key=KEY, job_seconds=JOB_SECONDS) as emulator,
        shown(results, folder) as url,
        PostgresServer(folder / "postgres.log") as postgres,
        AirflowStack(
            dags,
            folder / "airflow",
            environment={
                "AIRFLOW__CORE__TEST_CONNECTION": "Enabled",
                "AIRFLOW__AZURE_LANGUAGE__REPORT_BASE_URL": url,
            },
            database_url=postgres.url,
            installation=installation,
        ) as airflow,
    ):
        yield Stage(airflow, emulator, results)


@contextmanager
def shown(results: Path, folder: Path) -> Iterator[str]:
    """Have a web server show a folder under its whole path, as one does that shows the root of a storage.

    Args:
        results: the only folder that it shows.
        folder: for its certificate.

    Yields:
        Its address.
    """
    allowed = results.resolve()

    class Results(SimpleHTTPRequestHandler):
        def __init__(self, *arguments: Any):
            super().__init__(*arguments, directory="/")

        def send_head(self) -> Any:
            asked = allowed.joinpath(unquote(urlsplit(self.path).path)).resolve()
            if not asked.is_relative_to(allowed):
                self.send_error(HTTPStatus.NOT_FOUND)
                return None
            return super().send_head()

        def log_message(self, *_: object) -> None:
            """Nothing is told: what is asked for is seen in the browser."""

    server = ThreadingHTTPServer((LOOPBACK, 0), Results)
    server.socket = make_authority(folder).server_context().wrap_socket(server.socket, server_side=True)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    try:
        yield f"https://{LOOPBACK}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        serving.join()
