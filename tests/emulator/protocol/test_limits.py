from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_language.emulator.protocol.versions import LANGUAGE_VERSIONS
from tests.emulator.fakes import Client, documents, task

if TYPE_CHECKING:
    from tests.emulator.fakes import ManualClock

INVALID = "Invalid Document in request."
BATCH = (400, "InvalidRequest", "InvalidDocumentBatch")
TOO_LARGE = (
    413,
    "InvalidRequest",
    "InvalidDocumentBatch",
    "Request Payload sent is too large to be processed. Limit request size to: 125000",
)
JOBS = "/language/analyze-text/jobs?api-version=2023-04-01"


def version_with(parameters: dict[str, Any]) -> str:
    """Return a version that has all of some parameters, of which two have come and gone."""
    gone = {"redactionCharacter": "2023-11-15-preview", "redactionPolicy": "2025-05-15-preview"}
    return next((gone[name] for name in parameters if name in gone), "2026-05-01")


def test_twenty_five_documents_are_taken_and_one_more_is_not(client: Client) -> None:
    assert client.submit(documents(25), [task()]).status_code == 202
    response = client.submit(documents(26), [task()])
    assert client.refusal(response) == (
        *BATCH,
        "Batch request contains too many records. Max 25 records are permitted.",
    )
    assert response.json()["error"]["message"] == INVALID


def test_125000_text_elements_are_taken_and_one_more_is_not(client: Client) -> None:
    texts = documents(5, "e\u0301" * 25_000)
    assert client.submit(texts, [task()]).status_code == 202
    texts[2]["text"] += "a"
    assert client.refusal(client.submit(texts, [task()])) == TOO_LARGE


def test_the_size_is_checked_before_the_documents_are_counted(client: Client) -> None:
    assert client.refusal(client.submit(documents(500, "x" * 300), [task()])) == TOO_LARGE


def test_a_request_of_more_than_a_megabyte_is_not_read(client: Client) -> None:
    response = client.send("POST", JOBS, data=b" " * (1024 * 1024 + 1))
    assert client.refusal(response)[:3] == (413, "InvalidRequest", "InvalidDocumentBatch")


def test_all_documents_empty_refuses_the_request(client: Client) -> None:
    response = client.submit(documents(2, ""), [task()])
    assert client.refusal(response) == (*BATCH, "Document text is empty.")


def test_some_documents_empty_are_errors_of_these_documents_in_every_task(
    client: Client, clock: ManualClock
) -> None:
    texts = documents(2)
    texts[0]["text"] = ""
    url = client.submitted(texts, [task(), task("EntityRecognition")])
    clock.advance(seconds=12)
    body = client.state(url)
    assert body["status"] == "succeeded"
    for item in body["tasks"]["items"]:
        assert [document["id"] for document in item["results"]["documents"]] == ["1"]
        assert item["results"]["errors"] == [
            {
                "id": "0",
                "error": {
                    "code": "InvalidArgument",
                    "message": INVALID,
                    "innererror": {"code": "InvalidDocument", "message": "Document text is empty."},
                },
            }
        ]


def test_an_unsupported_language_is_an_error_of_its_document(client: Client, clock: ManualClock) -> None:
    texts = documents(2)
    texts[1]["language"] = "tlh"
    url = client.submitted(texts, [task()])
    clock.advance(seconds=12)
    results = client.state(url)["tasks"]["items"][0]["results"]
    assert [document["id"] for document in results["documents"]] == ["0"]
    [error] = results["errors"]
    assert error["id"] == "1"
    assert (error["error"]["code"], error["error"]["message"]) == (
        "InvalidArgument",
        "Invalid Language Code.",
    )
    assert error["error"]["innererror"] == {
        "code": "UnsupportedLanguageCode",
        "message": "the emulator: Invalid language code. Supported languages: de,en,es. "
        "For additional details see https://aka.ms/text-analytics/language-support",
    }


def test_categories_are_known_in_any_case(client: Client) -> None:
    client.api_version = "2026-05-01"
    asked = [
        task("PiiEntityRecognition", piiCategories=["default", "ussocialsecuritynumber", "PersonType"]),
        task("EntityRecognition", inclusionList=["person", "Skill"]),
    ]

    assert client.submit(documents(1), asked).status_code == 202


def test_duplicate_ids_refuse_the_request(client: Client) -> None:
    response = client.submit([*documents(1), *documents(1)], [task()])
    assert client.refusal(response) == (
        400,
        "InvalidRequest",
        "InvalidDocument",
        "Request contains duplicated Ids. Make sure each document has a unique Id.",
    )


def test_numbers_as_ids_come_back_as_strings(client: Client, clock: ManualClock) -> None:
    texts: list[Any] = [{"id": 7, "text": "a"}]
    url = client.submitted(texts, [task()])
    clock.advance(seconds=12)
    assert client.state(url)["tasks"]["items"][0]["results"]["documents"][0]["id"] == "7"


