"""What a job of native documents does: reads blobs, runs the engines over their texts, writes blobs.

Results are written as soon as they are there, which may be before the job's clock says so; a job that is
cancelled later leaves what it has written.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from airflow_provider_language.emulator.blobs.document_files import (
    SUFFIXES,
    UnsupportedFile,
    content_type,
    file_of,
    redacted_suffix,
    suffix_of,
    text_of,
)
from airflow_provider_language.emulator.blobs.places import Place, PlaceError
from airflow_provider_language.emulator.blobs.stores import BlobError
from airflow_provider_language.emulator.engines import MissingEngine, UnsupportedLanguage, without_types
from airflow_provider_language.emulator.jobs.computing import UNKNOWN_LANGUAGE
from airflow_provider_language.emulator.jobs.outcomes import DocumentOutcome, Language, TaskOutcome
from airflow_provider_language.emulator.protocol import document_errors
from airflow_provider_language.emulator.protocol.job_requests import Document, Submission, Task
from airflow_provider_language.emulator.protocol.json_bodies import serialize
from airflow_provider_language.emulator.protocol.offsets import convert_result, count_text_elements
from airflow_provider_language.emulator.protocol.parameter_checks import string_index_type
from airflow_provider_language.emulator.protocol.parameter_versions import engine_parameters

if TYPE_CHECKING:
    from airflow_provider_language.emulator.blobs.stores import Storage
    from airflow_provider_language.emulator.engines import Detector, Engines
    from airflow_provider_language.emulator.protocol.versions import ApiVersion

_BLOB = "AzureBlob"
_WITH_ENTITY_TYPES = ("PiiEntityRecognition",)
_LAYOUT_IS_LOST = {
    "code": "EmulatorApproximation",
    "message": "The redacted file holds the text of the document alone, without its layout and pictures.",
}

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class NativeDocument(Document):
    """Files to read, and where to write; the text is not known before they are read.

    Attributes:
        source_kind: Whether ``source`` is a blob, a container or a folder.
        source: Where the files are.
        target: The container or folder below which results are written.
    """

    source_kind: str
    source: Place
    target: Place


@dataclass(frozen=True)
class Run:
    """What a job runs with.

    Attributes:
        job_id: The job; results are written into a folder of this name.
        version: The API version that it was submitted by.
        engines: The engine of each kind.
        detect: What finds the language of documents that ask for that.
        storage: Where blobs may be.
    """

    job_id: str
    version: ApiVersion
    engines: Engines
    detect: Detector
    storage: Storage


@dataclass(frozen=True)
class _File:
    """One blob that was read."""

    place: Place
    text: str
    language: str


@dataclass(frozen=True)
class _Output:
    """What one task made of one file: the blobs that it wrote, and what there is to say of them."""

    places: list[Place]
    warnings: list[Mapping[str, Any]]


class _Refused(Exception):  # noqa: N818 - what becomes of one document
    """A document is an error of its own."""

    def __init__(self, error: Mapping[str, Any]) -> None:
        super().__init__(error)
        self.error = error


def analyze(submission: Submission, run: Run) -> tuple[TaskOutcome, ...]:
    """Run all tasks of a job; slow, so not for the event loop.

    Args:
        submission: A job whose documents are native ones.
        run: What it runs with.

    Returns:
        One outcome per task, in submit order. An engine that breaks fails its task, nothing else.
    """
    documents = [document for document in submission.documents if isinstance(document, NativeDocument)]
    try:
        read = [_read(document, submission.default_language, run) for document in documents]
    except MissingEngine as missing:
        return (TaskOutcome(failure=str(missing)),) * len(submission.tasks)
    numbers = _Numbers()
    return tuple(_run_task(task, documents, read, run, numbers) for task in submission.tasks)


class _Numbers:
    """Counts the results of each kind, so that no two of a job have one folder.

    The page's only sample shows ``PiiEntityRecognition-0001`` for a job of one document; what is counted is
    inferred.
    """

    def __init__(self) -> None:
        self._last: dict[str, int] = {}

    def folder(self, kind: str) -> str:
        self._last[kind] = self._last.get(kind, 0) + 1
        return f"{kind}-{self._last[kind]:04}"


def _read(document: NativeDocument, default: str, run: Run) -> list[_File] | _Refused:
    """Return the files of a document, or why there are none."""
    try:
        places = _places(document, run.storage)
        return [_read_file(place, document.language or default, default, run) for place in places]
    except (BlobError, UnsupportedFile, PlaceError) as error:
        return _Refused(document_errors.unreadable_document_error(str(error)))


def _places(document: NativeDocument, storage: Storage) -> list[Place]:
    if document.source_kind == _BLOB:
        return [document.source]
    names = storage.of_place(document.source).names(document.source)
    found = [document.source.below(name) for name in names if suffix_of(name) in SUFFIXES]
    if not found:
        raise BlobError(f"{document.source.url} has no document. Types: {', '.join(SUFFIXES)}.")
    return found


def _read_file(place: Place, language: str, default: str, run: Run) -> _File:
    text = text_of(place.name, run.storage.of_place(place).read(place))
    if language.lower() == "auto" and text:
        detected = run.detect(text).iso6391_name
        language = default if detected == UNKNOWN_LANGUAGE else detected
    return _File(place, text, language)


def _run_task(
    task: Task,
    documents: Sequence[NativeDocument],
    read: Sequence[list[_File] | _Refused],
    run: Run,
    numbers: _Numbers,
) -> TaskOutcome:
    try:
        return TaskOutcome(
            tuple(
                _outcome(task, document, files, run, numbers)
                for document, files in zip(documents, read, strict=True)
            )
        )
    except MissingEngine as missing:
        _log.error("%s failed: %s", task.kind, missing)
        return TaskOutcome(failure=str(missing))
    except Exception as error:  # noqa: BLE001 - like the service, where a broken model fails its task alone
        _log.exception("%s failed", task.kind)
        return TaskOutcome(failure=f"{type(error).__name__} in the engine of the emulator.")


def _outcome(
    task: Task, document: NativeDocument, files: list[_File] | _Refused, run: Run, numbers: _Numbers
) -> DocumentOutcome:
    language = Language(document.language)
    try:
        if isinstance(files, _Refused):
            raise files
        outputs = [_write(task, document, file, run, numbers.folder(task.kind)) for file in files]
    except _Refused as refused:
        return DocumentOutcome(document.id, 0, language, error=refused.error)
    except (BlobError, PlaceError) as error:
        refusal = document_errors.unreadable_document_error(str(error))
        return DocumentOutcome(document.id, 0, language, error=refusal)
    # Files of a container share what is said of them.
    warnings = {
        (warning["code"], warning["message"]): warning for each in outputs for warning in each.warnings
    }
    fields = {
        "source": {"kind": document.source_kind, "location": document.source.url},
        # The specifications of 2023-11-15-preview and 2026-05-01; samples of the page say "targets".
        "target": [{"kind": _BLOB, "location": place.url} for each in outputs for place in each.places],
        "warnings": list(warnings.values()),
    }
    characters = sum(count_text_elements(file.text) for file in files)
    return DocumentOutcome(document.id, characters, language, fields=serialize(fields))


def _write(task: Task, document: NativeDocument, file: _File, run: Run, folder: str) -> _Output:
    """Write what one task makes of one file."""
    result = _result(task, file, run)
    stem = file.place.name.rpartition(".")[0]
    parts: list[tuple[str, bytes, str]] = []
    warnings = list(result["warnings"])
    if task.parameters.get("excludeExtractionData") is not True:
        content = serialize({"id": document.id, **result})
        parts.append((f"{stem}.result.json", content, "application/json"))
    redacted = result.get("redactedText")
    if redacted is not None:
        suffix = redacted_suffix(file.place.name)
        parts.append((f"{stem}{suffix}", file_of(suffix, redacted), content_type(suffix)))
        warnings += [_LAYOUT_IS_LOST] if suffix == ".docx" else []
    store = run.storage.of_place(document.target)
    places = []
    for name, content, media_type in parts:
        place = document.target.below(f"{run.job_id}/{folder}/{name}")
        store.write(place, content, media_type)
        places.append(place)
    return _Output(places, warnings)


def _result(task: Task, file: _File, run: Run) -> dict[str, Any]:
    """Return the kind's fields of one file."""
    if not file.text:
        raise _Refused(document_errors.empty_document_error())
    try:
        parameters = engine_parameters(task, run.version)
        fields = run.engines[task.kind](file.text, file.language, parameters)
    except UnsupportedLanguage as unsupported:
        raise _Refused(document_errors.unsupported_language_error(unsupported.supported)) from None
    converted = convert_result({"warnings": [], **fields}, file.text, string_index_type(task))
    if task.kind in _WITH_ENTITY_TYPES and task.kind not in run.version.typed_kinds:
        return without_types(converted)
    return converted
