"""The probe costs nothing, asks what the connection's jobs ask, and takes nothing wrong for right."""

from __future__ import annotations

import pytest

from airflow_provider_language.exceptions import (
    AccessDeniedError,
    AuthenticationError,
    InvalidInputError,
    LanguageError,
    RequestRefusedError,
    ResourceNotFoundError,
    ServiceUnavailableError,
)
from airflow_provider_language.protocol.probe import Place, probe
from airflow_provider_language.protocol.surfaces import (
    ANALYZE_CONVERSATIONS,
    ANALYZE_TEXT,
    LEGACY_ANALYZE,
    LEGACY_HEALTH,
    SURFACES,
)
from airflow_provider_language.protocol.versions import DEFAULT_VERSION
from airflow_provider_language.protocol.wire import NoReply, Request, Response
from tests.protocol.answers import accepted, answer, lost, refusal
from tests.protocol.playing import STEADY, Player

# The answer to an empty document (recording empty_document_bad_request).
EMPTY = answer(
    400,
    {
        "error": {
            "code": "InvalidRequest",
            "message": "Invalid Document in request.",
            "innererror": {"code": "InvalidDocumentBatch", "message": "Document text is empty."},
        }
    },
)
NOT_FOUND = refusal(404, "Resource not found", "404")
TEXTS, ANALYZE, HEALTH = (
    "/language/analyze-text/jobs",
    "/text/analytics/v3.1/analyze",
    "/text/analytics/v3.1/entities/health/jobs",
)


def texts(request: Request) -> list[str]:
    body = request.body or {}
    documents = body.get("analysisInput", body).get("documents", [])
    return [document["text"] for document in documents]


@pytest.mark.parametrize(
    ("version", "place", "path", "query"),
    [
        (None, Place(ANALYZE_TEXT, DEFAULT_VERSION), TEXTS, (("api-version", DEFAULT_VERSION),)),
        ("2022-05-01", Place(ANALYZE_TEXT, "2022-05-01"), TEXTS, (("api-version", "2022-05-01"),)),
        ("v3.1", Place(LEGACY_ANALYZE, "v3.1"), ANALYZE, ()),
        (
            "2024-05-01",
            Place(ANALYZE_CONVERSATIONS, "2024-05-01"),
            "/language/analyze-conversations/jobs",
            (("api-version", "2024-05-01"),),
        ),
    ],
)
def test_the_refusal_of_a_job_without_a_text_shows_that_the_version_is_there(
    version: str | None, place: Place, path: str, query: tuple[tuple[str, str], ...]
) -> None:
    player = Player(EMPTY)

    assert player.play(probe(STEADY, version)) == place

    (request,) = player.requests
    assert (request.method, request.path, request.query) == ("POST", path, query)
    assert not any(texts(request))


@pytest.mark.parametrize(
    "refused",
    [
        refusal(400, "Request contains no input documents.", "MissingInputDocuments"),
        refusal(400, "No.", "InvalidRequestBodyFormat"),
        refusal(400, "At least one conversation is needed.", "InvalidArgument"),
    ],
)
def test_a_refusal_for_what_is_in_the_job_is_as_good(refused: Response) -> None:
    assert Player(refused).play(probe(STEADY)).surface is ANALYZE_TEXT


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (refusal(401, code="401"), AuthenticationError),
        (refusal(403, code="403"), AccessDeniedError),
        (refusal(400, "Please provide an authentication key."), RequestRefusedError),
        (refusal(400, "Api version is not supported for documents."), RequestRefusedError),
        (refusal(400, "Task is not supported in the current region."), RequestRefusedError),
        (refusal(400, "Feature is not supported", "UnsupportedFeature"), RequestRefusedError),
        (refusal(400, "Something that nobody has seen."), RequestRefusedError),
        (answer(400, b"<html>Bad request"), RequestRefusedError),
        (answer(302, location="https://evil.example/login"), RequestRefusedError),
        (accepted(), ServiceUnavailableError),
        (answer(200, b"<html>Log in"), ServiceUnavailableError),
        (lost(sent=False, lasting=True), ServiceUnavailableError),
    ],
)
def test_any_other_answer_says_what_is_wrong(reply: Response | NoReply, error: type[LanguageError]) -> None:
    player = Player(reply)

    with pytest.raises(error):
        player.play(probe(STEADY))

    assert player.sleeps == []


def test_an_endpoint_without_the_version_is_asked_for_others() -> None:
    player = Player(NOT_FOUND, NOT_FOUND, EMPTY)

    assert player.play(probe(STEADY)) == Place(LEGACY_HEALTH, "v3.1")

    assert [request.path for request in player.requests] == [TEXTS, ANALYZE, HEALTH]


@pytest.mark.parametrize(("version", "asked"), [("v3.1", 3), (None, 3), ("2022-05-01", 4)])
def test_an_endpoint_that_has_nothing_is_not_found(version: str | None, asked: int) -> None:
    player = Player(then=NOT_FOUND)

    with pytest.raises(ResourceNotFoundError):
        player.play(probe(STEADY, version))

    assert len(player.requests) == asked


def test_each_version_of_any_family_can_be_asked_for() -> None:
    for version in {version for surface in SURFACES for version in surface.kinds}:
        assert Player(EMPTY).play(probe(STEADY, version)).version == version


@pytest.mark.parametrize("version", ["2026-5-1", "3.1", "latest", "2022-05-02"])
def test_a_version_that_there_is_none_of_is_refused_before_anything_is_asked(version: str) -> None:
    player = Player()

    with pytest.raises(InvalidInputError, match=version):
        player.play(probe(STEADY, version))

    assert player.requests == []
