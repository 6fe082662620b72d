"""What comes out of each example, run with its own data against the emulator's real engines."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language._compat import AIRFLOW_3
from tests.dags.conftest import ASKER, EXAMPLE, EXAMPLES, LOADER, OTHER_EXAMPLES, SIGNER, TABLES
from tests.dags.run_dags import load

if TYPE_CHECKING:
    from pathlib import Path

    from tests.dags.conftest import Finished

DATA = EXAMPLES / "data"


def rows_of(finished: Finished, example: str, file: str) -> list[dict[str, Any]]:
    return finished.rows(f"{example}/*/{file}.jsonl")


def texts_of(name: str) -> dict[str, str]:
    rows = map(json.loads, (DATA / f"{name}.jsonl").read_text().splitlines())
    return {row["id"]: row["text"] for row in rows}


def test_every_file_of_examples_is_run(finished: Finished) -> None:
    names = {file.stem for file in EXAMPLES.glob("*.py")}
    assert names == {EXAMPLE.stem, LOADER, ASKER, SIGNER, *OTHER_EXAMPLES}
    assert names - {ASKER, SIGNER} <= set(finished.runs)


@pytest.mark.parametrize("example", [one for one in OTHER_EXAMPLES if one != "analyze_corpus"])
def test_each_example_writes_rows_without_errors(finished: Finished, example: str) -> None:
    rows = finished.rows(f"{example}/*/*.jsonl")
    assert rows
    assert {row["status"] for row in rows} == {"ok"}


def test_the_corpus_has_each_review_once_per_task_and_an_error_for_one_that_is_empty(
    finished: Finished,
) -> None:
    rows = finished.rows("analyze_corpus/results/*/part-*.jsonl")
    texts = texts_of("reviews")

    tasks = ["SentimentAnalysis", "KeyPhraseExtraction", "EntityRecognition", "PiiEntityRecognition"]
    assert [(row["document_id"], row["task"]) for row in rows] == [
        (review, task) for review in texts for task in tasks
    ]
    (empty,) = (review for review, text in texts.items() if not text.strip())
    assert {row["error_code"] for row in rows if row["document_id"] == empty} == {"InvalidDocument"}
    assert {row["status"] for row in rows} == {"ok", "error"}
    assert len(list(finished.output.glob("analyze_corpus/results/*/_SUCCESS"))) == 1


def test_the_event_of_the_asset_tells_which_run_there_is_and_no_text(finished: Finished) -> None:
    (event,) = finished.table("asset_event" if AIRFLOW_3 else "dataset_event")
    extra = json.loads(event["extra"])

    (manifest,) = finished.output.glob("analyze_corpus/results/*/_manifest.json")
    assert extra["path"].endswith(str(manifest.parent))
    assert (extra["complete"], extra["documents"]) == (True, len(texts_of("reviews")))
    assert len(event["extra"]) < 2048
    assert [text for text in texts_of("reviews").values() if text.strip() and text in event["extra"]] == []


def test_the_tables_are_loaded_into_a_database_once_however_often(finished: Finished) -> None:
    (manifest,) = finished.output.glob("analyze_corpus/results/*/_manifest.json")
    records = json.loads(manifest.read_text())["tables"]

    loaded = {table: finished.table(table, TABLES) for table in records}
    assert {table: len(rows) for table, rows in loaded.items()} == records
    assert {row["run"] for rows in loaded.values() for row in rows} == {manifest.parent.name}
    assert [row["document_id"] for row in loaded["documents"]] == list(texts_of("reviews"))
    assert all(isinstance(row["offset"], int) and row["text"] for row in loaded["entities"])


def test_the_loader_loads_what_the_event_tells_on_either_airflow(tmp_path: Path) -> None:
    loader = load(EXAMPLES / f"{LOADER}.py").load_tables()
    find_runs = loader.get_task("find_runs").python_callable
    told = [{"path": "/a/results/one"}, {}, {"path": "/a/results/two"}, {"path": "/a/results/one"}]
    events = {"analyzed_corpus": [SimpleNamespace(extra=extra) for extra in told]}
    (tmp_path / "results" / "run").mkdir(parents=True)
    params = {"analyzed": str(tmp_path)}

    for name in ("triggering_asset_events", "triggering_dataset_events"):
        assert find_runs(params=params, **{name: events}) == ["/a/results/one", "/a/results/two"]
    (found,) = find_runs(params=params)
    assert found.endswith(f"{tmp_path}/results/run")


def test_the_letters_are_redacted_under_their_own_names(finished: Finished) -> None:
    letters = {file.name: file.read_text() for file in (DATA / "letters").iterdir()}
    (folder,) = finished.output.glob("redact_folder/*/texts")
    redacted = {file.name: file.read_text() for file in folder.iterdir()}

    assert set(redacted) == set(letters)
    assert redacted["thanks.txt"] == letters["thanks.txt"]
    for secret in ("margaret.ellis@example.com", "+1 425 555 0142", "Margaret Ellis"):
        assert secret in letters["complaint.txt"]
        assert secret not in redacted["complaint.txt"]
    assert len(redacted["complaint.txt"]) == len(letters["complaint.txt"])
    assert "***" in redacted["application.txt"]


def test_clinical_notes_give_entities_and_bundles(finished: Finished) -> None:
    texts = texts_of("notes")
    rows = [row for row in rows_of(finished, "clinical_notes", "findings") if row["task"] == "Healthcare"]

    assert [row["document_id"] for row in rows] == list(texts)
    for row in rows:
        assert row["result"]["fhirBundle"]["resourceType"] == "Bundle"
        for entity in row["result"]["entities"]:
            begin, end = entity["offset"], entity["offset"] + entity["length"]
            assert texts[row["document_id"]][begin:end] == entity["text"]
    found = {entity["text"].lower() for row in rows for entity in row["result"]["entities"]}
    assert {"metformin", "amoxicillin", "ibuprofen"} <= found


def test_custom_models_tell_teams_concerns_and_orders(finished: Finished) -> None:
    rows = rows_of(finished, "custom_model", "messages")
    by_task = {(row["task"], row["document_id"]): row["result"] for row in rows}

    topic = by_task["CustomSingleLabelClassification", "message-2"]["class"]
    assert [one["category"] for one in topic] == ["Billing"]
    concerns = by_task["CustomMultiLabelClassification", "message-4"]["class"]
    assert "Praise" in {one["category"] for one in concerns}
    entities = by_task["CustomEntityRecognition", "message-1"]["entities"]
    assert {("OrderNumber", "10482"), ("Product", "coffee machine")} <= {
        (one["category"], one["text"]) for one in entities
    }
    assert {row["model_version"] for row in rows} == {
        "support-topic/production",
        "support-concerns/production",
        "support-entities/production",
    }


def test_each_call_has_a_summary_of_each_aspect(finished: Finished) -> None:
    rows = rows_of(finished, "summarize_calls", "summaries")

    aspects = {
        (row["document_id"], row["task"]): {one["aspect"] for one in row["result"]["summaries"]}
        for row in rows
    }
    assert aspects == {
        (call, task): told
        for call in ("call-1", "call-2")
        for task, told in (("call", {"issue", "resolution"}), ("recap", {"recap"}))
    }
    assert {row["kind"] for row in rows} == {"ConversationalSummarizationTask"}


def test_letters_in_blobs_are_redacted_where_they_are_and_told_by_their_bare_locations(
    finished: Finished,
) -> None:
    rows = rows_of(finished, "native_documents", "blobs")

    assert [row["document_id"] for row in rows] == ["complaint.txt", "application.txt"]
    written = {
        file.relative_to(finished.blobs / "example").as_posix(): file.read_text(errors="replace")
        for file in (finished.blobs / "example" / "redacted").rglob("*.*")
    }
    for row in rows:
        account = "https://example.blob.core.windows.net/"
        assert row["result"]["source"]["location"] == f"{account}letters/{row['document_id']}"
        targets = [one["location"] for one in row["result"]["target"]]
        assert targets
        assert {target.removeprefix(account) for target in targets} <= set(written)
    redacted = [text for name, text in written.items() if name.endswith(".txt")]
    assert len(redacted) == 2
    assert "margaret.ellis@example.com" not in "".join(redacted)
    assert "[PERSON_1]" in "".join(redacted)


def test_the_legacy_api_runs_both_of_its_families(finished: Finished) -> None:
    rows = rows_of(finished, "legacy_v3_1", "results")

    assert {row["kind"] for row in rows} == {"SentimentAnalysis", "KeyPhraseExtraction", "Healthcare"}
    assert len(rows) == 3 * len(texts_of("notes"))
    assert finished.emulator.journal.count("POST", "/text/analytics/v3.1/analyze") == 1
    assert finished.emulator.journal.count("POST", "/text/analytics/v3.1/entities/health/jobs") == 1


def test_no_xcom_rendered_field_or_log_has_a_word_of_the_examples(finished: Finished) -> None:
    words = ["margaret.ellis", "Metformin 500", "charged twice", "Mr Brown"]
    assert all(any(word in file.read_text() for file in DATA.rglob("*.*")) for word in words)

    stored = str(finished.table("xcom")) + str(finished.table("rendered_task_instance_fields")) + finished.log
    assert [word for word in words if word in stored] == []


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*.py")), ids=lambda file: file.stem)
def test_each_task_and_each_field_of_the_form_of_an_example_tells_what_it_is(file: Path) -> None:
    module = load(file)
    if not hasattr(module, file.stem):
        pytest.skip("this Airflow has not what the example is about")
    dag = getattr(module, file.stem)()

    assert dag.doc_md
    assert [task.task_id for task in dag.tasks if not task.doc_md] == []
    for name in dag.params:
        param = dag.params.get_param(name)
        assert param.description or param.schema.get("title"), name


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*.py")), ids=lambda file: file.stem)
def test_no_field_that_may_stay_empty_has_a_minimum_since_airflow_31_would_mark_it_as_wrong(
    file: Path,
) -> None:
    module = load(file)
    if not hasattr(module, file.stem):
        pytest.skip("this Airflow has not what the example is about")
    params = getattr(module, file.stem)().params

    fields = {name: params.get_param(name).schema for name in params}
    assert [name for name, one in fields.items() if "null" in one.get("type", ()) and "minimum" in one] == []


@pytest.mark.parametrize("name", ["limit", "max_text_records"])
def test_a_bound_of_a_corpus_is_none_or_a_positive_number(name: str) -> None:
    bound = load(EXAMPLES / "analyze_corpus.py").analyze_corpus().params.get_param(name)

    assert bound.resolve(None) is None
    assert [bound.resolve(value, suppress_exception=True) for value in (-1, 0, 1)] == [None, None, 1]
