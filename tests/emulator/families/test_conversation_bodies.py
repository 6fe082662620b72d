"""Whatever a client sends, it is a job or a refusal of the service."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_language.emulator.families.conversation_jobs import analyze, read_submission
from airflow_provider_language.emulator.families.conversation_versions import CONVERSATION_VERSIONS
from airflow_provider_language.emulator.protocol.errors import ServiceError
from tests.emulator.conversations import CHAT, pii, summaries, transcript

if TYPE_CHECKING:
    from airflow_provider_language.emulator.protocol.job_requests import Submission

WHOLE: dict[str, Any] = {
    "displayName": "d",
    "cancelAfter": 5.5,
    "analysisInput": {
        "conversations": [
            transcript(
                text="Hi John Doe.",
                lexical="hi john doe",
                itn="",
                maskedItn="",
                role="agent",
                language="en",
                wordLevelTimings=[{"word": "hi", "offset": 1, "duration": 2}],
            )
        ]
    },
    "tasks": [
        pii(piiCategories=["Person"], redactionSource="text", redactionPolicy={"policyKind": "entityMask"}),
        summaries("issue", "recap", sentenceCount=2, stringIndexType="Utf16CodeUnit"),
    ],
}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the paths to everything inside a value."""
    if isinstance(value, dict):
        steps = list(value.items())
    elif isinstance(value, list):
        steps = list(enumerate(value))
    else:
        return []
    return [each for step, inner in steps for each in [(*path, step), *places(inner, (*path, step))]]


@settings(max_examples=300, deadline=None)
@given(
    path=st.sampled_from(places(WHOLE)),
    replacement=ANYTHING,
    version=st.sampled_from(sorted(CONVERSATION_VERSIONS)),
)
def test_a_body_with_anything_anywhere_is_a_job_or_a_refusal(
    path: tuple[Any, ...], replacement: Any, version: str
) -> None:
    body = copy.deepcopy(WHOLE)
    owner: Any = body
    for step in path[:-1]:
        owner = owner[step]
    owner[path[-1]] = replacement
    found = read(body, version)
    if isinstance(found, ServiceError):
        assert found.status in (400, 413)
        json.dumps(found.error)
        return
    outcomes = analyze(found, CONVERSATION_VERSIONS[version])
    assert [outcome.failure for outcome in outcomes] == [None] * len(found.tasks)


def read(body: dict[str, Any], version: str) -> Submission | ServiceError:
    try:
        return read_submission(body, CONVERSATION_VERSIONS[version])
    except ServiceError as refusal:
        return refusal


def test_the_whole_body_is_a_job() -> None:
    version = CONVERSATION_VERSIONS["2025-11-15-preview"]
    submission = read_submission(WHOLE, version)
    assert (submission.cancel_after, submission.inputs, len(submission.tasks)) == (5.5, 1, 2)
    assert all(each.fields for outcome in analyze(submission, version) for each in outcome.documents)


def test_names_are_read_in_any_case() -> None:
    chat = {**CHAT, "modality": "Text"}
    body = {"analysisInput": {"conversations": [chat]}, "tasks": [summaries("Issue")]}
    submission = read_submission(body, CONVERSATION_VERSIONS["2024-11-01"])
    assert not submission.conversations[0].is_transcript
    assert submission.tasks[0].parameters["summaryAspects"] == ["issue"]
