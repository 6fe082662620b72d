"""Parameters of analyze-conversations: which a version has, and which the service refuses."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.families.conversation_versions import (
    CUSTOM_SUMMARIZATION,
    PII,
    SENTIMENT,
    SUMMARIZATION,
)
from airflow_provider_language.emulator.protocol import errors
from airflow_provider_language.emulator.protocol.parameter_checks import (
    boolean,
    check_index_type,
    check_model_version,
    check_project,
    one_of,
    policy,
    sentence_count,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from airflow_provider_language.emulator.families.conversation_versions import ConversationVersion
    from airflow_provider_language.emulator.protocol.job_requests import Task
    from airflow_provider_language.emulator.protocol.parameter_checks import Check

_AUDIO = "redactAudioTiming"
# Names that changed between versions; asking by another version's name is understood.
_SYNONYMS: Mapping[str, str] = MappingProxyType(
    {
        "name": "Person", "person": "Person", "creditcard": "CreditCardNumber",
        "creditcardnumber": "CreditCardNumber", "phone": "PhoneNumber", "phonenumber": "PhoneNumber",
    }
)  # fmt: skip
_FORM = one_of("lexical", "itn", "maskedItn", "text")
_SUMMARIES: Mapping[str, Check] = MappingProxyType(
    {
        "loggingOptOut": boolean,
        "sentenceCount": sentence_count,
        "summaryLength": one_of("short", "medium", "long"),
        "stringIndexType": check_index_type,
    }
)
_CHECKS: Mapping[str, Mapping[str, Check]] = MappingProxyType(
    {
        PII: {
            "loggingOptOut": boolean,
            _AUDIO: boolean,
            "redactionSource": _FORM,
            "redactionCharacter": one_of(*"!#$%&*+-=?@^_~"),
            "redactionPolicy": policy(("noMask", "characterMask", "entityMask")),
        },
        SUMMARIZATION: _SUMMARIES,
        CUSTOM_SUMMARIZATION: _SUMMARIES,
        SENTIMENT: {"loggingOptOut": boolean, "predictionSource": _FORM},
    }
)


def known_task(task: Task, version: ConversationVersion) -> Task:
    """Return a task with the parameters that the version has, under the names of the newest version.

    The service is not known to refuse others, and they have no effect there.
    """
    known = version.parameters[task.kind]
    parameters = {name: value for name, value in task.parameters.items() if name in known}
    if version.audio_parameter in parameters:
        parameters[_AUDIO] = parameters.pop(version.audio_parameter)
    for name in ("piiCategories", "excludePiiCategories"):
        if isinstance(parameters.get(name), list):
            parameters[name] = [_told(category, version) for category in parameters[name]]
    if isinstance(parameters.get("summaryAspects"), list):
        parameters["summaryAspects"] = [_aspect(each, version) for each in parameters["summaryAspects"]]
    return replace(task, parameters=MappingProxyType(parameters))


def _aspect(aspect: Any, version: ConversationVersion) -> Any:
    """Return an aspect as the version writes it; the service reads enumerations in any case."""
    return next((known for known in version.aspects if known.lower() == str(aspect).lower()), aspect)


def _told(category: Any, version: ConversationVersion) -> Any:
    if not isinstance(category, str) or not version.takes_other_names:
        return category
    found = _SYNONYMS.get(category.lower(), category)
    return version.categories.get(found, category)


def check_task(task: Task, version: ConversationVersion) -> None:
    """Refuse parameters that the service refuses at submission; null counts as absent.

    Raises:
        ServiceError: The model version is none, a required parameter is missing, an aspect or a category is
            not one of the version's, or a value is not one of those that the parameter takes.
    """
    if task.is_custom:
        check_project(task)
    else:
        check_model_version(task)
    for name, check in _CHECKS[task.kind].items():
        value = task.parameters.get(name)
        finding = None if value is None else check(name, value)
        if finding:
            raise errors.invalid_parameter(finding)
    if "summaryAspects" in version.parameters[task.kind]:
        _check_names(task, "summaryAspects", version.aspects)
        if not task.parameters.get("summaryAspects"):
            raise errors.invalid_parameter(
                f"Parameter 'summaryAspects' is required for task kind {task.kind}."
            )
    if task.kind == PII:
        _check_categories(task, version)


def _check_categories(task: Task, version: ConversationVersion) -> None:
    found = sorted({*version.categories.values(), *version.unfound})
    _check_names(task, "piiCategories", [*found, "All", "Default"])
    _check_names(task, "excludePiiCategories", found)


def _check_names(task: Task, name: str, known: Sequence[str]) -> None:
    value = task.parameters.get(name)
    if value is None:
        return
    if not isinstance(value, list):
        raise errors.invalid_parameter(f"Parameter '{name}' must be an array of strings.")
    check = one_of(*known)
    for item in value:
        finding = check(name, item)
        if finding:
            raise errors.invalid_parameter(finding)
