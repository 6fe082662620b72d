from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from azure.ai.textanalytics import TextAnalyticsClient
from azure.ai.textanalytics.aio import TextAnalyticsClient as AsyncTextAnalyticsClient
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import HttpResponseError

from airflow_provider_language.emulator import Emulator
from tests.emulator.fakes import Client, broken_engine, documents

if TYPE_CHECKING:
    import requests

    from tests.emulator.fakes import CountingEngine, ManualClock

JOBS = "/text/analytics/v3.1/entities/health/jobs"
NOTE = "Prescribed 100 mg ibuprofen, taken twice daily. The patient denies chest pain."
POLLING: dict[str, Any] = {"polling_interval": 0.01}


def submit(client: Client, texts: Any = None, query: str = "") -> requests.Response:
    return client.send("POST", f"{JOBS}{query}", {"documents": documents(1) if texts is None else texts})


def submitted(client: Client, texts: Any = None, query: str = "") -> str:
    response = submit(client, texts, query)
    assert response.status_code == 202, response.text
    return response.headers["operation-location"]


def test_a_health_job_has_results_and_no_tasks(client: Client, clock: ManualClock) -> None:
    url = submitted(client)
    head = ["jobId", "lastUpdateDateTime", "createdDateTime", "expirationDateTime", "status", "errors"]
    assert url.split("/jobs/")[0].endswith("/text/analytics/v3.1/entities/health")
    assert "?" not in url
    body = client.state(url)
    assert (list(body), body["status"]) == (head, "notStarted")
    clock.advance(seconds=12)
    body = client.state(url)
    assert (list(body), body["status"]) == ([*head, "results"], "succeeded")
    assert list(body["results"]) == ["documents", "errors", "modelVersion"]


def test_options_come_from_the_query(
    client: Client, clock: ManualClock, engines: dict[str, CountingEngine]
) -> None:
    query = "?model-version=2021-05-15&stringIndexType=TextElement_v8&loggingOptOut=true"
    url = submitted(client, query=query)
    clock.advance(seconds=12)
    client.state(url)
    assert [parameters for _, _, parameters in engines["Healthcare"].calls] == [
        {"stringIndexType": "TextElements_v8", "modelVersion": "2021-05-15", "loggingOptOut": True}
    ]


@pytest.mark.parametrize("query", ["?model-version=bad", "?stringIndexType=bytes", "?loggingOptOut=perhaps"])
def test_bad_options_are_refused(client: Client, query: str) -> None:
    response = submit(client, query=query)
    assert client.refusal(response)[:3] == (400, "InvalidRequest", "InvalidParameterValue")


def test_documents_are_checked_as_in_every_job(client: Client) -> None:
    assert client.refusal(submit(client, []))[2] == "MissingInputRecords"
    assert client.refusal(submit(client, documents(26)))[2] == "InvalidDocumentBatch"


def test_pages_are_linked_with_dollars_and_have_their_own_statistics(
    client: Client, clock: ManualClock
) -> None:
    url = submitted(client, documents(25))
    clock.advance(seconds=12)
    first = client.state(url, "?showStats=true&$top=10")
    assert first["@nextLink"] == f"{url}?showStats=true&$top=10&$skip=10"
    assert first["results"]["statistics"]["documentsCount"] == 10
    second = client.state(first["@nextLink"])
    third = client.state(second["@nextLink"])
    assert "@nextLink" not in third
    pages = [first, second, third]
    ids = [document["id"] for page in pages for document in page["results"]["documents"]]
    assert ids == [str(index) for index in range(25)]


@pytest.mark.parametrize("query", ["?$top=0", "?$top=51", "?$skip=-1"])
def test_pages_outside_the_specification_are_refused(client: Client, query: str) -> None:
    response = client.send("GET", submitted(client) + query)
    assert client.refusal(response)[2] == "InvalidParameterValue"


def test_delete_cancels_and_comes_too_late_for_what_has_ended(client: Client, clock: ManualClock) -> None:
    url, late = submitted(client), submitted(client)
    response = client.send("DELETE", url)
    assert (response.status_code, response.headers["operation-location"], response.content) == (202, url, b"")
    body = client.state(url)
    assert (body["status"], "results" in body) == ("cancelled", False)
    assert client.send("DELETE", url).status_code == 400
    clock.advance(seconds=12)
    assert client.send("DELETE", late).status_code == 400
    assert client.send("DELETE", f"{url}0").status_code == 404
    assert client.send("POST", f"{url}:cancel").status_code == 404


