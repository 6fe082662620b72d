"""One operator for all job families: what is submitted decides where it goes, and nothing of it is shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from airflow_provider_language._compat import AirflowFailException
from airflow_provider_language.documents import AzureContainerFolder, Conversation, ConversationItem
from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.hooks.language import LanguageHook
from airflow_provider_language.operators.analyze import (
    CancelAnalyzeJobOperator,
    FetchAnalyzeResultsOperator,
    SubmitAnalyzeJobOperator,
)
from airflow_provider_language.running import job_inputs as inputs
from airflow_provider_language.sensors.analyze import AnalyzeJobSensor
from airflow_provider_language.tasks import (
    ConversationalPII,
    ConversationalSummarization,
    PiiEntityRecognition,
)
from tests.airflow_stands import CANARY, TaskInstance, context_of, hurried
from tests.operators.test_rendering import dag, rendering, stored_fields
from tests.scripted_service import Answer, ScriptedService, Seen, job_body

__all__ = ["dag"]

Serve = Callable[..., ScriptedService]

TURNS: list[dict[str, Any]] = [
    {"conversation_id": "c1", "speaker": "Agent", "text": f"{CANARY} one"},
    {"conversation_id": "c1", "speaker": "Customer", "text": f"{CANARY} two"},
    {"conversation_id": "c2", "speaker": "Agent", "text": f"{CANARY} three"},
]
RECAP = ConversationalSummarization(summary_aspects=["recap"])
SAS = "sv=2026&sp=rl&sig=s%2FeCretOfTheBlob%3D"
FILES = [
    {
        "id": "a",
        "source": f"https://name.blob.core.windows.net/in/a.docx?{SAS}",
        "target": f"https://name.blob.core.windows.net/out?{SAS}",
    }
]
SECRETS = (CANARY, "eCretOfTheBlob")


class Family:
    """A service that runs each job at once and answers with one result for each document."""

    def __init__(self, inputs: str, kind: str, result: dict[str, Any]) -> None:
        self.inputs, self.kind, self.result = inputs, kind, result
        self.sent: dict[str, Any] = {}

    def __call__(self, seen: Seen) -> Answer:
        path, _, query = seen.target.partition("?")
        if seen.method == "POST" and path.endswith("/jobs"):
            self.sent = json.loads(seen.body)
            return Answer(
                202, "", {"operation-location": f"http://{seen.headers['host']}{path}/job-1?{query}"}
            )
        if path.endswith(":cancel"):
            return Answer(202)
        results = {
            self.inputs: [{"id": one["id"], **self.result, "warnings": []} for one in self._documents()],
            "errors": [],
            "modelVersion": "2026-01-01",
        }
        item = {"kind": self.kind, "taskName": self._task(), "status": "succeeded", "results": results}
        return Answer(200, job_body("succeeded", items=[item]))

    def _documents(self) -> list[dict[str, Any]]:
        documents: list[dict[str, Any]] = self.sent["analysisInput"][self.inputs]
        return documents

    def _task(self) -> str:
        name: str = self.sent["tasks"][0]["taskName"]
        return name


def calls() -> Family:
    return Family(
        "conversations",
        "conversationalSummarizationResults",
        {"summaries": [{"aspect": "recap", "text": "They met."}]},
    )


def files() -> Family:
    target = [{"kind": "AzureBlob", "location": f"https://name.blob.core.windows.net/out/a.json?{SAS}"}]
    return Family("documents", "PiiEntityRecognitionLROResults", {"target": target})


def submitter(**options: Any) -> SubmitAnalyzeJobOperator:
    return SubmitAnalyzeJobOperator(task_id="submit", **options)


def written(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def fetched(location: str, ti: TaskInstance, path: Path) -> list[dict[str, Any]]:
    fetch = FetchAnalyzeResultsOperator(
        task_id="fetch",
        operation_location=location,
        submitted=ti.xcoms["submitted"],
        output_path=path.as_uri(),
    )
    fetch.execute(context_of())
    return written(path)


@pytest.mark.parametrize("how", ["rows", "JSON lines", "CSV", "typed", "the service's own words"])
def test_conversations_are_submitted_waited_for_and_read(serve: Serve, tmp_path: Path, how: str) -> None:
    family = calls()
    service = serve(family)
    typed = [
        Conversation(
            id=name,
            items=tuple(
                ConversationItem(id=str(place), participant_id=row["speaker"], text=row["text"])
                for place, row in enumerate(row for row in TURNS if row["conversation_id"] == name)
            ),
        )
        for name in ("c1", "c2")
    ]
    (tmp_path / "calls.jsonl").write_text("".join(json.dumps(row) + "\n" for row in TURNS))
    header = "conversation_id,speaker,text\n"
    (tmp_path / "calls.csv").write_text(header + "".join(",".join(row.values()) + "\n" for row in TURNS))
    conversations: Any = {
        "rows": TURNS,
        "JSON lines": str(tmp_path / "calls.jsonl"),
        "CSV": str(tmp_path / "calls.csv"),
        "typed": typed,
        "the service's own words": [one.to_wire() for one in typed],
    }[how]
    ti = TaskInstance()

    submit = hurried(submitter(conversations=conversations, tasks=[RECAP], wait_for_completion=True))
    location = submit.execute(context_of(ti))
    AnalyzeJobSensor(task_id="wait", operation_location=location).execute(context_of())
    rows = fetched(location, ti, tmp_path / "rows.jsonl")

    assert location == f"{service.endpoint}/language/analyze-conversations/jobs/job-1?api-version=2024-11-01"
    assert [one["id"] for one in family.sent["analysisInput"]["conversations"]] == ["c1", "c2"]
    assert [(row["document_id"], row["kind"], row["status"]) for row in rows] == [
        ("c1", "ConversationalSummarizationTask", "ok"),
        ("c2", "ConversationalSummarizationTask", "ok"),
    ]
    assert rows[0]["result"] == {"summaries": [{"aspect": "recap", "text": "They met."}]}
    assert [one["id"] for one in ti.xcoms["submitted"]["documents"]] == ["c1", "c2"]
    assert ti.xcoms["text_records"] == 2


def test_native_documents_are_submitted_waited_for_and_read_without_their_sas(
    serve: Serve, tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    family = files()
    service = serve(family)
    ti = TaskInstance()

    submit = hurried(
        submitter(documents=FILES, tasks=[PiiEntityRecognition()], language="en", wait_for_completion=True)
    )
    location = submit.execute(context_of(ti))
    rows = fetched(location, ti, tmp_path / "rows.jsonl")

    assert location == f"{service.endpoint}/language/analyze-documents/jobs/job-1?api-version=2026-05-01"
    (sent,) = family.sent["analysisInput"]["documents"]
    assert sent["source"] == {"kind": "AzureBlob", "location": FILES[0]["source"]}
    assert sent["target"] == {"kind": "AzureContainerFolder", "location": FILES[0]["target"]}
    assert sent["language"] == "en"
    (row,) = rows
    assert row["result"]["target"] == [
        {"kind": "AzureBlob", "location": "https://name.blob.core.windows.net/out/a.json"}
    ]
    assert "text_records" not in ti.xcoms
    told = json.dumps([ti.xcoms, rows]) + caplog.text + "".join(capsys.readouterr())
    assert "Submitting 1 documents" in told
    assert [secret for secret in SECRETS if secret in told] == []


@pytest.mark.parametrize(
    ("family", "options"),
    [
        (calls(), {"conversations": TURNS, "tasks": [RECAP]}),
        (files(), {"documents": FILES, "tasks": ["PiiEntityRecognition"]}),
    ],
    ids=["conversations", "native documents"],
)
def test_a_job_of_any_family_is_cancelled(serve: Serve, family: Family, options: dict[str, Any]) -> None:
    service = serve(family)
    location = submitter(**options).execute(context_of())

    result = CancelAnalyzeJobOperator(task_id="cancel", operation_location=location).execute(context_of())

    assert result == {"requested": 1}
    assert service.seen[-1].method == "POST"
    assert ":cancel?api-version=" in service.seen[-1].target


def test_a_version_of_the_author_s_own_comes_before_the_newest_of_the_family(serve: Serve) -> None:
    service = serve(calls())
    for version in ("2024-05-01", "2025-11-15-preview"):
        location = submitter(conversations=TURNS, tasks=[RECAP], api_version=version).execute(context_of())
        assert location.endswith(f"api-version={version}")
    assert len(service.seen) == 2


@pytest.mark.parametrize(
    "options",
    [
        {"conversations": TURNS, "tasks": ["KeyPhraseExtraction"]},
        {"conversations": TURNS, "tasks": [ConversationalPII()]},
        {"conversations": TURNS, "tasks": [RECAP], "api_version": "2026-05-01"},
        {"conversations": TURNS, "tasks": [RECAP], "api_version": "2023-04-01"},
        {"conversations": TURNS, "tasks": [RECAP], "batch": 1},
        {"conversations": [], "tasks": [RECAP]},
        {"documents": FILES, "tasks": ["KeyPhraseExtraction"]},
        {
            "documents": [{**FILES[0], "target": AzureContainerFolder(FILES[0]["target"])}],
            "tasks": ["PiiEntityRecognition"],
            "api_version": "2024-11-15-preview",
        },
        {"documents": [*FILES, "a text"], "tasks": ["PiiEntityRecognition"]},
    ],
)
def test_what_the_family_would_refuse_is_not_sent(serve: Serve, options: dict[str, Any]) -> None:
    service = serve(lambda _: Answer(500))
    ti = TaskInstance()

    with pytest.raises(AirflowFailException) as refused:
        submitter(**options).execute(context_of(ti))

    assert service.seen == []
    assert ti.xcoms == {}
    assert [secret for secret in SECRETS if secret in str(refused.value)] == []


@pytest.mark.parametrize("options", [{}, {"documents": ["a"], "conversations": TURNS}])
def test_a_job_takes_either_documents_or_conversations(options: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError, match="either documents or conversations"):
        submitter(tasks=[RECAP], **options)


@pytest.mark.parametrize("name", ["documents", "conversations"])
def test_an_input_that_was_skipped_upstream_is_refused(serve: Serve, name: str) -> None:
    service = serve(lambda _: Answer(500))
    task = submitter(**{name: ["a"]}, tasks=[RECAP])
    setattr(task, name, None)

    with pytest.raises(AirflowFailException, match="neither documents nor conversations"):
        task.execute(context_of())

    assert service.seen == []


def test_personal_information_is_looked_for_in_one_conversation_per_batch(serve: Serve) -> None:
    family = Family("conversations", "conversationalPIIResults", {"conversationItems": []})
    serve(family)

    for number, name in enumerate(("c1", "c2")):
        submitter(conversations=TURNS, tasks=[ConversationalPII()], batch=number).execute(context_of())
        assert [one["id"] for one in family.sent["analysisInput"]["conversations"]] == [name]


@pytest.mark.parametrize(
    "options",
    [{"conversations": TURNS, "tasks": [RECAP]}, {"documents": FILES, "tasks": ["PiiEntityRecognition"]}],
    ids=["conversations", "native documents"],
)
def test_rendered_fields_show_ids_and_neither_text_nor_sas(dag: Any, options: dict[str, Any]) -> None:
    task = submitter(dag=dag, **options)

    task.render_template_fields(rendering(dag))

    stored = json.dumps(stored_fields(task))
    assert "Conversation(id=" in stored or "NativeDocument(id=" in stored
    assert [secret for secret in SECRETS if secret in stored] == []


def test_a_location_of_conversations_is_shown_as_it_is(dag: Any) -> None:
    task = submitter(dag=dag, conversations="s3://calls/{{ run_id }}.csv", tasks=[RECAP])

    task.render_template_fields(rendering(dag))

    assert stored_fields(task)["conversations"] == "s3://calls/of-today.csv"


def test_airflow_is_told_to_mask_each_sas(monkeypatch: pytest.MonkeyPatch) -> None:
    masked: list[str] = []
    monkeypatch.setattr(inputs, "mask_secret", masked.append)

    inputs.rendered_documents(FILES)
    inputs.inputs_of(FILES, None, ["PiiEntityRecognition"], None)

    assert set(masked) == {SAS, "s%2FeCretOfTheBlob%3D", "s/eCretOfTheBlob="}
    assert len(masked) == 2 * 2 * 3


def test_a_container_of_microsoft_s_is_an_endpoint_without_a_key(serve: Serve) -> None:
    """It serves http, and takes requests without any authorization (docs/service.md, sign-in)."""
    family = Family("documents", "PiiEntityRecognitionLROResults", {"redactedText": "*"})
    service = serve(family, key="")

    location = submitter(documents=["a text"], tasks=["PiiEntityRecognition"]).execute(context_of())
    (row,) = LanguageHook().results(location)

    assert location.startswith("http://127.0.0.1:")
    assert row.result == {"redactedText": "*"}
    assert len(service.seen) == 2
    for seen in service.seen:
        assert not {"ocp-apim-subscription-key", "authorization"} & set(seen.headers)
