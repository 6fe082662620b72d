"""Microsoft's client of 2026-05-15-preview against the emulator: every operation that it has."""

from __future__ import annotations

import asyncio
from importlib import import_module
from itertools import pairwise
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
DOSE = "The patient took 100 mg of ibuprofen twice daily for the pain."
PROJECT = {"deployment_name": "production"}
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
    "CustomEntityRecognition": models.CustomEntitiesLROTask(
        parameters=models.CustomEntitiesActionContent(project_name="support-entities", **PROJECT)
    ),
    "CustomSingleLabelClassification": models.CustomSingleLabelClassificationOperationAction(
        action_content=models.CustomSingleLabelClassificationActionContent(
            project_name="support-topic", **PROJECT
        )
    ),
    "CustomMultiLabelClassification": models.CustomMultiLabelClassificationOperationAction(
        action_content=models.CustomMultiLabelClassificationActionContent(
            project_name="support-concerns", **PROJECT
        )
    ),
}
AT_ONCE: dict[str, Any] = {
    "SentimentAnalysis": models.TextSentimentAnalysisInput,
    "EntityRecognition": models.TextEntityRecognitionInput,
    "PiiEntityRecognition": models.TextPiiEntitiesRecognitionInput,
    "KeyPhraseExtraction": models.TextKeyPhraseExtractionInput,
    "EntityLinking": models.TextEntityLinkingInput,
}


