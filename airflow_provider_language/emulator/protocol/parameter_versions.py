"""Which api-version has which task parameter, by family; what a version does not have has no effect there."""

from __future__ import annotations

import logging
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.protocol import entity_categories
from airflow_provider_language.emulator.protocol.versions import PREVIEWS, STABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from airflow_provider_language.emulator.protocol.job_requests import Task
    from airflow_provider_language.emulator.protocol.versions import ApiVersion

    Only = Mapping[str, Mapping[str, frozenset[str]]]
    """By kind: the versions of parameters that not every version has; a dot leads into an object."""

_log = logging.getLogger(__name__)

_NEVER: frozenset[str] = frozenset()
_SINGLE_POLICY = {
    f"redactionPolicy.{name}": _NEVER
    for name in ("entityTypes", "policyName", "isDefault", "isDefaultPolicy", "unmaskLength", "unmaskFromEnd")
}


def _since(preview: str, stable: str | None = None) -> frozenset[str]:
    """Return the previews from one on, and the stable versions from another one on, if any has it."""
    later = {name for name in STABLE if stable is not None and name >= stable}
    return frozenset(later | {name for name in PREVIEWS if name >= preview})


# After the OpenAPI documents, TypeSpec and the models of Microsoft's packages. Where the first stable version
# is not known for sure, it is the first one after the preview.
TEXTS: Only = MappingProxyType(
    {
        "EntityRecognition": {
            "inclusionList": _since("2023-04-15", "2024-11-01"),
            "exclusionList": _since("2023-04-15", "2024-11-01"),
            "overlapPolicy": _since("2023-04-15", "2024-11-01"),
            "inferenceOptions": _since("2023-11-15", "2024-11-01"),
        },
        "PiiEntityRecognition": {
            "excludePiiCategories": _since("2023-04-15", "2026-05-01"),
            "redactionCharacter": frozenset({"2023-04-15-preview", "2023-11-15-preview"}),
            "redactionPolicy": frozenset({"2024-11-15-preview", "2025-05-15-preview"}),
            **_SINGLE_POLICY,
            "valueExclusionPolicy": _since("2025-05-15", "2026-05-01"),
            "entitySynonyms": _since("2025-05-15", "2026-05-01"),
            "redactionPolicies": _since("2025-11-15", "2026-05-01"),
            "redactionPolicies.unmaskLength": _since("2025-11-15"),
            "redactionPolicies.unmaskFromEnd": _since("2025-11-15"),
            "confidenceScoreThreshold": _since("2025-11-15", "2026-05-01"),
            "disableEntityValidation": _since("2025-11-15", "2026-05-01"),
            "excludeExtractionData": _NEVER,
        },
        "Healthcare": {
            "fhirVersion": _since("2022-05-15", "2024-11-01"),
            "documentType": _since("2022-10-01", "2024-11-01"),
        },
        "ExtractiveSummarization": {"query": _since("2023-11-15")},
        "AbstractiveSummarization": {
            "summaryLength": _since("2023-11-15", "2024-11-01"),
            "query": frozenset({"2023-11-15-preview"}),
            "instruction": _since("2024-11-15"),
        },
    }
)
"""Of jobs of texts, and of the operations that are answered at once."""

DOCUMENTS: Only = MappingProxyType(
    {
        "PiiEntityRecognition": {
            "redactionCharacter": frozenset({"2023-11-15-preview"}),
            "redactionPolicy": frozenset({"2024-11-15-preview"}),
            **_SINGLE_POLICY,
            "excludeExtractionData": frozenset({"2024-11-15-preview"}),
            "redactionPolicies": _since("2026-05-15", "2026-05-01"),
            "redactionPolicies.unmaskLength": _NEVER,
            "redactionPolicies.unmaskFromEnd": _NEVER,
            "valueExclusionPolicy": _since("2026-05-15"),
            "entitySynonyms": _since("2026-05-15"),
            "confidenceScoreThreshold": _since("2026-05-15"),
            "disableEntityValidation": _since("2026-05-15"),
        },
        "AbstractiveSummarization": {
            "query": frozenset({"2023-11-15-preview"}),
            "instruction": _since("2024-11-15"),
        },
    }
)
"""Of jobs of native documents."""

_DISPUTED = frozenset({"redactionPolicies.isDefaultPolicy"})
"""What one published document has, and another one has not."""


def known_parameters(
    kind: str, parameters: Mapping[str, Any], version: ApiVersion, only: Only = TEXTS
) -> Mapping[str, Any]:
    """Return the parameters of a task without those that the API version does not have yet, or no more.

    The service is not known to refuse them, and they have no effect there.

    Args:
        kind: The task's kind.
        parameters: As they were sent.
        version: The version.
        only: Of the family.
    """
    absent = {name for name, versions in only.get(kind, {}).items() if version.name not in versions}
    return MappingProxyType(_without(parameters, absent, ""))


def _without(sent: Any, absent: set[str], above: str) -> Any:
    if isinstance(sent, list):
        return [_without(each, absent, above) for each in sent]
    if not hasattr(sent, "items"):
        return sent
    kept = {}
    for name, value in sent.items():
        path = f"{above}.{name}" if above else name
        if path in _DISPUTED:
            tell_of_dispute(path)
        if path not in absent:
            kept[name] = _without(value, absent, path)
    return kept


def tell_of_dispute(what: str) -> None:
    """Say in the log that the published documents contradict each other on what a client asks for."""
    _log.warning("The published documents contradict each other on %s. The emulator takes it.", what)


def engine_parameters(task: Task, version: ApiVersion) -> Mapping[str, Any]:
    """Return the parameters by which an engine finds nothing that the version has no category for.

    Args:
        task: The task.
        version: The version that it was submitted by.
    """
    absent = entity_categories.ALL_PII - entity_categories.pii_of(version.name)
    if task.kind != "PiiEntityRecognition" or not absent:
        return task.parameters
    asked: Iterable[str] = task.parameters.get("excludePiiCategories") or ()
    return {**task.parameters, "excludePiiCategories": [*asked, *sorted(absent)]}
