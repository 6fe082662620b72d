"""Microsoft's client of 2026-05-15-preview against the emulator: every operation that it has."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from airflow_provider_language.emulator import Emulator
from tests.foreign.packages import CACHE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

# Loaded by name, since type checkers see the released package that the environment has instead.
ta: Any = import_module("azure.ai.textanalytics")
aio: Any = import_module("azure.ai.textanalytics.aio")
models: Any = import_module("azure.ai.textanalytics.models")
core: Any = import_module("azure.core.exceptions")
credentials: Any = import_module("azure.core.credentials")

LETTER = (
    "Dear Ms Smith, the rooms of the Grand Hotel in Paris were beautiful but the breakfast was awful. "
    "Our guide John Miller was very friendly, and we would visit the museum again. "
    "Please write to maria@example.com or call +1 425 555 0123 before 3 May 2026. "
    "We paid 300 dollars for two nights. The staff of the hotel answered every question."
)
ACTIONS: dict[str, Any] = {
    "SentimentAnalysis": models.SentimentAnalysisOperationAction(
        parameters=models.SentimentAnalysisActionContent(opinion_mining=True)
    ),
    "EntityRecognition": models.EntitiesLROTask(),
    "PiiEntityRecognition": models.PiiLROTask(),
    "KeyPhraseExtraction": models.KeyPhraseLROTask(),
    "EntityLinking": models.EntityLinkingLROTask(),
    "Healthcare": models.HealthcareLROTask(
        parameters=models.HealthcareTaskParameters(fhir_version="4.0.1", document_type="ProgressNote")
    ),
    "ExtractiveSummarization": models.ExtractiveSummarizationOperationAction(
        action_content=models.ExtractiveSummarizationActionContent(sentence_count=2, sort_by="Rank")
    ),
    "AbstractiveSummarization": models.AbstractiveSummarizationOperationAction(
        action_content=models.AbstractiveSummarizationActionContent(summary_length="short")
    ),
}


class Sdk(Protocol):
    """The client's operations, be it the blocking or the asynchronous one."""

    async def begin(self, texts: list[Any], actions: list[Any], **options: Any) -> Any: ...

    async def result(self, poller: Any) -> Any: ...

    async def status(self, job_id: str, **options: Any) -> Any: ...

    async def cancel(self, job_id: str) -> None: ...

    async def close(self) -> None: ...


class BlockingSdk:
    def __init__(self, endpoint: str) -> None:
        key = credentials.AzureKeyCredential("any")
        self.client = ta.TextAnalysisClient(endpoint, key, polling_interval=0.01)

    async def begin(self, texts: list[Any], actions: list[Any], **options: Any) -> Any:
        return await asyncio.to_thread(
            self.client.begin_analyze_text_job, text_input=inputs(texts), actions=actions, **options
        )

    async def result(self, poller: Any) -> Any:
        return await asyncio.to_thread(poller.result, 60)

    async def status(self, job_id: str, **options: Any) -> Any:
        return await asyncio.to_thread(self.client.get_job_status, job_id, **options)

    async def cancel(self, job_id: str) -> None:
        await asyncio.to_thread(lambda: self.client.begin_cancel_job(job_id).result(60))

    async def close(self) -> None:
        self.client.close()


class EventLoopSdk:
    def __init__(self, endpoint: str) -> None:
        key = credentials.AzureKeyCredential("any")
        self.client = aio.TextAnalysisClient(endpoint, key, polling_interval=0.01)

    async def begin(self, texts: list[Any], actions: list[Any], **options: Any) -> Any:
        return await self.client.begin_analyze_text_job(text_input=inputs(texts), actions=actions, **options)

    async def result(self, poller: Any) -> Any:
        return await poller.result()

    async def status(self, job_id: str, **options: Any) -> Any:
        return await self.client.get_job_status(job_id, **options)

    async def cancel(self, job_id: str) -> None:
        await (await self.client.begin_cancel_job(job_id)).result()

    async def close(self) -> None:
        await self.client.close()


def inputs(texts: list[Any]) -> Any:
    """Return the input of texts, each alone or with its language."""
    pairs = [text if isinstance(text, tuple) else (text, "en") for text in texts]
    return models.MultiLanguageTextInput(
        multi_language_inputs=[
            models.MultiLanguageInput(id=str(index), text=text, language=language)
            for index, (text, language) in enumerate(pairs)
        ]
    )


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(duration=0) as running:
        yield running


@pytest.fixture(params=[BlockingSdk, EventLoopSdk])
async def sdk(request: pytest.FixtureRequest, emulator: Emulator) -> AsyncIterator[Sdk]:
    client = request.param(emulator.endpoint)
    yield client
    await client.close()


async def analyzed(sdk: Sdk, texts: list[Any], action: Any, **options: Any) -> Any:
    """Return the results of a job of one task."""
    state = await sdk.result(await sdk.begin(texts, [action], **options))
    assert state.status == "succeeded"
    [item] = state.actions.items_property
    return item.results


def job_id(poller: Any) -> str:
    location: str = poller.polling_method()._initial_response.http_response.headers["operation-location"]
    return location.split("?", maxsplit=1)[0].rsplit("/", 1)[-1]


def test_the_client_is_the_preview() -> None:
    assert ta.__version__ == "6.0.0b3"
    assert ta.__file__.startswith(str(CACHE))


async def test_all_kinds_come_back_from_one_job(sdk: Sdk) -> None:
    state = await sdk.result(await sdk.begin([LETTER], list(ACTIONS.values()), display_name="mine"))
    assert (state.status, state.display_name, state.errors) == ("succeeded", "mine", [])
    assert [item.kind for item in state.actions.items_property] == [f"{kind}LROResults" for kind in ACTIONS]
    for item in state.actions.items_property:
        assert [document.id for document in item.results.documents] == ["0"]
        assert item.results.errors == []
