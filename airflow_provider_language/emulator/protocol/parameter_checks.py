"""Task parameters that the service refuses when a job is submitted.

One bad parameter refuses the whole job. What an accepted parameter does is the engines' matter; a
parameter that a kind does not have is ignored.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.protocol import entity_categories, errors
from airflow_provider_language.emulator.protocol.identity import MODEL_VERSION
from airflow_provider_language.emulator.protocol.offsets import StringIndexType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from airflow_provider_language.emulator.protocol.job_requests import Task
    from airflow_provider_language.emulator.protocol.versions import ApiVersion

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


_FIRST_REDACTION_KINDS = ("noMask", "characterMask", "entityMask")


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


def _categories(known: frozenset[str]) -> Check:
    """Return what takes an array of some names, in any case; what the service does of others is unknown."""
    lowered = {name.lower() for name in known}

    def check(name: str, value: Any) -> str | None:
        finding = _strings(name, value)
        if finding:
            return finding
        unknown = [item for item in value if item.lower() not in lowered]
        if not unknown:
            return None
        return errors.by_emulator(f"Parameter '{name}' holds {unknown[0]!r}, which is no category.")

    return check


def sentence_count(name: str, value: Any) -> str | None:
    """Take a number of sentences that a summary may have."""
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _MAX_SENTENCES:
        return None
    return f"Parameter '{name}' must be an integer from 1 to {_MAX_SENTENCES}."


def policy(kinds: tuple[str, ...]) -> Check:
    """Return what takes an object with one of some policy kinds."""
    check_kind, check_types = one_of(*kinds), _categories(entity_categories.ALL_PII)

    def check(name: str, value: Any) -> str | None:
        if not isinstance(value, dict):
            return f"Parameter '{name}' must be an object."
        types = value.get("entityTypes")
        finding = None if types is None else check_types(f"{name}.entityTypes", types)
        return check_kind(f"{name}.policyKind", value.get("policyKind")) or finding

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
            "inclusionList": _categories(entity_categories.ENTITIES),
            "exclusionList": _categories(entity_categories.ENTITIES),
            "overlapPolicy": policy(("matchLongest", "allowOverlap")),
            **_INDEX_TYPE,
        },
        "PiiEntityRecognition": {
            "domain": one_of("none", "phi"),
            "redactionCharacter": one_of(*"!#$%&*+-=?@^_~"),
            "redactionPolicy": policy(_FIRST_REDACTION_KINDS),
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


def check_parameters(task: Task, version: ApiVersion) -> None:
    """Refuse parameters that the service refuses at submission.

    Null counts as absent.

    Args:
        task: The task.
        version: The API version that it is submitted by.

    Raises:
        ServiceError: The model version is none, a required parameter is missing, or a value is not one of
            those that the parameter takes.
    """
    if task.is_custom:
        check_project(task)
    else:
        check_model_version(task)
    checks = {**_COMMON, **_CHECKS.get(task.kind, {})}
    if task.kind == "PiiEntityRecognition":
        checks.update(_checks_of_pii(version))
    for name, check in checks.items():
        value = task.parameters.get(name)
        finding = None if value is None else check(name, value)
        if finding:
            raise errors.invalid_parameter(finding)


def _checks_of_pii(version: ApiVersion) -> Mapping[str, Check]:
    """Return the checks that differ by version."""
    known = entity_categories.pii_of(version.name)
    return {
        "piiCategories": _categories(known | entity_categories.PII_SETS),
        "excludePiiCategories": _categories(known),
        "redactionPolicies": _policies(version.redaction_kinds),
    }


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
