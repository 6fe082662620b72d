"""Operations that are answered at once: kinds, limits, parameters and the two shapes of their bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language.emulator import Emulator
from tests.emulator.fakes import Client, broken_engine, documents, fake_detect, fake_engines

if TYPE_CHECKING:
    import requests

    from tests.emulator.fakes import CountingEngine

SPANISH = {"name": "Spanish", "iso6391Name": "es", "confidenceScore": 0.97}
LANGUAGE_PATH = "/language/:analyze-text?api-version=2023-04-01"
LEGACY_PATH = "/text/analytics/v3.1"
MOST = {"KeyPhraseExtraction": 10, "SentimentAnalysis": 10, "EntityRecognition": 5, "PiiEntityRecognition": 5}
PATHS = {
    "KeyPhraseExtraction": "keyPhrases",
    "SentimentAnalysis": "sentiment",
    "EntityRecognition": "entities/recognition/general",
    "PiiEntityRecognition": "entities/recognition/pii",
    "Healthcare": "entities/health",
}


def ask(client: Client, kind: str, texts: list[dict[str, str]], query: str = "", **parameters: Any) -> Any:
    """Send documents to the Language API."""
    body = {"kind": kind, "analysisInput": {"documents": texts}, "parameters": parameters}
    return client.send("POST", LANGUAGE_PATH + query, body)


def ask_legacy(client: Client, kind: str, texts: list[dict[str, str]], query: str = "") -> requests.Response:
    """Send documents to the kind's path of v3.1."""
    return client.send("POST", f"{LEGACY_PATH}/{PATHS[kind]}{query}", {"documents": texts})


@pytest.mark.parametrize("kind", sorted(MOST))
def test_each_kind_has_its_number_of_documents_in_both_apis(client: Client, kind: str) -> None:
    for send in (ask, ask_legacy):
        results = send(client, kind, documents(MOST[kind])).json()
        results = results.get("results", results)
        assert [document["id"] for document in results["documents"]] == [str(i) for i in range(MOST[kind])]
        status, code, inner, message = client.refusal(send(client, kind, documents(MOST[kind] + 1)))
        assert (status, code, inner) == (400, "InvalidRequest", "InvalidDocumentBatch")
        assert f"Max {MOST[kind]} records" in message


@pytest.mark.parametrize("kind", sorted(MOST))
def test_no_documents_have_the_name_that_each_api_gives_it(client: Client, kind: str) -> None:
    assert client.refusal(ask(client, kind, []))[2] == "MissingInputDocuments"
    assert client.refusal(ask_legacy(client, kind, []))[2] == "MissingInputRecords"


def test_the_language_api_wraps_the_results_with_their_kind(client: Client) -> None:
    response = ask(client, "PiiEntityRecognition", documents(1), "&showStats=True")
    body = response.json()
    assert list(body) == ["kind", "results"]
    assert body["kind"] == "PiiEntityRecognitionResults"
    assert list(body["results"]) == ["statistics", "documents", "errors", "modelVersion"]
    assert list(body["results"]["documents"][0]) == [
        "redactedText",
        "id",
        "statistics",
        "entities",
        "warnings",
    ]
    assert "Transfer-Encoding" not in response.headers


def test_the_legacy_api_answers_with_the_results_alone_and_chunked(client: Client) -> None:
    response = ask_legacy(client, "SentimentAnalysis", documents(1))
    assert list(response.json()) == ["documents", "errors", "modelVersion"]
    assert response.headers["Transfer-Encoding"] == "chunked"


@pytest.mark.parametrize("send", [ask, ask_legacy])
def test_a_document_in_error_leaves_the_others_alone(client: Client, send: Any) -> None:
    texts = [
        {"id": "empty", "text": ""},
        {"id": "long", "text": "x" * 5121},
        {"id": "fits", "text": "x" * 5120},
        {"id": "foreign", "text": "x", "language": "xx"},
    ]
    body = send(client, "KeyPhraseExtraction", texts).json()
    results = body.get("results", body)
    assert [document["id"] for document in results["documents"]] == ["fits"]
    assert [(error["id"], error["error"]["innererror"]["code"]) for error in results["errors"]] == [
        ("empty", "InvalidDocument"),
        ("long", "InvalidDocument"),
        ("foreign", "UnsupportedLanguageCode"),
    ]


def test_length_is_counted_in_text_elements(client: Client) -> None:
    texts = [{"id": "0", "text": "e\u0301" * 5120}]
    [document] = ask(client, "EntityRecognition", texts).json()["results"]["documents"]
    assert document["entities"][0]["length"] == 5120


def test_nothing_but_empty_documents_is_an_answer_here(client: Client) -> None:
    results = ask(client, "KeyPhraseExtraction", documents(2, "")).json()["results"]
    assert (results["documents"], len(results["errors"])) == ([], 2)


def test_parameters_reach_the_engine_from_the_body(
    client: Client, engines: dict[str, CountingEngine]
) -> None:
    ask(client, "PiiEntityRecognition", documents(1), piiCategories=["Email"], domain="phi")
    parameters = engines["PiiEntityRecognition"].calls[0][2]
    assert parameters.items() >= {"piiCategories": ["Email"], "domain": "phi"}.items()


def test_parameters_reach_the_engine_from_the_query_of_v3_1(
    client: Client, engines: dict[str, CountingEngine]
) -> None:
    query = "?piiCategories=Email,Person&loggingOptOut=True&domain=phi&stringIndexType=TextElement_v8"
    assert ask_legacy(client, "PiiEntityRecognition", documents(1), query).status_code == 200
    parameters = engines["PiiEntityRecognition"].calls[0][2]
    told = {
        "piiCategories": ["Email", "Person"],
        "loggingOptOut": True,
        "domain": "phi",
        "stringIndexType": "TextElements_v8",
    }
    assert parameters.items() >= told.items()


