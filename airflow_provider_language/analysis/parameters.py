"""Which version has which parameter of which task kind, as a table; and the refusal of what it has not.

The sources are API.md section 2, the models of the published SDKs (2022-05-01, 2023-04-01 and the previews
of 2025 and 2026) and the OpenAPI documents of conversations (2023-04-01, 2024-05-01 and the previews from
2022-10-01 to 2023-11-15) and of native documents 2023-11-15-preview. Where they do not tell the first stable
version, it is taken to be the one after the preview: what is refused here cannot be tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from airflow_provider_language.analysis.surfaces import (
    ANALYZE_CONVERSATIONS,
    ANALYZE_DOCUMENTS,
    ANALYZE_TEXT,
    CONVERSATION_KINDS,
    LEGACY_ANALYZE,
    LEGACY_HEALTH,
    LEGACY_VERSION,
    NATIVE_DOCUMENT_KINDS,
    TEXT_KINDS,
    Surface,
)
from airflow_provider_language.analysis.tasks import WireTask
from airflow_provider_language.exceptions import InvalidInputError

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
_OFFSETS = _all("stringIndexType")

# The older policy, of which there is one for all categories, has only these two fields. A dot leads into
# an object or a list of objects, and an equals sign to one of the values.
_SINGLE_POLICY: Mapping[str, Versions] = {
    "redactionPolicy.entityTypes": _NONE,
    "redactionPolicy.policyName": _NONE,
    "redactionPolicy.isDefault": _NONE,
    "redactionPolicy.unmaskLength": _NONE,
    "redactionPolicy.unmaskFromEnd": _NONE,
    "redactionPolicy.policyKind=syntheticReplacement": _NONE,
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
        "excludePiiCategories": _since("2023-04-15", "2025-11-01"),
        "redactionCharacter": frozenset({"2023-04-15-preview", "2023-11-15-preview"}),
        "redactionPolicy": frozenset({"2024-11-15-preview", "2025-05-15-preview", "2025-11-01"}),
        **_SINGLE_POLICY,
        "valueExclusionPolicy": _since("2025-05-15", "2025-11-01"),
        "entitySynonyms": _since("2025-05-15", "2025-11-01"),
        "redactionPolicies": _since("2025-11-15", "2026-05-01"),
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
        "query": _since("2023-11-15", "2025-11-01"),
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
    "summaryAspects=recap": _since("2023-11-15", "2024-05-01"),
    "summaryAspects=follow-up tasks": _since("2023-11-15"),
}

_CONVERSATIONS: Mapping[str, Mapping[str, Versions]] = {
    "ConversationalSummarizationTask": {
        **_PREBUILT,
        **_OFFSETS,
        **_ASPECTS,
        **_all("sentenceCount"),
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
        "redactionPolicies.unmaskLength": _since("2026-05-15"),
        "redactionPolicies.unmaskFromEnd": _since("2026-05-15"),
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
        **_all("sentenceCount", "summaryLength", "query"),
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


def check_parameters(surface: Surface, version: str, task: WireTask) -> None:
    """Refuse what another version has, and this one has not.

    A parameter that no version known here has may only come from a dict in the service's own words. It
    passes, so that a new version's parameters can be said before this table knows them.

    Args:
        surface: the job's.
        version: the job's, of this surface.
        task: of a kind that the version has.

    Raises:
        InvalidInputError: with the versions that have the parameter.
    """
    elsewhere = {name for kinds in PARAMETERS.values() for name in kinds.get(task.kind, ())}
    having = {
        **{name: _NONE for name in elsewhere if not {".", "="} & set(name)},
        **PARAMETERS[surface.name][task.kind],
    }
    for name in _said(task.parameters):
        if version not in having.get(name, _ALL):
            told = _told(surface, task.kind, having[name])
            raise InvalidInputError(f"{task.kind} of {surface.name} {version} does not know {name}; {told}.")


def _said(value: object, path: str = "") -> Iterator[str]:
    """Every parameter that has a value, as the table names them; an empty list says nothing."""
    if isinstance(value, list):
        for content in value:
            yield from _said(content, path)
        return
    if path:
        yield path
    if isinstance(value, Mapping):
        for name, content in value.items():
            yield from _said(content, f"{path}.{name}" if path else str(name))
    else:
        yield f"{path}={value}"


def _told(surface: Surface, kind: str, having: Versions) -> str:
    """The versions that have it; those of the Language API where the legacy one has not."""
    kinds = surface.kinds if surface.version_in_query else ANALYZE_TEXT.kinds
    versions = sorted(version for version in having if kind in kinds.get(version, ()))
    if not versions:
        return "no version has it"
    return f"{', '.join(versions)} {'has' if len(versions) == 1 else 'have'} it"