@pytest.mark.parametrize(
    ("texts", "inner"),
    [
        ([], "MissingInputDocuments"),
        (None, "MissingInputDocuments"),
        ([{"text": "no id"}], "InvalidDocument"),
        ([{"id": "", "text": "empty id"}], "InvalidDocument"),
        ([{"id": True, "text": "no string"}], "InvalidDocument"),
        ([{"id": "no text"}], "InvalidDocument"),
        ([{"id": "1", "text": 5}], "InvalidRequestBodyFormat"),
        ([{"id": "1", "text": "a", "language": 5}], "InvalidRequestBodyFormat"),
        (["no object"], "InvalidRequestBodyFormat"),
        ("no array", "InvalidRequestBodyFormat"),
    ],
)
def test_documents_that_are_none_refuse_the_request(client: Client, texts: Any, inner: str) -> None:
    assert client.refusal(client.submit(texts, [task()]))[:3] == (400, "InvalidRequest", inner)


@pytest.mark.parametrize(
    ("data", "inner"),
    [
        (b"", "EmptyRequest"),
        (b"  ", "EmptyRequest"),
        (b"{", "InvalidRequestBodyFormat"),
        (b"[]", "InvalidRequestBodyFormat"),
        (b'{"a": NaN}', "InvalidRequestBodyFormat"),
        (b"\xff", "InvalidRequestBodyFormat"),
        (b'{"displayName": "\\ud800"}', "InvalidRequestBodyFormat"),
        (b"[" * 100_000, "InvalidRequestBodyFormat"),
        (b'{"analysisInput": 5}', "InvalidRequestBodyFormat"),
    ],
)
def test_a_body_that_is_no_request_is_refused(client: Client, data: bytes, inner: str) -> None:
    assert client.refusal(client.send("POST", JOBS, data=data))[:3] == (400, "InvalidRequest", inner)


def test_duplicate_keys_and_unknown_fields_are_taken(client: Client) -> None:
    body = json.dumps({"analysisInput": {"documents": documents(1), "x": 1}, "tasks": [task()]})
    data = body[:-1].encode() + b', "unknown": {}, "displayName": "a", "displayName": "b"}'
    response = client.send("POST", JOBS, data=data)
    assert response.status_code == 202
    assert client.state(response.headers["operation-location"])["displayName"] == "b"


@pytest.mark.parametrize(
    ("tasks", "inner"),
    [
        ([], "InvalidRequestBodyFormat"),
        ([{}], "InvalidRequestBodyFormat"),
        ([{"kind": 5}], "InvalidRequestBodyFormat"),
        ([{"kind": "LanguageDetection"}], "InvalidParameterValue"),
        ([{"kind": "SentimentAnalysisLROTask"}], "InvalidParameterValue"),
        ([{"kind": "CustomHealthcare"}], "InvalidParameterValue"),
        ([{"kind": "KeyPhraseExtraction", "parameters": []}], "InvalidRequestBodyFormat"),
    ],
)
def test_tasks_that_are_none_refuse_the_request(client: Client, tasks: Any, inner: str) -> None:
    assert client.refusal(client.submit(documents(1), tasks))[:3] == (400, "InvalidRequest", inner)


def test_a_task_without_parameters_is_taken(client: Client) -> None:
    assert client.submit(documents(1), [{"kind": "KeyPhraseExtraction"}]).status_code == 202
    nulls = {"kind": "EntityRecognition", "parameters": {"stringIndexType": None, "modelVersion": None}}
    assert client.submit(documents(1), [nulls]).status_code == 202


def test_a_kind_without_an_engine_is_refused_in_plain_words(client: Client) -> None:
    response = client.submit(documents(1), [task(), task("AbstractiveSummarization")])
    status, code, inner, message = client.refusal(response)
    assert (status, code, inner) == (400, "InvalidRequest", "InvalidParameterValue")
    assert message.startswith(
        "the emulator: It does not serve task kind 'AbstractiveSummarization'. It serves:"
    )


