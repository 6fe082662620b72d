"""Where an operator reads from: a location and nothing else, however its file is written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from airflow_provider_language._compat import AirflowFailException, ObjectStoragePath
from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.hooks.language import LanguageHook
from airflow_provider_language.operators.analyze import FetchAnalyzeResultsOperator, SubmitAnalyzeJobOperator
from tests.airflow_stands import CANARY, context_of
from tests.operators.test_families import RECAP, calls
from tests.operators.test_rendering import RUN_ID, dag, rendering, stored_fields, submitter
from tests.scripted_service import Answer, ScriptedService, Seen

__all__ = ["dag"]

Serve = Callable[..., ScriptedService]
TASKS = ["KeyPhraseExtraction"]
COLUMNS: dict[str, Any] = {
    "text_column": "review_text",
    "id_column": "review_id",
    "language_column": "lang",
    "delimiter": ";",
    "encoding": "cp1252",
}


class Accepting:
    """A service that takes every job, and keeps what was sent."""

    def __init__(self) -> None:
        self.documents: list[dict[str, str]] = []

    def __call__(self, seen: Seen) -> Answer:
        self.documents += json.loads(seen.body)["analysisInput"]["documents"]
        path = seen.target.partition("?")[0]
        return Answer(202, "", {"operation-location": f"http://{seen.headers['host']}{path}/job?{'x'}"})


@pytest.fixture
def reviews(tmp_path: Path) -> Path:
    """A CSV file as Excel writes it, with columns of its own names."""
    rows = [f"r{number};de;Größe {number}, gut\r\n" for number in range(60)]
    (tmp_path / "my reviews.csv").write_bytes(
        "".join(["review_id;lang;review_text\r\n", *rows]).encode("cp1252")
    )
    return tmp_path / "my reviews.csv"


def as_sent(first: int, last: int) -> list[dict[str, str]]:
    return [
        {"id": f"r{number}", "text": f"Größe {number}, gut", "language": "de"}
        for number in range(first, last)
    ]


def test_a_batch_is_read_as_it_was_counted_with_nothing_said_again(serve: Serve, reviews: Path) -> None:
    service = Accepting()
    serve(service)
    batches = json.loads(json.dumps(LanguageHook().batches(str(reviews), TASKS, **COLUMNS)))

    for batch in batches:
        submit = SubmitAnalyzeJobOperator(
            task_id="submit", documents=reviews.as_uri(), tasks=TASKS, batch=batch
        )
        submit.execute(context_of())

    assert len(batches) == 3
    assert service.documents == as_sent(0, 60)


@pytest.mark.parametrize("repeated", [True, False])
def test_a_numbered_batch_is_read_as_the_operator_says(serve: Serve, reviews: Path, repeated: bool) -> None:
    service = Accepting()
    serve(service)
    batch: Any = LanguageHook().batches(str(reviews), TASKS, **COLUMNS)[2] if repeated else 2

    SubmitAnalyzeJobOperator(
        task_id="submit", documents=str(reviews), tasks=TASKS, batch=batch, **COLUMNS
    ).execute(context_of())

    assert service.documents == as_sent(50, 60)


def test_a_batch_that_was_counted_otherwise_is_refused(serve: Serve, reviews: Path) -> None:
    service = Accepting()
    serve(service)
    batch = LanguageHook().batches(str(reviews), TASKS, **COLUMNS)[0]
    submit = SubmitAnalyzeJobOperator(
        task_id="submit", documents=str(reviews), tasks=TASKS, batch=batch, text_column="review_id"
    )

    with pytest.raises(AirflowFailException, match="need not be said again"):
        submit.execute(context_of())
    assert service.documents == []


def test_what_is_said_of_a_file_may_be_a_template(dag: Any) -> None:
    task = submitter(dag, documents="/{{ run_id }}.csv", text_column="{{ run_id }}", delimiter="{{ ';' }}")

    task.render_template_fields(rendering(dag))

    assert task.layout.to_dict() == {"text_column": RUN_ID, "delimiter": ";"}
    assert stored_fields(task)["text_column"] == RUN_ID


def test_a_template_that_renders_to_nothing_says_nothing(dag: Any) -> None:
    task = submitter(dag, documents="/a.csv", text_column="{{ '' }}", encoding="{{ '' }}")

    task.render_template_fields(rendering(dag))

    assert task.layout.to_dict() == {}


@pytest.mark.parametrize("given", [{"documents": ["a"]}, {"conversations": []}])
def test_what_is_said_of_a_file_is_refused_where_there_is_none(given: dict[str, Any]) -> None:
    submit = SubmitAnalyzeJobOperator(task_id="submit", tasks=TASKS, text_column="x", **given)

    with pytest.raises(AirflowFailException, match="text_column: these say how a file is read"):
        submit.execute(context_of())
    with pytest.raises(InvalidInputError, match="text_column: these say how a file is read"):
        LanguageHook().batches(["a"], text_column="x")


def test_conversations_of_a_file_with_other_columns_are_submitted(serve: Serve, tmp_path: Path) -> None:
    family = calls()
    serve(family)
    (tmp_path / "calls.csv").write_text("call;who;said\nc1;agent;Hello\nc1;customer;Hi\n")

    SubmitAnalyzeJobOperator(
        task_id="submit",
        conversations=tmp_path / "calls.csv",
        tasks=[RECAP],
        text_column="said",
        id_column="call",
        speaker_column="who",
        delimiter=";",
    ).execute(context_of())

    (sent,) = family.sent["analysisInput"]["conversations"]
    assert [(item["participantId"], item["text"]) for item in sent["conversationItems"]] == [
        ("agent", "Hello"),
        ("customer", "Hi"),
    ]


@pytest.mark.parametrize("field", ["documents", "conversations"])
@pytest.mark.parametrize("text", [f"{CANARY} is great.", CANARY, "", " ", f"https://x.org/ {CANARY}"])
def test_a_text_in_the_place_of_a_location_is_refused_with_the_dag(field: str, text: str) -> None:
    with pytest.raises(InvalidInputError, match=f"^{field} ") as raised:
        SubmitAnalyzeJobOperator(task_id="submit", tasks=TASKS, **cast("Any", {field: text}))

    assert CANARY not in str(raised.value)


@pytest.mark.parametrize("field", ["documents", "conversations"])
@pytest.mark.parametrize("text", [f"{CANARY} is great.", f"{CANARY} {{{{ is", f"{CANARY} {{% is"])
def test_a_text_that_another_task_returned_is_in_no_field_and_no_log(
    dag: Any, field: str, text: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    task = SubmitAnalyzeJobOperator(
        task_id="submit", dag=dag, tasks=TASKS, **cast("Any", {field: "{{ params.text }}"})
    )
    context = rendering(dag)
    context["params"] = {"text": text}

    with pytest.raises(AirflowFailException, match=f"^{field} is a text of") as raised:
        task.render_template_fields(context)

    told = json.dumps(stored_fields(task)) + caplog.text + "".join(capsys.readouterr()) + str(raised.value)
    assert CANARY not in told


@pytest.mark.parametrize("text", [CANARY, f"{CANARY} }}}} {{{{ 'is' }}}}"])
def test_texts_that_a_task_is_mapped_over_one_by_one_are_refused_and_not_shown(
    dag: Any, text: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    partial = SubmitAnalyzeJobOperator.partial(task_id="submit", dag=dag, tasks=TASKS)
    mapped: Any = partial.expand(documents=[text, "another text"])
    context = rendering(dag, map_index=0)
    context["ti"].task = mapped

    with pytest.raises((InvalidInputError, AirflowFailException), match="documents is a text of") as raised:
        mapped.render_template_fields(context)

    assert CANARY not in caplog.text + "".join(capsys.readouterr()) + str(raised.value)


@pytest.mark.parametrize("how", ["path", "object storage path"])
def test_path_objects_are_taken_like_their_text(dag: Any, tmp_path: Path, how: str) -> None:
    folder: Any = tmp_path if how == "path" else ObjectStoragePath(str(tmp_path))
    submit = submitter(dag, documents=folder / "{{ run_id }}.csv")
    talk = SubmitAnalyzeJobOperator(task_id="talk", conversations=folder / "a.csv", tasks=TASKS, dag=dag)
    fetch = FetchAnalyzeResultsOperator(
        task_id="fetch", operation_location="x", output_path=folder / "{{ run_id }}.jsonl", dag=dag
    )

    for task in (submit, talk, fetch):
        task.render_template_fields(rendering(dag))

    assert stored_fields(submit)["documents"] == f"{tmp_path}/{RUN_ID}.csv"
    assert stored_fields(talk)["conversations"] == f"{tmp_path}/a.csv"
    assert stored_fields(fetch)["output_path"] == f"{tmp_path}/{RUN_ID}.jsonl"


def test_a_path_object_from_another_task_is_taken_like_its_text(dag: Any, tmp_path: Path) -> None:
    task = submitter(dag)

    task.documents = cast("Any", ObjectStoragePath(str(tmp_path)))

    assert task.documents == str(tmp_path)