def test_a_broken_engine_fails_the_job_without_a_target() -> None:
    with Emulator(duration=0, engines={"Healthcare": broken_engine}) as emulator:
        client = Client(emulator.endpoint)
        body = client.state(submitted(client))
    assert (body["status"], "results" in body) == ("failed", False)
    assert [list(error) for error in body["errors"]] == [["code", "message"]]


@pytest.mark.parametrize("api_version", ["v3.1", "2022-05-01", "2023-04-01"])
def test_the_client_analyses_health_with_pages_and_statistics(api_version: str) -> None:
    batch: list[Any] = [NOTE, *["Nothing."] * 22, ""]
    with Emulator(duration=0) as emulator:
        client = TextAnalyticsClient(emulator.endpoint, AzureKeyCredential("any"), api_version=api_version)
        with client:
            poller = client.begin_analyze_healthcare_entities(batch, show_stats=True, **POLLING)
            found: list[Any] = list(poller.result(30))
    assert [result.is_error for result in found] == [False] * 23 + [True]
    texts = {entity.text: entity.category for entity in found[0].entities}
    assert texts["ibuprofen"] == "MedicationName"
    assert texts["100 mg"] == "Dosage"
    relations = {relation.relation_type for relation in found[0].entity_relations}
    assert relations >= {"DosageOfMedication", "FrequencyOfMedication"}
    assert found[0].statistics.character_count == len(NOTE)
    assert found[23].error.code == "InvalidDocument"


@pytest.mark.parametrize("api_version", ["v3.1", "2022-05-01", "2023-04-01"])
def test_the_client_cancels_health_jobs(api_version: str) -> None:
    with Emulator(duration=60) as emulator:
        client = TextAnalyticsClient(emulator.endpoint, AzureKeyCredential("any"), api_version=api_version)
        with client:
            poller = client.begin_analyze_healthcare_entities([NOTE], **POLLING)
            poller.cancel(polling_interval=0.01).wait(30)
            poller.wait(30)
            assert poller.status() == "cancelled"
            with pytest.raises(HttpResponseError, match="as its already completed"):
                poller.cancel(polling_interval=0.01)


@pytest.mark.parametrize("api_version", ["v3.1", "2023-04-01"])
async def test_the_asynchronous_client_analyses_and_cancels_too(api_version: str) -> None:
    client: Any
    key = AzureKeyCredential("any")
    with Emulator(duration=0) as instant:
        async with AsyncTextAnalyticsClient(instant.endpoint, key, api_version=api_version) as client:
            poller = await client.begin_analyze_healthcare_entities([NOTE], **POLLING)
            found = [result async for result in await poller.result()]
    assert [result.is_error for result in found] == [False]
    with Emulator(duration=60) as slow:
        async with AsyncTextAnalyticsClient(slow.endpoint, key, api_version=api_version) as client:
            poller = await client.begin_analyze_healthcare_entities([NOTE], **POLLING)
            await (await poller.cancel(polling_interval=0.01)).wait()
        deleted, cancelled = slow.journal.count("DELETE"), slow.journal.count("POST", ":cancel")
    assert (deleted, cancelled) == ((1, 0) if api_version == "v3.1" else (0, 1))


@pytest.mark.parametrize(
    ("api_version", "has_bundle", "title"),
    [
        ("2022-05-01", False, None),
        ("2022-05-15-preview", True, "Note"),
        ("2022-10-01-preview", True, "Consult"),
        ("2023-04-01", False, None),
        ("2025-11-01", True, "Consult"),
        ("2026-05-01", True, "Consult"),
    ],
)
def test_versions_that_know_fhir_have_a_bundle_marked_as_an_approximation(
    api_version: str, has_bundle: bool, title: str | None
) -> None:
    task = {"kind": "Healthcare", "parameters": {"fhirVersion": "4.0.1", "documentType": "Consult"}}
    with Emulator(duration=0) as emulator:
        client = Client(emulator.endpoint, api_version)
        body = client.state(client.submitted(documents(1, NOTE), [task]))
    [document] = body["tasks"]["items"][0]["results"]["documents"]
    codes = [warning["code"] for warning in document["warnings"]]
    assert ("fhirBundle" in document, codes) == (has_bundle, ["EmulatorApproximation"] * has_bundle)
    if has_bundle:
        assert list(document)[-2:] == ["warnings", "fhirBundle"]
        assert document["fhirBundle"]["entry"][0]["resource"]["title"] == title
