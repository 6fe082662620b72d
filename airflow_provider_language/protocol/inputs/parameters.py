"""Which version has which parameter of which task kind, and which option of a job, as tables.

The sources (docs/service.md, families) are the OpenAPI documents, among them those of conversations
(2023-04-01, 2024-05-01 and the previews from 2022-05-15 to 2023-11-15) and of native documents
2023-11-15-preview, and the models of the published SDKs (2022-05-01, 2023-04-01 and the previews of 2025 and
2026); of the stable versions from 2024-11-01 on, which each OpenAPI document and TypeSpec say alike. Where
they do not tell the first stable version, it is taken to be the one after the preview: what is refused here
cannot be tried.
"""

from __future__ import annotations

from collections.abc import Mapping

from airflow_provider_language.protocol.surfaces import (
    ANALYZE_CONVERSATIONS,
    ANALYZE_DOCUMENTS,
    ANALYZE_TEXT,
    LEGACY_ANALYZE,
    LEGACY_HEALTH,
)
from airflow_provider_language.protocol.versions import (
    CONVERSATION_KINDS,
    LEGACY_VERSION,
    NATIVE_DOCUMENT_KINDS,
    TEXT_KINDS,
)

Versions = frozenset[str]
NO_STABLE = "9999"
"""Later than every version: for what only previews have."""

_ALL: Versions = frozenset({LEGACY_VERSION, *TEXT_KINDS, *CONVERSATION_KINDS, *NATIVE_DOCUMENT_KINDS})
_NONE: Versions = frozenset()


def _since(preview: str, stable: str = NO_STABLE) -> Versions:
    """The previews from one day on, and the stable versions from another."""
    return frozenset(
        version
        for version in _ALL - {LEGACY_VERSION}
        if version >= (preview if version.endswith("-preview") else stable)
    )


def _all(*names: str) -> Mapping[str, Versions]:
    return dict.fromkeys(names, _ALL)


_PREBUILT = _all("loggingOptOut", "modelVersion")
_CUSTOM = _all("loggingOptOut", "projectName", "deploymentName")
_OFFSETS: Mapping[str, Versions] = {
    **_all("stringIndexType"),
    "stringIndexType=TextElement_v8": frozenset({LEGACY_VERSION}),
}
_SINCE_OCTOBER_2022 = _since("2022-10-01", "2023-04-01")

# The older policy, of which there is one for all categories, has only these two fields. A dot leads into
# an object or a list of objects, and an equals sign to one of the values.
_SINGLE_POLICY: Mapping[str, Versions] = {
    "redactionPolicy.entityTypes": _NONE,
    "redactionPolicy.policyName": _NONE,
    "redactionPolicy.isDefault": _NONE,
    "redactionPolicy.isDefaultPolicy": _NONE,
    "redactionPolicy.unmaskLength": _NONE,
    "redactionPolicy.unmaskFromEnd": _NONE,
    "redactionPolicy.policyKind=syntheticReplacement": _NONE,
    "redactionPolicy.policyKind=markerMask": _NONE,
}

_TEXT: Mapping[str, Mapping[str, Versions]] = {
    "SentimentAnalysis": {**_PREBUILT, **_OFFSETS, **_all("opinionMining")},
    "KeyPhraseExtraction": _PREBUILT,
    "EntityRecognition": {
        **_PREBUILT,
        **_OFFSETS,
        "inclusionList": _since("2023-04-15", "2024-11-01"),
        "exclusionList": _since("2023-04-15", "2024-11-01"),
        "overlapPolicy": _since("2023-04-15", "2024-11-01"),
        "inferenceOptions": _since("2023-11-15", "2024-11-01"),
    },
    "PiiEntityRecognition": {
        **_PREBUILT,
        **_OFFSETS,
        **_all("domain", "piiCategories"),
        "excludePiiCategories": _since("2023-04-15", "2026-05-01"),
        "redactionCharacter": frozenset({"2023-04-15-preview", "2023-11-15-preview"}),
        "redactionPolicy": frozenset({"2024-11-15-preview", "2025-05-15-preview"}),
        **_SINGLE_POLICY,
        "valueExclusionPolicy": _since("2025-05-15", "2026-05-01"),
        "entitySynonyms": _since("2025-05-15", "2026-05-01"),
        "redactionPolicies": _since("2025-11-15", "2026-05-01"),
        "redactionPolicies.unmaskLength": _since("2025-11-15"),
        "redactionPolicies.unmaskFromEnd": _since("2025-11-15"),
        "redactionPolicies.policyKind=markerMask": _NONE,
        "confidenceScoreThreshold": _since("2025-11-15", "2026-05-01"),
        "disableEntityValidation": _since("2025-11-15", "2026-05-01"),
    },
    "EntityLinking": {**_PREBUILT, **_OFFSETS},
    "Healthcare": {
        **_PREBUILT,
        **_OFFSETS,
        "fhirVersion": _since("2022-05-15", "2024-11-01"),
        "documentType": _since("2022-10-01", "2024-11-01"),
    },
    "ExtractiveSummarization": {
        **_PREBUILT,
        **_OFFSETS,
        **_all("sentenceCount", "sortBy"),
        "query": _since("2023-11-15"),
    },
    "AbstractiveSummarization": {
        **_PREBUILT,
        **_OFFSETS,
        **_all("sentenceCount"),
        "summaryLength": _since("2023-11-15", "2024-11-01"),
        "query": frozenset({"2023-11-15-preview"}),
        "instruction": _since("2024-11-15"),
    },
    "CustomEntityRecognition": {**_CUSTOM, **_OFFSETS},
    "CustomSingleLabelClassification": _CUSTOM,
    "CustomMultiLabelClassification": _CUSTOM,
}

