"""Rows without the personal data that was found: where it stands and of which category it is stays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from airflow_provider_language.exceptions import InvalidInputError
from airflow_provider_language.protocol.inputs.tasks import WireTask
from airflow_provider_language.protocol.jobs.results import Row, RowStatus
from airflow_provider_language.protocol.json_values import JsonObject, objects_in
from airflow_provider_language.protocol.versions import CONVERSATION_PII

_TEXT_KIND = "PiiEntityRecognition"
REDACTING_KINDS = frozenset({_TEXT_KIND, CONVERSATION_PII})
"""The kinds whose results have the text without personal data; those of all others quote it."""
_NO_MASK = "nomask"


def check_redacts(tasks: Iterable[WireTask]) -> None:
    """Refuse tasks whose results would have personal data in them all the same.

    Raises:
        InvalidInputError: a task is of another kind, or asks for a text that is not redacted.
    """
    for task in tasks:
        if task.kind not in REDACTING_KINDS:
            raise InvalidInputError(
                f"redacted_only is for tasks that redact, and results of {task.kind} quote the text. Give "
                "that task a corpus of its own, such as the redacted texts of this one."
            )
        if _NO_MASK in _policies(task.parameters):
            raise InvalidInputError(f"redacted_only is set, and task {task.name!r} asks for noMask.")


def redacting_task(tasks: Iterable[WireTask]) -> WireTask:
    """The task whose redacted texts stand for the texts in a copy of the source.

    Raises:
        InvalidInputError: there is none, there are several, or it asks for a text that is not redacted.
    """
    found = [task for task in tasks if task.kind in REDACTING_KINDS]
    if len(found) != 1:
        raise InvalidInputError(
            f"redacted_copy takes the texts of one task {_TEXT_KIND}, or one {CONVERSATION_PII}, "
            f"and there {f'are {len(found)}' if found else 'is none'}. Give one of them."
        )
    if _NO_MASK in _policies(found[0].parameters):
        raise InvalidInputError(f"redacted_copy is set, and task {found[0].name!r} asks for noMask.")
    return found[0]


def redacted_text(row: JsonObject) -> str | None:
    """The redacted text of a row of a task that redacts, as it has landed; None if it has none."""
    result = row.get("result")
    text = result.get("redactedText") if isinstance(result, Mapping) else None
    if row.get("status") != RowStatus.OK.value or not isinstance(text, str):
        return None
    return writable(text)


def writable(text: str) -> str:
    """A text with a question mark for each half of a surrogate pair, which can be written nowhere."""
    return text.encode(errors="replace").decode()


def _policies(parameters: object) -> Iterator[str]:
    """The kinds of all policies, however deep they stand."""
    if isinstance(parameters, Mapping):
        for name, value in parameters.items():
            if name == "policyKind":
                yield str(value).lower()
            yield from _policies(value)
    elif isinstance(parameters, (list, tuple)):
        for value in parameters:
            yield from _policies(value)


def redacted(row: Row) -> Row:
    """A row without what was found; the redacted text, places, lengths, categories and masks stay."""
    if row.result is None:
        return row
    return replace(row, result=_without_texts(row.result))


def _without_texts(result: JsonObject) -> JsonObject:
    told = dict(result)
    if "entities" in told:
        told["entities"] = [_without_text(entity) for entity in objects_in(told["entities"])]
    if "conversationItems" in told:
        told["conversationItems"] = [_without_texts(item) for item in objects_in(told["conversationItems"])]
    return told


def _without_text(entity: JsonObject) -> JsonObject:
    return {name: value for name, value in entity.items() if name in _TOLD}


_TOLD = frozenset(
    {
        "category",
        "confidenceScore",
        "length",
        "mask",
        "maskLength",
        "maskOffset",
        "offset",
        "subcategory",
        "tags",
        "type",
    }
)
"""What stays of an entity; what a later version adds may quote the text, and goes."""
