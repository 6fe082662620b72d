"""Task parameters that the service refuses when a job is submitted.

One bad parameter refuses the whole job. What an accepted parameter does is the engines' matter; a
parameter that a kind does not have is ignored.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from . import errors
from .identity import MODEL_VERSION
from .offsets import StringIndexType
from .versions import LANGUAGE_VERSIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .submissions import Task
    from .versions import ApiVersion

    Check = Callable[[str, Any], str | None]
    """From a parameter's name and value to what is wrong with it, or None."""

# What the service calls a kind in this message, and the model versions that recordings show for it.
_MODELS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "EntityRecognition": ("NamedEntityRecognition", "latest,2020-04-01,2021-01-15,2021-06-01"),
        "PiiEntityRecognition": ("PersonallyIdentifiableInformation", "latest,2021-01-15"),
        "EntityLinking": ("EntityLinking", "latest,2021-06-01"),
        "KeyPhraseExtraction": ("KeyPhraseExtraction", "latest,2021-06-01,2022-07-01,2022-10-01"),
        "SentimentAnalysis": ("SentimentAnalysis", "latest,2020-04-01,2022-11-01"),
        "Healthcare": ("Healthcare", "latest,2022-03-01"),
    }
)
# The service adds models all the time, so any date passes: a pinned version must not fail here only.
_DATED_MODEL = re.compile(r"\d{4}-\d{2}-\d{2}(-.+)?")

# The how-to of document summarization: "the range is from 1 to 20".
_MAX_SENTENCES = 20


def _since(preview: str, stable: str) -> frozenset[str]:
    """Return the versions from a preview and a stable one on, the latter being the later."""
    return frozenset(
        name for name in LANGUAGE_VERSIONS if name >= (preview if name.endswith("-preview") else stable)
    )


# Parameters that not every version has. Where the first stable version is not known for sure, it is the
# first one after the preview.
_VERSIONS: Mapping[str, Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "EntityRecognition": {
            "inclusionList": _since("2023-04-15", "2024-11-01"),
            "exclusionList": _since("2023-04-15", "2024-11-01"),
            "overlapPolicy": _since("2023-04-15", "2024-11-01"),
            "inferenceOptions": _since("2023-11-15", "2024-11-01"),
        },
        "PiiEntityRecognition": {
            "excludePiiCategories": _since("2023-04-15", "2025-11-01"),
            "redactionCharacter": frozenset({"2023-04-15-preview", "2023-11-15-preview"}),
            "redactionPolicy": frozenset({"2024-11-15-preview", "2025-05-15-preview", "2025-11-01"}),
            "valueExclusionPolicy": _since("2025-05-15", "2025-11-01"),
            "entitySynonyms": _since("2025-05-15", "2025-11-01"),
            "redactionPolicies": _since("2025-11-15", "2026-05-01"),
            "confidenceScoreThreshold": _since("2025-11-15", "2026-05-01"),
            "disableEntityValidation": _since("2025-11-15", "2026-05-01"),
        },
        # In the models of 2025-11-01, and in none of the stable versions before that could be had.
        "Healthcare": {
            "fhirVersion": _since("2022-05-15", "2025-11-01"),
            "documentType": _since("2022-10-01", "2025-11-01"),
        },
        "ExtractiveSummarization": {"query": _since("2023-11-15", "2025-11-01")},
        "AbstractiveSummarization": {"summaryLength": _since("2023-11-15", "2024-11-01")},
    }
)

_REDACTION_KINDS = ("noMask", "characterMask", "entityMask", "syntheticReplacement")


def one_of(*values: str) -> Check:
    """Return what takes one of some strings, in any case."""

    def check(name: str, value: Any) -> str | None:
        # The service reads enumerations in any case: "EntityMask" was accepted for entityMask.
        if isinstance(value, str) and value.lower() in {known.lower() for known in values}:
            return None
        return f"Parameter '{name}' must be one of: {', '.join(values)}."

    return check


def boolean(name: str, value: Any) -> str | None:
    """Take a boolean."""
    return None if isinstance(value, bool) else f"Parameter '{name}' must be a boolean."


def _strings(name: str, value: Any) -> str | None:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return None
    return f"Parameter '{name}' must be an array of strings."


def sentence_count(name: str, value: Any) -> str | None:
    """Take a number of sentences that a summary may have."""
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _MAX_SENTENCES:
        return None
    return f"Parameter '{name}' must be an integer from 1 to {_MAX_SENTENCES}."


def policy(kinds: tuple[str, ...]) -> Check:
    """Return what takes an object with one of some policy kinds."""
    check_kind = one_of(*kinds)

    def check(name: str, value: Any) -> str | None:
        if not isinstance(value, dict):
            return f"Parameter '{name}' must be an object."
        return check_kind(f"{name}.policyKind", value.get("policyKind"))

    return check


