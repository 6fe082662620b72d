"""Errors in the service's words: the cause dug out, on one line, cut before anything searches in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from airflow_provider_language.protocol.json_values import JsonObject, JsonValue, objects_in
from airflow_provider_language.protocol.quotations import CODE, MESSAGE, quotation

DETAILS = 5
"""How many of the details of one error are read."""


@dataclass(frozen=True)
class ServiceFault:
    """An error in the service's words.

    Args:
        code: the innermost code, which is the most specific one.
        message: the message beside it, and what the error's details say.
        target: what it is about (``#/tasks/items/0``), where the service says so.
    """

    code: str
    message: str
    target: str | None = None


def fault_from(error: JsonValue) -> ServiceFault:
    """Read an error object, descending into ``innererror`` and ``details`` (docs/service.md, errors).

    Its words are told as :func:`quotation` gives them: the service may quote a blob's location, with its SAS.
    """
    if not isinstance(error, dict):
        return ServiceFault("", "")
    own = _descent(error)
    details = [_descent(one) for level in own for one in objects_in(level.get("details"))][:DETAILS]
    codes = [_said(path, "code", CODE) for path in ([own, *details] if own[1:] else [*details, own])]
    messages = dict.fromkeys(_said(path, "message", MESSAGE) for path in (own, *details))
    targets = [quotation(path[0].get("target")).strip() for path in (own, *details)]
    return ServiceFault(
        next(filter(None, codes), ""),
        " ".join(filter(None, messages))[:MESSAGE],
        next(filter(None, targets), None),
    )


def fault_of_body(payload: JsonObject | None) -> ServiceFault:
    """Read the error of an answer ``{"error": {...}}``, or of the gateway's own form; empty without one.

    API Management answers ``{"statusCode": 401, "message": "..."}`` where it refuses a call itself.
    """
    body = payload or {}
    error = body.get("error")
    return fault_from(error if isinstance(error, dict) else {"code": body.get("statusCode"), **body})


def _descent(error: JsonObject) -> Sequence[JsonObject]:
    path = [error]
    while isinstance(deeper := path[-1].get("innererror"), dict):
        path.append(deeper)
    return path


def _said(path: Sequence[JsonObject], name: str, length: int) -> str:
    return quotation(path[-1].get(name), length).strip() or quotation(path[0].get(name), length).strip()
