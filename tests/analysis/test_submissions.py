"""A submission: what is refused before it is sent, and the request that each family reads."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_provider_language.analysis.documents import Document
from airflow_provider_language.analysis.submissions import Submission
from airflow_provider_language.analysis.surfaces import ANALYZE_TEXT, LEGACY_ANALYZE, LEGACY_HEALTH, Surface
from airflow_provider_language.analysis.tasks import TaskLike, tasks_from
from airflow_provider_language.exceptions import InvalidInputError

ONE = (Document("1", "A text.", "en"),)
AUTO = (Document("1", "A text.", "auto"),)


def submission(*kinds: TaskLike, documents: tuple[Document, ...] = ONE, **options: Any) -> Submission:
    return Submission(documents, tasks_from(kinds or ("KeyPhraseExtraction",)), **options)


def texts(number: int, length: int) -> tuple[Document, ...]:
    return tuple(Document(str(index), "x" * length) for index in range(number))


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"documents": ()}, "no documents"),
        ({"documents": ONE + ONE}, "not unique"),
        ({"documents": (Document("1", ""),)}, "text is empty"),
        ({"documents": texts(26, 1)}, "at most 25 documents, and there are 26"),
        ({"documents": texts(25, 5001)}, "at most 125000 characters .* there are 125025"),
        ({"version": "2026"}, "no version of the API"),
        ({"version": "2022-05-01", "documents": AUTO}, 'does not know the language "auto"'),
        ({"version": "2022-05-01", "default_language": "en"}, "default_language"),
        ({"version": "2024-11-01", "default_language": "en"}, "default_language"),
        ({"version": "2024-11-01", "cancel_after": 0.5}, "cancel_after"),
        ({"version": "v3.1", "cancel_after": 60}, "cancel_after"),
        ({"version": "v3.1", "documents": AUTO}, "auto"),
    ],
)
def test_what_the_service_would_refuse_is_not_sent(options: dict[str, Any], why: str) -> None:
    with pytest.raises(InvalidInputError, match=why):
        submission(**options)


def test_a_job_without_tasks_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="no tasks"):
        Submission(ONE, ())


def test_a_kind_that_the_version_does_not_know_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="does not know AbstractiveSummarization"):
        submission("AbstractiveSummarization", version="2022-05-01")


@pytest.mark.parametrize(
    ("tasks", "options", "why"),
    [
        (("Healthcare",), {"display_name": "mine"}, "display_name"),
        (("Healthcare", "Healthcare"), {}, "several tasks"),
        (("Healthcare", "KeyPhraseExtraction"), {}, "does not know Healthcare"),
    ],
)
def test_a_v3_1_health_job_has_one_task_and_no_name(
    tasks: tuple[str, ...], options: dict[str, Any], why: str
) -> None:
    with pytest.raises(InvalidInputError, match=why):
        submission(*tasks, version="v3.1", **options)


@pytest.mark.parametrize("documents", [texts(25, 5000), texts(1, 125_000)])
def test_a_job_may_be_as_large_as_the_limits(documents: tuple[Document, ...]) -> None:
    assert submission(documents=documents).characters == 125_000


@pytest.mark.parametrize(
    ("kind", "version", "surface"),
    [
        ("Healthcare", "2026-05-01", ANALYZE_TEXT),
        ("Healthcare", "v3.1", LEGACY_HEALTH),
        ("EntityLinking", "v3.1", LEGACY_ANALYZE),
    ],
)
def test_version_and_kinds_decide_on_the_family(kind: str, version: str, surface: Surface) -> None:
    assert submission(kind, version=version).surface is surface


def test_a_submission_is_not_repeatable_and_keeps_texts_and_tasks_out_of_repr() -> None:
    one = submission(documents=(Document("1", "secret"),), default_language="en")
    request = one.to_request()
    assert not request.repeatable
    assert "secret" not in repr(one) + repr(request)


def test_a_text_job_has_only_what_was_asked_for() -> None:
    request = submission("KeyPhraseExtraction").to_request()
    assert (request.method, request.path) == ("POST", "/language/analyze-text/jobs")
    assert request.query == (("api-version", "2026-05-01"),)
    assert request.body == {
        "analysisInput": {"documents": [{"id": "1", "text": "A text.", "language": "en"}]},
        "tasks": [{"kind": "KeyPhraseExtraction", "taskName": "KeyPhraseExtraction", "parameters": {}}],
    }


def test_a_text_job_has_its_options() -> None:
    body = (
        submission(documents=AUTO, display_name="mine", default_language="es", cancel_after=0.0)
        .to_request()
        .body
    )
    assert body is not None
    assert (body["displayName"], body["defaultLanguage"], body["cancelAfter"]) == ("mine", "es", 0.0)


def test_a_v3_1_job_has_an_array_for_each_kind_and_spells_two_things_otherwise() -> None:
    request = submission(
        {
            "kind": "SentimentAnalysis",
            "taskName": "a",
            "parameters": {"modelVersion": "latest", "stringIndexType": "TextElements_v8"},
        },
        {"kind": "EntityLinking", "taskName": "b"},
        {"kind": "SentimentAnalysis", "taskName": "c"},
        version="v3.1",
        display_name="mine",
    ).to_request()
    assert (request.path, request.query) == ("/text/analytics/v3.1/analyze", ())
    assert request.body == {
        "displayName": "mine",
        "analysisInput": {"documents": [{"id": "1", "text": "A text.", "language": "en"}]},
        "tasks": {
            "entityLinkingTasks": [{"taskName": "b", "parameters": {"stringIndexType": "UnicodeCodePoint"}}],
            "sentimentAnalysisTasks": [
                {
                    "taskName": "a",
                    "parameters": {"model-version": "latest", "stringIndexType": "TextElement_v8"},
                },
                {"taskName": "c", "parameters": {"stringIndexType": "UnicodeCodePoint"}},
            ],
        },
    }


def test_a_v3_1_health_job_has_its_options_in_the_query() -> None:
    parameters = {"modelVersion": "2021-01-11", "loggingOptOut": True}
    request = submission({"kind": "Healthcare", "parameters": parameters}, version="v3.1").to_request()
    assert request.path == "/text/analytics/v3.1/entities/health/jobs"
    assert dict(request.query) == {
        "model-version": "2021-01-11",
        "loggingOptOut": "true",
        "stringIndexType": "UnicodeCodePoint",
    }
    assert request.body == {"documents": [{"id": "1", "text": "A text.", "language": "en"}]}