_ASPECTS: Mapping[str, Versions] = {
    **_all("summaryAspects"),
    "summaryAspects=chapterTitle": _SINCE_OCTOBER_2022,
    "summaryAspects=narrative": _SINCE_OCTOBER_2022,
    "summaryAspects=recap": _since("2023-11-15", "2024-05-01"),
    "summaryAspects=follow-up tasks": _since("2023-11-15"),
}

_CONVERSATIONS: Mapping[str, Mapping[str, Versions]] = {
    "ConversationalSummarizationTask": {
        **_PREBUILT,
        **_OFFSETS,
        **_ASPECTS,
        "stringIndexType": _SINCE_OCTOBER_2022,
        "sentenceCount": _SINCE_OCTOBER_2022,
        "summaryLength": _since("2023-11-15", "2024-05-01"),
        "instruction": _since("2024-11-15"),
    },
    "ConversationalPIITask": {
        **_PREBUILT,
        **_all("piiCategories", "redactionSource", "redactAudioTiming"),
        "excludePiiCategories": _since("2023-04-15", "2024-05-01"),
        "redactionCharacter": _since("2023-04-15", "2024-05-01"),
        "redactionPolicy": _since("2024-11-15"),
        **_SINGLE_POLICY,
    },
    "ConversationalSentimentTask": {**_PREBUILT, **_all("predictionSource")},
    "CustomConversationalSummarizationTask": {
        **_CUSTOM,
        **_OFFSETS,
        **_ASPECTS,
        **_all("sentenceCount"),
        "summaryLength": _since("2023-11-15"),
    },
}

# Recording documents_submit_notstarted names entitySynonyms in 2026-05-15-preview, as that version of
# analyze-text does; the other parameters of that version are taken to be alike.
_NATIVE_DOCUMENTS: Mapping[str, Mapping[str, Versions]] = {
    "PiiEntityRecognition": {
        **_PREBUILT,
        **_OFFSETS,
        **_all("domain", "piiCategories", "excludePiiCategories"),
        "redactionCharacter": frozenset({"2023-11-15-preview"}),
        "redactionPolicy": frozenset({"2024-11-15-preview"}),
        **_SINGLE_POLICY,
        "excludeExtractionData": frozenset({"2024-11-15-preview"}),
        "redactionPolicies": _since("2026-05-15", "2026-05-01"),
        "redactionPolicies.unmaskLength": _NONE,
        "redactionPolicies.unmaskFromEnd": _NONE,
        "redactionPolicies.policyKind=syntheticReplacement": _since("2026-05-15"),
        "valueExclusionPolicy": _since("2026-05-15"),
        "entitySynonyms": _since("2026-05-15"),
        "confidenceScoreThreshold": _since("2026-05-15"),
        "disableEntityValidation": _since("2026-05-15"),
    },
    "ExtractiveSummarization": {
        **_PREBUILT,
        **_OFFSETS,
        **_all("sentenceCount", "sortBy", "query"),
    },
    "AbstractiveSummarization": {
        **_PREBUILT,
        **_OFFSETS,
        **_all("sentenceCount", "summaryLength"),
        "query": frozenset({"2023-11-15-preview"}),
        "instruction": _since("2024-11-15"),
    },
}

PARAMETERS: Mapping[str, Mapping[str, Mapping[str, Versions]]] = {
    ANALYZE_TEXT.name: _TEXT,
    LEGACY_ANALYZE.name: _TEXT,
    LEGACY_HEALTH.name: _TEXT,
    ANALYZE_CONVERSATIONS.name: _CONVERSATIONS,
    ANALYZE_DOCUMENTS.name: _NATIVE_DOCUMENTS,
}
"""By family and kind: the versions that have a parameter, among those that have the kind."""

DISPUTED: Mapping[str, Mapping[str, Versions]] = {
    ANALYZE_TEXT.name: {
        "redactionPolicies.isDefaultPolicy": _since("2025-11-15", "2026-05-01"),
    },
    ANALYZE_DOCUMENTS.name: {
        "redactionPolicies.isDefaultPolicy": _since("2026-05-15", "2026-05-01"),
        "redactionPolicies.policyKind=markerMask": _since("2026-05-15"),
        "ExtractiveSummarization": _since("2026-05-15"),
        "AbstractiveSummarization": _since("2026-05-15"),
    },
    ANALYZE_CONVERSATIONS.name: dict.fromkeys(
        (
            f"{name}={category}"
            for name in ("piiCategories", "excludePiiCategories")
            for category in ("CreditCard", "CreditCardNumber", "Phone", "PhoneNumber")
        ),
        frozenset({"2024-05-01"}),
    ),
}
"""By family: what one published document gives a version, and another one does not. It is sent, and told.

A name without an equals sign is a parameter's, or a kind's.
"""

OVERRIDES = "confidenceScoreThreshold.overrides"
NEED_A_LANGUAGE: Versions = _since("2026-05-15", "2026-05-01")
"""Where an override of a threshold must name a language by one published document, and not by another one."""

JOB_OPTIONS: Mapping[str, Mapping[str, Versions]] = {
    ANALYZE_TEXT.name: {
        'the language "auto"': frozenset(TEXT_KINDS) - {"2022-05-01", "2022-05-15-preview", "2023-04-01"},
        "default_language": _since("2022-07-01"),
        "cancel_after": _since("2025-05-15", "2026-05-01"),
    },
    ANALYZE_CONVERSATIONS.name: {"cancel_after": _since("2025-05-15")},
    ANALYZE_DOCUMENTS.name: {'the language "auto"': _ALL, "default_language": _ALL},
}
"""By family: the versions that have an option of a whole job (docs/service.md, bodies)."""
