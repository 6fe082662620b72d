"""What a connection, or the deployment, says of logging is asked of the service by every operation."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.hooks.language import LanguageHook
from airflow_provider_language.protocol.inputs.conversations import conversations_from
from airflow_provider_language.tasks import KeyPhraseExtraction
from tests.scripted_service import Answer, ScriptedService, Seen

Serve = Callable[..., ScriptedService]
TURNS: list[dict[str, Any]] = [
    {"conversation_id": "c", "speaker": "agent", "text": "Hello.", "language": "en"}
]
BLOB = "https://account.blob.core.windows.net/container/"
DOCUMENTS = [{"id": "1", "source": BLOB + "a.txt", "target": BLOB + "out", "language": "en"}]
TEXTS: Any = [{"id": "1", "text": "Good.", "language": "en"}]
FAMILIES: dict[str, tuple[str, Callable[[], Any], str]] = {
    "texts": ("2026-05-01", lambda: TEXTS, "PiiEntityRecognition"),
    "texts of 2022": ("2022-05-01", lambda: TEXTS, "KeyPhraseExtraction"),
    "legacy": ("v3.1", lambda: TEXTS, "EntityLinking"),
    "legacy health": ("v3.1", lambda: TEXTS, "Healthcare"),
    "conversations": ("2024-05-01", lambda: conversations_from(TURNS), "ConversationalPIITask"),
    "documents": ("2026-05-01", lambda: DOCUMENTS, "PiiEntityRecognition"),
}


def asked(seen: Seen) -> list[Any]:
    """What a submission says of logging, task by task."""
    query = parse_qs(urlsplit(seen.target).query)
    if "loggingOptOut" in query:
        return query["loggingOptOut"]
    body = json.loads(seen.body)
    tasks = body.get("tasks", [body])
    if isinstance(tasks, dict):
        tasks = [one for each in tasks.values() for one in each]
    return [task["parameters"].get("loggingOptOut") for task in tasks]


@pytest.mark.parametrize("family", FAMILIES)
def test_a_task_of_each_family_asks_for_it(serve: Serve, family: str) -> None:
    version, inputs, kind = FAMILIES[family]
    service = serve(None, extra={"logging_opt_out": True, "api_version": version})
    submission = LanguageHook().submission(inputs(), [kind])

    request = submission.to_request()

    target = f"{request.path}?{urlencode(request.query)}"
    seen = Seen("POST", target, {}, request.content or b"")
    assert asked(seen) in ([True], ["true"])
    assert service.seen == []


@pytest.mark.parametrize("said", [None, False, "false"])
def test_where_nobody_says_so_it_is_left_to_the_service(serve: Serve, said: Any) -> None:
    serve(None, extra={"logging_opt_out": said})

    tasks = [KeyPhraseExtraction(), KeyPhraseExtraction(logging_opt_out=False)]
    submission = LanguageHook().submission(TEXTS, tasks)

    assert [task.parameters.get("loggingOptOut") for task in submission.tasks] == [None, False]


def test_the_deployment_can_say_so_for_all_connections(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW__AZURE_LANGUAGE__LOGGING_OPT_OUT", "True")
    serve(None, extra={"logging_opt_out": False})

    (task,) = LanguageHook().submission(TEXTS, ["KeyPhraseExtraction"]).tasks

    assert task.parameters["loggingOptOut"] is True


def test_a_task_that_says_no_is_refused_before_anything_is_sent(serve: Serve) -> None:
    service = serve(None, extra={"logging_opt_out": "true"})

    with pytest.raises(InvalidInputError, match="must not keep texts"):
        LanguageHook().submit(TEXTS, [KeyPhraseExtraction(logging_opt_out=False)])

    assert service.seen == []


@pytest.mark.parametrize(("said", "told"), [(True, True), (None, None)])
def test_the_detection_of_languages_asks_for_it_too(serve: Serve, said: Any, told: Any) -> None:
    detected = {"id": "1", "detectedLanguage": {"iso6391Name": "en"}, "warnings": []}
    results = {"documents": [detected], "errors": [], "modelVersion": "2026-05-01"}
    body = {"kind": "LanguageDetectionResults", "results": results}
    service = serve(lambda _: Answer(200, body), extra={"logging_opt_out": said})

    LanguageHook().detect_language([{"id": "1", "text": "Good."}])

    assert asked(service.seen[0]) == [told]
