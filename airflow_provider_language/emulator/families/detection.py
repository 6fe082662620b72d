"""Synchronous language detection, the one analysis that the service has no job for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.families.task_results import (
    detected_language,
    document_statistics,
    request_statistics,
)
from airflow_provider_language.emulator.protocol import document_errors, errors, limits
from airflow_provider_language.emulator.protocol.identity import MODEL_VERSION
from airflow_provider_language.emulator.protocol.job_requests import read_documents
from airflow_provider_language.emulator.protocol.json_bodies import list_of_objects, optional_string
from airflow_provider_language.emulator.protocol.offsets import count_text_elements

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airflow_provider_language.emulator.engines import Detector
    from airflow_provider_language.emulator.protocol.job_requests import Document

_COUNTRY = re.compile(r"[A-Za-z]{2}|none", re.IGNORECASE)


def detect_all(
    owner: Mapping[str, Any], detect: Detector, missing_code: str, *, with_statistics: bool
) -> dict[str, Any]:
    """Return the results of language detection; slow, so not for the event loop.

    Args:
        owner: The object that holds ``documents``, each of ``id``, ``text`` and perhaps ``countryHint``.
        detect: What finds the language of a text.
        missing_code: What the API calls the error of no documents.
        with_statistics: Whether the results have statistics.

    Raises:
        ServiceError: There are no documents, too many, or two with the same id.
    """
    documents = read_documents(owner)
    if not documents:
        raise errors.missing_documents(missing_code)
    limits.check_batch(documents, limits.MAX_DETECTION_DOCUMENTS)
    hints = [optional_string(item, "countryHint") for item in list_of_objects(owner, "documents")]
    found: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    sizes: list[int] = []
    for document, hint in zip(documents, hints, strict=True):
        characters = count_text_elements(document.text)
        error = _error(document, characters, hint)
        if error is not None:
            failed.append({"id": document.id, "error": error})
            continue
        sizes.append(characters)
        statistics = {"statistics": document_statistics(characters)} if with_statistics else {}
        language = {"detectedLanguage": detected_language(detect(document.text))}
        found.append({"id": document.id, **language, **statistics, "warnings": []})
    head = {"statistics": request_statistics(len(documents), sizes)} if with_statistics else {}
    return {**head, "documents": found, "errors": failed, "modelVersion": MODEL_VERSION}


def _error(document: Document, characters: int, country_hint: str | None) -> dict[str, Any] | None:
    if not document.text:
        return document_errors.empty_document_error()
    if characters > limits.MAX_SYNCHRONOUS_TEXT_ELEMENTS:
        return document_errors.oversized_document_error(limits.MAX_SYNCHRONOUS_TEXT_ELEMENTS)
    if country_hint and not _COUNTRY.fullmatch(country_hint):
        return document_errors.country_hint_error()
    return None
