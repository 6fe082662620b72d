"""Synchronous language detection, for which no job kind exists (API.md section 2.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from airflow_provider_language.analysis.batches import pack
from airflow_provider_language.analysis.charges import RECORD_CHARACTERS
from airflow_provider_language.analysis.documents import Document
from airflow_provider_language.analysis.jobs import Job, State, TaskItem, task_item
from airflow_provider_language.analysis.surfaces import TEXT_KINDS
from airflow_provider_language.analysis.wire import Request
from airflow_provider_language.exceptions import InvalidInputError

KIND = "LanguageDetection"
MAX_DOCUMENTS = 1000
"""Per request of this kind (API.md section 5)."""
SAMPLE_CHARACTERS = RECORD_CHARACTERS
"""Of each document: the beginning of a text tells its language, and costs one text record."""
MAX_REQUEST_CHARACTERS = 160_000
"""Per request, which may have 1 MB (API.md section 5); a character takes at most six bytes of JSON."""


def detection_requests(documents: Sequence[Document], version: str) -> tuple[Request, ...]:
    """The requests that detect the documents' languages, as many documents in each as it takes.

    Args:
        documents: any number; of a long text only the first 1,000 characters are sent. They keep their
            order but for the case that :func:`~airflow_provider_language.analysis.batches.pack` tells.
        version: an api-version of analyze-text.

    Raises:
        InvalidInputError: the version is none of analyze-text.
    """
    if version not in TEXT_KINDS:
        raise InvalidInputError(f"Language detection needs an api-version of analyze-text, not {version!r}.")
    beginnings = (Document(document.id, document.text.lstrip()[:SAMPLE_CHARACTERS]) for document in documents)
    chunks = pack(beginnings, MAX_DOCUMENTS, MAX_REQUEST_CHARACTERS)
    return tuple(_request(chunk, version) for chunk in chunks)


def _request(documents: Sequence[Document], version: str) -> Request:
    texts = [document.to_wire() for document in documents]
    body = {"kind": KIND, "analysisInput": {"documents": texts}, "parameters": {"modelVersion": "latest"}}
    # Not repeatable: a lost answer may have been billed.
    return Request("POST", "/language/:analyze-text", (("api-version", version),), body, repeatable=False)


def detection_item(payload: Mapping[str, Any]) -> TaskItem:
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
