"""What each version of analyze-conversations can do."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from airflow_provider_language.emulator.engines.conversations import categories
from airflow_provider_language.emulator.protocol.versions import ApiVersion, DetectionReport

if TYPE_CHECKING:
    from collections.abc import Mapping

PII = "ConversationalPIITask"
SUMMARIZATION = "ConversationalSummarizationTask"
SENTIMENT = "ConversationalSentimentTask"
CUSTOM_SUMMARIZATION = "CustomConversationalSummarizationTask"

_STABLE = ("2023-04-01", "2024-05-01", "2024-11-01")
_PREVIEWS = (
    "2022-05-15-preview",
    "2022-07-01-preview",
    "2022-10-01-preview",
    "2023-04-15-preview",
    "2023-11-15-preview",
    "2024-05-15-preview",
    "2024-11-15-preview",
    "2025-05-15-preview",
    "2025-11-15-preview",
)


_WITH_ONE_LIST = frozenset({"2024-11-01", "2025-05-15-preview", "2025-11-15-preview"})
"""The versions of whose categories one list was published; of 2024-05-01 there are two that differ."""


@dataclass(frozen=True)
class ConversationVersion:
    """What one api-version knows beside its kinds.

    Attributes:
        aspects: The ``summaryAspects``.
        categories: From the engines' categories of personal data to the version's own.
        unfound: Categories that may be asked for, and that the engines find nothing of.
        takes_other_names: Whether other versions' names of a category are taken: no list of the version was
            published, or two that contradict each other.
        audio_parameter: What it calls the switch for audio timings.
        timings: What it calls the times of words.
        parameters: The parameters of each kind.
    """

    aspects: tuple[str, ...]
    categories: Mapping[str, str]
    unfound: frozenset[str]
    takes_other_names: bool
    audio_parameter: str
    timings: str
    parameters: Mapping[str, frozenset[str]]


def _kinds(name: str, *, preview: bool) -> frozenset[str]:
    kinds = {SUMMARIZATION}
    if preview or name >= "2024":
        kinds.add(PII)
    # These two are in the OpenAPI documents of the previews that have them, and in no stable one.
    if preview and "2022-10-01" <= name < "2024":
        kinds.add(SENTIMENT)
    if preview and name >= "2023":
        kinds.add(CUSTOM_SUMMARIZATION)
    return frozenset(kinds)


def _api_version(name: str) -> ApiVersion:
    # Names start with an ISO date, so they compare like dates.
    return ApiVersion(
        name=name,
        kinds=_kinds(name, preview=name.endswith("-preview")),
        detects_language=False,
        detection_report=DetectionReport.NOTHING,
        healthcare_detection_report=DetectionReport.NOTHING,
        takes_default_language=False,
        takes_cancel_after=name >= "2025-05-15",
    )


def _aspects(name: str, *, preview: bool) -> tuple[str, ...]:
    aspects = ["issue", "resolution"]
    if name >= "2022-10-01":
        aspects += ["chapterTitle", "narrative"]
    if name >= "2023-11-15":
        aspects.append("recap")
    if preview and name >= "2023-11-15":
        aspects.append("follow-up tasks")
    return tuple(aspects)


def _categories(name: str) -> Mapping[str, str]:
    if name < "2022-07-01":
        return categories.FIRST_PREVIEW
    if name < "2024":
        return categories.EARLY_PREVIEWS
    if name < "2024-11-01":
        return categories.FIRST_STABLE
    return categories.SHORT if name < "2025-11-15" else categories.EXTENDED


def _parameters(name: str, *, preview: bool, audio: str) -> Mapping[str, frozenset[str]]:
    common = {"loggingOptOut", "modelVersion"}
    pii = {*common, "piiCategories", "redactionSource", audio}
    summaries = {"summaryAspects"}
    if name >= "2022-10-01":
        summaries |= {"stringIndexType", "sentenceCount"}
    if name >= ("2023-04-15" if preview else "2024-05-01"):
        pii |= {"redactionCharacter", "excludePiiCategories"}
    if name >= "2023-11-15":
        summaries.add("summaryLength")
    custom = {*summaries, "loggingOptOut", "projectName", "deploymentName"}
    if preview and name >= "2024-11-15":
        pii.add("redactionPolicy")
        summaries.add("instruction")
    return MappingProxyType(
        {
            PII: frozenset(pii),
            SUMMARIZATION: frozenset({*common, *summaries}),
            SENTIMENT: frozenset({*common, "predictionSource"}),
            CUSTOM_SUMMARIZATION: frozenset(custom),
        }
    )


def _details(name: str) -> ConversationVersion:
    preview = name.endswith("-preview")
    audio = "includeAudioRedaction" if name < "2023" else "redactAudioTiming"
    return ConversationVersion(
        aspects=_aspects(name, preview=preview),
        categories=_categories(name),
        unfound=_unfound(name),
        takes_other_names=name not in _WITH_ONE_LIST,
        audio_parameter=audio,
        timings="wordLevelTimings" if name >= "2022-10-01" else "audioTimings",
        parameters=_parameters(name, preview=preview, audio=audio),
    )


def _unfound(name: str) -> frozenset[str]:
    if name in _WITH_ONE_LIST:
        return categories.UNFOUND_EXTENDED if name >= "2025-11-15" else frozenset()
    return categories.UNFOUND_EXTENDED | {categories.MISCELLANEOUS}


CONVERSATION_VERSIONS: Mapping[str, ApiVersion] = MappingProxyType(
    {name: _api_version(name) for name in (*_STABLE, *_PREVIEWS)}
)
"""The versions with jobs, by the value of ``api-version``."""

SYNCHRONOUS_VERSIONS: Mapping[str, ApiVersion] = MappingProxyType(
    {"2022-05-01": _api_version("2022-05-01"), **CONVERSATION_VERSIONS}
)
"""The versions with ``:analyze-conversations``, which are older than jobs by one."""

DETAILS: Mapping[str, ConversationVersion] = MappingProxyType(
    {name: _details(name) for name in CONVERSATION_VERSIONS}
)
"""What a version with jobs can do."""
