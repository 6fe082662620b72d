"""One Airflow on PostgreSQL, quick to notice the dead, in which many scenes are played at a time."""

from __future__ import annotations

import json
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.embedded import Emulator
from tests.chaos.gates import Gate
from tests.chaos.scene import DOCUMENTS, JOB_SECONDS, Scene

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from airflow_provider_language.emulator.instruments.faults import Fault
    from tests.system.stack import AirflowStack

DAGS = Path(__file__).parent / "dags"
DOCUMENTS_FILE = "documents.jsonl"
ROWS_FILE = "rows.jsonl"
CORPUS_FOLDER = "corpus"
KEY = "key-of-the-chaos"
DIGEST_KEY = "0123456789abcdef"
"""Which digests are made with, where a corpus has a ledger."""
EXTRA = {"timeout": [5, 15]}
"""Seconds to connect and to read: what is under way for longer is lost."""
TASK_SILENCE = 20
"""Seconds after which a task that does not tell that it lives is taken for dead."""
TRIGGERER_SILENCE = 20
"""Seconds after which the triggers of a triggerer that does not tell that it lives go to another one."""
SETTINGS = {
    "AIRFLOW__CORE__PARALLELISM": "10",
    "AIRFLOW__AZURE_LANGUAGE__DIGEST_KEY": DIGEST_KEY,
    "AIRFLOW__TRIGGERER__JOB_HEARTBEAT_SEC": "2",
    "AIRFLOW__TRIGGERER__TRIGGERER_HEALTH_CHECK_THRESHOLD": str(TRIGGERER_SILENCE),
    # A scheduler that is started anew looks for what its predecessor left.
    "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD": "15",
    "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "10",
    "AIRFLOW__SCHEDULER__TRIGGER_TIMEOUT_CHECK_INTERVAL": "2",
    # As Airflow 3 calls them.
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_SEC": "3",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": str(TASK_SILENCE),
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "3",
    # And as Airflow 2 does. A cleared task has to hear of it before the scheduler takes it for dead, and
    # starts a second try beside the first.
    "AIRFLOW__SCHEDULER__JOB_HEARTBEAT_SEC": "1",
    "AIRFLOW__SCHEDULER__LOCAL_TASK_JOB_HEARTBEAT_SEC": "3",
    "AIRFLOW__SCHEDULER__SCHEDULER_ZOMBIE_TASK_THRESHOLD": str(TASK_SILENCE),
    "AIRFLOW__SCHEDULER__ZOMBIE_DETECTION_INTERVAL": "10",
}


class Stand:
    """Where scenes are played; any thread may play one.

    Args:
        stack: a running Airflow with `SETTINGS` and the DAGs of `DAGS`.
        folder: for the files of the scenes.
    """

    def __init__(self, stack: AirflowStack, folder: Path):
        self.stack = stack
        self.folder = folder
        self._numbers = count()

    @contextmanager
    def gate(self) -> Iterator[Gate]:
        """Make a gate, and let go whoever stands there in the end."""
        gate = Gate(self.folder / f"gate-{next(self._numbers)}")
        try:
            yield gate
        finally:
            gate.release()

    def place(self, folder: Path) -> str:
        """Return where the tasks of a scene find its documents and write to.

        Args:
            folder: of the scene; the documents lie in it.
        """
        return folder.as_uri()

    @contextmanager
    def scene(
        self,
        dag_id: str,
        *,
        key: str = KEY,
        documents: Iterable[Mapping[str, str]] = DOCUMENTS,
        duration: float = JOB_SECONDS,
        engines: Mapping[str, Any] | None = None,
        faults: Iterable[Fault] = (),
        **params: str,
    ) -> Iterator[Scene]:
        """Start a run of a DAG, with a service of its own.

        Args:
            dag_id: the DAG.
            key: the key of the connection; the service lets only `KEY` in.
            documents: that the run reads.
            duration: seconds that a job takes, by the clock of the service.
            engines: of the service; the real ones by default.
            faults: of the service, from its begin.
            params: of the run, beside the connection and the files.
        """
        number = next(self._numbers)
        folder = self.folder / f"scene-{number}"
        folder.mkdir()
        written = folder / DOCUMENTS_FILE
        written.write_text("".join(json.dumps(document) + "\n" for document in documents))
        connection = f"scene_{number}"
        self.stack.wait_for_dag(dag_id)
        with Emulator(key=KEY, duration=duration, engines=engines) as emulator:
            for fault in faults:
                emulator.faults.add(fault)
            self.stack.api.add_connection(
                connection, conn_type="azure_language", host=emulator.endpoint, password=key, extra=EXTRA
            )
            place = self.place(folder)
            files = {
                "documents": f"{place}/{DOCUMENTS_FILE}",
                "output": f"{place}/{ROWS_FILE}",
                "destination": f"{place}/{CORPUS_FOLDER}",
            }
            run = self.stack.api.trigger(dag_id, {"connection": connection, **files, **params})
            scene = Scene(self.stack, emulator, run, folder / ROWS_FILE)
            try:
                yield scene
            finally:
                if not scene.finished:
                    self.stack.api.mark_run(run, "failed")
