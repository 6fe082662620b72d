"""The question behind Test connection: whether endpoint, key and version are right, at no cost."""

from __future__ import annotations

import re
from dataclasses import dataclass

from airflow_provider_language import causes
from airflow_provider_language.exceptions import (
    InvalidInputError,
    RequestRefusedError,
    ResourceNotFoundError,
    ServiceError,
)
from airflow_provider_language.protocol.exchanges import Settings, exchange, unreadable
from airflow_provider_language.protocol.json_values import WireObject
from airflow_provider_language.protocol.surfaces import (
    ANALYZE_CONVERSATIONS,
    ANALYZE_TEXT,
    LEGACY_ANALYZE,
    LEGACY_HEALTH,
    Surface,
)
from airflow_provider_language.protocol.versions import LEGACY_VERSION
from airflow_provider_language.protocol.wire import Flow, Request

_ABOUT_DOCUMENTS = frozenset(
    {
        "EmptyRequest",
        "InvalidDocument",
        "InvalidDocumentBatch",
        "InvalidRequestBodyFormat",
        "MissingInputDocuments",
        "MissingInputRecords",
    }
)
"""The innermost codes by which the service refuses a job for what is in it (docs/service.md, errors)."""


@dataclass(frozen=True)
class Place:
    """Where jobs of a version are submitted."""

    surface: Surface
    version: str


_LEGACY = (Place(LEGACY_ANALYZE, LEGACY_VERSION), Place(LEGACY_HEALTH, LEGACY_VERSION))


def probe(settings: Settings, version: str | None = None) -> Flow[Place]:
    """Find out whether jobs of a version can be submitted: submit one whose only document has no text.

    The service checks the key first, then refuses the empty job (recording empty_document_bad_request), and
    bills nothing. An endpoint that has no such place is asked for others; a container may have v3.1 alone.

    Args:
        settings: retry policy and jitter.
        version: an api-version of any family, or v3.1; None for the newest stable one of texts.

    Returns:
        The place that is there: that of the version, or another one if the endpoint has none of it.

    Raises:
        InvalidInputError: there is no such version.
        ServiceError: what is wrong: AuthenticationError for the key, ResourceNotFoundError for an endpoint
            that is not the Language service, ServiceUnavailableError for a host that does not answer.
    """
    asked, *others = _places(version)
    try:
        return (yield from _found(asked, settings))
    except ResourceNotFoundError as error:
        missing = error
    for other in others:
        if (yield from _is_there(other, settings)):
            return other
    raise missing


def _is_there(place: Place, settings: Settings) -> Flow[bool]:
    try:
        yield from _found(place, settings)
    except ServiceError:
        return False
    return True


def _places(version: str | None) -> list[Place]:
    newest = Place(ANALYZE_TEXT, ANALYZE_TEXT.newest_stable)
    if version == LEGACY_VERSION:
        return [*_LEGACY, newest]
    wanted = version or newest.version
    # Each version of native documents is one of texts, too.
    family = next((family for family in (ANALYZE_TEXT, ANALYZE_CONVERSATIONS) if family.like(wanted)), None)
    if family is None:
        raise InvalidInputError(
            f"The connection's api_version is {version!r} instead of {LEGACY_VERSION} or one such as "
            f"{newest.version}."
        )
    asked = Place(family, wanted)
    return [asked, *(place for place in (newest, *_LEGACY) if place != asked)]


def _found(place: Place, settings: Settings) -> Flow[Place]:
    request = Request(
        "POST", place.surface.submit_path, place.surface.version_query(place.version), _empty(place.surface)
    )
    try:
        reply = yield from exchange(request, settings)
    except RequestRefusedError as refusal:
        if _is_about_documents(refusal):
            return place
        raise
    raise unreadable(reply)


def _empty(surface: Surface) -> WireObject:
    """A job without a text, which is well formed otherwise where that form is known to be refused."""
    texts = [{"id": "0", "text": "", "language": "en"}]
    kind = {"kind": "KeyPhraseExtraction", "taskName": "0", "parameters": {}}
    if surface is ANALYZE_TEXT:
        return {"analysisInput": {"documents": texts}, "tasks": [kind]}
    if surface is LEGACY_ANALYZE:
        return {"analysisInput": {"documents": texts}, "tasks": {"keyPhraseExtractionTasks": [{}]}}
    if surface is LEGACY_HEALTH:
        return {"documents": texts}
    return {"analysisInput": {surface.inputs: []}, "tasks": []}


def _is_about_documents(refusal: RequestRefusedError) -> bool:
    """Whether the service would take a job with texts; it refuses others by 400, too."""
    if refusal.code is None or causes.cause_of(refusal.code, refusal.message):
        return False
    return refusal.code in _ABOUT_DOCUMENTS or bool(
        re.search(r"(?i)\b(documents?|conversations?|tasks?)\b", refusal.message)
    )
