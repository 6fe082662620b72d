"""Microsoft's client for conversations, 2.0.0b2, against the emulator: every operation that it has."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from airflow_provider_language.emulator import Emulator
from tests.emulator.conversations import CHAT
from tests.foreign.packages import CACHE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

# Loaded by name: the environment of the type checker has neither this package nor the other version.
conversations: Any = import_module("azure.ai.language.conversations")
aio: Any = import_module("azure.ai.language.conversations.aio")
models: Any = import_module("azure.ai.language.conversations.models")
core: Any = import_module("azure.core.exceptions")
credentials: Any = import_module("azure.core.credentials")

VERSIONS = ("2024-11-01", "2025-05-15-preview", "2025-11-15-preview")


class Sdk(Protocol):
    """The client's operations, be it the blocking or the asynchronous one."""

    async def run(self, job: Any) -> list[Any]: ...

    async def cancelled(self, job: Any) -> None: ...

    async def ask(self, task: Any) -> Any: ...

    async def close(self) -> None: ...


class BlockingSdk:
    def __init__(self, endpoint: str, version: str) -> None:
        key = credentials.AzureKeyCredential("any")
        self.client = conversations.ConversationAnalysisClient(endpoint, key, api_version=version)

    async def run(self, job: Any) -> list[Any]:
        def wait() -> list[Any]:
            return list(
                self.client.begin_analyze_conversation_job(body=job, polling_interval=0.01).result(60)
            )

        return await asyncio.to_thread(wait)

    async def cancelled(self, job: Any) -> None:
        def start_and_cancel() -> None:
            poller = self.client.begin_analyze_conversation_job(body=job, polling=False)
            self.client.begin_cancel_job(poller.details["operation_id"], polling=False).result(60)

        await asyncio.to_thread(start_and_cancel)

    async def ask(self, task: Any) -> Any:
        return await asyncio.to_thread(self.client.analyze_conversation, task)

    async def close(self) -> None:
        self.client.close()


class EventLoopSdk:
    def __init__(self, endpoint: str, version: str) -> None:
        key = credentials.AzureKeyCredential("any")
        self.client = aio.ConversationAnalysisClient(endpoint, key, api_version=version)

    async def run(self, job: Any) -> list[Any]:
        poller = await self.client.begin_analyze_conversation_job(body=job, polling_interval=0.01)
        return [actions async for actions in await poller.result()]

    async def cancelled(self, job: Any) -> None:
        poller = await self.client.begin_analyze_conversation_job(body=job, polling=False)
        cancelling = await self.client.begin_cancel_job(poller.details["operation_id"], polling=False)
        await cancelling.result()

    async def ask(self, task: Any) -> Any:
        return await self.client.analyze_conversation(task)

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
def flavour(request: pytest.FixtureRequest) -> type[BlockingSdk | EventLoopSdk]:
    chosen: type[BlockingSdk | EventLoopSdk] = request.param
    return chosen


@pytest.fixture
async def sdk(
    flavour: type[BlockingSdk | EventLoopSdk], emulator: Emulator, version: str
) -> AsyncIterator[Sdk]:
    client = flavour(emulator.endpoint, version)
    yield client
    await client.close()


def job(*actions: Any) -> Any:
    """Return a job over the chat, made of the client's own models."""
    items = [
        models.TextConversationItem(id=item["id"], participant_id=item["participantId"], text=item["text"])
        for item in CHAT["conversationItems"]
    ]
    chat = models.TextConversation(id=CHAT["id"], language=CHAT["language"], conversation_items=items)
    return models.AnalyzeConversationOperationInput(
        conversation_input=models.MultiLanguageConversationInput(conversations=[chat]), actions=list(actions)
    )


def pii(**parameters: Any) -> Any:
    content = models.ConversationPiiActionContent(**parameters)
    return models.PiiOperationAction(name="pii", action_content=content)


def utterance(text: str, project: str = "assistant") -> Any:
    item = models.TextConversationItem(id="1", participant_id="1", text=text)
    content = models.ConversationActionContent(
        project_name=project, deployment_name="production", string_index_type="UnicodeCodePoint"
    )
    return models.ConversationLanguageUnderstandingInput(
        conversation_input=models.ConversationAnalysisInput(conversation_item=item), action_content=content
    )