def _policies(kinds: tuple[str, ...]) -> Check:
    check_policy = policy(kinds)

    def check(name: str, value: Any) -> str | None:
        if not isinstance(value, list):
            return f"Parameter '{name}' must be an array."
        findings = (check_policy(f"{name}[{index}]", item) for index, item in enumerate(value))
        return next((finding for finding in findings if finding), None)

    return check


check_index_type = one_of(*(index_type.value for index_type in StringIndexType))
"""Takes the name of a unit of offsets."""

_INDEX_TYPE = {"stringIndexType": check_index_type}
_COMMON: Mapping[str, Check] = MappingProxyType({"loggingOptOut": boolean})
_CHECKS: Mapping[str, Mapping[str, Check]] = MappingProxyType(
    {
        "SentimentAnalysis": {"opinionMining": boolean, **_INDEX_TYPE},
        "EntityRecognition": {
            "inclusionList": _strings,
            "exclusionList": _strings,
            "overlapPolicy": policy(("matchLongest", "allowOverlap")),
            **_INDEX_TYPE,
        },
        "PiiEntityRecognition": {
            "domain": one_of("none", "phi"),
            "piiCategories": _strings,
            "excludePiiCategories": _strings,
            "redactionCharacter": one_of(*"!#$%&*+-=?@^_~"),
            "redactionPolicy": policy(_REDACTION_KINDS),
            "redactionPolicies": _policies(_REDACTION_KINDS),
            **_INDEX_TYPE,
        },
        "EntityLinking": _INDEX_TYPE,
        "Healthcare": {
            "fhirVersion": one_of("4.0.1"),
            "documentType": one_of(
                "None",
                "ClinicalTrial",
                "DischargeSummary",
                "ProgressNote",
                "HistoryAndPhysical",
                "Consult",
                "Imaging",
                "Pathology",
                "ProcedureNote",
            ),
            **_INDEX_TYPE,
        },
        "ExtractiveSummarization": {
            "sentenceCount": sentence_count,
            "sortBy": one_of("Offset", "Rank"),
            **_INDEX_TYPE,
        },
        "AbstractiveSummarization": {
            "sentenceCount": sentence_count,
            "summaryLength": one_of("short", "medium", "long"),
            **_INDEX_TYPE,
        },
        "CustomEntityRecognition": _INDEX_TYPE,
    }
)


def known_parameters(kind: str, parameters: Mapping[str, Any], version: ApiVersion) -> Mapping[str, Any]:
    """Return the parameters of a task without those that the API version does not have yet, or no more.

    The service is not known to refuse them, and they have no effect there.
    """
    absent = {name for name, versions in _VERSIONS.get(kind, {}).items() if version.name not in versions}
    return MappingProxyType({name: value for name, value in parameters.items() if name not in absent})


def check_parameters(task: Task) -> None:
    """Refuse parameters that the service refuses at submission.

    Null counts as absent.

    Raises:
        ServiceError: The model version is none, a required parameter is missing, or a value is not one of
            those that the parameter takes.
    """
    if task.is_custom:
        check_project(task)
    else:
        check_model_version(task)
    for name, check in {**_COMMON, **_CHECKS.get(task.kind, {})}.items():
        value = task.parameters.get(name)
        finding = None if value is None else check(name, value)
        if finding:
            raise errors.invalid_parameter(finding)


def knows_model(asked: Any) -> bool:
    """Return whether a ``modelVersion`` is one; None, which is the latest, is."""
    if asked is None or asked in ("latest", MODEL_VERSION):
        return True
    return isinstance(asked, str) and _DATED_MODEL.fullmatch(asked) is not None


def string_index_type(task: Task) -> StringIndexType:
    """Return the unit of the offsets in a task's results; the default is text elements."""
    return index_type(task.parameters)


def index_type(parameters: Mapping[str, Any]) -> StringIndexType:
    """Return the unit of offsets that parameters ask for; the default is text elements."""
    asked = parameters.get("stringIndexType") or StringIndexType.TEXT_ELEMENTS.value
    units = {unit.value.lower(): unit for unit in StringIndexType}
    # Kinds without offsets have no such parameter, so anything may stand there.
    return units.get(str(asked).lower(), StringIndexType.TEXT_ELEMENTS)


def check_model_version(task: Task) -> None:
    """Refuse a model version that is none.

    Raises:
        ServiceError: It is neither ``latest`` nor a date.
    """
    asked = task.parameters.get("modelVersion")
    if not knows_model(asked):
        task_type, supported = _MODELS.get(task.kind, (task.kind, "latest"))
        raise errors.invalid_parameter(
            f"Job task parameter value {asked} is not supported for model-version parameter for job task "
            f"type {task_type}. Supported values {supported}."
        )


def check_project(task: Task) -> None:
    """Refuse a task of a custom kind that does not say whose model it runs.

    Raises:
        ServiceError: It lacks ``projectName`` or ``deploymentName``.
    """
    for name in ("projectName", "deploymentName"):
        value = task.parameters.get(name)
        if not isinstance(value, str) or not value.strip():
            raise errors.invalid_parameter(f"Parameter '{name}' is required for task kind {task.kind}.")
