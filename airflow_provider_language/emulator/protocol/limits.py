"""The published limits of a request, checked in the order in which the service checks them.

Source: the page "Data and rate limits" of November 2025
(learn.microsoft.com/azure/ai-services/language-service/concepts/data-limits), and the recordings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_language.emulator.protocol import errors
from airflow_provider_language.emulator.protocol.offsets import count_text_elements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from airflow_provider_language.emulator.protocol.job_requests import Document

MAX_DOCUMENTS = 25
"""Documents of an asynchronous request."""

MAX_TEXT_ELEMENTS = 125_000
"""Text elements over all documents of an asynchronous request."""

MAX_REQUEST_BYTES = 1024 * 1024
"""Bytes of a request's body (1 MB)."""

MAX_DETECTION_DOCUMENTS = 1000
"""Documents of a synchronous language detection."""

MAX_SYNCHRONOUS_TEXT_ELEMENTS = 5120
"""Text elements of one document of a synchronous request."""

MAX_PII_CONVERSATIONS = 1
"""Conversations of a request that looks for personal data (its how-to page)."""

MAX_PII_CONVERSATION_TEXT_ELEMENTS = 40_000
"""Text elements of a conversation that is looked through for personal data."""


def check_job_documents(documents: Sequence[Document], missing_code: str) -> None:
    """Refuse documents that cannot become a job.

    Args:
        documents: The documents of one submission.
        missing_code: What the API calls the error of no documents.

    Raises:
        ServiceError: In this order: none at all, too many text elements (413, which the service looks at
            before it counts documents), too many documents, duplicate ids, every text empty.
    """
    if not documents:
        raise errors.missing_documents(missing_code)
    # A text never has more elements than code points, so short requests need no counting.
    if (
        sum(len(document.text) for document in documents) > MAX_TEXT_ELEMENTS
        and sum(count_text_elements(document.text) for document in documents) > MAX_TEXT_ELEMENTS
    ):
        raise errors.payload_too_large(MAX_TEXT_ELEMENTS)
    check_batch(documents, MAX_DOCUMENTS)
    if not any(document.text for document in documents):
        raise errors.all_documents_empty()


def check_batch(documents: Sequence[Document], limit: int) -> None:
    """Refuse too many documents, or two with the same id.

    Raises:
        ServiceError: In this order: too many documents, duplicate ids.
    """
    if len(documents) > limit:
        raise errors.too_many_documents(limit)
    if len({document.id for document in documents}) < len(documents):
        raise errors.duplicated_ids()
