"""One run of the example on a real Airflow: one task does all of it, loses nothing and leaks nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.system.demo import Demonstration, demonstrate
from tests.system.findings import read_rows
from tests.system.leaks import search_home

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.system

KEY = "canary4key7f3a91e0"
WORD = "Quokkaphone9041"
TEXTS = {
    "english": f"The {WORD} is wonderful, and Maria Lopez of Madrid loves it.",
    "german": f"Das {WORD} ist leider kaputt, sagt Hans aus Berlin.",
    "empty": "",
}
MANIFEST_LIMIT = 2048


@dataclass(frozen=True)
class Scene:
    """The folders of the one run, and what was seen of it."""

    home: Path
    documents: Path
    output: Path
    seen: Demonstration


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    folder = tmp_path_factory.mktemp("a demonstration")
    documents = folder / "texts.jsonl"
    lines = [json.dumps({"id": id_, "text": text}) for id_, text in TEXTS.items()]
    documents.write_text("\n".join(lines) + "\n")
    home, output = folder / "airflow", folder / "results"
    return Scene(home, documents, output, demonstrate(home=home, output=output, documents=documents, key=KEY))


def test_one_task_does_all_of_it_in_one_try(scene: Scene) -> None:
    runs = [change.task_id for change in scene.seen.changes if change.after == "running"]

    assert [task_id for task_id in runs if task_id] == ["analyze"]


def test_every_document_comes_out_once_of_every_task(scene: Scene) -> None:
    rows = [(row["document_id"], row["kind"]) for row in read_rows(scene.output)]

    assert scene.seen.findings.statuses
    assert sorted(rows) == sorted(product(TEXTS, scene.seen.findings.statuses))


def test_a_document_is_analyzed_and_an_empty_one_is_an_error_and_none_is_missing(scene: Scene) -> None:
    statuses = {(row["document_id"], row["status"]) for row in read_rows(scene.output)}

    assert {("english", "ok"), ("german", "ok"), ("empty", "error")} <= statuses
    assert not {("english", "error"), ("empty", "ok")} & statuses
    assert not [status for _, status in statuses if status == "missing"]


def test_the_languages_are_detected(scene: Scene) -> None:
    assert scene.seen.findings.languages == {"en": 1, "de": 1}


def test_what_goes_to_xcom_is_small(scene: Scene) -> None:
    assert scene.seen.manifest["complete"]
    assert len(json.dumps(scene.seen.manifest)) < MANIFEST_LIMIT


def test_neither_the_key_nor_a_text_is_in_the_database_or_in_a_log(scene: Scene) -> None:
    search = search_home(scene.home, scene.home / "airflow.db", [KEY, WORD])

    assert search.leaks == ()


def test_the_search_for_leaks_reads_the_rows_and_logs_of_this_run(scene: Scene) -> None:
    # The folder of the results is no secret: it must be seen where the run's parameters are kept.
    told = [str(scene.output), scene.output.as_uri()]
    search = search_home(scene.home, scene.home / "airflow.db", told)
    places = {leak.place for leak in search.leaks}

    assert "dag_run.conf" in places
    assert "rendered_task_instance_fields.rendered_fields" in places
    assert any(place.endswith(".log") for place in places)


def test_the_texts_were_really_analyzed(scene: Scene) -> None:
    written = "".join(file.read_text() for file in scene.output.rglob("*.jsonl"))

    assert WORD in written


def test_no_process_of_the_run_is_left(scene: Scene) -> None:
    assert [process for process in psutil.process_iter() if _lives_in(process, scene.home)] == []


def _lives_in(process: psutil.Process, home: Path) -> bool:
    try:
        return process.environ().get("AIRFLOW_HOME") == str(home)
    except psutil.Error:
        return False