def test_the_preview_is_the_one_that_is_tested() -> None:
    assert str(CACHE / "azure-ai-language-conversations-2.0.0b2") in conversations.__file__
    assert conversations.__version__ == "2.0.0b2"


async def test_personal_data_and_summaries_come_back_from_one_job(sdk: Sdk) -> None:
    summaries = models.SummarizationOperationAction(
        name="summaries",
        action_content=models.ConversationSummarizationActionContent(
            summary_aspects=["issue", "resolution", "chapterTitle", "narrative", "recap"]
        ),
    )
    [actions] = await sdk.run(job(pii(pii_categories=["Person"]), summaries))
    assert (actions.completed, actions.total) == (2, 2)
    by_name = {result.name: result for result in actions.task_results}
    [masked] = by_name["pii"].results.conversations
    assert [item.redacted_content.text for item in masked.conversation_items][1:] == [
        "Hi, my name is ********. My coffee machine is leaking since Monday.",
        "Thank you ****. I will send you a new coffee machine tomorrow.",
    ]
    assert masked.conversation_items[1].entities[0].category == "Person"
    [summary] = by_name["summaries"].results.conversations
    assert [each.aspect for each in summary.summaries] == [
        "issue",
        "resolution",
        "chapterTitle",
        "narrative",
        "recap",
    ]
    assert summary.warnings[0].code == "EmulatorApproximation"


async def test_a_job_is_cancelled(flavour: type[BlockingSdk | EventLoopSdk], version: str) -> None:
    with Emulator(duration=60) as slow:
        client = flavour(slow.endpoint, version)
        await client.cancelled(job(pii()))
        await client.close()
        assert slow.journal.count("POST", ":cancel") == 1


async def test_an_utterance_is_understood_and_an_unknown_project_is_not_found(sdk: Sdk) -> None:
    answer = await sdk.ask(utterance("👍 Send an email to Carol"))
    assert answer.result.prediction.top_intent == "SendEmail"
    [entity] = answer.result.prediction.entities
    assert (entity.text, entity.offset) == ("Carol", 19)
    with pytest.raises(core.ResourceNotFoundError, match="The specified deployment cannot be found"):
        await sdk.ask(utterance("hello", project="nowhere"))


def custom_summaries(project: str) -> Any:
    # The client has no public model of this kind's task.
    names = {"projectName": project, "deploymentName": "production"}
    task = {
        "kind": "CustomConversationalSummarizationTask",
        "parameters": {**names, "summaryAspects": ["issue"]},
    }
    return {"analysisInput": {"conversations": [CHAT]}, "tasks": [task]}


async def test_a_custom_summary_comes_back_with_its_project(sdk: Sdk, version: str) -> None:
    if not version.endswith("-preview"):
        with pytest.raises(core.HttpResponseError, match="is not supported in api-version"):
            await sdk.run(custom_summaries("support-summaries"))
        return
    with pytest.raises(core.ResourceNotFoundError, match="nowhere"):
        await sdk.run(custom_summaries("nowhere"))
    [actions] = await sdk.run(custom_summaries("support-summaries"))
    [result] = actions.task_results
    assert (result.results.project_name, result.results.deployment_name) == (
        "support-summaries",
        "production",
    )
    [conversation] = result.results.conversations
    [summary] = conversation.summaries
    assert (summary.aspect, summary.contexts[0].conversation_item_id) == ("issue", "2")
    assert conversation.warnings[0].code == "EmulatorApproximation"


async def test_a_kind_that_is_not_served_is_refused_in_plain_words(sdk: Sdk) -> None:
    names = {"projectName": "p", "deploymentName": "d"}
    chat = {"conversations": [CHAT]}
    with pytest.raises(core.HttpResponseError, match="does not serve task kind 'ConversationalAI'"):
        await sdk.ask({"kind": "ConversationalAI", "analysisInput": chat, "parameters": names})
