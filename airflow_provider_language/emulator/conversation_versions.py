"""What each version of analyze-conversations can do."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from .engines import conversation_categories as categories
from .versions import ApiVersion, DetectionReport

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


@dataclass(frozen=True)
class ConversationVersion:
    """What one api-version knows beside its kinds.

    Attributes:
        aspects: The ``summaryAspects``.
        categories: From the engines' categories of personal data to the version's own.
        audio_parameter: What it calls the switch for audio timings.
        parameters: The parameters of each kind.
    """

    aspects: tuple[str, ...]
    categories: Mapping[str, str]
    audio_parameter: str
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
        tells_entity_types=False,
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
    summaries = {"summaryAspects", "stringIndexType", "sentenceCount"}
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
        _aspects(name, preview=preview),
        _categories(name),
        audio,
        _parameters(name, preview=preview, audio=audio),
    )


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
