"""Microsoft's own client against the emulator's engines: the operations that are answered at once.

Also the operations that hide a job of one action behind a name of their own.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from azure.ai.textanalytics import TextAnalyticsClient
from azure.ai.textanalytics.aio import TextAnalyticsClient as AsyncTextAnalyticsClient
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import HttpResponseError

from airflow_provider_language.emulator import Emulator
from tests.emulator.fakes import documents

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    Call = Callable[..., Awaitable[list[Any]]]
    """Calls an operation of the client by its name, and returns its results as a list."""

LANGUAGE_VERSIONS = ("2022-05-01", "2023-04-01")
MOST = {
    "analyze_sentiment": 10,
    "extract_key_phrases": 10,
    "recognize_entities": 5,
    "recognize_pii_entities": 5,
    "recognize_linked_entities": 5,
    "detect_language": 1000,
}
LETTER = (
    "The rooms of the Grand Hotel in Paris were beautiful but the breakfast was awful. "
    "Our guide John Miller was very friendly. Please write to maria@example.com."
)


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(duration=0) as running:
        yield running


def blocking(endpoint: str, version: str) -> tuple[Call, Any]:
    client = TextAnalyticsClient(endpoint, AzureKeyCredential("any"), api_version=version)

    def wait(name: str, texts: Any, options: dict[str, Any]) -> list[Any]:
        found = getattr(client, name)(texts, **options)
        return list(found.result(60) if name.startswith("begin_") else found)

    async def call(name: str, texts: Any, **options: Any) -> list[Any]:
        return await asyncio.to_thread(wait, name, texts, options)

    return call, asyncio.to_thread(client.close)


def on_event_loop(endpoint: str, version: str) -> tuple[Call, Any]:
    client = AsyncTextAnalyticsClient(endpoint, AzureKeyCredential("any"), api_version=version)

    async def call(name: str, texts: Any, **options: Any) -> list[Any]:
        found = await getattr(client, name)(texts, **options)
        if name.startswith("begin_"):
            return [document async for document in await found.result()]
        return list(found)

    return call, client.close()


@pytest.fixture(params=[blocking, on_event_loop])
def flavour(request: pytest.FixtureRequest) -> Callable[[str, str], tuple[Call, Any]]:
    chosen: Callable[[str, str], tuple[Call, Any]] = request.param
    return chosen


@pytest.fixture(params=("v3.1", *LANGUAGE_VERSIONS))
async def call(
    request: pytest.FixtureRequest, flavour: Callable[[str, str], tuple[Call, Any]], emulator: Emulator
) -> AsyncIterator[Call]:
    """Call operations in every version."""
    calling, closing = flavour(emulator.endpoint, request.param)
    yield calling
    await closing


@pytest.fixture(params=LANGUAGE_VERSIONS)
async def language_call(
    request: pytest.FixtureRequest, flavour: Callable[[str, str], tuple[Call, Any]], emulator: Emulator
) -> AsyncIterator[Call]:
    """Call operations in the versions of the Language API."""
    calling, closing = flavour(emulator.endpoint, request.param)
    yield calling
    await closing


async def test_sentiments_come_with_opinions(call: Call) -> None:
    [result] = await call("analyze_sentiment", [LETTER], show_opinion_mining=True, show_stats=True)
    assert (result.kind, result.sentiment) == ("SentimentAnalysis", "mixed")
    assert result.statistics.character_count == len(LETTER)
    opinions = [opinion for sentence in result.sentences for opinion in sentence.mined_opinions]
    for opinion in opinions:
        assert LETTER[opinion.target.offset :].startswith(opinion.target.text)
        for assessment in opinion.assessments:
            assert LETTER[assessment.offset :].startswith(assessment.text)
    assert ("breakfast", "negative") in [(each.target.text, each.target.sentiment) for each in opinions]


async def test_sentiments_have_no_opinions_unless_asked_for(call: Call) -> None:
    [result] = await call("analyze_sentiment", [LETTER])
    assert not any(sentence.mined_opinions for sentence in result.sentences)


async def test_entities_are_where_they_say(call: Call) -> None:
    [result] = await call("recognize_entities", ["\U0001f600 " + LETTER])
    text = "\U0001f600 " + LETTER
    assert result.kind == "EntityRecognition"
    for entity in result.entities:
        assert text[entity.offset : entity.offset + entity.length] == entity.text
    assert ("Paris", "Location") in [(entity.text, entity.category) for entity in result.entities]


async def test_pii_is_redacted(call: Call) -> None:
    [result] = await call("recognize_pii_entities", [LETTER])
    assert result.kind == "PiiEntityRecognition"
    assert "maria@example.com" not in result.redacted_text
    assert len(result.redacted_text) == len(LETTER)


async def test_pii_is_limited_to_categories_and_domain(call: Call) -> None:
    [result] = await call(
        "recognize_pii_entities", [LETTER], categories_filter=["Email"], domain_filter="phi"
    )
    assert [(entity.text, entity.category) for entity in result.entities] == [("maria@example.com", "Email")]


async def test_entities_are_linked(call: Call) -> None:
    [result] = await call("recognize_linked_entities", ["Bill Gates founded Microsoft in Seattle."])
    assert result.kind == "EntityLinking"
    assert "Microsoft" in [match.text for entity in result.entities for match in entity.matches]
    assert all(entity.data_source for entity in result.entities)


async def test_key_phrases_are_extracted(call: Call) -> None:
    [result] = await call("extract_key_phrases", [LETTER])
    assert result.kind == "KeyPhraseExtraction"
    assert "Grand Hotel" in result.key_phrases


async def test_languages_are_detected_with_a_hint_or_without(call: Call) -> None:
    texts = ["Das Wetter war sch\u00f6n und wir gingen am Fluss entlang.", LETTER]
    found = await call("detect_language", texts, country_hint="none")
    assert [result.kind for result in found] == ["LanguageDetection"] * 2
    assert [result.primary_language.iso6391_name for result in found] == ["de", "en"]


@pytest.mark.parametrize("name", sorted(MOST))
async def test_each_operation_has_its_limits(call: Call, name: str) -> None:
    with pytest.raises(HttpResponseError) as refused:
        await call(name, [f"text {index}" for index in range(MOST[name] + 1)])
    assert refused.value.status_code == 400
    assert refused.value.error is not None
    assert refused.value.error.code == "InvalidDocumentBatch"


@pytest.mark.parametrize("name", sorted(MOST))
async def test_each_operation_reports_documents_in_error(call: Call, name: str) -> None:
    found = await call(name, ["Good day to you all.", "", "x" * 5121])
    assert [result.is_error for result in found] == [False, True, True]
    assert [result.error.code for result in found[1:]] == ["InvalidDocument"] * 2


@pytest.mark.parametrize("name", sorted(set(MOST) - {"detect_language"}))
async def test_each_operation_reports_an_unknown_language(call: Call, name: str) -> None:
    [result] = await call(name, [{"id": "0", "text": "hello", "language": "english"}])
    assert (result.is_error, result.error.code) == (True, "UnsupportedLanguageCode")


@pytest.mark.parametrize("name", sorted(MOST))
async def test_each_operation_refuses_two_documents_of_one_id(call: Call, name: str) -> None:
    texts = [{"id": "0", "text": "hello"}] * 2
    with pytest.raises(HttpResponseError) as refused:
        await call(name, texts)
    assert refused.value.error is not None
    assert refused.value.error.code == "InvalidDocument"


async def test_a_bad_model_has_the_code_of_its_api(call: Call, emulator: Emulator) -> None:
    with pytest.raises(HttpResponseError) as refused:
        await call("analyze_sentiment", [LETTER], model_version="bad")
    path = list(emulator.journal)[-1].path
    expected = "ModelVersionIncorrect" if "/v3.1/" in path else "InvalidParameterValue"
    assert refused.value.error is not None
    assert refused.value.error.code == expected


async def test_healthcare_operations_find_entities_and_relations(language_call: Call) -> None:
    text = "The patient took 100 mg of ibuprofen twice daily for the pain."
    [result] = await language_call("begin_analyze_healthcare_entities", [text], polling_interval=0.01)
    assert "ibuprofen" in [entity.text for entity in result.entities]
    for relation in result.entity_relations:
        for role in relation.roles:
            assert role.entity in result.entities


@pytest.mark.parametrize(
    ("name", "count", "field"),
    [
        ("begin_extract_summary", "max_sentence_count", "sentences"),
        ("begin_abstract_summary", "sentence_count", "summaries"),
    ],
)
async def test_summaries_are_made(
    flavour: Callable[[str, str], tuple[Call, Any]], emulator: Emulator, name: str, count: str, field: str
) -> None:
    calling, closing = flavour(emulator.endpoint, "2023-04-01")
    options: dict[str, Any] = {count: 1, "polling_interval": 0.01}
    found = await calling(name, documents(3, LETTER), **options)
    await closing
    assert [result.is_error for result in found] == [False] * 3
    assert [len(getattr(result, field)) for result in found] == [1] * 3
