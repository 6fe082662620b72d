"""Whole DAGs on a real Airflow: mapping, deferral, XComs and files fit together, and nothing leaks."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from tests.airflow_stands import CANARY, KEY
from tests.dags.conftest import DOCUMENTS, EXAMPLE, LOADER, OTHER_EXAMPLES, SIGNATURE
from tests.dags.first_screen import CORPUS, FILES, FIRST_SCREENS, IN_JOBS, ROWS
from tests.dags.small_dags import SECRET_TEXT

if TYPE_CHECKING:
    from tests.dags.conftest import Finished


def test_every_run_succeeds(finished: Finished) -> None:
    assert {name: run["state"] for name, run in finished.runs.items()} == dict.fromkeys(
        ("analyze_reviews", "owned", "mapped", "from_tasks", *FIRST_SCREENS, *OTHER_EXAMPLES, LOADER),
        "success",
    )


def test_the_example_submits_as_many_jobs_as_the_documents_need(finished: Finished) -> None:
    tasks = Counter(task for task, _, _ in finished.runs[EXAMPLE.stem]["tasks"])

    assert tasks == {"find_batches": 1, "submit": 3, "wait": 1, "fetch": 1}


def test_the_example_accounts_for_every_document_once_per_task(finished: Finished) -> None:
    rows = finished.rows("*/results.jsonl")

    counted = Counter((row["task"], row["document_id"]) for row in rows)
    ids = {f"d{number}" for number in range(DOCUMENTS)}
    tasks = {task for task, _ in counted}
    assert len(tasks) == 4
    assert counted == {(task, id_): 1 for task in tasks for id_ in ids}
    assert {row["status"] for row in rows} == {"ok"}


def test_a_job_is_submitted_once_and_its_results_are_its_documents(finished: Finished) -> None:
    run_id = finished.runs["owned"]["run_id"]

    assert [row["document_id"] for row in finished.rows("owned.jsonl")] == [run_id, "b"]


def test_a_mapped_submission_has_a_sensor_and_a_file_for_each_job(finished: Finished) -> None:
    assert [row["document_id"] for row in finished.rows("mapped-0.jsonl")] == ["0", "1"]
    assert [row["document_id"] for row in finished.rows("mapped-1.jsonl")] == ["0"]


def test_documents_may_come_from_mapped_tasks_and_the_hook_works_within_a_task(finished: Finished) -> None:
    ids = [row["document_id"] for row in finished.rows("from_tasks.jsonl")]

    assert ids == ["document-1", "document-2", "document-3"]
    returned = [
        row["value"]
        for row in finished.table("xcom")
        if (row["task_id"], row["key"]) == ("detect", "return_value")
    ]
    assert len(returned) == 1
    value = returned[0].decode() if isinstance(returned[0], bytes) else returned[0]
    assert json.loads(value) == ["en", "en", "en", "succeeded"]


def test_no_job_was_submitted_twice(finished: Finished) -> None:
    by_dag = {"analyze_reviews": 3, "owned": 1, "mapped": 2, "from_tasks": 2, "analyze_corpus": 2}
    by_dag |= {CORPUS: -(-(ROWS + FILES) // 25)}
    others = [dag for dag, task, _ in finished.tasks() if dag not in by_dag and task.startswith("submit")]

    journal = finished.emulator.journal
    posts = journal.count("POST", "/jobs") + journal.count("POST", "/text/analytics/v3.1/analyze")
    assert posts == sum(by_dag.values()) + len(others)
    assert finished.emulator.journal.count("POST", ":cancel") == 0


def test_rendered_fields_are_stored_without_texts(finished: Finished) -> None:
    stored = [
        (row["dag_id"], row["task_id"], row["map_index"], str(row["rendered_fields"]))
        for row in finished.table("rendered_task_instance_fields")
    ]

    submitters = {(dag, index): fields for dag, task, index, fields in stored if task == "submit"}
    assert {("owned", -1), ("mapped", 0), ("mapped", 1)} <= set(submitters)
    for key in (("owned", -1), ("mapped", 0), ("mapped", 1)):
        assert "Document(id=" in submitters[key]
    assert SECRET_TEXT not in str(stored)


def test_no_xcom_has_a_text(finished: Finished) -> None:
    stored = str(finished.table("xcom"))

    assert "operation_location" in stored
    assert SECRET_TEXT not in stored
    assert CANARY not in stored


def test_neither_key_nor_text_is_in_any_file_of_airflow_or_any_line_of_the_log(finished: Finished) -> None:
    files = [file for file in finished.home.rglob("*") if file.is_file()]
    found = [
        (secret, str(file))
        for file in files
        for secret in (KEY, CANARY, SIGNATURE)
        if secret.encode() in file.read_bytes()
    ]

    assert any(file.name == "airflow.db" for file in files)
    assert found == []
    assert "Submitting" in finished.log
    # Where it runs a DAG in one process, Airflow 3.0 logs what it is told to mask.
    log = "\n".join(line for line in finished.log.splitlines() if "msg=MaskSecret(" not in line)
    assert [secret for secret in (KEY, CANARY, SECRET_TEXT, SIGNATURE) if secret in log] == []


def test_manifests_are_small(finished: Finished) -> None:
    manifests = [
        row["value"]
        for row in finished.table("xcom")
        if row["task_id"] in {"fetch", "analyze"} and row["key"] == "return_value"
    ]

    assert len(manifests) == 5 + len(OTHER_EXAMPLES) + len(FIRST_SCREENS)
    assert max(map(len, manifests)) < 2048


def test_waiting_was_left_to_the_triggerer(finished: Finished) -> None:
    deferrable = {"owned", "analyze_reviews", *OTHER_EXAMPLES}
    deferred = finished.log.count("running trigger in line")

    # Of those that look around in the worker before they defer, some find that their jobs have ended.
    assert 1 <= deferred <= len(deferrable)


TABLE = [str(number) for number in range(ROWS)]


def test_the_building_blocks_of_the_readme_work_for_a_table(finished: Finished) -> None:
    (results,) = (finished.output.parent / IN_JOBS).iterdir()
    rows = [json.loads(line) for line in results.read_text().split("\n") if line]

    assert {row["status"] for row in rows} == {"ok"}
    assert sorted((row["document_id"], row["task"]) for row in rows) == sorted(
        (id_, task) for id_ in TABLE for task in ("SentimentAnalysis", "PiiEntityRecognition")
    )
    submitted = [index for dag, task, index in finished.tasks() if (dag, task) == (IN_JOBS, "submit")]
    assert len(submitted) == -(-len(TABLE) // 25)
