"""What a job computes: every task over every document, by the engines, once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.engines import MissingEngine, UnsupportedLanguage
from airflow_provider_language.emulator.jobs.outcomes import DocumentOutcome, Language, TaskOutcome
from airflow_provider_language.emulator.protocol import document_errors
from airflow_provider_language.emulator.protocol.json_bodies import serialize
from airflow_provider_language.emulator.protocol.offsets import convert_result, count_text_elements
from airflow_provider_language.emulator.protocol.parameter_checks import string_index_type
from airflow_provider_language.emulator.protocol.parameter_versions import engine_parameters

if TYPE_CHECKING:
    from airflow_provider_language.emulator.engines import Detector, Engine, Engines
    from airflow_provider_language.emulator.protocol.job_requests import Document, Submission, Task
    from airflow_provider_language.emulator.protocol.versions import ApiVersion

UNKNOWN_LANGUAGE = "(Unknown)"

_log = logging.getLogger(__name__)


def analyze(
    submission: Submission, version: ApiVersion, engines: Engines, detect: Detector
) -> tuple[TaskOutcome, ...]:
    """Run all tasks of a job; slow, so not for the event loop.

    Args:
        submission: The job; every kind of it has an engine.
        version: The API version that it was submitted by.
        engines: The engine of each kind.
        detect: What finds the language of documents that ask for that.

    Returns:
        One outcome per task, in submit order. An engine that breaks fails its task, nothing else.
    """
    try:
        languages = [_language(document, submission, version, detect) for document in submission.documents]
    except MissingEngine as missing:
        return (TaskOutcome(failure=str(missing)),) * len(submission.tasks)
    prepared = [
        _prepare(document, language, submission.longest_text)
        for document, language in zip(submission.documents, languages, strict=True)
    ]
    return tuple(
        _run(replace(task, parameters=engine_parameters(task, version)), prepared, engines[task.kind])
        for task in submission.tasks
    )


@dataclass(frozen=True)
class _Prepared:
    """A document with what is the same for all tasks; ``error`` says why no task can have it."""

    document: Document
    characters: int
    language: Language
    error: Mapping[str, Any] | None


def _prepare(document: Document, language: Language, longest: int | None) -> _Prepared:
    characters = count_text_elements(document.text)
    error = None
    if not characters:
        error = document_errors.empty_document_error()
    elif longest is not None and characters > longest:
        error = document_errors.oversized_document_error(longest)
    return _Prepared(document, characters, language, error)


def _language(document: Document, submission: Submission, version: ApiVersion, detect: Detector) -> Language:
    if document.language.lower() != "auto" or not version.detects_language or not document.text:
        return Language(document.language)
    detected = detect(document.text)
    if detected.iso6391_name == UNKNOWN_LANGUAGE:
        return Language(submission.default_language, detected, is_defaulted=True)
    return Language(detected.iso6391_name, detected)


def run_task(kind: str, compute: Callable[[], Iterable[DocumentOutcome]]) -> TaskOutcome:
    """Return what becomes of a task, of which an engine that is missing or breaks fails the whole.

    Args:
        kind: The request kind, for the log.
        compute: Returns the outcome of each document.
    """
    try:
        return TaskOutcome(tuple(compute()))
    except MissingEngine as missing:
        _log.error("%s failed: %s", kind, missing)
        return TaskOutcome(failure=str(missing))
    except Exception as error:  # noqa: BLE001 - like the service, where a broken model fails its task alone
        _log.exception("%s failed", kind)
        return TaskOutcome(failure=f"{type(error).__name__} in the engine of the emulator.")


def _run(task: Task, documents: list[_Prepared], engine: Engine) -> TaskOutcome:
    return run_task(task.kind, lambda: [_analyze_one(task, prepared, engine) for prepared in documents])


def _analyze_one(task: Task, prepared: _Prepared, engine: Engine) -> DocumentOutcome:
    document, language = prepared.document, prepared.language
    if prepared.error is not None:
        return DocumentOutcome(document.id, prepared.characters, language, error=prepared.error)
    try:
        fields = engine(document.text, language.code, task.parameters)
    except UnsupportedLanguage as unsupported:
        refusal = document_errors.unsupported_language_error(unsupported.supported)
        return DocumentOutcome(document.id, prepared.characters, language, error=refusal)
    converted = convert_result(fields, document.text, string_index_type(task))
    return DocumentOutcome(document.id, prepared.characters, language, fields=serialize(converted))
