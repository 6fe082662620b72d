"""What a job found in one document, as it stands in a row: readable without the page that it came on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from airflow_provider_language.protocol.jobs.faults import ServiceFault
from airflow_provider_language.protocol.jobs.offsets import OFFSETS_UNKNOWN, in_code_points
from airflow_provider_language.protocol.json_values import (
    JsonObject,
    JsonValue,
    object_or_empty,
    objects_in,
    text_or_none,
)
from airflow_provider_language.protocol.quotations import quotation, unsigned
from airflow_provider_language.protocol.versions import CONVERSATION_PII

_REFERRING = {
    "Healthcare": ("relations", "entities"),
    "SentimentAnalysis": ("sentences", "targets", "relations"),
}
"""The kinds whose results point at their own parts, and the way to the objects that do."""
_ON_A_PAGE = re.compile(r"#/(?:results/)?(?:documents|conversations)/[0-9]{1,9}/([^#]{1,200})")
_SUMMARIES = ("summaries", "sentences")
_ROW_LENGTH = 200


class Finding(NamedTuple):
    """What a job found in one document.

    Args:
        result: in the service's words.
        warnings: as the service gave them, and ours.
        language: as detected, if it was.
        text_records: as the service counted them for its bill, if it told.
        fault: why this is no result, although the service calls it one.
    """

    result: JsonObject
    warnings: tuple[JsonObject, ...]
    language: str | None
    text_records: int | None
    fault: ServiceFault | None


def finding_in(kind: str, document: JsonObject) -> Finding:
    """Read what the service says of a document, of which a row has id and warnings in places of their own.

    Args:
        kind: of the task.
        document: as it stands on the page.
    """
    result = {**document}
    result.pop("id", None)
    said = result.pop("warnings", None)
    warnings = objects_in(unsigned(said)) if said else ()
    if kind in _REFERRING and result.get(_REFERRING[kind][0]):
        result = _resolved(result, _REFERRING[kind], result)
    if kind == CONVERSATION_PII and not in_code_points(result):
        warnings = (*warnings, OFFSETS_UNKNOWN)
    return Finding(
        result,
        warnings,
        _detected(document.get("detectedLanguage")),
        _billed(document.get("statistics")),
        _nothing_summed_up(result, warnings) if "Summarization" in kind else None,
    )


def _detected(language: JsonValue) -> str | None:
    """A string in 2022-07-01-preview and for Healthcare, an object elsewhere (docs/service.md, families)."""
    if language is None:
        return None
    return text_or_none(language.get("iso6391Name") if isinstance(language, dict) else language)


def _billed(statistics: JsonValue) -> int | None:
    """What one document costs in one task (docs/service.md, charges)."""
    number = statistics.get("transactionsCount") if isinstance(statistics, dict) else None
    return number if type(number) is int and number >= 0 else None


def _resolved(holder: dict[str, Any], way: Sequence[str], result: JsonObject) -> dict[str, Any]:
    """What holds references, with such as hold within the row: ``#/result/entities/0``.

    The service counts documents from the begin of its page; a document refers to no other one.

    Args:
        holder: the result, or a part of it.
        way: the names of the lists that lead to the references.
        result: which they are to point into.
    """
    if not way:
        return {**holder, "ref": _own(holder["ref"], result)} if "ref" in holder else holder
    name, *further = way
    parts = holder.get(name)
    if not parts or not isinstance(parts, list):
        return holder
    return {
        **holder,
        name: [_resolved(part, further, result) if isinstance(part, dict) else part for part in parts],
    }


def _own(reference: JsonValue, result: JsonObject) -> JsonValue:
    match = _ON_A_PAGE.fullmatch(reference) if isinstance(reference, str) else None
    return f"#/result/{match[1]}" if match and _stands_in(result, match[1]) else reference


def _stands_in(value: JsonValue, path: str) -> bool:
    for step in path.split("/"):
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and re.fullmatch("[0-9]{1,9}", step) and int(step) < len(value):
            value = value[int(step)]
        else:
            return False
    return True


def _nothing_summed_up(result: JsonObject, warnings: tuple[JsonObject, ...]) -> ServiceFault | None:
    """A summary without a text is none; a warning such as ``GenerationFailure`` says why.

    Native documents have theirs in files, and so neither of the fields.
    """
    fields = [result[name] for name in _SUMMARIES if name in result]
    said = (text_or_none(one.get("text")) for field in fields for one in objects_in(field))
    if not fields or any(text.strip() for text in said if text):
        return None
    why = object_or_empty(next(iter(warnings), None))
    return ServiceFault(
        quotation(why.get("code"), _ROW_LENGTH) or "EmptySummary",
        quotation(why.get("message"), _ROW_LENGTH) or "The service gave an empty summary.",
    )
