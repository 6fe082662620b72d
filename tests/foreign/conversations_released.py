"""Microsoft's client for conversations, 1.1.0, against the emulator: every operation that it has."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from airflow_provider_language.emulator import Emulator
from tests.emulator.conversations import CHAT, conversation, pii, sentiments, summaries, transcript
from tests.foreign.packages import CACHE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

# Loaded by name: the environment of the type checker has neither this package nor the other version.
conversations: Any = import_module("azure.ai.language.conversations")
aio: Any = import_module("azure.ai.language.conversations.aio")
core: Any = import_module("azure.core.exceptions")
credentials: Any = import_module("azure.core.credentials")

# It is made for 2023-04-01, and takes the name of any other version.
VERSIONS = ("2022-10-01-preview", "2023-04-01", "2024-05-01", "2024-11-01")


class Sdk(Protocol):
    """The client's operations, be it the blocking or the asynchronous one."""

    async def run(self, task: Any) -> Any: ...

    async def ask(self, task: Any) -> Any: ...

    async def close(self) -> None: ...


class BlockingSdk:
    def __init__(self, endpoint: str, version: str) -> None:
        key = credentials.AzureKeyCredential("any")
        self.client = conversations.ConversationAnalysisClient(endpoint, key, api_version=version)

    async def run(self, task: Any) -> Any:
        def wait() -> Any:
            return self.client.begin_conversation_analysis(task=task, polling_interval=0.01).result(60)

        return await asyncio.to_thread(wait)

    async def ask(self, task: Any) -> Any:
        return await asyncio.to_thread(self.client.analyze_conversation, task=task)

    async def close(self) -> None:
        self.client.close()


class EventLoopSdk:
    def __init__(self, endpoint: str, version: str) -> None:
        key = credentials.AzureKeyCredential("any")
        self.client = aio.ConversationAnalysisClient(endpoint, key, api_version=version)

    async def run(self, task: Any) -> Any:
        return await (
            await self.client.begin_conversation_analysis(task=task, polling_interval=0.01)
        ).result()

    async def ask(self, task: Any) -> Any:
        return await self.client.analyze_conversation(task=task)

    async def close(self) -> None:
        await self.client.close()


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(duration=0.05) as running:
        yield running


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=[BlockingSdk, EventLoopSdk])
async def sdk(request: pytest.FixtureRequest, emulator: Emulator, version: str) -> AsyncIterator[Sdk]:
    client: Sdk = request.param(emulator.endpoint, version)
    yield client
    await client.close()


def job(sent: Any, *tasks: Any) -> dict[str, Any]:
    return {"displayName": "calls", "analysisInput": {"conversations": [sent]}, "tasks": list(tasks)}


def utterance(text: str, **changes: str) -> dict[str, Any]:
    return {
        "kind": "Conversation",
        "analysisInput": {"conversationItem": {"id": "1", "participantId": "1", "text": text}},
        "parameters": {"projectName": "assistant", "deploymentName": "production", **changes},
    }


def test_the_released_package_is_the_one_that_is_tested() -> None:
    assert str(CACHE / "azure-ai-language-conversations-1.1.0") in conversations.__file__
    assert conversations.__version__ == "1.1.0"


async def test_summaries_come_back(sdk: Sdk) -> None:
    state = await sdk.run(job(CHAT, summaries("issue", "resolution")))
    assert (state["status"], state["displayName"]) == ("succeeded", "calls")
    [item] = state["tasks"]["items"]
    assert item["kind"] == "conversationalSummarizationResults"
    [found] = item["results"]["conversations"]
    assert {summary["aspect"] for summary in found["summaries"]} == {"issue", "resolution"}
    assert found["warnings"][0]["code"] == "EmulatorApproximation"


async def test_personal_data_are_masked_where_the_version_has_the_kind(sdk: Sdk, version: str) -> None:
    sent = transcript(text="Hi, I am John Doe.", lexical="hi i am john doe", itn="", maskedItn="")
    if version == "2023-04-01":
        with pytest.raises(core.HttpResponseError, match="not supported in api-version 2023-04-01"):
            await sdk.run(job(sent, pii()))
        return
    state = await sdk.run(job(sent, pii(redactionSource="text")))
    [found] = state["tasks"]["items"][0]["results"]["conversations"]
    [item] = found["conversationItems"]
    assert item["redactedContent"]["text"] == "Hi, I am ********."
    assert item["redactedContent"]["lexical"] == "hi i am ********"
    assert item["entities"][0]["category"] == ("Name" if version < "2023" else "Person")


async def test_the_mood_of_each_item_comes_back_where_the_version_has_the_kind(
    sdk: Sdk, version: str
) -> None:
    sent = transcript(text="I like the service. I do not like the food", lexical="", itn="", maskedItn="")
    task = sentiments(modelVersion="latest", predictionSource="text")
    if version != "2022-10-01-preview":
        with pytest.raises(core.HttpResponseError, match=f"not supported in api-version {version}"):
            await sdk.run(job(sent, task))
        return
    state = await sdk.run(job(sent, task))
    [found] = state["tasks"]["items"][0]["results"]["conversations"]
    [item] = found["conversationItems"]
    assert (item["participantId"], item["sentiment"]) == ("p", "mixed")


async def test_an_utterance_is_understood_and_an_unknown_project_is_not_found(sdk: Sdk) -> None:
    answer = await sdk.ask(utterance("Book a meeting with Daniel on Friday"))
    prediction = answer["result"]["prediction"]
    assert prediction["topIntent"] == "BookMeeting"
    assert [entity["text"] for entity in prediction["entities"]] == ["Daniel", "Friday"]
    with pytest.raises(core.ResourceNotFoundError, match="The specified deployment cannot be found"):
        await sdk.ask(utterance("hello", projectName="nowhere"))


async def test_bad_conversations_are_refused(sdk: Sdk) -> None:
    with pytest.raises(core.HttpResponseError) as caught:
        await sdk.run(job(conversation(""), summaries("issue")))
    assert caught.value.status_code == 400