@pytest.mark.parametrize(
    ("kind", "parameters"),
    [
        ("EntityRecognition", {"stringIndexType": "TextElement_v8"}),
        ("EntityRecognition", {"stringIndexType": 5}),
        ("EntityRecognition", {"overlapPolicy": {"policyKind": "shortest"}}),
        ("EntityRecognition", {"inclusionList": "Person"}),
        ("KeyPhraseExtraction", {"loggingOptOut": "yes"}),
        ("SentimentAnalysis", {"opinionMining": "true"}),
        ("PiiEntityRecognition", {"domain": "medical"}),
        ("PiiEntityRecognition", {"piiCategories": "Person"}),
        ("PiiEntityRecognition", {"piiCategories": ["Person", "SSN"]}),
        ("PiiEntityRecognition", {"excludePiiCategories": ["SSN"]}),
        ("PiiEntityRecognition", {"excludePiiCategories": ["All"]}),
        (
            "PiiEntityRecognition",
            {"redactionPolicies": [{"policyKind": "characterMask", "entityTypes": ["SSN"]}]},
        ),
        ("EntityRecognition", {"inclusionList": ["SSN"]}),
        ("EntityRecognition", {"exclusionList": ["Shoe"]}),
        ("PiiEntityRecognition", {"redactionCharacter": "x"}),
        ("PiiEntityRecognition", {"redactionPolicy": "entityMask"}),
        ("PiiEntityRecognition", {"redactionPolicies": [{"policyKind": "noMask"}, {"policyKind": "blur"}]}),
        ("PiiEntityRecognition", {"redactionPolicies": {}}),
        ("ExtractiveSummarization", {"sentenceCount": 0}),
        ("ExtractiveSummarization", {"sentenceCount": 21}),
        ("ExtractiveSummarization", {"sentenceCount": True}),
        ("ExtractiveSummarization", {"sortBy": "Length"}),
        ("AbstractiveSummarization", {"summaryLength": "tiny"}),
        ("Healthcare", {"documentType": "Letter"}),
        ("CustomSingleLabelClassification", {}),
        ("CustomSingleLabelClassification", {"projectName": "p", "deploymentName": " "}),
    ],
)
def test_a_parameter_that_is_out_of_its_range_refuses_the_whole_job(
    client: Client, kind: str, parameters: dict[str, Any]
) -> None:
    client.api_version = version_with(parameters)
    response = client.submit(documents(1), [task(), task(kind, **parameters)])
    status, code, inner, message = client.refusal(response)
    assert (status, code, inner) == (400, "InvalidRequest", "InvalidParameterValue")
    assert response.json()["error"]["message"] == "Invalid parameter in request"
    assert any(name in message for name in parameters or ("projectName",))


@pytest.mark.parametrize(
    ("kind", "parameters"),
    [
        (
            "EntityRecognition",
            {"stringIndexType": "utf16codeunit", "overlapPolicy": {"policyKind": "allowOverlap"}},
        ),
        ("PiiEntityRecognition", {"domain": "PHI", "redactionPolicy": {"policyKind": "EntityMask"}}),
        ("PiiEntityRecognition", {"redactionPolicies": [{"policyKind": "syntheticReplacement"}]}),
        ("CustomSingleLabelClassification", {"projectName": "p", "deploymentName": "d"}),
        ("ExtractiveSummarization", {"sentenceCount": 20, "sortBy": "rank"}),
        ("KeyPhraseExtraction", {"loggingOptOut": True, "stringIndexType": "anything", "unknown": 1}),
    ],
)
def test_a_parameter_within_its_range_is_taken_in_any_case(
    client: Client, clock: ManualClock, kind: str, parameters: dict[str, Any]
) -> None:
    client.api_version = version_with(parameters)
    url = client.submitted(documents(1), [task(kind, **parameters)])
    clock.advance(seconds=12)
    assert client.state(url)["status"] == "succeeded"


@pytest.mark.parametrize("value", ["bad", "", 5, "latest "])
def test_a_bad_model_version_of_one_task_refuses_the_job_in_the_words_of_the_service(
    client: Client, value: object
) -> None:
    response = client.submit(documents(1), [task(), task("EntityRecognition", modelVersion=value)])
    assert client.refusal(response) == (
        400,
        "InvalidRequest",
        "InvalidParameterValue",
        f"Job task parameter value {value} is not supported for model-version parameter for job task type "
        "NamedEntityRecognition. Supported values latest,2020-04-01,2021-01-15,2021-06-01.",
    )


@pytest.mark.parametrize("value", ["latest", "2021-06-01", "2025-02-01-preview"])
def test_a_pinned_model_version_is_taken(client: Client, value: str) -> None:
    assert client.submit(documents(1), [task("EntityRecognition", modelVersion=value)]).status_code == 202


@pytest.mark.parametrize("version", sorted(LANGUAGE_VERSIONS))
def test_every_version_takes_a_job(client: Client, clock: ManualClock, version: str) -> None:
    client.api_version = version
    url = client.submitted(documents(1), [task()])
    assert url.endswith(f"?api-version={version}")
    clock.advance(seconds=12)
    assert client.state(url)["status"] == "succeeded"


def test_a_kind_is_refused_before_the_version_that_brought_it(client: Client) -> None:
    client.api_version = "2022-05-01"
    response = client.submit(documents(1), [task("ExtractiveSummarization")])
    assert "is not supported in api-version 2022-05-01" in client.refusal(response)[3]


@pytest.mark.parametrize(
    "query", ["", "?api-version=", "?api-version=2019-01-01", "?api-version=2021-11-01-preview"]
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/language/analyze-text/jobs"),
        ("GET", "/language/analyze-text/jobs/x"),
        ("POST", "/language/analyze-text/jobs/x:cancel"),
        ("POST", "/language/:analyze-text"),
    ],
)
def test_an_unknown_version_is_turned_away_by_the_gateway(
    client: Client, method: str, path: str, query: str
) -> None:
    response = client.send(method, path + query, {})
    assert response.status_code == 404
    assert response.json() == {"error": {"code": "404", "message": "Resource not found"}}
