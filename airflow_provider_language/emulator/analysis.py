"""What a job computes: every task over every document, by the engines, once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import errors
from .engines import DetectedLanguage, Engine, MissingEngine, UnsupportedLanguage
from .json_bodies import serialize
from .offsets import convert_result, count_text_elements
from .parameters import string_index_type

if TYPE_CHECKING:
    from .submissions import Document, Submission, Task
    from .versions import ApiVersion

Engines = Mapping[str, Engine]
Detector = Callable[[str], DetectedLanguage]

UNKNOWN_LANGUAGE = "(Unknown)"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Language:
    """The language that a document is analysed in.

    Attributes:
        code: For the engine.
        detected: What was found, if the document asked for that.
        is_defaulted: Whether nothing was found and the job's default is used.
    """

    code: str
    detected: DetectedLanguage | None = None
    is_defaulted: bool = False


@dataclass(frozen=True)
class DocumentOutcome:
    """What one task made of one document.

    Attributes:
        id: The document's id.
        characters: Its length in text elements.
        language: What it was analysed in.
        fields: The kind's fields of the result, offsets as the task asked for, as JSON (jobs are kept for
            a day, and objects take ten times the room); None if there is an error.
        error: Why there is no result; None if there is one.
    """

    id: str
    characters: int
    language: Language
    fields: bytes | None = None
    error: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class TaskOutcome:
    """What became of one task.

    Attributes:
        documents: One outcome per document, in input order; empty if the task failed.
        failure: Why the task failed as a whole; None if it did not.
        has_target: Whether the job's error for a failed task points to it.
    """

    documents: tuple[DocumentOutcome, ...] = ()
    failure: str | None = None
    has_target: bool = True


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
    return tuple(_run(task, prepared, engines[task.kind]) for task in submission.tasks)


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
        error = errors.empty_document_error()
    elif longest is not None and characters > longest:
        error = errors.oversized_document_error(longest)
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
        refusal = errors.unsupported_language_error(language.code, unsupported.supported)
        return DocumentOutcome(document.id, prepared.characters, language, error=refusal)
    converted = convert_result(fields, document.text, string_index_type(task))
    return DocumentOutcome(document.id, prepared.characters, language, fields=serialize(converted))
