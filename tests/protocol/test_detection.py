"""Synchronous language detection: the requests, and the answer in the form of a job."""

from __future__ import annotations

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.detection import (
    detection_item,
    detection_job,
    detection_requests,
)
from airflow_provider_language.protocol.inputs.documents import Document
from airflow_provider_language.protocol.jobs.status import State
from airflow_provider_language.protocol.json_values import JsonObject

VERSION = "2026-05-01"


def test_a_request_has_the_texts_without_a_language() -> None:
    (request,) = detection_requests([Document("1", "Bonjour", "auto")], VERSION)
    assert (request.method, request.path) == ("POST", "/language/:analyze-text")
    assert request.query == (("api-version", VERSION),)
    assert request.body == {
        "kind": "LanguageDetection",
        "analysisInput": {"documents": [{"id": "1", "text": "Bonjour"}]},
        "parameters": {"modelVersion": "latest"},
    }


def test_a_lost_answer_may_have_been_billed_so_it_is_not_asked_for_again() -> None:
    (request,) = detection_requests([Document("1", "a")], VERSION)
    assert not request.repeatable


def test_of_a_long_text_as_much_is_sent_as_a_text_record_holds() -> None:
    (request,) = detection_requests([Document("1", " " * 2000 + "x" * 2000)], VERSION)
    assert request.body is not None
    assert request.body["analysisInput"]["documents"][0]["text"] == "x" * 1000


def test_a_thousand_documents_go_into_a_request() -> None:
    requests = detection_requests([Document(str(n), "x") for n in range(1001)], VERSION)
    assert [len((request.body or {})["analysisInput"]["documents"]) for request in requests] == [1000, 1]


@pytest.mark.parametrize("character", ["x", "\u00e9", "\U0001f600", "\x01"])
def test_a_request_stays_within_a_megabyte_whatever_the_texts(character: str) -> None:
    documents = [Document(str(n), character * 5120) for n in range(300)]
    requests = detection_requests(documents, VERSION)
    assert all(len(request.content or b"") <= 1_000_000 for request in requests)
    assert sum(len((request.body or {})["analysisInput"]["documents"]) for request in requests) == 300


def test_no_documents_need_no_request() -> None:
    assert detection_requests([], VERSION) == ()


@pytest.mark.parametrize("version", ["v3.1", "latest"])
def test_a_version_that_is_not_of_analyze_text_is_refused(version: str) -> None:
    with pytest.raises(InvalidInputError, match="api-version of analyze-text"):
        detection_requests([Document("1", "a")], version)


def test_an_answer_is_a_job_of_one_task_that_ended() -> None:
    results: JsonObject = {"documents": [{"id": "1"}], "errors": [], "modelVersion": "2023-12-01"}
    job = detection_job(detection_item({"kind": "LanguageDetectionResults", "results": results}))
    (task,) = job.items
    assert (job.state, job.total, job.next_page) == (State.SUCCEEDED, 1, None)
    assert (task.kind, task.name, task.model_version) == (
        "LanguageDetection",
        "LanguageDetection",
        "2023-12-01",
    )
