"""No key, SAS or text is where it does not belong: a real Airflow at DEBUG level, in worker and triggerer."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from airflow_provider_language._compat import AIRFLOW_3
from tests.system.demo import DAGS
from tests.system.emulator_process import EmulatorProcess
from tests.system.leaks import Search, search_home
from tests.system.rest import FINISHED
from tests.system.stack import AirflowStack

pytestmark = pytest.mark.system

KEY = "canary4key7f3a91e0"
DIGEST_KEY = "canary4digests5b0c77d2e9a14f63"
TEXT = "Quokkaphone9041"
SIGNATURE = "CanarySignature4Zq0LmN2pT5yWb7cE9dF1gH4iJ6aKs"
RUN_SECONDS = 900
JOB_SECONDS = 4.0
OWN = Path(__file__).parent / "dags"


@dataclass(frozen=True)
class Scene:
    """The folders of the one run, and what came of its tasks."""

    home: Path
    output: Path
    tasks: list[dict[str, Any]]

    def search(self, *secrets: str) -> Search:
        return search_home(self.home, self.home / "airflow.db", secrets)

    def states(self, prefix: str) -> set[str]:
        return {one["state"] for one in self.tasks if one["task_id"].startswith(prefix)}

    def strays(self, *secrets: str) -> list[str]:
        """Where they stand, but for what Airflow itself does with an XCom that a task of the user returned.

        It keeps it in its table, and 3 writes each message between a task and its supervisor into the log of
        the process that runs them, at DEBUG level.
        """
        leaks = self.search(*secrets).leaks
        places = {leak.place for leak in leaks} - {"xcom.value"}
        # The table stands in SQLite's own files: the database, and the log of what it is yet to take over.
        files = {place for place in places if Path(place).is_file() and not _is_database(Path(place))}
        columns = {place for place in places if not Path(place).is_file()}
        lines = (line for file in files for line in Path(file).read_text(errors="replace").splitlines())
        return [
            *columns,
            *(line for line in lines if any(map(line.__contains__, secrets)) and not _is_xcom(line)),
        ]


def _is_database(file: Path) -> bool:
    return file.name.removesuffix("-wal").removesuffix("-journal") == "airflow.db"


def _is_xcom(line: str) -> bool:
    return "task runner [supervisor]" in line and "msg=SetXCom(key='return_value'" in line


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    folder = tmp_path_factory.mktemp("canary")
    texts = folder / "texts.jsonl"
    said = (f"The {TEXT} of Maria Lopez is wonderful.", f"My number is 859-98-0987, says the {TEXT}.")
    rows = ({"id": str(number), "text": text} for number, text in enumerate(said))
    texts.write_text("".join(json.dumps(row) + "\n" for row in rows))
    blobs = Path(shutil.copytree(DAGS / "data" / "blobs", folder / "blobs"))
    (blobs / "example" / "letters" / "thanks.txt").write_text(f"Thank you, Maria Lopez, for the {TEXT}.")
    home, output = folder / "airflow", folder / "results"
    with EmulatorProcess(folder, key=KEY, job_seconds=JOB_SECONDS, blobs=blobs) as emulator:
        environment = {
            "AIRFLOW_CONN_AZURE_LANGUAGE_DEFAULT": emulator.connection,
            "AIRFLOW_VAR_BLOB_SAS": f"sv=2026-01-01&sp=rwl&sig={SIGNATURE}",
            "AIRFLOW__AZURE_LANGUAGE__DIGEST_KEY": DIGEST_KEY,
            "AIRFLOW__LOGGING__LOGGING_LEVEL": "DEBUG",
            # Airflow 2 runs one task at a time on SQLite, in whose file the search finds all.
            "AIRFLOW__CORE__EXECUTOR": "LocalExecutor" if AIRFLOW_3 else "SequentialExecutor",
            "AIRFLOW__CORE__PARALLELISM": "2",
            # At this level, and beside other tests, Airflow's API is slow.
            "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "60",
            "AIRFLOW__WEBSERVER__WEB_SERVER_WORKER_TIMEOUT": "600",
            "AIRFLOW__WEBSERVER__WEB_SERVER_MASTER_TIMEOUT": "600",
        }
        with AirflowStack(OWN, home, environment=environment) as stack:
            stack.wait_for_dag("canary")
            run = stack.api.trigger("canary", {"texts": str(texts), "output": output.as_uri()})
            for _ in stack.api.follow(run, timeout=RUN_SECONDS):
                pass
            assert stack.api.run_state(run) in FINISHED
            tasks = stack.api.task_instances(run)
    return Scene(home, output, tasks)


@pytest.mark.parametrize("place", ["worker", "triggerer"])
def test_texts_and_files_went_all_their_ways(scene: Scene, place: str) -> None:
    for task in ("own", "own_alone", "wait", "files", "fetch_own", "fetch_alone", "fetch_files"):
        assert scene.states(f"{task}_in_{place}") == {"success"}, task
    assert TEXT in "".join(file.read_text() for file in scene.output.glob(f"fetch_alone_in_{place}.jsonl"))


def test_no_key_and_no_signature_is_in_the_database_or_in_a_log(scene: Scene) -> None:
    assert scene.search(KEY, DIGEST_KEY, SIGNATURE).leaks == ()


def test_no_text_is_but_where_a_task_of_the_user_put_it(scene: Scene) -> None:
    assert scene.strays(TEXT, "859-98-0987", "Maria Lopez") == []


def test_the_search_reads_what_airflow_writes_at_debug_level(scene: Scene) -> None:
    places = {leak.place for leak in scene.search("own_alone_in_triggerer", "DEBUG", "debug", TEXT).leaks}

    assert "xcom.value" in places
    assert any(place.endswith(".log") for place in places)
    assert any("trigger" in Path(place).name for place in places)
