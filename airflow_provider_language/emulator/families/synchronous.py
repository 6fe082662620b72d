"""Analyses that are answered at once: the Language API's ``:analyze-text`` and the paths of v3.1.

They share tasks, engines and the layout of results with jobs; what is theirs are smaller limits, and that a
document which is too long is an error of that document alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.families.detection import detect_all
from airflow_provider_language.emulator.families.legacy_jobs import language_parameters
from airflow_provider_language.emulator.families.task_results import task_results
from airflow_provider_language.emulator.jobs.computing import analyze
from airflow_provider_language.emulator.protocol import errors, limits
from airflow_provider_language.emulator.protocol.job_requests import Submission, Task, read_documents
from airflow_provider_language.emulator.protocol.json_bodies import optional_object, optional_string
from airflow_provider_language.emulator.protocol.paging import Page
from airflow_provider_language.emulator.protocol.parameter_checks import (
    check_parameters,
    knows_model,
)
from airflow_provider_language.emulator.protocol.parameter_versions import known_parameters
from airflow_provider_language.emulator.protocol.versions import (
    LANGUAGE_VERSIONS,
    TEXT_ANALYTICS_V3_1,
    find_version,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from airflow_provider_language.emulator.engines import Detector, Engines
    from airflow_provider_language.emulator.protocol.job_requests import Document
    from airflow_provider_language.emulator.protocol.versions import ApiVersion

    Work = Callable[[Engines, Detector], dict[str, Any]]
    """Computes the body of an answer; slow, so not for the event loop."""

_DETECTION = "LanguageDetection"
# Documents of a request by kind. Source: the page "Data and rate limits", November 2025.
_MAX_DOCUMENTS: Mapping[str, int] = MappingProxyType(
    {
        "SentimentAnalysis": 10,
        "KeyPhraseExtraction": 10,
        "EntityRecognition": 5,
        "PiiEntityRecognition": 5,
        "EntityLinking": 5,
    }
)
# Of v3.1, in a container only: there the same page names 1000 documents, and no smaller texts than in jobs.
_MAX_HEALTHCARE_DOCUMENTS = 1000
_BOOLEANS: Mapping[str, bool] = MappingProxyType({"true": True, "false": False})


@dataclass(frozen=True)
class Operation:
    """One operation that is answered at once.

    Attributes:
        path: Where it is.
        read: From a body and a query to the work that answers them.
        chunked: Whether answers are sent chunked.
    """

    path: str
    read: Callable[[Mapping[str, Any], Mapping[str, str]], Work]
    chunked: bool = False


def _read_language_request(body: Mapping[str, Any], query: Mapping[str, str]) -> Work:
    """Return the work of ``:analyze-text``.

    Raises:
        GatewayError: The version is missing or unknown.
        ServiceError: The kind is no synchronous one, or its documents or parameters are refused.
    """
    version = find_version(LANGUAGE_VERSIONS, query)
    kind = optional_string(body, "kind") or ""
    owner = optional_object(body, "analysisInput")
    if kind == _DETECTION:
        work = _detection(owner, "MissingInputDocuments", query)
    elif kind in _MAX_DOCUMENTS:
        parameters = known_parameters(kind, optional_object(body, "parameters"), version)
        documents = _documents(owner, "MissingInputDocuments", _MAX_DOCUMENTS[kind])
        work = _analysis(Task(kind, None, parameters), documents, version, query)
    else:
        supported = ", ".join(sorted({*_MAX_DOCUMENTS, _DETECTION}))
        raise errors.invalid_parameter(f"Kind '{kind}' is not synchronous. Supported kinds: {supported}.")
    return lambda engines, detect: {"kind": f"{kind}Results", "results": work(engines, detect)}


def _read_legacy_request(body: Mapping[str, Any], query: Mapping[str, str], *, kind: str) -> Work:
    """Return the work of one path of v3.1, whose parameters stand in the query.

    Raises:
        ServiceError: Its documents or parameters are refused.
    """
    parameters = language_parameters(_query_parameters(query))
    model = parameters.get("modelVersion")
    if not knows_model(model):
        raise errors.model_version_incorrect(model)
    if kind == _DETECTION:
        return _detection(body, "MissingInputRecords", query)
    documents = _documents(body, "MissingInputRecords", _MAX_DOCUMENTS.get(kind, _MAX_HEALTHCARE_DOCUMENTS))
    task = Task(kind, None, known_parameters(kind, parameters, TEXT_ANALYTICS_V3_1))
    return _analysis(task, documents, TEXT_ANALYTICS_V3_1, query)


def _query_parameters(query: Mapping[str, str]) -> dict[str, Any]:
    parameters: dict[str, Any] = dict(query)
    for name in ("loggingOptOut", "opinionMining"):
        if name in query:
            parameters[name] = _BOOLEANS.get(query[name].lower(), query[name])
    if "piiCategories" in query:
        parameters["piiCategories"] = query["piiCategories"].split(",")
    return parameters


def _documents(owner: Mapping[str, Any], missing_code: str, limit: int) -> tuple[Document, ...]:
    documents = read_documents(owner)
    if not documents:
        raise errors.missing_documents(missing_code)
    limits.check_batch(documents, limit)
    return documents


def _analysis(
    task: Task, documents: tuple[Document, ...], version: ApiVersion, query: Mapping[str, str]
) -> Work:
    check_parameters(task, version)
    longest = (
        limits.MAX_SYNCHRONOUS_TEXT_ELEMENTS if task.kind in _MAX_DOCUMENTS else limits.MAX_TEXT_ELEMENTS
    )
    submission = Submission(documents, (task,), longest_text=longest)
    page = Page(top=len(documents), show_stats=query.get("showStats"))

    def work(engines: Engines, detect: Detector) -> dict[str, Any]:
        if task.kind not in engines:
            raise errors.kind_not_served(task.kind, engines)
        [outcome] = analyze(submission, version, engines, detect)
        if outcome.failure is not None:
            raise errors.engine_failed(outcome.failure)
        return task_results(task, outcome, page, version)

    return work


def _detection(owner: Mapping[str, Any], missing_code: str, query: Mapping[str, str]) -> Work:
    statistics = Page(show_stats=query.get("showStats")).with_statistics
    return lambda _, detect: detect_all(owner, detect, missing_code, with_statistics=statistics)


def _legacy(path: str, kind: str) -> Operation:
    return Operation(f"/text/analytics/v3.1/{path}", partial(_read_legacy_request, kind=kind), chunked=True)


OPERATIONS: tuple[Operation, ...] = (
    Operation("/language/:analyze-text", _read_language_request),
    _legacy("sentiment", "SentimentAnalysis"),
    _legacy("keyPhrases", "KeyPhraseExtraction"),
    _legacy("entities/recognition/general", "EntityRecognition"),
    _legacy("entities/recognition/pii", "PiiEntityRecognition"),
    _legacy("entities/linking", "EntityLinking"),
    _legacy("languages", _DETECTION),
    _legacy("entities/health", "Healthcare"),
)