class Sdk(Protocol):
    """The client's operations, be it the blocking or the asynchronous one."""

    async def begin(self, texts: list[Any], actions: list[Any], **options: Any) -> Any: ...

    async def result(self, poller: Any) -> Any: ...

    async def status(self, job_id: str, **options: Any) -> Any: ...

    async def cancel(self, job_id: str) -> None: ...

    async def analyze(self, body: Any, **options: Any) -> Any: ...

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
        await asyncio.to_thread(lambda: self.client.begin_cancel_job(job_id, polling=False).result(60))

    async def analyze(self, body: Any, **options: Any) -> Any:
        return await asyncio.to_thread(self.client.analyze_text, body, **options)

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
        await (await self.client.begin_cancel_job(job_id, polling=False)).result()

    async def analyze(self, body: Any, **options: Any) -> Any:
        return await self.client.analyze_text(body, **options)

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
def flavour(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
async def sdk(flavour: Any, emulator: Emulator) -> AsyncIterator[Sdk]:
    client = flavour(emulator.endpoint)
    yield client
    await client.close()


async def analyzed(sdk: Sdk, texts: list[Any], action: Any, **options: Any) -> list[Any]:
    """Return the documents of a job of one task in which nothing is in error."""
    state = await sdk.result(await sdk.begin(texts, [action], **options))
    assert state.status == "succeeded"
    [item] = state.actions.items_property
    assert item.results.errors == []
    documents: list[Any] = item.results.documents
    return documents


async def redacted(sdk: Sdk, text: str, **parameters: Any) -> Any:
    """Return the result of one text under parameters of PiiEntityRecognition."""
    [document] = await analyzed(
        sdk, [text], models.PiiLROTask(parameters=models.PiiActionContent(**parameters))
    )
    return document


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
    sentiment = state.actions.items_property[0].results.documents[0]
    assert any(sentence.targets for sentence in sentiment.sentences)


async def test_pages_and_statistics_are_of_the_asked_part(sdk: Sdk) -> None:
    poller = await sdk.begin([f"Text {index}" for index in range(25)], [ACTIONS["KeyPhraseExtraction"]])
    first = await sdk.result(poller)
    [item] = first.actions.items_property
    assert len(item.results.documents) == 20
    assert "top=5&skip=20" in first.next_link
    rest = await sdk.status(job_id(poller), show_stats=True, top=5, skip=20)
    [item] = rest.actions.items_property
    assert [document.id for document in item.results.documents] == ["20", "21", "22", "23", "24"]
    assert item.results.statistics.documents_count == 5
    assert item.results.documents[0].statistics.characters_count == len("Text 20")
    assert rest.next_link is None


# The client's poller knows only "canceled" as an end, and would wait forever for "cancelled".
async def test_a_running_job_is_cancelled(flavour: Any) -> None:
    with Emulator(duration=3600) as endless:
        client = flavour(endless.endpoint)
        poller = await client.begin([LETTER], [ACTIONS["KeyPhraseExtraction"]], polling=False)
        before = await client.status(job_id(poller))
        await client.cancel(job_id(poller))
        after = await client.status(job_id(poller))
        await client.close()
    assert before.status in {"notStarted", "running"}
    assert (after.status, after.actions.completed, after.actions.total) == ("cancelled", 0, 1)


async def test_a_job_is_cancelled_after_its_time(flavour: Any) -> None:
    with Emulator(duration=3600) as endless:
        client = flavour(endless.endpoint)
        actions = [ACTIONS["KeyPhraseExtraction"]]
        poller = await client.begin([LETTER], actions, cancel_after=0.0, polling=False)
        state = await client.status(job_id(poller))
        await client.close()
    assert state.status == "cancelled"


async def test_automatic_language_is_told_or_defaulted(sdk: Sdk) -> None:
    texts = [("Das Wetter war sch\u00f6n und wir gingen am Fluss entlang.", "auto"), ("12345 67890", "auto")]
    german, digits = await analyzed(sdk, texts, ACTIONS["KeyPhraseExtraction"], default_language="fr")
    assert (german.detected_language.iso6391_name, german["isLanguageDefaulted"]) == ("de", False)
    assert (digits.detected_language.iso6391_name, digits["isLanguageDefaulted"]) == ("(Unknown)", True)


async def test_entities_are_included_then_excluded(sdk: Sdk) -> None:
    content = models.EntitiesActionContent(inclusions=["Person", "Location"], exclusions=["Location"])
    [document] = await analyzed(sdk, [LETTER], models.EntitiesLROTask(parameters=content))
    assert {entity.category for entity in document.entities} == {"Person"}


async def test_entities_overlap_only_if_allowed(sdk: Sdk) -> None:
    text = "We meet on 3 May 2026 in Paris."

    async def found(policy: Any) -> list[Any]:
        content = models.EntitiesActionContent(overlap_policy=policy)
        [document] = await analyzed(sdk, [text], models.EntitiesLROTask(parameters=content))
        spans = [(entity.offset, entity.offset + entity.length) for entity in document.entities]
        return [pair for pair in pairwise(spans) if pair[1][0] < pair[0][1]]

    assert await found(models.MatchLongestEntityPolicyType()) == []
    assert await found(models.AllowOverlapEntityPolicyType()) != []


async def test_values_are_normalized_unless_excluded(sdk: Sdk) -> None:
    text = "There are 12 cats."

    async def metadata(*, excluded: bool) -> list[Any]:
        options = models.EntityInferenceConfig(exclude_normalized_values=excluded)
        content = models.EntitiesActionContent(inference_options=options)
        [document] = await analyzed(sdk, [text], models.EntitiesLROTask(parameters=content))
        return [entity.metadata for entity in document.entities if entity.metadata]

    assert await metadata(excluded=True) == []
    assert [each.metadata_kind for each in await metadata(excluded=False)] == ["NumberMetadata"]


async def test_personal_data_are_masked_by_the_policy_of_their_type(sdk: Sdk) -> None:
    text = "John Miller writes to maria@example.com from Contoso Ltd."
    policies = [
        models.EntityMaskPolicyType(policy_name="names", entity_types=["Person"]),
        models.CharacterMaskPolicyType(
            policy_name="mail",
            entity_types=["Email"],
            redaction_character="#",
            unmask_length=4,
            unmask_from_end=True,
        ),
        models.NoMaskPolicyType(policy_name="rest", is_default=True),
    ]
    document = await redacted(sdk, text, redaction_policies=policies)
    assert document.redacted_text.startswith("[PERSON_1] writes to #############.com from Contoso")
    [person] = [entity for entity in document.entities if entity.category == "Person"]
    assert (person.mask, person.mask_offset, person.mask_length) == ("[PERSON_1]", 0, 10)


async def test_synthetic_values_replace_personal_data(sdk: Sdk) -> None:
    policy = models.SyntheticReplacementPolicyType(preserve_data_format=True, is_default=True)
    document = await redacted(sdk, "John Miller called.", redaction_policies=[policy])
    assert "John Miller" not in document.redacted_text
    assert document.redacted_text.endswith(" called.")
    assert "*" not in document.redacted_text


async def test_excluded_values_and_categories_are_left_alone(sdk: Sdk) -> None:
    text = "John Miller writes to maria@example.com."
    kept = models.ValueExclusionPolicy(case_sensitive=False, excluded_values=["john miller"])
    assert "John Miller" in (await redacted(sdk, text, value_exclusion_policy=kept)).redacted_text
    strict = models.ValueExclusionPolicy(case_sensitive=True, excluded_values=["john miller"])
    assert "John Miller" not in (await redacted(sdk, text, value_exclusion_policy=strict)).redacted_text
    without = await redacted(sdk, text, exclude_pii_categories=["Email"])
    assert "maria@example.com" in without.redacted_text
    only = await redacted(sdk, text, pii_categories=["Email"], domain="none")
    assert [entity.category for entity in only.entities] == ["Email"]


async def test_a_threshold_drops_what_is_less_certain(sdk: Sdk) -> None:
    text = "John Miller writes to maria@example.com."
    every = await redacted(sdk, text)
    override = models.ConfidenceScoreThresholdOverride(entity="Email", value=0.0, language="en")
    threshold = models.ConfidenceScoreThreshold(default=1.0, overrides=[override])
    some = await redacted(sdk, text, confidence_score_threshold=threshold)
    assert [entity.category for entity in every.entities] == ["Person", "Email"]
    assert [entity.category for entity in some.entities if entity.confidence_score < 1.0] in ([], ["Email"])
    assert "Person" not in [entity.category for entity in some.entities]


async def test_synonyms_name_what_a_number_is(sdk: Sdk) -> None:
    text = "His sort key is 112-45-6789 here."
    before = await redacted(sdk, text, disable_entity_validation=True)
    synonyms = models.EntitySynonyms(
        entity_type="USBankAccountNumber",
        synonyms=[models.EntitySynonym(synonym="sort key", language="en")],
    )
    after = await redacted(
        sdk, "The sort key: 1234567890.", entity_synonyms=[synonyms], disable_entity_validation=True
    )
    plain = await redacted(sdk, "The sort key: 1234567890.", disable_entity_validation=True)
    assert "USBankAccountNumber" not in [entity.category for entity in (*before.entities, *plain.entities)]
    assert "USBankAccountNumber" in [entity.category for entity in after.entities]


async def test_summaries_are_as_long_as_asked(sdk: Sdk) -> None:
    async def length(bucket: str) -> int:
        content = models.AbstractiveSummarizationActionContent(summary_length=bucket)
        action = models.AbstractiveSummarizationOperationAction(action_content=content)
        [document] = await analyzed(sdk, [LETTER * 5], action)
        return sum(len(summary.text) for summary in document.summaries)

    assert await length("short") < await length("long")


@pytest.mark.parametrize("kind", sorted(AT_ONCE))
async def test_every_synchronous_kind_answers_at_once(sdk: Sdk, kind: str) -> None:
    answer = await sdk.analyze(AT_ONCE[kind](text_input=inputs([LETTER, ""])), show_stats=True)
    assert answer.kind == f"{kind}Results"
    assert [document.id for document in answer.results.documents] == ["0"]
    assert [error.id for error in answer.results.errors] == ["1"]
    assert answer.results.statistics.documents_count == 2
    assert answer.results.documents[0].statistics.characters_count == len(LETTER)


async def test_languages_are_detected_at_once(sdk: Sdk) -> None:
    texts = [models.LanguageInput(id="0", text=LETTER, country_hint="us")]
    body = models.TextLanguageDetectionInput(
        text_input=models.LanguageDetectionTextInput(language_inputs=texts)
    )
    answer = await sdk.analyze(body)
    [document] = answer.results.documents
    assert document.detected_language.iso6391_name == "en"


async def test_refusals_are_errors_with_the_services_codes(sdk: Sdk) -> None:
    with pytest.raises(core.HttpResponseError) as refused:
        await sdk.begin([LETTER] * 26, [ACTIONS["KeyPhraseExtraction"]])
    assert refused.value.model.error.innererror.code == "InvalidDocumentBatch"
    with pytest.raises(core.ResourceNotFoundError):
        await sdk.status("00000000-0000-0000-0000-000000000000")


async def test_relations_of_healthcare_lead_to_entities_of_their_document(sdk: Sdk) -> None:
    first, second = await analyzed(sdk, [LETTER, DOSE], ACTIONS["Healthcare"])
    assert first.relations == []
    assert "ibuprofen" in [entity.text for entity in second.entities]
    refs = [role.ref for relation in second.relations for role in relation.entities]
    assert refs
    assert all(ref.startswith("#/results/documents/1/entities/") for ref in refs)
