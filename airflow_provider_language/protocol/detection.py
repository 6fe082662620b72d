"""Synchronous language detection, for which no job kind exists (docs/service.md, families)."""

from __future__ import annotations

from collections.abc import Sequence

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.corpus.packing import pack
from airflow_provider_language.protocol.exchanges import Settings, exchange, unreadable
from airflow_provider_language.protocol.inputs.charges import RECORD_CHARACTERS
from airflow_provider_language.protocol.inputs.documents import Document, check_documents
from airflow_provider_language.protocol.jobs.expected import ExpectedDocument, ExpectedResults
from airflow_provider_language.protocol.jobs.results import Row, rows_from
from airflow_provider_language.protocol.jobs.status import Job, State, TaskItem, task_item
from airflow_provider_language.protocol.json_values import JsonObject, WireObject
from airflow_provider_language.protocol.surfaces import ANALYZE_TEXT
from airflow_provider_language.protocol.versions import DEFAULT_VERSION
from airflow_provider_language.protocol.wire import Flow, Request

KIND = "LanguageDetection"
MAX_DOCUMENTS = 1000
"""Per request of this kind (docs/service.md, limits)."""
SAMPLE_CHARACTERS = RECORD_CHARACTERS
"""Of each document: the beginning of a text tells its language, and costs one text record."""
MAX_REQUEST_CHARACTERS = 160_000
"""Per request, which may have 1 MB (docs/service.md, limits); a character takes at most six bytes of JSON."""


def detection_requests(
    documents: Sequence[Document], version: str, *, logging_opt_out: bool | None = None
) -> tuple[Request, ...]:
    """The requests that detect the documents' languages, as many documents in each as it takes.

    Args:
        documents: any number; of a long text only the first 1,000 characters are sent. They keep their
            order but for the case that :func:`~airflow_provider_language.protocol.corpus.packing.pack` tells.
        version: an api-version of analyze-text.
        logging_opt_out: whether the service must not keep the texts; None leaves it to the service.

    Raises:
        InvalidInputError: the version is none of analyze-text.
    """
    if ANALYZE_TEXT.like(version) is None:
        raise InvalidInputError(f"Language detection needs an api-version of analyze-text, not {version!r}.")
    beginnings = (Document(document.id, document.text.lstrip()[:SAMPLE_CHARACTERS]) for document in documents)
    chunks = pack(beginnings, MAX_DOCUMENTS, MAX_REQUEST_CHARACTERS)
    parameters: WireObject = {"modelVersion": "latest"}
    if logging_opt_out is not None:
        parameters["loggingOptOut"] = logging_opt_out
    return tuple(_request(chunk, version, parameters) for chunk in chunks)


def _request(documents: Sequence[Document], version: str, parameters: WireObject) -> Request:
    texts = [document.to_wire() for document in documents]
    body = {"kind": KIND, "analysisInput": {"documents": texts}, "parameters": parameters}
    # Not repeatable: a lost answer may have been billed.
    return Request("POST", "/language/:analyze-text", (("api-version", version),), body, repeatable=False)


def detection_item(payload: JsonObject) -> TaskItem:
    """The task that an answer describes, in the form of a job's tasks."""
    return task_item(
        kind=KIND, name=KIND, state=State.SUCCEEDED, results=payload.get("results"), target="#/results"
    )


def detection_job(item: TaskItem) -> Job:
    """The answer in the form of a job that ended, so that rows are made of it as of any other."""
    return Job(
        job_id="",
        status="succeeded",
        state=State.SUCCEEDED,
        display_name=None,
        created=None,
        updated=None,
        expires=None,
        total=1,
        finished=1,
        faults=(),
        items=(item,),
        next_page=None,
    )


def detect_language(
    documents: Sequence[Document],
    settings: Settings,
    version: str = DEFAULT_VERSION,
    *,
    logging_opt_out: bool | None = None,
) -> Flow[tuple[Row, ...]]:
    """Detect the documents' languages, synchronously and in as many requests as needed.

    Raises:
        InvalidInputError: the documents are refused before anything is sent.
        ServiceError: the service refuses.
    """
    check_documents(documents)
    rows: list[Row] = []
    for request in detection_requests(documents, version, logging_opt_out=logging_opt_out):
        reply = yield from exchange(request, settings)
        payload = reply.payload
        if payload is None or not isinstance(payload.get("results"), dict):
            raise unreadable(reply)
        sent = (request.body or {})["analysisInput"]["documents"]
        expected = ExpectedResults(tuple(ExpectedDocument(row["id"]) for row in sent))
        rows += rows_from([detection_job(detection_item(payload))], expected)
    return tuple(rows)
