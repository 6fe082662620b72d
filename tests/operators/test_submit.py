"""Submitting: what is refused before it is sent, where documents come from, and what is told of a job."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language._compat import AirflowFailException
from airflow_provider_language.documents import Document
from airflow_provider_language.exceptions import ServiceUnavailableError, SubmissionLostError
from airflow_provider_language.hooks.language import LanguageHook
from airflow_provider_language.operators.analyze import SubmitAnalyzeJobOperator
from airflow_provider_language.protocol.corpus.batches import digest_of
from airflow_provider_language.tasks import KeyPhraseExtraction, SentimentAnalysis
from tests.airflow_stands import CANARY, KEY, TaskInstance, context_of
from tests.scripted_service import Answer, ScriptedService, refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from airflow_provider_language.emulator import Emulator

TASKS = ["KeyPhraseExtraction"]


def submit(documents: Any, ti: TaskInstance | None = None, **options: Any) -> str:
    options = {"tasks": TASKS, **options}
    operator = SubmitAnalyzeJobOperator(task_id="task", documents=documents, **options)
    return operator.execute(context_of(ti))


def ids_of(location: str) -> list[str]:
    return [row.document_id for row in LanguageHook().results(location)]


@pytest.mark.parametrize(
    ("documents", "options"),
    [
        ([], {}),
        ([{"id": str(number), "text": "a"} for number in range(26)], {}),
        (["a" * 125_001], {}),
        (["a" * 62_500, "a" * 62_501], {}),
        ([{"id": "a", "text": "one"}, {"id": "a", "text": "two"}], {}),
        ([{"id": "a", "text": ""}, {"id": "b", "text": " \n"}], {}),
        ([{"id": "a"}], {}),
        ([{"id": "a", "text": [7]}], {}),
        ({"id": "a", "text": "one"}, {}),
        ([b"a"], {}),
        (["half a pair: \ud800"], {}),
        (["a"], {"tasks": []}),
        (["a"], {"tasks": ["Sentiment"]}),
        (["a"], {"tasks": ["LanguageDetection"]}),
        (["a"], {"tasks": ["AbstractiveSummarization"], "api_version": "2022-05-01"}),
        (["a"], {"api_version": "2022-13-01"}),
        (["a"], {"language": "auto", "api_version": "2023-04-01"}),
        (["a"], {"batch": 1}),
        (["a"], {"batch": -1}),
        (["a"], {"batch": "first"}),
        ([], {"batch": 0}),
    ],
)
def test_what_the_service_would_refuse_is_not_sent_and_not_retried(
    language: Emulator, documents: Any, options: dict[str, Any]
) -> None:
    ti = TaskInstance()

    with pytest.raises(AirflowFailException):
        submit(documents, ti, **options)

    assert len(language.journal) == 0
    assert ti.xcoms == {}


def test_a_refusal_tells_the_place_and_not_the_text(language: Emulator) -> None:
    with pytest.raises(AirflowFailException) as raised:
        submit([{"id": "a", "text": CANARY}, {"id": "a", "text": CANARY}])

    assert "'a'" in str(raised.value)
    assert CANARY not in str(raised.value)


def test_the_location_is_returned_and_told_with_id_cost_and_what_went_in(language: Emulator) -> None:
    ti = TaskInstance()
    documents = [
        {"id": "a", "text": "x" * 1000, "language": "en"},
        {"id": "b", "text": "x" * 1001},
    ]

    location = submit(documents, ti, tasks=[*TASKS, SentimentAnalysis()], language="de")

    submitted = ti.xcoms.pop("submitted")
    assert ti.xcoms == {
        "operation_location": location,
        "job_id": location.partition("?")[0].rpartition("/")[2],
        "text_records": 2 * (1 + 2),
    }
    assert submitted["documents"] == [{"id": "a", "language": "en"}, {"id": "b", "language": "de"}]
    assert [task["kind"] for task in submitted["tasks"]] == ["KeyPhraseExtraction", "SentimentAnalysis"]
    assert submitted["lost_submissions"] == 0
    assert (submitted["job_id"], submitted["batch"]) == (ti.xcoms["job_id"], None)
    assert location.startswith(language.endpoint)


def test_no_xcom_and_no_log_has_a_text_or_the_key(
    language: Emulator, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    ti = TaskInstance()

    submit([CANARY], ti)

    told = json.dumps(ti.xcoms) + caplog.text + "".join(capsys.readouterr())
    assert "Submitting 1 documents" in told
    assert CANARY not in told
    assert KEY not in told


@pytest.mark.parametrize(
    "documents",
    [
        ["one", "two"],
        ("one", "two"),
        [{"text": "one"}, {"text": "two", "more": "ignored"}],
        [Document("0", "one"), Document("1", "two")],
        ({"text": text} for text in ("one", "two")),
    ],
    ids=["texts", "a tuple", "rows", "documents", "a generator"],
)
def test_texts_rows_and_documents_are_submitted(language: Emulator, documents: Any) -> None:
    assert ids_of(submit(documents, language="en")) == ["0", "1"]


@pytest.mark.parametrize(
    ("name", "content", "ids"),
    [
        ("a.jsonl", b'{"id": "x", "text": "one"}\n\n"two"\n', ["x", "1"]),
        ("a.csv", b'\xef\xbb\xbfid,text,language\r\nx,one,en\r\ny,"two, too",en\r\n', ["x", "y"]),
        ("a.txt", b"one", ["a.txt"]),
        ("folder/a.txt", b"one", ["a.txt"]),
    ],
    ids=["JSON lines", "CSV with a byte order mark", "a text", "a folder"],
)
def test_files_and_folders_are_submitted(
    language: Emulator, tmp_path: Path, name: str, content: bytes, ids: list[str]
) -> None:
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)
    location = file.parent if name.startswith("folder") else file

    assert ids_of(submit(str(location), language="en")) == ids
    assert ids_of(submit(location.as_uri(), language="en")) == ids


@pytest.mark.parametrize("name", ["empty.jsonl", "empty.csv", "no-such-file.jsonl", "a.pdf"])
def test_a_file_without_documents_is_refused_before_anything_is_sent(
    language: Emulator, tmp_path: Path, name: str
) -> None:
    if "no-such" not in name:
        (tmp_path / name).touch()

    with pytest.raises(AirflowFailException):
        submit(str(tmp_path / name))

    assert len(language.journal) == 0


@pytest.mark.parametrize("batch", [1, "1"])
def test_a_batch_is_the_same_part_of_the_documents_each_time(language: Emulator, batch: Any) -> None:
    documents = [{"id": str(number), "text": "hello", "language": "en"} for number in range(60)]

    location = submit(documents, batch=batch)

    assert ids_of(location) == [str(number) for number in range(25, 50)]


def test_an_id_that_two_batches_share_is_refused_before_anything_is_sent(language: Emulator) -> None:
    documents = [{"id": str(number % 50), "text": "hello"} for number in range(60)]

    with pytest.raises(AirflowFailException, match="10 document ids are not unique"):
        submit(documents, batch=0)

    assert len(language.journal) == 0


@pytest.mark.parametrize("map_index", [-1, 3])
def test_a_job_is_named_after_its_task_instance(language: Emulator, map_index: int) -> None:
    ti = TaskInstance(task_id="submit", dag_id="reviews", run_id="of-today", map_index=map_index)

    location = submit(["hello"], ti)

    named = "reviews/submit/of-today" + ("/3" if map_index == 3 else "")
    assert LanguageHook().get(location).display_name == named


def test_a_job_keeps_the_name_that_its_author_gave(language: Emulator) -> None:
    assert LanguageHook().get(submit(["hello"], display_name="mine")).display_name == "mine"


def test_a_health_job_of_the_legacy_api_is_submitted_though_it_takes_no_name(
    serve: Callable[..., ScriptedService],
) -> None:
    path = "/text/analytics/v3.1/entities/health/jobs/job-1"
    service = serve(
        lambda seen: Answer(202, "", {"operation-location": f"http://{seen.headers['host']}{path}"})
    )

    assert submit(["fever"], tasks=["Healthcare"], api_version="v3.1") == service.endpoint + path

    assert b"displayName" not in service.seen[0].body


@pytest.mark.parametrize(
    ("answer", "raised"),
    [
        (refusal(401, "401", "Access denied."), AirflowFailException),
        (refusal(403, "403", "Out of call volume quota."), AirflowFailException),
        (refusal(400, "InvalidRequest", "Invalid document in request."), AirflowFailException),
        (Answer(500, "oops"), SubmissionLostError),
        (Answer(202, ""), SubmissionLostError),
    ],
    ids=lambda value: str(value.status) if isinstance(value, Answer) else "",
)
def test_a_refusal_by_the_service_is_sent_once_and_told_apart(
    serve: Callable[..., ScriptedService], answer: Answer, raised: type[Exception]
) -> None:
    service = serve(lambda _: answer)
    ti = TaskInstance()

    with pytest.raises(raised):
        submit(["hello"], ti)

    assert len(service.seen) == 1
    assert ti.xcoms == {}


def test_a_service_that_is_too_busy_has_not_accepted_the_job_and_may_be_tried_again(
    serve: Callable[..., ScriptedService],
) -> None:
    serve(lambda _: Answer(429, "", {"Retry-After": "5"}))

    with pytest.raises(ServiceUnavailableError):
        submit(["hello"], tolerance=0)


def test_an_operation_location_of_another_host_in_the_answer_leads_nowhere(
    serve: Callable[..., ScriptedService], stranger: ScriptedService
) -> None:
    path = "/language/analyze-text/jobs/job-1?api-version=2026-05-01"
    service = serve(lambda _: Answer(202, "", {"operation-location": stranger.endpoint + path}))

    assert submit(["hello"]) == service.endpoint + path
    assert stranger.seen == []


def test_typed_tasks_and_the_services_own_words_are_tasks(language: Emulator) -> None:
    tasks = [KeyPhraseExtraction(), "SentimentAnalysis", {"kind": "EntityRecognition", "taskName": "mine"}]

    rows = LanguageHook().results(submit(["hello"], tasks=tasks, language="en"))

    assert {row.kind for row in rows} == {"KeyPhraseExtraction", "SentimentAnalysis", "EntityRecognition"}


@pytest.mark.parametrize("given", ["file", "rows"])
def test_a_batch_that_was_told_is_submitted_and_of_a_file_no_more_is_read(
    language: Emulator, tmp_path: Path, given: str
) -> None:
    rows = [{"id": f"id-{number}", "text": "hello"} for number in range(30)]
    lines = [json.dumps(row) + "\n" for row in rows]
    (tmp_path / "a.jsonl").write_text("".join(lines))
    documents: Any = str(tmp_path / "a.jsonl") if given == "file" else rows
    _, second = LanguageHook().batches(documents)
    # What is not of the batch is not looked at: it could not be read.
    (tmp_path / "a.jsonl").write_text("#" * (len(lines[0]) - 1) + "\n" + "".join(lines[1:]))

    ti = TaskInstance()
    submit(documents, ti, batch=second)

    assert [one["id"] for one in ti.xcoms["submitted"]["documents"]] == [f"id-{n}" for n in range(25, 30)]
    group = f"{ti.dag_id}/{ti.task_id}/{ti.run_id}"
    source = digest_of([documents]) if given == "file" else ""
    part = {"number": 1, "total": 2, "group": group, "source": source}
    assert ti.xcoms["submitted"]["batch"] == part


def test_batches_of_rows_that_several_instances_have_are_told_apart_by_their_ids(language: Emulator) -> None:
    told = []
    for name in ("a", "b", "a"):
        ti = TaskInstance()
        task = SubmitAnalyzeJobOperator(task_id="submit", documents=[], tasks=TASKS, batch=0)
        task.documents = [{"id": f"{name}{number}", "text": "hello"} for number in range(30)]
        task.execute(context_of(ti))
        told.append(ti.xcoms["submitted"]["batch"]["source"])

    assert told[0] == told[2] != told[1]
    assert all(told)