@pytest.mark.parametrize("query", ["?opinionMining=maybe", "?stringIndexType=Bytes"])
def test_values_that_a_parameter_does_not_take_are_refused(client: Client, query: str) -> None:
    response = ask_legacy(client, "SentimentAnalysis", documents(1), query)
    assert client.refusal(response)[:3] == (400, "InvalidRequest", "InvalidParameterValue")


def test_an_unknown_model_has_the_code_of_each_api(client: Client) -> None:
    assert client.refusal(ask(client, "SentimentAnalysis", documents(1), modelVersion="bad"))[2] == (
        "InvalidParameterValue"
    )
    legacy = ask_legacy(client, "SentimentAnalysis", documents(1), "?model-version=bad")
    assert client.refusal(legacy)[2] == "ModelVersionIncorrect"
    latest = ask_legacy(client, "SentimentAnalysis", documents(1), "?model-version=latest")
    assert latest.status_code == 200
    foreign_name = ask_legacy(client, "SentimentAnalysis", documents(1), "?modelVersion=bad")
    assert client.refusal(foreign_name)[2] == "ModelVersionIncorrect"


def test_healthcare_answers_at_once_only_where_containers_do(client: Client) -> None:
    body = ask_legacy(client, "Healthcare", documents(26, "x" * 6000)).json()
    assert (len(body["documents"]), body["errors"]) == (26, [])
    status, _, inner, message = client.refusal(ask(client, "Healthcare", documents(1)))
    assert (status, inner) == (400, "InvalidParameterValue")
    assert message.startswith("Kind 'Healthcare' is not synchronous.")


def test_a_kind_without_an_engine_is_refused_in_plain_words(client: Client) -> None:
    status, _, inner, message = client.refusal(ask(client, "EntityLinking", documents(1)))
    assert (status, inner) == (400, "InvalidParameterValue")
    assert message.startswith("the emulator: It does not serve task kind 'EntityLinking'.")


def test_a_broken_engine_is_an_internal_error() -> None:
    with Emulator(engines={**fake_engines(), "SentimentAnalysis": broken_engine}) as emulator:
        client = Client(emulator.endpoint)
        assert client.refusal(ask(client, "SentimentAnalysis", documents(1)))[:2] == (
            500,
            "InternalServerError",
        )


def test_auto_is_detected_where_the_version_does(client: Client, engines: dict[str, CountingEngine]) -> None:
    texts = [{"id": "0", "text": "\u00bfhola?", "language": "auto"}]
    body = {"kind": "KeyPhraseExtraction", "analysisInput": {"documents": texts}}
    response = client.send("POST", "/language/:analyze-text?api-version=2026-05-15-preview", body)
    [document] = response.json()["results"]["documents"]
    assert (document["detectedLanguage"], document["isLanguageDefaulted"]) == (SPANISH, False)
    assert engines["KeyPhraseExtraction"].calls[0][1] == "es"


def test_language_detection_answers_at_once(client: Client) -> None:
    texts = [
        {"id": "a", "text": "\u00bfhola?"},
        {"id": "b", "text": ""},
        {"id": "c", "text": "x" * 5121},
        {"id": "d", "text": "hello", "countryHint": "USA"},
        {"id": "e", "text": "hello", "countryHint": "us"},
    ]
    body = client.send(
        "POST",
        "/language/:analyze-text?api-version=2023-04-01&showStats=true",
        {"kind": "LanguageDetection", "analysisInput": {"documents": texts}, "parameters": {}},
    ).json()
    assert list(body) == ["kind", "results"]
    assert body["kind"] == "LanguageDetectionResults"
    results = body["results"]
    assert list(results) == ["statistics", "documents", "errors", "modelVersion"]
    assert results["documents"][0] == {
        "id": "a",
        "detectedLanguage": SPANISH,
        "statistics": {"charactersCount": 6, "transactionsCount": 1},
        "warnings": [],
    }
    codes = [(error["id"], error["error"]["innererror"]["code"]) for error in results["errors"]]
    assert codes == [("b", "InvalidDocument"), ("c", "InvalidDocument"), ("d", "InvalidCountryHint")]
    assert results["statistics"]["erroneousDocumentsCount"] == 3


def test_language_detection_takes_a_thousand_documents(client: Client) -> None:
    def detect(count: int) -> Any:
        body = {"kind": "LanguageDetection", "analysisInput": {"documents": documents(count)}}
        return client.send("POST", "/language/:analyze-text?api-version=2023-04-01", body)

    assert len(detect(1000).json()["results"]["documents"]) == 1000
    assert client.refusal(detect(1001))[2] == "InvalidDocumentBatch"
    assert client.refusal(detect(0))[2] == "MissingInputDocuments"


def test_detection_has_the_detectors_of_the_emulator_by_default() -> None:
    with Emulator(engines={}) as emulator:
        body = Client(emulator.endpoint).send(
            "POST",
            "/text/analytics/v3.1/languages",
            {"documents": [{"id": "1", "text": "The weather was fine and we walked along the river."}]},
        )
    assert body.json()["documents"][0]["detectedLanguage"]["iso6391Name"] == "en"
    assert fake_detect("hello").name == body.json()["documents"][0]["detectedLanguage"]["name"]
