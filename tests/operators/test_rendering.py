"""What Airflow renders, it stores and shows: templates work, and no text is among it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, cast

import pytest

from airflow_provider_language._compat import AIRFLOW_3
from airflow_provider_language.analysis.documents import Document
from airflow_provider_language.analysis.tasks import KeyPhraseExtraction
from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.operators.analyze import (
    CancelAnalyzeJobOperator,
    FetchAnalyzeResultsOperator,
    SubmitAnalyzeJobOperator,
)
from airflow_provider_language.operators.base import locations_of
from airflow_provider_language.sensors.analyze import AnalyzeJobSensor
from tests.airflow_stands import CANARY, TaskInstance, context_of

if TYPE_CHECKING:
    from airflow.sdk import DAG

    from airflow_provider_language._compat import Context
elif AIRFLOW_3:
    from airflow.sdk import DAG
else:
    from airflow import DAG

RUN_ID = "of-today"


def stored_fields(task: Any) -> dict[str, Any]:
    """What Airflow stores of a task's rendered fields, made by Airflow's own function of this version."""
    if AIRFLOW_3:
        from airflow.sdk.execution_time.task_runner import _serialize_rendered_fields

        fields = _serialize_rendered_fields(task)
    else:
        from airflow.models.renderedtifields import get_serialized_template_fields

        fields = get_serialized_template_fields(task)
    return cast("dict[str, Any]", json.loads(json.dumps(fields)))


@pytest.fixture
def dag() -> DAG:
    return DAG("reviews", schedule=None, start_date=datetime(2026, 1, 1, tzinfo=timezone.utc))


class _DagRun:
    conf: Mapping[str, Any] = {}


def rendering(dag: DAG, **more: Any) -> Context:
    """A context with what Jinja, and the unmapping of a mapped task, look for."""
    return context_of(
        TaskInstance(task_id="submit", **more), dag=dag, run_id=RUN_ID, dag_run=_DagRun(), params={}
    )


def submitter(dag: DAG, **options: Any) -> SubmitAnalyzeJobOperator:
    options = {"documents": ["a"], "tasks": ["KeyPhraseExtraction"], **options}
    return SubmitAnalyzeJobOperator(task_id="submit", dag=dag, **options)


@pytest.mark.parametrize(
    "documents",
    [
        [CANARY],
        (CANARY,),
        [{"id": "the-id", "text": CANARY, "language": "en"}],
        [Document("the-id", CANARY)],
    ],
    ids=["texts", "a tuple", "rows", "documents"],
)
def test_rendered_documents_show_ids_and_no_text(dag: DAG, documents: Any) -> None:
    task = submitter(dag, documents=documents)

    task.render_template_fields(rendering(dag))

    stored = stored_fields(task)
    assert CANARY not in json.dumps(stored)
    assert "Document(id=" in json.dumps(stored["documents"])
    assert [document.text for document in cast("tuple[Document, ...]", task.documents)] == [CANARY]


@pytest.mark.parametrize("how", ["rows", "texts"])
def test_rendered_documents_of_a_mapped_task_show_ids_and_no_text(dag: DAG, how: str) -> None:
    rows = [{"id": "the-id", "text": CANARY}]
    partial = SubmitAnalyzeJobOperator.partial(task_id="submit", dag=dag, tasks=["KeyPhraseExtraction"])
    mapped: Any = partial.expand(documents=[["another"], rows if how == "rows" else [CANARY]])
    context = rendering(dag, map_index=1)
    context["ti"].task = mapped

    mapped.render_template_fields(context)

    task = cast("Any", context)["task"]
    stored = stored_fields(task)
    assert CANARY not in json.dumps(stored)
    assert "Document(id=" in json.dumps(stored["documents"])
    assert [document.text for document in task.documents] == [CANARY]


def test_a_location_of_documents_is_shown_as_it_is(dag: DAG) -> None:
    task = submitter(dag, documents="s3://reviews/{{ run_id }}.jsonl")

    task.render_template_fields(rendering(dag))

    assert stored_fields(task)["documents"] == f"s3://reviews/{RUN_ID}.jsonl"


def test_templates_are_rendered_in_texts_names_languages_and_tasks(dag: DAG) -> None:
    task = submitter(
        dag,
        documents=[{"id": "{{ run_id }}", "text": "written in {{ run_id }}"}],
        tasks=[{"kind": "KeyPhraseExtraction", "taskName": "{{ run_id }}"}],
        display_name="reviews {{ run_id }}",
        language="{{ run_id[:2] }}",
        api_version="{{ run_id }}",
        batch="{{ run_id }}",
    )

    task.render_template_fields(rendering(dag))

    (document,) = cast("tuple[Document, ...]", task.documents)
    assert (document.id, document.text) == (RUN_ID, f"written in {RUN_ID}")
    assert task.tasks == [{"kind": "KeyPhraseExtraction", "taskName": RUN_ID}]
    assert task.display_name == f"reviews {RUN_ID}"
    assert (task.language, task.api_version, task.batch) == ("of", RUN_ID, RUN_ID)


def test_typed_tasks_are_shown_with_their_options(dag: DAG) -> None:
    task = submitter(dag, tasks=[KeyPhraseExtraction(model_version="2022-10-01")])

    task.render_template_fields(rendering(dag))

    assert "KeyPhraseExtraction" in json.dumps(stored_fields(task)["tasks"])
    assert "2022-10-01" in json.dumps(stored_fields(task)["tasks"])


def test_a_single_row_is_refused_when_it_is_rendered(dag: DAG) -> None:
    with pytest.raises(InvalidInputError):
        submitter(dag, documents={"id": "a", "text": "b"}).render_template_fields(rendering(dag))


@pytest.mark.parametrize(
    "make",
    [
        lambda **common: AnalyzeJobSensor(operation_location="https://{{ run_id }}", **common),
        lambda **common: CancelAnalyzeJobOperator(operation_location="https://{{ run_id }}", **common),
        lambda **common: FetchAnalyzeResultsOperator(
            operation_location="https://{{ run_id }}", output_path="s3://{{ run_id }}", **common
        ),
    ],
    ids=["sensor", "cancel", "fetch"],
)
def test_locations_and_paths_are_templates(dag: DAG, make: Any) -> None:
    task = make(task_id="submit", dag=dag, azure_language_conn_id="{{ run_id }}")

    task.render_template_fields(rendering(dag))

    stored = stored_fields(task)
    assert stored["operation_location"] == f"https://{RUN_ID}"
    assert stored["azure_language_conn_id"] == RUN_ID
    assert stored.get("output_path", f"s3://{RUN_ID}") == f"s3://{RUN_ID}"


class _LazyXComs(Sequence[str]):
    """The XComs of a mapped task as Airflow gives them: a sequence that asks Airflow each time."""

    def __init__(self, *values: str) -> None:
        self._values = list(values)
        self.asked = 0

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, key: Any) -> Any:
        self.asked += 1
        return self._values[key]


def test_the_documents_of_a_mapped_task_are_asked_for_at_once(dag: DAG) -> None:
    xcoms = _LazyXComs("one", "two", "three")
    task = submitter(dag)

    task.documents = xcoms

    assert [document.text for document in cast("tuple[Document, ...]", task.documents)] == [
        "one",
        "two",
        "three",
    ]
    assert xcoms.asked == 1


def test_the_locations_of_a_mapped_task_are_asked_for_at_once() -> None:
    xcoms = _LazyXComs("one", "two", "three")

    assert locations_of(xcoms) == ["one", "two", "three"]
    assert xcoms.asked == 1
