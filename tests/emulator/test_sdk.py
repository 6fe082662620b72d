"""Microsoft's own client against the emulator: what the client accepts, and what it makes of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from azure.ai.textanalytics import (
    AbstractiveSummaryAction,
    AnalyzeHealthcareEntitiesAction,
    AnalyzeSentimentAction,
    ExtractiveSummaryAction,
    ExtractKeyPhrasesAction,
    MultiLabelClassifyAction,
    RecognizeCustomEntitiesAction,
    RecognizeEntitiesAction,
    RecognizeLinkedEntitiesAction,
    RecognizePiiEntitiesAction,
    SingleLabelClassifyAction,
    TextAnalyticsClient,
)
from azure.ai.textanalytics.aio import TextAnalyticsClient as AsyncTextAnalyticsClient
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ResourceNotFoundError

from airflow_provider_language.emulator import Emulator
from airflow_provider_language.emulator.engines import ENGINES
from airflow_provider_language.emulator.protocol.identity import MODEL_VERSION
from tests.emulator.fakes import ManualClock, broken_engine, documents, fake_detect, fake_engines

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

LANGUAGE_VERSIONS = ("2022-05-01", "2023-04-01")
VERSIONS = ("v3.1", *LANGUAGE_VERSIONS)
POLLING: dict[str, Any] = {"polling_interval": 0.01}
PROJECT: dict[str, Any] = {"project_name": "p", "deployment_name": "d"}
ACTIONS: dict[str, Any] = {
    "SentimentAnalysis": AnalyzeSentimentAction(show_opinion_mining=True),
    "EntityRecognition": RecognizeEntitiesAction(),
    "PiiEntityRecognition": RecognizePiiEntitiesAction(),
    "KeyPhraseExtraction": ExtractKeyPhrasesAction(),
    "EntityLinking": RecognizeLinkedEntitiesAction(),
    "Healthcare": AnalyzeHealthcareEntitiesAction(),
    "ExtractiveSummarization": ExtractiveSummaryAction(),
    "AbstractiveSummarization": AbstractiveSummaryAction(),
    "CustomEntityRecognition": RecognizeCustomEntitiesAction("support-entities", "production"),
    "CustomSingleLabelClassification": SingleLabelClassifyAction("support-topic", "production"),
    "CustomMultiLabelClassification": MultiLabelClassifyAction("support-concerns", "production"),
}
TWO_ACTIONS = [ExtractKeyPhrasesAction(), RecognizeEntitiesAction()]
LETTER = (
    "Dear Ms Smith, the rooms of the Grand Hotel in Paris were beautiful but the breakfast was awful. "
    "Our guide John Miller was very friendly, and we would visit the museum again. "
    "Please write to maria@example.com or call +1 425 555 0123 before 3 May 2026. "
    "We paid 300 dollars for two nights. The staff of the hotel answered every question."
)


class Sdk(Protocol):
    """What the tests do with a client, be it the blocking or the asynchronous one."""

    async def begin(self, texts: Any, actions: Any, **options: Any) -> Any: ...

    async def pages(self, poller: Any) -> list[list[Any]]: ...

    async def cancel(self, poller: Any) -> None: ...

    async def detect(self, texts: Any, **options: Any) -> list[Any]: ...

    async def close(self) -> None: ...


class BlockingSdk:
    def __init__(self, endpoint: str, api_version: str, key: str = "any") -> None:
        self.client = TextAnalyticsClient(endpoint, AzureKeyCredential(key), api_version=api_version)

    async def begin(self, texts: Any, actions: Any, **options: Any) -> Any:
        arguments = {**POLLING, **options}
        return await asyncio.to_thread(self.client.begin_analyze_actions, texts, actions, **arguments)

    async def pages(self, poller: Any) -> list[list[Any]]:
        return await asyncio.to_thread(lambda: [list(page) for page in poller.result(30).by_page()])

    async def cancel(self, poller: Any) -> None:
        await asyncio.to_thread(poller.cancel)

    async def detect(self, texts: Any, **options: Any) -> list[Any]:
        return await asyncio.to_thread(self.client.detect_language, texts, **options)

    async def close(self) -> None:
        self.client.close()


class EventLoopSdk:
    def __init__(self, endpoint: str, api_version: str, key: str = "any") -> None:
        self.client = AsyncTextAnalyticsClient(endpoint, AzureKeyCredential(key), api_version=api_version)

    async def begin(self, texts: Any, actions: Any, **options: Any) -> Any:
        arguments: dict[str, Any] = {**POLLING, **options}
        return await self.client.begin_analyze_actions(texts, actions, **arguments)

    async def pages(self, poller: Any) -> list[list[Any]]:
        results = await poller.result()
        return [[document async for document in page] async for page in results.by_page()]

    async def cancel(self, poller: Any) -> None:
        await poller.cancel()

    async def detect(self, texts: Any, **options: Any) -> list[Any]:
        return await self.client.detect_language(texts, **options)

    async def close(self) -> None:
        await self.client.close()


@pytest.fixture(params=[BlockingSdk, EventLoopSdk])
def flavour(request: pytest.FixtureRequest) -> type[BlockingSdk | EventLoopSdk]:
    chosen: type[BlockingSdk | EventLoopSdk] = request.param
    return chosen


@pytest.fixture(scope="module")
def instant() -> Iterator[Emulator]:
    """An emulator with fake engines whose jobs are finished at once."""
    with Emulator(duration=0, engines=fake_engines(), detect_language=fake_detect) as emulator:
        yield emulator


@pytest.fixture(scope="module")
def real() -> Iterator[Emulator]:
    """An emulator with its own engines whose jobs are finished at once."""
    with Emulator(duration=0) as emulator:
        yield emulator


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def sdk(
    flavour: type[BlockingSdk | EventLoopSdk], version: str, instant: Emulator
) -> AsyncIterator[Sdk]:
    client = flavour(instant.endpoint, version)
    yield client
    await client.close()


async def results(sdk: Sdk, texts: Any, actions: Any, **options: Any) -> list[Any]:
    """Return the results of all pages: for each document a list with one result for each action."""
    pages = await sdk.pages(await sdk.begin(texts, actions, **options))
    return [document for page in pages for document in page]


def refusal(error: HttpResponseError) -> tuple[int | None, str | None]:
    """Return the status and the code that the client tells, which is the innermost one."""
    return error.status_code, error.error.code if error.error else None


@pytest.mark.parametrize("kind", sorted(ACTIONS))
async def test_every_kind_that_is_served_comes_back_as_a_result(
    flavour: type[BlockingSdk | EventLoopSdk], real: Emulator, kind: str
) -> None:
    client = flavour(real.endpoint, "2023-04-01")
    try:
        [[result]] = await results(client, [LETTER], [ACTIONS[kind]])
    finally:
        await client.close()
    assert not result.is_error, result
    assert result.id == "0"


def test_every_kind_with_an_engine_has_an_action() -> None:
    assert set(ENGINES) <= set(ACTIONS)


async def test_an_unknown_project_is_refused_at_once(
    flavour: type[BlockingSdk | EventLoopSdk], real: Emulator
) -> None:
    client = flavour(real.endpoint, "2023-04-01")
    try:
        with pytest.raises(ResourceNotFoundError) as caught:
            await client.begin([LETTER], [RecognizeCustomEntitiesAction("nowhere", "production")])
    finally:
        await client.close()
    assert refusal(caught.value) == (404, "ProjectNotFound")


async def test_results_are_ordered_by_document_and_action(sdk: Sdk) -> None:
    found = await results(sdk, ["first", "second"], TWO_ACTIONS)
    assert [[result.kind for result in document] for document in found] == [
        ["KeyPhraseExtraction", "EntityRecognition"]
    ] * 2
    assert [document[1].entities[0].text for document in found] == ["first", "second"]
    assert found[0][0].key_phrases == ["phrase"]
    assert found[0][0].statistics is None


async def test_twenty_five_documents_come_in_two_pages(sdk: Sdk) -> None:
    pages = await sdk.pages(await sdk.begin(documents(25), TWO_ACTIONS, show_stats=True))
    assert [len(page) for page in pages] == [20, 5]
    flat = [document for page in pages for document in page]
    assert [result.id for result, _ in flat] == [str(index) for index in range(25)]
    assert all(result.statistics.character_count == 11 for document in flat for result in document)


async def test_offsets_are_code_points_of_the_text(sdk: Sdk) -> None:
    text = "\U0001f469\u200d\U0001f469\u200d\U0001f467 e\u0301"
    [[result]] = await results(sdk, [text], [RecognizeEntitiesAction()])
    [entity] = result.entities
    assert text[entity.offset : entity.offset + entity.length] == text


async def test_the_poller_tells_the_job(sdk: Sdk) -> None:
    poller = await sdk.begin(["a"], TWO_ACTIONS, display_name="mine")
    await sdk.pages(poller)
    details = poller.details
    assert details["display_name"] == "mine"
    assert (details["actions_succeeded_count"], details["total_actions_count"]) == (2, 2)
    assert (details["expires_on"] - details["created_on"]).total_seconds() == 24 * 60 * 60
    assert poller.status() == "succeeded"


async def test_too_many_documents_are_refused(sdk: Sdk) -> None:
    with pytest.raises(HttpResponseError) as refused:
        await sdk.begin(documents(26), TWO_ACTIONS)
    assert refusal(refused.value) == (400, "InvalidDocumentBatch")
    assert "Max 25 records are permitted" in refused.value.message


async def test_too_many_characters_are_refused(sdk: Sdk) -> None:
    with pytest.raises(HttpResponseError) as refused:
        await sdk.begin(["x" * 125_001], TWO_ACTIONS)
    assert refusal(refused.value) == (413, "InvalidDocumentBatch")
    assert "Limit request size to: 125000" in refused.value.message


async def test_duplicate_ids_are_refused(sdk: Sdk) -> None:
    with pytest.raises(HttpResponseError) as refused:
        await sdk.begin([*documents(1), *documents(1)], TWO_ACTIONS)
    assert refusal(refused.value) == (400, "InvalidDocument")


async def test_documents_without_any_text_are_refused(sdk: Sdk) -> None:
    with pytest.raises(HttpResponseError) as refused:
        await sdk.begin(documents(3, ""), TWO_ACTIONS)
    assert refusal(refused.value) == (400, "InvalidDocumentBatch")


async def test_a_document_without_text_is_an_error_in_its_place(sdk: Sdk) -> None:
    found = await results(sdk, ["a", "", "b"], TWO_ACTIONS)
    assert [[result.is_error for result in document] for document in found] == [
        [False, False],
        [True, True],
        [False, False],
    ]
    assert (found[1][0].id, found[1][0].error.code) == ("1", "InvalidDocument")


async def test_a_bad_model_version_is_refused(sdk: Sdk) -> None:
    with pytest.raises(HttpResponseError) as refused:
        await sdk.begin(["a"], [RecognizeEntitiesAction(model_version="bad")])
    assert refusal(refused.value) == (400, "InvalidParameterValue")


async def test_an_unsupported_language_is_an_error_of_the_document(sdk: Sdk) -> None:
    [[result]] = await results(sdk, ["a"], [ExtractKeyPhrasesAction()], language="notalanguage")
    assert result.is_error
    assert result.error.code == "UnsupportedLanguageCode"


async def test_a_job_is_taken_up_again_by_its_token(
    flavour: type[BlockingSdk | EventLoopSdk], version: str
) -> None:
    clock = ManualClock()
    with Emulator(duration=60, clock=clock, engines=fake_engines()) as emulator:
        first, second = flavour(emulator.endpoint, version), flavour(emulator.endpoint, version)
        poller = await first.begin(documents(25), TWO_ACTIONS)
        token = poller.continuation_token()
        clock.advance(minutes=1)
        found = await results(second, None, None, continuation_token=token)
        await first.pages(poller)
        await first.close()
        await second.close()
        assert emulator.journal.count("POST") == 1
    assert [document[0].id for document in found] == [str(index) for index in range(25)]


@pytest.mark.parametrize("api_version", LANGUAGE_VERSIONS)
async def test_a_running_job_is_cancelled(
    flavour: type[BlockingSdk | EventLoopSdk], api_version: str
) -> None:
    with Emulator(duration=60, clock=ManualClock(), engines=fake_engines()) as emulator:
        client = flavour(emulator.endpoint, api_version)
        poller = await client.begin(documents(2), TWO_ACTIONS)
        await client.cancel(poller)
        found = [document for page in await client.pages(poller) for document in page]
        assert poller.status() == "cancelled"
        await client.close()
    assert all(result.is_error for document in found for result in document)
    assert "cancelled" in found[0][0].error.message


@pytest.mark.parametrize("api_version", LANGUAGE_VERSIONS)
async def test_a_finished_job_is_not_cancelled(
    flavour: type[BlockingSdk | EventLoopSdk], instant: Emulator, api_version: str
) -> None:
    client = flavour(instant.endpoint, api_version)
    poller = await client.begin(["a"], TWO_ACTIONS)
    await client.pages(poller)
    with pytest.raises(HttpResponseError, match="as its already completed") as refused:
        await client.cancel(poller)
    assert refused.value.status_code == 400
    await client.close()


async def test_a_failed_action_is_an_error_for_each_of_its_documents(
    flavour: type[BlockingSdk | EventLoopSdk], version: str
) -> None:
    with Emulator(duration=0, engines={**fake_engines(), "EntityRecognition": broken_engine}) as emulator:
        client = flavour(emulator.endpoint, version)
        found = await results(client, ["a", "b"], TWO_ACTIONS)
        await client.close()
    assert [[result.is_error for result in document] for document in found] == [[False, True]] * 2
    assert found[0][1].error.code == "InternalServerError"


async def test_an_expired_job_is_not_found(flavour: type[BlockingSdk | EventLoopSdk], version: str) -> None:
    clock = ManualClock()
    with Emulator(duration=60, clock=clock, engines=fake_engines()) as emulator:
        client = flavour(emulator.endpoint, version)
        token = (await client.begin(["a"], TWO_ACTIONS)).continuation_token()
        clock.advance(hours=24)
        with pytest.raises(HttpResponseError) as refused:
            await results(client, None, None, continuation_token=token)
        assert refusal(refused.value) == (404, "NotFound")
        await client.close()


async def test_a_wrong_key_is_an_authentication_error(
    flavour: type[BlockingSdk | EventLoopSdk], version: str
) -> None:
    with Emulator(key="right", engines=fake_engines()) as emulator:
        client = flavour(emulator.endpoint, version, key="wrong")
        with pytest.raises(ClientAuthenticationError, match="Access denied due to invalid subscription key"):
            await client.begin(["a"], TWO_ACTIONS)
        await client.close()


@pytest.mark.parametrize("version", LANGUAGE_VERSIONS)
async def test_the_versions_that_the_released_client_speaks_detect_no_language(
    flavour: type[BlockingSdk | EventLoopSdk], instant: Emulator, version: str
) -> None:
    client = flavour(instant.endpoint, version)
    found = await results(client, ["\u00bfhola?", "hello"], [ExtractKeyPhrasesAction()], language="auto")
    await client.close()
    assert [result.error.code for [result] in found] == ["UnsupportedLanguageCode"] * 2


async def test_languages_are_detected_synchronously(sdk: Sdk) -> None:
    found = await sdk.detect(["\u00bfhola?", "hello", "123", ""], show_stats=True)
    assert [result.is_error for result in found] == [False, False, False, True]
    names = [result.primary_language.iso6391_name for result in found[:3]]
    assert names == ["es", "en", "(Unknown)"]
    assert found[0].statistics.character_count == 6
    assert found[3].error.code == "InvalidDocument"


async def test_the_models_name_is_the_emulators(sdk: Sdk) -> None:
    seen: list[Any] = []
    await sdk.detect(["hello"], raw_response_hook=lambda response: seen.append(response.model_version))
    assert seen == [MODEL_VERSION]


@pytest.mark.parametrize("api_version", LANGUAGE_VERSIONS)
def test_healthcare_and_custom_methods_of_the_client_work_too(instant: Emulator, api_version: str) -> None:
    with TextAnalyticsClient(instant.endpoint, AzureKeyCredential("any"), api_version=api_version) as client:
        health = list(client.begin_analyze_healthcare_entities(["a"], **POLLING).result(30))
        labels = list(client.begin_single_label_classify(["a"], **PROJECT, **POLLING).result(30))
    assert (health[0].is_error, health[0].entities) == (False, [])
    assert (labels[0].is_error, labels[0].classifications[0].category) == (False, "a")
