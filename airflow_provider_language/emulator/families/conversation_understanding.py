"""Conversational language understanding: the synchronous ``:analyze-conversations``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.families.conversation_versions import SYNCHRONOUS_VERSIONS
from airflow_provider_language.emulator.families.synchronous import Operation
from airflow_provider_language.emulator.projects.project import CONVERSATION
from airflow_provider_language.emulator.protocol import errors
from airflow_provider_language.emulator.protocol.json_bodies import optional_object, optional_string
from airflow_provider_language.emulator.protocol.offsets import StringIndexType, convert_result
from airflow_provider_language.emulator.protocol.parameter_checks import boolean, index_type, one_of
from airflow_provider_language.emulator.protocol.versions import find_version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airflow_provider_language.emulator.engines import Detector, Engines
    from airflow_provider_language.emulator.families.synchronous import Work

_CHECKS = {
    # The official sample of 2023-04-01 spells text elements like v3.1.
    "stringIndexType": one_of(*(unit.value for unit in StringIndexType), "TextElement_v8"),
    "verbose": boolean,
    "isLoggingEnabled": boolean,
}


def read_request(body: Mapping[str, Any], query: Mapping[str, str]) -> Work:
    """Return the work of ``:analyze-conversations``.

    Of its kinds only ``Conversation`` is served, by projects of the kinds ``Conversation`` and
    ``Orchestration``; of the targets of the latter only ``Conversation``.

    Raises:
        GatewayError: The version is missing or unknown.
        ServiceError: The kind is another one, or what it needs is missing.
    """
    find_version(SYNCHRONOUS_VERSIONS, query)
    kind = optional_string(body, "kind")
    if kind != CONVERSATION:
        raise errors.kind_not_served(str(kind), [CONVERSATION])
    item = optional_object(optional_object(body, "analysisInput"), "conversationItem")
    for name in ("id", "participantId"):
        if not optional_string(item, name):
            raise errors.invalid_document(f"The conversationItem must have '{name}'.")
    text = optional_string(item, "text")
    if not text:
        raise errors.invalid_document("The conversationItem has no text.")
    parameters = optional_object(body, "parameters")
    unit = _unit(parameters)

    def work(engines: Engines, _: Detector) -> dict[str, Any]:
        prediction = engines[CONVERSATION](text, optional_string(item, "language") or "en", parameters)
        found = convert_result(prediction, text, unit)
        return {"kind": "ConversationResult", "result": {"query": text, "prediction": found}}

    return work


def _unit(parameters: Mapping[str, Any]) -> StringIndexType:
    """Check the parameters and return the unit of offsets that they ask for."""
    for name in ("projectName", "deploymentName"):
        if not optional_string(parameters, name):
            raise errors.invalid_parameter(f"Parameter '{name}' is required for kind {CONVERSATION}.")
    for name, check in _CHECKS.items():
        value = parameters.get(name)
        finding = None if value is None else check(name, value)
        if finding:
            raise errors.invalid_parameter(finding)
    return index_type(parameters)


OPERATION = Operation("/language/:analyze-conversations", read_request)
"""The operation, for the server's table."""
